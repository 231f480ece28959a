"""The paper of social grids: a map, how even they are, what does not fit and why, and the staff that is needed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from tulou.kernel.words import Language
from tulou.model.state import State
from tulou.operations.communities.domain.dividing import Size
from tulou.operations.communities.domain.majorities import Basis
from tulou.operations.communities.domain.planning import Plan, SocialGrid, fitting, loads_of
from tulou.operations.communities.domain.staffing import Need, Ratio
from tulou.publish.drawing import maps
from tulou.publish.drawing.frame import Frame
from tulou.publish.drawing.ground import base_map
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element
from tulou.publish.layers import layers_of
from tulou.publish.numbers import NO_NUMBER
from tulou.publish.paper.content import Art, Column, Heading, Pairs, Paper, Part, Sheet, Text
from tulou.publish.words import say

COLOURS: Mapping[str, str] = {"fits": "pass", "below": "to_confirm", "above": "fail"}
VEIL = "0.45"
GRID_LINE, TERRITORY_LINE = 0.9, 1.8
WIDE, NARROW = 16.0, 9.0
TINTS = ("near_pass", "far_pass", "step2", "step1")
"""Tints that tell one grid from the next; colour means nothing else."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """What the paper is made of.

    Args:
        state: The city.
        plan: Its grids.
        measure: What was counted, ``households`` or ``residents``.
        within: Entity of the territories.
        whole: Entity of the compounds; ``none`` where buildings are not split.
        size: How much a grid should hold.
        bases: Where the rules come from.
        ratios: How many people are needed.
        needs: What each territory needs, by its id.
        names: Name of each territory by its id.
        unknown: Places where it is not known how many live.
    """

    state: State
    plan: Plan
    measure: str
    within: str
    whole: str
    size: Size
    bases: Mapping[str, Basis]
    ratios: Mapping[str, Ratio]
    needs: Mapping[str, tuple[Need, ...]]
    names: Mapping[str, str]
    unknown: int


def paper_of(found: Drawing, language: Language) -> Paper:
    """The paper of social grids in one language."""
    profile = found.state.profile
    cover = (
        (say("grids.city", language), profile.name),
        (say("grids.day", language), str(found.state.moment.valid)),
        (say("grids.counted", language), say(f"grids.measure.{found.measure}", language)),
        (say("grids.within", language), say(f"grids.entity.{found.within}", language)),
        (say("grids.whole", language), say(f"grids.entity.{found.whole}", language)),
    )
    frame = Frame.around(tuple(shapely.total_bounds(_shapes(found.plan)).tolist()))
    return Paper(
        language, say("grids.title", language, city=profile.name), synthetic=profile.synthetic, cover=cover,
        parts=tuple(_parts(found, frame, language)), credits=profile.credit,
        base=base_map(frame, layers_of(found.state)), definitions=maps.definitions(frame),
    )  # fmt: skip


def side_of(grid: SocialGrid, size: Size) -> str:
    """Whether a grid fits, holds too little or too much."""
    if size.lack(grid.load) <= 0.0:
        return "fits"
    return "below" if grid.load < size.least else "above"


def _shapes(plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([grid.shape for grid in plan.grids], object)


def _parts(found: Drawing, frame: Frame, language: Language) -> Iterator[Part]:
    plan = found.plan
    is_fit = fitting(plan)
    unit = say(f"grids.unit.{found.measure}", language)
    yield Heading(say("grids.outcome", language), 1)
    yield Text(
        say("grids.lead", language, grids=len(plan.grids), fit=int(is_fit.sum()), least=f"{found.size.least:g}",
            most=f"{found.size.most:g}", unit=unit),
        "lead",
    )  # fmt: skip
    basis = found.bases[found.measure]
    told = say("community.basis", language, source=basis.source.say(language),
               evidence=say(f"evidence.{basis.evidence}", language))  # fmt: skip
    yield Text(say("grids.proposal", language, basis=told), "note")
    yield from _warnings(found, language)
    yield Art((_map(found, frame, language),))
    yield Pairs(tuple(_balance(found, unit, language)))
    yield _odd_ones(found, unit, language)
    yield Heading(say("grids.staff", language), 1)
    for kind, ratio in found.ratios.items():
        words = {"count": f"{ratio.count:g}", "per": f"{ratio.per:,.0f}"}
        source = say("community.basis", language, source=ratio.basis.source.say(language),
                     evidence=say(f"evidence.{ratio.basis.evidence}", language))  # fmt: skip
        yield Text(say(f"grids.ratio.{kind}", language, **words) + f" {source}", "bullet")
    yield Text(say("grids.staff_note", language), "note")
    yield _staff(found, language)
    yield Heading(say("grids.list", language), 1)
    yield _list(found, unit, language)


def _warnings(found: Drawing, language: Language) -> Iterator[Text]:
    plan = found.plan
    crossing = sum(grid.is_crossing for grid in plan.grids)
    told = {"outside": plan.outside, "unknown": found.unknown, "crossing": crossing}
    for name, count in told.items():
        if count:
            yield Text(say(f"grids.{name}", language, count=f"{count:,.0f}"), "missing")
    if plan.empty:
        yield Text(say("grids.empty", language, count=len(plan.empty)), "note")


def _balance(found: Drawing, unit: str, language: Language) -> Iterator[tuple[str, str]]:
    loads = loads_of(found.plan)
    yield say("grids.mean", language), f"{loads.mean():,.0f} {unit}"
    yield say("grids.range", language), f"{loads.min():,.0f} – {loads.max():,.0f} {unit}"
    yield say("grids.spread", language), f"{loads.std() / loads.mean():.1%}"
    if found.plan.proofs:
        best = sum(one.cost <= one.bound + _SAME for one in found.plan.proofs)
        reached = sum(one.searched <= one.bound + _SAME for one in found.plan.proofs)
        words = {"count": len(found.plan.proofs), "best": best, "reached": reached}
        yield say("grids.proved", language), say("grids.proved_text", language, **words)


_SAME = 1e-6


def _map(found: Drawing, frame: Frame, language: Language) -> Picture:
    plan = found.plan
    pieces = []
    for number, grid in enumerate(plan.grids):
        side = side_of(grid, found.size)
        colour = TINTS[number % len(TINTS)] if side == "fits" else COLOURS[side]
        path = frame.path(np.array([grid.shape], object), tolerance=0.3)
        line = {"stroke": "#2b6a99", "stroke_width": f"{GRID_LINE:g}"}
        pieces.append(element("path", d=path, fill_rule="evenodd", fill_opacity=VEIL, **{**fill(colour), **line}))
    kept = {grid.territory for grid in plan.grids}
    rows = found.state.rows(found.within)
    outlines = rows.shapes[np.isin(rows.ids.astype(str), sorted(kept))]
    pieces.append(element("path", d=frame.path(outlines, tolerance=0.3), **stroke("ink", TERRITORY_LINE)))
    sides = {side_of(grid, found.size) for grid in plan.grids}
    legend = [(TINTS[1], say("grids.side.fits", language))] if "fits" in sides else []
    legend += [(COLOURS[side], say(f"grids.side.{side}", language)) for side in ("below", "above") if side in sides]
    legend.append(("ink", say("grids.outline", language, entity=say(f"grids.entity.{found.within}", language))))
    credit = " · ".join([*found.state.profile.credit, say("map.simplified", language)])
    sheet = maps.Sheet(frame, "", "", np.empty((0, 2)), language, credit)
    marks = element("g", "".join(pieces), clip_path="url(#frame)")
    title = say("grids.map", language)
    return maps.marked_map(sheet, "map-grids", marks, legend, title=title, about=title)


def _odd_ones(found: Drawing, unit: str, language: Language) -> Sheet:
    names = ("grid", "territory", "load", "reason")
    kinds = {"load": "number"}
    columns = tuple(_column(name, unit if name in kinds else "", language, is_number=name in kinds) for name in names)
    rows = [
        (
            one.id,
            found.names.get(one.territory, one.territory),
            round(one.load),
            say(f"grids.reason.{one.reason}", language),
        )
        for one in found.plan.grids
        if one.reason != "fits"
    ]
    return Sheet(say("grids.odd", language), columns, rows, say("grids.none_odd", language))


def _list(found: Drawing, unit: str, language: Language) -> Sheet:
    names = ("grid", "territory", "load", "parts", "area", "fits")
    numbers = {"load": unit, "parts": "", "area": "ha"}
    columns = tuple(_column(name, numbers.get(name, ""), language, is_number=name in numbers) for name in names)
    rows = [
        (one.id, found.names.get(one.territory, one.territory), round(one.load), one.parts,
         round(shapely.area(one.shape) / _HECTARE, 2), say(f"grids.side.{side_of(one, found.size)}", language))
        for one in found.plan.grids
    ]  # fmt: skip
    return Sheet(say("grids.list", language), columns, rows)


_HECTARE = 10_000.0


def _staff(found: Drawing, language: Language) -> Sheet:
    columns = [_column("territory", "", language, is_number=False)]
    kinds = tuple(found.ratios)
    columns += [_column(f"{kind}_{part}", "", language, is_number=True) for kind in kinds for part in ("need", "lack")]
    rows: list[list[str | float]] = []
    for name, needs in found.needs.items():
        row: list[str | float] = [found.names.get(name, name)]
        for one in needs:
            row += [_shown(one.needed), _shown(one.lacking) if math.isfinite(one.lacking) else _unknown(language)]
        rows.append(row)
    return Sheet(say("grids.staff", language), tuple(columns), rows)


def _unknown(language: Language) -> str:
    return say("language.unknown", language)


def _shown(value: float) -> float | str:
    return round(value, 1) if math.isfinite(value) else NO_NUMBER


def _column(name: str, unit: str, language: Language, *, is_number: bool) -> Column:
    title = say(f"grids.column.{name}", language)
    return Column(
        f"{title} ({unit})" if unit else title, "number" if is_number else "text", NARROW if is_number else WIDE
    )

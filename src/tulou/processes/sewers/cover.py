"""From public sewers and built land to the land that has no sewer near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.polygons import holders
from tulou.kernel.words import Words
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.unit_places import unit_places

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SEWERS = ("sewage", "combined")
"""Services of pipes that take sewage."""
HECTARE = 1e4
MOST_ROWS = 100
"""Parcels and units told; all count."""
BANDS = (0.0, 25.0, 50.0, 100.0, 200.0, 500.0)
"""Lower bounds of the distances that are told, m."""


@dataclass(frozen=True, eq=False)
class _Land:
    """Built land and how far it lies from a sewer.

    Args:
        ids: Ids of the parcels.
        names: Their names, else their ids.
        area: m².
        places: A point inside of each.
        distance: From the nearest public sewer, m; infinite where there is none.
        people: People in each; NaN when nobody is known anywhere.
        is_served: Near enough.
        is_blank: Surely not: all sewers are known and none is near enough.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    area: Array
    places: Array
    distance: Array
    people: Array
    is_served: Mask
    is_blank: Mask


def cover(run: Run) -> Outcome:
    """Run the process, see ``sewer_cover.PROCESS``."""
    values, state = run.values, run.state
    if state is None:
        raise BadUse("this process runs on a city", where="sewer_cover")
    sewers = _sewers(state)
    land = _land(state, sewers, values["distance"])
    return Outcome(
        answer=(_answer(land, values["distance"]),),
        figures=_figures(land),
        tables=(_units(state, land, values["level"]), _blank(land)),
        plots=(_bars(land),),
        assumptions=_assumptions(values),
        warnings=_warnings(land, sewers),
        facts=(_facts(land),),
    )


def _sewers(state: State) -> Rows:
    rows = state.rows("pipe")
    chosen = (
        rows.where(np.isin(rows.texts("service"), SEWERS) & ~shapely.is_missing(rows.shapes)) if len(rows) else rows
    )
    if not len(chosen):
        raise NotEnoughData("no public sewer is on record", where="pipe", found=len(rows), allowed=SEWERS)
    return chosen


def _knows_all(sewers: Rows) -> bool:
    """Whether a source claims to know every sewer of the city."""
    claimed = sewers.complete
    return "*" in claimed or all(f"service={one}" in claimed for one in SEWERS)


def _land(state: State, sewers: Rows, most: float) -> _Land:
    rows = state.rows("parcel")
    if len(rows):
        rows = rows.where((rows.numbers("built_up") > 0) & (shapely.get_dimensions(rows.shapes) == 2))  # noqa: PLR2004
    if not len(rows):
        raise NotEnoughData("no parcel is on record as built-up land", where="parcel.built_up", found=0)
    _, distance = shapely.STRtree(sewers.shapes).query_nearest(rows.shapes, return_distance=True, all_matches=False)
    served = distance <= most
    names = tuple(name or str(one) for name, one in zip(rows.texts("name"), rows.ids, strict=True))
    return _Land(
        tuple(map(str, rows.ids)),
        names,
        np.asarray(shapely.area(rows.shapes), np.float64),
        rows.places,
        np.asarray(distance, np.float64),
        _people(state, rows),
        served,
        ~served & _knows_all(sewers),
    )


def _people(state: State, parcels: Rows) -> Array:
    cells = state.rows("population")
    count = cells.numbers("residents") if len(cells) else np.zeros(0)
    known = np.isfinite(count)
    if not known.any():
        return np.full(len(parcels), np.nan)
    held = holders(parcels.shapes, cells.places)
    inside = known & (held >= 0)
    return np.bincount(held[inside], weights=count[inside], minlength=len(parcels)).astype(np.float64)


def _answer(land: _Land, most: float) -> Words:
    parts = (slice(None), land.is_served, land.is_blank)
    whole, served, blank = (float(land.area[part].sum()) / HECTARE for part in parts)
    open_ = max(whole - served - blank, 0.0)
    share = 100 * served / whole
    rest = Words(
        f"，{open_:,.1f} 公顷因管网资料不全无法判定",
        f", and of {open_:,.1f} ha nobody can tell: not all sewers are known",
    )
    rest = rest if open_ else Words("", "")
    return Words(
        f"建成用地 {whole:,.1f} 公顷中，{served:,.1f} 公顷（{share:.1f}%）距公共污水管不超过 {most:g} 米，"
        f"{blank:,.1f} 公顷为管网空白区{rest.zh}。",
        f"Of {whole:,.1f} ha of built land {served:,.1f} ha ({share:.1f} %) lie within {most:g} m of a public sewer, "
        f"{blank:,.1f} ha are blank{rest.en}.",
    )


def _figures(land: _Land) -> tuple[Figure, ...]:
    whole = float(land.area.sum())
    served, blank = (100 * float(land.area[chosen].sum()) / whole for chosen in (land.is_served, land.is_blank))
    people = float(np.nansum(land.people[land.is_blank])) if np.isfinite(land.people).any() else float("nan")
    return (
        Figure("served", Words("管网覆盖", "Served"), served, "percent", served, 100 - blank, 1),
        Figure("blank", Words("空白区", "Blank"), blank, "percent", blank, 100 - served, 1),
        Figure("blank_parcels", Words("空白地块", "Blank parcels"), float(land.is_blank.sum()), "1", digits=0),
        Figure("blank_people", Words("空白区人口", "People on blank land"), people, "person", digits=0),
    )


def _units(state: State, land: _Land, level: str) -> Table:
    units = unit_places(state, level, land.places)
    areas = np.column_stack([land.area, land.area * land.is_served, land.area * land.is_blank]) / HECTARE
    people = np.where(land.is_blank, np.nan_to_num(land.people), 0.0)
    sums = units.sums(np.column_stack([areas, people]))
    order = np.lexsort((np.arange(len(sums)), -sums[:, 2]))[:MOST_ROWS]
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("built", Words("建成用地", "Built land"), "ha", 1),
        Column("served", Words("覆盖", "Served"), "ha", 1),
        Column("blank", Words("空白", "Blank"), "ha", 1),
        Column("people", Words("空白区人口", "People on blank land"), "person", 0),
    )
    rows: list[list[Cell]] = [[units.says(row), *sums[row].tolist()] for row in order.tolist() if sums[row, 0] > 0]
    return Table("units", Words("各单元", "By unit"), columns, rows)


def _blank(land: _Land) -> Table:
    columns = (
        Column("parcel", Words("地块", "Parcel")),
        Column("distance", Words("距污水管", "From a sewer"), "m", 0),
        Column("area", Words("面积", "Area"), "ha", 2),
        Column("people", Words("人口", "People"), "person", 0),
    )
    chosen = np.flatnonzero(land.is_blank)
    order = chosen[np.lexsort((chosen, -land.area[chosen]))][:MOST_ROWS]
    rows: list[list[Cell]] = [
        [
            land.names[row],
            float(land.distance[row]),
            float(land.area[row]) / HECTARE,
            None if np.isnan(land.people[row]) else float(land.people[row]),
        ]
        for row in order.tolist()
    ]
    return Table("blank", Words("管网空白地块（大者在前）", "Blank parcels, the largest first"), columns, rows)


def _bars(land: _Land) -> BarPlot:
    bars: list[tuple[str, float]] = []
    for low, high in pairwise([*BANDS, np.inf]):
        chosen = (land.distance >= low) & (land.distance < high)
        said = f"≥ {low:g}" if np.isinf(high) else f"{low:g}–{high:g}"
        bars.append((said, float(land.area[chosen].sum()) / HECTARE))
    title = Words("建成用地按距污水管的距离（米）", "Built land by its distance from a sewer, m")
    return BarPlot("distance", title, Words("公顷", "ha"), tuple(bars))


def _facts(land: _Land) -> Facts:
    sure = (land.is_served | land.is_blank).tolist()
    told = [bool(served) if known else None for served, known in zip(land.is_served, sure, strict=True)]
    return Facts("parcel", pa.table({"id": pa.array(land.ids), "sewer_served": pa.array(told, pa.bool_())}))


def _assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    return (
        Words(
            f"地块边界距公共污水管或合流管不超过 {values['distance']:g} 米视为覆盖（设定，常用 50 至 100 米）；"
            "有管不等于已接入。",
            f"A parcel whose edge lies within {values['distance']:g} m of a sewage or combined sewer counts as served "
            "(a choice; 50 to 100 m are usual). A sewer near by is no connection.",
        ),
    )


def _warnings(land: _Land, sewers: Rows) -> tuple[Words, ...]:
    found: list[Words] = []
    if not _knows_all(sewers):
        found.append(
            Words(
                "没有来源声明掌握全部污水管：远离已知管道的地块不能判为空白区。用 tulou claim 声明。",
                "No source claims to know all sewers: land far from the known ones cannot be called blank. Claim it "
                "with tulou claim.",
            )
        )
    if np.isnan(land.people).all():
        found.append(Words("没有人口数据。", "Nobody is known to live anywhere."))
    return tuple(found)

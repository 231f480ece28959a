"""The paper of a composite score: tiers and intervals first, then how it is made and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from tulou.diagnosis.composite.averages import groups_of, leaves
from tulou.diagnosis.composite.recipe import Composite, Part, Uncertainty
from tulou.diagnosis.composite.score import SCORED, Scored
from tulou.kernel.words import Language
from tulou.publish.composite.chart import Place, interval_charts
from tulou.publish.numbers import number
from tulou.publish.paper.content import Art, Column, Heading, Pairs, Paper, Row, Sheet, Text
from tulou.publish.paper.content import Part as Piece
from tulou.publish.words import say

NUMBERS: Mapping[str, int] = {
    "tier": 0, "score": 1, "low": 1, "high": 1, "rank": 0, "rank_low": 0, "rank_high": 0, "before": 0, "behind": 0,
    "known": 0, "estimated": 0, "weight": 1, "share": 1, "correlation": 2, "known_units": 0, "drawn_in": 0, "parts": 0,
    "units": 0, "alpha": 2, "lowest": 2, "mean_shift": 2, "most_shift": 0, "rank_correlation": 3, "first": 2,
    "total": 2, "new_score": 1, "new_rank": 0,
}  # fmt: skip
"""Columns of numbers, with the decimals pages show."""
WIDE = 24.0
"""Width of a column of names beside one of numbers."""
NARROW = 9.0
SCORES = (
    "tier", "unit", "rank_low", "rank", "rank_high", "score", "low", "high", "before", "behind", "known", "estimated",
)  # fmt: skip
PLAIN = ("unit", "score", "known", "estimated")
"""Columns where there are no intervals: no tier and no rank either."""


@dataclass(frozen=True)
class Origin:
    """What the scores were made of.

    Args:
        place: Name of the city, or of the table.
        check: Id of the check, or name of the table.
        rulebook: Rulebook that asks for it; empty for a table.
        day: Day whose targets held; None when nothing hangs on it.
        synthetic: Whether the city was generated.
        changed: What other weights do, see ``whatif.MOVED``; None when none were asked for.
        weights: The other weights.
        credits: Credit lines of the sources.
    """

    place: str
    check: str
    rulebook: str
    day: date | None
    synthetic: bool
    changed: pa.Table | None
    weights: Mapping[str, float]
    credits: tuple[str, ...] = ()


def composite_paper(scored: Scored, origin: Origin, language: Language) -> Paper:
    """A composite score as a paper.

    Args:
        scored: The scores.
        origin: What they were made of.
        language: Language of the paper.
    """
    composite = scored.composite
    titles = titles_of(composite, language)
    parts: list[Piece] = [
        Heading(say("composite.chapter.result", language), 1),
        Text(lead_of(scored, language), "lead"),
        *([Text(composite.about.say(language), "note")] if composite.about else []),
        Text(say("composite.no_appraisal", language), "note"),
        *(Art((picture,)) for picture in interval_charts(places_of(scored), language)),
        scores_sheet(scored, language),
        Heading(say("composite.chapter.gaps", language), 1),
        Text(policy_of(composite, language)),
        lacking_sheet(scored, titles, language),
        Heading(say("composite.chapter.method", language), 1),
        Pairs(method_of(composite, language)),
        *([groups_sheet(scored, titles, language)] if groups_of(composite.top)[1:] else []),
        Heading(say("composite.chapter.weights", language), 1),
        Text(say("composite.about.share", language), "note"),
        components_sheet(scored, titles, language),
        Text(say("composite.about.coherence", language), "note"),
        coherence_sheet(scored, titles, language),
        Heading(say("composite.chapter.robust", language), 1),
        *_robust(scored, titles, language),
        *_moved(origin, titles, language),
    ]
    title = say("composite.title", language, place=origin.place, name=composite.title.say(language))
    return Paper(language, title, origin.synthetic, _cover(scored, origin, language), tuple(parts), origin.credits)


def _cover(scored: Scored, origin: Origin, language: Language) -> tuple[Row, ...]:
    composite = scored.composite
    count = len(scored.table)
    is_scored = int(np.sum(np.array(scored.table["status"].to_pylist()) == SCORED))
    rows = [
        (say("composite.level", language), say(f"level.{composite.level}", language)),
        (say("composite.units", language), say("composite.scored_of", language, scored=is_scored, units=count)),
        (say("composite.check", language), origin.check),
        (say("composite.rulebook", language), origin.rulebook),
        (say("composite.day", language), origin.day.isoformat() if origin.day else ""),
        (say("composite.weights_from", language), composite.weights_from.say(language)),
        (say("composite.evidence", language), say(f"evidence.{composite.evidence}", language)),
    ]
    return tuple(row for row in rows if row[1])


def titles_of(composite: Composite, language: Language) -> Mapping[str, str]:
    """Titles of groups and components, by name."""
    parts: Iterable[Part] = (*groups_of(composite.top), *leaves(composite.top))
    return {part.name: part.title.say(language) for part in parts}


def lead_of(scored: Scored, language: Language) -> str:
    """The result in a sentence."""
    tiers = [tier for tier in scored.table["tier"].to_pylist() if tier]
    if scored.table["score"].null_count == len(scored.table):
        return say("composite.none_scored", language)
    if not tiers:
        return say("composite.no_order", language)
    name = "composite.lead" if max(tiers) > 1 else "composite.lead_one"
    shift = number(float(np.mean(scored.shift)))
    return say(name, language, scored=len(tiers), tiers=max(tiers), shift=shift)


def policy_of(composite: Composite, language: Language) -> str:
    """What is done with what is not assessed, in a sentence."""
    return say(f"composite.policy.{composite.gaps.policy}", language, least=f"{composite.gaps.at_least:g}")


def method_of(composite: Composite, language: Language) -> tuple[Row, ...]:
    """How the scores are made, as pairs of words."""
    rule = composite.outliers
    outliers = (
        say("composite.outliers_none", language)
        if rule is None
        else say(
            "composite.outliers_rule",
            language,
            skewness=f"{rule.skewness:g}",
            kurtosis=f"{rule.kurtosis:g}",
            most=rule.most,
        )
    )
    averages = dict.fromkeys(say(f"composite.averages.{group.average}", language) for group in groups_of(composite.top))
    return (
        (say("composite.scale", language), say(f"composite.scales.{composite.scale}", language)),
        (say("composite.average", language), say("language.list", language).join(averages)),
        (say("composite.outliers", language), outliers),
        (say("composite.unknown", language), policy_of(composite, language)),
        (say("composite.weights_from", language), composite.weights_from.say(language)),
    )


def places_of(scored: Scored) -> list[Place]:
    """Units with their rank intervals, tier by tier; none when there are no intervals."""
    columns = ("unit_name", "unit", "rank", "rank_low", "rank_high", "tier")
    rows = zip(*(scored.table[name].to_pylist() for name in columns), strict=True)
    found = [Place(name or unit, rank, low, high, tier) for name, unit, rank, low, high, tier in rows if tier]
    return sorted(found, key=lambda place: (place.tier, place.rank, place.name))


def scores_sheet(scored: Scored, language: Language) -> Sheet:
    """Scores of the units: tiers, rank intervals and scores; without an order where there are no intervals."""
    rows = [row for row in scored.table.to_pylist() if row["status"] == SCORED]
    has_tiers = any(row["tier"] for row in rows)
    rows.sort(key=lambda row: (row["tier"] or 0, row["rank"] if has_tiers else 0, row["unit_name"] or row["unit"]))
    held = [row | {"unit": row["unit_name"] or row["unit"]} for row in rows]
    return _sheet("scores", SCORES if has_tiers else PLAIN, held, language)


def lacking_sheet(scored: Scored, titles: Mapping[str, str], language: Language) -> Sheet:
    """Units without a score, and units of which something is unknown, with what that is."""
    rows = [
        {
            "unit": row["unit_name"] or row["unit"],
            "score": row["score"],
            "known": row["known"],
            "lacking": _named(row["lacking"], titles, language),
        }
        for row in scored.table.to_pylist()
        if row["lacking"]
    ]
    found = _sheet("lacking", ("unit", "score", "known", "lacking"), rows, language)
    return replace(found, empty=say("composite.none_lacking", language))


def groups_sheet(scored: Scored, titles: Mapping[str, str], language: Language) -> Sheet:
    """Scores of the groups below the top, one column a group."""
    names = [group.name for group in groups_of(scored.composite.top)[1:]]
    by_unit: dict[str, dict[str, float | None]] = {}
    for row in scored.groups.to_pylist():
        by_unit.setdefault(row["unit"], {})[row["group"]] = row["score"]
    rows = [
        [named or unit, *(by_unit[unit].get(name) for name in names)]
        for unit, named, status in zip(
            *(scored.table[name].to_pylist() for name in ("unit", "unit_name", "status")), strict=True
        )
        if status == SCORED
    ]
    columns = (
        Column(say("composite.column.unit", language), width=WIDE),
        *(Column(titles[name], "number", NARROW, 1) for name in names),
    )
    return Sheet(say("composite.sheet.groups", language), columns, rows)


def components_sheet(scored: Scored, titles: Mapping[str, str], language: Language) -> Sheet:
    """Declared weights beside what each indicator brings to the spread of the scores."""
    rows = [row | {"indicator": titles[row["component"]]} for row in scored.components.to_pylist()]
    columns = ("indicator", "weight", "share", "correlation", "known_units", "drawn_in")
    return _sheet("components", columns, rows, language)


def coherence_sheet(scored: Scored, titles: Mapping[str, str], language: Language) -> Sheet:
    """Whether the indicators of each group measure one thing."""
    rows = [
        row | {"group": titles[row["group"]], "lowest_of": _named(row["lowest_of"], titles, language)}
        for row in scored.coherence.to_pylist()
    ]
    return _sheet("coherence", ("group", "parts", "units", "alpha", "lowest", "lowest_of"), rows, language)


def left_out_sheet(scored: Scored, titles: Mapping[str, str], language: Language) -> Sheet:
    """What leaving out each group or indicator does to the ranks."""
    rows = [row | {"part": titles[row["part"]]} for row in scored.left_out.to_pylist()]
    return _sheet("left_out", ("part", "mean_shift", "most_shift", "rank_correlation"), rows, language)


def sensitivity_sheet(scored: Scored, language: Language) -> Sheet:
    """Where the uncertainty of the ranks comes from."""
    rows = [
        row | {"choice": say(f"composite.choice.{row['choice']}", language)} for row in scored.sensitivity.to_pylist()
    ]
    return _sheet("sensitivity", ("choice", "first", "total"), rows, language)


def moved_sheet(changed: pa.Table, language: Language) -> Sheet:
    """What other weights do to scores and ranks."""
    rows = [
        row
        | {
            "unit": row["unit_name"] or row["unit"],
            "is_inside": ""
            if row["is_inside"] is None
            else say(f"composite.{'yes' if row['is_inside'] else 'no'}", language),
        }
        for row in changed.to_pylist()
        if row["score"] is not None or row["new_score"] is not None
    ]
    return _sheet("moved", ("unit", "score", "new_score", "rank", "new_rank", "is_inside"), rows, language)


def varied_of(uncertainty: Uncertainty, choices: Sequence[str], language: Language) -> str:
    """What was varied, in a sentence."""
    told = say("language.list", language).join(say(f"composite.choice.{name}", language) for name in choices)
    low, high = uncertainty.quantiles
    return say(
        "composite.about.varied", language, draws=uncertainty.draws, choices=told, low=f"{low:g}", high=f"{high:g}"
    )


def weights_text(weights: Mapping[str, float], titles: Mapping[str, str], language: Language) -> str:
    """Other weights in a sentence."""
    told = say("language.list", language).join(f"{titles[name]} = {weight:g}" for name, weight in weights.items())
    return say("composite.about.moved", language, weights=told)


def _robust(scored: Scored, titles: Mapping[str, str], language: Language) -> list[Piece]:
    parts: list[Piece] = []
    uncertainty = scored.composite.uncertainty
    if uncertainty is not None and len(scored.shift):
        parts.append(Text(varied_of(uncertainty, scored.varied, language)))
    if len(scored.sensitivity):
        parts += [Text(say("composite.about.sensitivity", language), "note"), sensitivity_sheet(scored, language)]
    parts += [Text(say("composite.about.left_out", language), "note"), left_out_sheet(scored, titles, language)]
    return parts


def _moved(origin: Origin, titles: Mapping[str, str], language: Language) -> list[Piece]:
    if origin.changed is None:
        return []
    return [
        Heading(say("composite.chapter.whatif", language), 1),
        Text(weights_text(origin.weights, titles, language)),
        moved_sheet(origin.changed, language),
    ]


def _named(names: str | None, titles: Mapping[str, str], language: Language) -> str:
    listed = [name.strip() for name in (names or "").split(",") if name.strip()]
    return say("language.list", language).join(titles.get(name, name) for name in listed)


def _sheet(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]], language: Language) -> Sheet:
    made = tuple(
        Column(say(f"composite.column.{key}", language), "number", NARROW, NUMBERS[key])
        if key in NUMBERS
        else Column(say(f"composite.column.{key}", language), width=WIDE)
        for key in columns
    )
    cells = [[_cell(row[key]) for key in columns] for row in rows]
    return Sheet(say(f"composite.sheet.{name}", language), made, cells)


def _cell(value: object) -> str | float | int | bool | None:
    return value if isinstance(value, (str, float, int, bool)) else None

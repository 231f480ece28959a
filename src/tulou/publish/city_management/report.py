"""The daily and the monthly report of city management: counts, rates with what stands below, groups, recurring places.

A report for the public hides every count below the least that may be shown, and what would give one away; it tells
recurring places of that many cases only. No report holds a word about who reported.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Language, Words
from tulou.measures.statistics.suppression import suppressed, suppressed_list
from tulou.operations.city_management.domain.counting import Rate, RateRule, rates_of
from tulou.operations.city_management.domain.recurrence import Cluster, RecurrenceRule
from tulou.publish.city_management.charts import outcome_bars
from tulou.publish.city_management.maps import definitions_of, ground, recurrence_map
from tulou.publish.drawing.ground import Layers
from tulou.publish.drawing.lines import Curve, line_plot
from tulou.publish.numbers import NO_NUMBER
from tulou.publish.paper.content import Art, Column, Grid, Heading, Paper, Part, Sheet, Text
from tulou.publish.words import say

SHOWN = ("filed", "to_handle", "handled_in_time", "handled_late", "waiting_late", "reworked")
"""Counts that stand in the tables of groups."""
FIRST = (
    "reported", "valid", "refused", "undecided", "on_the_spot", "filed", "to_handle", "handled", "handled_in_time",
    "handled_late", "waiting_late", "extended", "returned", "closed", "reworked", "unclosed", "no_limit",
)  # fmt: skip
"""Counts that stand in the table of all."""
COUNTED = ("number", "cases", "came_back")
PLACE_COLUMNS = (
    ("number", 6.0), ("class", 14.0), ("street", 14.0), ("cell", 18.0), ("cases", 8.0), ("came_back", 9.0),
    ("span", 16.0), ("point", 16.0),
)  # fmt: skip
"""Columns of recurring places, with their widths."""
LEAD_RATES = ("handled", "handled_in_time")
PARTS, WHOLE = ("handled_in_time", "handled_late", "waiting_late"), "to_handle"
WHOLES = {"reported": ("valid", "refused", "undecided"), WHOLE: PARTS}
"""Counts that are the sum of others."""
MOST_BARS = 14
PERCENT = 100.0
FEWEST_DAYS = 2
DAY, MONTH = timedelta(days=1), timedelta(days=31)


@dataclass(frozen=True)
class Recurring:
    """A recurring place as it is told.

    Args:
        cluster: The place.
        title: Name of its class.
        street: Street office; empty where unknown.
        cell: Code of the unit cell; empty where unknown.
        point: Longitude and latitude.
    """

    cluster: Cluster
    title: Words
    street: str
    cell: str
    point: tuple[float, float]


@dataclass(frozen=True, eq=False)
class ReportMaterial:
    """What a report is made of.

    Args:
        city: The city, or the list.
        first: First day of the period.
        last: Its last day.
        counts: Every count of the period.
        rules: The rates.
        groups: Name and counts of each group, by the way cases are grouped.
        days: Reported, filed and closed by day.
        recurring: Recurring places, those with most cases first.
        recurrence: When cases recur.
        bounds: West, south, east, north of the map, metres; None without places.
        layers: What the map is drawn on.
        late: Open cases that are overdue: id, class, body, street, due; none in a report for the public.
        source: Where a list is from; empty for a city's own cases.
        notes: What a reader must know besides.
        is_synthetic: Whether the city was generated.
        is_public: Whether it is for the public.
    """

    city: str
    first: date
    last: date
    counts: Mapping[str, int]
    rules: Sequence[RateRule]
    groups: Mapping[str, Sequence[tuple[Words, Mapping[str, int]]]]
    days: Mapping[str, Sequence[int]]
    recurring: Sequence[Recurring]
    recurrence: RecurrenceRule
    bounds: tuple[float, float, float, float] | None
    layers: Layers
    late: Sequence[tuple[str, Words, Words, str, str]] = ()
    source: str = ""
    notes: Sequence[Words] = field(default=())
    is_synthetic: bool = False
    is_public: bool = False


def report_paper(found: ReportMaterial, language: Language) -> Paper:
    """The report in one language."""
    is_month = found.first.day == 1 and (found.last + DAY).day == 1 and found.last - found.first < MONTH
    kind = "daily" if found.first == found.last else "monthly" if is_month else "period"
    title = say(f"manage.report.{kind}", language, city=found.city)
    span = f"{found.first}" if found.first == found.last else f"{found.first} – {found.last}"
    cover = [(say("manage.report.span", language), span)]
    cover += [(say("manage.report.source", language), found.source)] if found.source else []
    audience = say(f"manage.report.{'public' if found.is_public else 'inner'}", language)
    cover.append((say("manage.report.audience", language), audience))
    parts: list[Part] = [*_answer(found, language), *_groups(found, language)]
    paper = Paper(language, title, found.is_synthetic, tuple(cover), ())
    if found.bounds is not None:
        sheet = ground(found.bounds, found.layers, language)
        shown = _told(found)
        spots = np.array([one.cluster.place for one in shown], np.float64).reshape(-1, 2)
        picture = recurrence_map(
            sheet, spots, [len(one.cluster.cases) for one in shown], title=say("manage.report.map", language)
        )
        parts += [*_recurring(found, language), Art((picture,)), _places(found, language)]
        paper = replace(paper, base=sheet.base, definitions=definitions_of(sheet))
    parts += [*_late(found, language), *_reading(found, language)]
    return replace(paper, parts=tuple(parts))


def shown_counts(found: ReportMaterial, way: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Counts of the groups as they may be told, with their names; NaN where one is hidden.

    For the public they are the three parts of what was due, with their sum: parts of one whole can be hidden so that
    none is worked out; counts that hold one another cannot.
    """
    names = PARTS if found.is_public else SHOWN
    rows = groups_of(found, way)
    table = np.array([[counts[name] for name in names] for _, counts in rows], np.int64).reshape(-1, len(names))
    if not found.is_public:
        return names, table.astype(np.float64)
    safe = suppressed(table, least=found.recurrence.public_least)
    return (*names, WHOLE), np.column_stack([safe.cells, safe.rows])


def groups_of(found: ReportMaterial, way: str) -> list[tuple[Words, Mapping[str, int]]]:
    """Groups of a report, those without a name last; for the public only those of which something was due."""
    rows = [row for row in found.groups[way] if not found.is_public or row[1][WHOLE]]
    return sorted(rows, key=lambda row: not row[0].zh)


def public_counts(counts: Mapping[str, int], least: int) -> dict[str, float]:
    """Counts as the public may be told them: NaN for those below a least count, and for what would give one away."""
    found = {name: float(count) if count >= least else math.nan for name, count in counts.items()}
    for whole, parts in WHOLES.items():
        safe = suppressed_list([counts[name] for name in parts], least=least)
        found |= {name: float(cell) for name, cell in zip(parts, safe.cells, strict=True)}
        found[whole] = safe.total
    return found


def _told(found: ReportMaterial) -> list[Recurring]:
    """Recurring places that may be told."""
    least = found.recurrence.public_least if found.is_public else 1
    return [one for one in found.recurring if len(one.cluster.cases) >= least]


def _answer(found: ReportMaterial, language: Language) -> Iterator[Part]:
    rates = rates_of(found.counts, found.rules)
    by_id = {rate.rule.id: rate for rate in rates}
    least = found.recurrence.public_least if found.is_public else 0
    counts = public_counts(found.counts, least) if least else {name: float(one) for name, one in found.counts.items()}
    hidden = say("manage.report.hidden", language)
    facts = {name: hidden if math.isnan(count) else f"{count:,.0f}" for name, count in counts.items()}
    yield Heading(say("manage.report.answer", language), 1)
    yield Text(say("manage.report.lead", language, **facts), "lead")
    lead = [_rate_words(by_id[name], language, least) for name in LEAD_RATES if name in by_id]
    yield Text(say("language.list", language).join(lead) + say("manage.report.stop", language))
    for note in found.notes:
        yield Text(note.say(language), "note")
    if found.counts["no_limit"]:
        yield Text(say("manage.report.no_limit", language, count=facts["no_limit"]), "missing")
    yield from _course(found, language)
    yield _rates(rates, language, least)
    columns = (
        Column(say("manage.column.what", language), width=20.0),
        Column(say("manage.column.count", language), "number", 8.0, 0),
    )
    rows = [
        (say(f"manage.count.{name}", language), None if math.isnan(counts[name]) else counts[name]) for name in FIRST
    ]
    yield Sheet(say("manage.report.counts", language), columns, rows)


def _course(found: ReportMaterial, language: Language) -> Iterator[Part]:
    """Days side by side; not for the public, whose days may hold few."""
    length = len(found.days.get("reported", ()))
    if length < FEWEST_DAYS or found.is_public:
        return
    along = np.arange(1, length + 1, dtype=np.float64)
    curves = [
        Curve(say(f"manage.count.{name}", language), along, np.array(found.days[name], np.float64))
        for name in ("reported", "filed", "closed")
    ]
    words = (
        say("manage.report.days", language),
        say("manage.report.day", language),
        say("manage.report.cases", language),
    )
    yield Art((line_plot("days", curves, title=words[0], x_title=words[1], y_title=words[2]),))


def _rates(rates: Sequence[Rate], language: Language, least: int) -> Grid:
    heads = ("rate", "value", "interval", "numerator", "denominator")
    hidden = say("manage.report.hidden", language)
    rows = []
    for rate in rates:
        low, high = rate.interval
        cells = _percent(rate.value), _between(low, high), f"{rate.numerator:,}", f"{rate.denominator:,}"
        if not _may_be_told(rate, least):
            cells = hidden, NO_NUMBER, hidden, hidden
        rows.append((rate.rule.title.say(language), *cells))
    head = tuple(say(f"manage.column.{name}", language) for name in heads)
    return Grid(head, tuple(rows), (22.0, 9.0, 16.0, 9.0, 9.0), (1, 2, 3, 4))


def _may_be_told(rate: Rate, least: int) -> bool:
    """Whether neither those that count above nor the rest are fewer than may be told; a rate of nothing may be."""
    return not least or not rate.denominator or min(rate.numerator, rate.denominator - rate.numerator) >= least


def _groups(found: ReportMaterial, language: Language) -> Iterator[Part]:
    for way, rows in found.groups.items():
        yield Heading(say(f"manage.report.by_{way}", language), 1)
        ranked = sorted(rows, key=lambda row: (-row[1]["to_handle"], row[0].en))[:MOST_BARS]
        drawn = [(_name(title, language), counts) for title, counts in ranked if counts["to_handle"]]
        if drawn and not found.is_public:
            title = say(f"manage.report.bars_{way}", language)
            yield Art((outcome_bars(f"outcome-{way}", drawn, title=title, language=language),))
        yield _group_sheet(found, way, language)


def _group_sheet(found: ReportMaterial, way: str, language: Language) -> Sheet:
    names, shown = shown_counts(found, way)
    columns = [Column(say(f"manage.column.{way}", language), width=26.0)]
    columns += [Column(say(f"manage.head.{name}", language), "number", 7.0, 0) for name in names]
    columns.append(Column(say("manage.column.in_time", language), "number", 8.0))
    columns.append(Column(say("manage.column.interval", language), width=14.0))
    rule = next(rule for rule in found.rules if rule.id == "handled_in_time")
    above, below = names.index("handled_in_time"), names.index(WHOLE)
    rows = []
    for (title, _), values in zip(groups_of(found, way), shown, strict=True):
        is_known = not math.isnan(values[above] + values[below])
        rate = Rate(rule, int(values[above]), int(values[below])) if is_known else Rate(rule, 0, 0)
        cells = (*values.tolist(), PERCENT * rate.value)
        told = (None if math.isnan(cell) else cell for cell in cells)
        rows.append((_name(title, language), *told, _between(*rate.interval)))
    name = say(f"manage.report.sheet_{way}", language)
    return Sheet(name, tuple(columns), rows, say("manage.report.nothing", language))


def _recurring(found: ReportMaterial, language: Language) -> Iterator[Part]:
    yield Heading(say("manage.report.recurring", language), 1, breaks=True)
    rule, shown = found.recurrence, _told(found)
    facts = {"window": f"{rule.window:g}", "distance": f"{rule.distance:g}", "least": rule.least}
    yield Text(say("manage.report.about_recurring", language, places=f"{len(shown):,}", **facts))
    hidden = len(found.recurring) - len(shown)
    if hidden:
        yield Text(say("manage.report.few", language, least=rule.public_least), "note")


def _places(found: ReportMaterial, language: Language) -> Sheet:
    columns = tuple(
        Column(say(f"manage.column.{name}", language), "number" if name in COUNTED else "text", width, 0)
        for name, width in PLACE_COLUMNS
    )
    rows = [
        (
            place, one.title.say(language), one.street, one.cell, len(one.cluster.cases), one.cluster.came_back,
            f"{one.cluster.first.date()} – {one.cluster.last.date()}", f"{one.point[0]:.5f}, {one.point[1]:.5f}",
        )
        for place, one in enumerate(_told(found), 1)
    ]  # fmt: skip
    return Sheet(say("manage.report.places", language), columns, rows, say("manage.report.no_places", language), 40)


def _late(found: ReportMaterial, language: Language) -> Iterator[Part]:
    if found.is_public or found.source:
        return
    heads = ("case", "class", "body", "street", "due")
    columns = tuple(Column(say(f"manage.column.{name}", language), width=14.0) for name in heads)
    rows = [
        (name, title.say(language), body.say(language), street, due) for name, title, body, street, due in found.late
    ]
    yield Heading(say("manage.report.late", language), 1)
    yield Sheet(say("manage.report.late_sheet", language), columns, rows, say("manage.report.none_late", language), 40)


def _reading(found: ReportMaterial, language: Language) -> Iterator[Part]:
    yield Heading(say("manage.report.reading", language), 1)
    for name in ("due", "interval", "closing", "persons", "use"):
        yield Text(say(f"manage.report.read_{name}", language), "bullet")
    if found.is_public:
        yield Text(say("manage.report.read_public", language, least=found.recurrence.public_least), "bullet")
    head = tuple(say(f"manage.column.{name}", language) for name in ("rate", "made_of", "from"))
    above, below = "manage.count.{}", "manage.count.{}"
    rows = tuple(
        (
            rule.title.say(language),
            f"{say(above.format(rule.numerator), language)} / {say(below.format(rule.denominator), language)}",
            rule.source,
        )
        for rule in found.rules
    )
    yield Grid(head, rows, (16.0, 22.0, 22.0))


def _rate_words(rate: Rate, language: Language, least: int) -> str:
    title = rate.rule.title.say(language)
    if not _may_be_told(rate, least):
        return f"{title} {say('manage.report.hidden', language)}"
    low, high = rate.interval
    inside = f"{rate.numerator:,}/{rate.denominator:,}"
    inside += f", {_between(low, high)}" if not math.isnan(low) else ""
    return f"{title} {_percent(rate.value)} ({inside})"


def _between(low: float, high: float) -> str:
    return NO_NUMBER if math.isnan(low) else f"{_percent(low)} – {_percent(high)}"


def _percent(value: float) -> str:
    return NO_NUMBER if math.isnan(value) else f"{PERCENT * value:.1f}%"


def _name(title: Words, language: Language) -> str:
    return title.say(language) or say("manage.report.unplaced", language)

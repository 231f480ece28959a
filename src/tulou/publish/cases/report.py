"""The daily and the monthly paper of cases: received, ended, in time, overdue, by body and by class.

The paper for the public holds counts only. Small ones are hidden with all that would give them away: every case is in
one cell of a table, tables are hidden with their sums, and where the sums of two tables would tell on each other, the
table of bodies is left out. No paper holds a word about who reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.periods import INSTANT, Period
from tulou.kernel.words import Language
from tulou.measures.statistics.intervals import wilson_interval
from tulou.measures.statistics.suppression import SafeTable, suppressed, suppressed_list
from tulou.operations.cases.domain.counting import OUTCOMES, Counted
from tulou.operations.cases.domain.deadlines import Deadline
from tulou.operations.cases.domain.limits import HOURS
from tulou.publish.city_management.charts import outcome_bars
from tulou.publish.paper.content import Art, Column, Grid, Heading, Paper, Part, Sheet, Text
from tulou.publish.words import say

PERCENT = 100.0
HIDDEN = "*"
MOST_BARS = 14
CHAPTERS = ("all", "groups", "overdue", "pauses", "reading")
PUBLIC_CHAPTERS = ("all", "groups", "reading")
READING = ("denominator", "late", "untold", "order")
OVERDUE_COLUMNS = (
    ("case", 9.0),
    ("body", 14.0),
    ("class", 12.0),
    ("about", 26.0),
    ("state", 10.0),
    ("due", 15.0),
    ("late", 8.0),
)
PAUSE_COLUMNS = (("case", 9.0), ("body", 14.0), ("from", 14.0), ("until", 14.0), ("reason", 34.0))
PUBLIC = ("ended_in_time", "ended_late", "open_overdue", "other")
"""Outcomes as the public is told them; the rest is one, so that fewer counts are small."""
IN_TIME, LATE = 0, 1
"""Places of what ended in time and late, in both."""
DRAWN = {"handled_in_time": "ended_in_time", "handled_late": "ended_late", "waiting_late": "open_overdue"}
"""Outcomes that are drawn, by the part of the bar they stand for."""
OVERDUE_AT = {len(names): names.index("open_overdue") for names in (OUTCOMES, PUBLIC)}
ENDED = 3
"""The first so many outcomes are those of cases that ended."""

Counts = NDArray[np.int64]
Key = Callable[[Counted], str]


@dataclass(frozen=True)
class CaseMaterial:
    """What a paper of cases is made of.

    Args:
        city: Name of the city.
        is_synthetic: Whether it was generated.
        period: The period.
        local_time: The city's clock.
        cases: Cases that were in hand.
        least: Least count that may be shown; 0 for a paper of the city's own.
        digest: Digest of the newest event, as people note it.
    """

    city: str
    is_synthetic: bool
    period: Period
    local_time: timezone
    cases: Sequence[Counted]
    least: int
    digest: str

    @property
    def is_public(self) -> bool:
        """Whether small counts are hidden."""
        return self.least > 0

    @property
    def is_day(self) -> bool:
        """Whether it speaks of one day."""
        return self.period.end - self.period.start <= timedelta(days=1)


def report_paper(found: CaseMaterial, language: Language) -> Paper:
    """The paper in one language."""
    made: list[Part] = []
    parts: Mapping[str, Callable[[CaseMaterial, Language], Iterator[Part]]] = {
        "all": _all, "groups": _groups, "overdue": _overdue, "pauses": _pauses, "reading": _reading,
    }  # fmt: skip
    for place, name in enumerate(PUBLIC_CHAPTERS if found.is_public else CHAPTERS, 1):
        made.append(Heading(f"{place}  {say(f'case.chapter.{name}', language)}", 1))
        made += parts[name](found, language)
    kind = ("day" if found.is_day else "month") + ("_public" if found.is_public else "")
    title = say(f"case.title.{kind}", language, city=found.city)
    return Paper(language, title, found.is_synthetic, tuple(_cover(found, language)), tuple(made))


def _cover(found: CaseMaterial, language: Language) -> Iterator[tuple[str, str]]:
    first, last = (
        found.period.start.astimezone(found.local_time),
        found.period.last.astimezone(found.local_time),
    )
    days = f"{first:%Y-%m-%d}"
    if first.date() != last.date():
        days = say("language.range", language, low=days, high=f"{last:%Y-%m-%d}")
    yield say("case.cover.period", language), days
    yield say("case.cover.record", language), found.digest or say("language.unknown", language)


def _all(found: CaseMaterial, language: Language) -> Iterator[Part]:
    by_class = _array(_table(found, _class(language)))
    safe = _safe(by_class, found)
    received = sum(one.is_received for one in found.cases)
    opened = [float(received), float(len(found.cases) - received)]
    if found.is_public:
        cells = suppressed_list([int(one) for one in opened], least=found.least).cells
        opened = [math.nan if math.isnan(safe.total) else float(one) for one in cells]
    yield Text(_lead(safe, opened, language), "lead")
    if found.cases and not found.is_public:
        table = _table(found, lambda one: one.flow.title.say(language))
        yield _grid(list(table), _array(table), found, language, say("case.head.flow", language))
        yield Text(say("case.calls", language, calls=f"{sum(one.calls for one in found.cases):,}"))


def _lead(safe: SafeTable, opened: Sequence[float], language: Language) -> str:
    whole = safe.columns
    facts = {
        "received": _number(opened[0]),
        "carried": _number(opened[1]),
        "total": _number(safe.total),
        "ended": _number(float(whole[: LATE + 1 if len(whole) == len(PUBLIC) else ENDED].sum())),
        "overdue": _number(float(whole[OVERDUE_AT[len(whole)]])),
        "share": _share(whole[IN_TIME], whole[LATE], language),
    }
    return say("case.lead", language, **facts)


def _groups(found: CaseMaterial, language: Language) -> Iterator[Part]:
    if not found.cases:
        yield Text(say("case.none.cases", language))
        return
    by_class, by_body = _table(found, _class(language)), _table(found, _body(language))
    if not found.is_public:
        ordered = sorted(by_body.items(), key=lambda row: -int(row[1].sum()))[:MOST_BARS]
        rows = [(name, {key: int(row[OUTCOMES.index(one)]) for key, one in DRAWN.items()}) for name, row in ordered]
        title = say("case.chart", language)
        yield Art((outcome_bars("cases-outcomes", rows, title=title, language=language),))
    yield Heading(say("case.head.by_class", language), 2)
    yield _grid(list(by_class), _array(by_class), found, language, say("case.head.class", language))
    yield Heading(say("case.head.by_body", language), 2)
    if found.is_public and not _may_stand_together(_array(by_class), _array(by_body), found.least):
        yield Text(say("case.none.together", language), "note")
        return
    yield _grid(list(by_body), _array(by_body), found, language, say("case.head.body", language))


def _may_stand_together(one: Counts, other: Counts, least: int) -> bool:
    """Whether neither of two tables of the same cases shows a sum that the other must hide."""
    safe = [suppressed(_merged(counts), least=least) for counts in (one, other)]
    return not any(np.isnan(table.columns).any() or math.isnan(table.total) for table in safe)


def _grid(names: Sequence[str], counts: Counts, found: CaseMaterial, language: Language, first: str) -> Grid:
    safe = _safe(counts, found)
    names_of = PUBLIC if found.is_public else OUTCOMES
    rows = [
        (name, *map(_number, safe.cells[place]), _number(safe.rows[place]),
         _share(safe.cells[place, IN_TIME], safe.cells[place, LATE], language))
        for place, name in enumerate(names)
    ]  # fmt: skip
    share = _share(safe.columns[IN_TIME], safe.columns[LATE], language)
    rows.append((say("case.head.total", language), *map(_number, safe.columns), _number(safe.total), share))
    heads = (say(f"case.outcome.{name}", language) for name in names_of)
    head = (first, *heads, say("case.head.in_hand", language), say("case.head.share", language))
    widths = (16.0, *(8.0 for _ in names_of), 8.0, 24.0)
    return Grid(head, tuple(rows), widths, tuple(range(1, len(names_of) + 2)))


def _merged(counts: Counts) -> Counts:
    """Counts by the outcomes that the public is told."""
    kept = [OUTCOMES.index(name) for name in OUTCOMES if name in PUBLIC]
    rest = counts.sum(axis=1, keepdims=True) - counts[:, kept].sum(axis=1, keepdims=True)
    return np.hstack([counts[:, kept], rest])


def _safe(counts: Counts, found: CaseMaterial) -> SafeTable:
    if found.is_public and len(counts):
        return suppressed(_merged(counts), least=found.least)
    cells = counts.astype(np.float64)
    return SafeTable(cells, cells.sum(axis=1), cells.sum(axis=0), float(cells.sum()))


def _overdue(found: CaseMaterial, language: Language) -> Iterator[Part]:
    rows = [_overdue_row(one, found, language) for one in found.cases if one.outcome == "open_overdue"]
    rows.sort(key=lambda row: -row[-1])
    columns = tuple(
        Column(say(f"case.column.{name}", language), "number" if name == "late" else "text", width)
        for name, width in OVERDUE_COLUMNS
    )
    yield Sheet(say("case.sheet.overdue", language), columns, rows, say("case.none.overdue", language))


def _overdue_row(one: Counted, found: CaseMaterial, language: Language) -> tuple[str, str, str, str, str, str, float]:
    late = [item for item in one.standing.overdue if item.reached is None and item.due is not None]
    first = min(late, key=lambda item: item.due or found.period.end)
    days = (found.period.end - (first.due or found.period.end)) / timedelta(days=1)
    state = one.flow.states[one.case.state].title.say(language)
    kind, body = _class(language)(one), _body(language)(one)
    return one.case.id, body, kind, one.case.title, state, _due(first, found.local_time), round(days, 1)


def _due(item: Deadline, local_time: timezone) -> str:
    if item.due is None:
        return ""
    if item.limit.unit in HOURS:
        return f"{item.due.astimezone(local_time):%Y-%m-%d %H:%M}"
    return f"{(item.due - INSTANT).astimezone(local_time):%Y-%m-%d} 24:00"


def _pauses(found: CaseMaterial, language: Language) -> Iterator[Part]:
    rows = [
        (one.case.id, _body(language)(one), _moment(pause.start, found.local_time),
         _moment(pause.end, found.local_time) if pause.end else say("case.lasts", language), pause.reason)
        for one in found.cases
        for pause in one.pauses(found.period)
    ]  # fmt: skip
    columns = tuple(Column(say(f"case.column.{name}", language), "text", width) for name, width in PAUSE_COLUMNS)
    yield Sheet(say("case.sheet.pauses", language), columns, rows, say("case.none.pauses", language))


def _reading(found: CaseMaterial, language: Language) -> Iterator[Part]:
    for name in READING:
        yield Text(say(f"case.reading.{name}", language), "bullet")
    if found.is_public:
        yield Text(say("case.reading.public", language, least=found.least, hidden=HIDDEN), "bullet")


def _table(found: CaseMaterial, key: Key) -> dict[str, Counts]:
    table: dict[str, Counts] = {}
    for one in found.cases:
        row = table.setdefault(key(one), np.zeros(len(OUTCOMES), np.int64))
        row[OUTCOMES.index(one.outcome)] += 1
    return dict(sorted(table.items()))


def _array(table: Mapping[str, Counts]) -> Counts:
    return np.array(list(table.values()), np.int64).reshape(-1, len(OUTCOMES))


def _class(language: Language) -> Key:
    def told(one: Counted) -> str:
        kind = one.flow.classes.get(one.case.case_class)
        return kind.title.say(language) if kind else one.case.case_class or say("case.none.class", language)

    return told


def _body(language: Language) -> Key:
    def told(one: Counted) -> str:
        body = one.flow.bodies.get(one.case.body)
        return body.title.say(language) if body else one.case.body or say("case.none.body", language)

    return told


def _share(in_time: float, late: float, language: Language) -> str:
    """A share with what is above and below, and its interval; hidden where a count of it is."""
    whole = in_time + late
    if math.isnan(whole):
        return HIDDEN
    if not whole:
        return "—"
    low, high = (float(one[0]) for one in wilson_interval(np.array([float(in_time)]), np.array([float(whole)])))
    facts = {
        "share": f"{PERCENT * in_time / whole:.1f}",
        "above": f"{int(in_time):,}",
        "below": f"{int(whole):,}",
        "low": f"{PERCENT * low:.1f}",
        "high": f"{PERCENT * high:.1f}",
    }
    return say("case.share", language, **facts)


def _number(value: float) -> str:
    return HIDDEN if math.isnan(value) else f"{int(value):,}"


def _moment(moment: datetime, local_time: timezone) -> str:
    return f"{moment.astimezone(local_time):%Y-%m-%d %H:%M}"

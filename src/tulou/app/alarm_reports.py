"""Writing the report of a day or a month of alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timezone
from pathlib import Path

import numpy as np

from tulou.app.alarm_cases import AlarmCases
from tulou.app.alarm_lines import local
from tulou.app.alarms import Alarmwork
from tulou.app.wiring import look_at
from tulou.kernel.periods import Period
from tulou.kernel.words import Language, Words
from tulou.operations.alarms.domain.grading import Alarm
from tulou.operations.alarms.domain.rules import LEVELS, milliseconds
from tulou.operations.cases.domain.case import Case
from tulou.publish.alarms.report import MOST_COURSES, AlarmMaterial, AlarmRow, Course, assemble
from tulou.publish.paper.write import write_papers

FOLDER = "reports"
HOUR, DAY = 3_600_000, 86_400_000
MINUTE = 60_000
PIECES = 288
"""Windows of a course of readings."""
REAL, FALSE = ("closed", "verified"), ("false_alarm",)


def write_report(
    work: Alarmwork,
    cases: AlarmCases,
    known: Mapping[str, Case],
    period: Period,
    formats: Sequence[str],
    languages: Sequence[Language],
    *,
    local_time: timezone,
    folder: Path | None = None,
) -> list[Path]:
    """Write the report of a day or of a month.

    Returns:
        The files written.
    """
    span = milliseconds(period.start), milliseconds(period.end)
    told = material_of(work, cases, known, span, period.name, local_time)
    papers = {one: assemble(told, one) for one in languages}
    return write_papers(papers, f"alarms-{period.name}", folder or work.folder / FOLDER, formats)


def material_of(
    work: Alarmwork,
    cases: AlarmCases,
    known: Mapping[str, Case],
    span: tuple[int, int],
    asked: str,
    local_time: timezone,
) -> AlarmMaterial:
    """All that a report is made of."""
    start, end = span
    raised = [one for one in work.alarms if start <= one.raised < end]
    profile = look_at(work.city).profile
    closed = [known[one.id] for one in raised if one.id in known]
    grades = Counter(work.rules.of(one.rule.partition("+")[0])[-1].evidence for one in raised)
    return AlarmMaterial(
        city=profile.name,
        span=asked,
        synthetic=profile.synthetic,
        rows=tuple(_row(work, cases, one, known.get(one.id), local_time) for one in raised),
        standing=sum(one.raised < end and (one.ended is None or one.ended >= end) for one in work.alarms),
        bars=_bars(raised, start, end),
        bar_title=Words("每小时", "hour") if end - start <= DAY else Words("每日", "day"),
        courses=_courses(work, raised, span),
        take_up=tuple(_minutes(cases, known[one.id], one) for one in raised if _is_taken(known.get(one.id))),
        real=sum(one.state in REAL for one in closed),
        false=sum(one.state in FALSE for one in closed),
        sensors=len(work.sensors),
        heard=sum(_is_heard(work, one.id, span) for one in work.sensors),
        days=(end - start) / DAY,
        grades=tuple(sorted(grades.items())),
    )


def _row(work: Alarmwork, cases: AlarmCases, one: Alarm, case: Case | None, local_time: timezone) -> AlarmRow:
    standing = cases.casework.standing(case.id, cases.casework.clock()) if case else None
    return AlarmRow(
        one.id,
        one.gravest,
        local(one.raised, local_time),
        local(one.ended, local_time) if one.ended else "",
        work.rules.of(one.rule.partition("+")[0])[-1].title,
        one.system,
        one.asset or one.sensor,
        one.risk,
        one.is_confirmed,
        case.id if case else "",
        standing[1].states[case.state].title if case and standing else Words("未立案", "no case"),
        bool(standing and standing[0].is_overdue),
        one.is_silence,
    )


def _bars(raised: Sequence[Alarm], start: int, end: int) -> tuple[tuple[str, float], ...]:
    width = HOUR if end - start <= DAY else DAY
    counts = Counter((one.raised - start) // width for one in raised)
    first = 0 if width == HOUR else 1
    return tuple((f"{place + first}", float(counts[place])) for place in range((end - start) // width))


def _courses(work: Alarmwork, raised: Sequence[Alarm], span: tuple[int, int]) -> tuple[Course, ...]:
    """Readings of the gravest alarms, one a sensor."""
    gravest = sorted(
        (one for one in raised if not one.is_silence), key=lambda one: (-LEVELS.index(one.gravest), one.raised)
    )
    chosen = {one.sensor: one for one in reversed(gravest)}
    found = []
    for one in sorted(chosen.values(), key=gravest.index)[:MOST_COURSES]:
        rule = work.rules.of(one.rule)[-1]
        width = max((span[1] - span[0]) // PIECES, MINUTE)
        read = work.store.windows(one.sensor.partition(":")[0], *span, width)
        marks = (
            () if rule.drift else tuple((level, it.on) for level, it in rule.thresholds.items() if it.on is not None)
        )
        title = Words(f"{rule.title.zh}：{one.asset or one.sensor}", f"{rule.title.en}: {one.asset or one.sensor}")
        hours: np.ndarray = (read.start - span[0]) / HOUR
        found.append(Course(title, rule.unit, hours, read.mean, marks))
    return tuple(found)


def _is_heard(work: Alarmwork, sensor: str, span: tuple[int, int]) -> bool:
    return sensor in work.store.names.listed and len(work.store.series(sensor, *span)[0]) > 0


def _is_taken(case: Case | None) -> bool:
    return case is not None and "take_up" in case.done


def _minutes(cases: AlarmCases, case: Case, alarm: Alarm) -> float:
    """Minutes from raising to taking up."""
    first = next(one for one in cases.casework.store.events(case.id) if one.move == "take_up")
    return (milliseconds(first.happened) - alarm.raised) / MINUTE

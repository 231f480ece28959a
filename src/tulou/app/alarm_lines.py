"""Alarms, rules and series as lines on a screen and as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone
from typing import Any

from tulou.app.alarms import Alarmwork, moment_of
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.alarms.domain.grading import Alarm, plain
from tulou.operations.alarms.domain.rules import Rule, Threshold
from tulou.operations.alarms.domain.series import Windows
from tulou.operations.cases.domain.case import Case

SPANS = ((86_400_000, Words("天", "d")), (3_600_000, Words("小时", "h")), (60_000, Words("分", "min")))
"""Lengths of time, the longest first, ms."""
KINDS: Mapping[str, Words] = {
    "raised": Words("报警", "raised"),
    "upgraded": Words("升级", "upgraded"),
    "downgraded": Words("降级", "downgraded"),
    "cleared": Words("恢复", "cleared"),
    "linked": Words("联动恢复", "cleared with another"),
    "silent": Words("无数据", "silent"),
    "heard": Words("恢复数据", "heard again"),
    "superseded": Words("规则更替", "rule superseded"),
    "confirmed": Words("已印证", "confirmed"),
}
SIGNS = {"above": "≥", "below": "≤"}
YES = Words("是", "yes")
NO = Words("否", "no")
UNKNOWN = Words("未知", "unknown")


def rule_lines(rules: Sequence[Rule], spoken: Language) -> list[str]:
    """All rules with their levels and sources."""
    lines: list[str] = []
    for rule in rules:
        since = moment_of(rule.starts).astimezone(timezone(timedelta(hours=8))).date()
        head = f"{rule.id}  {rule.title.say(spoken)}  {rule.system}/{rule.quantity} ({rule.unit})"
        lines.append(head + Words(f"  自 {since}", f"  from {since}").say(spoken))
        for level, one in reversed(list(rule.thresholds.items())):
            grade = one.evidence
            lines.append(f"  {level:<3} {_threshold(one, rule, spoken)}  [{grade}] {one.source}")
        if rule.silence_level:
            told = span_words(rule.silence, spoken)
            lines.append(
                Words(
                    f"  {rule.silence_level:<3} 无数据超过 {told}",
                    f"  {rule.silence_level:<3} silent for more than {told}",
                ).say(spoken)
            )
    return lines


def _threshold(one: Threshold, rule: Rule, spoken: Language) -> str:
    parts = []
    if one.on is not None:
        sign = "≥" if rule.drift else SIGNS[rule.side]
        left = Words(f"恢复 {one.off:g}", f"left at {one.off:g}").say(spoken)
        parts.append(f"{sign} {one.on:g} ({left})")
    if one.rise is not None:
        span = span_words(rule.span, spoken)
        up = rule.side == "above"
        zh, en = f"{span}内{'升' if up else '降'} {one.rise:g}", f"{'up' if up else 'down'} {one.rise:g} in {span}"
        parts.append(Words(zh, en).say(spoken))
    for length, words in ((one.hold, Words("持续", "for")), (one.ease, Words("恢复须持续", "calm for"))):
        if length:
            parts.append(f"{words.say(spoken)} {span_words(length, spoken)}")
    return ", ".join(parts)


def span_words(span: int, spoken: Language) -> str:
    """A length of time in words."""
    for size, words in SPANS:
        if span >= size and span % size == 0:
            return f"{span // size} {words.say(spoken)}"
    return f"{span / 1000:g} s"


def list_lines(alarms: Sequence[Alarm], cases: Mapping[str, Case], local_time: timezone, spoken: Language) -> list[str]:
    """Alarms as a table."""
    if not alarms:
        return [Words("没有符合条件的报警", "no such alarms").say(spoken)]
    words = ("级别", "报警时间", "恢复时间", "监测对象", "案件", "报警编号")
    english = ("Level", "Raised", "Ended", "At", "Case", "Alarm")
    head = words if spoken == "zh" else english
    rows = []
    for one in alarms:
        case = cases.get(one.id)
        rows.append(
            [
                one.level or f"({one.gravest})",
                local(one.raised, local_time),
                local(one.ended, local_time) if one.ended else "–",
                one.asset or one.sensor,
                f"{case.id} {case.state}" if case else "–",
                one.id,
            ]
        )
    return [table(head, rows)]


def show_lines(work: Alarmwork, alarm: Alarm, case: Case | None, local_time: timezone, spoken: Language) -> list[str]:
    """One alarm with all its changes."""
    rule = work.rules.of(alarm.rule.partition("+")[0])[-1]
    facts = (
        (Words("规则", "Rule"), f"{alarm.rule}  {rule.title.say(spoken)}"),
        (Words("传感器", "Sensor"), alarm.sensor),
        (Words("监测对象", "Asset"), alarm.asset or UNKNOWN.say(spoken)),
        (Words("登记风险", "Registered risk"), alarm.risk or "–"),
        (Words("邻近人群", "Many people near"), _flag(alarm.is_crowded, spoken)),
        (Words("其他规则印证", "Confirmed by another rule"), _flag(alarm.is_confirmed, spoken)),
        (Words("案件", "Case"), f"{case.id} {case.state}" if case else "–"),
    )
    lines = [alarm.id, *(f"  {words.say(spoken)}: {said}" for words, said in facts)]
    for one in alarm.changes:
        value = "" if one.value is None else f"  {one.value:g} {rule.unit}"
        lines.append(f"  {local(one.time, local_time)}  {KINDS[one.kind].say(spoken)}  {one.level or '–'}{value}")
    return lines


def _flag(value: bool | None, spoken: Language) -> str:  # noqa: FBT001  (one value of three)
    return UNKNOWN.say(spoken) if value is None else (YES if value else NO).say(spoken)


def series_lines(found: Windows, local_time: timezone, spoken: Language) -> list[str]:
    """Windows of a series as a table; a gap stays a gap."""
    head = ("起始", "读数", "最小", "平均", "最大") if spoken == "zh" else ("From", "Readings", "Min", "Mean", "Max")
    columns = zip(found.start.tolist(), found.count.tolist(), found.least, found.mean, found.largest, strict=True)
    rows = [
        [local(start, local_time), str(count), *(_shown(float(one)) for one in rest)] for start, count, *rest in columns
    ]
    return [table(head, rows)]


def series_data(found: Windows) -> list[dict[str, Any]]:
    """Windows as plain data; null where there is no reading."""
    columns = zip(found.start.tolist(), found.count.tolist(), found.least, found.mean, found.largest, strict=True)
    return [
        {
            "from": moment_of(start).isoformat(),
            "count": count,
            **{name: _none(float(one)) for name, one in zip(("min", "mean", "max"), rest, strict=True)},
        }
        for start, count, *rest in columns
    ]


def alarm_data(alarm: Alarm, case: Case | None) -> dict[str, Any]:
    """An alarm as plain data."""
    own = plain(alarm)
    changes = [[moment_of(one.time).isoformat(), one.kind, one.level, one.value] for one in alarm.changes]
    return {
        **own,
        "changes": changes,
        "level": alarm.level,
        "gravest": alarm.gravest,
        "case": case.id if case else None,
    }


def local(time: int, local_time: timezone) -> str:
    """A time on the city's clock."""
    return moment_of(time).astimezone(local_time).strftime("%Y-%m-%d %H:%M:%S")


def _shown(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.4g}"


def _none(value: float) -> float | None:
    return None if math.isnan(value) else value

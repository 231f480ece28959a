"""What is told of an alarm over HTTP: its rule with the limits, asset and registered risk, duty, case and its clock."""

from __future__ import annotations

from typing import Any

from tulou.app.alarm_cases import INTAKE, RISKS, register_of
from tulou.app.alarm_lines import KINDS, alarm_data
from tulou.app.alarms import Alarmwork, moment_of
from tulou.app.api.case_answers import clock
from tulou.app.api.checks import bare, plain
from tulou.app.casework import Casework
from tulou.kernel.words import Language, Words
from tulou.operations.alarms.domain.grading import Alarm
from tulou.operations.alarms.domain.roster import on_duty
from tulou.operations.alarms.domain.rules import LEVELS, Rule, Sensor, milliseconds
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.cases.handlers.acting import case_of

FLOW = "lifeline_alarm"
SILENT = Words("（无数据）", ", silent")


def flow_now(cases: Casework) -> Flow:
    """The flow of alarms as it holds now."""
    return cases.flows.on(FLOW, cases.clock().date())


def alarm_told(work: Alarmwork, cases: Casework, alarm: Alarm, language: Language) -> dict[str, Any]:
    """An alarm with what a list shows of it: rule and asset in words, who is on duty, where its case stands."""
    rule = rule_of(work, alarm)
    told = rule.thresholds.get(alarm.gravest)
    silence = SILENT.say(language) if alarm.is_silence else ""
    found: dict[str, Any] = plain(alarm_data(alarm, None))
    found["case"], found["case_clock"] = None, None
    names = cases.store.about(alarm.id)
    if names:
        found |= _case_told(cases, names[-1], language)
    return found | {
        "standing": alarm.is_standing,
        "raised": moment_of(alarm.raised).isoformat(),
        "ended": moment_of(alarm.ended).isoformat() if alarm.ended is not None else None,
        "title": rule.title.say(language) + silence,
        "unit": "" if alarm.is_silence else rule.unit,
        "evidence": rule.evidence if alarm.is_silence or not told else told.evidence,
        "duty": duty_told(work, cases, alarm.system, language),
    }


def whole_alarm(work: Alarmwork, cases: Casework, alarm: Alarm, language: Language) -> dict[str, Any]:
    """An alarm with all that is known: changes in words, its rule with limits and grades, what the register says."""
    history = [
        {
            "time": moment_of(one.time).isoformat(),
            "kind": one.kind,
            "title": KINDS[one.kind].say(language),
            "level": one.level,
            "value": one.value,
        }
        for one in alarm.changes
    ]
    register = register_of(work, alarm.asset)
    return alarm_told(work, cases, alarm, language) | {
        "history": history,
        "limits": rule_told(rule_of(work, alarm), language),
        "register": {key: register.get(key) for key in ("owner", *RISKS)} if register else None,
        "opened_by": INTAKE,
    }


def rule_of(work: Alarmwork, alarm: Alarm) -> Rule:
    """The version of the rule of an alarm that held when it was raised."""
    versions = work.rules.of(alarm.rule.partition("+")[0])
    held = [one for one in versions if one.starts <= alarm.raised and (one.ends is None or alarm.raised < one.ends)]
    return (held or list(versions))[-1]


def rules_now(work: Alarmwork, cases: Casework, sensor: Sensor, language: Language) -> list[dict[str, Any]]:
    """Rules that judge a sensor now, with their limits."""
    moment = milliseconds(cases.clock())
    return [
        rule_told(one, language)
        for one in work.rules.watching(sensor)
        if one.starts <= moment and (one.ends is None or moment < one.ends)
    ]


def rule_told(rule: Rule, language: Language) -> dict[str, Any]:
    """A rule: each level with what reaches and leaves it, how long, where that comes from and how good it is."""
    levels = [
        {"level": level, **{key: bare(value) for key, value in vars(rule.thresholds[level]).items()}}
        for level in reversed(LEVELS)
        if level in rule.thresholds
    ]
    return {
        "rule": rule.id,
        "title": rule.title.say(language),
        "unit": rule.unit,
        "side": rule.side,
        "statistic": rule.statistic,
        "span": rule.span,
        "silence": rule.silence,
        "levels": levels,
        "confirmed_by": list(rule.confirmed_by),
        "source": rule.source,
        "evidence": rule.evidence,
    }


def duty_told(work: Alarmwork, cases: Casework, system: str, language: Language) -> dict[str, str] | None:
    """Who is on duty for a lifeline now."""
    duty = on_duty(work.rosters, system, cases.clock(), Clockwork(cases.calendar, flow_now(cases).duty))
    return {"body": duty.body, "office": duty.office.say(language)} if duty else None


def _case_told(cases: Casework, name: str, language: Language) -> dict[str, Any]:
    case, flow = case_of(cases.store, name)
    standing, _, _ = cases.standing(name, cases.clock())
    body = flow.bodies.get(case.body)
    return {
        "case": name,
        "case_state": flow.states[case.state].title.say(language),
        "case_body": body.title.say(language) if body else "",
        "case_ended": case.ended is not None,
        "case_clock": clock(cases, standing, "state"),
    }

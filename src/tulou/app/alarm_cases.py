"""Alarms as cases: a body on duty, a time limit by level, and an end that the rule and a verifier agree on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tulou.app.alarms import Alarmwork, moment_of
from tulou.app.casework import Casework, open_casework
from tulou.app.machines import MachineDesk, machine_desk, without_hands
from tulou.kernel.words import Words
from tulou.operations.alarms.domain.grading import Alarm
from tulou.operations.alarms.domain.roster import Duty, on_duty
from tulou.operations.alarms.domain.rules import LEVELS, Level
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.cases.handlers import acting
from tulou.operations.cases.handlers.acting import Act, Subject

FLOW = "lifeline_alarm"
INTAKE = "alarm_intake"
"""Machine that opens and escalates cases of alarms, see ``trust/roles.yaml``."""
CLASSES: dict[Level, str] = {"I": "level_1", "II": "level_2", "III": "level_3"}
"""Class of a case by the level of its alarm."""

RISKS = ("coupled_danger", "inspection_overdue", "register_complete")
"""What the register of lifelines says of the pipe an alarm is at."""


@dataclass(eq=False)
class AlarmCases:
    """Cases of alarms.

    Args:
        alarms: The alarms.
        casework: The cases of the city, to read.
        desk: The cases as the intake may touch them: open, escalate, nothing else.
        register: What the register of lifelines says of each asset.
    """

    alarms: Alarmwork
    casework: Casework
    desk: MachineDesk
    register: dict[str, dict[str, Any]]

    def of(self, alarm: Alarm) -> Case | None:
        """The newest case of an alarm; None when it has none."""
        names = self.casework.store.about(alarm.id)
        return acting.case_of(self.casework.store, names[-1])[0] if names else None

    def duty(self, system: str, moment: datetime) -> Duty | None:
        """Who is on duty for a lifeline at a moment."""
        flow = self.casework.flows.on(FLOW, moment.date())
        return on_duty(self.alarms.rosters, system, moment, Clockwork(self.casework.calendar, flow.duty))

    def take(self, changed: Iterable[Alarm]) -> list[Event]:
        """Open a case for each alarm that has none yet, and escalate those whose alarm has become graver.

        An alarm that has ended before anybody knew of it gets its case too: somebody goes and looks.
        """
        made: list[Event] = []
        for alarm in changed:
            case = self.of(alarm)
            if case is None:
                made.append(self._open(alarm))
            elif case.ended is None and self._is_graver(alarm, case) and case.state in {"raised", "pushed", "handling"}:
                made.append(self._escalate(alarm, case))
        return made

    def finding(self, alarm: Alarm) -> dict[str, Any]:
        """What a case keeps of its alarm: level, reading, asset, registered risk and what the register says of it."""
        first = alarm.changes[0]
        return {
            "finding": alarm.id,
            "alarm": alarm.id,
            "indicator": alarm.rule,
            "sensor": alarm.sensor,
            "system": alarm.system,
            "level": alarm.gravest,
            "asset": alarm.asset,
            "risk": alarm.risk,
            "crowded": alarm.is_crowded,
            "confirmed": alarm.is_confirmed,
            "register": self.register.get(alarm.asset, {}),
            "raised": moment_of(alarm.raised).isoformat(),
            "value": first.value,
            "rules": self.alarms.watch.engine.digest,
        }

    def title(self, alarm: Alarm) -> Words:
        """What a case is about, in words."""
        rule = self.alarms.rules.of(alarm.rule.partition("+")[0])[-1].title
        silence = Words("（无数据）", ", silent") if alarm.is_silence else Words("", "")
        where = alarm.asset or alarm.sensor
        return Words(f"{rule.zh}{silence.zh}：{where}", f"{rule.en}{silence.en}: {where}")

    def _open(self, alarm: Alarm) -> Event:
        moment = min(moment_of(alarm.raised), self.casework.clock())
        duty = self.duty(alarm.system, moment)
        title = self.title(alarm)
        subject = Subject(
            f"{title.zh} | {title.en}",
            CLASSES[alarm.gravest],
            alarm.asset,
            self.finding(alarm),
            duty.body if duty else "",
        )
        flow = self.casework.flows.on(FLOW, moment.date())
        return self.desk.open(flow, subject, Act(INTAKE, moment))

    def _is_graver(self, alarm: Alarm, case: Case) -> bool:
        """Whether the alarm has a graver level than the case was opened or last escalated for."""
        events = self.casework.store.events(case.id)
        done = [str(one.facts.get("reason", "")) for one in events if one.move == "escalate"]
        told = done[-1].split(" ")[0] if done else str(case.finding["level"])
        return LEVELS.index(alarm.gravest) > LEVELS.index(told)

    def _escalate(self, alarm: Alarm, case: Case) -> Event:
        level = alarm.gravest
        graver = next(one for one in reversed(alarm.changes) if one.level == level)
        moment = max(min(moment_of(graver.time), self.casework.clock()), case.last)
        _, flow = acting.case_of(self.casework.store, case.id)
        limit = flow.classes[CLASSES[level]].limits["raised"]
        value = "" if graver.value is None else f" {graver.value:g}"
        facts = {"reason": f"{level} {graver.kind}{value}", "limit": vars(limit)}
        return self.desk.do(case.id, "escalate", Act(INTAKE, moment, "", facts))


def open_cases(alarms: Alarmwork) -> AlarmCases:
    """Open the cases of a city's alarms.

    Raises:
        BadInput: When a flow or the calendar cannot be read.
    """
    work = open_casework(alarms.city, alarms.names, clock=alarms.clock)
    return AlarmCases(
        alarms,
        without_hands(work),
        machine_desk(work, INTAKE),
        _register(alarms, {one.asset for one in alarms.sensors}),
    )


def register_of(alarms: Alarmwork, asset: str) -> dict[str, Any]:
    """What the register of lifelines says of a pipe; empty for what it does not know."""
    return _register(alarms, {asset}).get(asset, {})


def _register(alarms: Alarmwork, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """What the register of lifelines says of each pipe that is wanted."""
    from tulou.app.wiring import last_day, open_city

    city = open_city(alarms.city)
    if not city.log():
        return {}
    pipes = city.state(valid=last_day(city)).rows("pipe")
    columns = {key: pipes.numbers(key) for key in RISKS}
    owners = pipes.texts("owner")
    return {
        f"pipe/{name}": {
            "owner": owners[place] or "",
            **{key: None if column[place] != column[place] else bool(column[place]) for key, column in columns.items()},
        }
        for place, name in enumerate(pipes.ids)
        if f"pipe/{name}" in wanted
    }


def by_alarm(cases: Sequence[Case]) -> dict[str, Case]:
    """Cases by the alarm they are about."""
    return {str(one.finding["alarm"]): one for one in cases if one.finding and one.finding.get("alarm")}

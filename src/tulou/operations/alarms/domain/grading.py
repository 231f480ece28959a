"""From what happens at single rules to alarms: confirmed by others, graded by where they are, with every change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tulou.operations.alarms.domain.engine import Happening, Kind
from tulou.operations.alarms.domain.rules import LEVELS, Level, Rule, RuleSet, Sensor

CONFIRMED = "confirmed"
"""A change that another rule at the same asset made."""
SILENCE = "+silence"
SECOND = 1000


@dataclass(frozen=True)
class Change:
    """A change of an alarm.

    Args:
        time: When, ms.
        kind: What happened; ``confirmed`` when another rule made it.
        level: Level from then on; None for its end.
        value: Reading that made it; None when none did.
    """

    time: int
    kind: Kind | str
    level: Level | None
    value: float | None


@dataclass
class Alarm:
    """An alarm from its beginning to its end.

    Args:
        id: Its id: rule, sensor and moment.
        rule: Its rule.
        sensor: Its sensor.
        system: Lifeline.
        asset: Asset it is at; empty when unknown.
        risk: Registered risk; empty for none.
        is_crowded: Whether many people are near; None when unknown.
        is_confirmed: Whether another rule confirms it; None where nothing could.
        changes: What happened to it, the raising first.
        told: Level of its rule, before grading.
    """

    id: str
    rule: str
    sensor: str
    system: str
    asset: str
    risk: str
    is_crowded: bool | None
    is_confirmed: bool | None
    changes: list[Change] = field(default_factory=list)
    told: Level | None = None

    @property
    def raised(self) -> int:
        """When it was raised, ms."""
        return self.changes[0].time

    @property
    def ended(self) -> int | None:
        """When it ended, ms; None while it stands."""
        last = self.changes[-1]
        return last.time if last.level is None else None

    @property
    def level(self) -> Level | None:
        """Its level now; None once it has ended."""
        return self.changes[-1].level

    @property
    def gravest(self) -> Level:
        """The gravest level it had."""
        return max((one.level for one in self.changes if one.level), key=LEVELS.index)

    @property
    def is_silence(self) -> bool:
        """Whether it is about a sensor that says nothing."""
        return self.rule.endswith(SILENCE)

    @property
    def is_standing(self) -> bool:
        """Whether it has not ended."""
        return self.level is not None


class Grader:
    """Follows what happens at single rules, in order, and keeps the alarms it makes.

    Args:
        rules: The rules.
        sensors: Sensors of the city, those that are worked out included.
        alarms: Alarms there are already.
    """

    def __init__(self, rules: RuleSet, sensors: Sequence[Sensor], alarms: Iterable[Alarm] = ()) -> None:
        self.alarms: dict[str, Alarm] = {one.id: one for one in alarms}
        self._sensors = {one.id: one for one in sensors}
        self._rules = {one.id: one for one in rules.rules}
        self._standing = {(one.rule, one.sensor): one for one in self.alarms.values() if one.is_standing}
        self._watched = {(rule.id, one.asset) for one in sensors if one.asset for rule in rules.watching(one)}

    def feed(self, happenings: Iterable[Happening]) -> list[Alarm]:
        """Take what happened; the alarms it changed, each once, in order."""
        touched: dict[str, Alarm] = {}
        for one in happenings:
            for alarm in self._take(one):
                touched[alarm.id] = alarm
        return list(touched.values())

    def _take(self, one: Happening) -> list[Alarm]:
        rule, sensor = self._rules[one.rule], self._sensors[one.sensor]
        key = (one.rule + SILENCE if one.is_silence else one.rule, one.sensor)
        alarm = self._standing.get(key)
        if alarm is None:
            if one.after is None:
                return []
            alarm = self._open(key, one, rule, sensor)
        alarm.told = one.after
        level = one.after if one.is_silence else self._graded(alarm, rule)
        value = None if one.value != one.value else one.value
        is_same = bool(alarm.changes) and level == alarm.level
        if not is_same:
            alarm.changes.append(Change(one.time, one.kind if alarm.changes else "raised", level, value))
        if level is None:
            del self._standing[key]
        return ([] if is_same else [alarm]) + (
            self._confirm(alarm, one.time) if one.after and not one.is_silence else []
        )

    def _open(self, key: tuple[str, str], one: Happening, rule: Rule, sensor: Sensor) -> Alarm:
        stamp = datetime.fromtimestamp(one.time / SECOND, UTC).strftime("%Y%m%dT%H%M%S")
        part = one.time % SECOND
        name = f"{key[0]}/{sensor.id}/{stamp}" + (f".{part:03d}" if part else "")
        confirmed = None if one.is_silence else self._is_confirmed(rule, sensor.asset)
        alarm = Alarm(name, key[0], sensor.id, sensor.system, sensor.asset, sensor.risk, sensor.is_crowded, confirmed)
        self.alarms[name] = self._standing[key] = alarm
        return alarm

    def _is_confirmed(self, rule: Rule, asset: str) -> bool | None:
        """Whether a rule that confirms this one stands at the asset; None where no sensor could say so."""
        if not any((name, asset) in self._watched for name in rule.confirmed_by):
            return None
        return any(
            (name, other.id) in self._standing
            for name in rule.confirmed_by
            for other in self._sensors.values()
            if other.asset == asset
        )

    def _graded(self, alarm: Alarm, rule: Rule) -> Level | None:
        level = alarm.told
        if level is None:
            return None
        if alarm.is_confirmed is False:
            return min(level, rule.unconfirmed, key=LEVELS.index)
        return rule.crowded.get(level, level) if alarm.is_crowded else level

    def _confirm(self, by: Alarm, time: int) -> list[Alarm]:
        """Alarms at the asset that this one confirms, once for good."""
        found = []
        for alarm in list(self._standing.values()):
            rule = self._rules.get(alarm.rule)
            is_met = rule is not None and by.rule in rule.confirmed_by and alarm.asset == by.asset != ""
            if rule is None or not is_met or alarm.is_confirmed is not False:
                continue
            alarm.is_confirmed = True
            level = self._graded(alarm, rule)
            if level != alarm.level:
                alarm.changes.append(Change(time, CONFIRMED, level, None))
            found.append(alarm)
        return found


def plain(alarm: Alarm) -> dict[str, Any]:
    """An alarm as plain data."""
    return {**vars(alarm), "changes": [[one.time, one.kind, one.level, one.value] for one in alarm.changes]}


def alarm_of(row: Mapping[str, Any]) -> Alarm:
    """An alarm from plain data."""
    return Alarm(**{**row, "changes": [Change(*one) for one in row["changes"]]})

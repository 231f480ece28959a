"""Rules of alarms: which reading raises an alarm of which level, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

Level = Literal["III", "II", "I"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Levels of alarms, the least first: three is common notice, one is the gravest."""

Side = Literal["above", "below"]
SIDES: tuple[Side, ...] = get_args(Side)
Statistic = Literal["value", "drift"]
STATISTICS: tuple[Statistic, ...] = get_args(Statistic)
"""What is compared with the thresholds: the reading itself, or how far readings have drifted from those of training."""

Summary = Literal["mean", "min", "max"]
SUMMARIES: tuple[Summary, ...] = get_args(Summary)


@dataclass(frozen=True)
class Threshold:
    """When a rule is at one level.

    Args:
        on: Value at or past which the level is reached; None when only a rise reaches it.
        off: Value short of which it is left again; it lies on the calm side of ``on``.
        hold: How long the value must be past ``on`` without a break, ms.
        ease: How long it must be short of ``off`` without a break, ms.
        rise: Rise within the span of the rule at or past which the level is reached; None for none.
        rise_off: Rise short of which it is left again.
        source: Where the numbers come from.
        evidence: How good that is.
    """

    on: float | None = None
    off: float | None = None
    hold: int = 0
    ease: int = 0
    rise: float | None = None
    rise_off: float | None = None
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Drift:
    """How a drift is told: a cumulative sum of standard scores, ``S = max(0, S + z − k)``, as in ``cumulative_sum``.

    Args:
        training: Readings that make mean and standard deviation.
        slack: k, in standard deviations.
        most: Largest sum kept, so that it falls again after a repair.
    """

    training: int
    slack: float
    most: float


@dataclass(frozen=True)
class Rule:
    """One version of a rule.

    Args:
        id: Its id.
        title: What it watches for.
        system: Lifeline it is about.
        quantity: What its sensors measure.
        unit: Unit of its thresholds.
        side: Which side of a threshold is bad.
        statistic: What is compared with the thresholds.
        thresholds: By level; a graver level has a farther threshold.
        span: Time within which a rise is looked for, ms; 0 where no level asks for one.
        drift: How a drift is told; None for readings themselves.
        silence: How long a sensor may say nothing, ms; also the longest gap over which a condition is taken to hold.
        silence_level: Level of the alarm of silence; None for no such alarm.
        starts: From when it holds, ms.
        ends: Until when, excluded, ms; None for until further notice.
        clears: Rules whose alarms at the same asset end with an alarm of this one.
        stays_up: Whether an alarm keeps its highest level until it ends.
        confirmed_by: Rules one of which must have an alarm at the same asset; empty for none.
        unconfirmed: Level above which an alarm does not go while it is not confirmed.
        crowded: Level that takes the place of another where many people are near.
        source: Where the rule comes from.
        evidence: How good that is.
    """

    id: str
    title: Words
    system: str
    quantity: str
    unit: str
    side: Side
    thresholds: Mapping[Level, Threshold]
    silence: int
    statistic: Statistic = "value"
    span: int = 0
    drift: Drift | None = None
    silence_level: Level | None = None
    starts: int = 0
    ends: int | None = None
    clears: tuple[str, ...] = ()
    stays_up: bool = False
    confirmed_by: tuple[str, ...] = ()
    unconfirmed: Level = "III"
    crowded: Mapping[Level, Level] = field(default_factory=dict)
    source: str = ""
    evidence: str = ""

    def __post_init__(self) -> None:
        if not self.thresholds:
            raise BadInput("a rule has at least one level", where=self.id, allowed=LEVELS)
        if self.silence <= 0:
            raise BadInput("a rule says how long a sensor may be silent", where=self.id, found=self.silence)
        if (self.statistic == "drift") != (self.drift is not None):
            raise BadInput("a drift needs its training, slack and most, and nothing else does", where=self.id)
        for name, one in self.thresholds.items():
            self._check(name, one)
        self._must_grow()

    @property
    def sign(self) -> int:
        """1 where high readings are bad, −1 where low ones are."""
        return 1 if self.side == "above" else -1

    @property
    def toward(self) -> int:
        """1 where high values of what is compared are bad, −1 where low ones are: a drift is told to the bad side."""
        return 1 if self.drift else self.sign

    def _check(self, level: Level, one: Threshold) -> None:
        where = f"{self.id}: {level}"
        if one.on is None and one.rise is None:
            raise BadInput("a level has a value or a rise that reaches it", where=where)
        if (one.on is None) != (one.off is None) or (one.rise is None) != (one.rise_off is None):
            raise BadInput("a level that is reached by a value or a rise is left by one too", where=where)
        if one.on is not None and one.off is not None and self.toward * one.off > self.toward * one.on:
            raise BadInput("a level is left on the calm side of where it is reached", where=where, found=one.off)
        if one.rise is not None and not (one.rise_off is not None and one.rise >= one.rise_off and one.rise > 0):
            raise BadInput(
                "a rise is above zero, and left at or below where it is reached", where=where, found=one.rise
            )
        if one.rise is not None and self.span <= 0:
            raise BadInput(
                "a rise needs the time within which it is looked for", where=where, allowed=("within: 10 min",)
            )
        if one.hold < 0 or one.ease < 0:
            raise BadInput("a duration is not below zero", where=where, found=min(one.hold, one.ease))

    def _must_grow(self) -> None:
        for key in ("on", "off", "rise", "rise_off"):
            found = [getattr(self.thresholds[level], key) for level in LEVELS if level in self.thresholds]
            toward = self.toward if key in {"on", "off"} else 1
            told = [toward * one for one in found if one is not None]
            if told != sorted(told):
                raise BadInput("a graver level has a farther threshold", where=f"{self.id}: {key}", found=found)


@dataclass(frozen=True)
class Signal:
    """A sensor that is worked out from another: a summary of it over a part of each period, such as of each night.

    Args:
        id: What is added to the sensor's id.
        title: What it is.
        system: Lifeline it is about.
        quantity: What the sensor measures.
        gives: Quantity of the signal.
        summary: Mean, least or largest.
        period: How often, ms.
        phase: When the first window begins, ms since 1970 UTC.
        length: How long each window is, ms.
        fewest: Readings a window needs; with fewer the signal is unknown.
        weekdays: Windows of each seven that count, from 0; all when empty. Of nights these are days of the week.
        shift: Which of the seven the first window is: the weekday of its night, 0 for Monday.
        source: Where it comes from.
        evidence: How good that is.
    """

    id: str
    title: Words
    system: str
    quantity: str
    gives: str
    summary: Summary
    period: int
    phase: int
    length: int
    fewest: int
    weekdays: tuple[int, ...] = ()
    shift: int = 0
    source: str = ""
    evidence: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.length <= self.period or self.fewest < 1:
            raise BadInput(
                "a window is longer than nothing, at most its period, and needs a reading",
                where=self.id,
                found=self.length,
                allowed=(f"up to {self.period}",),
            )


@dataclass(frozen=True)
class Sensor:
    """A sensor of a lifeline.

    Args:
        id: Its id, as in the readings.
        system: Lifeline it watches.
        quantity: What it measures.
        unit: Unit of its readings.
        asset: Asset it watches, as ``kind/id``; empty when unknown.
        risk: Registered risk it watches; empty for none.
        low: Least reading that can be.
        high: Largest reading that can be.
        is_crowded: Whether many people are near its asset; None when unknown.
        title: Its name.
    """

    id: str
    system: str
    quantity: str
    unit: str
    asset: str = ""
    risk: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    is_crowded: bool | None = None
    title: str = ""


@dataclass(frozen=True)
class Maintenance:
    """A time in which readings of sensors are no evidence.

    Args:
        target: Sensor or asset.
        starts: From when, ms.
        ends: Until when, excluded, ms.
        reason: Why.
        by: Body that says so.
        declared: When it was said, ms; nothing is suppressed that was received before.
    """

    target: str
    starts: int
    ends: int
    reason: str = ""
    by: str = ""
    declared: int = 0

    @property
    def effective(self) -> int:
        """From when it counts."""
        return max(self.starts, self.declared)


@dataclass(frozen=True)
class RuleSet:
    """All rules and signals.

    Args:
        rules: Versions of rules, those of one id following one another in time.
        signals: Sensors that are worked out.
        ahead: How far the clock of a sensor may be ahead of ours, ms.
    """

    rules: tuple[Rule, ...]
    signals: tuple[Signal, ...] = ()
    ahead: int = 0

    def of(self, name: str) -> tuple[Rule, ...]:
        """Versions of a rule.

        Raises:
            BadUse: When there is none of that id.
        """
        found = tuple(one for one in self.rules if one.id == name)
        if not found:
            raise BadUse(
                "there is no such rule", where="--rule", found=name, allowed=sorted({one.id for one in self.rules})
            )
        return found

    def watching(self, sensor: Sensor) -> tuple[Rule, ...]:
        """Versions of rules that judge a sensor."""
        return tuple(one for one in self.rules if (one.system, one.quantity) == (sensor.system, sensor.quantity))

    def unit_faults(self, sensors: Sequence[Sensor]) -> list[tuple[str, str, str]]:
        """Sensors whose readings are in another unit than the thresholds: sensor, its unit, that of the rule."""
        return [
            (one.id, one.unit, rule.unit) for one in sensors for rule in self.watching(one) if rule.unit != one.unit
        ]


def milliseconds(moment: datetime) -> int:
    """A moment as milliseconds since 1970 UTC, as readings have it."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1000 + moment.microsecond // 1000

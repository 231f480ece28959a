"""The engine: rules set out for the sensors of a city, fed with frames of readings, answering with what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.identity import digest_text
from tulou.operations.alarms.domain import kernels
from tulou.operations.alarms.domain.rules import LEVELS, SUMMARIES, Level, Maintenance, Rule, RuleSet, Sensor, Signal

Kind = Literal["raised", "upgraded", "downgraded", "cleared", "linked", "silent", "heard", "superseded"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What happens to an alarm, in the order of the numbers of the kernels."""

Fate = Literal["good", "missing", "implausible", "duplicate", "late", "ahead", "maintained", "unknown"]
FATES: tuple[Fate, ...] = get_args(Fate)
"""What became of a reading, in the order of the numbers of the kernels."""

FIRST_EVENTS = 4096
FIRST_RING = 16
TICK = 1000
"""Silences are looked for when the second of receipt changes, ms."""

EVENTS_A_RULE = 5
"""Most a reading can make of one rule: a silence and its end, a change, the end of a version."""


@dataclass(frozen=True)
class Happening:
    """Something that happened to an alarm.

    Args:
        time: When, ms.
        sensor: Its sensor.
        rule: Its rule.
        kind: What happened.
        before: Level before; None for no alarm.
        after: Level after; None for no alarm.
        value: Reading that made it; NaN for a silence.
    """

    time: int
    sensor: str
    rule: str
    kind: Kind
    before: Level | None
    after: Level | None
    value: float

    @property
    def is_silence(self) -> bool:
        """Whether it is about a silence, not about a value."""
        return self.kind in {"silent", "heard"}


@dataclass(frozen=True, eq=False)
class Frame:
    """Readings that were received together.

    Args:
        received: When, ms.
        sensor: Number of each sensor in the store, shape (rows,).
        time: When each was measured, ms.
        value: What was measured; NaN for unknown.
    """

    received: int
    sensor: NDArray[np.int32]
    time: NDArray[np.int64]
    value: NDArray[np.float64]


class Engine:
    """Rules over a stream, with all that they remember.

    Args:
        rules: The rules.
        sensors: Sensors of the city; readings of others are counted and not judged.
        maintenance: Times in which readings are no evidence.
    """

    def __init__(self, rules: RuleSet, sensors: Sequence[Sensor], maintenance: Sequence[Maintenance] = ()) -> None:
        self.rules, self.sensors = rules, tuple(sensors)
        every = [*self.sensors, *(made for one in self.sensors for _, made in _signals(rules, one))]
        self.every: tuple[Sensor, ...] = tuple(every)
        self.position = {one.id: place for place, one in enumerate(self.every)}
        self.watched: list[tuple[Sensor, Rule]] = []
        self._sensors = np.zeros(len(every), kernels.SENSOR)
        self._signals = self._set_signals()
        self._slots = self._set_slots()
        self._links = self._set_links()
        self._set_bounds()
        self._pauses = self._set_pauses(maintenance)
        looking = int((self._slots["span"] > 0).sum())
        self._rings = np.zeros((looking, FIRST_RING), kernels.RING)
        self._events = np.zeros(max(FIRST_EVENTS, 2 * int(self._sensors["most"].max(initial=1))), kernels.EVENT)
        self.counts: NDArray[np.int64] = np.zeros((len(every) + 1, len(FATES)), np.int64)
        self._lookup: NDArray[np.int32] = np.zeros(0, np.int32)
        self.ticked = kernels.NEVER

    @property
    def digest(self) -> str:
        """Tells rules and sensors of one engine from those of another."""
        return digest_text(repr((self.rules, self.sensors)))

    def learn(self, names: Sequence[str]) -> None:
        """Learn which sensor stands behind each number of the store."""
        found = [self.position.get(name, -1) for name in names]
        self._lookup = np.array(found, np.int32) if found else np.zeros(0, np.int32)

    def maintain(self, maintenance: Sequence[Maintenance]) -> None:
        """Take other times of maintenance; what is remembered stays."""
        self._pauses = self._set_pauses(maintenance)

    def feed(self, frame: Frame) -> list[Happening]:
        """Judge readings in their order, then look for silences at the moment of receipt."""
        found: list[Happening] = []
        rows = (self._where(frame.sensor), frame.time, frame.value, frame.received)
        start = 0
        while True:
            start, used, why = kernels.judge_rows(
                rows, self._tables, self._rings, self._events, self.counts, start, self.rules.ahead
            )
            found += self._read(used)
            if why == kernels.DONE:
                break
            if why == kernels.NO_RING:
                self._lengthen()
        if frame.received // TICK > self.ticked // TICK:
            found += self.tick(frame.received)
        return found

    def tick(self, moment: int) -> list[Happening]:
        """Tell of sensors that have been silent for too long at a moment, ms."""
        self.ticked = max(moment, self.ticked)
        found: list[Happening] = []
        start = 0
        while start < len(self.every):
            start, used = kernels.silences(moment, self._tables, self._events, start)
            found += self._read(used)
        return found

    def state(self) -> dict[str, NDArray[Any]]:
        """All that is remembered, as arrays."""
        return {
            "sensors": self._sensors, "slots": self._slots, "signals": self._signals, "counts": self.counts,
            "rings": self._rings, "ticked": np.array([self.ticked]),
        }  # fmt: skip

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was remembered by an engine of the same digest."""
        pauses = self._sensors[["first_pause", "end_pause"]].copy()
        self._sensors, self._slots = state["sensors"].copy(), state["slots"].copy()
        self._signals, self.counts = state["signals"].copy(), state["counts"].copy()
        self._sensors["first_pause"], self._sensors["end_pause"] = pauses["first_pause"], pauses["end_pause"]
        self._rings = state["rings"].copy()
        self._be_alert()
        self.ticked = int(state["ticked"][0])

    def fits(self, state: Mapping[str, NDArray[Any]]) -> bool:
        """Whether what was remembered has the shape this engine remembers by: it may be of an earlier one."""
        own = self.state()
        return own.keys() <= state.keys() and all(own[name].dtype == state[name].dtype for name in own)

    def standing(self) -> list[tuple[Sensor, Rule, Level, bool]]:
        """Alarms that stand: sensor, rule, level, whether it is one of silence."""
        found: list[tuple[Sensor, Rule, Level, bool]] = []
        for place in np.flatnonzero((self._slots["shown"] > 0) | (self._slots["is_silent"] > 0)):
            (sensor, rule), one = self.watched[place], self._slots[place]
            if one["shown"] > 0:
                found.append((sensor, rule, LEVELS[one["shown"] - 1], False))
            if one["is_silent"]:
                found.append((sensor, rule, LEVELS[one["silence_level"] - 1], True))
        return found

    def _be_alert(self) -> None:
        """Judge the next reading of every sensor in full, since what is calm may have changed."""
        self._sensors["calm_low"], self._sensors["calm_high"] = np.inf, -np.inf

    @property
    def _tables(self) -> kernels.Tables:
        return self._sensors, self._slots, self._links, self._signals, self._pauses

    def _where(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        if not len(self._lookup):
            return np.full(len(numbers), -1, np.int32)
        if len(numbers) and int(numbers.max()) >= len(self._lookup):
            return np.where(numbers < len(self._lookup), self._lookup.take(numbers, mode="clip"), np.int32(-1))
        return self._lookup.take(numbers)

    def _read(self, used: int) -> list[Happening]:
        if not used:
            return []
        return [self._happening(one) for one in self._events[:used].tolist()]

    def _happening(self, one: tuple[Any, ...]) -> Happening:
        time, value, slot, kind, before, after = one
        sensor, rule = self.watched[slot]
        return Happening(time, sensor.id, rule.id, KINDS[kind], _level(before), _level(after), value)

    def _lengthen(self) -> None:
        """Give rings twice the room; each begins at its head again."""
        room = self._rings.shape[1]
        longer = np.zeros((len(self._rings), 2 * room), kernels.RING)
        for one in self._slots[self._slots["span"] > 0]:
            turned = (int(one["head"]) + np.arange(room)) % room
            longer[one["ring"], :room] = self._rings[one["ring"], turned]
        self._slots["head"] = 0
        self._rings = longer

    def _set_signals(self) -> NDArray[np.void]:
        rows: list[NDArray[np.void]] = []
        for place, sensor in enumerate(self.every):
            one = self._sensors[place]
            one["low"], one["high"], one["first_signal"] = sensor.low, sensor.high, len(rows)
            one["last"] = one["known"] = kernels.NEVER
            if place < len(self.sensors):
                rows += [_signal_row(signal, self.position[made.id]) for signal, made in _signals(self.rules, sensor)]
            one["end_signal"] = len(rows)
        return np.array(rows, kernels.SIGNAL) if rows else np.zeros(0, kernels.SIGNAL)

    def _set_slots(self) -> NDArray[np.void]:
        rows: list[NDArray[np.void]] = []
        ring = 0
        for place, sensor in enumerate(self.every):
            self._sensors[place]["first"] = len(rows)
            for rule in sorted(self.rules.watching(sensor), key=lambda one: (one.id, one.starts)):
                row = _slot_row(rule)
                if rule.span:
                    row["ring"], ring = ring, ring + 1
                rows.append(row)
                self.watched.append((sensor, rule))
            self._sensors[place]["end"] = len(rows)
        return np.array(rows, kernels.SLOT) if rows else np.zeros(0, kernels.SLOT)

    def _set_links(self) -> NDArray[np.int64]:
        at: dict[tuple[str, str], list[int]] = {}
        for place, (sensor, rule) in enumerate(self.watched):
            at.setdefault((rule.id, sensor.asset or f"sensor/{sensor.id}"), []).append(place)
        found: list[int] = []
        for place, (sensor, rule) in enumerate(self.watched):
            self._slots[place]["first_link"] = len(found)
            for name in rule.clears:
                found += at.get((name, sensor.asset or f"sensor/{sensor.id}"), [])
            self._slots[place]["end_link"] = len(found)
        return np.array(found, np.int64)

    def _set_bounds(self) -> None:
        """Most events that one reading of each sensor can make, its signals included."""
        links = self._slots["end_link"] - self._slots["first_link"]
        own = [
            int(EVENTS_A_RULE * (one["end"] - one["first"]) + links[one["first"] : one["end"]].sum())
            for one in self._sensors
        ]
        spans = self._slots["span"] > 0
        for place, one in enumerate(self._sensors):
            made = self._signals["target"][one["first_signal"] : one["end_signal"]].tolist()
            parts = [self._sensors[other] for other in (place, *made)]
            self._sensors[place]["looks_back"] = any(spans[it["first"] : it["end"]].any() for it in parts)
            self._sensors[place]["most"] = own[place] + sum(own[other] for other in made)

    def _set_pauses(self, maintenance: Sequence[Maintenance]) -> NDArray[np.int64]:
        rows: list[tuple[int, int]] = []
        for place, sensor in enumerate(self.every):
            self._sensors[place]["first_pause"] = len(rows)
            source = sensor.id.rpartition(":")[0]
            names = {sensor.id, source, sensor.asset} - {""}
            rows += sorted((one.effective, one.ends) for one in maintenance if one.target in names)
            self._sensors[place]["end_pause"] = len(rows)
        self._be_alert()
        return np.array(rows, np.int64).reshape(-1, 2)


def _level(number: int) -> Level | None:
    return LEVELS[number - 1] if number else None


def _signals(rules: RuleSet, sensor: Sensor) -> list[tuple[Signal, Sensor]]:
    """Signals of a sensor, each with the sensor it makes."""
    found = []
    for one in rules.signals:
        if (one.system, one.quantity) == (sensor.system, sensor.quantity):
            made = Sensor(
                f"{sensor.id}:{one.id}", sensor.system, one.gives, sensor.unit, sensor.asset, sensor.risk,
                is_crowded=sensor.is_crowded, title=sensor.title,
            )  # fmt: skip
            found.append((one, made))
    return found


def _signal_row(signal: Signal, target: int) -> Any:  # noqa: ANN401  (one record)
    row: Any = np.zeros((), kernels.SIGNAL)
    row["period"], row["phase"], row["length"] = signal.period, signal.phase, signal.length
    row["window"], row["fewest"], row["target"] = kernels.NEVER, signal.fewest, target
    row["days"] = sum(1 << day for day in signal.weekdays or range(kernels.WEEK))
    row["shift"] = signal.shift
    row["summary"] = SUMMARIES.index(signal.summary)
    return row


def _slot_row(rule: Rule) -> Any:  # noqa: ANN401  (one record)
    row: Any = np.zeros((), kernels.SLOT)
    for key in ("on", "off", "rise", "rise_off"):
        row[key] = np.nan
    row["above"], row["below"], row["known"] = kernels.NEVER, kernels.NEVER, kernels.NEVER
    for level, one in rule.thresholds.items():
        place = LEVELS.index(level)
        row["hold"][place], row["ease"][place] = one.hold, one.ease
        for key, sign in (("on", rule.toward), ("off", rule.toward), ("rise", 1), ("rise_off", 1)):
            value = getattr(one, key)
            row[key][place] = np.nan if value is None else sign * value
    row["calm"], row["calm_rise"] = np.nanmin([np.inf, *row["on"]]), np.nanmin([np.inf, *row["rise"]])
    row["is_waiting"], row["is_plain"] = 1, not (rule.span or rule.drift)
    row["span"], row["silence"], row["starts"] = rule.span, rule.silence, rule.starts
    row["ends"] = kernels.ALWAYS if rule.ends is None else rule.ends
    row["sign"], row["stays_up"] = rule.sign, rule.stays_up
    row["silence_level"] = LEVELS.index(rule.silence_level) + 1 if rule.silence_level else 0
    if rule.drift:
        row["training"], row["slack"], row["cap"] = rule.drift.training, rule.drift.slack, rule.drift.most
    return row

"""The alarms of a city, opened: its sensors, rules and rosters, its readings, and a watch that follows them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from tulou.app.wiring import RULEBOOKS, last_day, open_city
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, BadUse, Fault, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.model.state import State
from tulou.operations.alarms.adapters.keeping import keep_watch, take_up
from tulou.operations.alarms.adapters.maintenance import declare, read_maintenance
from tulou.operations.alarms.adapters.payloads import Batch
from tulou.operations.alarms.adapters.reading import read_rosters, read_rules
from tulou.operations.alarms.adapters.readings import Place, ReadingStore
from tulou.operations.alarms.adapters.sensorthings import Placed
from tulou.operations.alarms.domain.engine import Frame
from tulou.operations.alarms.domain.grading import Alarm, plain
from tulou.operations.alarms.domain.roster import Roster
from tulou.operations.alarms.domain.rules import Maintenance, RuleSet, Sensor, milliseconds
from tulou.operations.alarms.domain.watch import Watch
from tulou.operations.cases.handlers.ports import Clock

FOLDER = "alarms"
READINGS, STATE, PAUSES, DEAD = "readings", "watch.npz", "maintenance.jsonl", "dead_letters.jsonl"
PIECE = 100_000
"""Readings of a file that are added together."""


@dataclass(eq=False)
class Alarmwork:
    """Alarms of one city.

    Args:
        city: Folder of the city.
        names: Rulebooks.
        rules: Rules of alarms.
        rosters: Who is on duty.
        placed: Sensors of the city, each with its place.
        store: Its readings.
        clock: Tells the time.
    """

    city: Path
    names: Sequence[str]
    rules: RuleSet
    rosters: tuple[Roster, ...]
    placed: tuple[Placed, ...]
    store: ReadingStore
    clock: Clock = now
    _place: Place = field(default_factory=Place)
    _missed: dict[str, Alarm] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where readings and alarms are kept."""
        return self.city / FOLDER

    @property
    def sensors(self) -> tuple[Sensor, ...]:
        """Sensors of the city."""
        return tuple(one.sensor for one in self.placed)

    @property
    def maintenance(self) -> tuple[Maintenance, ...]:
        """Times in which readings are no evidence."""
        return read_maintenance(self.folder / PAUSES)

    @cached_property
    def watch(self) -> Watch:
        """The watch, up to the newest reading of the store."""
        watch = Watch(self.rules, self.sensors, self.maintenance)
        self._place = take_up(watch, self.folder / STATE)
        self._catch_up(watch)
        return watch

    @property
    def alarms(self) -> list[Alarm]:
        """All alarms, in the order in which they were raised."""
        return sorted(self.watch.alarms.values(), key=lambda one: (one.raised, one.id))

    @property
    def missed(self) -> list[Alarm]:
        """Alarms that changed after what the watch remembered was last put away: nobody may have been told of them."""
        return [one for name, one in self.watch.alarms.items() if name in self._missed]

    def alarm(self, name: str) -> Alarm:
        """One alarm.

        Raises:
            BadUse: When there is none of that id.
        """
        if name not in self.watch.alarms:
            raise BadUse("there is no such alarm", where="ALARM", found=name, allowed=tuple(self.watch.alarms))
        return self.watch.alarms[name]

    @contextmanager
    def writing(self) -> Iterator[Alarmwork]:
        """Become the one that adds readings; at the end what the watch remembers is put away."""
        with self.store:
            try:
                yield self
            finally:
                self.keep()

    def keep(self) -> None:
        """Put away what the watch remembers."""
        if "watch" in self.__dict__:
            keep_watch(self.watch, self._place, self.folder / STATE)

    def add(self, batch: Batch, received: int) -> list[Alarm]:
        """Add readings: they are on the disk, then they are judged; the alarms that changed.

        Args:
            batch: The readings.
            received: When they came, ms.
        """
        watch, known = self.watch, len(self.store.names)
        frame = Frame(received, self.store.names.numbers(batch.names), batch.time, batch.value)
        if len(self.store.names) != known:
            watch.engine.learn(self.store.names.listed)
        self.store.append(frame)
        changed = watch.feed(frame)
        self._place = self.store.place
        return changed

    def tick(self, received: int) -> list[Alarm]:
        """Look for silences although nothing came, in a way that a replay repeats."""
        return self.add(Batch([], np.zeros(0, np.int64), np.zeros(0)), received)

    def bring_in(self, batch: Batch) -> list[Alarm]:
        """Add readings of the past in order of time, as if each had come when measured; the alarms that changed.

        Raises:
            NotEnoughData: When there are no readings.
        """
        if not len(batch.time):
            raise NotEnoughData("there are no readings", where="FILE")
        order = np.argsort(batch.time, kind="stable")
        names = np.array(batch.names, object)[order]
        times, values = batch.time[order], batch.value[order]
        changed: dict[str, Alarm] = {}
        for begin in range(0, len(times), PIECE):
            part = slice(begin, begin + PIECE)
            piece = Batch(names[part].tolist(), times[part], values[part])
            changed |= {one.id: one for one in self.add(piece, int(times[part][-1]))}
        return list(changed.values())

    def replayed(self, rules: RuleSet | None = None) -> Watch:
        """A watch that has read all stored readings from the beginning, by these or by other rules."""
        watch = Watch(rules or self.rules, self.sensors, self.maintenance)
        watch.engine.learn(self.store.names.listed)
        for _, frame in self.store.frames():
            watch.feed(frame)
        return watch

    def replay_faults(self) -> list[Fault]:
        """What a replay tells otherwise than the watch does; nothing, always."""
        kept = {name: plain(one) for name, one in self.watch.alarms.items()}
        again = {name: plain(one) for name, one in self.replayed().alarms.items()}
        wrong = [name for name in {**kept, **again} if kept.get(name) != again.get(name)]
        return [Fault("a replay of the readings tells this alarm otherwise", name) for name in wrong]

    def pause(self, target: str, starts: datetime, ends: datetime, reason: str, by: str) -> Maintenance:
        """Declare maintenance of a sensor or an asset.

        Raises:
            BadUse: When there is no such sensor or asset, or the time is none.
        """
        known = sorted({one.id for one in self.sensors} | {one.asset for one in self.sensors if one.asset})
        if target not in known:
            raise BadUse("there is no such sensor or asset", where="TARGET", found=target, allowed=known)
        spans = (milliseconds(starts), milliseconds(ends))
        one = Maintenance(target, *spans, reason, by, milliseconds(self.clock()))
        declare(self.folder / PAUSES, one)
        return one

    def register(self, placed: Sequence[Placed], who: str = "") -> int:
        """Enter sensors into the city; the number of its commit."""
        city = open_city(self.city)
        facts = Facts("sensor", table_of(placed))
        made = city.commit([facts], who=who, message=f"sensors: {len(placed)}", valid_from=last_day(city))
        known = {one.sensor.id: one for one in self.placed}
        self.placed = tuple({**known, **{one.sensor.id: one for one in placed}}.values())
        self.__dict__.pop("watch", None)
        return made.number

    def verdict(self, finding: Mapping[str, Any]) -> dict[str, Any]:
        """What the rule of an alarm says of it now: it passes, it stands, or nobody knows as the sensor is silent."""
        alarm = self.watch.alarms.get(str(finding.get("alarm", "")))
        if alarm is None:
            return {"says": "unknown", "check": ""}
        same = [one for one in self.watch.alarms.values() if one.sensor == alarm.sensor and one.is_standing]
        if any(one.rule == alarm.rule for one in same):
            says = "fail"
        elif any(one.is_silence for one in same) or self.is_silent(alarm):
            says = "unknown"
        else:
            says = "pass"
        last = alarm.changes[-1]
        return {"says": says, "check": "", "alarm": alarm.id, "ended": alarm.ended, "reading": last.value}

    def is_silent(self, alarm: Alarm) -> bool:
        """Whether the sensor of an alarm has said nothing for longer than its rule allows, when last anything came."""
        rules = self.rules.of(alarm.rule.partition("+")[0])
        source = alarm.sensor.partition(":")[0]
        newest = self.watch.engine.ticked
        time, value = self.store.series(source, alarm.raised, newest + self.rules.ahead)
        known = time[np.isfinite(value)]
        return not len(known) or newest - int(known[-1]) > rules[-1].silence

    def _catch_up(self, watch: Watch) -> None:
        watch.engine.learn(self.store.names.listed)
        for place, frame in self.store.frames(self._place):
            self._missed |= {one.id: one for one in watch.feed(frame)}
            self._place = place


def open_alarms(city: Path, names: Sequence[str] = RULEBOOKS, *, clock: Clock = now) -> Alarmwork:
    """Open the alarms of a city.

    Raises:
        BadInput: When there is no city, a rule cannot be read, or a sensor measures in another unit than its rule.
    """
    opened = open_city(city)
    rules = read_rules(list(names))
    state = opened.state(valid=last_day(opened)) if opened.log() else None
    placed = sensors_of(state) if state else ()
    faults = [
        Fault("this sensor measures in another unit than its rule", f"sensor {name}", unit, (wanted,))
        for name, unit, wanted in rules.unit_faults([one.sensor for one in placed])
    ]
    if faults:
        raise BadInput.of(faults)
    store = ReadingStore(city / FOLDER / READINGS)
    return Alarmwork(city, list(names), rules, read_rosters(list(names)), placed, store, clock)


def sensors_of(state: State) -> tuple[Placed, ...]:
    """Sensors on record in a city. One at a pipe that meets a closed space and a crowd is near many people."""
    rows, pipes = state.rows("sensor"), state.rows("pipe")
    coupled = dict(zip((f"pipe/{one}" for one in pipes.ids), pipes.numbers("coupled_danger").tolist(), strict=True))
    texts = {key: rows.texts(key) for key in ("system", "quantity", "measured_in", "asset", "risk", "name")}
    least, largest, flags = rows.numbers("least"), rows.numbers("largest"), rows.numbers("crowded").tolist()
    found = []
    for place, name in enumerate(rows.ids):
        own = {key: column[place] or "" for key, column in texts.items()}
        flag = coupled.get(own["asset"], math.nan) if math.isnan(flags[place]) else flags[place]
        sensor = Sensor(
            name, own["system"], own["quantity"], own["measured_in"], own["asset"], own["risk"],
            -math.inf if math.isnan(least[place]) else float(least[place]),
            math.inf if math.isnan(largest[place]) else float(largest[place]),
            None if math.isnan(flag) else flag > 0, own["name"],
        )  # fmt: skip
        found.append(Placed(sensor, _point(state, rows.shapes[place])))
    return tuple(found)


def table_of(placed: Sequence[Placed]) -> pa.Table:
    """Sensors as rows of facts."""
    ones = [one.sensor for one in placed]
    points = [None if one.point is None else shapely.to_wkb(shapely.Point(one.point)) for one in placed]
    return pa.table(
        {
            "id": pa.array([one.id for one in ones]),
            "name": pa.array([one.title or None for one in ones], pa.string()),
            "system": pa.array([one.system for one in ones]),
            "quantity": pa.array([one.quantity for one in ones]),
            "measured_in": pa.array([one.unit for one in ones]),
            "asset": pa.array([one.asset or None for one in ones], pa.string()),
            "risk": pa.array([one.risk or None for one in ones], pa.string()),
            "least": pa.array([one.low if math.isfinite(one.low) else None for one in ones], pa.float64()),
            "largest": pa.array([one.high if math.isfinite(one.high) else None for one in ones], pa.float64()),
            "crowded": pa.array([one.is_crowded for one in ones], pa.bool_()),
            "geometry": pa.array(points, pa.binary()),
        }
    )


def moment_of(time: int) -> datetime:
    """A time of a reading as a moment, UTC."""
    return datetime.fromtimestamp(time / 1000, UTC)


def _point(state: State, shape: Any) -> tuple[float, float] | None:  # noqa: ANN401  (a shape or none)
    if shape is None or shapely.is_empty(shape):
        return None
    from pyproj import Transformer

    middle = shapely.centroid(shape)
    turn = Transformer.from_crs(state.profile.crs, "EPSG:4326", always_xy=True)
    east, north = turn.transform(middle.x, middle.y)
    return round(float(east), 7), round(float(north), 7)

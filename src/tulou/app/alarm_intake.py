"""Readings that come in: from files, and from a broker until told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tulou.app.alarms import DEAD, Alarmwork
from tulou.kernel.errors import BadInput, BadUse, Fault
from tulou.operations.alarms.adapters.bulk import decode_all
from tulou.operations.alarms.adapters.dead_letters import bury, dead_letter
from tulou.operations.alarms.adapters.payloads import Batch, decode
from tulou.operations.alarms.adapters.sensorthings import read_things
from tulou.operations.alarms.domain.grading import Alarm
from tulou.operations.alarms.domain.rules import milliseconds
from tulou.sources.series import table_of

if TYPE_CHECKING:
    from tulou.operations.alarms.adapters.mqtt import MqttIntake
    from tulou.operations.alarms.adapters.packets import Message

MOST_MESSAGES = 20_000
"""Messages put on the disk together."""

WAIT = 1.0
"""Seconds without messages after which silences are looked for."""
KEEP_EVERY = 30_000
"""How often what the watch remembers is put away, ms; all of it could be worked out again."""
COLUMNS = ("sensor", "time", "value")


@dataclass
class Taken:
    """What came in.

    Args:
        messages: Messages.
        readings: Readings of them that were kept.
        dead: Messages that could not be read.
    """

    messages: int = 0
    readings: int = 0
    dead: int = 0


def read_file(path: Path) -> Batch:
    """Readings of a file: a table with sensor, time and value (CSV, Parquet), or JSON as a sensor sends it.

    Raises:
        BadInput: When it cannot be read.
    """
    if not path.is_file():
        raise BadUse("there is no such file", where="FILE", found=str(path))
    if path.suffix.lower() in {".json", ".senml"}:
        return decode(path.read_bytes(), path.name)
    table = pq.read_table(path) if path.suffix.lower() == ".parquet" else table_of(path)
    lacking = [one for one in COLUMNS if one not in table.column_names]
    if lacking:
        raise BadInput(
            "a table of readings has sensor, time and value", where=path.name, found=", ".join(lacking), allowed=COLUMNS
        )
    names = pc.cast(table["sensor"], pa.string())
    if names.null_count:
        raise BadInput("every reading has its sensor", where=path.name, found=names.null_count)
    return Batch(names.to_pylist(), _times(table["time"], path.name), _values(table["value"], path.name))


def take_messages(work: Alarmwork, messages: Sequence[Message], taken: Taken) -> list[Alarm]:
    """Put messages on the disk: readings into the store, what cannot be read among the dead letters, with the reason.

    Returns:
        The alarms that changed.
    """
    received = milliseconds(work.clock())
    batch, refused = decode_all(messages)
    if refused:
        dead = [(messages[place], reason) for place, reason in refused]
        bury(work.folder / DEAD, [dead_letter(received, one.topic, reason, one.payload) for one, reason in dead])
    changed = work.add(batch, received) if batch else []
    taken.messages += len(messages)
    taken.readings += len(batch.time) if batch else 0
    taken.dead += len(refused)
    return changed


def serve_broker(
    work: Alarmwork,
    intake: MqttIntake,
    tell: Callable[[Sequence[Alarm]], None],
    stop: threading.Event,
    *,
    seconds: float,
) -> Taken:
    """Take readings from a broker until told to stop, or for some seconds.

    Args:
        work: The alarms of the city, being written.
        intake: The broker.
        tell: Told the alarms that changed.
        stop: Tells to stop.
        seconds: How long; 0 for until told to stop.
    """
    from tulou.operations.alarms.adapters.mqtt import serve

    taken = Taken()
    kept = begun = milliseconds(work.clock())

    def follow(changed: Sequence[Alarm]) -> None:
        nonlocal kept
        if changed:
            tell(changed)
        moment = milliseconds(work.clock())
        if moment - kept >= KEEP_EVERY:
            work.keep()
            kept = moment
        if seconds and moment - begun >= seconds * 1000:
            stop.set()

    serve(
        intake,
        lambda messages: follow(take_messages(work, messages, taken)),
        lambda: follow(work.tick(milliseconds(work.clock()))),
        stop,
        wait=WAIT,
        most=MOST_MESSAGES,
    )
    return taken


def is_things(path: Path) -> bool:
    """Whether a file describes sensors (SensorThings), not readings."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    text = path.read_text("utf-8", errors="replace")
    return '"Datastreams"' in text and '"ObservedProperty"' in text


def register_things(work: Alarmwork, path: Path, who: str) -> int:
    """Enter the sensors of a SensorThings document into the city; how many."""
    placed = read_things(path.read_text("utf-8"), path.name)
    faults = [
        Fault("this sensor measures in another unit than its rule", f"sensor {name}", unit, (wanted,))
        for name, unit, wanted in work.rules.unit_faults([one.sensor for one in placed])
    ]
    if faults:
        raise BadInput.of(faults)
    work.register(placed, who)
    return len(placed)


def _times(column: pa.ChunkedArray, where: str) -> np.ndarray:
    if pa.types.is_string(column.type):
        try:
            column = pc.cast(column, pa.timestamp("ms", "UTC"))
        except pa.ArrowInvalid as error:
            raise BadInput("this is not a time", where=f"{where}: time", found=str(error)) from None
    if not pa.types.is_timestamp(column.type) or column.type.tz is None:
        raise BadInput("a time has its zone", where=f"{where}: time", allowed=("2026-11-28T08:00:00+08:00",))
    if column.null_count:
        raise BadInput("every reading has its time", where=f"{where}: time", found=column.null_count)
    return pc.cast(pc.cast(column, pa.timestamp("ms", "UTC"), safe=False), pa.int64()).to_numpy()


def _values(column: pa.ChunkedArray, where: str) -> np.ndarray:
    try:
        return pc.fill_null(pc.cast(column, pa.float64()), float("nan")).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadInput("this is not a number", where=f"{where}: value", found=str(error)) from None

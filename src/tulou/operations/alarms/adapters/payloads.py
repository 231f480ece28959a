"""What sensors send: one reading or many, as plain JSON, SenML, SensorThings or compact binary.

A payload is taken whole or not at all. A time is a text of ISO 8601 with its zone, or ``t``/``time`` in seconds since
1970 (as SenML has it), or ``ts`` in milliseconds. A value of null says that the sensor lives and knows nothing.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.operations.alarms.adapters.names import MOST_LETTERS
from tulou.operations.alarms.domain.rules import milliseconds
from tulou.sources.limits import MOST_JSON_DEPTH, check_depth

MOST_BYTES = 16 * 1024 * 1024
MOST_ROWS = 1_000_000
BINARY = b"TLB1"
HEAD = struct.Struct("<4sIHI")
"""Magic, rows, names, checksum of all that follows."""
LENGTH = struct.Struct("<H")
EARLIEST, LATEST = 0, 4_102_444_800_000
"""Times that a sensor may tell: 1970 to 2100, ms; a clock beyond that is broken."""
SECOND = 1000
MOST_NUMBER = 1e300
"""Beyond it no sum of a base and a value is a number any more."""
RECENT = 2**28
"""SenML times below this are relative to now, which only the sender knows."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Readings of one payload.

    Args:
        names: Sensor of each.
        time: When each was measured, ms.
        value: What was measured; NaN for unknown.
    """

    names: Sequence[str]
    time: NDArray[np.int64]
    value: NDArray[np.float64]


def decode(payload: bytes, topic: str = "") -> Batch:
    """Read a payload.

    Args:
        payload: What was sent.
        topic: Where it was sent to: its last part names the sensor where the payload does not.

    Raises:
        BadInput: When any of it cannot be read.
    """
    if not payload or len(payload) > MOST_BYTES:
        raise BadInput("a payload is not empty and not too large", where=topic, found=len(payload))
    if payload[: len(BINARY)] == BINARY:
        return _binary(payload, topic)
    if not are_few_brackets(payload):
        check_depth(payload, topic)
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:  # a number of too many digits is a ValueError as well
        raise BadInput("this payload is not JSON", where=topic, found=str(error)) from None
    return _batch(_rows(document, topic), topic)


def are_few_brackets(payload: bytes) -> bool:
    """Whether a payload has so few brackets that it cannot be nested too deep, whatever else is in it."""
    return payload.count(b"[") + payload.count(b"{") <= MOST_JSON_DEPTH


def encode(batch: Batch) -> bytes:
    """The compact binary form of some readings."""
    known = list(dict.fromkeys(batch.names))
    number = {name: place for place, name in enumerate(known)}
    parts = [LENGTH.pack(len(name.encode())) + name.encode() for name in known]
    parts.append(np.array([number[name] for name in batch.names], np.uint16).tobytes())
    body = b"".join([*parts, batch.time.astype("<i8").tobytes(), batch.value.astype("<f8").tobytes()])
    return HEAD.pack(BINARY, len(batch.time), len(known), zlib.crc32(body)) + body


Row = tuple[str, int, float]


def _rows(document: Any, topic: str) -> list[Row]:  # noqa: ANN401  (whatever was sent)
    entries = document if isinstance(document, list) else [document]
    if len(entries) > MOST_ROWS or not all(isinstance(one, dict) for one in entries):
        raise BadInput("a payload is a reading, or a list of them", where=topic, found=type(document).__name__)
    if any("dataArray" in one for one in entries):
        return [row for one in entries for row in data_array_rows(one, topic)]
    if any("result" in one for one in entries):
        return [_observation(one, topic) for one in entries]
    if any({"n", "bn", "v", "bt"} & one.keys() for one in entries):
        return _senml(entries, topic)
    return [_plain(one, topic) for one in entries]


def _batch(rows: Sequence[Row], topic: str) -> Batch:
    if not rows:
        raise BadInput("a payload holds at least one reading", where=topic)
    names = [row[0] for row in rows]
    _must_be_names(names, topic)
    return Batch(names, np.array([row[1] for row in rows], np.int64), np.array([row[2] for row in rows], np.float64))


def _must_be_names(names: Sequence[str], topic: str) -> None:
    for one in set(names):
        if not is_name(one):
            raise BadInput("this is not a name of a sensor", where=topic, found=one[:MOST_LETTERS])


def is_name(text: str) -> bool:
    """Whether a text can be the name of a sensor."""
    return 0 < len(text) <= MOST_LETTERS and text.isprintable() and text == text.strip()


def _plain(one: Mapping[str, Any], topic: str) -> Row:
    name = one.get("sensor", "") or topic.rpartition("/")[2]
    if "ts" in one:
        time = _number(one["ts"], topic, "ts")
        return str(name), _in_time(time, topic), value_of(one.get("value", _GONE), topic)
    return str(name), time_of(one.get("time", one.get("t")), topic), value_of(one.get("value", _GONE), topic)


def _senml(entries: Sequence[Mapping[str, Any]], topic: str) -> list[Row]:
    """RFC 8428: base name, base time and base value hold until they are given anew."""
    found: list[Row] = []
    base: dict[str, Any] = {"bn": "", "bt": 0.0, "bv": 0.0}
    for one in entries:
        base |= {key: one[key] for key in base if key in one}
        if not {"v", "vb"} & one.keys():
            continue
        name = str(base["bn"]) + str(one.get("n", "")) or topic.rpartition("/")[2]
        seconds = _number(base["bt"], topic, "bt") + _number(one.get("t", 0), topic, "t")
        if seconds < RECENT:
            raise BadInput("a time relative to now cannot be known here", where=topic, found=seconds)
        value = value_of(one.get("v", one.get("vb")), topic) + _number(base["bv"], topic, "bv")
        found.append((name, _in_time(seconds * SECOND, topic), value))
    return found


def _observation(one: Mapping[str, Any], topic: str) -> Row:
    return (
        datastream_of(one, topic),
        time_of(one.get("phenomenonTime"), topic),
        value_of(one.get("result", _GONE), topic),
    )


def datastream_of(one: Mapping[str, Any], topic: str) -> str:
    """The datastream an observation belongs to: by its entry, or a topic such as ``v1.1/Datastreams(7)/Observations``.

    Raises:
        BadInput: When nothing names one.
    """
    stream = one.get("Datastream")
    if isinstance(stream, dict) and "@iot.id" in stream:
        return str(stream["@iot.id"])
    begin, end = topic.find("Datastreams("), topic.find(")")
    if 0 <= begin < end:
        return topic[begin + len("Datastreams(") : end].strip("'")
    raise BadInput("an observation names its datastream", where=topic, allowed=('"Datastream": {"@iot.id": …}',))


def data_array_rows(one: Mapping[str, Any], topic: str) -> list[Row]:
    """Readings of one entry of a data array of SensorThings.

    Raises:
        BadInput: When it is none.
    """
    name = datastream_of(one, topic)
    heads, rows = one.get("components"), one.get("dataArray")
    if (
        not isinstance(heads, list)
        or not isinstance(rows, list)
        or not {"phenomenonTime", "result"} <= set(map(str, heads))
    ):
        allowed = ('"components": ["phenomenonTime", "result"]',)
        raise BadInput("a data array has components and rows", where=topic, allowed=allowed)
    when, what = heads.index("phenomenonTime"), heads.index("result")
    found: list[Row] = []
    for row in rows:
        if not isinstance(row, list) or len(row) != len(heads):
            raise BadInput("a row of a data array has as many values as components", where=topic, found=str(row))
        found.append((name, time_of(row[when], topic), value_of(row[what], topic)))
    return found


_GONE = object()


def value_of(given: object, topic: str) -> float:
    """A value; NaN for null.

    Raises:
        BadInput: When it is neither a number, a truth nor null.
    """
    if given is None:
        return math.nan
    if isinstance(given, (int, float)):
        try:
            return float(given)
        except OverflowError:
            raise BadInput("this number is too large", where=topic, found=str(given)) from None
    raise BadInput(
        "a reading has a value", where=topic, found=None if given is _GONE else given, allowed=("a number", "null")
    )


def time_of(given: object, topic: str) -> int:
    """A time, ms: seconds since 1970, a text of ISO 8601 with its zone, or the end of an interval of such.

    Raises:
        BadInput: When it is none.
    """
    if isinstance(given, str):
        text = given.rpartition("/")[2]
        try:
            moment = datetime.fromisoformat(text)
            time = milliseconds(moment) if moment.tzinfo else 0
        except (ValueError, OverflowError):
            raise BadInput("this is not a time", where=topic, found=given, allowed=("2026-11-28T08:00:00Z",)) from None
        if moment.tzinfo is None:
            raise BadInput("a time has its zone", where=topic, found=given, allowed=(f"{given}Z",))
        return _in_time(time, topic)
    return _in_time(_number(given, topic, "time") * SECOND, topic)


def _in_time(time: float, topic: str) -> int:
    if not EARLIEST <= time < LATEST:
        raise BadInput("this time cannot be", where=topic, found=time, allowed=("from 1970 to 2100",))
    return round(time)


def _number(given: object, topic: str, what: str) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not -MOST_NUMBER <= given <= MOST_NUMBER:
        raise BadInput("this is not a number", where=f"{topic} {what}".strip(), found=given)
    return float(given)


def _binary(payload: bytes, topic: str) -> Batch:
    if len(payload) < HEAD.size:
        raise BadInput("this binary payload is cut off", where=topic, found=len(payload))
    _, rows, many, check = HEAD.unpack_from(payload)
    if zlib.crc32(memoryview(payload)[HEAD.size :]) != check:
        raise BadInput("this binary payload is damaged", where=topic)
    place, known = HEAD.size, []
    try:
        for _ in range(many):
            (length,) = LENGTH.unpack_from(payload, place)
            known.append(payload[place + LENGTH.size : place + LENGTH.size + length].decode())
            place += LENGTH.size + length
        if len(payload) - place != rows * (2 + 8 + 8):
            raise BadInput("this binary payload is cut off", where=topic, found=len(payload))
    except (struct.error, UnicodeDecodeError):
        raise BadInput("this binary payload is damaged", where=topic) from None
    number = np.frombuffer(payload, "<u2", rows, place)
    time = np.frombuffer(payload, "<i8", rows, place + 2 * rows)
    value = np.frombuffer(payload, "<f8", rows, place + 10 * rows)
    if not rows or number.max() >= many or time.min() < EARLIEST or time.max() >= LATEST:
        raise BadInput("this binary payload holds readings that cannot be", where=topic)
    _must_be_names(known, topic)
    return Batch([known[one] for one in number.tolist()], time.astype(np.int64), value.astype(np.float64))

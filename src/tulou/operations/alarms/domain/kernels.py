"""The stream of readings, judged reading by reading: state of every sensor and rule in arrays, compiled.

What each case means:

* a reading of an unknown sensor is not judged;
* a reading more than ``ahead`` later than it was received is not judged: its clock is wrong, and it must not make all
  that follow look old;
* a reading at the time of the last one of its sensor is a duplicate, an earlier one is late: neither is judged;
* a reading that is no number, or none that can be, says only that the sensor lives: it moves the order of readings,
  not what is known;
* a silence longer than the rule allows raises an alarm, dated when the limit was over, which ends with the next known
  reading; conditions that were waiting begin anew after it, as nobody knows what was in between; an alarm of a value
  stays, as unknown is not a pass;
* readings in maintenance are no evidence: nothing is raised, nothing ends, and what was waiting begins anew.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]
Row: TypeAlias = np.void
Rows: TypeAlias = NDArray[np.void]
Rings: TypeAlias = NDArray[np.void]
Tables: TypeAlias = tuple[Rows, Rows, Longs, Rows, Longs]
"""Sensors, slots (a rule at a sensor), slots whose alarms end with that of another, signals, pauses (from, to)."""
Frame: TypeAlias = tuple[NDArray[np.int32], Longs, Reals, int]
"""Position of the sensor, time and value of each reading, and when they were received."""

NEVER = -(2**62)
"""Stands for a time that was not."""
ALWAYS = 2**62
LEVELS = 3
WEEK = 7

RAISED, UPGRADED, DOWNGRADED, CLEARED, LINKED, SILENT, HEARD, SUPERSEDED = range(8)
"""What an event is."""
GOOD, MISSING, IMPLAUSIBLE, DUPLICATE, LATE, AHEAD, MAINTAINED, UNKNOWN = range(8)
"""What became of a reading."""
DONE, NO_ROOM, NO_RING = range(3)
"""Why the kernel came back."""

SENSOR = np.dtype(
    [("last", "i8"), ("known", "i8"), ("calm_low", "f8"), ("calm_high", "f8"), ("silence", "i8"), ("ends", "i8"),
     ("low", "f8"), ("high", "f8"), ("first", "i4"), ("end", "i4"), ("first_signal", "i4"),
     ("end_signal", "i4"), ("first_pause", "i4"), ("end_pause", "i4"), ("most", "i4"), ("looks_back", "i4")],
    align=True,
)  # fmt: skip
"""A sensor: its last reading and the last that was known; between which values a reading changes nothing, after which
silence that is over and until when it holds; what it can say; where its rules, signals and pauses stand; most events of
a reading."""

SLOT = np.dtype(
    [("calm", "f8"), ("sign", "f8"), ("known", "i8"), ("silence", "i8"), ("starts", "i8"), ("ends", "i8"),
     ("is_plain", "i1"), ("is_waiting", "i1"), ("is_silent", "i1"), ("is_over", "i1"), ("latched", "i1"),
     ("shown", "i1"), ("stays_up", "i1"), ("silence_level", "i1"), ("span", "i8"), ("calm_rise", "f8"), ("ring", "i4"),
     ("head", "i4"), ("size", "i4"), ("training", "i4"), ("count", "i4"), ("first_link", "i4"), ("end_link", "i4"),
     ("mean", "f8"), ("square", "f8"), ("sum", "f8"), ("slack", "f8"), ("cap", "f8"), ("on", "f8", 3), ("off", "f8", 3),
     ("rise", "f8", 3), ("rise_off", "f8", 3), ("hold", "i8", 3), ("ease", "i8", 3), ("above", "i8", 3),
     ("below", "i8", 3)],
    align=True,
)  # fmt: skip
"""A rule at a sensor: thresholds towards the bad side, and what it remembers. Short of ``calm`` and ``calm_rise`` no
level is reached; unless something stands or is timed, such a reading changes no level."""

SIGNAL = np.dtype(
    [("period", "i8"), ("phase", "i8"), ("length", "i8"), ("window", "i8"), ("sum", "f8"), ("count", "i4"),
     ("fewest", "i4"), ("target", "i4"), ("days", "i4"), ("shift", "i4"), ("summary", "i1")],
    align=True,
)  # fmt: skip
"""A sensor that is worked out from another, and the window it is in."""

EVENT = np.dtype(
    [("time", "i8"), ("value", "f8"), ("slot", "i4"), ("kind", "i1"), ("before", "i1"), ("after", "i1")], align=True
)
RING = np.dtype([("time", "i8"), ("value", "f8")])
"""A reading that may be the least within the span of a rule."""
MEAN, LEAST, LARGEST = range(3)


@njit(cache=True, nogil=True, forceinline=True)
def _told(events: Rows, used: int, kind: int, slot: int, time: int, before: int, after: int, value: float) -> int:
    """One more event."""
    one = events[used]
    one["kind"], one["slot"], one["time"] = kind, slot, time
    one["before"], one["after"], one["value"] = before, after, value
    return used + 1


@njit(cache=True, nogil=True, forceinline=True)
def silence_due(known: int, silence: int, first: int, end: int, pauses: Longs) -> int:
    """When a silence is over its limit; a limit that ends in maintenance begins anew after it."""
    due = known + silence
    for place in range(first, end):
        if pauses[place, 0] <= due < pauses[place, 1]:
            due = pauses[place, 1] + silence
    return due


@njit(cache=True, nogil=True, forceinline=True)
def _is_paused(time: int, first: int, end: int, pauses: Longs) -> bool:
    """Whether a reading was taken in maintenance."""
    for place in range(first, end):  # noqa: SIM110  (numba compiles loops, not generators)
        if pauses[place, 0] <= time < pauses[place, 1]:
            return True
    return False


@njit(cache=True, nogil=True)
def _forget(one: Row) -> None:
    """Begin anew with all that was waiting."""
    for level in range(LEVELS):
        one["above"][level] = NEVER
        one["below"][level] = NEVER
    one["size"] = 0


@njit(cache=True, nogil=True, forceinline=True)
def _rise(one: Row, time: int, value: float, rings: Rings) -> float:
    """Reading less the least within the span; readings that can never be the least again are let go."""
    last = rings.shape[1] - 1  # The room is a power of two, so that this is a mask.
    ring, head, size = one["ring"], one["head"], one["size"]
    while size > 0 and rings[ring, head]["time"] < time - one["span"]:
        head = (head + 1) & last
        size -= 1
    while size > 0 and rings[ring, (head + size - 1) & last]["value"] >= value:
        size -= 1
    place = (head + size) & last
    rings[ring, place]["time"], rings[ring, place]["value"] = time, value
    one["head"], one["size"] = head, size + 1
    return value - rings[ring, head]["value"]


@njit(cache=True, nogil=True, forceinline=True)
def _drift(one: Row, value: float) -> float:
    """Cumulative sum of standard scores; NaN while training, and where training never changed."""
    if one["count"] < one["training"]:
        one["count"] += 1
        step = value - one["mean"]
        one["mean"] += step / one["count"]
        one["square"] += step * (value - one["mean"])
        return np.nan
    spread = np.sqrt(one["square"] / (one["training"] - 1))
    if not spread > 0:
        return np.nan
    one["sum"] = min(max(0.0, one["sum"] + (value - one["mean"]) / spread - one["slack"]), one["cap"])
    return one["sum"]


@njit(cache=True, nogil=True, forceinline=True)
def _latch(one: Row, level: int, time: int, value: float, rise: float) -> None:
    """Reach or leave one level."""
    bit = 1 << level
    if one["latched"] & bit:
        if not value >= one["off"][level] and not rise >= one["rise_off"][level]:
            if one["below"][level] == NEVER:
                one["below"][level] = time
            if time - one["below"][level] >= one["ease"][level]:
                one["latched"] = one["latched"] & ~bit
                one["below"][level] = NEVER
        else:
            one["below"][level] = NEVER
    elif value >= one["on"][level] or rise >= one["rise"][level]:
        if one["above"][level] == NEVER:
            one["above"][level] = time
        if time - one["above"][level] >= one["hold"][level]:
            one["latched"] = one["latched"] | bit
            one["above"][level] = NEVER
    else:
        one["above"][level] = NEVER


@njit(cache=True, nogil=True)
def _end_linked(tables: Tables, slot: int, time: int, value: float, events: Rows, used: int) -> int:
    """End the alarms that end with this one."""
    slots, links = tables[1], tables[2]
    for place in range(slots[slot]["first_link"], slots[slot]["end_link"]):
        other = slots[links[place]]
        if other["shown"] > 0:
            used = _told(events, used, LINKED, links[place], time, other["shown"], 0, value)
            other["shown"] = 0
        other["latched"] = 0
        _forget(other)
    return used


@njit(cache=True, nogil=True, forceinline=True)
def _fall_silent(tables: Tables, slot: int, moment: int, sensor: Row, events: Rows, used: int) -> int:
    """Tell of a silence that was over its limit before a moment, once."""
    one = tables[1][slot]
    if one["known"] == NEVER or one["silence_level"] == 0 or one["is_silent"]:
        return used
    due = silence_due(one["known"], one["silence"], sensor["first_pause"], sensor["end_pause"], tables[4])
    if due < moment and due < one["ends"]:
        used = _told(events, used, SILENT, slot, due, 0, one["silence_level"], np.nan)
        one["is_silent"], one["is_waiting"] = 1, 1
    return used


@njit(cache=True, nogil=True, forceinline=True)
def _heard(tables: Tables, slot: int, time: int, sensor: Row, events: Rows, used: int) -> int:
    """End a silence, telling of one that nobody has told of yet."""
    one = tables[1][slot]
    used = _fall_silent(tables, slot, time, sensor, events, used)
    if one["known"] != NEVER and time - one["known"] > one["silence"]:
        _forget(one)
    if one["is_silent"]:
        used = _told(events, used, HEARD, slot, time, one["silence_level"], 0, np.nan)
        one["is_silent"] = 0
    one["known"] = time
    return used


@njit(cache=True, nogil=True, forceinline=True)
def _judge(tables: Tables, slot: int, time: int, value: float, rings: Rings, events: Rows, used: int) -> int:
    """Compare a known reading with the thresholds of a rule."""
    one = tables[1][slot]
    seen = one["sign"] * value
    if one["training"] > 0:
        seen = _drift(one, seen)
        if np.isnan(seen):
            return used
    rise = _rise(one, time, seen, rings) if one["span"] > 0 else np.nan
    if not one["is_waiting"] and seen < one["calm"] and not rise >= one["calm_rise"]:
        return used
    for level in range(LEVELS):
        _latch(one, level, time, seen, rise)
    held, before = one["latched"], one["shown"]
    after = 3 if held & 4 else (2 if held & 2 else (1 if held & 1 else 0))
    if one["stays_up"] and after > 0:
        after = max(after, before)
    if after == before:
        return used
    kind = RAISED if before == 0 else (CLEARED if after == 0 else (UPGRADED if after > before else DOWNGRADED))
    used = _told(events, used, kind, slot, time, before, after, value)
    one["shown"] = after
    if after == 0:
        used = _end_linked(tables, slot, time, value, events, used)
    return used


@njit(cache=True, nogil=True)
def _supersede(tables: Tables, slot: int, time: int, sensor: Row, events: Rows, used: int) -> int:
    """A later version of the rule holds: its alarms end, and the version is over."""
    one = tables[1][slot]
    used = _fall_silent(tables, slot, time, sensor, events, used)
    if one["is_silent"]:
        used = _told(events, used, HEARD, slot, time, one["silence_level"], 0, np.nan)
    if one["shown"] > 0:
        used = _told(events, used, SUPERSEDED, slot, time, one["shown"], 0, np.nan)
    one["is_silent"], one["shown"], one["latched"], one["is_over"] = 0, 0, 0, 1
    return used


@njit(cache=True, nogil=True, forceinline=True)
def _is_waiting(one: Row) -> bool:
    """Whether a calm reading could change a level: something stands or is timed."""
    if one["latched"] or one["shown"] or one["is_silent"] or one["is_over"]:
        return True
    for level in range(LEVELS):  # noqa: SIM110  (numba compiles loops, not generators)
        if one["above"][level] != NEVER:
            return True
    return False


@njit(cache=True, nogil=True, forceinline=True)
def _by_rules(
    tables: Tables,
    sensor: Row,
    time: int,
    value: float,
    is_paused: bool,  # noqa: FBT001
    rings: Rings,
    events: Rows,
    used: int,
) -> int:
    """All rules of a sensor, for one known reading."""
    for slot in range(sensor["first"], sensor["end"]):
        one = tables[1][slot]
        if (
            one["is_plain"]
            and not one["is_waiting"]
            and one["sign"] * value < one["calm"]
            and one["starts"] <= time < one["ends"]
            and time - one["known"] <= one["silence"]
        ):
            one["known"] = time
            continue
        if one["is_over"] or time < one["starts"]:
            continue
        if time >= one["ends"]:
            used = _supersede(tables, slot, time, sensor, events, used)
            continue
        used = _heard(tables, slot, time, sensor, events, used)
        if is_paused:
            _forget(one)
        else:
            used = _judge(tables, slot, time, value, rings, events, used)
        one["is_waiting"] = _is_waiting(one)
    return used


@njit(cache=True, nogil=True)
def _window(signal: Row, time: int, value: float) -> tuple[int, float]:
    """Take a reading into its window; when it lies past the open one, that one's end and summary, else ``NEVER``."""
    since = time - signal["phase"]
    window = since // signal["period"]
    counts = (signal["days"] >> ((window + signal["shift"]) % WEEK)) & 1
    inside = counts == 1 and since - window * signal["period"] < signal["length"]
    ended, found = NEVER, np.nan
    if signal["window"] != NEVER and (window != signal["window"] or not inside):
        ended = signal["phase"] + signal["window"] * signal["period"] + signal["length"]
        if signal["count"] >= signal["fewest"]:
            found = signal["sum"] / signal["count"] if signal["summary"] == MEAN else signal["sum"]
        signal["window"], signal["count"], signal["sum"] = NEVER, 0, 0.0
    if inside:
        signal["window"] = window
        if np.isfinite(value):
            if signal["summary"] == MEAN:
                signal["sum"] += value
            elif signal["count"] == 0:
                signal["sum"] = value
            elif signal["summary"] == LEAST:
                signal["sum"] = min(signal["sum"], value)
            else:
                signal["sum"] = max(signal["sum"], value)
            signal["count"] += 1
    return ended, found


@njit(cache=True, nogil=True, forceinline=True)
def _settle(sensor: Row, slots: Rows) -> None:
    """Tell the rules of a sensor of the calm readings that passed them by."""
    known = sensor["known"]
    for slot in range(sensor["first"], sensor["end"]):
        if NEVER < slots[slot]["known"] < known:
            slots[slot]["known"] = known


@njit(cache=True, nogil=True, forceinline=True)
def _alert(sensor: Row) -> None:
    """From here on every reading is judged in full."""
    sensor["calm_low"], sensor["calm_high"] = np.inf, -np.inf


@njit(cache=True, nogil=True, forceinline=True)
def _calm_down(sensor: Row, slots: Rows, time: int) -> None:
    """After a known reading that all rules have seen: the values between which the next ones change nothing.

    So long as nothing of the sensor stands, is timed, drifts, pauses or is worked out from it.
    """
    _alert(sensor)
    sensor["known"] = time
    if sensor["first_pause"] < sensor["end_pause"] or sensor["first_signal"] < sensor["end_signal"]:
        return
    low, high = np.nextafter(sensor["low"], -np.inf), np.nextafter(sensor["high"], np.inf)
    silence, ends = ALWAYS, ALWAYS
    for slot in range(sensor["first"], sensor["end"]):
        one = slots[slot]
        if one["is_over"]:
            continue
        if time < one["starts"]:
            ends = min(ends, one["starts"])
            continue
        if one["is_waiting"] or one["training"] > 0:
            return
        silence, ends = min(silence, one["silence"]), min(ends, one["ends"])
        if one["sign"] > 0:
            high = min(high, one["calm"])
        else:
            low = max(low, -one["calm"])
    sensor["calm_low"], sensor["calm_high"], sensor["silence"], sensor["ends"] = low, high, silence, ends


@njit(cache=True, nogil=True, forceinline=True)
def _rises(sensor: Row, slots: Rows, time: int, value: float, rings: Rings) -> bool:
    """Remember a calm value for the rules that look back; whether it is too high above one of those remembered.

    What is remembered here stays the same when the reading is judged in full afterwards.
    """
    for slot in range(sensor["first"], sensor["end"]):
        one = slots[slot]
        if one["span"] == 0 or one["is_over"] or time < one["starts"]:
            continue
        if one["size"] >= rings.shape[1] or _rise(one, time, one["sign"] * value, rings) >= one["calm_rise"]:
            return True
    return False


@njit(cache=True, nogil=True, forceinline=True)
def _untimely(time: int, last: int, latest: int) -> int:
    """What becomes of a reading for its time alone; ``GOOD`` when it is a new one."""
    if time > latest:
        return AHEAD
    if time > last:
        return GOOD
    return DUPLICATE if time == last else LATE


@njit(cache=True, nogil=True, forceinline=True)
def _passes(sensor: Row, slots: Rows, time: int, value: float, rings: Rings) -> bool:
    """Whether a reading is new, known and calm, so that it changes nothing but when the sensor was last heard."""
    return (
        sensor["calm_low"] < value < sensor["calm_high"]
        and sensor["last"] < time < sensor["ends"]
        and time - sensor["known"] <= sensor["silence"]
        and not (sensor["looks_back"] and _rises(sensor, slots, time, value, rings))
    )


@njit(cache=True, nogil=True)
def judge_rows(
    frame: Frame, tables: Tables, rings: Rings, events: Rows, counts: Longs, start: int, ahead: int
) -> tuple[int, int, int]:
    """Judge readings in their order.

    Args:
        frame: The readings.
        tables: What is known of sensors and rules.
        rings: Times and values of the last readings of rules that look for a rise.
        events: Room for events.
        counts: Counted up: what became of readings, shape (sensors, 8); the last row for unknown ones.
        start: First reading to judge.
        ahead: How far a clock may be ahead, ms.

    Returns:
        First reading that was not judged, number of events, why it came back.
    """
    where, times, values, received = frame
    sensors, signals, pauses = tables[0], tables[3], tables[4]
    used, many, latest = 0, len(sensors), received + ahead
    for row in range(start, len(where)):
        at = where[row]
        if at < 0 or at >= many:
            counts[many, UNKNOWN] += 1
            continue
        sensor = sensors[at]
        time, value = times[row], values[row]
        if time <= latest and _passes(sensor, tables[1], time, value, rings):
            sensor["last"], sensor["known"] = time, time
            counts[at, GOOD] += 1
            continue
        if used + sensor["most"] > len(events):
            return row, used, NO_ROOM
        if sensor["looks_back"] and _is_ring_full(tables, sensor, rings.shape[1]):
            return row, used, NO_RING
        untimely = _untimely(time, sensor["last"], latest)
        if untimely != GOOD:
            counts[at, untimely] += 1
            continue
        sensor["last"] = time
        _settle(sensor, tables[1])
        is_paused = _is_paused(time, sensor["first_pause"], sensor["end_pause"], pauses)
        is_known = np.isfinite(value) and sensor["low"] <= value <= sensor["high"]
        fate = MAINTAINED if is_paused else (GOOD if is_known else (IMPLAUSIBLE if np.isfinite(value) else MISSING))
        counts[at, fate] += 1
        for place in range(sensor["first_signal"], sensor["end_signal"]):
            signal = signals[place]
            ended, found = _window(signal, time, value if is_known and not is_paused else np.nan)
            if ended != NEVER and np.isfinite(found):
                other = sensors[signal["target"]]
                other["last"] = ended
                _settle(other, tables[1])
                _alert(other)
                counts[signal["target"], GOOD] += 1
                used = _by_rules(tables, other, ended, found, False, rings, events, used)  # noqa: FBT003
        if is_known:
            used = _by_rules(tables, sensor, time, value, is_paused, rings, events, used)
            _calm_down(sensor, tables[1], time)
    return len(where), used, DONE


@njit(cache=True, nogil=True, forceinline=True)
def _is_ring_full(tables: Tables, sensor: Row, room: int) -> bool:
    """Whether one more reading may not have room among the last ones of a rule that looks for a rise."""
    sensors, slots, signals = tables[0], tables[1], tables[3]
    for slot in range(sensor["first"], sensor["end"]):
        if slots[slot]["size"] >= room:
            return True
    for place in range(sensor["first_signal"], sensor["end_signal"]):
        other = sensors[signals[place]["target"]]
        for slot in range(other["first"], other["end"]):
            if slots[slot]["size"] >= room:
                return True
    return False


@njit(cache=True, nogil=True)
def silences(moment: int, tables: Tables, events: Rows, start: int) -> tuple[int, int]:
    """Tell of sensors that have been silent for too long at a moment.

    Returns:
        First sensor that was not looked at, number of events.
    """
    sensors, used = tables[0], 0
    for at in range(start, len(sensors)):
        sensor = sensors[at]
        if used + sensor["end"] - sensor["first"] > len(events):
            return at, used
        if moment - sensor["known"] <= sensor["silence"] and sensor["calm_low"] < sensor["calm_high"]:
            continue
        before = used
        _settle(sensor, tables[1])
        for slot in range(sensor["first"], sensor["end"]):
            if not tables[1][slot]["is_over"]:
                used = _fall_silent(tables, slot, moment, sensor, events, used)
        if used > before:
            _alert(sensor)
    return len(sensors), used

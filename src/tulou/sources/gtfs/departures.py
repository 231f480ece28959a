"""Departures of one service day, stop by stop: times filled in between timed stops, frequencies unrolled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality
from tulou.sources.gtfs.feed import UNREADABLE, Table

NO_PICKUP = "1"
APART = 1e-9
"""What keeps two calls at one place apart, in degrees."""
MOST_DEPARTURES = 100_000_000
"""Most departures that frequencies may unroll to."""

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Departures:
    """All departures of a service day, sorted by stop and time.

    Args:
        stop: Position of the stop in ``stops.txt``.
        trip: Position of the trip in ``trips.txt``.
        time: Seconds after midnight of the service day; past 86,400 for trips that run into the next day.
        first: Whether it is the first departure of its trip.
    """

    stop: Positions
    trip: Positions
    time: Numbers
    first: NDArray[np.bool_]


@dataclass
class _Calls:
    """Calls of running trips in order of travel."""

    stop: Positions
    trip: Positions
    time: Numbers
    order: Numbers
    can_board: NDArray[np.bool_]

    def take(self, chosen: NDArray[np.bool_] | Positions) -> _Calls:
        return _Calls(
            self.stop[chosen], self.trip[chosen], self.time[chosen], self.order[chosen], self.can_board[chosen]
        )


def departures(
    tables: Mapping[str, Table], running: NDArray[np.bool_], places: NDArray[np.float64], quality: Quality
) -> Departures:
    """Departures of the trips that run.

    The last call of a trip is an arrival, and a call without boarding is none for passengers; both are left out.

    Args:
        tables: The feed.
        running: For each row of ``trips.txt``, whether it runs on the day.
        places: Longitude and latitude of each row of ``stops.txt``.
        quality: Report that rows filled in or refused are added to.

    Raises:
        BadInput: When no departure is left, or frequencies unroll to an absurd number.
    """
    calls = _calls(tables, running, quality)
    calls = _filled(calls, places, quality)
    last = np.ones(len(calls.trip), dtype=bool)
    last[:-1] = calls.trip[1:] != calls.trip[:-1]
    first = np.ones(len(calls.trip), dtype=bool)
    first[1:] = calls.trip[1:] != calls.trip[:-1]
    begin = _begin(calls, first)
    boards = ~last & calls.can_board
    stop, trip, time, starts = calls.stop[boards], calls.trip[boards], calls.time[boards], first[boards]
    if "frequencies.txt" in tables and tables["frequencies.txt"].rows:
        stop, trip, time, starts = _unrolled(tables, (stop, trip, time, starts), begin[boards], quality)
    if not len(time):
        raise BadInput("no departure is left on the day asked for", where=tables["stop_times.txt"].name)
    order = np.lexsort((trip, time, stop))
    return Departures(stop[order], trip[order], time[order], starts[order])


def _calls(tables: Mapping[str, Table], running: NDArray[np.bool_], quality: Quality) -> _Calls:
    table = tables["stop_times.txt"]
    trips = {name: row for row, name in enumerate(tables["trips.txt"].texts("trip_id"))}
    stops = {name: row for row, name in enumerate(tables["stops.txt"].texts("stop_id"))}
    trip = np.array([trips.get(name, -1) for name in table.texts("trip_id")], dtype=np.int64)
    stop = np.array([stops.get(name, -1) for name in table.texts("stop_id")], dtype=np.int64)
    time = table.seconds("departure_time")
    arrival = table.seconds("arrival_time")
    time = np.where(np.isnan(time), arrival, time)
    order = table.numbers("stop_sequence")
    _refuse(trip < 0, "unknown_trip", "a call names a trip that the feed lacks", quality)
    _refuse(stop < 0, "unknown_stop", "a call names a stop that the feed lacks", quality)
    _refuse(time == UNREADABLE, "unreadable_time", "a time is none, e.g. 25:61:00", quality)
    _refuse(np.isnan(order), "no_sequence", "a call has no stop_sequence", quality)
    good = (trip >= 0) & (stop >= 0) & (time != UNREADABLE) & ~np.isnan(order)
    good &= running[np.maximum(trip, 0)]
    can_board = np.array([text != NO_PICKUP for text in table.texts("pickup_type")], dtype=bool)
    calls = _Calls(stop, trip, time, order, can_board).take(good)
    return calls.take(np.lexsort((calls.order, calls.trip)))


def _refuse(mask: NDArray[np.bool_], kind: str, text: str, quality: Quality) -> None:
    rows = tuple(str(row + 2) for row in np.flatnonzero(mask)[:5])
    quality.note(kind, "refused", int(mask.sum()), text, rows)


def _filled(calls: _Calls, places: NDArray[np.float64], quality: Quality) -> _Calls:
    """Times between timed calls, in proportion to the straight distance between stops."""
    if not len(calls.trip):
        return calls
    unknown = np.isnan(calls.time)
    along = _distance_along(calls, places)
    trips, start = np.unique(calls.trip, return_index=True)
    timed = ~unknown
    group = np.searchsorted(trips, calls.trip)
    base = along[start][group]
    scale = float(np.max(along - base, initial=0.0)) + 1.0
    position = (along - base) + group * (2.0 * scale)
    time = calls.time.copy()
    if timed.any():
        time[unknown] = np.interp(position[unknown], position[timed], calls.time[timed])
    ends_known = _ends_timed(calls, unknown, group, len(trips))
    quality.note(
        "time_filled_in",
        "noted",
        int((unknown & ends_known).sum()),
        "a call without a time got one between its timed neighbours, by distance",
    )
    lost = unknown & ~ends_known
    _refuse(lost, "no_time", "a call lies before the first or after the last timed one of its trip", quality)
    calls.time = time
    return calls.take(~lost)


def _ends_timed(calls: _Calls, unknown: NDArray[np.bool_], group: Positions, trips: int) -> NDArray[np.bool_]:
    """Whether a call lies between timed calls of its own trip."""
    index = np.arange(len(calls.trip))
    low = np.full(trips, len(index))
    high = np.full(trips, -1)
    np.minimum.at(low, group[~unknown], index[~unknown])
    np.maximum.at(high, group[~unknown], index[~unknown])
    return (index >= low[group]) & (index <= high[group])


def _distance_along(calls: _Calls, places: NDArray[np.float64]) -> Numbers:
    """Running sum of straight steps between calls; a small constant keeps calls at one place apart."""
    here = np.where(np.isfinite(places[calls.stop]), places[calls.stop], np.nan)
    step = np.zeros(len(here))
    east = np.diff(here[:, 0]) * np.cos(np.radians(here[1:, 1]))
    way = np.hypot(east, np.diff(here[:, 1]))
    step[1:] = np.where(np.isfinite(way), way, 0.0) + APART
    return np.cumsum(step)


def _begin(calls: _Calls, first: NDArray[np.bool_]) -> Numbers:
    """Time of the first call of each call's trip."""
    if not len(calls.trip):
        return calls.time
    return calls.time[np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))]


_Rows = tuple[Positions, Positions, Numbers, NDArray[np.bool_]]


def _unrolled(tables: Mapping[str, Table], rows: _Rows, begin: Numbers, quality: Quality) -> _Rows:
    """Replace trips that frequencies.txt repeats by all their repetitions."""
    stop, trip, time, first = rows
    table = tables["frequencies.txt"]
    trips = {name: row for row, name in enumerate(tables["trips.txt"].texts("trip_id"))}
    pattern = np.array([trips.get(name, -1) for name in table.texts("trip_id")], dtype=np.int64)
    starts, ends = table.seconds("start_time"), table.seconds("end_time")
    headway = table.numbers("headway_secs")
    good = (pattern >= 0) & (headway > 0) & np.isfinite(headway) & (starts >= 0) & (ends > starts)
    _refuse(~good, "bad_frequency", "a frequency has no trip, no headway, or ends before it begins", quality)
    times = np.ceil(np.where(good, ends - starts, 0.0) / np.where(good, headway, 1.0))
    calls_of = np.bincount(trip, minlength=int(max(trip.max(initial=0), pattern.max(initial=0))) + 1)
    if float((times * calls_of[np.maximum(pattern, 0)]).sum()) > MOST_DEPARTURES:
        raise BadInput("the frequencies unroll to an absurd number of departures", where=table.name)
    counts = times.astype(np.int64)
    repeated = np.isin(trip, pattern[good])
    parts: list[_Rows] = [(stop[~repeated], trip[~repeated], time[~repeated], first[~repeated])]
    for row in np.flatnonzero(good):
        mine = np.flatnonzero(trip == pattern[row])
        offsets = time[mine] - begin[mine]
        when = starts[row] + headway[row] * np.arange(counts[row])
        parts.append(
            (
                np.repeat(stop[mine], counts[row]),
                np.repeat(trip[mine], counts[row]),
                (offsets[:, None] + when[None, :]).ravel(),
                np.repeat(first[mine], counts[row]),
            )
        )
    whole = [np.concatenate(part) for part in zip(*parts, strict=True)]
    return whole[0], whole[1], whole[2], whole[3]

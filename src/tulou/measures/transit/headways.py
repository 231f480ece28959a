"""Headways and waits at stops, from the departures of one day.

Departures come as one long list: the time of each and the stop it leaves from. A passenger who does not know the
timetable comes at any moment, so long gaps catch more of them: the mean wait over the gaps ``h`` between departures
is ``sum(h^2) / (2 sum(h))``, which is half the mean headway only when the gaps are even.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Integers
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words

_SOURCE = "Random-arrival wait, textbook (Osuna & Newell 1972)"
SECONDS = 60.0
"""Seconds in a minute."""


@measure(title=Words("站点发车次数", "Departures at stops"))
def departures_at(
    times: Annotated[Floats, "second"],
    stop: Integers,
    stops: Annotated[Floats, "1"],
    *,
    begin: Annotated[float, "second"],
    end: Annotated[float, "second"],
) -> Annotated[Floats, "trip"]:
    """How many departures each stop has from ``begin`` until before ``end``.

    Args:
        times: Departures after midnight of the service day, one each.
        stop: Position in ``stops`` of the stop of each departure.
        stops: One number a stop; only how many there are matters.
        begin: First moment that counts.
        end: First moment that does not.
    """
    inside = (times >= begin) & (times < end)
    return np.bincount(stop[inside], minlength=len(stops)).astype(np.float64)


@measure(title=Words("平均发车间隔", "Mean headway"))
def mean_headway(
    times: Annotated[Floats, "second"],
    stop: Integers,
    stops: Annotated[Floats, "1"],
    *,
    begin: Annotated[float, "second"],
    end: Annotated[float, "second"],
) -> Annotated[Floats, "minute"]:
    """Mean gap between departures of each stop; NaN with fewer than two departures in the window.

    Args:
        times: Departures after midnight of the service day, one each.
        stop: Position in ``stops`` of the stop of each departure.
        stops: One number a stop; only how many there are matters.
        begin: First moment that counts.
        end: First moment that does not.
    """
    gaps, owner = _gaps(times, stop, begin, end)
    total = np.bincount(owner, gaps, len(stops))
    count = np.bincount(owner, minlength=len(stops))
    return np.divide(total / SECONDS, count, out=np.full(len(stops), np.nan), where=count > 0)


@measure(title=Words("平均候车时间", "Mean wait"), source=_SOURCE)
def mean_wait(
    times: Annotated[Floats, "second"],
    stop: Integers,
    stops: Annotated[Floats, "1"],
    *,
    begin: Annotated[float, "second"],
    end: Annotated[float, "second"],
) -> Annotated[Floats, "minute"]:
    """Mean wait of passengers who come at random: ``sum(h^2) / (2 sum(h))`` over the gaps of each stop.

    Two departures at the same moment are one for who waits. NaN with fewer than two moments in the window.

    Args:
        times: Departures after midnight of the service day, one each.
        stop: Position in ``stops`` of the stop of each departure.
        stops: One number a stop; only how many there are matters.
        begin: First moment that counts.
        end: First moment that does not.
    """
    gaps, owner = _gaps(times, stop, begin, end)
    total = np.bincount(owner, gaps, len(stops))
    squares = np.bincount(owner, gaps * gaps, len(stops))
    return np.divide(squares / SECONDS, 2.0 * total, out=np.full(len(stops), np.nan), where=total > 0)


def _gaps(
    times: NDArray[np.float64], stop: NDArray[np.int64], begin: float, end: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Gaps between successive departures of one stop within the window, in seconds, and the stop of each."""
    inside = (times >= begin) & (times < end)
    when, owner = times[inside], stop[inside]
    order = np.lexsort((when, owner))
    when, owner = when[order], owner[order]
    same = owner[1:] == owner[:-1]
    return np.diff(when)[same], owner[1:][same]

"""Clearance: how long it takes until groups of people have walked to their places through streets that hold so many.

The capacity-constrained route planner (Lu, George & Shekhar, 2005): one group after the other, the nearest first, takes
the route on which it arrives first given what is left of the capacity of each street in each step of time; waiting is
allowed. As many as the narrowest street on the route lets pass in its step go; the rest of the group asks again. The
result is a plan that can be walked, so its clearance time is never below the least possible one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.measures.hazard.evacuation.kernels import planner

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Streets:
    """A network that people walk.

    Args:
        size: Number of nodes.
        tail: Node each arc leaves from.
        head: Node each arc leads to.
        time: Time to walk each arc, s.
        flow: Most people that enter each arc, person/s; infinite for no limit.
    """

    size: int
    tail: Rows
    head: Rows
    time: Array
    flow: Array


@dataclass(frozen=True, eq=False)
class Cleared:
    """What the plan of an evacuation gives.

    Args:
        free: Time each group would need alone, s; infinite where there is no way.
        first: When the first of each group arrives, s.
        last: When the last of each group arrives, s; infinite where there is no way.
        passed: People that pass each arc.
        step: Length of a step, s: times are right to within one.
    """

    free: Array
    first: Array
    last: Array
    passed: Array
    step: float


def evacuation_plan(streets: Streets, source: Rows, target: Rows, people: Array, *, step: float) -> Cleared:
    """When does each group arrive, when streets hold only so many?

    Args:
        streets: The network.
        source: Node each group starts from.
        target: Node each group walks to.
        people: People of each group.
        step: Length of a step, s. Shorter steps are sharper and take longer to work out.
    """
    order = np.argsort(streets.tail, kind="stable")
    first = np.zeros(streets.size + 1, np.int64)
    np.cumsum(np.bincount(streets.tail, minlength=streets.size), out=first[1:])
    room = np.asarray(streets.flow, np.float64)[order] * step
    graph = (first, streets.head[order].astype(np.int64), np.asarray(streets.time, np.float64)[order], room)
    free = planner.free_times(graph, source.astype(np.int64), target.astype(np.int64))
    ranked = np.argsort(free, kind="stable").astype(np.int64)
    start, end, passed = planner.plan(
        graph, (source.astype(np.int64), target.astype(np.int64), np.asarray(people, np.float64)), ranked, float(step)
    )
    total = np.empty(len(order))
    total[order] = passed
    lost = ~np.isfinite(free)
    return Cleared(free, np.where(lost, np.inf, start), np.where(lost, np.inf, end), total, step)

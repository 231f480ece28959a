"""Earliest arrival through streets with so much room a step, group after group."""

from __future__ import annotations

import heapq
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]
Graph: TypeAlias = tuple[Longs, Longs, Reals, Reals]
"""Offsets of each node's arcs, node each arc leads to, seconds along it, people it takes a step."""
Labels: TypeAlias = tuple[Reals, Longs, Longs]
"""Earliest arrival at each node, the arc it is reached by, and the nodes touched by a search."""
Groups: TypeAlias = tuple[Longs, Longs, Reals]
"""Source, target and people of each group."""

LEAST = 1e-6
"""People fewer than this are the rounding of sums."""
FIRST_ARCS = 256
FIRST_STEPS = 64
"""Steps of room that are kept for a street at first; more are added when they fill."""


@njit(cache=True, nogil=True)
def free_times(graph: Graph, source: Longs, target: Longs) -> Reals:
    """Time of each group alone, s; infinite where there is no way."""
    row = np.full(len(graph[1]), -1, np.int64)
    left = np.empty((0, FIRST_STEPS))
    found = np.empty(len(source))
    labels = _labels(len(graph[0]) - 1)
    for group in range(len(source)):
        many = _search(graph, source[group], target[group], 1.0, row, left, labels)
        found[group] = labels[0][target[group]]
        _forget(labels, many)
    return found


@njit(cache=True, nogil=True)
def plan(graph: Graph, groups: Groups, order: Longs, step: float) -> tuple[Reals, Reals, Reals]:
    """When the first and the last of each group arrive, and how many pass each arc."""
    first, room = graph[0], graph[3]
    source, target, people = groups
    tails = np.repeat(np.arange(len(first) - 1), first[1:] - first[:-1])
    begins, ends = np.full(len(source), np.inf), np.full(len(source), np.inf)
    passed, row = np.zeros(len(room)), np.full(len(room), -1, np.int64)
    left, used = np.empty((FIRST_ARCS, FIRST_STEPS)), 0
    labels = _labels(len(first) - 1)
    for group in order:
        rest = people[group]
        while rest > LEAST:
            many = _search(graph, source[group], target[group], step, row, left, labels)
            at = labels[0][target[group]]
            if at == np.inf:
                _forget(labels, many)
                break
            arcs, slots = _route(labels, tails, target[group], step, row, left, room)
            left, used = _with_room(arcs, slots, row, left, used, room)
            some = _take(arcs, slots, row, left, rest)
            passed[arcs] += some
            begins[group], ends[group] = min(begins[group], at), at + step
            rest -= some
            _forget(labels, many)
    return begins, ends, passed


@njit(cache=True, nogil=True)
def _route(
    labels: Labels, tails: Longs, target: int, step: float, row: Longs, left: Reals, room: Reals
) -> tuple[Longs, Longs]:
    """Arcs back from the target to the source, and the step in which each is entered; -1 for an arc without limit."""
    best, via, _ = labels
    count, node = 0, target
    while via[node] >= 0:
        count, node = count + 1, tails[via[node]]
    arcs, slots, node = np.empty(count, np.int64), np.full(count, -1, np.int64), target
    for place in range(count):
        arc = via[node]
        node = tails[arc]
        arcs[place] = arc
        if room[arc] < np.inf:
            slots[place] = np.int64(np.floor(_departure(best[node], arc, step, row, left, room) / step))
    return arcs, slots


@njit(cache=True, nogil=True)
def _with_room(arcs: Longs, slots: Longs, row: Longs, left: Reals, used: int, room: Reals) -> tuple[Reals, int]:
    """What is left of each arc and step, with rows for the arcs and steps of a route."""
    for place in range(len(arcs)):
        arc = arcs[place]
        if slots[place] < 0:
            continue
        if row[arc] < 0:
            if used == len(left):
                left = np.concatenate((left, np.empty_like(left)))
            row[arc], left[used] = used, room[arc]
            used += 1
        while slots[place] >= left.shape[1]:
            left = _longer(left, row, room)
    return left, used


@njit(cache=True, nogil=True)
def _take(arcs: Longs, slots: Longs, row: Longs, left: Reals, most: float) -> float:
    """How many can go along a route; their room is taken."""
    some = most
    for place in range(len(arcs)):
        if slots[place] >= 0:
            some = min(some, left[row[arcs[place]], slots[place]])
    for place in range(len(arcs)):
        if slots[place] >= 0:
            at = row[arcs[place]]
            left[at, slots[place]] = max(left[at, slots[place]] - some, 0.0)
    return some


@njit(cache=True, nogil=True)
def _departure(at: float, arc: int, step: float, row: Longs, left: Reals, room: Reals) -> float:
    """When somebody who is there at a time can enter an arc."""
    if room[arc] <= LEAST:
        return np.inf
    place = row[arc]
    slot = np.int64(np.floor(at / step))
    if place < 0 or slot >= left.shape[1] or left[place, slot] > LEAST:
        return at
    while slot < left.shape[1] and left[place, slot] <= LEAST:
        slot += 1
    return slot * step


@njit(cache=True, nogil=True)
def _search(graph: Graph, source: int, target: int, step: float, row: Longs, left: Reals, labels: Labels) -> int:
    """Earliest arrival at the target and the arc each node is reached by; how many nodes were touched."""
    first, heads, seconds, room = graph
    best, via, seen = labels
    best[source] = 0.0
    seen[0] = source
    many = 1
    heap = [(0.0, source)]
    while heap:
        at, node = heapq.heappop(heap)
        if node == target:
            break
        if at > best[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            there = _departure(at, arc, step, row, left, room) + seconds[arc]
            head = heads[arc]
            if there < best[head]:
                if best[head] == np.inf:
                    seen[many] = head
                    many += 1
                best[head], via[head] = there, arc
                heapq.heappush(heap, (there, head))
    return many


@njit(cache=True, nogil=True)
def _labels(size: int) -> Labels:
    return np.full(size, np.inf), np.full(size, -1, np.int64), np.empty(size, np.int64)


@njit(cache=True, nogil=True)
def _forget(labels: Labels, many: int) -> None:
    best, via, seen = labels
    for place in range(many):
        best[seen[place]], via[seen[place]] = np.inf, -1


@njit(cache=True, nogil=True)
def _longer(left: Reals, row: Longs, room: Reals) -> Reals:
    """Room for twice as many steps."""
    found = np.empty((len(left), 2 * left.shape[1]))
    found[:, : left.shape[1]] = left
    for arc in range(len(row)):
        if row[arc] >= 0:
            found[row[arc], left.shape[1] :] = room[arc]
    return found

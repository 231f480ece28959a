"""A good division of a large territory: grids grow from seeds, then parts move between neighbours while it cools.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) with moves that keep every grid connected. Its answers are
held against proved ones in the tests, and its random numbers are its own, so that two runs give the same division.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.operations.communities.domain.dividing import (
    Division,
    Ground,
    Numbers,
    Places,
    Size,
    Weights,
    border_scale,
    cost_of,
    mean_load,
)

STARTS = 24
"""Divisions that are grown and cooled; the best is taken."""
STEPS_A_PART = 400
FEWEST_STEPS = 4000
MOST_STEPS = 200_000
HOT, COLD = 5.0, 0.002
"""Costs that are taken up with a chance of 1/e at the beginning and at the end."""

ROUNDING = 1e-12
"""Less than this is no gain."""

_FACTOR, _STEP, _SHIFT = np.uint64(6364136223846793005), np.uint64(1442695040888963407), np.uint64(33)
_RANGE = float(2**31)


def good_division(ground: Ground, count: int, size: Size, weights: Weights) -> Division:
    """A good division of a connected territory into so many grids.

    Args:
        ground: The parts; at least as many as grids.
        count: How many grids.
        size: How much a grid should hold.
        weights: What counts for how much.
    """
    if count == 1:
        only = np.zeros(ground.size, np.int64)
        cost = cost_of(ground, only, size, weights)
        return Division(only, cost, cost)
    mean, scale = mean_load(ground, count), border_scale(ground, count)
    terms = np.array([mean, size.least, size.most, weights.outside, weights.border / scale])
    steps = int(min(max(STEPS_A_PART * ground.size, FEWEST_STEPS), MOST_STEPS))
    best, least = np.empty(0, np.int64), np.inf
    for start in range(STARTS):
        grid = _cooled(*ground.neighbours(), ground.load, count, terms, steps, np.uint64(start + 1))
        cost = cost_of(ground, grid, size, weights)
        if cost < least:
            best, least = grid, cost
    return Division(_numbered(best), least)


def _numbered(grid: Places) -> Places:
    """The same division, its grids numbered by their first parts."""
    _, first, which = np.unique(grid, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[which].astype(np.int64)


@njit(cache=True, nogil=True)
def _drawn(state: np.uint64) -> tuple[np.uint64, float]:  # pragma: no cover  (compiled)
    """The next state of the generator and a number from 0 up to 1."""
    state = state * _FACTOR + _STEP
    return state, float(state >> _SHIFT) / _RANGE


@njit(cache=True, nogil=True)
def _seeded(parts: int, count: int, state: np.uint64) -> tuple[Places, np.uint64]:  # pragma: no cover  (compiled)
    """Grids of one drawn part each; all other parts are free (-1)."""
    grid = np.full(parts, -1, np.int64)
    placed = 0
    while placed < count:
        state, chance = _drawn(state)
        seed = int(chance * parts)
        if grid[seed] < 0:
            grid[seed] = placed
            placed += 1
    return grid, state


@njit(cache=True, nogil=True)
def _free_beside(
    first: Places, other: Places, grid: Places, wanted: int, chosen: int
) -> tuple[int, int]:  # pragma: no cover  (compiled)
    """How many free neighbours a grid has, and the one that was chosen among them (-1 when there is none)."""
    free, found = 0, -1
    for part in range(len(grid)):
        if grid[part] == wanted:
            for at in range(first[part], first[part + 1]):
                if grid[other[at]] < 0:
                    if free == chosen:
                        found = other[at]
                    free += 1
    return free, found


@njit(cache=True, nogil=True)
def _grown(
    first: Places, other: Places, load: Numbers, count: int, state: np.uint64
) -> tuple[Places, np.uint64]:  # pragma: no cover  (compiled)
    """Grids grown from drawn seeds: the one that holds least, or by chance any, that has a free neighbour."""
    grid, state = _seeded(len(load), count, state)
    held = np.zeros(count)
    for part in range(len(load)):
        if grid[part] >= 0:
            held[grid[part]] = load[part]
    state, chance = _drawn(state)
    is_even = chance < 1.0 / 2
    for _ in range(len(load) - count):
        order = np.argsort(held)
        if not is_even:
            state, chance = _drawn(state)
            order = np.roll(np.arange(count), int(chance * count))
        for least in order:
            free, _none = _free_beside(first, other, grid, least, -1)
            if free > 0:
                state, chance = _drawn(state)
                _free, found = _free_beside(first, other, grid, least, int(chance * free))
                grid[found] = least
                held[least] += load[found]
                break
    return grid, state


@njit(cache=True, nogil=True)
def _stays_whole(
    first: Places, other: Places, grid: Places, part: int, seen: Places, stamp: int, todo: Places
) -> bool:  # pragma: no cover  (compiled)
    """Whether the grid of a part stays connected without it: its neighbours in the grid still reach each other."""
    mine = grid[part]
    wanted, start = 0, -1
    for at in range(first[part], first[part + 1]):
        if grid[other[at]] == mine:
            wanted += 1
            start = other[at]
    if wanted <= 1:
        return wanted == 1
    seen[part] = stamp
    seen[start] = stamp
    todo[0], left = start, 1
    while left > 0:
        left -= 1
        one = todo[left]
        for at in range(first[one], first[one + 1]):
            near = other[at]
            if grid[near] == mine and seen[near] != stamp:
                seen[near] = stamp
                todo[left] = near
                left += 1
    for at in range(first[part], first[part + 1]):
        near = other[at]
        if grid[near] == mine and seen[near] != stamp:
            return False
    return True


@njit(cache=True, nogil=True)
def _strain(load: float, terms: Numbers) -> float:  # pragma: no cover  (compiled)
    """What the load of one grid costs."""
    lack = max(terms[1] - load, load - terms[2], 0.0)
    return (abs(load - terms[0]) + terms[3] * lack) / terms[0]


@njit(cache=True, nogil=True)
def _change(  # noqa: PLR0913, PLR0917  (arrays of a kernel)
    first: Places, other: Places, border: Numbers, load: Numbers, grid: Places, held: Numbers, terms: Numbers,
    part: int, goal: int,
) -> float:  # pragma: no cover  (compiled)  # fmt: skip
    """What it costs more when a part moves to another grid."""
    home, change = grid[part], 0.0
    for at in range(first[part], first[part + 1]):
        near = grid[other[at]]
        if near == home:
            change += border[at]
        elif near == goal:
            change -= border[at]
    change *= terms[4]
    change += _strain(held[home] - load[part], terms) - _strain(held[home], terms)
    return change + _strain(held[goal] + load[part], terms) - _strain(held[goal], terms)


@njit(cache=True, nogil=True)
def _cooled(
    first: Places, other: Places, border: Numbers, load: Numbers, count: int, terms: Numbers, steps: int,
    state: np.uint64,
) -> Places:  # pragma: no cover  (compiled)  # fmt: skip
    """One division, grown and cooled; the best that was met on the way."""
    grid, state = _grown(first, other, load, count, state)
    parts = len(load)
    held, members = np.zeros(count), np.zeros(count, np.int64)
    for part in range(parts):
        held[grid[part]] += load[part]
        members[grid[part]] += 1
    seen, todo = np.zeros(parts, np.int64), np.empty(parts + 1, np.int64)
    best, now, least = grid.copy(), 0.0, 0.0
    heat, cool = HOT, (COLD / HOT) ** (1.0 / steps)
    for step in range(steps):
        heat *= cool
        state, chance = _drawn(state)
        part = int(chance * parts)
        state, chance = _drawn(state)
        near = first[part] + int(chance * (first[part + 1] - first[part]))
        goal, home = grid[other[near]] if near < first[part + 1] else grid[part], grid[part]
        if goal == home or members[home] == 1:
            continue
        change = _change(first, other, border, load, grid, held, terms, part, goal)
        state, chance = _drawn(state)
        if change > 0.0 and chance >= np.exp(-change / heat):
            continue
        if _stays_whole(first, other, grid, part, seen, step + 1, todo):
            grid[part] = goal
            held[home] -= load[part]
            held[goal] += load[part]
            members[home] -= 1
            members[goal] += 1
            now += change
            if now < least - ROUNDING:
                least = now
                best[:] = grid
    return best

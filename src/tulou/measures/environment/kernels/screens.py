"""Noise of roads at many places: each road in points, each way cut by the walls that stand in it."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tulou.measures.environment.kernels.sound import way_loss

Reals = NDArray[np.float64]
Ints = NDArray[np.int64]
Cells = tuple[Reals, float, Ints, Ints, Ints]
"""South-western corner, size of a cell (m), cells across and up, first entry of each cell, walls entered."""
Air = tuple[Reals, Reals]
"""Bands, Hz, and what the air takes from each, dB/m."""
Grounds = tuple[float, float, float]
"""Ground factor of the land, of roads, and share of the time with favourable air."""
Work = tuple[Reals, Reals, Reals]
"""Room for edges, for losses, and for the energy that arrives."""
Land = tuple[Reals, Reals, Cells]
"""Ends of each wall (x, y, x, y), its height, and the cells they lie in."""

STEP = 0.3
"""A road is cut into points no farther apart than this share of their distance from the place: within 0.05 dB of the
whole line in the open (tests)."""
LEAST_STEP, MOST_STEP = 1.0, 30.0
"""Metres. With 30 m, levels between the houses of Lorient are within 0.08 dB (5 to 95 %) of points 4 m apart."""
SPREADING = 11.0
"""Geometric spreading at one metre, dB (CNOSSOS-EU 2.5.12)."""
MARGIN = 1e-3
"""A wall on the border of two cells is entered into both, m: rounding must not lose where a way crosses it."""
MOST_EDGES = 1024
"""Edges heard of on one way; the ones farther away than that are left out."""


@njit(cache=True, nogil=True)
def cell_of(value: float, low: float, size: float, last: int) -> int:
    """The cell a coordinate falls in, clamped to the grid."""
    return min(max(math.floor((value - low) / size), 0), last)


@njit(cache=True, nogil=True)
def enter(walls: Reals, cells: Cells) -> None:
    """Enter each wall into every cell of its box; counts only, while there is no room for entries."""
    low, size, shape, first, entries = cells
    for w in range(len(walls)):
        left = cell_of(min(walls[w, 0], walls[w, 2]) - MARGIN, low[0], size, shape[0] - 1)
        right = cell_of(max(walls[w, 0], walls[w, 2]) + MARGIN, low[0], size, shape[0] - 1)
        bottom = cell_of(min(walls[w, 1], walls[w, 3]) - MARGIN, low[1], size, shape[1] - 1)
        top = cell_of(max(walls[w, 1], walls[w, 3]) + MARGIN, low[1], size, shape[1] - 1)
        for i in range(left, right + 1):
            for j in range(bottom, top + 1):
                cell = i * shape[1] + j
                if len(entries) == 0:
                    first[cell + 1] += 1
                else:
                    entries[first[cell]] = w
                    first[cell] += 1


@njit(cache=True, nogil=True)
def crossing(line: tuple[float, float, float, float], wall: Reals) -> float:
    """Where along a line (0 to 1) a wall crosses it; −1 where it does not. Of two walls that meet, one counts."""
    x, y, across, up = line
    side_x, side_y = wall[2] - wall[0], wall[3] - wall[1]
    cross = across * side_y - up * side_x
    if cross == 0.0:
        return -1.0
    to_x, to_y = wall[0] - x, wall[1] - y
    part = (to_x * up - to_y * across) / cross
    if part < 0.0 or part >= 1.0:
        return -1.0
    return (to_x * side_y - to_y * side_x) / cross


@njit(cache=True, nogil=True)
def gather(line: tuple[float, float, float, float], land: Land, tops: Reals) -> int:
    """Edges on a way, as distance from its start and height, in their order.

    Args:
        line: Start of the way, and from there to its end.
        land: Walls.
        tops: Filled, (most, 2).

    Returns:
        How many.
    """
    walls, heights, cells = land
    low, size, shape, first, entries = cells
    x, y, across, up = line
    length, count, done = math.hypot(across, up), 0, 0.0
    while done < 1.0:
        middle = done + 1e-9
        i = math.floor((x + middle * across - low[0]) / size)
        j = math.floor((y + middle * up - low[1]) / size)
        end = min(_leaving(x, across, low[0], size, i), _leaving(y, up, low[1], size, j), 1.0)
        end = max(end, middle)
        if 0 <= i < shape[0] and 0 <= j < shape[1]:
            cell = i * shape[1] + j
            for e in range(first[cell], first[cell + 1]):
                share = crossing(line, walls[entries[e]])
                if done <= share < end and share > 0.0 and count < len(tops):
                    tops[count, 0], tops[count, 1] = share * length, heights[entries[e]]
                    count += 1
        done = end
    order(tops, count)
    return count


@njit(cache=True, nogil=True)
def _leaving(at: float, along: float, low: float, size: float, cell: int) -> float:
    """Where along a line (0 to 1) it leaves a column or row of cells."""
    if along == 0.0:
        return math.inf
    edge = low + size * (cell + 1 if along > 0.0 else cell)
    return (edge - at) / along


@njit(cache=True, nogil=True)
def order(tops: Reals, count: int) -> None:
    """Order the first edges by distance, in place: they come nearly ordered, cell by cell."""
    for k in range(1, count):
        x, z = tops[k, 0], tops[k, 1]
        b = k - 1
        while b >= 0 and tops[b, 0] > x:
            tops[b + 1, 0], tops[b + 1, 1] = tops[b, 0], tops[b, 1]
            b -= 1
        tops[b + 1, 0], tops[b + 1, 1] = x, z


@njit(cache=True, nogil=True)
def reach_energy(source: Reals, place: Reals, land: Land, grounds: Grounds, air: Air, work: Work) -> None:
    """Share of the energy of a point source that reaches a place in the long run, a band: in ``work[2]``.

    Args:
        source: x, y and height.
        place: x, y and height.
        land: Walls.
        grounds: Ground and share of favourable air.
        air: Bands and absorption.
        work: Room for edges, for losses (2, bands), and for the answer.
    """
    tops, losses, found = work
    bands, absorption = air
    factor, area, share = grounds
    across, up = place[0] - source[0], place[1] - source[1]
    flat = math.hypot(across, up)
    count = gather((source[0], source[1], across, up), land, tops)
    ground = np.zeros((2, 3))
    ground[:, 2] = factor
    ground[1, 0] = flat
    ends = np.zeros((2, 2))
    ends[0, 1], ends[1, 0], ends[1, 1] = source[2], flat, place[2]
    for bent in range(2):
        way_loss(ground, tops[:count], ends, area, bands, bent == 1, losses[bent])
    length = math.hypot(flat, place[2] - source[2])
    for b in range(len(bands)):
        gone = 20.0 * math.log10(length) + SPREADING + absorption[b] * length
        still, bent = 10.0 ** (-(gone + losses[0, b]) / 10.0), 10.0 ** (-(gone + losses[1, b]) / 10.0)
        found[b] = share * bent + (1.0 - share) * still


@njit(cache=True, nogil=True)
def road_energies(
    places: Reals,
    roads: Reals,
    powers: Reals,
    land: Land,
    grounds: Grounds,
    air: Air,
    limits: tuple[float, float],
    found: Reals,
) -> None:
    """Energy of roads at places, by period.

    Args:
        places: x, y and height, (n, 3).
        roads: Ends of straight pieces of road (x, y, x, y), (s, 4).
        powers: Energy a metre of each piece, (s, periods, bands).
        land: Walls.
        grounds: Ground and share of favourable air.
        air: Bands and absorption.
        limits: Height of the source, and how far roads are heard, m.
        found: Filled, (n, periods).
    """
    bands = air[0]
    height, reach = limits
    work = (np.empty((MOST_EDGES, 2)), np.empty((2, len(bands))), np.empty(len(bands)))
    source = np.empty(3)
    source[2] = height
    for n in range(len(places)):
        for s in range(len(roads)):
            x, y = roads[s, 0], roads[s, 1]
            across, up = roads[s, 2] - x, roads[s, 3] - y
            length = math.hypot(across, up)
            if length == 0.0 or nearest(places[n], x, y, across, up) > reach:
                continue
            at = 0.0
            while at < length:
                here = math.hypot(x + across * at / length - places[n, 0], y + up * at / length - places[n, 1])
                step = min(max(STEP * here, LEAST_STEP), MOST_STEP, length - at)
                middle = (at + step / 2.0) / length
                source[0], source[1] = x + across * middle, y + up * middle
                at += step
                if math.hypot(source[0] - places[n, 0], source[1] - places[n, 1]) > reach:
                    continue
                reach_energy(source, places[n], land, grounds, air, work)
                for p in range(powers.shape[1]):
                    for b in range(len(bands)):
                        found[n, p] += powers[s, p, b] * work[2][b] * step


@njit(cache=True, nogil=True)
def nearest(place: Reals, x: float, y: float, across: float, up: float) -> float:
    """Distance of a place from a straight piece, m."""
    square = across * across + up * up
    share = ((place[0] - x) * across + (place[1] - y) * up) / square
    share = min(max(share, 0.0), 1.0)
    return math.hypot(x + share * across - place[0], y + share * up - place[1])

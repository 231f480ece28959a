"""Noise of roads at many places in a town: roads as lines, buildings and walls as screens, flat ground."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.threads import in_threads, spans
from tulou.measures.environment.kernels.screens import Cells, enter, road_energies

Array = NDArray[np.float64]
CELL = 25.0
"""Side of the cells in which walls are looked up, m: about the size of a house."""
SOURCE_HEIGHT = 0.05
"""Height of the source of road noise, m (CNOSSOS-EU 2.2.1)."""
ROAD_GROUND = 0.0
"""Ground factor of a road (CNOSSOS-EU table 2.5.a)."""
PLACES_A_SPAN = 64
"""Places done at a time: how they are handed to threads changes no result."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Straight pieces of road.

    Args:
        ends: x, y of both ends, m, (s, 4).
        powers: A-weighted sound power of a metre by period and band, dB, (s, periods, bands); −∞ for silence.
    """

    ends: Array
    powers: Array


@dataclass(frozen=True, eq=False)
class Walls:
    """What screens.

    Args:
        ends: x, y of both ends of each straight wall, m, (w, 4).
        heights: Height of its top, m.
    """

    ends: Array
    heights: Array


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What sound meets on its way.

    Args:
        bands: Nominal frequencies, Hz.
        absorption: Of the air, dB/m a band.
        ground: Ground factor of the land, 0 hard to 1 porous.
        favourable: Share of the time in which the air bends rays down.
        reach: How far roads are heard, m.
    """

    bands: Array
    absorption: Array
    ground: float
    favourable: float
    reach: float


def road_levels(places: Array, roads: Roads, walls: Walls, around: Surroundings) -> Array:
    """How loud are roads at places, in the long run, dB(A) by period?

    Every piece of road is cut into points no farther apart than 0.3 of their distance and 30 m; each way is cut by the
    walls in it and weakened as ``propagation.boundary_loss`` says. No reflections, no ways around the sides.

    Args:
        places: x, y and height above the ground, m, (n, 3).
        roads: The roads.
        walls: What screens.
        around: Air and ground.

    Returns:
        (n, periods); −∞ where no road is heard.

    Raises:
        BadUse: When a place, a wall or a share is not known or cannot be.
    """
    for name, part in (("places", places), ("roads", roads.ends), ("walls", walls.ends), ("heights", walls.heights)):
        if not np.isfinite(part).all():
            raise BadUse("places, roads and walls are known numbers", where=name, found="NaN")
    if not 0 <= around.ground <= 1 or not 0 <= around.favourable <= 1 or not around.reach > 0:
        raise BadUse("shares are from 0 to 1, the reach is above 0", where="ground", found=around.ground)
    land = (np.ascontiguousarray(walls.ends), np.ascontiguousarray(walls.heights), _cells(walls.ends))
    energy = 10 ** (roads.powers / 10)
    grounds = (around.ground, ROAD_GROUND, around.favourable)
    air = (np.ascontiguousarray(around.bands, np.float64), np.ascontiguousarray(around.absorption, np.float64))
    found = np.zeros((len(places), roads.powers.shape[1]))
    held = np.ascontiguousarray(places, np.float64)

    def work(span: slice) -> None:
        limits = (SOURCE_HEIGHT, around.reach)
        road_energies(held[span], np.ascontiguousarray(roads.ends), energy, land, grounds, air, limits, found[span])

    in_threads(work, spans(len(places), len(places) // PLACES_A_SPAN + 1))
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(found))


def _cells(ends: Array) -> Cells:
    """The grid in which walls are looked up."""
    if not len(ends):
        return np.zeros(2), CELL, np.ones(2, np.int64), np.zeros(2, np.int64), np.zeros(0, np.int64)
    low = np.minimum(ends[:, :2], ends[:, 2:]).min(axis=0) - CELL
    high = np.maximum(ends[:, :2], ends[:, 2:]).max(axis=0) + CELL
    shape = np.array([math.floor((high[axis] - low[axis]) / CELL) + 1 for axis in (0, 1)], np.int64)
    first = np.zeros(int(shape.prod()) + 1, np.int64)
    enter(ends, (low, CELL, shape, first, np.empty(0, np.int64)))
    first = np.cumsum(first)
    entries = np.empty(int(first[-1]), np.int64)
    if len(entries):
        enter(ends, (low, CELL, shape, first.copy(), entries))
    return low, CELL, shape, first, entries

"""A town made for the benchmarks of surfaces: houses of all heights in rows on rolling ground."""

from __future__ import annotations

import numpy as np
import shapely

from tulou.kernel.grid import Grid
from tulou.measures.climate.surface import built_surface

HEIGHTS = (6.0, 9.0, 12.0, 18.0, 30.0, 60.0, 100.0)
OFTEN = (0.20, 0.20, 0.25, 0.20, 0.10, 0.04, 0.01)
SITE = 32.0
"""Side of the square a house or a row of two stands in, m: about a third of the ground is built on."""


def houses(side: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Footprints and heights; every third house has a neighbour wall to wall."""
    random = np.random.default_rng(seed)
    count = int(side / SITE)
    west, south = (axis.ravel() * SITE for axis in np.meshgrid(np.arange(count), np.arange(count)))
    wide, deep = random.uniform(14, 24, (2, count * count))
    left, low = west + random.uniform(1, 6, count * count), south + random.uniform(1, 6, count * count)
    first = shapely.box(left, low, left + wide, low + deep)
    beside = random.random(count * count) < 1 / 3
    second = shapely.box(left + wide, low, np.minimum(left + wide + 9, west + SITE), low + deep)[beside]
    shapes = np.concatenate((first, second))
    return shapes, random.choice(HEIGHTS, len(shapes), p=OFTEN)


def surface(size: int, cell: float = 1.0) -> np.ndarray:
    """Heights of ground and roofs, (size, size), single precision."""
    shapes, heights = houses(size * cell)
    south, east = np.mgrid[0:size, 0:size] * cell
    ground = 8 * np.sin(east / 230) + 6 * np.cos(south / 310)
    return built_surface(shapes, heights, Grid(0, size * cell, cell, size, size), ground=ground).height.astype(
        np.float32
    )

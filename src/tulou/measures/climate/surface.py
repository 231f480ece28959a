"""The surface of a city: the ground with the buildings on it, as one height a cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid
from tulou.measures.climate.morphology import building_cells

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]

HALF = 0.5
"""Share of a cell that buildings cover at least for it to be roof."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Ground and buildings, cell by cell, the northern row first.

    Args:
        grid: Where the cells lie.
        height: Height of the ground or of the roof, m; NaN where unknown.
        is_built: Which cells are roof.
    """

    grid: Grid
    height: Array
    is_built: NDArray[np.bool_]


def built_surface(shapes: Shapes, heights: Array, grid: Grid, *, ground: Array | None = None) -> Surface:
    """Which height does the city have in each cell?

    A cell is roof where buildings cover half of it or more, and then that of the one that covers most of it. A roof is
    flat: its building stands on the mean of the ground below it.

    Args:
        shapes: Footprints, m; None and empty ones stand nowhere.
        heights: Height of each above its ground, m; NaN where unknown, and then its cells are.
        grid: The cells, m; small ones, of a metre or a few.
        ground: Height of the ground in each cell, m; level at 0 when it is not given.

    Raises:
        BadUse: When a height is below 0 or there is not one a footprint, or the ground has another shape than the grid.
    """
    level = np.zeros(grid.shape) if ground is None else np.asarray(ground, np.float64)
    if level.shape != grid.shape:
        raise BadUse(
            "the ground has a height for each cell",
            where="ground",
            found=str(level.shape),
            allowed=(f"{grid.rows} by {grid.columns}",),
        )
    owner, cell, area = building_cells(shapes, heights, grid)
    below = np.bincount(owner, area * level.ravel()[cell], len(heights))
    with np.errstate(invalid="ignore"):
        roof = heights + below / np.bincount(owner, area, len(heights))
    order = np.lexsort((owner, -area, cell))
    first = order[np.unique(cell[order], return_index=True)[1]]
    covered = np.bincount(cell, area, grid.rows * grid.columns)
    first = first[covered[cell[first]] >= HALF * (1 - np.finfo(np.float32).eps)]
    height, is_built = level.ravel().copy(), np.zeros(grid.rows * grid.columns, bool)
    height[cell[first]], is_built[cell[first]] = roof[owner[first]], True
    return Surface(grid, height.reshape(grid.shape), is_built.reshape(grid.shape))

"""Grids: square cells over the ground, the northern row first, as rasters and fields are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isfinite

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

HALF = 0.5
MOST_CELLS = 200_000_000
"""Cells of a grid at most: a city of 200 km2 in cells of 1 m."""


@dataclass(frozen=True)
class Grid:
    """Where the cells of a field lie, in the city's metric system.

    Args:
        west: East coordinate of the western edge, m.
        north: North coordinate of the northern edge, m.
        cell: Side of a cell, m.
        rows: Rows, from north to south.
        columns: Columns, from west to east.

    Raises:
        BadUse: When the side is not above 0, or there is no cell or an absurd number of them.
    """

    west: float
    north: float
    cell: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        if not 0 < self.cell < inf:
            raise BadUse("the side of a cell is above 0", where="cell", found=self.cell)
        if not 0 < self.rows * self.columns <= MOST_CELLS:
            raise BadUse(
                "a grid has at least one cell and no absurd number of them",
                where="grid",
                found=f"{self.rows} by {self.columns}",
                allowed=(f"at most {MOST_CELLS} cells",),
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, the shape of a field on it."""
        return self.rows, self.columns

    @property
    def area(self) -> float:
        """Area of a cell, m²."""
        return self.cell**2

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """East coordinates of the columns' middles and north coordinates of the rows' middles, m."""
        east = self.west + (np.arange(self.columns, dtype=np.float64) + HALF) * self.cell
        return east, self.north - (np.arange(self.rows, dtype=np.float64) + HALF) * self.cell

    def cells_of(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
        """The cell each place lies in, counted row by row; -1 outside and where the place is unknown.

        Args:
            places: Points, shape (n, 2), m.
        """
        with np.errstate(invalid="ignore"):
            column = np.floor((places[:, 0] - self.west) / self.cell)
            row = np.floor((self.north - places[:, 1]) / self.cell)
            held = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(held, np.where(held, row, 0) * self.columns + np.where(held, column, 0), -1).astype(np.int64)


def grid_over(bounds: Sequence[float], cell: float, *, margin: float = 0.0) -> Grid:
    """The smallest grid over some bounds whose edges lie on whole multiples of the cell.

    Two grids of one cell size over neighbouring bounds therefore share their lines.

    Args:
        bounds: West, south, east, north, m.
        cell: Side of a cell, m.
        margin: How far it reaches beyond the bounds, m.

    Raises:
        BadUse: When the bounds are not numbers, or as ``Grid``.
    """
    if not 0 < cell < inf:
        raise BadUse("the side of a cell is above 0", where="cell", found=cell)
    if not all(isfinite(one) for one in bounds):
        raise BadUse("the bounds of a grid are numbers", where="bounds", found=tuple(bounds))
    west, south, east, north = bounds
    left, top = floor((west - margin) / cell), ceil((north + margin) / cell)
    rows = max(top - floor((south - margin) / cell), 1)
    columns = max(ceil((east + margin) / cell) - left, 1)
    return Grid(left * cell, top * cell, cell, rows, columns)

"""Grids of square cells: where their lines lie, which cell holds a place, and what is no grid."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid, grid_over


def test_grids_of_one_cell_size_share_their_lines():
    grid = grid_over((-5.0, 12.0, 207.0, 130.0), 100.0, margin=10.0)
    assert (grid.west, grid.north, grid.rows, grid.columns) == (-100, 200, 2, 4)
    places = np.array([[-50.0, 150.0], [299.0, 1.0], [301.0, 1.0], [np.nan, 0.0]])
    assert grid.cells_of(places).tolist() == [0, 7, -1, -1]
    assert [axis[0] for axis in grid.centres()] == [-50, 150]
    for bad in ((np.nan, 0, 1, 1), (0, 0, 1, np.inf)):
        with pytest.raises(BadUse, match="bounds"):
            grid_over(bad, 10.0)
    for cell in (0.0, -1.0, np.nan):
        with pytest.raises(BadUse, match="side of a cell"):
            grid_over((0, 0, 1, 1), cell)
    with pytest.raises(BadUse, match="absurd"):
        Grid(0, 0, 1, 100_000, 100_000)

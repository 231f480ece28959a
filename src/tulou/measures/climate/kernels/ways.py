"""How many ways lead through each cell of a raster."""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.climate.kernels.relaxing import NONE, Places, Steps


@njit(cache=True, nogil=True)
def count_ways(last: Steps, shift: Places, starts: Places) -> Places:
    """Follow the way from each start to its source and count it in each cell.

    Args:
        last: Number of the last move to each cell, -1 at sources, row by row.
        shift: How far each move goes along ``last``.
        starts: Where ways begin.
    """
    count = np.zeros(len(last), np.int64)
    for start in starts:
        cell = start
        count[cell] += 1
        while last[cell] != NONE:
            cell -= shift[last[cell]]
            count[cell] += 1
    return count

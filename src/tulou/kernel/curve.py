"""The Z-shaped curve (Morton 1966): an order in which neighbours on the ground are mostly neighbours in a list."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Cells: TypeAlias = NDArray[np.uint64]

GRID_BITS = 16
"""Bits of a cell's column and row."""

LAST_CELL = (1 << GRID_BITS) - 1

_SPREAD = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))
"""Steps that put a 0 between each two bits of a number."""


def along_curve(column: Cells, row: Cells) -> Cells:
    """Position of grid cells along the curve: the bits of column and row in turn.

    Args:
        column: Cells from west to east, 0 to ``LAST_CELL``.
        row: Cells from south to north, 0 to ``LAST_CELL``.
    """
    return _spread(column) | (_spread(row) << np.uint64(1))


def _spread(number: Cells) -> Cells:
    for shift, mask in _SPREAD:
        number = (number | (number << np.uint64(shift))) & np.uint64(mask)
    return number

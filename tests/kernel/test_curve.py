"""The Z-shaped curve against bits put in turn by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.curve import GRID_BITS, LAST_CELL, along_curve

CELLS = st.lists(st.tuples(st.integers(0, LAST_CELL), st.integers(0, LAST_CELL)), min_size=1, max_size=50)


def in_turn(column, row):
    bits = zip(f"{row:0{GRID_BITS}b}", f"{column:0{GRID_BITS}b}", strict=True)
    return int("".join(one + other for one, other in bits), 2)


@given(CELLS)
def test_bits_stand_in_turn(cells):
    column, row = np.array(cells, np.uint64).T
    assert along_curve(column, row).tolist() == [in_turn(*cell) for cell in cells]


def test_the_first_four_cells_make_a_z():
    column, row = np.array([0, 1, 0, 1], np.uint64), np.array([0, 0, 1, 1], np.uint64)
    assert along_curve(column, row).tolist() == [0, 1, 2, 3]

"""The surface GRASS was asked about: rolling ground with blocks on it, made without chance."""

import numpy as np

SIZE = 160
PLACES = ((80, 80), (12, 140), (150, 5))
"""Rows and columns of the eye."""
EYE, TARGET = 10.0, 1.5
CELL = 5.0


def surface():
    south, east = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    ground = 15 * np.sin(east / 23) * np.cos(south / 31) + 0.05 * south
    row, column = (south // 9).astype(int), (east // 11).astype(int)
    is_block = (south % 9 < 5) & (east % 11 < 6) & ((3 * row + 5 * column) % 4 == 0)
    return (ground + np.where(is_block, 6.0 + (7 * row + 11 * column) % 19, 0.0)).astype(np.float32)

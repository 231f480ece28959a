"""Horizons along parallel lines over a surface: every point a line has passed that may still rise above what comes.

The points that may still be the horizon form a chain, each lower and the slopes between them growing (the upper convex
hull, Timonen & Westerholm 2010). A point of the line asks the end of the chain; whatever lies under the line from it to
the one before can be no horizon any more. Every point enters the chain once and leaves it once, so the horizon of all
points of a line, however far, costs one walk along it.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Singles: TypeAlias = NDArray[np.float32]
Longs: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.uint64]
BAND = 32
"""Lines taken together, so that rows of the surface are met while they are near."""
TILE = 64
"""Columns taken together, likewise."""


@njit(cache=True, nogil=True)
def line_shifts(slope: float, columns: int) -> Longs:
    """By how many rows a line has moved at each column, the nearest whole number."""
    shift = np.empty(columns, np.int64)
    for k in range(columns):
        shift[k] = int(np.floor(slope * k + 0.5))
    return shift


@njit(cache=True, nogil=True)
def line_span(line: int, shift: Longs, rows: int) -> tuple[int, int]:
    """The first column at which a line lies within the rows, and the one after the last."""
    low, high = 0, len(shift)
    while low < high and not 0 <= line + shift[low] < rows:
        low += 1
    while high > low and not 0 <= line + shift[high - 1] < rows:
        high -= 1
    return low, high


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def scan(heights: Singles, is_back: bool, chain: Singles, slopes: Singles) -> None:  # noqa: FBT001
    """Slope down from the horizon to each point of a line, 0 or less; the horizon lies behind, where the walk began.

    Args:
        heights: Of the points of the line, in sides of a cell.
        is_back: Whether the line is walked from its end to its beginning.
        chain: Room for place, height and slope of the points that may be horizons, (3, points + 1).
        slopes: Written into.
    """
    place, height, fall = chain[0], chain[1], chain[2]
    # Nothing is ever above the first link, which stands for *no horizon*.
    place[0], height[0], fall[0] = np.float32(0), np.float32(np.finfo(np.float32).max), np.float32(0)
    last = 0
    walked = np.float32(0)
    for k in range(len(heights)):
        at = len(heights) - 1 - k if is_back else k
        here = heights[at]
        while here >= height[last] + fall[last] * (walked - place[last]):
            last -= 1
        slope = np.float32(0)
        if last > 0:
            slope = (here - height[last]) / (walked - place[last])
        slopes[at] = slope
        last += 1
        place[last], height[last], fall[last] = walked, here, slope
        walked += np.float32(1)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def weigh_sky(ahead: Singles, back: Singles, step: float, is_cosine: bool) -> None:  # noqa: FBT001
    """Turn the slopes to both horizons of a line into the sky seen between them, written over ``ahead``.

    Args:
        ahead: Slopes of one walk, 0 or less, a step of the line as unit.
        back: Slopes of the other.
        step: Length of a step of the line, in cells.
        is_cosine: Whether the sky counts by the cosine from the zenith, else evenly.
    """
    one, of_step = np.float32(1), np.float32(1 / step)
    if is_cosine:
        for k in range(len(ahead)):
            first, second = ahead[k] * of_step, back[k] * of_step
            near, far = one + first * first, one + second * second
            ahead[k] = (near + far) / (near * far)
    else:
        for k in range(len(ahead)):
            first, second = ahead[k] * of_step, back[k] * of_step
            near, far = np.sqrt(one + first * first), np.sqrt(one + second * second)
            ahead[k] = one + one + (first * far + second * near) / (near * far)


@njit(cache=True, nogil=True)
def take(field: Singles, start: int, place: Places, out: Singles) -> None:
    """Read a piece of a line. No place is negative once ``start`` is added, and unsigned numbers say so."""
    begin = np.uint64(start)
    for k in range(len(out)):
        out[k] = field[begin + place[k]]


@njit(cache=True, nogil=True)
def add(field: Singles, start: int, place: Places, more: Singles) -> None:
    """Add a piece of a line to where it lies; places as in ``take``."""
    begin = np.uint64(start)
    for k in range(len(more)):
        field[begin + place[k]] += more[k]


@njit(cache=True, nogil=True)
def sky_along(surface: Singles, slope: float, lines: tuple[int, int], is_cosine: bool, sky: Singles) -> None:  # noqa: FBT001
    """Add the sky seen forward and backward along parallel lines to each cell.

    A line passes each column once; each cell lies on one line, at most half a cell beside its middle.

    Args:
        surface: Heights in sides of a cell, (rows, columns).
        slope: Rows a line moves down from column to column, between -1 and 1.
        lines: First line and the one after the last, by the row at which they meet the first column.
        is_cosine: As ``weigh_sky``.
        sky: Added to, of the shape of the surface; 1 a direction for an open sky.
    """
    rows, columns = surface.shape
    shift = line_shifts(slope, columns)
    place = (shift * columns + np.arange(columns)).astype(np.uint64)
    surface_flat, sky_flat = surface.ravel(), sky.ravel()
    step = np.sqrt(1 + slope * slope)
    heights, back = np.empty((BAND, columns), np.float32), np.empty(columns, np.float32)
    seen = np.empty((BAND, columns), np.float32)
    chain = np.empty((3, columns + 1), np.float32)
    span = np.empty((BAND, 2), np.int64)
    for first in range(lines[0], lines[1], BAND):
        many = min(BAND, lines[1] - first)
        for b in range(many):
            span[b, 0], span[b, 1] = line_span(first + b, shift, rows)
        for tile in range(0, columns, TILE):
            for b in range(many):
                low, high = max(tile, span[b, 0]), min(tile + TILE, span[b, 1])
                if low < high:
                    take(surface_flat, (first + b) * columns, place[low:high], heights[b, low:high])
        for b in range(many):
            low, high = span[b, 0], span[b, 1]
            line, both = heights[b, low:high], seen[b, low:high]
            scan(line, False, chain, both)  # noqa: FBT003
            scan(line, True, chain, back[: high - low])  # noqa: FBT003
            weigh_sky(both, back[: high - low], step, is_cosine)
        for tile in range(0, columns, TILE):
            for b in range(many):
                low, high = max(tile, span[b, 0]), min(tile + TILE, span[b, 1])
                if low < high:
                    add(sky_flat, (first + b) * columns, place[low:high], seen[b, low:high])

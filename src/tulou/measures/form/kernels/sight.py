"""Lines of sight over a surface: cell by cell, and along rays to the edge that decide the cells they pass nearest.

A line is looked at wherever it crosses the middle of a row or column, the one it crosses more of; the surface there is
between the two cells beside it. A place far away is lower than it stands, since the Earth is round.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Heights: TypeAlias = NDArray[np.floating]
Codes: TypeAlias = NDArray[np.int8]
Eye: TypeAlias = tuple[int, int, float]
"""Row, column and height of the eye."""
Rules: TypeAlias = tuple[float, float, float]
"""Height looked at above each cell, how much a cell squared drops, distance seen at most, in cells."""

HIDDEN, VISIBLE, UNKNOWN = 0, 1, -1
HALF = 0.5


@njit(cache=True, nogil=True, error_model="numpy")
def height_between(surface: Heights, across: int, beside: float, is_row: bool) -> float:  # noqa: FBT001
    """Height where a line crosses the middle of a column (or row): between the two cells it passes.

    Args:
        surface: Heights.
        across: The column (or row, where ``is_row``).
        beside: Where on it, in rows (or columns).
        is_row: Whether rows are crossed.
    """
    low = int(beside)
    share = beside - low
    one = surface[across, low] if is_row else surface[low, across]
    if share == 0.0:
        return one
    other = surface[across, low + 1] if is_row else surface[low + 1, across]
    return one + (other - one) * share


@njit(cache=True, nogil=True, error_model="numpy")
def sight_to(surface: Heights, eye: Eye, row: int, column: int, rules: Rules) -> int:
    """Whether one cell is seen, by its own line of sight."""
    above, drop, most = rules
    down, right = row - eye[0], column - eye[1]
    length = np.hypot(down, right)
    if length > most:
        return HIDDEN
    if length == 0.0:
        return VISIBLE
    if np.isnan(surface[row, column]):
        return UNKNOWN
    steps = max(abs(down), abs(right))
    is_row = abs(down) > abs(right)
    forward, start, side = (down, eye[0], eye[1]) if is_row else (right, eye[1], eye[0])
    ahead = 1 if forward > 0 else -1
    aside = (right if is_row else down) / steps
    step = length / steps
    rise = (surface[row, column] + above - drop * length * length - eye[2]) / length
    is_open = True
    # From the far end: what hides a place mostly stands just before it.
    for k in range(steps - 1, 0, -1):
        away = step * k
        there = height_between(surface, start + ahead * k, side + aside * k, is_row) - drop * away * away - eye[2]
        if there > rise * away:
            return HIDDEN
        is_open = is_open and not np.isnan(there)
    return VISIBLE if is_open else UNKNOWN


@njit(cache=True, nogil=True)
def sight_lines(surface: Heights, eye: Eye, rules: Rules, first: int, last: int, out: Codes) -> None:
    """Whether each cell of rows from ``first`` to before ``last`` is seen, by its own line of sight."""
    for row in range(first, last):
        for column in range(surface.shape[1]):
            out[row, column] = sight_to(surface, eye, row, column, rules)


@njit(cache=True, nogil=True, error_model="numpy")
def sight_rays(
    surface: Heights, eye: Eye, rules: Rules, side: tuple[int, bool], first: int, last: int, out: Codes
) -> None:
    """Walk rays from the eye to one edge of the surface and mark the cells each passes nearest of all.

    Args:
        surface: Heights, (rows, columns).
        eye: The eye.
        rules: What is looked at, and how far.
        side: 1 or -1 for the way ahead, and whether rows are crossed.
        first: First ray, counted from the middle one.
        last: The one after the last.
        out: Written into.
    """
    above, drop, most = rules
    ahead, is_row = side
    rows, columns = surface.shape
    start, middle = (eye[0], eye[1]) if is_row else (eye[1], eye[0])
    depth, breadth = (rows, columns) if is_row else (columns, rows)
    onward, sideways = (columns, 1) if is_row else (1, columns)
    reach = depth - 1 - start if ahead > 0 else start
    heights, marks = surface.ravel(), out.ravel()
    for ray in range(first, last):
        aside = ray / reach
        step = np.sqrt(1.0 + aside * aside)
        horizon = -np.inf
        is_open = True
        farthest = min(float(reach), most / step + 1.0)
        if ray != 0:
            edge = breadth - HALF - middle if ray > 0 else -HALF - middle
            farthest = min(farthest, edge / aside)
        for k in range(1, int(farthest) + 1):
            beside, away = middle + aside * k, step * k
            at, across = (start + ahead * k) * onward, int(beside + HALF)
            nearest = across - middle
            # The ray nearest to a cell is the rounded nearest * reach / k.
            aim = 2 * (nearest * reach - ray * k) + k
            if 0 <= aim < 2 * k and across < breadth:
                square = float(k * k + nearest * nearest)
                cell = np.uint64(at + across * sideways)
                rise = heights[cell] + above - drop * square - eye[2]
                # Slopes are compared by their squares with sign, which saves a root a cell.
                is_seen = rise * abs(rise) >= horizon * abs(horizon) * square
                if np.isnan(rise) or (is_seen and not is_open):
                    marks[cell] = UNKNOWN
                else:
                    marks[cell] = is_seen & (square <= most * most)
            beside = min(max(beside, 0.0), breadth - 1.0)
            low = int(beside)
            one = heights[np.uint64(at + low * sideways)]
            other = heights[np.uint64(at + (low + 1) * sideways)] if low < beside else one
            rise = one + (other - one) * (beside - low) - drop * away * away - eye[2]
            is_open = is_open and not np.isnan(rise)
            # Chosen without a branch: nobody can foresee which it is.
            slope = rise / away
            horizon = max(horizon, slope)

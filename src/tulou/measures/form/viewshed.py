"""Viewsheds: what is seen from a place over a surface of ground and buildings, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.threads import in_threads, spans
from tulou.measures.form.kernels.sight import HIDDEN, UNKNOWN, VISIBLE, sight_lines, sight_rays

Codes = NDArray[np.int8]
Surface = NDArray[np.floating]

EARTH_RADIUS = 6_371_000.0
"""Mean radius of the Earth, m."""
REFRACTION = 0.13
"""How much of the Earth's curve the bending of light takes back, for visible light (Gauss's coefficient)."""
__all__ = ["HIDDEN", "REFRACTION", "UNKNOWN", "VISIBLE", "Look", "viewshed"]


@dataclass(frozen=True)
class Look:
    """How one looks.

    Args:
        eye: Height of the eye above the surface where it stands, m.
        target: Height above the surface of what is looked at, m.
        most: Distance seen at most, m.
        refraction: Share of the Earth's curve that the bending of light takes back; 1 for a flat Earth.
    """

    eye: float
    target: float = 0.0
    most: float = inf
    refraction: float = REFRACTION


def viewshed(surface: Surface, cell: float, place: tuple[int, int], look: Look, *, is_exact: bool = False) -> Codes:
    """Which cells are seen from a place?

    A cell is seen when nothing on the line from the eye to it rises above that line; heights drop by
    ``(1 − k) d² / 2R`` with the distance d. Fast: one ray to each cell of the edge, each cell decided by the ray that
    passes nearest to its middle (R2 of Franklin & Ray 1994). Exact: a line to every cell (R3).

    Args:
        surface: Height of ground and buildings, m, (rows, columns), the northern row first; NaN where unknown.
        cell: Side of a cell, m.
        place: Row and column of the eye.
        look: How one looks.
        is_exact: Whether every cell gets a line of its own.

    Returns:
        ``VISIBLE`` (1), ``HIDDEN`` (0; so is what lies beyond ``look.most``) or ``UNKNOWN`` (-1: the cell has no
        height, or something of unknown height stands between that might hide it), (rows, columns).

    Raises:
        BadUse: When the place lies outside the surface or its height is unknown, or the cell has no side.
    """
    _check(surface, cell, place, look)
    surface = np.ascontiguousarray(surface)
    eye = (place[0], place[1], float(surface[place]) + look.eye)
    rules = (look.target, cell**2 * (1 - look.refraction) / (2 * EARTH_RADIUS), look.most / cell)
    seen = np.full(surface.shape, HIDDEN, np.int8)
    if is_exact:
        in_threads(lambda span: sight_lines(surface, eye, rules, span.start, span.stop, seen), spans(len(surface)))
        return seen
    for ahead, is_row, reach in _sides(surface.shape, place):
        # Rays of a side cross it up to its diagonals; the diagonals themselves belong to the columns' sides.
        first, last = (-reach + 1, reach) if is_row else (-reach, reach + 1)

        def work(span: slice, side: tuple[int, bool] = (ahead, is_row), first: int = first) -> None:
            sight_rays(surface, eye, rules, side, first + span.start, first + span.stop, seen)

        in_threads(work, spans(last - first))
    seen[place] = VISIBLE
    return seen


def _sides(shape: tuple[int, ...], place: tuple[int, int]) -> list[tuple[int, bool, int]]:
    """The four ways ahead, whether they cross rows, and how far each edge is; none where the eye stands on it."""
    (rows, columns), (row, column) = shape, place
    ways = [(1, False, columns - 1 - column), (-1, False, column), (1, True, rows - 1 - row), (-1, True, row)]
    return [way for way in ways if way[2] > 0]


def _check(surface: Surface, cell: float, place: tuple[int, int], look: Look) -> None:
    if not 0 < cell < inf:
        raise BadUse("the side of a cell is above 0", where="cell", found=cell)
    if surface.ndim != 2 or not (0 <= place[0] < surface.shape[0] and 0 <= place[1] < surface.shape[1]):  # noqa: PLR2004
        raise BadUse("the place to look from lies outside the surface", where="place", found=place)
    if not np.isfinite(surface[place]):
        raise BadUse("the height of the place to look from is unknown", where="place", found=place)
    if not look.most > 0:
        raise BadUse("the distance seen is above 0", where="most", found=look.most)

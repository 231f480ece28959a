"""Matrices of likelihood and consequence, and whether their colours agree with the risks put into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput

Array = NDArray[np.float64]
Levels = NDArray[np.int64]
UNKNOWN = -1
"""Level or colour of a risk of which too little is known."""


@dataclass(frozen=True, eq=False)
class RiskMatrix:
    """A matrix of colours.

    Args:
        likelihood: Bounds between the levels of likelihood, times a year, ascending.
        consequence: Bounds between the levels of consequence, ascending.
        colours: Colour of each cell, 0 the mildest, shape (levels of likelihood, levels of consequence).

    Raises:
        BadInput: When bounds do not ascend, the shape does not fit, or a colour grows milder with more likelihood or
            consequence.
    """

    likelihood: Array
    consequence: Array
    colours: Levels

    def __post_init__(self) -> None:
        for bounds in (self.likelihood, self.consequence):
            if np.any(np.diff(bounds) <= 0) or np.any(bounds <= 0):
                raise BadInput("bounds of levels ascend from above 0", where="matrix", found=bounds.tolist())
        if self.colours.shape != (len(self.likelihood) + 1, len(self.consequence) + 1):
            raise BadInput("a matrix has one colour for each pair of levels", where="matrix", found=self.colours.shape)
        if np.any(np.diff(self.colours, axis=0) < 0) or np.any(np.diff(self.colours, axis=1) < 0):
            raise BadInput("a colour grows milder with more risk", where="matrix", found=self.colours.tolist())

    def cell(self, likelihood: Array, consequence: Array) -> tuple[Levels, Levels]:
        """Levels of risks, 0 the lowest; a risk on a bound belongs to the level above; -1 where unknown."""
        return _level(likelihood, self.likelihood), _level(consequence, self.consequence)

    def colour(self, likelihood: Array, consequence: Array) -> Levels:
        """Colour of risks; -1 where either is unknown."""
        row, column = self.cell(likelihood, consequence)
        known = (row != UNKNOWN) & (column != UNKNOWN)
        found = np.full(len(row), UNKNOWN, np.int64)
        found[known] = self.colours[row[known], column[known]]
        return found


def inversions(likelihood: Array, consequence: Array, colour: Levels) -> list[tuple[int, int]]:
    """Which pairs of risks does the matrix put the wrong way round?

    A pair ``(a, b)``: ``a`` costs more in a year (``likelihood · consequence``), yet its colour is milder.

    Args:
        likelihood: Times a year; NaN where unknown.
        consequence: In one unit; NaN where unknown.
        colour: Colours, -1 where unknown; such risks are left out.

    Returns:
        Positions, ordered.

    Source: Cox (2008), What's wrong with risk matrices?
    """
    expected = likelihood * consequence
    known = np.isfinite(expected) & (colour != UNKNOWN)
    wrong = (expected[:, None] > expected[None, :]) & (colour[:, None] < colour[None, :]) & known[:, None] & known
    return [(int(first), int(second)) for first, second in np.argwhere(wrong)]


@dataclass(frozen=True)
class Consistency:
    """What Cox asks of a matrix.

    Args:
        is_weak: Every risk in the gravest colour is above every risk in the mildest.
        is_between: No small step leads from the mildest to the gravest colour.
    """

    is_weak: bool
    is_between: bool


def consistency(matrix: RiskMatrix) -> Consistency:
    """Does a matrix keep weak consistency and betweenness?

    The least risk of a cell is the product of its lower bounds, the largest that of its upper bounds; the outer levels
    are open, so that the lowest cells reach down to 0 and the highest up without end.

    Args:
        matrix: The matrix.

    Source: Cox (2008), axioms 1 and 2.
    """
    low = np.outer(np.r_[0.0, matrix.likelihood], np.r_[0.0, matrix.consequence])
    high = _products(np.r_[matrix.likelihood, np.inf], np.r_[matrix.consequence, np.inf])
    mild, grave = matrix.colours == matrix.colours.min(), matrix.colours == matrix.colours.max()
    is_weak = bool(mild.all() or high[mild].max() <= low[grave].min())
    touching = [
        (matrix.colours[:-1], matrix.colours[1:]),
        (matrix.colours[:, :-1], matrix.colours[:, 1:]),
        (matrix.colours[:-1, :-1], matrix.colours[1:, 1:]),
    ]
    least, most = matrix.colours.min(), matrix.colours.max()
    jumps = any(bool(((one == least) & (other == most)).any()) for one, other in touching)
    return Consistency(is_weak, bool(least == most) or not jumps)


def _products(first: Array, second: Array) -> Array:
    return np.asarray(first[:, None] * second[None, :], np.float64)


def _level(values: Array, bounds: Array) -> Levels:
    found = np.searchsorted(bounds, values, side="right").astype(np.int64)
    return np.where(np.isnan(values), UNKNOWN, found)

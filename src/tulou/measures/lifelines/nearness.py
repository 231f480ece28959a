"""Coupled dangers: gas that can gather in a closed space beside a crowd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Triples:
    """A line, a closed space near it, and a crowd near that.

    Args:
        line: Position of the line, shape (triples,).
        space: Position of the closed space.
        crowd: Position of the crowd.
        to_space: Distance of line and space, m.
        to_crowd: Distance of space and crowd, m.
    """

    line: Indices
    space: Indices
    crowd: Indices
    to_space: Array
    to_crowd: Array

    def __len__(self) -> int:
        return len(self.line)


def coupled_dangers(lines: Shapes, spaces: Shapes, crowds: Shapes, near_space: float, near_crowd: float) -> Triples:
    """Which lines pass near closed spaces that lie near crowds?

    Args:
        lines: Lines from which gas may escape, m.
        spaces: Closed spaces in which it may gather, m.
        crowds: Places where many people are, m.
        near_space: How near a space counts, m.
        near_crowd: How near a crowd counts, m.

    Returns:
        All triples, in order of line, space and crowd. Objects without a shape are in none.

    Raises:
        BadUse: When a distance is negative.
    """
    if not min(near_space, near_crowd) >= 0:
        raise BadUse("a distance is from 0 on", where="near_space", found=min(near_space, near_crowd))
    line, beside = _near(lines, spaces, near_space)
    space, crowd = _near(spaces, crowds, near_crowd)
    # All pairs of space and crowd of one space follow each other.
    first, last = np.searchsorted(space, beside, "left"), np.searchsorted(space, beside, "right")
    counts = last - first
    at = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(int(counts.sum()))
    line, beside, crowd = np.repeat(line, counts), np.repeat(beside, counts), crowd[at]
    return Triples(
        line,
        beside,
        crowd,
        np.asarray(shapely.distance(lines[line], spaces[beside]), np.float64),
        np.asarray(shapely.distance(spaces[beside], crowds[crowd]), np.float64),
    )


def _near(ones: Shapes, others: Shapes, distance: float) -> tuple[Indices, Indices]:
    """Positions of pairs within a distance, in order."""
    tree = shapely.STRtree(others)
    found = np.asarray(tree.query(ones, predicate="dwithin", distance=distance), np.int64).reshape(2, -1)
    order = np.lexsort((found[1], found[0]))
    return found[0][order], found[1][order]

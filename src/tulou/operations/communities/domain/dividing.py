"""Dividing a territory into social grids: what a good division is, in one number, and how many grids there should be.

    cost = Σk |Hk − H̄| / H̄  +  outside · Σk (max(L − Hk, 0) + max(Hk − U, 0)) / H̄  +  border · Σcut l / (p · √(A / p))

Hk is what grid k holds (households or people), H̄ the mean, L and U the least and most that a grid should hold, l the
length of the boundary between two neighbouring parts that lie in different grids, A the area and p the number of grids.
Every grid is connected. The weights are dated parameters of the rulebook (``communities/grids.yaml``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How much a grid should hold.

    Args:
        least: Least, households or people.
        most: Most.
    """

    least: float
    most: float

    @property
    def target(self) -> float:
        """The middle of the two."""
        return (self.least + self.most) / 2

    def counts(self, total: float) -> tuple[int, ...]:
        """Numbers of grids that are worth trying for a total, nearest to the target first.

        Args:
            total: What the territory holds.
        """
        low, high = math.ceil(total / self.most), math.floor(total / self.least)
        first, last = max(min(low, high), 1), max(low, high, 1)
        return tuple(sorted(range(first, last + 1), key=lambda count: (abs(total / count - self.target), count)))

    def lack(self, load: float) -> float:
        """How much a load lies below the least or above the most."""
        return max(self.least - load, load - self.most, 0.0)


@dataclass(frozen=True)
class Weights:
    """What counts for how much.

    Args:
        outside: Of a grid that holds too little or too much, beside balance, which counts once.
        border: Of long boundaries.
    """

    outside: float
    border: float


@dataclass(frozen=True, eq=False)
class Ground:
    """Parts of a territory that are never split, and which of them touch.

    Args:
        load: What each part holds, households or people.
        edges: Pairs of parts that touch, shape (m, 2), each once.
        border: Length of the boundary between the two, m.
        area: Area of the territory, m².
    """

    load: Numbers
    edges: Places
    border: Numbers
    area: float

    @property
    def size(self) -> int:
        """Number of parts."""
        return len(self.load)

    def neighbours(self) -> tuple[Places, Places, Numbers]:
        """Neighbours of part i are ``other[first[i]:first[i + 1]]``, with the boundary towards each."""
        ends = np.concatenate([self.edges, self.edges[:, ::-1]])
        order = np.lexsort((ends[:, 1], ends[:, 0]))
        first = np.searchsorted(ends[order, 0], np.arange(self.size + 1)).astype(np.int64)
        return first, ends[order, 1].copy(), np.concatenate([self.border, self.border])[order]

    def components(self) -> Places:
        """Number of the connected piece each part belongs to, counted in the order of the parts."""
        first, other, _ = self.neighbours()
        piece = np.full(self.size, -1, np.int64)
        count = 0
        for start in range(self.size):
            if piece[start] >= 0:
                continue
            piece[start], todo = count, [start]
            while todo:
                part = todo.pop()
                for near in other[first[part] : first[part + 1]]:
                    if piece[near] < 0:
                        piece[near] = count
                        todo.append(int(near))
            count += 1
        return piece

    def is_whole(self, grid: Places) -> bool:
        """Whether every grid is connected.

        Args:
            grid: Grid of each part.
        """
        same = grid[self.edges[:, 0]] == grid[self.edges[:, 1]]
        inner = Ground(self.load, self.edges[same], self.border[same], self.area)
        return len(np.unique(inner.components())) == len(np.unique(grid))


@dataclass(frozen=True, eq=False)
class Division:
    """A division of a territory into grids.

    Args:
        grid: Grid of each part, counted from 0.
        cost: What it costs, see the module.
        bound: No division into so many grids can cost less; None where nothing was proved.
    """

    grid: Places
    cost: float
    bound: float | None = None

    @property
    def count(self) -> int:
        """Number of grids."""
        return int(self.grid.max(initial=-1)) + 1

    @property
    def gap(self) -> float | None:
        """How much it may cost more than the best; None where nothing was proved."""
        return None if self.bound is None else max(self.cost - self.bound, 0.0)


def cost_of(ground: Ground, grid: Places, size: Size, weights: Weights) -> float:
    """What a division costs.

    Args:
        ground: The parts.
        grid: Grid of each part, counted from 0.
        size: How much a grid should hold.
        weights: What counts for how much.
    """
    count = int(grid.max()) + 1
    loads = np.bincount(grid, ground.load, count)
    mean = mean_load(ground, count)
    lack = np.maximum(np.maximum(size.least - loads, loads - size.most), 0.0)
    cut = ground.border[grid[ground.edges[:, 0]] != grid[ground.edges[:, 1]]].sum()
    return float(
        (np.abs(loads - mean).sum() + weights.outside * lack.sum()) / mean
        + weights.border * cut / border_scale(ground, count)
    )


def mean_load(ground: Ground, count: int) -> float:
    """What a grid holds on average; 1 where nobody lives, so that nothing is divided by nought."""
    return float(ground.load.sum()) / count or 1.0


def border_scale(ground: Ground, count: int) -> float:
    """Length that boundaries are measured by: the sides of as many squares as there are grids, m."""
    return count * math.sqrt(max(ground.area, 1.0) / count)


def divisions(ground: Ground, count: int) -> Iterator[Places]:
    """Every division into so many connected grids, each once; for a handful of parts, to prove others by.

    Args:
        ground: The parts.
        count: How many grids.
    """
    for rest in product(range(count), repeat=ground.size - 1):
        grid = np.array((0, *rest), np.int64)
        seen = list(dict.fromkeys(grid.tolist()))
        if seen == list(range(count)) and ground.is_whole(grid):
            yield grid

"""Depressions of the ground: what each holds before it spills, where it spills to, and how full a rain makes it.

Depressions are found by joining cells from the lowest up; where two meet, they become one larger depression, whose
volume to any level is the sum over its cells. Water is then poured into the depression each cell drains to, and what a
full one cannot hold spills over its saddle. After Barnes, Callaghan & Wickert (2020, 2021), https://doi.org/10.5194/esurf-8-431-2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]
Longs = NDArray[np.int64]
OUTSIDE = 0
"""The depression that water leaves the area into; it is never full."""
NONE = -1


class Tree(NamedTuple):
    """Depressions and how they join.

    Args:
        parent: The depression that two join to; -1 for none.
        sibling: The other of the two.
        spill: A lowest depression beyond the saddle, which the spilling water reaches.
        first: One of the two it joins; -1 for a lowest one.
        hold: Volume held up to the saddle, m; infinite for what never spills.
        leaf_of: Lowest depression that each cell drains to; -1 where there is no ground.
        node_of: Depression that each cell became part of.
        order: Cells from the lowest up.
    """

    parent: Any
    sibling: Any
    spill: Any
    first: Any
    hold: Any
    leaf_of: Any
    node_of: Any
    order: Any


@dataclass(frozen=True, eq=False)
class Filled:
    """How full a rain makes the ground.

    Args:
        depth: Depth on each cell, m; NaN where there is no ground.
        left: Volume that left the area, m³.
        stored: Volume that stays, m³.
    """

    depth: Array
    left: float
    stored: float


@njit(cache=True)
def top_of(node: int, parent: Any) -> int:  # noqa: ANN401
    """The set that a cell or depression belongs to, its way there made short."""
    root = node
    while parent[root] != root:
        root = parent[root]
    while parent[node] != root:
        parent[node], node = root, parent[node]
    return root


class Growing(NamedTuple):
    """Sets of cells while they grow and join.

    Args:
        group: The set that a set became part of; itself while it is none's.
        cells: How many cells it has.
        total: Sum of their levels, m.
        has_outside: Whether water leaves the area from it.
        made: How many sets were made, one number.
    """

    group: Any
    cells: Any
    total: Any
    has_outside: Any
    made: Any


@njit(cache=True)
def beside(cell: int, rows: int, columns: int) -> tuple[int, int, int, int]:
    """The four cells beside a cell; -1 beyond the edge."""
    row, column = cell // columns, cell % columns
    return (
        cell - columns if row > 0 else NONE,
        cell - 1 if column > 0 else NONE,
        cell + 1 if column < columns - 1 else NONE,
        cell + columns if row < rows - 1 else NONE,
    )


@njit(cache=True)
def meet(here: int, there: int, leaves: tuple[int, int], at: float, tree: Tree, sets: Growing) -> int:
    """Join two depressions that meet at a level; gives the one they become.

    Args:
        here: One depression.
        there: The other.
        leaves: Lowest depression on either side of the saddle.
        at: Level of the saddle, m.
        tree: The depressions, changed in place.
        sets: The sets they are, changed in place.
    """
    both = sets.made[0]
    sets.made[0] += 1
    for one, two, beyond in ((here, there, leaves[1]), (there, here, leaves[0])):
        tree.parent[one], tree.sibling[one], tree.spill[one] = both, two, beyond
        if not sets.has_outside[one]:
            tree.hold[one] = max(sets.cells[one] * at - sets.total[one], 0.0)
        sets.group[one] = both
    tree.first[both] = here
    sets.cells[both], sets.total[both] = sets.cells[here] + sets.cells[there], sets.total[here] + sets.total[there]
    sets.has_outside[both] = sets.has_outside[here] or sets.has_outside[there]
    return both


@njit(cache=True)
def add(cell: int, flat: Any, around: tuple[int, int, int, int], outlet: Any, tree: Tree, sets: Growing) -> None:  # noqa: ANN401
    """Add the next higher cell: a new lowest depression, or part of those beside it, which it joins."""
    lowest = NONE
    for other in around:
        if other != NONE and tree.node_of[other] != NONE and (lowest == NONE or flat[other] < flat[lowest]):
            lowest = other
    if lowest == NONE:
        here = leaf = sets.made[0]
        sets.made[0] += 1
    else:
        here, leaf = top_of(tree.node_of[lowest], sets.group), tree.leaf_of[lowest]
    for other in around:
        if other != NONE and tree.node_of[other] != NONE:
            there = top_of(tree.node_of[other], sets.group)
            if there != here:
                here = meet(here, there, (leaf, tree.leaf_of[other]), flat[cell], tree, sets)
    if outlet[cell]:
        there = top_of(OUTSIDE, sets.group)
        if there != here:
            here = meet(here, there, (leaf, OUTSIDE), flat[cell], tree, sets)
    tree.leaf_of[cell], tree.node_of[cell] = leaf, here
    sets.cells[here] += 1
    sets.total[here] += flat[cell]


@njit(cache=True)
def grow(flat: Any, shape: tuple[int, int], outlet: Any, tree: Tree, sets: Growing) -> None:  # noqa: ANN401
    """Add all cells from the lowest up."""
    for cell in tree.order:
        add(cell, flat, beside(cell, shape[0], shape[1]), outlet, tree, sets)


def joined(level: Array, is_outlet: NDArray[np.bool_]) -> Tree:
    """The depressions of the ground.

    Args:
        level: Level of each cell, m, shape (rows, columns); NaN where there is no ground.
        is_outlet: Whether water leaves the area over the cell.
    """
    flat = level.ravel()
    order = np.argsort(flat, kind="stable")[: int(np.isfinite(flat).sum())]
    most = 2 * order.size + 2
    parent, sibling, spill, first = np.full((4, most), NONE, np.int64)
    leaf_of, node_of = np.full((2, flat.size), NONE, np.int64)
    tree = Tree(parent, sibling, spill, first, np.full(most, np.inf), leaf_of, node_of, order)
    has_outside = np.zeros(most, np.bool_)
    has_outside[OUTSIDE] = True
    sets = Growing(np.arange(most), np.zeros(most), np.zeros(most), has_outside, np.array([OUTSIDE + 1]))
    grow(flat, level.shape, is_outlet.ravel(), tree, sets)
    made = int(sets.made[0])
    parent, sibling, spill, first = parent[:made], sibling[:made], spill[:made], first[:made]
    return Tree(parent, sibling, spill, first, tree.hold[:made], leaf_of, node_of, order)


@njit(cache=True)
def pour(leaf: int, volume: float, tree: Tree, water: Any) -> None:  # noqa: ANN401
    """Pour water into a lowest depression; what it cannot hold spills on until it finds room.

    Args:
        leaf: The depression.
        volume: How much, m.
        tree: The depressions.
        water: How much each depression holds with all within it, changed in place, m.
    """
    node = leaf
    while volume > 0:
        room = tree.hold[node] - water[node]
        is_single = tree.first[node] == NONE
        taken = min(volume, room) if is_single or is_whole(node, tree, water) else 0.0
        if taken > 0:
            water[node] += taken
            above = node
            while tree.hold[above] < np.inf:
                above = tree.parent[above]
                water[above] += taken
            if taken == room:
                water[node] = tree.hold[node]
            volume -= taken
        if volume > 0:
            other = tree.sibling[node]
            is_full = water[other] >= tree.hold[other]
            node = tree.parent[node] if is_full else tree.spill[node]


@njit(cache=True)
def is_whole(node: int, tree: Tree, water: Any) -> bool:  # noqa: ANN401
    """Whether a depression is one water: lowest, or both it joins are full."""
    one = tree.first[node]
    if one == NONE:
        return True
    two = tree.sibling[one]
    return water[one] >= tree.hold[one] and water[two] >= tree.hold[two]


@njit(cache=True)
def levels(flat: Any, tree: Tree, water: Any) -> Any:  # noqa: ANN401
    """Level of the water on each cell, m: that of the largest whole depression around it."""
    pool = np.full(tree.parent.size, NONE)
    for node in range(tree.parent.size - 1, 0, -1):
        above = tree.parent[node]
        pool[node] = (
            pool[above]
            if above != NONE and pool[above] != NONE
            else (node if is_whole(node, tree, water) and water[node] > 0 else NONE)
        )
    cells, total, found = np.zeros(tree.parent.size), np.zeros(tree.parent.size), np.full(tree.parent.size, -np.inf)
    closed = np.zeros(tree.parent.size, np.bool_)
    for cell in tree.order:
        one = pool[tree.node_of[cell]]
        if one == NONE or closed[one]:
            continue
        if cells[one] > 0 and found[one] <= flat[cell]:
            closed[one] = True
            continue
        cells[one] += 1
        total[one] += flat[cell]
        found[one] = (water[one] + total[one]) / cells[one]
    level = np.full(flat.size, -np.inf)
    for cell in tree.order:
        one = pool[tree.node_of[cell]]
        if one != NONE:
            level[cell] = found[one]
    return level


@njit(cache=True)
def _filled(runoff: Any, tree: Tree) -> Any:  # noqa: ANN401
    poured, water = np.zeros(tree.parent.size), np.zeros(tree.parent.size)
    for cell in tree.order:
        poured[tree.leaf_of[cell]] += runoff[cell]
    for leaf in range(1, tree.parent.size):
        if poured[leaf] > 0:
            pour(leaf, poured[leaf], tree, water)
    return water


def filled(level: Array, runoff: Array, is_outlet: NDArray[np.bool_], cell: float) -> Filled:
    """Where water stands after a rain has run off, however long that takes.

    Args:
        level: Level of each cell, m, shape (rows, columns); NaN where there is no ground.
        runoff: Depth of water that runs off each cell, m.
        is_outlet: Whether water leaves the area over the cell.
        cell: Side of a cell, m.
    """
    flat = level.ravel()
    tree = joined(level, is_outlet)
    water = _filled(np.where(np.isfinite(flat), runoff.ravel(), 0.0), tree)
    depth = np.maximum(levels(flat, tree, water) - flat, 0.0)
    depth[~np.isfinite(flat)] = np.nan
    area = cell**2
    return Filled(depth.reshape(level.shape), float(water[OUTSIDE]) * area, float(np.nansum(depth)) * area)

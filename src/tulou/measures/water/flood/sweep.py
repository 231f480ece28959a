"""One step of shallow water over a band of rows: flows over all faces, limited, and the depths they leave.

Arrays have a rim of one blocked cell on every side. ``across[i, j]`` is the flow over the face between the cells
(i, j − 1) and (i, j), ``down[i, j]`` that between (i − 1, j) and (i, j), both in m²/s, positive towards larger indices.
Everything of the next moment is written to other arrays than those of this moment, so that bands do not disturb one
another and how rows are divided among threads never changes a result.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from tulou.measures.water.flood.roots import inverse_sixth_root

Grid = Any
"""An array of a rim, rows and columns, of single or double numbers; numba has no types for it."""


class Water(NamedTuple):
    """The water at one moment.

    Args:
        depth: m.
        across: Flow over western faces, m²/s.
        down: Flow over northern faces, m²/s.
    """

    depth: Grid
    across: Grid
    down: Grid


class Bed(NamedTuple):
    """What the water flows over.

    Args:
        level: Level of the ground, m; ``WALL`` where no water may be.
        rough_across: Manning's n squared at western faces; negative where the face is shut.
        rough_down: The same at northern faces.
        catch: How many times its own area a cell catches rain from; 0 where blocked.
    """

    level: Grid
    rough_across: Grid
    rough_down: Grid
    catch: Grid


class Numbers(NamedTuple):
    """Numbers of one step, all of the kind of the arrays.

    Args:
        over: Length of the step by the side of a cell, s/m.
        back: The side of a cell by the length of the step, m/s.
        pull: Gravity times ``over``.
        drag: Gravity times the length of the step.
        spread: Weight of each neighbour in the mean of flows, (1 − θ)/2.
        least: Depth at a face below which nothing flows, m.
        fastest: Largest Froude number times the root of gravity.
        rain: Depth of rain in the step, m.
        quarter: 1/4.
        one: 1.
        tiny: A flow that is none, m²/s.
    """

    over: Any
    back: Any
    pull: Any
    drag: Any
    spread: Any
    least: Any
    fastest: Any
    rain: Any
    quarter: Any
    one: Any
    tiny: Any


_compiled = njit(cache=True, nogil=True, fastmath={"contract", "nnan", "nsz"}, error_model="numpy")


@_compiled
def mean_flow(flows: Any, rough_behind: Any, rough_ahead: Any, n: Numbers) -> Any:  # noqa: ANN401
    """The mean of a flow and its neighbours, q̄ = θ q + (1 − θ)/2 (q₋ + q₊).

    Beside a face that is shut a flow stays its own mean: the wall would slow the water that turns before it.

    Args:
        flows: Flow behind, here, and ahead.
        rough_behind: Manning's n squared of the face behind; negative where shut.
        rough_ahead: That of the face ahead.
        n: Numbers of the step.
    """
    behind, here, ahead = flows
    return here + n.spread * (behind - here - here + ahead) if min(rough_behind, rough_ahead) >= 0 else here


@_compiled
def flow(before: Any, mean: Any, other: Any, deep: Any, fall: Any, rough: Any, n: Numbers) -> Any:  # noqa: ANN401
    """Flow over a face after one step.

    q' = (q̄ − g Δt h S) / (1 + g Δt n² |q| / h^(7/3)), no more than the largest Froude number allows.

    Args:
        before: Flow before the step, m²/s.
        mean: Its mean with that of the next faces along the flow, q̄.
        other: Flow across it, m²/s.
        deep: Depth at the face, m.
        fall: Rise of the water level over the face, m.
        rough: Manning's n squared; negative where the face is shut.
        n: Numbers of the step.
    """
    root = inverse_sixth_root(max(deep, n.least))
    square = root * root
    cube, fourth = square * root, square * square
    fourteenth = fourth * fourth * fourth * square
    speed = np.sqrt(before * before + other * other)
    found = (mean - n.pull * deep * fall) / (n.one + n.drag * rough * speed * fourteenth)
    most = n.fastest * deep * deep * cube
    found = min(max(found, -most), most)
    return found if deep > n.least and rough >= 0 else n.one - n.one


@_compiled
def flows_across(i: int, old: Water, bed: Bed, n: Numbers, found: Grid) -> None:
    """Flows over the western faces of a row."""
    west_depth, east_depth, west_level, east_level = (
        old.depth[i, 1:-2],
        old.depth[i, 2:-1],
        bed.level[i, 1:-2],
        bed.level[i, 2:-1],
    )
    q_west, q, q_east = old.across[i, 1:-2], old.across[i, 2:-1], old.across[i, 3:]
    rough_west, rough, rough_east = bed.rough_across[i, 1:-2], bed.rough_across[i, 2:-1], bed.rough_across[i, 3:]
    above_west, above, below_west, below = (
        old.down[i, 1:-2],
        old.down[i, 2:-1],
        old.down[i + 1, 1:-2],
        old.down[i + 1, 2:-1],
    )
    out = found[2:-1]
    for j in range(out.size):
        left, right = west_level[j] + west_depth[j], east_level[j] + east_depth[j]
        deep = max(left, right) - max(west_level[j], east_level[j])
        mean = mean_flow((q_west[j], q[j], q_east[j]), rough_west[j], rough_east[j], n)
        other = n.quarter * (above_west[j] + above[j] + below_west[j] + below[j])
        out[j] = flow(q[j], mean, other, deep, right - left, rough[j], n)


@_compiled
def flows_down(i: int, old: Water, bed: Bed, n: Numbers, found: Grid) -> None:
    """Flows over the northern faces of a row; the outermost are shut."""
    if i <= 1 or i >= old.depth.shape[0] - 1:
        found[:] = n.one - n.one
        return
    depth_above, depth_here, level_above, level_here = (
        old.depth[i - 1, 1:-1],
        old.depth[i, 1:-1],
        bed.level[i - 1, 1:-1],
        bed.level[i, 1:-1],
    )
    q_above, q, q_below = old.down[i - 1, 1:-1], old.down[i, 1:-1], old.down[i + 1, 1:-1]
    rough_above, rough, rough_below = bed.rough_down[i - 1, 1:-1], bed.rough_down[i, 1:-1], bed.rough_down[i + 1, 1:-1]
    beside_west, beside_east, under_west, under_east = (
        old.across[i - 1, 1:-1],
        old.across[i - 1, 2:],
        old.across[i, 1:-1],
        old.across[i, 2:],
    )
    out = found[1:-1]
    for j in range(out.size):
        top, bottom = level_above[j] + depth_above[j], level_here[j] + depth_here[j]
        deep = max(top, bottom) - max(level_above[j], level_here[j])
        mean = mean_flow((q_above[j], q[j], q_below[j]), rough_above[j], rough_below[j], n)
        other = n.quarter * (beside_west[j] + beside_east[j] + under_west[j] + under_east[j])
        out[j] = flow(q[j], mean, other, deep, bottom - top, rough[j], n)


@_compiled
def shares(depth: Grid, across: Grid, above: Grid, below: Grid, n: Numbers, found: Grid) -> int:
    """The share of what would leave each cell of a row that it can give; gives how many cells cannot give all."""
    zero = n.one - n.one
    here, west, east, north, south, out = depth[1:-1], across[1:-1], across[2:], above[1:-1], below[1:-1], found[1:-1]
    short = 0
    for j in range(out.size):
        leaving = max(east[j], zero) - min(west[j], zero) + max(south[j], zero) - min(north[j], zero)
        share = min(n.one, here[j] * n.back / max(leaving, n.tiny))
        out[j] = share
        short += share < n.one
    return short


@_compiled
def limit(flows: Grid, share_behind: Grid, share_here: Grid, n: Numbers) -> None:
    """Cut flows over faces to the share that the giving cell of each has."""
    zero = n.one - n.one
    for j in range(flows.size):
        flows[j] *= share_behind[j] if flows[j] > zero else share_here[j]


@_compiled
def fill(depth: Grid, across: Grid, above: Grid, below: Grid, catch: Grid, n: Numbers, found: Grid, top: Grid) -> None:
    """Depths of a row after the flows over its faces and the rain, and the largest so far of each column."""
    zero = n.one - n.one
    west, east = across[:-1], across[1:]
    for j in range(found.size):
        gained = n.over * (west[j] - east[j] + above[j] - below[j])
        left = max(depth[j] + gained + n.rain * catch[j], zero)
        found[j], top[j] = left, max(top[j], left)


@_compiled
def sweep(first: int, last: int, old: Water, new: Water, bed: Bed, n: Numbers) -> Any:  # noqa: ANN401
    """One step of the rows from ``first`` up to, not with, ``last``.

    The rows are gone through once, the depths one row behind the flows: each number is fetched from memory once and
    written once. Flows beside the band, which its cells need, are worked out here too, and thrown away.

    Returns:
        The largest depth in these rows.
    """
    width, rim = old.depth.shape[1], old.depth.shape[0] - 1
    work = np.zeros((7, width), old.depth.dtype)
    top, share_above, share_here = work[0], work[1], work[2]
    share_above[:] = n.one
    short_above = 0
    north, here = work[3], work[4]  # flows over the northern faces of the row above and of this one
    flows_down(first - 1, old, bed, n, here)
    for i in range(first - 1, last + 1):
        south = new.down[i + 1] if i + 1 < last else work[3] if i + 1 == last else work[5]
        short_here = 0
        if i < rim:
            across = new.across[i] if first <= i < last else work[6]
            flows_down(i + 1, old, bed, n, south)
            flows_across(i, old, bed, n, across)
            short_here = shares(old.depth[i], across, here, south, n, share_here)
            if short_here:
                limit(across[1:], share_here[:-1], share_here[1:], n)
        if i >= first and short_above + short_here:
            limit(here[1:-1], share_above[1:-1], share_here[1:-1], n)
        if i > first:
            fill(old.depth[i - 1, 1:-1], new.across[i - 1, 1:], north[1:-1], here[1:-1], bed.catch[i - 1, 1:-1], n,
                 new.depth[i - 1, 1:-1], top[1:-1])  # fmt: skip
        north, here = here, south
        share_above, share_here, short_above = share_here, share_above, short_here
    return top.max()

"""One step of shallow water over a band of rows: flows over all faces, limited, and the depths they leave.

Arrays have a rim of one blocked cell on every side. ``across[i, j]`` is the flow over the face between the cells
(i, j − 1) and (i, j), ``down[i, j]`` that between (i − 1, j) and (i, j), both in m²/s, positive towards larger indices.
The next moment is written over this one, a row as soon as nothing needs it any more: memory is gone through once. Where
two bands meet, flows are worked out before (``meeting``) and put down after, so that bands do not disturb one another
and how rows are divided among threads never changes a result.
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
def limit(flows: Grid, share_behind: Grid, share_here: Grid, short: int, n: Numbers, found: Grid) -> None:
    """Put down flows over faces, cut to the share that the giving cell of each has; as they are when none is short."""
    zero = n.one - n.one
    if short:
        for j in range(flows.size):
            found[j] = flows[j] * (share_behind[j] if flows[j] > zero else share_here[j])
    else:
        for j in range(flows.size):
            found[j] = flows[j]


@_compiled
def fill(depth: Grid, across: Grid, above: Grid, below: Grid, catch: Grid, n: Numbers, top: Grid) -> None:
    """Depths of a row after the flows over its faces and the rain, and the largest so far of each column."""
    zero = n.one - n.one
    west, east = across[:-1], across[1:]
    for j in range(depth.size):
        gained = n.over * (west[j] - east[j] + above[j] - below[j])
        left = max(depth[j] + gained + n.rain * catch[j], zero)
        depth[j], top[j] = left, max(top[j], left)


@_compiled
def meeting(row: int, water: Water, bed: Bed, n: Numbers) -> tuple[Grid, Grid]:
    """Flows over the northern faces of a row after the step: as they would be, and cut to what cells can give."""
    work = np.zeros((9, water.depth.shape[1]), water.depth.dtype)
    wanted, found = work[0], work[1]
    if 1 < row < water.depth.shape[0] - 1:
        north, south, across_above, across, share_above, share = work[2], work[3], work[4], work[5], work[6], work[7]
        flows_down(row - 1, water, bed, n, north)
        flows_down(row, water, bed, n, wanted)
        flows_down(row + 1, water, bed, n, south)
        flows_across(row - 1, water, bed, n, across_above)
        flows_across(row, water, bed, n, across)
        short = shares(water.depth[row - 1], across_above, north, wanted, n, share_above)
        short += shares(water.depth[row], across, wanted, south, n, share)
        limit(wanted[1:-1], share_above[1:-1], share[1:-1], short, n, found[1:-1])
    return wanted, found


@_compiled
def sweep(
    first: int, last: int, water: Water, bed: Bed, n: Numbers, upper: tuple[Grid, Grid], lower: tuple[Grid, Grid]
) -> Any:  # noqa: ANN401
    """One step of the rows from ``first`` up to, not with, ``last``, in place.

    The rows are gone through once, what is put down one row behind what is worked out: each number is fetched from
    memory once and written once.

    Args:
        first: First row.
        last: The row after the last.
        water: The water; flows over the northern faces of ``first`` stay as they are.
        bed: What it flows over.
        n: Numbers of the step.
        upper: ``meeting`` at ``first``.
        lower: ``meeting`` at ``last``.

    Returns:
        The largest depth in these rows.
    """
    depth, flows, down = water
    work = np.zeros((6, depth.shape[1]), depth.dtype)
    top, share_above, share, across = work[0], work[1], work[2], work[3]
    short_above = 0
    here, above = upper  # over the northern faces of this row, as wanted; over those of the row above, as they are
    for i in range(first, last):
        south = lower[0] if i + 1 == last else work[4 + i % 2]
        if i + 1 < last:
            flows_down(i + 1, water, bed, n, south)
        flows_across(i, water, bed, n, across)
        short = shares(depth[i], across, here, south, n, share)
        limit(across[1:], share[:-1], share[1:], short, n, flows[i, 1:])
        if i > first:
            limit(here[1:-1], share_above[1:-1], share[1:-1], short + short_above, n, down[i, 1:-1])
            fill(depth[i - 1, 1:-1], flows[i - 1, 1:], above[1:-1], down[i, 1:-1], bed.catch[i - 1, 1:-1], n, top[1:-1])
            above = down[i]
        here, share, share_above, short_above = south, share_above, share, short
    fill(
        depth[last - 1, 1:-1], flows[last - 1, 1:], above[1:-1], lower[1][1:-1], bed.catch[last - 1, 1:-1], n, top[1:-1]
    )
    return top.max()

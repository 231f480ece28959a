"""Form of the city as the wind meets it: how much ground is built on, how much wall stands in its way, how high.

Facades follow Grimmond & Oke (1999), unshielded: every facade that faces the wind counts, however near another stands
before it. Party walls are no facades: a wall counts only where, and only as far up as, it rises above the building that
stands against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid
from tulou.kernel.threads import in_threads, spans
from tulou.measures.climate.kernels.pieces import footprints_in_cells, ring_edges, sum_facing, walls_in_cells

Array = NDArray[np.float64]
Longs = NDArray[np.int64]
Shapes = NDArray[np.object_]

SECTORS = tuple(22.5 * sector for sector in range(16))
"""Sixteen directions the wind comes from, degrees clockwise from north."""
GAP = 0.25
"""How near two walls are one, m: footprints drawn one by one leave gaps of this size along party walls."""
LEAST_FOOTPRINT = 1.0
"""Footprint a building has in a cell at least to be its highest, m²: a sliver of a tower is not its height."""


@dataclass(frozen=True, eq=False)
class Morphology:
    """Form of the city, cell by cell; fields have the shape of the grid, the northern row first.

    Args:
        grid: Where the cells lie.
        directions: Where the wind comes from, degrees clockwise from north, (d,).
        plan_area: λp, footprints over ground, from 0 to 1. Footprints that overlap count each, up to the whole cell.
        frontal_area: λf, walls that face the wind over ground, one field a direction, (d, rows, columns).
        height_mean: H, mean height by footprint, m; NaN where nothing stands.
        height_deviation: σ_H, its deviation by footprint, m; NaN where nothing stands.
        height_max: H_max, m; NaN where nothing stands.

    ``frontal_area`` and the heights are NaN, unknown, where a building of unknown height stands; ``plan_area`` is not.
    """

    grid: Grid
    directions: Array
    plan_area: Array
    frontal_area: Array
    height_mean: Array
    height_deviation: Array
    height_max: Array

    def frontal_by(self, shares: Array) -> Array:
        """λf of a wind rose: the sum of its directions, each by its share of the time.

        Args:
            shares: Share of each direction, (d,), adding up to 1.

        Raises:
            BadUse: When there is not one share of 0 or more a direction, or they do not add up to 1.
        """
        if shares.shape != self.directions.shape or not (shares >= 0).all() or not np.isclose(shares.sum(), 1.0):
            raise BadUse("each direction has a share of the time, and they add up to 1", where="shares", found=shares)
        return np.tensordot(shares, self.frontal_area, axes=1)

    @property
    def frontal_mean(self) -> Array:
        """λf when the wind comes from every direction alike."""
        return self.frontal_area.mean(axis=0)


def morphology(
    shapes: Shapes, heights: Array, grid: Grid, *, directions: tuple[float, ...] = SECTORS, gap: float = GAP
) -> Morphology:
    """How does the city stand in the wind, cell by cell?

    ``λp = Σ footprint / cell``, ``λf(θ) = Σ length · (h − h of what stands against it) · max(0, −n·w(θ)) / cell`` over
    the facades in the cell, with n the outward normal and w(θ) the way the wind blows that comes *from* θ.

    Args:
        shapes: Footprints, polygons of one or more parts, m; None and empty ones stand nowhere.
        heights: Height of each above the ground, m; NaN where unknown.
        grid: The cells, m.
        directions: Where the wind comes from, degrees clockwise from north.
        gap: How near two walls are one, m.

    Raises:
        BadUse: When a height is below 0, or there is not one a footprint.
    """
    _check(shapes, heights)
    edges = _edges(shapes, grid)
    plan, mean, deviation, highest = _heights(_cells(edges, grid), heights, grid)
    frontal = _frontal(edges, heights, grid, np.array(directions, np.float64), gap, _near(shapes, gap))
    return Morphology(grid, np.array(directions, np.float64), plan, frontal, mean, deviation, highest)


def building_cells(shapes: Shapes, heights: Array, grid: Grid) -> tuple[Longs, Longs, Array]:
    """How much of each cell does each building cover? Building, cell (row by row) and share of the cell, by building.

    Args:
        shapes: Footprints, m.
        heights: Height of each; only looked at for errors.
        grid: The cells, m.

    Raises:
        BadUse: As ``morphology``.
    """
    _check(shapes, heights)
    return _cells(_edges(shapes, grid), grid)


def _check(shapes: Shapes, heights: Array) -> None:
    if heights.shape != shapes.shape or (heights < 0).any():
        raise BadUse("each footprint has a height of 0 or more, or an unknown one", where="heights", found=len(heights))


def _cells(edges: tuple[Array, Longs], grid: Grid) -> tuple[Longs, Longs, Array]:
    """Building, cell and share of the cell of each footprint in each cell."""
    pieces = in_threads(
        lambda span: footprints_in_cells(edges, span.start, span.stop, grid.shape), spans(len(edges[1]) - 1)
    )
    owner, cell, area = (np.concatenate([piece[k] for piece in pieces] or [np.empty(0)]) for k in range(3))
    return owner.astype(np.int64), cell.astype(np.int64), area


def _edges(shapes: Shapes, grid: Grid) -> tuple[Array, Longs]:
    """Edges of all footprints in cells, the inside on their left, and the offsets of each footprint's."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    points = (points - (grid.west, grid.north)) / grid.cell
    first = np.searchsorted(part, np.arange(len(parts) + 1))
    ends, of_edge = ring_edges(points, first)
    return ends, of_edge[np.searchsorted(of_part, np.arange(len(shapes) + 1))]


def _near(shapes: Shapes, gap: float) -> tuple[Longs, Longs]:
    """Buildings whose boxes come near each building's, itself left out: offsets, neighbours."""
    bounds = shapely.bounds(shapes)
    wide = np.full(len(shapes), None, object)
    known = np.isfinite(bounds[:, 0])
    wide[known] = shapely.box(*(bounds[known] + gap * np.array((-1, -1, 1, 1))).T)
    one, other = shapely.STRtree(shapes).query(wide)
    apart = one != other
    order = np.lexsort((other[apart], one[apart]))
    first = np.searchsorted(one[apart][order], np.arange(len(shapes) + 1))
    return first.astype(np.int64), other[apart][order].astype(np.int64)


def _heights(cells: tuple[Longs, Longs, Array], heights: Array, grid: Grid) -> tuple[Array, Array, Array, Array]:
    """λp and mean, deviation and maximum of the height, weighted by footprint."""
    owner, cell, area = cells
    size = grid.rows * grid.columns
    covered = np.bincount(cell, area, size)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(cell, area * heights[owner], size) / np.where(covered > 0, covered, np.nan)
        away = (heights[owner] - mean[cell]) ** 2
        deviation = np.sqrt(np.bincount(cell, area * away, size) / np.where(covered > 0, covered, np.nan))
    counts = (area * grid.area >= LEAST_FOOTPRINT) | (area == _highest(cell, area, size)[cell])
    highest = np.where(np.isfinite(mean), _highest(cell[counts], heights[owner[counts]], size), np.nan)
    plan = np.minimum(covered, 1.0)
    return tuple(field.reshape(grid.shape) for field in (plan, mean, deviation, highest))  # type: ignore[return-value]


def _highest(cell: Longs, numbers: Array, size: int) -> Array:
    """The highest number in each cell, 0 where there is none."""
    found = np.zeros(size)
    with np.errstate(invalid="ignore"):
        np.maximum.at(found, cell, numbers)
    return found


def _frontal(
    edges: tuple[Array, Longs],
    heights: Array,
    grid: Grid,
    directions: Array,
    gap: float,
    near: tuple[Longs, Longs],
) -> Array:
    """λf of each direction."""
    pieces = in_threads(
        lambda span: walls_in_cells(edges, heights, near, span.start, span.stop, gap / grid.cell, grid.shape),
        spans(len(heights)),
    )
    cell = np.concatenate([piece[0] for piece in pieces] or [np.empty(0, np.int64)])
    facing = np.concatenate([piece[1] for piece in pieces] or [np.empty((0, 2))])
    turned = np.deg2rad(directions)
    frontal = np.zeros((len(directions), grid.rows * grid.columns))

    def of_direction(one: int) -> None:
        # Wind that comes from θ blows toward θ + 180°; whole turns leave a rounding error that faces a wall of none.
        east, north = np.round((-np.sin(turned[one]), -np.cos(turned[one])), 15)
        sum_facing(cell, facing, east, north, frontal[one])

    in_threads(of_direction, range(len(directions)))
    return (frontal / grid.cell).reshape(len(directions), *grid.shape)

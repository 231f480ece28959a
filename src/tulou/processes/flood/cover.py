"""The city on the ground of a flood: buildings that stop water, and the roughness of what lies between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from tulou.kernel.errors import MissingExtra, NotEnoughData
from tulou.kernel.grid import Grid
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.processes.flood.rules import roughness
from tulou.processes.flood.terrain import Terrain

try:
    from rasterio import Affine
    from rasterio.features import rasterize
except ImportError:
    raise MissingExtra("rasterio", "raster") from None

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
COVERS = ("water", "green", "road")
"""Covers in the order in which they are laid, each over those before."""
LINE = 1


@dataclass(frozen=True, eq=False)
class Cover:
    """The city on the grid.

    Args:
        building: One more than the row of the building on each cell; 0 where there is none.
        green: Whether a cell is green.
        roughness: Manning's n of each cell.
        buildings: The buildings, as rows.
        building_shapes: Their shapes in the system of the grid.
    """

    building: Ints
    green: NDArray[np.bool_]
    roughness: Array
    buildings: Rows
    building_shapes: Shapes


def moved(shapes: Shapes, state: State, system: str) -> Shapes:
    """Shapes of a city in the metric system of a grid."""
    if system == state.profile.crs:
        return shapes
    step = pyproj.Transformer.from_crs(state.profile.crs, system, always_xy=True)
    known = ~shapely.is_missing(shapes)
    found = np.full(len(shapes), None, object)
    found[known] = shapely.transform(shapes[known], lambda xy: np.column_stack(step.transform(xy[:, 0], xy[:, 1])))
    return found


def cover_of(state: State, terrain: Terrain) -> Cover:
    """Lay the city on the grid.

    Raises:
        NotEnoughData: When no building and no road of the city lies on it.
    """
    grid, system = terrain.grid, terrain.system
    rough = np.full(grid.shape, roughness("other"))
    green = np.zeros(grid.shape, bool)
    touched = False
    for name in COVERS:
        rows = state.rows(name)
        laid = burnt(moved(rows.shapes, state, system), grid) > 0
        rough[laid] = roughness(name)
        green = laid if name == "green" else green & ~laid
        touched |= name == "road" and bool(laid.any())
    rows = state.rows("building")
    if len(rows):
        rows = rows.where((shapely.get_dimensions(rows.shapes) > LINE) & ~(rows.numbers("demolished") > 0))
    shapes = moved(rows.shapes, state, system)
    building = burnt(shapes, grid)
    if not touched and not building.any():
        raise NotEnoughData("no building and no road of the city lies on this ground", where="ground", found=0)
    return Cover(building, green, rough, rows, shapes)


def burnt(shapes: Shapes, grid: Grid) -> Ints:
    """One more than the position of the shape on each cell; 0 where there is none.

    Polygons take the cells whose middle they hold, lines every cell they touch; the last shape lies on top.
    """
    move = Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north)
    found = np.zeros(grid.shape, np.int32)
    dimension = shapely.get_dimensions(shapes)
    for touches, chosen in ((False, dimension > LINE), (True, dimension == LINE)):
        pairs = [(shapes[at], at + 1) for at in np.flatnonzero(chosen & ~shapely.is_empty(shapes)).tolist()]
        if pairs:
            rasterize(pairs, out=found, transform=move, all_touched=touches, dtype="int32")
    return found.astype(np.int64)


def roofs_to_ground(is_roof: NDArray[np.bool_], is_open: NDArray[np.bool_]) -> Array:
    """How many cells' rain each cell of the ground catches: its own, and that of the roofs nearest to it.

    Args:
        is_roof: Cells under roofs.
        is_open: Cells on which water may be.
    """
    _, nearest = ndimage.distance_transform_edt(~is_open, return_indices=True)
    catch = is_open.astype(np.float64)
    rows, columns = nearest[0][is_roof], nearest[1][is_roof]
    np.add.at(catch, (rows, columns), 1.0)
    return catch

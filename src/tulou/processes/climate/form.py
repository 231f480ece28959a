"""Form of a city, cell by cell: walls and roughness in sixteen winds, sky seen from the ground, ventilation class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.grid import Grid
from tulou.measures.climate.morphology import SECTORS, Morphology
from tulou.measures.climate.potential import ventilation_class
from tulou.measures.climate.sky_view import sky_view_factor
from tulou.measures.climate.surface import Surface, built_surface
from tulou.processes.climate.rules import rules
from tulou.processes.climate.standing import Form, Standing, form_of

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CityForm:
    """How a city stands in the wind and under the sky.

    Args:
        buildings: Its buildings.
        form: Their form in sixteen winds of equal share, and their roughness.
        ground: Which cells are ground of the city.
        sky: Mean sky view factor of the ground of each cell; NaN where a building of unknown height stands, or no
            ground is left.
    """

    buildings: Standing
    form: Form
    ground: NDArray[np.bool_]
    sky: Array

    @property
    def grid(self) -> Grid:
        """The cells."""
        return self.form.grid

    @property
    def morphology(self) -> Morphology:
        """Ground built on, walls, heights."""
        return self.form.morphology

    @cached_property
    def grade(self) -> Array:
        """Ventilation class of each cell; NaN where it is unknown.

        Where so much ground is built on that the wind skims over the roofs, z0 falls though no air moves between the
        houses: such a cell counts as at least as rough as the upper bound.
        """
        held = rules()
        length = self.form.roughness.length
        skims = self.morphology.plan_area > held.skimming
        length = np.where(skims, np.maximum(length, held.roughness[1]), length)
        return ventilation_class(length, self.sky, bounds=held.roughness, open_sky=held.sky)

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """Cells of the city whose roughness is unknown."""
        return self.ground & np.isnan(self.form.roughness.length)


def city_form(
    buildings: Standing, cell: float, *, surface_cell: float, directions: int, grid: Grid | None = None
) -> CityForm:
    """How does a city stand in the wind and under the sky?

    Args:
        buildings: Its buildings.
        cell: Side of a cell, m.
        surface_cell: Side of a cell of the surface the sky is seen from, m at most; a whole number of them make a cell.
        directions: Directions in which the horizon is looked for.
        grid: The cells, where another city is to be seen beside it; those over its buildings by default.
    """
    grid = grid or buildings.grid(cell)
    form = form_of(buildings, grid, SECTORS, np.ones(len(SECTORS)))
    every = ceil(cell / surface_cell)
    fine = Grid(grid.west, grid.north, cell / every, grid.rows * every, grid.columns * every)
    surface = built_surface(buildings.shapes, buildings.heights, fine)
    sky = _on_ground(surface, sky_view_factor(surface.height, fine.cell, directions=directions), every)
    sky = np.where(np.isnan(form.morphology.frontal_mean), np.nan, sky)
    return CityForm(buildings, form, form.ground(rules().reach), sky)


def _on_ground(surface: Surface, sky: NDArray[np.float32], every: int) -> Array:
    """Mean of the sky seen from the ground in each square of cells; NaN where all of it is roof."""
    seen = ~surface.is_built

    def sums(field: NDArray[np.generic]) -> Array:
        rows, columns = (size // every for size in field.shape)
        squares = np.asarray(field, np.float32).reshape(rows, every, columns, every)
        return squares.sum(axis=(1, 3), dtype=np.float64)

    many = sums(seen)
    return np.divide(sums(np.where(seen, sky, 0)), many, out=np.full(many.shape, np.nan), where=many > 0)

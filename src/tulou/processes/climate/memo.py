"""The climate memo of a project: what its buildings do to walls, roughness, corridors and the wind that people feel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from tulou.kernel.errors import BadInput
from tulou.kernel.grid import Grid, grid_over
from tulou.measures.climate.corridors import Clearance, clearance
from tulou.measures.climate.roughness import macdonald
from tulou.measures.climate.wind_profile import pedestrian_wind
from tulou.model.changes import applied
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.project import Project
from tulou.plan.projects.reading import read_project
from tulou.processes.climate.finding import Corridor, level_of
from tulou.processes.climate.form import CityForm, city_form
from tulou.processes.climate.rules import Level, rules
from tulou.processes.climate.standing import Form, Standing, standing
from tulou.processes.climate.survey import Survey, survey
from tulou.processes.climate.winds import Winds, read_winds
from tulou.processes.declaration import Run

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
SURFACE_CELL = 2.0
"""Side of a cell of the surface the sky is seen from, m."""
SKY_DIRECTIONS = 32
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Beside:
    """A corridor as it is, and the same line with the project built.

    Args:
        corridor: The corridor.
        room: Its room with the project.
        level: The level it then reaches; None when it reaches none.
    """

    corridor: Corridor
    room: Clearance
    level: Level | None

    @property
    def is_touched(self) -> bool:
        """Whether the project changes its width anywhere."""
        return not np.array_equal(self.corridor.room.width, self.room.width)

    @property
    def is_broken(self) -> bool:
        """Whether it was open all along and is blocked somewhere with the project."""
        return bool(self.corridor.room.width.min() > 0 and self.room.width.min() == 0)

    @property
    def is_lost(self) -> bool:
        """Whether it had a level and reaches a lower one or none."""
        order = [None, *reversed([level.name for level in rules().levels])]
        had, has = (level.name if level else None for level in (self.corridor.level, self.level))
        return order.index(has) < order.index(had)


@dataclass(frozen=True, eq=False)
class Memo:
    """A city without a project and with it, on the same cells and in the same wind.

    Args:
        project: The project.
        winds: The winds.
        before: Ventilation of the city as it stands.
        after: With the project.
        form_before: Form and classes of the city as it stands.
        form_after: With the project.
    """

    project: Project
    winds: Winds
    before: Survey
    after: Survey
    form_before: CityForm
    form_after: CityForm

    @property
    def grid(self) -> Grid:
        """The cells."""
        return self.before.grid

    @cached_property
    def touched(self) -> Flags:
        """Cells whose buildings the project changes."""
        one, other = self.before.form.morphology, self.after.form.morphology
        fields = [
            (one.plan_area, other.plan_area),
            (one.height_mean, other.height_mean),
            *zip(one.frontal_area, other.frontal_area, strict=True),
        ]
        return np.asarray(
            np.any([~np.isclose(old, new, rtol=0, atol=1e-9, equal_nan=True) for old, new in fields], axis=0)
        )

    @cached_property
    def around(self) -> Flags:
        """Cells of the city within the surroundings of those touched."""
        if not self.touched.any():
            return self.touched
        away = distance_transform_edt(~self.touched) * self.grid.cell
        return np.asarray(self.before.ground & (away <= rules().surroundings))

    @property
    def is_beyond(self) -> bool:
        """Whether roughness in a touched cell is beyond what its formula was fitted to."""
        form = self.after.form
        with np.errstate(invalid="ignore"):
            over = form.roughness.length / form.morphology.height_max > rules().sanity
        return bool(over[self.touched].any())

    @cached_property
    def pedestrian(self) -> tuple[Array, Array]:
        """Wind at people's height as a share of that far above, before and after."""
        return _pedestrian(self.before.form), _pedestrian(self.after.form)

    @cached_property
    def corridors(self) -> tuple[Beside, ...]:
        """The corridors of today, each beside itself with the project."""
        is_open = {one.sector: one.is_open for one in self.after.crossed}
        found: list[Beside] = []
        for one in self.before.found:
            room = clearance(one.line, is_open[one.sector], self.grid)
            found.append(Beside(one, room, level_of(one.length, one.angle, room)))
        return tuple(found)

    @cached_property
    def loses_way(self) -> Flags:
        """Cells that a corridor's share of the ways leads through today, and no longer with the project."""
        least = rules().least_share
        lost = [
            (one.ways.density >= least) & (other.ways.density < least)
            for one, other in zip(self.before.crossed, self.after.crossed, strict=True)
        ]
        return np.asarray(np.any(lost, axis=0))

    @property
    def dearer(self) -> float:
        """How much dearer the ways across the city become, percent, by the share of each wind; NaN without ways."""
        shares = np.array([one.share for one in self.before.crossed])
        old, new = (
            np.array([one.ways.mean_cost for one in seen.crossed]) for seen in (self.before, self.after)
        )  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(PERCENT * (shares @ (new / old) / shares.sum() - 1))

    @property
    def walls(self) -> float:
        """How much more wall stands in the light wind, m²; NaN where a height is unknown on either side."""
        old, new = self.before.form.frontal, self.after.form.frontal
        return float((new - old)[self.touched].sum() * self.grid.area)


def read_memo(run: Run) -> Memo:
    """Read a project and see the city without it and with it.

    Raises:
        BadInput: When the project changes no building.
    """
    values, state = run.values, run.city
    project = read_project(values["project"], state.dictionary, state, datum=values["datum"] or "")
    changed = as_changes(project, state)
    if "building" not in changed.entities:
        raise BadInput("the project changes no building", where=project.name, found=len(project.edits))
    winds = read_winds(values["record"], values)
    assumed = values["unknown_height"]
    old, new = standing(state, assumed), standing(applied(state, changed), assumed)
    grid = _grid(old, new, values["cell"])
    before = survey(old, winds, grid)
    after = survey(new, winds, grid, ground=before.ground)
    return Memo(project, winds, before, after, *(_form(some, grid) for some in (old, new)))


def _grid(old: Standing, new: Standing, cell: float) -> Grid:
    bounds = shapely.total_bounds(np.concatenate([old.shapes, new.shapes]))
    return grid_over([float(one) for one in bounds], cell)


def _form(buildings: Standing, grid: Grid) -> CityForm:
    surface = min(SURFACE_CELL, grid.cell)
    return city_form(buildings, grid.cell, surface_cell=surface, directions=SKY_DIRECTIONS, grid=grid)


def _pedestrian(form: Form) -> Array:
    """With the roughness of Macdonald, of which the profile below the roofs is a part."""
    held, city = rules(), form.morphology
    rough = macdonald(city.plan_area, form.frontal, city.height_mean)
    return pedestrian_wind(
        np.maximum(rough.length, held.ground),
        rough.displacement,
        city.height_mean,
        form.frontal,
        height=held.pedestrian,
        reference=held.reference,
    )

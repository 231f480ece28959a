"""What ``viewshed`` tells: the ground and the buildings seen from a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.grid import Grid, grid_over
from tulou.kernel.words import Words
from tulou.measures.climate.morphology import building_cells
from tulou.measures.climate.surface import Surface, built_surface
from tulou.measures.form.viewshed import HIDDEN, UNKNOWN, VISIBLE, Codes, Look, viewshed
from tulou.model.geography import to_geographic, to_metric
from tulou.processes.climate.standing import Standing, standing
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, FieldPlot, Figure, Outcome, Table

Array = NDArray[np.float64]
PERCENT = 100.0
MOST_BUILDINGS = 50
"""Buildings listed."""
SHOWN = {HIDDEN: 0.0, VISIBLE: 2.0, UNKNOWN: 1.0}
"""Values of the picture, one a code."""


@dataclass(frozen=True, eq=False)
class View:
    """What is seen from a place.

    Args:
        place: The place, m.
        buildings: Buildings within the distance seen.
        surface: Ground and buildings.
        codes: What is seen of them.
        inside: Which cells lie within the distance seen.
        is_roof: Whether the place stands on a roof.
    """

    place: Array
    buildings: Standing
    surface: Surface
    codes: Codes
    inside: NDArray[np.bool_]
    is_roof: bool

    def share(self, code: int, of: NDArray[np.bool_]) -> float:
        """Share of some cells within the distance seen that have a code, percent; NaN where there are none."""
        some = self.codes[self.inside & of]
        return PERCENT * float((some == code).mean()) if len(some) else float("nan")


def seen(run: Run) -> Outcome:
    """Run the process, see ``viewshed.PROCESS``."""
    values = run.values
    view = _view(run, values)
    table = _buildings(view)
    return Outcome(
        answer=_answer(view, len(table.rows)),
        figures=_figures(view, len(table.rows)),
        tables=(Table(table.name, table.title, table.columns, table.rows[:MOST_BUILDINGS]),),
        plots=(_plot(view),),
        assumptions=_assumptions(view, values),
        warnings=_warnings(view),
    )


def _view(run: Run, values: Mapping[str, Any]) -> View:
    system = run.city.profile.crs
    point = np.array([shapely.Point(values["longitude"], values["latitude"])], object)
    (moved,) = to_metric(point, system)
    reach, place = values["reach"], np.array((moved.x, moved.y))
    if not np.isfinite(place).all():
        raise BadUse("the place to look from lies outside the surface", where="longitude", found=values["longitude"])
    grid = grid_over((*(place - reach), *(place + reach)), values["cell"])
    buildings = _near(standing(run.city, values["unknown_height"]), place, reach)
    ground = None if values["terrain"] is None else _terrain(values["terrain"], grid, system)
    surface = built_surface(buildings.shapes, buildings.heights, grid, ground=ground)
    (at,) = grid.cells_of(place[None])
    spot = divmod(int(at), grid.columns)
    look = Look(values["eye"], values["target"], reach)
    codes = viewshed(surface.height, grid.cell, spot, look, is_exact=values["exact"])
    east, north = grid.centres()
    inside = np.hypot(east - east[spot[1]], (north - north[spot[0]])[:, None]) <= reach
    return View(place, buildings, surface, codes, inside, bool(surface.is_built[spot]))


def _near(buildings: Standing, place: Array, reach: float) -> Standing:
    """The buildings within the distance seen.

    Raises:
        NotEnoughData: When there are none: the place lies outside the city.
    """
    kept = shapely.dwithin(buildings.shapes, shapely.Point(place), reach)
    if not kept.any():
        raise NotEnoughData(
            "no building stands within the distance seen", where="longitude", found=len(kept), allowed=("reach",)
        )
    return replace(
        buildings,
        ids=buildings.ids[kept],
        names=buildings.names[kept],
        shapes=buildings.shapes[kept],
        heights=buildings.heights[kept],
    )


def _terrain(path: Path, grid: Grid, system: str) -> Array:
    """Height of the ground in each cell of a grid, m; NaN where the file has none."""
    from tulou.sources.rasters import heights_at  # an extra

    east, north = np.meshgrid(*grid.centres())
    points = to_geographic(np.asarray(shapely.points(east.ravel(), north.ravel()), object), system)
    return heights_at(path, shapely.get_x(points), shapely.get_y(points)).reshape(grid.shape)


def _answer(view: View, many: int) -> tuple[Words, ...]:
    ground = ~view.surface.is_built
    return (
        Words(
            f"可视距离内 {view.share(VISIBLE, ground):.1f}% 的地面可见；"
            f"{len(view.buildings.heights)} 栋建筑中 {many} 栋至少可见一处屋顶。",
            f"Of the ground within the distance seen {view.share(VISIBLE, ground):.1f} % is seen; of "
            f"{len(view.buildings.heights)} buildings {many} show at least some of their roof.",
        ),
    )


def _figures(view: View, many: int) -> tuple[Figure, ...]:
    ground = ~view.surface.is_built
    every = np.ones(ground.shape, bool)
    title = Words("可见地面比例", "Ground seen")
    roofs = Words("可见屋顶比例", "Roofs seen")
    unknown = Words("因高度未知而无法判断的比例", "Not assessed, since a height is unknown")
    return (
        Figure("ground", title, view.share(VISIBLE, ground), "percent", digits=1),
        Figure("roofs", roofs, view.share(VISIBLE, view.surface.is_built), "percent", digits=1),
        Figure("unknown", unknown, view.share(UNKNOWN, every), "percent", digits=1),
        Figure("buildings", Words("可见建筑", "Buildings seen"), many, "building", digits=0),
    )


def _buildings(view: View) -> Table:
    """Buildings of which some roof is seen, the highest above the eye's horizon first."""
    held = view.buildings
    owner, cell, _ = building_cells(held.shapes, held.heights, view.surface.grid)
    is_roof = view.surface.is_built.ravel()[cell]
    shown = (view.codes.ravel()[cell] == VISIBLE) & is_roof
    roof = np.bincount(owner, is_roof, len(held.heights))
    part = PERCENT * np.bincount(owner, shown, len(held.heights)) / np.maximum(roof, 1)
    away = shapely.distance(held.shapes, shapely.Point(view.place))
    order = np.lexsort((away, -held.heights / np.maximum(away, view.surface.grid.cell)))
    columns = (
        Column("building", Words("建筑", "Building")),
        Column("height", Words("高度", "Height"), "m", 1),
        Column("distance", Words("距离", "Distance"), "m", 0),
        Column("roof", Words("可见屋顶", "Roof seen"), "percent", 0),
    )
    rows: list[list[Cell]] = [
        [held.names[one] or str(held.ids[one]), float(held.heights[one]), float(away[one]), float(part[one])]
        for one in order.tolist()
        if part[one] > 0
    ]
    title = Words(
        f"可见建筑（按视角高度，至多列 {MOST_BUILDINGS} 栋）",
        f"Buildings seen, the highest in view first, at most {MOST_BUILDINGS}",
    )
    return Table("buildings", title, columns, rows)


def _plot(view: View) -> FieldPlot:
    grid = view.surface.grid
    values = np.select([view.codes == code for code in SHOWN], list(SHOWN.values()))
    title = Words(
        "可视域：2 可见，1 未知，0（浅底）不可见", "Viewshed: 2 seen, 1 not assessed, 0 (pale ground) not seen"
    )
    shown = np.where(view.inside, values, np.nan)
    return FieldPlot("viewshed", title, shown, grid.west, grid.north, grid.cell, "1", (1.0, 2.0))


def _assumptions(view: View, values: Mapping[str, Any]) -> tuple[Words, ...]:
    found = [*view.buildings.assumptions(values["unknown_height"])]
    if values["terrain"] is None:
        found.append(Words("没有给出地形，地面视为水平。", "No terrain was given: the ground is level."))
    found.append(
        Words(
            "高度随距离按地球曲率下降，大气折射抵消其 13%。",
            "Heights drop with distance by the Earth's curve; refraction takes back 13 % of it.",
        )
    )
    return tuple(found)


def _warnings(view: View) -> tuple[Words, ...]:
    found: list[Words] = []
    if view.is_roof:
        found.append(
            Words("观察点在建筑轮廓内：视为站在屋顶。", "The place lies in a building: one stands on its roof.")
        )
    if view.buildings.unknown:
        found.append(
            Words(
                f"{view.buildings.unknown} 栋建筑高度和层数未知：其后的地方不评估。可用 unknown_height 给出假定高度。",
                f"{view.buildings.unknown} buildings have neither height nor storeys on record: what lies behind them "
                f"is not assessed. unknown_height assumes a height.",
            )
        )
    return tuple(found)

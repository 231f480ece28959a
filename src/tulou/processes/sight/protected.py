"""Protected views of a city held against what stands and what is planned below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.grid import Grid, grid_over
from tulou.measures.form.view_corridor import Corridor, Part, Pierced, level_field, pierced
from tulou.model.geography import to_geographic, to_metric
from tulou.model.rows import Rows
from tulou.processes.climate.standing import Standing, standing
from tulou.processes.declaration import Run
from tulou.processes.layer import read_layer
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]
Ground = Callable[[Array], Array]
EYE = 1.6
"""Height of a standing person's eye, m."""
NEAR = 1.0
"""A landmark within this distance of a footprint is that building, m."""
COLUMNS = (
    Wanted("name", ("名称",), "text", is_required=True),
    *(
        Wanted(name, heads, unit="degree", is_required=True)
        for name, heads in (
            ("view_longitude", ("观景点经度",)), ("view_latitude", ("观景点纬度",)),
            ("landmark_longitude", ("地标经度",)), ("landmark_latitude", ("地标纬度",)),
        )
    ),
    Wanted("width", ("宽度",), unit="m", least=0, is_required=True),
    *(
        Wanted(name, heads, unit="m", least=0)
        for name, heads in (
            ("eye", ("视高",)), ("threshold", ("地标控制高度",)), ("view_width", ("观景点宽度",)),
            ("side", ("侧翼宽度",)), ("background", ("背景长度",)),
        )
    ),
    Wanted("view_level", ("视点高程",), unit="m"),
    Wanted("threshold_level", ("地标控制高程",), unit="m"),
    Wanted("landmark_ids", ("地标建筑编号",), "text"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Stock:
    """Buildings held against the views, the planned ones last.

    Args:
        ids: Their ids; those of planned ones are their rows in the file.
        names: What they are called; empty where they have no name.
        shapes: Footprints, m.
        heights: Height above the ground, m; NaN where unknown.
        ground: Level of the ground in the middle of each, m; NaN where unknown.
        existing: How many of them stand.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    shapes: Shapes
    heights: Array
    ground: Array
    existing: int


@dataclass(frozen=True, eq=False)
class View:
    """One protected view and what was found in it.

    Args:
        name: What it is called.
        corridor: The corridor.
        found: Buildings in it, rows of the stock; without the landmark and the building one looks from.
        own: Rows of the landmark and of the building one looks from.
        parcels: Parcels in the corridor itself, with the height that stays allowed.
        unseen: Share of the corridor that lies outside of all that is on record.
    """

    name: str
    corridor: Corridor
    found: Pierced
    own: NDArray[np.int64]
    parcels: Pierced
    unseen: float

    @property
    def core(self) -> NDArray[np.bool_]:
        """Which of the buildings found stand in the corridor itself."""
        return np.asarray(self.found.part == Part.CORRIDOR, np.bool_)


@dataclass(frozen=True, eq=False)
class Views:
    """All protected views of a run.

    Args:
        views: The views.
        stock: The buildings.
        standing: Those that stand, with what was assumed of their heights.
        parcels: Parcels of the city.
        grid: Cells of the map.
        allowed: Height that stays allowed above the ground by all corridors, m; NaN outside of them.
        digests: Of the files.
    """

    views: tuple[View, ...]
    stock: Stock
    standing: Standing
    parcels: Rows
    grid: Grid
    allowed: Array
    digests: Mapping[str, str]

    def strictest(self, of: Callable[[View], Pierced], count: int) -> tuple[Array, Array]:
        """Verdict of all corridors together, and the lowest height allowed, one a row; NaN outside of them.

        Args:
            of: What to ask of a view: buildings or parcels.
            count: How many rows there are.
        """
        verdict, allowed = np.full(count, np.nan), np.full(count, np.nan)
        unsure = np.zeros(count, bool)
        for view in self.views:
            found = of(view)
            core = np.asarray(found.part == Part.CORRIDOR, np.bool_)
            at, said, height = found.building[core], found.verdict[core], found.allowed[core]
            verdict[at] = np.fmax(verdict[at], said)
            allowed[at] = np.fmin(allowed[at], height)
            unsure[at] |= np.isnan(said)
        return np.where(unsure & ~(verdict > 0), np.nan, verdict), allowed


def views_of(run: Run) -> Views:
    """The protected views of a run, see ``view_corridor.PROCESS``.

    Raises:
        BadInput: When the table of corridors or a layer cannot be used.
        BadUse: When levels are stated without the level of the ground, or a corridor is none.
        NotEnoughData: When the terrain is unknown where it is needed, or a view lies outside of the city.
    """
    values, system = run.values, run.city.profile.crs
    table = read_columns(values["corridors"], COLUMNS)
    ground = _ground(values, system, table)
    held = standing(run.city, values["unknown_height"])
    stock, digests = _stock(held, ground, values, system)
    parcels = run.city.rows("parcel")
    if len(parcels):
        parcels = parcels.where(shapely.get_dimensions(parcels.shapes) == 2)  # noqa: PLR2004  (polygons)
    land = np.asarray(parcels.shapes, object)
    low = ground(_middles(land))
    hull = shapely.convex_hull(shapely.union_all(shapely.envelope(held.shapes)))
    found = []
    for row in range(table.rows):
        corridor = _corridor(table, row, ground, values, system)
        unseen = shapely.difference(corridor.parts()[Part.CORRIDOR], hull).area / corridor.parts()[Part.CORRIDOR].area
        if unseen >= 1:
            raise NotEnoughData("no building is on record near this view", where=table.texts["name"][row], found=0)
        own = _own(table, row, corridor, stock, values["corridors"].name)
        beside = np.setdiff1d(np.arange(len(stock.shapes)), own)
        some = pierced(corridor, stock.shapes[beside], stock.ground[beside], stock.heights[beside])
        some = Pierced(beside[some.building], some.part, some.level, some.allowed, some.excess, some.verdict)
        room = pierced(corridor, land, low, np.full(len(land), np.nan))
        found.append(View(table.texts["name"][row], corridor, some, own, room, float(unseen)))
    grid = grid_over(_bounds(found), values["cell"])
    allowed = _allowed(found, grid, ground)
    return Views(tuple(found), stock, held, parcels, grid, allowed, digests | {values["corridors"].name: table.digest})


def _bounds(views: list[View]) -> list[float]:
    areas = np.array([view.corridor.parts()[Part.CORRIDOR] for view in views] + [None], object)[:-1]
    return [float(one) for one in shapely.total_bounds(areas)]


def _ground(values: Mapping[str, Any], system: str, table: Columns) -> Ground:
    """Level of the ground at places, by a terrain or the same everywhere."""
    path: Path | None = values["terrain"]
    level = values["ground"]
    if path is not None and level is not None:
        raise BadUse("the ground has a terrain or is level", where="ground", found=level, allowed=("terrain",))
    if path is None:
        stated = [name for name in ("view_level", "threshold_level") if np.isfinite(_column(table, name)).any()]
        if stated and level is None:
            raise BadUse(
                "levels are stated, so that of the ground is needed", where=stated[0], allowed=("terrain", "ground")
            )
        return lambda places: np.full(len(places), 0.0 if level is None else level)

    def at(places: Array) -> Array:
        from tulou.sources.rasters import heights_at  # an extra

        points = to_geographic(np.asarray(shapely.points(places), object), system)
        return heights_at(path, shapely.get_x(points), shapely.get_y(points))

    return at


def _stock(held: Standing, ground: Ground, values: Mapping[str, Any], system: str) -> tuple[Stock, dict[str, str]]:
    path: Path | None = values["planned"]
    ids, names, shapes, heights = held.ids, held.names, held.shapes, held.heights
    digests: dict[str, str] = {}
    if path is not None:
        layer = read_layer(path, numbers=("height",), system=system, datum=values["datum"])
        digests[path.name] = layer.digest
        high = np.where(layer.numbers["height"] > 0, layer.numbers["height"], np.nan)
        ids = np.concatenate([ids, np.arange(1, len(high) + 1).astype(str).astype(object)])
        names = np.concatenate([names, np.full(len(high), "", object)])
        shapes, heights = np.concatenate([shapes, layer.shapes]), np.concatenate([heights, high])
    return Stock(ids, names, shapes, heights, ground(_middles(shapes)), len(held.ids)), digests


def _middles(shapes: Shapes) -> Array:
    return shapely.get_coordinates(shapely.point_on_surface(shapes)) if len(shapes) else np.zeros((0, 2))


def _column(table: Columns, name: str) -> Array:
    return table.numbers.get(name, np.full(table.rows, np.nan))


def _corridor(table: Columns, row: int, ground: Ground, values: Mapping[str, Any], system: str) -> Corridor:
    """The corridor of one row; levels are stated, or told from the ground."""
    where = f"{values['corridors'].name}: row {row + 2}"
    numbers = {name: float(_column(table, name)[row]) for name in table.numbers}
    ends = [(numbers[f"{end}_longitude"], numbers[f"{end}_latitude"]) for end in ("view", "landmark")]
    if not np.isfinite([*ends[0], *ends[1], numbers["width"]]).all():
        raise BadInput("a number is missing", where=where, found="")
    places = shapely.get_coordinates(to_metric(np.asarray(shapely.points(ends), object), system))
    if not np.isfinite(places).all():
        raise BadInput("this place lies outside of the city's coordinates", where=where, found=str(ends))
    low = ground(places)
    eye = numbers.get("eye", np.nan)
    level = numbers.get("view_level", np.nan)
    level = level if np.isfinite(level) else low[0] + (eye if np.isfinite(eye) else EYE)
    top = numbers.get("threshold_level", np.nan)
    top = top if np.isfinite(top) else low[1] + numbers.get("threshold", np.nan)
    if not np.isfinite([level, top]).all():
        if np.isnan(low).any():
            raise NotEnoughData("the terrain is unknown at an end of this view", where=where, found="")
        raise BadInput(
            "what must be seen of the landmark is not stated",
            where=where,
            found="",
            allowed=("threshold", "threshold_level"),
        )
    beside = {name: float(np.nan_to_num(numbers.get(name, 0.0))) for name in ("view_width", "side", "background")}
    (east, north), (far_east, far_north) = places.tolist()
    return Corridor(
        (east, north),
        (far_east, far_north),
        float(level),
        float(top),
        numbers["width"],
        refraction=values["refraction"],
        **beside,
    )


def _own(table: Columns, row: int, corridor: Corridor, stock: Stock, where: str) -> NDArray[np.int64]:
    """The landmark and the building one looks from, which hide nothing of themselves."""
    named = [part.strip() for part in table.texts.get("landmark_ids", ("",) * table.rows)[row].split(";")]
    known = {str(one): at for at, one in enumerate(stock.ids[: stock.existing])}
    for name in filter(None, named):
        if name not in known:
            raise BadInput(
                "the city has no such building on record",
                where=f"{where}: row {row + 2}, landmark_ids",
                found=name,
                allowed=tuple(known),
            )
    tree = shapely.STRtree(stock.shapes[: stock.existing])
    at_landmark = tree.query(shapely.Point(corridor.landmark), "dwithin", NEAR)
    at_view = tree.query(shapely.Point(corridor.view), "intersects")
    rows = [known[name] for name in named if name]
    return np.unique(np.concatenate([at_landmark, at_view, np.array(rows, np.int64)])).astype(np.int64)


def _allowed(views: list[View], grid: Grid, ground: Ground) -> Array:
    """Height above the ground that all corridors leave in the middle of each cell, m."""
    east, north = np.meshgrid(*grid.centres())
    lowest = np.full(grid.shape, np.nan)
    for view in views:
        lowest = np.fmin(lowest, level_field(view.corridor, east, north))
    inside = np.isfinite(lowest)
    lowest[inside] -= ground(np.stack([east[inside], north[inside]], axis=1))
    return np.maximum(lowest, 0.0)

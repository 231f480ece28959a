"""Where people can be sheltered: shelters on record or ground that could be opened, and what a hazard leaves of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.measures.hazard.shelters.area import Test, collapse_zones, ground_left, steep
from tulou.model.geography import to_geographic
from tulou.model.rows import Rows as Objects
from tulou.model.state import State
from tulou.processes.shelters.rules import EMERGENCY, class_by_area, classes, rule

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]
Mask = NDArray[np.bool_]
Hazard = Literal["earthquake", "typhoon", "flood"]
Falling = Literal["all", "hazardous", "none"]

OPEN_GREEN = ("park", "comprehensive_park", "community_park", "pocket_park", "special_park", "square", "garden")
OPEN_FACILITY = ("sports_ground", "football_pitch", "large_sports_ground", "medium_sports_ground", "primary_school",
                 "secondary_school", "school", "university")  # fmt: skip
"""Grounds that a city could open to people; schools count with their grounds outside the buildings."""
REASONS = ("buildings", "collapse", "water", "fire_source", "slope", "flood")


@dataclass(frozen=True)
class Asked:
    """What a hazard takes away.

    Args:
        hazard: The hazard.
        falling: Which buildings fall in an earthquake.
        debris: Reach of debris as a share of the height.
        storeys: Storeys of a building on no record.
        utilisation: Share of open ground that can be used.
        flood: Raster of flood depth, m.
        depth: Depth above which ground is lost, m.
        heights: Raster of the terrain, m.
        slope: Steepest slope, m/m.
    """

    hazard: Hazard = "earthquake"
    falling: Falling = "hazardous"
    debris: float = 0.0
    storeys: float = 0.0
    utilisation: float = 1.0
    flood: Path | None = None
    depth: float = 0.0
    heights: Path | None = None
    slope: float = 0.0


@dataclass(frozen=True, eq=False)
class Sites:
    """Shelters, and what can be used of them.

    Args:
        ids: Id of each.
        names: What each is called.
        category: Class of each.
        shapes: Where each stands, m.
        gross: Area of its outline, m²; NaN without one.
        effective: Effective area, m²; NaN where it cannot be told.
        capacity: People on record that it takes; NaN where unknown.
        excluded: Area that each reason takes, m²; NaN without an outline.
        is_new: Whether it is ground that would have to be opened.
        left_out: Sites that do not count under the hazard, by reason.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    category: NDArray[np.object_]
    shapes: Shapes
    gross: Array
    effective: Array
    capacity: Array
    excluded: Mapping[str, Array]
    is_new: Mask
    left_out: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, which: Mask | NDArray[np.int64]) -> Sites:
        """Some of the sites."""
        columns: dict[str, Any] = {
            name: getattr(self, name)[which]
            for name in ("ids", "names", "category", "shapes", "gross", "effective", "capacity", "is_new")
        }
        return replace(self, **columns, excluded={name: area[which] for name, area in self.excluded.items()})

    def room(self, area_a_person: float) -> Array:
        """People that fit by area; by the record where the area is not known; 0 where neither is."""
        by_area = self.effective / area_a_person
        return np.nan_to_num(np.where(np.isnan(by_area), self.capacity, by_area))


def shelters_of(state: State, asked: Asked) -> Sites:
    """Shelters on record that are not closed, and what the hazard leaves of each."""
    rows = state.rows("shelter")
    rows = rows.where(rows.numbers("closed") != 1.0)
    indoor = rows.numbers("indoor")
    left_out = {}
    if asked.hazard == "typhoon":
        left_out = {"outdoors": int((indoor == 0).sum()), "indoors_unknown": int(np.isnan(indoor).sum())}
        rows = rows.where(indoor == 1.0)
    placed = ~(shapely.is_missing(rows.shapes) | shapely.is_empty(rows.shapes))
    left_out["no_place"] = int((~placed).sum())
    rows = rows.where(placed)
    # The ground of a shelter indoors is its building: only the record tells what of it can be used.
    outlines = np.asarray(rows.shapes, object).copy()
    outlines[rows.numbers("indoor") == 1.0] = None
    usable, gross, excluded = _usable(state, asked, outlines)
    recorded = rows.numbers("effective_area")
    # What is on record already leaves out what cannot be used; a hazard can only take more.
    usable = np.where(np.isnan(recorded), usable * asked.utilisation, np.fmin(recorded, usable))
    category = np.array([name or EMERGENCY for name in rows.texts("category")], object)
    return Sites(
        rows.ids, _names(rows), category, rows.shapes, gross, usable, rows.numbers("capacity"), excluded,
        np.zeros(len(rows), bool), {name: count for name, count in left_out.items() if count},
    )  # fmt: skip


def openable(state: State, asked: Asked, least: float) -> Sites:
    """Parks, squares and grounds of sports and schools that could be opened, with an outline and enough left of them.

    Args:
        state: The city.
        asked: What the hazard takes away.
        least: Least effective area, m².
    """
    greens, facilities = state.rows("green"), state.rows("facility")
    greens = greens.where(np.isin(greens.texts("category"), OPEN_GREEN) & (greens.numbers("open_to_public") != 0.0))
    facilities = facilities.where(np.isin(facilities.texts("category"), OPEN_FACILITY))
    ids = np.concatenate([greens.ids, facilities.ids])
    shapes = np.concatenate([greens.shapes, facilities.shapes])
    keep = (shapely.get_dimensions(shapes) > 1) & ~_stand_on(shapes, state.rows("shelter").shapes)
    shapes = shapes[keep]
    usable, gross, excluded = _usable(state, asked, shapes)
    effective = usable * asked.utilisation
    found = Sites(
        ids[keep],
        np.concatenate([_names(greens), _names(facilities)])[keep],
        np.array([class_by_area(area) for area in effective], object),
        shapes, gross, effective, np.full(len(shapes), np.nan), excluded, np.ones(len(shapes), bool), {},
    )  # fmt: skip
    return found.take(effective >= least) if asked.hazard != "typhoon" else found.take(np.zeros(len(shapes), bool))


def together(one: Sites, other: Sites) -> Sites:
    """Two sets of sites as one."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("ids", "names", "category", "shapes", "gross", "effective", "capacity", "is_new")
    }
    excluded = {name: np.concatenate([area, other.excluded[name]]) for name, area in one.excluded.items()}
    return replace(one, **columns, excluded=excluded)


def heights_of(buildings: Objects, storeys: float) -> Array:
    """Height of each building, m: as on record, else from its storeys, else from those assumed."""
    levels = buildings.numbers("storeys")
    height = buildings.numbers("height")
    return np.where(np.isnan(height), rule("storey") * np.where(np.isnan(levels), storeys, levels), height)


def falling(buildings: Objects, which: Falling) -> Mask:
    """Buildings that fall: all, those with a structural hazard on record, or none."""
    there = (buildings.numbers("demolished") != 1.0) & (shapely.get_dimensions(buildings.shapes) > 1)
    if which == "all":
        return np.asarray(there)
    return there & (buildings.numbers("structure_hazard") == 1.0) & (which == "hazardous")


def _usable(state: State, asked: Asked, shapes: Shapes) -> tuple[Array, Array, Mapping[str, Array]]:
    found = ground_left(shapes, _zones(state, asked, shapes), _tests(state, asked))
    return found.left, found.gross, found.excluded


def _zones(state: State, asked: Asked, sites: Shapes) -> dict[str, Shapes]:
    """Outlines that exclude ground near the sites."""
    buildings = state.rows("building")
    buildings = buildings.where(_near(buildings.shapes, sites))
    down = falling(buildings, asked.falling if asked.hazard == "earthquake" else "none")
    sources = state.rows("facility")
    sources = sources.where((sources.texts("category") == "fuel_station") & (sources.numbers("closed") != 1.0))
    return {
        "buildings": buildings.shapes[shapely.get_dimensions(buildings.shapes) > 1],
        "collapse": collapse_zones(buildings.shapes[down], heights_of(buildings, asked.storeys)[down], asked.debris),
        "water": np.asarray(state.rows("water").shapes, object),
        "fire_source": np.asarray(shapely.buffer(sources.shapes, rule("fire_source_distance")), object),
    }


_NEAR = 200.0
"""Buildings farther (m) from every site than this do not reach it: taller than any building times its debris."""


def _near(shapes: Shapes, sites: Shapes) -> Mask:
    found = np.zeros(len(shapes), bool)
    some = sites[shapely.get_dimensions(sites) > 1]
    if len(some):
        found[np.unique(shapely.STRtree(shapes).query(some, predicate="dwithin", distance=_NEAR)[1])] = True
    return found


def _stand_on(shapes: Shapes, shelters: Shapes) -> Mask:
    """Grounds that a shelter stands on already: they would count twice."""
    found = np.zeros(len(shapes), bool)
    there = shelters[~shapely.is_missing(shelters)]
    if len(there) and len(shapes):
        found[np.unique(shapely.STRtree(shapes).query(there, predicate="intersects")[1])] = True
    return found


def _tests(state: State, asked: Asked) -> dict[str, Test]:
    tests: dict[str, Test] = {}
    if asked.heights is not None:
        tests["slope"] = steep(asking(state, asked.heights), asked.slope)
    if asked.flood is not None:
        depths = asking(state, asked.flood)
        tests["flood"] = lambda points: np.asarray(depths(points) > asked.depth)
    return tests


def asking(state: State, raster: Path) -> Callable[[Array], Array]:
    """The values of a raster at places of the city."""
    from tulou.sources.rasters import heights_at  # loads rasterio

    def ask(points: Array) -> Array:
        if not len(points):
            return np.empty(0)
        lonlat = shapely.get_coordinates(to_geographic(np.asarray(shapely.points(points), object), state.profile.crs))
        return heights_at(raster, lonlat[:, 0], lonlat[:, 1])

    return ask


def _names(rows: Objects) -> NDArray[np.object_]:
    return np.array([name or key for name, key in zip(rows.texts("name"), rows.ids, strict=True)], object)


def known_classes(sites: Sites) -> Sites:
    """Sites of a class there is; another word counts as an emergency shelter."""
    category = np.array([name if name in classes() else EMERGENCY for name in sites.category], object)
    return replace(sites, category=category)

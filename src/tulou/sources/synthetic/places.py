"""Facilities, parks, stops and people of the generated city."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.documents import At
from tulou.sources.synthetic.ground import KERB, Columns, names
from tulou.sources.synthetic.layout import COMMUNITY_DEPTH, COMMUNITY_WIDTH, Layout
from tulou.sources.synthetic.registers import fill, generator

LARGE_PARK = 100_000.0
SMALL_PARK_SHARE = 0.45
SMALL_PARK_SIDES = (25.0, 70.0)
METRO_EVERY = 2
MARGIN = 30.0
BUS_DEPARTURES, METRO_DEPARTURES, LINES, MINUTES_OPEN = (60, 240), 190, (1, 6), 960.0
"""Departures a day of bus stops (from, below) and metro stations; lines a stop (from, below); minutes of service."""
CHILDREN = {"children_0_3": 0.026, "children_3_6": 0.031, "children_primary": 0.070, "children_secondary": 0.068}
"""Share of residents by age."""


def facilities(layout: Layout, rules: At) -> Columns:
    """Facilities of every category, each category drawn on its own."""
    made: list[Columns] = []
    for category, rule in rules.items():
        random = generator(layout.seed, "facility", category)
        ground = layout.homes if rule["in"] == "homes" else layout.is_used(rule["in"])
        chosen = np.flatnonzero(ground & (random.random(layout.communities) < float(rule["share"])))
        if not len(chosen) and ground.any():
            chosen = np.flatnonzero(ground)[:1]
        columns: Columns = {
            "id": [f"facility-{category}-{n + 1}" for n in chosen],
            "category": [category] * len(chosen),
            "unit": np.array(names("community", layout.communities), object)[chosen],
            "place": _somewhere(layout, chosen, random),
        }
        fill(columns, rule["fill"], seed=layout.seed, name=f"facility.{category}")
        made.append(columns)
    return _stacked(made)


def greens(layout: Layout) -> Columns:
    """A large park on every park ground, and small ones among the homes."""
    random = generator(layout.seed, "green")
    x, y = layout.corner[layout.is_used("park")].T
    large = shapely.box(x + KERB, y + KERB, x + COMMUNITY_WIDTH - KERB, y + COMMUNITY_DEPTH - KERB)
    chosen = np.flatnonzero(layout.homes & (random.random(layout.communities) < SMALL_PARK_SHARE))
    middle = _somewhere(layout, chosen, random)
    side = random.uniform(*SMALL_PARK_SIDES, len(chosen))
    small = shapely.box(
        middle[:, 0] - side / 2, middle[:, 1] - side / 2, middle[:, 0] + side / 2, middle[:, 1] + side / 2
    )
    shapes = np.concatenate([large, small])
    areas = shapely.area(shapes)
    return {
        "id": names("green", len(shapes)),
        "category": ["comprehensive_park" if area >= LARGE_PARK else "community_park" for area in areas],
        "area": areas.round(1),
        "geometry": shapes,
    }


def stops(layout: Layout) -> Columns:
    """Bus stops at the middle of every community's south street; a metro station at every second block on the axis."""
    x, y = layout.corner.T
    bus = np.column_stack([x + COMMUNITY_WIDTH / 2, y])
    axis = layout.up // 2 * COMMUNITY_DEPTH
    across = np.arange(0.0, layout.across * COMMUNITY_WIDTH + 1, METRO_EVERY * COMMUNITY_WIDTH)
    metro = np.column_stack([across, np.full(len(across), axis)])
    random = generator(layout.seed, "stop")
    count = len(bus) + len(metro)
    is_bus = np.arange(count) < len(bus)
    departures = np.where(is_bus, random.integers(*BUS_DEPARTURES, count), METRO_DEPARTURES).astype(float)
    return {
        "id": names("stop", count),
        "mode": ["bus"] * len(bus) + ["metro"] * len(metro),
        "lines": random.integers(*LINES, count).astype(float),
        "departures_day": departures,
        "headway_day": np.round(MINUTES_OPEN / departures, 2),
        "place": np.concatenate([bus, metro]),
    }


def people(buildings: Columns) -> Columns:
    """One population cell a building with residents."""
    random = generator(len(buildings["id"]), "people")
    lived = np.flatnonzero(np.asarray(buildings["residents"]) > 0)
    residents = np.asarray(buildings["residents"])[lived].astype(int)
    drawn = {name: random.binomial(residents, share).astype(float) for name, share in CHILDREN.items()}
    centre = shapely.centroid(np.asarray(buildings["geometry"], object)[lived])
    return {
        "id": [f"population-{n + 1}" for n in lived],
        "unit": np.asarray(buildings["unit"], object)[lived],
        "residents": residents.astype(float),
        "residents_60": np.asarray(buildings["residents_60"], float)[lived],
        "households": np.asarray(buildings["households"], float)[lived],
        **drawn,
        "place": shapely.get_coordinates(centre),
    }


def count_people(communities: Columns, cells: Columns) -> None:
    """Give communities the sums of their population cells, so that both registers say the same."""
    position = {name: n for n, name in enumerate(communities["id"])}
    owner = np.array([position[name] for name in cells["unit"]], np.int64)
    for name in ("residents", "residents_60", "households", "children_0_3", "children_3_6", "children_primary"):
        communities[name] = np.bincount(owner, np.asarray(cells[name], float), minlength=len(position))


def objects(layout: Layout, entity: str, rule: At) -> Columns:
    """Objects of one register, scattered over the grounds the rule names."""
    random = generator(layout.seed, "objects", entity)
    ground = layout.homes if rule["in"] == "homes" else np.ones(layout.communities, bool)
    grounds = np.flatnonzero(ground)
    count = max(round(float(rule["each"]) * len(grounds)), 1)
    chosen = np.sort(random.choice(grounds, count))
    place = _somewhere(layout, chosen, random)
    columns: Columns = {
        "id": names(entity, count),
        "unit": np.array(names("community", layout.communities), object)[chosen],
    }
    if rule["shape"] == "point":
        columns["place"] = place
    elif rule["shape"] != "none":
        end = _somewhere(layout, chosen if rule["shape"] == "line" else random.choice(grounds, count), random)
        columns["geometry"] = np.asarray(shapely.linestrings(np.stack([place, end], axis=1)), object)
    fill(columns, rule["fill"], seed=layout.seed, name=entity)
    return columns


def _somewhere(layout: Layout, chosen: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.float64]:
    """A place inside each chosen community, off its kerbs."""
    size = np.array([COMMUNITY_WIDTH, COMMUNITY_DEPTH]) - 2 * MARGIN
    return np.asarray(layout.corner[chosen] + MARGIN + random.random((len(chosen), 2)) * size)


def _stacked(tables: list[Columns]) -> Columns:
    """One table of several; an attribute a table lacks is unknown there."""
    wanted = sorted({name for table in tables for name in table})
    result: Columns = {}
    for name in wanted:
        parts = [list(table[name]) if name in table else [None] * len(table["id"]) for table in tables]
        result[name] = [value for part in parts for value in part]
    return result

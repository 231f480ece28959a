"""Made cities for the tests: buildings on a grid of communities and blocks."""

from datetime import date
from typing import Any

import numpy as np
import shapely

from indicators.small_rulebook import dictionary
from tulou.kernel.clock import Moment
from tulou.model.rows import Rows, rows_of
from tulou.model.state import MemoryState, Profile

DAY = date(2024, 6, 30)
SIDE = 100.0


NAMED = ("use=residential", "use=mixed")
"""Claims that every home and every plot of homes is called so: one of unknown use is none."""


def state_of(
    tables: dict[str, dict[str, Any]], *, complete: tuple[str, ...] = (), named: bool = False, day: date = DAY
) -> MemoryState:
    """The city of some tables.

    Args:
        tables: By entity, its columns.
        complete: Entities of which all objects are claimed to be known.
        named: Whether homes and their land are claimed to be called so.
        day: The day.
    """
    made: dict[str, Rows] = {}
    for entity, columns in tables.items():
        claims = frozenset({"*", *NAMED} if named else {"*"}) if entity in complete else frozenset[str]()
        made[entity] = rows_of(dictionary()[entity], columns, complete=claims)
    return MemoryState(Profile("Made", "EPSG:4549", synthetic=True), dictionary(), Moment(day), made)


def grid(entity: str, across: int, width: float) -> dict[str, Any]:
    """Square units side by side, covering ``SIDE`` × ``SIDE``."""
    steps = [(x * width, y * width) for x in range(across) for y in range(across)]
    return {
        "id": [f"{entity}{number}" for number in range(len(steps))],
        "geometry": [shapely.box(x, y, x + width, y + width) for x, y in steps],
    }


def city_tables(seed: int, buildings: int = 60) -> dict[str, dict[str, Any]]:
    """A city of 100 × 100 m with 16 communities in 4 blocks."""
    draw = np.random.default_rng(seed)
    spots = draw.uniform(0, SIDE, (buildings, 2))

    def some(values: list[Any], gaps: float = 0.2) -> list[Any]:
        return [None if draw.random() < gaps else values[draw.integers(len(values))] for _ in range(buildings)]

    parcels = [shapely.box(x, y, x + 18, y + 14) for x, y in draw.uniform(0, SIDE - 20, (12, 2))]
    return {
        "city": {"id": ["city"], "geometry": [shapely.box(0, 0, SIDE, SIDE)], "rank": ["prefecture"]},
        "block": grid("block", 2, SIDE / 2),
        "community": grid("community", 4, SIDE / 4),
        "building": {
            "id": [f"b{number:03}" for number in range(buildings)],
            "geometry": [shapely.box(x - 1, y - 1, x + 1, y + 1) for x, y in spots],
            "use": some(["residential", "mixed", "office"]),
            "storeys": some([2.0, 6.0, 9.0]),
            "floor_area": some([100.0, 250.5, 1e-3]),
            "lift": some([True, False]),
            "residents": some([3.0, 10.0]),
        },
        "parcel": {
            "id": [f"p{number}" for number in range(12)],
            "geometry": parcels,
            "use": ["residential"] * 10 + ["industrial", None],
        },
        "green": {
            "id": ["g1", "g2"],
            "geometry": [shapely.Point(-290, 50), shapely.Point(500, 500)],
            "category": ["park", "park"],
            "area": [3000.0, 9000.0],
        },
        "population": {"id": ["w1"], "geometry": [shapely.Point(30, 30)], "residents": [1000.0]},
        "facility": {
            "id": ["s1", "s2"],
            "geometry": [shapely.Point(10, 10), shapely.Point(60, 60)],
            "category": ["primary_school", "primary_school"],
            "capacity": [30.0, 40.0],
        },
    }

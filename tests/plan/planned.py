"""A made city with faults of several kinds, by the rulebook of China, and prices for what mends them."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import shapely

from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.diagnosis.diagnose import diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.kernel.clock import Moment
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile
from tulou.plan.remedies.content import GIVEN, Price
from tulou.plan.remedies.read import read_remedies
from tulou.plan.renewal.plan import Basis

DAY = date(2026, 1, 1)
SIDE = 600.0


@cache
def china():
    return rulebook(RULEBOOKS)


@cache
def catalogue():
    return read_remedies(china())


def priced(prices: dict[str, float]):
    """The catalogue with some prices, those of its own taken out."""
    remedies = {}
    for name, one in catalogue().remedies.items():
        amount = prices.get(name)
        price = None if amount is None else Price(amount, one.cost.unit, None, "made up", GIVEN)
        remedies[name] = replace(one, cost=replace(one.cost, price=price))
    return replace(catalogue(), remedies=remedies)


def state_of(tables) -> MemoryState:
    dictionary = china().dictionary
    made = {name: rows_of(dictionary[name], columns, complete=frozenset({"*"})) for name, columns in tables.items()}
    return MemoryState(Profile("Made", "EPSG:4549", synthetic=True), dictionary, Moment(DAY), made)


def homes(count: int, seed: int):
    """Homes on a grid in two communities, with faults drawn by chance."""
    draw = np.random.default_rng(seed)
    x, y = (np.arange(count) % 4) * 300.0 + 40.0, (np.arange(count) // 4) * 60.0 + 20.0
    chance = lambda rate: [bool(one) for one in draw.random(count) < rate]  # noqa: E731
    return {
        "id": [f"b{n}" for n in range(count)],
        "geometry": [shapely.box(a, b, a + 20, b + 12) for a, b in zip(x, y, strict=True)],
        "use": ["residential"] * count,
        "storeys": [6.0] * count,
        "floor_area": [1_000.0] * count,
        "households": [20.0] * count,
        "residents": draw.integers(30, 90, count).astype(float).tolist(),
        "lift": [False] * count,
        "lift_feasible": chance(0.5),
        "accessible_entrance": chance(0.7),
        "age_friendly_need": chance(0.2),
        "structure_hazard": chance(0.3),
        "stair_hazard": chance(0.4),
        "envelope_hazard": [False] * count,
        "pipes_broken": chance(0.3),
        "demolished": [False] * count,
    }


def city(seed: int = 1, count: int = 12):
    """Two communities of one block, homes with faults, housing land, one small park and two idle parcels."""
    return {
        "city": {"id": ["city"], "name": ["Made"], "geometry": [shapely.box(0, 0, 2 * SIDE, SIDE)]},
        "block": {"id": ["k1"], "name": ["K1"], "geometry": [shapely.box(0, 0, 2 * SIDE, SIDE)]},
        "community": {
            "id": ["c1", "c2"],
            "name": ["C1", "C2"],
            "geometry": [shapely.box(0, 0, SIDE, SIDE), shapely.box(SIDE, 0, 2 * SIDE, SIDE)],
        },
        "building": homes(count, seed),
        "parcel": {
            "id": ["p1", "p2", "idle1", "idle2"],
            "use": ["residential", "residential", "brownfield", "brownfield"],
            "built_up": [True] * 4,
            "geometry": [
                shapely.box(0, 0, 500, 500),
                shapely.box(700, 0, 1200, 500),
                shapely.box(200, 505, 290, 595),
                shapely.box(900, 505, 990, 595),
            ],
        },
        "green": {
            "id": ["g1"],
            "category": ["community_park"],
            "open_to_public": [True],
            "area": [2_500.0],
            "geometry": [shapely.box(1150, 550, 1200, 600)],
        },
        "population": {
            "id": ["w1", "w2", "w3"],
            "residents": [900.0, 500.0, 100.0],
            "geometry": [shapely.Point(250, 450), shapely.Point(950, 450), shapely.Point(20, 20)],
        },
    }


def basis(tables, prices: dict[str, float]) -> Basis:
    state, memo = state_of(tables), Memo()
    return Basis(china(), state, diagnose(china(), state, memo=memo), priced(prices), memo)

"""Derived land: around loose buildings only, off registered land and water, by hand and by a second way."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from tulou.kernel.clock import Moment
from tulou.model.dictionary import read_dictionary
from tulou.model.geography import to_metric
from tulou.model.land import SLIVER, derive_land
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile

DICTIONARY = read_dictionary([Path(__file__).parents[2] / "rulebooks" / "china" / "columns"])
EAST, NORTH = 560_000.0, 2_940_000.0


def city(**tables):
    rows = {name: rows_of(DICTIONARY[name], columns) for name, columns in tables.items()}
    return MemoryState(Profile("test", "EPSG:4549"), DICTIONARY, Moment(date(2026, 1, 1)), rows)


def boxes(*corners):
    return [shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north) for west, south, east, north in corners]


def land_of(facts):
    shapes = to_metric(shapely.from_wkb(facts.rows["geometry"].to_numpy(zero_copy_only=False)), "EPSG:4549")
    return dict(zip(facts.rows["use"].to_pylist(), shapes, strict=True))


def test_one_home_has_land_of_its_own():
    state = city(building={"id": ["a"], "use": ["residential"], "geometry": boxes((100, 100, 120, 110))})
    land = land_of(derive_land(state, reach=25.0))
    assert list(land) == ["residential"]
    assert land["residential"].area == pytest.approx(70 * 60, rel=1e-6)  # 20 + 2·25 by 10 + 2·25, square corners


def test_a_building_on_a_parcel_needs_none():
    state = city(
        building={"id": ["a"], "use": ["residential"], "geometry": boxes((100, 100, 120, 110))},
        parcel={"id": ["p"], "use": ["commercial"], "geometry": boxes((0, 0, 300, 300))},
    )
    assert derive_land(state, reach=25.0) is None


def test_land_keeps_off_parcels_and_water():
    state = city(
        building={"id": ["a"], "use": [None], "geometry": boxes((100, 100, 120, 110))},
        parcel={"id": ["p"], "use": ["commercial"], "geometry": boxes((0, 0, 90, 300))},
        water={"id": ["w"], "geometry": boxes((0, 120, 300, 200))},
    )
    land = land_of(derive_land(state, reach=25.0))[None]
    assert land.area == pytest.approx((145 - 90) * (120 - 75), rel=1e-6)


def test_derived_land_is_not_taken_for_a_register():
    columns = {"id": ["a"], "use": ["residential"], "geometry": boxes((100, 100, 120, 110))}
    once = derive_land(city(building=columns), reach=25.0)
    parcel = {"id": ["p"], "use": ["residential"], "source_class": ["derived"], "geometry": boxes((75, 75, 145, 135))}
    assert derive_land(city(building=columns, parcel=parcel), reach=25.0).rows.equals(once.rows)


def test_tiles_make_no_difference_to_the_area():
    random = np.random.default_rng(5)
    corner = random.uniform(0, 3000, (200, 2))
    footprints = boxes(*[(x, y, x + 20, y + 12) for x, y in corner])
    facts = derive_land(city(building={"id": [str(n) for n in range(200)], "geometry": footprints}), reach=25.0)
    shapes = to_metric(shapely.from_wkb(facts.rows["geometry"].to_numpy(zero_copy_only=False)), "EPSG:4549")
    whole = shapely.union_all(shapely.buffer(footprints, 25.0, join_style="mitre"))
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, abs=SLIVER * 20)
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)


def test_an_empty_city_has_no_derived_land():
    assert derive_land(city(), reach=25.0) is None


def test_a_building_known_as_a_point_makes_no_land():
    place = shapely.Point(EAST, NORTH)
    state = city(building={"id": ["a"], "use": ["residential"], "geometry": [place]})
    assert derive_land(state, reach=25.0) is None

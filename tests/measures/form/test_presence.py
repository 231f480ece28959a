"""Targets near units, and open space with streets, worked by hand."""

import numpy as np
import pytest
import shapely

from tulou.measures.form import presence
from tulou.measures.form.presence import ground_share, open_space_with_streets, units_near


def test_units_near():
    units = np.array([shapely.box(0, 0, 10, 10), shapely.box(100, 0, 110, 10), None], object)
    targets = np.array([shapely.Point(15, 5), None], object)
    np.testing.assert_allclose(units_near(units, targets, radius=5).part, [1, 0, np.nan])


def test_open_space_and_streets_count_once():
    city = np.array([shapely.box(0, 0, 100, 100)], object)
    parks = np.array([shapely.box(0, 0, 20, 100)], object)
    street = np.array([shapely.LineString([(0, 50), (100, 50)])], object)
    built = np.array([shapely.box(20, 0, 100, 45)], object)
    parts = open_space_with_streets(city, parks, street, np.array([10.0]), built)
    # park 2000 + street 10 × 100, of which 10 × 20 lies in the park; built-up 80 × 45 besides
    np.testing.assert_allclose(parts.part, [2800])
    np.testing.assert_allclose(parts.whole, [6400])
    unknown = open_space_with_streets(city, parks, street, np.array([np.nan]), built)
    assert np.isnan(unknown.part[0])


def test_dissolving_in_squares_keeps_every_square_metre():
    random = np.random.default_rng(11)
    corner = random.uniform(-2500, 2500, (300, 2))
    size = random.uniform(5, 400, (300, 2))
    shapes = np.array([shapely.box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corner, size, strict=True)], object)
    pieces = presence._dissolved(shapes)
    assert shapely.area(pieces).sum() == pytest.approx(shapely.union_all(shapes).area, rel=1e-12)
    assert shapely.union_all(pieces).area == pytest.approx(shapely.area(pieces).sum(), rel=1e-12)


def test_green_beside_built_up_land_and_over_it_is_the_same_share():
    city = np.array([shapely.box(-10, -10, 500, 500), shapely.box(600, 0, 700, 100), None], object)
    green = np.array([shapely.box(0, 0, 100, 100), None], object)
    over, around = shapely.box(0, 0, 200, 200), shapely.box(0, 0, 200, 200) - shapely.box(0, 0, 100, 100)
    for land in (over, around):
        parts = ground_share(city, green, np.array([land], object))
        np.testing.assert_allclose(parts.part, [1e4, 0.0, np.nan])
        np.testing.assert_allclose(parts.whole, [4e4, 0.0, np.nan])


def test_a_green_without_an_outline_makes_its_unit_unknown():
    city = np.array([shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)], object)
    green = np.array([shapely.Point(50, 50), shapely.box(200, 0, 250, 100)], object)
    parts = ground_share(city, green, np.array([shapely.box(0, 0, 300, 100)], object))
    np.testing.assert_allclose(parts.part, [np.nan, 5000.0])
    np.testing.assert_allclose(parts.whole, [1e4, 1e4])


def test_ground_is_shared_as_plain_set_operations_have_it():
    random = np.random.default_rng(4)
    corner, size = random.uniform(0, 3000, (120, 2)), random.uniform(20, 300, (120, 2))
    boxes = np.asarray(shapely.box(*corner.T, *(corner + size).T), object)
    green, land, city = boxes[:40], boxes[40:], np.array([shapely.box(200, 200, 2500, 2600)], object)
    parts = ground_share(city, green, land)
    union = shapely.union_all(green)
    assert parts.part[0] == pytest.approx((union & city[0]).area, rel=1e-9)
    assert parts.whole[0] == pytest.approx(((union | shapely.union_all(land)) & city[0]).area, rel=1e-9)

"""Intensity of sites on squares, worked by hand."""

import numpy as np
import pytest
import shapely

from tulou.measures.form.intensity import (
    covered_ground,
    dense_land,
    floor_space,
    height_exceeded,
    height_within_control,
    intensity_within_control,
)

SITES = np.array([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100), None], object)
# the first wholly on the first site, the second half on each
BUILDINGS = np.array([shapely.box(10, 10, 30, 30), shapely.box(90, 40, 110, 60), None], object)


def test_covered_ground_counts_each_building_where_it_stands():
    parts = covered_ground(SITES, BUILDINGS)
    np.testing.assert_allclose(parts.part, [400 + 200, 200, np.nan])
    np.testing.assert_allclose(parts.whole, [1e4, 1e4, np.nan])


def test_floor_space_is_shared_by_footprint():
    parts = floor_space(SITES, BUILDINGS, np.array([1200.0, 800.0, 5.0]))
    np.testing.assert_allclose(parts.part, [1200 + 400, 400, np.nan])


def test_an_unknown_floor_area_makes_its_sites_unknown():
    parts = floor_space(SITES, BUILDINGS, np.array([np.nan, 800.0, 5.0]))
    np.testing.assert_allclose(parts.part, [np.nan, 400, np.nan])


def test_touching_is_not_standing_on():
    parts = covered_ground(SITES[:1], np.array([shapely.box(100, 0, 120, 20)], object))
    assert parts.part[0] == 0


def test_intensity_exactly_as_allowed_passes():
    floor = np.array([1200.0, 800.0, 5.0])
    parts = intensity_within_control(SITES, np.array([0.16, 0.0399, 1.0]), BUILDINGS, floor)
    np.testing.assert_allclose(parts.part, [1, 0, np.nan])
    assert parts.cause is not None
    assert list(parts.cause) == [None, "too_dense", None]


def test_height_at_the_limit_passes():
    parts = height_within_control(np.array([24.0, 24.1, np.nan, 9]), np.array([24.0, 24, 24, np.nan]))
    np.testing.assert_allclose(parts.part, [1, 0, np.nan, np.nan])


def test_height_exceeded():
    parts = height_exceeded(np.array([80.0, 80.1, np.nan]), limit=80)
    np.testing.assert_allclose(parts.part, [0, 1, np.nan])
    assert parts.cause is not None
    assert list(parts.cause) == [None, "too_high", None]


def test_dense_land_takes_whole_cells_above_the_density():
    people, area = np.array([15000.0, 15001, np.nan, 10]), np.array([1e6, 1e6, 1e6, 0])
    parts = dense_land(people, area, density=0.015)
    np.testing.assert_allclose(parts.part, [0, 1e6, np.nan, np.nan])


def test_overlaps_equal_the_slow_way():
    random = np.random.default_rng(7)
    corners = random.uniform(0, 300, (60, 2))
    size = random.uniform(5, 60, (60, 2))
    pieces = shapely.box(*corners.T, *(corners + size).T)
    grid = shapely.box(
        *(np.stack(np.meshgrid(range(4), range(4)), -1).reshape(-1, 2) * 90.0).T,
        *((np.stack(np.meshgrid(range(4), range(4)), -1).reshape(-1, 2) + 1) * 90.0).T,
    )
    slow = [sum(shapely.intersection(site, piece).area for piece in pieces) for site in grid]
    assert covered_ground(grid, pieces).part == pytest.approx(slow)

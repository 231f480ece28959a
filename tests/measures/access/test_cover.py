import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.access.worlds import grid_lines
from tulou.measures.access import cover
from tulou.measures.access.areas import QUARTER_SEGMENTS, cut
from tulou.measures.access.network import walking_network

ONE_RADIUS = st.floats(0, 700)


@st.composite
def lands(draw):
    """Land with courts and bays, parks, stops and lines, here and there something missing."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    land = blobs(random, draw(st.integers(0, 12)), 400)
    parks = blobs(random, draw(st.integers(0, 12)), 150)
    stops = shapely.points(random.uniform(0, 3000, (draw(st.integers(0, 12)), 2)))
    ways = shapely.linestrings(random.uniform(0, 3000, (draw(st.integers(0, 4)), 3, 2)))
    targets = np.concatenate([parks, stops, ways, [None, shapely.Point()]]).astype(object)
    return np.concatenate([land, [None]]), targets, random


def blobs(random, count, size):
    centre = random.uniform(0, 3000, (count, 2))
    outer = shapely.buffer(shapely.points(centre), random.uniform(size / 10, size, count), quad_segs=3)
    inner = shapely.buffer(shapely.points(centre), random.uniform(0, size / 2, count), quad_segs=2)
    return np.asarray(shapely.difference(outer, inner), object)


def naive(land, targets, reach):
    union = shapely.union_all(shapely.buffer(targets, reach, quad_segs=QUARTER_SEGMENTS))
    return shapely.area(shapely.intersection(land, union))


@given(lands(), ONE_RADIUS)
@settings(max_examples=60)
def test_land_within_is_the_plain_union_of_buffers(world, radius):
    land, targets, _ = world
    found = cover.land_within(land, targets, radius=((0, radius),))
    assert np.isnan(found.part[-1])
    assert np.isnan(found.whole[-1])
    plain = naive(land[:-1], targets, np.full(len(targets), radius))
    np.testing.assert_allclose(found.part[:-1], plain, rtol=1e-9, atol=1e-5)
    np.testing.assert_array_equal(found.whole[:-1], shapely.area(land[:-1]))


@given(lands())
@settings(max_examples=30)
def test_larger_parks_reach_further(world):
    land, targets, random = world
    size = random.uniform(0, 9000, len(targets))
    size[:2] = 2000.0, 5000.0
    found = cover.land_within(land[:-1], targets, size, radius=((2000, 300), (5000, 500)))
    reach = np.where(size >= 5000, 500.0, 300.0)
    plain = naive(land[:-1], np.where(size >= 2000, targets, None), reach)
    np.testing.assert_allclose(found.part, plain, rtol=1e-9, atol=1e-5)


def test_a_stop_in_the_middle_covers_its_disc_less_the_chords():
    land = np.array([shapely.box(-1000, -1000, 1000, 1000)], object)
    found = cover.land_within(land, np.array([shapely.Point(0, 0)], object), radius=((0, 500),))
    corners = 4 * QUARTER_SEGMENTS
    assert found.part[0] == pytest.approx(corners / 2 * 500**2 * np.sin(2 * np.pi / corners), rel=1e-9)
    assert found.part[0] / (np.pi * 500**2) == pytest.approx(1 - 0.0016, abs=1e-4)


def test_a_greenway_covers_both_sides():
    land = np.array([shapely.box(0, -2000, 1000, 2000)], object)
    line = np.array([shapely.LineString([(-5000, 0), (5000, 0)])], object)
    assert cover.land_within(land, line, radius=((0, 1000),)).part[0] == pytest.approx(2_000_000, rel=1e-9)


def test_a_target_of_unknown_size_counts_in_the_upper_bound_only():
    land = np.array([shapely.box(0, 0, 100, 100)], object)
    target = np.array([shapely.Point(50, 50)], object)
    found = cover.land_within(land, target, np.array([np.nan]), radius=((2000, 300), (5000, 500)))
    assert (found.part[0], found.low[0], found.high[0]) == (0, 0, 10_000)


def test_land_drawn_badly_is_mended_and_nothing_covers_nothing():
    bow = np.array([shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])], object)
    target = np.array([shapely.Point(50, 50)], object)
    assert cover.land_within(bow, target, radius=((0, 500),)).part[0] == pytest.approx(5000)
    none = np.empty(0, object)
    assert cover.land_within(bow, none, radius=((0, 500),)).part[0] == 0
    assert len(cover.land_within(none, target, radius=((0, 500),)).part) == 0
    line = np.array([shapely.LineString([(0, 0), (9, 9)])], object)
    assert cover.land_within(line, target, radius=((0, 500),)).whole[0] == 0


@given(lands(), st.floats(20, 900))
@settings(max_examples=30)
def test_pieces_make_up_the_whole(world, size):
    land = world[0][:-1]
    pieces, row = cut(land, size)
    box = shapely.bounds(pieces[~shapely.is_empty(pieces)])
    assert ((box[:, 2:] - box[:, :2]) <= size * (1 + 1e-9)).all()
    total = np.bincount(row, weights=shapely.area(pieces), minlength=len(land))
    np.testing.assert_allclose(total, shapely.area(land), rtol=1e-9, atol=1e-6)


@given(lands(), ONE_RADIUS)
@settings(max_examples=60)
def test_built_within_is_the_exact_distance(world, radius):
    buildings, targets, random = world
    buildings = np.concatenate([blobs(random, 30, 60), buildings])
    buildings = buildings[~shapely.is_empty(buildings)]
    there = targets[:-2][~shapely.is_empty(targets[:-2])]
    distance = shapely.distance(buildings[:-1, None], there[None]).min(axis=1, initial=np.inf)
    if (np.abs(distance - radius)[distance > 0] < 1e-6).any():
        return
    found = cover.built_within(buildings, targets, radius=((0, radius),))
    np.testing.assert_array_equal(found.part[:-1], distance <= radius)
    assert np.isnan(found.part[-1])
    assert found.whole[:-1].sum() == len(buildings) - 1


def test_a_building_that_only_a_park_of_unknown_size_reaches_is_unknown():
    buildings = np.array([shapely.box(0, 0, 10, 10), shapely.box(9000, 0, 9010, 10)], object)
    park = np.array([shapely.Point(100, 0)], object)
    found = cover.built_within(buildings, park, np.array([np.nan]), radius=((2000, 300), (5000, 500)))
    np.testing.assert_array_equal(found.part, [np.nan, 0])


def test_land_within_walking_is_the_diamond_of_a_dense_chequer():
    town = walking_network(grid_lines(201, 201, 10.0))
    land = np.array([shapely.box(0, 0, 2000, 2000), shapely.box(1000.5, 1000.5, 1001, 1001), None], object)
    target = np.array([shapely.Point(1000, 1000)], object)
    found = cover.land_within_walking(land, target, town, radius=((0, 600),))
    # All points within 600 m along dense streets: 2 · 600² m².
    assert found.part[0] == pytest.approx(2 * 600**2, rel=0.02)
    assert found.low[0] <= found.part[0] <= found.high[0]
    assert found.low[0] < 2 * 600**2 < found.high[0]
    assert (found.part[1], found.whole[1]) == (0.25, 0.25)
    assert np.isnan(found.part[2])
    assert cover.land_within_walking(land, target[:0], town, radius=((0, 600),)).high[0] == 0

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.recent import Recent, content
from tulou.measures.access import samples
from tulou.measures.access.areas import apart, shared_area
from tulou.measures.access.inside import Areas
from tulou.measures.access.network import walking_network
from tulou.measures.access.snap import Snapper

SEEDS = st.integers(0, 2**32 - 1)


def shapes_of_all_kinds(random):
    """Blobs with courts, scattered parts, lines, nothing: some over one another."""
    count = random.integers(0, 15)
    middle = shapely.points(random.uniform(0, 1000, (count, 2)))
    outer = shapely.buffer(middle, random.uniform(5, 300, count), quad_segs=random.integers(1, 20))
    blobs = shapely.difference(outer, shapely.buffer(middle, random.uniform(1, 100, count), quad_segs=2))
    scattered = shapely.multipolygons([shapely.box(k, k, k + 40, k + 40) for k in (0, 100, 500)])
    mixed = shapely.GeometryCollection([shapely.Point(5, 5), shapely.box(700, 0, 800, 90)])
    line = shapely.LineString([(0, 0), (900, 900)])
    return np.array([None, *blobs, scattered, mixed, line, shapely.Polygon()], object)


@given(SEEDS)
@settings(max_examples=80)
def test_the_first_shape_around_a_point_is_that_of_geos(seed):
    random = np.random.default_rng(seed)
    shapes = shapes_of_all_kinds(random)
    points = np.vstack([random.uniform(-100, 1100, (300, 2)), [[np.nan, 0.0], [np.inf, 1.0]]])
    found = Areas(shapes).around(points)
    of_area = np.array([one is not None and one.area > 0 for one in shapes])
    meets = shapely.intersects_xy(shapes[None], points[:300, :1], points[:300, 1:]) & of_area
    np.testing.assert_array_equal(found[:300], np.where(meets.any(axis=1), meets.argmax(axis=1), -1))
    assert (found[300:] == -1).all()


def test_outlines_and_corners_are_inside_and_courts_are_not():
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    points = np.array([[0, 0], [30, 30], [15, 0], [10, 15], [15, 15], [5, 20], [30, 31], [-1, 0], [10, 10]], float)
    assert Areas(np.array([ring], object)).around(points).tolist() == [0, 0, 0, 0, -1, 0, -1, -1, 0]
    assert Areas(np.empty(0, object)).around(points).tolist() == [-1] * 9


@given(SEEDS)
@settings(max_examples=60)
def test_sample_points_are_the_lattice_points_inside_each_piece(seed):
    random = np.random.default_rng(seed)
    land = shapes_of_all_kinds(random)
    land = land[[one is None or shapely.get_type_id(one) in (3, 6) for one in land]]
    found = samples.sample_of(land)
    side = samples.SPACING
    x, y = ((np.mgrid[-40:80, -40:80].reshape(2, -1)) + 0.5) * side
    for row, piece in enumerate(land):
        mine = found.points[found.row == row]
        if piece is None or piece.is_empty:
            assert not len(mine)
            continue
        inside = shapely.contains_xy(piece, x, y)
        plain = np.column_stack([x[inside], y[inside]])
        if len(plain):
            assert sorted(map(tuple, mine)) == sorted(map(tuple, plain))
        else:
            assert len(mine) == 1
            assert piece.intersects(shapely.Point(mine[0]))
        assert found.area[found.row == row].sum() == pytest.approx(piece.area)


def test_each_of_two_pieces_with_a_common_border_has_its_own_points():
    side = samples.SPACING
    land = np.array([shapely.box(0, 0, 1.5 * side, 2 * side), shapely.box(1.5 * side, 0, 3 * side, 2 * side)], object)
    found = samples.sample_of(land)
    assert len(np.unique(found.points, axis=0)) == len(found.points) == 6


def test_a_sample_follows_the_land_and_not_the_array_it_stood_in():
    land = np.array([shapely.box(0, 0, 100, 100)], object)
    assert samples.sample_of(land) is samples.sample_of(land.copy())
    before = len(samples.sample_of(land).points)
    land[0] = shapely.box(0, 0, 200, 100)
    assert len(samples.sample_of(land).points) == 2 * before


def test_places_joined_before_are_not_joined_as_they_were_when_they_moved():
    network = walking_network(np.array([shapely.LineString([(0, 0), (100, 0)])], object))
    snapper, places = Snapper(network), np.array([[10.0, 5.0]])
    assert snapper.snap(places) is snapper.snap(places.copy())
    assert snapper.snap(places).away[0] == pytest.approx(5.0)
    assert snapper.snap(places, pace=2.0).away[0] == pytest.approx(10.0)
    places[0, 1] = 7.0
    assert snapper.snap(places).away[0] == pytest.approx(7.0)


def test_only_the_last_few_results_are_kept():
    made = []
    recent = Recent(2)
    for key in (1, 2, 1, 3, 2):
        recent.get(key, lambda key=key: made.append(key) or key)
    assert made == [1, 2, 3, 2]
    assert content(np.zeros(2)) != content(np.zeros((2, 1)))
    assert content(np.zeros(2)) != content(np.zeros(2, np.int64))


@given(SEEDS)
@settings(max_examples=40)
def test_land_apart_is_the_same_land_once(seed):
    random = np.random.default_rng(seed)
    land = shapes_of_all_kinds(random)
    land = land[[one is None or shapely.get_type_id(one) in (3, 6) for one in land]]
    cells = shapely.box(*np.array([(x, y, x + 500, y + 500) for x in (-500, 0, 500) for y in (0, 500)]).T)
    pieces = apart(land)
    union = shapely.union_all(land)
    assert shapely.area(pieces).sum() == pytest.approx(union.area)
    _, cell, area = shared_area(pieces, cells)
    plain = shapely.area(shapely.intersection(cells, union))
    np.testing.assert_allclose(np.bincount(cell, area, len(cells)), plain, rtol=1e-9, atol=1e-6)

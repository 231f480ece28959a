"""What is left of ground: by hand, and summing to the whole."""

import numpy as np
import pytest
import shapely

from tulou.measures.hazard.shelters.area import collapse_zones, ground_left, steep

FIELD = shapely.box(0, 0, 100, 100)


def shapes(*some):
    return np.array(some, object)


def test_what_two_reasons_exclude_counts_once_with_the_first():
    zones = {"water": shapes(shapely.box(0, 0, 50, 100)), "fire": shapes(shapely.box(25, 0, 75, 100), None)}
    found = ground_left(shapes(FIELD), zones)
    assert (found.gross[0], found.excluded["water"][0], found.excluded["fire"][0]) == (10_000, 5_000, 2_500)
    assert found.left[0] == 2_500


def test_rasters_take_their_share_of_what_is_left():
    zones = {"water": shapes(shapely.box(0, 0, 50, 100))}
    found = ground_left(shapes(FIELD), zones, {"flood": lambda points: points[:, 0] > 80})
    assert found.excluded["flood"][0] == pytest.approx(2_000)
    assert found.left[0] == pytest.approx(3_000)
    # Flooded and steep: only once.
    tests = {"flood": lambda points: points[:, 0] > 80, "slope": lambda points: points[:, 0] > 60}
    found = ground_left(shapes(FIELD), zones, tests)
    assert found.excluded["slope"][0] == pytest.approx(2_000)


@pytest.mark.parametrize("seed", range(4))
def test_parts_sum_to_the_whole(seed):
    draw = np.random.default_rng(seed)
    sites = shapes(*(shapely.Point(*draw.uniform(0, 300, 2)).buffer(draw.uniform(5, 90)) for _ in range(8)))
    zones = {
        name: shapes(*(shapely.box(x, y, x + 60, y + 40) for x, y in draw.uniform(0, 300, (5, 2))))
        for name in ("a", "b")
    }
    found = ground_left(sites, zones, {"c": lambda points: np.sin(points[:, 0]) > 0})
    parts = sum(found.excluded.values())
    assert found.left + parts == pytest.approx(found.gross)
    assert (found.left >= 0).all()
    union = [shapely.union_all(zones["a"].tolist() + zones["b"].tolist())]
    bare = ground_left(sites, zones)
    assert bare.left == pytest.approx(shapely.area(shapely.difference(sites, union[0])))


def test_no_outline_has_no_area_and_a_small_or_crossed_one_has_its_own():
    crossed = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    found = ground_left(
        shapes(None, shapely.Point(0, 0), shapely.box(0, 0, 1, 1), crossed), {}, {"x": lambda p: p[:, 0] > 9}
    )
    assert np.isnan(found.gross[:2]).all()
    assert np.isnan(found.left[:2]).all()
    assert found.left[2] == 1
    assert found.gross[3] == pytest.approx(50)


def test_a_plane_is_as_steep_as_it_is():
    plane = lambda points: 0.03 * points[:, 0] + 0.04 * points[:, 1]  # noqa: E731
    points = np.random.default_rng(1).uniform(0, 100, (20, 2))
    assert not steep(plane, 0.0501)(points).any()
    assert steep(plane, 0.0499)(points).all()
    unknown = lambda points: np.full(len(points), np.nan)  # noqa: E731
    assert not steep(unknown, 0.01)(points).any()


def test_debris_reaches_a_share_of_the_height():
    zones = collapse_zones(shapes(FIELD, FIELD), np.array([30.0, np.nan]), 0.5)
    assert shapely.bounds(zones)[0].tolist() == [-15, -15, 115, 115]
    assert zones[1].area == 10_000

"""What ground and edges take from a sound: the plane, the bent ray, the edge, and what cannot be."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.environment.kernels import sound
from tulou.measures.environment.propagation import Profile, boundary_loss, level_at_place, long_term

BANDS = np.array([63, 125, 250, 500, 1000, 2000, 4000, 8000], float)


def profile(tops=(), *, length=100.0, source=1.0, place=4.0, factor=0.5):
    ground = np.array([(0, 0, factor), (length, 0, factor)], float)
    return Profile(ground, np.array(tops, float).reshape(-1, 2), source, place, factor)


@given(st.lists(st.floats(-20, 20), min_size=3, max_size=6), st.floats(0.0, 0.4), st.floats(0.6, 1.0))
def test_the_mean_plane_is_the_line_of_least_squares(heights, low, high):
    x = np.linspace(0, 120, len(heights))
    ground = np.column_stack([x, heights, np.zeros(len(x))])
    start, end = low * 120, high * 120
    slope, at, height = sound.mean_plane(ground, start, end)
    fine = np.linspace(start, end, 20_001)
    expected = np.polyfit(fine - at, np.interp(fine, x, heights), 1)
    assert slope == pytest.approx(expected[0], abs=1e-3)
    assert height == pytest.approx(expected[1], abs=1e-2)


@given(st.lists(st.tuples(st.floats(1, 99), st.floats(0, 40)), min_size=1, max_size=8, unique_by=lambda top: top[0]))
def test_edges_over_which_a_straight_ray_runs_are_the_upper_hull(tops):
    tops = np.array(sorted(tops))
    found = sound.hull((0.0, 1.0), tops, (100.0, 4.0), 0.0)
    points = [(0, 1), *map(tuple, tops), (100, 4)]
    whole = shapely.MultiPoint([*points, (0, -1e6), (100, -1e6)]).convex_hull
    for x, z in found:
        assert shapely.Point(x, z).distance(whole.boundary) < 1e-6
    for x, z in tops:
        line = np.interp(x, *zip((0, 1), *map(tuple, found), (100, 4), strict=True))
        assert z <= line + 1e-9


def test_a_bent_ray_clears_what_stops_a_straight_one():
    top = [(200.0, 3.0)]
    bent = sound.hull((0.0, 1.0), np.array(top), (400.0, 4.0), sound.radius_of(400.0))
    straight = sound.hull((0.0, 1.0), np.array(top), (400.0, 4.0), 0.0)
    assert (len(bent), len(straight)) == (0, 1)


@given(st.floats(0.0, 30.0), st.floats(10, 90), st.booleans())
def test_the_way_over_an_edge_grows_with_its_height(height, at, is_bent):
    radius = sound.radius_of(100.0) if is_bent else 0.0
    ways = [sound.over((0.0, 1.0), np.array([[at, height + more]]), (100.0, 4.0), radius) for more in (0.0, 0.01, 5.0)]
    assert ways[0] <= ways[1] + 1e-9 <= ways[2] + 2e-9
    on_ray = 1 + at * 3 / 100
    for more in (-1e-9, 1e-9):
        assert sound.over((0.0, 1.0), np.array([[at, on_ray + more]]), (100.0, 4.0), 0.0) == pytest.approx(0, abs=1e-7)


def test_an_edge_takes_no_more_than_25_decibels_beside_the_ground():
    high = boundary_loss(profile([(50, 60)], factor=0.0), BANDS, favourable=False)
    assert high.tolist() == pytest.approx([25.0 - 2 * 3.0] * 8, abs=0.2)
    low = boundary_loss(profile([(50, 6)], factor=0.0), BANDS, favourable=False)
    assert (np.diff(low) >= -1e-9).all()
    assert (low[:-1] < high[:-1]).all()


def test_an_edge_far_below_the_ray_changes_nothing():
    free, low = (
        boundary_loss(profile(tops, place=40.0, source=30.0), BANDS, favourable=True) for tops in ((), [(50, 2)])
    )
    assert low.tolist() == free.tolist()  # fmt: skip


def test_hard_ground_gives_back_three_decibels_and_favourable_air_more():
    still, bent = (boundary_loss(profile(length=500.0, factor=0.0), BANDS, favourable=one) for one in (False, True))
    assert still.tolist() == [-3.0] * 8
    assert (bent < -3.0).all()


def test_twice_the_way_is_six_decibels_less_over_hard_ground_without_air():
    near, far = (
        level_at_place(np.zeros(8), profile(length=length, factor=0.0, place=1.0), BANDS, np.zeros(8), favourable=False)
        for length in (100.0, 200.0)
    )
    assert (near - far).tolist() == pytest.approx([20 * np.log10(2)] * 8)


def test_long_term_levels_lie_between_both():
    still, bent = np.array([40.0, 50.0]), np.array([46.0, 50.0])
    assert long_term(still, bent, 0.0).tolist() == pytest.approx(still.tolist())
    assert long_term(still, bent, 1.0).tolist() == pytest.approx(bent.tolist())
    assert 40 < long_term(still, bent, 0.5)[0] < 46
    with pytest.raises(BadUse, match="from 0 to 1"):
        long_term(still, bent, 50.0)


@pytest.mark.parametrize(
    ("ground", "tops", "what"),
    [
        ([(0, 0, 0)], [], "from the source"),
        ([(5, 0, 0), (9, 0, 0)], [], "from the source"),
        ([(0, 0, 0), (9, np.nan, 0)], [], "is known"),
        ([(0, 0, 0), (9, 0, 0)], [(5, 1), (3, 1)], "order of the way"),
    ],
)
def test_what_is_no_profile_is_refused(ground, tops, what):
    with pytest.raises(BadUse, match=what):
        Profile(np.array(ground, float), np.array(tops, float).reshape(-1, 2), 1.0, 4.0, 0.0)

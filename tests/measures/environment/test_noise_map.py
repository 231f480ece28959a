"""Noise of roads at many places: against a slow plain reckoning, and whatever the number of threads."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from tulou.kernel.errors import BadUse
from tulou.measures.environment.noise_map import Roads, Surroundings, Walls, road_levels
from tulou.measures.environment.propagation import Profile, level_at_place, long_term
from tulou.measures.environment.road_noise import air_absorption, energy_sum, level_of_road

BANDS = np.array([63, 125, 250, 500, 1000, 2000, 4000, 8000], float)
AIR = air_absorption(BANDS, 20, 70)
POWER = np.array([70, 72, 74, 76, 78, 74, 68, 60], float)
NO_WALLS = Walls(np.zeros((0, 4)), np.zeros(0))


def around(**changed):
    given = {"bands": BANDS, "absorption": AIR, "ground": 0.5, "favourable": 0.5, "reach": 400.0}
    return Surroundings(**(given | changed))


def town(seed):
    rng = np.random.default_rng(seed)
    corners = [
        shapely.box(x, y, x + rng.uniform(8, 25), y + rng.uniform(8, 25))
        for x in range(-150, 150, 50)
        for y in range(20, 200, 60)
    ]
    heights = rng.uniform(3, 25, len(corners))
    ends, tops = [], []
    for box, height in zip(corners, heights, strict=True):
        spots = shapely.get_coordinates(box)
        ends += [[*a, *b] for a, b in pairwise(spots)]
        tops += [height] * (len(spots) - 1)
    return Walls(np.array(ends), np.array(tops))


def plain(place, road, power, walls, here):
    """The level at one place, by shapely and the profile of each way, with the points of a road 2 m apart."""
    start, end = np.array(road[:2]), np.array(road[2:])
    count = int(np.hypot(*(end - start)) / 2.0)
    lines = shapely.linestrings(walls.ends.reshape(-1, 2, 2))
    total = []
    for share in (np.arange(count) + 0.5) / count:
        source = start + share * (end - start)
        way = shapely.LineString([source, place[:2]])
        if way.length > here.reach:
            continue
        tops = []
        for row in np.flatnonzero(shapely.intersects(lines, way)):
            at = shapely.intersection(lines[row], way)
            tops.append((shapely.Point(source).distance(at), walls.heights[row]))
        ground = np.array([(0, 0, here.ground), (way.length, 0, here.ground)])
        cut = Profile(ground, np.array(sorted(tops)).reshape(-1, 2), 0.05, place[2], 0.0)
        step = np.hypot(*(end - start)) / count
        both = [level_at_place(power, cut, BANDS, AIR, favourable=one) for one in (False, True)]
        total.append(energy_sum(long_term(*both, here.favourable)) + 10 * np.log10(step))
    return energy_sum(np.array(total))


@pytest.mark.parametrize("seed", range(3))
def test_levels_behind_houses_are_those_of_a_plain_reckoning(seed):
    walls, road = town(seed), [-300.0, 0.0, 300.0, 10.0]
    rng = np.random.default_rng(seed + 10)
    boxes = shapely.MultiPolygon([shapely.Polygon(walls.ends[k : k + 4, :2]) for k in range(0, len(walls.ends), 4)])
    spots = [spot for spot in rng.uniform((-140, 12), (140, 220), (12, 2)) if boxes.distance(shapely.Point(spot)) > 1]
    places = np.column_stack([spots[:5], np.full(5, 4.0)])
    cuts = np.linspace(road[:2], road[2:], 301)
    pieces = np.hstack([cuts[:-1], cuts[1:]])
    found = road_levels(places, Roads(pieces, np.repeat(POWER[None, None], 300, axis=0)), walls, around())
    for row, place in enumerate(places):
        assert found[row, 0] == pytest.approx(plain(place, road, POWER, walls, around()), abs=0.02)


@pytest.mark.parametrize("distance", [10.0, 50.0, 200.0])
def test_a_long_road_over_hard_ground_is_within_a_twentieth_of_a_decibel(distance):
    roads = Roads(np.array([[-2000.0, 0, 2000, 0]]), POWER[None, None])
    here = around(ground=0.0, favourable=0.0, reach=5000.0)
    found = road_levels(np.array([[3.0, distance, 0.05]]), roads, NO_WALLS, here)[0, 0]
    assert found == pytest.approx(float(energy_sum(level_of_road(POWER, distance, 2000.0, AIR))), abs=0.05)


def test_how_a_road_is_cut_into_pieces_hardly_matters():
    whole = np.array([[-200.0, 0, 200, 0]])
    cuts = np.linspace(-200, 200, 18)
    pieces = np.column_stack([cuts[:-1], np.zeros(17), cuts[1:], np.zeros(17)])
    place = np.array([[7.0, 30.0, 4.0]])
    one, many = (
        road_levels(place, Roads(ends, np.repeat(POWER[None, None], len(ends), axis=0)), NO_WALLS, around())
        for ends in (whole, pieces)
    )
    assert one[0, 0] == pytest.approx(many[0, 0], abs=0.1)


def test_a_wall_makes_it_quieter_and_a_higher_one_more_so():
    roads = Roads(np.array([[-200.0, 0, 200, 0]]), POWER[None, None])
    place = np.array([[0.0, 40.0, 1.5]])
    levels = [
        road_levels(place, roads, Walls(np.array([[-300.0, 10, 300, 10]]), np.array([height])), around())[0, 0]
        for height in (0.01, 2.0, 4.0, 8.0)
    ]
    assert np.all(np.diff(levels) < 0)
    assert levels[0] - levels[-1] > 10


def test_threads_change_no_result(monkeypatch):
    walls, roads = town(1), Roads(np.array([[-300.0, 0, 300, 0]]), POWER[None, None])
    places = np.column_stack([np.linspace(-200, 200, 150), np.full(150, 8.0), np.full(150, 4.0)])
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("NUMBA_NUM_THREADS", threads)
        found.append(road_levels(places, roads, walls, around()))
    assert found[0].tobytes() == found[1].tobytes()


def test_beyond_the_reach_nothing_is_heard():
    roads = Roads(np.array([[0.0, 0, 10, 0]]), POWER[None, None])
    found = road_levels(np.array([[0.0, 401.0, 4.0], [0.0, 300.0, 4.0]]), roads, NO_WALLS, around())
    assert np.isneginf(found[0, 0])
    assert np.isfinite(found[1, 0])


@pytest.mark.parametrize(
    ("places", "walls", "changed", "what"),
    [
        ([[0, np.nan, 4]], NO_WALLS, {}, "known numbers"),
        ([[0, 5, 4]], Walls(np.zeros((1, 4)), np.array([np.nan])), {}, "known numbers"),
        ([[0, 5, 4]], NO_WALLS, {"ground": 2.0}, "from 0 to 1"),
        ([[0, 5, 4]], NO_WALLS, {"favourable": 50.0}, "from 0 to 1"),
    ],
)
def test_what_cannot_be_is_refused(places, walls, changed, what):
    with pytest.raises(BadUse, match=what):
        road_levels(
            np.array(places, float), Roads(np.array([[0.0, 0, 10, 0]]), POWER[None, None]), walls, around(**changed)
        )

"""Ways of the wind by hand, beside paths followed one by one, and the room along lines."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid
from tulou.measures.climate.corridors import (
    angle_to_wind,
    axes,
    clearance,
    closed,
    edges,
    line_of,
    turn_between,
    ventilation_ways,
    way_cost,
)
from tulou.measures.climate.least_cost import bearing_of

NAN = float("nan")


def channel(rows=21, columns=31, at=10, rough=50.0):
    cost = np.full((rows, columns), rough)
    cost[at] = 1.0
    return cost


def test_which_edges_the_wind_meets():
    ground = np.ones((3, 4), bool)
    first, last = edges(ground, 0.0)
    assert first.tolist() == [[True] * 4, [False] * 4, [False] * 4]
    assert last.tolist() == [[False] * 4, [False] * 4, [True] * 4]
    first, last = edges(ground, 270.0)
    assert first[:, 0].all()
    assert first.sum() == 3
    assert last[:, -1].all()
    first, last = edges(ground, 225.0)
    assert first.sum() == 6
    assert first[2, 3]
    assert last[0, 0]


def test_the_edge_of_a_ground_that_is_no_rectangle():
    ground = np.array([[0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 1, 1]], bool)
    first, last = edges(ground, 0.0)
    assert first.tolist() == [[False, True, True, False], [True, False, False, True], [False] * 4]
    assert last.tolist() == [[False] * 4, [True, True, False, False], [False, False, True, True]]
    ways = ventilation_ways(np.ones(ground.shape), 0.0, turning=1.0, most_turn=45, ground=ground)
    assert ways.begun == ways.edge == 4
    assert ways.count[2, 2:].sum() + ways.count[1, :2].sum() >= 4
    assert ways.count.max() <= 3
    assert ways.count[~ground].sum() == 0


def test_gaps_are_closed_and_the_land_around_stays_outside():
    marked = np.zeros((30, 60), bool)
    marked[10:20, 5:20] = marked[10:20, 28:45] = True  # A river of eight cells between two parts of a city.
    found = closed(marked, 5)
    assert found[13:17, 5:45].all()  # At its mouths a disc leaves a bay.
    assert not found[:, :5].any()
    assert not found[:9].any()
    assert not found[:, 46:].any()
    wide = closed(marked, 3)
    assert not wide[15, 22:26].any()
    assert (wide[marked]).all()
    np.testing.assert_array_equal(closed(marked, 0), marked)
    assert not closed(np.zeros((3, 3), bool), 2).any()


def test_no_way_turns_further_than_allowed():
    cost = np.full((40, 15), 9.0)
    cost[:, -1] = 0.01  # A free way at the edge of the city.
    for wind, most in ((0.0, 30.0), (0.0, 60.0), (22.5, 45.0)):
        ways = ventilation_ways(cost, wind, turning=0.0, most_turn=most)
        used = ways.surface.last[(ways.count > 0) & (ways.surface.last >= 0)]
        toward = bearing_of(ways.surface.moves)[np.unique(used)]
        assert max(turn_between(one, wind) for one in toward) <= most


def test_over_even_ground_ways_run_straight_and_make_no_bundle():
    ways = ventilation_ways(np.ones((12, 15)), 270.0, turning=1.0)
    assert (ways.count == 1).all()
    assert (ways.begun, ways.edge) == (12, 12)
    assert ways.mean_cost == pytest.approx(14)
    assert axes(ways, 2) == []


def test_a_channel_gathers_the_ways():
    ways = ventilation_ways(channel(), 270.0, turning=1.0)
    assert ways.count[10, 30] == 21
    assert ways.density[10, 30] == 1.0
    found = axes(ways, 3)
    assert found[0].ways == 21
    assert (found[0].cells[:, 0] == 10).all()
    assert found[0].cells[:, 1].tolist() == list(range(1, 31))  # At its beginning the channel holds one way.
    assert all(one.ways < 21 for one in found[1:])


def test_counts_are_those_of_ways_followed_one_by_one():
    cost = np.random.default_rng(3).uniform(0.1, 3, (25, 30))
    cost[5:9, 5:20] = NAN
    for wind in (0.0, 67.5, 225.0):
        ways = ventilation_ways(cost, wind, turning=0.7)
        plain = np.zeros(cost.shape, int)
        for cell in np.argwhere(edges(np.ones(cost.shape, bool), wind)[0] & np.isfinite(ways.surface.total)):
            for row, column in ways.surface.way(*cell):
                plain[row, column] += 1
        np.testing.assert_array_equal(ways.count, plain)
        assert ways.count[edges(np.ones(cost.shape, bool), wind)[1]].sum() >= ways.begun


def test_every_bundle_of_many_ways_is_told_once():
    cost = np.random.default_rng(5).uniform(0.1, 3, (30, 30)) ** 3
    ways = ventilation_ways(cost, 180.0, turning=0.5)
    found = axes(ways, 3)
    steps = [(tuple(a), tuple(b)) for one in found for a, b in zip(one.cells[:-1], one.cells[1:], strict=True)]
    assert len(steps) == len(set(steps))
    cells = {tuple(cell) for one in found for cell in one.cells.tolist()}
    assert cells == set(map(tuple, np.argwhere(ways.count >= 3).tolist()))
    assert found == sorted(found, key=lambda one: -one.ways)


def test_a_wall_without_a_gap_is_told():
    cost = np.ones((5, 9))
    cost[:, 4] = NAN
    ways = ventilation_ways(cost, 90.0, turning=1.0)
    assert (ways.begun, ways.edge) == (0, 5)
    assert np.isnan(ways.mean_cost)
    assert ways.density.max() == 0


def test_turning_keeps_ways_to_the_wind():
    cost = np.ones((11, 40))
    cost[0] = 0.6  # Cheaper, and out of the way.
    straight = ventilation_ways(cost, 270.0, turning=50.0)
    assert straight.count[10].tolist() == [1] * 40
    free = ventilation_ways(cost, 270.0, turning=0.0)
    assert free.count[0, -1] > 5


def test_what_a_cell_costs():
    np.testing.assert_allclose(way_cost(np.array([0.0, 1.0, 4.0, NAN]), exponent=0.5, ground=0.04), [0.2, 1, 2, NAN])
    with pytest.raises(BadUse, match="above 0"):
        way_cost(np.ones(1), exponent=1, ground=0)
    with pytest.raises(BadUse, match="nothing or more"):
        ventilation_ways(np.ones((2, 2)), 0, turning=-1)


def test_angles():
    assert turn_between(350, 10) == 20
    assert turn_between(90, 270) == 180
    south = np.array([[0, 0], [0, -100.0]])
    assert angle_to_wind(south, 0) == 0
    assert angle_to_wind(south[::-1], 0) == 0
    assert angle_to_wind(south, 30) == pytest.approx(30)
    assert angle_to_wind(south, 240) == pytest.approx(60)
    assert np.isnan(angle_to_wind(south[[0, 0]], 0))


def test_the_room_along_a_line():
    grid = Grid(0, 500, 100, 5, 10)
    is_open = np.zeros(grid.shape, bool)
    is_open[2] = True
    is_open[1:4, 5:] = True
    is_open[2, 8] = False
    line = np.array([[0, 250.0], [1000, 250.0]])
    found = clearance(line, is_open, grid)
    assert len(found.places) == 20
    assert found.width.tolist() == [100.0] * 10 + [300.0] * 6 + [0.0] * 2 + [300.0] * 2
    assert found.narrower(80) == pytest.approx(0.1)
    assert found.narrower(300) == pytest.approx(0.6)
    assert found.longest(80) == pytest.approx(800)
    assert found.longest(200) == pytest.approx(300)
    assert found.longest(500) == 0


def test_the_room_across_a_slanted_line():
    grid = Grid(0, 2000, 20, 100, 100)
    east, north = np.meshgrid(*grid.centres())
    across = np.abs(east - north) / np.sqrt(2)
    line = np.array([[400, 400.0], [1600, 1600.0]])
    found = clearance(line, across < 150, grid)
    assert found.width == pytest.approx(300, abs=30)
    assert found.step * len(found.places) == pytest.approx(1200 * np.sqrt(2))


def test_a_line_of_cells_lies_on_their_middles():
    ways = ventilation_ways(channel(), 90.0, turning=1.0)
    axis = axes(ways, 20)[0]
    line = line_of(axis, Grid(1000, 5000, 100, 21, 31))
    assert (line[:, 1] == 3950).all()
    assert (np.diff(line[:, 0]) < 0).all()
    assert line[-1].tolist() == [1050, 3950]
    with pytest.raises(BadUse, match="two places"):
        clearance(line[:1], np.ones((21, 31), bool), Grid(1000, 5000, 100, 21, 31))

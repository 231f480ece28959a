"""Junctions, dead ends and street blocks on small grids, counted by eye."""

import numpy as np
import shapely

from tulou.measures.form.streets import block_size, dead_ends, junctions, land_in_small_blocks, street_blocks


def lines(*texts: str):
    return np.array([None if text == "" else shapely.from_wkt(text) for text in texts], object)


def test_a_crossing_of_two_through_roads_is_one_junction():
    found = junctions(lines("LINESTRING(-1 0,0 0,1 0)", "LINESTRING(0 -1,0 0,0 1)"))
    np.testing.assert_allclose(found, [0.5, 0.5])


def test_a_branch_off_a_through_road_is_one_junction():
    found = junctions(lines("LINESTRING(-1 0,0 0,1 0)", "LINESTRING(0 0,0 1)"))
    np.testing.assert_allclose(found, [2 / 3, 1 / 3])


def test_a_bend_and_a_bridge_are_no_junctions():
    bend = lines("LINESTRING(-1 0,0 0)", "LINESTRING(0 0,0 1)")
    bridge = lines("LINESTRING(-1 0,1 0)", "LINESTRING(0 -1,0 1)")
    assert junctions(bend).sum() == 0
    assert junctions(bridge).sum() == 0


def test_unknown_lines_stay_unknown():
    assert np.isnan(junctions(lines("LINESTRING(0 0,1 0)", ""))[1])


def test_a_ring_with_a_stem():
    found = junctions(lines("LINESTRING(0 0,1 0,1 1,0 0)", "LINESTRING(0 0,-1 0)"))
    np.testing.assert_allclose(found.sum(), 1)


def test_a_dead_end_counts_where_another_road_lies_near():
    roads = lines("LINESTRING(0 0,50 0)", "LINESTRING(60 -40,60 40)", "LINESTRING(0 0,0 90)")
    # the first stops 10 m short of the second, which it never meets; the other ends have nothing near
    np.testing.assert_allclose(dead_ends(roads, gap=20), [1, 0, 0])
    np.testing.assert_allclose(dead_ends(roads, gap=9), [0, 0, 0])


def test_a_ring_has_no_dead_end():
    roads = lines("LINESTRING(0 0,10 0,10 10,0 0)", "LINESTRING(12 0,12 10)")
    assert dead_ends(roads, gap=5)[0] == 0


SQUARE = lines(
    "LINESTRING(0 0,100 0,300 0)",
    "LINESTRING(0 100,100 100,300 100)",
    "LINESTRING(0 0,0 100)",
    "LINESTRING(100 0,100 100)",
    "LINESTRING(300 0,300 100)",
)


def test_two_blocks():
    np.testing.assert_allclose(sorted(shapely.area(street_blocks(SQUARE))), [10000, 20000])


def test_land_belongs_to_the_block_it_lies_in():
    land = np.array([shapely.box(10, 10, 20, 20), shapely.box(110, 10, 130, 20), shapely.box(900, 0, 910, 10), None])
    np.testing.assert_allclose(block_size(land, SQUARE), [10000, 20000, np.nan, np.nan])
    parts = land_in_small_blocks(land, SQUARE, limit=10000)
    np.testing.assert_allclose(parts.part, [100, 0, np.nan, np.nan])
    np.testing.assert_allclose(parts.whole, [100, 200, 100, np.nan])


def test_streets_that_enclose_nothing():
    land = np.array([shapely.box(0, 0, 1, 1)])
    assert np.isnan(block_size(land, lines("LINESTRING(0 0,1 0)"))[0])

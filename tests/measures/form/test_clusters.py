"""Clusters and mix of uses on squares, worked by hand."""

import numpy as np
import pytest
import shapely

from tulou.measures.form.clusters import cluster_area, clusters, dominance
from tulou.measures.form.mix import functional_mix

LAND = np.array([shapely.box(0, 0, 10, 10), shapely.box(15, 0, 25, 10), shapely.box(60, 0, 70, 20), None], object)


def test_land_within_the_gap_hangs_together():
    np.testing.assert_array_equal(clusters(LAND, gap=5), [0, 0, 1, -1])
    np.testing.assert_allclose(cluster_area(LAND, gap=5), [200, 200, 200, np.nan])
    np.testing.assert_allclose(cluster_area(LAND, gap=4), [100, 100, 200, np.nan])


def test_a_river_parts_what_is_near():
    river = np.array([shapely.LineString([(12, -50), (12, 50)])], object)
    np.testing.assert_allclose(cluster_area(LAND, river, gap=5), [100, 100, 200, np.nan])


def test_clusters_chain():
    row = shapely.box(np.arange(5) * 10.0, 0, np.arange(5) * 10.0 + 9, 9)
    assert set(clusters(row, gap=1)) == {0}


def test_dominance():
    assert dominance(np.array([6.0, 3, np.nan, 1])) == pytest.approx(0.6)
    assert np.isnan(dominance(np.array([np.nan])))


UNITS = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(20, 0, 30, 10)], object)
PLACES = np.array([[1, 1], [2, 2], [11, 1], [12, 2], [99, 99], [21, 1.0]])
USE = np.array(["residential", "office", "office", "office", "office", None], object)


def test_two_equal_uses_of_four_kinds():
    floor = np.array([500.0, 500, 100, 900, 7, 100])
    found = functional_mix(UNITS, PLACES, USE, floor, kinds=4, least_known=0.9)
    # ln 2 / ln 4; one use only; the use of the only building is unknown
    np.testing.assert_allclose(found, [0.5, 0, np.nan])


def test_too_few_known_buildings():
    floor = np.array([500.0, np.nan, 100, 900, 7, 100])
    assert np.isnan(functional_mix(UNITS, PLACES, USE, floor, kinds=4, least_known=0.9)[0])
    assert functional_mix(UNITS, PLACES, USE, floor, kinds=4, least_known=0.5)[0] == 0

"""Distances and counts along the real network of central Helsinki; see SOURCE.md."""

import json
import os
import subprocess

import numpy as np
import pyogrio.raw
import pyproj
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from measures.access.worlds import components
from shared_data import shared
from tulou.measures.access.counts import count_within_walking
from tulou.measures.access.network import walking_network
from tulou.measures.access.reach import nearest_walking
from tulou.measures.access.routes import routes_on

RADII = (300.0, 500.0, 1000.0)

PEER = """
import json, sys, numpy, pandas, pandana
given = json.load(open(sys.argv[1]))
xy, edges = numpy.array(given["places"]), given["edges"]
network = pandana.Network(pandas.Series(xy[:, 0]), pandas.Series(xy[:, 1]), pandas.Series(edges[0]),
                          pandas.Series(edges[1]), pandas.DataFrame({"m": edges[2]}), twoway=True)
network.set(pandas.Series(given["targets"]), variable=pandas.Series(numpy.ones(len(given["targets"]))), name="t")
json.dump([network.aggregate(r, type="count", name="t").tolist() for r in given["radii"]], open(sys.argv[2], "w"))
"""


@pytest.fixture(scope="module")
def network():
    path = shared("city_helsinki/Helsinki.osm.pbf")
    _, _, shapes, _ = pyogrio.raw.read(path, layer="lines", columns=["highway"], where="highway IS NOT NULL")
    lines = shapely.from_wkb(shapes)
    move = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3067", always_xy=True).transform
    return walking_network(shapely.transform(lines, lambda xy: np.column_stack(move(*xy.T))), largest_only=True)


@pytest.fixture(scope="module")
def targets(network):
    return np.random.default_rng(1).choice(network.size, 60, replace=False)


@pytest.fixture(scope="module")
def distances(network, targets):
    best = {}
    for a, b, cost in zip(network.start.tolist(), network.end.tolist(), network.length.tolist(), strict=True):
        if a != b:
            best[a, b] = best[b, a] = min(cost, best.get((a, b), np.inf))
    rows, columns = np.array(list(best)).T
    graph = coo_array((list(best.values()), (rows, columns)), shape=(network.size,) * 2).tocsr()
    return dijkstra(graph, indices=targets)


def test_the_network_is_one_part_and_of_the_right_order(network):
    assert 1_000 < network.size < 20_000
    assert (components(network) == 0).all()
    assert (network.first[1:] - network.first[:-1] != 2).mean() > 0.9


def test_nearest_is_that_of_scipy(network, targets, distances):
    found, label = routes_on(network).nearest_nodes(targets, np.zeros(len(targets)))
    np.testing.assert_allclose(found, distances.min(axis=0), rtol=1e-12)
    np.testing.assert_allclose(distances[label, np.arange(network.size)], found, rtol=1e-12)


def test_places_at_the_nodes_are_as_near_as_the_nodes(network, targets, distances):
    places = network.places
    found = nearest_walking(places, places[targets], network)
    np.testing.assert_allclose(found, distances.min(axis=0), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("radius", RADII)
def test_counts_are_those_of_scipy(network, targets, distances, radius):
    inside = (distances <= radius).sum(axis=0)
    assert (np.abs(distances - radius) > 1e-6).all()
    at_nodes = routes_on(network).count_nodes(targets, np.zeros(len(targets), np.int64), np.array([radius]))
    np.testing.assert_array_equal(at_nodes[:, 0, 0], inside)
    of_places = count_within_walking(network.places, network.places[targets], network, radius=radius)
    np.testing.assert_array_equal(of_places, inside)


def test_sums_of_all_nodes_within_a_radius_are_those_of_scipy(network, targets, distances):
    values = np.arange(network.size * 2.0).reshape(-1, 2)
    values[5, 1] = np.nan
    sums, counts = routes_on(network).sum_nodes(values, 500.0)
    inside = distances <= 500.0
    np.testing.assert_allclose(sums[targets], inside @ np.nan_to_num(values), rtol=1e-12)
    np.testing.assert_array_equal(counts[targets], inside.astype(int) @ np.isfinite(values))


def test_counts_are_those_of_pandana(network, targets, tmp_path):
    peer = os.environ.get("TULOU_PEER_PYTHON")
    if not peer:
        pytest.skip("no interpreter with pandana named in TULOU_PEER_PYTHON")
    given, answer = tmp_path / "given.json", tmp_path / "answer.json"
    edges = [network.start.tolist(), network.end.tolist(), network.length.tolist()]
    given.write_text(
        json.dumps({"places": network.places.tolist(), "edges": edges, "targets": targets.tolist(), "radii": RADII})
    )
    subprocess.run([peer, "-c", PEER, given, answer], check=True, timeout=300)
    theirs = np.array(json.loads(answer.read_text())).T
    ours = routes_on(network).count_nodes(targets, np.zeros(len(targets), np.int64), np.array(RADII))[:, 0]
    # pandana keeps distances in whole millimetres, so a cut-off may fall otherwise.
    assert (theirs != ours).mean() < 0.001

"""Isolation segments beside those of wntr and beside a walk over pipes."""

from collections import defaultdict

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.water.supply.segments import dry_segments, isolation_segments


def made(seed, nodes=30, links=45, valves=25):
    chance = np.random.default_rng(seed)
    start = np.concatenate([np.arange(1, nodes), chance.integers(0, nodes, links - nodes + 1)])
    end = np.concatenate(
        [[int(chance.integers(0, one)) for one in range(1, nodes)], chance.integers(0, nodes, links - nodes + 1)]
    )
    end = np.where(start == end, (end + 1) % nodes, end)
    link = chance.choice(links, valves, replace=False)
    side = np.where(chance.random(valves) < 0.5, start[link], end[link])
    return start, end, nodes, np.column_stack([link, side])


def walked(start, end, nodes, valves):
    """Segments found by walking from part to part, one at a time."""
    shut = set(map(tuple, valves.tolist()))
    beside = defaultdict(set)
    for link, ends in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        for node in ends:
            if (link, node) not in shut:
                beside["link", link].add(("node", node))
                beside["node", node].add(("link", link))
    label, parts = {}, [("node", one) for one in range(nodes)] + [("link", one) for one in range(len(start))]
    for part in parts:
        if part in label:
            continue
        label[part], todo = part, [part]
        while todo:
            for other in beside[todo.pop()]:
                if other not in label:
                    label[other] = part
                    todo.append(other)
    return [label[part] for part in parts]


def same_groups(one, other):
    pairs = set(zip(one, other, strict=True))
    return len(pairs) == len(set(one)) == len(set(other))


@pytest.mark.parametrize("seed", range(8))
def test_segments_are_those_of_a_walk(seed):
    start, end, nodes, valves = made(seed)
    found = isolation_segments(start, end, nodes, valves)
    assert same_groups([*found.node.tolist(), *found.link.tolist()], walked(start, end, nodes, valves))
    assert found.count == len(set(walked(start, end, nodes, valves)))


@pytest.mark.parametrize("seed", range(5))
def test_segments_are_those_of_wntr(seed):
    wntr, networkx = pytest.importorskip("wntr"), pytest.importorskip("networkx")
    pandas = pytest.importorskip("pandas")
    start, end, nodes, valves = made(seed)
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from(str(one) for one in range(nodes))
    for link, (a, b) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        graph.add_edge(str(a), str(b), key=str(link))
    layer = pandas.DataFrame({"link": valves[:, 0].astype(str), "node": valves[:, 1].astype(str)})
    node, link, _ = wntr.metrics.valve_segments(graph, layer)
    found = isolation_segments(start, end, nodes, valves)
    theirs = [node[str(one)] for one in range(nodes)] + [link[str(one)] for one in range(len(start))]
    assert same_groups([*found.node.tolist(), *found.link.tolist()], theirs)


def test_a_line_of_pipes_goes_dry_below_the_shut_segment():
    # source 0 -0- 1 -1- 2 -2- 3, a valve at the upstream end of pipes 1 and 2
    found = isolation_segments(np.array([0, 1, 2]), np.array([1, 2, 3]), 4, np.array([[1, 1], [2, 2]]))
    assert found.count == 3
    top, middle, bottom = found.node[0], found.node[2], found.node[3]
    sources = np.array([top])
    assert dry_segments(found, sources, [middle]).tolist() == [one != top for one in range(3)]
    assert dry_segments(found, sources, [bottom]).tolist() == [one == bottom for one in range(3)]
    assert dry_segments(found, sources, [top]).all()
    # Nothing is dry when nothing is shut.
    assert not dry_segments(found, sources, []).any()
    # A second source at the far end keeps the last segment wet.
    assert dry_segments(found, np.array([top, bottom]), [middle]).tolist() == [one == middle for one in range(3)]


@pytest.mark.parametrize("seed", range(5))
def test_dry_segments_are_those_a_walk_does_not_reach(seed):
    start, end, nodes, valves = made(seed)
    found = isolation_segments(start, end, nodes, valves)
    source = int(found.node[0])
    for shut in range(found.count):
        wet, todo = ({source}, [source]) if shut != source else (set(), [])
        while todo:
            here = todo.pop()
            for a, b in found.valve.tolist():
                for one, other in ((a, b), (b, a)):
                    if one == here and other != shut and other not in wet:
                        wet.add(other)
                        todo.append(other)
        assert dry_segments(found, np.array([source]), [shut]).tolist() == [
            one not in wet for one in range(found.count)
        ]


def test_a_valve_away_from_its_pipe_is_refused():
    with pytest.raises(BadUse, match="end of its link"):
        isolation_segments(np.array([0]), np.array([1]), 3, np.array([[0, 2]]))

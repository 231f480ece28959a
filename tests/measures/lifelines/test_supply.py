"""Spread supply beside a walk and beside linear programming."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tulou.kernel.errors import BadInput
from tulou.measures.lifelines.supply import Supply, deliverable, served


def made(seed, nodes=8, links=14):
    chance = np.random.default_rng(seed)
    start = chance.integers(0, nodes, links)
    end = (start + 1 + chance.integers(0, nodes - 1, links)) % nodes
    source = np.where(np.arange(nodes) < 2, chance.integers(5, 15, nodes), 0).astype(float)
    demand = np.where(np.arange(nodes) >= 2, chance.integers(1, 6, nodes), 0).astype(float)
    return Supply(start, end, chance.integers(1, 8, links).astype(float), source, demand)


def programmed(supply, lost_links):
    """Largest delivery by linear programming: flows on links, gifts of sources, deliveries."""
    links, nodes = len(supply.start), len(supply.source)
    rows = np.zeros((nodes, links + 2 * nodes))
    rows[supply.start, np.arange(links)] -= 1
    for link, end in enumerate(supply.end):
        rows[end, link] += 1
    rows[:, links : links + nodes] = np.eye(nodes)
    rows[:, links + nodes :] = -np.eye(nodes)
    most = [*np.where(lost_links, 0, supply.capacity), *supply.source, *supply.demand]
    goal = np.concatenate([np.zeros(links + nodes), -np.ones(nodes)])
    return -linprog(goal, A_eq=rows, b_eq=np.zeros(nodes), bounds=[(0, one) for one in most]).fun


@pytest.mark.parametrize("seed", range(10))
def test_delivery_is_that_of_linear_programming(seed):
    supply = made(seed)
    for link in (None, 0, 5):
        lost = np.arange(len(supply.start)) == (-1 if link is None else link)
        assert deliverable(supply, lost_links=lost) == pytest.approx(programmed(supply, lost), abs=1e-6)


def test_a_ring_with_two_sources_bears_any_single_failure():
    # 0 and 3 are sources; 1 and 2 lie between them, in both directions.
    ends = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)]
    start, end = np.array(ends).T
    supply = Supply(start, end, np.full(6, np.inf), np.array([5.0, 0, 0, 5]), np.array([0.0, 3, 3, 0]))
    assert deliverable(supply) == pytest.approx(6)
    for node in (0, 3):
        lost = np.arange(4) == node
        assert served(supply, lost).tolist() == [node != 0, True, True, node != 3]
        assert deliverable(supply, lost) == pytest.approx(5)  # joined, but 1 falls short
    lost = np.arange(4) == 1
    assert served(supply, lost).tolist() == [True, False, True, True]
    assert deliverable(supply, lost) == pytest.approx(3)


def test_a_link_leads_one_way():
    supply = Supply(np.array([1]), np.array([0]), np.array([9.0]), np.array([4.0, 0]), np.array([0.0, 2]))
    assert served(supply).tolist() == [True, False]
    assert deliverable(supply) == 0


def test_nothing_asked_nothing_delivered_and_unknown_is_refused():
    none = np.empty(0, np.int64)
    assert deliverable(Supply(none, none, np.empty(0), np.array([1.0]), np.array([0.0]))) == 0
    with pytest.raises(BadInput, match="known"):
        Supply(none, none, np.empty(0), np.array([np.nan]), np.array([0.0]))

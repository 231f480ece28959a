"""Order levels, flows against networkx, stocks put in place against the newsvendor."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.health.reserves import Roads, Task, cheapest_plan, stock_levels


def roads(ways, scenarios=1, closed=()):
    """Ways (start, end, hours, capacity), one direction each."""
    shut = np.zeros((scenarios, len(ways)), bool)
    for scenario, way in closed:
        shut[scenario, way] = True
    start, end, hours, capacity = zip(*ways, strict=True)
    return Roads(np.array(start), np.array(end), np.array(hours, float), np.array(capacity, float), shut)


def task(ways, need, stock, **given):
    need, stock = np.array(need, float), np.array(stock, float)
    scenarios, nodes, items = need.shape
    usual = {
        "chance": np.full(scenarios, 1 / scenarios),
        "room": np.zeros(nodes),
        "price": np.ones(items),
        "penalty": np.full(items, 1000.0),
        "hour": 1.0,
    }
    network = ways if isinstance(ways, Roads) else roads(ways, scenarios)
    return Task(nodes, network, need=need, stock=stock, **(usual | given))


def test_order_levels_by_hand():
    found = stock_levels(10.0, 3.0, 4.0, 7.0, 0.95)
    assert found.safety == pytest.approx(1.6448536 * 3 * 2)
    assert found.order_at == pytest.approx(40 + found.safety)
    assert found.order_up_to == pytest.approx(found.order_at + 70)
    assert not found.is_short_lived
    short = stock_levels(10.0, 3.0, 4.0, 7.0, 0.95, shelf_life=8.0)
    assert (short.order_up_to, short.is_short_lived) == (80.0, True)
    with pytest.raises(BadUse, match="are known"):
        stock_levels(10.0, 3.0, 4.0, 7.0, 95.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_flows_cost_what_networkx_says(seed):
    rng = np.random.default_rng(seed)
    nodes = 7
    ways = [(a, b, int(rng.integers(1, 9)), int(rng.integers(1, 12))) for a in range(nodes) for b in range(nodes)
            if a != b and rng.uniform() < 0.4]  # fmt: skip
    ways = ways or [(0, 6, 1, 5)]
    stock = np.zeros((nodes, 1))
    stock[:2, 0] = rng.integers(0, 20, 2)
    need = np.zeros((1, nodes, 1))
    need[0, 5:, 0] = rng.integers(0, 15, 2)
    plan = cheapest_plan(task(ways, need, stock))
    graph = nx.DiGraph()
    for a, b, hours, capacity in ways:
        graph.add_edge(a, b, weight=hours, capacity=capacity)
    for node in range(nodes):
        graph.add_edge("source", node, weight=0, capacity=int(stock[node, 0]))
        graph.add_edge("lack", node, weight=1000, capacity=int(need[0, node, 0]))
        graph.add_node(node, demand=int(need[0, node, 0]))
    total = int(need.sum())
    graph.add_node("source", demand=0)
    graph.add_node("lack", demand=0)
    graph.add_edge("root", "source", weight=0, capacity=10_000)
    graph.add_edge("root", "lack", weight=0, capacity=10_000)
    graph.add_node("root", demand=-total)
    assert plan.cost == pytest.approx(nx.min_cost_flow_cost(graph), abs=1e-6)
    assert plan.used.sum() == pytest.approx((need - plan.short).sum(), abs=1e-9 + 1e-9 * total)


def test_a_closed_road_is_driven_around_and_a_cut_place_lacks():
    ways = [(0, 2, 1, np.inf), (0, 1, 2, np.inf), (1, 2, 2, np.inf)]
    need = [[[0], [0], [5]]] * 3
    shut = roads(ways, 3, closed=[(1, 0), (2, 0), (2, 2)])
    plan = cheapest_plan(task(shut, need, [[10], [0], [0]]))
    assert plan.flow[:, 0, 0].tolist() == pytest.approx([5, 0, 0])
    assert plan.flow[1, 1:, 0].tolist() == pytest.approx([5, 5])
    assert plan.short[:, 2, 0].tolist() == pytest.approx([0, 0, 5])
    assert plan.cost == pytest.approx((5 * 1 + 5 * 4 + 5 * 1000) / 3)


def test_items_share_the_capacity_of_a_road():
    plan = cheapest_plan(task([(0, 1, 1, 10)], [[[0, 0], [8, 8]]], [[8, 8], [0, 0]], penalty=np.array([100.0, 50.0])))
    assert plan.flow[0, 0].tolist() == pytest.approx([8, 2])
    assert plan.short[0, 1].tolist() == pytest.approx([0, 6])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.floats(1.5, 30))
def test_one_depot_holds_what_the_newsvendor_says(demands, ratio):
    need = np.array(demands, float)[:, None, None] * np.array([[[0.0], [1.0]]])
    network = roads([(0, 1, 0, np.inf)], len(demands))
    plan = cheapest_plan(
        task(network, need, [[0], [0]], room=np.array([1e6, 0.0]), penalty=np.array([ratio]), hour=0.0)
    )

    def cost(stock):
        return stock + ratio * np.maximum(np.array(demands) - stock, 0).mean()

    assert plan.cost == pytest.approx(min(cost(stock) for stock in {0, *demands}), rel=1e-7, abs=1e-7)
    assert cost(plan.added[0, 0]) == pytest.approx(plan.cost, rel=1e-7, abs=1e-7)


def test_room_bounds_what_is_put():
    plan = cheapest_plan(task([(0, 1, 0, np.inf)], [[[0], [9]]], [[0], [0]], room=np.array([4.0, 0.0])))
    assert plan.added.tolist() == [[4.0], [0.0]]
    assert plan.short[0, 1, 0] == pytest.approx(5)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"chance": np.array([0.5])}, "sum to 1"),
        ({"price": np.array([-1.0])}, "not below 0"),
        ({"penalty": np.array([np.nan])}, "not below 0"),
    ],
)
def test_what_cannot_be_is_refused(given, what):
    with pytest.raises(BadUse, match=what):
        cheapest_plan(task([(0, 1, 1, 5)], [[[0], [3]]], [[5], [0]], **given))

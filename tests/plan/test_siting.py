"""Siting beside brute force on small random cases, and what it says where not all can be served."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network
from tulou.plan.siting import answer
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.distances import along, straight
from tulou.plan.siting.models import least_number, marginal_benefit, max_cover, p_median

NEAR = 1e-6


@st.composite
def cases(draw, *, with_capacity: bool = False):
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    demands, sites = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    apart = straight(random.random((demands, 2)) * 10, random.random((sites, 2)) * 10).round(3)
    apart[random.random(apart.shape) < 0.1] = np.inf
    weight = random.integers(0, 5, demands).astype(float)
    capacity = random.integers(1, 9, sites).astype(float) if with_capacity else None
    return Sites(apart, weight, capacity, reach=draw(st.sampled_from([3.0, 6.0, np.inf]))), draw(st.integers(1, sites))


def choices(sites: Sites, count: int):
    return combinations(range(sites.distance.shape[1]), count)


def way(sites: Sites, some) -> float:
    reached = np.where(sites.reaches, sites.distance, np.inf)[:, list(some)].min(axis=1)
    return float((sites.weight * np.where(np.isfinite(reached), reached, 0.0)).sum())


def covered(sites: Sites, some) -> np.ndarray:
    return sites.reaches[:, list(some)].any(axis=1)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_p_median_is_the_best_of_all_choices_that_serve_all(case):
    sites, count = case
    full = [some for some in choices(sites, count) if (covered(sites, some) | ~sites.can_be_served).all()]
    if not full:
        return
    found = p_median(sites, count)
    assert found.value == pytest.approx(min(way(sites, some) for some in full), abs=NEAR)
    assert found.gap == 0.0
    assert set(np.flatnonzero(found.site < 0)) == set(np.flatnonzero(~sites.can_be_served))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_cover_is_the_best_of_all_choices(case):
    sites, count = case
    best = max(float(sites.weight[covered(sites, some)].sum()) for some in choices(sites, count))
    found = max_cover(sites, count)
    assert found.value == pytest.approx(best, abs=NEAR)
    assert found.served == pytest.approx(best, abs=NEAR)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_least_number_serves_all_that_can_be(case):
    sites, _ = case
    found = least_number(sites)
    numbers = range(sites.distance.shape[1] + 1)
    enough = [
        n for n in numbers if any((covered(sites, some) | ~sites.can_be_served).all() for some in choices(sites, n))
    ]
    assert found.value == min(enough)
    assert not (found.share[sites.can_be_served] < 1 - NEAR).any()


@settings(max_examples=40, deadline=None)
@given(cases(with_capacity=True))
def test_capacity_is_kept_and_whole_demands_are_as_good_as_brute_force(case):
    sites, count = case
    found = p_median(sites, count)
    taken = np.bincount(found.site[found.site >= 0], (sites.loads * found.share)[found.site >= 0], len(sites.capacity))
    assert (taken <= sites.capacity + NEAR).all()
    lacking, distance = brute_capacity(sites, count)
    assert found.deficit == pytest.approx(lacking, abs=1e-4)
    if lacking == 0.0:
        assert found.value == pytest.approx(distance, abs=1e-4)


def brute_capacity(sites: Sites, count: int) -> tuple[float, float]:
    """Least load unserved, then least way, over all sites and all whole assignments."""
    best = (np.inf, np.inf)
    for some in choices(sites, count):
        options = [[-1, *(site for site in some if sites.reaches[row, site])] for row in range(len(sites.weight))]
        for plan in product(*options):
            taken = np.zeros(len(sites.capacity))
            lacking = distance = 0.0
            for row, site in enumerate(plan):
                if site < 0:
                    lacking += sites.loads[row] if sites.can_be_served[row] else 0.0
                else:
                    taken[site] += sites.loads[row]
                    distance += sites.weight[row] * sites.distance[row, site]
            if (taken <= sites.capacity).all():
                best = min(best, (lacking, distance))
    return best


def test_want_of_capacity_is_told_and_is_no_error():
    sites = Sites(np.zeros((3, 2)), np.array([4.0, 4, 4]), np.array([5.0, 5]))
    found = p_median(sites, 2)
    assert found.deficit == 4.0
    assert found.served == 8.0
    split = p_median(sites, 2, whole=False)
    assert split.deficit == pytest.approx(2.0, abs=1e-4)
    assert len(found.unserved) == 1


def test_least_number_with_capacity_opens_more():
    sites = Sites(np.zeros((4, 3)), np.full(4, 2.0), np.full(3, 4.0))
    assert least_number(sites).value == 2
    assert least_number(Sites(np.zeros((4, 3)), np.full(4, 2.0))).value == 1


def test_each_further_site_brings_what_it_brings():
    places = np.array([[0.0, 0], [1, 0], [20, 0], [21, 0], [40, 0]])
    weight = np.array([5.0, 5, 3, 3, 1])
    sites = Sites(straight(places, places), weight, reach=2.0)
    assert [step.gain for step in marginal_benefit(sites, 4)] == pytest.approx([10, 6, 1, 0])
    opened = Sites(sites.distance, weight, reach=2.0, opened=(0,))
    assert [step.gain for step in marginal_benefit(opened, 2)] == pytest.approx([6, 1])
    assert all(0 in step.siting.open for step in marginal_benefit(opened, 2))


def test_a_large_problem_is_answered_with_the_bound_that_is_known_and_says_so(monkeypatch):
    random = np.random.default_rng(3)
    places = random.random((60, 2))
    sites = Sites(straight(places, places[:12]), random.integers(1, 9, 60).astype(float), reach=0.35)
    free = Sites(sites.distance, sites.weight)
    exact = p_median(free, 4), max_cover(sites, 4), least_number(sites)
    monkeypatch.setattr(answer, "MOST_PAIRS", 10)
    rough = p_median(free, 4), max_cover(sites, 4), least_number(sites)
    # Without capacity the bound alone often proves the answer; with capacity there is none.
    assert [one.gap == 0.0 for one in rough] == [one.method == "exact" for one in rough]
    full = p_median(Sites(sites.distance, sites.weight, np.full(12, 1e3)), 4)
    assert (full.method, full.gap) == ("heuristic", None)
    assert exact[0].value * (1 - NEAR) <= rough[0].value <= exact[0].value * 1.05
    assert exact[1].value * (1 + NEAR) >= rough[1].value >= exact[1].value * 0.95
    assert rough[2].value >= exact[2].value
    assert (rough[2].share[sites.can_be_served] == 1).all()


def test_a_large_problem_with_capacity_keeps_it(monkeypatch):
    monkeypatch.setattr(answer, "MOST_PAIRS", 10)
    random = np.random.default_rng(5)
    sites = Sites(straight(random.random((30, 2)), random.random((8, 2))), np.ones(30), np.full(8, 6.0))
    found = p_median(sites, 3)
    assert found.served == pytest.approx(18.0, abs=1e-4)
    covering = least_number(sites)
    assert covering.value == 5
    assert covering.served == pytest.approx(30.0, abs=1e-4)


def test_distances_follow_the_network():
    corners = np.array([[0.0, 0], [100, 0], [100, 100]])
    network = Network.of_edges(
        corners, np.array([0, 1], np.int32), np.array([1, 2], np.int32), np.array([100.0, 100.0])
    )
    apart = along(network, corners, corners[[2]])
    assert apart[:, 0] == pytest.approx([200, 100, 0])
    assert np.isinf(along(network, corners, corners[[2]], limit=150.0)[0, 0])
    assert straight(corners, corners[[2]])[0, 0] == pytest.approx(np.hypot(100, 100))


@pytest.mark.parametrize("count", [0, 4])
def test_a_number_of_sites_that_cannot_be(count):
    with pytest.raises(BadUse, match="number of sites"):
        p_median(Sites(np.zeros((2, 3)), np.ones(2)), count)


def test_columns_must_fit():
    with pytest.raises(BadUse, match="length"):
        Sites(np.zeros((2, 3)), np.ones(3))
    with pytest.raises(BadUse, match="at least 0"):
        Sites(np.zeros((2, 3)), np.array([1.0, np.nan]))

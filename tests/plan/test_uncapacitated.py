"""Exchanges, bound and proof beside brute force, with the bound switched off so that the programme must prove."""

from itertools import combinations

import numpy as np
import pytest

from tulou.plan.siting import uncapacitated
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.models import max_cover, p_median
from tulou.plan.siting.uncapacitated import Costs, best_choice, good_choice

ENOUGH = 10_000


def costs(seed, demands=14, sites=9, *, opened=(), is_cover=False):
    draw = np.random.default_rng(seed)
    apart = np.hypot(*(draw.random((demands, 1, 2)) - draw.random((1, sites, 2))).transpose(2, 0, 1)).round(3)
    return Costs((apart > 0.3).astype(float) if is_cover else apart, draw.integers(0, 9, demands).astype(float), opened)


def brute(asked, count):
    every = combinations(range(asked.cost.shape[1]), count)
    return min(asked.value(np.array(some)) for some in every if set(asked.opened) <= set(some))


@pytest.mark.parametrize("is_cover", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_best_choice_is_that_of_brute_force_and_the_bound_never_lies(seed, is_cover):
    opened = ((), (2,), (0, 5))[seed % 3]
    asked = costs(seed, opened=opened, is_cover=is_cover)
    for count in range(max(len(opened), 1), 6):
        found, best = best_choice(asked, count, most=ENOUGH), brute(asked, count)
        assert found.value == pytest.approx(best, abs=1e-9)
        assert found.gap == 0.0
        assert len(found.open) == count
        assert set(opened) <= set(found.open.tolist())
        unsearched = best_choice(asked, count, most=0)
        assert unsearched.bound <= best + 1e-6
        assert asked.value(good_choice(asked, count)) >= best - 1e-9


@pytest.mark.parametrize("is_cover", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_the_programme_proves_what_a_poor_bound_leaves(seed, is_cover, monkeypatch):
    monkeypatch.setattr(uncapacitated, "ROUNDS", 2)
    monkeypatch.setattr(uncapacitated, "_exchanged", lambda _, some: some)
    asked = costs(seed, opened=(1,) if seed % 2 else (), is_cover=is_cover)
    found = best_choice(asked, 3, most=ENOUGH)
    assert found.value == pytest.approx(brute(asked, 3), abs=1e-9)
    assert found.gap == 0.0


def test_a_gap_that_is_good_enough_ends_the_search_and_is_told(monkeypatch):
    monkeypatch.setattr(uncapacitated, "ROUNDS", 3)
    asked = costs(3, 60, 20)
    rough = best_choice(asked, 4, most=0)
    assert rough.gap > 0
    assert not rough.is_searched
    enough = best_choice(asked, 4, gap=rough.gap, most=ENOUGH)
    assert (enough.value, enough.is_searched) == (rough.value, True)
    assert rough.bound <= best_choice(asked, 4, most=ENOUGH).value


def test_a_middling_problem_is_solved_by_both_programmes_alike():
    asked = costs(7, 60, 25)
    plain = p_median(Sites(asked.cost, asked.weight, np.full(25, 1e6)), 5, whole=False)
    assert p_median(Sites(asked.cost, asked.weight), 5).value == pytest.approx(plain.value)
    near = Sites(asked.cost, asked.weight, reach=0.25)
    roomy = Sites(asked.cost, asked.weight, np.full(25, 1e6), reach=0.25)
    assert max_cover(near, 5).value == pytest.approx(max_cover(roomy, 5).value)


def test_demands_without_weight_and_sites_that_reach_nobody_are_no_trouble():
    nobody = Costs(np.ones((3, 4)), np.zeros(3))
    assert best_choice(nobody, 2, most=ENOUGH).value == 0
    far = Sites(np.full((3, 2), 9.0), np.ones(3), reach=1.0)
    assert (max_cover(far, 1).value, max_cover(far, 1).served) == (0.0, 0.0)
    assert best_choice(Costs(np.ones((2, 2)), np.ones(2), (0, 1)), 2, most=ENOUGH).value == 2

"""What strengthening is worth, beside the published factor and all choices."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.hazard.earthquake.strengthening import avoided_a_year, best_first, present_worth


def test_present_worth_is_one_over_the_capital_recovery_factor():
    # CRF of 5 % and 20 years, methods_engineering.md §9.6.
    assert 1 / present_worth(20, 0.05) == pytest.approx(0.0802426, abs=5e-8)
    assert present_worth(20, 0.0) == 20
    assert present_worth(0, 0.05) == 0
    with pytest.raises(BadUse, match="from 0 on"):
        present_worth(20, -0.1)


def test_avoided_is_summed_over_scenarios():
    before, after = np.array([[0.1, 0.5]]), np.array([[0.05, 0.2]])
    assert avoided_a_year(before, after, np.array([0.02, 0.001])) == pytest.approx([0.02 * 0.05 + 0.001 * 0.3])


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 10)), min_size=1, max_size=8),
    st.integers(0, 40),
)
def test_the_bound_holds_and_the_choice_is_near_it(things, budget):
    worth, cost = np.array(things, float).T
    found = best_first(worth, cost, budget)
    best = max(
        float(worth[list(some)].sum())
        for count in range(len(worth) + 1)
        for some in itertools.combinations(range(len(worth)), count)
        if cost[list(some)].sum() <= budget
    )
    assert cost[found.is_done].sum() <= budget
    assert found.worth <= best + 1e-9 <= found.bound + 2e-9
    assert found.worth >= best - worth.max()
    assert found.worth == pytest.approx(worth[found.is_done].sum())
    assert 0 <= found.gap <= 1


def test_what_is_worth_nothing_is_not_done():
    found = best_first(np.array([0.0, -1.0, 2.0]), np.array([1.0, 1.0, 1.0]), 10.0)
    assert found.is_done.tolist() == [False, False, True]
    assert found.gap == 0

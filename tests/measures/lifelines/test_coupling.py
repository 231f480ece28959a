"""Coupling beside a slow walk and an enumeration of all failures."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.lifelines.coupling import cascade, cascade_chances, inoperability


@given(st.integers(1, 6), st.integers(0, 10_000))
def test_inoperability_is_where_repeating_it_ends(count, seed):
    chance = np.random.default_rng(seed)
    coupling = chance.random((count, count))
    coupling *= 0.9 / np.abs(np.linalg.eigvals(coupling)).max()
    shock = chance.random(count)
    at = np.zeros(count)
    for _ in range(2000):
        at = np.minimum(1.0, shock + coupling @ at)
    assert inoperability(coupling, shock) == pytest.approx(at, abs=1e-6)


def test_a_system_that_is_lost_whole_is_not_lost_more_than_that():
    coupling = np.array([[0, 0.9, 0], [0.9, 0, 0], [0.5, 0, 0]])
    assert inoperability(coupling, np.array([0.9, 0.9, 0])).tolist() == [1, 1, 0.5]


@pytest.mark.parametrize(
    ("coupling", "shock", "what"),
    [
        ([[0, 1], [1, 0]], [0.1, 0], "never settle"),
        ([[0, -0.1], [0, 0]], [0.1, 0], "from 0 on"),
        ([[0, 0.1], [0, 0]], [1.1, 0], "between 0 and 1"),
        ([[0, 0.1]], [0.1], "a row and a column"),
    ],
)
def test_couplings_that_are_none(coupling, shock, what):
    with pytest.raises(BadInput, match=what):
        inoperability(np.array(coupling, float), np.array(shock, float))


def test_a_cascade_stops_where_enough_is_left():
    # 1 hangs on 0; 2 hangs half on 0 and half on 3; 3 on nothing.
    weights = np.array([[0, 0, 0, 0], [1, 0, 0, 0], [0.5, 0, 0, 0.5], [0, 0, 0, 0]])
    first = np.array([True, False, False, False])
    assert cascade(weights, first, np.full(4, 1.0)).tolist() == [True, True, False, False]
    assert cascade(weights, first, np.full(4, 0.5)).tolist() == [True, True, True, False]
    with pytest.raises(BadUse, match="above 0"):
        cascade(weights, first, np.zeros(4))


def test_draws_agree_with_all_failures_counted_out():
    chance = np.random.default_rng(5)
    weights = np.where(chance.random((6, 6)) < 0.4, chance.random((6, 6)), 0)
    likely, threshold = np.array([0.3, 0.1, 0.2, 0.05, 0.4, 0.0]), np.full(6, 0.6)
    exactly = np.zeros(6)
    for failed in product([False, True], repeat=6):
        first = np.array(failed)
        exactly += np.where(first, likely, 1 - likely).prod() * cascade(weights, first, threshold)
    found = cascade_chances(weights, likely, threshold, 20_000, 1)
    assert (np.abs(found.chance - exactly) <= 4 * found.error + 1e-9).all()
    assert (exactly > likely + 1e-6).any()  # somebody is pulled down
    again = cascade_chances(weights, likely, threshold, 20_000, 1)
    assert again.chance.tolist() == found.chance.tolist()
    with pytest.raises(BadUse, match="drawn"):
        cascade_chances(weights, likely, threshold, 0, 1)

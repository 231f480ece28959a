"""Beds under load: Erlang against the chain of states, the course against small steps and against a simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.health.beds import course, erlang_b, erlang_c, mean_wait


@given(st.floats(0.1, 30), st.integers(1, 40))
def test_erlang_b_is_the_last_state_of_the_chain(load, beds):
    terms = [load**k / math.factorial(k) for k in range(beds + 1)]
    assert erlang_b(load, beds) == pytest.approx(terms[-1] / sum(terms), rel=1e-9)


@given(st.floats(0.1, 20), st.integers(1, 30))
def test_erlang_c_is_the_share_that_waits(load, beds):
    if load >= beds:
        assert erlang_c(load, beds) == 1.0
        assert mean_wait(load, beds, 5.0) == math.inf
        return
    head = sum(load**k / math.factorial(k) for k in range(beds))
    tail = load**beds / math.factorial(beds) * beds / (beds - load)
    assert erlang_c(load, beds) == pytest.approx(tail / (head + tail), rel=1e-9)


def stepped(arrivals, step, stay, beds, taken, fine=2000):
    """The same course by very small steps."""
    waiting = came = left = 0.0
    out = [(taken, waiting)]
    for rate in arrivals:
        for _ in range(fine):
            d = step / fine
            came += rate * d
            gone = taken / stay * d
            left += gone
            whole = taken - gone + waiting + rate * d
            taken, waiting = min(whole, beds), max(whole - beds, 0.0)
        out.append((taken, waiting))
    return np.array(out), came, left


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 30), min_size=1, max_size=5),
    st.floats(2, 60),
    st.integers(5, 60),
    st.floats(0, 1),
)
def test_the_course_is_that_of_very_small_steps_and_loses_nobody(arrivals, stay, beds, share):
    found = course(np.array(arrivals), 6.0, stay, float(beds), share * beds)
    expected, came, _ = stepped(arrivals, 6.0, stay, float(beds), share * beds)
    np.testing.assert_allclose(np.column_stack([found.taken, found.waiting]), expected, atol=0.15, rtol=0.01)
    assert found.came[-1] == pytest.approx(came)
    inside = found.taken + found.waiting - found.taken[0]
    assert np.abs(found.came - found.left - inside).max() < 1e-9 * max(1.0, found.came[-1], beds)


def test_when_beds_never_lack_what_is_wanted_is_what_is_taken():
    found = course(np.full(100, 2.0), 1.0, 10.0, 100.0, 0.0)
    assert found.taken.tolist() == pytest.approx(found.wanted.tolist())
    assert found.taken[-1] == pytest.approx(20.0, rel=1e-3)
    assert found.full_from() == math.inf


def test_beds_are_full_when_the_equation_says_so():
    found = course(np.full(400, 4.0), 0.1, 10.0, 20.0, 0.0)
    exact = 10.0 * math.log(40 / (40 - 20))
    assert found.full_from() == pytest.approx(exact, abs=0.11)
    assert found.waiting[-1] == pytest.approx((4.0 - 2.0) * (40.0 - exact))


def test_chances_of_lacking_beds_are_those_of_a_simulation():
    rng = np.random.default_rng(3)
    rates, step, stay, beds = np.array([3.0, 8.0, 1.0]), 5.0, 6.0, 30
    found = course(rates, step, stay, float(beds), 0.0)
    wanted = np.zeros(4000)
    for run in range(len(wanted)):
        times = np.concatenate(
            [k * step + rng.uniform(0, step, rng.poisson(rate * step)) for k, rate in enumerate(rates)]
        )
        wanted[run] = (times[times < 10] + rng.exponential(stay, int((times < 10).sum())) > 10).sum()
    assert wanted.mean() == pytest.approx(found.wanted[2], rel=0.01)
    assert (wanted > beds).mean() == pytest.approx(found.lacking(beds)[2], abs=0.02)


@pytest.mark.parametrize(
    ("arrivals", "given"),
    [([-1.0], {}), ([np.nan], {}), ([1.0], {"stay": 0.0}), ([1.0], {"taken": 30.0}), ([1.0], {"step": 0.0})],
)
def test_what_cannot_be_is_refused(arrivals, given):
    values = {"step": 1.0, "stay": 10.0, "beds": 20.0, "taken": 0.0} | given
    with pytest.raises(BadUse, match="not below 0"):
        course(np.array(arrivals), **values)
    with pytest.raises(BadUse, match="from 0 on"):
        erlang_b(-1.0, 3)

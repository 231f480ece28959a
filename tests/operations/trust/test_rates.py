"""Rates against a bucket of tokens that is filled drop by drop: the two must let the same tries through."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from operations.trust.desk import NOW
from tulou.operations.trust.domain.rates import Rate, tried


def bucket(burst, every, tries):
    """Which tries a bucket lets through; it is full at first and gains one token each ``every`` seconds."""
    level, last, passed = Fraction(burst), 0, []
    for second in tries:
        level = min(Fraction(burst), level + Fraction(second - last, every))
        last = second
        passed.append(level >= 1)
        level -= passed[-1]
    return passed


@given(st.integers(1, 6), st.integers(1, 9), st.lists(st.integers(0, 12), min_size=1, max_size=40))
def test_it_lets_through_what_a_bucket_lets_through(burst, every, gaps):
    tries = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    hold, passed, waits = None, [], []
    for second in tries:
        hold, wait = tried(Rate(burst, timedelta(seconds=every)), hold, NOW + timedelta(seconds=second))
        passed.append(not wait)
        waits.append(wait.total_seconds())
    assert passed == bucket(burst, every, tries)
    assert all(0 <= wait <= every for wait in waits)


@given(st.integers(1, 6), st.integers(1, 9), st.integers(1, 30))
def test_after_the_wait_that_is_told_it_goes_on(burst, every, tries):
    rate, hold = Rate(burst, timedelta(seconds=every)), None
    for _ in range(tries):
        hold, wait = tried(rate, hold, NOW)
    if wait:
        assert tried(rate, hold, NOW + wait - timedelta(microseconds=1))[1]
        assert not tried(rate, hold, NOW + wait)[1]


def test_a_try_that_is_refused_moves_nothing():
    rate = Rate(1, timedelta(seconds=10))
    hold, _ = tried(rate, None, NOW)
    after, wait = tried(rate, hold, NOW)
    assert wait
    assert after == hold

"""Rates with exact bounds, beside the Poisson distribution itself."""

import pytest
from scipy import stats

from tulou.kernel.errors import BadUse
from tulou.measures.hazard.typhoon.frequency import poisson_rate


@pytest.mark.parametrize("count", [0, 1, 7, 133])
def test_bounds_leave_a_twentieth_on_either_side(count):
    rate, low, high = poisson_rate(count, 10.0)
    assert rate == count / 10
    assert low <= rate < high
    assert stats.poisson.cdf(count, high * 10) == pytest.approx(0.05)
    if count:
        assert stats.poisson.sf(count - 1, low * 10) == pytest.approx(0.05)


def test_more_confidence_is_wider():
    assert poisson_rate(7, 10, confidence=0.99)[1] < poisson_rate(7, 10)[1]
    assert poisson_rate(7, 10, confidence=0.99)[2] > poisson_rate(7, 10)[2]


def test_no_years_give_no_rate():
    with pytest.raises(BadUse, match="above 0"):
        poisson_rate(1, 0)

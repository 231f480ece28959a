"""Rates of breaks by their definition."""

import numpy as np
import pytest
from scipy import stats

from tulou.kernel.errors import BadUse
from tulou.measures.lifelines.failures import break_chance, break_rate, repair_rate


@pytest.mark.parametrize("breaks", [0, 1, 7, 200])
def test_bounds_leave_half_of_the_rest_on_each_side(breaks):
    found = break_rate(breaks, 40, 0.9)
    assert found.value == breaks / 40
    assert stats.poisson.cdf(breaks, found.high * 40) == pytest.approx(0.05)
    if breaks:
        assert stats.poisson.sf(breaks - 1, found.low * 40) == pytest.approx(0.05)


def test_chance_of_a_break():
    assert break_chance(0.2, 5, 1) == pytest.approx(1 - np.exp(-1))
    assert break_chance(1e-12, 1, 1) == pytest.approx(1e-12)
    assert break_chance(0.2, 5, 0) == 0


def test_repairs_grow_with_velocity_and_stay_unknown():
    found = repair_rate(np.array([0.0, 10, 20, np.nan]), 0.3)
    assert found[0] == 0
    assert found[2] / found[1] == pytest.approx(2**2.25)
    assert np.isnan(found[3])


def test_what_cannot_be():
    for breaks, exposure, confidence in ((-1, 1, 0.9), (1, 0, 0.9), (1, 1, 1.0)):
        with pytest.raises(BadUse):
            break_rate(breaks, exposure, confidence)
    with pytest.raises(BadUse):
        repair_rate(np.array([-1.0]), 1)

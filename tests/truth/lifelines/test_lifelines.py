"""Published figures of lifelines, reproduced; sources in SOURCE.md."""

import numpy as np
import pytest

from tulou.measures.lifelines.coupling import inoperability
from tulou.measures.lifelines.failures import break_rate, repair_rate


def test_inoperability_of_two_systems():
    found = inoperability(np.array([[0, 0.5], [0.3, 0]]), np.array([0.1, 0]))
    assert found == pytest.approx([0.11765, 0.03529], abs=5e-6)


def test_repairs_after_an_earthquake():
    assert repair_rate(np.array([20.0, 50.0]), 1.0) == pytest.approx([0.0846, 0.665], rel=1e-3)


def test_bounds_of_a_count():
    ten = break_rate(10, 1.0, 0.95)
    assert (ten.value, ten.low, ten.high) == pytest.approx((10, 4.795, 18.390), abs=5e-4)
    none = break_rate(0, 1.0, 0.95)
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(3.689, abs=5e-4)

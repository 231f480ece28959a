"""What soil of Horton takes from two rains, beside SWMM (``SOURCE.md``)."""

import numpy as np
import pytest

from tulou.measures.water.flood.losses import HortonSoil

MM_HOUR = 1e-3 / 3600
STEP, TEN_MINUTES = 10, 600


@pytest.mark.parametrize(
    ("rates", "swmm"),
    [([200] * 12, 39.99), ([30, 30, 30, 80, 80, 20, 60, 60, 60, 60, 10, 10], 37.67)],
)
def test_infiltration_is_that_of_swmm(rates, swmm):
    soil = HortonSoil(76 * MM_HOUR, 12 * MM_HOUR, 4 / 3600, np.ones((1, 1), bool))
    depth, soaked = np.zeros((1, 1)), 0.0
    for second in range(0, len(rates) * TEN_MINUTES, STEP):
        depth += rates[second // TEN_MINUTES] * MM_HOUR * STEP
        soaked += soil.take(depth, STEP, slice(None))
    assert soaked * 1000 == pytest.approx(swmm, abs=0.006)

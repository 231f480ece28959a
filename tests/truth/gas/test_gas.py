"""The two numbers of the box model; source in SOURCE.md."""

import pytest

from tulou.measures.hazard.gas import concentration, time_until

SPACE = (0.2 / 3600, 2.0, 1 / 3600)


def test_times_until_one_and_five_percent():
    assert time_until(0.01, *SPACE) / 60 == pytest.approx(6.3, abs=0.05)
    assert time_until(0.05, *SPACE) / 60 == pytest.approx(41.6, abs=0.05)
    assert concentration(41.6 * 60, *SPACE) == pytest.approx(0.05, abs=1e-4)

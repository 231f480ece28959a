"""The Ishigami function, whose Sobol indices are known in closed form; see SOURCE.md."""

import numpy as np
import pytest

from tulou.diagnosis.composite.sobol import sobol_shares
from tulou.kernel.errors import BadUse

A, B = 7.0, 0.1
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


def ishigami(points):
    x1, x2, x3 = ((2 * points - 1) * np.pi).T
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)


def test_the_published_figures_are_those_of_the_closed_form():
    variance = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    first = (0.5 * (1 + B * np.pi**4 / 5) ** 2 / variance, A**2 / 8 / variance, 0.0)
    third = B**2 * np.pi**8 * (1 / 18 - 1 / 50) / variance
    assert first == pytest.approx(FIRST, abs=5e-5)
    assert (first[0] + third, first[1], third) == pytest.approx(TOTAL, abs=5e-5)


@pytest.mark.parametrize("estimator", ["saltelli", "jansen"])
@pytest.mark.parametrize("seed", [0, 7])
def test_both_estimators(estimator, seed):
    found = sobol_shares(ishigami, 3, draws=8192, seed=seed, estimator=estimator)
    np.testing.assert_allclose(found.first, FIRST, atol=0.004)
    np.testing.assert_allclose(found.total, TOTAL, atol=0.004)
    assert found.runs == 8192 * 5
    assert found.variance == pytest.approx(13.8446, abs=0.05)


def test_the_error_shrinks_with_the_sample():
    errors = [np.abs(sobol_shares(ishigami, 3, draws=size, seed=3).total - TOTAL).max() for size in (64, 1024, 16384)]
    assert errors[0] > errors[1] > errors[2]


def test_inputs_that_do_nothing_have_no_share():
    found = sobol_shares(lambda points: points[:, 0], 3, draws=256, seed=1)
    np.testing.assert_allclose(found.first, (1, 0, 0), atol=0.01)
    np.testing.assert_allclose(found.total, (1, 0, 0), atol=0.01)


def test_a_result_that_does_not_vary_has_no_shares():
    found = sobol_shares(lambda points: np.full(len(points), 3.0), 2, draws=16, seed=1)
    assert np.isnan(found.first).all()
    assert np.isnan(found.total).all()


def test_a_sample_is_a_power_of_two():
    with pytest.raises(BadUse, match="power of two"):
        sobol_shares(ishigami, 3, draws=1000, seed=0)

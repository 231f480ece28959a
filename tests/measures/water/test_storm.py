"""Storms: sampling against plain loops, fits against numerical integration, formulas that come back, design storms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.water.storm.distributions import FAMILIES, Fitted, fitted, goodness, l_moments
from tulou.measures.water.storm.formula import StormFormula, fitted_formula, formula_error
from tulou.measures.water.storm.hyetograph import chicago, peak_share, pilgrim_cordery
from tulou.measures.water.storm.samples import annual_maxima, largest_of_years, largest_storms

DURATIONS = np.array([5.0, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180])
PERIODS = np.array([2.0, 3, 5, 10, 20, 30, 50, 100])
T, P = (grid.ravel() for grid in np.meshgrid(DURATIONS, PERIODS))

rain = st.lists(st.one_of(st.just(float("nan")), st.integers(0, 40).map(float)), min_size=6, max_size=60)


@given(rain, st.integers(1, 6), st.integers(1, 4))
def test_maxima_equal_a_plain_loop(values, wide, years):
    depth = np.array(values)
    year = np.sort(np.arange(len(depth)) % years) + 2000
    if not np.isfinite(depth).any():
        with pytest.raises(NotEnoughData):
            annual_maxima(depth, year, [wide])
        return
    found = annual_maxima(depth, year, [wide])
    for row, one in enumerate(found.years):
        ends = [end for end in range(wide - 1, len(depth)) if year[end] == one]
        plain = [np.nansum(depth[end - wide + 1 : end + 1]) for end in ends]
        is_known = np.isfinite(depth[year == one]).any()
        if plain and is_known:
            assert found.depths[row, 0] == pytest.approx(max(plain), abs=1e-9)
        else:
            assert np.isnan(found.depths[row, 0])


def test_a_dry_gap_is_not_a_dry_year():
    depth = np.array([1.0, 2, 3, np.nan, np.nan, np.nan])
    found = annual_maxima(depth, np.array([2000] * 3 + [2001] * 3), [2])
    assert found.depths[:, 0].tolist()[0] == 5.0
    assert np.isnan(found.depths[1, 0])
    assert found.known.tolist() == [1.0, 0.0]


def test_depths_that_fall_with_duration_are_noticed():
    found = annual_maxima(np.array([1.0, 0, 4, 2]), np.zeros(4, np.int64), [1, 2])
    assert found.is_consistent()
    found.depths[0, 1] = 3.0
    assert not found.is_consistent()
    found.depths[0, 1] = 9.0
    assert not found.is_consistent()


def test_a_storm_counts_once_and_a_wet_year_may_give_more():
    depth = np.array([0.0, 9, 8, 0, 0, 7, 0, 0, 0, 1, 0, 0])
    year = np.array([2000] * 8 + [2001] * 4)
    assert largest_of_years(depth, year, 2, each=3, most=1).tolist() == [17.0, 7.0]
    assert largest_of_years(depth, year, 2, each=3, most=2).tolist() == [17.0, 7.0, 1.0]
    assert largest_of_years(depth, year, 1, each=2, most=1, apart=1).tolist() == [9.0, 7.0]


@pytest.mark.parametrize(
    ("depth", "year", "widths"),
    [
        ([1.0, 2.0], [2000], [1]),
        ([1.0, -2.0], [2000, 2000], [1]),
        ([1.0, float("inf")], [2000, 2000], [1]),
        ([1.0, 2.0], [2001, 2000], [1]),
        ([1.0, 2.0], [2000, 2000], [3]),
        ([1.0, 2.0], [2000, 2000], [0]),
    ],
)
def test_a_record_that_is_none_is_refused(depth, year, widths):
    with pytest.raises(BadUse):
        annual_maxima(np.array(depth), np.array(year), widths)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", [-0.12, 0.0, 0.18])
def test_quantile_and_probability_undo_each_other(family, shape):
    found = Fitted(family, "l_moments", 40.0, 9.0, shape * (6 if family == "pearson3" else 1))
    probability = np.array([0.02, 0.3, 0.5, 0.9, 0.99, 0.999])
    assert found.probability(found.quantile(probability)) == pytest.approx(probability, rel=1e-9)


@pytest.mark.parametrize(
    ("family", "other"),
    [
        (Fitted("gumbel", "moments", 30, 7), stats.gumbel_r(30, 7)),
        (Fitted("exponential", "moments", 30, 7), stats.expon(30, 7)),
        (Fitted("pearson3", "moments", 30, 7, 1.3), stats.pearson3(1.3, 30, 7)),
        (Fitted("pearson3", "moments", 30, 7, -0.8), stats.pearson3(-0.8, 30, 7)),
        (Fitted("gev", "l_moments", 30, 7, 0.15), stats.genextreme(0.15, 30, 7)),
        (Fitted("gev", "l_moments", 30, 7, -0.15), stats.genextreme(-0.15, 30, 7)),
    ],
)
def test_distributions_are_those_of_scipy(family, other):
    probability = np.linspace(0.01, 0.999, 50)
    assert family.quantile(probability) == pytest.approx(other.ppf(probability), rel=1e-9)
    values = np.linspace(5, 90, 40)
    assert family.probability(values) == pytest.approx(other.cdf(values), abs=1e-12)


@pytest.mark.parametrize("skewness", [-0.4, -0.05, 0.1, 0.3, 0.35, 0.5])
@pytest.mark.parametrize("family", ["pearson3", "gev"])
def test_a_fit_by_l_moments_has_the_l_moments_of_its_sample(family, skewness):
    """The L-moments of the fitted distribution, integrated from its quantiles, are those it was given."""
    rng = np.random.default_rng(5)
    sample = np.sort(rng.gumbel(50, 12, 400))
    sample = sample if skewness > 0 else -sample
    sample = sample + abs(skewness) * (sample - sample.mean()) ** 2 / 40 * np.sign(skewness)
    found = fitted(sample, family)
    legendre = (lambda u: 1.0, lambda u: 2 * u - 1, lambda u: 6 * u * u - 6 * u + 1)
    one, two, three = (
        integrate.quad(lambda u, weight=weight: float(found.quantile(u)) * weight(u), 0, 1, limit=400)[0]
        for weight in legendre
    )
    mean, spread, given_skewness = l_moments(sample)
    assert one == pytest.approx(mean, rel=1e-5)
    assert two == pytest.approx(spread, rel=1e-4)
    assert three / two == pytest.approx(given_skewness, abs=1e-4)


def test_l_moments_equal_their_definition():
    sample = np.array([3.0, 8, 1, 5, 13, 2])
    pairs = [abs(a - b) / 2 for place, a in enumerate(sample) for b in sample[place + 1 :]]
    mean, spread, _ = l_moments(sample)
    assert mean == pytest.approx(sample.mean())
    assert spread == pytest.approx(np.mean(pairs))


def test_the_right_distribution_fits_better_than_a_wrong_one():
    sample = stats.gumbel_r(40, 9).ppf((np.arange(60) + 0.5) / 60)
    right, wrong = (goodness(sample, fitted(sample, family)) for family in ("gumbel", "exponential"))
    assert right.distance < 0.05 < wrong.distance
    assert right.chance > 0.99 > wrong.chance


@pytest.mark.parametrize(("family", "method"), [("weibull", "moments"), ("gev", "moments"), ("gumbel", "guess")])
def test_what_is_not_fitted_is_said(family, method):
    with pytest.raises(BadUse, match="distribution"):
        fitted(np.arange(9.0), family, method)


@pytest.mark.parametrize("sample", [[1.0, 2.0], [4.0] * 9, [float("nan")] * 9])
def test_too_little_is_not_fitted(sample):
    with pytest.raises(NotEnoughData):
        fitted(np.array(sample), "gumbel")


@pytest.mark.parametrize("relative", [False, True])
@settings(max_examples=25)
@given(st.floats(3, 40), st.floats(0.05, 4.5), st.floats(1, 40), st.floats(0.4, 1.1))
def test_a_formula_comes_back_from_its_own_table(relative, a1, c, b, n):
    formula = StormFormula(a1, c, b, n)
    table = formula.intensity(T, P)
    found = fitted_formula(T, P, table, relative=relative)
    assert found.intensity(T, P) == pytest.approx(table, rel=1e-6)


def test_noise_moves_coefficients_and_hardly_intensities():
    formula = StormFormula(17.969, 1.24, 18.415, 0.785)
    table = formula.intensity(T, P)
    noisy = table * (1 + 0.02 * np.random.default_rng(1).standard_normal(len(table)))
    found = fitted_formula(T, P, noisy)
    error = formula_error(found, T, P, noisy)
    assert error.absolute < 0.05
    assert error.relative < 5
    assert formula_error(found, T, P, table).relative < 2


def test_the_error_counts_the_return_periods_it_is_judged_by():
    formula = StormFormula(10, 1, 10, 0.7)
    table = formula.intensity(T, P)
    table[P > 20] *= 3
    assert formula_error(formula, T, P, table) == formula_error(formula, T[P <= 20], P[P <= 20], table[P <= 20])
    assert formula_error(formula, T, P, table).absolute == 0.0
    with pytest.raises(NotEnoughData):
        formula_error(formula, T, P, table, least=200, most=500)


@pytest.mark.parametrize(
    ("duration", "period", "intensity", "error"),
    [
        ([5.0, 10], [2.0, 3], [1.0], BadUse),
        ([5.0] * 4, [2.0, 3, 5, 10], [1.0] * 4, NotEnoughData),
        ([5.0, 10, 5, 10], [2.0, 2, 2, 2], [1.0] * 4, NotEnoughData),
        ([5.0, 10, 5, 10], [2.0, 2, 3, 3], [1.0, 2, 3, float("nan")], NotEnoughData),
        ([5.0, 10, 5, 10], [2.0, 2, 3, 3], [1.0, 2, 3, 0.0], BadUse),
    ],
)
def test_tables_that_hold_no_formula_are_refused(duration, period, intensity, error):
    with pytest.raises(error):
        fitted_formula(np.array(duration), np.array(period), np.array(intensity))


@given(st.floats(0.05, 0.95), st.sampled_from([1.0, 5.0, 10.0]), st.floats(2, 100))
def test_every_stretch_around_the_peak_is_as_heavy_as_the_formula_says(peak, step, period):
    formula = StormFormula(12, 0.9, 9, 0.72)
    blocks = chicago(formula, period=period, duration=120, step=step, peak=peak)
    assert blocks.sum() == pytest.approx(float(formula.depth(120, period)), rel=1e-12)
    assert (blocks > 0).all()
    for count in (1, 3, 6):
        largest = max(blocks[at : at + count].sum() for at in range(len(blocks) - count + 1))
        assert largest <= float(formula.depth(count * step, period)) * (1 + 1e-12)


@pytest.mark.parametrize(("step", "peak"), [(7.0, 0.4), (0.0, 0.4), (-5.0, 0.4), (5.0, 0.0), (5.0, 1.0)])
def test_storms_that_cannot_be_are_refused(step, peak):
    with pytest.raises(BadUse):
        chicago(StormFormula(12, 0.9, 9, 0.72), period=5, duration=120, step=step, peak=peak)


def test_a_storm_in_the_order_of_those_observed():
    storms = np.array([[1.0, 6, 3, 0], [2, 10, 8, 0]])
    assert pilgrim_cordery(storms, depth=60) == pytest.approx([6, 33, 21, 0])
    assert peak_share(storms).tolist() == [0.375, 0.375]


def test_equal_steps_share_their_rank():
    storms = np.array([[5.0, 5, 0], [0, 6, 4]])
    # Mean ranks 2.25, 1.25 and 2.5; shares of the ranks 0.55, 0.45 and 0.
    assert pilgrim_cordery(storms, depth=10) == pytest.approx([4.5, 5.5, 0])


@pytest.mark.parametrize("storms", [np.empty((0, 4)), np.zeros((2, 4)), np.array([[1.0, np.nan]])])
def test_storms_without_rain_are_refused(storms):
    with pytest.raises(BadUse):
        pilgrim_cordery(storms, depth=10)


@given(st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.5, np.nan]), min_size=6, max_size=40), st.integers(1, 5))
def test_the_largest_storms_are_those_a_plain_search_finds(depth, wide):
    """Depths in order of size, no step twice, nothing unknown; each as large as what the earlier ones leave."""
    record = np.array([*depth, 1.0])
    at = largest_storms(record, wide, 4)
    windows = {n: record[n : n + wide].sum() for n in range(len(record) - wide + 1)}
    left = {n: depth for n, depth in windows.items() if not np.isnan(depth) and depth > 0}
    for begin in at.tolist():
        assert left[begin] == pytest.approx(max(left.values()))
        left = {n: depth for n, depth in left.items() if abs(n - begin) >= wide}
    assert len(at) == 4 or not left

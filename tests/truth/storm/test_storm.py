"""Published figures of storm statistics, reproduced; sources in SOURCE.md."""

import csv

import numpy as np
import pyarrow.parquet as pq
import pytest

from shared_data import shared
from tulou.measures.water.storm.distributions import Fitted
from tulou.measures.water.storm.formula import StormFormula, fitted_formula, formula_error
from tulou.measures.water.storm.hyetograph import chicago
from tulou.measures.water.storm.samples import annual_maxima, annual_return_period, event_return_period

SUZHOU = StormFormula(17.969, 1.24, 18.415, 0.785)
GUMBEL_FACTORS = {2: -0.1643, 5: 0.7194, 10: 1.3046, 50: 2.5923, 100: 3.1367}


def test_annual_maxima_of_goerlitz_are_those_published():
    folder = shared("rain_goerlitz_5min")
    record = pq.read_table(folder / "goerlitz_5min_1991_2020.parquet")
    year = record["time_utc"].to_numpy().astype("datetime64[Y]").astype(np.int64) + 1970
    depth = record["um_5min"].to_numpy(zero_copy_only=False).astype(float) / 1000
    head, *rows = csv.reader((folder / "goerlitz_annual_max_mm.csv").read_text("utf-8").splitlines())
    minutes = [int(text) for text in head[1:]]
    found = annual_maxima(depth, year, [one // 5 for one in minutes])
    assert found.years.tolist() == [int(row[0]) for row in rows]
    published = np.array([[float(text) for text in row[1:]] for row in rows])
    assert published.shape == (30, 12)
    assert np.abs(found.depths - published).max() < 5e-10
    assert found.is_consistent()
    assert found.known[:2] == pytest.approx([0.43, 0.43], abs=0.01)  # 57 percent of the first two years are missing.
    assert found.known[2:].min() > 0.98


def test_a_formula_meets_the_table_of_graz():
    lines = (shared("rain_graz_idf_reference") / "idf_table_UNIX.csv").read_text("utf-8").splitlines()
    periods = np.array([float(text) for text in lines[0].split(",")[1:]])
    table = np.array([[float(text) for text in line.split(",")] for line in lines[3:]])
    durations, depths = table[:, 0], table[:, 1:]
    short = durations <= 180
    t = np.repeat(durations[short], len(periods))
    p = np.tile(periods, int(short.sum()))
    i = (depths[short] / durations[short, None]).ravel()
    error = formula_error(fitted_formula(t, p, i), t, p, i)
    assert error.absolute <= 0.05
    # Another way to the same: all four coefficients at once, from one start.
    from scipy.optimize import least_squares

    def off(at):
        return StormFormula(*at).intensity(t, p) - i

    other = least_squares(
        off, [10.0, 1.0, 10.0, 0.7], bounds=([0, 0, 0, 0.2], [np.inf, 5, 60, 1.5]), xtol=1e-15, ftol=1e-15
    )
    assert fitted_formula(t, p, i).intensity(t, p) == pytest.approx(StormFormula(*other.x).intensity(t, p), rel=1e-5)


def test_suzhou_by_its_published_parameters():
    assert float(SUZHOU.intensity(60, 5)) == pytest.approx(1.0927, abs=5e-5)
    assert float(SUZHOU.runoff(60, 5)) == pytest.approx(182.12, abs=5e-3)
    assert float(SUZHOU.depth(60, 5)) == pytest.approx(65.562, abs=5e-4)
    assert float(SUZHOU.depth(180, 5)) == pytest.approx(94.9031, abs=5e-5)
    assert SUZHOU.peak(5) == pytest.approx(3.40756, abs=5e-6)


def test_the_design_storm_of_suzhou_holds_its_depth_and_its_peak():
    blocks = chicago(SUZHOU, period=5, duration=180, step=5, peak=0.43)
    assert blocks.sum() == pytest.approx(94.9031, abs=5e-5)
    assert blocks.sum() == pytest.approx(float(SUZHOU.depth(180, 5)), abs=1e-8)
    assert blocks.max() == pytest.approx(14.0904, abs=5e-5)
    assert np.argmax(blocks) * 5 == 75
    assert blocks.max() <= float(SUZHOU.depth(5, 5)) == pytest.approx(14.1098, abs=5e-5)


def test_return_periods_of_langbein():
    assert event_return_period(np.array([2.0, 5, 10, 100])) == pytest.approx(
        [1.4427, 4.4814, 9.4912, 99.4992], abs=5e-5
    )
    assert annual_return_period(np.array([1.4427, 9.4912])) == pytest.approx([2, 10], abs=2e-4)


def test_frequency_factors():
    for period, factor in GUMBEL_FACTORS.items():
        standard = Fitted("gumbel", "moments", -np.euler_gamma * np.sqrt(6) / np.pi, np.sqrt(6) / np.pi)
        assert float(standard.of_return_period(period)) == pytest.approx(factor, abs=5e-5)
    pearson = Fitted("pearson3", "moments", 0.0, 1.0, 1.0)
    assert pearson.of_return_period([100, 10, 2]) == pytest.approx([3.023, 1.340, -0.164], abs=5e-4)

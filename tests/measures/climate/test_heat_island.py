"""Heat islands by hand."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.climate.heat_island import air_intensity, at_level, daily_course, surface_temperature

NAN = float("nan")


def test_stations_on_a_hill_are_brought_down():
    found = at_level(np.array([[20.0, 13.5]]), np.array([0.0, 1000.0]), 0.0, lapse=0.0065)
    assert found[0].tolist() == pytest.approx([20, 20])
    assert at_level(np.array([[20.0]]), np.array([100.0]), 300.0, lapse=0.0065)[0, 0] == pytest.approx(18.7)


def test_an_hour_counts_when_all_rural_stations_are_known():
    urban = np.array([[22.0, 21.0], [23.0, NAN], [24.0, 24.0]])
    rural = np.array([[20.0, 18.0], [20.0, 20.0], [NAN, 19.0]])
    np.testing.assert_array_equal(air_intensity(urban, rural), [[3, 2], [3, NAN], [NAN, NAN]])
    with pytest.raises(BadUse, match="rural stations"):
        air_intensity(urban, rural[:, :0])
    with pytest.raises(BadUse, match="rural stations"):
        air_intensity(urban, rural[:2])


def test_the_course_of_a_day():
    found = daily_course(np.array([1.0, 3.0, NAN, 5.0]), np.array([0, 0, 1, 23]))
    assert (found[0], found[23]) == (2, 5)
    assert np.isnan(found[1:23]).all()


def test_numbers_of_landsat():
    found = surface_temperature(np.array([0, 44177.0, NAN]), scale=0.00341802, offset=149.0)
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == pytest.approx(26.85, abs=0.005)  # 300.00 K

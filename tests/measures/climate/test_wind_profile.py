"""Wind with height by hand."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.climate.wind_profile import log_law, pedestrian_wind

NAN = float("nan")


def test_the_log_law_by_hand():
    found = log_law(10.0, np.array([0.03, 1.0]), np.array([0.0, 5.0]), reference=200)
    assert found.tolist() == pytest.approx([np.log(10 / 0.03) / np.log(200 / 0.03), np.log(5.0) / np.log(195.0)])
    assert log_law(200.0, np.array([0.5]), np.array([3.0]), reference=200)[0] == pytest.approx(1)


def test_down_at_the_roughness_the_wind_ends():
    assert log_law(5.0, np.array([1.0]), np.array([4.5]), reference=200)[0] == 0
    assert log_law(5.0, np.array([1.0]), np.array([4.0]), reference=200)[0] == 0
    assert np.isnan(log_law(5.0, np.array([1.0]), np.array([250.0]), reference=200)[0])
    assert np.isnan(log_law(5.0, np.array([NAN]), np.array([0.0]), reference=200)[0])


def test_people_between_buildings_feel_less_than_people_in_the_open():
    found = pedestrian_wind(
        np.array([0.03, 1.0, 1.0, 1.0]),
        np.array([0.0, 5.0, 5.0, NAN]),
        np.array([NAN, 15.0, 15.0, NAN]),
        np.array([0.0, 0.2, 0.4, NAN]),
        height=1.5,
        reference=200,
    )
    assert found[0] == pytest.approx(np.log(50) / np.log(200 / 0.03))
    roof = np.log(10.0) / np.log(195.0)
    assert found[1] == pytest.approx(roof * np.exp(9.6 * 0.2 * (0.1 - 1)))
    assert found[2] < found[1] < found[0]
    assert np.isnan(found[3])


def test_a_shed_lower_than_people_shelters_nobody():
    one = {"height": 1.5, "reference": 200}
    low = pedestrian_wind(np.array([0.05]), np.array([0.1]), np.array([1.0]), np.array([0.1]), **one)
    assert low[0] == pytest.approx(np.log(1.4 / 0.05) / np.log(199.9 / 0.05))
    with pytest.raises(BadUse, match="below the reference"):
        pedestrian_wind(*(np.ones(1) for _ in range(4)), height=200, reference=200)

"""Published values of the air quality index under both standards; sources in SOURCE.md."""

import numpy as np
import pytest

from tulou.measures.environment.air import sub_index
from tulou.processes.air.rules import rules


def index(standard, pollutant, value):
    held = rules()
    return sub_index(np.array([float(value)]), held.named(standard).points[pollutant], held.indices)[0]


@pytest.mark.parametrize(("value", "expected"), [(45, 70), (60, 100), (61, 101), (75, 114), (115, 150)])
def test_fine_particles_by_the_standard_of_2026(value, expected):
    assert index("hj633_2026", "pm25", value) == expected


@pytest.mark.parametrize(("value", "expected"), [(60, 82), (75, 100)])
def test_fine_particles_by_the_standard_of_2012(value, expected):
    assert index("hj633_2012", "pm25", value) == expected


def test_other_pollutants_by_their_published_values():
    assert index("hj633_2026", "pm10", 120) == 100
    assert index("hj633_2026", "o3", 900) == 300
    for value, expected in ((50, 50), (150, 100), (475, 150), (800, 200), (1600, 300), (2100, 400), (2620, 500)):
        assert index("hj633_2026", "so2", value) == expected


def test_only_particles_changed_in_2026():
    old, new = rules().named("hj633_2012").points, rules().named("hj633_2026").points
    changed = {name for name in old if not np.array_equal(old[name], new[name])}
    assert changed == {"pm25", "pm10"}
    # Limits of the day by GB 3095: grade II has the index 100, PM2.5 75 then and 60 now, PM10 150 then.
    assert [old["pm25"][2], new["pm25"][2], old["pm10"][2]] == [75, 60, 150]

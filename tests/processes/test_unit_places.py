"""Units and the places they hold, beside a plain loop."""

import numpy as np
import pytest

from processes.made_city import box, city
from tulou.processes.unit_places import OUTSIDE, named_units, unit_places


def test_places_are_held_by_the_unit_around_them():
    state = city(
        block={"id": ["a", "b", "c"], "name": ["A", None, "C"], "geometry": [box(0, 0, 9, 9), box(10, 0, 19, 9), None]}
    )
    corner = np.array([560_000.0, 2_940_000.0])
    found = unit_places(state, "block", corner + np.array([[5, 5], [15, 5], [50, 50], [np.nan, 5]]))
    assert found.unit.tolist() == [0, 1, -1, -1]
    assert [found.says(at) for at in range(3)] == ["A", "b", OUTSIDE]


def test_a_city_without_units_holds_nothing():
    found = unit_places(city(), "block", np.zeros((2, 2)))
    assert found.unit.tolist() == [-1, -1]
    assert found.sums(np.array([1.0, 2.0])).tolist() == [3.0]


@pytest.mark.parametrize("shape", [(50,), (50, 3), (50, 2, 2)])
def test_sums_beside_a_plain_loop(shape):
    random = np.random.default_rng(2)
    units = named_units(tuple(random.choice(["", "x", "y"], 50).tolist()))
    values = random.random(shape)
    values[3] = np.nan
    plain = np.zeros((3, *shape[1:]))
    for unit, value in zip(units.unit, values, strict=True):
        plain[unit] += np.nan_to_num(value)
    assert units.sums(values) == pytest.approx(plain)
    assert units.ids == ("x", "y")

"""Roughness where nothing stands, where something is unknown, and within what bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.climate.roughness import KANDA_A1, kanda, macdonald


def one(value):
    return np.array([value])


def test_nothing_stands_and_nothing_is_rough():
    for found in (
        macdonald(one(0.0), one(0.0), one(np.nan)),
        kanda(one(0.0), one(0.0), one(np.nan), one(np.nan), one(np.nan)),
        kanda(one(0.2), one(0.0), one(0.0), one(0.0), one(0.0)),
    ):
        assert found.length[0] == 0
        assert found.displacement[0] == 0


def test_what_is_unknown_stays_unknown():
    found = kanda(one(0.3), one(np.nan), one(np.nan), one(np.nan), one(np.nan))
    assert np.isnan(found.length[0])
    assert np.isnan(found.displacement[0])


def test_ground_built_on_without_walls_to_the_wind_is_smooth():
    assert macdonald(one(0.3), one(0.0), one(10.0)).length[0] == 0


def test_one_height_makes_kanda_a_share_of_macdonald():
    plain = macdonald(one(0.25), one(0.2), one(18.0))
    varied = kanda(one(0.25), one(0.2), one(18.0), one(0.0), one(18.0))
    assert varied.length[0] == pytest.approx(KANDA_A1 * plain.length[0])
    assert varied.displacement[0] == pytest.approx(1.29 * 0.25**0.36 * 18.0)


def test_a_mean_above_the_bound_of_kanda_is_taken_by_its_own_rule():
    found = kanda(one(0.3), one(0.2), one(20.0), one(15.0), one(30.0))
    assert found.displacement[0] == pytest.approx(1.29 * 0.3**0.36 * 20.0)


@given(st.floats(0.001, 1), st.floats(0, 2), st.floats(1, 200))
def test_macdonald_lies_within_the_houses(plan, frontal, height):
    found = macdonald(one(plan), one(frontal), one(height))
    assert 0 <= found.displacement[0] <= height
    assert 0 <= found.length[0] <= height - found.displacement[0]


@pytest.mark.parametrize(
    ("plan", "frontal", "height"), [(1.2, 0.1, 10.0), (-0.1, 0.1, 10.0), (0.1, -0.1, 10.0), (0.1, 0.1, -1.0)]
)
def test_impossible_forms_are_refused(plan, frontal, height):
    with pytest.raises(BadUse, match="share from 0 to 1"):
        macdonald(one(plan), one(frontal), one(height))

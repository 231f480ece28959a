"""Wind roses by hand, beside a plain count, and of records that mislead."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.climate.wind_rose import rounding_of, stuck, wind_rose

NAN = float("nan")


def test_a_rose_by_hand():
    direction = np.array([0, 0, 90, 90, 90, 180, NAN, NAN, 300.0])
    speed = np.array([2, 4, 1, 2, 3, 5, 0.1, 3, NAN])
    rose = wind_rose(direction, speed, calm=0.3)
    assert rose.share[[0, 4, 8]].tolist() == [2 / 6, 3 / 6, 1 / 6]
    assert rose.speed[[0, 4, 8]].tolist() == [3.0, 2.0, 5.0]
    assert np.isnan(rose.speed[1])
    # Known are six hours with wind and the calm one, which needs no direction.
    assert (rose.counted, rose.known, rose.calm) == (6, 7, 1 / 7)
    light = wind_rose(direction, speed, calm=0.3, least=0.3, most=3.3)
    assert light.share[[0, 4, 8]].tolist() == [1 / 4, 3 / 4, 0]
    assert light.dominant(0.75) == [4]
    assert light.dominant(0.76) == [4, 0]
    assert light.dominant(1.0) == [4, 0]


@given(st.integers(0, 2**32 - 1))
def test_exact_directions_are_counted_as_by_a_plain_count(seed):
    direction = np.random.default_rng(seed).uniform(0, 360, 200)
    rose = wind_rose(direction, np.full(200, 2.0), calm=0.3)
    plain = [
        sum(min(abs(one - 22.5 * k), 360 - abs(one - 22.5 * k)) < 11.25 for one in direction) / 200 for k in range(16)
    ]
    assert rose.share.tolist() == pytest.approx(plain)


def test_tens_of_degrees_do_not_favour_the_four_winds():
    tens = np.arange(0, 360, 10.0)
    even = wind_rose(tens, np.full(36, 2.0), calm=0.3, rounding=rounding_of(tens))
    assert even.share.tolist() == pytest.approx([1 / 16] * 16)
    biased = wind_rose(tens, np.full(36, 2.0), calm=0.3)
    assert biased.share[0] == 3 / 36
    assert biased.share[1] == 2 / 36
    # 340 spans 335 to 345, the sector NNW (326.25 to 348.75) whole; 350 spans 345 to 355: 3.75 in NNW, 6.25 in N.
    one = wind_rose(np.array([340, 350.0]), np.full(2, 2.0), calm=0.3, rounding=10.0)
    assert one.share[[15, 0]].tolist() == pytest.approx([13.75 / 20, 6.25 / 20])


def test_to_what_directions_are_rounded():
    assert rounding_of(np.array([0, 22.5, 337.5])) == 22.5
    assert rounding_of(np.array([10, 350.0, NAN])) == 10
    assert rounding_of(np.array([10, 355.0])) == 5
    assert rounding_of(np.array([11.3, 350.0])) == 0
    assert rounding_of(np.array([NAN])) == 0


def test_a_vane_that_is_stuck():
    values = np.array([10, 10, 10, 20, 20, NAN, 20, 30, 30, 30, 30])
    wind = np.ones(len(values), bool)
    assert stuck(values, 3, within=wind).tolist() == [True] * 3 + [False] * 4 + [True] * 4
    wind[8] = False  # A calm hour ends the run.
    assert stuck(values, 3, within=wind).tolist() == [True] * 3 + [False] * 8
    assert stuck(values[:1], 1, within=wind[:1]).tolist() == [True]
    assert len(stuck(values[:0], 3, within=wind[:0])) == 0


def test_no_wind_is_no_rose():
    with pytest.raises(NotEnoughData, match="no hour of wind"):
        wind_rose(np.array([10.0]), np.array([0.1]), calm=0.3)
    with pytest.raises(NotEnoughData):
        wind_rose(np.array([NAN]), np.array([2.0]), calm=0.3)
    with pytest.raises(BadUse, match="a direction and a speed"):
        wind_rose(np.zeros(2), np.zeros(3), calm=0.3)

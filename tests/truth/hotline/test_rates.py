"""V2 and V3 of the methods: the score of a district, and how Beijing's requests of 2020 add up."""

from datetime import date

import pytest

from tulou.operations.hotline.adapters.reading import read_rules
from tulou.operations.hotline.domain.rates import Tally, held_on, shares, standings

RULE = held_on(read_rules(["china"]).rates, date(2021, 6, 1))
MANY = Tally(valid=200, contacted=198, solved=170, satisfied=150, basically=30)
FEW = Tally(valid=10, contacted=10, solved=10, satisfied=9, basically=1)


def test_the_score_of_the_district():
    found = {one.body: one for one in standings({"many": MANY, "few": FEW}, RULE)}
    many, few = found["many"], found["few"]
    assert (many.response.value, many.resolution.value, many.satisfaction.value) == pytest.approx((0.99, 0.85, 0.885))
    assert many.score == 87.8
    assert few.score == 99.6


def test_ten_lucky_orders_do_not_beat_two_hundred():
    found = {one.body: one for one in standings({"many": MANY, "few": FEW}, RULE)}
    few, many = found["few"].resolution, found["many"].resolution
    assert (round(few.low, 3), round(few.high, 3)) == (0.722, 1.000)
    assert (round(many.low, 3), round(many.high, 3)) == (0.794, 0.893)
    assert found["few"].tier == found["many"].tier == 1


def test_the_volume_of_beijing_2020():
    by_channel = {"phone": 1001.38, "online": 102.56}
    assert sum(by_channel.values()) == pytest.approx(1103.94)
    found = shares(by_channel)
    assert (round(100 * found["phone"], 2), round(100 * found["online"], 2)) == (90.71, 9.29)

"""The three rates: denominators, intervals, tiers; what cannot be is refused."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tulou.kernel.errors import BadInput
from tulou.operations.hotline.adapters.reading import read_rules
from tulou.operations.hotline.domain.rates import (
    Tally,
    drawn_together,
    held_on,
    rate,
    rounded,
    score_of,
    shares,
    standings,
    together,
)

RULE = held_on(read_rules(["china"]).rates, date(2026, 11, 1))


def tally(valid, contacted=None, solved=None, satisfied=0, basically=0, **more):
    held = valid if contacted is None else contacted
    return Tally(valid=valid, contacted=held, solved=valid if solved is None else solved, satisfied=satisfied,
                 basically=basically, **more)  # fmt: skip


def test_without_call_backs_nothing_is_known_and_nothing_is_zero():
    (one,) = standings({"a": tally(0, received=7)}, RULE)
    assert np.isnan([one.score, one.response.value, one.resolution.low, one.drawn]).all()
    assert (one.tier, one.response.of) == (0, 0)


def test_a_full_score_of_few_shares_the_tier_of_many():
    found = standings({"many": tally(200, 198, 170, 150, 30), "few": tally(10, satisfied=9, basically=1)}, RULE)
    assert {one.body: one.tier for one in found} == {"few": 1, "many": 1}
    far = standings({"good": tally(400, satisfied=400), "bad": tally(400, 200, 100, 50)}, RULE)
    assert [(one.body, one.tier) for one in far] == [("good", 1), ("bad", 2)]


def test_overlap_is_carried_on():
    """a meets b and b meets c, so that c shares the tier of a, though these two do not meet."""
    found = standings({"a": tally(300, satisfied=300), "b": tally(3, satisfied=3), "c": tally(300, 200, 150, 90)}, RULE)
    ends = {one.body: one.bounds for one in found}
    assert ends["c"][1] < ends["a"][0]
    assert {one.tier for one in found} == {1}


def test_drawn_scores_lie_between_their_own_and_the_pooled():
    many, few = tally(2000, 1990, 1500, 1000, 300), tally(4, satisfied=4)
    pooled = together({"m": many, "f": few, "b": tally(500, 300, 100, 50)}, RULE).pooled
    m, f, b = drawn_together([many, few, tally(500, 300, 100, 50)], RULE)
    assert pooled.score < f < 100
    assert 100 - f > abs(m - score_of(many, RULE)), "the fewer call-backs, the more it is drawn"
    assert b < pooled.score
    assert drawn_together([tally(5, satisfied=5)] * 3, RULE) == [100.0] * 3, (
        "no difference beyond chance: the pooled one"
    )


def test_pooled_is_not_the_mean_of_rates():
    found = together({"big": tally(900, 900, 450, 450), "small": tally(100, satisfied=100)}, RULE)
    assert found.pooled.score == rounded(100 * (0.1 + 0.4 * 0.55 + 0.5 * 0.55), 1)
    assert found.mean == 77.5
    assert found.pooled.score == 59.5
    assert found.bodies == 2


def test_what_cannot_be_is_refused():
    for wrong in (
        {"valid": 5, "contacted": 6},
        {"valid": -1},
        {"valid": 5, "satisfied": 3, "basically": 3},
        {"late": 1},
    ):
        with pytest.raises(BadInput):
            Tally(**wrong)


def test_rounding_is_half_up_and_not_that_of_floats():
    assert rounded(87.75, 1) == 87.8
    assert rounded(100 * 0.8785, 1) == 87.9
    assert rounded(2.5, 0) == 3.0


def test_intervals_stay_within_0_and_1():
    one = rate(10, 10)
    assert one.high == 1.0
    assert rate(0, 10).low == 0.0
    assert rate(0, 10).high == pytest.approx(1 - one.low)


def test_the_rule_is_dated(tmp_path):
    later = replace(RULE, since=date(2025, 1, 1), response=0.0, satisfaction=0.5, resolution=0.5)
    assert held_on([RULE, later], date(2024, 12, 31)) is RULE
    assert held_on([RULE, later], date(2025, 1, 1)) is later
    assert score_of(tally(10, 0, 10, 10), later) == 100.0
    with pytest.raises(BadInput, match="no rule"):
        held_on([later], date(2024, 1, 1))


def test_shares():
    assert shares({"a": 1, "b": 3}) == {"a": 0.25, "b": 0.75}
    assert np.isnan(shares({"a": 0})["a"])

"""What stands behind each part: shares of objects add up to it, and name the right ones."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.difference.histories import EVENTS, THEN, history, known_city
from indicators.made import state_of
from indicators.small_rulebook import small
from tulou.diagnosis.difference.behind import Reasons
from tulou.diagnosis.difference.coalitions import Side, evaluated, movement
from tulou.diagnosis.difference.dependence import Figure
from tulou.diagnosis.difference.figures import differences


def figures(coalitions):
    for row in differences(coalitions).to_pylist():
        if row["kind"] == "divided" and row["change"]:
            yield Figure(row["level"], row["unit"], row["indicator"], row["variant"]), row


@given(st.integers(0, 10_000), st.frozensets(st.sampled_from(EVENTS)))
@settings(max_examples=5, deadline=None)
def test_shares_and_the_rest_are_the_part(seed, events):
    coalitions = evaluated(history(seed, events).movement())
    reasons = Reasons(coalitions)
    for figure, row in list(figures(coalitions))[:25]:
        for behind in reasons.behind(figure):
            if behind.cause == "definition":
                continue
            if math.isnan(behind.rest):
                assert all(one.share is None for one in behind.objects)
                continue
            told = sum(one.share for one in behind.objects if one.share is not None)
            assert told + behind.rest == pytest.approx(row[behind.cause], rel=1e-9, abs=1e-9)
            for one in behind.objects:
                assert reasons.touched[behind.cause].touch(one.entity, one.id) is not None


def test_a_claim_that_turns_a_verdict_is_told():
    """The same homes, now on a list that is claimed complete: the value stands, the verdict is new, and says why."""
    tables = known_city(4)
    tables["building"]["storeys"] = [9.0] * 60
    tables["building"]["use"] = ["residential"] * 60
    tables["building"]["lift"] = [True] * 60
    open_list, closed = state_of(tables), state_of(tables, complete=("building",))
    coalitions = evaluated(movement(Side(small(), open_list, THEN), Side(small(), closed, THEN), closed))
    assert coalitions.movement.causes == ("correction",)
    rows = differences(coalitions).to_pylist()
    row = next(one for one in rows if (one["indicator"], one["level"]) == ("no_lift", "city"))
    assert (row["status_after"], row["status_because"]) == ("pass", "correction")
    (behind,) = Reasons(coalitions).behind(Figure("city", "city", "no_lift"))
    assert behind.claims == ("building",)
    (other,) = Reasons(coalitions).behind(Figure("city", "city", "park_cover"))
    assert other.claims == ()

"""What stands behind each part: shares of objects add up to it, and name the right ones."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.difference.histories import EVENTS, history
from tulou.diagnosis.difference.behind import Reasons
from tulou.diagnosis.difference.coalitions import evaluated
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

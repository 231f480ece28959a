"""Filters and orders of observations, against a plain reading of each condition one observation at a time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.operations.alarms.adapters.observation_query import COMPARISONS, ordered, read_filter, read_order

DAY = 1_795_737_600_000
STAMP = "2026-11-27T0{}:00:00Z"
HOUR = 3_600_000


def kept(text, pairs):
    wanted = read_filter(text)
    time, value = np.array([one for one, _ in pairs], np.int64), np.array([one for _, one in pairs], float)
    inside = (time >= wanted.low) & (time <= wanted.high)
    found = wanted.holds(time, value)
    assert not (found & ~inside).any()  # what has to be read holds all that is wanted
    return found.tolist()


CONDITIONS = st.one_of(
    st.tuples(st.just("phenomenonTime"), st.sampled_from(list(COMPARISONS)), st.integers(0, 4)),
    st.tuples(st.just("result"), st.sampled_from(list(COMPARISONS)), st.integers(-2, 2)),
    st.tuples(st.just("result"), st.sampled_from(["eq", "ne"]), st.just("null")),
)
TREES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(st.tuples(st.sampled_from(["and", "or"]), inner, inner), st.tuples(st.just("not"), inner)),
    max_leaves=6,
)


def spelled(tree):
    if tree[0] in {"and", "or"}:
        return f"({spelled(tree[1])} {tree[0]} {spelled(tree[2])})"
    if tree[0] == "not":
        return f"not ({spelled(tree[1])})"
    field, how, number = tree
    return f"{field} {how} {STAMP.format(number) if field == 'phenomenonTime' else number}"


def plainly(tree, time, value):
    if tree[0] == "and":
        return plainly(tree[1], time, value) and plainly(tree[2], time, value)
    if tree[0] == "or":
        return plainly(tree[1], time, value) or plainly(tree[2], time, value)
    if tree[0] == "not":
        return not plainly(tree[1], time, value)
    field, how, number = tree
    if number == "null":
        return math.isnan(value) == (how == "eq")
    if field == "phenomenonTime":
        return COMPARISONS[how](time, DAY + number * HOUR)
    return COMPARISONS[how](value, number)


PAIRS = st.lists(
    st.tuples(st.integers(0, 4).map(lambda one: DAY + one * HOUR), st.sampled_from([-2.0, -1.0, 0.0, 1.5, math.nan])),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(tree=TREES, pairs=PAIRS)
def test_a_filter_keeps_what_its_conditions_say_and_reads_no_less(tree, pairs):
    assert kept(spelled(tree), pairs) == [plainly(tree, *one) for one in pairs]


def test_a_span_of_time_is_all_that_is_read():
    found = read_filter(f"phenomenonTime ge {STAMP.format(1)} and phenomenonTime lt {STAMP.format(2)} and result gt 3")
    assert (found.low, found.high) == (DAY + HOUR, DAY + 2 * HOUR - 1)
    assert read_filter(f"{STAMP.format(1)} lt phenomenonTime").low == DAY + HOUR + 1
    assert read_filter("result gt 3").low == read_filter("").low == 0


def test_observations_are_sorted_by_several_fields_and_the_unknown_come_last():
    time, value = np.array([1, 2, 3, 4]), np.array([5.0, math.nan, 7.0, 5.0])
    assert ordered(time, value, read_order("result desc, phenomenonTime desc")).tolist() == [2, 3, 0, 1]
    assert ordered(time, value, read_order("result")).tolist() == [0, 3, 2, 1]
    assert ordered(time, value, read_order("phenomenonTime desc")).tolist() == [3, 2, 1, 0]
    assert ordered(time, value, ()).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "text",
    ["result", "result gt", "result above 3", "result gt much", "value gt 3", "(result gt 3", "result gt 3)",
     "result gt 3 result lt 4", "phenomenonTime gt soon", "phenomenonTime gt 2026-11-27T00:00:00", "not", "and",
     "(" * 40 + "result gt 3" + ")" * 40, "not " * 40 + "result gt 3"],
)  # fmt: skip
def test_a_filter_that_is_none_is_told(text):
    with pytest.raises(BadUse):
        read_filter(text)


@pytest.mark.parametrize("text", ["value", "result up", "result desc asc"])
def test_an_order_that_is_none_is_told(text):
    with pytest.raises(BadUse, match="not sorted by this"):
        read_order(text)

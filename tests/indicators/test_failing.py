"""Which rows pull a figure down, and by how much: only the indicator's own direction and its mark decide."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.made import DAY, city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.explain import explain
from tulou.indicators.evaluate.failing import failing
from tulou.indicators.evaluate.lacking import title_of
from tulou.indicators.evaluate.measuring import Measured
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.run import evaluate
from tulou.indicators.evaluate.telling import STATUS_WORDS, status_words
from tulou.indicators.evaluate.verdict import STATUSES, TO_CONFIRM, Mark
from tulou.kernel.arrays import Parts
from tulou.kernel.words import Words


def asked(better, aggregate, *, factor=1.0):
    indicator = replace(small().indicators["park_cover"], better=better)
    return indicator, replace(indicator.variants[0].on(DAY), aggregate=aggregate, factor=factor)


def found(part, whole, *, units=("m2", "m2"), numbers=False):
    parts = Parts(np.array(part, float), np.array(whole, float))
    return Measured(parts, *units, is_numbers=numbers, estimated=None, uses_estimates=False)


def mark(how, low, high=None, unit="1"):
    return Mark(how, low, low if high is None else high, unit, "2020-01-01", "X", "sourced", "a.b")


def test_of_hazards_every_row_that_has_some_fails_by_what_it_has():
    told = failing(*asked("lower", "count"), found([2, 0, np.nan], [1, 1, 1]), None)
    assert told.rows.tolist() == [True, False, False]
    assert told.size.tolist() == [2.0, 0.0, 0.0]


def test_of_like_in_like_a_row_fails_by_what_lacks_to_its_whole():
    told = failing(
        *asked("higher", "share", factor=100.0), found([2.0, 5.0, np.nan], [5.0, 5.0, 5.0]), mark("at_least", 85)
    )
    assert told.rows.tolist() == [True, False, False]
    assert (told.size.tolist(), told.unit) == ([3.0, 0.0, 0.0], "m2")


def test_like_in_like_is_compared_in_one_unit():
    told = failing(*asked("higher", "share"), found([10_000.0, 10_000.0], [1.0, 2.0], units=("m2", "hectare")), None)
    assert told.rows.tolist() == [False, True]
    assert told.size.tolist() == pytest.approx([0.0, 10_000.0])


def test_a_row_with_a_number_of_its_own_fails_by_how_far_it_misses_the_mark():
    numbers = found([3.0, 10.0, 30.0], [1, 1, 1], units=("1", "1"), numbers=True)
    assert failing(*asked("neither", "most"), numbers, mark("between", 5, 20)).size.tolist() == [2.0, 0.0, 10.0]
    assert failing(*asked("lower", "mean"), numbers, mark("at_most", 10)).size.tolist() == [0.0, 0.0, 20.0]
    assert failing(*asked("higher", "mean"), numbers, mark("at_least", 10)).size.tolist() == [7.0, 0.0, 0.0]


def test_of_a_quotient_of_unlike_things_the_quotient_is_compared():
    rows = found([12.0, 1.0, 0.0], [2.0, 2.0, 0.0], units=("m2", "person"))
    told = failing(*asked("higher", "share"), rows, mark("at_least", 4.0, unit="m2/person"))
    assert told.rows.tolist() == [False, True, False], "nothing over nothing is unknown, not a failure"
    assert told.size.tolist() == [0.0, 3.5, 0.0]


def test_of_a_sum_that_should_be_larger_no_row_can_be_named():
    told = failing(*asked("higher", "sum"), found([1.0, 2.0], [1.0, 1.0]), mark("at_least", 10.0))
    assert not told.rows.any()


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.booleans()), min_size=1, max_size=30),
    st.sampled_from(["higher", "lower", "neither"]),
    st.sampled_from(["share", "count", "sum", "mean", "most"]),
)
def test_unknown_rows_never_fail_and_failing_rows_have_a_size(rows, better, aggregate):
    part = [np.nan if unknown else value for value, _, unknown in rows]
    told = failing(*asked(better, aggregate), found(part, [whole for _, whole, _ in rows]), mark("at_least", 0.5))
    assert not told.rows[np.isnan(part)].any()
    assert ((told.size > 0) == told.rows).all()


def test_what_is_to_be_confirmed_is_called_so():
    for reason in TO_CONFIRM:
        assert status_words("reference", reason) == Words("待核实", "to confirm")
    for status in STATUSES:
        assert status_words(status, "") == STATUS_WORDS[status]
    assert status_words("reference", "pass_open") == STATUS_WORDS["reference"]


def test_an_explanation_says_what_is_to_be_confirmed_and_why():
    tables = city_tables(5)
    tables["green"]["geometry"] = [type(tables["green"]["geometry"][0])(9e3, 9e3)] * 2
    check = evaluate(small(), state_of(tables, complete=("parcel",), named=True), indicators=["park_cover"])
    text = "\n".join(explain(check, "park_cover", "city").lines("zh"))
    assert "(待核实)" in text
    assert "未登记的对象可能使其达标：公园" in text


def test_what_lacks_is_called_by_its_title():
    state = state_of(city_tables(1))
    city = city_of(small(), state, DAY)
    assert title_of(city, "park").en == small().selections["park"].title.en
    assert title_of(city, "building.lift").zh.endswith("的" + state.dictionary["building"].attributes["lift"].title.zh)
    assert title_of(city, "parcel.shape_area").en.startswith("area (")
    assert title_of(city, "park.pass_mark") == small().parameters["park.pass_mark"].title
    assert title_of(city, "network.walking") == Words("network.walking", "network.walking")

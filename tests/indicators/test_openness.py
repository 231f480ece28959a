"""Open lists: a verdict is given only where nothing that may be missing could turn it round."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.made import DAY, city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.aggregate import Aggregated
from tulou.indicators.evaluate.openness import EITHER, OWN, Leeway, leeway
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.reasons import REASONS, reason_words
from tulou.indicators.evaluate.run import evaluate
from tulou.indicators.evaluate.verdict import STATUSES, Mark, judged
from tulou.indicators.rulebook.content import AGGREGATES, HOWS, Binding, Condition, Reference, Selection
from tulou.kernel.arrays import Floats
from tulou.kernel.declaration import measure
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

LISTS = ("parcel", "green", "building")
VALUES = st.integers(0, 20).map(lambda whole: whole * 5.0)


def figures(value: float, low: float = np.nan, high: float = np.nan) -> Aggregated:
    one = np.array([value])
    nothing = np.array([np.nan])
    known, rows, guess = np.array([100.0]), np.array([3]), np.array([False])
    return Aggregated(one, one, nothing, np.array([low]), np.array([high]), known, rows, guess)


def mark(how: str, low: float, high: float, unit: str = "1") -> Mark:
    return Mark(how, low, high, unit, "2020-01-01", "X", "sourced", "a.b")


def status(found: Aggregated, aggregate: str, asked: Mark, room: Leeway) -> tuple[str, str]:
    formula = replace(small().indicators["park_cover"].variants[0].on(DAY), aggregate=aggregate)
    told = judged(found, formula, asked, may_judge=True, is_complete=True, leeway=room)
    return STATUSES[told.status[0]], told.reason[0]


@given(st.sampled_from(HOWS), VALUES, VALUES, VALUES, VALUES, VALUES, st.booleans(), st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_verdict_holds_for_every_value_that_missing_objects_could_make(how, value, end, span, down, up, rises, falls):
    """The oracle tries all values on a fine grid that bounds and open lists allow."""
    asked = mark(how, end, end + span if how == "between" else end)
    low, high = value - down, value + up
    least, most = (low - 300.0 if falls else low), (high + 300.0 if rises else high)
    possible = asked.passes(np.arange(least, most + 1.0, 2.5))
    told, reason = status(figures(value, low, high), "ratio", asked, Leeway(("a",) * rises, ("b",) * falls))
    if possible.all():
        assert (told, reason) == ("pass", "")
    elif not possible.any():
        assert (told, reason) == ("fail", "")
    else:
        begins = "pass" if asked.passes(np.array([value]))[0] else "fail"
        assert told == "reference"
        assert reason.startswith(begins)


@given(st.integers(0, 10_000), st.sets(st.sampled_from(LISTS)))
@settings(max_examples=60, deadline=None)
def test_no_verdict_is_turned_round_by_what_was_missing(seed, missing):
    """Rows are taken out of some lists, which are open then; what is judged nevertheless is as in the whole city."""
    draw = np.random.default_rng(seed)
    whole = city_tables(seed)
    part = dict(whole)
    for entity in missing:
        kept = np.flatnonzero(draw.random(len(whole[entity]["id"])) < draw.choice([0.2, 0.6, 0.9]))
        part[entity] = {name: [values[at] for at in kept] for name, values in whole[entity].items()}
    closed = tuple(set(LISTS) - missing)
    truth = evaluate(small(), state_of(whole, complete=LISTS)).results.to_pylist()
    told = evaluate(small(), state_of(part, complete=closed)).results.to_pylist()
    for right, found in zip(truth, told, strict=True):
        if found["status"] in {"pass", "fail"} and right["status"] in {"pass", "fail"}:
            assert found["status"] == right["status"], (right, found)


@pytest.mark.parametrize(
    ("how", "low", "value", "room", "told"),
    [
        ("at_least", 100.0, 90.0, Leeway(("of",), ("of",), "of"), "fail"),  # more rows never make 90 percent all of it
        ("at_least", 100.0, 90.0, Leeway(("of", "targets"), ("of",), "of"), "reference"),
        ("at_least", 100.0, 100.0, Leeway(("of",), ("of",), "of"), "reference"),
        ("at_least", 95.0, 90.0, Leeway(("of",), ("of",), "of"), "reference"),
        ("at_most", 0.0, 10.0, Leeway(("of",), ("of",), "of"), "fail"),  # nor nothing of it
        ("at_most", 0.0, 10.0, Leeway((), ("targets",), "of"), "reference"),
        ("at_most", 100.0, 60.0, Leeway(("of",), ("of",), "of"), "pass"),  # no share is above 100 percent
    ],
)
def test_a_share_keeps_to_its_ends(how, low, value, room, told):
    assert status(figures(value), "share", mark(how, low, low, "percent"), room)[0] == told


def room_of(indicator: str, complete: tuple[str, ...] = (), variant: str = "") -> Leeway:
    city = city_of(small(), state_of(city_tables(1), complete=complete, named=True), DAY)
    return leeway(city, small().indicators[indicator].variant(variant).on(DAY))


def test_each_list_is_looked_at_for_what_it_does():
    assert room_of("park_cover") == Leeway(("housing_land", "park"), ("housing_land",), "housing_land")
    assert room_of("park_cover", ("parcel",)) == Leeway(("park",), (), "housing_land")
    assert room_of("park_cover", ("green", "parcel")) == Leeway(of="housing_land")
    assert room_of("floor_ratio") == Leeway(("home",), ("population",), "home")
    assert room_of("no_lift") == Leeway(("tall_home",), (), "tall_home")
    assert room_of("schools", ("facility",)) == Leeway(of="school")


def test_what_a_quantity_is_gathered_from_may_be_open_too():
    assert room_of("places", ("community",)) == Leeway(("school",), ("school",), "community")
    assert room_of("places", ("community", "facility")) == Leeway(of="community")


def test_every_aggregate_says_what_more_rows_do():
    assert set(OWN) == set(AGGREGATES)
    assert OWN["share"] == EITHER
    assert not OWN["sample_mean"]


def test_a_claim_turns_reference_into_a_verdict_and_says_which_list_to_claim():
    tables = city_tables(5)
    tables["parcel"] = {
        "id": ["far"], "use": ["residential"], "geometry": [tables["block"]["geometry"][3]],
    }  # fmt: skip
    tables["green"]["geometry"] = [type(tables["green"]["geometry"][0])(9e3, 9e3)] * 2
    asked = evaluate(small(), state_of(tables, complete=("parcel",)), indicators=["park_cover"]).results.to_pylist()
    before = next(row for row in asked if row["level"] == "city")
    assert (before["status"], before["reason"], before["lacking"]) == ("reference", "fail_open", "park")
    assert before["value"] == 0.0
    assert before["reason_zh"] == "按登记对象不达标，待核实；清单未声明完整，未登记的对象可能使其达标：公园"
    after = evaluate(small(), state_of(tables, complete=("parcel", "green")), indicators=["park_cover"])
    assert {row["status"] for row in after.results.to_pylist() if row["level"] == "city"} == {"fail"}


def test_a_straddling_figure_names_what_is_guessed():
    asked = mark("at_least", 10.0, 10.0)
    assert status(figures(12.0, 8.0, 14.0), "mean", asked, Leeway()) == ("reference", "pass_straddles")
    assert status(figures(9.0, 8.0, 14.0), "mean", asked, Leeway()) == ("reference", "fail_straddles")
    assert status(figures(9.0, 8.0, 9.5), "mean", asked, Leeway()) == ("fail", "")
    assert status(figures(12.0, 11.0, np.nan), "mean", asked, Leeway()) == ("pass", "")


def test_a_range_inside_the_bounds_is_a_doubt_though_both_ends_fail():
    asked = mark("between", 10.0, 12.0)
    assert status(figures(9.0, 8.0, 14.0), "mean", asked, Leeway()) == ("reference", "fail_straddles")


def test_every_reason_is_told_in_both_languages():
    for code in REASONS:
        told = reason_words(code, ("x",))
        assert told.zh != told.en


def test_a_measure_names_arguments_that_it_has():
    with pytest.raises(BadUse, match="no data argument of this name"):

        @measure(title=Words("甲", "a"), raised_by=("nobody",))
        def made(amount: Annotated[Floats, "m"]) -> Annotated[Floats, "m"]:
            return amount


def test_rows_that_move_one_another_may_reach_all():
    """More stations share the land out: a share of them below 100 percent could become all."""
    book = small()
    formula = book.indicators["park_cover"].variants[0].on(DAY)
    inputs = {
        "targets": Reference("school", "place"),
        "grade": Reference("school", "category"),
        "land": Reference("housing_land", "geometry"),
    }
    stations = replace(formula, of="school", binding=Binding("stations_within_limit", inputs, {}))
    city = city_of(book, state_of(city_tables(1), complete=("parcel",), named=True), DAY)
    assert leeway(city, stations) == Leeway(("school",), ("school",), "")
    assert leeway(city, stations).reaches_all


def test_a_list_that_others_choose_from_is_looked_behind():
    """Whether a community is chosen hangs on the schools in it, of which some may be missing."""
    book = small()
    crowded = Selection("crowded", Words("甲", "a"), "community", (Condition("school_places", "known", flag=True),))
    book = replace(book, selections={**book.selections, "crowded": crowded})
    counted = replace(
        book.indicators["places"].variants[0].on(DAY), of="crowded", aggregate="count", binding=Binding("", {}, {})
    )
    city = city_of(book, state_of(city_tables(1), complete=("community",)), DAY)
    assert leeway(city, counted) == Leeway(("school",), ("school",), "crowded")


@pytest.mark.parametrize("gap", [None, "office"])
def test_a_list_is_open_while_one_of_its_objects_may_be_a_member(gap):
    """A source claims all buildings, and of one its use is unknown: it may be a home, which nobody counted."""
    tables = city_tables(3)
    use = ["residential" if one is None else one for one in tables["building"]["use"]]
    tables["building"]["use"] = [gap, *use[1:]]
    city = city_of(small(), state_of(tables, complete=LISTS), DAY)
    assert city.is_complete("home") is (gap is not None)
    assert city.is_complete("doubted_home")  # What may be one is counted, and lowers what is known instead.
    assert city.is_complete("building")

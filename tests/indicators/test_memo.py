"""The memory itself: what is the same, what is noted, what is kept and what is forgotten."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray

from indicators.edits import Asked
from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.memo import MOST, Memo
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.run import evaluate
from tulou.indicators.evaluate.sameness import is_same, room
from tulou.indicators.evaluate.tracing import Trace, traced_rows, traced_rulebook


@dataclass(frozen=True, eq=False)
class Pair:
    one: NDArray[np.float64]
    other: object


def test_equal_to_the_bit_is_the_same_and_nothing_else():
    assert is_same(np.array([1.0, math.nan]), np.array([1.0, math.nan]))
    assert not is_same(np.array([0.0]), np.array([-0.0]))
    assert not is_same(np.array([1.0]), np.array([1], np.int64))
    assert not is_same(np.array([1.0]), np.array([[1.0]]))
    assert is_same(np.empty(0), np.empty(0))
    assert is_same(math.nan, math.nan)
    assert not is_same(0.0, -0.0)
    assert not is_same(1, 1.0)
    assert not is_same(True, 1)  # noqa: FBT003


def test_sameness_looks_inside():
    def pair(last: object) -> Pair:
        return Pair(np.array([1.0, math.nan]), {"a": (np.array([last], object), [shapely.Point(1, 2)])})

    assert is_same(pair("x"), pair("x"))
    assert not is_same(pair("x"), pair("y"))
    assert not is_same({"a": 1, "b": 2}, {"b": 2, "a": 1}), "the order of what is told is part of it"
    assert not is_same((1, 2), (1, 2, 3))
    assert is_same(pa.array([1, None]), pa.array([1, None]))
    assert not is_same(np.array([shapely.Point(1, 2)]), np.array([shapely.Point(1, 3)]))


def test_room_counts_what_a_result_holds():
    assert room(np.zeros(1000)) == 8000
    assert room((np.zeros(10), {"a": np.zeros(10)})) >= 160
    assert room(Pair(np.zeros(100), None)) >= 800
    assert room("word") > 0
    assert room(np.broadcast_to(np.array([1.0]), (1000,))) == 8
    assert is_same(np.broadcast_to(np.array([1.0]), (3,)), np.ones(3))


def test_whatever_is_read_of_rows_is_noted():
    trace = Trace()
    rows = traced_rows(state_of(city_tables(1)).rows("building"), trace)
    reads = {
        ("column", "building", "storeys"): lambda: rows.numbers("storeys"),
        ("column", "building", "use"): lambda: rows.texts("use"),
        ("column", "building", "lift"): lambda: rows.column("lift"),
        ("column", "building", "id"): lambda: rows.ids,
        ("column", "building", "geometry"): lambda: rows.places,
        ("size", "building"): lambda: len(rows),
        ("has", "building", "height"): lambda: rows.has("height"),
        ("claims", "building"): lambda: rows.complete,
        ("evidence", "building"): lambda: rows.evidence,
        ("names", "building"): lambda: rows.names,
    }
    for read, ask in reads.items():
        with trace.work() as noted:
            ask()
        assert read in noted
    with trace.work() as noted:
        rows.where(np.arange(len(rows)) < 3)
    assert {("column", "building", name) for name in rows.names} <= noted.keys()
    assert ("claims", "building") in noted


def test_whatever_is_read_of_a_rulebook_is_noted_also_what_is_not_there():
    trace = Trace()
    book = traced_rulebook(small(), trace)
    with trace.work() as noted:
        assert "nothing.such" not in book.parameters
        assert book.quantities.get("building.nothing") is None
        assert book.selections["home"].entity == "building"
    assert list(noted) == [("parameters", "nothing.such"), ("quantities", "building.nothing"), ("selections", "home")]
    with trace.work() as noted:
        assert list(book.measures) == list(small().measures)
    assert list(noted) == [("all", "measures")]


def test_work_notes_for_itself_and_not_for_what_it_asks_of_others():
    trace = Trace()
    with trace.work() as outer:
        trace.note("a")
        with trace.work() as inner:
            trace.note("b")
        trace.note("c")
    assert list(outer) == [("a",), ("c",)]
    assert list(inner) == [("b",)]
    trace.note("nobody is at work")


def made_city(memo: Memo, seed: int = 1) -> City:
    asked = Asked.begin(seed)
    return city_of(small(), asked.state(), asked.day, memo=memo)


def test_work_done_once_is_taken_from_the_memory_in_another_equal_city():
    memo, calls = Memo(), list[int]()

    def work(city: City) -> NDArray[np.float64]:
        calls.append(1)
        return city.rows("building").numbers("storeys") * 2.0

    first = made_city(memo).once(("twice",), work)
    assert made_city(memo).once(("twice",), work) is first
    assert len(calls) == 1
    other = made_city(memo, 2).once(("twice",), work)
    assert len(calls) == 2
    assert not is_same(other, first)


def test_a_question_that_cannot_be_answered_is_remembered_and_raised_again():
    memo, calls = Memo(), list[int]()

    def work(city: City) -> float:
        calls.append(len(city.rows("building")))
        raise Unanswerable("no_targets", ("school",))

    for _ in range(3):
        with pytest.raises(Unanswerable, match="nothing is on record") as told:
            made_city(memo).once(("none",), work)
        assert told.value.lacking == ("school",)
    assert len(calls) == 1


def test_work_that_rests_on_other_work_is_left_alone_while_that_gives_the_same():
    memo, calls = Memo(), list[str]()

    def count(city: City) -> int:
        calls.append("count")
        return len(city.rows("building").numbers("storeys"))

    def rests(city: City) -> int:
        calls.append("rests")
        return city.once(("count",), count) + 1

    assert made_city(memo, 1).once(("rests",), rests) == made_city(memo, 2).once(("rests",), rests) == 61
    assert calls == ["rests", "count", "count"]


def test_another_network_builder_is_other_ground():
    memo, asked = Memo(), Asked.begin(1)
    calls: list[int] = []
    for build in (lambda *_: None, lambda *_: None):
        city = city_of(small(), asked.state(), asked.day, build, memo)  # type: ignore[arg-type]
        city.once(("same",), lambda _city: calls.append(1))
    assert len(calls) == 2


def test_beyond_the_limit_the_least_lately_used_is_forgotten_and_worked_out_again():
    memo, calls = Memo(limit=2000), list[str]()

    def ask(name: str) -> NDArray[np.float64]:
        def work(city: City) -> NDArray[np.float64]:
            calls.append(name)
            return np.resize(city.rows("building").numbers("storeys"), 100)

        return made_city(memo).once((name,), work)

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    # Each takes 800 bytes, two fit: c pushes out b, which was used before a.
    assert calls == ["a", "b", "c", "b"]


def test_results_of_one_piece_of_work_do_not_grow_without_end():
    memo = Memo()
    asked = Asked.begin(1)
    for number in range(MOST + 5):
        asked.tables["building"]["storeys"][0] = float(number)
        city_of(small(), asked.state(), asked.day, memo=memo).once(
            ("storeys",), lambda city: city.rows("building").numbers("storeys")
        )
    assert memo.held(("storeys",)) == MOST
    assert memo.bytes_held <= (MOST + 1) * room(np.zeros(60))


def test_results_that_are_equal_are_counted_once():
    memo = Memo()

    def work(city: City) -> NDArray[np.float64]:
        _ = city.rows("building").numbers("storeys")
        return np.zeros(1000)

    for seed in range(4):
        made_city(memo, seed).once(("zeros",), work)
    assert memo.bytes_held == room(np.zeros(1000))


def test_a_check_with_a_memory_can_be_explained_like_any_other():
    memo = Memo()
    state = Asked.begin(1).state()
    check = evaluate(small(), state, memo=memo)
    assert check.city is not None
    fresh = city_of(small(), state, check.day)
    assert is_same(check.city.column("home", "storeys"), fresh.column("home", "storeys"))


def test_a_parameter_of_other_days_is_the_same_while_it_says_the_same():
    memo = Memo()
    state = Asked.begin(1).state()
    evaluate(small(), state, memo=memo)
    book = small()
    mark = book.parameters["park.radius"]
    moved = replace(mark, where="elsewhere.yaml:99")
    done = dict(memo.counts)
    evaluate(replace(book, parameters={**book.parameters, "park.radius": moved}), state, memo=memo)
    assert memo.counts == done, "a parameter that stands on another line says the same"

"""Evaluation: sums agree over levels, nothing depends on order, and unknown is never a pass."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.made import DAY, city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.cache import Cache
from tulou.indicators.evaluate.checks import run_checks
from tulou.indicators.evaluate.results import SCHEMA
from tulou.indicators.evaluate.run import Check, evaluate
from tulou.kernel.errors import BadUse

SEEDS = st.integers(0, 10_000)


def rows(check: Check, indicator: str, level: str, variant: str = "") -> list[dict[str, Any]]:
    return [
        row
        for row in check.results.to_pylist()
        if (row["indicator"], row["level"], row["variant"]) == (indicator, level, variant)
    ]


def city_row(check: Check, indicator: str, variant: str = "") -> dict[str, Any]:
    return rows(check, indicator, "city", variant)[0]


def permuted(tables: dict[str, dict[str, Any]], seed: int) -> dict[str, dict[str, Any]]:
    draw = np.random.default_rng(seed)
    found = {}
    for entity, columns in tables.items():
        order = draw.permutation(len(columns["id"]))
        found[entity] = {name: [values[at] for at in order] for name, values in columns.items()}
    return found


@pytest.mark.parametrize("outcome", run_checks(small()), ids=lambda outcome: f"{outcome.indicator}: {outcome.name}")
def test_hand_worked_checks_come_out(outcome):
    assert outcome.ok, (outcome.expected, outcome.got, outcome.error)


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_sums_over_units_are_the_city(seed):
    check = evaluate(small(), state_of(city_tables(seed)), indicators=["floor_area", "park_cover", "lift_share"])
    for indicator in ("floor_area", "park_cover", "lift_share"):
        whole = city_row(check, indicator)
        for level in ("community", "block"):
            parts = rows(check, indicator, level)
            assert math.isclose(sum(row["numerator"] for row in parts), whole["numerator"], rel_tol=1e-9, abs_tol=1e-9)
            if whole["denominator"] is not None:
                total = sum(row["denominator"] for row in parts)
                assert math.isclose(total, whole["denominator"], rel_tol=1e-9, abs_tol=1e-9)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_order_of_rows_and_units_does_not_matter(seed):
    tables = city_tables(seed)
    one, other = (evaluate(small(), state_of(found)) for found in (tables, permuted(tables, seed + 1)))
    left, right = one.results.to_pylist(), other.results.to_pylist()
    assert len(left) == len(right)
    for before, after in zip(left, right, strict=True):
        for name in ("unit", "level", "indicator", "variant", "status", "reason", "rows", "estimate"):
            assert before[name] == after[name]
        for name in ("value", "known", "numerator"):
            assert (before[name] is None) == (after[name] is None)
            assert before[name] is None or math.isclose(before[name], after[name], rel_tol=1e-9, abs_tol=1e-9)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_city_figures_do_not_depend_on_finer_units(seed):
    tables = city_tables(seed)
    bare = {entity: columns for entity, columns in tables.items() if entity not in ("block", "community")}
    with_units, without = (evaluate(small(), state_of(found)) for found in (tables, bare))
    for name in small().indicators:
        if name != "places":
            left, right = city_row(with_units, name), city_row(without, name)
            left.pop("chain"), right.pop("chain")
            left.pop("check"), right.pop("check")
            assert left == right


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_rows_that_become_unknown_never_make_a_pass(seed):
    tables = city_tables(seed)
    known = {**tables, "building": {**tables["building"], "lift": [False] * 60, "storeys": [9.0] * 60}}
    hidden = {**known, "building": {**known["building"], "lift": [None] * 60}}
    assert city_row(evaluate(small(), state_of(known)), "no_lift")["status"] == "fail"
    told = city_row(evaluate(small(), state_of(hidden, complete=("building",))), "no_lift")
    assert (told["status"], told["reason"], told["lacking"]) == ("not assessed", "too_little_known", "building.lift")
    assert told["value"] is None


def test_an_unknown_row_that_passes_the_gate_does_not_make_the_value_unknown():
    buildings = {"id": list("abcde"), "use": ["residential"] * 5, "lift": [True, True, False, True, None]}
    row = city_row(evaluate(small(), state_of({"building": buildings})), "lift_share")
    assert (row["value"], row["known"], row["status"]) == (75.0, 80.0, "reference")


def test_two_runs_give_the_same_bytes():
    files = []
    for _ in range(2):
        check = evaluate(small(), state_of(city_tables(7)))
        sink = pa.BufferOutputStream()
        pq.write_table(check.results, sink, compression="zstd")
        files.append((check.id, sink.getvalue().to_pybytes(), repr(sorted(check.chains.items()))))
    assert files[0] == files[1]


def test_rows_that_straddle_units_count_by_their_share():
    tables = city_tables(1)
    tables["parcel"] = {
        "id": ["p"],
        "use": ["residential"],
        "geometry": [tables["block"]["geometry"][0].buffer(0).intersection(tables["block"]["geometry"][0])],
    }
    check = evaluate(small(), state_of(tables), indicators=["park_cover"])
    areas = [row["denominator"] for row in rows(check, "park_cover", "community") if row["denominator"]]
    assert areas == [625.0] * 4


def test_rows_say_which_unit_they_belong_to_before_their_place_does():
    tables = city_tables(1)
    count = len(tables["building"]["id"])
    tables["building"]["unit"] = ["community0"] * count
    check = evaluate(small(), state_of(tables), indicators=["floor_area"])
    filled = [row for row in rows(check, "floor_area", "community") if row["rows"]]
    assert [row["unit"] for row in filled] == ["community0"]
    assert [row["unit"] for row in rows(check, "floor_area", "block") if row["rows"]] == ["block0"]


def test_an_estimate_is_told_where_it_lies():
    tables = city_tables(3)
    tables["building"]["floor_area"] = [None if n == 0 else 5.0 for n in range(60)]
    tables["building"]["use"], tables["building"]["storeys"] = ["residential"] * 60, [2.0] * 60
    check = evaluate(small(), state_of(tables), indicators=["floor_area"])
    told = [row for row in rows(check, "floor_area", "community") if row["estimate"]]
    assert len(told) == 1
    assert city_row(check, "floor_area")["estimate"]


def test_the_mark_of_a_class_is_that_of_the_city():
    check = evaluate(small(), state_of(city_tables(1)), indicators=["schools"])
    row = city_row(check, "schools")
    assert (row["value"], row["pass_mark"], row["mark"], row["mark_evidence"]) == (2.0, 2.0, "≥ 2", "memory")
    assert row["status"] == "reference"
    unranked = city_tables(1)
    unranked["city"].pop("rank")
    assert city_row(evaluate(small(), state_of(unranked), indicators=["schools"]), "schools")["pass_mark"] is None


def test_a_check_has_an_id_of_its_own_and_knows_its_columns():
    state = state_of(city_tables(1))
    one, other = evaluate(small(), state), evaluate(small(), state, day=date(2023, 1, 1))
    assert one.id.startswith(DAY.isoformat())
    assert one.id != other.id
    assert one.results.schema == SCHEMA
    assert set(one.results["chain"].to_pylist()) == set(one.chains)


def test_an_indicator_that_does_not_exist_is_refused():
    with pytest.raises(BadUse, match="did you mean: park_cover"):
        evaluate(small(), state_of(city_tables(1)), indicators=["park_covr"])


def test_a_cache_forgets_after_the_last_use():
    cache, made = Cache(), []
    cache.announce(["a", "a", "b"])
    for _ in range(2):
        cache.get("a", lambda: made.append(1))
        cache.release(["a"])
    assert made == [1]
    assert len(cache) == 0
    cache.get("kept", lambda: 3)
    assert cache.get("kept", lambda: 4) == 3


def test_a_reason_calls_what_lacks_by_its_title():
    buildings = {"id": ["a"], "use": ["residential"], "storeys": [7.0]}
    row = city_row(evaluate(small(), state_of({"building": buildings})), "no_lift")
    assert row["lacking"] == "building.lift"
    assert row["reason_zh"] == "已知数据不足：建筑的有电梯"
    assert row["reason_en"] == "too little is known: Has a lift (Building)"
    nothing = city_row(evaluate(small(), state_of({"building": buildings})), "floor_ratio")
    assert (nothing["reason"], nothing["lacking"]) == ("too_little_known", "building.floor_area_best,population")


def test_a_share_of_everything_is_not_more_than_everything():
    draw = np.random.default_rng(2)
    corners = draw.uniform(0, 90, (400, 2))
    plots = {
        "id": [f"p{number}" for number in range(400)],
        "use": ["residential"] * 400,
        "geometry": [shapely.Point(x, y).buffer(0.1 + x / 7) for x, y in corners],
    }
    parks = {"id": ["g"], "geometry": [shapely.box(0, 0, 100, 100)], "category": ["park"], "area": [10_000.0]}
    row = city_row(evaluate(small(), state_of({"parcel": plots, "green": parks})), "park_cover")
    assert row["value"] == 100.0

"""The properties of difference accounting (design §6), on random cities to which all kinds of things happen."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow.compute as pc
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.difference.histories import EVENTS, THEN, copied, history, shuffled, with_threshold
from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.diagnosis.difference.coalitions import CAUSES, Side, evaluated, movement
from tulou.diagnosis.difference.figures import counts, differences, divided_scores
from tulou.indicators.evaluate.run import evaluate
from tulou.model.changes import applied

HISTORIES = st.tuples(st.integers(0, 10_000), st.frozensets(st.sampled_from(EVENTS)))
FEW = settings(max_examples=5, deadline=None)
MANY = settings(max_examples=80, deadline=None)


def of(seed, events):
    return evaluated(history(seed, events).movement())


def numbers(table, name):
    return pc.cast(table[name], "float64").to_numpy(zero_copy_only=False)


def parts(table):
    return np.stack([numbers(table, cause) for cause in CAUSES])


def is_near(one, other, within):
    return one == other if None in {one, other} else one == pytest.approx(other, rel=within, abs=within)


def parts_sum_to_the_change_and_verdicts_are_told(told, coalitions):
    table = differences(coalitions)
    kind = np.array(table["kind"].to_pylist())
    is_divided = kind == "divided"
    change = numbers(table, "after") - numbers(table, "before")
    assert parts(table)[:, is_divided].sum(axis=0) == pytest.approx(change[is_divided], rel=1e-9, abs=1e-9)
    assert np.isnan(parts(table)[:, ~is_divided]).all()
    had, has = np.isfinite(numbers(table, "before")), np.isfinite(numbers(table, "after"))
    assert (np.isin(kind, ["divided", "indivisible"]) == (had & has)).all()
    assert ((kind == "appeared") == (~had & has)).all()
    assert ((kind == "vanished") == (had & ~has)).all()
    because = np.array(table["because"].to_pylist())
    moved = (is_divided & (np.nan_to_num(change) != 0)) | np.isin(kind, ["appeared", "vanished"])
    assert (because[moved] != None).all()  # noqa: E711  (element by element)


def both_ends_are_the_two_checks(told, coalitions):
    table = differences(coalitions)
    ends = {"before": evaluate(small(), state_of(told.before), day=THEN)}
    ends["after"] = evaluate(told.rulebook, state_of(told.after), day=told.day)
    for side, check in ends.items():
        mine = {
            tuple(row[name] for name in ("level", "unit", "indicator", "variant")): row for row in table.to_pylist()
        }
        for row in check.results.to_pylist():
            here = mine[row["level"], row["unit"], row["indicator"], row["variant"]]
            assert is_near(here[side], row["value"], 1e-12)
            assert here[f"status_{side}"] == row["status"]


def all_change_sets_together_are_the_later_city(told, coalitions):
    moved = coalitions.movement
    last = applied(moved.before.state, *(one for sets in moved.sets.values() for one in sets))
    mine = evaluate(small(), last, day=THEN).results.to_pylist()
    theirs = evaluate(small(), moved.after.state, day=THEN).results.to_pylist()
    assert [(row["unit"], row["indicator"], row["status"]) for row in mine] == [
        (row["unit"], row["indicator"], row["status"]) for row in theirs
    ]
    for one, other in zip(mine, theirs, strict=True):
        assert is_near(one["value"], other["value"], 1e-9)


def counts_of_verdicts_are_divided_without_a_residual(told, coalitions):
    table = counts(coalitions)
    assert parts(table).sum(axis=0) == pytest.approx(numbers(table, "change"), abs=1e-9)
    first = coalitions.checks[frozenset()].results
    for row in table.to_pylist():
        rows = [one for one in first.to_pylist() if (one["level"], one["status"]) == (row["level"], row["status"])]
        assert row["before"] == sum(one["variant"] == "" for one in rows)


def anything_worked_out_of_a_check_can_be_divided(told, coalitions):

    def passing(check):
        table = check.results.select(["level", "status"])
        is_pass = pc.cast(pc.equal(pc.cast(table["status"], "string"), "pass"), "float64")
        grouped = table.append_column("value", is_pass).group_by(["level"]).aggregate([("value", "mean")])
        return grouped.rename_columns(["level", "value"])

    table = divided_scores(coalitions, passing, ("level",))
    is_divided = np.array(table["kind"].to_pylist()) == "divided"
    assert parts(table)[:, is_divided].sum(axis=0) == pytest.approx(numbers(table, "change")[is_divided], abs=1e-9)


PROPERTIES = (
    parts_sum_to_the_change_and_verdicts_are_told,
    both_ends_are_the_two_checks,
    all_change_sets_together_are_the_later_city,
    counts_of_verdicts_are_divided_without_a_residual,
    anything_worked_out_of_a_check_can_be_divided,
)


def hold_all(drawn):
    """All properties of one history: sixteen checks are made once for all of them."""
    told = history(*drawn)
    coalitions = evaluated(told.movement())
    for holds in PROPERTIES:
        holds(told, coalitions)


@given(HISTORIES)
@FEW
def test_the_properties_hold_on_random_cities(drawn):
    hold_all(drawn)


@pytest.mark.slow
@given(HISTORIES)
@MANY
def test_the_properties_hold_on_many_random_cities(drawn):
    hold_all(drawn)


CAUSE_OF = {
    "correct": "correction",
    "build": "city",
    "close": "city",
    "split": "boundary",
    "merge": "boundary",
    "annex": "boundary",
    "threshold": "definition",
    "formula": "definition",
    "later": "definition",
}


@pytest.mark.parametrize("event", sorted(CAUSE_OF))
@pytest.mark.parametrize("seed", range(2))
def test_one_event_moves_one_cause_only(event, seed):
    coalitions = of(seed, frozenset({event}))
    assert coalitions.movement.causes == (CAUSE_OF[event],)
    table = differences(coalitions)
    for cause in set(CAUSES) - {CAUSE_OF[event]}:
        assert not np.nan_to_num(numbers(table, cause)).any()
        assert cause not in {*table["because"].to_pylist(), *table["status_because"].to_pylist()}
    assert any(table["because"].to_pylist())


def test_another_mark_turns_verdicts_and_moves_no_value():
    """The definition turns the verdict of a figure whose value stands: told apart in ``because`` and the other."""
    told = history(1, frozenset())
    told.before["parcel"] = {
        "id": ["p"], "geometry": [shapely.box(0, 40, 68, 60)], "use": ["residential"],
    }  # fmt: skip
    told.before["green"] = {
        "id": ["g"], "geometry": [shapely.Point(-240, 50)], "category": ["park"], "area": [3000.0],
    }  # fmt: skip
    state = state_of(told.before, complete=("parcel", "green"))
    moved = movement(Side(small(), state, THEN), Side(with_threshold(small()), state, THEN), state)
    rows = differences(evaluated(moved)).to_pylist()
    row = next(one for one in rows if (one["indicator"], one["level"]) == ("park_cover", "city"))
    assert 85 < row["before"] < 95
    assert row["before"] == row["after"]
    assert (row["status_before"], row["status_after"]) == ("pass", "fail")
    assert (row["because"], row["status_because"]) == (None, "definition")
    assert [row[cause] for cause in CAUSES] == [0.0] * len(CAUSES)


def test_another_order_of_rows_is_no_part():
    """An object that appears stands behind the others in one city and among them in the other; sums differ by a bit."""
    tables = city_tables(5)
    tables["building"]["use"] = ["residential"] * 60
    tables["building"]["floor_area"] = list(np.random.default_rng(5).uniform(0.1, 0.3, 60))
    later = copied(tables)
    for values in later["building"].values():
        values.insert(7, values[3])
    later["building"]["id"][7] = "new"
    later["building"]["floor_area"][7] = 0.3
    other = shuffled(state_of(later), 2)
    sides = Side(small(), state_of(tables), THEN), Side(with_threshold(small()), other, THEN)
    moved = movement(*sides, state_of(tables))
    table = differences(evaluated(moved))
    assert moved.causes == ("city", "definition")
    is_area = np.array([name == "floor_area" for name in table["indicator"].to_pylist()])
    assert not np.nan_to_num(numbers(table, "definition"))[is_area].any()
    assert np.nan_to_num(numbers(table, "city"))[is_area].any()


@pytest.mark.parametrize("seed", range(4))
def test_a_split_conserves_what_lies_inside(seed):
    """The parts of a district hold what it held: totals of the city do not move, and both halves are new."""
    table = differences(of(seed, frozenset({"split"})))
    rows = table.to_pylist()
    assert not any(row["change"] for row in rows if row["level"] in {"city", "block"} and row["change"] is not None)
    new = {row["unit"] for row in rows if row["kind"] == "appeared"}
    assert all(unit.endswith(("a", "b")) for unit in new)
    assert {row["because"] for row in rows if row["kind"] in {"appeared", "vanished"}} == {"boundary"}


@given(st.integers(0, 10_000))
@FEW
def test_a_cause_that_did_not_move_gets_exactly_nothing(seed):
    table = differences(of(seed, frozenset({"correct", "build", "split"})))
    assert not np.nan_to_num(numbers(table, "definition")).any()
    table = differences(of(seed, frozenset({"build", "threshold"})))
    assert not np.nan_to_num(numbers(table, "correction")).any()
    assert not np.nan_to_num(numbers(table, "boundary")).any()


@given(HISTORIES)
@FEW
def test_the_way_back_is_the_way_there_with_another_sign(drawn):
    """Only for what the order of events does not touch: the same objects, attribute by attribute."""
    told = history(drawn[0], drawn[1] & {"threshold", "later", "annex"})
    there = told.movement()
    back = movement(there.after, there.before, state_of(told.after))
    one, other = differences(evaluated(there)), differences(evaluated(back))
    for cause in ("definition", "boundary"):
        assert numbers(one, cause) == pytest.approx(-numbers(other, cause), rel=1e-9, abs=1e-9, nan_ok=True)


def test_another_day_by_the_same_rules_is_no_change_of_definition():
    """Between the two days nothing comes into force: the rules are the same although the days are not."""
    state = state_of(city_tables(3))
    days = (date(2024, 2, 1), date(2024, 6, 30)), (date(2023, 12, 31), date(2024, 1, 1))
    causes = [movement(*(Side(small(), state, day) for day in pair), state).causes for pair in days]
    assert causes == [(), ("definition",)]


def test_the_order_of_rows_is_no_cause():
    state = state_of(city_tables(3))
    other = shuffled(state, 1)
    moved = movement(Side(small(), state, THEN), Side(small(), other, THEN), other)
    assert moved.causes == ()
    table = differences(evaluated(moved))
    assert not numbers(table, "change")[np.isfinite(numbers(table, "change"))].any()


def test_a_row_put_into_another_standing_unit_is_a_correction_not_a_boundary():
    tables = city_tables(3)
    tables["building"]["unit"] = ["community1"] * 60
    right = {name: dict(columns) for name, columns in tables.items()}
    right["building"]["unit"] = ["community2", *["community1"] * 59]
    one, other = state_of(tables), state_of(right)
    moved = movement(Side(small(), one, THEN), Side(small(), other, THEN), other)
    assert moved.causes == ("correction",)


def test_rows_follow_a_renamed_unit():
    tables = city_tables(3)
    tables["building"]["unit"] = ["community1"] * 60
    renamed = {name: {key: list(values) for key, values in columns.items()} for name, columns in tables.items()}
    renamed["community"]["id"][1] = "new"
    renamed["building"]["unit"] = ["new"] * 60
    one, other = state_of(tables), state_of(renamed)
    moved = movement(Side(small(), one, THEN), Side(small(), other, THEN), one)
    assert moved.causes == ("boundary",)
    assert replace(moved, before=moved.after).causes == ("boundary",)

"""Effects beside a plain comparison of two checks made apart, row by row and object by object."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.diagnosis.diagnose import diagnose
from tulou.model.changes import ChangeSet, applied, changes
from tulou.plan.effects import ANSWERS, DOUBTS, TURNS, VERDICTS, effect, side_by_side, turns
from tulou.plan.effects_on_findings import finding_changes

KEYS = ("indicator", "variant", "level", "unit")


def edited(seed: int, kinds: frozenset[str]) -> tuple[dict, dict]:
    """Tables of a city, and of the same city after some edits."""
    draw = np.random.default_rng(seed)
    before, after = city_tables(seed), city_tables(seed)
    homes = after["building"]
    if "lift" in kinds:
        for row in draw.choice(len(homes["id"]), 8, replace=False):
            homes["lift"][row] = bool(draw.random() < 0.5)
    if "demolish" in kinds:
        for _ in range(5):
            row = int(draw.integers(len(homes["id"])))
            for values in homes.values():
                del values[row]
    if "park" in kinds:
        after["green"] = {
            "id": [*after["green"]["id"], "g3"],
            "geometry": [*after["green"]["geometry"], shapely.Point(60, 60)],
            "category": [*after["green"]["category"], "park"],
            "area": [*after["green"]["area"], 8000.0],
        }
    if "close" in kinds:
        after["facility"] |= {"closed": [True, False]}
    if "community" in kinds:
        for values in after["community"].values():
            del values[3]
    return before, after


COMPLETE = ("green", "parcel", "building")
EDITS = st.frozensets(st.sampled_from(["lift", "demolish", "park", "close", "community"]), min_size=0)


def effect_of(seed: int, kinds: frozenset[str]):
    state, wanted = (state_of(tables, complete=COMPLETE) for tables in edited(seed, kinds))
    return effect(small(), state, changes(state, wanted)), diagnose(small(), state), diagnose(small(), wanted)


def by_key(check) -> dict:
    return {tuple(row[name] or "" for name in KEYS): row for row in check.results.to_pylist()}


def verdict(row) -> str:
    return DOUBTS.get(row["reason"], row["status"]) if row["status"] == "reference" else row["status"]


@settings(max_examples=25)
@given(seed=st.integers(0, 500), kinds=EDITS)
def test_flips_and_moves_are_those_of_two_checks_made_apart(seed, kinds):
    found, before, after = effect_of(seed, kinds)
    left, right = by_key(before.check), by_key(after.check)
    flips = {
        (*key, verdict(left[key]) if key in left else None, verdict(right[key]) if key in right else None)
        for key in {*left, *right}
        if key not in left or key not in right or verdict(left[key]) != verdict(right[key])
    }
    told = found.flips.to_pylist()
    assert {(*(row[name] or "" for name in KEYS), row["verdict_before"], row["verdict_after"]) for row in told} == flips

    def value(side, key):
        return side[key]["value"] if key in side else None

    moved = {
        key
        for key in {*left, *right}
        if (value(left, key) is None) != (value(right, key) is None)
        or (value(left, key) is not None and value(left, key) != pytest.approx(value(right, key), rel=1e-9, abs=1e-9))
    }
    assert {tuple(row[name] or "" for name in KEYS) for row in found.moves.to_pylist()} == moved
    for row in found.moves.to_pylist():
        if row["change"] is not None:
            assert row["change"] == row["value_after"] - row["value_before"]


@settings(max_examples=25)
@given(seed=st.integers(0, 500), kinds=EDITS)
def test_findings_are_those_of_two_diagnoses_made_apart(seed, kinds):
    found, before, after = effect_of(seed, kinds)
    sides = [{(row["finding"], one) for row in told.findings.to_pylist() for one in row["objects"]}
             for told in (before, after)]  # fmt: skip
    names = [{finding for finding, _ in side} for side in sides]
    assert {one.finding for one in found.appeared} == names[1] - names[0]
    assert {one.finding for one in found.vanished} == names[0] - names[1]
    assert {(one.finding, name) for one in found.findings for name in one.added} == sides[1] - sides[0]
    assert {(one.finding, name) for one in found.findings for name in one.dropped} == sides[0] - sides[1]
    assert [one.finding for one in found.findings] == sorted(one.finding for one in found.findings)


def test_nothing_changed_moves_nothing():
    state = state_of(city_tables(3), complete=COMPLETE)
    found = effect(small(), state, ChangeSet())
    assert found.answers.schema.equals(ANSWERS)
    assert found.answers.num_rows == found.before.check.results.num_rows > 50
    assert (found.flips.num_rows, found.moves.num_rows, found.findings) == (0, 0, ())


def test_a_check_made_before_is_taken_as_it_is():
    before, after = (state_of(tables, complete=COMPLETE) for tables in edited(4, frozenset({"park", "lift"})))
    made = diagnose(small(), before)
    found = effect(small(), before, changes(before, after), before=made)
    assert found.before is made
    assert found.flips.equals(effect(small(), before, changes(before, after)).flips)


def test_only_the_indicators_asked_for_are_compared():
    before, after = (state_of(tables, complete=COMPLETE) for tables in edited(4, frozenset({"park", "lift"})))
    found = effect(small(), before, changes(before, after), indicators=["park_cover"])
    assert set(found.answers["indicator"].to_pylist()) == {"park_cover"}


def test_a_flip_counts_the_people_of_its_unit():
    tables = city_tables(4)
    tables["community"]["residents"] = [float(number) if number % 2 else None for number in range(16)]
    before = state_of(tables, complete=COMPLETE)
    tables["green"] = {**tables["green"], "geometry": [shapely.Point(50, 50), shapely.Point(60, 60)]}
    found = effect(small(), before, changes(before, state_of(tables, complete=COMPLETE)))
    rows = {row["unit"]: row["people"] for row in found.flips.to_pylist() if row["level"] == "community"}
    assert len(rows) > 4
    for unit, people in rows.items():
        number = int(unit.removeprefix("community"))
        # The only cell, of 1,000 people, lies in community 5; a unit without a number of its own counts its cells.
        assert people == (float(number) if number % 2 else 0.0)


def test_a_unit_that_vanishes_has_no_verdict_after():
    found, *_ = effect_of(7, frozenset({"community"}))
    gone = [row for row in found.flips.to_pylist() if row["verdict_after"] is None]
    assert gone
    assert {row["unit"] for row in gone} == {"community3"}
    assert all(row["value_after"] is None for row in gone)


def test_a_check_beside_another_of_other_indicators_shows_both():
    state = state_of(city_tables(2))
    one, other = (diagnose(small(), state, indicators=[name]).check for name in ("tallest", "schools"))
    rows = side_by_side(one, other).to_pylist()
    assert {row["indicator"] for row in rows if row["verdict_after"] is None} == {"tallest"}
    assert {row["indicator"] for row in rows if row["verdict_before"] is None} == {"schools"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("pass", "fail", "worse"),
        ("pass", "pass to confirm", "worse"),
        ("fail", "fail to confirm", "better"),
        ("fail to confirm", "pass to confirm", "better"),
        ("reference", "fail", "judged"),
        ("fail", "not assessed", "unjudged"),
        (None, "pass", "judged"),
        ("reference", "not assessed", "other"),
        ("pass", "pass", "other"),
    ],
)
def test_which_way_a_verdict_turns(before, after, told):
    assert turns(before, after) == told in TURNS
    assert all(verdict in VERDICTS for verdict in (before, after) if verdict)


def test_a_finding_that_stands_twice_is_put_together():
    state = state_of(city_tables(5), complete=COMPLETE)
    findings = diagnose(small(), state).findings
    first = findings.slice(0, 1)
    assert finding_changes(pa.concat_tables([findings, first]), findings)[0].finding == first["finding"][0].as_py()
    assert finding_changes(findings, findings) == ()


def test_an_effect_on_a_state_leaves_it_as_it_was():
    state, wanted = (state_of(tables, complete=COMPLETE) for tables in edited(9, frozenset({"demolish"})))
    ids = state.rows("building").ids.tolist()
    changed = changes(state, wanted)
    found = effect(small(), state, changed)
    assert state.rows("building").ids.tolist() == ids
    assert found.changed is changed
    assert replace(found, changed=ChangeSet()).flips.equals(found.flips)
    assert applied(state, changed).rows("building").ids.tolist() == wanted.rows("building").ids.tolist()


@settings(max_examples=15)
@given(seed=st.integers(0, 500), kinds=EDITS)
def test_a_value_meets_the_mark_beside_it_or_does_not(seed, kinds):
    found, *_ = effect_of(seed, kinds)
    for row in found.answers.to_pylist():
        for side in ("before", "after"):
            value, mark, low, high = (
                row[f"{name}_{side}"] for name in ("value", "mark", "pass_mark", "pass_mark_high")
            )
            if value is None or mark is None:
                assert row[f"meets_{side}"] is None
                continue
            slack = 1e-9 * max(1.0, abs(low))
            plain = {"≥": value >= low - slack, "≤": value <= low + slack, "=": abs(value - low) <= slack}
            assert row[f"meets_{side}"] == plain.get(mark[0], low - slack <= value <= high + slack), row


def test_a_mark_that_may_not_judge_is_crossed_without_a_verdict():
    tables = city_tables(6)
    before = state_of(tables, complete=("facility",))
    tables["facility"] = {name: values[:1] for name, values in tables["facility"].items()}
    found = effect(small(), before, changes(before, state_of(tables, complete=("facility",))), indicators=["schools"])
    assert found.flips.num_rows == 0
    row = found.crossings.to_pylist()[0]
    assert (row["value_before"], row["value_after"], row["mark_after"]) == (2.0, 1.0, "≥ 2")
    assert (row["meets_before"], row["meets_after"], row["verdict_after"]) == (True, False, "reference")
    assert row["people"] == 1000.0

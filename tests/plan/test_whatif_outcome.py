"""Outcomes: what fails anew, by which article, and what could not be told."""

import numpy as np
import pytest

from indicators.made import DAY, city_tables, state_of
from indicators.small_rulebook import small
from tulou.model.changes import changes
from tulou.plan.effects import effect
from tulou.plan.whatif.outcome import Outcome, outcome

COMPLETE = ("green", "parcel", "building")


def told(edit, seed=4, complete=COMPLETE, both=lambda tables: None) -> Outcome:
    """The outcome of an edit of the tables of a made city."""
    before, after = city_tables(seed), city_tables(seed)
    for tables in (before, after):
        tables["green"] = {**tables["green"], "area": [6000.0, 9000.0]}
        both(tables)
    edit(after)
    states = [state_of(tables, complete=complete, named=True) for tables in (before, after)]
    return outcome(effect(small(), states[0], changes(*states)), small())


def without_parks(tables):
    tables["green"] = {name: values[1:] for name, values in tables["green"].items()}


def all_lifts(tables):
    tables["building"]["lift"] = [True] * len(tables["building"]["lift"])


def no_lifts(tables):
    tables["building"]["lift"] = [False] * len(tables["building"]["lift"])


def storeys_known(tables):
    tables["building"]["storeys"] = [one or 2.0 for one in tables["building"]["storeys"]]


def storeys_unknown(tables):
    tables["building"]["storeys"] = [None] * len(tables["building"]["storeys"])


def test_what_loses_its_park_fails_anew_by_its_article():
    found = told(without_parks)
    assert found.red_lines
    assert {line.indicator for line in found.red_lines} == {"park_cover"}
    for line in found.red_lines:
        assert (line.before.verdict, line.after.verdict, line.turn) == ("pass", "fail", "worse")
        article = line.after.article
        assert (article.parameter, article.mark, article.clause) == ("park.pass_mark", "≥ 85", "A 2")
        assert (article.since.isoformat(), article.evidence) == ("2020-01-01", "sourced")
        assert line.before.value >= 85.0 > line.after.value
    assert {line.change.indicator for line in found.red_findings} == {"park_cover"}
    assert found.is_judged


def test_what_is_mended_vanishes():
    found = told(all_lifts, both=storeys_known)
    vanished = [line for line in found.findings if line.change.kind == "vanished"]
    assert vanished
    assert {line.change.indicator for line in vanished} == {"no_lift"}
    assert not found.red_findings
    assert all(one.is_there for line in vanished for one in line.dropped)
    (whole,) = (line for line in found.flips if line.indicator == "no_lift" and line.level == "city")
    assert (whole.after.verdict, whole.turn in {"better", "judged"}) == ("pass", True)


def test_more_objects_in_a_finding_fail_anew():
    found = told(no_lifts)
    added = {one.id for line in found.red_findings for one in line.added if line.change.indicator == "no_lift"}
    tables = city_tables(4)["building"]
    columns = zip(*(tables[one] for one in ("id", "use", "storeys", "lift")), strict=True)
    tall = {row[0]: row[3] for row in columns if row[1] == "residential" and row[2] is not None and row[2] >= 6}
    assert {name for name, lift in tall.items() if lift is not False} <= added <= set(tall)
    # One that had none before was no finding where too little was known of its unit to judge it.
    assert len(added) < len(tall)


def test_what_cannot_be_assessed_any_more_says_why():
    found = told(storeys_unknown)
    new = {one.indicator: one for one in found.unassessed if one.is_new}
    assert {"floor_area", "floor_ratio"} <= set(new)
    assert "too little is known" in new["floor_area"].reason.en
    assert "已知数据不足" in new["floor_area"].reason.zh
    assert new["floor_area"].lacking
    gone = [line for line in found.flips if line.indicator == "floor_area" and line.level == "city"]
    assert {(line.turn, line.after.value, line.before.verdict) for line in gone} == {("other", None, "reference")}


def test_lines_are_in_a_fixed_order_worst_first():
    found = told(without_parks)
    again = told(without_parks)
    assert [(line.indicator, line.unit) for line in found.flips] == [
        (line.indicator, line.unit) for line in again.flips
    ]
    fails = [line.after.verdict == "fail" for line in found.flips if not line.variant]
    assert fails == sorted(fails, reverse=True)


@pytest.mark.parametrize("edit", [without_parks, all_lifts, no_lifts, storeys_unknown])
def test_every_line_says_both_sides(edit):
    found = told(edit)
    for line in (*found.flips, *found.moves):
        assert line.title.zh
        assert line.level in {"community", "block", "district", "city"}
        assert line.before.verdict != line.after.verdict or line.before.value != line.after.value
    for line in found.moves:
        if line.before.value is not None and line.after.value is not None and line.turn in {"better", "worse"}:
            higher = small().indicators[line.indicator].better == "higher"
            by_value = (line.after.value > line.before.value) == higher
            assert by_value == (line.turn == "better") or line.before.verdict != line.after.verdict
    assert not np.isnan([line.people for line in found.flips if line.people is not None]).any()
    assert found.effect.after.check.day == DAY


def test_an_open_list_leaves_a_figure_to_confirm():
    """Parks on an open list: what passes may pass still, what fails may pass with a park nobody knows of."""
    found = told(without_parks, complete=("parcel", "building"))
    assert not found.red_lines
    worse = [line for line in found.flips if line.indicator == "park_cover" and line.turn == "worse"]
    assert {(line.before.verdict, line.after.verdict) for line in worse} == {("pass", "fail to confirm")}

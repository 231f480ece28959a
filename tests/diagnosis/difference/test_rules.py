"""Which rules changed behind a change of definition."""

from dataclasses import replace
from datetime import date

from diagnosis.difference.histories import THEN, known_city, with_formula, with_threshold
from indicators.made import state_of
from indicators.small_rulebook import small
from tulou.diagnosis.difference.behind import Reasons
from tulou.diagnosis.difference.coalitions import Side, evaluated, movement
from tulou.diagnosis.difference.dependence import Figure


def changed(rulebook, indicator, *, day=THEN, level="city"):
    state = state_of(known_city(2))
    moved = movement(Side(small(), state, THEN), Side(rulebook, state, day), state)
    assert moved.causes == ("definition",)
    (behind,) = Reasons(evaluated(moved)).behind(Figure(level, "city", indicator))
    assert behind.objects == ()
    return {(rule.kind, rule.name): rule for rule in behind.rules}


def test_a_mark_and_a_parameter_are_told_apart_with_both_values():
    found = changed(with_threshold(small()), "park_cover")
    mark = found["mark", "park.pass_mark"]
    assert (mark.before, mark.after, mark.unit, mark.clause) == (85.0, 95.0, "percent", "A 2")
    assert set(found) == {("mark", "park.pass_mark")}
    found = changed(with_threshold(small()), "no_lift")
    assert (found["parameter", "lift.least_storeys"].before, found["parameter", "lift.least_storeys"].after) == (
        6.0,
        7.0,
    )


def test_a_day_that_brings_another_version_names_it_with_its_day():
    found = changed(small(), "park_cover", day=date(2024, 6, 30))
    rule = found["parameter", "park.radius"]
    assert (rule.before, rule.after) == ([[0.2, 0.3]], [[0.2, 0.3], [0.5, 0.5]])
    assert (rule.since, rule.clause) == ("2024-01-01", "B 2")


def test_a_formula_that_is_another_begins_or_ends():
    book = with_formula(small())
    assert ("formula", "lift_share") in changed(book, "lift_share")
    assert set(changed(book, "another")) == {("begun", "another")}
    assert set(changed(book, "storeys_spread")) == {("ended", "storeys_spread")}
    assert ("formula", "school_density") in changed(small(), "school_density", day=date(2025, 6, 30))


def test_what_is_selected_and_how_a_number_is_worked_out():
    book = small()
    home = book.selections["home"]
    narrower = replace(home, where=(replace(home.where[0], words=("residential",)), *home.where[1:]))
    quantity = book.quantities["building.floor_area_best"]
    measured_only = replace(quantity, origins=quantity.origins[:1])
    other = replace(
        book,
        selections={**book.selections, "home": narrower},
        quantities={**book.quantities, "building.floor_area_best": measured_only},
        digest="other",
    )
    assert set(changed(other, "floor_area")) == {("selection", "home"), ("quantity", "building.floor_area_best")}
    assert changed(other, "park_cover") == {}  # It reads neither.

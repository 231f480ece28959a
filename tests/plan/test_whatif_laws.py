"""Law-diff: other values read by the rules of the rulebook, and what flips told a second way from the values alone."""

from dataclasses import replace
from datetime import date

import pytest
import shapely

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.diagnosis.diagnose import diagnose
from tulou.kernel.errors import BadInput, BadUse
from tulou.plan.whatif.comparing import commencements, compare_rules
from tulou.plan.whatif.laws import calendar, judged_by, parameter_changes, with_values
from tulou.plan.whatif.outcome import people_of

DAY = date(2024, 6, 30)
COMPLETE = ("green", "parcel", "building")


def city(seed=4, area=3000.0):
    """A park whose 300 m end in the middle of the city; from 0.5 ha on it reaches farther."""
    tables = city_tables(seed)
    tables["green"] = {**tables["green"], "area": [area, 9000.0]}
    tables["green"]["geometry"] = [shapely.Point(-240, 50), shapely.Point(500, 500)]
    return state_of(tables, complete=COMPLETE, named=True)


def setting(book, name, day=DAY):
    return book.parameters[name].values.on(day).value


@pytest.mark.parametrize(
    ("text", "number"),
    [("park.pass_mark=90", 90.0), ("park.pass_mark=90%", 90.0), (" park.pass_mark = 0.9 ", 0.9),
     ("lift.least_storeys=９", 9.0)],
)  # fmt: skip
def test_a_number_is_read_with_its_unit(text, number):
    assert setting(with_values(small(), [text], DAY), text.split("=")[0].strip()).number == pytest.approx(number)


def test_a_number_in_another_unit_is_converted():
    book = with_values(small(), ["park.radius=0.2:350 m, 0.5:600 m"], DAY)
    assert setting(book, "park.radius").brackets == ((0.2, pytest.approx(0.35)), (0.5, pytest.approx(0.6)))
    assert setting(with_values(small(), ["park.radius=2000 m2:1 km"], DAY), "park.radius").brackets == ((0.2, 1.0),)


@pytest.mark.parametrize("text", ["2..20", "[2, 20]", "2 .. 20"])
def test_a_range_is_read(text):
    assert setting(with_values(small(), [f"height.range={text}"], DAY), "height.range").range == (2.0, 20.0)


def test_a_class_keeps_what_is_not_asked():
    found = setting(with_values(small(), ["school.least=prefecture:5"], DAY), "school.least")
    assert (found.by_class, found.class_of) == ({"prefecture": 5.0, "county": 1.0}, ("city", "rank"))


def test_what_is_asked_keeps_title_and_evidence_and_says_so():
    book = with_values(small(), ["school.least=county:9", "park.pass_mark=90"], DAY)
    version = book.parameters["school.least"].values.on(DAY)
    assert version.evidence == "memory"
    assert "as asked" in version.clause
    assert book.parameters["park.pass_mark"].title == small().parameters["park.pass_mark"].title
    assert book.digest != small().digest != with_values(small(), ["park.pass_mark=91"], DAY).digest
    assert small().parameters["park.pass_mark"].values.on(DAY).value.number == 85.0


@pytest.mark.parametrize(
    ("text", "what", "guess"),
    [
        ("park.pas_mark=90", "the rulebook has no such parameter", "park.pass_mark"),
        ("park.pass_mark", "a parameter is given as NAME=VALUE", None),
        ("park.pass_mark=ninety", "'park.pass_mark' cannot be this", None),
        ("park.pass_mark=90 m", "'park.pass_mark' cannot be this", None),
        ("park.pass_mark=", "'park.pass_mark' cannot be this", None),
        ("park.pass_mark=nan", "'park.pass_mark' cannot be this", None),
        ("height.range=7", "this parameter has values of another shape", None),
        ("park.radius=300", "this parameter has values of another shape", None),
        ("school.least=prefektur:5", "the parameter has no such class", "prefecture"),
        ("school.least=5", "this parameter has values of another shape", None),
    ],
)
def test_values_that_cannot_be_are_refused(text, what, guess):
    with pytest.raises(BadUse) as caught:
        with_values(small(), [text], DAY)
    (fault,) = caught.value.faults
    assert (fault.what, fault.guess) == (what, guess)
    assert fault.where.startswith("--parameter")


def test_the_rules_of_the_rulebook_refuse_too():
    with pytest.raises(BadInput, match="the low end must come first"):
        with_values(small(), ["height.range=20..2"], DAY)
    with pytest.raises(BadInput, match="sizes must ascend"):
        with_values(small(), ["park.radius=0.5:0.5, 0.2:0.3"], DAY)
    with pytest.raises(BadUse, match="two values"):
        with_values(small(), ["park.pass_mark=90", "park.pass_mark=91"], DAY)


@pytest.mark.parametrize("mark", [1.0, 30.0, 60.0, 100.0])
def test_a_mark_flips_the_values_between_the_two(mark):
    """Told from the values of one check alone: those on the other side of the other mark."""
    state, book = city(), with_values(small(), [f"park.pass_mark={mark}"], DAY)
    found = compare_rules(state, (small(), DAY), (book, DAY), near=0.05)
    plain = diagnose(small(), state, day=DAY, indicators=["park_cover"]).check.results.to_pylist()
    judged = {row["unit"]: row["value"] for row in plain if row["status"] in {"pass", "fail"}}
    assert len(judged) > 5
    between = {unit for unit, value in judged.items() if (value >= 85.0) != (value >= mark)}
    flips = found.outcome.flips
    assert {line.unit for line in flips} == between
    assert between or mark in {60.0, 100.0}
    assert all(line.turn == ("better" if mark < 85.0 else "worse") for line in flips)
    assert not found.outcome.moves
    near = {one.line.unit for one in found.near}
    assert near == {
        row["unit"] for row in plain if row["value"] is not None and abs(row["value"] - mark) <= 0.05 * mark
    }
    for line in flips:
        assert (line.before.article.mark, line.after.article.mark) == ("≥ 85", f"≥ {mark:g}")
        assert (line.before.article.clause, line.before.article.since) == ("A 2", date(2020, 1, 1))


def test_findings_follow_the_mark():
    state, book = city(), with_values(small(), ["lift.least_storeys=9"], DAY)
    found = compare_rules(state, (small(), DAY), (book, DAY), near=0.05)
    before, after = (
        {
            (row["finding"], name)
            for row in diagnose(rules, state, day=DAY).findings.to_pylist()
            for name in row["objects"]
        }
        for rules in (small(), book)
    )
    dropped = {(line.change.finding, one.id) for line in found.outcome.findings for one in line.dropped}
    added = {(line.change.finding, one.id) for line in found.outcome.findings for one in line.added}
    assert (dropped, added) == (before - after, after - before)
    assert dropped
    assert all(one.is_there for line in found.outcome.findings for one in line.dropped)


def test_a_rule_that_comes_into_force_is_told_with_both_versions():
    found = compare_rules(city(area=6000.0), (small(), date(2023, 12, 31)), (small(), DAY), near=0.05)
    (change,) = found.changes
    assert (change.name, change.before.clause, change.after.clause) == ("park.radius", "A 1", "B 2")
    assert found.outcome.flips
    assert {line.indicator for line in found.outcome.flips} == {"park_cover"}


def test_the_two_sides_must_differ():
    with pytest.raises(BadUse, match="the two sides are the same"):
        compare_rules(city(), (small(), DAY), (small(), DAY), near=0.05)


def test_the_calendar_lists_every_day_on_which_something_changes():
    days = calendar(small(), date(2010, 1, 1))
    assert [one.day for one in days] == [date(2020, 1, 1), date(2024, 1, 1), date(2025, 1, 1)]
    assert {change.name for change in days[0].parameters} == {"park.radius", "park.pass_mark"}
    assert all(change.before is None for change in days[0].parameters)
    assert [days[number].indicators for number in (0, 2)] == [("school_density",), ("school_density",)]
    assert calendar(small(), date(2025, 1, 1)) == ()


def test_a_repeal_is_a_day_of_the_calendar():
    parameters = dict(small().parameters)
    mark = parameters["park.pass_mark"]
    parameters["park.pass_mark"] = replace(mark, values=replace(mark.values, until=date(2030, 1, 1)))
    (day,) = calendar(replace(small(), parameters=parameters), date(2025, 1, 1))
    assert (day.day, day.parameters[0].after) == (date(2030, 1, 1), None)


def test_each_day_is_compared_with_the_day_before():
    coming = commencements(city(area=6000.0), small(), date(2023, 1, 1))
    assert [one.commencement.day for one in coming] == [date(2024, 1, 1), date(2025, 1, 1)]
    sides = (small(), date(2023, 12, 31)), (small(), date(2024, 1, 1))
    alone = compare_rules(city(area=6000.0), *sides, near=0.0)
    assert [line.unit for line in coming[0].outcome.flips] == [line.unit for line in alone.outcome.flips] != []
    assert {line.indicator for line in coming[1].outcome.moves} == {"school_density"}


def test_what_differs_between_two_rulebooks():
    parameters = {name: one for name, one in small().parameters.items() if name != "lift.none_lacking"}
    changes = parameter_changes((small(), DAY), (replace(small(), parameters=parameters), DAY))
    assert [(change.name, change.after) for change in changes] == [("lift.none_lacking", None)]
    assert judged_by(small(), ["lift.none_lacking", "park.pass_mark"], DAY) == {"no_lift", "park_cover"}


def test_people_are_those_of_the_finest_units():
    book = with_values(small(), ["park.pass_mark=1"], DAY)
    flips = compare_rules(city(), (small(), DAY), (book, DAY), near=0.0).outcome.flips
    finest = {line.unit: line.people for line in flips if line.level == "community"}
    assert people_of(flips) == sum(count for count in finest.values() if count is not None)
    assert people_of([]) is None

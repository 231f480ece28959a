"""The register of lifelines on a made city whose gaps and dangers are known."""

from datetime import date

import pytest
import shapely

from processes.made_city import EAST, NORTH, city
from tulou.kernel.errors import NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

DAY = date(2026, 1, 1)


def line(north, west=0, east=100):
    return shapely.linestrings([(EAST + west, NORTH + north), (EAST + east, NORTH + north)])


def pipes(**changes):
    """Five pipes: two of gas, a sewer, a water main and one that is no lifeline."""
    columns = {
        "id": ["g1", "g2", "s1", "w1", "o1"],
        "service": ["gas", "gas", "sewage", "water", "other"],
        "owner": ["Gas Ltd", "", "Drain Co", "Water Co", None],
        "year_laid": [1998.0, 2005.0, None, 2030.0, None],
        "material": ["steel", "PE", "concrete", "iron", None],
        "diameter": [200.0, 160.0, 600.0, 300.0, None],
        "length": [None, 300.0, None, None, None],
        "inspected_on": [date(2020, 6, 1), date(2025, 6, 1), None, None, None],
        "inspection_due": [None, None, date(2025, 12, 31), date(2026, 1, 1), None],
        "geometry": [line(0), line(500), line(3), line(9), line(4)],
    }
    return {**columns, **changes}


FACILITY = {
    "id": ["school", "mall", "bank", "far"],
    "name": ["No. 1 School", None, "Bank", "Theatre"],
    "category": ["primary_school", "mall", "bank", "theatre"],
    "enrolled": [800.0, None, None, None],
    "capacity": [900.0, 3000.0, None, 500.0],
    "geometry": [
        shapely.Point(EAST + 50, NORTH + 30),
        shapely.Point(EAST + 50, NORTH + 50),
        shapely.Point(EAST + 50, NORTH + 10),
        shapely.Point(EAST + 50, NORTH + 400),
    ],
}


def ran(tables=None, **given):
    process = processes()["lifeline_register"]
    state = city(DAY, **(tables or {"pipe": pipes(), "facility": FACILITY}))
    return process.run(Run(process.values(given), state))


def rows(outcome, name):
    return next(one.rows for one in outcome.tables if one.name == name)


def facts(outcome):
    table = outcome.facts[0].rows
    return {row["id"]: row for row in table.to_pylist()}


def test_what_is_missing_or_cannot_be(tmp_path):
    outcome = ran()
    found = {(row[0], row[2].en, row[3]) for row in rows(outcome, "gaps")}
    assert found == {
        ("g2", "Owner", None),
        ("s1", "Year laid", None),
        ("w1", "Year laid", "2030"),  # laid in the future
    }
    figures = {one.name: one.value for one in outcome.figures}
    assert figures["complete"] == pytest.approx(100 * 100 / (100 + 300 + 100 + 100))
    assert "of 4 pipes" in outcome.answer[0].en.lower()


def test_what_is_overdue():
    outcome = ran(interval=5)
    assert [(row[0], row[2], row[3]) for row in rows(outcome, "overdue")] == [
        ("g1", "2025-06-01", 214.0),
        ("s1", "2025-12-31", 1.0),
    ]
    told = facts(outcome)
    assert told["g1"]["inspection_due"] == date(2025, 6, 1)
    assert told["g2"]["inspection_overdue"] is False
    assert told["w1"]["inspection_overdue"] is False  # due today
    without = ran()
    assert facts(without)["g1"]["inspection_overdue"] is None
    assert any("2 pipes have no due day" in one.en for one in without.warnings)


def test_gas_beside_a_sewer_beside_a_crowd():
    outcome = ran()
    assert [row[:4] for row in rows(outcome, "dangers")] == [
        ["g1", "s1", "mall", 3000.0],
        ["g1", "s1", "No. 1 School", 800.0],
    ]
    assert rows(outcome, "dangers")[1][4:] == pytest.approx([3, 27])
    assert [facts(outcome)[name]["coupled_danger"] for name in ("g1", "g2", "s1", "w1")] == [True, False, None, None]
    assert len(rows(ran(near_crowd=30), "dangers")) == 1
    assert not rows(ran(near_space=2), "dangers")


def test_manholes_are_closed_spaces_unless_they_are_gas():
    cover = {
        "id": ["m1", "m2"],
        "service": ["power", "gas"],
        "geometry": [shapely.Point(EAST + 50, NORTH + 501), shapely.Point(EAST + 60, NORTH + 501)],
    }
    far = {**FACILITY, "geometry": [shapely.Point(EAST + 50, NORTH + 520)] * 4}
    outcome = ran({"pipe": pipes(), "facility": far, "manhole_cover": cover})
    assert {(row[0], row[1]) for row in rows(outcome, "dangers")} == {("g2", "m1")}


def test_pipes_without_a_place_are_in_no_danger_and_a_city_without_pipes_is_told():
    outcome = ran({"pipe": pipes(geometry=[None, line(500), line(3), line(9), line(4)]), "facility": FACILITY})
    assert not rows(outcome, "dangers")
    assert any("no closed spaces" in one.en.lower() for one in ran({"pipe": pipes()}).warnings)
    with pytest.raises(NotEnoughData, match="no pipes"):
        ran({"facility": FACILITY})

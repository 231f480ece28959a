"""Due dates of buildings of a made city, worked by hand."""

from datetime import date

import pytest

from processes.made_city import box, city
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def made():
    return city(
        day=date(2026, 6, 1),
        block={"id": ["a"], "name": ["A"], "geometry": [box(0, 0, 100, 100)]},
        building={
            "id": ["old", "young", "seen", "open", "gone"],
            "year_built": [1970.0, 2020.0, 1990.0, None, 1960.0],
            "design_life": [None, 70.0, None, None, None],
            "inspected_on": [None, None, date(2024, 3, 1), None, None],
            "residents": [40.0, 10.0, 20.0, 5.0, 7.0],
            "demolished": [False, False, False, False, True],
            "geometry": [box(west, 10, west + 10, 20) for west in (10, 30, 50, 170, 70)],
        },
    )


def ran(state, **given):
    process = processes()["building_due"]
    return process.run(Run(process.values({"first": 30, "every": 10, **given}), state))


def facts(outcome):
    rows = outcome.facts[0].rows.to_pydict()
    return {name: values for name, *values in zip(*rows.values(), strict=True)}


def test_days_are_those_worked_by_hand():
    found = facts(ran(made()))
    assert set(found) == {"old", "young", "seen"}
    # 30 years after the end of 1970, give or take the day of a leap year; never inspected, so overdue.
    assert abs((found["old"][0] - date(2000, 12, 31)).days) <= 1
    assert found["old"][1:] == [date(2020, 12, 31), True]
    assert abs((found["young"][0] - date(2050, 12, 31)).days) <= 1
    assert found["young"][1:] == [date(2090, 12, 31), False]
    assert abs((found["seen"][0] - date(2034, 3, 1)).days) <= 1


def test_old_buildings_are_looked_at_more_often():
    found = facts(ran(made(), old=30, every_old=2))
    assert abs((found["seen"][0] - date(2026, 3, 1)).days) <= 1
    assert found["seen"][2] is True
    with pytest.raises(BadUse, match="together"):
        ran(made(), old=30)


def test_an_early_inspection_does_not_bring_the_first_date_forward():
    state = city(
        day=date(2026, 6, 1),
        building={
            "id": ["b"],
            "year_built": [2020.0],
            "inspected_on": [date(2021, 1, 1)],
            "geometry": [box(0, 0, 9, 9)],
        },
    )
    found = facts(ran(state))
    assert abs((found["b"][0] - date(2050, 12, 31)).days) <= 1


def test_counts_by_year_unit_and_era():
    outcome = ran(made(), ahead=10)
    figures = {one.name: one.value for one in outcome.figures}
    assert figures == {"overdue": 1, "past_life": 1, "people_past_life": 40, "unknown": 1}
    tables = {one.name: one.rows for one in outcome.tables}
    assert tables["years"][0][1:] == [1, 1]
    assert ["2034", 1, 0] in tables["years"]
    units = {str(row[0]) if isinstance(row[0], str) else row[0].en: row[1:] for row in tables["units"]}
    assert units == {"A": [3, 1, 1, 0], "in no unit": [1, 0, 0, 1]}
    eras = {row[0].en: row[1] for row in tables["eras"]}
    assert eras["No general seismic code"] == 1
    assert eras["GBJ 11-89"] == 1
    assert eras["unknown"] == 1
    assert sum(eras.values()) == 4
    assert [row[0] for row in tables["overdue"]] == ["old"]
    assert "not to say that they are not due" in outcome.warnings[0].en


def test_a_city_without_buildings_says_so():
    with pytest.raises(NotEnoughData, match="no building"):
        ran(city())

"""The check of shelters on a made street, by hand."""

import numpy as np
import pytest
import shapely

from processes.shelters.made import figures, ran, state_of, street, table
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.processes.shelters.rules import EMERGENCY, class_by_area, classes, rule

PEOPLE = {"at": [100.0, 400.0, 1000.0, 5000.0], "residents": [100.0, 300.0, 200.0, 50.0]}


def shelters(**columns):
    count = len(next(iter(columns.values())))
    return {"category": ["emergency"] * count, **columns}


def test_who_is_near_and_finds_room_who_is_too_far_and_who_finds_none():
    # 150 m² hold 300 at 0.5 m²; 400 people are within 500 m, 250 are not.
    state = street(population=PEOPLE, shelter=shelters(at=[200.0], effective_area=[150.0]))
    found = ran("shelter_check", state)
    numbers = figures(found)
    assert numbers["emergency_night_share"] == pytest.approx(100 * 300 / 650)
    assert numbers["emergency_night_left"] == pytest.approx(350)
    assert numbers["emergency_night_area"] == pytest.approx(175)
    assert all(balance.closes for balance in found.balances)
    west, east = table(found, "units").rows
    assert [west[0], *west[1:5]] == ["West", 600, 200, 100, 150]
    assert [east[0], *east[1:5]] == ["East", 50, 50, 0, 25]
    going = table(found, "assignment").rows
    assert [going[0][0], going[0][1], going[0][2]] == ["West", "shelter-0", pytest.approx(300)]
    # All hundred of 100 m from here and two hundred of those 200 m from here.
    assert going[0][3] == pytest.approx((100 * 100 + 200 * 200) / 300)


def test_the_facts_give_each_cell_its_own():
    state = street(population=PEOPLE, shelter=shelters(at=[200.0], effective_area=[150.0]))
    rows = ran("shelter_check", state).facts[0]
    assert rows.entity == "population"
    assert rows.rows["emergency_sheltered"].to_pylist() == pytest.approx([100, 200, 0, 0])


def test_fixed_shelters_keep_distance_area_and_most_people_of_their_class():
    kinds = ["short_term", "short_term", "medium_term"]
    state = street(
        population={"at": [0.0], "residents": [100_000.0]},
        shelter={"at": [900.0, 950.0, 1400.0], "category": kinds, "effective_area": [20_000.0, 1_900.0, 30_000.0]},
    )
    found = ran("shelter_check", state)
    rows = {row[0].en: row for row in table(found, "classes").rows}
    # 20,000 / 2 would be 10,000, more than a short-stay shelter may hold; 1,900 m² are too small for one.
    assert rows["fixed, short stay"][6:10] == [1, 21_900, 5_000, 5_000]
    assert rows["fixed, medium stay"][8:10] == [10_000, pytest.approx(10_000)]
    assert figures(found)["fixed_night_share"] == pytest.approx(100.0)


def test_by_day_people_are_where_the_jobs_are():
    people = {"at": [0.0, 5000.0], "residents": [100.0, 0.0], "employed": [60.0, 0.0], "jobs": [0.0, 90.0]}
    state = street(population=people, shelter=shelters(at=[0.0], effective_area=[1e4]))
    found = ran("shelter_check", state, when="both")
    assert figures(found)["emergency_day_left"] == pytest.approx(90)
    assert figures(found)["emergency_night_left"] == 0
    assert [balance.came for balance in found.balances] == pytest.approx([100, 15, 130, 19.5])
    assert not ran("shelter_check", state, when="day").facts
    with pytest.raises(NotEnoughData, match="at this time"):
        ran("shelter_check", street(population=PEOPLE, shelter=shelters(at=[0.0], effective_area=[1.0])), when="day")


def test_unknown_is_neither_zero_people_nor_a_place():
    state = street(
        population={"geometry": [shapely.Point(0, 0), None, shapely.Point(9, 0)], "residents": [10.0, 5.0, None]},
        shelter=shelters(at=[0.0, 10.0], effective_area=[4.0, None]),
    )
    found = ran("shelter_check", state)
    assert figures(found)["emergency_night_left"] == pytest.approx(2)
    said = " ".join(one.en for one in found.warnings)
    assert "5 people have no place" in said
    assert "1 population cells" in said
    assert "of 1 shelters are both unknown" in said
    assert found.balances[0].came == 15
    assert found.balances[0].closes
    assert found.facts[0].rows["id"].to_pylist() == ["population-0", "population-1"]


def test_in_a_typhoon_only_what_is_known_to_be_indoors_counts():
    state = street(
        population={"at": [0.0], "residents": [100.0]},
        shelter=shelters(at=[0.0, 10, 20], effective_area=[30.0, 30, 30], indoor=[True, False, None]),
    )
    found = ran("shelter_check", state, hazard="typhoon")
    assert figures(found)["emergency_night_share"] == pytest.approx(60)
    assert [one.en[:2] for one in found.warnings] == ["1 ", "1 "]
    nowhere = street(population=PEOPLE, shelter=shelters(at=[0.0], effective_area=[30.0], indoor=[False]))
    with pytest.raises(NotEnoughData, match="no shelter counts"):
        ran("shelter_check", nowhere, hazard="typhoon")


def test_ground_that_can_be_opened_loses_buildings_debris_and_water():
    ground = shapely.box(0, 0, 100, 100)
    tower = shapely.box(40, 40, 60, 60)
    tables = {
        "population": {"at": [0.0], "residents": [10.0]},
        "green": {"geometry": [ground], "category": ["park"]},
        "building": {"geometry": [tower], "height": [30.0], "structure_hazard": [True]},
        "water": {"geometry": [shapely.box(0, 90, 100, 100)]},
    }
    safe = ran("shelter_check", street(**tables), sites="openable", falling="none")
    row = table(safe, "sites").rows[0]
    assert row[3:7] == [10_000, 400, 1_000, pytest.approx(0.6 * 8_600)]
    down = ran("shelter_check", street(**tables), sites="openable", debris="50 percent")
    lost = table(down, "sites").rows[0][5]
    # A ring of 15 m around a square of 20 m, its corners cut by the segments of the outline.
    assert 4 * 20 * 15 < lost < 4 * 20 * 15 + np.pi * 15**2
    assert figures(down)["effective_area"] == pytest.approx(0.6 * (8_600 - lost))


def test_that_nothing_falls_for_want_of_a_register_is_said():
    state = street(population=PEOPLE, shelter=shelters(at=[200.0], effective_area=[150.0]))
    assert "none falls" in ran("shelter_check", state).warnings[-1].en
    assert not ran("shelter_check", state, falling="all").warnings
    assert len(ran("shelter_check", state, hazard="flood").warnings) == 1


def test_ground_under_a_shelter_does_not_count_twice():
    state = street(
        population={"at": [0.0], "residents": [10.0]},
        green={"geometry": [shapely.box(0, 0, 100, 100)], "category": ["park"]},
        shelter=shelters(at=[50.0], effective_area=[100.0]),
    )
    assert len(table(ran("shelter_check", state, sites="openable"), "sites").rows) == 1


def test_without_people_roads_or_a_city_it_says_so():
    with pytest.raises(NotEnoughData, match="nobody is on record"):
        ran("shelter_check", street(shelter=shelters(at=[0.0], effective_area=[1.0])))
    with pytest.raises(NotEnoughData, match="no roads"):
        ran("shelter_check", state_of(population=PEOPLE, shelter=shelters(at=[0.0], effective_area=[1.0])))
    with pytest.raises(BadUse, match="runs on a city"):
        ran("shelter_check", None)
    with pytest.raises(BadUse, match="not one of the choices"):
        ran("shelter_check", None, hazard="tsunami")


def test_classes_by_area_and_the_rules_read():
    assert [class_by_area(area) for area in (1_999, 2_000, 10_000, 300_000)] == [
        EMERGENCY, "short_term", "medium_term", "long_term"
    ]  # fmt: skip
    assert rule("fixed_share") == pytest.approx(0.15)
    assert [one.area_a_person for one in classes().values()] == [0.5, 2.0, 3.0, 4.5, 4.5]
    assert sorted(one.days for one in classes().values())[:3] == [3, 15, 30]

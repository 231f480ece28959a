"""Fire cover on a made street: times, distribution, one-way streets, districts, proposals."""

from datetime import date

import numpy as np
import pytest
import shapely

from processes.shelters.made import figures, ran, state_of, table
from tulou.app.wiring import rulebook
from tulou.kernel.errors import NotEnoughData
from tulou.processes.fire.ground import rules

# 36 km/h are 10 m/s: 240 s reach 2,400 m.
AT = [100.0, 2_000.0, 2_600.0, 4_800.0]


def town(*, oneway=False, stations=(0.0,), **more):
    homes = [shapely.box(x - 5, -5, x + 5, 5) for x in AT]
    streets = [shapely.LineString([(0, 0), (2_500, 0), (8_000, 0)]), shapely.LineString([(2_500, 0), (2_500, 9)])]
    count = max(len(stations), 1)
    return state_of(
        road={"geometry": streets, "class": ["arterial", "branch"], "drivable": [True] * 2, "oneway": [oneway, False],
              "peak_speed": [36.0, 36.0]},
        building={"geometry": homes, "use": ["residential", "residential", "industrial", "residential"],
                  "storeys": [2.0, 2, 2, 30], "floor_area": [100.0, 100, 100, 100]},
        population={"at": AT, "residents": [10.0, 20.0, 30.0, 40.0]},
        block={"geometry": [shapely.box(-10, -9, 2_500, 9), shapely.box(2_500, -9, 9_000, 9)], "name": ["W", "E"]},
        facility={"at": list(stations) or [0.0], "category": ["fire_station" if stations else "hospital"] * count,
                  "grade": ["class_1"] * count},
        **more,
    )  # fmt: skip


def test_risk_and_people_in_time_and_the_distribution():
    found = ran("fire_cover", town())
    numbers = figures(found)
    # Risk 100, 100, 150 (industry), 150 (a high-rise home).
    assert numbers["risk_share"] == pytest.approx(100 * 200 / 500)
    assert numbers["people_share"] == pytest.approx(30.0)
    assert numbers["high_twice"] == 0
    assert numbers["time_50"] == pytest.approx((260 + 60) / 60)
    assert numbers["time_90"] == pytest.approx((480 + 60) / 60)
    assert [row[0] for row in table(found, "units").rows] == ["E", "W"]
    assert table(found, "units").rows[0][1:4] == [70, 70, 0]
    assert sum(height for _, height in found.plots[0].bars) == pytest.approx(100)
    assert found.facts[0].rows["fire_reached"].to_pylist() == [10, 20, 0, 0]


def test_one_way_streets_are_kept_unless_told_otherwise():
    against = town(oneway=True, stations=(3_000.0,))
    assert figures(ran("fire_cover", against))["people_share"] == pytest.approx(40.0)
    assert figures(ran("fire_cover", against, one_way="ignore"))["people_share"] == pytest.approx(90.0)


def test_a_slower_speed_reaches_fewer():
    assert figures(ran("fire_cover", town(), speed=50))["people_share"] == pytest.approx(10.0)


def test_new_stations_go_where_they_reach_most_and_the_fewest_are_told():
    found = ran("fire_cover", town(), new=1, gap=0)
    assert "from 40.0 to 100.0 %" in found.answer[1].en
    assert "1 more would reach all" in found.answer[1].en
    assert len(table(found, "sites").rows) == 2


def test_two_stations_cover_a_high_rise_twice():
    twice = ran("fire_cover", town(stations=(4_000.0, 3_000.0)))
    assert figures(twice)["high_twice"] == pytest.approx(100.0)
    rows = table(twice, "stations").rows
    assert [row[6] for row in rows] == pytest.approx([30.0, 50.0])


def test_districts_beside_their_limit_and_the_speed_they_need():
    land = {"geometry": [shapely.box(0, -1_000, 5_000, 1_000)], "built_up": [True]}
    row = table(ran("fire_cover", town(parcel=land)), "stations").rows[0]
    assert [row[2], row[3], row[4].en] == [pytest.approx(10.0), 7, "no"]
    assert row[5] == pytest.approx(np.sqrt(5.0) / 4 * 60)
    unknown = ran("fire_cover", town())
    assert table(unknown, "stations").rows[0][2] is None


def test_without_stations_it_says_that_this_may_be_the_register():
    found = ran("fire_cover", town(stations=()))
    assert figures(found)["risk_share"] == 0
    assert "may only say" in found.warnings[0].en
    with pytest.raises(NotEnoughData, match="driven on"):
        ran("fire_cover", state_of(road={"geometry": [None], "class": ["arterial"], "drivable": [False]}))


def test_speeds_and_districts_are_those_of_the_rulebook():
    kept = rulebook(("china",)).parameters
    speeds = {f"driving.{name}": speed for name, speed in rules()["speeds"].items() if isinstance(speed, int)}
    grades = ("class_1", "class_2", "small", "special")
    ours = speeds | {f"fire_district.{name}": rules()["districts"][name]["value"] for name in grades}
    assert {name: kept[name].values.on(date(2026, 1, 1)).value.number for name in ours} == ours

"""Tiered care on a made city; beds; reserves and dispatch from tables."""

import numpy as np
import pytest
import shapely

from app.line import fine
from processes.made_city import box, city
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def point(x, y=0):
    return box(x, y, x, y).centroid


def figures(outcome):
    return {one.name: one for one in outcome.figures}


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name)


FACILITIES = {
    "id": ["station", "county", "big"],
    "category": ["health_station", "hospital", "hospital"],
    "grade": [None, "level_2", "level_3"],
    "capacity": [10.0, 200.0, 1000.0],
    "geometry": [point(0, 10), point(9000, 10), point(38000, 10)],
}
PEOPLE = {"id": ["near", "far"], "geometry": [point(100, 5), point(20000, 5)], "residents": [3000.0, 1000.0]}
ROAD = {"id": ["r"], "geometry": [shapely.LineString([point(-100), point(40000)])], "class": ["arterial"]}


def care(facilities=FACILITIES, people=PEOPLE, road=ROAD, **given):
    process = processes()["tiered_care"]
    tables = {"facility": facilities, "population": people, "road": road}
    return process.run(Run(process.values({"speed": 60, **given}), city(**tables)))


def test_each_tier_reaches_whom_its_time_allows():
    outcome = care()
    assert figures(outcome)["community_reached"].value == 75
    assert figures(outcome)["county_reached"].value == 100
    assert figures(outcome)["regional_reached"].value == 100
    slower = care(speed=30, regional=40)
    assert figures(slower)["county_reached"].value == 100
    assert figures(slower)["regional_reached"].value == 25
    assert [row[5] for row in table(slower, "tiers").rows] == [1000, 0, 3000]


def test_beds_are_handed_out_whole_and_idle_ones_are_told():
    outcome = care()
    assert len(outcome.balances) == 3
    assert all(one.closes for one in outcome.balances)
    assert figures(outcome)["regional_capacity"].value == pytest.approx(1000 * 1000 / 4000)
    nobody = care(speed=30, regional=5)
    assert figures(nobody)["regional_capacity"].value == 0
    idle = next(one for one in nobody.balances if "regional" in one.title.en)
    assert idle.closes
    assert idle.stayed == 1000


def test_a_hospital_of_unknown_grade_makes_bounds():
    unknown = FACILITIES | {"grade": [None, "level_2", None]}
    outcome = care(unknown)
    reached = figures(outcome)["regional_reached"]
    assert (reached.value, reached.low, reached.high) == (0, 0, 100)
    assert any("No facility of the regional tier" in one.en for one in outcome.warnings)
    assert "0.0 to 100.0 %" in outcome.answer[2].en
    assert np.isnan(figures(outcome)["regional_capacity"].value)
    assert np.isnan(figures(outcome)["county_capacity"].value)
    assert all(one.closes for one in outcome.balances)


def kept(outcome):
    rows = outcome.facts[0].rows.to_pylist()
    return {row.pop("id"): tuple(row.values()) for row in rows}


def test_what_is_kept_of_each_cell_is_unknown_where_a_grade_decides():
    assert kept(care()) == {"near": (3000, 3000, 3000), "far": (0, 1000, 1000)}
    unknown = care(FACILITIES | {"grade": [None, "level_2", None]})
    assert kept(unknown) == {"near": (3000, 3000, None), "far": (0, 1000, None)}
    empty = PEOPLE | {"residents": [3000.0, 0.0]}
    assert kept(care(people=empty))["far"] == (0, 0, 0), "nobody there, nobody left out"


def test_unknown_beds_give_no_figure_and_closed_ones_no_care():
    outcome = care(FACILITIES | {"capacity": [None, 200.0, 1000.0]})
    assert np.isnan(figures(outcome)["community_capacity"].value)
    assert figures(outcome)["community_reached"].value == 75
    assert any("unknown: no figure" in one.en for one in outcome.warnings)
    shut = care(FACILITIES | {"closed": [True, False, False]})
    assert figures(shut)["community_reached"].value == 0


def test_a_city_without_people_or_roads_is_too_little():
    with pytest.raises(NotEnoughData, match="nobody is on record"):
        care(people={"id": []})
    with pytest.raises(NotEnoughData, match="along roads"):
        care(road={"id": []})


def beds(folder=None, scenario=None, **given):
    process = processes()["bed_surge"]
    usual = {"beds": 100, "arrivals": 8, "stay": 10, **given}
    if scenario is not None:
        (folder / "s.csv").write_text(scenario, "utf-8")
        usual["scenario"] = folder / "s.csv"
    return process.run(Run(process.values(usual)))


def test_usual_times_and_no_scenario():
    outcome = beds()
    assert figures(outcome)["load"].value == pytest.approx(80)
    assert figures(outcome)["lost"].value == pytest.approx(0.3992, abs=1e-4)
    assert not outcome.plots
    assert not outcome.balances
    full = beds(arrivals=12)
    assert np.isnan(figures(full)["wait"].value)
    assert "without end" in full.answer[0].en
    assert any("already as large" in one.en for one in full.warnings)


def test_a_surge_overruns_the_beds_and_loses_nobody():
    outcome = beds(casualties=60, over=12, admitted=50)
    # 30 more in 12 hours, 20 free: after t hours 80 + 2.5 t less what leaves; full a little after hour 8
    assert 7.5 < figures(outcome)["full_from"].value < 9.5
    assert 5 < figures(outcome)["most_waiting"].value < 11
    assert outcome.balances[0].closes
    enough = beds(casualties=10, over=12)
    assert np.isnan(figures(enough)["full_from"].value)
    assert "beds suffice" in enough.answer[1].en
    late = beds(casualties=60, over=12, admitted=50, after=24)
    assert figures(late)["full_from"].value == pytest.approx(figures(outcome)["full_from"].value + 24, abs=0.3)


def test_a_scenario_by_the_hour_is_the_same_surge(tmp_path):
    lines = "hour,patients\n" + "\n".join(f"{hour},5" for hour in range(12))
    outcome = beds(tmp_path, lines, admitted=50)
    assert figures(outcome)["most_waiting"].value == pytest.approx(
        figures(beds(casualties=60, over=12, admitted=50))["most_waiting"].value, abs=0.5
    )
    assert "s.csv" in outcome.sources


@pytest.mark.parametrize(
    ("scenario", "given", "what"),
    [
        ("hour,patients\n0,5\n", {"casualties": 3}, "stated or stand"),
        ("hour,patients\n9999,5\n", {}, "later than"),
        ("hour,patients\n,5\n", {}, "is missing"),
        (None, {"casualties": 3, "over": 1000}, "longer than"),
        (None, {"casualties": 3, "taken": 101}, "no more beds"),
    ],
)
def test_what_is_no_surge_is_refused(tmp_path, scenario, given, what):
    with pytest.raises((BadInput, BadUse, NotEnoughData)) as caught:
        beds(tmp_path, scenario, **given)
    assert what in str(caught.value)


FILES = {
    "items": "item,price,penalty,use,deviation,lead,cycle,service,shelf_life\n"
    "mask,1,100,10,3,4,7,95,\ntent,50,1000,,,,,,\n",
    "depots": "place,item,stock,room,aid\nD,mask,60,100,\nD,tent,5,,\nN,mask,500,,yes\n",
    "needs": "scenario,chance,place,item,need\nflood,0.3,A,mask,80\nflood,0.3,A,tent,4\nquake,0.7,A,mask,20\n",
    "roads": "from,to,hours,capacity,closed\nD,A,1,,\nN,A,5,,flood\n",
}


def sent(folder, **changed):
    given = {}
    for name, text in (FILES | {key: value for key, value in changed.items() if key in FILES}).items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
        given[name] = folder / f"{name}.csv"
    process = processes()["reserve_dispatch"]
    return process.run(Run(process.values(given | {key: one for key, one in changed.items() if key not in FILES})))


def test_stocks_go_where_they_are_needed_and_what_lacks_is_told(tmp_path):
    outcome = sent(tmp_path)
    assert [row[:3] + row[4:] for row in table(outcome, "shortages").rows] == [["flood", "A", "mask", 20.0]]
    assert figures(outcome)["short"].value == pytest.approx(0.3 * 20)
    assert figures(outcome)["aid"].value == 0
    assert outcome.balances[0].closes
    levels = table(outcome, "levels").rows
    assert [row[0] for row in levels] == ["mask", "tent"]
    assert levels[0][1:3] == pytest.approx([6.0, 40 + 1.6448536 * 6])  # 60 masks at 10 a day; those of N are not ours
    assert levels[1][1:] == [None] * 5
    assert any("tent" in one.en for one in outcome.warnings)


def test_other_districts_help_where_the_road_is_open(tmp_path):
    outcome = sent(tmp_path, roads=FILES["roads"].replace("flood", ""))
    assert figures(outcome)["short"].value == 0
    assert figures(outcome)["aid"].value == pytest.approx(0.3 * 20)
    assert ["flood", "N", "A", "mask", 20.0] in table(outcome, "moves").rows


def test_what_is_put_in_place_is_worth_its_price(tmp_path):
    outcome = sent(tmp_path, choose="true")
    assert figures(outcome)["added"].value == pytest.approx(20)
    assert "puts 20.0 units" in outcome.answer[1].en
    dear = sent(tmp_path, choose="true", items=FILES["items"].replace("mask,1,100", "mask,40,100"))
    assert figures(dear)["added"].value == 0  # 40 a unit against 100 in three of ten scenarios


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"needs": FILES["needs"].replace("0.7", "0.5")}, "sum to 1"),
        ({"needs": FILES["needs"].replace("flood,0.3,A,tent", "flood,0.2,A,tent")}, "one chance"),
        ({"needs": FILES["needs"].replace("tent", "boat")}, "table of items"),
        ({"roads": FILES["roads"].replace("flood", "fire")}, "no scenario"),
        ({"depots": FILES["depots"].replace("60", "")}, "number is missing"),
        ({"items": FILES["items"] + "mask,1,1,,,,,,\n"}, "an item has one row"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path, changed, what):
    with pytest.raises((BadInput, BadUse)) as caught:
        sent(tmp_path, **changed)
    assert what in str(caught.value)


def test_from_the_command_line_in_both_languages():
    words = ("run", "bed_surge", "beds=100", "arrivals=8", "stay=10", "casualties=60")
    assert "beds run out at hour" in fine(*words, language="en")
    assert "床位用尽" in fine(*words, language="zh")

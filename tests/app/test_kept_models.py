"""Models run on files whose answers land on objects of a city: what is kept is what a check then reads."""

import json
from datetime import date, timedelta

import numpy as np
import pytest
import shapely

from app.line import fine, refused
from processes.test_leakage_balance import made
from tulou.app.wiring import last_day, open_city
from tulou.model.geography import to_geographic

BAD_USE = 4
NOT_ENOUGH = 2
KINDS = "red_line,farmland,water_source_1,water_source_2,reserve"
HEAD = "zone,dimension,verdict,clause,process,quantity,at_most\n"


def rows_of(place, entity):
    city = open_city(place)
    return city.state(valid=last_day(city)).rows(entity)


def explained(place, indicator):
    """What a new check says of an indicator."""
    fine("check", place, "--indicator", indicator, "--format", "none")
    return fine("explain", place, indicator).splitlines()


def polygons(path, shapes, **columns):
    features = [
        {
            "type": "Feature",
            "properties": {name: values[at] for name, values in columns.items()},
            "geometry": shapely.geometry.mapping(shape),
        }
        for at, shape in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_leakage_of_districts_adds_up_in_the_city(own, tmp_path):
    assert "—" in explained(own, "metered_leakage")[0]
    first = made(tmp_path, leak=12.0)
    words = ("run", "leakage_balance", f"inflow={first}", "night_use=2", "--city", own, "--keep")
    (inside,) = to_geographic(rows_of(own, "community").shapes[:1], open_city(own).profile.crs)
    area = polygons(tmp_path / "area.geojson", [inside])
    fine(*words, "district=DMA-7", f"area={area}", "datum=WGS84")
    (tmp_path / "more").mkdir()
    second = made(tmp_path / "more", leak=24.0, more=1.0)
    fine("run", "leakage_balance", f"inflow={second}", "night_use=2", "district=DMA-8", "--city", own, "--keep")
    rows = rows_of(own, "metered_district")
    assert rows.ids.tolist() == ["DMA-7", "DMA-8"]
    assert rows.numbers("night_flow_risen").tolist() == [0, 1]
    assert rows.numbers("leakage") == pytest.approx([12 * 24, (24 + 11 / 30) * 24], rel=0.01)
    assert rows.numbers("leakage_index") == pytest.approx([float("nan")] * 2, nan_ok=True)
    assert rows.shapes[0].area > 0
    assert rows.shapes[1] is None
    share = 100 * rows.numbers("leakage").sum() / rows.numbers("inflow").sum()
    assert f"{share:.6g} percent" in explained(own, "metered_leakage")[0]
    assert ": 1 " in explained(own, "rising_night_flows")[0]


def test_a_district_without_an_id_is_not_kept(own, tmp_path):
    words = ("run", "leakage_balance", f"inflow={made(tmp_path)}", "night_use=2", "--city", own)
    assert "nothing can be kept" in fine(*words)
    assert "no facts of the city" in refused(BAD_USE, *words, "--keep")
    area = polygons(tmp_path / "area.geojson", [shapely.box(0, 0, 1, 1)])
    assert "district that is named" in refused(BAD_USE, *words, f"area={area}", "datum=WGS84")
    line = polygons(tmp_path / "line.geojson", [shapely.LineString([(119.3, 26), (119.31, 26)])])
    assert "one or more polygons" in refused(3, *words, "district=a", f"area={line}", "datum=WGS84")


@pytest.fixture
def zoning(tmp_path):
    """Two zones, one of which prohibits all, and rules."""
    zones = polygons(
        tmp_path / "zones.geojson",
        [shapely.box(119.0, 26.0, 119.05, 26.1), shapely.box(119.05, 26.0, 119.1, 26.1)],
        unit=["P1", "K1"],
        kind=["priority", "key"],
    )
    rules = tmp_path / "rules.csv"
    rules.write_text(HEAD + "P1,space,prohibited,no works,,,\nK1,emission,conditional,at most 10,,COD,10\n", "utf-8")
    return ("run", "zoning_check", f"zones={zones}", f"rules={rules}", f"complete={KINDS}", "datum=WGS84")


def site(path, west):
    return polygons(path, [shapely.box(west, 26.01, west + 0.005, 26.015)])


def test_answers_of_zoning_are_kept_on_projects_and_unknown_is_no_pass(own, tmp_path, zoning):
    states = {"project-1": (119.01, ""), "project-2": (119.07, "amounts=COD=3"), "project-3": (119.07, "amounts=NOx=3")}
    for name, (west, amounts) in states.items():
        given = [f"project={site(tmp_path / f'{name}.geojson', west)}", f"id={name}", *filter(None, [amounts])]
        fine(*zoning, *given, "--city", own, "--keep")
    rows = rows_of(own, "project")
    told = {one: at for at, one in enumerate(rows.ids.tolist())}
    answers = [rows.texts("zoning_answer")[told[name]] for name in states]
    assert answers == ["prohibited", "nothing_against", None]
    flags = [rows.numbers("zoning_prohibited")[told[name]] for name in states]
    assert flags == pytest.approx([1, 0, float("nan")], nan_ok=True)
    said = "\n".join(explained(own, "zoning_conflicts"))
    assert "project-1: 1 1 / 1" in said
    assert "project-2: 0 1 / 1" in said
    assert "project-3: ? / 1" in said
    # The land that was judged is now the land on record, and can be judged again without a file.
    again = fine(*zoning, "id=project-1", "--city", own)
    assert "Clauses prohibit" in again


def test_projects_that_cannot_be_judged(own, zoning):
    assert "no land of this project" in refused(NOT_ENOUGH, *zoning, "id=project-1", "--city", own)
    assert "did you mean" in refused(NOT_ENOUGH, *zoning, "id=projct-1", "--city", own)
    assert "没有登记这个项目" in refused(NOT_ENOUGH, *zoning, "id=x", "--city", own, language="zh")
    assert "land of a project is needed" in refused(BAD_USE, *zoning)
    assert "land of a project is needed" in refused(BAD_USE, *zoning, "--city", own)


def test_supplies_that_lack_are_kept_on_communities(own, tmp_path):
    communities = rows_of(own, "community")
    ids = communities.ids.tolist()
    (tmp_path / "items.csv").write_text("item,price,penalty\nmask,1,100\ntent,50,1000\n", "utf-8")
    (tmp_path / "depots.csv").write_text("place,item,stock\nD,mask,1000000\nD,tent,3\n", "utf-8")
    needs = ["scenario,chance,place,item,need", *(f"flood,1,{one},mask,10" for one in ids), f"flood,1,{ids[0]},tent,4"]
    (tmp_path / "needs.csv").write_text("\n".join([*needs, "flood,1,Harbour,mask,5"]) + "\n", "utf-8")
    ways = [f"D,{one},1" for one in [*ids, "Harbour"]]
    (tmp_path / "roads.csv").write_text("\n".join(["from,to,hours", *ways]) + "\n", "utf-8")
    files = [f"{name}={tmp_path / name}.csv" for name in ("items", "depots", "needs", "roads")]
    said = fine("run", "reserve_dispatch", *files, "--city", own, "--keep")
    assert "1 names are no communities of the city, such as Harbour" in said
    rows = rows_of(own, "community")
    assert dict(zip(rows.ids, rows.numbers("reserve_cover"), strict=True)) == pytest.approx(
        {one: 75 if one == ids[0] else 100 for one in ids}
    )
    assert rows.numbers("reserves_lacking").sum() == 1
    assert ": 1 " in explained(own, "reserve_shortages")[0]


def test_views_are_kept_on_buildings_and_unknown_heights_are_no_pass(own, tmp_path):
    place = open_city(own)
    west, south, east, north = shapely.total_bounds(rows_of(own, "building").shapes)
    ends = to_geographic(np.asarray(shapely.points([(west, south), (east, north)]), object), place.profile.crs)
    path = tmp_path / "views.csv"
    head = "name,view_longitude,view_latitude,landmark_longitude,landmark_latitude,width,threshold"
    places = ",".join(f"{one.x!r},{one.y!r}" for one in ends)
    path.write_text(f"{head}\nHill,{places},100,3\n", "utf-8")
    words = ("run", "view_corridor", "--city", own, f"corridors={path}")
    assert "突破" in fine(*words, language="zh")
    assert "rows of facts kept" in fine(*words, "--keep")
    kept = rows_of(own, "building")
    pierced, unknown = (kept.numbers("view_pierced") > 0).sum(), np.isnan(kept.numbers("view_pierced"))
    assert pierced > 0
    assert not (unknown & (kept.numbers("view_height_allowed") >= 0)).any(), "all heights of this city are known"
    assert f": {pierced} " in explained(own, "view_corridor_breaches")[0]
    path.write_text(f"{head}\nHill,{places},100,\n", "utf-8")
    assert "没有写明" in refused(3, *words, language="zh")


def yearly(place, name):
    return rows_of(place, "yearly_statistics").numbers(name)[0]


def test_loads_of_sewage_are_those_of_the_year_on_record(own, tmp_path):
    year = int(yearly(own, "year"))
    plants = tmp_path / "plants.csv"
    plants.write_text("plant,flow,bod5\nEast,120000,110\n", "utf-8")
    words = ("run", "sewage", f"plants={plants}", "people=1000000", "--city", own)
    assert "No year was given" in fine(*words)
    before = yearly(own, "sewage_load_collected")
    assert f"results of {year - 1} are not mixed" in fine(*words, f"year={year - 1}")
    assert "no facts of the city" in refused(BAD_USE, *words, f"year={year - 1}", "--keep")
    assert yearly(own, "sewage_load_collected") == before
    others = yearly(own, "commuters")
    fine(*words, f"year={year}", "--keep")
    days = 366 if year % 4 == 0 else 365
    assert yearly(own, "sewage_load_collected") == pytest.approx(120_000 * 110 * 1e-6 * days)
    assert yearly(own, "sewage_load_discharged") == pytest.approx(1e6 * 45e-6 * days)
    assert yearly(own, "commuters") == others
    assert "29.3333 percent" in explained(own, "sewage_collection")[0]
    plants.write_text("plant,flow,bod5\nEast,120000,110\nWest,5000,\n", "utf-8")
    fine(*words, f"year={year}", "--keep")
    assert "—" in explained(own, "sewage_collection")[0], "a plant that is unknown leaves the rate unknown"


def air(path, year, days=None, bad=10):
    """A year of clean air with some bad days, by the coarse dust alone unknown in two."""
    start = date(year, 1, 1)
    count = days or (date(year, 12, 31) - start).days + 1
    lines = ["date,pm25,pm10,so2,no2,co,o3"]
    for number in range(count):
        pm25 = 200 if number < bad else 10
        blank = "" if number in {bad, bad + 1} else pm25
        lines.append(f"{start + timedelta(days=number)},{blank},20,5,10,0.5,50")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_good_days_of_a_whole_year_are_kept(own, tmp_path):
    year = int(yearly(own, "year"))
    words = ("run", "aqi", "--city", own)
    assert "No year is on record as a whole" in fine(*words, f"record={air(tmp_path / 'part.csv', year, 300)}")
    whole = air(tmp_path / "whole.csv", year)
    assert "by a standard that was named are not kept" in fine(*words, f"record={whole}", "standard=hj633_2026")
    fine(*words, f"record={whole}", "--keep")
    days = 366 if year % 4 == 0 else 365
    assert yearly(own, "valid_air_days") == days - 2
    assert yearly(own, "good_air_days") == days - 12
    assert f"{100 * (days - 12) / (days - 2):.6g} percent" in explained(own, "good_air_days")[0]


def test_grades_of_water_are_kept_and_what_cannot_be_told_is_unknown(own, tmp_path):
    water = rows_of(own, "water")
    name = water.texts("name")[0]
    head = "body,point,date,transparency,oxygen,redox,ammonia,treated\n"
    good, heavy = "40,5,100,1", "5,0.1,-250,20"
    samples = tmp_path / "samples.csv"

    def month(values, number, body=name, points="ABC"):
        rows = ((point, day) for point in points for day in (3, 9, 15))
        return "".join(f"{body},{point},2026-{number:02d}-{day:02d},{values},2026-01-01\n" for point, day in rows)

    words = ("run", "black_odour", f"samples={samples}", "--city", own)
    samples.write_text(
        head + month(heavy, 2) + month(heavy, 3) + month(good, 4) + month(heavy, 5) + month(good, 6), "utf-8"
    )
    fine(*words, "--keep")
    rows = rows_of(own, "water")
    assert rows.numbers("black_odorous")[0] == 0, "clear in its latest month"
    assert rows.numbers("relapse_events")[0] == 2, "February and March are one, May another"
    assert ": 2 " in explained(own, "water_relapses")[0]
    samples.write_text(head + month(heavy, 2) + month(good, 3, points="A") + month(good, 3, body="elsewhere"), "utf-8")
    assert "1 names are no waters of the city, such as elsewhere" in fine(*words, "--keep")
    rows = rows_of(own, "water")
    assert np.isnan(rows.numbers("relapse_events")[0])
    assert np.isnan(rows.numbers("black_odorous")[0])
    samples.write_text(head + month(good, 2) + month(good, 2, body=water.ids[0]), "utf-8")
    assert "同一水体" in refused(3, *words, language="zh")


def test_losses_of_a_year_are_kept_on_communities(own, tmp_path):
    ids = rows_of(own, "community").ids.tolist()
    name = rows_of(own, "community").texts("name")[0]
    assets, events, curves = (tmp_path / f"{one}.csv" for one in ("assets", "events", "curves"))
    curves.write_text(
        "hazard,type,intensity,ratio\nwind,house,0,0\nwind,house,100,1\nflood,house,0,0\nflood,house,2,1\n"
    )
    rows = [*(f"a{at},house,1000,{one}" for at, one in enumerate(ids)), f"b,house,3000,{name}", "c,house,50,Harbour"]
    assets.write_text("\n".join(["id,type,value,unit", *rows, "d,house,70,"]) + "\n", "utf-8")
    events.write_text(
        "event,hazard,id,intensity,frequency\nE1,wind,a0,50,0.1\nE1,flood,a0,1,0.1\nE2,wind,b,20,0.02\nE2,wind,d,20,0.02\n"
    )
    words = ("run", "risk_spectrum", f"exposure={assets}", f"events={events}", f"curves={curves}", "--city", own)
    assert "no losses can be kept" in fine(*words)
    assert "no facts of the city" in refused(BAD_USE, *words, "--keep")
    words = (*words, "value_unit=yuan", "--keep")
    said = fine(*words)
    assert "1 names are no communities of the city, such as Harbour" in said
    assert "1 assets name no unit" in said
    # Wind and flood take 0.75 of 1,000 once in ten years; wind takes 0.2 of 3,000 once in fifty.
    expected = {one: 75 + 12 if one == ids[0] else 0 for one in ids}
    kept = rows_of(own, "community")
    assert dict(zip(kept.ids, kept.numbers("expected_yearly_loss"), strict=True)) == pytest.approx(expected)
    assert ": 87 " in explained(own, "expected_yearly_loss")[0]
    assets.write_text(assets.read_text("utf-8").replace("a1,house,1000", "a1,house,"), "utf-8")
    events.write_text(events.read_text("utf-8") + "E2,wind,a1,20,0.02\n", "utf-8")
    assert f"入库为未知：如 {ids[1]}" in fine(*words, language="zh")
    kept = rows_of(own, "community")
    told = dict(zip(kept.ids, kept.numbers("expected_yearly_loss"), strict=True))
    assert np.isnan(told[ids[1]]), "struck, and of unknown value: unknown, not zero"
    assert told[ids[0]] == pytest.approx(87)

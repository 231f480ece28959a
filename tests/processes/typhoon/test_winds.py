"""Winds of typhoons over places, polygons of Fujian and the units of a made city."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.line import fine
from processes.made_city import box, city
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

TRACK = (
    "storm,name,time,lat,lon,pressure\n"
    "A,Alpha,2016-09-14 06:00,22.4,119.9,940\nA,Alpha,2016-09-14 18:00,24.6,118.0,960\n"
    "A,Alpha,2016-09-15 00:00,25.5,117.2,985\n"
    "B,Beta,2020-08-01 00:00,15.0,130.0,990\n"
)
PLACES = "name,lon,lat\nXiamen,118.1,24.5\nFuzhou,119.3,26.1\nBeijing,116.4,39.9\n"


def ran(folder, tracks=TRACK, places=PLACES, state=None, **given):
    for name, text in (("tracks", tracks), ("places", places)):
        if isinstance(text, Path):
            given[name] = text
        elif text is not None:
            path = folder / f"{name}.csv"
            path.write_text(text, "utf-8")
            given[name] = path
    process = processes()["typhoon_wind"]
    return process.run(Run(process.values(given), state))


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name)


def test_the_nearest_place_has_the_strongest_wind(tmp_path):
    outcome = ran(tmp_path)
    rows = {row[0]: row for row in table(outcome, "places").rows}
    assert rows["Xiamen"][1] > 35
    assert rows["Xiamen"][1] > rows["Fuzhou"][1] > 5
    assert rows["Beijing"][1:3] == [0.0, None]
    assert rows["Xiamen"][2] == "A Alpha"
    assert rows["Xiamen"][3] > 20
    assert rows["Beijing"][3] == 0
    assert rows["Xiamen"][4] > 0
    assert [row[0] for row in table(outcome, "storms").rows] == ["A Alpha"]
    assert "Xiamen (A Alpha)" in outcome.answer[0].en


def test_return_periods_are_those_of_the_record(tmp_path):
    outcome = ran(tmp_path, years=20, periods="15,20,50")
    row = table(outcome, "places").rows[0]
    # Two storms in 20 years: the one that does not reach the place has rank 2 and 10 years.
    assert row[5:7] == pytest.approx([row[1] / 2, row[1]])
    assert row[7] is None
    head, *events = outcome.files["typhoon_events.csv"].decode().splitlines()
    assert head == "event,hazard,id,intensity,frequency"
    assert {row.split(",")[0] for row in events} == {"A"}
    assert all(float(row.split(",")[4]) == 0.05 for row in events)
    assert {row.split(",")[1] for row in events} == {"wind", "rain"}
    assert all(float(row.split(",")[3]) > 25.7 for row in events if ",wind," in row)
    assert not ran(tmp_path).files


def test_its_events_go_into_the_risk_spectrum(tmp_path):
    outcome = ran(tmp_path, years=20)
    for name, text in (
        ("events", outcome.files["typhoon_events.csv"].decode()),
        ("exposure", "id,type,value,unit\nXiamen,city,1000,Xiamen\nFuzhou,city,500,Fuzhou\n"),
        ("curves", "hazard,type,intensity,ratio\nwind,city,25.7,0\nwind,city,80,0.5\nrain,city,0,0\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    process = processes()["risk_spectrum"]
    given = {name: tmp_path / f"{name}.csv" for name in ("events", "exposure", "curves")}
    found = process.run(Run(process.values(given)))
    wind = {row[0]: row[1] for row in table(outcome, "places").rows}["Xiamen"]
    expected = 1000 * 0.5 * (wind - 25.7) / (80 - 25.7) / 20
    assert found.figures[0].value == pytest.approx(expected, rel=1e-3)


def test_points_without_a_pressure_are_said(tmp_path):
    outcome = ran(tmp_path, TRACK.replace("24.6,118.0,960", "24.6,118.0,").replace("130.0,990", "130.0,"))
    assert "2 points" in outcome.warnings[0].en
    assert "1 storms" in outcome.warnings[0].en
    with pytest.raises(NotEnoughData, match="known pressure"):
        ran(tmp_path, "storm,time,lat,lon,pressure\nA,2016-09-14 06:00,22.4,119.9,\n")


def test_polygons_of_fujian_and_its_landfalls(tmp_path):
    report = json.loads(shared("fj_province/typhoon/landfall-audit-report.json").read_text("utf-8"))
    lines = ["storm,time,lat,lon,pressure"]
    for one in report["anomalies"]:
        fall = one.get("landfall")
        if one.get("indexLandFujian") and fall and fall.get("pressure"):
            lines.append(f"{one['id']},{fall['time']},{fall['lat']},{fall['lng']},{fall['pressure']}")
    outcome = ran(
        tmp_path,
        "\n".join(lines) + "\n",
        places=shared("fj_province/boundary/datav_350000_full.json"),
        datum="gcj02",
        years=78,
    )
    rows = {row[0]: row for row in table(outcome, "places").rows}
    assert set(rows) == {"福州市", "厦门市", "莆田市", "三明市", "泉州市", "漳州市", "南平市", "龙岩市", "宁德市"}
    coast, inland = max(rows[name][1] for name in ("厦门市", "泉州市", "漳州市")), rows["南平市"][1]
    assert coast > inland
    assert all(np.isfinite(row[1]) and row[1] < 90 for row in rows.values())
    assert all(row[3] is None for row in rows.values())
    assert any("single point" in one.en for one in outcome.assumptions)


def test_units_of_a_city_are_the_places(tmp_path):
    state = city(district={"id": ["d"], "name": ["Gulou"], "geometry": [box(0, 0, 1000, 1000)]})
    outcome = ran(tmp_path, places=None, state=state)
    assert [row[0] for row in table(outcome, "places").rows] == ["Gulou"]
    with pytest.raises(NotEnoughData, match="no units"):
        ran(tmp_path, places=None, state=state, level="block")
    with pytest.raises(BadUse, match="places are given"):
        ran(tmp_path, places=None)


@pytest.mark.parametrize(
    ("places", "what"),
    [
        ("name,lon,lat\nXiamen,24.5,118.1\n", "longitude and latitude"),
        ("name,lon\nXiamen,24.5\n", "needed column"),
        ("name,lon,lat\nXiamen,,24.5\n", "longitude and latitude"),
    ],
)
def test_places_that_are_none_are_refused(tmp_path, places, what):
    with pytest.raises(BadInput, match=what):
        ran(tmp_path, places=places)


def test_geojson_that_is_none_is_refused(tmp_path):
    path = tmp_path / "places.geojson"
    for text, what in (('{"features": []}', "no place"), ('{"a": 1}', "no GeoJSON"), ("{", "no GeoJSON")):
        path.write_text(text, "utf-8")
        with pytest.raises(BadInput, match=what):
            ran(tmp_path, places=path)


def test_run_from_the_command_line(tmp_path):
    tracks, places = tmp_path / "t.csv", tmp_path / "p.csv"
    tracks.write_text(TRACK, "utf-8")
    places.write_text(PLACES, "utf-8")
    assert "12 级以上 1 处" in fine("run", "typhoon_wind", f"tracks={tracks}", f"places={places}", language="zh")

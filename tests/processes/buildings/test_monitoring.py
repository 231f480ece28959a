"""Monitoring of buildings on made readings: alarms, rest, and what cannot be judged."""

from datetime import date, timedelta

import numpy as np
import pytest

from app.line import fine
from processes.made_city import box, city
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.processes.buildings.rules import rules
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

START = date(2025, 1, 1)
DAYS = np.arange(0, 181, 10)


def rows(building, settlement=None, tilt=None, *, point="p", days=DAYS, storeys="", height="", warmth=None):
    lines = []
    for place, day in enumerate(days):
        cells = [
            building,
            point,
            (START + timedelta(days=int(day))).isoformat(),
            "" if settlement is None else f"{settlement[place]}",
            "" if tilt is None else f"{tilt[place]}",
            "" if warmth is None else f"{warmth[place]}",
            str(storeys),
            str(height),
        ]
        lines.append(",".join(cells))
    return lines


def ran(folder, *parts, state=None, **given):
    path = folder / "readings.csv"
    head = "building,point,date,settlement,tilt,temperature,storeys,height"
    path.write_text("\n".join([head, *(line for part in parts for line in part)]) + "\n", "utf-8")
    process = processes()["building_monitoring"]
    return process.run(Run(process.values({"readings": path, **given}), state))


def states(outcome):
    return {(row[0], row[2].en): row[3].en for row in outcome.tables[0].rows}


def test_settlement_that_runs_alarms_and_that_comes_to_rest_does_not(tmp_path):
    outcome = ran(
        tmp_path,
        rows("fast", DAYS * 5 / 30),
        rows("slow", DAYS * 3 / 30),
        rows("rest", 30 * (1 - np.exp(-DAYS / 10)) + DAYS * 1e-3),
        rows("rebound", -DAYS * 5 / 30),
    )
    assert states(outcome) == {
        ("fast", "settlement"): "alarm",
        ("slow", "settlement"): "still moving",
        ("rest", "settlement"): "at rest",
        ("rebound", "settlement"): "still moving",
    }
    assert "above 4 mm a month, 2 times in a row" in outcome.answer[1].en
    assert "1 alarm" in outcome.answer[0].en


def test_one_month_above_the_limit_is_no_alarm(tmp_path):
    jump = np.where(DAYS > 150, 6.0, 0.0) * (DAYS - 150) / 30 + 1e-3 * DAYS
    assert states(ran(tmp_path, rows("b", jump)))[("b", "settlement")] != "alarm"


def test_what_cannot_be_judged_is_never_at_rest(tmp_path):
    outcome = ran(
        tmp_path,
        rows("few", [0, 1, 2], days=DAYS[:3]),
        rows("short", DAYS[:5] * 5 / 30, days=DAYS[:5]),
        rows("dead", np.full(len(DAYS), 3.0)),
        rows("gap", DAYS[[0, 1, 2, 3, 18]] * 5 / 30, days=DAYS[[0, 1, 2, 3, 18]]),
        rows("lean", tilt=np.linspace(0.1, 0.2, len(DAYS))),
    )
    found = states(outcome)
    assert set(found.values()) == {"U (cannot be judged)"}
    assert "5 cannot be judged" in outcome.answer[0].en
    assert "Not to be taken as safe" in outcome.warnings[0].en


def test_a_building_is_as_grave_as_its_gravest_point(tmp_path):
    outcome = ran(tmp_path, rows("b", DAYS * 5 / 30, point="1"), rows("b", DAYS * 1e-3 + 0.01, point="2"))
    assert {one.name: one.value for one in outcome.figures} == {"alarm": 1, "U": 0, "watch": 0, "still": 0}


def test_warmth_is_no_settlement(tmp_path):
    warmth = 20 + 12 * np.sin(2 * np.pi * DAYS / 365)
    outcome = ran(tmp_path, rows("b", 1.5 * warmth + DAYS * 1e-3, warmth=warmth))
    assert states(outcome)[("b", "settlement")] == "at rest"
    without = ran(tmp_path, rows("b", 1.5 * warmth + DAYS * 1e-3))
    assert states(without)[("b", "settlement")] != "at rest"


@pytest.mark.parametrize(
    ("storeys", "height", "limit"),
    [
        (2, 6, 3.0),
        (6, 18, 2.0),
        (6, np.nan, np.nan),
        (10, 24, 2.0),
        (10, 24.1, 0.7),
        (20, 60, 0.7),
        (np.nan, 61, 0.5),
        (30, 100, 0.5),
        (40, 101, np.nan),
        (np.nan, np.nan, np.nan),
        (np.nan, 10, np.nan),
        (2, np.nan, 3.0),
    ],
)
def test_limits_of_tilt(storeys, height, limit):
    found = rules().tilt_limit(storeys, height)
    assert found == pytest.approx(limit, nan_ok=True)


def test_tilt_twice_above_its_limit_alarms_and_growth_of_high_buildings_too(tmp_path):
    steady = np.full(len(DAYS), 2.1) + np.arange(len(DAYS)) * 1e-4
    once = np.where(DAYS == 180, 2.5, 1.0) + np.arange(len(DAYS)) * 1e-4
    growing = 0.06 / 30 * DAYS
    outcome = ran(
        tmp_path,
        rows("steady", tilt=steady, storeys=6, height=18),
        rows("once", tilt=once, storeys=6, height=18),
        rows("growing", tilt=growing, storeys=16, height=48),
        rows("fine", tilt=growing / 10, storeys=16, height=48),
    )
    assert states(outcome) == {
        ("steady", "tilt"): "alarm",
        ("once", "tilt"): "at rest",
        ("growing", "tilt"): "alarm",
        ("fine", "tilt"): "at rest",
    }


def test_beside_a_building_site_days_count(tmp_path):
    days = np.arange(0, 100)
    values = np.where(days > 96, (days - 96) * 2.5, 0.0) + days * 1e-4
    assert states(ran(tmp_path, rows("b", values, days=days)))[("b", "settlement")] != "alarm"
    assert states(ran(tmp_path, rows("b", values, days=days), adjacent="b"))[("b", "settlement")] == "alarm"
    with pytest.raises(BadInput, match="no readings"):
        ran(tmp_path, rows("b", values, days=days), adjacent="c")


def test_a_city_tells_heights_and_takes_alarms(tmp_path):
    state = city(
        building={
            "id": ["low", "moving", "open"],
            "storeys": [6.0, 6.0, None],
            "height": [18.0, 18.0, None],
            "geometry": [box(0, 0, 9, 9), box(20, 0, 29, 9), box(40, 0, 49, 9)],
        }
    )
    tilt = 0.1 + np.arange(len(DAYS)) * 1e-4
    outcome = ran(
        tmp_path,
        rows("low", tilt=tilt),
        rows("moving", DAYS * 5 / 30),
        rows("open", tilt=tilt),
        rows("stranger", DAYS * 5 / 30),
        state=state,
    )
    facts = outcome.facts[0].rows.to_pydict()
    assert facts == {"id": ["low", "moving", "open"], "movement_alarm": [False, True, None]}
    assert not ran(tmp_path, rows("stranger", DAYS * 5 / 30), state=state).facts


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ([rows("", DAYS)], "names its building"),
        ([rows("b", DAYS), rows("b", DAYS)], "once a day"),
    ],
)
def test_readings_that_are_none_are_refused(tmp_path, parts, what):
    with pytest.raises(BadInput, match=what):
        ran(tmp_path, *parts)


def test_empty_readings_say_so(tmp_path):
    with pytest.raises(NotEnoughData, match="no reading"):
        ran(tmp_path, rows("b"))
    path = tmp_path / "bare.csv"
    path.write_text("building,point,date\nb,p,2025-01-01\n", "utf-8")
    process = processes()["building_monitoring"]
    with pytest.raises(BadInput, match="needed column"):
        process.run(Run(process.values({"readings": path})))


def test_run_from_the_command_line(tmp_path):
    ran(tmp_path, rows("甲", DAYS * 5 / 30))
    path = tmp_path / "readings.csv"
    assert "连续 2 次超过 4 毫米/月" in fine("run", "building_monitoring", f"readings={path}", language="zh")


def cracks(building, widths, *, member="main_bars", point="c", days=DAYS):
    """Rows of a table of cracks."""
    return [
        f"{building},{point},{(START + timedelta(days=int(day))).isoformat()},{width},{member}"
        for day, width in zip(days, widths, strict=False)
    ]


def cracked(folder, *parts, state=None):
    path = folder / "cracks.csv"
    head = "building,point,date,裂缝宽度(mm),member"
    path.write_text("\n".join([head, *(line for part in parts for line in part)]) + "\n", "utf-8")
    process = processes()["building_monitoring"]
    return process.run(Run(process.values({"readings": path}), state))


def test_cracks_alarm_by_their_width_where_they_are(tmp_path):
    steady = np.array([0.3, 0.31, 0.3, 0.29, 0.3, 0.31])
    outcome = cracked(
        tmp_path,
        cracks("bars", [*steady, 0.51, 0.52]),
        cracks("tension", [*steady, 0.51, 0.52], member="受拉区"),
        cracks("slab", [*steady, 1.01, 1.2], member="tension"),
        cracks("limit", [*steady[::-1], 0.5, 0.5]),
        cracks("once", [*steady, 0.6, 0.3]),
        cracks("last", [*steady, 0.3, 0.6]),
        cracks("healed", [0.6, 0.6, *steady]),
        cracks("two", [0.6, 0.7]),
        cracks("few", [0.2, 0.2]),
        cracks("nobody", steady, member=""),
        cracks("rest", steady),
        cracks("wider", np.linspace(0.1, 0.4, 10)),
    )
    assert {name: state for (name, kind), state in states(outcome).items() if kind == "crack"} == {
        "bars": "alarm",
        "tension": "at rest",
        "slab": "alarm",
        "limit": "at rest",
        "once": "U (cannot be judged)",
        "last": "U (cannot be judged)",
        "healed": "at rest",
        "two": "alarm",
        "few": "U (cannot be judged)",
        "nobody": "U (cannot be judged)",
        "rest": "at rest",
        "wider": "still moving",
    }
    assert any("wider than 0.5 mm, 2 times in a row" in one.en for one in outcome.answer)
    assert any("Mann and Kendall" in one.en for one in outcome.assumptions)


def test_a_crack_is_as_grave_as_settlement_and_lands_on_the_city(tmp_path):
    state = city(building={"id": ["a", "b"], "geometry": [box(0, 0, 9, 9), box(20, 0, 29, 9)]})
    outcome = cracked(tmp_path, cracks("a", [0.6, 0.7]), cracks("b", [0.2, 0.2]), state=state)
    assert outcome.facts[0].rows.to_pydict() == {"id": ["a", "b"], "movement_alarm": [True, None]}


def test_places_of_cracks_that_are_none_are_refused(tmp_path):
    with pytest.raises(BadInput, match="not a place of a crack"):
        cracked(tmp_path, cracks("a", [0.6, 0.7], member="wall"))

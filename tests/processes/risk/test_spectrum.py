"""The risk spectrum on made registers, events and cascades, and on files that are none."""

import numpy as np
import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.risk.exposed import impacts_of

REGISTER = (
    "id,hazard,frequency,people,money,owner,review\n"
    "R1,flood,0.05,12,60000000,Water bureau,2025-12-31\n"
    "R2,fire,0.5,0.1,20000,Fire brigade,2026-06-30\n"
    "R3,quake,0.0005,,,Seismic bureau,2024-01-01\n"
)
EXPOSURE = "id,type,value,unit\nx,house,1000,East\ny,shop,500,West\nz,house,,West\n"
EVENTS = (
    "event,hazard,id,intensity,frequency\nE1,wind,x,40,0.02\nE1,wind,y,30,0.02\nE1,flood,x,1,0.02\nE2,wind,x,60,0.005\n"
)
ELSEWHERE = EVENTS.replace(",x,", ",q,").replace(",y,", ",q,")
CURVES = (
    "hazard,type,intensity,ratio\nwind,house,20,0\nwind,house,60,0.4\nwind,shop,20,0\nwind,shop,40,0.2\n"
    "flood,house,0,0\nflood,house,2,0.5\n"
)
CASCADE = "cause,effect,chance\ntyphoon,power,0.5\npower,pump,0.6\npump,flood,0.8\n"


def ran(folder, **given):
    for name, value in list(given.items()):
        if name in {"register", "exposure", "events", "curves", "cascade"}:
            path = folder / f"{name}.csv"
            path.write_text(value, "utf-8")
            given[name] = path
    process = processes()["risk_spectrum"]
    return process.run(Run(process.values(given)))


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name)


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def test_a_register_is_coloured_ranked_and_asked_for_its_reviews(tmp_path):
    outcome = ran(tmp_path, register=REGISTER, day="2026-03-01")
    risks = table(outcome, "risks")
    names = [column.name for column in risks.columns]
    assert "service" not in names
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in risks.rows}
    assert rows["R1"]["colour"].en == "red"
    assert rows["R2"]["colour"].en == "yellow"
    assert rows["R3"]["colour"].en == "cannot be graded"
    assert rows["R1"]["people"] == pytest.approx(0.6)
    assert rows["R1"]["money"] == pytest.approx(3e6)
    assert rows["R3"]["people"] is None
    assert (rows["R1"]["low"], rows["R1"]["high"]) == (1.0, 1.0)
    assert (rows["R3"]["low"], rows["R3"]["high"]) == (None, None)
    assert [row[0] for row in table(outcome, "overdue").rows] == ["R3", "R1"]
    assert table(outcome, "overdue").rows[1][3] == 60
    assert "1 cannot be graded; 2 are overdue" in outcome.answer[0].en


def test_colours_are_counted_by_place(tmp_path):
    lines = [
        f"{line},{place}" for line, place in zip(REGISTER.splitlines(), ("place", "East", "East", ""), strict=True)
    ]
    outcome = ran(tmp_path, register="\n".join(lines) + "\n", day="2026-03-01")
    places = table(outcome, "places")
    assert [column.name for column in places.columns] == ["place", "red", "orange", "yellow", "blue", "unknown"]
    assert {str(row[0]) if isinstance(row[0], str) else row[0].en: row[1:] for row in places.rows} == {
        "East": [1, 0, 1, 0, 0],
        "not told": [0, 0, 0, 0, 1],
    }


def test_hazards_of_one_event_strike_together(tmp_path):
    outcome = ran(tmp_path, exposure=EXPOSURE, events=EVENTS, curves=CURVES, periods="50,100,150,500")
    wind = 0.02 * (1000 * 0.2 + 500 * 0.1) + 0.005 * 1000 * 0.4
    flood = 0.02 * 1000 * 0.25
    joint = 0.02 * (1000 * (1 - 0.8 * 0.75) + 50) + 0.005 * 400
    found = figures(outcome)
    assert found["aai_wind"] == pytest.approx(wind)
    assert found["aai_flood"] == pytest.approx(flood)
    assert found["aai"] == pytest.approx(joint)
    assert joint < wind + flood
    assert outcome.balances[0].closes
    losses = [row[1] for row in table(outcome, "periods").rows]
    # E1 costs 450 once in 50 years, both together come once in 40; E2 costs 400.
    assert losses[0] == pytest.approx(450)
    assert losses[1:] == [None, None, None]
    units = {row[0]: row for row in table(outcome, "units").rows}
    assert units["East"][-1] + units["West"][-1] == pytest.approx(joint)
    assert "unknown value" in outcome.warnings[0].en


def test_places_without_anything_exposed_are_said(tmp_path):
    given = {"exposure": EXPOSURE, "curves": CURVES}
    outcome = ran(tmp_path, events=EVENTS + "E1,wind,far,50,0.02\n", **given)
    assert "At 1 places of the events nothing is exposed; they are left out: far." in outcome.warnings[0].en
    assert figures(outcome)["aai"] == figures(ran(tmp_path, events=EVENTS, **given))["aai"]


def test_what_has_no_curve_is_said(tmp_path):
    outcome = ran(tmp_path, exposure=EXPOSURE, events=EVENTS, curves=CURVES.replace("flood,house", "flood,hut"))
    assert "flood × house" in outcome.warnings[0].en
    assert figures(outcome)["aai_flood"] == 0


def test_a_cascade_is_told_with_its_chains(tmp_path):
    outcome = ran(tmp_path, cascade=CASCADE, start="typhoon")
    chances = {row[0]: row[1] for row in table(outcome, "cascade").rows}
    assert chances == pytest.approx({"typhoon": 100, "power": 50, "pump": 30, "flood": 24})
    assert table(outcome, "paths").rows[0] == ["typhoon → power → pump → flood", pytest.approx(24)]


def test_what_belongs_together_is_given_together(tmp_path):
    with pytest.raises(BadUse, match="together"):
        ran(tmp_path, exposure=EXPOSURE)
    with pytest.raises(BadUse, match="together"):
        ran(tmp_path, register=REGISTER)
    with pytest.raises(BadUse, match="nothing is given"):
        ran(tmp_path)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"register": REGISTER.replace("Water bureau", ""), "day": "2026-01-01"}, "an owner"),
        ({"register": REGISTER.replace("R2", "R1"), "day": "2026-01-01"}, "twice"),
        ({"register": REGISTER.replace("2025-12-31", "soon"), "day": "2026-01-01"}, "not a day"),
        ({"register": REGISTER.replace("0.05", "-1"), "day": "2026-01-01"}, "too small"),
        ({"exposure": EXPOSURE, "events": EVENTS.replace("x,1,0.02", "x,1,0.03"), "curves": CURVES}, "one frequency"),
        ({"exposure": EXPOSURE, "events": ELSEWHERE, "curves": CURVES}, "no event"),
        ({"exposure": EXPOSURE, "events": EVENTS + "E2,wind,x,50,0.005\n", "curves": CURVES}, "twice in one event"),
        ({"exposure": EXPOSURE, "events": EVENTS.replace("0.005", "0"), "curves": CURVES}, "above 0"),
        ({"exposure": EXPOSURE, "events": EVENTS, "curves": CURVES.replace("60,0.4", "60,1.4")}, "between 0 and 1"),
        ({"cascade": CASCADE + "flood,typhoon,0.1\n", "start": "typhoon"}, "circle"),
        ({"cascade": CASCADE + "flood,,0.1\n", "start": "typhoon"}, "a cause, an effect"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_refused(tmp_path, given, what):
    with pytest.raises(BadInput) as caught:
        ran(tmp_path, **given)
    assert what in str(caught.value)


def test_two_runs_are_the_same(tmp_path):
    one, other = (ran(tmp_path, register=REGISTER, day="2026-03-01") for _ in range(2))
    assert table(one, "risks").rows == table(other, "risks").rows
    assert np.isfinite([row[-1] for row in table(one, "risks").rows[:2]]).all()


def test_run_from_the_command_line_in_both_languages(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, "utf-8")
    assert "red 1" in fine("run", "risk_spectrum", f"register={path}", "day=2026-03-01")
    assert "红 1" in fine("run", "risk_spectrum", f"register={path}", "day=2026-03-01", language="zh")
    path.write_text(REGISTER.replace("Water bureau", ""), "utf-8")
    assert "责任单位" in refused(3, "run", "risk_spectrum", f"register={path}", "day=2026-03-01", language="zh")


def test_assets_that_are_struck_and_cannot_be_told(tmp_path):
    for name, text in {"e": EXPOSURE, "v": EVENTS + "E2,wind,z,40,0.005\n", "c": CURVES}.items():
        (tmp_path / name).write_text(text, "utf-8")
    files = [tmp_path / name for name in ("e", "v", "c")]
    assert impacts_of(*files).is_untold.tolist() == [False, False, True], "z has no value"
    (tmp_path / "v").write_text(EVENTS, "utf-8")
    assert not impacts_of(*files).is_untold.any(), "what is not struck loses nothing, whatever it is worth"
    (tmp_path / "c").write_text(CURVES.replace("flood,house", "flood,hut"), "utf-8")
    assert impacts_of(*files).is_untold.tolist() == [True, False, False], "x stands in a flood without a curve"

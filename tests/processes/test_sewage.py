"""The process of sewage on made plants and flows, and on files that are none."""

import numpy as np
import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

ONE = "plant,flow,bod5\nEast,120000,110\n"


def ran(folder, plants=ONE, flows=None, **given):
    (folder / "plants.csv").write_text(plants, "utf-8")
    given = {"plants": folder / "plants.csv", "people": 1e6, **given}
    if flows is not None:
        (folder / "flows.csv").write_text(flows, "utf-8")
        given["flows"] = folder / "flows.csv"
    process = processes()["sewage"]
    return process.run(Run(process.values(given)))


def figures(outcome):
    return {one.name: one for one in outcome.figures}


def test_the_rate_of_several_plants_is_that_of_their_loads(tmp_path):
    outcome = ran(tmp_path, "plant,flow,bod5\nEast,120000,110\nWest,60000,150\n")
    assert figures(outcome)["rate"].value == pytest.approx((120_000 * 110 + 60_000 * 150) / 45 / 1e6 * 100)
    assert figures(outcome)["bod5"].value == pytest.approx((120 * 110 + 60 * 150) / 180)
    assert [row[3] for row in outcome.tables[0].rows] == pytest.approx([293_333.3, 200_000], abs=0.1)


def test_an_unknown_plant_makes_a_lower_bound(tmp_path):
    outcome = ran(tmp_path, "plant,flow,bod5\nEast,120000,110\nWest,60000,\n")
    rate = figures(outcome)["rate"]
    assert rate.value == rate.low == pytest.approx(29.33, abs=0.01)
    assert np.isnan(rate.high)
    assert "at least 29.3 %" in outcome.answer[0].en
    assert "lower bound" in outcome.warnings[0].en
    with pytest.raises(NotEnoughData, match="no plant"):
        ran(tmp_path, "plant,flow,bod5\nWest,60000,\n")


def test_more_than_everybody_is_doubted(tmp_path):
    assert any("above 100 %" in one.en for one in ran(tmp_path, people=100_000).warnings)


def test_other_water_by_concentration(tmp_path):
    outcome = ran(tmp_path, sewage_a_person="200 L/day")
    assert figures(outcome)["other_water"].value == pytest.approx(100 * (1 - 110 / 225))
    assert "other_water" not in figures(ran(tmp_path))


def days(flows, rain):
    lines = [
        f"2025-06-{place + 1:02d},{flow},{fell}" for place, (flow, fell) in enumerate(zip(flows, rain, strict=True))
    ]
    return "date,flow,rain\n" + "\n".join(lines) + "\n"


def test_flows_of_days_are_parted_and_balanced(tmp_path):
    outcome = ran(tmp_path, flows=days([140, 140, 340, 340, 140, 140], [0, 0, 20, 0, 0, 0]), sewage=100)
    found = figures(outcome)
    # The day of rain and the day after are wet.
    assert found["infiltration"].value == pytest.approx(100 * (4 * 40 + 40 * (3 + 1) / 4) / 1240)
    assert outcome.balances[0].closes
    assert sum(found[name].value for name in ("infiltration", "inflow")) == pytest.approx(100 * (1240 - 600) / 1240)


def test_a_day_of_unknown_rain_and_the_day_after_are_left_out(tmp_path):
    outcome = ran(tmp_path, flows=days([140, 999, 999, 140], [0, "", 0, 0]), sewage=100)
    assert figures(outcome)["infiltration"].value == pytest.approx(100 * 40 / 140)


def test_what_belongs_together_is_given_together(tmp_path):
    with pytest.raises(BadUse, match="sewage of a day"):
        ran(tmp_path, flows=days([140], [0]))
    with pytest.raises(NotEnoughData, match="dry day"):
        ran(tmp_path, flows=days([140], [20]), sewage=100)


@pytest.mark.parametrize(
    ("plants", "flows", "what"),
    [
        ("plant,flow,bod5\nEast,-1,110\n", None, "too small"),
        ("plant,flow,bod5\nEast,1,110\nEast,2,100\n", None, "one row"),
        ("plant,flow,bod5\n,1,110\n", None, "one row"),
        ("plant,flow\nEast,1\n", None, "needed column"),
        ("plant,flow (mg/L),bod5\nEast,1,1\n", None, "different things"),
        (ONE, "date,flow,rain\n2025-06-01,1,0\n2025-06-01,1,0\n", "twice"),
        (ONE, "date,flow,rain\n2025-06-01,1,-1\n", "too small"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path, plants, flows, what):
    with pytest.raises(BadInput) as caught:
        ran(tmp_path, plants, flows, sewage=1)
    assert what in str(caught.value)


def test_units_of_headings_are_converted(tmp_path):
    outcome = ran(tmp_path, "厂名,水量（m3/s）,BOD5（g/m3）\n东厂,1.3888888889,110\n")
    assert figures(outcome)["rate"].value == pytest.approx(29.333, abs=1e-3)


def test_run_from_the_command_line_in_both_languages(tmp_path):
    path = tmp_path / "plants.csv"
    path.write_text(ONE, "utf-8")
    assert "29.3 %" in fine("run", "sewage", f"plants={path}", "people=1000000")
    assert "集中收集率29.3%" in fine("run", "sewage", f"plants={path}", "people=1000000", language="zh")
    assert "out of bounds" in refused(4, "run", "sewage", f"plants={path}", "people=0")
    path.write_text("plant,flow,bod5\nEast,1,110\nEast,2,100\n", "utf-8")
    assert "只占一行" in refused(3, "run", "sewage", f"plants={path}", "people=5", language="zh")

"""The processes of gas safety on made tables, and on tables that are none."""

import numpy as np
import pytest
import shapely

from processes.shelters.made import figures, state_of, table
from tulou.kernel.errors import BadInput, BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

HEAD = "unit,alarm,valve,hose,hose_kind,alarm_life\n"
GOOD = "a,2024-03-01,2022-01-01,2023-05-01,,\n"


def ran(folder, rows, state=None, **given):
    (folder / "homes.csv").write_text(HEAD + "".join(rows), "utf-8")
    process = processes()["gas_safety"]
    given = {"households": folder / "homes.csv", "day": "2026-06-30", **given}
    return process.run(Run(process.values(given), state))


def test_only_a_whole_set_in_date_counts_and_the_unknown_is_a_bound(tmp_path):
    rows = [GOOD * 6, "a,2020-01-01,2022-01-01,2023-05-01,,\n", "a,无,2022-01-01,2023-05-01,,\n",
            "a,2024-03-01,2022-01-01,2023-05-01,橡胶,\n", "a,2024-03-01,,2023-05-01,,\n"]  # fmt: skip
    found = ran(tmp_path, rows)
    cover = found.figures[0]
    assert (cover.value, cover.low, cover.high) == (60, 60, 70)
    states = {row[0].en: row[1:] for row in table(found, "devices").rows}
    assert states == {"alarm": [8, 1, 1, 0], "shut-off": [9, 0, 0, 1], "metal hose": [9, 0, 1, 0]}
    assert found.balances[0].closes
    assert "70.0 % if what is unknown" in found.answer[0].en


def test_devices_fall_due_in_the_year_they_do_and_a_life_on_record_counts(tmp_path):
    found = ran(tmp_path, [GOOD * 9, "a,2024-03-01,2022-01-01,2023-05-01,,2.5\n"], years=6)
    rows = table(found, "years").rows
    # Nine alarms of 2024-03 last five years, until 2029-03; one lasts until 2026-09.
    assert [row[1] for row in rows] == [1, 0, 9, 0, 0, 0]
    assert [row[2] for row in rows] == [0, 0, 0, 0, 0, 10]
    assert [row[4] for row in rows] == pytest.approx([90, 90, 0, 0, 0, 0])
    assert sum(height for _, height in found.plots[1].bars) == 30
    assert (np.diff(found.plots[0].lines[0].y) <= 0).all()


def test_small_units_are_told_together_and_one_alone_is_not_told(tmp_path):
    rows = [GOOD * 10, GOOD.replace("a,", "b,", 1) * 6, GOOD.replace("a,", "c,", 1) * 5]
    names = [row[0] if isinstance(row[0], str) else row[0].en for row in table(ran(tmp_path, rows), "units").rows]
    assert names == ["a", "units of fewer than 10 households"]
    few = ran(tmp_path, [GOOD * 10, GOOD.replace("a,", "b,", 1) * 3])
    assert [row[0] for row in table(few, "units").rows] == ["a"]


def test_a_city_learns_its_communities_and_no_others(tmp_path):
    state = state_of(community={"id": ["a", "b"], "geometry": [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]})
    rows = [GOOD * 2, "a,无,2022-01-01,2023-05-01,,\n", "b,,2022-01-01,2023-05-01,,\n", "x,无,无,无,,\n"]
    found = ran(tmp_path, rows, state)
    facts = found.facts[0].rows.to_pydict()
    assert facts == {"id": ["a", "b"], "gas_households": [3, 1], "gas_safe_households": [2, None]}
    assert "such as x" in found.warnings[0].en
    assert not ran(tmp_path, rows).facts


def test_tables_that_are_none_are_refused_with_their_rows(tmp_path):
    with pytest.raises(BadInput, match="not a day") as caught:
        ran(tmp_path, [GOOD, "a,soon,2022-01-01,2023-05-01,,\n"])
    assert "row 3, alarm" in str(caught.value)
    (tmp_path / "other.csv").write_text("unit,alarm\na,2024-01-01\n", "utf-8")
    with pytest.raises(BadInput, match="needed column"):
        ran(tmp_path, [GOOD], households=tmp_path / "other.csv")
    with pytest.raises(BadUse, match="input is needed"):
        processes()["gas_safety"].values({"households": tmp_path / "other.csv"})


def space(**given):
    process = processes()["gas_space"]
    return process.run(Run(process.values(given)))


def test_the_space_of_the_reference():
    found = figures(space())
    assert found["time_20"] == pytest.approx(6.3, abs=0.05)
    assert found["time_100"] == pytest.approx(41.6, abs=0.05)
    assert found["final"] == pytest.approx(10)
    assert "13.9 minutes" in space().answer[0].en


def test_a_space_that_is_aired_well_never_explodes():
    found = space(changes=10)
    assert "20 % of the lower explosive limit at most" in found.answer[0].en
    assert found.tables[0].rows[2][3] is None


def test_samples_are_graded_and_must_rise_in_time(tmp_path):
    path = tmp_path / "samples.csv"
    path.write_text("minute,lel\n0,5\n5,21\n30,25\n40,\n60,60\n", "utf-8")
    found = space(samples=path)
    assert [row[2] for row in found.tables[1].rows] == [None, 2, 3, None, 2]
    assert "first alarm at 5 minutes" in found.answer[1].en
    assert [row[2] for row in space(samples=path, near="people").tables[1].rows] == [None, 1, 3, None, 1]
    path.write_text("minute,lel\n5,5\n5,6\n", "utf-8")
    with pytest.raises(BadInput, match="rise"):
        space(samples=path)

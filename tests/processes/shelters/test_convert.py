"""Conversions beside all choices, the growing need, and inventories that are none."""

from itertools import product

import numpy as np
import pytest

from processes.shelters.made import figures, table
from tulou.kernel.errors import BadInput, BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.shelters.convert import conversions

HEAD = "name,beds,rooms,hours,cost,water,power,separated\n"
ROWS = "Hotel,,100,24,500,48,24,yes\nGym,300,,6,900,,12,no\nSchool,200,,6,300,24,24,no\nHall,400,,72,100,72,72,yes\n"


def ran(folder, rows=ROWS, need="100,200,400", **given):
    (folder / "stock.csv").write_text(HEAD + rows, "utf-8")
    process = processes()["dual_use"]
    return process.run(Run(process.values({"buildings": folder / "stock.csv", "need": need, **given})))


def chosen(outcome):
    return {row[0] for row in table(outcome, "chosen").rows if row[5] is not None}


@pytest.mark.parametrize("seed", range(10))
def test_conversions_are_the_best_of_all_choices(seed):
    draw = np.random.default_rng(seed)
    beds, hours = draw.integers(10, 90, 7).astype(float), draw.choice([3.0, 20, 60, 90], 7)
    cost, need, at = draw.integers(1, 50, 7).astype(float), np.array([60.0, 120, 200]), np.array([6.0, 24, 72])
    best = (np.inf, np.inf)
    for pick in product([False, True], repeat=7):
        some = np.array(pick)
        short = sum(max(n - beds[some & (hours <= t)].sum(), 0) for n, t in zip(need, at, strict=True))
        best = min(best, (short, cost[some].sum()))
    found = conversions(beds, hours, cost, need, at)
    assert (found.short.sum(), found.cost) == (pytest.approx(best[0], abs=1e-5), pytest.approx(best[1]))


def test_what_is_cheapest_and_in_time_is_converted(tmp_path):
    found = ran(tmp_path, use="100")
    # The school is in time for 100 and 200; the hall is cheap for the rest.
    assert chosen(found) == {"School", "Hall"}
    assert figures(found)["cost"] == 400
    assert all(balance.closes for balance in found.balances)


def test_a_need_that_cannot_be_met_is_told_and_is_no_error(tmp_path):
    found = ran(tmp_path, need="1000,1000,1000", use="100")
    assert [figures(found)[f"short_{hour}"] for hour in (6, 24, 72)] == [500, 300, 0]
    assert all(balance.closes for balance in found.balances)


def test_less_use_of_beds_needs_more_buildings(tmp_path):
    rows = table(ran(tmp_path), "sensitivity").rows
    assert [row[0] for row in rows] == pytest.approx([60, 70, 80])
    assert rows[0][2] >= rows[1][2] >= rows[2][2]


def test_what_lacks_water_or_is_unknown_is_left_out_with_the_reason(tmp_path):
    found = ran(tmp_path, ROWS + "Depot,,,6,1,99,99,yes\n", water=24, separated="needed")
    assert {row[0] for row in table(found, "left_out").rows} == {"Gym", "School", "Depot"}
    assert "3 buildings" in found.warnings[0].en
    assert chosen(found) <= {"Hotel", "Hall"}


def test_inventories_and_needs_that_are_none_are_refused(tmp_path):
    with pytest.raises(BadUse, match="one need for each hour"):
        ran(tmp_path, need="100,200")
    with pytest.raises(BadUse, match="rise"):
        ran(tmp_path, need="300,200,400")
    with pytest.raises(BadInput, match="needed in each row"):
        ran(tmp_path, "Hotel,100,,,5,,,\n")

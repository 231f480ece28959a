"""The process of isolation on a made network whose cuts are told by hand, and on tables that are none."""

import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

pytest.importorskip("wntr")
# R -ra- A -ab- B -bc- C, and a branch B -bd- D
MODEL = """[JUNCTIONS]
 A 0 1
 B 0 2
 C 0 3
 D 0 4
[RESERVOIRS]
 R 50
{tank}
[PIPES]
 ra R A 100 300 100 0 Open
 ab A B 200 300 100 0 Open
 bc B C 300 300 100 0 Open
 bd B D 400 300 100 0 Open
[OPTIONS]
 Units LPS
[END]
"""
VALVES = "link,node\nab,A\nbc,B\nbd,B\n"
USERS = "node,people,customers\nA,10,4\nB,20,8\nC,30,10\nD,40,13\n"


def ran(folder, valves=VALVES, users=USERS, tank="", **given):
    path = folder / "net.inp"
    path.write_text(MODEL.format(tank=tank), "utf-8")
    for name, text in (("valves", valves), ("users", users)):
        if text is not None:
            (folder / f"{name}.csv").write_text(text, "utf-8")
            given[name] = folder / f"{name}.csv"
    process = processes()["isolation_segments"]
    return process.run(Run(process.values({"network": path, **given})))


def table(outcome, name):
    return {row[0]: row for one in outcome.tables if one.name == name for row in one.rows}


def test_what_each_burst_takes_away(tmp_path):
    outcome = ran(tmp_path)
    pipes = {name: row[2] for name, row in table(outcome, "pipes").items()}
    # ra: all; ab lies with B: B and all beyond; bc and bd: their own ends.
    assert pipes == {"ra": 100, "ab": 90, "bc": 30, "bd": 40}
    found = {one.name: one.value for one in outcome.figures}
    assert found["segments"] == 4
    assert found["worst"] == 100
    assert found["mean"] == pytest.approx((100 * 100 + 200 * 90 + 300 * 30 + 400 * 40) / 1000)
    assert outcome.balances[0].closes
    segments = table(outcome, "segments")
    ab = segments[table(outcome, "pipes")["ab"][1]]
    assert ab[1:] == [1, 200, 3, 20, 90, 31]


def test_a_stuck_valve_takes_more(tmp_path):
    valves = {row[0]: row[3] for row in table_rows(ran(tmp_path), "valves")}
    # The valve of bc stuck during a burst of bc: B is shut too, and D is dry; 90 instead of 30.
    assert valves == {"bc": 60, "bd": 50, "ab": 10}


def table_rows(outcome, name):
    return next(one.rows for one in outcome.tables if one.name == name)


def test_a_second_source_keeps_the_far_end(tmp_path):
    outcome = ran(tmp_path, tank="[TANKS]\n T 40 5 0 10 10 0\n[PIPES]\n ct C T 50 300 100 0 Open\n")
    pipes = {name: row[2] for name, row in table(outcome, "pipes").items()}
    assert pipes == {"ra": 10, "ab": 60, "bc": 30, "ct": 30, "bd": 40}


def test_without_tables_it_says_what_it_assumes(tmp_path):
    outcome = ran(tmp_path, valves=None, users=None, demand_a_person=86.4)
    # Every pipe alone: 1 L/s is 1000 people.
    pipes = {name: row[2] for name, row in table(outcome, "pipes").items()}
    assert pipes == pytest.approx({"ra": 10_000, "ab": 9000, "bc": 3000, "bd": 4000})
    assert any("best case" in one.en for one in outcome.assumptions)
    with pytest.raises(NotEnoughData, match="people are told"):
        ran(tmp_path, users=None)


def test_unknown_people_make_a_lower_bound(tmp_path):
    outcome = ran(tmp_path, users=USERS.replace("C,30,10", "C,,10"))
    assert table(outcome, "pipes")["ab"][2] == 60
    assert any("lower bound" in one.en for one in outcome.warnings)


@pytest.mark.parametrize(
    ("valves", "users", "what"),
    [
        ("link,node\nxx,A\n", USERS, "no such part"),
        ("link,node\nab,X\n", USERS, "no such part"),
        ("link,node\nab,C\n", USERS, "end of its link"),
        ("link,node\nab,A\nab,A\n", USERS, "twice"),
        ("pipe,place\nab,A\n", USERS, "needed column"),
        (VALVES, "node,people\nX,5\n", "no such part"),
        (VALVES, "node,people\nA,-5\n", "too small"),
    ],
)
def test_tables_that_are_none(tmp_path, valves, users, what):
    with pytest.raises(BadInput) as caught:
        ran(tmp_path, valves, users)
    assert what in str(caught.value)


def test_from_the_command_line(tmp_path):
    ran(tmp_path)
    words = ("run", "isolation_segments", f"network={tmp_path / 'net.inp'}", f"users={tmp_path / 'users.csv'}")
    assert "最要紧的是管段 ra" in fine(*words, f"valves={tmp_path / 'valves.csv'}", language="zh")
    (tmp_path / "valves.csv").write_text("link,node\nxx,A\n", "utf-8")
    assert "管网中没有这一部分" in refused(3, *words, f"valves={tmp_path / 'valves.csv'}", language="zh")

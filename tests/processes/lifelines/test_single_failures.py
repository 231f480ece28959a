"""Supply under single failures, on a made network told by hand and on tables that are none."""

import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

# Two works feed a ring A-B-C; D hangs on C alone; E is joined to nothing.
NODES = """id,source,demand,people
Works 1,60,,
Works 2,60,,
A,,20,2000
B,,20,2000
C,,20,2000
D,,10,1000
E,,5,500
"""
LINKS = """id,start,end,capacity,direction
w1,Works 1,A,60,one
w2,Works 2,C,60,one
ab,A,B,40,
bc,B,C,40,both
cd,C,D,15,
"""


def ran(folder, nodes=NODES, links=LINKS):
    for name, text in (("nodes", nodes), ("links", links)):
        (folder / f"{name}.csv").write_text(text, "utf-8")
    process = processes()["supply_n1"]
    return process.run(Run(process.values({"nodes": folder / "nodes.csv", "links": folder / "links.csv"})))


def failures(outcome):
    return {row[1]: row[2:] for row in outcome.tables[0].rows}


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def test_who_is_cut_off_and_how_much_falls_short(tmp_path):
    outcome = ran(tmp_path)
    found = failures(outcome)
    # One works gives 60 of 70; the ring carries at most 40 to the far side.
    assert found["Works 1"] == [0, 0, pytest.approx(10), ""]
    assert found["w1"] == [0, 0, pytest.approx(10), ""]
    assert found["ab"] == [0, 0, 0, ""]
    assert found["cd"] == [1, 1000, 0, "D"]
    assert found["C"] == [1, 1000, 0, "D"]  # C itself fails: its own people are not told as cut off
    assert found["B"] == [0, 0, 0, ""]
    assert figures(outcome)["exposed"] == 1
    assert figures(outcome)["people"] == figures(outcome)["most"] == 1000
    assert figures(outcome)["hurting"] == 6
    assert any("joined to no source: E" in one.en for one in outcome.warnings)
    assert next(row[0] for row in outcome.tables[1].rows) == "D"


def test_one_source_is_a_single_point(tmp_path):
    outcome = ran(tmp_path, NODES.replace("Works 2,60", "Works 2,0"))
    found = failures(outcome)
    assert found["Works 1"][:3] == [4, 7000, 0]
    assert "Works 1" in outcome.answer[1].en
    assert found["ab"][:2] == [3, 5000]


def test_lines_without_a_capacity_carry_all(tmp_path):
    links = "start,end\nWorks 1,A\nWorks 2,C\nA,B\nB,C\nC,D\n"
    outcome = ran(tmp_path, links=links)
    assert failures(outcome)["Works 1–A"][2] == pytest.approx(10)
    assert any("carry whatever" in one.en for one in outcome.assumptions)


def test_unknown_people_make_a_lower_bound(tmp_path):
    outcome = ran(tmp_path, NODES.replace("D,,10,1000", "D,,10,"))
    assert failures(outcome)["cd"][:2] == [1, 0]
    assert any("lower bound" in one.en for one in outcome.warnings)


@pytest.mark.parametrize(
    ("nodes", "links", "error", "what"),
    [
        (NODES + "A,,1,1\n", LINKS, BadInput, "one row"),
        (NODES, LINKS + "x,A,Z,1,\n", BadInput, "ends at a node"),
        (NODES, LINKS + "x,A,B,1,sideways\n", BadInput, "one way or both"),
        (NODES, LINKS + "x,A,B,-1,\n", BadInput, "too small"),
        (NODES.replace("60", "0"), LINKS, NotEnoughData, "source and a demand"),
        ("id,source\nA,1\n", "start,end\nA,A\n", NotEnoughData, "source and a demand"),
    ],
)
def test_tables_that_are_none(tmp_path, nodes, links, error, what):
    with pytest.raises(error) as caught:
        ran(tmp_path, nodes, links)
    assert what in str(caught.value)


def test_from_the_command_line(tmp_path):
    ran(tmp_path)
    words = ("run", "supply_n1", f"nodes={tmp_path / 'nodes.csv'}", f"links={tmp_path / 'links.csv'}")
    assert "逐一失效" in fine(*words, language="zh")
    (tmp_path / "links.csv").write_text("start,end\nA,Z\n", "utf-8")
    assert "线路两端" in refused(3, *words, language="zh")

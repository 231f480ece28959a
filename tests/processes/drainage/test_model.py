"""Models built from tables and layers, and everything that may be wrong with them told at once."""

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely

from app.line import fine, refused
from processes.drainage.models import FORMULA
from tulou.kernel.errors import BadInput
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import read_model

NODES = """node,x,y,invert,ground,category,stage,area
A,500000,2880000,3.0,5.0,junction,,
B,500100,2880000,2.5,4.6,检查井,,
T,500200,2880000,1.8,4.5,storage,,400
OUT,500400,2880000,1.0,,outfall,1.2,
"""
PIPES = """pipe,from,to,diameter (mm),width,height,length,up,down
AB,A,B,600,,,,,
BT,B,T,,1000,800,105,,
TO,T,OUT,500,,,200,1.9,
"""
SUBCATCHMENTS = """subcatchment,node,area,impervious,slope,width
S1,A,1.0,100,1,100
S2,B,0.5,100,1,
"""
GIVEN = {"datum": "EPSG:4549", "height_datum": "1985"}


def ran(folder, nodes=NODES, pipes=PIPES, subcatchments=SUBCATCHMENTS, **given):
    named = {"nodes": nodes, "pipes": pipes, "subcatchments": subcatchments}
    paths = {}
    for name, text in named.items():
        if isinstance(text, str):
            paths[name] = folder / f"{name}.csv"
            paths[name].write_text(text, "utf-8")
        else:
            paths[name] = text
    process = processes()["drainage_model"]
    return process.run(Run(process.values({**paths, **GIVEN, **given})))


def faults(folder, **tables):
    with pytest.raises(BadInput) as caught:
        ran(folder, **tables)
    return [(one.what, one.where) for one in caught.value.faults]


def test_a_sound_model_runs_in_swmm(tmp_path):
    outcome = ran(tmp_path)
    path = tmp_path / "drainage_model.inp"
    path.write_bytes(outcome.files["drainage_model.inp"])
    run = simulate(Order(read_model(path)), patience=60)
    assert set(run.links.ids) == {"AB", "BT", "TO"}
    figures = {one.name: one.value for one in outcome.figures}
    assert figures == {"length": 405, "area": 1.5, "impervious": 100}
    text = path.read_text()
    assert "S2 G1 B 0.5 100 70.7107 1 0" in text
    assert "BT RECT_CLOSED 0.8 1" in text
    assert "OUT 1.000 FIXED 1.200" in text
    assert "TO T OUT 200.000 0.013 1.900 1.000 0 0" in text
    assert "1985" in text.splitlines()[1]


def test_what_is_built_can_be_checked(tmp_path):
    (tmp_path / "m.inp").write_bytes(ran(tmp_path).files["drainage_model.inp"])
    process = processes()["drainage_check"]
    given = {"model": tmp_path / "m.inp", **FORMULA, "periods": "2,20", "datum": "EPSG:4549"}
    outcome = process.run(Run(process.values(given)))
    assert outcome.facts[0].rows.num_rows == 3
    assert abs(outcome.balances[0].residual) < 0.01


def test_two_models_are_the_same(tmp_path):
    assert ran(tmp_path).files == ran(tmp_path).files


def test_the_flow_of_a_full_pipe_is_told(tmp_path):
    rows = {row[0]: row for row in ran(tmp_path).tables[0].rows}
    assert rows["AB"][2] == pytest.approx(0.5)
    expected = np.pi * 0.09 * (0.15) ** (2 / 3) * 0.005**0.5 / 0.013
    assert rows["AB"][3] == pytest.approx(expected)
    assert rows["BT"][3] is None


def test_all_faults_are_told_at_once(tmp_path):
    nodes = (
        NODES.replace("outfall,1.2", "junction,") + "D,500500,2880000,2,1,junction,,\nD,1,1,1,3,tower,,\nL N,1,,,3,,,\n"
    )
    pipes = PIPES.replace("600", "0") + "X,A,Z,300,,,0,,\nUP,OUT,B,300,,,50,,\nLOOP,A,A,300,,,5,,\n"
    subcatchments = "subcatchment,node,area,impervious,slope,width\nS1,Q,0,120,,\n"
    found = faults(tmp_path, nodes=nodes, pipes=pipes, subcatchments=subcatchments)
    said = {what for what, _ in found}
    assert {
        "this name stands twice",
        "SWMM takes names without blanks and signs",
        "this node has no place",
        "there is no such kind of node",
        "the level of the floor is not known",
        "the ground lies above the floor",
        "this pipe ends at no node",
        "this pipe ends where it begins",
        "this pipe is too narrow to be one",
        "the length of this pipe is not known or 0",
        "this pipe rises",
        "there is no outfall",
        "this node has no pipe",
        "this subcatchment drains to no node",
        "this is above 0",
        "a share lies between 0 and 100 percent",
    } <= said
    assert ("this pipe is too narrow to be one", "pipe AB") in found


def test_parts_that_drain_nowhere_are_named(tmp_path):
    nodes = NODES + "U,500000,2880100,3,5,,,\nV,500000,2880200,2,5,,,\n"
    found = faults(tmp_path, nodes=nodes, pipes=PIPES + "UV,U,V,300,,,,,\n")
    assert found == [
        ("no way leads from this node to an outfall", "node U"),
        ("no way leads from this node to an outfall", "node V"),
    ]


def test_pipes_that_lie_wrong_are_told(tmp_path):
    found = faults(tmp_path, pipes=PIPES.replace("AB,A,B,600,,,,,", "AB,A,B,2500,,,,2.9,"))
    assert ("this pipe lies below the floor of its node", "pipe AB") in found
    assert ("the top of this pipe lies above the ground", "pipe AB") in found


def test_an_adverse_pipe_may_be_meant(tmp_path):
    pipes = PIPES.replace("AB,A,B,600,,,,,", "AB,A,B,600,,,,3.0,3.2")
    assert faults(tmp_path, pipes=pipes) == [("this pipe rises", "pipe AB")]
    outcome = ran(tmp_path, pipes=pipes, keep_adverse="true")
    assert any("1 pipes rise" in one.en for one in outcome.warnings)


def test_pervious_ground_needs_its_soil(tmp_path):
    soft = SUBCATCHMENTS.replace("1.0,100", "1.0,60")
    assert faults(tmp_path, subcatchments=soft) == [
        ("pervious ground needs both rates of infiltration", "subcatchments")
    ]
    outcome = ran(tmp_path, subcatchments=soft, infiltration_first=70, infiltration_last="5 mm/hour")
    assert b"S1 70 5 4.5 8 0" in outcome.files["drainage_model.inp"]
    with pytest.raises(BadInput, match="does not grow"):
        ran(tmp_path, subcatchments=soft, infiltration_first=5, infiltration_last=70).answer  # noqa: B018


def layer(path, columns, shapes, crs="EPSG:4549", kind="Point"):
    table = pa.table({**columns, "geometry": pa.array(shapely.to_wkb(shapes))})
    pyogrio.write_arrow(table, path, geometry_name="geometry", geometry_type=kind, crs=crs, driver="GPKG")
    return path


def test_layers_give_places_lengths_and_areas(tmp_path):
    points = [shapely.Point(500000 + at, 2880000) for at in (0, 100, 200, 400)]
    columns = {"node": ["A", "B", "T", "OUT"], "invert": [3.0, 2.5, 1.8, 1.0], "ground": [5.0, 4.6, 4.5, None]}
    columns |= {"category": ["junction", "junction", "storage", "outfall"], "area": [None, None, 400.0, None]}
    nodes = layer(tmp_path / "n.gpkg", columns, points)
    lines = [shapely.LineString([points[at], (500000 + 100 * at + 50, 2880050), points[at + 1]]) for at in range(3)]
    columns = {
        "pipe": ["AB", "BT", "TO"],
        "from": ["A", "B", "T"],
        "to": ["B", "T", "OUT"],
        "diameter": [600, 700, 800],
    }
    pipes = layer(tmp_path / "p.gpkg", columns, lines, kind="LineString")
    squares = [shapely.box(500000, 2880000, 500100, 2880100)]
    columns = {"subcatchment": ["S"], "node": ["A"], "impervious": [100], "slope": [1.0]}
    subcatchments = layer(tmp_path / "c.gpkg", columns, squares, kind="Polygon")
    outcome = ran(tmp_path, nodes, pipes, subcatchments)
    figures = {one.name: one.value for one in outcome.figures}
    assert figures["area"] == pytest.approx(1.0)
    assert figures["length"] == pytest.approx(sum(line.length for line in lines))
    assert set(outcome.sources) == {"n.gpkg", "p.gpkg", "c.gpkg"}
    with pytest.raises(BadInput, match="another datum"):
        ran(tmp_path, nodes, pipes, subcatchments, datum="EPSG:4547")


def test_a_datum_in_degrees_or_shifted_is_refused(tmp_path):
    for datum in ("wgs84", "gcj02", "cgcs2000"):
        with pytest.raises(BadInput, match="projected system"):
            ran(tmp_path, datum=datum)


def test_run_from_the_command_line_in_both_languages(tmp_path):
    ran(tmp_path)
    words = [f"{name}={tmp_path / name}.csv" for name in ("nodes", "pipes", "subcatchments")]
    words += [f"{name}={value}" for name, value in GIVEN.items()]
    assert "3 pipes" in fine("run", "drainage_model", *words, "--to", tmp_path / "out", "--format", "html")
    assert (tmp_path / "out" / "drainage_model.inp").exists()
    (tmp_path / "pipes.csv").write_text(PIPES.replace("600", "6"), "utf-8")
    assert "过小" in refused(3, "run", "drainage_model", *words, language="zh")

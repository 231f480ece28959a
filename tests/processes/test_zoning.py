"""Projects held against zones: prohibitions, conditions, what cannot be told, slivers and gaps."""

import json

import pytest
import shapely

from app.line import fine
from processes.made_city import box
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.measures.environment.zoning import Verdict, of_amount, overlaps, together, uncovered, width_of
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

HEAD = "zone,dimension,verdict,clause,process,quantity,at_most\n"
RULES = HEAD + (
    "优先,空间布局约束,禁止,禁止新建工业项目,,,\n"
    "K1,emission,conditional,COD 不高于 10 吨,,COD,10\n"
    "K1,risk,禁止,禁止电镀,电镀,,\n"
    "*,resource,conditional,节水,,,\n"
)
KINDS = "red_line,farmland,water_source_1,water_source_2,reserve"


def layer(path, shapes, **columns):
    features = [
        {
            "type": "Feature",
            "properties": {name: values[row] for name, values in columns.items()},
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in enumerate(shapes)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), "utf-8")
    return path


def ran(folder, site, rules=RULES, zones=None, **given):
    (folder / "rules.csv").write_text(rules, "utf-8")
    zones = zones or [(box(0, 0, 500, 500), "P1", "优先"), (box(500, 0, 1000, 500), "K1", "重点管控单元")]
    shapes, units, kinds = zip(*zones, strict=True)
    process = processes()["zoning_check"]
    files = {
        "project": layer(folder / "project.geojson", [site]),
        "zones": layer(folder / "zones.geojson", shapes, unit=units, kind=kinds),
        "rules": folder / "rules.csv",
    }
    return process.run(Run(process.values({**files, "complete": KINDS, **given})))


def verdicts(outcome):
    return [(str(row[0]), row[2].en) for row in outcome.tables[0].rows]


def test_a_project_in_protected_zone_is_prohibited_with_its_clause(tmp_path):
    outcome = ran(tmp_path, box(100, 100, 200, 200), processes="食品")
    assert ("P1", "prohibited") in verdicts(outcome)
    assert outcome.tables[0].rows[0][3] == "禁止新建工业项目"
    assert "prohibit" in outcome.answer[0].en
    assert "no approval" in outcome.answer[1].en
    assert outcome.balances[0].closes


def test_conditions_by_process_and_quantity(tmp_path):
    site = box(600, 100, 700, 200)
    fine_one = ran(tmp_path, site, processes="食品", amounts="COD=10")
    assert sorted(said for _, said in verdicts(fine_one)) == ["conditional", "nothing against it", "nothing against it"]
    too_much = ran(tmp_path, site, processes="食品", amounts="COD=10.1")
    assert [said for _, said in verdicts(too_much)].count("conditional") == 2
    plating = ran(tmp_path, site, processes="食品，电镀", amounts="COD=1")
    assert verdicts(plating)[0] == ("K1", "prohibited")


def test_what_was_not_given_cannot_be_told(tmp_path):
    outcome = ran(tmp_path, box(600, 100, 700, 200))
    assert [said for _, said in verdicts(outcome)] == ["cannot be told", "cannot be told", "conditional"]
    assert "cannot be told yet" in outcome.answer[0].en
    no_maps = ran(tmp_path, box(600, 100, 700, 200), processes="食品", amounts="COD=1", complete="red_line")
    assert sum(said == "cannot be told" for _, said in verdicts(no_maps)) == 4


def test_nothing_against_it_is_still_no_approval(tmp_path):
    outcome = ran(tmp_path, box(600, 100, 700, 200), HEAD + "K1,risk,禁止,禁止电镀,电镀,,\n", processes="食品")
    assert "Nothing in the given rules" in outcome.answer[0].en
    assert "the authority decides" in outcome.answer[1].en
    assert all("approved" not in line.en for line in outcome.answer)


def test_a_sliver_of_a_prohibiting_zone_cannot_be_told(tmp_path):
    near = ran(tmp_path, box(496, 100, 600, 200), processes="食品", amounts="COD=1")
    assert ("P1", "cannot be told") in verdicts(near)
    assert "prohibited" not in [said for _, said in verdicts(near)]
    assert {row[0]: row[4].en for row in near.tables[1].rows} == {"P1": "yes", "K1": "no"}
    exact = ran(tmp_path, box(496, 100, 600, 200), processes="食品", amounts="COD=1", tolerance=1)
    assert ("P1", "prohibited") in verdicts(exact)


def test_land_outside_of_all_zones_cannot_be_told(tmp_path):
    outcome = ran(tmp_path, box(900, 100, 1100, 200), processes="食品", amounts="COD=1")
    assert any(row[0] == Words("管控单元之外", "outside of all zones") for row in outcome.tables[0].rows)
    figure = {one.name: one.value for one in outcome.figures}
    assert figure["uncovered"] == pytest.approx(1.0, rel=1e-3)
    assert figure["area"] == pytest.approx(2.0, rel=1e-3)


def test_red_line_and_other_protected_land(tmp_path):
    land = layer(
        tmp_path / "p.geojson", [box(650, 150, 800, 300), box(690, 0, 1000, 102)], kind=["red_line", "water_source_2"]
    )
    outcome = ran(tmp_path, box(600, 100, 700, 200), processes="食品", amounts="COD=1", protected=land)  # fmt: skip
    rows = {row[0].en: row for row in outcome.tables[0].rows if isinstance(row[0], Words)}
    assert rows["ecological red line"][2].en == "prohibited"
    assert "2022" in rows["ecological red line"][3].zh
    assert rows["water source, second grade"][2].en == "cannot be told"
    assert any("from memory" in one.en for one in outcome.assumptions)


def test_gaps_and_overlaps_of_zones_are_told(tmp_path):
    gap = [(box(0, 0, 499, 500), "P1", "一般"), (box(500, 0, 1000, 500), "K1", "一般")]
    outcome = ran(tmp_path, box(400, 100, 600, 200), HEAD + "*,risk,限制,x,,,\n", gap)
    assert any("Gaps of" in one.en for one in outcome.warnings)
    assert "cannot be told" not in [said for _, said in verdicts(outcome)]
    twice = [(box(0, 0, 600, 500), "P1", "一般"), (box(500, 0, 1000, 500), "K1", "一般")]
    outcome = ran(tmp_path, box(400, 100, 650, 200), HEAD + "*,risk,限制,x,,,\n", twice)
    assert any("lie on one another" in one.en for one in outcome.warnings)
    assert not outcome.balances


@pytest.mark.parametrize(
    ("rules", "given", "what"),
    [
        (HEAD + "K1,risk,allowed,x,,,\n", {}, "sets a condition"),
        (HEAD + "K1,noise,禁止,x,,,\n", {}, "not one of the zoning"),
        (HEAD + "K1,risk,禁止,,,,\n", {}, "quotes its clause"),
        (HEAD + "K1,risk,禁止,x,,COD,\n", {}, "a quantity and a number"),
        (RULES, {"amounts": "COD"}, "NAME=NUMBER"),
        (RULES, {"amounts": "COD=many"}, "NAME=NUMBER"),
        (RULES, {"complete": "redline"}, "kind of protected land"),
    ],
)
def test_what_is_no_rule_is_refused(tmp_path, rules, given, what):
    with pytest.raises((BadInput, BadUse)) as caught:
        ran(tmp_path, box(600, 100, 700, 200), rules, **given)
    assert what in str(caught.value)


def test_a_zone_of_unknown_kind_and_a_project_without_land_are_refused(tmp_path):
    with pytest.raises(BadInput, match="not one of the zoning"):
        ran(tmp_path, box(0, 0, 9, 9), zones=[(box(0, 0, 100, 100), "X", "其他")])
    with pytest.raises(BadInput, match="one or more polygons"):
        ran(tmp_path, shapely.Point(560_100, 2_940_100))


def test_verdicts_together_are_the_worst():
    assert together([]) is Verdict.PASS
    assert together([Verdict.CONDITIONAL, Verdict.UNKNOWN]) is Verdict.UNKNOWN
    assert together([Verdict.PROHIBITED, Verdict.UNKNOWN]) is Verdict.PROHIBITED
    assert of_amount(None, 1.0, Verdict.PROHIBITED) is Verdict.UNKNOWN
    assert of_amount(float("nan"), 1.0, Verdict.PROHIBITED) is Verdict.UNKNOWN


def test_parts_of_a_project_sum_to_it():
    zones = shapely.box([0, 10], [0, 0], [10, 25], [10, 10])
    project = shapely.box(5, 2, 30, 8)
    met = overlaps(project, zones, 0.0)
    assert [one.area for one in met] == [30.0, 90.0]
    assert uncovered(project, zones).area == pytest.approx(30)
    assert width_of(shapely.box(0, 0, 50, 3)) == pytest.approx(3, abs=0.05)
    with pytest.raises(BadUse, match="has an area"):
        overlaps(shapely.Point(0, 0), zones, 1.0)


def test_from_the_command_line_in_both_languages():
    assert "生态环境分区管控" in fine("run", language="zh")
    assert "mapping" in fine("run", "zoning_check", language="en")

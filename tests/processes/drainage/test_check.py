"""The check of drains on a small street whose answer can be reasoned out, and on models from elsewhere."""

import numpy as np
import pyarrow as pa
import pytest
import shapely

from app.line import fine, refused
from processes.drainage.models import FORMULA, STREET, street
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.measures.water.storm.formula import StormFormula
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.drainage import believed


def ran(path, state=None, **given):
    process = processes()["drainage_check"]
    return process.run(Run(process.values({"model": path, **given}), state))


def rows(outcome, name):
    table = next(one for one in outcome.tables if one.name == name)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def test_light_rain_of_the_model_floods_nothing(tmp_path):
    outcome = ran(street(tmp_path))
    assert "no water leaves" in outcome.answer[0].en
    assert figures(outcome) == {"flooded_nodes": 0, "flood_volume": 0}
    assert [row["unsurcharged"] for row in rows(outcome, "pipes")] == [None, None, None]
    assert rows(outcome, "storms")[0]["rain"] == pytest.approx(20, abs=1e-6)
    assert outcome.facts == ()


def test_larger_storms_need_larger_pipes(tmp_path):
    outcome = ran(street(tmp_path), **FORMULA, periods="1,2,5,20", required=2)
    held = {row["pipe"]: (row["unsurcharged"], row["unflooded"]) for row in rows(outcome, "pipes")}
    assert held["CO"][0] <= held["AB"][0]
    assert all(flooded >= full for full, flooded in held.values())
    storms = rows(outcome, "storms")
    formula = StormFormula(*(FORMULA[name] for name in ("a1", "c", "b", "n")))
    assert [row["rain"] for row in storms] == pytest.approx(
        [float(formula.depth(120, period)) for period in (1, 2, 5, 20)], rel=1e-6
    )
    volumes = [row["volume"] for row in storms]
    assert volumes == sorted(volumes)
    assert volumes[-1] > 0
    lengths = {"AB": 100, "BC": 100, "CO": 200}
    expected = sum(lengths[name] for name, (full, _) in held.items() if full >= 2) / 400 * 100
    assert figures(outcome)["held_share"] == pytest.approx(expected)
    assert {row["capacity"].en for row in rows(outcome, "pipes")} <= {"free", "backwater", "bottleneck"}


def test_the_pipe_that_is_too_small_is_the_bottleneck_and_those_above_stand_in_its_backwater(tmp_path):
    outcome = ran(street(tmp_path), **FORMULA, periods="20")
    capacity = {row["pipe"]: row["capacity"].en for row in rows(outcome, "pipes")}
    assert capacity["CO"] == "bottleneck"
    wide = ran(street(tmp_path, STREET.replace("CO CIRCULAR 0.5", "CO CIRCULAR 1.5")), **FORMULA, periods="20")
    assert {row["pipe"]: row["capacity"].en for row in rows(wide, "pipes")}["CO"] == "free"


def test_water_stands_on_the_ground_only_where_it_may(tmp_path):
    without = ran(street(tmp_path), **FORMULA, flood_period=50, periods="50")
    assert "ponding_depth" not in figures(without)
    assert rows(without, "nodes")[0]["ponded"] is None
    assert any("leaves the model" in one.en for one in without.assumptions)
    narrow, wide = (figures(ran(street(tmp_path), **FORMULA, periods="50", ponding_area=area)) for area in (300, 3000))
    assert narrow["ponding_depth"] > wide["ponding_depth"] > 0
    assert narrow["ponding_time"] > 0
    assert narrow["ponding_depth"] > 0.15


def test_kinematic_models_are_told_and_can_be_routed_dynamically(tmp_path):
    path = street(tmp_path, STREET.replace("DYNWAVE", "KINWAVE"))
    assert any("dynamic wave" in one.en for one in ran(path).warnings)
    assert not any("dynamic wave" in one.en for one in ran(path, routing="dynamic").warnings)


def test_a_recorded_storm_falls_on_all_subcatchments(tmp_path):
    (tmp_path / "rain.csv").write_text("time,mm\n2026-06-01T00:00,5\n2026-06-01T00:05,7\n2026-06-01T00:10,0\n")
    outcome = ran(street(tmp_path), rain=tmp_path / "rain.csv")
    assert rows(outcome, "storms")[0]["rain"] == pytest.approx(12, abs=1e-6)
    assert set(outcome.sources) == {"rain.csv", "street.inp"}
    (tmp_path / "rain.csv").write_text("time,mm\n2026-06-01T00:00,5\n2026-06-01T00:05,\n2026-06-01T00:10,0\n")
    with pytest.raises(BadInput, match="no unknown steps"):
        ran(street(tmp_path), rain=tmp_path / "rain.csv")


def test_a_model_without_dates_gets_some_and_one_with_wrong_ones_is_refused(tmp_path):
    given = {**FORMULA, "periods": "5"}
    bare = STREET.replace("START_DATE 06/01/2026\nSTART_TIME 00:00:00\nEND_DATE 06/01/2026\nEND_TIME 02:00:00\n", "")
    assert rows(ran(street(tmp_path, bare), **given), "pipes") == rows(ran(street(tmp_path), **given), "pipes")
    with pytest.raises(BadInput, match="no date"):
        ran(street(tmp_path, STREET.replace("START_DATE 06/01/2026", "START_DATE soon")), **given)
    with pytest.raises(BadInput, match="routing step"):
        ran(street(tmp_path, STREET.replace("ROUTING_STEP 2", "ROUTING_STEP quick")), **given)


def test_the_outcome_of_design_storm_is_a_storm(tmp_path):
    words = [f"{name}={value}" for name, value in FORMULA.items()]
    fine("run", "design_storm", *words, "period=20", "--to", tmp_path, "--format", "html")
    kept = ran(street(tmp_path), rain=tmp_path / "design_storm.json")
    asked = ran(street(tmp_path), **FORMULA, periods="20")
    assert rows(kept, "storms")[0]["rain"] == pytest.approx(rows(asked, "storms")[0]["rain"], rel=1e-6)
    assert figures(kept)["flood_volume"] == pytest.approx(figures(asked)["flood_volume"], rel=1e-3)
    for text, what in (
        ("{}", "no outcome"),
        ("nothing", "no outcome"),
        ('{"tables": [{"name": "hyetograph", "columns": [], "rows": []}]}', "equal steps"),
    ):
        (tmp_path / "design_storm.json").write_text(text)
        with pytest.raises(BadInput, match=what):
            ran(street(tmp_path), rain=tmp_path / "design_storm.json")


def test_facts_lie_where_the_stated_datum_puts_them(tmp_path):
    outcome = ran(street(tmp_path), **FORMULA, periods="2,20", required=3, datum="EPSG:4549")
    pipes, nodes = (one.rows.to_pydict() for one in outcome.facts)
    assert [one.entity for one in outcome.facts] == ["pipe", "drainage_node"]
    assert pipes["id"] == ["AB", "BC", "CO"]
    assert set(pipes["service"]) == {"rain"}
    assert pipes["required_period"] == [3, 3, 3]
    # 500 km east is the middle of the zone of EPSG:4549, 120 degrees east.
    assert shapely.from_wkb(nodes["geometry"][0]).x == pytest.approx(120.0, abs=1e-9)
    assert shapely.from_wkb(nodes["geometry"][0]).y == pytest.approx(26.03, abs=0.02)
    assert nodes["storm_period"] == [20] * 4
    assert sum(nodes["flood_volume"]) == pytest.approx(figures(outcome)["flood_volume"])
    assert pa.types.is_floating(outcome.facts[1].rows.schema.field("ponding_depth").type)
    assert nodes["ponding_depth"] == [None] * 4


def test_balances_show_what_swmm_loses(tmp_path):
    outcome = ran(street(tmp_path), **FORMULA, periods="20")
    for balance in outcome.balances:
        assert abs(balance.residual) < 0.02
    row = rows(outcome, "storms")[-1]
    assert outcome.balances[1].residual * 100 == pytest.approx(row["routing_error"], abs=1e-3)


def test_a_run_whose_water_is_lost_is_not_assessed(tmp_path, monkeypatch):
    monkeypatch.setattr(believed, "rule", lambda _name: 1e-6)
    with pytest.raises(NotEnoughData, match="does not close") as caught:
        ran(street(tmp_path), **FORMULA, periods="50")
    assert caught.value.faults[0].where == "P=50"


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"a1": 10}, "all five"),
        ({**FORMULA, "rain": "street.inp"}, "record or a formula"),
        ({"datum": "EPSG:99999999"}, "datum is not known"),
        ({"datum": "wgs84"}, "does not fit"),
        ({**FORMULA, "duration": 7}, "whole number of steps"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(tmp_path, given, what):
    path = street(tmp_path)
    given = {name: tmp_path / value if name == "rain" else value for name, value in given.items()}
    with pytest.raises((BadUse, BadInput), match=what):
        ran(path, **given)


def test_a_model_without_gauge_or_places_is_refused_when_they_are_needed(tmp_path):
    bare = STREET.replace("[RAINGAGES]\nG1 INTENSITY 1:00 1 TIMESERIES RAIN\n", "")
    with pytest.raises(BadInput, match="no rain gauge"):
        ran(street(tmp_path, bare), **FORMULA)
    with pytest.raises(BadUse, match="no coordinates"):
        ran(street(tmp_path, STREET.partition("[COORDINATES]")[0]), datum="EPSG:4549")


def test_real_models_are_checked():
    outcome = ran(shared("swmm/alpha.inp"), **FORMULA, periods="1,10")
    assert figures(outcome)["flooded_nodes"] > 0
    assert np.isfinite(figures(outcome)["flood_volume"])


def test_run_from_the_command_line_in_both_languages(tmp_path):
    path = street(tmp_path)
    words = [f"{name}={value}" for name, value in FORMULA.items()]
    said = fine(
        "run", "drainage_check", f"model={path}", *words, "periods=1,20", "required=1", "--to", tmp_path / "out"
    )
    assert "Under the storm of 20 years" in said
    assert (tmp_path / "out" / "drainage_check.en.html").exists()
    assert "一遇设计暴雨下" in fine("run", "drainage_check", f"model={path}", *words, "periods=1,20", language="zh")
    path.write_text("nothing", "utf-8")
    assert "不是 SWMM 模型" in refused(3, "run", "drainage_check", f"model={path}", language="zh")

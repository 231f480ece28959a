"""``tulou composite`` as a person uses it: on a check, on a spreadsheet, and with mistakes."""

import csv
import json

import numpy as np
import pytest

from app.line import contents, fine, refused
from shared_data import shared
from tulou.app.proving import prove
from tulou.kernel.errors import BadInput

SHEET = "city,green,dust\nA,10,30\nB,12,20\nC,20,35\nD,5,NA\n"
RECIPE = """
name: demo
title: {zh: 演示, en: Demo}
unit: city
level: city
weights: equal
weights_from: {zh: 等权, en: equal}
evidence: memory
scale: minmax
missing: {policy: refuse}
uncertainty: {draws: 100, seed: 1, quantiles: [5, 95], weights: 25}
of:
  - {indicator: green, title: {zh: 绿, en: Green}, better: higher}
  - {indicator: dust, title: {zh: 尘, en: Dust}, better: lower}
"""


@pytest.fixture
def table(tmp_path):
    (tmp_path / "cities.csv").write_text(SHEET)
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    return tmp_path / "cities.csv", tmp_path / "recipe.yaml"


def test_composites_are_off_by_default(rongcheng):
    told = refused(2, "composite", rongcheng)
    assert "no rulebook asks for a composite score" in told
    assert "--rulebook rongcheng" in told


def test_what_can_be_asked_and_what_it_says(rongcheng):
    assert "livable_blocks" in fine("composite", rongcheng, "--rulebook", "rongcheng")
    told = fine("composite", rongcheng, "livable_communities", "--rulebook", "rongcheng")
    for words in ("demonstration", "Unknown is never 0", "Effective weights", "Leave one out", "Worst rank"):
        assert words in told
    chinese = fine("composite", rongcheng, "livable_communities", "--rulebook", "rongcheng", language="zh")
    assert "未知从不当作零分" in chinese


def test_a_paper_is_written_and_twice_the_same(rongcheng, tmp_path):
    for place in ("one", "two"):
        fine("composite", rongcheng, "livable_communities", "--rulebook", "rongcheng", "--format", "html,xlsx",
             "--language", "en",
             "--to", tmp_path / place)  # fmt: skip
    assert len(contents(tmp_path / "one")) == 2
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_mistakes_are_told(rongcheng):
    asked = ("composite", rongcheng, "livable_communities", "--rulebook", "rongcheng")
    assert "did you mean: livable_blocks" in refused(
        4, "composite", rongcheng, "livable_block", "--rulebook", "rongcheng"
    )
    assert "did you mean: district" in refused(4, *asked, "--level", "distrikt")
    assert "persons" in refused(4, *asked, "--level", "household")
    assert "did you mean: view" in refused(4, *asked, "--weight", "vew=2")
    assert "NAME=NUMBER" in refused(4, *asked, "--weight", "view")
    assert "--table FILE" in refused(4, "composite")


def test_one_unit_is_not_compared_with_nobody(rongcheng):
    told = refused(2, "composite", rongcheng, "livable_blocks", "--rulebook", "rongcheng", "--level", "city")
    assert "one unit cannot be compared with others" in told


def test_a_rulebook_is_checked_with_its_composites_and_crosswalks(tmp_path):
    fine("rulebook", "new", tmp_path / "mine", "--name", "mine")
    composites, crosswalk = tmp_path / "mine" / "composites.yaml", tmp_path / "mine" / "crosswalk.yaml"
    composites.write_text("livable:\n  title: {zh: 名, en: Name}\n  level: resident\n")
    with pytest.raises(BadInput, match="persons"):
        prove([str(tmp_path / "mine")])
    composites.unlink()
    crosswalk.write_text("x:\n  code: X\n  title: {zh: 名, en: X}\n  evidence: memory\n")
    with pytest.raises(BadInput, match="unit_of"):
        prove([str(tmp_path / "mine")])


def test_a_spreadsheet(table):
    told = fine("composite", "--table", table[0], "--recipe", table[1], "--weight", "green=3")
    assert "With Green = 3" in told
    rows = [line.split() for line in told.splitlines()]
    assert next(row for row in rows if row[:2] == ["1", "B"])
    assert ["D", "50", "Dust"] in rows


def test_spreadsheets_that_are_refused(table, tmp_path):
    assert "both are needed" in refused(4, "composite", "--table", table[0])
    assert "either a city or a table" in refused(4, "composite", tmp_path, "--table", table[0], "--recipe", table[1])
    table[0].write_text(SHEET.replace("NA", "lots"))
    assert "cities.csv:5 dust" in refused(3, "composite", "--table", table[0], "--recipe", table[1])
    table[1].write_text(RECIPE.replace("indicator: dust", "indicator: dusty"))
    assert "did you mean: dust" in refused(3, "composite", "--table", table[0], "--recipe", table[1])


def asem_recipe():
    """The example recipe of COINr, written as a recipe for its own spreadsheet."""
    with shared("truth/composite_asem/ASEM_iMeta.csv").open(encoding="utf-8") as file:
        meta = list(csv.DictReader(file))

    def parts(name):
        found = []
        for one in meta:
            if one["Parent"] == name:
                title = {"zh": one["iName"], "en": one["iName"]}
                if one["Type"] == "Indicator":
                    better = "higher" if float(one["Direction"]) > 0 else "lower"
                    part = {"indicator": one["iCode"], "title": title, "weight": float(one["Weight"]), "better": better}
                    found.append(part | ({"per": one["Denominator"]} if one["Denominator"] else {}))
                else:
                    group = {"group": one["iCode"], "title": title, "weight": float(one["Weight"])}
                    found.append(group | {"of": parts(one["iCode"])})
        return found

    return {
        "name": "asem", "title": {"zh": "互联互通", "en": "Connectivity"}, "unit": "uCode", "unit_name": "uName",
        "peers": "EurAsia_group", "level": "city", "weights": "given", "weights_from": {"zh": "等权", "en": "equal"},
        "evidence": "sourced", "scale": "minmax", "outliers": {"most": 5, "skewness": 2, "kurtosis": 3.5},
        "missing": {"policy": "peers", "at_least": 50}, "of": parts("Index"),
        "uncertainty": {"draws": 50, "seed": 0, "quantiles": [5, 95], "weights": 25},
    }  # fmt: skip


def test_the_published_index_from_its_own_spreadsheet(tmp_path):
    """The whole way from the file of COINr to the scores it prints."""
    (tmp_path / "asem.yaml").write_text(json.dumps(asem_recipe(), ensure_ascii=False), encoding="utf-8")
    data = shared("truth/composite_asem/ASEM_iData.csv")
    told = fine("composite", "--table", data, "--recipe", tmp_path / "asem.yaml", "--limit", 51)
    scores = {}
    for line in told.split("Scores\n")[1].splitlines()[2:53]:
        cells = [cell for cell in line.split("  ") if cell.strip()]
        scores[cells[1].strip()] = (int(cells[3]), float(cells[5]))
    assert scores["Switzerland"] == (1, 68.4)
    assert scores["India"] == (45, 39.8)
    np.testing.assert_equal(len(scores), 51)

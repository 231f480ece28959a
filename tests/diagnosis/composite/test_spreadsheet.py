"""Spreadsheets scored by a recipe, and what is refused of both."""

import pytest

from tulou.diagnosis.composite.score import composite_scores
from tulou.diagnosis.composite.spreadsheet import day_of, spreadsheet
from tulou.kernel.documents import read_document
from tulou.kernel.errors import BadInput

RECIPE = """
name: cities
title: {zh: 城市, en: Cities}
unit: 城市
peers: 片区
level: city
weights: equal
weights_from: {zh: 等权, en: equal}
evidence: memory
scale: minmax
missing: {policy: leave_out, at_least: 50}
of:
  - {indicator: 绿地, title: {zh: 人均绿地, en: Green a person}, better: higher, per: 人口}
  - {indicator: 污染, title: {zh: 污染, en: Pollution}, better: lower}
"""
ROWS = [
    {"城市": "甲", "片区": "东", "人口": "100", "绿地": "1,000", "污染": "30"},
    {"城市": "乙", "片区": "东", "人口": "200", "绿地": "1000", "污染": "10"},
    {"城市": "丙", "片区": "西", "人口": "0", "绿地": "500", "污染": "—"},
    {"城市": "丁", "片区": "西", "人口": "100", "绿地": "750", "污染": "NA"},
]


def page(tmp_path, text=RECIPE):
    path = tmp_path / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return read_document(path, path.name)


def test_a_table_is_scored_by_its_columns(tmp_path):
    held = spreadsheet(ROWS, page(tmp_path), "cities.csv")
    assert held.above == {"甲": "东", "乙": "东", "丙": "西", "丁": "西"}
    table = composite_scores(held.results, held.composite, held.rules, above=held.above)
    found = dict(zip(table["unit"].to_pylist(), table["score"].to_pylist(), strict=True))
    assert found["甲"] == pytest.approx((100 + 0) / 2)
    assert found["乙"] == pytest.approx((0 + 100) / 2)
    assert found["丁"] == pytest.approx(50)
    assert found["丙"] is None  # nothing divided by nobody is unknown, and so is a dash


def test_parameters_of_a_recipe_are_dated_and_sourced(tmp_path):
    text = RECIPE.replace("scale: minmax", "scale: goalposts\nday: 2026-01-01").replace(
        "per: 人口}", "per: 人口, ends: green.posts}"
    ).replace("better: lower}", "better: lower, ends: green.posts}") + (
        "parameters:\n  green:\n    posts:\n      title: {zh: 上下限, en: Posts}\n      unit: '1'\n"
        "      checked_on: 2026-01-01\n"
        "      values: [{since: 2026-01-01, range: [0, 20], clause: made up, evidence: memory}]\n"
    )
    made = page(tmp_path, text)
    held = spreadsheet(ROWS[:2], made, "cities.csv")
    table = composite_scores(held.results, held.composite, held.rules, day=day_of(made))
    found = dict(zip(table["unit"].to_pylist(), table["score"].to_pylist(), strict=True))
    assert found == pytest.approx({"甲": (50 + 0) / 2, "乙": (25 + 50) / 2})


@pytest.mark.parametrize(
    ("before", "after", "message", "guess"),
    [
        ("unit: 城市", "unit: 市", "the table has no such column", ""),
        ("indicator: 绿地", "indicator: 绿", "there is no such indicator", ""),
        ("per: 人口", "per: 人口数", "the table has no such column", "人口"),
        ("better: lower", "better: less", "not a value of 'better'", ""),
        (", better: lower", "", "not a value of 'better'", ""),
        ("level: city", "level: household", "persons and what stands for them never", ""),
        ("peers: 片区", "peer: 片区", "unknown key", "peers"),
        ("name: cities", "name: ../../cities", "not an id for a composite score", ""),
    ],
)
def test_recipes_that_are_refused(tmp_path, before, after, message, guess):
    with pytest.raises(BadInput) as caught:
        spreadsheet(ROWS, page(tmp_path, RECIPE.replace(before, after)), "cities.csv")
    faults = [fault for fault in caught.value.faults if message in fault.what]
    assert faults[0].where.startswith("recipe.yaml:")
    if guess:
        assert faults[0].guess == guess


@pytest.mark.parametrize(
    ("row", "message", "where"),
    [
        ({"污染": "about 12"}, "this cell is not a number", "cities.csv:6 污染"),
        ({"城市": " "}, "does not say which unit", "cities.csv:6"),
        ({"城市": "甲"}, "two rows are about the same unit", "cities.csv:6"),
    ],
)
def test_tables_that_are_refused(tmp_path, row, message, where):
    plain = {"城市": "戊", "片区": "西", "人口": "1", "绿地": "1", "污染": "1"}
    with pytest.raises(BadInput, match=message) as caught:
        spreadsheet([*ROWS, plain | row], page(tmp_path), "cities.csv")
    assert caught.value.faults[0].where == where


def test_a_table_without_rows(tmp_path):
    with pytest.raises(BadInput, match="no rows"):
        spreadsheet([], page(tmp_path), "cities.csv")

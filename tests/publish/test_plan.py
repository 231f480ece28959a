"""The papers of a plan: what stands in their tables is what the plan says, in both languages and all formats."""

import json
from functools import cache

import pytest

from plan.planned import basis, city
from tulou.kernel.words import LANGUAGES
from tulou.plan.renewal.plan import make_plan
from tulou.plan.renewal.wishes import Wishes
from tulou.publish.paper.content import Art, Heading, Sheet, Text
from tulou.publish.paper.write import write_papers
from tulou.publish.plan.assemble import SHEETS, assemble, lead_of, outlook, papers, sheet
from tulou.publish.plan.handing import for_report
from tulou.publish.plan.machine import candidates_document, catalogue_document, plan_document
from tulou.publish.plan.material import Material, money_words
from tulou.publish.report.planned import planned_of

PRICES = {"repair_stairwell": 900.0, "replace_building_pipes": 60.0, "small_park": 1.0}


@cache
def found(money: float = 8_000.0, **more) -> Material:
    some = basis(city(), PRICES)
    plan = make_plan(some, Wishes({2027: money, 2028: 1_000.0}, alternatives=1))
    return Material(plan, some.rulebook, "Made", is_synthetic=True, prices="prices.csv", **more)


def cells(name: str, language="en"):
    shown = sheet(found(), name, language)
    heads = [column.title for column in shown.columns]
    return [dict(zip(heads, row, strict=True)) for row in shown.rows]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_every_row_has_a_value_for_each_column(name, language):
    shown = sheet(found(), name, language)
    assert all(len(row) == len(shown.columns) for row in shown.rows)
    assert len(shown.name) <= 31  # the longest name of a sheet of a workbook
    assert shown.empty
    titles = [column.title for column in shown.columns]
    assert len(set(titles)) == len(titles)


def test_the_schedule_is_that_of_the_plan():
    rows = cells("schedule")
    assert len(rows) == len(found().plan.projects) > 1
    assert sum(row["Cost (thousand yuan)"] for row in rows) * 1_000 == pytest.approx(found().plan.cost)
    assert sum(row["People over the mark"] for row in rows) == pytest.approx(found().plan.portfolio.value)
    years = [row["Year"] for row in rows]
    assert years == sorted(years)


def test_the_library_lists_buildings_departments_and_consents():
    row = next(one for one in cells("library") if "stairwells" in one["Remedy or project"])
    assert row["Scale (buildings)"].startswith("Building: ")
    assert "b" in row["Scale (buildings)"].split(": ")[2]
    assert row["Department"] == "Housing and construction department"
    assert row["Who has to agree"] == "Owners' vote, more than half"
    chinese = cells("library", "zh")
    assert any("消除楼道安全隐患" in str(one["措施/项目名称"]) for one in chinese)


def test_advice_names_every_indicator_that_fails_and_leaves_its_kind_open():
    rows = cells("advice")
    failing = set(found().plan.today.findings["indicator"].to_pylist())
    titles = {found().rulebook.indicators[name].title.en for name in failing}
    assert {row["Indicator"] for row in rows} == titles
    assert {row["Kind (by deadline / best effort)"] for row in rows} == {"to be filled"}
    stairs = next(row for row in rows if row["Indicator"] == "Homes with stairwell hazards")
    assert "Make stairwells safe" in stairs["Remedy"]
    assert "in 2027" in stairs["Year"]


def test_single_and_joint_effects_stand_side_by_side():
    for row in cells("effect"):
        assert row["Sum of singles: people"] == pytest.approx(row["Joint: people"])
    assert sum(row["Joint: people"] for row in cells("effect")) == pytest.approx(found().plan.portfolio.value)


def test_the_next_check_has_a_column_for_each_year():
    shown = outlook(found(), "en")
    assert [column.title for column in shown.columns][2:4] == ["End of 2027", "End of 2028"]
    titles = [row[0] for row in shown.rows]
    assert "Homes with stairwell hazards" in titles
    assert all(len(row) == len(shown.columns) for row in shown.rows)


def test_what_is_left_out_says_why():
    rows = {row["Id"]: row for row in cells("left_out")}
    assert rows["reinforce_structure"]["Reason"].startswith("no price")
    assert rows["reinforce_structure"]["Candidates"] >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_holds_all_chapters_and_says_what_it_rests_on(language):
    paper = assemble(found(has_made_up_prices=True), language)
    headings = [part.text for part in paper.parts if isinstance(part, Heading)]
    assert [text.split()[0] for text in headings] == [str(n) for n in range(1, 8)]
    texts = " ".join(part.text for part in paper.parts if isinstance(part, Text))
    assert {"zh": "合成示例", "en": "made up"}[language] in texts
    assert any(isinstance(part, Art) for part in paper.parts)
    assert sum(isinstance(part, Sheet) for part in paper.parts) >= 11
    assert paper.synthetic


def test_a_plan_without_money_is_a_paper_too():
    empty = found(0.5)
    assert empty.plan.projects == ()
    assert "there is no project to choose" in lead_of(empty, "en")
    assert "没有可选定的项目" in lead_of(empty, "zh")
    assert not any(isinstance(part, Art) for part in assemble(empty, "en").parts)


def test_money_is_told_as_its_readers_count_it():
    assert money_words(12_345_000.0, "zh") == "1,234.5万元"
    assert money_words(12_345_000.0, "en") == "12,345 thousand yuan"


def test_documents_are_plain_json_with_all_there_is():
    told = json.loads(json.dumps(plan_document(found().plan), allow_nan=False))
    assert told["value"] == pytest.approx(sum(gain["people"] for gain in told["joint"].values()))
    assert [one["id"] for one in told["projects"]] == [one.id for one in found().plan.projects]
    assert len(told["outlook"]) == 2
    candidates = json.loads(json.dumps(candidates_document(found().plan.candidates, "Made"), allow_nan=False))
    assert {one["remedy"] for one in candidates["candidates"]} >= set(PRICES)
    catalogue = catalogue_document(found().plan.catalogue)
    assert next(one for one in catalogue["remedies"] if one["id"] == "small_park")["price"]["amount"] == 1.0


def test_the_report_of_the_check_takes_over_remedies_and_projects():
    kept = planned_of({"report": json.loads(json.dumps(for_report(found())))})
    assert kept is not None
    assert len(kept.projects) == len(found().plan.projects)
    assert kept.lead.en == lead_of(found(), "en")
    assert "消除楼道安全隐患" in kept.advice["stairwell_hazard_homes"].zh
    for damaged in ({}, {"report": None}, {"report": {"lead": {}, "advice": {}, "projects": [["one"]]}}):
        assert planned_of(damaged) is None


@pytest.mark.slow
def test_all_formats_are_written(tmp_path):
    written = write_papers(papers(found(), LANGUAGES), "plan", tmp_path, ["html", "docx", "xlsx", "pdf"])
    assert len(written) == 8
    assert all(path.stat().st_size > 5_000 for path in written)

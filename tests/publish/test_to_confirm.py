"""What is to be confirmed stands apart in every format: never among the failures, never lost."""

from dataclasses import replace

import pytest

from publish.sample import sample
from tulou.kernel.words import LANGUAGES, Words
from tulou.publish.export import findings_table, units_table
from tulou.publish.paper.content import STATUSES, SYMBOLS
from tulou.publish.report.assemble import assemble
from tulou.publish.report.html import page
from tulou.publish.report.outline import outline
from tulou.publish.report.tables import advice_rows, problem_rows

WHY = Words("按登记对象不达标，待核实：公园", "fails on what is on record, to be confirmed: parks")
DOUBTED = "park_cover"


def doubted():
    """The sample, its park cover failing only on what is on record."""
    made = sample(hostile=False)
    results = tuple(
        replace(one, status="to_confirm", reason=WHY) if one.indicator == DOUBTED and one.status == "fail" else one
        for one in made.results
    )
    findings = tuple(replace(one, status="to_confirm") if one.indicator == DOUBTED else one for one in made.findings)
    return replace(made, results=results, findings=findings)


@pytest.fixture(scope="module")
def models():
    return {language: assemble(doubted(), language) for language in LANGUAGES}


def test_it_is_counted_apart(models):
    counts = dict(zip(STATUSES, models["en"].total.counts, strict=True))
    assert (counts["fail"], counts["to_confirm"]) == (1, 1)
    assert "1 fail on what is on record and are to be confirmed" in models["en"].lead
    assert "待核实 1 项" in models["zh"].lead
    assert sum(counts.values()) == models["en"].total.total == len(models["en"].blocks)


def test_it_is_no_failure_and_no_advice_is_given_on_it(models):
    model = models["en"]
    title = next(block.title for block in model.blocks if block.id == DOUBTED)
    assert title not in model.failures
    assert title in model.doubts
    assert title not in [row[2] for row in advice_rows(model)]
    assert DOUBTED not in {row.indicator for row in model.worst}
    assert [row.indicator for row in model.unsure] == [DOUBTED]


def test_registers_are_two_and_together_hold_every_finding(models):
    model = models["zh"]
    proven, unsure = problem_rows(model), problem_rows(model, "to_confirm")
    assert len(proven) + len(unsure) == len(doubted().findings)
    assert len(unsure) == sum(one.indicator == DOUBTED for one in doubted().findings) > 0
    assert {row.status for row in model.problems[: len(proven)]} == {"fail"}, "what is proven comes first"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_the_papers_say_so(models, language):
    model = models[language]
    text = page(model)
    word = {"zh": "待核实", "en": "To confirm"}[language]
    assert f"{SYMBOLS['to_confirm']} {word}" in text
    assert 'id="to_confirm"' in text
    assert WHY.say(language) in text
    printed = repr(list(outline(model)))
    assert {"zh": "待核实问题清单", "en": "Findings to confirm"}[language] in printed
    assert WHY.say(language) in printed


def test_dots_of_doubts_have_their_own_colour_and_legend(models):
    block = next(block for block in models["en"].blocks if block.id == DOUBTED)
    assert "object to confirm" in str(block.map)
    assert "object that fails" in str(models["en"].pictures["map"])
    nothing_proven = replace(doubted(), findings=tuple(one for one in doubted().findings if one.status == "to_confirm"))
    assert "object to confirm" in str(assemble(nothing_proven, "en").pictures["map"])


def test_exports_carry_the_status():
    told = findings_table(doubted()).to_pylist()
    assert {row["status"] for row in told if row["indicator"] == DOUBTED} == {"to_confirm"}
    assert {row["status"] for row in told if row["indicator"] != DOUBTED} == {"fail"}
    units = units_table(doubted(), "block").to_pylist()
    assert "fail" not in {row[f"{DOUBTED}_status"] for row in units}


def test_a_workbook_has_a_sheet_for_it(models, tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="the extra [report] is not installed")
    from tulou.publish.report.xlsx import write_xlsx

    write_xlsx(models["zh"], tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    sheet = book["待核实问题清单"]
    assert sheet.max_row > 1
    titles = {block.title for block in models["zh"].blocks if block.id == DOUBTED}
    assert titles & {cell.value for row in sheet.iter_rows() for cell in row}
    proven = {cell.value for row in book["问题清单及台账"].iter_rows() for cell in row}
    assert not titles & proven


def test_long_ids_fit_their_column_and_are_whole_in_the_exports():
    made = doubted()
    long = "derived:land-6fae9a92c73cdd62"
    findings = (replace(made.findings[0], objects=(long, "osm:w1")), *made.findings[1:])
    model = assemble(replace(made, findings=findings), "en", pictures=False)
    assert "derived:land…dd62, osm:w1" in {row.objects for row in model.problems}
    assert f"{long} osm:w1" in findings_table(replace(made, findings=findings))["objects"].to_pylist()

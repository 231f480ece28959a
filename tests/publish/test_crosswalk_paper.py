"""Crosswalks as published: a row an answer, the nearest first, values only where a check was asked."""

import pytest

from diagnosis.composite.made import results_of
from tulou.app.wiring import rulebook
from tulou.indicators.rulebook.crosswalk import Answer, Framework, Item
from tulou.kernel.words import LANGUAGES, Words
from tulou.publish.crosswalk import Asked, city_figures, counted, crosswalk_paper, framework_sheet
from tulou.publish.paper.content import Sheet, Text

ITEMS = (
    Item("1", Words("一", "One"), "sourced",
         (Answer("waste_recovery_rate", "partial"), Answer("sdg_waste", "close", Words("差", "differs"))), None, ""),
    Item("2", Words("二", "Two"), "memory", (), Words("没有", "no data"), ""),
)  # fmt: skip
MADE = Framework("made", "MADE", Words("造", "Made"), "indicator", "memory", ("R1",), None, ITEMS)


@pytest.fixture(scope="module")
def rules():
    return rulebook(("international",))


def test_the_nearest_answer_comes_first_and_a_gap_says_why(rules):
    sheet = framework_sheet(MADE, rules, Asked(), "en")
    assert [column.title for column in sheet.columns] == [
        "Code",
        "What it asks",
        "Match",
        "Our indicator",
        "Evidence",
        "Note",
    ]
    assert [(row[0], row[2], row[5]) for row in sheet.rows] == [
        ("1", "close", "differs"), ("1", "partial", ""), ("2", "none", "no data"),
    ]  # fmt: skip
    assert counted(MADE, "en") == "2 parts: 0 answered exactly, 1 closely, 0 in part, 1 not at all."


def test_values_of_a_check_with_estimates_and_reasons(rules):
    table = results_of({"sdg_waste": (91.25,), "waste_recovery_rate": (float("nan"),)}, ("c",), level="city",
                       estimate=("sdg_waste",))  # fmt: skip
    asked = Asked("Made", "id", "2026-01-01", figures=city_figures(table))
    rows = framework_sheet(MADE, rules, asked, "en").rows
    assert rows[0][4:6] == ["≈ 91.2%", "Reference"]
    assert rows[1][4] == ""
    assert str(rows[1][5]).startswith("Not assessed")
    nobody = framework_sheet(MADE, rules, Asked(figures={}), "en").rows
    assert nobody[0][5] == "not asked in this check"


def test_only_official_figures_of_the_whole_city_count():
    city = results_of({"x": (1.0,)}, ("c",), level="city")
    parts = results_of({"y": (1.0, 2.0)}, ("a", "b"), level="district")
    assert set(city_figures(city)) == {"x"}
    assert city_figures(parts) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper(rules, language):
    paper = crosswalk_paper([MADE], rules, Asked(), language)
    assert sum(isinstance(part, Sheet) for part in paper.parts) == 1
    assert any("R1" in part.text for part in paper.parts if isinstance(part, Text))
    assert paper.cover == ()

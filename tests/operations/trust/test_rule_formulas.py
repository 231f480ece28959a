"""The lint reads formulas in pages of rules too: the shipped pages with one bad term added to each."""

import re
from functools import cache
from pathlib import Path

import pytest

from operations.trust.test_formulas import BOOKS, shipped
from tulou.app import exits
from tulou.operations.trust.adapters.formula_pages import formula_terms, read_natures
from tulou.operations.trust.adapters.rule_formulas import rule_terms
from tulou.operations.trust.domain.formulas import (
    NO_LEAST,
    NO_MOST,
    PUNISHES,
    REWARDS,
    REWARDS_VISITS,
    UNDECLARED,
    formula_faults,
)

CHINA = Path(__file__).parents[3] / "rulebooks" / "china"
HOTLINE, CITY, VISITS = "hotline/rates.yaml", "city_management/indicators.yaml", "inspections/rules.yaml"
CREDIT, GRADING = "safety/credit.yaml", "safety/grading.yaml"
RATE = "  - {id: bad, title: {zh: 坏, en: Bad}, better: "


@cache
def natures():
    return read_natures(BOOKS)


def linted(tmp_path, page, old, new):
    """What is found in a copy of a shipped page that is changed in one place; and the line of the change."""
    place = tmp_path / "made" / page
    place.parent.mkdir(parents=True)
    text = (CHINA / page).read_text("utf-8")
    assert old in text, old
    at = text.index(old)
    place.write_text(text.replace(old, new, 1), "utf-8")
    found = list(formula_faults(formula_terms([tmp_path / "made"], natures()), natures().words))
    line = text[:at].count("\n") + 1
    return [one.what for one in found], {one.where for one in found}, f"made/{page}:{line + new.count(chr(10))}"


@pytest.mark.parametrize("page", [HOTLINE, CITY, VISITS, CREDIT, GRADING])
def test_the_shipped_page_has_terms_and_no_fault(page):
    name = page.partition("/")[0]
    starts = {
        HOTLINE: "hotline_score", CITY: "city_management", VISITS: "inspection_", CREDIT: "credit_", GRADING: "grade_",
    }[page]  # fmt: skip
    terms, faults = shipped()
    assert len([one for one in terms if one.name.startswith(starts) and f"{name}/" in one.where]) >= 3
    assert not [one for one in faults if page in one.where]


@pytest.mark.parametrize(
    ("page", "old", "new", "what"),
    [
        (HOTLINE, "resolution: 0.5}", "resolution: 0.5, complaints: -0.1}", [PUNISHES, NO_LEAST]),
        (HOTLINE, "resolution: 0.5}", "resolution: 0.5, received: -0.1}", [PUNISHES, NO_LEAST]),
        (HOTLINE, "resolution: 0.5}", "resolution: 0.5, penalties: 0.1}", [REWARDS, NO_MOST]),
        (HOTLINE, "resolution: 0.5}", "resolution: 0.5, praise: 0.1}", [NO_MOST]),
        (CITY, "rates:\n", f"rates:\n{RATE}less, numerator: reported, denominator: to_handle}}\n", [PUNISHES]),
        (CITY, "rates:\n", f"rates:\n{RATE}more, numerator: fines_levied, denominator: to_handle}}\n", [REWARDS]),
        (VISITS, "burden: {value: 0.05", "penalties: {value: 0.05", [REWARDS, NO_MOST]),
        (VISITS, "burden: {value: 0.05", "visits: {value: 0.05", [REWARDS_VISITS, NO_MOST]),
        (VISITS, "burden: {value: 0.05", "complaints: {value: -0.05", [PUNISHES, NO_LEAST]),
        (CREDIT, "{zh: 安全生产行政处罚, en: Safety penalty}", "{zh: 投诉, en: Item}", [PUNISHES]),
        (CREDIT, "then: {down: 1}", "then: {up: 1}", [REWARDS]),
        (CREDIT, "ladder: [A+, A, A-, B+, B, B-, C+, C, C-, D]", "steps: []", [NO_LEAST] * 6),
        (GRADING, 'title: {zh: 暴露频繁程度 E, en: "Exposure, E"}', "title: {zh: 投诉, en: Item}", [PUNISHES]),
        (GRADING, "factors:\n", "factors:\n          open: {title: {zh: 无表, en: No table}}\n", [NO_LEAST]),
    ],
)  # fmt: skip
def test_a_bad_term_is_told_with_its_line(tmp_path, page, old, new, what):
    found, places, _ = linted(tmp_path, page, old, new)
    assert found == what
    assert all(one.startswith(f"made/{page}:") for one in places)


def test_the_line_is_that_of_the_term(tmp_path):
    _, places, line = linted(tmp_path, HOTLINE, "resolution: 0.5}", "resolution: 0.5, complaints: -0.1}")
    assert places == {line}


def test_every_weight_of_the_hotline_is_a_share_of_valid_call_backs():
    terms = [one for one in rule_terms(CHINA, natures()) if one.name.startswith("hotline_score")]
    assert [(one.counts[0].name, one.below[0].name) for one in terms] == [
        ("contacted", "valid"), ("satisfied", "valid"), ("solved", "valid"),
    ]  # fmt: skip


def test_a_count_that_speaks_of_complaints_cannot_be_declared_a_result(tmp_path):
    folder = tmp_path / "town"
    (folder / "hotline").mkdir(parents=True)
    (folder / "trust").mkdir()
    (folder / "trust" / "natures.yaml").write_text("counts: {petitions: result}\n")
    page = (CHINA / HOTLINE).read_text("utf-8").replace("resolution: 0.5}", "resolution: 0.5, petitions: -0.1}")
    (folder / HOTLINE).write_text(page, "utf-8")
    told = read_natures([*BOOKS, folder])
    found = [one.what for one in formula_faults(rule_terms(folder, told), told.words)]
    assert found == [NO_LEAST, UNDECLARED]


def test_from_the_command_line(tmp_path):
    from app.line import fine, tulou

    assert re.search(r"\b\d{3} terms, 10 remarks", fine("audit", "formulas"))
    folder = tmp_path / "town"
    (folder / "hotline").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text((CHINA.parent / "rongcheng" / "rulebook.yaml").read_text("utf-8"), "utf-8")
    page = (CHINA / HOTLINE).read_text("utf-8").replace("resolution: 0.5}", "resolution: 0.5, complaints: -0.1}")
    (folder / HOTLINE).write_text(page, "utf-8")
    said = tulou("audit", "formulas", "--strict", "--rulebook", folder, language="zh")
    assert said.code != exits.FINE
    assert "town/hotline/rates.yaml:4" in said.out + said.err

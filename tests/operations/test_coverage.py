"""Coverage: every name is looked up, nothing is claimed that is not there, and the whole design is accounted for."""

import json
import re
from pathlib import Path

import pytest
import yaml

from app.line import fine, refused
from shared_data import ROOT
from tulou.app import exits
from tulou.app.wiring import RULEBOOKS, measures, rulebook
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.operations.coverage import Part, Row, Truth, coverage_of
from tulou.publish.tracker.coverage import counted, markdown, plain, table_rows

HOME = Path(__file__).resolve().parents[2]
DESIGN = ROOT.parent / "design" / "CLAUSES.md"
SAID = Words("一", "one")


@pytest.fixture(scope="module")
def rows():
    return coverage_of(RULEBOOKS, rulebook(), measures())


def row(*parts, truths=()):
    return Row("1", SAID, (), (), (), parts, truths)


THERE, TRACKED, ABSENT = Part(SAID, ("measure/gini",)), Part(SAID, ("commitment/1.1",)), Part(SAID, ())
GONE = Part(SAID, ("measure/gini", "measure/none"), ("measure/none",))


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ((THERE, TRACKED), "computed"),
        ((THERE, ABSENT), "partly"),
        ((THERE, GONE), "partly"),
        ((TRACKED,), "tracked"),
        ((TRACKED, ABSENT), "tracked"),
        ((ABSENT,), "not_yet"),
        ((GONE,), "not_yet"),
        ((), "not_yet"),
    ],
)
def test_a_clause_is_as_far_as_its_parts(parts, state):
    assert row(*parts).state == state


def test_all_clauses_are_told_each_with_parts_and_published_figures(rows):
    assert [one.number for one in rows] == [str(number) for number in range(1, 27)]
    assert all(one.parts and one.truths and one.commitments for one in rows)
    assert {one.state for one in rows} <= {"computed", "partly", "tracked"}


def test_no_name_is_claimed_that_does_not_exist(rows):
    assert [(one.number, part.missing) for one in rows for part in one.parts if part.missing] == []


def test_every_test_that_is_named_exists_and_tests_something(rows):
    for one in rows:
        for truth in one.proved:
            place = HOME / truth.where
            files = [place] if place.is_file() else sorted(place.glob("test_*.py"))
            assert files, truth
            assert any("def test_" in file.read_text("utf-8") for file in files), truth


def test_every_folder_of_truths_serves_a_clause(rows):
    """What was reproduced is told; a folder may prove a method that no clause asks for by a figure of its own."""
    named = {truth.where for one in rows for truth in one.proved}
    assert {f"tests/truth/{name}" for name in ("access", "asem", "equity", "hdi", "pmedcap", "renewal_milp")} <= named


def test_figures_that_are_said_to_be_reproduced_stand_in_their_tests(rows):
    for one in rows:
        for truth in one.proved:
            place = HOME / truth.where
            files = [place] if place.is_file() else sorted(place.rglob("*.py")) + sorted(place.rglob("*.md"))
            text = "".join(file.read_text("utf-8") for file in files)
            numbers = re.findall(r"\d+\.\d{2,}", truth.says)
            assert all(number.rstrip("0") in text for number in numbers if number != "0.000"), truth


def test_the_design_is_accounted_for_clause_by_clause(rows):
    if not DESIGN.exists():
        pytest.skip("the design is not here: shared/design/CLAUSES.md")
    lines = [line for line in DESIGN.read_text("utf-8").splitlines() if re.match(r"\| (\d+|八) ", line)]
    assert len(lines) == len(rows)
    for line, one in zip(lines, rows, strict=True):
        what = line.split("|")[2]
        assert len(one.parts) >= min(2, what.count(";") + 1), one.number
        for figure in re.findall(r"\d{2,}\.\d{3,}", line):
            assert any(figure in truth.says for truth in one.truths), (one.number, figure)


def test_what_is_tracked_has_bodies_days_and_evidence_to_track(rows):
    for one in rows:
        for commitment in one.commitments:
            assert commitment.shown_by.zh, commitment.id
            assert commitment.sentences, commitment.id


def test_the_table_says_what_it_counts(rows):
    text = counted(rows, "en")
    lacking = sum(len(one.not_yet) for one in rows)
    assert f"{lacking} are not there yet" in text
    assert lacking > 0
    table = table_rows(rows, "en")
    assert table[-1][0] == "八"
    assert [line[3] for line in table] == [f"{len(one.parts) - len(one.not_yet)} of {len(one.parts)}" for one in rows]


def test_markdown_names_what_is_missing():
    text = markdown([row(THERE, GONE, truths=(Truth("1.25", "tests/x"), Truth("2.5")))], "en")
    assert "gini, none (none does not exist)" in text
    assert "| 2.5 | not reproduced yet |" in text
    assert "| 1.25 | tests/x |" in text


def test_plain_data_is_the_same_table(rows):
    data = plain(rows)
    assert json.loads(json.dumps(data)) == data
    assert [one["state"] for one in data] == [one.state for one in rows]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("clauses: [{number: '99', parts: []}]", "there is no such clause"),
        ("clauses: [{number: '1', parts: [{says: {zh: 一, en: a}, by: [gini]}]}]", "named by its kind and name"),
        ("clauses: [{number: '1', parts: [{says: {zh: 一, en: a}, by: [law/gini]}]}]", "named by its kind and name"),
        ("clauses: [{number: '1', parts: [{says: one}]}]", "needs both languages"),
        ("clauses: [{number: '1', part: []}]", "unknown key"),
        ("clause: []", "unknown key"),
    ],
)
def test_a_page_with_a_fault_is_refused(tmp_path, text, says):
    book = tmp_path / "own"
    book.mkdir()
    (book / "rulebook.yaml").write_text("{id: own, title: {zh: 自有, en: Own}, version: '1', extends: fujian}", "utf-8")
    (book / "coverage.yaml").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=says) as caught:
        coverage_of([str(book)], rulebook(), measures())
    assert "own/coverage.yaml:1" in str(caught.value)


def test_a_name_that_no_longer_exists_counts_as_not_there(tmp_path):
    book = tmp_path / "own"
    book.mkdir()
    (book / "rulebook.yaml").write_text("{id: own, title: {zh: 自有, en: Own}, version: '1', extends: fujian}", "utf-8")
    names = [
        "measure/gone",
        "indicator/gone",
        "code/tulou.gone",
        "code/gone.gone",
        "commitment/9.99",
        "file/gone/x.yaml",
    ]
    parts = [{"says": {"zh": "一", "en": "a"}, "by": [name]} for name in names]
    page = {"clauses": [{"number": "22", "parts": parts, "truths": []}]}
    (book / "coverage.yaml").write_text(yaml.safe_dump(page, allow_unicode=True), "utf-8")
    found = {one.number: one for one in coverage_of([str(book)], rulebook(), measures())}
    assert [part.missing for part in found["22"].parts] == [(name,) for name in names]
    assert found["22"].state == "not_yet"
    assert found["21"].state == "partly"


def test_on_the_screen():
    for language, head in (("en", "Published figures"), ("zh", "公布数值")):
        out = fine("coverage", language=language)
        assert head in out
        assert len(out.strip().splitlines()) == 29
    assert "seven" not in fine("coverage", "--clause", "7")
    assert fine("coverage", "--clause", "八") == fine("coverage", "--clause", "26")
    assert len(json.loads(fine("coverage", "--format", "json"))) == 26
    assert len(json.loads(fine("coverage", "--clause", "6", "--format", "json"))) == 1
    assert fine("coverage", "--format", "md").count("\n## ") == 26
    assert "no rulebook has such a clause" in refused(exits.BAD_USE, "coverage", "--clause", "30")
    refused(exits.BAD_USE, "coverage", "--format", "docx")

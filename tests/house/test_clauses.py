"""The clause register: every sentence of the opinion has a commitment, and every name in it exists."""

from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
import yaml

from shared_data import ROOT
from tulou.indicators.evaluate.checks import run_checks
from tulou.indicators.rulebook.read import read_rulebook
from tulou.measures.catalogue import all_measures

BOOKS = Path(__file__).resolve().parents[2] / "rulebooks"
OPINION = ROOT.parent / "policy" / "opinion.yaml"
CLOSING = "26"
LONGEST_SAME = 8  # characters in a row that names of things may share with the text


@pytest.fixture(scope="module")
def clauses():
    return yaml.safe_load((BOOKS / "fujian/clauses.yaml").read_text())["clauses"]


@pytest.fixture(scope="module")
def indicators():
    found = (BOOKS.glob(f"{book}/indicators/*/*.yaml") for book in ("china", "international"))
    return {path.stem for paths in found for path in paths}


@pytest.fixture(scope="module")
def opinion():
    if not OPINION.exists():
        pytest.skip("the opinion is not here: shared/policy/opinion.yaml")
    sections = yaml.safe_load(OPINION.read_text())["sections"]
    found = {str(clause["id"]): clause["text"] for section in sections for clause in section["clauses"]}
    return {**found, CLOSING: sections[-1]["text"]}


def sentences(text):
    return [part for part in text.split("。") if part.strip()]


def test_every_sentence_is_accounted_for(clauses, opinion):
    assert [clause["number"] for clause in clauses] == list(opinion)
    for clause in clauses:
        accounted = {number for entry in clause["commitments"] for number in entry["sentences"]}
        assert accounted == set(range(1, len(sentences(opinion[clause["number"]])) + 1)), clause["number"]


def test_the_words_are_our_own(clauses, opinion):
    for clause in clauses:
        text = opinion[clause["number"]]
        for entry in clause["commitments"]:
            said = entry["says"]["zh"]
            same = SequenceMatcher(None, said, text, autojunk=False).find_longest_match()
            assert same.size <= LONGEST_SAME, (entry["id"], said[same.a : same.a + same.size])


def test_each_commitment_is_whole(clauses, indicators):
    ids = [entry["id"] for clause in clauses for entry in clause["commitments"]]
    assert not [name for name, times in Counter(ids).items() if times > 1]
    for clause in clauses:
        assert any(entry["indicators"] for entry in clause["commitments"]) or clause["number"] == CLOSING
        for entry in clause["commitments"]:
            assert set(entry["indicators"]) <= indicators, entry["id"]
            assert entry["kind"] == "tracked" or entry["indicators"], entry["id"]
            for key in ("says", "shown_by"):
                assert entry[key]["zh"], entry["id"]
                assert entry[key]["en"], entry["id"]


def test_crosswalks_name_indicators_that_exist(indicators):
    tables = yaml.safe_load((BOOKS / "international/crosswalk.yaml").read_text())
    for name, table in tables.items():
        for entry in table["entries"]:
            assert set(entry["indicators"]) <= indicators, (name, entry["code"])
            assert (entry["answers"] == "no") == (not entry["indicators"]), (name, entry["code"])


def test_checks_of_the_international_rulebook():
    book = read_rulebook(BOOKS / "international", all_measures())
    own = [name for name, indicator in book.indicators.items() if indicator.rulebook == "international"]
    outcomes = run_checks(book, own)
    assert len(outcomes) >= 2 * len(own) > 0
    assert [outcome for outcome in outcomes if not outcome.ok] == []

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


def test_checks_of_the_international_rulebook():
    book = read_rulebook(BOOKS / "international", all_measures())
    own = [name for name, indicator in book.indicators.items() if indicator.rulebook == "international"]
    outcomes = run_checks(book, own)
    assert len(outcomes) >= 2 * len(own) > 0
    assert [outcome for outcome in outcomes if not outcome.ok] == []


RHYTHMS = {"regular": ("定期",), "continuing": ("持续", "常态化"), "timely": ("及时",), "when_fit": ("适时",)}
TARGETS = ("全覆盖", "全民", "杜绝", "最多采一次", "不新增")
UPWARD = {"apply": "申报", "report": "请示报告"}
ELSEWHERE = {"departments", "cities", "localities", "province"}
"""Bodies that the closing section names for the whole, and a sentence elsewhere may mention in passing."""


@pytest.fixture(scope="module")
def tracking():
    return yaml.safe_load((BOOKS / "fujian/tracking.yaml").read_text())


def sentences_of(entry, clause, opinion):
    whole = sentences(opinion[clause["number"]])
    return "。".join(whole[number - 1] for number in entry["sentences"])


def each(clauses):
    return ((clause, entry) for clause in clauses for entry in clause["commitments"])


def test_bodies_and_places_stand_in_the_sentences_that_name_them(clauses, tracking, opinion):
    for clause, entry in each(clauses):
        said = sentences_of(entry, clause, opinion)
        for name in (*entry.get("lead", ()), *entry.get("supporting", ()), *entry.get("upward", {}).get("to", ())):
            assert any(word in said for word in tracking["bodies"][name]["named"]), (entry["id"], name)
        for name in entry.get("places", ()):
            assert any(word in said for word in tracking["places"][name]["named"]), (entry["id"], name)


def test_no_body_that_a_sentence_names_is_lost(clauses, tracking, opinion):
    for clause in clauses:
        for number, said in enumerate(sentences(opinion[clause["number"]]), 1):
            named = {name for name, body in tracking["bodies"].items() if any(word in said for word in body["named"])}
            entries = [entry for entry in clause["commitments"] if number in entry["sentences"]]
            kept = {
                name
                for entry in entries
                for name in (
                    *entry.get("lead", ()),
                    *entry.get("supporting", ()),
                    *entry.get("upward", {}).get("to", ()),
                )
            }
            assert named - kept - ELSEWHERE == set(), (clause["number"], number, named - kept)


def test_only_what_the_opinion_says_is_set_and_the_rest_is_open(clauses, tracking, opinion):
    for clause, entry in each(clauses):
        said = sentences_of(entry, clause, opinion)
        assert "due" not in entry, entry["id"]
        assert "milestones" not in entry, entry["id"]
        if "rhythm" in entry:
            assert any(word in said for word in RHYTHMS[entry["rhythm"]]), entry["id"]
        if "target" in entry:
            assert any(word in said for word in TARGETS), entry["id"]
        if "upward" in entry:
            assert UPWARD[entry["upward"]["way"]] in said, entry["id"]
    assert "commitments" not in tracking
    years = [word for text in opinion.values() for word in ("年底", "月底", "年前") if word in text]
    assert years == []


def test_what_goes_upward_by_the_opinion_is_not_lost(clauses, opinion):
    for clause in clauses:
        for number, said in enumerate(sentences(opinion[clause["number"]]), 1):
            ways = {way for way, word in UPWARD.items() if word in said}
            entries = [entry for entry in clause["commitments"] if number in entry["sentences"]]
            assert ways <= {entry["upward"]["way"] for entry in entries if "upward" in entry}, (
                clause["number"],
                number,
            )


def test_every_kind_of_evidence_is_named_and_used(clauses, tracking):
    used = {kind for _, entry in each(clauses) for kind in entry["needs"]}
    assert used == set(tracking["evidence"])
    assert all(entry["needs"] for _, entry in each(clauses))


def test_every_body_and_place_is_used(clauses, tracking):
    general = {name for key in ("answers", "carries_out", "together") for name in tracking["general"][key]}
    bodies = {name for _, entry in each(clauses) for key in ("lead", "supporting") for name in entry.get(key, ())}
    bodies |= {name for _, entry in each(clauses) for name in entry.get("upward", {}).get("to", ())}
    assert set(tracking["bodies"]) - bodies - general == set()
    places = {name for _, entry in each(clauses) for name in entry.get("places", ())}
    assert set(tracking["places"]) == places

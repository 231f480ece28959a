"""Crosswalks: whole, no better evidenced than the reference material, and refused where they are wrong."""

from pathlib import Path

import pytest
import yaml

from tulou.app.wiring import rulebook
from tulou.indicators.rulebook.crosswalk import MATCHES, chosen_frameworks, read_crosswalks
from tulou.kernel.errors import BadInput, BadUse

ROOT = Path(__file__).parents[2]
TABLES = ROOT.parent / "shared" / "reference" / "tables.yaml"


@pytest.fixture(scope="module")
def rules():
    return rulebook(("international", "fujian"))


@pytest.fixture(scope="module")
def frameworks(rules):
    return read_crosswalks(rules.folders, rules)


def test_the_three_frameworks(frameworks):
    assert list(frameworks) == ["SDG11", "ISO37120", "UMF"]
    assert [len(one.items) for one in frameworks.values()] == [15, 19, 20]


def test_nothing_is_called_exact_where_the_definitions_were_not_at_hand(frameworks):
    for code in ("ISO37120", "UMF"):
        assert {item.match for item in frameworks[code].items} <= {"partial", "none"}
    exact = [item for item in frameworks["SDG11"].items if item.match == "exact"]
    assert exact
    for item in exact:
        assert any(answer.indicator.startswith("sdg_") for answer in item.answers if answer.match == "exact")


def test_differences_and_gaps_are_said(frameworks):
    for framework in frameworks.values():
        for item in framework.items:
            assert item.answers or item.note, item.code
            for answer in item.answers:
                assert answer.match != "close" or answer.note, item.code


@pytest.mark.skipif(not TABLES.exists(), reason="the reference material is not beside the checkout")
def test_every_part_of_the_reference_stands_here_and_no_better_evidenced(frameworks):
    raw = yaml.safe_load(TABLES.read_text("utf-8"))
    tables = raw.get("tables", raw)
    ours = {item.code: item for item in frameworks["SDG11"].items}
    for entry in tables["sdg11"]:
        codes = {"11.5.2/3": ("11.5.2", "11.5.3"), "11.b.1/11.b.2": ("11.b.1", "11.b.2")}.get(
            entry["code"], (entry["code"],)
        )
        if entry["code"] == "11.c.1":
            assert "11.c.1" not in ours  # Deleted from the framework.
            continue
        for code in codes:
            assert code in ours
            if ours[code].evidence == "sourced":
                assert "sourced" in entry["evidence"], code
    themes = [item.title.en for item in frameworks["ISO37120"].items]
    assert len(themes) == len(tables["iso37120_2018_themes"]["themes"])
    domains, objectives = tables["umf"]["domains"], tables["umf"]["objectives"]
    assert len(frameworks["UMF"].items) == len(domains) * len(objectives)


def test_frameworks_by_code_in_any_case(frameworks):
    assert [one.code for one in chosen_frameworks(frameworks, ["umf", "sdg 11"])] == ["UMF", "SDG11"]
    assert len(chosen_frameworks(frameworks, [])) == 3
    with pytest.raises(BadUse) as caught:
        chosen_frameworks(frameworks, ["SDG"])
    assert caught.value.faults[0].guess == "SDG11"


GOOD = """
made:
  code: MADE
  title: {zh: 造, en: Made}
  unit_of: indicator
  evidence: memory
  entries:
    - {code: "1", title: {zh: 一, en: One}, answers: [{indicator: sdg_waste, match: exact}]}
    - {code: "2", title: {zh: 二, en: Two}, answers: [], note: {zh: 无, en: nothing}}
"""


@pytest.mark.parametrize(
    ("before", "after", "message", "guess"),
    [
        ("sdg_waste", "sdg_wast", "there is no such indicator", "sdg_waste"),
        ("match: exact", "match: full", "not a value of 'match'", ""),
        ("match: exact", "match: none", "not a value of 'match'", ""),
        ("match: exact", "match: close", "says what differs", ""),
        (", note: {zh: 无, en: nothing}", "", "says why", ""),
        ('code: "2"', 'code: "1"', "have one code", ""),
        ("answers: []", "answer: []", "unknown key", "answers"),
        ("evidence: memory", "evidence: known", "not a value of 'evidence'", ""),
        ("unit_of: indicator", "unit_of: themes", "not a value of 'unit_of'", "theme"),
    ],
)
def test_what_is_refused(tmp_path, rules, before, after, message, guess):
    assert before in GOOD
    (tmp_path / "rulebook.yaml").write_text("id: made\ntitle: {zh: 名, en: Book}\nversion: '1'\n")
    (tmp_path / "crosswalk.yaml").write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_crosswalks([tmp_path], rules)
    faults = [fault for fault in caught.value.faults if message in fault.what]
    assert f"{tmp_path.name}/crosswalk.yaml:" in faults[0].where
    if guess:
        assert faults[0].guess == guess


def test_matches_are_ordered_the_nearest_first():
    assert MATCHES == ("exact", "close", "partial", "none")

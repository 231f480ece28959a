"""The national lists: complete, no better evidenced than the reference material, every check right, all computed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tulou.indicators.evaluate.checks import Outcome, run_checks
from tulou.indicators.evaluate.run import evaluate
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.documents import read_document
from tulou.measures.catalogue import all_measures
from tulou.model.state import Profile
from tulou.model.store.city import City
from tulou.sources.synthetic.connector import rongcheng

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference" / "indicators.yaml"
BOOK = read_rulebook(ROOT / "rulebooks" / "china", all_measures())
OURS = {item.id: item for item in BOOK.indicators.values() if re.match(r"[UV]\d\d", item.code)}
BY_CODE = {item.code: item for item in OURS.values()}


def strength(evidence: str) -> int:
    """How well something is evidenced; every grade of memory counts as one."""
    return ["none", "memory", "derived", "sourced"].index(evidence.split("-", maxsplit=1)[0])


def test_all_61_of_2023_and_all_20_observed_later_are_there() -> None:
    wanted = {f"U{number:02}" for number in range(1, 62)} | {f"V{number:02}" for number in range(1, 21)}
    assert wanted <= set(BY_CODE)
    assert {item.code for item in OURS.values() if "MOHURD-2023" in item.lists} >= {f"U{n:02}" for n in range(1, 62)}


@pytest.mark.parametrize("outcome", run_checks(BOOK, sorted(OURS)), ids=lambda outcome: f"{outcome.where}")
def test_every_hand_worked_check_agrees(outcome: Outcome) -> None:
    assert outcome.ok, f"{outcome.name}: expected {outcome.expected}, got {outcome.got} {outcome.error}"


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_indicator_shows_what_it_does_when_data_lack(name: str) -> None:
    expected = [check.expect.get("status") for check in OURS[name].checks]
    assert "not assessed" in expected
    assert len(expected) >= 3


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference material is not beside the checkout")
def test_no_pass_mark_is_better_evidenced_than_the_reference_says() -> None:
    raw = {entry["id"]: entry for entry in read_document(REFERENCE, "indicators.yaml")["indicators"]}
    raised = []
    for item in OURS.values():
        formula = item.variants[0].formulas[-1]
        if formula.judge is None:
            continue
        theirs = raw[item.code[:3]]["threshold"]["evidence"]
        ours = {version.evidence for version in BOOK.parameters[formula.judge.mark].values.versions}
        if max(map(strength, ours)) > strength(theirs):
            raised.append(f"{item.code}: {ours}, the reference says {theirs}")
    assert not raised


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference material is not beside the checkout")
def test_clauses_and_definitions_follow_the_reference() -> None:
    raw = {entry["id"]: entry for entry in read_document(REFERENCE, "indicators.yaml")["indicators"]}
    for code, item in BY_CODE.items():
        entry = raw[code[:3]]
        assert item.clauses == tuple(map(str, entry["clause"])), code
        assert strength(item.evidence) <= strength(entry["source"]["evidence"]), code


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    city = City.create(
        tmp_path_factory.mktemp("city") / "rongcheng",
        profile=Profile("rongcheng", "", synthetic=True),
        dictionary=BOOK.dictionary,
    )
    city.commit(rongcheng(), who="test", message="synthetic", valid_from=date(2025, 1, 1))
    results = evaluate(BOOK, city.state(valid=date(2025, 12, 31)), indicators=sorted(OURS)).results
    rows: list[dict[str, Any]] = results.to_pylist()
    return rows


@pytest.mark.parametrize("code", sorted(code for code in BY_CODE if re.fullmatch(r"[UV]\d\d", code)))
def test_a_city_with_all_registers_gets_a_figure(checked: list[dict[str, Any]], code: str) -> None:
    rows = [row for row in checked if row["indicator"] == BY_CODE[code].id and row["level"] == "city"]
    main = [row for row in rows if not row["variant"]]
    assert len(main) == 1
    assert main[0]["value"] is not None, main[0]["reason_en"]

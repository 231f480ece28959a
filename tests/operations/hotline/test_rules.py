"""Rules of a hotline are data: read whole or refused with file and line."""

from datetime import UTC, date, datetime
from shutil import copytree

import pytest

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.hotline.adapters.reading import read_rules
from tulou.operations.hotline.domain.acceptance import judged
from tulou.operations.hotline.domain.request import Request

RULES = read_rules(["china"])


def asked(text, kind="complaint"):
    return judged(Request("1", datetime(2026, 3, 2, tzinfo=UTC), "", text, kind=kind), RULES.items)


@pytest.mark.parametrize(
    ("text", "kind", "decision", "item"),
    [
        ("楼下着火了快来", "help", "refer", "emergency_lines"),
        ("不服判决，要求重判", "complaint", "decline", "courts"),
        ("请帮我查询他人住址", "help", "decline", "secrets"),
        ("公积金怎么提取", "consultation", "consult", "consultation"),
        ("路灯不亮", "complaint", "accept", None),
        ("路 灯 着 火 了", "complaint", "refer", "emergency_lines"),
    ],
)
def test_the_list_proposes_with_the_item(text, kind, decision, item):
    found = asked(text, kind)
    assert found.decision == decision
    assert (found.item.id if found.item else None) == item
    assert not found.item or (found.item.told.zh and found.item.source)


def test_bodies_and_kinds_exist_in_the_flow():
    flow = read_flows(["china"]).versions["hotline"][-1]
    assert set(RULES.bodies.values()) <= set(flow.bodies)
    for kind in flow.fields["kind"].values:
        Request("1", datetime(2026, 3, 2, tzinfo=UTC), kind=kind)


def test_subjects_name_indicators_that_exist():
    folder = find_rulebook("china") / "indicators"
    known = {
        line.split(":")[1].strip()
        for page in folder.rglob("*.yaml")
        for line in page.read_text().splitlines()
        if line.startswith(("id:", "- id:"))
    }
    named = {name for one in RULES.topics for name in one.indicators}
    assert named - known == set()


@pytest.mark.parametrize(
    ("page", "old", "new", "says"),
    [
        ("rates.yaml", "response: 0.1", "response: 0.2", "add up to 1"),
        ("rates.yaml", "month_from: 19", "month_from: 31", "whole number"),
        ("rates.yaml", "    basic: 0.9", "    basis: 0.9", "unknown key"),
        ("acceptance.yaml", "decision: refer", "decision: reject", "not a value of 'decision'"),
        ("acceptance.yaml", "kinds: [consultation]", "kinds: [question]", "no such kind"),
        ("likeness.yaml", "sizes: [2]", "sizes: [4]", "lengths of n-grams"),
        ("dispatch.yaml", "aim: 0.9", "aim: 90", "share from 0 to 1"),
        ("dispatch.yaml", "margin: 1.0", "margin: 0", "above zero"),
        ("subjects.yaml", "    categories: [水污染]\n    words: [黑臭, 臭水沟, 河水发臭]\n", "", "categories or words"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, page, old, new, says):
    copytree(find_rulebook("china") / "hotline", tmp_path / "ours" / "hotline")
    (tmp_path / "ours" / "rulebook.yaml").write_text(
        (find_rulebook("china") / "rulebook.yaml").read_text("utf-8"), "utf-8"
    )
    path = tmp_path / "ours" / "hotline" / page
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput, match=says) as told:
        read_rules([tmp_path / "ours"])
    assert f"ours/hotline/{page}:" in str(told.value)


def test_before_the_first_rule_nothing_is_assumed():
    with pytest.raises(BadInput, match="no rule of the hotline"):
        RULES.likeness_on(date(2000, 1, 1))

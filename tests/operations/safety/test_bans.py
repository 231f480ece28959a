"""No table keyed on a person carries a score, rank, grade, risk or trajectory; no page of rules asks for one."""

import dataclasses
import re

from tulou.app.wiring import dictionary
from tulou.indicators.rulebook.folders import find_rulebook
from tulou.operations.inspections.domain.drawing import Inspector
from tulou.operations.safety.domain.training import Certificate, Due

BANNED = re.compile(r"score|rank|grade|risk|rating|points|weight|sentiment|frequent|trajectory|position|award|penalt")
PERSONAL = ("safety_certificate", "inspector")


def test_registers_of_persons_hold_no_measure_of_them():
    words = dictionary()
    for entity in PERSONAL:
        assert not [name for name in words[entity].attributes if BANNED.search(name)], entity
        assert words[entity].geometry == "none"
        assert not [name for name in words[entity].attributes if name in {"phone", "identity", "birth", "sex"}]


def test_classes_of_persons_hold_no_measure_of_them():
    for one in (Certificate, Due, Inspector):
        assert not [field.name for field in dataclasses.fields(one) if BANNED.search(field.name)], one.__name__


def test_a_draw_gives_no_weight_to_an_inspector():
    fields = {field.name for field in dataclasses.fields(Inspector)}
    assert fields == {"id", "trades", "conflicts"}


def test_no_rule_of_credit_rewards_few_reports_or_many_penalties():
    """A danger an enterprise reports of itself is no kind of record; penalties never better a grade."""
    text = (find_rulebook("china") / "safety" / "credit.yaml").read_text("utf-8")
    assert "self_check" not in text
    assert "up:" not in text

"""Rules of inspections and bodies that inspect: dated, with the file and line of every fault."""

from datetime import date

import pytest

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.inspections.adapters.rules import read_bodies, read_inspection_rules


def ours(tmp_path, text, name="rules.yaml"):
    folder = tmp_path / "ours"
    (folder / "inspections").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        "id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n", "utf-8"
    )
    (folder / "inspections" / name).write_text(text, "utf-8")
    return folder


def test_a_city_states_its_own_caps_from_a_day_on(tmp_path):
    text = (find_rulebook("china") / "inspections" / "rules.yaml").read_text("utf-8")
    own = text.replace("2025-08-07\n", "2026-09-01\n", 1).replace("city: 2}", "city: 1}")
    book = read_inspection_rules([ours(tmp_path, own)])
    assert book.on(date(2026, 8, 31)).caps.levels["city"] == 2
    assert book.on(date(2026, 9, 1)).caps.levels["city"] == 1
    with pytest.raises(BadUse, match="in force"):
        book.on(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("total: 4", "total: 3.5", "whole number"),
        ("capped: true", "capped: sometimes", "whether it is capped"),
        ("floor: {value: 0.25", "floor: {value: 1", "below 1"),
        ("d: 0.50", "d: 1.5", "from 0 to 1"),
        ("unknown: 0.20", "none: 0.20", "unknown key"),
    ],
)
def test_faults_of_a_page(tmp_path, old, new, what):
    text = (find_rulebook("china") / "inspections" / "rules.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput, match=what) as caught:
        read_inspection_rules([ours(tmp_path, text.replace(old, new))])
    assert all(fault.where.startswith("ours/inspections/rules.yaml:") for fault in caught.value.faults)


def test_bodies_of_the_synthetic_city():
    bodies = read_bodies(["rongcheng"])
    assert bodies["housing"].required == {"gas": 1}
    planned = bodies["emergency"].planned(0.25)
    assert (planned.days, planned.level) == (180, "county")
    assert read_bodies(["china"]) == {}


def test_a_body_is_required_only_where_it_inspects(tmp_path):
    rest = "days: 1, per_visit: 1, trades: [gas], required: {chemicals: 1}, source: s}"
    text = f"x: {{title: {{zh: 某局, en: X}}, level: county, {rest}"
    with pytest.raises(BadInput, match="trade this body inspects"):
        read_bodies([ours(tmp_path, text, "bodies.yaml")])
    text = text.replace(", required: {chemicals: 1}", "").replace("per_visit: 1", "per_visit: 0")
    with pytest.raises(BadInput, match="a visit takes some"):
        read_bodies([ours(tmp_path / "b", text, "bodies.yaml")])

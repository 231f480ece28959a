"""The matrix of enforcement: gaps, overlaps, broken hand-overs; what the law does not ask for; pages of cities."""

import pytest

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.operations.inspections.adapters.chains import read_chains
from tulou.operations.inspections.domain.chains import Chain, Grant, Step, broken, counts, matrix

W = Words("步", "step")
POWERS = ("inspect", "penalise")


def grant(body, step, part="share", power="inspect"):
    return Grant(body, step, power, part, "law", "sourced")


CHAIN = Chain(
    "x",
    W,
    (Step("make", W, ()), Step("sell", W, ("make",)), Step("use", W, ("sell",)), Step("end", W, ("use",))),
    (
        grant("a", "make", "lead"),
        grant("b", "make"),
        grant("a", "sell", "lead"),
        grant("b", "sell", "lead"),
        grant("a", "use"),
        grant("b", "use"),
        grant("a", "end", power="penalise"),
    ),
    frozenset({("make", "penalise")}),
)


def test_how_each_power_over_each_step_stands():
    found = {(one.step, one.power): one.verdict for one in matrix(CHAIN, POWERS)}
    assert found == {
        ("make", "inspect"): "led",
        ("make", "penalise"): "not asked",
        ("sell", "inspect"): "two leads",
        ("sell", "penalise"): "gap",
        ("use", "inspect"): "overlap",
        ("use", "penalise"): "gap",
        ("end", "inspect"): "gap",
        ("end", "penalise"): "led",
    }
    assert counts(matrix(CHAIN, POWERS)) == {"gap": 3, "overlap": 1, "two leads": 1, "led": 2, "not asked": 1}


def test_hand_overs_that_lead_to_nobody():
    assert broken(CHAIN, POWERS) == [("use", "end", "inspect"), ("use", "end", "penalise")]


def test_the_shipped_chains_tell_what_is_known_to_be_open():
    shipped = read_chains(["china"])
    assert len(shipped.chains) == 4
    wrong = {
        name: {(one.step, one.power, one.verdict) for one in matrix(chain, list(shipped.powers)) if not one.is_sound}
        for name, chain in shipped.chains.items()
    }
    assert wrong["hazardous_chemicals"] == set()
    assert ("charge", "inspect", "overlap") in wrong["e_bike"]
    assert ("minor", "inspect", "gap") in wrong["construction"]


def ours(tmp_path, text):
    folder = tmp_path / "ours"
    (folder / "inspections").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        "id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n", "utf-8"
    )
    (folder / "inspections" / "chains.yaml").write_text(text, "utf-8")
    return folder


def test_a_city_closes_a_gap_and_names_a_lead(tmp_path):
    own = """\
bodies: {street: {zh: 街道办事处, en: Street office}}
chains:
  construction:
    grants:
      - {body: street, steps: [minor], powers: [inspect, penalise], part: lead, basis: order 9, evidence: sourced}
  e_bike:
    grants:
      - {body: street, steps: [charge], powers: [inspect], part: lead, basis: order 9 of 2026, evidence: sourced}
"""
    found = read_chains([ours(tmp_path, own)])
    cells = {(one.step, one.power): one.verdict for one in matrix(found.chain("construction"), list(found.powers))}
    assert cells["minor", "inspect"] == "led"
    cells = {(one.step, one.power): one.verdict for one in matrix(found.chain("e_bike"), list(found.powers))}
    assert cells["charge", "inspect"] == "led"
    assert cells["recycle", "inspect"] == "overlap"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("body: transport", "body: transprt", "no such body"),
        ("steps: [dispose]", "steps: [dispos]", "no such step"),
        ("powers: [inspect], part", "powers: [inspct], part", "no such power"),
        ("part: lead", "part: led", "part"),
        ("after: [use]", "after: [usage]", "no such step before"),
    ],
)
def test_faults_of_a_page(tmp_path, old, new, what):
    text = (find_rulebook("china") / "inspections" / "chains.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput, match=what) as caught:
        read_chains([ours(tmp_path, text.replace(old, new))])
    assert all(fault.where.startswith("ours/inspections/chains.yaml:") for fault in caught.value.faults)


def test_a_chain_that_is_not_there():
    with pytest.raises(BadUse, match="no such chain"):
        read_chains(["china"]).chain("ebike")

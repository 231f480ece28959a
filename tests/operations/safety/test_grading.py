"""Grades: values of the table only, unknown is no colour, a place is as grave as its gravest risk."""

import math
from datetime import date

import pytest

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.safety.adapters.grading_rules import read_methods
from tulou.operations.safety.domain.grading import COLOURS, graded, gravest

DAY = date(2026, 1, 1)
METHODS = read_methods(["china"])
LEC = METHODS.on("lec", DAY)


def test_a_value_that_is_not_on_the_table_is_refused_with_those_that_are():
    with pytest.raises(BadInput) as caught:
        graded(LEC, {"likelihood": 4, "exposure": 6, "consequence": 15})
    fault = caught.value.faults[0]
    assert fault.where == "lec: likelihood"
    assert fault.allowed == ("10", "6", "3", "1", "0.5", "0.2", "0.1")


@pytest.mark.parametrize("lacking", ["likelihood", "exposure", "consequence"])
def test_an_unknown_factor_makes_the_grade_unknown(lacking):
    factors = {"likelihood": 0.1, "exposure": 0.5, "consequence": 1, lacking: math.nan}
    found = graded(LEC, factors)
    assert math.isnan(found.value)
    assert found.level is None
    assert found.colour is None
    del factors[lacking]
    assert graded(LEC, factors).colour is None


def test_the_bounds_as_recorded():
    bounds = [(one.least, one.is_above) for one in LEC.levels]
    assert bounds == [(320, True), (160, False), (70, False), (0, False)]


def test_the_matrix_is_for_reference_and_the_whole_of_it_has_a_colour():
    ls = METHODS.on("ls", DAY)
    assert ls.is_reference
    assert not LEC.is_reference
    colours = [graded(ls, {"likelihood": a, "severity": b}).colour for a in range(1, 6) for b in range(1, 6)]
    assert [colours.count(one) for one in COLOURS] == [3, 3, 5, 14]
    assert graded(ls, {"likelihood": 3, "severity": 3}).colour == "yellow"


def test_a_declared_level_is_taken_by_id_or_colour_and_unknown_when_nobody_declared_one():
    jha = METHODS.on("jha", DAY)
    assert graded(jha, {}, "larger").colour == graded(jha, {}, "orange").colour == "orange"
    assert graded(jha, {}).level is None
    with pytest.raises(BadInput, match="no such level"):
        graded(jha, {}, "huge")


def test_unknown_is_never_blue():
    assert gravest(["blue", "blue"]) == ("blue", 0)
    assert gravest(["blue", None]) == (None, 1)
    assert gravest([None]) == (None, 1)
    assert gravest([]) == (None, 0)
    assert gravest(["yellow", None, "blue"]) == ("yellow", 1)
    assert gravest(["blue", "red", "orange"]) == ("red", 0)


def test_a_method_that_is_not_there_and_a_day_before_it():
    with pytest.raises(BadUse, match="no such method"):
        METHODS.on("lecc", DAY)
    with pytest.raises(BadUse, match="in force"):
        METHODS.on("lec", date(1960, 1, 1))


def broken(tmp_path, text):
    folder = tmp_path / "ours"
    (folder / "safety").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        "id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n", "utf-8"
    )
    (folder / "safety" / "grading.yaml").write_text(text, "utf-8")
    return folder


def test_a_city_states_its_own_bounds_from_a_day_on(tmp_path):
    text = (find_rulebook("china") / "safety" / "grading.yaml").read_text("utf-8")
    own = text[text.index("  ls:") : text.index("  jha:")]
    own = own.replace("2016-01-01", "2026-06-01").replace("evidence: memory", "evidence: sourced")
    methods = read_methods([broken(tmp_path, "methods:\n" + own.replace("from: 15,", "from: 12,"))])
    risk = {"likelihood": 3, "severity": 4}
    assert graded(methods.on("ls", date(2026, 5, 31)), risk).colour == "yellow"
    assert graded(methods.on("ls", date(2026, 6, 1)), risk).colour == "orange"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("from: 160", "from: 60", "gravest first"),
        ("colour: red", "colour: blue", "graver colour"),
        ("value: 6,", "value: 10,", "each once"),
        ("formula: product", "formula: sum", "formula"),
        ("above: 320", "above: 320, from: 320", "from where on"),
        ("evidence: sourced", "evidence: sure", "evidence"),
    ],
)
def test_faults_of_a_page_are_told_with_file_and_line(tmp_path, old, new, what):
    text = (find_rulebook("china") / "safety" / "grading.yaml").read_text("utf-8")
    lec = text[text.index("methods:") : text.index("  ls:")].replace("  lec:", "  own:")
    assert old in lec
    with pytest.raises(BadInput, match=what) as caught:
        read_methods([broken(tmp_path, lec.replace(old, new))])
    assert caught.value.faults[0].where.startswith("ours/safety/grading.yaml:")

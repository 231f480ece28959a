"""LEC as published: all 252 triples, and the worked examples (reference, methods of governance, section 5, V6)."""

from collections import Counter
from datetime import date
from itertools import product

import pytest

from tulou.operations.safety.adapters.grading_rules import read_methods
from tulou.operations.safety.domain.grading import graded

DAY = date(2026, 1, 1)
LEC = read_methods(["china"]).on("lec", DAY)


def lec(likelihood, exposure, consequence):
    return graded(LEC, {"likelihood": likelihood, "exposure": exposure, "consequence": consequence})


def test_all_252_triples_fall_into_40_21_30_161():
    triples = list(product(*(one.values for one in LEC.factors)))
    assert len(triples) == 252
    counted = Counter(lec(*one).level.id for one in triples)
    assert counted == {"I": 40, "II": 21, "III": 30, "IV": 161}
    assert sum(lec(*one).value == 70 for one in triples) == 2
    assert {lec(*one).level.id for one in triples if lec(*one).value == 70} == {"III"}


@pytest.mark.parametrize(
    ("factors", "value", "level", "colour"),
    [
        ((3, 6, 15), 270, "II", "orange"),
        ((6, 6, 7), 252, "II", "orange"),
        ((1, 6, 15), 90, "III", "yellow"),
        ((0.5, 6, 100), 300, "II", "orange"),
        ((3, 3, 7), 63, "IV", "blue"),
    ],
)
def test_worked_examples(factors, value, level, colour):
    found = lec(*factors)
    assert (found.value, found.level.id, found.colour) == (value, level, colour)


def test_the_oracle_of_plain_comparisons_agrees():
    for one in product(*(factor.values for factor in LEC.factors)):
        value = one[0] * one[1] * one[2]
        plain = "I" if value > 320 else "II" if value >= 160 else "III" if value >= 70 else "IV"
        assert lec(*one).level.id == plain

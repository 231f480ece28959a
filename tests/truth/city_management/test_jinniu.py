"""Scores of Jinniu district, Chengdu, as its own page works them out."""

import math

import pytest

from tulou.operations.city_management.adapters.reading import read_formulas

FORMULAS = read_formulas(["china"])
PLACE = {"area": 0.026, "residents": 2.141}
YEAR = {
    "to_handle": 200, "handled": 196, "handled_in_time": 180, "reworked": 6, "to_close": 190, "waiting_late": 2,
    "extended": 10,
}  # fmt: skip


def test_the_composite_of_digital_city_management():
    assert FORMULAS["jinniu_city_management"].score(YEAR) == pytest.approx(96.0684, abs=5e-5)
    slow = 30 * 196 / 200 + 20 * 180 / 200 + 20 * (1 - 6 / 190) + 20 * (1 - 2 / 200) + 10 * (1 - 10 / 200)
    assert FORMULAS["jinniu_city_management"].score(YEAR) == pytest.approx(slow, abs=1e-12)


def test_complaints_of_two_streets():
    assert FORMULAS["jinniu_fume_complaints"].score({**PLACE, "complaints": 10}) == pytest.approx(28.20, abs=0.005)
    found = FORMULAS["jinniu_online_complaints"].scores({**PLACE, "complaints": 100, "days": 1.5})
    assert found == {"complaints": pytest.approx(26.407, abs=5e-4), "days": pytest.approx(5.0)}


@pytest.mark.parametrize(
    ("counts", "points"),
    [({"demolished": 1, "demolished_large": 1}, 7), ({"demolished": 1, "demolished_old": 1, "demolished_large": 1}, 9)],
)
def test_illegal_structures_pulled_down(counts, points):
    given = {"demolished_old": 0, "penalties": 0, **counts}
    assert FORMULAS["jinniu_illegal_structures"].scores(given)["demolished"] == points


def test_bounds_are_those_that_are_published():
    online = FORMULAS["jinniu_online_complaints"]
    assert online.scores({**PLACE, "complaints": 0, "days": 7})["days"] == 0
    assert online.scores({**PLACE, "complaints": 0, "days": 0.5})["days"] == 10
    assert online.scores({**PLACE, "complaints": 5000, "days": 1})["complaints"] < 0  # nobody published a bound below
    pulled = {"demolished": 9, "demolished_old": 9, "demolished_large": 0, "penalties": 9}
    assert FORMULAS["jinniu_illegal_structures"].scores(pulled) == {"demolished": 20, "penalties": 10}


def test_unknown_is_not_zero():
    formula = FORMULAS["jinniu_city_management"]
    assert math.isnan(formula.score({**YEAR, "to_handle": 0}))
    assert math.isnan(formula.score({name: count for name, count in YEAR.items() if name != "extended"}))


def test_what_a_count_stands_for_is_told():
    """So that a rule that punishes complaints or rewards penalties can be found."""
    natures = {name: set(one.natures.values()) for name, one in FORMULAS.items()}
    assert "complaint" in natures["jinniu_fume_complaints"]
    assert natures["jinniu_illegal_structures"] == {"penalty"}
    assert natures["jinniu_city_management"] == {"result"}

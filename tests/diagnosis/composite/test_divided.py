"""Composite scores between two checks: their change divided by cause, with nothing left over."""

import numpy as np
import pytest

from diagnosis.composite.test_score import recipe
from diagnosis.difference.histories import history
from indicators.small_rulebook import small
from tulou.app.scoring import KEYS, scorer, units_above
from tulou.diagnosis.composite.recipe import Component, Gaps
from tulou.diagnosis.difference.coalitions import CAUSES, evaluated
from tulou.diagnosis.difference.figures import DIVIDED, divided_scores
from tulou.indicators.evaluate.run import evaluate
from tulou.kernel.words import Words


def parts():
    return tuple(Component(name, Words(name, name), 1.0, name) for name in ("lift_share", "floor_area", "tallest"))


@pytest.mark.parametrize("seed", [1, 4])
def test_a_change_of_scores_is_divided_without_a_rest(seed):
    made = history(seed, frozenset({"correct", "build", "threshold"}))
    composite = recipe(*parts(), gaps=Gaps("leave_out", 30.0))
    table = divided_scores(evaluated(made.movement()), scorer(composite, small()), KEYS).to_pylist()
    told = [row for row in table if row["change"] is not None]
    assert told
    for row in told:
        if row["kind"] == DIVIDED:
            assert sum(row[cause] for cause in CAUSES) == pytest.approx(row["change"], abs=1e-9)
    assert any(row["kind"] == DIVIDED for row in told)
    assert any(abs(row["change"]) > 0.1 for row in told)


def test_a_score_that_nothing_moved_has_no_part():
    made = history(2, frozenset())
    composite = recipe(*parts(), gaps=Gaps("leave_out", 30.0))
    for row in divided_scores(evaluated(made.movement()), scorer(composite, small()), KEYS).to_pylist():
        assert row["change"] in (None, 0.0)


def test_peers_are_units_of_the_same_unit_above():
    made = history(3, frozenset()).movement()
    check = evaluate(small(), made.before.state)
    above = units_above(check, "community")
    assert set(above.values()) == {"block0", "block1", "block2", "block3"}
    assert len(above) == 16
    counts = np.unique(list(above.values()), return_counts=True)[1]
    assert counts.tolist() == [4, 4, 4, 4]
    assert units_above(check, "city") == {}

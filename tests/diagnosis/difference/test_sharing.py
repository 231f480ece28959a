"""Shares of objects in a change: they add up, and go to who changed, or who serves those that count otherwise."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tulou.diagnosis.difference.contributions import Contributions, Spread, key_text, parted_key, spread
from tulou.diagnosis.difference.sharing import Moves
from tulou.diagnosis.difference.touched import Touch, Touched

SIZES = st.floats(0.1, 1e4)


def table(above, below=None, nearest=None, targets=()):
    above = np.asarray(above, float)
    keys = pa.array([key_text("home", f"h{place}") for place in range(above.shape[1])])
    divides = np.full(len(above), below is not None)
    below = np.zeros_like(above) if below is None else np.asarray(below, float)
    nearest = np.full(above.shape, -1) if nearest is None else np.asarray(nearest)
    return Spread(
        keys, above, below, divides, nearest, pa.array([key_text("park", one) for one in targets], pa.string())
    )


def touched(*keys):
    objects = {}
    for entity, name in keys:
        objects.setdefault(entity, {})[name] = Touch("changed")
    return Touched(objects)


@given(arrays(float, (2, 5), elements=SIZES), arrays(float, (2, 5), elements=SIZES))
def test_shares_add_up_to_the_change_of_a_quotient(above, below):
    shares = table(above, below).shares(0, 1)
    values = above.sum(axis=1) / below.sum(axis=1)
    assert shares.sum() == pytest.approx(values[1] - values[0], rel=1e-9, abs=1e-9 * values.max())
    back = table(above, below).shares(1, 0)
    assert back == pytest.approx(-shares, rel=1e-9, abs=1e-12)


def test_the_share_of_one_object_worked_by_hand():
    """1 of 4 becomes 2 of 4: the one that changed has it all. A fifth that does not count makes 1/4 to 1/5."""
    assert table([[1, 0, 0, 0], [1, 1, 0, 0]], np.ones((2, 4))).shares(0, 1).tolist() == [0, 0.25, 0, 0]
    below = [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
    assert table([[1, 0, 0, 0, 0]] * 2, below).shares(0, 1) == pytest.approx([0, 0, 0, 0, 1 / 5 - 1 / 4])


def test_a_sum_is_shared_as_it_stands_and_unlike_formulas_not_at_all():
    assert table([[1.0, 2.0], [4.0, 1.0]]).shares(0, 1).tolist() == [3.0, -1.0]
    unlike = table([[1.0, 2.0], [4.0, 1.0]], np.ones((2, 2)))
    unlike.divides[0] = False
    assert unlike.shares(0, 1).tolist() == [0.0, 0.0]


def test_who_changed_owns_its_share_and_who_serves_the_others_owns_theirs():
    """h0 changed itself; h1 is served by a new park; h2 was served by it before; h3 counts otherwise, none says why."""
    above = [[0, 0, 1, 0], [1, 1, 0, 1]]
    nearest = [[-1, -1, 0, -1], [-1, 0, -1, 1]]
    moves = Moves(table(above, np.ones((2, 4)), nearest, ("new", "old")))
    moves.add(0, 1, 1.0, 0.5)
    shared = moves.shared(touched(("home", "h0"), ("park", "new")))
    assert shared.shares[key_text("home", "h0")].part == 0.25
    assert shared.shares[key_text("park", "new")].part == 0.0  # One more, and one less.
    assert shared.shares[key_text("park", "new")].rows == 2
    assert shared.rest == 0.25
    assert shared.rows == 3
    assert not shared.is_whole


def test_steps_are_weighted_and_each_step_asks_who_serves_then():
    above, nearest = [[0, 0], [1, 0], [1, 1]], [[-1, -1], [0, -1], [0, 1]]
    moves = Moves(table(above, np.ones((3, 2)), nearest, ("a", "b")))
    moves.add(0, 1, 0.5, 0.5)
    moves.add(1, 2, 0.5, 0.5)
    shared = moves.shared(touched(("park", "a"), ("park", "b")))
    assert {key: (one.part, one.rows) for key, one in shared.shares.items()} == {
        key_text("park", "a"): (0.25, 1),
        key_text("park", "b"): (0.25, 1),
    }
    assert shared.is_whole


def test_contributions_of_several_cities_side_by_side():
    def made(ids, above, nearest):
        keys = pa.array([key_text("home", name) for name in ids])
        return Contributions(keys, np.array(above, float), np.ones(len(ids)), pa.array(nearest, pa.string()))

    found = spread([made(["a", "b"], [1, 0], ["p", None]), made(["b", "c"], [1, 1], ["q", "p"])])
    assert [parted_key(key)[1] for key in found.keys.to_pylist()] == ["a", "b", "c"]
    assert found.above.tolist() == [[1, 0, 0], [0, 1, 1]]
    assert found.below.tolist() == [[1, 1, 0], [0, 1, 1]]
    assert found.targets.to_pylist() == ["p", "q"]
    assert found.nearest.tolist() == [[0, -1, -1], [-1, 1, 0]]
    assert found.shares(0, 1).sum() == pytest.approx(1.0 - 0.5)

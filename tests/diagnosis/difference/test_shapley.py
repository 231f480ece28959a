"""Shapley values beside the formula written out over subsets."""

from itertools import combinations
from math import factorial, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tulou.diagnosis.difference.shapley import divided, edges
from tulou.kernel.errors import BadUse

FIGURES = st.floats(-1e6, 1e6)


def by_subsets(values):
    """The weighted sum over subsets (Shapley 1953), for one figure."""
    count = len(values).bit_length() - 1
    parts = np.zeros(count)
    for cause in range(count):
        others = [other for other in range(count) if other != cause]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                mask = sum(1 << other for other in chosen)
                parts[cause] += weight * (values[mask | 1 << cause] - values[mask])
    return parts


@given(st.integers(0, 4).flatmap(lambda count: arrays(float, (1 << count, 3), elements=FIGURES)))
@settings(deadline=None)
def test_it_is_the_weighted_sum_over_subsets_and_leaves_no_residual(values):
    parts = divided(values).parts
    for figure in range(values.shape[1]):
        assert parts[:, figure] == pytest.approx(by_subsets(values[:, figure]), rel=1e-9, abs=1e-6)
    assert parts.sum(axis=0) == pytest.approx(values[-1] - values[0], rel=1e-9, abs=1e-6)


@given(arrays(float, (8, 2), elements=FIGURES))
@settings(deadline=None)
def test_a_cause_that_moves_nothing_gets_nothing(values):
    doubled = np.concatenate([values, values])
    parts = divided(doubled).parts
    assert (parts[3] == 0.0).all()
    assert parts[:3] == pytest.approx(divided(values).parts, rel=1e-9, abs=1e-6)


@given(arrays(float, (16, 2), elements=st.one_of(FIGURES, st.just(nan))), st.permutations(range(4)))
@settings(deadline=None)
def test_names_of_causes_do_not_matter(values, order):
    renamed = [sum(1 << order[bit] for bit in range(4) if mask >> bit & 1) for mask in range(16)]
    moved = np.empty_like(values)
    moved[renamed] = values
    one, other = divided(values), divided(moved)
    assert one.parts == pytest.approx(other.parts[list(order)], rel=1e-9, abs=1e-6, nan_ok=True)
    assert (one.orders == other.orders).all()


@given(arrays(float, (16, 4), elements=st.one_of(FIGURES, st.just(nan), st.just(inf))))
@settings(deadline=None)
def test_what_is_undefined_on_every_way_is_not_divided(values):
    found = divided(values)
    whole = found.orders > 0
    assert np.isnan(found.parts[:, ~whole]).all()
    change = values[-1, whole] - values[0, whole]  # Both ends are on every way, so they are finite.
    assert np.isfinite(change).all()
    assert found.parts[:, whole].sum(axis=0) == pytest.approx(change, rel=1e-9, abs=1e-6)


def test_one_way_round_an_undefined_figure_is_enough():
    """0/0 when the first cause comes alone: only the order that begins with the second one counts."""
    found = divided(np.array([[1.0], [nan], [3.0], [7.0]]))
    assert found.orders.tolist() == [1]
    assert found.parts[:, 0].tolist() == [4.0, 2.0]


def test_no_causes_at_all():
    assert divided(np.array([[5.0, nan]])).parts.shape == (0, 2)


@pytest.mark.parametrize("shape", [(3, 1), (0, 1), (4,)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(BadUse, match="all coalitions"):
        divided(np.zeros(shape))


@given(arrays(float, (8, 1), elements=st.one_of(FIGURES, st.just(nan))))
@settings(deadline=None)
def test_steps_weighted_give_the_same_parts(values):
    found = divided(values)
    parts = np.zeros(3)
    weights = edges(np.isfinite(values[:, 0]))
    for (mask, cause), weight in weights.items():
        parts[cause] += weight * (values[mask | 1 << cause, 0] - values[mask, 0])
    assert bool(weights) == bool(found.orders[0])
    if weights:
        assert parts == pytest.approx(found.parts[:, 0], rel=1e-9, abs=1e-6)

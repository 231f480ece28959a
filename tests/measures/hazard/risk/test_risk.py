"""Impacts, matrices, cascades and ranks beside plain ways of finding them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.hazard.risk.cascade import Link, failure_chances, likeliest_paths
from tulou.measures.hazard.risk.impact import (
    DamageCurve,
    exceedance_curve,
    expected_annual_impact,
    joint_ratio,
)
from tulou.measures.hazard.risk.matrix import RiskMatrix, consistency, inversions
from tulou.measures.hazard.risk.ranks import rank_interval, weighted_draws
from tulou.measures.hazard.risk.wind import emanuel_damage
from tulou.processes.risk.rules import rules


def test_expected_impact_beside_the_curve():
    impact = np.array([[1.0, 2.0], [3.0, 0.0], [0.0, 5.0]])
    frequency = np.array([0.1, 0.02, 0.01])
    expected = expected_annual_impact(impact, frequency)
    assert expected == pytest.approx([0.16, 0.25])
    curve = exceedance_curve(impact.sum(axis=1), frequency)
    # The area under the steps of the exceedance frequency is the same money.
    rates = 1 / curve.period
    steps = np.diff(np.r_[0.0, rates])
    assert float(steps @ curve.impact) == pytest.approx(expected.sum())
    assert curve.period == pytest.approx([100, 1 / 0.11, 1 / 0.13])


def test_curves_that_are_none_are_refused():
    with pytest.raises(BadInput, match="ascend"):
        DamageCurve(np.array([1.0, 0.5]), np.array([0.0, 1.0]))
    with pytest.raises(BadInput, match="between 0 and 1"):
        DamageCurve(np.array([0.0, 0.5]), np.array([0.0, 1.5]))
    with pytest.raises(BadInput, match="each intensity"):
        DamageCurve(np.empty(0), np.empty(0))
    with pytest.raises(BadInput, match="above 0"):
        exceedance_curve(np.array([1.0]), np.array([0.0]))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_hazards_together_never_take_more_than_all_nor_less_than_the_worst(ratios):
    found = float(joint_ratio(np.array(ratios)[:, None])[0])
    assert max(ratios) - 1e-12 <= found <= min(1.0, sum(ratios)) + 1e-12


def test_wind_damage_grows_and_stays_within_its_scale():
    wind = np.linspace(0, 200, 400)
    found = emanuel_damage(wind, threshold=25.7, half=80.2, scale=0.8)
    assert (np.diff(found) >= 0).all()
    assert found[wind <= 25.7].max() == 0
    assert found.max() < 0.8
    assert np.isnan(emanuel_damage(np.array([np.nan]), threshold=25.7, half=80.2))[0]
    with pytest.raises(BadUse, match="above the threshold"):
        emanuel_damage(wind, threshold=30, half=20)


def test_the_matrices_of_the_rules_are_consistent():
    for one in rules().consequences:
        found = consistency(one.matrix)
        assert found.is_weak, one.name
        assert found.is_between, one.name


BOUNDS = np.array([0.01, 0.1])


def test_a_matrix_that_is_not_weakly_consistent_or_jumps():
    weak = RiskMatrix(BOUNDS, np.array([10.0, 100.0]), np.array([[0, 0, 0], [0, 1, 1], [1, 1, 1]]))
    # Blue reaches up to 0.01 times anything, red begins at 0.1 times 0.
    assert not consistency(weak).is_weak
    jumps = RiskMatrix(BOUNDS, np.array([10.0, 100.0]), np.array([[0, 0, 1], [0, 2, 2], [1, 2, 2]]))
    assert not consistency(jumps).is_between
    with pytest.raises(BadInput, match="milder"):
        RiskMatrix(BOUNDS, BOUNDS, np.array([[0, 0, 0], [1, 0, 0], [1, 1, 1]]))
    with pytest.raises(BadInput, match="one colour"):
        RiskMatrix(BOUNDS, BOUNDS, np.array([[0, 0]]))
    with pytest.raises(BadInput, match="ascend"):
        RiskMatrix(BOUNDS[::-1], BOUNDS, np.zeros((3, 3), np.int64))


def test_levels_on_a_bound_and_unknown_ones():
    matrix = rules().consequences[0].matrix
    row, column = matrix.cell(np.array([0.01, np.nan, 1e-9]), np.array([3.0, 1.0, np.nan]))
    assert row.tolist() == [3, -1, 0]
    assert column.tolist() == [2, 0, -1] or column.tolist() == [2, 1, -1]
    assert matrix.colour(np.array([0.01, np.nan]), np.array([30.0, 1.0])).tolist() == [3, -1]


def test_inversions_beside_all_pairs():
    random = np.random.default_rng(3)
    likelihood, consequence = 10 ** random.uniform(-5, 0, 40), 10 ** random.uniform(-1, 2, 40)
    likelihood[3] = np.nan
    matrix = rules().consequences[0].matrix
    colour = matrix.colour(likelihood, consequence)
    expected = likelihood * consequence
    plain = [
        (a, b)
        for a, b in itertools.product(range(40), repeat=2)
        if 3 not in {a, b} and expected[a] > expected[b] and colour[a] < colour[b]
    ]
    assert inversions(likelihood, consequence, colour) == plain
    assert plain


LINKS = [
    Link("typhoon", "power", 0.5),
    Link("power", "pump", 0.6),
    Link("power", "hospital", 0.1),
    Link("pump", "flood", 0.8),
    Link("flood", "hospital", 0.3),
]


def all_worlds(links, start):
    """Chances by looking at every combination of links that act or not."""
    found = {}
    for acts in itertools.product([True, False], repeat=len(links)):
        weight, failed = 1.0, {start}
        for link, does in zip(links, acts, strict=True):
            weight *= link.chance if does else 1 - link.chance
        for _ in links:
            failed |= {link.effect for link, does in zip(links, acts, strict=True) if does and link.cause in failed}
        for name in failed:
            found[name] = found.get(name, 0.0) + weight
    return {name: chance for name, chance in found.items() if chance > 0}


def test_a_cascade_beside_every_world():
    assert failure_chances(LINKS, "typhoon") == pytest.approx(all_worlds(LINKS, "typhoon"))
    assert failure_chances(LINKS, "pump") == pytest.approx({"pump": 1.0, "flood": 0.8, "hospital": 0.24})


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 3), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])),
        min_size=1,
        max_size=8,
        unique_by=lambda one: one[:2],
    )
)
def test_any_cascade_beside_every_world(drawn):
    links = [Link(f"n{first}", f"n{first + step}", chance) for first, step, chance in drawn]
    start = links[0].cause
    assert failure_chances(links, start) == pytest.approx(all_worlds(links, start), abs=1e-9)


def test_paths_are_told_by_their_chance():
    paths = likeliest_paths(LINKS, "typhoon", 5)
    assert [path.steps for path in paths] == [
        ("typhoon", "power", "pump", "flood", "hospital"),
        ("typhoon", "power", "hospital"),
    ]
    assert paths[0].chance == pytest.approx(0.5 * 0.6 * 0.8 * 0.3)


@pytest.mark.parametrize(
    ("links", "what"),
    [
        ([Link("a", "b", 0.5), Link("b", "a", 0.5)], "circle"),
        ([Link("a", "b", 1.5)], "between 0 and 1"),
        ([Link("a", "b", 0.5), Link("a", "b", 0.4)], "twice"),
    ],
)
def test_cascades_that_are_none_are_refused(links, what):
    with pytest.raises(BadInput, match=what):
        failure_chances(links, "a")


def test_a_start_that_is_not_there():
    with pytest.raises(BadUse, match="nothing hangs"):
        failure_chances(LINKS, "typhon")


def test_ranks_of_what_is_always_better():
    found = rank_interval(np.array([[3.0, 2.0, 1.0], [30.0, 1.0, 2.0]]))
    assert found.low[0] == found.high[0] == 1
    assert found.low[1] < found.high[1]
    draws = weighted_draws(np.array([[1.0, 1.0], [0.5, np.nan], [0.4, 0.4]]), 500, seed=1)
    assert (draws[:, 0] >= draws.max(axis=1) - 1e-12).all()
    assert rank_interval(draws).low[1] == 2
    assert (draws == weighted_draws(np.array([[1.0, 1.0], [0.5, np.nan], [0.4, 0.4]]), 500, seed=1)).all()

"""Scales, averages, outliers, ranks and importance, each beside a slow plain way of working it out."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from tulou.diagnosis.composite.averages import average, rolled_up, weights_in_the_whole
from tulou.diagnosis.composite.coherence import coherence, cronbach
from tulou.diagnosis.composite.importance import importance, rank_correlation
from tulou.diagnosis.composite.outliers import OutlierRule, kurtosis, skewness, treated
from tulou.diagnosis.composite.ranks import rank_intervals, rank_shift, ranks, surely_beside, tiers
from tulou.diagnosis.composite.recipe import Component, Group
from tulou.diagnosis.composite.scales import SCALES, scaled
from tulou.kernel.words import Words

RULE = OutlierRule(most=3, skewness=2.0, kurtosis=3.5)
NAN = float("nan")
UP, DOWN = np.array([1.0]), np.array([-1.0])

columns = arrays(np.float64, st.integers(4, 12), elements=st.integers(-50, 50).map(float))


def one(*values):
    return np.array(values, float)[:, None]


def part(name, weight=1.0):
    return Component(name, Words(name, name), weight, name)


def group(name, *parts, weight=1.0, kind="arithmetic"):
    return Group(name, Words(name, name), weight, kind, parts)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("minmax", (0, 25, 100, NAN)),
        ("rank", (0, 50, 100, NAN)),
        ("percentile", (100 / 6, 50, 500 / 6, NAN)),
    ],
)
def test_scales_worked_by_hand(scale, expected):
    np.testing.assert_allclose(scaled(one(10, 20, 50, NAN), UP, scale)[:, 0], expected)


def test_the_worst_can_be_lifted_off_nothing():
    for scale in ("minmax", "rank"):
        lifted = scaled(one(10, 20, 50), UP, scale, lowest=1.0)[:, 0]
        assert (lifted[0], lifted[2]) == (1.0, 100.0)
        plain = scaled(one(10, 20, 50), UP, scale)[:, 0]
        np.testing.assert_allclose(lifted, 1 + 0.99 * plain)


def test_a_scale_turns_where_less_is_better():
    for scale in ("minmax", "zscore", "rank", "percentile"):
        up, down = (scaled(one(3, 1, 4, 1, 5), better, scale)[:, 0] for better in (UP, DOWN))
        np.testing.assert_allclose(up + down, 100.0)


def test_targets_and_goalposts():
    ends = np.array([[[50.0, 50.0]]])
    np.testing.assert_allclose(scaled(one(25, 50, 80, NAN), UP, "target", ends=ends)[:, 0], (50, 100, 100, NAN))
    np.testing.assert_allclose(scaled(one(25, 50, 100), DOWN, "target", ends=ends)[:, 0], (100, 100, 50))
    posts = np.array([[[20.0, 60.0]]])
    np.testing.assert_allclose(scaled(one(10, 30, 90), UP, "goalposts", ends=posts)[:, 0], (0, 25, 100))
    np.testing.assert_allclose(scaled(one(10, 30, 90), DOWN, "goalposts", ends=posts)[:, 0], (100, 75, 0))
    unknown = np.array([[[NAN, NAN]]])
    assert np.isnan(scaled(one(10), UP, "target", ends=unknown)).all()


@given(columns)
def test_no_scale_changes_the_order(values):
    for scale in SCALES[:4]:
        found = scaled(values[:, None], UP, scale)[:, 0]
        for first, second in itertools.combinations(range(len(values)), 2):
            if values[first] < values[second]:
                assert found[first] < found[second], scale
            elif values[first] == values[second]:
                assert found[first] == found[second], scale


def test_units_that_are_all_alike_stand_in_the_middle():
    for scale in SCALES[:4]:
        np.testing.assert_allclose(scaled(one(7, 7, 7, NAN), UP, scale)[:3, 0], 50.0, err_msg=scale)


def test_averages_beside_plain_sums():
    x, w = np.array([20.0, 50.0, 80.0]), np.array([1.0, 2.0, 1.0])
    assert average(x, w, "arithmetic") == pytest.approx(np.average(x, weights=w))
    assert average(x, w, "geometric") == pytest.approx(stats.gmean(x, weights=w))
    assert average(x, w, "harmonic") == pytest.approx(stats.hmean(x, weights=w))


def test_an_unknown_part_gives_its_weight_to_the_others():
    x, w = np.array([20.0, NAN, 80.0]), np.array([1.0, 2.0, 3.0])
    assert average(x, w, "arithmetic") == pytest.approx((20 + 3 * 80) / 4)
    assert np.isnan(average(np.array([NAN, NAN]), np.ones(2), "arithmetic"))


def test_a_zero_ends_a_geometric_mean_and_a_weight_of_zero_does_not_count():
    assert average(np.array([0.0, 90.0]), np.ones(2), "geometric") == 0
    assert average(np.array([0.0, 90.0]), np.array([0.0, 1.0]), "geometric") == pytest.approx(90)
    assert average(np.array([0.0, 90.0]), np.ones(2), "harmonic") == 0


def test_groups_are_rolled_up_and_another_average_reaches_upper_groups_only():
    top = group("top", group("a", part("x"), part("y", 3.0)), group("b", part("z")), kind="arithmetic")
    weights = {"top": np.array([0.5, 0.5]), "a": np.array([0.25, 0.75]), "b": np.array([1.0])}
    x = np.array([[40.0, 80.0, 10.0]])
    assert rolled_up(top, x, weights)["top"][0] == pytest.approx((70 + 10) / 2)
    upper = rolled_up(top, x, weights, "geometric", "upper")
    assert upper["a"][0] == pytest.approx(70)
    assert upper["top"][0] == pytest.approx(np.sqrt(70 * 10))
    everywhere = rolled_up(top, x, weights, "geometric")
    assert everywhere["a"][0] == pytest.approx(40**0.25 * 80**0.75)
    np.testing.assert_allclose(weights_in_the_whole(top), (0.125, 0.375, 0.5))


@given(columns)
def test_moments_are_those_of_scipy(values):
    if np.ptp(values) == 0:
        assert skewness(values[:, None])[0] == 0
        return
    assert skewness(values[:, None])[0] == pytest.approx(stats.skew(values, bias=False), abs=1e-9)
    assert kurtosis(values[:, None])[0] == pytest.approx(stats.kurtosis(values, bias=False), abs=1e-9)


def test_outliers_are_drawn_in_one_at_a_time_and_no_further_than_needed():
    values = one(*range(1, 20), 500)
    found = treated(values, RULE)
    assert found.drawn_in[0] == 1
    assert found.values[-1, 0] == 19
    np.testing.assert_array_equal(found.values[:-1], values[:-1])


def test_what_is_too_lopsided_to_draw_in_is_logged_in_its_order():
    values = one(*(2.0**power for power in range(0, 60, 3)))
    found = treated(values, OutlierRule(most=1, skewness=2.0, kurtosis=3.5))
    assert found.logged[0]
    assert (np.diff(found.values[:, 0]) > 0).all()
    mirrored = treated(-values, OutlierRule(most=1, skewness=2.0, kurtosis=3.5))
    assert (np.diff(mirrored.values[:, 0]) < 0).all()


def test_what_is_not_lopsided_is_left_alone():
    values = one(*range(10))
    assert treated(values, RULE).drawn_in[0] == 0
    np.testing.assert_array_equal(treated(values, RULE).values, values)


def test_ranks_share_the_better_place():
    np.testing.assert_array_equal(ranks(np.array([5.0, 9.0, 5.0, NAN, 1.0])), (2, 1, 2, NAN, 4))
    np.testing.assert_array_equal(ranks(np.array([0.1 + 0.2, 0.3])), (1, 1))


@given(arrays(np.float64, (30, 6), elements=st.integers(1, 6).map(float)))
def test_units_of_two_tiers_never_overlap(drawn):
    low, high = rank_intervals(drawn, (5.0, 95.0))
    tier = tiers(low, high)
    for first, second in itertools.permutations(range(6), 2):
        if tier[first] < tier[second]:
            assert high[first] < low[second]
    before, behind = surely_beside(low, high)
    for unit in range(6):
        assert before[unit] == sum(high[other] < low[unit] for other in range(6))
        assert behind[unit] == sum(low[other] > high[unit] for other in range(6))


def test_a_unit_without_a_score_has_no_tier():
    np.testing.assert_array_equal(tiers(np.array([1.0, NAN, 2.0]), np.array([1.0, NAN, 3.0])), (1, 0, 2))
    np.testing.assert_array_equal(rank_shift(np.array([[1.0, NAN, 3.0]]), np.array([2.0, 1.0, 3.0])), [0.5])


def test_shares_of_the_spread_sum_to_one_for_an_arithmetic_mean():
    draw = np.random.default_rng(5)
    x = draw.normal(size=(40, 3)) * (1, 5, 1)
    weights = np.array([0.4, 0.2, 0.4])
    found = importance(x, weights, x @ weights)
    assert found.share.sum() == pytest.approx(1)
    assert found.share[1] > weights[1]
    assert found.correlation[0] == pytest.approx(np.corrcoef(x[:, 0], x @ weights)[0, 1])


def test_rank_correlation_is_spearmans():
    draw = np.random.default_rng(6)
    one_, other = draw.integers(0, 5, 30).astype(float), draw.integers(0, 5, 30).astype(float)
    assert rank_correlation(one_, other) == pytest.approx(stats.spearmanr(one_, other).statistic)
    assert np.isnan(rank_correlation(one_[:2], other[:2]))


def test_cronbach_of_items_that_agree_and_of_items_that_do_not():
    draw = np.random.default_rng(7)
    common = draw.normal(size=200)
    agreeing = common[:, None] + 0.3 * draw.normal(size=(200, 4))
    assert cronbach(agreeing) > 0.95
    assert abs(cronbach(draw.normal(size=(2000, 4)))) < 0.15
    assert cronbach(np.repeat(common[:, None], 3, axis=1)) == pytest.approx(1)
    assert np.isnan(cronbach(agreeing[:2]))
    assert np.isnan(cronbach(agreeing[:, :1]))


def test_coherence_names_the_two_that_speak_against_each_other():
    top = group("top", group("a", part("x"), part("y")), part("z"))
    x = np.arange(10.0)
    table = coherence(top, np.stack([x, x**2, -x], axis=1)).to_pylist()
    assert [row["group"] for row in table] == ["top", "a"]
    assert table[0]["lowest"] == pytest.approx(-1)
    assert table[0]["lowest_of"] == "x, z"
    assert table[1]["lowest"] > 0.9

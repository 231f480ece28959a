"""What is varied, beside the choices made one by one; gaps filled beside plain loops; order of units without effect."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from diagnosis.composite.made import book, results_of
from diagnosis.composite.test_score import by_unit, part, recipe
from tulou.diagnosis.composite import uncertainty
from tulou.diagnosis.composite.asked import asked_of
from tulou.diagnosis.composite.model import Choice, filled
from tulou.diagnosis.composite.outliers import OutlierRule
from tulou.diagnosis.composite.recipe import Gaps, Group, Uncertainty
from tulou.diagnosis.composite.score import composite_scores
from tulou.diagnosis.composite.sobol import sobol_shares
from tulou.diagnosis.composite.uncertainty import Variation, spread_of
from tulou.kernel.words import Words

NAN = float("nan")
UNITS = tuple(f"u{number:02}" for number in range(15))
DRAW = np.random.default_rng(8)
FIGURES = {name: DRAW.gamma(2.0, 10.0, len(UNITS)) for name in ("x", "y", "z")}
BOUNDS = {"low": {"x": FIGURES["x"] * 0.9}, "high": {"x": FIGURES["x"] * 1.1}}


def tree():
    lower = Group("pair", Words("对", "Pair"), 2.0, "arithmetic", (part("x"), part("y")))
    return (lower, part("z"))


def model(**changes):
    table = results_of(FIGURES, UNITS, **(BOUNDS if changes.pop("bounded", False) else {}))
    return asked_of(table, recipe(*tree(), lowest=1.0, **changes), book(), None, None).model


def varied(**changes):
    plain = {"draws": 40, "seed": 5, "quantiles": (5.0, 95.0)}
    return Uncertainty(**(plain | changes))


def test_only_what_is_asked_for_is_varied():
    assert Variation(model(), varied()).factors == ()
    assert spread_of(Variation(model(), varied())) is None
    assert Variation(model(), varied(weights=10.0)).factors == ("weights",)
    one = varied(scales=("minmax",), averages=("declared",), outliers=(3,))
    assert Variation(model(outliers=OutlierRule(5, 2.0, 3.5)), one).factors == ()
    assert Variation(model(), varied(figures=True)).factors == ()  # no figure has bounds
    assert Variation(model(bounded=True), varied(figures=True)).factors == ("figures",)


def test_each_run_is_the_score_of_its_own_choices():
    """Scale, average and outlier rule picked by the point, beside the same choice asked for directly."""
    held = model(outliers=OutlierRule(5, 1.0, 1.0))
    scales, averages, outliers = ("minmax", "percentile", "rank"), ("declared", "geometric"), (0, 5)
    variation = Variation(held, varied(scales=scales, averages=averages, outliers=outliers, averages_of="upper"))
    assert variation.factors == ("scales", "averages", "outliers")
    points = np.random.default_rng(2).random((60, 3))
    found = variation.scores(points)
    for point, scores in zip(points, found, strict=True):
        choice = Choice(scales[int(point[0] * 3)], averages[int(point[1] * 2)], outliers[int(point[2] * 2)], "upper")
        np.testing.assert_allclose(scores, held.scores(choice), atol=1e-12)


def test_weights_stay_inside_their_span():
    span = 30.0
    variation = Variation(model(), varied(weights=span))
    for name, sets in variation._weights.items():
        shares = np.array([2.0, 1.0]) / 3 if name == "top" else np.array([0.5, 0.5])
        np.testing.assert_allclose(sets.sum(axis=1), 1.0)
        ratio = (sets[:, 0] / sets[:, 1]) / (shares[0] / shares[1])
        assert ratio.min() >= (1 - span / 100) / (1 + span / 100)
        assert ratio.max() <= (1 + span / 100) / (1 - span / 100)
        assert len(np.unique(sets, axis=0)) > 400


def test_figures_stay_between_their_bounds():
    held = model(bounded=True)
    values = Variation(held, varied(figures=True))._values(np.random.default_rng(3).random(200))
    assert (values >= held.figures.low - 1e-12).all()
    assert (values <= held.figures.high + 1e-12).all()
    np.testing.assert_array_equal(values[:, :, 1], np.broadcast_to(held.figures.values[:, 1], values.shape[:2]))
    assert values[:, :, 0].std(axis=0).min() > 0


def test_runs_in_pieces_are_the_runs_at_once(monkeypatch):
    held, asked = model(bounded=True), varied(weights=25.0, scales=("minmax", "zscore"), figures=True)
    points = np.random.default_rng(4).random((50, 3))
    whole = Variation(held, asked).scores(points)
    monkeypatch.setattr(uncertainty, "MOST_NUMBERS", 100)
    np.testing.assert_array_equal(Variation(held, asked).scores(points), whole)


@settings(max_examples=25)
@given(st.permutations(range(len(UNITS))))
def test_the_order_of_units_does_not_matter(order):
    names = tuple(UNITS[place] for place in order)
    figures = {name: values[list(order)] for name, values in FIGURES.items()}
    asked = recipe(*tree(), outliers=OutlierRule(2, 1.0, 1.0))
    plain = by_unit(composite_scores(results_of(FIGURES, UNITS), asked, book()))
    mixed = by_unit(composite_scores(results_of(figures, names), asked, book()))
    assert mixed == pytest.approx(plain)


@given(
    arrays(np.float64, (7, 3), elements=st.one_of(st.just(NAN), st.integers(-9, 9).map(float))),
    st.sampled_from(["mean", "median", "peers"]),
)
def test_gaps_beside_a_plain_loop(values, policy):
    peers = np.array([0, 0, 1, 1, 1, 2, 2])
    found = filled(values, Gaps(policy, 10.0), peers)
    for unit, component in np.ndindex(values.shape):
        here = values[unit, component]
        if np.isfinite(here) or not np.isfinite(values[unit]).any():
            np.testing.assert_equal(found[unit, component], here)
            continue
        everyone = values[np.isfinite(values[:, component]), component]
        near = values[(peers == peers[unit]) & np.isfinite(values[:, component]), component]
        chosen = near if policy == "peers" and len(near) else everyone
        middle = np.median if policy == "median" else np.mean
        np.testing.assert_allclose(found[unit, component], middle(chosen) if len(chosen) else NAN)


def test_gaps_that_are_not_filled_stay():
    values = np.array([[1.0, NAN], [2.0, 3.0]])
    for policy in ("refuse", "leave_out"):
        np.testing.assert_array_equal(filled(values, Gaps(policy, 50.0)), values)


def test_shares_of_a_sum_are_those_of_its_terms():
    """``f = 3 x₁ + 4 x₂``: shares 9/25 and 16/25, alone and together."""
    found = sobol_shares(lambda points: points @ np.array([3.0, 4.0, 0.0]), 3, draws=1024, seed=1)
    np.testing.assert_allclose(found.first, (9 / 25, 16 / 25, 0), atol=0.005)
    np.testing.assert_allclose(found.total, found.first, atol=0.005)


def test_shares_of_a_product_lie_together():
    """``f = (x₁ - ½)(x₂ - ½)``: nothing alone, everything together."""
    found = sobol_shares(lambda points: (points[:, 0] - 0.5) * (points[:, 1] - 0.5), 2, draws=4096, seed=1)
    np.testing.assert_allclose(found.first, 0, atol=0.03)
    np.testing.assert_allclose(found.total, 1, atol=0.05)

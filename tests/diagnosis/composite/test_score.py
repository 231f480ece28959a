"""Scores of made results: gaps, intervals, targets, other weights, and what is never scored."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from diagnosis.composite.made import DAY, book, results_of, with_goalposts
from tulou.diagnosis.composite.asked import asked_of
from tulou.diagnosis.composite.outliers import OutlierRule
from tulou.diagnosis.composite.recipe import Component, Composite, Gaps, Group, Sensitivity, Uncertainty
from tulou.diagnosis.composite.robustness import without
from tulou.diagnosis.composite.score import composite_scores, score
from tulou.diagnosis.composite.whatif import moved, reweighted
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.words import Words

NAN = float("nan")
UNITS = ("a", "b", "c", "d")
FIGURES = {"x": np.array([0.0, 50.0, 100.0, 75.0]), "y": np.array([30.0, 10.0, 20.0, 20.0])}
VARIED = Uncertainty(200, 1, (5.0, 95.0), weights=25.0)


def part(name, weight=1.0, **changes):
    return Component(name, Words(name, name), weight, name, **changes)


def recipe(*parts, **changes):
    top = Group("top", Words("总", "Top"), 1.0, "arithmetic", parts or (part("x"), part("y")))
    plain = {
        "name": "made", "title": Words("评", "Made"), "level": "community", "top": top, "scale": "minmax",
        "lowest": 0.0, "outliers": None, "gaps": Gaps(), "uncertainty": None, "sensitivity": None,
        "weights_from": Words("等权", "equal"), "evidence": "memory",
    }  # fmt: skip
    return Composite(**(plain | changes))


def by_unit(table, column="score"):
    return dict(zip(table["unit"].to_pylist(), table[column].to_pylist(), strict=True))


def test_scores_by_hand():
    table = composite_scores(results_of(FIGURES, UNITS), recipe(), book())
    assert by_unit(table) == pytest.approx({"a": 50.0, "b": 25.0, "c": 75.0, "d": 62.5})
    assert table["unit"].to_pylist() == ["c", "d", "a", "b"]


def test_without_uncertainty_there_is_no_interval_and_no_tier():
    table = composite_scores(results_of(FIGURES, UNITS), recipe(), book())
    for column in ("low", "rank_low", "tier", "before"):
        assert table[column].null_count == 4


def test_what_is_unknown_is_refused_left_out_or_stood_in_for():
    figures = FIGURES | {"y": np.array([30.0, NAN, 20.0, 20.0])}
    table = results_of(figures, UNITS)

    def found(gaps, above=None):
        return by_unit(composite_scores(table, recipe(gaps=gaps), book(), above=above))

    refused = found(Gaps())
    assert refused["b"] is None
    assert refused["a"] == pytest.approx(50)
    assert found(Gaps("leave_out", 50.0))["b"] == pytest.approx(50)
    assert found(Gaps("leave_out", 60.0))["b"] is None
    x, y = 50.0, 100 * (70 / 3 - 20) / 10
    assert found(Gaps("mean", 50.0))["b"] == pytest.approx((x + y) / 2)
    assert found(Gaps("median", 50.0))["b"] == pytest.approx((50 + 0) / 2)
    peers = {"a": "north", "b": "north", "c": "south", "d": "south"}
    assert found(Gaps("peers", 50.0), peers)["b"] == pytest.approx((50 + 100) / 2)


def test_unknown_is_never_zero_and_says_what_lacks():
    figures = FIGURES | {"y": np.array([30.0, NAN, 20.0, 20.0])}
    table = composite_scores(results_of(figures, UNITS), recipe(gaps=Gaps("leave_out", 50.0)), book())
    assert by_unit(table, "lacking")["b"] == "y"
    assert by_unit(table, "known")["b"] == pytest.approx(50)
    nothing = FIGURES | {"x": np.array([NAN, NAN, 1.0, 2.0]), "y": np.array([NAN, 1.0, 2.0, 3.0])}
    told = composite_scores(results_of(nothing, UNITS), recipe(gaps=Gaps("mean", 50.0)), book())
    assert by_unit(told)["a"] is None
    assert by_unit(told, "status")["a"] == "not scored"


def test_a_unit_without_a_score_moves_nobody():
    """Its figures neither stretch a scale nor take a place."""
    figures = {"x": np.array([0.0, 50.0, 100.0, 75.0, 9999.0]), "y": np.array([30.0, 10.0, 20.0, 20.0, NAN])}
    wide = by_unit(composite_scores(results_of(figures, (*UNITS, "e")), recipe(), book()))
    narrow = by_unit(composite_scores(results_of(FIGURES, UNITS), recipe(), book()))
    assert {unit: wide[unit] for unit in UNITS} == narrow


def test_intervals_hold_the_declared_score_and_rank():
    table = composite_scores(results_of(FIGURES, UNITS), recipe(uncertainty=VARIED), book())
    for row in table.to_pylist():
        assert row["low"] <= row["score"] <= row["high"]
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
        assert row["tier"] >= 1


def test_bounds_of_figures_widen_the_intervals():
    low, high = {"x": FIGURES["x"] - 20}, {"x": FIGURES["x"] + 20}
    table = results_of(FIGURES, UNITS, low=low, high=high)
    plain = composite_scores(table, recipe(uncertainty=VARIED), book())
    drawn = composite_scores(table, recipe(uncertainty=replace(VARIED, figures=True)), book())
    width = [np.subtract(each["high"].to_pylist(), each["low"].to_pylist()).mean() for each in (plain, drawn)]
    assert width[1] > width[0]


def test_two_runs_give_the_same_table_whatever_the_order_of_rows():
    full = recipe(
        uncertainty=replace(VARIED, averages=("declared", "geometric")), lowest=1.0, sensitivity=Sensitivity(16)
    )
    table = results_of(FIGURES, UNITS)
    first, second = score(table, full, book()), score(table.take(list(range(len(table)))[::-1]), full, book())
    assert first.table.equals(second.table)
    assert first.sensitivity.equals(second.sensitivity)
    assert first.varied == ("weights", "averages")


def test_a_choice_that_does_nothing_has_no_share_of_the_uncertainty():
    same = {"x": FIGURES["x"], "y": FIGURES["x"]}
    draws = Uncertainty(64, 1, (5.0, 95.0), weights=25.0, scales=("minmax", "rank"))
    told = score(results_of(same, UNITS), recipe(uncertainty=draws, sensitivity=Sensitivity(64)), book())
    assert told.table["rank_low"].to_pylist() == told.table["rank"].to_pylist()
    assert all(row["first"] is None for row in told.sensitivity.to_pylist())


def test_pass_marks_are_targets_only_where_they_are_sourced():
    marks = {"x": (50.0, "sourced"), "y": (20.0, "memory")}
    table = results_of(FIGURES, UNITS, marks=marks)
    found = composite_scores(table, recipe(scale="target", gaps=Gaps("leave_out", 10.0)), book(), day=DAY)
    assert by_unit(found) == pytest.approx({"a": 0.0, "b": 100.0, "c": 100.0, "d": 100.0})


def test_goalposts_hold_from_a_day_on():
    rules = with_goalposts(book(), {"x": (0.0, 200.0)})
    one = recipe(part("x", ends="posts.x"), scale="goalposts")
    assert by_unit(composite_scores(results_of(FIGURES, UNITS), one, rules, day=DAY))["c"] == pytest.approx(50)
    with pytest.raises(BadUse, match="say which day"):
        composite_scores(results_of(FIGURES, UNITS), one, rules)


def test_what_may_not_be_asked():
    table = results_of(FIGURES, UNITS)
    with pytest.raises(BadUse, match="persons and what stands for them never"):
        composite_scores(table, recipe(level="person"), book())
    with pytest.raises(NotEnoughData, match="no unit of this level"):
        composite_scores(table, recipe(level="district"), book())
    with pytest.raises(BadUse, match="may not be used yet"):
        composite_scores(table, recipe(since=date(2030, 1, 1)), book(), day=DAY)


def test_leaving_a_part_out_is_the_score_without_it():
    told = score(results_of(FIGURES, UNITS), recipe(), book())
    assert [row["part"] for row in told.left_out.to_pylist()] == ["x", "y"]
    alone = by_unit(composite_scores(results_of(FIGURES, UNITS), recipe(part("x")), book()))
    less = without(asked_of(results_of(FIGURES, UNITS), recipe(), book(), None, None).model, "y")
    assert dict(zip(UNITS, less.scores(), strict=True)) == pytest.approx(alone)
    assert without(less, "x") is None


def test_outliers_are_treated_before_the_scale():
    units = tuple(f"u{number:02}" for number in range(20))
    figures = {"x": np.array([*range(1, 20), 500.0])}
    plain = composite_scores(results_of(figures, units), recipe(part("x")), book())
    drawn = composite_scores(results_of(figures, units), recipe(part("x"), outliers=OutlierRule(3, 2.0, 3.5)), book())
    assert by_unit(plain)["u18"] < 5
    assert by_unit(drawn)["u18"] == pytest.approx(100)


def test_other_weights():
    table, made = results_of(FIGURES, UNITS), recipe(uncertainty=VARIED)
    before = composite_scores(table, made, book())
    after = composite_scores(table, reweighted(made, {"y": 0}), book(), with_intervals=False)
    told = {row["unit"]: row for row in moved(before, after).to_pylist()}
    assert told["a"]["new_score"] == pytest.approx(0)
    assert told["a"]["new_rank"] == 4
    assert told["a"]["is_inside"] is False
    same = moved(before, composite_scores(table, reweighted(made, {"x": 5, "y": 5}), book(), with_intervals=False))
    assert same["rank"].to_pylist() == same["new_rank"].to_pylist()
    assert all(same["is_inside"].to_pylist())


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"z": 1.0}, "no such part"),
        ({"x": -1.0}, "0 or more"),
        ({"x": NAN}, "0 or more"),
        ({"x": 0, "y": 0}, "leave nothing"),
    ],
)
def test_weights_that_cannot_be(weights, message):
    with pytest.raises(BadUse, match=message):
        reweighted(recipe(), weights)

"""Aggregation against sums made by hand, one unit and one row at a time."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.made import DAY, city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.aggregate import CONFIDENT, Aggregated, aggregated
from tulou.indicators.evaluate.measuring import measured, measured_key
from tulou.indicators.evaluate.placement import placed, units_of
from tulou.indicators.evaluate.quantities import city_of

ASKED = ("park_cover", "lift_share", "floor_area", "no_lift")
"""Land by its area, homes with and without lifts, square metres, and homes that lack one: parts of every kind."""
NAN = math.nan


def pieces(city, formula, level):
    """For each unit of a level the rows in it: part, whole, share."""
    parts = measured(city, formula.of, formula.binding).parts
    shares = placed(city, formula.of, level)
    found = [[] for _ in range(len(units_of(city, level)))]
    for row, unit, share in zip(shares.row.tolist(), shares.unit.tolist(), shares.share.tolist(), strict=True):
        found[unit].append((float(parts.part[row]), float(parts.whole[row]), share))
    return found


def is_known(piece):
    return not (math.isnan(piece[0]) or math.isnan(piece[1]))


def quotient(top, below):
    return top / below if below else NAN


def by_hand(rows, aggregate, *, is_numbers):
    """One unit's value."""
    known = [row for row in rows if is_known(row)]
    if aggregate in {"sum", "count"}:
        return sum(part * share for part, _, share in known)
    if aggregate in {"most", "least"}:
        parts = [part for part, _, _ in known]
        return NAN if not parts else max(parts) if aggregate == "most" else min(parts)
    below = sum(whole * share for _, whole, share in known)
    if aggregate == "share":
        return quotient(sum(part * share for part, _, share in known), below)
    return quotient(sum(part * (1.0 if is_numbers else whole) * share for part, whole, share in known), below)


def known_by_hand(rows, middle):
    """Percent of the rows that are known, by what they weigh; by number where nothing weighs anything."""
    weights = [(middle if math.isnan(whole) else whole) * share for _, whole, share in rows]
    total = sum(weights)
    if total > 0:
        return 100 * sum(weight for weight, row in zip(weights, rows, strict=True) if is_known(row)) / total
    total = sum(share for _, _, share in rows)
    return 100 * quotient(sum(share for row in rows if is_known(row) for share in row[2:]), total)


@pytest.mark.parametrize("aggregate", ["sum", "count", "share", "mean", "sample_mean", "most", "least"])
@pytest.mark.parametrize("asked", ASKED)
@given(st.integers(0, 500), st.sampled_from(["city", "block", "community"]))
@settings(max_examples=4)
def test_every_aggregate_is_that_of_a_slow_sum(asked, aggregate, seed, level):
    city = city_of(small(), state_of(city_tables(seed, buildings=25)), DAY)
    formula = replace(small().indicators[asked].variants[0].on(DAY), aggregate=aggregate, factor=2.0)
    found = aggregated(city, formula, level)
    rows = pieces(city, formula, level)
    made = measured(city, formula.of, formula.binding)
    expected = [2.0 * by_hand(unit, aggregate, is_numbers=made.is_numbers) for unit in rows]
    np.testing.assert_allclose(found.value, expected, rtol=1e-9, atol=1e-12)
    assert found.rows.tolist() == [len(unit) for unit in rows]
    middle = fmean([one for one in made.parts.whole.tolist() if not math.isnan(one)] or [1.0])
    np.testing.assert_allclose(found.known, [known_by_hand(unit, middle) for unit in rows], rtol=1e-9)


def sampled(answers, weights) -> Aggregated:
    """The mean of a sample of homes: what they answer, each speaking for some square metres."""
    tables = city_tables(1, buildings=len(answers))
    tables["building"] |= {"floor_area": list(answers), "use": ["residential"] * len(answers)}
    formula = small().indicators["floor_area"].variants[0].on(DAY)
    city = city_of(small(), state_of(tables), DAY)
    made = measured(city, formula.of, formula.binding)
    binding = replace(formula.binding, measure="sampled")
    answered = replace(made, parts=replace(made.parts, whole=np.array(weights, np.float64)), is_numbers=False)
    city.once(measured_key(formula.of, binding), lambda _: answered)
    asked = replace(formula, aggregate="sample_mean", factor=1.0, binding=binding)
    return aggregated(city, asked, "city")


ANSWERS = st.lists(st.tuples(st.floats(2, 1e4), st.floats(0.5, 5)), min_size=2, max_size=12)


@settings(max_examples=30)
@given(ANSWERS)
def test_the_interval_of_a_sample_is_that_of_the_ratio_estimator(pairs):
    """Cochran 1977, 6.3, in two passes."""
    answers, weights = zip(*pairs, strict=True)
    found = sampled(answers, weights)
    mean = sum(w * y for y, w in pairs) / sum(weights)
    squares = sum((w * (y - mean)) ** 2 for y, w in pairs)
    margin = CONFIDENT * math.sqrt(len(pairs) / (len(pairs) - 1) * squares) / sum(weights)
    assert found.value[0] == pytest.approx(mean)
    assert (found.low[0], found.high[0]) == pytest.approx((mean - margin, mean + margin), rel=1e-6, abs=1e-3)


def test_one_answer_has_no_interval_and_equal_answers_a_narrow_one():
    alone = sampled([7.0], [1.0])
    assert alone.value.tolist() == [7.0]
    assert np.isnan([alone.low[0], alone.high[0]]).all()
    same = sampled([1e6 + 0.1] * 9, [0.3] * 9)
    assert same.high[0] - same.low[0] < 1.0


@pytest.mark.parametrize(("yes", "no"), [(10, 0), (0, 10), (7, 3)])
def test_a_share_of_a_sample_has_the_interval_of_wilson(yes, no):
    """Wilson 1927; ten yeses of ten are no proof of everybody."""
    found = sampled([1.0] * yes + [0.0] * no, [2.0] * (yes + no))
    count, share, z2 = yes + no, yes / (yes + no), CONFIDENT**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = CONFIDENT / (1 + z2 / count) * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    assert (found.low[0], found.high[0]) == pytest.approx((middle - half, middle + half))
    assert found.value[0] == pytest.approx(share)

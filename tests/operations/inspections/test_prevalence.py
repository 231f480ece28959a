"""Prevalence from random visits: by hand, against a simulation, and unknown where nobody looked."""

import math

import numpy as np
import pytest

from tulou.operations.inspections.domain.prevalence import StratumResult, prevalence


def test_each_visit_stands_for_its_part_of_the_stratum():
    found = prevalence([StratumResult("a", 100, 10, 1), StratumResult("d", 20, 10, 5)])
    assert found.share == pytest.approx((100 * 0.1 + 20 * 0.5) / 120)
    assert found.covered == 120
    assert found.low < found.share < found.high


def test_a_stratum_nobody_looked_at_is_not_clean():
    found = prevalence([StratumResult("a", 50, 0, 0), StratumResult("d", 10, 10, 4)])
    assert (found.share, found.low, found.high) == (pytest.approx(0.4),) * 3
    assert (found.covered, found.uncovered) == (10, 50)
    nothing = prevalence([StratumResult("a", 50, 0, 0)])
    assert math.isnan(nothing.share)
    assert nothing.uncovered == 50


def test_nothing_found_is_not_certainty():
    assert prevalence([StratumResult("a", 100, 10, 0)]).high > 0.05


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(5)
    firms = {"a": random.random(200) < 0.1, "b": random.random(80) < 0.3, "d": random.random(30) < 0.6}
    truth = sum(one.sum() for one in firms.values()) / sum(len(one) for one in firms.values())
    drawn = {"a": 30, "b": 24, "d": 15}
    shares, held = [], 0
    for _ in range(600):
        strata = [
            StratumResult(name, len(one), drawn[name], int(random.choice(one, drawn[name], replace=False).sum()))
            for name, one in firms.items()
        ]
        found = prevalence(strata)
        shares.append(found.share)
        held += found.low <= truth <= found.high
    assert np.mean(shares) == pytest.approx(truth, abs=0.01)
    assert held / 600 > 0.92

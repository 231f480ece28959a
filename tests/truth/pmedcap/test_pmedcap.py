"""Capacitated p-median: the published optima of OR-Library, and a line that can be worked by hand."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from tulou.plan.siting.answer import Sites
from tulou.plan.siting.models import p_median

INSTANCES = yaml.safe_load(Path(__file__).with_name("instances.yaml").read_text("utf-8"))
PUBLISHED = {1: 713, 2: 740, 3: 751}


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_published_optimum(number):
    instance = INSTANCES[number]
    places, capacity = np.array(instance["places"]), float(instance["capacity"])
    assert (len(places), instance["optimum"]) == (50, PUBLISHED[number])
    apart = np.floor(np.hypot(*(places[:, None, :2] - places[None, :, :2]).transpose(2, 0, 1)))
    asked = Sites(apart, np.ones(len(places)), np.full(len(places), capacity), places[:, 2].astype(float))
    found = p_median(asked, instance["open"])
    assert (found.value, found.gap, found.method) == (pytest.approx(PUBLISHED[number]), 0.0, "exact")
    assert len(found.open) == instance["open"]
    taken = np.bincount(found.site, asked.loads, minlength=len(places))
    assert taken.max() <= capacity
    assert found.deficit == 0.0


def test_a_line_by_hand():
    places, weight = np.array([0.0, 1, 2, 10, 11, 12]), np.array([1.0, 2, 1, 1, 2, 1])
    found = p_median(Sites(np.abs(places[:, None] - places), weight), 2)
    assert found.value == pytest.approx(4.0)
    assert found.open == (1, 4)
    assert found.gap == 0.0

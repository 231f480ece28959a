"""Capacitated p-median: the published optima of OR-Library, and a line that can be worked by hand."""

import numpy as np
import pytest

from shared_data import shared
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.models import p_median

PUBLISHED = {1: 713, 2: 740, 3: 751}


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_published_optimum(number):
    lines = shared(f"truth/pmedcap/pmedcap{number}.txt").read_text("utf-8").split("\n")
    rows = [[int(word) for word in line.split()] for line in lines if line.strip()]
    (_, published), (size, count, capacity), places = rows[0], rows[1], np.array(rows[2:])
    assert published == PUBLISHED[number]
    apart = np.floor(np.hypot(*(places[:, None, 1:3] - places[None, :, 1:3]).transpose(2, 0, 1)))
    asked = Sites(apart, np.ones(size), np.full(size, float(capacity)), places[:, 3].astype(float))
    found = p_median(asked, count)
    assert (found.value, found.gap, found.method) == (pytest.approx(published), 0.0, "exact")
    assert len(found.open) == count
    taken = np.bincount(found.site, asked.loads, minlength=size)
    assert taken.max() <= capacity
    assert found.deficit == 0.0


def test_a_line_by_hand():
    places, weight = np.array([0.0, 1, 2, 10, 11, 12]), np.array([1.0, 2, 1, 1, 2, 1])
    found = p_median(Sites(np.abs(places[:, None] - places), weight), 2)
    assert found.value == pytest.approx(4.0)
    assert found.open == (1, 4)
    assert found.gap == 0.0

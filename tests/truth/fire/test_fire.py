"""Published numbers of districts, and cover on a toy; source in SOURCE.md."""

from itertools import combinations

import numpy as np
import pytest

from tulou.measures.hazard.fire import district_reach, speed_needed
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.models import max_cover


def test_districts_reach_and_speed():
    area = np.array([4.0, 7.0, 15.0]) * 1e6
    assert district_reach(area) / 1000 == pytest.approx([1.414, 1.871, 2.739], abs=0.0005)
    assert speed_needed(area, 240.0) * 3.6 == pytest.approx([21.2, 28.1, 41.1], abs=0.05)


def test_cover_of_six_nodes_is_that_of_all_choices():
    places = np.array([0.0, 1, 2, 10, 11, 12])
    apart, weight = np.abs(places[:, None] - places), np.array([1.0, 2, 1, 1, 2, 3])
    for reach in (0.5, 1.0, 2.0):
        for count in (1, 2, 3):
            best = max(
                float(weight[(apart[:, list(some)] <= reach).any(axis=1)].sum())
                for some in combinations(range(6), count)
            )
            found = max_cover(Sites(apart, weight, reach=reach), count)
            assert (found.value, found.gap) == (pytest.approx(best), 0.0)

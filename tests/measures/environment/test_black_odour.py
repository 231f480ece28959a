"""Grades of black and odorous water beside rules written out by hand, and bounds where something is unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.environment.black_odour import (
    HEAVY,
    LIGHT,
    NONE,
    Bounds,
    IndexLimits,
    PointRule,
    body_grade,
    has_relapsed,
    heavy_stretches,
    index_grade,
    point_grade,
    transparency_grade,
)

OXYGEN = IndexLimits(2.0, 0.2, is_more_better=True)
AMMONIA = IndexLimits(8.0, 15.0, is_more_better=False)
SIGHT = IndexLimits(25.0, 10.0, is_more_better=True)
RULE = PointRule(0.6, 0.3, 2)

matrices = st.integers(1, 6).flatmap(
    lambda rows: st.lists(
        st.lists(st.sampled_from([NONE, LIGHT, HEAVY, None]), min_size=4, max_size=4), min_size=rows, max_size=rows
    )
)


def test_limits_themselves_belong_to_the_better_grade():
    assert index_grade(np.array([2.0, 1.99, 0.2, 0.19]), OXYGEN).low.tolist() == [NONE, LIGHT, LIGHT, HEAVY]
    assert index_grade(np.array([8.0, 8.01, 15.0, 15.01]), AMMONIA).low.tolist() == [NONE, LIGHT, LIGHT, HEAVY]


def test_what_is_unknown_may_be_anything():
    found = index_grade(np.array([np.nan, 5.0]), OXYGEN)
    assert (found.low.tolist(), found.high.tolist()) == ([NONE, NONE], [HEAVY, NONE])
    assert found.is_known.tolist() == [False, True]


def test_shallow_water_is_judged_by_its_depth():
    sight = np.array([7.9, 8.0, 19.0, 20.0, 7.9, np.nan, 12.0])
    depth = np.array([20.0, 20.0, 20.0, 20.0, np.nan, 20.0, 25.0])
    found = transparency_grade(sight, depth, SIGHT, shallow=25, share=0.4)
    assert found.low.tolist() == [HEAVY, LIGHT, LIGHT, NONE, HEAVY, NONE, LIGHT]
    assert found.high[5] == HEAVY


@given(st.lists(st.floats(0, 50), min_size=2, max_size=20))
def test_clearer_water_is_never_worse(values):
    rising = np.sort(np.array(values))
    assert np.all(np.diff(index_grade(rising, SIGHT).low) <= 0)
    assert np.all(np.diff(index_grade(rising, AMMONIA).low) >= 0)


def test_a_point_by_sixty_percent_of_one_or_thirty_of_two():
    three_of_five = np.array([[HEAVY, NONE]] * 3 + [[NONE, NONE]] * 2)
    assert point_grade(three_of_five, RULE) == HEAVY
    assert point_grade(three_of_five[1:], RULE) == LIGHT  # half of one index only
    thirty = np.full((10, 2), NONE)
    thirty[:3] = HEAVY
    assert point_grade(thirty, RULE) == HEAVY
    assert point_grade(thirty[1:], RULE) == LIGHT  # 22 percent of two
    assert point_grade(np.full((3, 4), NONE), RULE) == NONE


@given(matrices)
def test_bounds_hold_whatever_the_unknown_values_are(rows):
    low = np.array([[NONE if one is None else one for one in row] for row in rows])
    high = np.array([[HEAVY if one is None else one for one in row] for row in rows])
    least, most = point_grade(low, RULE), point_grade(high, RULE)
    assert least <= most
    for filler in (NONE, LIGHT, HEAVY):
        filled = np.array([[filler if one is None else one for one in row] for row in rows])
        assert least <= point_grade(filled, RULE) <= most


@given(st.lists(st.sampled_from([NONE, LIGHT, HEAVY]), min_size=1, max_size=12))
def test_a_body_and_its_stretches_beside_plain_counting(points):
    grade = body_grade(np.array(points), 0.6)
    expected = HEAVY if points.count(HEAVY) * 10 >= 6 * len(points) else max(min(one, LIGHT) for one in points)
    assert grade == expected
    text = "".join(map(str, points))
    runs, place = [], 0
    for run in text.replace("0", " ").replace("1", " ").split(" "):
        if len(run) >= 3:
            runs.append((place, place + len(run) - 1))
        place += len(run) + 1
    assert list(heavy_stretches(np.array(points), 3)) == runs


def test_a_relapse_is_certain_excluded_or_unknown():
    def after(*pairs):
        return Bounds(*(np.array(one, np.int64) for one in zip(*pairs, strict=True)))

    assert has_relapsed(after((0, 0), (1, 2))) is True
    assert has_relapsed(after((0, 0), (0, 0))) is False
    assert has_relapsed(after((0, 0), (0, 1))) is None
    assert has_relapsed(Bounds(np.empty(0, np.int64), np.empty(0, np.int64))) is None


def test_nothing_has_no_grade():
    with pytest.raises(BadUse, match="samples"):
        point_grade(np.empty((0, 4), np.int64), RULE)
    with pytest.raises(BadUse, match="points"):
        body_grade(np.empty(0, np.int64), 0.6)

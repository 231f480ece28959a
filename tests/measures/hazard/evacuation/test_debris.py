"""Streets between buildings that fall."""

import numpy as np
import pytest
import shapely

from tulou.measures.hazard.evacuation.debris import clear_width

STREET = np.array([shapely.LineString([(0, 0), (100, 0)])], object)


def clear(buildings, height, width=20.0, share=0.5):
    return clear_width(np.array([width]), STREET, np.array(buildings, object), np.array(height, float), share)[0]


def test_one_side_at_the_kerb_is_width_less_a_share_of_the_height():
    assert clear([shapely.box(10, 10, 30, 30)], [18]) == pytest.approx(20 - 0.5 * 18)


def test_each_side_counts_once_with_its_worst_building():
    sides = [shapely.box(10, 10, 30, 30), shapely.box(40, 10, 60, 30), shapely.box(10, -30, 30, -10)]
    assert clear(sides, [8, 18, 12]) == pytest.approx(20 - 9 - 6)


def test_a_building_set_back_reaches_less_far_and_a_low_one_not_at_all():
    assert clear([shapely.box(10, 14, 30, 30)], [18]) == pytest.approx(20 - (9 - 4))
    assert clear([shapely.box(10, 19, 30, 30)], [18]) == 20


def test_nothing_is_less_than_blocked_and_an_unknown_height_reaches_nowhere():
    both = [shapely.box(10, 10, 30, 30), shapely.box(10, -30, 30, -10)]
    assert clear(both, [60, 60]) == 0
    assert clear(both, [np.nan, 10]) == 15
    assert clear([], []) == 20


@pytest.mark.parametrize("turn", [0.3, 1.2, 2.5])
def test_it_does_not_matter_how_the_street_lies(turn):
    street = shapely.affinity.rotate(STREET[0], turn, (0, 0), use_radians=True)
    sides = [shapely.affinity.rotate(shapely.box(10, y, 30, y + 20), turn, (0, 0), use_radians=True) for y in (10, -30)]
    found = clear_width(
        np.array([20.0]), np.array([street], object), np.array(sides, object), np.array([10.0, 12]), 0.5
    )
    assert found[0] == pytest.approx(20 - 5 - 6)

"""The protected view from Parliament Hill, whose levels and verdict are known (``SOURCE.md``)."""

import numpy as np
import pytest
import shapely

from tulou.measures.form.view_corridor import Corridor, Part, pierced

LENGTH, PALACE = 7000.0, 220.0
HALF_WAY = 3500.0


def westminster(refraction):
    return Corridor((0, 0), (0, -LENGTH), 71.6, 51.3, PALACE, background=3500.0, refraction=refraction)


@pytest.mark.parametrize(
    ("refraction", "levels"),
    [(0.0, (68.23, 60.49, 53.73)), (0.13, (68.29, 60.61, 53.79))],
)
def test_levels_of_the_plane(refraction, levels):
    found = westminster(refraction).level(np.array([1000.0, HALF_WAY, 6000.0]))
    assert found == pytest.approx(levels, abs=0.005)


def test_half_way_on_a_flat_earth():
    assert westminster(1.0).level(np.array([HALF_WAY])) == pytest.approx([61.45], abs=0.005)


def test_a_tower_of_61_m_fails_on_a_round_earth_and_passes_on_a_flat_one():
    tower = np.array([shapely.box(-15, -HALF_WAY - 15, 15, -HALF_WAY + 15)], object)
    ground, height = np.zeros(1), np.array([61.0])
    assert pierced(westminster(0.13), tower, ground, height).verdict.tolist() == [1]
    assert pierced(westminster(0.0), tower, ground, height).verdict.tolist() == [1]
    assert pierced(westminster(1.0), tower, ground, height).verdict.tolist() == [0]


def test_the_background_stays_at_the_threshold():
    behind = np.array([shapely.box(-15, -LENGTH - 3000, 15, -LENGTH - 2970)], object)
    found = pierced(westminster(0.13), behind, np.zeros(1), np.array([52.0]))
    assert found.part.tolist() == [Part.BACKGROUND]
    assert found.level == pytest.approx([51.3])

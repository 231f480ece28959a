"""The authors' numbers of roughness, and the closed form of frontal area."""

import numpy as np
import pytest
import shapely

from tulou.kernel.grid import Grid
from tulou.measures.climate.morphology import morphology
from tulou.measures.climate.roughness import SQUARE, kanda, macdonald

DENSITY = np.array([0.05, 0.10, 0.15, 0.20, 0.30, 0.40])
HEIGHT = np.full(6, 10.0)


def test_macdonald_on_staggered_cubes():
    found = macdonald(DENSITY, DENSITY, HEIGHT)
    assert found.displacement == pytest.approx([1.181, 2.245, 3.201, 4.060, 5.521, 6.692], abs=5e-4)
    assert found.length == pytest.approx([0.754, 1.214, 1.350, 1.328, 1.095, 0.800], abs=5e-4)


def test_macdonald_on_cubes_in_rows_is_roughest_at_a_fifth():
    found = macdonald(DENSITY, DENSITY, HEIGHT, layout=SQUARE).length
    assert DENSITY[found.argmax()] == 0.20
    assert found.max() == pytest.approx(0.857, abs=5e-4)


def test_kanda_beside_macdonald():
    plan, frontal, height = np.array([0.30]), np.array([0.25]), np.array([20.0])
    found = kanda(plan, frontal, height, np.array([12.0]), np.array([60.0]))
    assert found.displacement == pytest.approx([29.300], abs=5e-4)
    assert found.length == pytest.approx([2.3473], abs=5e-5)
    plain = macdonald(plan, frontal, height)
    assert (plain.displacement[0], plain.length[0]) == pytest.approx((11.042, 1.9142), abs=5e-4)


@pytest.mark.parametrize("turn", [0.0, 22.5, 31.0, 90.0])
def test_frontal_area_of_one_box_however_it_is_turned(turn):
    """3d: W × L × H = 40 × 20 × 30 m on a hectare."""
    box = shapely.affinity.rotate(shapely.box(30, 40, 70, 60), -turn, origin=(50, 50))
    found = morphology(
        np.array([box], object), np.array([30.0]), Grid(0, 100, 100, 1, 1), directions=(turn, turn + 45, turn + 90)
    )
    expected = (40 * 30 / 1e4, (40 + 20) * 30 / np.sqrt(2) / 1e4, 20 * 30 / 1e4)
    assert found.frontal_area[:, 0, 0] == pytest.approx(expected, rel=1e-9)

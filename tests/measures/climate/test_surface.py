"""Surfaces of ground and roofs, beside shapely's areas."""

import numpy as np
import pytest
import shapely
from shapely.affinity import rotate

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid
from tulou.measures.climate.surface import built_surface


def test_a_cell_is_roof_where_half_of_it_is_covered():
    """The oracle cuts every cell by every house."""
    random = np.random.default_rng(4)
    houses = np.array([rotate(shapely.box(x, x / 2, x + 9, x / 2 + 6), 20 + x) for x in range(4, 60, 11)], object)
    heights = random.uniform(5, 50, len(houses))
    grid = Grid(0, 50, 2, 25, 40)
    found = built_surface(houses, heights, grid)
    for row in range(25):
        for column in range(40):
            cell = shapely.box(2 * column, 48 - 2 * row, 2 * column + 2, 50 - 2 * row)
            area = shapely.area(shapely.intersection(houses, cell))
            assert found.is_built[row, column] == (area.sum() >= 2)
            assert found.height[row, column] == (heights[area.argmax()] if area.sum() >= 2 else 0)


def test_roofs_are_flat_over_a_slope():
    ground = np.tile(np.arange(10.0), (4, 1))
    house = np.array([shapely.box(2, 1, 6, 3)], object)
    found = built_surface(house, np.array([10.0]), Grid(0, 4, 1, 4, 10), ground=ground)
    assert found.height[1:3, 2:6] == pytest.approx(np.full((2, 4), 10 + 3.5))
    assert (found.height[0] == ground[0]).all()
    assert found.is_built.sum() == 8


def test_a_house_of_unknown_height_is_a_roof_of_unknown_height():
    houses = np.array([shapely.box(0, 0, 2, 2), None], object)
    found = built_surface(houses, np.array([np.nan, 5.0]), Grid(0, 4, 1, 4, 4))
    assert np.isnan(found.height[2:, :2]).all()
    assert found.is_built.sum() == np.isnan(found.height).sum() == 4


def test_halves_made_of_two_houses_are_roof():
    houses = np.array([shapely.box(0, 0, 0.3, 1), shapely.box(0.7, 0, 1, 1)], object)
    found = built_surface(houses, np.array([3.0, 4.0]), Grid(0, 1, 1, 1, 1))
    assert found.is_built[0, 0]
    assert found.height[0, 0] in {3.0, 4.0}


def test_a_ground_of_another_shape_is_refused():
    with pytest.raises(BadUse, match="for each cell"):
        built_surface(np.empty(0, object), np.empty(0), Grid(0, 4, 1, 4, 4), ground=np.zeros((4, 5)))

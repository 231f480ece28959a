"""3c: closed forms of the sky seen from the middle of an endless street and of a round basin."""

import numpy as np
import pytest

from tulou.measures.climate.sky_view import sky_view_factor, visible_sky

WIDTH = 100
"""Cells across."""


@pytest.mark.parametrize(("ratio", "factor"), [(0.25, 0.8944), (0.5, 0.7071), (1, 0.4472), (2, 0.2425), (3, 0.1644)])
@pytest.mark.parametrize("turned", [False, True])
def test_the_middle_of_an_endless_street(ratio, factor, turned):
    street = np.full((2 * WIDTH, 40 * WIDTH + 1), ratio * WIDTH)
    # Heights stand at the middles of cells: walls at distance W/2 on either side of the middle row.
    street[WIDTH // 2 + 1 : WIDTH // 2 + WIDTH] = 0
    field = sky_view_factor(street.T if turned else street, 1.0, directions=64)
    assert (field.T if turned else field)[WIDTH, 20 * WIDTH] == pytest.approx(factor, abs=0.005)


@pytest.mark.parametrize("ratio", [0.25, 0.5, 1, 2, 3])
def test_the_middle_of_a_round_basin(ratio):
    """cos²(arctan(2H/W)), and evenly weighted 1 − sin(arctan(2H/W))."""
    east, south = np.meshgrid(np.arange(-WIDTH, WIDTH + 1), np.arange(-WIDTH, WIDTH + 1))
    basin = np.where(np.hypot(east, south) >= WIDTH / 2, ratio * WIDTH, 0.0)
    rise = np.arctan(2 * ratio)
    assert sky_view_factor(basin, 1.0)[WIDTH, WIDTH] == pytest.approx(np.cos(rise) ** 2, abs=0.008)
    assert visible_sky(basin, 1.0)[WIDTH, WIDTH] == pytest.approx(1 - np.sin(rise), abs=0.008)

"""Sky seen from a surface: beside a march from every cell, cell by cell, and on surfaces whose answer is known."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.climate.sky_view import sky_view_factor, visible_sky


def town(seed, size=120):
    """Blocks of all heights on rolling ground, cells of 2 m."""
    random = np.random.default_rng(seed)
    south, east = np.mgrid[0:size, 0:size] * 2.0
    surface = 6 * np.sin(east / 90) + 4 * np.cos(south / 70)
    for _ in range(size * size // 400):
        row, column = random.integers(0, size - 6, 2)
        deep, wide = random.integers(6, 16, 2)
        block = surface[row : row + deep, column : column + wide]
        block[:] = np.maximum(block, block.min() + random.choice([6, 9, 12, 18, 30, 60]))
    return surface


def marched(surface, cell, directions):
    """The oracle: from each cell step by step along each direction, the surface between four cells, to the edge."""
    rows, columns = surface.shape
    south, east = np.mgrid[0:rows, 0:columns].astype(float)
    factor, visible = np.zeros(surface.shape), np.zeros(surface.shape)
    for angle in 2 * np.pi * np.arange(directions) / directions:
        across, down = np.cos(angle), np.sin(angle)
        horizon = np.zeros(surface.shape)
        reach = 1 / max(abs(across), abs(down))
        for step in range(1, max(rows, columns)):
            x, y = east + across * reach * step, south + down * reach * step
            inside = (x >= -1e-9) & (x <= columns - 1 + 1e-9) & (y >= -1e-9) & (y <= rows - 1 + 1e-9)
            x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
            left, top = np.floor(x).astype(int), np.floor(y).astype(int)
            right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
            upper = surface[top, left] * (1 - x + left) + surface[top, right] * (x - left)
            lower = surface[bottom, left] * (1 - x + left) + surface[bottom, right] * (x - left)
            there = upper * (1 - y + top) + lower * (y - top)
            slope = np.where(inside, (there - surface) / (cell * reach * step), 0.0)
            horizon = np.maximum(horizon, slope)
        factor += np.cos(np.arctan(horizon)) ** 2
        visible += 1 - np.sin(np.arctan(horizon))
    return factor / directions, visible / directions


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("directions", [16, 32])
def test_beside_a_direct_march(seed, directions):
    surface = town(seed)
    factor, visible = marched(surface, 2.0, directions)
    assert np.abs(sky_view_factor(surface, 2.0, directions=directions) - factor).mean() <= 0.01
    assert np.abs(visible_sky(surface, 2.0, directions=directions) - visible).mean() <= 0.01


def test_along_rows_columns_and_diagonals_it_is_the_march_itself():
    surface = town(5, 60)
    factor, visible = marched(surface, 2.0, 8)
    assert sky_view_factor(surface, 2.0, directions=8) == pytest.approx(factor, abs=1e-5)
    assert visible_sky(surface, 2.0, directions=8) == pytest.approx(visible, abs=1e-5)


def test_an_open_plain_sees_all_of_the_sky_and_a_shaft_almost_nothing():
    plain = np.full((40, 50), 1234.5)
    assert sky_view_factor(plain, 5.0) == pytest.approx(1, abs=1e-6)
    plain[20, 20] = 0
    assert sky_view_factor(plain, 5.0)[20, 20] < 1e-4
    assert sky_view_factor(plain, 5.0)[0, 0] == pytest.approx(1, abs=1e-6)


def test_it_reaches_as_far_as_the_surface():
    """A mountain 3 km away: its height over its distance is the horizon of a whole line of cells."""
    plain = np.zeros((3, 301))
    plain[1, 0] = 1000.0
    seen = visible_sky(plain, 10.0, directions=4)
    assert seen[1, 300] == pytest.approx(1 - np.sin(np.arctan(1000 / 3000)) / 4, abs=1e-6)


def test_the_two_definitions_differ_and_the_even_one_is_lower():
    surface = town(7)
    factor, visible = sky_view_factor(surface, 2.0), visible_sky(surface, 2.0)
    assert (visible <= factor + 1e-6).all()
    assert (factor - visible).mean() > 0.05


@pytest.mark.parametrize("moved", [np.flipud, np.fliplr, np.rot90, np.transpose])
def test_a_turned_or_mirrored_surface_sees_the_same(moved):
    surface = town(11, 90)
    assert sky_view_factor(moved(surface), 2.0) == pytest.approx(moved(sky_view_factor(surface, 2.0)), abs=0.35)
    assert sky_view_factor(moved(surface), 2.0).mean() == pytest.approx(sky_view_factor(surface, 2.0).mean(), abs=2e-3)


def test_threads_do_not_change_a_bit(monkeypatch):
    surface = town(13)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    one = sky_view_factor(surface, 2.0)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "5")
    assert np.array_equal(one, sky_view_factor(surface, 2.0))


def test_cells_of_unknown_height_are_unknown_and_hide_nothing():
    surface = np.zeros((30, 30))
    surface[10:20, 10:20] = np.nan
    seen = sky_view_factor(surface, 1.0)
    assert np.isnan(seen[10:20, 10:20]).all()
    assert seen[~np.isnan(surface)] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("surface", "given", "said"),
    [
        (np.full((3, 3), np.nan), {"cell": 1.0}, "at least one height"),
        (np.zeros(3), {"cell": 1.0}, "at least one height"),
        (np.zeros((3, 3)), {"cell": 0.0}, "side of a cell"),
        (np.zeros((3, 3)), {"cell": 1.0, "directions": 7}, "even number"),
        (np.zeros((3, 3)), {"cell": 1.0, "directions": 0}, "even number"),
    ],
)
def test_surfaces_that_are_none_are_refused(surface, given, said):
    with pytest.raises(BadUse, match=said):
        sky_view_factor(surface, **given)

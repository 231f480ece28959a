"""Viewsheds beside lines of sight worked out one by one, and over ground whose answer is known."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.form.viewshed import HIDDEN, UNKNOWN, VISIBLE, Look, viewshed

FLAT = {"refraction": 1.0}


def town(seed, rows=110, columns=90):
    random = np.random.default_rng(seed)
    south, east = np.mgrid[0:rows, 0:columns].astype(float)
    surface = 6 * np.sin(east / 30) + 4 * np.cos(south / 24)
    for _ in range(rows * columns // 300):
        row, column = random.integers(0, min(rows, columns) - 4, 2)
        deep, wide = random.integers(3, 12, 2)
        surface[row : row + deep, column : column + wide] += random.choice([3, 6, 12, 30])
    return surface


def seen_one_by_one(surface, cell, place, look):
    """The oracle: the height between cells by numpy's own interpolation, row by row or column by column."""
    rows, columns = surface.shape
    found = np.full(surface.shape, HIDDEN)
    eye = surface[place] + look.eye
    for row in range(rows):
        for column in range(columns):
            down, right = row - place[0], column - place[1]
            steps = max(abs(down), abs(right))
            length = cell * np.hypot(down, right)
            if length > look.most:
                continue
            share = np.arange(1, steps) / max(steps, 1)
            at_row, at_column = place[0] + down * share, place[1] + right * share
            if abs(down) > abs(right):
                lines = surface[np.round(at_row).astype(int)]
                passed = [np.interp(x, np.arange(columns), line) for x, line in zip(at_column, lines, strict=True)]
            else:
                lines = surface[:, np.round(at_column).astype(int)].T
                passed = [np.interp(y, np.arange(rows), line) for y, line in zip(at_row, lines, strict=True)]
            bend = (1 - look.refraction) / (2 * 6_371_000)
            passed = np.array(passed) - bend * (share * length) ** 2
            goal = surface[row, column] + look.target - bend * length**2
            is_open = (passed <= eye + (goal - eye) * share + 1e-9).all()
            found[row, column] = VISIBLE if is_open else HIDDEN
    return found


@pytest.mark.parametrize("place", [(55, 45), (0, 0), (109, 30), (3, 89)])
@pytest.mark.parametrize("look", [Look(1.6), Look(30.0, 1.6, 60.0, 0.0)], ids=["near_ground", "far_and_bent"])
def test_exact_is_every_line_by_itself(place, look):
    surface = town(1)
    assert np.array_equal(
        viewshed(surface, 5.0, place, look, is_exact=True), seen_one_by_one(surface, 5.0, place, look)
    )


@pytest.mark.parametrize("seed", range(4))
def test_fast_is_nearly_exact(seed):
    surface = town(seed, 400, 500)
    random = np.random.default_rng(seed)
    place = (int(random.integers(400)), int(random.integers(500)))
    look = Look(20.0, 1.6)
    fast, exact = (viewshed(surface, 2.0, place, look, is_exact=way) for way in (False, True))
    assert (fast != exact).mean() <= 0.01
    assert 0.02 < (exact == VISIBLE).mean() < 0.98


@pytest.mark.slow
def test_fast_is_wrong_for_less_than_three_cells_in_a_thousand():
    surface = town(9, 2000, 2000)
    wrong = [
        (
            viewshed(surface, 1.0, place, Look(50.0, 1.6))
            != viewshed(surface, 1.0, place, Look(50.0, 1.6), is_exact=True)
        )
        for place in ((1000, 1000), (200, 1500))
    ]
    assert np.mean(wrong) <= 0.003


@pytest.mark.parametrize("place", [(0, 0), (0, 7), (11, 0), (11, 16), (5, 16), (6, 8)])
@pytest.mark.parametrize("is_exact", [True, False])
def test_a_plain_is_seen_as_a_whole_from_everywhere(place, is_exact):
    assert (viewshed(np.zeros((12, 17)), 10.0, place, Look(0.0, **FLAT), is_exact=is_exact) == VISIBLE).all()


@pytest.mark.parametrize("is_exact", [True, False])
def test_a_wall_hides_what_is_lower_than_the_line_over_it(is_exact):
    """14c of the methods: a wall of 20 m at 100 m, eye at 10 m, hides below 25, 40 and 110 m at 150, 300 and 1000 m."""
    ground = np.zeros((3, 101))
    ground[:, 10] = 20.0
    for at, height in ((15, 25), (30, 40), (100, 110)):
        for above, verdict in ((-0.01, HIDDEN), (0.01, VISIBLE)):
            look = Look(10.0, height + above, **FLAT)
            assert viewshed(ground, 10.0, (1, 0), look, is_exact=is_exact)[1, at] == verdict


@pytest.mark.parametrize(("bent", "drop"), [(0.0, 7.848), (0.13, 6.828)])
def test_the_earth_is_round(bent, drop):
    """Ten kilometres away the ground lies this much below the level line of an eye on the ground."""
    flat = np.zeros((1, 1001))
    seen = [viewshed(flat, 10.0, (0, 0), Look(0.0, drop + more, refraction=bent))[0, 1000] for more in (-0.02, 0.02)]
    assert seen == [HIDDEN, VISIBLE]


@pytest.mark.parametrize("is_exact", [True, False])
def test_behind_what_is_unknown_nothing_is_known_but_what_is_hidden_anyway(is_exact):
    ground = np.zeros((1, 12))
    ground[0, 4] = np.nan
    ground[0, 8] = 9.0
    seen = viewshed(ground, 10.0, (0, 0), Look(1.6, **FLAT), is_exact=is_exact)
    assert seen[0].tolist() == [VISIBLE] * 4 + [UNKNOWN] * 5 + [HIDDEN] * 3


@pytest.mark.parametrize("is_exact", [True, False])
def test_no_further_than_is_seen(is_exact):
    seen = viewshed(np.zeros((41, 41)), 10.0, (20, 20), Look(2.0, most=100.0, **FLAT), is_exact=is_exact)
    south, east = np.mgrid[-20:21, -20:21] * 10.0
    assert np.array_equal(seen == VISIBLE, np.hypot(south, east) <= 100)


def test_a_surface_stored_column_by_column_and_in_single_precision():
    surface = town(3)
    plain = viewshed(surface, 5.0, (40, 40), Look(10.0))
    assert np.array_equal(plain, viewshed(np.asfortranarray(surface), 5.0, (40, 40), Look(10.0)))
    assert (plain != viewshed(surface.astype(np.float32), 5.0, (40, 40), Look(10.0))).mean() < 1e-3


@pytest.mark.parametrize(
    ("place", "cell", "most", "said"),
    [
        ((5, 0), 1.0, 10.0, "outside the surface"),
        ((0, -1), 1.0, 10.0, "outside the surface"),
        ((1, 1), 1.0, 10.0, "is unknown"),
        ((0, 0), 0.0, 10.0, "side of a cell"),
        ((0, 0), 1.0, 0.0, "distance seen"),
    ],
)
def test_a_place_that_is_none_is_refused(place, cell, most, said):
    ground = np.zeros((5, 5))
    ground[1, 1] = np.nan
    with pytest.raises(BadUse, match=said):
        viewshed(ground, cell, place, Look(1.6, most=most))

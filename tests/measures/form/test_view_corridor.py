"""Protected surfaces of views, beside chords over a circle and buildings looked at point by point."""

import numpy as np
import pytest
import shapely

from tulou.kernel.errors import BadUse
from tulou.measures.form.view_corridor import Corridor, Part, level_field, pierced

RADIUS = 6_371_000.0


def corridor(**changed):
    usual = {
        "view": (0.0, 0.0),
        "landmark": (2000.0, 0.0),
        "view_level": 60.0,
        "threshold": 40.0,
        "width": 100.0,
    }
    return Corridor(**(usual | changed))


@pytest.mark.parametrize("refraction", [0.0, 0.13])
def test_the_surface_is_the_chord_between_two_points_over_a_round_earth(refraction):
    """Worked out with vectors: where the straight line from eye to threshold passes over the ground."""
    long = corridor(landmark=(9000.0, 0.0), refraction=refraction)
    radius = RADIUS / (1 - refraction)
    turn = np.linspace(0, 9000, 7) / radius
    ends = [(radius + z) * np.array((np.sin(a), np.cos(a))) for z, a in ((60.0, 0.0), (40.0, 9000 / radius))]
    for angle in turn:
        out = np.array((np.sin(angle), np.cos(angle)))
        # ends[0] + t (ends[1] - ends[0]) = r out
        matrix = np.stack([out, ends[0] - ends[1]], axis=1)
        r, _ = np.linalg.solve(matrix, ends[0])
        assert float(long.level(np.array(angle * radius))) == pytest.approx(r - radius, abs=2e-4)


def test_behind_the_landmark_the_threshold_holds():
    assert corridor().level(np.array([2000.0, 2500.0, 9e9])) == pytest.approx([40, 40, 40])
    assert corridor(refraction=1.0).level(np.array([1000.0])) == pytest.approx(50)


@pytest.mark.parametrize("threshold", [40.0, 59.95, 60.0, 60.05, 80.0])
@pytest.mark.parametrize("refraction", [0.0, 0.13, 1.0])
def test_the_lowest_level_over_a_stretch_is_that_of_many_points(threshold, refraction):
    one = corridor(threshold=threshold, landmark=(4000.0, 0.0), refraction=refraction)
    for first, last in ((0, 4000), (1500, 2600), (3900, 4300), (10, 20)):
        many = one.level(np.linspace(first, last, 40_001)).min()
        assert one.lowest(np.array(float(first)), np.array(float(last))) == pytest.approx(many, abs=1e-6)


def plainly(one, shapes, ground, heights, step=1.0):
    """Verdict of buildings in the corridor itself, looked at point by point, without shapes of areas."""
    found = {}
    axis = np.subtract(one.landmark, one.view) / one.length
    for row, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        xs, ys = np.meshgrid(np.arange(west, east + step / 2, step), np.arange(south, north + step / 2, step))
        xs, ys = xs.ravel(), ys.ravel()
        held = shapely.intersects_xy(shape, xs, ys)
        dx, dy = xs[held] - one.view[0], ys[held] - one.view[1]
        along, off = dx * axis[0] + dy * axis[1], np.abs(dy * axis[0] - dx * axis[1])
        half = (one.view_width + (one.width - one.view_width) * along / one.length) / 2
        inside = (along >= 0) & (along <= one.length) & (off < half - 1e-9)
        if inside.any():
            x = along[inside]
            flat = one.view_level + (one.threshold - one.view_level) * x / one.length
            z = flat - (1 - one.refraction) * x * (one.length - x) / (2 * RADIUS)
            found[row] = ground[row] + heights[row] - z.min()
    return found


def test_random_buildings_beside_points_one_by_one():
    chance = np.random.default_rng(5)
    angle = chance.uniform(0, 2 * np.pi)
    one = corridor(landmark=(2000 * np.cos(angle), 2000 * np.sin(angle)), view_width=10.0)
    middle = np.asarray(one.landmark) * chance.uniform(0, 1.2, (120, 1)) + chance.normal(0, 40, (120, 2))
    middle = np.round(middle)
    size = chance.integers(4, 30, (120, 2))
    boxes = np.concatenate([middle, middle + size], axis=1)
    shapes = np.array([shapely.box(*box) for box in boxes] + [None], object)[:-1]
    ground, heights = chance.uniform(0, 20, 120), chance.uniform(3, 60, 120)
    found = pierced(one, shapes, ground, heights)
    plain = plainly(one, shapes, ground, heights)
    mine = dict(zip(found.building.tolist(), found.excess.tolist(), strict=True))
    assert len(plain) > 30
    assert set(plain) <= set(mine), "points miss corners, but never see a building that shapes do not"
    for row in set(mine) - set(plain):
        assert shapes[row].intersection(one.parts()[Part.CORRIDOR]).area < 10
    for row, excess in plain.items():
        # between two points the surface falls by less than a step times its slope
        assert 0 <= mine[row] - excess + 1e-9 < 1.5 * 20 / 2000 + 0.01


def test_three_answers():
    one = corridor(refraction=1.0)  # 50 m at half way
    shapes = np.array([shapely.box(990, -5, 1000, 5)] * 6 + [shapely.box(990, 200, 1000, 210)], object)
    nan = float("nan")
    found = pierced(one, shapes, np.array([0, 0, 0, 60, 55, nan, 0.0]), np.array([49.9, 50.1, nan, nan, 3, 9, 500.0]))
    assert found.building.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.verdict == pytest.approx([0, 1, nan, 1, 1, nan], nan_ok=True)
    assert found.excess == pytest.approx([-0.1, 0.1, nan, nan, 8, nan], nan_ok=True)
    assert found.allowed == pytest.approx([50, 50, 50, 0, 0, nan], nan_ok=True)


def test_sides_and_background_are_told_apart():
    one = corridor(side=50.0, background=1000.0)
    areas = one.parts()
    assert areas[Part.CORRIDOR].area == pytest.approx(2000 * 100 / 2)
    assert areas[Part.SIDE].area == pytest.approx(2000 * 100 / 2)
    # 200 m wide at the landmark, 300 m a kilometre behind it
    assert areas[Part.BACKGROUND].area == pytest.approx(1000 * 250)
    shapes = np.array([shapely.box(1900, -80, 1990, 0), shapely.box(2300, 0, 2310, 10)], object)
    found = pierced(one, shapes, np.zeros(2), np.array([60.0, 60.0]))
    assert list(zip(found.building.tolist(), found.part.tolist(), strict=True)) == [
        (0, Part.CORRIDOR),
        (0, Part.SIDE),
        (1, Part.BACKGROUND),
    ]
    assert found.level[2] == pytest.approx(40)
    assert set(corridor().parts()) == {Part.CORRIDOR}


def test_the_field_is_the_surface_where_the_corridor_is():
    one = corridor()
    east, north = np.meshgrid([100.0, 1000.0, 2100.0], [0.0, 24.0, 26.0])
    field = level_field(one, east, north)
    known = np.isfinite(field)
    assert known.tolist() == [[True, True, False], [False, True, False], [False, False, False]]
    assert field[known] == pytest.approx(one.level(east[known]))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"landmark": (0.0, 0.0)}, "two places"),
        ({"width": 0.0}, "has a width"),
        ({"side": -1.0}, "below 0"),
        ({"threshold": float("nan")}, "levels"),
    ],
)
def test_corridors_that_are_none(changed, what):
    with pytest.raises(BadUse, match=what):
        corridor(**changed)


def test_arrays_of_different_length_are_refused():
    with pytest.raises(BadUse, match="one length"):
        pierced(corridor(), np.array([shapely.box(0, 0, 1, 1)], object), np.zeros(1), np.zeros(2))

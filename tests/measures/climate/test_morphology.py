"""Plan area, frontal area and heights: beside shapely's areas, walls counted one by one, and cities turned."""

import numpy as np
import pytest
import shapely
from shapely.affinity import rotate

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid
from tulou.measures.climate.morphology import SECTORS, morphology

HECTARE = Grid(0, 100, 100, 1, 1)


def city(seed, count=40, side=300):
    """Houses of all shapes, none upon another: boxes turned within squares of their own, some with a yard."""
    random = np.random.default_rng(seed)
    squares = random.choice((side // 20) ** 2, count, replace=False)
    shapes = []
    for square in squares:
        x, y = 20 * (square % (side // 20)) + 10, 20 * (square // (side // 20)) + 10
        width, depth = random.uniform(3, 9, 2)
        house = shapely.box(x - width / 2, y - depth / 2, x + width / 2, y + depth / 2)
        if random.random() < 0.3:
            house = house.difference(house.buffer(-1))
        shapes.append(rotate(house, random.uniform(0, 90)))
    return np.array(shapes, object), random.uniform(3, 60, count)


def one(shapes, heights, **given):
    return morphology(np.array(shapes, object), np.array(heights, float), HECTARE, **given)


def test_plan_area_and_heights_are_those_of_cut_polygons():
    shapes, heights = city(1)
    grid = Grid(-50, 320, 70, 6, 5)
    found = morphology(shapes, heights, grid)
    for row in range(grid.rows):
        for column in range(grid.columns):
            west, north = -50 + 70 * column, 320 - 70 * row
            area = shapely.area(shapely.intersection(shapes, shapely.box(west, north - 70, west + 70, north)))
            assert found.plan_area[row, column] == pytest.approx(area.sum() / 4900, abs=1e-12)
            if not area.any():
                assert np.isnan(found.height_mean[row, column])
                continue
            mean = np.average(heights, weights=area)
            assert found.height_mean[row, column] == pytest.approx(mean)
            deviation = np.sqrt(np.average((heights - mean) ** 2, weights=area))
            assert found.height_deviation[row, column] == pytest.approx(deviation, abs=1e-6)
            assert found.height_max[row, column] == heights[(area >= 1) | (area == area.max())].max()


def test_frontal_area_is_the_outline_seen_from_where_the_wind_comes():
    """A convex house shows its width across the wind: an oracle that knows nothing of walls."""
    shapes, heights = city(2)
    shapes = shapely.convex_hull(shapes)
    found = morphology(shapes, heights, Grid(0, 300, 300, 1, 1))
    for direction, frontal in zip(SECTORS, found.frontal_area[:, 0, 0], strict=True):
        across = np.array((np.cos(np.deg2rad(direction)), -np.sin(np.deg2rad(direction))))
        widths = [np.ptp(shapely.get_coordinates(shape) @ across) for shape in shapes]
        assert frontal == pytest.approx((widths * heights).sum() / 9e4, rel=1e-9)


def test_a_turned_city_in_a_turned_wind_is_the_same():
    shapes, heights = city(3)
    plain = morphology(shapes, heights, Grid(-200, 500, 700, 1, 1))
    turned = np.array([rotate(shape, -45, origin=(150, 150)) for shape in shapes], object)
    again = morphology(turned, heights, Grid(-200, 500, 700, 1, 1))
    assert np.roll(plain.frontal_area[:, 0, 0], 2) == pytest.approx(again.frontal_area[:, 0, 0], rel=1e-9)


def test_cells_add_up_to_the_city():
    shapes, heights = city(4)
    whole = morphology(shapes, heights, Grid(-20, 340, 360, 1, 1)).frontal_area[:, 0, 0]
    parts = morphology(shapes, heights, Grid(-20, 340, 40, 9, 9)).frontal_area
    assert parts.mean(axis=(1, 2)) == pytest.approx(whole, rel=1e-9)


def test_party_walls_are_no_facades():
    low, high = shapely.box(20, 30, 40, 50), shapely.box(40, 30, 60, 50)
    found = one([low, high], [10, 15], directions=(0, 90, 180, 270)).frontal_area[:, 0, 0] * 1e4
    assert found == pytest.approx([20 * 10 + 20 * 15, 20 * 15, 20 * 10 + 20 * 15, 20 * 10 + 20 * 5])
    alone = one([low, shapely.box(50, 30, 70, 50)], [10, 15], directions=(270,)).frontal_area[0, 0, 0] * 1e4
    assert alone == pytest.approx(20 * 10 + 20 * 15)


@pytest.mark.parametrize("apart", [-0.2, 0.0, 0.2])
def test_party_walls_are_met_though_drawn_a_little_apart(apart):
    """A short house against the middle of a long one hides its own width and height there, and shows no back."""
    long, short = shapely.box(10, 10, 30, 90), shapely.box(30 + apart, 40, 45 + apart, 60)
    found = one([long, short], [20, 8], directions=(90, 270)).frontal_area[:, 0, 0] * 1e4
    assert found == pytest.approx([80 * 20 - 20 * 8 + 20 * 8, 80 * 20])


def test_a_house_cut_in_two_is_the_same_house():
    whole = shapely.box(20, 20, 60, 50)
    cut = [shapely.box(20, 20, 35, 50), shapely.box(35, 20, 60, 32), shapely.box(35, 32, 60, 50)]
    assert one(cut, [12, 12, 12]).frontal_area == pytest.approx(one([whole], [12]).frontal_area, abs=1e-9)


def test_rings_turned_either_way_repeated_points_and_parts_make_the_same_walls():
    yard = shapely.box(10, 10, 60, 60).difference(shapely.box(20, 20, 40, 50))
    outer, hole = list(yard.exterior.coords), list(yard.interiors[0].coords)
    plain = one([yard], [10])
    assert plain.frontal_area[0, 0, 0] * 1e4 == pytest.approx((50 + 20) * 10)
    assert plain.plan_area[0, 0] * 1e4 == pytest.approx(2500 - 600)
    doubled = [outer[0], outer[0], *outer[1:3], outer[2], *outer[3:]]
    for shape in (
        shapely.Polygon(outer[::-1], [hole]),
        shapely.Polygon(outer, [hole[::-1]]),
        shapely.Polygon(doubled, [hole[:1] + hole]),
        shapely.MultiPolygon([yard]),
    ):
        again = one([shape], [10])
        assert again.frontal_area == pytest.approx(plain.frontal_area)
        assert again.plan_area == pytest.approx(plain.plan_area)
    apart = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(50, 50, 60, 60)])
    assert one([apart, None, yard], [10, 5, 10]).plan_area[0, 0] * 1e4 == pytest.approx(200 + 1900)


def test_walls_are_counted_in_the_cell_they_stand_in():
    found = morphology(
        np.array([shapely.box(80, 20, 130, 40)], object), np.array([10.0]), Grid(0, 100, 100, 1, 2), directions=(0, 90)
    )
    assert found.frontal_area[:, 0, :] * 1e4 == pytest.approx(np.array([[200, 300], [0, 200]]))
    assert found.plan_area[0] * 1e4 == pytest.approx([400, 600])


def test_a_house_of_unknown_height_makes_its_cell_unknown_but_not_its_ground():
    houses = np.array([shapely.box(10, 10, 30, 30), shapely.box(150, 10, 170, 30)], object)
    found = morphology(houses, np.array([np.nan, 9.0]), Grid(0, 100, 100, 1, 2))
    assert np.isnan(found.frontal_area[:, 0, 0]).all()
    assert np.isnan(found.height_mean[0, 0])
    assert np.isnan(found.height_max[0, 0])
    assert found.plan_area[0] == pytest.approx([0.04, 0.04])
    assert np.isfinite(found.frontal_area[:, 0, 1]).all()


def test_a_wall_behind_a_house_of_unknown_height_is_unknown_unless_another_hides_it():
    """The unknown house stands in the next cell, 0.2 m away; a third one, over the same ground, is known to be high."""
    grid = Grid(0, 100, 100, 1, 2)
    house, unknown, high = (
        shapely.box(60, 10, 99.9, 30),
        shapely.box(100.1, 10, 120, 30),
        shapely.box(100.1, 5, 115, 35),
    )
    found = morphology(np.array([house, unknown], object), np.array([9, np.nan]), grid, directions=(90, 270))
    assert np.isnan(found.frontal_area[0, 0, 0])
    assert found.height_mean[0, 0] == 9
    found = morphology(np.array([house, unknown, high], object), np.array([9, np.nan, 9]), grid, directions=(90, 270))
    assert found.frontal_area[:, 0, 0] * 1e4 == pytest.approx([0, 20 * 9])


def test_footprints_that_overlap_cover_no_more_than_the_cell():
    found = one([shapely.box(-10, -10, 110, 110)] * 2, [10, 10])
    assert found.plan_area[0, 0] == 1


def test_a_sliver_of_a_tower_is_not_the_highest_house():
    found = morphology(
        np.array([shapely.box(10, 10, 50, 50), shapely.box(99.99, 10, 140, 50)], object),
        np.array([12.0, 200.0]),
        Grid(0, 100, 100, 1, 2),
    )
    assert found.height_max[0] == pytest.approx([12, 200])


def test_empty_ground_and_missing_shapes():
    found = morphology(np.array([None, shapely.Polygon()], object), np.array([5.0, 5.0]), HECTARE)
    assert found.plan_area[0, 0] == 0
    assert (found.frontal_area == 0).all()
    assert np.isnan(found.height_mean[0, 0])
    none = morphology(np.empty(0, object), np.empty(0), HECTARE)
    assert none.plan_area[0, 0] == 0


def test_the_wind_rose_weighs_the_directions():
    found = one([shapely.box(20, 30, 60, 50)], [10], directions=(0, 90))
    assert found.frontal_by(np.array([0.75, 0.25]))[0, 0] == pytest.approx(0.75 * 0.04 + 0.25 * 0.02)
    assert found.frontal_mean[0, 0] == pytest.approx(0.03)
    for shares in ([0.5, 0.6], [1.0], [1.5, -0.5]):
        with pytest.raises(BadUse, match="share of the time"):
            found.frontal_by(np.array(shares))


def test_heights_below_the_ground_are_refused():
    with pytest.raises(BadUse, match="0 or more"):
        one([shapely.box(0, 0, 1, 1)], [-3])

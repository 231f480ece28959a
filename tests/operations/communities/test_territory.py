"""Cutting territories into parts and grids: nothing lost, nothing twice, nothing split, no main road crossed unsaid."""

import numpy as np
import pytest
import shapely

from tulou.operations.communities.domain.dividing import Size, Weights
from tulou.operations.communities.domain.planning import Rules, plan_grids
from tulou.operations.communities.domain.territory import Cells, part_of, pieces_of, reading_order, territory_of

NOBODY = np.empty(0, object)
RULES = Rules(Size(300.0, 500.0), Weights(10.0, 0.25), 9)


def cells_of(*rows):
    return Cells(np.array([row[:2] for row in rows], float), np.array([row[2] for row in rows], float))


def shapes(*some):
    return np.array(some, object)


def planned(outlines, compounds, cells, barriers=NOBODY, rules=RULES):
    names = [f"c{n}" for n in range(len(outlines))]
    building = np.full(len(cells.load), -1)
    return plan_grids(names, outlines, compounds, cells, building, barriers, rules)


def drawn(seed, count=60, side=600.0):
    draw = np.random.default_rng(seed)
    return Cells(draw.uniform(5, side - 5, (count, 2)), draw.integers(5, 60, count).astype(float))


@pytest.mark.parametrize("seed", range(6))
def test_parts_tile_the_territory(seed):
    box, cells = shapely.box(0, 0, 600, 600), drawn(seed)
    compounds = shapes(shapely.box(0, 0, 200, 150), shapely.box(220, 300, 400, 500))
    part = np.full(60, -1)
    for at, compound in enumerate(compounds):
        part[shapely.contains_xy(compound, cells.points)] = at
    stray = np.flatnonzero(part < 0)
    part[stray] = 2 + np.arange(len(stray))
    found = territory_of(box, cells, part, compounds, NOBODY)
    assert shapely.area(found.shapes).sum() == pytest.approx(360_000, rel=1e-6)
    assert shapely.area(shapely.union_all(found.shapes)) == pytest.approx(360_000, rel=1e-6)
    assert found.ground.load.sum() == cells.load.sum()
    for at, compound in enumerate(compounds):
        assert shapely.area(shapely.difference(compound, found.shapes[at])) == pytest.approx(0.0, abs=1.0)
    assert found.ground.components().max() == 0


def test_land_between_buildings_goes_to_the_nearest():
    found = territory_of(
        shapely.box(0, 0, 300, 100), cells_of((50, 50, 3), (250, 50, 4)), np.array([0, 1]), NOBODY, NOBODY
    )
    assert shapely.area(found.shapes).tolist() == pytest.approx([15_000, 15_000])
    assert found.ground.edges.tolist() == [[0, 1]]
    assert found.ground.border[0] == pytest.approx(100.0, abs=2.0)


@pytest.mark.parametrize("seed", range(4))
def test_a_city_is_divided_without_loss(seed):
    cells = drawn(seed, 160, 1200.0)
    outlines = shapes(*(shapely.box(x, y, x + 600, y + 600) for x in (0, 600) for y in (0, 600)))
    plan = planned(outlines, NOBODY, cells)
    assert sum(grid.load for grid in plan.grids) == pytest.approx(cells.load.sum())
    for at, outline in enumerate(outlines):
        mine = [grid for grid in plan.grids if grid.territory == f"c{at}"]
        land = np.array([grid.shape for grid in mine], object)
        assert shapely.area(land).sum() == pytest.approx(360_000, rel=1e-5)
        assert shapely.area(shapely.union_all(land)) == pytest.approx(360_000, rel=1e-5)
        assert all(shapely.within(one, outline.buffer(0.1)) for one in land)
        assert all(shapely.buffer(one, 0.5).geom_type == "Polygon" for one in land)
        assert [grid.id for grid in mine] == [f"c{at}-{n:02d}" for n in range(1, len(mine) + 1)]
    assert all(grid.reason == "fits" for grid in plan.grids)


def test_no_compound_is_split_but_one_too_large_for_a_grid():
    rows = [(x, y, 10.0) for x in range(10, 400, 20) for y in range(10, 100, 20)]
    compounds = shapes(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100), shapely.box(200, 0, 400, 100))
    plan = planned(shapes(shapely.box(0, 0, 400, 100)), compounds, cells_of(*rows), rules=Rules(
        Size(200.0, 300.0), Weights(10.0, 0.25), 9))  # fmt: skip
    assert sorted(grid.load for grid in plan.grids) == pytest.approx([250.0, 250.0, 250.0, 250.0], abs=10.0)
    for compound in compounds[:2]:
        inside = [grid for grid in plan.grids if shapely.area(shapely.intersection(grid.shape, compound)) > 100.0]
        assert len(inside) == 1
    large = [grid for grid in plan.grids if shapely.area(shapely.intersection(grid.shape, compounds[2])) > 100.0]
    assert len(large) == 2
    assert all(shapely.within(grid.shape, compounds[2].buffer(0.1)) for grid in large)


def test_no_grid_crosses_a_main_road():
    rows = [(x, y, 20.0) for x in (25, 75, 125, 175) for y in range(10, 100, 10)]
    road = shapes(shapely.LineString([(100, -10), (100, 110)]))
    box = shapes(shapely.box(0, 0, 200, 100))
    plan = planned(box, NOBODY, cells_of(*rows), road)
    assert [grid.is_crossing for grid in plan.grids] == [False, False]
    assert sorted(grid.shape.centroid.x for grid in plan.grids) == pytest.approx([50, 150], abs=3)


def test_too_few_on_one_side_are_joined_across_and_said():
    rows = [(x, y, 20.0) for x in (25, 75) for y in range(10, 100, 10)] + [(150, 50, 30.0)]
    road = shapes(shapely.LineString([(100, -10), (100, 110)]))
    plan = planned(shapes(shapely.box(0, 0, 200, 100)), NOBODY, cells_of(*rows), road)
    assert [(grid.load, grid.is_crossing) for grid in plan.grids] == [(390.0, True)]


def test_why_a_grid_does_not_fit():
    small = planned(shapes(shapely.box(0, 0, 100, 100)), NOBODY, cells_of((50, 50, 20)))
    assert [grid.reason for grid in small.grids] == ["small_territory"]
    tower = planned(shapes(shapely.box(0, 0, 100, 100)), NOBODY, cells_of((20, 50, 700), (80, 50, 350)))
    assert sorted(grid.reason for grid in tower.grids) == ["fits", "large_part"]


def test_nobody_and_those_outside_are_said():
    outlines = shapes(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))
    plan = planned(outlines, NOBODY, cells_of((50, 50, 400), (500, 50, 7)))
    assert plan.empty == ("c1",)
    assert plan.outside == 7.0


def test_small_territories_are_proved():
    cells = cells_of(*((25 + 50 * x, 25 + 50 * y, 100) for x in range(4) for y in range(2)))
    plan = planned(shapes(shapely.box(0, 0, 200, 100)), NOBODY, cells)
    (proof,) = plan.proofs
    assert (proof.parts, proof.grids) == (8, 2)
    assert proof.cost == pytest.approx(proof.bound, abs=1e-6)
    assert proof.searched == pytest.approx(proof.cost, abs=1e-6)


def test_people_of_one_building_stay_together():
    cells = cells_of((10, 10, 200), (12, 10, 200), (90, 90, 400))
    plan = plan_grids(["c"], shapes(shapely.box(0, 0, 100, 100)), NOBODY, cells, np.array([5, 5, 6]), NOBODY, RULES)
    assert [grid.load for grid in plan.grids] == [400.0, 400.0]


def test_pieces_and_reading_order():
    boxes = shapes(shapely.box(0, 0, 10, 10), shapely.box(10, 10, 20, 20), shapely.box(0, 10, 10, 20))
    assert reading_order(boxes, 10.0).tolist() == [2, 1, 0]
    found = territory_of(shapely.box(0, 0, 300, 100), cells_of((50, 50, 3), (150, 50, 4), (250, 50, 5)),
                         np.array([0, 1, 2]), NOBODY, NOBODY)  # fmt: skip
    assert pieces_of(found, 1.0).tolist() == [0, 0, 0]
    less = part_of(found, np.array([1, 2]))
    assert less.ground.load.tolist() == [4.0, 5.0]
    assert less.ground.edges.tolist() == [[0, 1]]

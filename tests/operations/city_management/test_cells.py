import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from operations.city_management.grids import COMMUNITIES, HOUSES, RULE, STREETS, around, cells
from tulou.operations.city_management.domain.cells import _Course, propose_cells
from tulou.operations.city_management.domain.topology import check_grid

NONE = np.empty(0, object)


@pytest.fixture(scope="module")
def proposed():
    return propose_cells(COMMUNITIES, STREETS, HOUSES, RULE)


def test_cells_cover_their_communities_without_gap_or_overlap(proposed):
    assert shapely.area(proposed.shapes).sum() == pytest.approx(210_000)
    assert shapely.union_all(proposed.shapes).equals(shapely.union_all(COMMUNITIES))
    assert shapely.coverage_is_valid(proposed.shapes)
    for place, community in enumerate(COMMUNITIES):
        mine = shapely.union_all(proposed.shapes[proposed.community == place])
        assert mine.symmetric_difference(community).area < 1e-6


def test_cells_are_of_about_the_size_asked_for(proposed):
    areas = shapely.area(proposed.shapes)
    assert RULE.least <= areas.min()
    assert areas.max() < 2 * RULE.size
    assert 0.5 * RULE.size < np.median(areas) < 1.5 * RULE.size


def test_no_cell_lies_on_both_sides_of_a_street(proposed):
    """A street that ends within a cell cuts nothing; one that goes through would leave two pieces."""
    for shape in proposed.shapes:
        for street in STREETS:
            lines = shapely.union_all([shape.boundary, street.intersection(shape)])
            assert len(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))) == 1


def test_the_check_finds_nothing_wrong_with_a_proposal(proposed):
    codes = [
        f"35010200100{one + 1}{number:03d}" for one, number in zip(proposed.community, proposed.number, strict=True)
    ]
    assert check_grid(cells(list(proposed.shapes), codes), around(), RULE) == []


def test_numbers_run_from_north_to_south_and_west_to_east(proposed):
    for community in (0, 1):
        mine = proposed.community == community
        assert proposed.number[mine].tolist() == list(range(1, mine.sum() + 1))
        centres = shapely.centroid(proposed.shapes[mine])
        row = np.floor((300 - shapely.get_y(centres)) / 100)
        order = np.lexsort((shapely.get_x(centres), row))
        assert order.tolist() == sorted(order.tolist())


def test_cuts_spare_houses():
    """A block of 200 m by 100 m has a house in its middle: the cut goes beside it."""
    block = np.array([shapely.box(0, 0, 200, 100)], object)
    house = np.array([shapely.box(92, 20, 108, 80)], object)
    bare, built = (propose_cells(block, NONE, houses, RULE) for houses in (NONE, house))
    assert len(bare.shapes) == len(built.shapes) == 2
    assert shapely.area(bare.shapes) == pytest.approx([10_000, 10_000], rel=1e-3)
    border = shapely.boundary(built.shapes[0]).intersection(shapely.boundary(built.shapes[1]))
    assert border.intersection(house[0].buffer(-0.1)).is_empty


def test_the_same_town_gives_the_same_cells_whatever_its_order():
    forward, back = (propose_cells(COMMUNITIES, roads, HOUSES, RULE) for roads in (STREETS, STREETS[::-1]))
    assert shapely.to_wkb(forward.shapes).tolist() == shapely.to_wkb(back.shapes).tolist()
    assert forward.number.tolist() == back.number.tolist()


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=4, max_size=9), st.floats(0.05, 0.95))
def test_a_cut_leaves_its_share_of_the_area(points, share):
    """Two ways: the sum over edges, and the area of what the overlay leaves."""
    hull = shapely.MultiPoint(points).convex_hull
    assume(hull.geom_type == "Polygon" and not hull.buffer(-3).is_empty)
    face = hull.difference(hull.buffer(-3).centroid.buffer(1))
    course = _Course(face)
    place = course.at(share)
    assert course.half(place).intersection(face).area == pytest.approx(course.area(place), rel=1e-6, abs=1e-6)
    assert course.area(place) == pytest.approx(share * face.area, rel=1e-3, abs=1e-2)

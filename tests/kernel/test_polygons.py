"""Mending polygons and finding the one that holds a place, against hand-drawn squares and plain loops."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.polygons import crossed, holders, mended, parts_of, polygon_part

BOW_TIE = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
SPIKE = shapely.Polygon([(0, 0), (1, 0), (0, 0)])
SQUARE = shapely.box(0, 0, 1, 1)
PLACES = st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), max_size=20)


def shapes(*some):
    return np.array(some, object)


def test_only_polygons_that_cross_themselves_are_crossed():
    line = shapely.LineString([(0, 0), (0, 0)])
    assert crossed(shapes(BOW_TIE, SQUARE, None, line, SPIKE)).tolist() == [True, False, False, False, True]


def test_a_bow_tie_becomes_its_two_triangles():
    found = mended(shapes(BOW_TIE, SQUARE))
    assert found[0].geom_type == "MultiPolygon"
    assert found[0].area == pytest.approx(2.0)
    assert found[1] is SQUARE


def test_what_encloses_nothing_becomes_none():
    assert mended(shapes(SPIKE, None)).tolist() == [None, None]


def test_the_array_given_stays_as_it_was():
    given_shapes = shapes(BOW_TIE)
    mended(given_shapes)
    assert given_shapes[0] is BOW_TIE
    sound = shapes(SQUARE)
    assert mended(sound) is sound


def test_lines_are_no_part_of_a_polygon():
    mixed = shapely.GeometryCollection([SQUARE, shapely.LineString([(0, 0), (3, 3)])])
    assert polygon_part(mixed).equals(SQUARE)
    assert polygon_part(shapely.LineString([(0, 0), (1, 1)])) is None
    assert polygon_part(shapely.GeometryCollection([SQUARE, shapely.box(1, 0, 2, 1)])).area == pytest.approx(2.0)


def test_a_place_on_an_edge_is_held_or_not_as_asked():
    edge = np.array([[1.0, 0.5], [0.5, 0.5], [7.0, 7.0], [np.nan, 0.0]])
    assert holders(shapes(SQUARE), edge).tolist() == [0, 0, -1, -1]
    assert holders(shapes(SQUARE), edge, "within").tolist() == [-1, 0, -1, -1]


def test_no_polygon_holds_nothing():
    assert holders(shapes(), np.zeros((2, 2))).tolist() == [-1, -1]
    assert holders(shapes(SQUARE), np.empty((0, 2))).tolist() == []


@given(PLACES)
def test_the_first_of_overlapping_polygons_holds(places):
    boxes = shapes(shapely.box(0, 0, 3, 3), shapely.box(1, 1, 4, 4), shapely.box(2, 0, 4, 2))
    wanted = [
        next((at for at, box in enumerate(boxes) if box.intersects(shapely.Point(place))), -1) for place in places
    ]
    assert holders(boxes, np.array(places, float).reshape(-1, 2)).tolist() == wanted


SINGLES = st.sampled_from(
    [
        None,
        shapely.Point(1, 2),
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.box(0, 0, 1, 1),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]),
        shapely.GeometryCollection([shapely.Point(0, 0), shapely.MultiPoint([(1, 1), (2, 2)])]),
        shapely.GeometryCollection([]),
    ]
)


@given(st.lists(SINGLES, max_size=12))
def test_shapes_fall_into_the_parts_that_taking_them_apart_twice_gives(shapes):
    array = np.array([None, *shapes], object)[1:]
    parts, row = parts_of(array)
    once, of_once = shapely.get_parts(array, return_index=True)
    twice, of_twice = shapely.get_parts(once, return_index=True)
    assert row.tolist() == of_once[of_twice].tolist()
    assert shapely.equals_identical(parts, twice).all()
    assert all(one is array[at] for one, at in zip(parts, row, strict=True) if array[at].geom_type == one.geom_type)

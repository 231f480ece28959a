"""Shapes from outside and figures in the wrong unit, with what is said of them."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality
from tulou.sources.checks import check_units, ground_area
from tulou.sources.datum import named, to_gcj02
from tulou.sources.shapes import Rows, cleaned, from_wkb

WGS84 = named("wgs84")


def rows_of(*shapes):
    made = np.empty(len(shapes), object)
    made[:] = shapes
    return Rows(made, np.ones(len(shapes), bool), list(range(len(shapes))), "layer", Quality(len(shapes), len(shapes)))


def told(rows):
    return {remark.kind: (remark.treated, remark.rows, remark.examples) for remark in rows.quality.remarks}


def square(x, y, side=0.001):
    return shapely.box(x, y, x + side, y + side)


def test_coordinates_that_are_no_numbers_are_refused_and_the_rest_kept():
    rows = rows_of(shapely.Point(119.3, 26.1), shapely.Point(np.inf, 26.1), shapely.Point(119.3, -np.inf), None)
    cleaned(rows, WGS84, "point")
    assert told(rows)["not_finite"] == ("refused", 2, ("1", "2"))
    assert rows.keep.tolist() == [True, False, False, True]
    assert rows.shapes[0].equals(shapely.Point(119.3, 26.1))


def test_places_off_the_earth_are_refused_row_by_row():
    rows = rows_of(*[shapely.Point(119.3, 26.1)] * 4, shapely.Point(119.3, 97.0))
    cleaned(rows, WGS84, "point")
    assert told(rows)["off_the_earth"] == ("refused", 1, ("4",))


def test_a_layer_in_metres_is_refused_whole_with_the_first_place():
    rows = rows_of(shapely.Point(430_000, 2_887_000), shapely.Point(431_000, 2_888_000))
    with pytest.raises(BadInput, match="cannot be what the datum says") as raised:
        cleaned(rows, WGS84, "point")
    assert raised.value.faults[0].found == "430000.00, 2887000.00"


def test_swapped_coordinates_are_sure_above_ninety_and_noted_in_china():
    with pytest.raises(BadInput, match="swapped"):
        cleaned(rows_of(shapely.Point(26.1, 119.3), shapely.Point(26.2, 119.4)), WGS84, "point")
    rows = rows_of(shapely.Point(30.0, 85.0), shapely.Point(31.0, 86.0))
    cleaned(rows, WGS84, "point")
    assert told(rows)["perhaps_swapped"][0] == "noted"


def test_a_bow_tie_becomes_its_two_triangles_and_a_spike_nothing():
    tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    spike = shapely.Polygon([(0, 0), (1, 1), (0, 0)])
    rows = rows_of(tie, spike, square(2, 2))
    cleaned(rows, WGS84, "polygon")
    assert told(rows)["invalid_polygon"] == ("repaired", 1, ("0",))
    assert told(rows)["no_area"] == ("refused", 1, ("1",))
    assert rows.shapes[0].is_valid
    assert rows.shapes[0].area == pytest.approx(0.5)


def test_an_area_that_stands_for_a_place_becomes_a_point_inside_it():
    horseshoe = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 3)
    rows = rows_of(horseshoe, shapely.Point(5, 5))
    cleaned(rows, WGS84, "point")
    assert [shape.geom_type for shape in rows.shapes] == ["Point", "Point"]
    assert horseshoe.contains(rows.shapes[0])


def test_third_dimensions_are_dropped_and_empty_shapes_told():
    rows = rows_of(shapely.Point(1, 2, 3), shapely.Polygon())
    cleaned(rows, WGS84, "any")
    assert not rows.shapes[0].has_z
    assert any(kind for kind, (_, count, examples) in told(rows).items() if examples == ("1",) and count == 1)


def test_a_shifted_datum_is_moved_back():
    lon, lat = np.array([119.3]), np.array([26.08])
    shifted = shapely.points(*[value[0] for value in to_gcj02(lon, lat)])
    rows = rows_of(shifted)
    cleaned(rows, named("gcj02"), "point")
    assert rows.shapes[0].x == pytest.approx(119.3, abs=1e-8)
    assert rows.shapes[0].y == pytest.approx(26.08, abs=1e-8)


def test_wkb_that_is_none_is_told_from_wkb_that_is_absent():
    shapes, unreadable = from_wkb([shapely.to_wkb(shapely.Point(1, 2)), None, b"\x01\x02", b""])
    assert unreadable.tolist() == [False, False, True, True]
    assert shapes[0].equals(shapely.Point(1, 2))


@given(st.floats(-179, 178), st.floats(-80, 79), st.floats(0.001, 1.0))
def test_ground_area_of_a_square_of_degrees(lon, lat, side):
    """Between two parallels the sphere has ``R² Δλ (sin φ₂ - sin φ₁)``."""
    found = ground_area(np.array([shapely.box(lon, lat, lon + side, lat + side)], object))[0]
    south, north = np.radians([lat, lat + side])
    assert found == pytest.approx(6_371_008.8**2 * np.radians(side) * (np.sin(north) - np.sin(south)), rel=1e-6)


def remarks_of(columns, shapes):
    quality = Quality(len(shapes), len(shapes))
    check_units({name: pa.array(values) for name, values in columns.items()}, shapes, quality)
    return [remark.text for remark in quality.remarks]


@pytest.mark.parametrize(("factor", "unit"), [(1e-4, "hectare"), (1e-6, "km2"), (15 / 10_000, "mu_area")])
def test_an_area_column_in_another_unit_is_told_by_the_shapes(factor, unit):
    shapes = np.array([square(119.3 + 0.01 * number, 26.0, 0.001 * (number + 1)) for number in range(6)], object)
    true = ground_area(shapes)
    assert remarks_of({"area": true.tolist()}, shapes) == []
    assert unit in remarks_of({"area": (true * factor).tolist()}, shapes)[0]
    assert "once too often" in remarks_of({"area": (true / factor).tolist()}, shapes)[0]
    assert remarks_of({"area": [*(true[:4] * factor), None, None]}, shapes) == [], "too few to tell"


def test_heights_in_centimetres_are_told_by_size_or_by_storeys():
    shapes = np.array([None] * 6, object)
    assert remarks_of({"height": [9.0, 12.0, 15.0, 18.0, 30.0, 90.0]}, shapes) == []
    assert "centimetres" in remarks_of({"height": [900.0, 1200.0, 1500.0, 1800.0, 3000.0, None]}, shapes)[0]
    low = {"height": [60.0] * 6, "storeys": [2.0] * 6}
    assert "centimetres" in remarks_of(low, shapes)[0]
    assert remarks_of(low | {"storeys": [20.0] * 6}, shapes) == []

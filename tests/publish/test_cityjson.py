"""CityJSON: bodies are closed, look outwards and hold what footprint times height says; nothing is invented."""

from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.publish.cityjson import SCALE, Buildings, cityjson

EAST, NORTH = 500_000.0, 2_900_000.0
SQUARE = shapely.box(EAST, NORTH, EAST + 20, NORTH + 10)
COURT = SQUARE.difference(shapely.box(EAST + 5, NORTH + 3, EAST + 9, NORTH + 6))
PAIR = shapely.MultiPolygon([SQUARE, shapely.box(EAST + 40, NORTH, EAST + 50, NORTH + 10)])


def written(*shapes, heights=None, **more):
    footprints = np.empty(len(shapes), object)
    footprints[:] = shapes
    heights = np.array(heights if heights is not None else [9.0] * len(shapes))
    names = [f"b{number}" for number in range(len(shapes))]
    held = Buildings(names, footprints, heights, [{"function": "office"} for _ in names])
    return cityjson(held, "EPSG:4549", "t", "2026-01-01", **more)


def real(page):
    transform = page["transform"]
    return np.array(page["vertices"], float).reshape(-1, 3) * transform["scale"] + transform["translate"]


def normal_sum(ring):
    """Twice the area of a ring as a vector along its normal."""
    return np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0)


def volume(page, solid):
    """Volume by the theorem of Gauss: positive where faces look outwards."""
    points = real(page) - real(page).mean(axis=0)
    faces = [points[ring] for surface in solid["boundaries"][0] for ring in surface]
    return sum(float(face[0] @ normal_sum(face)) for face in faces) / 6


def check_document(page):
    """What the schema asks for, and what it cannot: closed bodies, faces that look outwards."""
    assert (page["type"], page["version"]) == ("CityJSON", "2.0")
    assert set(page) == {"type", "version", "transform", "metadata", "CityObjects", "vertices"}
    assert all(isinstance(one, int) for point in page["vertices"] for one in point)
    assert len({tuple(point) for point in page["vertices"]}) == len(page["vertices"])
    used = set()
    for name, one in page["CityObjects"].items():
        assert one["type"] in {"Building", "BuildingPart"}
        for child in one.get("children", ()):
            assert page["CityObjects"][child]["parents"] == [name]
        for body in one.get("geometry", ()):
            used |= check_body(page, body)
    assert used == set(range(len(page["vertices"]))), "no corner is left over or missing"


def check_body(page, body):
    if body["type"] == "MultiSurface":
        assert body["lod"] == "0"
        return {corner for surface in body["boundaries"] for ring in surface for corner in ring}
    assert (body["type"], body["lod"]) == ("Solid", "1")
    (shell,) = body["boundaries"]
    assert len(body["semantics"]["values"][0]) == len(shell)
    assert max(body["semantics"]["values"][0]) < len(body["semantics"]["surfaces"])
    rings = [ring for surface in shell for ring in surface]
    assert all(len(ring) == len(set(ring)) >= 3 for ring in rings)
    edges = Counter((a, b) for ring in rings for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
    assert all(count == edges[b, a] for (a, b), count in edges.items()), "each edge is met once from either side"
    assert volume(page, body) > 0, "faces look outwards"
    return {corner for ring in rings for corner in ring}


@pytest.mark.parametrize("shape", [SQUARE, COURT, SQUARE.reverse(), shapely.orient_polygons(COURT, exterior_cw=True)])
def test_a_body_is_footprint_times_height(shape):
    page = written(shape)
    check_document(page)
    (body,) = page["CityObjects"]["b0"]["geometry"]
    assert volume(page, body) == pytest.approx(shape.area * 9.0)
    roof = body["boundaries"][0][1]
    assert np.allclose(real(page)[roof[0], 2], 9.0)


def test_coordinates_are_those_of_the_city_and_the_system_is_named():
    page = written(SQUARE)
    low, high = real(page).min(axis=0), real(page).max(axis=0)
    assert low.tolist() == [EAST, NORTH, 0.0]
    assert high.tolist() == [EAST + 20, NORTH + 10, 9.0]
    assert page["metadata"]["geographicalExtent"] == [*low, *high]
    assert page["metadata"]["referenceSystem"] == "https://www.opengis.net/def/crs/EPSG/0/4549"


@pytest.mark.parametrize("height", [np.nan, 0.0, -3.0])
def test_a_height_nobody_knows_is_not_invented(height):
    page = written(SQUARE, heights=[height])
    check_document(page)
    (flat,) = page["CityObjects"]["b0"]["geometry"]
    assert flat["type"] == "MultiSurface"
    assert set(real(page)[:, 2]) == {0.0}
    assert normal_sum(real(page)[flat["boundaries"][0][0]])[2] > 0, "it looks up"


def test_several_pieces_are_parts_of_one_building():
    page = written(PAIR)
    check_document(page)
    assert page["CityObjects"]["b0"]["children"] == ["b0#1", "b0#2"]
    assert "geometry" not in page["CityObjects"]["b0"]


def test_neighbours_share_their_corners():
    page = written(SQUARE, shapely.box(EAST + 20, NORTH, EAST + 30, NORTH + 10))
    check_document(page)
    assert len(page["vertices"]) == 12


def test_what_has_no_room_or_place_has_no_body():
    thin = shapely.box(EAST, NORTH, EAST + SCALE / 9, NORTH + 5)
    crossed = shapely.Polygon([(EAST, NORTH), (EAST + 5, NORTH + 5), (EAST + 5, NORTH), (EAST, NORTH + 5)])
    page = written(None, thin, crossed, shapely.Polygon())
    kinds = [[body["type"] for body in one.get("geometry", ())] for one in page["CityObjects"].values()]
    assert kinds == [[], [], ["MultiSurface"], []]
    assert written(None)["vertices"] == []
    with pytest.raises(BadUse):
        cityjson(Buildings(["a"], np.empty(0, object), np.empty(0), []), "EPSG:4549", "t", "2026-01-01")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=12, unique=True),
    st.floats(0.5, 300),
)
def test_any_footprint_gives_a_closed_body(corners, height):
    shape = shapely.convex_hull(shapely.MultiPoint([(EAST + x, NORTH + y) for x, y in corners]))
    if not isinstance(shape, shapely.Polygon):
        return
    page = written(shape, heights=[height])
    check_document(page)
    (body,) = page["CityObjects"]["b0"]["geometry"]
    assert volume(page, body) == pytest.approx(shape.area * height, rel=1e-3, abs=0.1)

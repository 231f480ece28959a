"""Vector tiles, read back by a decoder that others wrote and held against shapes cut by plain geometry."""

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import affine_transform

from tulou.kernel.errors import BadUse
from tulou.publish.tiles.layer import EXTENT, MARGIN, encoded_tile, layer_of
from tulou.publish.tiles.paths import INNER, LINE, OUTER, POINT, paths_of
from tulou.publish.tiles.scheme import HALF_WORLD, MERCATOR, Tile, tile_at, to_mercator
from tulou.publish.tiles.wire import put_varint, zigzag

TILE = Tile(14, 13653, 6930)
UNIT = TILE.side / EXTENT


def column(*shapes):
    found = np.empty(len(shapes), object)
    found[:] = shapes
    return found


def at(x, y):
    """Mercator metres of a place told as a share of the tile's side, from its western and northern edge."""
    return TILE.west + x * TILE.side, TILE.north - y * TILE.side


def square(x, y, side):
    return shapely.box(*at(x, y + side), *at(x + side, y))


def decoded(*layers, tile=TILE):
    return mapbox_vector_tile.decode(encoded_tile(layers, tile), default_options={"y_coord_down": True})


def features(shapes, columns=None, tile=TILE, **given):
    layer = layer_of("some", column(*shapes), MERCATOR, columns or {}, **given)
    return decoded(layer, tile=tile).get("some", {"features": []})["features"]


def cut(shape, tile=TILE):
    """What a tile shows of a shape, in its units, by plain geometry."""
    inside = shapely.intersection(shape, shapely.box(*tile.bounds(MARGIN)))
    scale = EXTENT / tile.side
    return affine_transform(inside, [scale, 0, 0, -scale, -tile.west * scale, tile.north * scale])


def test_tiles_of_the_scheme():
    assert tile_at(0, 0, 0) == Tile(0, 0, 0)
    row = int((1 - np.arcsinh(np.tan(np.radians(26.08))) / np.pi) / 2 * 2**14)
    assert tile_at(119.3, 26.08, 14) == Tile(14, 13621, row), "by the formula that maps on the web are made with"
    assert Tile(0, 0, 0).bounds() == (-HALF_WORLD, -HALF_WORLD, HALF_WORLD, HALF_WORLD)
    assert Tile(1, 1, 0).bounds() == pytest.approx((0, 0, HALF_WORLD, HALF_WORLD))
    assert tile_at(180, -85.051128, 3) == Tile(3, 7, 7), "the last one holds its edge"


@given(st.floats(-179.9, 179.9), st.floats(-85, 85), st.integers(0, 22))
def test_a_place_lies_in_its_tile(lon, lat, zoom):
    west, south, east, north = tile_at(lon, lat, zoom).bounds()
    x, y = shapely.get_coordinates(to_mercator(column(shapely.Point(lon, lat)), "EPSG:4326"))[0]
    assert west - 1e-6 <= x <= east + 1e-6
    assert south - 1e-6 <= y <= north + 1e-6


@pytest.mark.parametrize("wrong", [(23, 0, 0), (-1, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_there_is_no_such_tile(wrong):
    with pytest.raises(BadUse):
        Tile(*wrong)


def test_a_place_beyond_the_map():
    with pytest.raises(BadUse, match="outside the map"):
        tile_at(0, 89.9, 3)


def test_values_of_every_kind_come_back():
    shapes = [square(0.1 * one, 0.5, 0.05) for one in range(1, 5)]
    columns = {
        "id": ["a", "b", "文", ""],
        "height": [18.0, np.nan, 6.5, 18.0],
        "listed": [True, None, False, None],
        "storeys": np.array([6, 1, 0, -2]),
    }
    found = [one["properties"] for one in features(shapes, columns)]
    assert found == [
        {"id": "a", "height": 18.0, "listed": True, "storeys": 6},
        {"id": "b", "storeys": 1},
        {"id": "文", "height": 6.5, "listed": False, "storeys": 0},
        {"id": "", "height": 18.0, "storeys": -2},
    ]


def test_points_lines_areas_and_holes():
    ring = square(0.2, 0.2, 0.2).difference(square(0.25, 0.25, 0.1))
    line = shapely.LineString([at(0.1, 0.1), at(0.2, 0.1), at(0.2, 0.3)])
    two = shapely.MultiPolygon([square(0.5, 0.5, 0.1), square(0.7, 0.7, 0.1)])
    points = shapely.MultiPoint([at(0.5, 0.25), at(0.75, 0.5)])
    found = features([ring, line, two, points, shapely.Point(at(0.5, 0.5)), None, shapely.Point()])
    kinds = [one["geometry"]["type"] for one in found]
    assert kinds == ["Polygon", "LineString", "MultiPolygon", "MultiPoint", "Point"]
    assert [one["id"] for one in found] == [1, 2, 3, 4, 5]
    assert len(found[0]["geometry"]["coordinates"]) == 2
    assert shapely.geometry.shape(found[0]["geometry"]).area == pytest.approx((0.04 - 0.01) * EXTENT**2, rel=0.002)
    assert found[1]["geometry"]["coordinates"] == [[410, 410], [819, 410], [819, 1229]]
    assert found[3]["geometry"]["coordinates"] == [[2048, 1024], [3072, 2048]]
    assert found[4]["geometry"]["coordinates"] == [2048, 2048]


def test_what_the_edge_cuts_ends_at_the_margin():
    wide = features([square(-1, 0.4, 3)])
    west, north, east, south = shapely.bounds(shapely.geometry.shape(wide[0]["geometry"]))
    assert (west, east) == (-64, EXTENT + 64)
    assert (round(north), south) == (1638, EXTENT + 64)
    assert features([square(2, 2, 1)]) == []
    line = shapely.LineString([at(0.5, 0.5), at(2, 0.5), at(2, 0.6), at(0.5, 0.6)])
    assert features([line])[0]["geometry"]["type"] == "MultiLineString", "it leaves and comes back"


def test_specks_are_left_out_but_points_are_not():
    speck, small = square(0.5, 0.5, 4 / EXTENT), square(0.6, 0.6, 9 / EXTENT)
    assert [one["id"] for one in features([speck, small, shapely.Point(at(0.1, 0.1))])] == [2, 3]
    deeper = tile_at(*lonlat(0.5, 0.5), 16)
    assert [one["id"] for one in features([speck, small], tile=deeper)] == [1]


def lonlat(x, y):
    east, north = at(x, y)
    lon = east / HALF_WORLD * 180
    return lon, float(np.degrees(2 * np.arctan(np.exp(north / HALF_WORLD * np.pi)) - np.pi / 2))


def test_a_layer_is_drawn_from_its_zoom_on():
    layer = layer_of("some", column(square(0.1, 0.1, 0.5)), MERCATOR, {}, least_zoom=14)
    assert encoded_tile([layer], Tile(13, TILE.x // 2, TILE.y // 2)) == b""
    assert len(encoded_tile([layer], TILE)) > 0


def test_several_layers_in_one_tile_and_an_empty_one():
    one = layer_of("one", column(square(0.1, 0.1, 0.5)), MERCATOR, {"id": ["a"]})
    none = layer_of("none", column(square(5, 5, 0.5)), MERCATOR, {"id": ["b"]})
    other = layer_of("other", column(shapely.Point(at(0.2, 0.2))), MERCATOR, {"id": ["c"]})
    assert list(decoded(one, none, other)) == ["one", "other"]
    assert encoded_tile([layer_of("no", column(), MERCATOR, {"id": []})], TILE) == b""


@pytest.mark.parametrize("wrong", [{"columns": {"id": ["a", "b"]}}, {"columns": {}, "least_zoom": 30}])
def test_a_layer_that_is_none(wrong):
    columns = wrong.pop("columns")
    with pytest.raises(BadUse):
        layer_of("some", column(square(0, 0, 1)), MERCATOR, columns, **wrong)


def stars(draw_points, x, y):
    """A star-shaped area around a place: any radii in order of their angles."""
    angles = np.linspace(0, 2 * np.pi, len(draw_points), endpoint=False)
    radii = np.array(draw_points)
    return shapely.Polygon([at(x + r * np.cos(a), y + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)])


star = st.tuples(
    st.lists(st.floats(0.01, 0.6), min_size=4, max_size=30), st.floats(-0.3, 1.3), st.floats(-0.3, 1.3)
).map(lambda one: stars(*one))


@settings(max_examples=150)
@given(st.lists(star, min_size=1, max_size=6))
def test_areas_are_those_of_plain_geometry(shapes):
    shapes = [one for one in shapes if one.is_valid]
    found = {one["id"]: shapely.geometry.shape(one["geometry"]) for one in features(shapes)}
    for number, shape in enumerate(shapes, 1):
        expected = cut(shape)
        if expected.area < 200:
            continue
        told = found[number]
        assert told.area == pytest.approx(expected.area, abs=expected.length + 4 + told.length)
        assert shapely.hausdorff_distance(told.buffer(0), expected) < 3 or expected.area < 5 * expected.length


@given(st.integers(0, 2**40))
def test_whole_numbers_of_seven_bits_a_byte(value):
    out = np.empty(10, np.uint8)
    length = put_varint(out, 0, value)
    assert sum((int(byte) & 127) << (7 * place) for place, byte in enumerate(out[:length])) == value
    assert all(byte > 127 for byte in out[: length - 1])


def test_zigzag():
    assert [zigzag(one) for one in (0, -1, 1, -2, 2)] == [0, 1, 2, 3, 4]


def test_paths_are_turned_and_told_apart():
    ring = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    mixed = shapely.GeometryCollection([shapely.Point(9, 9), shapely.LineString([(0, 0), (1, 1)]), ring])
    found = paths_of(column(ring, shapely.Point(1, 1), None, shapely.LineString([(0, 0), (1, 0)]), mixed))
    assert found.roles.tolist() == [OUTER, INNER, POINT, LINE, OUTER, INNER]
    assert found.features.tolist() == [0, 2, 3, 3, 4, 6]
    assert not shapely.is_ccw(shapely.LinearRing(found.coordinates[: found.starts[1]]))
    assert shapely.is_ccw(shapely.LinearRing(found.coordinates[found.starts[1] : found.starts[2]]))


def test_each_feature_comes_from_its_own_zoom_on():
    shapes = column(square(0.1, 0.1, 0.2), square(0.5, 0.1, 0.2))
    layer = layer_of("some", shapes, MERCATOR, {"id": ["early", "late"]}, zooms=np.array([9, TILE.zoom + 1]))
    assert [one["properties"]["id"] for one in decoded(layer)["some"]["features"]] == ["early"]
    both = layer_of("some", shapes, MERCATOR, {"id": ["early", "late"]}, zooms=np.array([9, TILE.zoom]))
    assert len(decoded(both)["some"]["features"]) == 2
    with pytest.raises(BadUse):
        layer_of("some", shapes, MERCATOR, {}, zooms=np.array([1]))

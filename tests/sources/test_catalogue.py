"""The registry of connectors, and pieces put together again."""

import pytest
import shapely

from shared_data import shared
from tulou.kernel.errors import BadUse
from tulou.sources.catalogue import connectors, recognise
from tulou.sources.layers import read_raw
from tulou.sources.mapping import TableMapping
from tulou.sources.tiles import merge_tiles


@pytest.mark.parametrize("name", sorted(connectors()))
def test_every_connector_has_both_titles_endings_and_a_function(name):
    connector = connectors()[name]
    assert connector.title.zh
    assert connector.title.en
    assert all(suffix.startswith(".") for suffix in connector.suffixes)
    assert connector.load().__doc__


def test_no_ending_has_two_connectors():
    endings = [suffix for connector in connectors().values() for suffix in connector.suffixes]
    assert len(endings) == len(set(endings))


def test_an_option_that_a_connector_lacks_is_refused(tmp_path):
    with pytest.raises(BadUse) as raised:
        connectors()["gtfs"].read(tmp_path, dai="2026-01-01")
    assert raised.value.faults[0].guess == "day"


@pytest.mark.parametrize(
    ("name", "connector"),
    [
        ("city_helsinki/Helsinki.osm.pbf", "osm"),
        ("city_porto_alegre/poa_eptc.zip", "gtfs"),
        ("cityjson/delft.json", "cityjson"),
        ("fj_xiamen/boundary_county/datav_350200_full.json", "layers"),
        ("city_porto_alegre/poa_elevation.tif", "rasters"),
    ],
)
def test_real_files_are_recognised(name, connector):
    assert recognise(shared(name)).name == connector


def test_halves_at_a_tile_edge_become_one():
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1 + 1e-7, 0, 2, 1)
    far = shapely.box(5, 5, 6, 6)
    merged = merge_tiles(["a", "b", "a"], shapely.transform([left, far, right], lambda xy: xy))
    assert merged.pieces.tolist() == [2, 1]
    assert merged.first.tolist() == [0, 1]
    assert [shape.geom_type for shape in merged.shapes] == ["Polygon", "Polygon"]
    assert merged.shapes[0].area == pytest.approx(2.0, rel=1e-5)


@pytest.mark.parametrize(("name", "repeated"), [("lujiazui_osm_tiles", 464), ("wuhan_guanggu_osm_tiles", 116)])
def test_real_tiles(name, repeated):
    raw = read_raw(shared(f"cn_shanghai_lujiazui/{name}.geojson"), TableMapping(""), name)
    kind = [layer == "buildings" for layer in raw.columns["layer"].to_pylist()]
    ids = [str(key) for key, is_building in zip(raw.columns["id"].to_pylist(), kind, strict=True) if is_building]
    shapes = raw.shapes[kind]
    polygons = shapely.get_dimensions(shapes) == 2
    shapes[polygons] = shapely.make_valid(shapes[polygons])
    merged = merge_tiles(ids, shapes)
    assert int((merged.pieces - 1).sum()) == repeated
    assert len(merged.shapes) == len(set(ids))
    cut = [
        i for i in range(len(merged.first)) if merged.pieces[i] > 1 and shapely.get_dimensions(merged.shapes[i]) == 2
    ]
    whole = sum(merged.shapes[i].geom_type == "Polygon" for i in cut)
    assert whole > 0.9 * len(cut)

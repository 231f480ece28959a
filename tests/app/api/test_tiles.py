"""Tiles over HTTP, read back by an independent decoder."""

import mapbox_vector_tile
import pytest

from tulou.publish.tiles.scheme import tile_at


@pytest.fixture
def place(get):
    west, south, *_ = get("/collections/building").json()["extent"]["spatial"]["bbox"][0]
    return west + 0.0001, south + 0.0001


def test_a_tile_of_the_whole_city(get, place):
    tile = tile_at(*place, 15)
    answer = get(f"/tiles/WebMercatorQuad/{tile.zoom}/{tile.y}/{tile.x}")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layers = mapbox_vector_tile.decode(answer.content)
    assert list(layers) == ["community", "building"]
    found = {one["properties"]["id"]: one["properties"] for one in layers["building"]["features"]}
    assert found["b1"] == {"id": "b1", "name": "学校", "use": "education", "height": 24.0}


def test_heights_come_from_storeys_where_nothing_else_is_known(get, place):
    heights = {}
    for step in (0.0, 0.01):  # the third building stands a kilometre away
        tile = tile_at(place[0] + step, place[1] + step, 13)
        answer = get(f"/collections/building/tiles/WebMercatorQuad/13/{tile.y}/{tile.x}", datetime="2026-03-01")
        features = mapbox_vector_tile.decode(answer.content).get("building", {"features": []})["features"]
        heights |= {one["properties"]["id"]: one["properties"]["height"] for one in features}
    assert heights == {"b1": 18, "b2": 60, "b3": 9}


def test_buildings_come_where_they_are_more_than_specks(get, place):
    tile = tile_at(*place, 12)
    layers = mapbox_vector_tile.decode(get(f"/tiles/WebMercatorQuad/12/{tile.y}/{tile.x}").content)
    assert list(layers) == ["community"]


def test_an_empty_tile_and_none_at_all(get):
    assert get("/tiles/WebMercatorQuad/10/0/0").content == b""
    assert get("/tiles/WebMercatorQuad/3/8/0").status_code == 404
    assert get("/tiles/WebMercatorQuad/30/0/0").status_code == 404


def test_the_set_says_where_tiles_are(get):
    found = get("/tiles").json()["tilesets"][0]
    assert found["links"][0]["href"].endswith("/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}")
    assert [one["id"] for one in found["layers"]] == ["community", "building"]
    assert [one["count"] for one in found["layers"]] == [1, 3]
    west, south, *_ = get("/collections/community").json()["extent"]["spatial"]["bbox"][0]
    assert found["boundingBox"]["lowerLeft"] == [west, south]

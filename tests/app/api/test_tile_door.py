"""The short way to tiles gives what the long way gives, and nothing that is out of date."""

import shutil
from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.api.conftest import HOSTS, box, facts, shapes
from tulou.app.api.application import application
from tulou.model.store.city import City
from tulou.publish.tiles.scheme import tile_at

TILE = "/tiles/WebMercatorQuad/{}/{}/{}"
LONG_WAY = {"branch": "main"}


@pytest.fixture
def small(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "small.city")


@pytest.fixture
def client(small):
    with TestClient(application({"small": small}, HOSTS), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("kind", ["", "/collections/building", "/collections/community"])
@pytest.mark.parametrize("zoom", [0, 9, 14, 16])
def test_both_ways_give_the_same(client, kind, zoom):
    tile = tile_at(119.3005, 26.0704, zoom)
    for row in (tile.y, max(tile.y - 1, 0)):
        path = f"/cities/small{kind}" + TILE.format(zoom, row, tile.x)
        short, long = client.get(path), client.get(path, params=LONG_WAY)
        assert (short.status_code, short.content) == (long.status_code, long.content)
        assert short.headers["content-type"] == long.headers["content-type"]
        assert short.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/cities/none/tiles/WebMercatorQuad/1/0/0",
        "/cities/small/collections/none/tiles/WebMercatorQuad/1/0/0",
        "/cities/small/tiles/WebMercatorQuad/1/2/0",
        "/cities/small/tiles/WebMercatorQuad/99/0/0",
    ],
)
def test_what_is_not_there_is_told_the_long_way(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_added_is_drawn(client, small):
    tile = tile_at(119.3005, 26.0704, 14)
    path = "/cities/small/collections/building" + TILE.format(14, tile.y, tile.x)
    before = client.get(path)
    assert before.status_code == 200
    assert before.content
    new = facts("building", id=["b9"], name=["New"], geometry=shapes(box(200, 0)))
    City.open(small).commit([new], who="t", message="one more", valid_from=date(2026, 7, 1))
    after = client.get(path)
    assert b"New" in after.content
    assert b"New" not in before.content
    assert after.content == client.get(path, params=LONG_WAY).content

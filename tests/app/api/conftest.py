"""A small city behind the interface, asked in memory."""

from datetime import date

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from tulou.app.api.application import application
from tulou.app.wiring import dictionary
from tulou.kernel.facts import Facts
from tulou.model.rows import rows_of
from tulou.model.state import Profile
from tulou.model.store.city import City

CRS = "EPSG:4549"
WEST, SOUTH, DEGREE = 119.3, 26.07, 1e-5
"""A degree's hundred thousandth is about a metre."""


def box(x, y, side=50.0):
    sides = (WEST + x * DEGREE, SOUTH + y * DEGREE, WEST + (x + side) * DEGREE, SOUTH + (y + side) * DEGREE)
    return shapely.box(*sides)


def shapes(*some):
    found = np.empty(len(some), object)
    found[:] = some
    return found


def facts(entity, **columns):
    rows = rows_of(dictionary()[entity], columns)
    return Facts(entity, rows.table)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Three buildings on 2026-01-01; from 2026-06-01 on the first is higher. A community holds two of them."""
    path = tmp_path_factory.mktemp("api") / "small.city"
    city = City.create(path, profile=Profile("小城", CRS, synthetic=True), dictionary=dictionary())
    buildings = facts(
        "building",
        id=["b1", "b2", "b3"],
        name=["学校", "Hall", None],
        use=["education", "office", "residential"],
        height=[18.0, 60.0, None],
        storeys=[6.0, 20.0, 3.0],
        geometry=shapes(box(0, 0), box(100, 0), box(1000, 1000)),
    )
    community = facts("community", id=["c1"], name=["One"], geometry=shapes(box(-10, -10, 300)))
    city.commit([buildings, community], who="t", message="first", valid_from=date(2026, 1, 1))
    later = facts("building", id=["b1"], height=[24.0])
    city.commit([later], who="t", message="raised", valid_from=date(2026, 6, 1))
    return path


@pytest.fixture(scope="session")
def client(folder):
    with TestClient(application({"small": folder}), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def get(client):
    def asked(path, **query):
        return client.get(f"/cities/small{path}", params=query)

    return asked

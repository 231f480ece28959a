"""A small city behind the interface, asked in memory."""

import shutil
from datetime import date, datetime

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from tulou.app.alarm_intake import read_file, register_things
from tulou.app.alarm_sample import write_sample
from tulou.app.alarms import open_alarms
from tulou.app.api.application import application
from tulou.app.casework import open_casework
from tulou.app.wiring import dictionary
from tulou.kernel.facts import Facts
from tulou.model.rows import rows_of
from tulou.model.state import Profile
from tulou.model.store.city import City
from tulou.operations.cases.handlers.acting import Act, Subject

CRS = "EPSG:4549"
WEST, SOUTH, DEGREE = 119.3, 26.07, 1e-5
"""A degree's hundred thousandth is about a metre."""
HOSTS = ("testserver",)
"""Name by which a test client addresses an application."""
MORNING = datetime.fromisoformat("2026-03-02T09:00+08:00")
PHONE = "13912345678"
STEPS = (
    ("accept", "supervision_centre", {}),
    ("file", "supervision_centre", {}),
    ("dispatch", "command_centre", {"body": "urban_management"}),
    ("take_up", "urban_management", {}),
)


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
def operated(folder, tmp_path_factory):
    """The city with a case that is being handled, a report with a telephone number, and a morning of alarms."""
    place = tmp_path_factory.mktemp("operated")
    path = place / "small.city"
    shutil.copytree(folder, path)
    work = open_casework(path)
    work.open_matter("city_management", Subject("mud", "dirty_road"), act("supervision_centre", who="Li Ming"))
    for move, by, facts in STEPS:
        work.do("C000001", move, act(by, **facts))
    work.open_matter(
        "city_management", Subject(f"call {PHONE}", "dirty_road", f"at {PHONE}"), act("supervision_centre")
    )
    write_sample(place / "day")
    register_things(open_alarms(path), place / "day" / "sensors.json", "t")
    alarms = open_alarms(path)
    with alarms.writing():
        alarms.bring_in(read_file(place / "day" / "morning.csv"))
    return path


def act(by, who="", **facts):
    return Act(by, MORNING, who, facts)


@pytest.fixture(scope="session")
def asked(operated):
    """Asks the city with cases and alarms."""
    with TestClient(application({"small": operated}, HOSTS), raise_server_exceptions=False) as found:
        yield lambda path, **query: found.get(f"/cities/small{path}", params=query)


@pytest.fixture(scope="session")
def client(folder):
    with TestClient(application({"small": folder}, HOSTS), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def get(client):
    def asked(path, **query):
        return client.get(f"/cities/small{path}", params=query)

    return asked

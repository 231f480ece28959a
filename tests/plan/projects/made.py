"""A small made city for projects: two communities, homes, a school, a clinic and streets, in metres and in a store."""

import json
from datetime import date

import numpy as np
import pyarrow as pa
import shapely
from shapely.affinity import translate

from indicators.small_rulebook import dictionary
from tulou.kernel.clock import Moment
from tulou.kernel.facts import Facts
from tulou.model.geography import to_geographic
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile
from tulou.model.store.city import City
from tulou.plan.projects.reading import read_project

DAY = date(2024, 6, 30)
SYSTEM = "EPSG:4549"
EAST, NORTH = 500_000.0, 2_880_000.0
"""Where the south-west corner of the city lies, metres; all shapes of the tests are drawn from there."""


def at(shape):
    """A shape drawn from the corner of the city, in its metric system."""
    return translate(shape, EAST, NORTH)


def box(west, south, east, north):
    return at(shapely.box(west, south, east, north))


def point(x, y):
    return at(shapely.Point(x, y))


def line(*places):
    return at(shapely.LineString(places))


def lonlat(shape):
    return to_geographic(np.array([shape], object), SYSTEM)[0]


def tables() -> dict:
    return {
        "city": {"id": ["city"], "geometry": [box(0, 0, 1000, 500)], "name": ["Made"]},
        "community": {
            "id": ["c1", "c2"], "name": ["West", "East"], "residents": [300.0, None],
            "geometry": [box(0, 0, 500, 500), box(500, 0, 1000, 500)],
        },
        "building": {
            "id": ["h1", "h2", "h3", "shed", "mill"],
            "geometry": [box(100, 100, 120, 120), box(200, 100, 220, 120), box(600, 100, 640, 120),
                         box(130, 100, 132, 102), box(700, 300, 760, 340)],
            "use": ["residential", "residential", "mixed", "outbuilding", "industrial"],
            "storeys": [6.0, 3.0, 10.0, 1.0, 1.0],
            "lift": [False, None, True, None, None],
        },
        "population": {
            "id": ["derived:people-h1", "derived:people-h2", "grid"],
            "residents": [80.0, 40.0, 500.0],
            "residents_low": [60.0, 30.0, None],
            "residents_high": [120.0, 60.0, None],
            "estimated": [True, True, None],
            "geometry": [point(110, 110), point(210, 110), box(500, 0, 1000, 500)],
        },
        "facility": {
            "id": ["s1", "s2", "k1"],
            "name": ["Old School", None, None],
            "category": ["primary_school", "primary_school", "clinic"],
            "geometry": [point(300, 300), point(800, 300), point(110, 105)],
        },
        "road": {
            "id": ["r1", "r2", "r3", "bridge"],
            "name": ["Long Street", "Long Street", "Cross Lane", None],
            "class": ["secondary", "secondary", "branch", "arterial"],
            "bridge": [None, None, None, True],
            "geometry": [line((0, 250), (500, 250)), line((500, 250), (1000, 250)), line((500, 0), (500, 250)),
                         line((0, 400), (1000, 400))],
        },
        "parcel": {
            "id": ["p1", "s1"], "use": ["residential", None], "source_class": ["derived", None],
            "geometry": [box(80, 80, 240, 140), box(290, 290, 310, 310)],
        },
        "green": {"id": ["g1"], "category": ["park"], "area": [6000.0], "geometry": [box(900, 400, 990, 480)]},
    }  # fmt: skip


def state(**changed) -> MemoryState:
    """The city in memory."""
    found = {name: rows_of(dictionary()[name], columns) for name, columns in {**tables(), **changed}.items()}
    return MemoryState(Profile("Made", SYSTEM, synthetic=True), dictionary(), Moment(DAY), found)


def stored(place, **changed) -> City:
    """The city in a store, in one commit."""
    city = City.create(place, profile=Profile("Made", SYSTEM, synthetic=True), dictionary=dictionary())
    facts = []
    for name, columns in {**tables(), **changed}.items():
        rows = rows_of(dictionary()[name], columns).table
        shapes = to_geographic(np.asarray(columns["geometry"], object), SYSTEM)
        column = pa.array(shapely.to_wkb(shapes), pa.binary())
        rows = rows.set_column(rows.column_names.index("geometry"), "geometry", column)
        facts.append(Facts(name, rows))
    city.commit(facts, who="test", message="made", valid_from=DAY)
    return city


def feature(shape=None, **properties) -> dict:
    """A feature drawn in the city, in longitude and latitude."""
    geometry = None if shape is None else json.loads(shapely.to_geojson(lonlat(shape)))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def written(folder, *features, name="project.geojson", **more):
    """A project file."""
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **more}, ensure_ascii=False))
    return path


def project(folder, *features, city=None, **more):
    """A project read for the made city."""
    place = city or state()
    return read_project(written(folder, *features, **more), dictionary(), place)

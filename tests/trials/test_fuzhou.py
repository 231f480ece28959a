"""Fuzhou: counties, bus lines, storeys of buildings known to 70 m only; and a datum that is not as stated."""

import csv
import itertools
from collections import Counter

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from shared_data import shared
from trials.chain import checked, city_of, figures, mapped
from tulou.app.aligning import align
from tulou.app.cli.datum import datum as command
from tulou.sources.datum import from_gcj02

pytestmark = pytest.mark.slow
FLOORS = "fj_fuzhou/buildings_floor_index/decoded_buildings_floor_bbox.csv"
COUNTIES = "fj_fuzhou/boundary_county/fuzhou.shp"
INNER = ("350102", "350103", "350104", "350105", "350111")
"""Districts whose borders run through the built-up city."""
BOX = ("lon_min", "lat_min", "lon_max", "lat_max")
SHIFTED = "fj_fuzhou/boundary_county/datav_350100_full.json"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    imports = [
        (shared(COUNTIES), mapped("fuzhou_counties")),
        (shared("fj_fuzhou/bus/fuzhou_bus_lines_wgs84.geojson"), mapped("bus_lines")),
        (shared(FLOORS), mapped("fuzhou_floors")),
    ]
    city, told = city_of(tmp_path_factory.mktemp("fuzhou") / "city", "福州", imports)
    assert [row[:2] for row in told] == [(13, 13), (438, 438), (55_804, 55_804)]
    return checked(city)


def test_storeys_are_those_of_the_raw_file_and_estimates(kept):
    with shared(FLOORS).open(encoding="utf-8") as stream:
        raw = Counter(int(row["floor"]) for row in csv.DictReader(stream))
    rows = kept.state.rows("building")
    assert Counter(rows.numbers("storeys").astype(int).tolist()) == raw
    assert (rows.numbers("estimated") == 1).all()


def test_points_are_no_footprints(kept):
    """No land and no people are made up around places that are known to 70 m."""
    assert len(kept.state.rows("parcel")) == 0
    assert len(kept.state.rows("population")) == 0
    assert figures(kept)["development_intensity", ""]["status"] == "not assessed"


def test_lines_are_as_long_as_their_author_says(kept):
    lengths = [shape.length for shape in kept.state.rows("route").shapes]
    assert np.sum(lengths) / 1000 == pytest.approx(8_000, rel=0.02)


def test_both_boundaries_lie_on_one_datum_whatever_they_claim():
    """DataV is said to be on GCJ-02, the Shapefile says WGS 84: they lie 4 m apart, so one is wrong (see below)."""
    found = align(shared(SHIFTED), shared(COUNTIES))
    assert found.best == "wgs84"
    assert found.distances["wgs84"] < 20
    assert found.distances["gcj02"] > 200


def crossed(repair):
    """Buildings (WGS 84, good to 70 m) within 40 m of the borders between the inner districts."""
    _, _, shapes, fields = pyogrio.raw.read(shared(COUNTIES), columns=["dt_adcode"])
    inner = {name: shape for name, shape in zip(fields[0], shapely.from_wkb(shapes), strict=True) if name in INNER}
    borders = [
        shapely.intersection(inner[one].boundary.buffer(1e-5), inner[other].boundary)
        for one, other in itertools.combinations(INNER, 2)
    ]
    metres = Transformer.from_crs("EPSG:4326", "EPSG:32650", always_xy=True)
    drawn = shapely.transform(
        shapely.union_all(borders), lambda at: np.column_stack(metres.transform(*repair(at[:, 0], at[:, 1])))
    )
    with shared(FLOORS).open(encoding="utf-8") as stream:
        boxes = [[float(row[name]) for name in BOX] for row in csv.DictReader(stream)]
    west, south, east, north = np.array(boxes).T
    middles = shapely.points(np.column_stack(metres.transform((west + east) / 2, (south + north) / 2)))
    shapely.prepare(drawn)
    return int(shapely.dwithin(middles, drawn, 40.0).sum())


def test_it_is_the_shapefile_that_is_not_on_the_datum_it_states():
    """Borders run along streets and rivers, where no house stands: 728 do as stated, 171 when repaired."""
    stated, repaired = crossed(lambda lon, lat: (lon, lat)), crossed(from_gcj02)
    assert repaired < stated / 3
    assert (stated, repaired) == (728, 171)


def test_a_displaced_reference_is_told():
    found = align(shared(SHIFTED), shared(COUNTIES), datum="gcj02")
    assert found.best == "gcj02"
    assert found.distances["gcj02"] < 20


def test_the_command_says_it(capsys):
    command.main([str(shared(SHIFTED)), "--against", str(shared(COUNTIES)), "--datum", "gcj02"], standalone_mode=False)
    assert "GCJ-02" in capsys.readouterr().out

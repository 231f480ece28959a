"""The viewshed of a made street: what stands behind a tower, on slopes, on roofs, and places that are none."""

import numpy as np
import pytest
import shapely

from processes.made_city import EAST, NORTH, box, city
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.model.geography import to_geographic
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def street(middle=30.0):
    """A wide house in the middle; a low and a high one behind it, seen from the west."""
    houses = [box(100, -60, 110, 60), box(200, -5, 220, 5), box(300, -5, 320, 5)]
    columns = {"id": ["middle", "low", "high"], "name": ["Middle", "Low", "High"], "height": [middle, 12.0, 150.0]}
    return city(building={**columns, "geometry": houses})


def degrees(east, north):
    (point,) = to_geographic(np.array([shapely.Point(EAST + east, NORTH + north)], object), "EPSG:4549")
    return {"longitude": point.x, "latitude": point.y}


def ran(state, east=0.0, north=0.0, **given):
    process = processes()["viewshed"]
    return process.run(Run(process.values({"reach": 500, "cell": 2, **degrees(east, north), **given}), state))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def listed(outcome):
    return [row[0] for row in outcome.tables[0].rows]


@pytest.mark.parametrize("exact", ["true", "false"])
def test_a_wide_house_hides_the_low_one_but_not_the_high_one(exact):
    """From the ground no roof is seen but one looked at above: 150 m at 300 m rises over 30 m at 100 m."""
    outcome = ran(street(), target="1 m", exact=exact)
    assert listed(outcome) == ["High", "Middle"]
    assert figures(outcome)["buildings"] == 2
    assert figures(outcome)["unknown"] == 0
    assert listed(ran(street(8.0), target="4 m", exact=exact)) == ["High", "Middle", "Low"]


def test_all_of_an_open_plain_is_seen_from_above():
    outcome = ran(street(), eye="900 m")
    assert figures(outcome)["ground"] > 90
    assert figures(outcome)["roofs"] == 100
    assert "level" in outcome.assumptions[0].en


def test_behind_a_house_of_unknown_height_nothing_is_told():
    outcome = ran(street(None), target="1 m")
    assert figures(outcome)["unknown"] > 5
    assert "Low" not in listed(outcome)
    assert "1 buildings have neither height" in outcome.warnings[0].en
    assert figures(ran(street(None), unknown_height=30, target="1 m"))["unknown"] == 0


def test_who_stands_in_a_building_stands_on_its_roof():
    outcome = ran(street(), 105.0, 0.0)
    assert "stands on its roof" in outcome.warnings[0].en
    assert "Low" in listed(outcome)
    with pytest.raises(BadUse, match="is unknown"):
        ran(street(None), 105.0, 0.0)


def test_a_hill_hides_what_lies_behind_it(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    hill = np.zeros((300, 300), np.float32)
    hill[:, 160:170] = 40.0
    path = tmp_path / "hill.tif"
    where = {"crs": "EPSG:4549", "transform": rasterio.Affine(4, 0, EAST - 500, 0, -4, NORTH + 600)}
    with rasterio.open(path, "w", "GTiff", 300, 300, 1, dtype="float32", **where) as raster:
        raster.write(hill, 1)
    assert listed(ran(street(8.0), target="4 m")) == ["High", "Middle", "Low"]
    assert listed(ran(street(8.0), target="4 m", terrain=path)) == ["High", "Middle"]
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0nothing")
    with pytest.raises(BadInput):
        ran(street(), terrain=broken)


def test_places_that_are_none_are_refused():
    with pytest.raises(NotEnoughData, match="within the distance seen"):
        ran(street(), 50_000.0, 0.0)
    with pytest.raises(BadUse, match="out of bounds"):
        ran(street(), longitude=500)

"""Evacuation along a made street: walks, queues, debris, water, and nobody lost."""

import numpy as np
import pytest
import rasterio
import shapely

from processes.shelters.made import figures, ran, state_of, street, table
from tulou.kernel.errors import BadInput, NotEnoughData

SPEED, FLOW = 0.70, 1.3157


def one(people=100.0, at=100.0, room=1e6, **more):
    shelter = {"at": [300.0], "category": ["emergency"], "effective_area": [room]}
    return street(population={"at": [at], "residents": [people]}, shelter=shelter, **more)


def test_a_few_walk_and_many_queue():
    few = ran("evacuation", one(), step=1)
    assert figures(few)["walk"] == pytest.approx(200 / SPEED / 60, rel=0.005)
    many = ran("evacuation", one(people=10_000.0), step=1)
    # Ten metres of street pass 13.16 people a second.
    last = table(many, "sites").rows[0][3]
    assert last == pytest.approx((200 / SPEED + 10_000 / (10 * FLOW)) / 60, rel=0.005)
    row = table(many, "streets").rows[0]
    assert row[1] == 10.0
    assert row[3] == pytest.approx(10_000)
    assert many.balances[0].closes


def test_debris_closes_a_street_and_those_behind_it_are_told():
    fallen = {"geometry": [shapely.box(190, 5, 210, 20)], "height": [30.0], "structure_hazard": [True]}
    found = ran("evacuation", one(building=fallen), debris="50 percent")
    numbers = figures(found)
    assert (numbers["arrived"], numbers["left"]) == (0, 100)
    assert numbers["closed"] == pytest.approx(6.0)
    assert np.isnan(numbers["time_100"])
    assert found.balances[0].closes
    # 10 m less 5 m of debris leave 5 m: narrower, but open.
    low = fallen | {"height": [10.0]}
    narrow = ran("evacuation", one(people=10_000.0, building=low), debris="50 percent", step=1)
    assert figures(narrow)["closed"] == 0
    assert table(narrow, "streets").rows[0][1] == pytest.approx(5.0)
    standing = ran("evacuation", one(building=fallen), falling="none")
    assert figures(standing)["left"] == 0


def flooded(path, depth):
    grid = np.zeros((1, 40, 700), np.float32)
    grid[0, :, 20:22] = depth
    move = rasterio.Affine(10, 0, -200, 0, -10, 200)
    profile = {"driver": "GTiff", "height": 40, "width": 700, "count": 1, "dtype": "float32", "crs": "EPSG:4549",
               "transform": move}  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(grid)
    return path


def test_deep_water_closes_a_street_and_shallow_does_not(tmp_path):
    state = street(
        population={"at": [-5.0], "residents": [50.0]},
        shelter={"at": [300.0], "category": ["emergency"], "effective_area": [1e4]},
    )
    deep = ran("evacuation", state, hazard="flood", flood=flooded(tmp_path / "deep.tif", 0.5))
    assert figures(deep)["left"] == 50
    shallow = ran("evacuation", state, hazard="flood", flood=flooded(tmp_path / "shallow.tif", 0.2))
    assert figures(shallow)["left"] == 0
    (tmp_path / "none.tif").write_text("no raster", "utf-8")
    with pytest.raises(BadInput, match="TIFF"):
        ran("evacuation", state, hazard="flood", flood=tmp_path / "none.tif")


def test_who_finds_no_room_stays_and_counts():
    found = ran("evacuation", one(room=20.0))
    assert (figures(found)["arrived"], figures(found)["left"]) == (pytest.approx(40), pytest.approx(60))
    assert "60 cannot" in found.answer[0].en


def test_all_who_come_are_in_the_curve():
    curve = ran("evacuation", one(people=5_000.0)).plots[0].lines[0].y
    assert curve[0] == 0
    assert curve[-1] == pytest.approx(100)
    assert (np.diff(curve) >= -1e-9).all()


def test_without_streets_nothing_is_planned():
    with pytest.raises(NotEnoughData, match="no roads"):
        ran("evacuation", state_of(population={"at": [0.0], "residents": [1.0]}))

"""Floods on made ground and a made city, and on grounds and storms that are none."""

import numpy as np
import pytest
import rasterio
import shapely

from app.line import fine, refused
from processes.made_city import EAST, NORTH, box, city
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.sources import datum as datums

CELL = 5.0
SHAPE = (40, 60)
RAIN = "time,mm\n2026-06-01T00:00,20\n2026-06-01T00:10,40\n2026-06-01T00:20,0\n"
FORMULA = {"a1": 17.969, "c": 1.24, "b": 18.415, "n": 0.785, "peak": 0.43, "duration": 60, "step": 10, "period": 50}


def bowl():
    """A slope to the east with a basin of 0.6 m in it, 300 m by 200 m."""
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]] * CELL
    basin = np.maximum(0.6 * (1 - ((x - 150) ** 2 + (y - 100) ** 2) / 50**2), 0)
    return 5 - 0.002 * x - basin


def from_origin(west, north, width, height):
    return rasterio.Affine(width, 0.0, west, 0.0, -height, north)


def written(folder, level, *, crs="EPSG:4549", move=None, name="ground.tif"):
    path = folder / name
    move = move or from_origin(EAST, NORTH + SHAPE[0] * CELL, CELL, CELL)
    keep = {"driver": "GTiff", "height": level.shape[0], "width": level.shape[1], "count": 1, "dtype": "float64"}
    with rasterio.open(path, "w", **keep, crs=crs, transform=move, nodata=-9999.0) as out:
        out.write(np.where(np.isfinite(level), level, -9999.0), 1)
    return path


def town():
    """A house in the basin, one on the dry slope, a road through each, a parcel around each."""
    basin, dry = box(140, 90, 160, 110), box(20, 20, 40, 40)
    lines = [
        shapely.LineString([(EAST + 100, NORTH + 120), (EAST + 200, NORTH + 120)]),
        shapely.LineString([(EAST + 10, NORTH + 10), (EAST + 60, NORTH + 10)]),
    ]
    return city(
        building={"id": ["wet", "dry"], "residents": [12.0, 7.0], "geometry": [basin, dry]},
        road={"id": ["low", "high"], "class": ["branch", "branch"], "geometry": lines},
        parcel={
            "id": ["p1", "p2", "away"],
            "geometry": [box(90, 60, 210, 140), box(0, 0, 80, 60), box(5e3, 0, 6e3, 9)],
        },
        community={"id": ["c"], "name": ["Basin"], "geometry": [box(0, 0, 300, 200)]},
    )


@pytest.fixture
def rain(tmp_path):
    path = tmp_path / "rain.csv"
    path.write_text(RAIN, "utf-8")
    return path


def ran(name, ground, state=None, **given):
    process = processes()[name]
    return process.run(Run(process.values({"ground": ground, "after": 30, **given}), state))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def facts(outcome, entity):
    rows = next(one.rows for one in outcome.facts if one.entity == entity)
    return {row["id"]: row for row in rows.to_pylist()}


def test_the_basin_fills_and_the_balance_closes(tmp_path, rain):
    outcome = ran("surface_flood", written(tmp_path, bowl()), rain=rain)
    assert outcome.balances[0].closes
    assert outcome.balances[0].came == pytest.approx(0.06 * 300 * 200, rel=1e-9)
    found = figures(outcome)
    assert 0.3 < found["deepest"] < 0.8
    assert 0.3 < found["ponding_area"] < 1.0
    assert found["deep_area"] <= found["ponding_area"]
    field = outcome.plots[0].values
    assert np.unravel_index(np.nanargmax(field), field.shape) == pytest.approx((20, 30), abs=2)
    assert "60.0 mm in 30 min" in outcome.answer[0].en


def test_whom_it_meets(tmp_path, rain):
    outcome = ran("surface_flood", written(tmp_path, bowl()), town(), rain=rain)
    found = figures(outcome)
    assert (found["buildings"], found["people"]) == (1, 12)
    assert 0.02 < found["closed_roads"] < 0.1
    buildings = facts(outcome, "building")
    assert buildings["wet"]["flood_depth"] > 0.3
    assert buildings["dry"]["flood_depth"] < 0.15
    assert buildings["wet"]["flood_time"] > 0.2
    assert facts(outcome, "road")["low"]["flood_depth"] > 0.15
    assert {one: row["flood_safe"] for one, row in facts(outcome, "parcel").items()} == {"p1": False, "p2": True}
    assert outcome.tables[1].rows[0][0] == "Basin"
    assert outcome.balances[0].closes
    field = outcome.plots[0].values
    assert np.isnan(field[20, 30]), "no water inside of a house"
    ignored = ran("surface_flood", written(tmp_path, bowl()), town(), rain=rain, buildings="ignored")
    assert ignored.plots[0].values[20, 30] > 0.3


def test_roofs_keep_no_rain(tmp_path, rain):
    level = bowl()
    with_houses = ran("surface_flood", written(tmp_path, level), town(), rain=rain)
    without = ran("surface_flood", written(tmp_path, level), rain=rain)
    assert with_houses.balances[0].came == pytest.approx(without.balances[0].came, rel=1e-12)


def test_drains_and_soil_leave_less_water(tmp_path, rain):
    ground = written(tmp_path, bowl())
    plain = figures(ran("surface_flood", ground, rain=rain))["ponding_area"]
    for less in ({"drains": 60}, {"soil": "sandy_loam"}):
        outcome = ran("surface_flood", ground, rain=rain, **less)
        assert figures(outcome)["ponding_area"] < plain
        assert outcome.balances[0].closes


def test_screening_is_the_last_level_of_the_flood(tmp_path, rain):
    ground = written(tmp_path, bowl())
    still = ran("flood_screening", ground, rain=rain)
    assert still.balances[0].closes
    long = ran("surface_flood", ground, rain=rain, after=2000)
    assert figures(still)["deepest"] == pytest.approx(figures(long)["deepest"], rel=0.15)
    met = ran("flood_screening", ground, town(), rain=rain)
    assert facts(met, "parcel")["p1"]["flood_safe"] is False
    assert "flood_time" not in facts(met, "building")["wet"]


def test_what_drains_carry_is_taken_off_step_by_step(tmp_path, rain):
    ground = written(tmp_path, bowl())
    # 20 and 40 mm in ten minutes each; drains of 180 mm/h carry 30 mm of either.
    outcome = ran("flood_screening", ground, rain=rain, drains=180, lost=4)
    assert outcome.balances[0].came == pytest.approx((10 - 4) / 1000 * 300 * 200, rel=1e-9)


def test_a_design_storm(tmp_path):
    outcome = ran("flood_screening", written(tmp_path, bowl()), **FORMULA)
    assert "storm of 50 years" in outcome.answer[0].en
    assert "50 年一遇" in outcome.answer[0].zh


def test_ground_in_degrees_is_brought_to_metres(tmp_path, rain):
    east, north = 1e-5 * 5, 0.9e-5 * 5
    ground = written(tmp_path, bowl(), crs="EPSG:4326", move=from_origin(119.3, 26.07, east, north))
    outcome = ran("flood_screening", ground, rain=rain)
    plot = outcome.plots[0]
    assert plot.cell == 5
    assert plot.values.shape == pytest.approx(SHAPE, abs=3)
    assert any("weighted to cells of 5 m" in one.en for one in outcome.assumptions)
    coarse = ran("flood_screening", ground, rain=rain, cell=20)
    assert coarse.plots[0].cell == 20


def test_unknown_ground_stays_unknown(tmp_path, rain):
    level = bowl()
    level[:, 50:] = np.nan
    outcome = ran("surface_flood", written(tmp_path, level), rain=rain)
    assert np.isnan(outcome.plots[0].values[:, 50:]).all()
    assert outcome.balances[0].closes


def test_fast_flow_is_warned_of(tmp_path, rain):
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]] * CELL
    steep = 200 - 0.3 * x + 0.02 * np.abs(y - 100)
    outcome = ran("surface_flood", written(tmp_path, steep), rain=rain, roughness=0.012)
    warned = [one.en for one in outcome.warnings]
    assert not warned or "Froude" in warned[0]
    deep = outcome.plots[0].values > 0.15
    assert bool(warned) == bool(deep.any())


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({}, BadUse, "needs a storm"),
        ({"a1": 17.9, "period": 5}, BadUse, "all five numbers"),
        ({**FORMULA, "period": None}, BadUse, "needs a storm"),
        ({**FORMULA, "within": (1.0, 2.0)}, BadUse, "west, south, east, north"),
        ({**FORMULA, "within": (10.0, 10.0, 11.0, 11.0)}, BadInput, "does not reach"),
        ({**FORMULA, "cell": 0.1, "within": None}, None, ""),
    ],
)
def test_storms_and_parts_that_are_none(tmp_path, given, error, words):
    ground = written(tmp_path, bowl())
    given = {name: value for name, value in given.items() if value is not None}
    if error is None:
        given["cell"] = 0.01
        with pytest.raises(BadUse):
            ran("flood_screening", ground, **given)
        return
    with pytest.raises(error, match=words):
        ran("flood_screening", ground, **given)


def test_grounds_that_are_none(tmp_path, rain):
    with pytest.raises(BadInput, match="no coordinate system"):
        ran("flood_screening", written(tmp_path, bowl(), crs=None), rain=rain)
    assert ran("flood_screening", written(tmp_path, bowl(), crs=None), rain=rain, datum="EPSG:4549").balances
    with pytest.raises(BadInput, match="no cell has a number"):
        ran("flood_screening", written(tmp_path, np.full(SHAPE, np.nan)), rain=rain)
    turned = rasterio.Affine(CELL, 1.0, EAST, -1.0, -CELL, NORTH)
    with pytest.raises(BadInput, match="from west to east"):
        ran("flood_screening", written(tmp_path, bowl(), move=turned), rain=rain)
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(BadInput, match="not a TIFF"):
        ran("flood_screening", tmp_path / "text.tif", rain=rain)
    rain.write_text(RAIN.replace("40", ""), "utf-8")
    with pytest.raises(BadInput, match="no unknown steps"):
        ran("flood_screening", written(tmp_path, bowl()), rain=rain)


def test_a_city_elsewhere_is_refused(tmp_path, rain):
    away = from_origin(EAST + 50_000, NORTH, CELL, CELL)
    with pytest.raises(NotEnoughData, match="lies on this ground"):
        ran("flood_screening", written(tmp_path, bowl(), move=away), town(), rain=rain)


def test_the_line(tmp_path, rain):
    ground = written(tmp_path, bowl())
    out = fine("run", "flood_screening", f"ground={ground}", f"rain={rain}", "--to", tmp_path / "out")
    assert "Deepest water" in out
    assert (tmp_path / "out" / "flood_screening.zh.html").exists()
    assert "洼地" in fine("run", "flood_screening", f"ground={ground}", f"rain={rain}", language="zh")
    assert "暴雨" in refused(4, "run", "flood_screening", f"ground={ground}", language="zh")


@pytest.mark.slow
def test_real_ground(rain):
    ground = shared("city_porto_alegre/poa_elevation.tif")
    outcome = ran("surface_flood", ground, rain=rain, within="-51.22,-30.06,-51.18,-30.03")
    assert outcome.balances[0].closes
    assert figures(outcome)["ponding_area"] > 1


def here(x, y):
    """Degrees of a place on the made ground, m from its corner, as the process is told them."""
    lon, lat = datums.to_wgs84(np.array([EAST + x]), np.array([NORTH + y]), datums.named("EPSG:4549"))
    return float(lon[0]), float(lat[0])


def course(folder, name, head, rows):
    path = folder / name
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n", "utf-8")
    return path


def test_a_stream_enters_along_a_line_and_all_of_it_is_counted(tmp_path):
    flow = course(tmp_path, "flow.csv", "minute,flow", [(0, 0), (10, 2), (40, 2), (50, 0)])
    given = {"inflow": flow, "inflow_line": (*here(10, 60), *here(10, 140)), "edge": "closed"}
    outcome = ran("surface_flood", written(tmp_path, bowl()), **given)
    volume = (10 * 2 / 2 + 30 * 2 + 10 * 2 / 2) * 60
    assert figures(outcome)["inflow"] == pytest.approx(volume, rel=1e-3), "straight between times, by steps"
    assert outcome.balances[0].came == pytest.approx(figures(outcome)["inflow"], rel=1e-12)
    assert outcome.balances[0].closes
    assert "without rain" in outcome.answer[0].en
    assert flow.name in outcome.sources


def test_a_tide_stands_as_high_inland_as_at_sea_and_goes_back(tmp_path):
    level = bowl()
    sea = (*here(298, 5), *here(298, 195))
    rise = course(tmp_path, "tide.csv", "minute,level", [(0, 4.0), (60, 4.9), (300, 4.9)])
    flooded = ran("surface_flood", written(tmp_path, level), tide=rise, tide_line=sea, after=0, edge="closed")
    depth = flooded.plots[0].values
    low = (np.nan_to_num(depth) > 0.05) & (level < 4.85)
    assert low.sum() > 800
    assert np.abs((level + depth)[low] - 4.9).max() < 0.02, "a lake as high as the sea"
    assert figures(flooded)["stage_in"] == pytest.approx(flooded.balances[0].came, rel=1e-12)
    back = course(tmp_path, "ebb.csv", "minute,level", [(0, 4.0), (60, 4.9), (120, 4.9), (180, 3.0), (400, 3.0)])
    ebbed = ran("surface_flood", written(tmp_path, level), tide=back, tide_line=sea, after=0, edge="closed")
    assert figures(ebbed)["stage_out"] > 0.5 * figures(ebbed)["stage_in"]
    assert ebbed.balances[0].closes


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"inflow_line": (1.0, 2.0)}, "the place it enters"),
        ({"tide": "course"}, "the place it enters"),
        ({"inflow": "course", "inflow_line": (1.0, 2.0, 3.0)}, "in turn"),
        ({"inflow": "course", "inflow_line": (1.0, 2.0)}, "meets no ground"),
    ],
)
def test_water_from_nowhere_is_refused(tmp_path, rain, given, what):
    flow = course(tmp_path, "flow.csv", "minute,flow", [(0, 1), (10, 2)])
    given = {name: flow if one == "course" else one for name, one in given.items()}
    with pytest.raises(BadUse, match=what):
        ran("surface_flood", written(tmp_path, bowl()), rain=rain, **given)


@pytest.mark.parametrize(
    ("rows", "what"), [([(0, 1)], "ascend"), ([(0, 1), (0, 2)], "ascend"), ([(0, 1), (5, "")], "no gaps")]
)
def test_a_course_that_is_none_is_refused(tmp_path, rows, what):
    flow = course(tmp_path, "flow.csv", "minute,flow", rows)
    with pytest.raises(BadInput, match=what):
        ran("surface_flood", written(tmp_path, bowl()), inflow=flow, inflow_line=here(150, 100))

"""Floods by rain that differs from place to place, and soil by Horton: volumes, files that are none, both languages."""

import numpy as np
import pytest
import rasterio

from app.line import fine, refused
from processes.made_city import EAST, NORTH
from processes.test_flood import CELL, RAIN, SHAPE, bowl, figures, from_origin, ran, town, written
from tulou.kernel.errors import BadInput, BadUse
from tulou.sources import datum as datums

WIDE, DEEP = SHAPE[1] * CELL, SHAPE[0] * CELL
LEVEL = np.zeros(SHAPE)


def degrees(east, north):
    lon, lat = datums.to_wgs84(np.array([EAST + east]), np.array([NORTH + north]), datums.named("EPSG:4549"))
    return f"{float(lon[0])!r},{float(lat[0])!r}"


def gauges(folder, west=(20, 40, 0), east=(60, 0, 30), step=10):
    """Two gauges, one in each half of the ground."""
    rows = [
        f"{degrees(at * WIDE, 100)},{number * step},{depth}"
        for at, depths in ((0.25, west), (0.75, east))
        for number, depth in enumerate(depths)
    ]
    path = folder / "gauges.csv"
    path.write_text("\n".join(["longitude,latitude,minute,depth", *rows]) + "\n", "utf-8")
    return path


def bands(folder, fields, west=EAST, cell=50.0, **more):
    """A raster of rain, a band a step."""
    path = folder / "radar.tif"
    fields = np.asarray(fields, np.float32)
    where = {"crs": "EPSG:4549", "transform": from_origin(west, NORTH + DEEP, cell, cell), **more}
    count, rows, columns = fields.shape
    with rasterio.open(path, "w", "GTiff", columns, rows, count, dtype="float32", **where) as out:
        out.write(fields)
    return path


def came(outcome):
    (balance,) = outcome.balances
    assert balance.closes
    assert abs(balance.residual) < 1e-9
    return balance.came


def test_each_half_has_the_rain_of_its_gauge(tmp_path):
    outcome = ran("surface_flood", written(tmp_path, LEVEL), rain_field=gauges(tmp_path), edge="closed")
    assert came(outcome) == pytest.approx(WIDE * DEEP / 2 * (60 + 90) / 1000, rel=1e-9)
    assert "75.0 mm in 30 min" in outcome.answer[0].en
    assert any("2 of them, 60.0 to 90.0 mm" in one.en for one in outcome.assumptions)
    assert "gauges.csv" in outcome.sources
    depth = next(one.values for one in outcome.plots if one.name == "depth")
    assert depth[:, -1].mean() > depth[:, 0].mean() + 0.003


def test_gauges_of_one_rain_are_even_rain(tmp_path):
    rain = tmp_path / "rain.csv"
    rain.write_text(RAIN, "utf-8")
    ground = written(tmp_path, bowl())
    same = gauges(tmp_path, west=(20, 40, 0), east=(20, 40, 0))
    for state in (None, town()):
        one = ran("surface_flood", ground, state, rain=rain)
        other = ran("surface_flood", ground, state, rain_field=same)
        for plot, again in zip(one.plots, other.plots, strict=True):
            assert again.values == pytest.approx(plot.values, abs=1e-9, nan_ok=True)
        assert came(other) == pytest.approx(came(one), rel=1e-9)
    assert other.facts, "what is found lands on the city as with even rain"


def test_a_raster_of_steps(tmp_path):
    chance = np.random.default_rng(7)
    fields = chance.uniform(0, 30, (3, 4, 6))  # 50 m cells over 300 m by 200 m
    path = bands(tmp_path, fields)
    outcome = ran("surface_flood", written(tmp_path, LEVEL), rain_field=path, step=15, edge="closed")
    assert came(outcome) == pytest.approx(np.float32(fields).astype(float).sum() / 1000 * 50**2, rel=1e-9)
    assert "in 45 min" in outcome.answer[0].en


def test_rasters_that_do_not_tell_the_rain(tmp_path):
    ground = written(tmp_path, LEVEL)
    fields = np.full((2, 4, 6), 5.0)
    with pytest.raises(BadInput, match="leaves out some of the ground"):
        ran("surface_flood", ground, rain_field=bands(tmp_path, fields, west=EAST + 100))
    with pytest.raises(BadInput, match="does not reach"):
        ran("surface_flood", ground, rain_field=bands(tmp_path, fields, west=EAST + 9000))
    fields[1, 2, 3] = -9999.0
    with pytest.raises(BadInput, match="no unknown steps"):
        ran("surface_flood", ground, rain_field=bands(tmp_path, fields, nodata=-9999.0))
    with pytest.raises(BadInput, match="too small"):
        ran("surface_flood", ground, rain_field=bands(tmp_path, fields))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda lines: lines[:-1], "every step once"),
        (lambda lines: [*lines, lines[-1]], "every step once"),
        (lambda lines: [line.replace(",20,", ",25,") for line in lines], "steps of gauges are equal"),
        (lambda lines: [line.replace(",0,", ",5,") for line in lines], "steps of gauges are equal"),
        (lambda lines: [line.rsplit(",", 1)[0] + "," if line.endswith(",60") else line for line in lines], "no gaps"),
        (lambda lines: [lines[0].replace("depth", "deep"), *lines[1:]], "needed column"),
    ],
)
def test_records_of_gauges_that_cannot_be_used(tmp_path, change, what):
    path = gauges(tmp_path)
    path.write_text("\n".join(change(path.read_text("utf-8").splitlines())) + "\n", "utf-8")
    with pytest.raises(BadInput, match=what):
        ran("surface_flood", written(tmp_path, LEVEL), rain_field=path)


def test_rain_by_place_stands_alone(tmp_path):
    rain = tmp_path / "rain.csv"
    rain.write_text(RAIN, "utf-8")
    with pytest.raises(BadUse, match="storm by itself"):
        ran("surface_flood", written(tmp_path, LEVEL), rain_field=gauges(tmp_path), rain=rain)


def test_soil_by_horton_takes_what_it_can(tmp_path):
    """Water stands all the time: what the soil took is Horton's F of the whole time."""
    rain = tmp_path / "rain.csv"
    rain.write_text("time,mm\n2026-06-01T00:00,200\n2026-06-01T00:01,0\n", "utf-8")
    ground = written(tmp_path, LEVEL)
    given = {"rain": rain, "edge": "closed", "horton": "76,12,4", "after": 58}
    outcome = ran("surface_flood", ground, **given)
    (balance,) = outcome.balances
    assert balance.closes
    hours = 1.0
    whole = 12 * hours + (76 - 12) / 4 * (1 - np.exp(-4 * hours))
    # dry in the first moments, so that a little less soaks in than on ground that is wet from the beginning
    assert balance.went / (WIDE * DEEP) * 1000 == pytest.approx(whole, rel=1e-3)
    assert any("Horton" in one.en and "76" in one.en for one in outcome.assumptions)
    green = ran("surface_flood", ground, town(), **given)
    assert green.balances[0].went == pytest.approx(0), "under greens only, of which the town has none"


def test_soils_of_horton_that_are_none(tmp_path):
    ground = written(tmp_path, LEVEL)
    field = gauges(tmp_path)
    for given, what in (
        ({"horton": "12,76,4"}, "rates of Horton"),
        ({"horton": "76,12"}, "three numbers"),
        ({"horton": "76,12,4", "soil": "loam"}, "one soil"),
    ):
        with pytest.raises(BadUse, match=what):
            ran("surface_flood", ground, rain_field=field, **given)


def test_from_the_command_line(tmp_path):
    words = (
        "run",
        "surface_flood",
        f"ground={written(tmp_path, bowl())}",
        f"rain_field={gauges(tmp_path)}",
        "after=30",
    )
    assert "75.0 mm in 30 min" in fine(*words, "horton=76,12,4")
    assert "霍顿入渗率须由大到小" in refused(4, *words, "horton=12,76,4", language="zh")
    assert figures(ran("surface_flood", written(tmp_path, bowl()), rain_field=gauges(tmp_path)))["deepest"] > 0.3

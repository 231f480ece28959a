"""Heat islands of made stations and made images by hand, of Shenzhen's two stations, and of what is neither."""

import numpy as np
import pytest
import shapely

from app.line import fine
from processes.climate.towns import blocks
from processes.made_city import EAST, NORTH, box, city
from shared_data import shared
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.model.geography import to_geographic
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

rasterio = pytest.importorskip("rasterio")
STATIONS = "station,elevation,kind\ncentre,10,urban\nsuburb,110,urban\nfield,210,rural\n"


def air(folder, stations, values, hours=48):
    (folder / "stations.csv").write_text(stations, "utf-8")
    times = np.datetime64("2025-07-01T00", "h") + np.arange(hours)
    lines = ["time," + ",".join(values)]
    for number, time in enumerate(times):
        row = [one[number % len(one)] for one in values.values()]
        lines.append(f"{time}:00," + ",".join("" if value is None else str(value) for value in row))
    (folder / "air.csv").write_text("\n".join(lines), "utf-8")
    process = processes()["heat_island"]
    return process.run(
        Run(process.values({"stations": folder / "stations.csv", "record": folder / "air.csv"}))
    )  # fmt: skip


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def test_stations_at_their_own_elevations(tmp_path):
    # Brought to 210 m the centre loses 1.3 K and the suburb 0.65 K.
    outcome = air(tmp_path, STATIONS, {"centre": [25.0], "suburb": [22.0], "field": [20.0]})
    rows = outcome.tables[0].rows
    assert rows[0] == ["centre", pytest.approx(3.7), pytest.approx(3.7), pytest.approx(3.7), 48]
    assert rows[1][1] == pytest.approx(1.35)
    assert figures(outcome)["mean"] == pytest.approx((3.7 + 1.35) / 2)
    assert "strongest at centre (+3.7 K)" in outcome.answer[0].en
    assert "Only one rural station" in outcome.warnings[0].en


def test_nights_are_told_apart(tmp_path):
    warm = [24.0] * 6 + [20.0] * 14 + [24.0] * 4
    outcome = air(tmp_path, STATIONS.replace("110", "210").replace(",10,", ",210,"), {
        "centre": warm, "suburb": [20.0], "field": [20.0],
    })  # fmt: skip
    centre = outcome.tables[0].rows[0]
    assert (centre[2], centre[3]) == (pytest.approx(4), pytest.approx(0))
    assert figures(outcome)["night"] == pytest.approx(2)
    assert figures(outcome)["peak"] == pytest.approx(2)
    course = outcome.plots[0].lines[0]
    assert course.y.tolist() == pytest.approx([4.0] * 6 + [0.0] * 14 + [4.0] * 4)


def test_gaps_at_a_rural_station_take_the_hour_away(tmp_path):
    outcome = air(tmp_path, STATIONS, {"centre": [25.0], "suburb": [22.0], "field": [20.0, None]})
    assert outcome.tables[0].rows[0][4] == 24
    assert figures(outcome)["known"] == 50
    assert "Many hours are missing." in [one.en for one in outcome.warnings]


def test_sealed_ground_tells_rural_stations(tmp_path):
    table = "station,elevation,impervious\na,10,80\nb,10,19\nc,10,\n"
    outcome = air(tmp_path, table, {"a": [22.0], "b": [20.0], "c": [30.0]})
    assert figures(outcome)["mean"] == pytest.approx(2)
    assert "Stations left out: c" in " ".join(one.en for one in outcome.warnings)


def test_what_gives_no_heat_island(tmp_path):
    with pytest.raises(NotEnoughData, match="no urban and no rural station"):
        air(tmp_path, STATIONS.replace("rural", "urban"), {"centre": [1.0], "suburb": [1.0], "field": [1.0]})
    with pytest.raises(NotEnoughData, match="no hour is known"):
        air(tmp_path, STATIONS, {"centre": [1.0, None], "suburb": [1.0, None], "field": [None, 1.0]})
    with pytest.raises(BadInput, match="urban or rural"):
        air(tmp_path, STATIONS.replace("rural", "sea"), {"centre": [1.0], "field": [1.0]})
    with pytest.raises(BadInput, match="stands here twice"):
        air(tmp_path, STATIONS + "field,3,rural\n", {"centre": [1.0], "field": [1.0]})
    with pytest.raises(BadInput, match="a needed column is missing"):
        air(tmp_path, "station,kind\na,urban\n", {"a": [1.0]})


def test_the_two_stations_of_shenzhen(tmp_path):
    folder = shared("cn_shenzhen_urbanev")
    columns = {}
    for name in ("central", "airport"):
        lines = (folder / f"weather_{name}.csv").read_text("utf-8-sig").splitlines()[1:]
        columns[name] = {line.split(",")[0]: line.split(",")[1] for line in lines}
    text = "station,elevation,kind\ncentral,18,urban\nairport,4,rural\n"
    lines = ["time,central,airport"]
    for time, value in columns["central"].items():
        day, _, hour = time.partition(" ")
        year, month, date = day.split("/")
        lines.append(
            f"{year}-{int(month):02}-{int(date):02}T{hour.zfill(5)},{value},{columns['airport'].get(time, '')}"
        )
    (tmp_path / "s.csv").write_text(text, "utf-8")
    (tmp_path / "r.csv").write_text("\n".join(lines), "utf-8")
    process = processes()["heat_island"]
    outcome = process.run(Run(process.values({"stations": tmp_path / "s.csv", "record": tmp_path / "r.csv"})))
    plain = np.mean([
        float(value) - float(columns["airport"][time])
        for time, value in columns["central"].items() if value and columns["airport"].get(time)
    ])  # fmt: skip
    assert figures(outcome)["mean"] == pytest.approx(plain + 0.0065 * 14, abs=1e-9)


def image(folder, warm, *, away=300.0, hot=310.0, scaled=True, size=60):
    """An image of 3 km around the made town: ``hot`` kelvin in a box, ``away`` elsewhere."""
    corner = to_geographic(np.array([shapely.Point(EAST - 2000, NORTH + 4000)], object), "EPSG:4549")[0]
    west, north, step = corner.x, corner.y, 0.001
    lon = west + (np.arange(size) + 0.5) * step
    lat = north - (np.arange(size) + 0.5) * step
    grid = np.array(shapely.points(*np.meshgrid(lon, lat)), object)
    inside = shapely.contains(to_geographic(np.array([warm], object), "EPSG:4549")[0], grid)
    kelvin = np.where(inside, hot, away)
    numbers = np.round((kelvin - 149) / 0.00341802).astype(np.uint16) if scaled else kelvin.astype(np.float32)
    path = folder / "st.tif"
    transform = rasterio.Affine(step, 0, west, 0, -step, north)
    how = {"driver": "GTiff", "height": size, "width": size, "count": 1, "dtype": numbers.dtype, "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=transform, **how) as made:
        made.write(numbers, 1)
    return path


def on_ground(state, path, **given):
    process = processes()["surface_heat_island"]
    return process.run(Run(process.values({"raster": path, **given}), state))


def made_town(**more):
    units = {
        "id": ["west", "east"],
        "name": ["West", "East"],
        "geometry": [box(0, 0, 1000, 2000), box(1000, 0, 2000, 2000)],
    }
    return city(building=blocks(across=20, up=20), block=units, **more)


def test_a_city_ten_degrees_warmer(tmp_path):
    path = image(tmp_path, box(-100, -100, 2100, 2100))
    outcome = on_ground(made_town(), path)
    assert figures(outcome)["mean"] == pytest.approx(10, abs=0.01)
    assert figures(outcome)["rural"] == pytest.approx(26.85, abs=0.01)
    facts = outcome.facts[0].rows.to_pydict()
    assert facts["id"] == ["west", "east"]
    assert facts["surface_heat_island"] == pytest.approx([10, 10], abs=0.01)
    assert np.isnan(outcome.plots[0].values).any()
    same = on_ground(made_town(), image(tmp_path, box(-100, -100, 2100, 2100), scaled=False), band="kelvin")
    assert figures(same)["mean"] == pytest.approx(10, abs=0.01)


def test_half_a_city_is_warm(tmp_path):
    outcome = on_ground(made_town(), image(tmp_path, box(1000, -100, 2100, 2100)))
    rows = outcome.tables[0].rows
    assert [row[0] for row in rows] == ["East", "West"]
    assert rows[0][1] > 9
    assert rows[1][1] < 1


def test_water_belongs_to_neither(tmp_path):
    lake = {"id": ["lake"], "geometry": [box(-5000, -5000, 7000, -600)]}
    cold = box(-5000, -5000, 7000, -600)
    path = image(tmp_path, cold, hot=280.0)
    assert figures(on_ground(made_town(water=lake), path))["mean"] == pytest.approx(0, abs=0.01)
    assert figures(on_ground(made_town(), path))["mean"] > 3


def test_images_that_do_not_hold_the_city(tmp_path):
    path = image(tmp_path, box(0, 0, 10, 10), size=8)
    with pytest.raises((NotEnoughData, BadInput)):
        on_ground(made_town(), path)
    (tmp_path / "no.tif").write_text("nothing", "utf-8")
    with pytest.raises(BadInput, match="not a TIFF"):
        on_ground(made_town(), tmp_path / "no.tif")


def test_both_say_which_heat_island_they_are():
    assert "气温热岛，不是地表热岛" in processes()["heat_island"].limits[0].zh
    assert "地表热岛，不是气温热岛" in processes()["surface_heat_island"].limits[0].zh
    assert "heat_island" in fine("run")

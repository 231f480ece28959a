"""Rasters: people in cells, elevations at places, and what is refused."""

import numpy as np
import pytest
import rasterio
import shapely

from shared_data import shared
from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.catalogue import recognise
from tulou.sources.checks import ground_area
from tulou.sources.rasters import heights_at, read_population

PEOPLE = np.array([[1.0, 2.0, -9.0], [np.nan, 0.0, 5.5]])


def origin(west, north, size):
    return rasterio.Affine(size, 0.0, west, 0.0, -size, north)


def grid(path, values=PEOPLE, crs="EPSG:32650", **more):
    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": 1,
        "dtype": "float64",
        "crs": crs,
        "transform": origin(600_000, 2_890_000, 100) if crs != "EPSG:4326" else origin(119, 27, 0.1),
        "nodata": -9.0,
    }
    with rasterio.open(path, "w", **{**profile, **more}) as raster:
        raster.write(values, 1)
    return path


def test_cells_with_people(tmp_path):
    path = grid(tmp_path / "people.tif")
    extract = recognise(path).read(path, expected=dictionary())
    rows = extract.facts[0].rows
    assert rows["residents"].to_pylist() == [1.0, 2.0, 0.0, 5.5]
    assert rows["id"].to_pylist() == ["people:r0c0", "people:r0c1", "people:r1c1", "people:r1c2"]
    areas = ground_area(shapely.from_wkb(rows["geometry"].to_pylist()))
    assert areas == pytest.approx([10_000] * 4, rel=0.01)
    assert (extract.quality.read, extract.quality.kept) == (6, 4)
    assert {remark.kind: remark.rows for remark in extract.quality.remarks} == {"no_data": 2}


def test_density_becomes_persons(tmp_path):
    path = grid(tmp_path / "people.tif")
    found = read_population(path, is_density=True).facts[0].rows["residents"].to_pylist()
    assert found == pytest.approx([0.01, 0.02, 0.0, 0.055], rel=0.01)


def test_a_part_of_it(tmp_path):
    path = grid(tmp_path / "people.tif", np.arange(100.0).reshape(10, 10), "EPSG:4326")
    part = read_population(path, within=(119.15, 26.75, 119.25, 26.85)).facts[0].rows
    assert 4 <= part.num_rows <= 9
    assert 11.0 in part["residents"].to_pylist()
    with pytest.raises(BadInput, match="does not reach"):
        read_population(path, within=(10.0, 10.0, 11.0, 11.0))


def test_negative_people_are_refused(tmp_path):
    extract = read_population(grid(tmp_path / "p.tif", np.array([[1.0, -2.0]])))
    assert extract.quality.refused == 1
    assert extract.facts[0].rows.num_rows == 1


def test_elevations_between_cells(tmp_path):
    path = grid(tmp_path / "dem.tif", np.array([[0.0, 10.0], [20.0, 30.0]]), "EPSG:4326")
    lon, lat = np.array([119.05, 119.1, 119.15, 118.0]), np.array([26.95, 26.9, 26.85, 26.9])
    assert heights_at(path, lon, lat)[:3] == pytest.approx([0.0, 15.0, 30.0])
    assert np.isnan(heights_at(path, lon, lat)[3])


def test_elevation_of_porto_alegre():
    found = heights_at(shared("city_porto_alegre/poa_elevation.tif"), np.array([-51.2, 0.0]), np.array([-30.03, 0.0]))
    assert found[0] == pytest.approx(38.0, abs=0.1)
    assert np.isnan(found[1])


def test_nightlight_of_fujian_in_albers():
    path = shared("fj_province/nightlight_dmsp_like_2020_crop.tif")
    extract = read_population(path, within=(119.2, 26.0, 119.4, 26.2))
    west, _, east, _ = extract.extent
    assert 119.1 < west < 119.2
    assert 119.4 < east < 119.5
    assert extract.source.datum.startswith("WGS_1984_Albers (stated)")


@pytest.mark.parametrize("kind", ["no system", "no place", "truncated", "huge", "nothing", "complex", "rubbish"])
def test_refused(tmp_path, kind):
    path = tmp_path / "a.tif"
    noise = np.random.default_rng(0).normal(size=(200, 200))
    if kind == "no system":
        grid(path, crs=None)
    elif kind == "no place":
        with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
            grid(path, transform=rasterio.Affine.identity(), crs="EPSG:4326")
    elif kind == "truncated":
        grid(path, noise)
        path.write_bytes(path.read_bytes()[:150_000])
    elif kind == "huge":
        with rasterio.open(
            path, "w", driver="GTiff", height=400_000, width=400_000, count=1, dtype="uint8", crs="EPSG:4326",
            transform=origin(0, 1, 1e-6), sparse_ok=True, tiled=True, blockxsize=16384, blockysize=16384,
        ):  # fmt: skip
            pass
    elif kind == "nothing":
        grid(path, np.full((2, 2), -9.0))
    elif kind == "complex":
        grid(path, np.ones((2, 2)), dtype="complex64", nodata=None)
    else:
        path.write_bytes(b"II*\0" + b"\xff" * 100)
    with pytest.raises(BadInput) as raised:
        read_population(path)
    assert "a.tif" in str(raised.value)
    assert str(tmp_path) not in str(raised.value)

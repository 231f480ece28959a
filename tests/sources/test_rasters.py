"""Rasters: people in cells, elevations at places, and what is refused."""

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_data import shared
from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.catalogue import recognise
from tulou.sources.checks import ground_area
from tulou.sources.rasters import heights_at, read_elevation, read_population

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


def between_by_hand(values, row, column):
    """One place between the middles of cells, weighted by hand; at the rim the nearest cell goes on."""
    rows, columns = len(values), len(values[0])
    if not (-0.5 <= row <= rows - 0.5 and -0.5 <= column <= columns - 0.5):
        return float("nan")
    row, column = min(max(row, 0.0), rows - 1.0), min(max(column, 0.0), columns - 1.0)
    top, left = min(int(row), rows - 2), min(int(column), columns - 2)
    y, x = row - top, column - left
    return (
        values[top][left] * (1 - y) * (1 - x)
        + values[top][left + 1] * (1 - y) * x
        + values[top + 1][left] * y * (1 - x)
        + values[top + 1][left + 1] * y * x
    )


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(-1.0, 4.0), st.floats(-1.0, 3.0)), min_size=1, max_size=6))
def test_elevations_are_those_between_four_cells_wherever_the_others_lie(tmp_path_factory, places):
    """A window is read around the places asked for: no place may change what another gets."""
    values = [[3.0, 1.0, 4.0, 1.0], [5.0, 9.0, 2.0, 6.0], [5.0, 3.0, 5.0, 8.0]]
    path = grid(tmp_path_factory.mktemp("dem") / "dem.tif", np.array(values), "EPSG:4326", nodata=None)
    column, row = np.array(places).T
    found = heights_at(path, 119 + 0.1 * (column + 0.5), 27 - 0.1 * (row + 0.5))
    expected = [between_by_hand(values, one_row, one_column) for one_column, one_row in places]
    rim = np.isclose(np.abs(column - 1.5), 2.0, atol=1e-6) | np.isclose(np.abs(row - 1.0), 1.5, atol=1e-6)
    np.testing.assert_allclose(found[~rim], np.array(expected)[~rim], rtol=1e-6, atol=1e-6)


def test_no_places_have_no_elevations_and_unknown_places_are_unknown(tmp_path):
    path = grid(tmp_path / "dem.tif", np.ones((2, 2)), "EPSG:4326")
    assert heights_at(path, np.array([]), np.array([])).tolist() == []
    found = heights_at(path, np.array([np.nan, 119.1]), np.array([26.9, 26.9]))
    np.testing.assert_array_equal(found, [np.nan, 1.0])


def test_a_part_of_the_elevations_lies_where_it_lay(tmp_path):
    values = np.arange(100.0).reshape(10, 10)
    path = grid(tmp_path / "dem.tif", values, "EPSG:4326", nodata=35.0)
    whole = read_elevation(path)
    assert (whole.west, whole.north, whole.cell) == (119.0, 27.0, pytest.approx((0.1, 0.1)))
    assert np.isnan(whole.values[3, 5])
    part = read_elevation(path, within=(119.31, 26.52, 119.59, 26.79))
    left, top = round((part.west - 119) / 0.1), round((27 - part.north) / 0.1)
    rows, columns = part.values.shape
    np.testing.assert_array_equal(part.values, whole.values[top : top + rows, left : left + columns])
    assert part.west <= 119.31
    assert part.west + columns * 0.1 >= 119.59
    assert part.north >= 26.79
    assert part.north - rows * 0.1 <= 26.52
    assert part.digest == whole.digest


@pytest.mark.parametrize(
    ("move", "values", "what"),
    [
        (rasterio.Affine(0.1, 0, 119, 0, 0.1, 26), np.ones((2, 2)), "west to east"),
        (rasterio.Affine(0.1, 0.01, 119, 0.01, -0.1, 27), np.ones((2, 2)), "west to east"),
        (None, np.full((2, 2), -9.0), "no cell"),
    ],
)
def test_elevations_that_lie_otherwise_are_refused(tmp_path, move, values, what):
    path = grid(tmp_path / "dem.tif", values, "EPSG:4326", **({"transform": move} if move else {}))
    with pytest.raises(BadInput, match=what):
        read_elevation(path)


def test_people_are_the_same_read_whole_or_by_halves(tmp_path):
    """Halves that meet along the edge of cells share a row of them at most, and no cell is lost."""
    values = np.random.default_rng(1).uniform(0, 9, (6, 8))
    path = grid(tmp_path / "p.tif", values, "EPSG:4326", nodata=None)
    whole = read_population(path).facts[0].rows
    halves = [read_population(path, within=(119.0, south, 119.8, south + 0.3)).facts[0].rows for south in (26.4, 26.7)]
    known = {row["id"]: row["residents"] for half in halves for row in half.to_pylist()}
    assert known == dict(zip(whole["id"].to_pylist(), whole["residents"].to_pylist(), strict=True))
    assert sum(known.values()) == pytest.approx(values.sum())

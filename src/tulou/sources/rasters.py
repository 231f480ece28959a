"""Rasters: population grids as cells with people, and elevation sampled where it is asked for."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, MissingExtra
from tulou.kernel.facts import Extract
from tulou.kernel.identity import digest_file
from tulou.kernel.provenance import Quality
from tulou.sources import datum as datums
from tulou.sources import limits
from tulou.sources.build import RawTable, build
from tulou.sources.checks import ground_area
from tulou.sources.datum import Datum
from tulou.sources.expected import Expected
from tulou.sources.extracts import extract_of
from tulou.sources.mapping import Column, TableMapping

try:
    import rasterio
    import rasterio.windows
except ImportError:
    raise MissingExtra("rasterio", "raster") from None

NAME = "rasters"
SQUARE_METRES = 1e6
"""Square metres in a square kilometre."""
HALF_CELL = 0.5
EDGE_POINTS = 21
"""Points along each edge of an extent that are turned into the raster's system."""
TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

Dataset: TypeAlias = Any
"""An opened raster; rasterio has no types."""
Window: TypeAlias = Any
"""A part of a raster, in whole cells; None where there is none."""
Affine: TypeAlias = Any
"""The map from cells to coordinates, by its six numbers."""
Extent = tuple[float, float, float, float]
Floats = NDArray[np.float64]


def read_population(
    path: Path,
    *,
    within: Extent | None = None,
    is_density: bool = False,
    datum: str = "",
    expected: Expected | None = None,
) -> Extract:
    """Read a grid of people as cells of the entity ``population``.

    Cells of nobody are kept (they are known to be empty); cells without data are left out (they are unknown).

    Args:
        path: A GeoTIFF whose first band counts persons a cell.
        within: West, south, east, north in degrees of the part to read; all of it by default.
        is_density: Whether the numbers are persons per km2 instead.
        datum: Coordinate system, where the file states none.
        expected: The data dictionary.

    Raises:
        BadInput: Damaged, absurdly large, without coordinate system, or without a number in the part asked for.
    """
    with _opened(path) as raster:
        crs = _datum(raster, datum, path.name)
        window = _window(raster, crs, within, path.name)
        values = _band(raster, window, path.name)
        shapes, numbers, persons = _cells(raster, window, values, path.name)
    quality = Quality()
    negative = persons < 0
    quality.read = int(values.size)
    left = int(values.size - persons.size)
    quality.note("no_data", "refused", left, "the cell has no data")
    quality.note("negative", "refused", int(negative.sum()), "a cell of fewer than no people")
    if is_density:
        lon_lat = shapely.transform(shapes, lambda xy: np.column_stack(datums.to_wgs84(xy[:, 0], xy[:, 1], crs)))
        persons = persons * ground_area(lon_lat) / SQUARE_METRES
    quality.read -= int((~negative).sum())
    columns = {"id": pa.chunked_array([numbers]), "residents": pa.chunked_array([pa.array(persons)])}
    raw = RawTable(path.name, columns, np.arange(1, len(persons) + 1), shapes, crs).take(~negative)
    rule = TableMapping("population", (Column("residents", "residents"),), namespace=path.stem)
    built = build(raw, rule, expected["population"] if expected is not None else None, quality)
    return extract_of(path, [built], quality, connector=NAME)


@dataclass(frozen=True, eq=False)
class Elevation:
    """Elevations as a raster holds them.

    Args:
        values: Shape (rows, columns), the northern row first; NaN where the raster has no data.
        west: Coordinate of the western edge.
        north: Coordinate of the northern edge.
        cell: Width and height of a cell, in the unit of the coordinates.
        datum: What the coordinates are.
        digest: SHA-256 of the file.
    """

    values: Floats
    west: float
    north: float
    cell: tuple[float, float]
    datum: Datum
    digest: str


def read_elevation(path: Path, *, within: Extent | None = None, datum: str = "") -> Elevation:
    """Read elevations as they lie in a raster whose rows run from west to east.

    Args:
        path: A GeoTIFF of elevations.
        within: West, south, east, north in degrees of the part to read; all of it by default.
        datum: Coordinate system, where the file states none.

    Raises:
        BadInput: As ``read_population``, or when the raster is turned.
    """
    with _opened(path) as raster:
        crs = _datum(raster, datum, path.name)
        move = raster.transform
        if move.b or move.d or move.a <= 0 or move.e >= 0:
            raise BadInput("the rows of the raster do not run from west to east, the northern first", where=path.name)
        window = _window(raster, crs, within, path.name)
        values = _band(raster, window, path.name)
    if not np.isfinite(values).any():
        raise BadInput("no cell has a number", where=path.name)
    west, north = _mapped(move, window.col_off, window.row_off)
    return Elevation(values, float(west), float(north), (move.a, -move.e), crs, digest_file(path))


def heights_at(path: Path, lon: Floats, lat: Floats, *, datum: str = "") -> Floats:
    """Elevation at places, weighted between the four nearest cells.

    Args:
        path: A GeoTIFF of elevations.
        lon: Longitudes, degrees, one a place.
        lat: Latitudes, degrees, one a place.
        datum: Coordinate system, where the file states none.

    Returns:
        Elevations in the unit of the raster; NaN outside it and next to cells without data.

    Raises:
        BadInput: As ``read_population``.
    """
    with _opened(path) as raster:
        crs = _datum(raster, datum, path.name)
        x, y = _to_raster(crs, np.asarray(lon, np.float64), np.asarray(lat, np.float64))
        across, down = _mapped(~raster.transform, x, y)
        column, row = across - HALF_CELL, down - HALF_CELL
        window = _window_around(raster, column, row)
        if window is None:
            return np.full(len(x), np.nan)
        values = _band(raster, window, path.name)
    return _between(values, column - window.col_off, row - window.row_off)


@dataclass(frozen=True, eq=False)
class Stack:
    """Bands of a raster, and which of its cells places lie in.

    Args:
        values: Numbers, shape (bands, cells read); NaN where the raster has no data.
        cell: Cell of each place, a column of ``values``; -1 outside of the raster.
        digest: SHA-256 of the file.
    """

    values: Floats
    cell: NDArray[np.int64]
    digest: str


def read_stack(path: Path, lon: Floats, lat: Floats, *, datum: str = "") -> Stack:
    """Read all bands of a raster around places, each place in the cell it lies in.

    Args:
        path: A GeoTIFF of several bands.
        lon: Longitudes, degrees, one a place.
        lat: Latitudes, degrees, one a place.
        datum: Coordinate system, where the file states none.

    Raises:
        BadInput: As ``read_population``, or when no place lies in the raster.
    """
    with _opened(path) as raster:
        crs = _datum(raster, datum, path.name)
        across, down = _mapped(~raster.transform, *_to_raster(crs, lon, lat))
        window = _clipped(raster, across, down)
        if window is None:
            raise BadInput("the raster does not reach the part asked for", where=path.name)
        if window.width * window.height * raster.count > limits.MOST_PIXELS:
            raise BadInput(
                "the raster is absurdly large",
                where=path.name,
                found=f"{raster.count} bands",
                allowed=(f"at most {limits.MOST_PIXELS} cells",),
            )
        bands = [_band(raster, window, path.name, band) for band in range(1, raster.count + 1)]
    column, row = np.floor(across) - window.col_off, np.floor(down) - window.row_off
    inside = (column >= 0) & (column < window.width) & (row >= 0) & (row < window.height)
    cell = np.where(inside, np.where(inside, row, 0) * window.width + np.where(inside, column, 0), -1)
    return Stack(np.stack(bands).reshape(len(bands), -1), cell.astype(np.int64), digest_file(path))


@contextmanager
def _opened(path: Path) -> Iterator[Dataset]:
    limits.size_of(path, limits.MOST_FILE_BYTES)
    with path.open("rb") as stream:
        head = stream.read(len(TIFF_MAGIC[0]))
    if head not in TIFF_MAGIC:
        raise BadInput("this is not a TIFF file", where=path.name, found=head)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            raster = rasterio.open(path, driver="GTiff")
    except rasterio.errors.RasterioError as error:
        raise BadInput(f"not a whole GeoTIFF: {error}", where=path.name) from None
    with raster:
        if raster.transform.is_identity:
            raise BadInput("the raster does not say where it lies", where=path.name)
        if np.dtype(raster.dtypes[0]).kind not in "iuf":
            raise BadInput("the raster holds no plain numbers", where=path.name, found=raster.dtypes[0])
        yield raster


def _datum(raster: Dataset, stated: str, name: str) -> Datum:
    if raster.crs is None:
        if not stated:
            raise BadInput("the raster states no coordinate system", where=name, allowed=("datum: EPSG:4326",))
        return datums.named(stated, name)
    code = raster.crs.to_epsg()
    text = f"EPSG:{code}" if code else raster.crs.to_wkt()
    datums.crs_of(text, name)
    return Datum(text, datums.named(stated).shift if stated else None)


def _to_raster(crs: Datum, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """From WGS 84 to the coordinates of the raster."""
    if crs.shift:
        shifted = datums.to_gcj02 if crs.shift == "gcj02" else datums.to_bd09
        lon, lat = shifted(lon, lat)
    return datums.from_wgs84(lon, lat, crs.crs)


def _mapped(move: Affine, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Positions moved by the six numbers of an affine map."""
    return move.a * x + move.b * y + move.c, move.d * x + move.e * y + move.f


def _window(raster: Dataset, crs: Datum, within: Extent | None, name: str) -> Window:
    window = rasterio.windows.Window(0, 0, raster.width, raster.height)
    if within is not None:
        west, south, east, north = within
        steps = np.linspace(0.0, 1.0, EDGE_POINTS)
        low, high = np.zeros(EDGE_POINTS), np.ones(EDGE_POINTS)
        lon = west + (east - west) * np.concatenate((steps, steps, low, high))
        lat = south + (north - south) * np.concatenate((low, high, steps, steps))
        across, down = _mapped(~raster.transform, *_to_raster(crs, lon, lat))
        found = _clipped(raster, across, down)
        if found is None:
            raise BadInput("the raster does not reach the part asked for", where=name, found=within)
        window = found
    if window.width * window.height > limits.MOST_PIXELS:
        raise BadInput(
            "the raster is absurdly large",
            where=name,
            found=f"{window.width} by {window.height} cells",
            allowed=(f"at most {limits.MOST_PIXELS} cells",),
        )
    return window


def _window_around(raster: Dataset, column: Floats, row: Floats) -> Window:
    return _clipped(raster, np.concatenate((column, column + 1.0)), np.concatenate((row, row + 1.0)))


def _clipped(raster: Dataset, across: Floats, down: Floats) -> Window:
    """The window of whole cells that positions span; None when it lies outside."""
    fine = np.isfinite(across) & np.isfinite(down)
    if not fine.any():
        return None
    left, right = max(int(np.floor(across[fine].min())), 0), min(int(np.ceil(across[fine].max())) + 1, raster.width)
    top, bottom = max(int(np.floor(down[fine].min())), 0), min(int(np.ceil(down[fine].max())) + 1, raster.height)
    if left >= right or top >= bottom:
        return None
    return rasterio.windows.Window(left, top, right - left, bottom - top)


def _band(raster: Dataset, window: Window, name: str, number: int = 1) -> Floats:
    try:
        band = raster.read(number, window=window, masked=True)
    except (rasterio.errors.RasterioError, MemoryError, ValueError) as error:
        raise BadInput(f"the raster cannot be read: {error}", where=name) from None
    values = np.ma.filled(band.astype(np.float64), np.nan)
    values[~np.isfinite(values)] = np.nan
    return np.asarray(values, dtype=np.float64)


def _cells(raster: Dataset, window: Window, values: Floats, name: str) -> tuple[NDArray[np.object_], pa.Array, Floats]:
    """Cells with a number: their corners, their names by row and column, their numbers."""
    row, column = np.nonzero(np.isfinite(values))
    if not row.size:
        raise BadInput("no cell has a number", where=name)
    if row.size > limits.MOST_CELLS_MADE:
        raise BadInput(
            "too many cells; read a part of the raster",
            where=name,
            found=int(row.size),
            allowed=(f"at most {limits.MOST_CELLS_MADE}",),
        )
    top, left = row + window.row_off, column + window.col_off
    corners = [_mapped(raster.transform, left + i, top + j) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
    rings = np.stack([np.column_stack(corner) for corner in corners], axis=1)
    numbers = pa.array([f"r{i}c{j}" for i, j in zip(top.tolist(), left.tolist(), strict=True)], pa.string())
    shapes = np.atleast_1d(np.asarray(shapely.polygons(rings), dtype=object))
    return shapes, numbers, values[row, column]


def _between(values: Floats, column: Floats, row: Floats) -> Floats:
    """Weighted between the four cells around each position; NaN outside the cells read."""
    rows, columns = values.shape
    inside = (column >= -HALF_CELL) & (column <= columns - HALF_CELL) & (row >= -HALF_CELL) & (row <= rows - HALF_CELL)
    outside = ~inside
    across, down = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
    across, down = np.where(outside, 0.0, across), np.where(outside, 0.0, down)
    left, top = np.floor(across).astype(np.int64), np.floor(down).astype(np.int64)
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    x, y = across - left, down - top
    upper = values[top, left] * (1 - x) + values[top, right] * x
    lower = values[bottom, left] * (1 - x) + values[bottom, right] * x
    return np.where(outside, np.nan, upper * (1 - y) + lower * y)

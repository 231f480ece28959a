"""Layers: GeoPackage, Shapefile, GeoJSON, FlatGeobuf and GeoParquet, with a mapping or with headings that speak."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

from tulou.kernel.errors import BadInput, shorten
from tulou.kernel.facts import Extract
from tulou.kernel.provenance import Quality
from tulou.sources import archive, encodings, limits
from tulou.sources import datum as datums
from tulou.sources.build import Built, RawTable, build
from tulou.sources.cells import simple
from tulou.sources.datum import Datum
from tulou.sources.expected import Expected
from tulou.sources.extracts import extract_of
from tulou.sources.headings import mapping_by_headings
from tulou.sources.mapping import MappingFile, TableMapping
from tulou.sources.shapes import from_wkb

NAME = "layers"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf")
MAC_FOLDER = "__MACOSX"
"""Where archives made on a Mac keep a shadow of every file."""
DBF_HEADER_BYTES = DBF_FIELD_BYTES = 32
_DBF_COUNTS = (slice(4, 8), slice(8, 10), slice(10, 12))
"""Where a dBASE file states its rows, the bytes of its header and of a row."""
_SHP_LENGTH = slice(24, 28)
"""Where a Shapefile states its length, in words of two bytes."""
_HEAD = 16
"""First bytes by which a file is told."""
_MAGIC = {".gpkg": b"SQLite format 3\0", ".fgb": b"fgb", ".parquet": b"PAR1", ".shp": b"\x00\x00\x27\x0a"}
_CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
_HEAD_BYTES = 1 << 16


def read_layers(
    path: Path,
    *,
    mapping: MappingFile | None = None,
    expected: Expected | None = None,
    datum: str = "",
    entity: str = "",
) -> Extract:
    """Read one or several layers of a file.

    Args:
        path: GeoPackage, Shapefile (also zipped), GeoJSON, FlatGeobuf or GeoParquet.
        mapping: How its columns become attributes; without it, the layer must be named like an entity and its
            columns like attributes.
        expected: The data dictionary; needed without a mapping, and else gives units, types and allowed values.
        datum: Datum stated by the caller, where the mapping states none.
        entity: Entity the rows are about, where there is no mapping and no name says it.

    Raises:
        BadInput: When the file is damaged, of another kind, too large, or does not fit the mapping.
    """
    quality = Quality()
    with _ready(path) as file:
        if mapping is None:
            mapping = MappingFile((_by_headings(file, expected, path.name, entity),))
        tables = [replace(table, datum=table.datum or datum) for table in mapping.tables]
        built = [_built(file, table, expected, quality, path.name) for table in tables]
    return extract_of(path, built, quality, connector=NAME, mapping=mapping)


def read_layer(path: Path) -> RawTable:
    """The one layer of a file as it stands there, without a mapping.

    Args:
        path: GeoPackage, Shapefile (also zipped), GeoJSON, FlatGeobuf or GeoParquet.

    Raises:
        BadInput: When the file is damaged, of another kind, too large, or has several layers.
    """
    with _ready(path) as file:
        return read_raw(file, TableMapping("layer"), path.name)


def _built(file: Path, table: TableMapping, expected: Expected | None, quality: Quality, name: str) -> Built:
    raw = read_raw(file, table, name)
    return build(raw, table, expected[table.entity] if expected is not None else None, quality)


@contextmanager
def _ready(path: Path) -> Iterator[Path]:
    """The file itself, or the layer within a zip archive, unpacked for as long as it is read."""
    limits.size_of(path, limits.MOST_FILE_BYTES)
    if not zipfile.is_zipfile(path):
        _check_kind(path)
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        files = [
            file
            for file in archive.unpack(path, Path(folder))
            if file.suffix.lower() in _suffixes() and MAC_FOLDER not in file.parts
        ]
        if len(files) != 1:
            raise BadInput(
                "a zipped layer holds one Shapefile, GeoPackage, GeoJSON or FlatGeobuf",
                where=path.name,
                found=", ".join(file.name for file in files) or "none",
            )
        _check_kind(files[0])
        yield files[0]


def _suffixes() -> tuple[str, ...]:
    return (*_MAGIC, ".geojson", ".json")


def _check_kind(path: Path) -> None:
    """Refuse a file whose first bytes are not of the kind its name says, so that no other driver opens it."""
    suffix = path.suffix.lower()
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if suffix in {".geojson", ".json"}:
        _check_json(path)
    elif suffix in _MAGIC and not head.startswith(_MAGIC[suffix]):
        raise BadInput(f"this is not a {suffix} file, whatever its name says", where=path.name, found=head)
    elif suffix not in _MAGIC:
        raise BadInput("this kind of layer is not read", where=path.name, found=suffix, allowed=_suffixes())
    if suffix == ".shp":
        _check_shapefile(path)
    if suffix == ".gpkg":
        _check_geopackage(path)


def _check_json(path: Path) -> None:
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    data = path.read_bytes()
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise BadInput("this is not JSON", where=path.name, found=data[:16])
    limits.check_depth(data, path.name)
    end = data.rstrip()
    if not end.endswith(b"}"):
        raise BadInput("the file ends before it is whole", where=path.name, found=end[-16:])


def _check_shapefile(path: Path) -> None:
    """All three parts are there, and none is shorter than it says."""
    siblings = {file.suffix.lower(): file for file in path.parent.glob(f"{_escaped(path.stem)}.*")}
    absent = [part for part in SHAPEFILE_PARTS if part not in siblings]
    if absent:
        raise BadInput("a Shapefile needs its other parts beside it", where=path.name, found=f"no {', '.join(absent)}")
    for part in (".shp", ".shx"):
        with siblings[part].open("rb") as stream:
            head = stream.read(_SHP_LENGTH.stop)
        stated = int.from_bytes(head[_SHP_LENGTH], "big") * 2
        if siblings[part].stat().st_size < stated:
            raise BadInput(
                "the file ends before it is whole",
                where=siblings[part].name,
                found=f"{siblings[part].stat().st_size} bytes",
                allowed=(f"{stated} bytes",),
            )


def _escaped(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _check_geopackage(path: Path) -> None:
    """The database is whole: SQLite says so itself, opened read-only and unchanging."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            size = connection.execute("PRAGMA page_size").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise BadInput(f"not a whole GeoPackage: {error}", where=path.name) from None
    if path.stat().st_size < pages * size:
        raise BadInput("the file ends before it is whole", where=path.name, allowed=(f"{pages * size} bytes",))


def read_raw(path: Path, table: TableMapping, name: str) -> RawTable:
    """One layer as it stands in the file.

    Args:
        path: The file, checked.
        table: Its mapping, for the layer's name and the encoding.
        name: How messages call the file.

    Raises:
        BadInput: When it is damaged, or the layer does not exist or is not named although there are several.
    """
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, name)
    layer = _layer(path, table, name)
    encoding = _encoding(path, table.encoding, name)
    meta, rows = _opened(path, layer, encoding, name)
    geometry = meta.get("geometry_name") or "wkb_geometry"
    columns = {column: rows[column] for column in rows.column_names if column != geometry}
    shapes, unreadable = None, None
    if geometry in rows.column_names:
        shapes, unreadable = from_wkb(rows[geometry].to_pylist())
    numbers = np.arange(1, rows.num_rows + 1)
    return RawTable(f"{name}/{layer}", columns, numbers, shapes, _datum(path, meta.get("crs"), name), unreadable)


def _opened(path: Path, layer: str, encoding: str | None, name: str) -> tuple[dict[str, Any], pa.Table]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks on what is reported here by rows
            info = pyogrio.read_info(path, layer=layer)
            meta, rows = pyogrio.read_arrow(path, layer=layer, encoding=encoding)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
        pyogrio.errors.CRSError,
        pa.ArrowInvalid,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise BadInput(f"the layer cannot be read: {_told(error, path, name)}", where=name) from None
    if len(rows.column_names) > limits.MOST_COLUMNS:
        raise BadInput(
            "too many columns", where=name, found=len(rows.column_names), allowed=(f"at most {limits.MOST_COLUMNS}",)
        )
    if info["features"] > rows.num_rows:
        raise BadInput(
            "the file ends before it is whole",
            where=name,
            found=f"{rows.num_rows} rows",
            allowed=(f"{info['features']} rows",),
        )
    if rows.num_rows == 0:
        raise BadInput("the layer has no rows", where=f"{name}/{layer}")
    return meta, rows


def _told(error: Exception, path: Path, name: str) -> str:
    """What GDAL says, without the folders of this machine and its advice to programmers."""
    return str(error).split("; It might help")[0].replace(str(path), name)


def _layer(path: Path, table: TableMapping, name: str) -> str:
    try:
        found = [str(row[0]) for row in pyogrio.list_layers(path)]
    except (pyogrio.errors.DataSourceError, RuntimeError, ValueError) as error:
        raise BadInput(f"the file cannot be read: {_told(error, path, name)}", where=name) from None
    if table.layer:
        if table.layer not in found:
            raise BadInput("the file has no such layer", where=name, found=table.layer, allowed=found)
        return table.layer
    if len(found) != 1:
        raise BadInput("the file has several layers; the mapping names one (layer: …)", where=name, allowed=found)
    return found[0]


def _datum(path: Path, crs: str | None, name: str) -> Datum | None:
    """What the file says of its coordinates; GeoJSON without a word of its own says nothing in China."""
    if crs is None:
        return None
    if path.suffix.lower() in {".geojson", ".json"} and not _states_crs(path):
        return None
    text = datums.crs_of(crs, name).to_authority()
    return Datum(f"{text[0]}:{text[1]}" if text else crs)


def _states_crs(path: Path) -> bool:
    with path.open("rb") as stream:
        return bool(_CRS_MEMBER.search(stream.read(_HEAD_BYTES)))


def _encoding(path: Path, declared: str, name: str) -> str | None:
    """Encoding of a Shapefile's texts: as declared, else as its .cpg says, else as its bytes show."""
    if path.suffix.lower() != ".shp":
        return None
    dbf = next(file for file in path.parent.glob(f"{_escaped(path.stem)}.*") if file.suffix.lower() == ".dbf")
    data = _text_of(dbf)
    stated = declared if declared.lower() != "auto" else ""
    stated = stated or _code_page(path)
    return encodings.decode(data, stated, f"{name} (.dbf)")[1] if data else None


def _text_of(dbf: Path) -> bytes:
    """The bytes of a dBASE file after its header, with NULs as blanks."""
    data = dbf.read_bytes()
    if len(data) < DBF_HEADER_BYTES:
        raise BadInput("the file ends before it is whole", where=dbf.name)
    rows, header, width = (int.from_bytes(data[place], "little") for place in _DBF_COUNTS)
    if len(data) < header + rows * width or (rows and not width):
        raise BadInput(
            "the file ends before it is whole",
            where=dbf.name,
            found=f"{len(data)} bytes",
            allowed=(f"{header + rows * width} bytes",),
        )
    names = data[DBF_HEADER_BYTES:header].split(b"\r")[0]
    fields = [names[i : i + 11].split(b"\0")[0] for i in range(0, len(names), DBF_FIELD_BYTES)]
    return b"\n".join(fields) + b"\n" + _rows_of(data[header : header + rows * width], names, width)


def _rows_of(data: bytes, names: bytes, width: int) -> bytes:
    """Cells of text columns, a line each, so that a cut character of one cell does not spoil the next."""
    cells: list[bytes] = []
    start = 1
    for i in range(0, len(names) - DBF_FIELD_BYTES + 1, DBF_FIELD_BYTES):
        length = names[i + 16]
        if names[i + 11 : i + 12] == b"C":
            cells += [data[row + start : row + start + length] for row in range(0, len(data), width)]
        start += length
    return b"\n".join(cell.replace(b"\0", b" ").rstrip() for cell in cells)


def _code_page(path: Path) -> str:
    files = [file for file in path.parent.glob(f"{_escaped(path.stem)}.*") if file.suffix.lower() == ".cpg"]
    text = files[0].read_bytes()[:64].decode("ascii", "ignore").strip() if files else ""
    return f"cp{text}" if text.isdigit() else text


def _read_parquet(path: Path, name: str) -> RawTable:
    try:
        rows = pq.read_table(path)
        geometry, described = _geometry_told((rows.schema.metadata or {}).get(b"geo", b"{}"), name)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadInput(f"not a whole GeoParquet file: {_told(error, path, name)}", where=name) from None
    if len(rows.column_names) > limits.MOST_COLUMNS or rows.num_rows > limits.MOST_ROWS:
        raise BadInput("too large", where=name, found=f"{rows.num_rows} rows, {len(rows.column_names)} columns")
    numbers = np.arange(1, rows.num_rows + 1)
    columns = {column: simple(rows[column]) for column in rows.column_names if column != geometry}
    if geometry not in rows.column_names:
        return RawTable(name, columns, numbers)
    kind = rows[geometry].type
    encoding = described.get("encoding", "WKB")
    if encoding != "WKB" or not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        found = encoding if encoding != "WKB" else str(kind)
        raise BadInput("this encoding of geometry is not read", where=name, found=found, allowed=("WKB",))
    shapes, unreadable = from_wkb(rows[geometry].to_pylist())
    return RawTable(name, columns, numbers, shapes, _parquet_datum(described, name), unreadable)


def _geometry_told(text: bytes, name: str) -> tuple[str, dict[str, Any]]:
    """The column of shapes that the metadata of a GeoParquet file names, and what they say of it."""
    limits.check_depth(text, name)
    geo = json.loads(text)
    column = geo.get("primary_column", "") if isinstance(geo, dict) else None
    every = geo.get("columns", {}) if isinstance(geo, dict) else {}
    described = every.get(column, {}) if isinstance(every, dict) and isinstance(column, str) else None
    if not isinstance(column, str) or not isinstance(described, dict):
        raise BadInput(f"not a whole GeoParquet file: {shorten(text.decode())}", where=name)
    return column, described


def _parquet_datum(described: dict[str, Any], name: str) -> Datum | None:
    """GeoParquet without a word means OGC:CRS84, with null it says that nobody knows."""
    if "crs" not in described:
        return Datum()
    if described["crs"] is None:
        return None
    crs = datums.crs_of(json.dumps(described["crs"]), name)
    text = crs.to_authority()
    if text and text[1] in {"CRS84", "4326"}:
        return Datum()
    return Datum(f"{text[0]}:{text[1]}" if text else crs.to_wkt())


def _by_headings(path: Path, expected: Expected | None, name: str, entity: str) -> TableMapping:
    if expected is None:
        raise BadInput("this layer needs a mapping file", where=name)
    if path.suffix.lower() == ".parquet":
        raw = _read_parquet(path, name)
        return mapping_by_headings(raw.columns, expected, (entity, path.stem), name)
    layer = _layer(path, TableMapping(""), name)
    info = pyogrio.read_info(path, layer=layer)
    found = mapping_by_headings(info["fields"].tolist(), expected, (entity, layer, path.stem), name)
    return replace(found, layer=layer)

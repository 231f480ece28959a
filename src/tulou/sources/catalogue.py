"""The connectors there are, and which of them reads a file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from tulou.kernel.errors import BadInput, BadUse, MissingExtra
from tulou.kernel.facts import Extract
from tulou.kernel.registry import Registry, from_outsiders
from tulou.kernel.words import Words
from tulou.sources import limits

GROUP = "tulou.connectors"
"""Entry-point group under which other packages offer a ``Connector``."""
HEAD_BYTES = 4096
_FEATURES = re.compile(rb'"type"\s*:\s*"(Feature|Topology|Geometry|Point|Line|Polygon|Multi)')
"""What makes a document of JSON a layer; any other holds records."""
_CITYJSON = re.compile(rb'"type"\s*:\s*"CityJSON"')


@dataclass(frozen=True)
class Connector:
    """The declaration of a connector.

    Args:
        name: Its name.
        title: What it reads.
        suffixes: File endings it answers to, longest first.
        function: ``module:function`` that reads a path and gives an ``Extract``; imported when first used.
        extra: Extra of Tulou that brings its library; empty when the core suffices.
        takes: Keyword arguments it understands besides the path.
    """

    name: str
    title: Words
    suffixes: tuple[str, ...]
    function: str
    extra: str = ""
    takes: tuple[str, ...] = ()

    def load(self) -> Callable[..., Extract]:
        """The function itself.

        Raises:
            MissingExtra: When its library is not installed.
        """
        module, name = self.function.split(":")
        try:
            found: Callable[..., Extract] = getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            raise MissingExtra(error.name or module, self.extra or "all") from None
        return found

    def read(self, path: Path, **options: Any) -> Extract:  # noqa: ANN401  (each connector has its own)
        """Read a file; options that are None or empty are left out.

        Raises:
            BadUse: For an option that this connector does not understand.
            BadInput: When the file cannot be used.
        """
        given = {name: value for name, value in options.items() if value is not None and value != ""}
        for name in given:
            if name not in self.takes:
                raise BadUse(f"connector '{self.name}' takes no such option", found=name, allowed=self.takes)
        return self.load()(path, **given)


_TABLE_OPTIONS = ("mapping", "expected", "datum", "entity")

OURS = (
    Connector(
        "osm",
        Words("OpenStreetMap 数据（PBF）", "OpenStreetMap extract (PBF)"),
        (".osm.pbf", ".pbf"),
        "tulou.sources.osm.connector:read_osm",
        "osm",
        ("progress",),
    ),
    Connector(
        "layers",
        Words("矢量图层（GeoPackage、Shapefile、GeoJSON、FlatGeobuf、GeoParquet）", "Layers (GeoPackage, Shapefile …)"),
        (".gpkg", ".shp", ".geojson", ".fgb", ".parquet", ".geoparquet"),
        "tulou.sources.layers:read_layers",
        takes=_TABLE_OPTIONS,
    ),
    Connector(
        "tables",
        Words("表格（CSV、Excel）", "Tables (CSV, Excel)"),
        (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"),
        "tulou.sources.tables.connector:read_tables",
        "tables",
        _TABLE_OPTIONS,
    ),
    Connector(
        "gtfs",
        Words("公交时刻表（GTFS）", "Timetables (GTFS)"),
        (".gtfs.zip",),
        "tulou.sources.gtfs.connector:read_gtfs",
        takes=("day", "namespace", "expected"),
    ),
    Connector(
        "rasters",
        Words("人口栅格（GeoTIFF）", "Population grid (GeoTIFF)"),
        (".tif", ".tiff"),
        "tulou.sources.rasters:read_population",
        "raster",
        ("within", "is_density", "datum", "expected"),
    ),
    Connector(
        "cityjson",
        Words("三维城市模型（CityJSON）", "3-D city model (CityJSON)"),
        (".city.json", ".cityjson"),
        "tulou.sources.cityjson:read_cityjson",
        takes=("mapping", "expected", "datum"),
    ),
    Connector(
        "records",
        Words("文档中的记录（JSON、JS 字面量）", "Records in documents (JSON, literals of JavaScript)"),
        (".js", ".mjs"),
        "tulou.sources.records:read_records",
        takes=("mapping", "expected", "datum"),
    ),
)


def connectors() -> Registry[Connector]:
    """All connectors, those of other packages included."""
    outsiders = [item for item in from_outsiders(GROUP) if isinstance(item, Connector)]
    return Registry("connector", [*OURS, *outsiders])


def recognise(path: Path) -> Connector:
    """The connector that reads a file, by its ending and, where that leaves doubt, by its first bytes.

    Args:
        path: A file, or the folder of a GTFS feed.

    Raises:
        BadInput: When there is no such file, or nothing reads it.
    """
    known = connectors()
    if not path.exists():
        near = sorted(item.name for item in path.parent.iterdir()) if path.parent.is_dir() else []
        raise BadInput("there is no such file", where=path.name, found=path.name, allowed=near)
    if path.is_dir():
        if (path / "stops.txt").is_file():
            return known["gtfs"]
        raise BadInput("a folder can be read only when it is a GTFS feed (stops.txt …)", where=path.name)
    if path.suffix.lower() in {".json", ".zip"}:
        return known[_json_kind(path) if path.suffix.lower() == ".json" else _zip_kind(path)]
    endings = {suffix: connector for connector in known.values() for suffix in connector.suffixes}
    matching = [suffix for suffix in endings if path.name.lower().endswith(suffix)]
    if matching:
        return endings[max(matching, key=len)]
    return known[_by_bytes(path, tuple(sorted(endings)))]


def _json_kind(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if _CITYJSON.search(head) or path.name.lower().endswith(".city.json"):
        return "cityjson"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"["):
        return "records"
    if not start.startswith(b"{"):
        raise BadInput("this is not JSON that can be read here", where=path.name, found=head[:16])
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    data = path.read_bytes()
    if _CITYJSON.search(data):
        return "cityjson"
    return "layers" if _FEATURES.search(data) else "records"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name).name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadInput(f"not a whole zip archive: {error}", where=path.name) from None
    if {"stops.txt", "stop_times.txt"} & set(names):
        return "gtfs"
    if any(name.endswith((".shp", ".gpkg", ".geojson", ".fgb")) for name in names):
        return "layers"
    raise BadInput(
        "the archive holds neither a GTFS feed nor a layer",
        where=path.name,
        found=", ".join(names[:8]) or "nothing",
        allowed=("stops.txt … (GTFS)", "one .shp, .gpkg, .geojson or .fgb"),
    )


_MAGIC = (
    (b"SQLite format 3\0", "layers"),
    (b"fgb", "layers"),
    (b"PAR1", "layers"),
    (b"\x00\x00\x27\x0a", "layers"),
    (b"II*\0", "rasters"),
    (b"MM\0*", "rasters"),
)


def _by_bytes(path: Path, endings: tuple[str, ...]) -> str:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if b"OSMHeader" in head[:64]:
        return "osm"
    raise BadInput("no connector reads this kind of file", where=path.name, found=path.suffix, allowed=endings)

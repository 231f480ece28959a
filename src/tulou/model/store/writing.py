"""Writing: assertions as GeoParquet that QGIS and GeoPandas open, near things near each other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from tulou.kernel.atomic import flush
from tulou.kernel.curve import LAST_CELL, along_curve
from tulou.kernel.facts import EXISTS, GEOMETRY, ID, VALID_FROM, VALID_TO
from tulou.kernel.identity import digest_file
from tulou.kernel.threads import by_rows
from tulou.model.geography import check_system
from tulou.model.store.manifest import Part
from tulou.model.store.reading import joined

ROWS_A_GROUP = 100_000
GEOPARQUET = "1.1.0"
BBOX, COMMIT, SOURCE = "bbox", "commit", "source"
CORNERS = ("xmin", "ymin", "xmax", "ymax")
KEYS = (ID, VALID_FROM, VALID_TO, EXISTS)


def write_sheet(
    table: pa.Table, path: Path, *, entity: str, relative: str, system: str, commit: int, source: str
) -> Part:
    """Write assertions of one entity and push them to the disk.

    Args:
        table: ``id``, ``valid_from``, ``valid_to``, ``exists``, attributes, ``geometry`` as WKB in the metric system.
        path: Where to write now.
        entity: What the rows are.
        relative: Where the file will stand in the city.
        system: The city's metric system.
        commit: Number of the commit.
        source: Name of what was read.
    """
    attributes = tuple(name for name in table.column_names if name not in KEYS)
    rows = table.num_rows
    whole = table.append_column(COMMIT, pa.repeat(pa.scalar(commit, pa.int32()), rows))
    whole = whole.append_column(SOURCE, pa.repeat(pa.scalar(source, pa.string()), rows))
    whole = _with_geometry(whole, system) if GEOMETRY in attributes else whole
    unique = {ID, GEOMETRY, BBOX, "name"}
    repeated = [field.name for field in whole.schema if field.name not in unique and not pa.types.is_nested(field.type)]
    pq.write_table(whole, path, compression="zstd", row_group_size=ROWS_A_GROUP, use_dictionary=repeated)
    flush(path)
    return Part(entity, relative, rows, path.stat().st_size, digest_file(path), attributes)


def _with_geometry(table: pa.Table, system: str) -> pa.Table:
    shapes = by_rows(shapely.from_wkb, table[GEOMETRY].to_numpy(zero_copy_only=False))
    bounds = shapely.bounds(shapes)
    order = pa.array(_morton_order(bounds))
    known = ~shapely.is_missing(shapes)
    boxes = pa.StructArray.from_arrays(
        [pa.array(bounds[:, place], mask=~known) for place in range(len(CORNERS))],
        names=list(CORNERS),
        mask=pa.array(~known),
    )
    table = table.drop_columns([GEOMETRY]).append_column(GEOMETRY, table[GEOMETRY]).append_column(BBOX, boxes)
    return table.take(order).replace_schema_metadata({"geo": json.dumps(_geo(shapes[known], bounds[known], system))})


def _geo(shapes: NDArray[np.object_], bounds: NDArray[np.float64], system: str) -> dict[str, object]:
    """The ``geo`` metadata of GeoParquet 1.1."""
    kinds = {(kind, solid) for kind, solid in zip(shapely.get_type_id(shapes), shapely.has_z(shapes), strict=True)}
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": sorted(_TYPES[int(kind)] + (" Z" if solid else "") for kind, solid in kinds),
        "crs": json.loads(check_system(system).to_json()),
        "covering": {BBOX: {corner: [BBOX, corner] for corner in CORNERS}},
    }
    if len(bounds):
        column["bbox"] = [*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()]
    return {"version": GEOPARQUET, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


_TYPES = (
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)


def _morton_order(bounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order in which neighbours on the ground are neighbours in the file; rows without geometry come last."""
    known = np.isfinite(bounds).all(axis=1)
    code = np.full(len(bounds), np.iinfo(np.uint64).max, np.uint64)
    if known.any():
        middle = (bounds[known, :2] + bounds[known, 2:]) / 2
        least = middle.min(axis=0)
        span = float(np.max(middle.max(axis=0) - least)) or 1.0
        cell = ((middle - least) / span * LAST_CELL).astype(np.uint64)
        code[known] = along_curve(cell[:, 0], cell[:, 1])
    return np.argsort(code, kind="stable")


def without_ids(path: Path, draft: Path, ids: pa.Array) -> int:
    """Copy a data file without the rows of some objects; returns how many were left out."""
    import pyarrow.compute as pc  # only erasure needs it

    table = pq.ParquetFile(path).read()
    gone = pc.is_in(joined(table[ID]), value_set=ids)
    count = int(pc.sum(gone).as_py() or 0)
    if count:
        kept = table.filter(pc.invert(gone))
        pq.write_table(kept, draft, compression="zstd", row_group_size=ROWS_A_GROUP)
        flush(draft)
    return count

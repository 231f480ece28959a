"""Results and findings as data: CSV and Parquet, GeoPackage, GeoJSON, for any other program to read."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.kernel.atomic import replacing, write_bytes
from tulou.kernel.errors import BadUse
from tulou.publish.drawing.svg import clean
from tulou.publish.report.material import Material

TABLES = (".csv", ".parquet")
WGS84 = "EPSG:4326"
FINDINGS = "findings"
FIXED_TIME = "2000-01-01T00:00:00Z"
"""Stands in GeoPackages instead of the clock, so that the same check gives the same bytes."""

FORMULA_SIGNS = "=+@\t\r-"
"""Signs with which a spreadsheet begins a formula; the dash stands last, since it means a range elsewhere."""
DIGITS = 7
"""Decimals of degrees in GeoJSON: about a centimetre."""

LEVELS = ("city", "district", "block", "community")


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as CSV (UTF-8 with a mark that Excel understands) or Parquet, as the name says.

    A text of a CSV that a spreadsheet would take for a formula gets an apostrophe before it; geometry is left out.

    Raises:
        BadUse: For any other ending.
    """
    import pyarrow.csv  # only when wanted
    import pyarrow.parquet

    if path.suffix not in TABLES:
        raise BadUse("a table is written as one of these", where=path.name, found=path.suffix, allowed=TABLES)
    with replacing(path) as draft:
        if path.suffix == ".parquet":
            pyarrow.parquet.write_table(table, draft, compression="zstd")
            return
        with draft.open("wb") as stream:
            stream.write(b"\xef\xbb\xbf")
            pyarrow.csv.write_csv(_harmless(table), stream)


def findings_table(material: Material) -> pa.Table:
    """The findings as a table, in the order they were found; places as WKB in the city's metric system."""
    found = material.findings
    columns: dict[str, Any] = {
        "status": [one.status for one in found],
        "indicator": [one.indicator for one in found],
        "unit": [one.unit for one in found],
        "objects": [" ".join(one.objects) for one in found],
        "people": pa.array([_number(one.people) for one in found], pa.float64()),
        "people_estimate": pa.array([one.people_estimate for one in found], pa.bool_()),
        "value": pa.array([_number(one.value) for one in found], pa.float64()),
    }
    for name in ("detail", "cause", "owner"):
        for language in ("zh", "en"):
            columns[f"{name}_{language}"] = [getattr(getattr(one, name), language) for one in found]
    places = [shapely.Point(*one.place) if one.place is not None else None for one in found]
    columns["geometry"] = pa.array(shapely.to_wkb(_array(places)), pa.binary())
    texts = {name: pa.array(value, pa.string()) for name, value in columns.items() if isinstance(value, list)}
    return pa.table({name: texts.get(name, value) for name, value in columns.items()})


def units_table(material: Material, level: str) -> pa.Table:
    """One row a unit of a level: a value and a status for each indicator; shapes as WKB in metres."""
    chosen = [place for place, unit in enumerate(material.units) if unit.level == level]
    rows = {material.units[place].id: row for row, place in enumerate(chosen)}
    values: dict[str, NDArray[np.float64]] = {}
    statuses: dict[str, NDArray[np.object_]] = {}
    for result in material.results:
        row = rows.get(result.unit)
        if row is None:
            continue
        name = f"{result.indicator}_{result.variant}" if result.variant else result.indicator
        values.setdefault(name, np.full(len(chosen), np.nan))[row] = result.value
        statuses.setdefault(name, np.full(len(chosen), None, object))[row] = result.status
    columns: dict[str, Any] = {
        "id": pa.array([material.units[place].id for place in chosen], pa.string()),
        "name": pa.array([material.units[place].name for place in chosen], pa.string()),
        "derived": pa.array([material.units[place].derived for place in chosen], pa.bool_()),
    }
    for name in sorted(values):
        columns[name] = pa.array(values[name], pa.float64(), mask=~np.isfinite(values[name]))
        columns[f"{name}_status"] = pa.array(statuses[name], pa.string())
    columns["geometry"] = pa.array(shapely.to_wkb(_array([material.shapes[place] for place in chosen])), pa.binary())
    return pa.table(columns)


def write_geopackage(material: Material, crs: str, path: Path) -> None:
    """Write one layer of units for each level and one layer of findings.

    Args:
        material: The check.
        crs: The city's metric system, e.g. ``EPSG:4549``.
        path: The file to write.
    """
    import pyogrio  # loads GDAL

    present = {unit.level for unit in material.units}
    layers = {level: units_table(material, level) for level in LEVELS if level in present}
    layers[FINDINGS] = findings_table(material)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    with tempfile.TemporaryDirectory(prefix="tulou-gpkg-") as folder:
        draft = Path(folder) / "export.gpkg"
        for name, table in layers.items():
            _write_layer(pyogrio, draft, name, table, crs)
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        write_bytes(path, draft.read_bytes())


def write_geojson(material: Material, crs: str, path: Path, *, what: str = FINDINGS) -> None:
    """Write findings, or the units of one level, as GeoJSON in longitude and latitude (RFC 7946).

    Args:
        material: The check.
        crs: The city's metric system.
        path: The file to write.
        what: ``findings`` or a level.

    Raises:
        BadUse: For anything else.
    """
    if what not in (FINDINGS, *LEVELS):
        raise BadUse("GeoJSON holds one of these", where=path.name, found=what, allowed=(FINDINGS, *LEVELS))
    from pyproj import Transformer  # loads PROJ

    table = findings_table(material) if what == FINDINGS else units_table(material, what)
    shapes = np.asarray(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)), object)
    turn = Transformer.from_crs(crs, WGS84, always_xy=True)
    turned = shapely.transform(shapes, lambda points: np.column_stack(turn.transform(points[:, 0], points[:, 1])))
    areal = np.isin(shapely.get_type_id(turned), (3, 6))
    turned[areal] = shapely.orient_polygons(turned[areal])
    rows = table.drop_columns(["geometry"]).to_pylist()
    features = [_feature(row, shape) for row, shape in zip(rows, turned, strict=True)]
    page = {"type": "FeatureCollection", "credit": list(material.credits), "features": features}
    write_bytes(path, json.dumps(page, ensure_ascii=False, allow_nan=False).encode())


def _feature(row: Mapping[str, Any], shape: shapely.Geometry | None) -> dict[str, Any]:
    geometry = None
    if shape is not None:
        geometry = _rounded(json.loads(shapely.to_geojson(shape)))
    return {"type": "Feature", "geometry": geometry, "properties": dict(row)}


def _rounded(value: Any) -> Any:  # noqa: ANN401  (nested lists of numbers, as JSON has them)
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return value


def _write_layer(pyogrio: Any, path: Path, name: str, table: pa.Table, crs: str) -> None:  # noqa: ANN401  (a module)
    fields = table.drop_columns(["geometry"])
    columns = [_plain(fields[column]) for column in fields.column_names]
    pyogrio.raw.write(
        str(path),
        table["geometry"].to_numpy(zero_copy_only=False),
        columns,
        fields.column_names,
        layer=name,
        driver="GPKG",
        geometry_type="Point" if name == FINDINGS else "Unknown",
        crs=crs,
        append=path.exists(),
    )


def _plain(column: pa.ChunkedArray) -> NDArray[Any]:
    if pa.types.is_floating(column.type):
        return np.asarray(pc.fill_null(column, math.nan).to_numpy(), np.float64)
    if pa.types.is_boolean(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False), bool)
    return np.array([None if value is None else clean(value) for value in column.to_pylist()], object)


def _harmless(table: pa.Table) -> pa.Table:
    """The columns a CSV can hold, geometry left out, with nothing that a spreadsheet would run."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_binary(column.type):
            continue
        if pa.types.is_dictionary(column.type):
            column = pc.cast(column, pa.string())
        if pa.types.is_string(column.type):
            risky = pc.match_substring_regex(column, f"^[{FORMULA_SIGNS}]")
            column = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
        columns[name] = column
    return pa.table(columns)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _array(shapes: Sequence[Any]) -> NDArray[np.object_]:
    made = np.empty(len(shapes), object)
    made[:] = shapes
    return made

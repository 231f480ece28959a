"""Nodes, pipes and subcatchments as tables or layers of a geographic information system."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.sources.build import RawTable
from tulou.sources.columns import Columns, Wanted, read_columns
from tulou.sources.datum import Datum, is_geographic, named
from tulou.sources.layers import read_layer

Array = NDArray[np.float64]
HECTARE = 1e4
"""m²."""
NODES = (
    Wanted("node", ("id", "节点", "井号", "编号"), "text", is_required=True),
    Wanted("x", ("东坐标",), "number", "m", is_required=True),
    Wanted("y", ("北坐标",), "number", "m", is_required=True),
    Wanted("invert", ("井底高程", "管底高程"), "number", "m", is_required=True),
    Wanted("ground", ("地面高程", "井盖高程"), "number", "m", is_required=True),
    Wanted("category", ("类别",), "text"),
    Wanted("stage", ("水位",), "number", "m"),
    Wanted("area", ("面积",), "number", "m2", least=0.0),
)
PIPES = (
    Wanted("pipe", ("id", "管段", "编号"), "text", is_required=True),
    Wanted("from", ("上游节点", "起点"), "text", is_required=True),
    Wanted("to", ("下游节点", "终点"), "text", is_required=True),
    Wanted("diameter", ("管径",), "number", "mm"),
    Wanted("width", ("宽度",), "number", "mm"),
    Wanted("height", ("高度",), "number", "mm"),
    Wanted("length", ("长度", "管长"), "number", "m"),
    Wanted("roughness", ("粗糙系数", "糙率"), "number", "1"),
    Wanted("up", ("上游管底高程",), "number", "m"),
    Wanted("down", ("下游管底高程",), "number", "m"),
)
SUBCATCHMENTS = (
    Wanted("subcatchment", ("id", "catchment", "子汇水区", "汇水区", "编号"), "text", is_required=True),
    Wanted("node", ("节点", "接入节点"), "text", is_required=True),
    Wanted("area", ("面积",), "number", "ha", is_required=True),
    Wanted("impervious", ("不透水率",), "number", "percent", is_required=True),
    Wanted("slope", ("坡度",), "number", "percent", is_required=True),
    Wanted("width", ("宽度",), "number", "m"),
)


def metric_datum(text: str) -> Datum:
    """The datum of a model, which is computed in metres.

    Raises:
        BadInput: When it is not known, counts in degrees, or is one of the shifted ones.
    """
    found = named(text, "datum")
    if found.shift or is_geographic(found.crs):
        raise BadInput(
            "a model of drains needs a projected system in metres", where="datum", found=text, allowed=("EPSG:4547",)
        )
    return found


def read_table(path: Path, wanted: Sequence[Wanted], datum: Datum) -> Columns:
    """Read a table, or a layer whose shapes give what its columns leave out.

    Points give ``x`` and ``y``, lines ``length`` (m), polygons ``area`` (ha).

    Args:
        path: CSV, or a layer.
        wanted: Columns that may stand in it.
        datum: What its coordinates are.

    Raises:
        BadInput: When it is no such table or layer, or states another datum.
    """
    if path.suffix.lower() == ".csv":
        return read_columns(path, wanted)
    layer = read_layer(path)
    if layer.datum is not None and named(layer.datum.crs, path.name).crs != datum.crs:
        raise BadInput(
            "the layer has another datum than was stated", where=path.name, found=layer.datum.crs, allowed=(datum.crs,)
        )
    columns = {
        name: ["" if cell is None else str(cell) for cell in column.to_pylist()]
        for name, column in layer.columns.items()
    }
    given = {name: [f"{cell:.12g}" for cell in found.tolist()] for name, found in _measured(layer).items()}
    columns |= {name: cells for name, cells in given.items() if name not in columns}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / path.name
        table.write_text(text.getvalue(), "utf-8")
        return replace(read_columns(table, wanted), digest=digest_file(path))


def _measured(layer: RawTable) -> dict[str, Array]:
    """What the shapes of a layer say."""
    if layer.shapes is None or shapely.is_missing(layer.shapes).any():
        return {}
    kinds = set(shapely.get_dimensions(layer.shapes).tolist())
    if kinds == {0}:
        return {"x": shapely.get_x(layer.shapes), "y": shapely.get_y(layer.shapes)}
    if kinds == {1}:
        return {"length": shapely.length(layer.shapes)}
    return {"area": shapely.area(layer.shapes) / HECTARE} if kinds == {_POLYGONS} else {}


_POLYGONS = 2
"""Dimension of polygons."""

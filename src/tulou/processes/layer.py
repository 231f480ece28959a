"""A layer given to a process: its shapes in a metric system, and the columns it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import GEOMETRY
from tulou.kernel.identity import digest_file
from tulou.model.geography import choose_system, to_metric
from tulou.sources.layers import read_layers
from tulou.sources.mapping import EVERYTHING, ROW, Column, MappingFile, TableMapping

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Layer:
    """What a layer held; rows without a shape are left out.

    Args:
        shapes: Shapes, m.
        texts: Columns of words; empty where unknown.
        numbers: Columns of numbers; NaN where unknown.
        system: The metric system.
        digest: SHA-256 of the file.
        left_out: Rows without a shape.
    """

    shapes: Shapes
    texts: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Array]
    system: str
    digest: str
    left_out: int


def read_layer(
    path: Path,
    *,
    texts: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
    system: str | None = None,
    datum: str = "",
) -> Layer:
    """Read a layer.

    Args:
        path: GeoPackage, Shapefile (also zipped), GeoJSON, FlatGeobuf or GeoParquet.
        texts: Columns of words that it must have.
        numbers: Columns of numbers that it must have.
        system: Metric system to move it to; chosen by its place when None.
        datum: What its coordinates are, where the file does not say so.

    Raises:
        BadInput: When it cannot be read, lacks a column, does not say what its coordinates are, or has no shapes.
    """
    columns = tuple(
        Column(name, name, type=kind) for kind, some in (("text", texts), ("number", numbers)) for name in some
    )
    rule = TableMapping("layer", columns, id=(ROW,), datum=datum, ignore=(EVERYTHING,))
    read = read_layers(path, mapping=MappingFile((rule,)))
    rows = read.facts[0].rows
    found = np.asarray(shapely.from_wkb(rows[GEOMETRY].to_numpy(zero_copy_only=False)), object)
    known = ~(shapely.is_missing(found) | shapely.is_empty(found))
    if not known.any() or read.extent is None:
        raise BadInput("the layer has no shapes", where=path.name, found=len(found))
    chosen = system or choose_system(read.extent)
    words = {name: [text or "" for text in rows[name].to_pylist()] for name in texts}
    values = {name: rows[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in numbers}
    return Layer(
        to_metric(found[known], chosen),
        {name: tuple(text for text, keep in zip(column, known, strict=True) if keep) for name, column in words.items()},
        {name: column[known] for name, column in values.items()},
        chosen,
        digest_file(path),
        int((~known).sum()),
    )

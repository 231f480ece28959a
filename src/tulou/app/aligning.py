"""Which datum a layer is on, told by a layer whose datum is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.sources import datum as datums
from tulou.sources.alignment import Alignment, find_datum
from tulou.sources.datum import Datum
from tulou.sources.layers import read_raw
from tulou.sources.mapping import TableMapping


def align(layer: Path, reference: Path, *, names: tuple[str, str] = ("", ""), datum: str = "") -> Alignment:
    """Lay one layer over another under each hypothesis.

    Args:
        layer: File whose datum is asked for.
        reference: File that is known to be right.
        names: Layers of the two files, where they hold several.
        datum: Datum of the reference; what the file says by default.

    Raises:
        BadInput: When a file cannot be read or has no geometry.
        NotEnoughData: When too little of the layer lies near the reference.
    """
    known = datums.named(datum, "--datum") if datum else None
    return find_datum(_shapes(layer, names[0], None), _shapes(reference, names[1], known))


def _shapes(path: Path, layer: str, datum: Datum | None) -> NDArray[np.object_]:
    """Shapes of a layer in longitude and latitude."""
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path))
    raw = read_raw(path, TableMapping("", layer=layer), path.name)
    if raw.shapes is None:
        raise BadInput("the layer has no geometry", where=path.name)
    known = datum or raw.datum or Datum()
    shapes = np.asarray(raw.shapes[~(shapely.is_missing(raw.shapes) | shapely.is_empty(raw.shapes))], object)
    return np.asarray(
        shapely.transform(
            shapely.force_2d(shapes), lambda xy: np.column_stack(datums.to_wgs84(xy[:, 0], xy[:, 1], known))
        ),
        object,
    )

"""One facility mapped twice: a point within an area, or an area within an area, of the same category and name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY, ID
from tulou.sources.osm.survey import Whole

CATEGORY, NAME, PART_OF = "category", "name", "part_of"
AREA = 2
"""Dimensions of an area."""
BETWEEN = "\x1f"


def mark_repeats(rows: pa.Table) -> tuple[pa.Table, list[str]]:
    """Write into ``part_of`` the id of the largest area that shows the same facility; no row is dropped.

    Args:
        rows: Facilities with ``id``, ``geometry``, ``category`` and ``name``.

    Returns:
        The rows with the column ``part_of``, and the ids of those that repeat another.
    """
    whole = np.full(rows.num_rows, -1, np.int64)
    some = _alike(rows)
    if len(some):
        shapes = shapely.from_wkb(rows[GEOMETRY].take(pa.array(some)).to_numpy())
        whole[some] = _container(shapes, _key(rows).take(pa.array(some)), some)
    parts = rows[ID].take(pa.array(whole, mask=whole < 0))
    repeated = np.flatnonzero(whole >= 0)
    return rows.append_column(PART_OF, parts), rows[ID].take(pa.array(repeated)).to_pylist()


def _key(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(rows[CATEGORY], rows[NAME], BETWEEN)


def _alike(rows: pa.Table) -> Whole:
    """Rows that have a category and a name in common with another row."""
    codes = _key(rows).combine_chunks().dictionary_encode().indices
    found = np.asarray(pc.fill_null(codes, -1))
    times = np.bincount(found + 1, minlength=1)
    times[0] = 0
    return np.flatnonzero(times[found + 1] > 1)


def _container(shapes: NDArray[np.object_], key: pa.ChunkedArray, rows: Whole) -> Whole:
    """For each shape the row of the largest area of the same key that it lies in; -1 for none."""
    whole = np.full(len(shapes), -1, np.int64)
    areas = np.flatnonzero(shapely.get_dimensions(shapes) == AREA)
    codes = np.asarray(key.combine_chunks().dictionary_encode().indices)
    size = shapely.area(shapes)
    inner, outer = shapely.STRtree(shapes[areas]).query(shapely.point_on_surface(shapes), predicate="intersects")
    outer = areas[outer]
    fits = (codes[inner] == codes[outer]) & (
        (size[outer] > size[inner]) | ((size[outer] == size[inner]) & (outer < inner))
    )
    inner, outer = inner[fits], outer[fits]
    order = np.lexsort((outer, -size[outer], inner))
    first = np.unique(inner[order], return_index=True)[1]
    whole[inner[order][first]] = rows[outer[order][first]]
    return whole

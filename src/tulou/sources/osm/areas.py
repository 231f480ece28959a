"""Areas out of multipolygon and boundary relations, and the repair of polygons that cross themselves.

The roles of members are not trusted: which ring is a hole follows from the geometry. Edges that two members share
cancel out; rings may be pieced together from many ways and may touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.threads import in_threads
from tulou.sources.osm.rings import ASSEMBLED, HOPELESS, REPAIRED, UNSURE, assemble_all, most_bytes
from tulou.sources.osm.shapes import COUNT, HEAD, STEPS_A_DEGREE, Ways, binary
from tulou.sources.osm.survey import Whole

PIECE = 2048
"""Relations assembled by one task."""
POLYGONS = (3, 6)
"""GEOS numbers of polygon and multipolygon."""


@dataclass(frozen=True, eq=False)
class Members:
    """Way members of area relations.

    Args:
        first: Start of each relation in ``way``.
        way: Row of each member way; negative where the file does not hold it.
    """

    first: Whole
    way: Whole


def assemble(ways: Ways, members: Members, rows: Whole) -> tuple[pa.ChunkedArray, NDArray[np.int8]]:
    """Polygons of some area relations.

    Args:
        ways: All ways.
        members: Way members of all relations.
        rows: The relations wanted.

    Returns:
        Well-known binary (null where there is none), and what became of each.
    """
    state = np.zeros(len(rows), np.int8)

    def one(start: int) -> pa.Array:
        part, marks = rows[start : start + PIECE], state[start : start + PIECE]
        sizes = members.first[part + 1] - members.first[part]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(first[-1]) - np.repeat(first[:-1] - members.first[part], sizes)
        way = members.way[within]
        ends = np.zeros(len(part) + 1, np.int64)
        out = np.empty(len(part) * (HEAD + COUNT) + most_bytes(ways, way), np.uint8)
        assemble_all(ways, first, way, ends[1:], out, marks)
        return binary(ends, out)

    shapes = pa.chunked_array(in_threads(one, range(0, len(rows), PIECE)), pa.binary())
    unsure = np.flatnonzero(state == UNSURE)
    made = np.full(len(unsure), None, np.object_)
    for at, row in enumerate(unsure):
        ring = members.way[members.first[rows[row]] : members.first[rows[row] + 1]]
        made[at], state[row] = _by_geos(ways, ring)
    return put(shapes, unsure, made), state


def put(shapes: pa.ChunkedArray, rows: Whole, fresh: NDArray[np.object_]) -> pa.ChunkedArray:
    """Replace some geometries of an array of well-known binary by shapely ones."""
    if not len(rows):
        return shapes
    mask = np.zeros(len(shapes), np.bool_)
    mask[rows] = True
    return pa.compute.replace_with_mask(shapes, pa.array(mask), pa.array(shapely.to_wkb(fresh), pa.binary()))


def _by_geos(ways: Ways, members: Whole) -> tuple[Any, int]:
    """Area of one relation whose rings touch or cross; every node is known to join an even number of edges."""
    nodes = [ways.node[ways.first[way] : ways.first[way + 1]] for way in members]
    start = np.concatenate([part[:-1] for part in nodes])
    end = np.concatenate([part[1:] for part in nodes])
    low, high = np.minimum(start, end), np.maximum(start, end)
    edges, times = np.unique(np.stack([low, high], 1)[low != high], axis=0, return_counts=True)
    edges = edges[times % 2 == 1]
    places = np.stack([ways.x[edges], ways.y[edges]], -1) / STEPS_A_DEGREE
    lines: Any = shapely.linestrings(places)
    noded = shapely.node(shapely.multilinestrings(lines))
    shape: Any = shapely.build_area(noded)
    if shape.is_empty or shapely.get_type_id(shape) not in POLYGONS:
        return None, HOPELESS
    crossed = shapely.get_num_geometries(noded) > len(edges)
    return shapely.normalize(shape), REPAIRED if crossed else ASSEMBLED


def repair(shapes: pa.Array) -> tuple[NDArray[np.object_], NDArray[np.int8]]:
    """Look at polygons with GEOS and mend those that are invalid, when what comes out is polygonal.

    Args:
        shapes: Well-known binary.

    Returns:
        The geometries (None where there is no polygon in them), and ``ASSEMBLED``, ``REPAIRED`` or ``HOPELESS`` each.
    """
    found = shapely.from_wkb(shapes.to_numpy(zero_copy_only=False), on_invalid="ignore")
    state = np.full(len(found), ASSEMBLED, np.int8)
    wrong = ~shapely.is_valid(found)
    mended = shapely.make_valid(found[wrong], method="structure", keep_collapsed=False)
    fine = np.isin(shapely.get_type_id(mended), POLYGONS) & ~shapely.is_empty(mended)
    found[wrong] = np.where(fine, mended, None)
    state[wrong] = np.where(fine, REPAIRED, HOPELESS)
    return found, state

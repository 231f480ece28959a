"""Areas out of multipolygon and boundary relations, and the repair of polygons that cross themselves.

The roles of members are not trusted: which ring is a hole follows from the geometry. Edges that two members share
cancel out; rings may be pieced together from many ways and may touch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.sources.osm.shapes import STEPS_A_DEGREE, Ways
from tulou.sources.osm.survey import Whole

ASSEMBLED, REPAIRED, LACKS_MEMBERS, LACKS_NODES, OPEN, HOPELESS = range(6)
"""What became of an area."""
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


def assemble(ways: Ways, members: Members, rows: Whole) -> tuple[NDArray[np.object_], NDArray[np.int8]]:
    """Polygons of some area relations.

    Args:
        ways: All ways.
        members: Way members of all relations.
        rows: The relations wanted.

    Returns:
        Shapely geometries (None where there is none), and what became of each.
    """
    shapes = np.full(len(rows), None, np.object_)
    state = np.zeros(len(rows), np.int8)
    for at, row in enumerate(rows):
        shapes[at], state[at] = _one(ways, members.way[members.first[row] : members.first[row + 1]])
    return shapes, state


def _one(ways: Ways, members: Whole) -> tuple[object, int]:
    if not len(members) or members.min() < 0:
        return None, LACKS_MEMBERS
    nodes = [ways.node[ways.first[way] : ways.first[way + 1]] for way in members]
    if min(part.min(initial=0) for part in nodes) < 0:
        return None, LACKS_NODES
    start = np.concatenate([part[:-1] for part in nodes])
    end = np.concatenate([part[1:] for part in nodes])
    low, high = np.minimum(start, end), np.maximum(start, end)
    edges, times = np.unique(np.stack([low, high], 1)[low != high], axis=0, return_counts=True)
    edges = edges[times % 2 == 1]
    if not len(edges):
        return None, HOPELESS
    if np.any(np.unique(edges, return_counts=True)[1] % 2):
        return None, OPEN
    places = np.stack([ways.x[edges], ways.y[edges]], -1) / STEPS_A_DEGREE
    loose = shapely.multilinestrings(shapely.linestrings(places))
    noded = shapely.node(loose)
    shape = shapely.build_area(noded)
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

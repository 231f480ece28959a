"""Area of land inside the union of many buffers, exactly, without ever making that union.

Land is cut into pieces about as large as the reach. A piece that one buffer covers needs nothing more; for the others
what the buffers cut out of it is united. Pieces do not overlap, so their areas add up to the area of the whole.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tulou.kernel.arrays import Shapes
from tulou.kernel.recent import Recent, same_shapes
from tulou.kernel.threads import PIECES, by_rows, in_threads, spans

QUARTER_SEGMENTS = 16
"""Chords in a quarter of a buffer's circle; the disc loses 0.16 % of its area by them."""

LEAST_PIECE = 100.0
"""Pieces of land are not cut smaller than this (m) for speed: a piece costs more than it saves."""

ROOM = 1
"""How much land is kept in pieces for the next measure: the districts of stations are asked for twice in a row."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


_recent: Recent[tuple[Shapes, Shapes]] = Recent(ROOM)


def area_of(land: Shapes) -> Array:
    """Area of each piece of land, m²; NaN where there is none on record."""
    return np.where(shapely.is_missing(land), np.nan, shapely.area(land))


def covered_area(land: Shapes, targets: Shapes, reach: Array) -> Array:
    """Area of each piece of land within reach of a target, m².

    Args:
        land: Polygons.
        targets: Shapes of any kind.
        reach: Reach of each, m; those not from 0 on are left out.
    """
    land = _valid(np.asarray(land, object))
    total = np.zeros(len(land))
    rows = np.flatnonzero(shapely.area(land) > 0)
    chosen = np.flatnonzero((reach >= 0) & ~(shapely.is_missing(targets) | shapely.is_empty(targets)))
    if not len(rows) or not len(chosen):
        return total
    size = max(float(reach[chosen].max()), LEAST_PIECE)
    pieces, of_row = cut(land[rows], size)
    area = _covered(pieces, np.asarray(targets, object)[chosen], reach[chosen])
    total[rows] = np.bincount(of_row, weights=area, minlength=len(rows))
    return total


def cut(shapes: Shapes, size: float) -> tuple[Shapes, Rows]:
    """Cut shapes in halves until no box is wider or higher than ``size``; gives the pieces and the row of each."""
    done, rows_done = [], []
    open_, rows = shapes, np.arange(len(shapes))
    while len(open_):
        box = shapely.bounds(open_)
        span = box[:, 2:] - box[:, :2]
        is_large = span.max(axis=1) > size
        done.append(open_[~is_large])
        rows_done.append(rows[~is_large])
        open_, rows, box, span = open_[is_large], rows[is_large], box[is_large], span[is_large]
        axis = span.argmax(axis=1)
        middle = (box[:, :2] + box[:, 2:])[np.arange(len(box)), axis] / 2
        first, second = box.copy(), box.copy()
        first[np.arange(len(box)), axis + 2] = middle
        second[np.arange(len(box)), axis] = middle
        open_ = by_rows(
            shapely.intersection, np.concatenate([open_, open_]), shapely.box(*np.concatenate([first, second]).T)
        )
        rows = np.concatenate([rows, rows])
        some = shapely.area(open_) > 0
        open_, rows = open_[some], rows[some]
    return np.concatenate(done) if done else shapes, np.concatenate(rows_done) if rows_done else rows


def apart(land: Shapes) -> Shapes:
    """The same land in pieces that do not overlap: those that did are united, the others are left as they are."""
    land = np.asarray(land, object)
    # The land is kept with its pieces, so that its key stays its own.
    return _recent.get(same_shapes(land), lambda: (land.copy(), _apart(land)))[1]


def _apart(land: Shapes) -> Shapes:
    land = _valid(land[area_of(land) > 0])
    one, other = shapely.STRtree(land).query(land, predicate="intersects")
    one, other = one[one < other], other[one < other]
    overlaps = shapely.area(by_rows(shapely.intersection, land[one], land[other])) > 0
    one, other = one[overlaps], other[overlaps]
    if not len(one):
        return land
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(len(land), len(land)))
    count, group = connected_components(graph, directed=False)
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.searchsorted(group[order], np.arange(1, count)))
    found = [land[part[0]] if len(part) == 1 else shapely.union_all(land[part]) for part in parts]
    return np.array(found, object)


def shared_area(shapes: Shapes, cells: Shapes) -> tuple[Rows, Rows, Array]:
    """Pairs of shape and cell that may meet, and the area (m²) they share.

    Args:
        shapes: Polygons; None meets nothing.
        cells: Valid polygons.
    """
    shapes = _valid(np.asarray(shapes, object))
    one, other = shapely.STRtree(cells).query(shapes)

    return one, other, np.asarray(shapely.area(by_rows(shapely.intersection, shapes[one], cells[other])), np.float64)


def _valid(shapes: Shapes) -> Shapes:
    broken = ~(shapely.is_missing(shapes) | by_rows(shapely.is_valid, shapes))
    if broken.any():
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def _covered(pieces: Shapes, targets: Shapes, reach: Array) -> Array:
    """Covered area of each piece."""
    area = np.zeros(len(pieces))
    target, piece = _near_boxes(pieces, targets, reach)
    if not len(target):
        return area
    used, target = np.unique(target, return_inverse=True)
    buffers = by_rows(_buffers, targets[used], reach[used])
    meets, covers = _relations(pieces, buffers, target, piece)
    is_whole = np.zeros(len(pieces), bool)
    is_whole[piece[covers]] = True
    area[is_whole] = shapely.area(pieces[is_whole])
    left = meets & ~is_whole[piece]
    return area + _partly(pieces, buffers, target[left], piece[left])


def _buffers(targets: Shapes, reach: Array) -> Shapes:
    return np.asarray(shapely.buffer(targets, reach, quad_segs=QUARTER_SEGMENTS), object)


def _near_boxes(pieces: Shapes, targets: Shapes, reach: Array) -> tuple[Rows, Rows]:
    """Pairs of target and piece whose boxes, the target's widened by its reach, meet."""
    box = shapely.bounds(targets) + np.column_stack([-reach, -reach, reach, reach])
    found = shapely.STRtree(pieces).query(shapely.box(*box.T))
    return found[0], found[1]


def _relations(pieces: Shapes, buffers: Shapes, target: Rows, piece: Rows) -> tuple[Mask, Mask]:
    """Pairs whose buffer meets the piece, and those whose buffer covers it.

    ``target`` ascends, so that each thread has buffers of its own to prepare.
    """
    edges = np.searchsorted(target, [span.start for span in spans(len(buffers))] + [len(buffers)])
    meets, covers = np.zeros(len(target), bool), np.zeros(len(target), bool)

    def work(k: int) -> None:
        pairs = slice(edges[k], edges[k + 1])
        mine = buffers[target[edges[k]] : target[edges[k + 1] - 1] + 1] if edges[k] < edges[k + 1] else buffers[:0]
        shapely.prepare(mine)
        meets[pairs] = shapely.intersects(buffers[target[pairs]], pieces[piece[pairs]])
        some = np.flatnonzero(meets[pairs]) + edges[k]
        covers[some] = shapely.covers(buffers[target[some]], pieces[piece[some]])
        shapely.destroy_prepared(mine)

    in_threads(work, range(len(edges) - 1))
    return meets, covers


def _partly(pieces: Shapes, buffers: Shapes, target: Rows, piece: Rows) -> Array:
    """Area of each piece inside the union of the buffers it is paired with."""
    order = np.lexsort((target, piece))
    target, piece = target[order], piece[order]
    inside = by_rows(shapely.intersection, pieces[piece], buffers[target])
    parts, first, many = np.unique(piece, return_index=True, return_counts=True)
    area = np.zeros(len(pieces))
    # Pieces with as many buffers as one another make a table, whose rows are united in one call.
    for count in np.unique(many):
        rows = np.flatnonzero(many == count)
        table = inside[first[rows][:, None] + np.arange(count)]
        area[parts[rows]] = np.concatenate(
            in_threads(partial(_united_area, table), spans(len(rows), PIECES * int(np.ceil(count / PIECES))))
        )
    return area


def _united_area(table: Shapes, span: slice) -> Array:
    """Area of the union of each row of shapes."""
    some = table[span]
    union = some[:, 0] if some.shape[1] == 1 else shapely.union_all(some, axis=1)
    return np.asarray(shapely.area(union), np.float64)

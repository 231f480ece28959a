"""Where nodes stand: from node ids along ways to positions in the node table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.threads import in_threads
from tulou.sources.osm.primitives import NOWHERE
from tulou.sources.osm.survey import Whole
from tulou.sources.osm.wire import Int, compiled

ABSENT = np.int32(-1)
PIECE = 1 << 18
"""Node ids looked up by one task."""
BUCKETS_A_NODE = 2


class Index(NamedTuple):
    """Sorted ids with a table that leads close to each.

    Args:
        ids: Ids, ascending.
        first: For each stretch of ids, the position of the first in it.
        shift: Bits of an id within a stretch.
    """

    ids: Whole
    first: NDArray[np.int32]
    shift: int


def index_of(ids: Whole) -> Index:
    """Build the table for ids that ascend."""
    if not len(ids):
        return Index(ids, np.zeros(2, np.int32), 0)
    span = int(ids[-1]) - int(ids[0])
    shift = max(0, span.bit_length() - (BUCKETS_A_NODE * len(ids)).bit_length())
    first = np.zeros((span >> shift) + 2, np.int32)
    _mark(ids, shift, first)
    return Index(ids, first, shift)


@compiled
def _mark(ids: Whole, shift: Int, first: NDArray[np.int32]) -> None:
    """Note for each stretch of ids how many come before it."""
    bucket = 0
    for row in range(len(ids)):
        here = (ids[row] - ids[0]) >> shift
        while bucket < here:
            bucket += 1
            first[bucket] = row
    for rest in range(bucket + 1, len(first)):
        first[rest] = len(ids)


def locate(index: Index, wanted: Whole) -> NDArray[np.int32]:
    """Position of each wanted id, ``ABSENT`` where there is none; side by side in threads."""
    found = np.empty(len(wanted), np.int32)
    pieces = [slice(start, start + PIECE) for start in range(0, len(wanted), PIECE)]
    in_threads(lambda piece: _locate(index, wanted[piece], found[piece]), pieces)
    return found


@compiled
def _locate(index: Index, wanted: Whole, found: NDArray[np.int32]) -> None:
    """Try the neighbour of the last hit first, since ways mostly run along nodes made together."""
    count = len(index.ids)
    last = np.int64(-1)
    for row in range(len(wanted)):
        number = wanted[row]
        found[row] = ABSENT
        if count == 0 or number < index.ids[0] or number > index.ids[count - 1]:
            continue
        if last + 1 < count and index.ids[last + 1] == number:
            last += 1
            found[row] = last
            continue
        bucket = (number - index.ids[0]) >> index.shift
        low, high = np.int64(index.first[bucket]), np.int64(index.first[bucket + 1])
        while low < high:
            middle = (low + high) >> 1
            if index.ids[middle] < number:
                low = middle + 1
            else:
                high = middle
        if low < count and index.ids[low] == number:
            last = low
            found[row] = low


@compiled
def drop_nowhere(found: NDArray[np.int32], x: NDArray[np.int32]) -> Int:
    """Treat nodes with absurd coordinates as absent; how many times one is used."""
    dropped = 0
    for row in range(len(found)):
        if found[row] >= 0 and x[found[row]] == NOWHERE:
            found[row] = ABSENT
            dropped += 1
    return dropped

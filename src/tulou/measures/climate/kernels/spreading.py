"""The kernel of least-cost paths: a queue of buckets of equal width instead of a heap.

Cells wait in the bucket of their cost. The first bucket that holds any is emptied, and what is found from it goes into
the same or a later one. A cell that is found more cheaply afterwards is looked at again, so the answer is exact for
every width; a width near the cheapest move spares nearly all repetition. Buckets are chains of pages, so that what
waits together lies together in memory.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Steps = NDArray[np.int8]
Pages = NDArray[np.int32]
Number: TypeAlias = int | np.integer
NONE = -1
PAGE = 64
"""Cells that one page of a bucket holds."""
PAGES = 256
"""Pages for which there is room at first."""
NEAR = 8
"""Moves to a neighbour; they come first."""


@njit(cache=True, nogil=True, inline="always")
def _wait(
    cell: Number, bucket: Number, head: Pages, fill: Pages, pages: Pages, after: Pages, free: int, used: int
) -> tuple[Pages, Pages, int, int]:
    """Let a cell wait in a bucket, on a new page when its page is full."""
    if fill[bucket] == PAGE:
        if free == NONE:
            if used == len(pages):
                wider = np.empty((2 * used, PAGE), np.int32)
                wider[:used] = pages
                pages, after = wider, np.append(after, np.empty_like(after))
            free, after[used], used = used, NONE, used + 1
        page = free
        free = after[page]
        after[page], head[bucket], fill[bucket] = head[bucket], page, 0
    pages[head[bucket], fill[bucket]] = cell
    fill[bucket] += 1
    return pages, after, free, used


@njit(cache=True, nogil=True)
def spread(cells: Floats, shift: Places, beside: Places, length: Floats, width: float, buckets: int) -> Steps:
    """Cheapest cost of every cell from the nearest source, and the move that led there.

    The first eight moves reach a neighbour and cost their length times the mean of both cells; later ones are moves of
    a knight, which cost their length times the mean of both cells and of the two between.

    Args:
        cells: Cost of each cell so far, 0 at sources and infinite elsewhere, and half of what it costs itself, row by
            row with a margin of infinite ones, shape (n, 2). Out: the first is the cheapest cost.
        shift: How far each move goes along ``cells``, shape (k,).
        beside: How far off the two cells lie that a move passes between, shape (k, 2).
        length: Length of each move, times what it costs more than others, shape (k,).
        width: Cost that one bucket spans.
        buckets: How many there are, a power of two, enough that the dearest move ends within them.

    Returns:
        Number of the last move to each cell; -1 at sources and where none leads.
    """
    moves, mask, rate = len(shift), buckets - 1, 1.0 / width
    last = np.full(len(cells), NONE, np.int8)
    head, fill = np.full(buckets, NONE, np.int32), np.full(buckets, PAGE, np.int32)
    pages, after = np.empty((PAGES, PAGE), np.int32), np.empty(PAGES, np.int32)
    better = np.empty(moves + 1, np.int64)
    free, used, waiting, bucket = NONE, 0, 0, 0
    for source in np.flatnonzero(cells[:, 0] == 0.0):
        pages, after, free, used = _wait(source, 0, head, fill, pages, after, free, used)
        waiting += 1
    while waiting > 0:
        slot = bucket & mask
        while head[slot] != NONE:
            page, waiting = head[slot], waiting - 1
            fill[slot] -= 1
            cell = np.int64(pages[page, fill[slot]])
            if fill[slot] == 0:
                head[slot], fill[slot], after[page], free = after[page], PAGE, free, page
            here, half = cells[cell, 0], cells[cell, 1]
            if np.int64(here * rate) != bucket:  # it was found more cheaply meanwhile
                continue
            count = 0
            for k in range(NEAR):  # without a branch, which would be guessed wrong half the time
                to = np.uint64(cell + shift[k])
                better[count] = k
                count += here + (half + cells[to, 1]) * length[k] < cells[to, 0]
            for k in range(NEAR, moves):
                between = cells[cell + beside[k, 0], 1] + cells[cell + beside[k, 1], 1]
                to = np.uint64(cell + shift[k])
                better[count] = k
                count += here + 0.5 * (half + cells[to, 1] + between) * length[k] < cells[to, 0]
            for place in range(count):
                k = better[place]
                to = np.uint64(cell + shift[k])
                pair = half + cells[to, 1]
                if k >= NEAR:
                    pair = 0.5 * (pair + (cells[cell + beside[k, 0], 1] + cells[cell + beside[k, 1], 1]))
                found = here + pair * length[k]
                cells[to, 0], last[to] = found, k
                into = np.int64(found * rate) & mask
                pages, after, free, used = _wait(to, into, head, fill, pages, after, free, used)
            waiting += count
        bucket += 1
    return last

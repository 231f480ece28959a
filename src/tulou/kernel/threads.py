"""Work spread over threads in fixed pieces: how many threads there are never changes a result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FEW = 64
"""Rows that are done before a thread has started."""

T = TypeVar("T")
R = TypeVar("R")

PIECES = 16
"""Into how many pieces work is cut, whatever the machine."""


def in_threads(work: Callable[[T], R], pieces: Iterable[T]) -> list[R]:
    """Do the work on each piece, in threads; results stand in the order of the pieces."""
    waiting = list(pieces)
    threads = min(thread_count(), len(waiting))
    if threads <= 1:
        return [work(piece) for piece in waiting]
    done: list[Any] = [None] * len(waiting)
    places = iter(range(len(waiting)))

    def take() -> None:
        # Each thread takes the next piece for itself: handing pieces over costs more than many a piece does.
        for place in places:
            done[place] = work(waiting[place])

    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(take) for _ in range(threads - 1)]
        take()
        for other in others:
            other.result()
    return done


def thread_count() -> int:
    """Threads to use: ``NUMBA_NUM_THREADS`` when set, else one for each processor this process may use."""
    wanted = os.environ.get("NUMBA_NUM_THREADS", "")
    if wanted.isdigit():
        return max(int(wanted), 1)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def by_rows(work: Callable[..., NDArray[Any]], *columns: NDArray[Any]) -> NDArray[Any]:
    """Do row-by-row work on columns of one length, in threads; the work must give a row for each row."""
    if len(columns[0]) <= FEW:
        return work(*columns)
    found = in_threads(lambda span: work(*(column[span] for column in columns)), spans(len(columns[0])))
    return np.concatenate(found) if found else work(*columns)


def spans(size: int, pieces: int = PIECES) -> list[slice]:
    """Cut ``size`` rows into consecutive pieces of nearly equal length; none is empty."""
    edges = [size * k // pieces for k in range(pieces + 1)]
    return [slice(a, b) for a, b in pairwise(edges) if b > a]

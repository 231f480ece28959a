"""Covers made small: rows and columns that cannot matter are left out (Toregas & ReVelle, 1973).

A demand whose sites include all sites of another is served whenever the other is. A site that reaches no more than
another need not open. Both again, until nothing changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

MOST_ROWS = 6_000
"""Demands up to which all pairs are compared; beyond, only equal ones are joined."""


def without_dominated(reaches: Mask) -> tuple[Rows, Mask]:
    """The sites that are left, and which of the demands that are left each reaches.

    Args:
        reaches: Which site reaches which demand, (demands, sites); every demand is reached by one.
    """
    left, sites = np.unique(reaches, axis=0), np.arange(reaches.shape[1])
    while True:
        before = left.shape
        if len(left) <= MOST_ROWS:
            left = left[~_includes_another(left)]
        kept = ~_included_in_another(left)
        left, sites = left[:, kept], sites[kept]
        if left.shape == before:
            return sites.astype(np.int64), left


def _includes_another(table: Mask) -> Mask:
    """Rows that hold all that some other row holds; of equal rows the first is not one of them."""
    inside, size = _inside(table), table.sum(axis=1)
    other, row = inside
    equal = size[other] == size[row]
    found = np.zeros(len(table), bool)
    found[row[(other != row) & (~equal | (other < row))]] = True
    return found


def _included_in_another(table: Mask) -> Mask:
    """Columns that hold no more than some other column; of equal columns the first is not one of them."""
    turned = np.ascontiguousarray(table.T)
    size = turned.sum(axis=1)
    column, other = _inside(turned)
    equal = size[other] == size[column]
    found = size == 0
    found[column[(other != column) & (~equal | (other < column))]] = True
    return found


def _inside(table: Mask) -> tuple[Rows, Rows]:
    """Pairs of rows of which the first is inside the second."""
    some = csr_array(table.astype(np.int32))
    shared = (some @ some.T).tocoo()
    holds = shared.data == table.sum(axis=1)[shared.row]
    return shared.row[holds].astype(np.int64), shared.col[holds].astype(np.int64)

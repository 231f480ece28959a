"""Water put into single cells, or taken from them: inflows, edges, nodes of drains."""

from __future__ import annotations

from typing import Any

from numba import njit


@njit(cache=True, nogil=True)
def put_depths(depth: Any, rows: Any, columns: Any, added: Any, moved: Any) -> float:  # noqa: ANN401
    """Put water into cells, one after the other, or take it as far as there is any; gives the largest depth left.

    Args:
        depth: Depth of each cell, changed in place, m.
        rows: Rows.
        columns: Columns.
        added: Depth put, m; taken where negative.
        moved: Where the depth that was put or taken is told, m.
    """
    most = 0.0
    for k in range(rows.size):
        before = float(depth[rows[k], columns[k]])
        depth[rows[k], columns[k]] = max(before + added[k], 0.0)
        after = float(depth[rows[k], columns[k]])
        moved[k] = after - before
        most = max(most, after)
    return most

"""The fewest sites that reach every demand: what cannot matter left out, a bound, a good cover, and a proof.

- *Smaller.* Demands and sites that another makes needless are left out (``covering``).
- *Bound.* Parts of sites may open: the linear programme. Its value is rounded up in each group of sites that shares no
  demand with others.
- *Answer.* Exchanges (``exchanging``). Where they reach the bound, as they mostly do, the answer is proved.
- *Proof.* Else HiGHS searches, told the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csr_array
from scipy.sparse.csgraph import connected_components

from tulou.plan.programme import Programme
from tulou.plan.siting.covering import without_dominated
from tulou.plan.siting.exchanging import good_cover

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]
Array = NDArray[np.float64]

SLACK = 1e-6
"""What a sum of the solver may be above a whole number and still mean it: ten times its tolerance."""
OPEN = 0.5
"""A whole variable above this is one."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Few sites that reach every demand.

    Args:
        open: The sites, ascending.
        bound: With fewer sites it cannot be done.
        is_searched: Whether all that the bound leaves was searched, as far as it was asked for.
    """

    open: Rows
    bound: int
    is_searched: bool = True


def fewest_sites(reaches: Mask, *, gap: float = 0.0, nodes: int | None = None, most: int) -> Cover:
    """The fewest sites that reach every demand.

    Args:
        reaches: Which site reaches which demand, (demands, sites); every demand is reached by one.
        gap: Relative gap that is good enough.
        nodes: Nodes of the search after which the best answer so far is taken.
        most: Pairs that may be left for HiGHS; with more the bound is a rough one and nothing is searched.
    """
    kept, left = without_dominated(reaches)
    if not len(left):
        return Cover(np.empty(0, np.int64), 0)
    is_small = int(np.count_nonzero(left)) <= most
    bound = _relaxed(left) if is_small else _shared(left)
    some = good_cover(left, bound)
    is_proved = len(some) - bound <= gap * len(some)
    if is_small and not is_proved:
        some, bound = _searched(left, some, bound, gap, nodes)
    return Cover(kept[some], bound, is_searched=is_small or is_proved)


def _relaxed(reaches: Mask) -> int:
    """No cover has fewer sites: the linear programme, rounded up by group."""
    solved = _programme(reaches, whole=False).minimise()
    if solved is None:
        return 0
    groups = np.bincount(_groups(reaches), solved.values)
    return int(np.ceil(groups - SLACK).sum())


def _shared(reaches: Mask) -> int:
    """No cover has fewer sites: each demand counts as a part of the largest site that reaches it."""
    size = reaches.sum(axis=0)
    largest = np.where(reaches, size, 0).max(axis=1)
    return int(np.ceil((1.0 / largest).sum() - SLACK))


def _groups(reaches: Mask) -> Rows:
    """The number of the group of each site: sites of different groups share no demand."""
    table = csr_array(reaches)
    _, group = connected_components(bmat([[None, table], [table.T, None]]), directed=False)
    return np.asarray(group[len(reaches) :], np.int64)


def _searched(reaches: Mask, some: Rows, bound: int, gap: float, nodes: int | None) -> tuple[Rows, int]:
    """The better of a cover and of what HiGHS finds, and the better bound."""
    programme = _programme(reaches, whole=True)
    programme.require(np.arange(reaches.shape[1]), 1.0, least=bound)
    solved = programme.minimise(gap=gap, nodes=nodes)
    if solved is None:
        return some, bound
    found = np.flatnonzero(solved.values > OPEN)
    return min(found, some, key=len), max(bound, int(np.ceil(solved.bound - SLACK)))


def _programme(reaches: Mask, *, whole: bool) -> Programme:
    programme = Programme()
    opens = programme.add(reaches.shape[1], cost=1.0, whole=whole)
    demand, site = np.nonzero(reaches)
    programme.require_sums(demand, opens[site], 1.0, least=1.0)
    return programme

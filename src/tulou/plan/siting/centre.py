"""The p-centre: how short can the longest way be with so many sites?

The least distance ``D`` within which ``p`` sites reach every demand that can be reached at all: a bisection over the
distances there are, each step a least number of sites (Minieka, 1970).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tulou.plan.siting.answer import Sites, Siting, check_count
from tulou.plan.siting.models import least_number


@dataclass(frozen=True, eq=False)
class Centre:
    """The sites that make the longest way shortest.

    Args:
        siting: They, and whom they serve.
        longest: The longest way; infinite where so few cannot reach everybody.
        low: No choice has a shorter one; below ``longest`` only where a step was not proved.
    """

    siting: Siting
    longest: float
    low: float


def p_centre(sites: Sites, count: int, *, nodes: int | None = None) -> Centre:
    """Which sites make the longest way of all demands that can be reached shortest?

    Args:
        sites: Demands and sites; weights and capacity are no matter but that a demand without weight is left out.
        count: Sites to open.
        nodes: Nodes of each search after which its best answer so far is taken.

    Raises:
        BadUse: When that many cannot be opened.
    """
    check_count(sites, count)
    asked = replace(sites, distance=sites.distance[sites.weight > 0], weight=sites.weight[sites.weight > 0],
                    capacity=None, load=None)  # fmt: skip
    asked = replace(asked, distance=asked.distance[asked.can_be_served], weight=asked.weight[asked.can_be_served])
    if not len(asked.weight):
        return Centre(least_number(asked), 0.0, 0.0)
    ways = np.unique(asked.distance[asked.reaches])
    low = int(np.searchsorted(ways, asked.distance.min(axis=1).max()))
    high, proved = len(ways) - 1, low
    best: Siting | None = None
    while low < high:
        middle = (low + high) // 2
        found = least_number(replace(asked, reach=float(ways[middle])), nodes=nodes)
        if found.value <= count and not len(found.unserved):
            best, high = found, middle
        else:
            low = middle + 1
            proved = low if found.gap == 0.0 else proved
    if best is None or best.sites.reach > ways[low]:
        best = least_number(replace(asked, reach=float(ways[low])), nodes=nodes)
    longest = float(ways[low]) if best.value <= count else np.inf
    return Centre(best, longest, float(ways[min(proved, low)]))

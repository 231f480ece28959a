"""Catchment searches over fixed pieces of the targets, added up in their order: sums never vary with the threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.threads import in_threads, spans
from tulou.measures.access.kernels import shares
from tulou.measures.access.kernels.kinds import Pairs, Shares, Weigh

Array = NDArray[np.float64]
Search = Callable[[slice, Weigh, Shares], None]

_NONE = np.empty(0)


@dataclass(frozen=True, eq=False)
class Rule:
    """How a catchment weighs distances.

    Args:
        radius: Largest distance.
        bands: Distances at which bands begin, ascending.
        weights: Weight of each band.
        by_selection: Whether places divide themselves among targets (3SFCA).
        only_weights: Whether the sum of weights is all that is wanted: with one band of weight 1, a count.
    """

    radius: float
    bands: Array
    weights: Array
    by_selection: bool = False
    only_weights: bool = False

    @classmethod
    def plain(cls, radius: float, *, only_weights: bool = False) -> Rule:
        """Everything within the radius counts alike."""
        return cls(float(radius), np.zeros(1), np.ones(1), only_weights=only_weights)


def by_pieces(search: Search, targets: int, places: int, rule: Rule) -> Shares:
    """Access of each place (or sum of weights) and demand on each target.

    Args:
        search: Does a span of the targets: adds to access, writes demand.
        targets: Number of targets.
        places: Number of places.
        rule: How distances are weighed.
    """
    selection = (
        _once(search, targets, places, (rule.bands, rule.weights, _NONE, True))[0] if rule.by_selection else _NONE
    )
    return _once(search, targets, places, (rule.bands, rule.weights, selection, rule.only_weights))


def _once(search: Search, targets: int, places: int, weigh: Weigh) -> Shares:
    demand, total = np.zeros(targets), np.zeros(places)

    def work(span: slice) -> Array:
        access = np.zeros(places)
        search(span, weigh, (access, demand))
        return access

    for access in in_threads(work, spans(targets)):
        total += access
    return total, demand


def from_table(pairs: Pairs, people: Array, capacity: Array, rule: Rule) -> Array:
    """Access of each place from a given table of costs.

    Args:
        pairs: Place, target and cost of each pair.
        people: People at each place, 0 where unknown.
        capacity: Capacity of each target.
        rule: How costs are weighed.
    """

    def by_place(ratio: Array, weigh: Weigh) -> Array:
        return _summed(
            lambda span, out: shares.sum_by_place(pairs, span, rule.radius, ratio, weigh, out), pairs, people
        )

    selection = _NONE
    if rule.by_selection:
        selection = by_place(np.ones(len(capacity)), (rule.bands, rule.weights, _NONE, True))
    weigh = (rule.bands, rule.weights, selection, False)
    wanted = _summed(
        lambda span, out: shares.sum_by_target(pairs, span, rule.radius, people, weigh, out), pairs, capacity
    )
    return by_place(np.divide(capacity, wanted, out=np.zeros(len(capacity)), where=wanted > 0), weigh)


def _summed(work: Callable[[tuple[int, int], Array], None], pairs: Pairs, like: Array) -> Array:
    """Sums over fixed pieces of the pairs, added up in their order."""

    def piece(span: slice) -> Array:
        out = np.zeros(len(like))
        work((span.start, span.stop), out)
        return out

    total = np.zeros(len(like))
    for some in in_threads(piece, spans(len(pairs[2]))):
        total += some
    return total

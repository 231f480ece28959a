"""Where to build: p-median, largest cover (MCLP), least number (LSCP), with or without capacity.

With distances ``d``, weights ``w``, reach ``T``, ``y`` = site is open, ``x`` = part of a demand served by a site:

- p-median: least ``Σ w·d·x`` with ``p`` sites open;
- largest cover: most ``Σ w·x`` with ``p`` sites open and ``d ≤ T``;
- least number: least ``Σ y`` such that every demand that can be served is.

In all of them ``Σ x ≤ 1``, ``x ≤ y`` and, with capacity, ``Σ load·x ≤ capacity·y``. What cannot be served, by distance
or for want of capacity, is reported, and never makes a problem unanswerable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from tulou.kernel.errors import NotEnoughData
from tulou.plan.programme import PROVED, Solved
from tulou.plan.siting import answer, exact, heuristic
from tulou.plan.siting.answer import Array, Mask, Method, Rows, Sites, Siting, check_count
from tulou.plan.siting.fewest import fewest_sites
from tulou.plan.siting.uncapacitated import Costs, best_choice

ENOUGH = 1e-7
"""Slack left on what an earlier stage served, for the solver's tolerance."""


def p_median(sites: Sites, count: int, *, whole: bool = True, gap: float = 0.0, nodes: int | None = None) -> Siting:
    """Which sites make the summed way of all demands shortest?

    The least load is left unserved first, where capacity or reach or the number of sites leave any; then the way is
    made short.

    Args:
        sites: Demands and sites.
        count: Sites to open.
        whole: Whether a demand goes to one site as a whole; else it may be split between several.
        gap: Relative gap that is good enough.
        nodes: Nodes of the search after which the best answer so far is taken.

    Raises:
        BadUse: When that many cannot be opened.
    """
    check_count(sites, count)
    if sites.capacity is None and sites.reaches.all():
        return _without_capacity(sites, sites.distance, count, gap, nodes)
    if sites.is_large:
        return _assigned(sites, heuristic.chosen(sites, count, heuristic.summed(sites)), by_distance=True)
    model = exact.model_of(sites, whole=whole)
    model.programme.require(model.opens, 1.0, least=count, most=count)
    wanted = float(sites.loads[sites.can_be_served].sum())
    loads = sites.loads[model.demand]
    pairs = sites.weight[model.demand] * sites.distance[model.demand, model.site]
    if len(model.serves):
        _serve(model, loads, wanted)
    solved = _must(model.programme.minimise(gap=gap, nodes=nodes, cost=exact.costs(model, pairs=pairs)))
    return exact.answer_of(model, solved, solved.value, solved.gap)


def max_cover(sites: Sites, count: int, *, gap: float = 0.0, nodes: int | None = None) -> Siting:
    """Which sites serve the largest weight within reach?

    Args:
        sites: Demands and sites, with the reach.
        count: Sites to open.
        gap: Relative gap that is good enough.
        nodes: Nodes of the search after which the best answer so far is taken.

    Raises:
        BadUse: When that many cannot be opened.
    """
    check_count(sites, count)
    if sites.capacity is None:
        found = _without_capacity(sites, heuristic.uncovered(sites), count, gap, nodes)
        served, missed = float(sites.weight @ found.share), found.value
        return replace(found, value=served, gap=(found.gap or 0.0) * missed / max(served, PROVED))
    if sites.is_large:
        return _assigned(sites, heuristic.chosen(sites, count, heuristic.uncovered(sites)), by_distance=False)
    model = exact.model_of(sites, whole=False)
    model.programme.require(model.opens, 1.0, most=count)
    cost = exact.costs(model, pairs=-sites.weight[model.demand])
    solved = _must(model.programme.minimise(gap=gap, nodes=nodes, cost=cost))
    return exact.answer_of(model, solved, -solved.value, solved.gap)


def least_number(sites: Sites, *, gap: float = 0.0, nodes: int | None = None) -> Siting:
    """How many sites, and which, serve every demand that can be served?

    With capacity the largest load is served first, then with the fewest sites.

    Args:
        sites: Demands and sites, with the reach.
        gap: Relative gap that is good enough.
        nodes: Nodes of the search after which the best answer so far is taken.
    """
    if sites.capacity is None:
        return _fewest(sites, gap, nodes)
    if sites.is_large:
        return _greedy_cover(sites)
    model = exact.model_of(sites, whole=False)
    if len(model.serves):
        _serve(model, sites.loads[model.demand], float(sites.loads[sites.can_be_served].sum()))
    solved = _must(model.programme.minimise(gap=gap, nodes=nodes, cost=exact.costs(model, opens=1.0)))
    return exact.answer_of(model, solved, solved.value, solved.gap)


@dataclass(frozen=True)
class Step:
    """What one more site brings.

    Args:
        count: Sites open.
        siting: The best choice of that many.
        gain: Weight served more than with one fewer.
    """

    count: int
    siting: Siting
    gain: float


def marginal_benefit(sites: Sites, most: int, *, gap: float = 0.0) -> list[Step]:
    """How much does each further site bring, when every number of sites is placed as well as it can be?

    Args:
        sites: Demands and sites, with the reach.
        most: Largest number of sites to open, beside those that are open.
        gap: Relative gap that is good enough.
    """
    opened = list(sites.opened)
    before = float(sites.weight[sites.reaches[:, opened].any(axis=1)].sum()) if opened else 0.0
    if opened and sites.capacity is not None:
        before = max_cover(sites, len(opened), gap=gap).served
    steps: list[Step] = []
    for count in range(len(opened) + 1, min(len(opened) + most, sites.distance.shape[1]) + 1):
        siting = max_cover(sites, count, gap=gap)
        steps.append(Step(count, siting, siting.served - before))
        before = siting.served
    return steps


def _without_capacity(sites: Sites, cost: Array, count: int, gap: float, nodes: int | None) -> Siting:
    """The best sites at some cost of each pair, with the bound that is known."""
    asked = Costs(cost, sites.weight, sites.opened)
    found = best_choice(asked, count, gap=gap, nodes=nodes, most=answer.MOST_PAIRS)
    siting = heuristic.answer_of(sites, found.open.tolist(), found.value)
    return replace(siting, gap=found.gap, method="exact" if found.is_searched else "heuristic")


def _fewest(sites: Sites, gap: float, nodes: int | None) -> Siting:
    """The fewest sites that reach every demand that can be reached."""
    opened = list(sites.opened)
    left = sites.can_be_served & ~_reached(sites, opened)
    found = fewest_sites(sites.reaches[left], gap=gap, nodes=nodes, most=answer.MOST_PAIRS)
    some = sorted([*opened, *found.open.tolist()])
    lacking = (len(found.open) - found.bound) / max(len(some), 1)
    method: Method = "exact" if found.is_searched else "heuristic"
    return replace(heuristic.answer_of(sites, some, float(len(some))), gap=lacking, method=method)


def _serve(model: exact.Model, loads: Array, wanted: float) -> None:
    """Require what can be served to be served: all of it, or as much as capacity, reach and number of sites allow."""
    served = wanted
    if model.sites.capacity is not None or not model.sites.reaches.all():
        first = _must(model.programme.minimise(cost=exact.costs(model, pairs=-loads)))
        served = min(-first.value, wanted)
    if served >= wanted * (1.0 - PROVED):
        model.programme.require_sums(*_compact(model), 1.0, least=1.0)
    else:
        model.programme.require(model.serves, loads, least=served - ENOUGH * max(served, 1.0))


def _compact(model: exact.Model) -> tuple[Rows, Rows]:
    """Rows of demands that can be served, numbered without holes, and the variables in them."""
    return np.unique(model.demand, return_inverse=True)[1].astype(np.int64), model.serves


def _assigned(sites: Sites, some: list[int], *, by_distance: bool) -> Siting:
    """Whom the sites that a heuristic chose serve; with capacity by a transport programme over those sites alone."""
    site, away = heuristic.nearest_open(sites, some)
    reached = site >= 0
    value = float(sites.weight[reached] @ (away[reached] if by_distance else np.ones(reached.sum())))
    if sites.capacity is None:
        return heuristic.answer_of(sites, some, value)
    fewer = replace(
        sites, distance=sites.distance[:, some], capacity=sites.capacity[some], opened=tuple(range(len(some)))
    )
    model = exact.model_of(fewer, whole=False)
    _serve(model, fewer.loads[model.demand], float(fewer.loads[fewer.can_be_served].sum()))
    pairs = fewer.weight[model.demand] * fewer.distance[model.demand, model.site]
    solved = _must(model.programme.minimise(cost=exact.costs(model, pairs=pairs if by_distance else -1.0)))
    found = exact.answer_of(model, solved, 0.0, 0.0)
    site = np.where(found.site >= 0, np.asarray(some, np.int64)[found.site], -1)
    value = solved.value if by_distance else float(sites.weight @ found.share)
    return Siting(tuple(sorted(some)), site, value, None, "heuristic", found.share, sites)


def _greedy_cover(sites: Sites) -> Siting:
    """Open the site that reaches most of what is left, until nothing is left that can be served; then for capacity."""
    some = list(sites.opened)
    left = sites.can_be_served & ~_reached(sites, some)
    while left.any():
        gains = sites.reaches[left].sum(axis=0)
        some.append(int(gains.argmax()))
        left &= ~sites.reaches[:, some[-1]]
    some = _with_capacity(sites, some)
    return replace(_assigned(sites, some, by_distance=False), value=float(len(some)))


def _with_capacity(sites: Sites, some: Iterable[int]) -> list[int]:
    """Open more sites, the largest first, while that leaves less unserved."""
    capacity = sites.capacity if sites.capacity is not None else np.zeros(sites.distance.shape[1])
    found = list(some)
    rest = [int(site) for site in np.argsort(-capacity, kind="stable") if site not in found]
    lacking = _assigned(sites, found, by_distance=False).deficit
    for site in rest:
        if lacking <= ENOUGH:
            break
        tried = _assigned(sites, [*found, site], by_distance=False).deficit
        if tried < lacking - ENOUGH:
            found, lacking = [*found, site], tried
    return found


def _reached(sites: Sites, some: list[int]) -> Mask:
    return np.asarray(sites.reaches[:, some].any(axis=1) if some else np.zeros(len(sites.weight), bool))


def _must(solved: Solved | None) -> Solved:
    """These programmes always have an answer: serving nobody is one."""
    if solved is None:
        raise NotEnoughData("the solver found no answer", where="siting")
    return solved

"""Siting where a proof would take too long: greedy, then exchanges of one open site against one closed.

What comes out is a good answer without a bound, and says so.
"""

from __future__ import annotations

import numpy as np

from tulou.plan.siting.answer import Array, Rows, Sites, Siting
from tulou.plan.siting.uncapacitated import Costs, good_choice


def chosen(sites: Sites, count: int, cost: Array) -> list[int]:
    """Sites that are good while capacity is no matter.

    Args:
        sites: What is asked.
        count: Sites to open.
        cost: Cost of a unit of weight for each pair.
    """
    return [int(site) for site in good_choice(Costs(cost, sites.weight, sites.opened), count)]


def summed(sites: Sites) -> Array:
    """Distance of each pair; a demand that none reaches costs more than any way."""
    far = np.where(sites.reaches, sites.distance, np.nan)
    beyond = float(np.nanmax(far, initial=0.0)) * len(sites.weight) + 1.0
    return np.where(sites.reaches, sites.distance, beyond)


def uncovered(sites: Sites) -> Array:
    """0 where a site reaches a demand, else 1."""
    return np.where(sites.reaches, 0.0, 1.0)


def nearest_open(sites: Sites, some: list[int]) -> tuple[Rows, Array]:
    """The nearest open site of each demand (-1 for none within reach), and the distance to it."""
    if not some:
        return np.full(len(sites.weight), -1, np.int64), np.full(len(sites.weight), np.inf)
    reached = np.where(sites.reaches[:, some], sites.distance[:, some], np.inf)
    place = reached.argmin(axis=1)
    away = reached[np.arange(len(place)), place]
    site = np.where(np.isfinite(away), np.asarray(some, np.int64)[place], -1)
    return site, away


def answer_of(sites: Sites, some: list[int], value: float) -> Siting:
    """The siting that a choice means, without a bound."""
    site, _ = nearest_open(sites, some)
    return Siting(tuple(sorted(some)), site, value, None, "heuristic", (site >= 0).astype(float), sites)

"""Siting where a proof would take too long: greedy, then exchanges of one open site against one closed.

What comes out is a good answer without a bound, and says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tulou.plan.siting.answer import Array, Rows, Sites, Siting

Score = Callable[[list[int]], float]
"""How bad a choice of open sites is."""

LEAST_GAIN = 1e-9
"""An exchange that gains a smaller part of the score is rounding, not progress."""


def chosen(sites: Sites, count: int, score: Score) -> list[int]:
    """Open sites one by one, each time the one that helps most, then exchange pairs while that helps.

    Args:
        sites: What is asked.
        count: Sites to open.
        score: How bad a choice is.
    """
    every = range(sites.distance.shape[1])
    found = list(sites.opened)
    while len(found) < count:
        rest = [site for site in every if site not in found]
        found.append(min(rest, key=lambda site: (score([*found, site]), site)))
    return _exchanged(found, [site for site in every if site not in found], len(sites.opened), score)


def _exchanged(found: list[int], closed: list[int], kept: int, score: Score) -> list[int]:
    best = score(found)
    improved = True
    while improved:
        improved = False
        for place in range(kept, len(found)):
            for other in list(closed):
                tried = [*found[:place], other, *found[place + 1 :]]
                new = score(tried)
                if new < best - LEAST_GAIN * max(abs(best), 1.0):
                    closed.remove(other)
                    closed.append(found[place])
                    found, best, improved = tried, new, True
    return sorted(found)


def summed_distance(sites: Sites) -> Score:
    """Weight times distance to the nearest open site; a demand that none reaches costs more than any way."""
    far = np.where(sites.reaches, sites.distance, np.nan)
    beyond = float(np.nanmax(far, initial=0.0)) * len(sites.weight) + 1.0
    filled = np.where(sites.reaches, sites.distance, beyond)
    return lambda some: float(sites.weight @ filled[:, some].min(axis=1))


def uncovered(sites: Sites) -> Score:
    """Weight that no open site reaches."""
    return lambda some: float(sites.weight[~sites.reaches[:, some].any(axis=1)].sum())


def nearest_open(sites: Sites, some: list[int]) -> tuple[Rows, Array]:
    """The nearest open site of each demand (-1 for none within reach), and the distance to it."""
    reached = np.where(sites.reaches[:, some], sites.distance[:, some], np.inf)
    place = reached.argmin(axis=1)
    away = reached[np.arange(len(place)), place]
    site = np.where(np.isfinite(away), np.asarray(some, np.int64)[place], -1)
    return site, away


def answer_of(sites: Sites, some: list[int], value: float) -> Siting:
    """The siting that a choice means, without a bound."""
    site, _ = nearest_open(sites, some)
    return Siting(tuple(sorted(some)), site, value, None, "heuristic", (site >= 0).astype(float), sites)

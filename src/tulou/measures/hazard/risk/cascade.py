"""Cascades: how likely what fails makes other things fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from tulou.kernel.errors import BadInput, BadUse

MOST_OPEN = 20
"""Most things whose failure must be kept apart at once; each doubles the work."""
LEAST_CHANCE = 1e-9
"""A path less likely than this is not told."""


@dataclass(frozen=True)
class Link:
    """One failure that makes another.

    Args:
        cause: What fails first.
        effect: What fails then.
        chance: How likely, given that the first failed.
    """

    cause: str
    effect: str
    chance: float


@dataclass(frozen=True)
class Path:
    """A chain of failures.

    Args:
        steps: What fails, in order.
        chance: Product of the chances along it.
    """

    steps: tuple[str, ...]
    chance: float


def failure_chances(links: Sequence[Link], start: str) -> dict[str, float]:
    """How likely does each thing fail once one has failed?

    A thing fails by each of its failed causes independently; causes that hang on a common one are not taken for
    independent: failures of what still matters are kept apart in all their combinations, so the chances are exact.

    Args:
        links: The links, without circles.
        start: What failed.

    Returns:
        Chances by name, in the order of the cascade; things that cannot fail by it are absent.

    Raises:
        BadInput: When a chance is not from 0 to 1, a link stands twice, or links go round in a circle.
        BadUse: When the start is not linked to anything, or too much would have to be kept apart.
    """
    order = _order(links)
    if start not in order:
        raise BadUse("nothing hangs on this", where="start", found=start, allowed=order)
    causes: dict[str, dict[str, float]] = {name: {} for name in order}
    last: dict[str, str] = {}
    place = {name: at for at, name in enumerate(order)}
    for link in links:
        causes[link.effect][link.cause] = link.chance
        later = last.get(link.cause, link.effect)
        last[link.cause] = max(later, link.effect, key=place.__getitem__)
    worlds: dict[frozenset[str], float] = {frozenset(): 1.0}
    found: dict[str, float] = {}
    for name in order:
        worlds, chance = _step(worlds, name, causes[name], is_start=name == start)
        if chance > 0:
            found[name] = chance
        gone = {one for one, until in last.items() if until == name} | ({name} if name not in last else set())
        worlds = _merged(worlds, gone)
        if max(map(len, worlds)) > MOST_OPEN:
            raise BadUse("too many failures hang on one another", where=name, allowed=(f"at most {MOST_OPEN}",))
    return found


def likeliest_paths(links: Sequence[Link], start: str, count: int) -> list[Path]:
    """Which chains of failures are the likeliest?

    Args:
        links: The links, without circles.
        start: What failed.
        count: Most chains told.

    Returns:
        Chains that lead on to nothing else, the likeliest first.
    """
    _order(links)
    after: dict[str, list[Link]] = {}
    for link in links:
        after.setdefault(link.cause, []).append(link)
    open_paths, found = [Path((start,), 1.0)], []
    while open_paths:
        path = open_paths.pop()
        onward = [link for link in after.get(path.steps[-1], ()) if path.chance * link.chance >= LEAST_CHANCE]
        if not onward and len(path.steps) > 1:
            found.append(path)
        open_paths += [Path((*path.steps, link.effect), path.chance * link.chance) for link in onward]
    return sorted(found, key=lambda one: (-one.chance, one.steps))[:count]


def _order(links: Sequence[Link]) -> list[str]:
    seen: set[tuple[str, str]] = set()
    graph: dict[str, set[str]] = {}
    for link in links:
        where = f"{link.cause} → {link.effect}"
        if not 0 <= link.chance <= 1:
            raise BadInput("a chance lies between 0 and 1", where=where, found=link.chance)
        if (link.cause, link.effect) in seen:
            raise BadInput("this link stands here twice", where=where)
        seen.add((link.cause, link.effect))
        graph.setdefault(link.effect, set()).add(link.cause)
        graph.setdefault(link.cause, set())
    try:
        return list(TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)}).static_order())
    except CycleError as error:
        raise BadInput("links go round in a circle", where="cascade", found=" → ".join(error.args[1])) from None


def _step(
    worlds: dict[frozenset[str], float], name: str, causes: dict[str, float], *, is_start: bool
) -> tuple[dict[frozenset[str], float], float]:
    """Let one thing fail or not in each world."""
    found: dict[frozenset[str], float] = {}
    chance = 0.0
    for failed, weight in worlds.items():
        spared = 0.0 if is_start else 1.0
        for cause, likely in causes.items():
            if cause in failed and not is_start:
                spared *= 1.0 - likely
        fails = 1.0 - spared
        chance += weight * fails
        for world, part in ((failed | {name}, fails), (failed, spared)):
            if part:
                found[world] = found.get(world, 0.0) + weight * part
    return found, chance


def _merged(worlds: dict[frozenset[str], float], gone: set[str]) -> dict[frozenset[str], float]:
    found: dict[frozenset[str], float] = {}
    for failed, weight in worlds.items():
        left = failed - gone
        found[left] = found.get(left, 0.0) + weight
    return found

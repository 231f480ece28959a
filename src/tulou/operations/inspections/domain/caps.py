"""Caps on visits: how often an enterprise may be visited in a year by each level, and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tulou.kernel.words import Words


@dataclass(frozen=True)
class InspectionKind:
    """A kind of inspection.

    Args:
        id: Its id.
        title: Its name.
        is_capped: Whether it counts towards the caps.
    """

    id: str
    title: Words
    is_capped: bool


@dataclass(frozen=True)
class Caps:
    """How many visits an enterprise may have in a calendar year.

    Args:
        levels: Most visits of each level of government.
        total: Most visits in all.
        source: Where that comes from.
        evidence: How well it is evidenced.
    """

    levels: Mapping[str, int]
    total: int
    source: str
    evidence: str


@dataclass(frozen=True)
class Visited:
    """A visit that took place.

    Args:
        enterprise: Credit code.
        levels: Levels of the bodies that came.
        kind: Kind of inspection.
        case: Case it is recorded in.
    """

    enterprise: str
    levels: frozenset[str]
    kind: str
    case: str = ""


@dataclass(frozen=True)
class Breach:
    """An enterprise that was visited more often than it may be.

    Args:
        enterprise: Credit code.
        level: Level whose cap is exceeded; empty for the total.
        visits: Visits that count.
        most: The cap.
    """

    enterprise: str
    level: str
    visits: int
    most: int


def counted(visits: Iterable[Visited], kinds: Mapping[str, InspectionKind]) -> dict[str, Counter[str]]:
    """Visits that count, by enterprise and level; the total stands under the empty name. A joint visit counts once.

    A visit of a kind nobody declared counts: an exemption is stated, never presumed.
    """
    found: dict[str, Counter[str]] = {}
    for one in visits:
        if one.kind in kinds and not kinds[one.kind].is_capped:
            continue
        table = found.setdefault(one.enterprise, Counter())
        table.update({"": 1, **dict.fromkeys(one.levels, 1)})
    return found


def breaches(visits: Iterable[Visited], kinds: Mapping[str, InspectionKind], caps: Caps) -> list[Breach]:
    """Which enterprises were visited more often than they may be?"""
    found = []
    for code, table in sorted(counted(visits, kinds).items()):
        limits = {**caps.levels, "": caps.total}
        found += [Breach(code, level, table[level], most) for level, most in limits.items() if table[level] > most]
    return found


def room(before: Mapping[str, int], level: str, caps: Caps) -> int:
    """How many more visits may a level make to an enterprise this year?

    Args:
        before: Visits of this year by level, the total under the empty name.
        level: The level.
        caps: The caps.
    """
    most = caps.levels.get(level, caps.total)
    return max(min(most - before.get(level, 0), caps.total - before.get("", 0)), 0)

"""Joint visits: several bodies come together once instead of one after the other (综合查一次)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Needs = Mapping[str, Mapping[str, int]]
"""Visits that each enterprise needs of each body: ``{enterprise: {body: visits}}``."""


@dataclass(frozen=True)
class Joined:
    """What joining saves.

    Args:
        separate: Visits when each body comes by itself.
        joint: Visits when bodies come together wherever they can.
    """

    separate: int
    joint: int

    @property
    def saved(self) -> float:
        """Share of visits that is saved; 0 where there are none."""
        return 1 - self.joint / self.separate if self.separate else 0.0


def visits_of(needs: Mapping[str, int], alone: frozenset[str] = frozenset()) -> tuple[tuple[str, ...], ...]:
    """With which bodies does each visit to one enterprise happen, in as few visits as there can be?

    ``visits = max over bodies that may join + Σ of those that come alone``: no body can do two of its visits in one,
    and all others find room in those of the body that needs most.

    Args:
        needs: Visits needed of each body.
        alone: Bodies whose visits cannot be joined.

    Returns:
        The bodies of each visit; the fullest visits first, then those of bodies that come alone.
    """
    joining = {body: count for body, count in needs.items() if body not in alone and count > 0}
    most = max(joining.values(), default=0)
    together = [tuple(body for body, count in joining.items() if count > at) for at in range(most)]
    apart = [(body,) for body, count in needs.items() if body in alone for _ in range(count)]
    return (*together, *apart)


def joined(needs: Needs, alone: frozenset[str] = frozenset()) -> Joined:
    """How many visits are there one by one, and how many when bodies join?"""
    separate = sum(sum(one.values()) for one in needs.values())
    return Joined(separate, sum(len(visits_of(one, alone)) for one in needs.values()))

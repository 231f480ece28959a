"""A pattern that was looked for in the data, and what was seen; whether it is an alert is judged over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tulou.diagnosis.quality.chance import holm

KINDS = ("heaping", "denominators", "corrections", "revisions", "digits", "repeats")
"""What is looked for, in the order in which it is told."""


@dataclass(frozen=True)
class Pattern:
    """One look at the data.

    Args:
        kind: One of ``KINDS``.
        subject: Indicator, or ``entity.attribute``.
        level: Level of the units looked at; empty for objects and commits.
        statistic: Name of the test.
        chance: How likely as much or more is seen when nothing is wrong.
        seen: Counts and sizes, by name.
        objects: Units, objects or commits to look at first.
        adjusted: ``chance`` adjusted for all looks that were made (Holm); 1 before they are judged together.
    """

    kind: str
    subject: str
    level: str
    statistic: str
    chance: float
    seen: Mapping[str, float]
    objects: tuple[str, ...] = ()
    adjusted: float = field(default=1.0, compare=False)


@dataclass(frozen=True)
class Alerts:
    """All looks at a city, judged together.

    Args:
        raised: Patterns too unlikely to be chance at the level asked for, the least likely first.
        looked: Every look that was made, by kind and subject.
        level: Greatest chance of any false alarm among all looks together.
    """

    raised: tuple[Pattern, ...]
    looked: tuple[Pattern, ...]
    level: float


def judged(patterns: Iterable[Pattern], level: float) -> Alerts:
    """Judge many looks together, so that looking often does not make alarms.

    Args:
        patterns: All looks that were made, those that saw nothing included.
        level: Greatest chance of any false alarm among them.
    """
    held = sorted(patterns, key=lambda one: (KINDS.index(one.kind), one.subject, one.level))
    adjusted = holm([one.chance for one in held]) if held else []
    looked = tuple(replace(one, adjusted=chance) for one, chance in zip(held, adjusted, strict=True))
    raised = sorted((one for one in looked if one.adjusted <= level), key=lambda one: one.chance)
    return Alerts(tuple(raised), looked, level)

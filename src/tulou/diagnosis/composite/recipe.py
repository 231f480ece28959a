"""What a composite score is made of, as a rulebook declares it: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from tulou.diagnosis.composite.outliers import OutlierRule
from tulou.kernel.words import Words

Policy = Literal["refuse", "leave_out", "mean", "median", "peers"]

POLICIES: tuple[Policy, ...] = ("refuse", "leave_out", "mean", "median", "peers")
"""What is done where a component is unknown: the unit has no score; its weight goes to the others of its group; the
mean or median of the known units stands in; or the mean of the known units of the same unit above."""
UNIT_LEVELS = ("community", "block", "district", "city")
"""What may be scored: areas and the bodies that answer for them."""
PERSONS = ("person", "resident", "household", "dwelling", "building", "worker", "requester")
"""What is never scored: natural persons, and what is so small that it stands for some."""


@dataclass(frozen=True)
class Component:
    """One indicator of a composite.

    Args:
        name: Its key, unique in the composite.
        title: Its title.
        weight: Its weight among the parts of its group.
        indicator: Id of the indicator.
        variant: Which answer; the official one has the empty name.
        better: ``higher`` or ``lower``.
        ends: Parameter that holds its target or goalposts; empty for the pass mark of the check, or for none.
        is_logged: Whether logarithms are taken of values and ends before they are scaled.
        where: File and line.
    """

    name: str
    title: Words
    weight: float
    indicator: str
    variant: str = ""
    better: str = "higher"
    ends: str = ""
    is_logged: bool = False
    where: str = ""


@dataclass(frozen=True)
class Group:
    """Components or groups that are averaged.

    Args:
        name: Its key, unique in the composite.
        title: Its title.
        weight: Its weight among the parts of the group above.
        average: ``arithmetic``, ``geometric`` or ``harmonic``.
        parts: What is averaged.
        where: File and line.
    """

    name: str
    title: Words
    weight: float
    average: str
    parts: tuple[Part, ...]
    where: str = ""


Part: TypeAlias = Component | Group


@dataclass(frozen=True)
class Gaps:
    """What is done where a component is unknown.

    Args:
        policy: One of ``POLICIES``.
        at_least: Percent of the weight that must be known for a unit to be scored.
    """

    policy: Policy = "refuse"
    at_least: float = 100.0


@dataclass(frozen=True)
class Uncertainty:
    """Which choices are varied, and how often.

    Args:
        draws: How many times the score is worked out.
        seed: Of the random numbers.
        quantiles: Percent: the ends of the intervals.
        weights: Percent by which each weight may be larger or smaller; 0 for none.
        scales: Scales to choose from, that of the composite among them.
        averages: Averages to choose from; ``declared`` stands for those of the composite.
        averages_of: Which groups they are tried in: ``all``, or ``upper`` for those that hold groups.
        outliers: Numbers of values that may be drawn in, to choose from; those of the composite when empty.
        figures: Whether figures with bounds are drawn between them.
    """

    draws: int
    seed: int
    quantiles: tuple[float, float]
    weights: float = 0.0
    scales: tuple[str, ...] = ()
    averages: tuple[str, ...] = ()
    averages_of: str = "all"
    outliers: tuple[int, ...] = ()
    figures: bool = False


@dataclass(frozen=True)
class Sensitivity:
    """How the share of each choice in the uncertainty is worked out.

    Args:
        draws: Size of each of the two samples, a power of two.
    """

    draws: int


@dataclass(frozen=True)
class Composite:
    """A composite score.

    Args:
        name: Its key.
        title: Its title.
        level: Level whose units are scored.
        top: The tree of groups and components.
        scale: How components are put onto one scale.
        lowest: What the worst unit gets on the scales ``minmax`` and ``rank``.
        outliers: When outliers are treated; None for never.
        gaps: What is done where a component is unknown.
        uncertainty: What is varied; None for nothing.
        sensitivity: How shares of the uncertainty are worked out; None for not at all.
        since: First day it may be used; None for always.
        about: What a reader must know.
        weights_from: Who set the weights, and where that stands.
        evidence: How well the weights are evidenced.
        rulebook: Rulebook that asks for it.
        where: File and line.
    """

    name: str
    title: Words
    level: str
    top: Group
    scale: str
    lowest: float
    outliers: OutlierRule | None
    gaps: Gaps
    uncertainty: Uncertainty | None
    sensitivity: Sensitivity | None
    weights_from: Words
    evidence: str
    since: date | None = None
    about: Words | None = None
    rulebook: str = ""
    where: str = ""

"""What a report is made of: results, findings, units and layers, in plain shapes that any check can be turned into."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.publish.drawing.ground import Layers
from tulou.publish.report.planned import Planned

NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Mark:
    """A pass mark or reference value.

    Args:
        way: ``at_least``, ``at_most``, ``between`` or ``exactly``.
        value: The mark; the lower one for ``between``.
        upper: The upper one for ``between``.
        basis: Standard and clause.
        evidence: ``sourced``, ``derived``, ``memory`` or ``none``.
        judges: Whether it decides pass or fail.
    """

    way: str
    value: float
    upper: float = math.nan
    basis: str = ""
    evidence: str = "none"
    judges: bool = False


@dataclass(frozen=True)
class Definition:
    """What a report needs to know of one indicator.

    Args:
        id: Its id.
        code: Its number in the catalogue.
        title: Its title.
        question: What it asks.
        dimension: Key of its dimension.
        level: Finest level it is reported for.
        unit: Its unit.
        better: ``higher``, ``lower`` or ``neither``.
        clauses: Numbers of the clauses it serves.
        lists: Official lists that hold it.
        note: What a reader must know.
        verified: Who checked it; empty for nobody.
        variants: Titles of its variants by name.
    """

    id: str
    code: str
    title: Words
    question: Words
    dimension: str
    level: str
    unit: str
    better: str = "neither"
    clauses: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    note: Words = NO_WORDS
    verified: str = ""
    variants: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """One indicator of one unit.

    Args:
        indicator: Id of the indicator.
        unit: Id of the unit.
        variant: Name of the variant; empty for the main one.
        status: ``pass``, ``fail``, ``to_confirm``, ``reference`` or ``not_assessed``.
        value: NaN where not assessed.
        numerator: What counts.
        denominator: What it is a part of.
        known: Percent known.
        low: Lower bound where estimated.
        high: Upper bound.
        estimate: Whether an input was estimated.
        mark: What it was judged by or compared with.
        reason: Why no verdict was given.
        lacks: Inputs that lack, as ``entity.attribute``.
    """

    indicator: str
    unit: str
    status: str
    value: float = math.nan
    variant: str = ""
    numerator: float = math.nan
    denominator: float = math.nan
    known: float = math.nan
    low: float = math.nan
    high: float = math.nan
    estimate: bool = False
    mark: Mark | None = None
    reason: Words = NO_WORDS
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One located failure.

    Args:
        indicator: Id of the indicator.
        unit: Id of the unit it lies in.
        objects: Ids of the objects concerned.
        place: East and north in metres; None when it has no place.
        spots: Places of its objects, where it has several.
        people: People concerned; NaN when unknown.
        people_estimate: Whether that is an estimate.
        cause: Why, where it can be told.
        owner: Who answers for it.
        detail: What is wrong, in one sentence.
        value: Value of the unit or object.
        status: ``fail``, or ``to_confirm`` where more data could turn it round.
    """

    indicator: str
    unit: str
    objects: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    spots: tuple[tuple[float, float], ...] = ()
    people: float = math.nan
    people_estimate: bool = False
    cause: Words = NO_WORDS
    owner: Words = NO_WORDS
    detail: Words = NO_WORDS
    value: float = math.nan
    status: str = "fail"


@dataclass(frozen=True)
class Unit:
    """One unit of the hierarchy.

    Args:
        id: Its id.
        level: Its level.
        name: Its name.
        derived: Whether its boundary was derived from the street network.
    """

    id: str
    level: str
    name: str
    derived: bool = False


@dataclass(frozen=True, eq=False)
class Material:
    """All that one report is made of.

    Args:
        city: The city's name.
        day: Day of the check, as ISO text.
        commit: Last commit that counted; None for all.
        rulebook: Title of the rulebook.
        version: Its version.
        dimensions: Titles of the dimensions, in order.
        definitions: The indicators asked.
        results: Their results.
        findings: Located failures.
        units: The units, with ``shapes`` aligned.
        shapes: Shapes of the units, None where unknown.
        layers: Shapes for the base of maps.
        chains: How each indicator was computed, as pairs of words (label, text).
        names: Titles of entities and attributes, for ``entity.attribute``.
        synthetic: Whether the city was generated.
        credits: Credit lines.
        objects: How many objects of each entity are on record.
        barriers: How many objects pass in a straight line and fail on foot, by indicator.
        maker: Name and version of the program.
        planned: What a plan made for this check says; None when none was.
    """

    city: str
    day: str
    rulebook: Words
    version: str
    definitions: tuple[Definition, ...]
    results: tuple[Result, ...]
    dimensions: Mapping[str, Words]
    findings: tuple[Finding, ...] = ()
    units: tuple[Unit, ...] = ()
    shapes: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))
    layers: Layers = field(default_factory=Layers)
    chains: Mapping[str, tuple[tuple[Words, Words], ...]] = field(default_factory=dict)
    names: Mapping[str, Words] = field(default_factory=dict)
    commit: int | None = None
    synthetic: bool = False
    credits: tuple[str, ...] = ()
    objects: Mapping[str, int] = field(default_factory=dict)
    barriers: Mapping[str, int] = field(default_factory=dict)
    maker: str = ""
    planned: Planned | None = None

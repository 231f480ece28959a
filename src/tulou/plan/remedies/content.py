"""What a catalogue of remedies holds once it is read: every name resolved, every unit checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from tulou.kernel.words import Words
from tulou.plan.projects.project import Value

Together = Literal["each", "community", "block", "city"]
TOGETHERS: tuple[Together, ...] = get_args(Together)
"""Which objects make one project: each for itself, or those of one unit."""

ShapeOf = Literal["point", "site", "square"]
SHAPES: tuple[ShapeOf, ...] = get_args(ShapeOf)
"""What is built at a site: a point in it, its whole outline, or a square of a stated area inside it."""

OBJECTS, RAISED, NEW_AREA = "objects", "raised", "new_area"
COUNTED = (OBJECTS, RAISED, NEW_AREA)
"""What a price may be for, besides a column of the objects: each object, what is added to an amount, new area."""

GIVEN = "given"
"""Grade of evidence of a price that the one who plans brought along."""


@dataclass(frozen=True)
class Price:
    """What one unit of a remedy costs.

    Args:
        amount: Money, in ``unit``.
        unit: Such as ``yuan/m2``.
        on: Day the price is of; None when nobody said.
        source: Where it was read.
        evidence: ``sourced``, ``derived``, ``memory``, or ``given`` by the one who plans.
        note: What a reader must know.
    """

    amount: float
    unit: str
    on: date | None
    source: str
    evidence: str
    note: Words | None = None


@dataclass(frozen=True)
class Cost:
    """How a remedy is priced.

    Args:
        of: What is counted: ``objects``, ``raised``, ``new_area``, or a column of the objects, summed.
        unit: Unit of the price.
        per: What one unit is, in words.
        price: The price; None when none is known: Tulou never makes one up.
    """

    of: str
    unit: str
    per: Words
    price: Price | None = None


@dataclass(frozen=True)
class Assignment:
    """What an attribute becomes.

    Args:
        attribute: The attribute.
        value: The value it gets, when neither of the others is named.
        parameter: Dated parameter it gets, or by which ``other`` is multiplied.
        other: Another attribute of the same object that it is raised to; it is never lowered.
    """

    attribute: str
    value: Value = None
    parameter: str = ""
    other: str = ""

    @property
    def is_raise(self) -> bool:
        """Whether it raises an amount, and so is priced by what is added."""
        return bool(self.other)


@dataclass(frozen=True)
class Addition:
    """What is built at a site.

    Args:
        entity: What it is.
        values: What it is like.
        shape: Which ground it takes.
        area: Parameter with the area of a square.
    """

    entity: str
    values: tuple[Assignment, ...]
    shape: ShapeOf = "point"
    area: str = ""


@dataclass(frozen=True)
class Ground:
    """Where a remedy that needs a site may stand.

    Args:
        among: Selections whose objects are sites, the best suited first.
        reach: Parameter with the distance within which it serves; empty when distance is no matter.
        serves: Column of the population that is served, e.g. ``residents``.
    """

    among: tuple[str, ...]
    reach: str = ""
    serves: str = "residents"


@dataclass(frozen=True)
class Duration:
    """How long a remedy takes, where a source tells it.

    Args:
        months: Months from start to handing over.
        source: Where it was read.
        evidence: Its grade.
    """

    months: float
    source: str
    evidence: str


@dataclass(frozen=True)
class Remedy:
    """One thing that can be done about findings.

    Args:
        id: Its name.
        title: What it is called.
        about: What is done, and what a reader must know.
        fixes: Indicators whose findings it answers, each with the causes it answers; no causes for all of them.
        also: Indicators that it moves besides.
        on: Selection that an object of a finding must be in; empty when the object is not touched.
        together: Which objects make one project.
        ground: Where it may stand, for what needs a site.
        change: What becomes of the objects; with a site, of those within reach of it.
        change_site: What becomes of the site.
        add: What is built at the site.
        cost: How it is priced.
        consents: Who has to agree.
        side_effects: What else it brings.
        duration: How long it takes; None when no source tells it.
        after: Remedies that must be done first, in the same unit, where they are needed there.
        excludes: Remedies that would be done twice over with it on the same objects.
        where: File and line.
        rulebook: Rulebook it stands in.
    """

    id: str
    title: Words
    about: Words
    fixes: Mapping[str, tuple[str, ...]]
    also: tuple[str, ...]
    on: str
    together: Together
    ground: Ground | None
    change: tuple[Assignment, ...]
    change_site: tuple[Assignment, ...]
    add: Addition | None
    cost: Cost
    consents: tuple[str, ...]
    side_effects: Words | None
    duration: Duration | None
    after: tuple[str, ...]
    excludes: tuple[str, ...]
    where: str
    rulebook: str

    @property
    def indicators(self) -> tuple[str, ...]:
        """All indicators it moves, those it is meant for first."""
        return tuple(dict.fromkeys((*self.fixes, *self.also)))

    def answers(self, indicator: str, causes: frozenset[str]) -> bool:
        """Whether it answers a finding of an indicator with some causes."""
        wanted = self.fixes.get(indicator)
        return wanted is not None and (not wanted or bool(causes & set(wanted)))


@dataclass(frozen=True)
class Consent:
    """Somebody who has to agree.

    Args:
        name: Its key.
        title: Who, in short.
        about: Who, and by which majority.
        basis: The rule that says so.
        evidence: How well that is evidenced.
    """

    name: str
    title: Words
    about: Words
    basis: str
    evidence: str


@dataclass(frozen=True)
class Catalogue:
    """All remedies of some rulebooks.

    Args:
        remedies: By id.
        consents: By key.
    """

    remedies: Mapping[str, Remedy]
    consents: Mapping[str, Consent]

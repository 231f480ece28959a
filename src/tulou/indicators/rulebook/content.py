"""What a rulebook holds once it is read: plain frozen values, every name in them resolved and every unit checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from tulou.kernel.dated import Dated
from tulou.kernel.declaration import Measure
from tulou.kernel.registry import Registry
from tulou.kernel.words import Words
from tulou.model.dictionary import Dictionary

Test = Literal["one_of", "none_of", "is", "is_not", "at_least", "more_than", "at_most", "less_than", "known"]
Better = Literal["higher", "lower", "neither"]
How = Literal["at_least", "at_most", "between", "exactly"]
RollUpHow = Literal["sum", "count", "mean", "most"]

LEVELS = ("building", "community", "block", "district", "city")
"""Finest to coarsest unit an indicator is reported for; ``building`` is reported in the findings, object by object."""

AGGREGATES = ("share", "count", "sum", "mean", "sample_mean", "ratio", "density", "most", "least")
MEANS = ("mean", "sample_mean")
"""How the rows of a unit become its value; a summary measure may be named instead."""

HOWS: tuple[How, ...] = ("at_least", "at_most", "between", "exactly")


@dataclass(frozen=True)
class Reference:
    """One input: an attribute of the rows of a selection, or a network.

    Args:
        selection: Name of the selection, or ``network``.
        attribute: Attribute, quantity, ``geometry``, ``place``, ``shape_area``, ``shape_length``, or a network.
    """

    selection: str
    attribute: str

    @property
    def is_network(self) -> bool:
        """Whether it names a network."""
        return self.selection == "network"

    def __str__(self) -> str:
        return f"{self.selection}.{self.attribute}"


@dataclass(frozen=True)
class Rule:
    """What a keyword of a measure is bound to: a parameter by name, or one of the measure's words."""

    parameter: str = ""
    word: str = ""

    def __str__(self) -> str:
        return self.parameter or self.word


@dataclass(frozen=True)
class Binding:
    """A measure with its inputs and rules.

    Args:
        measure: Name of the measure.
        inputs: Argument to reference, in the measure's order.
        rules: Keyword to rule, in the measure's order.
    """

    measure: str
    inputs: Mapping[str, Reference]
    rules: Mapping[str, Rule]

    def __str__(self) -> str:
        told = [*(f"{key}={value}" for key, value in {**self.inputs, **self.rules}.items())]
        return f"{self.measure}({', '.join(told)})"


@dataclass(frozen=True)
class Condition:
    """One test that a row must pass to be in a selection.

    Args:
        attribute: Attribute or quantity of the entity.
        test: How it is tested.
        words: Texts to choose from, for ``one_of`` and ``none_of``.
        flag: Truth asked for, for ``is``, ``is_not`` and ``known``.
        parameter: Parameter compared with, for the comparisons.
    """

    attribute: str
    test: Test
    words: tuple[str, ...] = ()
    flag: bool = True
    parameter: str = ""


@dataclass(frozen=True)
class Selection:
    """A named subset of the rows of an entity.

    Args:
        name: Its name; every entity is also a selection of its own name.
        title: What it holds.
        entity: Entity it is taken from.
        where: Conditions, all of which must hold.
        counts_unknown: Whether rows for which a condition cannot be told count as rows of unknown value.
    """

    name: str
    title: Words
    entity: str
    where: tuple[Condition, ...] = ()
    counts_unknown: bool = False


@dataclass(frozen=True)
class Origin:
    """One place a quantity may come from: a column, or a measure.

    Args:
        column: Attribute of the same entity; empty when a measure is bound.
        binding: The measure.
        is_estimate: Whether numbers from here are estimates.
    """

    column: str = ""
    binding: Binding | None = None
    is_estimate: bool = False


@dataclass(frozen=True)
class RollUp:
    """A quantity of units: the rows of a selection inside each of them.

    Args:
        of: Selection whose rows are gathered.
        value: Attribute added up; empty for a count.
        how: ``sum``, ``count``, ``mean`` or ``most``.
    """

    of: str
    value: str
    how: RollUpHow


@dataclass(frozen=True)
class Quantity:
    """A number for each row of an entity that is worked out when it is not on record.

    Args:
        name: Its name, used like an attribute.
        title: What it means.
        entity: Entity whose rows have it.
        unit: Its unit.
        origins: Where it may come from, the first known one wins.
        roll_up: Or: gathered from the rows inside each unit.
    """

    name: str
    title: Words
    entity: str
    unit: str
    origins: tuple[Origin, ...] = ()
    roll_up: RollUp | None = None


@dataclass(frozen=True)
class Setting:
    """What a parameter says from a day on: a number, a range, brackets, or one of the first two by class.

    Args:
        number: One number.
        range: Low and high.
        brackets: Pairs (from this size on, this value).
        class_of: Entity and attribute that tells the class, e.g. ``("city", "rank")``.
        by_class: Number or range by class.
        refs: Where it was read.
        note: What a reader must know.
    """

    number: float | None = None
    range: tuple[float, float] | None = None
    brackets: tuple[tuple[float, float], ...] = ()
    class_of: tuple[str, str] | None = None
    by_class: Mapping[str, float | tuple[float, float]] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    note: Words | None = None

    def for_class(self, name: str | None) -> Setting | None:
        """The setting that holds for a class; itself when it has no classes, None when the class has none."""
        if self.class_of is None:
            return self
        found = self.by_class.get(name or "")
        if found is None:
            return None
        if isinstance(found, tuple):
            return Setting(range=found, refs=self.refs, note=self.note)
        return Setting(number=found, refs=self.refs, note=self.note)

    @property
    def shape(self) -> str:
        """``number``, ``range`` or ``brackets``, classes looked through."""
        if self.class_of is not None:
            kinds = {"range" if isinstance(value, tuple) else "number" for value in self.by_class.values()}
            return "number" if kinds == {"number"} else "range" if kinds == {"range"} else "mixed"
        return "brackets" if self.brackets else "range" if self.range else "number"


@dataclass(frozen=True)
class Parameter:
    """A dated value of policy.

    Args:
        name: ``subject.name``.
        title: What it says.
        unit: Unit of the value.
        by: Unit of the sizes, for brackets.
        checked_on: Last day somebody looked whether it still holds.
        values: What it says, from which day on.
        where: File and line it stands at.
        rulebook: Rulebook that says so.
    """

    name: str
    title: Words
    unit: str
    by: str
    checked_on: date | None
    values: Dated[Setting]
    where: str = ""
    rulebook: str = ""


@dataclass(frozen=True)
class Judge:
    """How a value is judged: compared with a parameter."""

    how: How
    mark: str


@dataclass(frozen=True)
class Per:
    """What a ratio or density divides by: a bound measure, or the area of a selection."""

    of: str
    binding: Binding | None


@dataclass(frozen=True)
class Formula:
    """How an indicator is worked out from a day on.

    Args:
        since: First day it is used; None for always.
        of: Selection whose rows count.
        binding: Measure, inputs and rules.
        aggregate: One of ``AGGREGATES``, or the name of a summary measure.
        per: What is divided by; None for a density means the area of the unit.
        known: Percent of the rows that must be known.
        factor: What the sum is multiplied by to have the indicator's unit.
        judge: How the value is judged; None when no mark is known.
    """

    since: date | None
    of: str
    binding: Binding
    aggregate: str
    per: Per | None
    known: float
    factor: float
    judge: Judge | None


@dataclass(frozen=True)
class Variant:
    """The same question answered by another measure.

    Args:
        name: Its name; the official answer has the empty name.
        title: What differs.
        formulas: By date, the earliest first.
    """

    name: str
    title: Words | None
    formulas: tuple[Formula, ...]

    def on(self, day: date) -> Formula | None:
        """The formula used on a day; None before the first."""
        held = [formula for formula in self.formulas if formula.since is None or formula.since <= day]
        return held[-1] if held else None


@dataclass(frozen=True)
class HandCheck:
    """A case worked by hand, beside its indicator.

    Args:
        name: What it shows.
        day: Day of the check.
        given: Entity to rows, as written.
        complete: Entities whose list is claimed complete; ``all`` for every one.
        city: Attributes and geometry of the city.
        expect: What must come out.
        within: Relative tolerance.
        variant: Variant it asks; empty for the main answer.
        where: File and line.
    """

    name: str
    day: date
    given: Mapping[str, tuple[Mapping[str, object], ...]]
    complete: tuple[str, ...]
    city: Mapping[str, object]
    expect: Mapping[str, object]
    within: float
    variant: str
    where: str


@dataclass(frozen=True)
class Indicator:
    """A question asked of a city.

    Args:
        id: Stable name.
        code: Number in the catalogue.
        lists: Official lists it belongs to.
        title: Its official title.
        question: The question in plain words.
        dimension: Key of the rulebook's dimensions.
        level: Finest unit it is reported for.
        unit: Unit of the value.
        better: ``higher``, ``lower`` or ``neither``.
        variants: Answers; the first is the official one and has the empty name.
        clauses: Clauses of policy it serves.
        basis: Documents it rests on.
        evidence: How well its definition is evidenced.
        verified: Who checked it against an independent result.
        note: What a reader must know.
        severity: Parameter with brackets that grade a finding by its number of objects; empty for none.
        checks: Cases worked by hand.
        where: File and line.
        rulebook: Rulebook it stands in.
        replaces: Rulebook whose indicator of the same id it stands in place of; empty for none.
    """

    id: str
    code: str
    lists: tuple[str, ...]
    title: Words
    question: Words
    dimension: str
    level: str
    unit: str
    better: Better
    variants: tuple[Variant, ...]
    clauses: tuple[str, ...]
    basis: tuple[str, ...]
    evidence: str
    verified: str | None
    note: Words | None
    severity: str
    checks: tuple[HandCheck, ...]
    where: str
    rulebook: str
    replaces: str = ""

    @property
    def name(self) -> str:
        """Its id, for registries."""
        return self.id

    def variant(self, name: str) -> Variant:
        """One of its answers; the empty name is the official one."""
        return next(variant for variant in self.variants if variant.name == name)


@dataclass(frozen=True)
class Clause:
    """One clause of a policy document.

    Args:
        number: Its number, as text.
        title: Its title.
        about: What it promises, in our own words.
    """

    number: str
    title: Words
    about: Words | None = None


@dataclass(frozen=True)
class Responsible:
    """Which kind of body answers for what.

    Args:
        name: Its key.
        title: The kind of body.
        dimensions: Dimensions it answers for.
        indicators: Indicators it answers for, before its dimensions are looked at.
    """

    name: str
    title: Words
    dimensions: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """An indicator that somebody asks for and no measure answers yet; it is listed and never computed.

    Args:
        name: Its key.
        title: Its title, in the language of its document.
        unit: Its unit, as written there.
        method: How it is to be computed, as written there.
        mark: Its mark, as written there.
        basis: Where it was read.
    """

    name: str
    title: str
    unit: str = ""
    method: str = ""
    mark: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Rulebook:
    """All that is asked of a city, with what it is asked by.

    Args:
        id: Its name.
        title: What it is.
        version: Its version.
        digest: SHA-256 of all files it was read from.
        dimensions: Groups of indicators.
        dictionary: The data dictionary.
        measures: Measures it may name.
        selections: By name, those of the entities included.
        quantities: By ``entity.name``.
        parameters: By ``subject.name``.
        indicators: By id.
        clauses: Register of clauses; empty when there is none.
        responsible: Bodies, in order.
        drafts: Indicators that still need a measure.
        folders: Where it was read from, those that others extend first.
    """

    id: str
    title: Words
    version: str
    digest: str
    dimensions: Mapping[str, Words]
    dictionary: Dictionary
    measures: Registry[Measure]
    selections: Mapping[str, Selection]
    quantities: Mapping[str, Quantity]
    parameters: Mapping[str, Parameter]
    indicators: Mapping[str, Indicator]
    clauses: Mapping[str, Clause]
    responsible: tuple[Responsible, ...]
    drafts: tuple[Draft, ...] = ()
    folders: tuple[Path, ...] = ()

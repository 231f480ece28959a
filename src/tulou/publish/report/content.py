"""What a report says, before any format: one model, in one language, that all four writers render."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tulou.kernel.words import Language
from tulou.publish.drawing.picture import Picture
from tulou.publish.paper.content import Row, Status


@dataclass(frozen=True)
class Variant:
    """The same question by another measure.

    Args:
        title: What differs.
        text: Its value with unit.
        status: Its verdict.
        mark: Its mark, in words.
        reason: Why it was not assessed.
        value: Its value; NaN where not assessed.
    """

    title: str
    text: str
    status: Status
    mark: str = ""
    reason: str = ""
    value: float = math.nan


@dataclass(frozen=True)
class UnitRow:
    """The result of one unit.

    Args:
        id: Its id.
        name: Its name.
        level: Its level, in words.
        value: Its value; NaN where not assessed.
        text: The value with unit.
        status: Its verdict.
        known: Percent of the data needed that is on record; NaN when not stated.
        numerator: What counts; NaN when there is none.
        denominator: What it is a part of.
        reason: Why it was not assessed.
    """

    id: str
    name: str
    level: str
    value: float
    text: str
    status: Status
    known: float = math.nan
    numerator: float = math.nan
    denominator: float = math.nan
    reason: str = ""


@dataclass(frozen=True)
class Problem:
    """One finding as the problem list shows it.

    Args:
        indicator: Id of the indicator.
        title: Its title.
        dimension: Its dimension, in words.
        level: Its level, in words.
        result: Value of the unit, in words.
        detail: What is wrong.
        place: Where.
        objects: Ids of the objects, shortened for display.
        people: People concerned; NaN when unknown.
        people_text: The same in words.
        cause: Why, where it can be told.
        owner: Who answers for it.
        status: ``fail``, or ``to_confirm``.
    """

    indicator: str
    title: str
    dimension: str
    level: str
    result: str
    detail: str
    place: str
    objects: str
    people: float
    people_text: str
    cause: str
    owner: str
    status: Status = "fail"


@dataclass(frozen=True)
class Block:
    """All that is said about one indicator.

    Args:
        id: Its id.
        code: Its number in the catalogue.
        title: Its title.
        question: What it asks.
        dimension: Key of its dimension.
        level: Key of the finest level it is reported for.
        unit: Its unit as written.
        status: Verdict for the city.
        value: Value for the city; NaN where not assessed.
        text: The value with unit.
        mark: Pass mark or reference value, in words; empty when there is none.
        mark_judges: Whether the mark decides.
        basis: Standard and clause.
        evidence: How well the mark is evidenced, in words.
        reason: Why it was not assessed.
        known: Percent known; NaN when not stated.
        interval: Low to high, in words; empty when the value is not estimated.
        low: Lower bound; NaN when none.
        high: Upper bound; NaN when none.
        estimated: Whether an input was estimated.
        note: What a reader must know.
        variants: The same question by other measures.
        units: Results by unit below the city.
        counts: How many units fail, by level, in words.
        chain: How it was computed, as pairs of words.
        facts: Codes, lists, clauses, as pairs of words.
        map: Where it fails.
        chart: How it is spread over the units.
        problems: How many findings it has.
        fails_above: Whether large values fail rather than small ones.
    """

    id: str
    code: str
    title: str
    question: str
    dimension: str
    level: str
    unit: str
    status: Status
    value: float
    text: str
    mark: str = ""
    mark_judges: bool = False
    basis: str = ""
    evidence: str = ""
    reason: str = ""
    known: float = math.nan
    interval: str = ""
    low: float = math.nan
    high: float = math.nan
    estimated: bool = False
    note: str = ""
    variants: tuple[Variant, ...] = ()
    units: tuple[UnitRow, ...] = ()
    counts: tuple[str, ...] = ()
    chain: tuple[Row, ...] = ()
    facts: tuple[Row, ...] = ()
    map: Picture | None = None
    chart: Picture | None = None
    problems: int = 0
    fails_above: bool = False


@dataclass(frozen=True)
class Tally:
    """How many indicators of one group stand in each status.

    Args:
        key: The group's key.
        title: The group's title.
        counts: One count for each of ``STATUSES``.
    """

    key: str
    title: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All indicators of the group."""
        return sum(self.counts)


@dataclass(frozen=True)
class Worst:
    """One line of what is most worth fixing: an indicator with its findings together."""

    indicator: str
    title: str
    findings: int
    people: float
    people_text: str
    cause: str
    owner: str


@dataclass(frozen=True)
class Lack:
    """One kind of data that lacks, and the indicators it would unlock."""

    name: str
    count: int
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """One row of the list of advice; what the system cannot say yet is left to be filled."""

    dimension: str
    indicator: str
    result: str
    problem: str
    remedy: str
    area: str
    kind: str
    owner: str


@dataclass(frozen=True)
class ReportModel:
    """One report, in one language.

    Args:
        language: Its language.
        title: Its title.
        city: The city's name.
        synthetic: Whether the city was generated.
        cover: Day, record, rulebook and the like, as pairs of words.
        credits: Credit lines of the sources.
        lead: The summary in one paragraph.
        total: How many indicators stand in each status.
        dimensions: The same by dimension.
        levels: The same by level.
        worst: What is most worth fixing.
        unsure: What is most worth confirming.
        lacks: Which data would unlock most.
        overview: Paragraphs of the first chapter.
        method: Paragraphs of the second chapter.
        achievements: What passes, in a paragraph.
        failures: What fails, in a paragraph.
        doubts: What fails on record and is to be confirmed, in a paragraph; empty when there is none.
        cautions: What the conclusion does not cover.
        blocks: The indicators, in order of level and dimension.
        problems: All findings: those that are proven first, then by people concerned.
        advice: Rows of the list of advice.
        plan: The plan made for this check, in two sentences; empty when none was.
        projects: Its projects, a row each.
        base: The quiet base of all maps, as SVG.
        outlines: Unit outlines that maps refer to, as SVG definitions.
        definitions: Patterns and clips that maps refer to.
        pictures: Overview charts and map by name.
    """

    language: Language
    title: str
    city: str
    synthetic: bool
    cover: tuple[Row, ...]
    credits: tuple[str, ...]
    lead: str
    total: Tally
    dimensions: tuple[Tally, ...]
    levels: tuple[Tally, ...]
    worst: tuple[Worst, ...]
    unsure: tuple[Worst, ...]
    lacks: tuple[Lack, ...]
    overview: tuple[str, ...]
    method: tuple[str, ...]
    achievements: str
    failures: str
    doubts: str
    cautions: tuple[str, ...]
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    advice: tuple[Advice, ...]
    plan: str = ""
    projects: tuple[tuple[str, ...], ...] = ()
    base: str = ""
    outlines: str = ""
    definitions: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def of_level(self, level: str) -> tuple[Block, ...]:
        """The indicators of one level."""
        return tuple(block for block in self.blocks if block.level == level)

    def problems_of(self, status: Status) -> tuple[Problem, ...]:
        """The findings that are proven, or those to be confirmed."""
        return tuple(row for row in self.problems if row.status == status)

    def of_status(self, status: Status) -> tuple[Block, ...]:
        """The indicators in one status."""
        return tuple(block for block in self.blocks if block.status == status)

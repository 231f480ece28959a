"""The report of an audit of a period. It holds nobody's name: neither of those who asked nor of those who looked.

A report for the public hides every count below the least that may be shown, and what would give one away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tulou.kernel.words import Language, Words
from tulou.measures.statistics.suppression import suppressed
from tulou.publish.paper.content import Column, Heading, Paper, Part, Sheet, Text, Value
from tulou.publish.words import say

WIDE, NARROW = 24.0, 10.0
DIGITS = 12
"""Letters of a digest that people compare."""


@dataclass(frozen=True)
class Proved:
    """One part of the record as it was proved.

    Args:
        title: Its name.
        entries: How many entries it has.
        digest: Stands for all of it.
        faults: What is wrong: place and sentence.
        remark: What could not be tried; empty when nothing.
    """

    title: Words
    entries: int
    digest: str
    faults: Sequence[tuple[str, Words]]
    remark: Words


@dataclass(frozen=True, eq=False)
class TrustMaterial:
    """What a report is made of.

    Args:
        city: The city.
        period: The day or month.
        parts: Parts of the record as proved now.
        readings: How many readings of personal data were granted, by purpose and body.
        purposes: Words of purposes.
        bodies: Words of bodies.
        outcomes: How many readings were granted and refused.
        changes: How many records were kept longer or erased by hand, by the words of the action.
        remarks: What the lint says of formulas: place, term, sentence.
        marks: Marks of persons that were found in schemas.
        schemas: How many schemas were inspected.
        has_accounts: Whether accounts are switched on.
        least: Least count that may be shown to the public.
        is_public: Whether it is for the public.
        is_synthetic: Whether the city was generated.
    """

    city: str
    period: str
    parts: Sequence[Proved]
    readings: Mapping[tuple[str, str], int]
    purposes: Mapping[str, Words]
    bodies: Mapping[str, Words]
    outcomes: Mapping[str, int]
    changes: Sequence[tuple[Words, int]]
    remarks: Sequence[tuple[str, str, Words]]
    marks: int
    schemas: int
    has_accounts: bool
    least: int
    is_public: bool = False
    is_synthetic: bool = False


def trust_paper(found: TrustMaterial, language: Language) -> Paper:
    """The report in one language."""
    audience = say(f"trust.report.{'public' if found.is_public else 'inner'}", language)
    cover = (
        (say("trust.report.period", language), found.period),
        (say("trust.report.audience", language), audience),
    )
    parts: list[Part] = [
        *_proved(found, language), *_readings(found, language), *_formulas(found, language), *_bans(found, language),
    ]  # fmt: skip
    return Paper(
        language, say("trust.report.title", language, city=found.city), found.is_synthetic, cover, tuple(parts)
    )


def _proved(found: TrustMaterial, language: Language) -> Iterator[Part]:
    wrong = [one for one in found.parts if one.faults]
    yield Heading(say("trust.report.proved", language), 1)
    told = say("trust.report.wrong", language, count=len(wrong)) if wrong else say("trust.report.sound", language)
    yield Text(told, "lead")
    if not found.has_accounts:
        yield Text(say("trust.report.no_accounts", language), "note")
    heads = ("part", "entries", "verdict", "digest")
    columns = tuple(
        Column(say(f"trust.report.{one}", language), "number" if one == "entries" else "text",
               NARROW if one == "entries" else WIDE, 0)
        for one in heads
    )  # fmt: skip
    rows = [
        (
            one.title.say(language), one.entries,
            one.remark.say(language) or say(f"trust.report.{'bad' if one.faults else 'good'}", language),
            one.digest[:DIGITS],
        )
        for one in found.parts
    ]  # fmt: skip
    yield Sheet(say("trust.report.parts", language), columns, rows)
    if wrong:
        heads_of = tuple(Column(say(f"trust.report.{one}", language), width=WIDE) for one in ("part", "where", "what"))
        listed = [(one.title.say(language), where, what.say(language)) for one in wrong for where, what in one.faults]
        yield Sheet(say("trust.report.faults", language), heads_of, listed)


def _readings(found: TrustMaterial, language: Language) -> Iterator[Part]:
    yield Heading(say("trust.report.readings", language), 1)
    names, bodies = sorted({one for one, _ in found.readings}), sorted({body for _, body in found.readings})
    table = np.array([[found.readings.get((one, body), 0) for one in names] for body in bodies], np.int64)
    shown = shown_readings(found, table.reshape(len(bodies), len(names)))
    refused = float(found.outcomes.get("refused", 0))
    told = {"granted": _said(shown[-1, -1]), "refused": _said(math.nan if refused < least_of(found) else refused)}
    yield Text(say("trust.report.answer", language, **told), "lead")
    purposes = [_titled(found.purposes, one, language) for one in names]
    offices = [_titled(found.bodies, one, language) or say("trust.report.no_body", language) for one in bodies]
    if not names:
        yield Text(say("trust.report.nobody", language), "plain")
    elif found.is_public:
        yield _sums("by_purpose", "purpose", purposes, shown[-1], language)
        yield _sums("by_body", "body", offices, shown[:, -1], language)
        yield Text(say("trust.report.hidden", language, least=found.least), "note")
    else:
        yield _crossed(offices, purposes, shown, language)
    for words, count in () if found.is_public else found.changes:
        yield Text(f"{words.say(language)}: {count}", "bullet")


def _titled(words: Mapping[str, Words], name: str, language: Language) -> str:
    return words[name].say(language) if name in words else name


def _sums(title: str, head: str, names: Sequence[str], counts: np.ndarray, language: Language) -> Sheet:
    """Names with their counts, the sum of all last."""
    columns = (
        Column(say(f"trust.report.{head}", language), width=WIDE),
        Column(say("trust.report.count", language), "number", NARROW, 0),
    )
    told = [*names, say("trust.report.all", language)]
    rows = [(name, _cell(count)) for name, count in zip(told, counts, strict=True)]
    return Sheet(say(f"trust.report.{title}", language), columns, rows)


def _crossed(offices: Sequence[str], purposes: Sequence[str], shown: np.ndarray, language: Language) -> Sheet:
    """Bodies by purposes, with sums."""
    heads = [*purposes, say("trust.report.all", language)]
    columns = (
        Column(say("trust.report.body", language), width=WIDE),
        *(Column(one, "number", NARROW, 0) for one in heads),
    )
    told = [*offices, say("trust.report.all", language)]
    rows = [(name, *(_cell(one) for one in counts)) for name, counts in zip(told, shown, strict=True)]
    return Sheet(say("trust.report.crossed", language), columns, rows)


def least_of(found: TrustMaterial) -> int:
    """Least count that may be told: any to the house, zero included."""
    return found.least if found.is_public else 0


def shown_readings(found: TrustMaterial, table: np.ndarray) -> np.ndarray:
    """Counts with the sums of rows and columns as they may be told, NaN where one is hidden; the last row holds sums.

    Args:
        found: What the report is made of.
        table: Counts, shape (bodies, purposes).
    """
    if not found.is_public:
        wide = np.column_stack([table, table.sum(axis=1)])
        return np.vstack([wide, wide.sum(axis=0)]).astype(np.float64)
    safe = suppressed(table, least=found.least)
    whole = np.column_stack([safe.cells, safe.rows])
    return np.vstack([whole, np.append(safe.columns, safe.total)])


def _formulas(found: TrustMaterial, language: Language) -> Iterator[Part]:
    yield Heading(say("trust.report.formulas", language), 1)
    columns = tuple(Column(say(f"trust.report.{one}", language), width=WIDE) for one in ("where", "term", "what"))
    rows = [(where, term, what.say(language)) for where, term, what in found.remarks]
    yield Sheet(say("trust.report.remarks", language), columns, rows, say("trust.report.no_remarks", language))


def _bans(found: TrustMaterial, language: Language) -> Iterator[Part]:
    yield Heading(say("trust.report.bans", language), 1)
    yield Text(say("trust.report.inspected", language, schemas=found.schemas, marks=found.marks), "plain")
    yield Text(say("trust.report.names", language), "note")


def _cell(value: float) -> Value:
    return "·" if math.isnan(value) else int(value)


def _said(value: float) -> str:
    return "·" if math.isnan(value) else str(int(value))

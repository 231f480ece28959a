"""The data-quality sheet as a paper: what a check rests on, and which data would unlock most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from tulou.diagnosis.diagnose import Diagnosis, Missing
from tulou.diagnosis.quality.sheet import QualitySheet
from tulou.indicators.evaluate.lacking import BUILT_IN_TITLES
from tulou.indicators.evaluate.verdict import NOT_ASSESSED
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.words import Language, Words
from tulou.publish.paper.content import Column, Heading, Pairs, Paper, Part, Row, Sheet, Text, Value
from tulou.publish.words import say

WHOLE = 100.0
NUMBERS: Mapping[str, int] = {
    "indicators": 0, "alone": 0, "rows": 0, "known": 1, "estimated": 1, "valid_age": 0, "valid_oldest": 0,
    "record_age": 0, "read": 0, "kept": 0, "repaired": 0, "refused": 0, "standing": 0, "commit": 0,
}  # fmt: skip
WIDTHS: Mapping[str, float] = {"name": 26.0, "which": 40.0, "text": 40.0, "source": 24.0, "attribute": 22.0}
MOST_NAMED = 12
"""Indicators named behind one thing that lacks."""
LIST_REASONS = ("list_not_complete", "pass_open", "fail_open")
"""Reasons for which a claim of completeness lacks, rather than data."""

Speak = Callable[[str, Language], str]
"""Says a sentence of a connector in the language of the reader."""


@dataclass(frozen=True)
class Counts:
    """How the official answers for the whole city stand.

    Args:
        asked: How many there are.
        assessed: Those with a value.
        estimated: Those of them that rest on estimates.
        open: Those of them whose list nobody claims complete.
    """

    asked: int
    assessed: int
    estimated: int
    open: int


def counts_of(results: pa.Table) -> Counts:
    """Count the official answers for the whole city."""
    columns = ("level", "variant", "status", "estimate", "complete")
    rows = zip(*(results[name].to_pylist() for name in columns), strict=True)
    city = [row for row in rows if row[0] == "city" and not row[1]]
    assessed = [row for row in city if row[2] != NOT_ASSESSED]
    return Counts(len(city), len(assessed), sum(bool(row[3]) for row in assessed), sum(not row[4] for row in assessed))


def as_it_is(sentence: str, _language: Language) -> str:
    """Leaves a sentence as the connector told it."""
    return sentence


def quality_paper(
    diagnosis: Diagnosis, rulebook: Rulebook, sheet: QualitySheet, language: Language, speak: Speak = as_it_is
) -> Paper:
    """The data-quality sheet of a check.

    Args:
        diagnosis: The check and what is missing.
        rulebook: What was asked.
        sheet: How good the facts are.
        language: Language of the paper.
        speak: Says what connectors remarked in that language.
    """
    parts: list[Part] = [
        Heading(say("quality.chapter.overview", language), 1),
        Text(lead_of(diagnosis, language), "lead"),
        Text(best_of(diagnosis, rulebook, language)),
        Pairs(_counted(diagnosis, language)),
        Heading(say("quality.chapter.unlock", language), 1),
        Text(say("quality.about.unlock", language), "note"),
        unlock_sheet(diagnosis, rulebook, language),
        Heading(say("quality.chapter.lists", language), 1),
        Text(say("quality.about.lists", language), "note"),
        lists_sheet(sheet, rulebook, language),
        Heading(say("quality.chapter.sources", language), 1),
        Text(say("quality.about.sources", language), "note"),
        sources_sheet(sheet, language),
        remarks_sheet(sheet, language, speak),
        Heading(say("quality.chapter.attributes", language), 1),
        Text(say("quality.about.attributes", language), "note"),
        attributes_sheet(sheet, rulebook, language),
    ]
    profile = diagnosis.check.profile
    title = say("quality.title", language, place=profile.name)
    return Paper(language, title, profile.synthetic, _cover(diagnosis, sheet, language), tuple(parts), profile.credit)


def _cover(diagnosis: Diagnosis, sheet: QualitySheet, language: Language) -> tuple[Row, ...]:
    check = diagnosis.check
    recorded = max(sheet.sources["recorded"].to_pylist(), default="")
    rows = [
        (say("quality.check", language), check.id),
        (say("quality.day", language), check.day.isoformat()),
        (say("quality.record", language), recorded),
    ]
    return tuple(row for row in rows if row[1])


def lead_of(diagnosis: Diagnosis, language: Language) -> str:
    """How the figures stand, in a sentence."""
    found = counts_of(diagnosis.check.results)
    return say(
        "quality.lead",
        language,
        asked=found.asked,
        assessed=found.assessed,
        estimated=found.estimated,
        open=found.open,
        missing=found.asked - found.assessed,
    )


def best_of(diagnosis: Diagnosis, rulebook: Rulebook, language: Language) -> str:
    """What is worth getting first, in a sentence."""
    if not diagnosis.missing:
        return say("quality.nothing_missing", language)
    first = diagnosis.missing[0]
    return say("quality.best", language, name=_title(first.name, rulebook).say(language), alone=len(first.alone))


def _counted(diagnosis: Diagnosis, language: Language) -> tuple[Row, ...]:
    found = counts_of(diagnosis.check.results)
    return (
        (say("quality.asked", language), str(found.asked)),
        (say("quality.assessed", language), str(found.assessed)),
        (say("quality.estimated", language), str(found.estimated)),
        (say("quality.open", language), str(found.open)),
        (say("quality.missing", language), str(found.asked - found.assessed)),
    )


def unlock_sheet(diagnosis: Diagnosis, rulebook: Rulebook, language: Language) -> Sheet:
    """What is missing, that which unlocks most first."""
    rows = [
        {
            "name": _title(one.name, rulebook).say(language),
            "reason": say(f"quality.lacks.{'list' if one.reason in LIST_REASONS else 'data'}", language),
            "indicators": len(one.indicators),
            "alone": len(one.alone),
            "which": _which(one, rulebook, language),
        }
        for one in diagnosis.missing
    ]
    made = _sheet("unlock", ("name", "reason", "indicators", "alone", "which"), rows, language)
    return Sheet(made.name, made.columns, made.rows, say("quality.nothing_missing", language))


def _which(one: Missing, rulebook: Rulebook, language: Language) -> str:
    named = one.alone or one.indicators
    titles = [rulebook.indicators[name].title.say(language) if name in rulebook.indicators else name for name in named]
    more = " …" if len(titles) > MOST_NAMED else ""
    return say("language.list", language).join(titles[:MOST_NAMED]) + more


def lists_sheet(sheet: QualitySheet, rulebook: Rulebook, language: Language) -> Sheet:
    """Lists with what is claimed of them; those nobody claims anything of first."""
    rows = [
        row | {"entity": _entity(row["entity"], rulebook, language), "complete": _complete(row, rulebook, language)}
        for row in sorted(sheet.lists.to_pylist(), key=lambda row: (row["complete"] is not None, row["entity"]))
        if row["is_list"]
    ]
    return _sheet("lists", ("entity", "rows", "complete", "estimated"), rows, language)


def _complete(row: Mapping[str, object], rulebook: Rulebook, language: Language) -> str:
    claimed = row["complete"]
    if not isinstance(claimed, str):
        return say("quality.complete.nobody", language)
    if "*" in claimed.split(","):
        return say("quality.complete.all", language)
    names = [_title(name, rulebook).say(language) for name in claimed.split(",")]
    return say("language.list", language).join(names)


def sources_sheet(sheet: QualitySheet, language: Language) -> Sheet:
    """Commits with their sources and how many rows were refused."""
    columns = (
        "commit", "recorded", "source", "connector", "datum", "licence", "valid_from", "read", "kept", "repaired",
        "refused", "standing",
    )  # fmt: skip
    return _sheet("sources", columns, sheet.sources.to_pylist(), language)


def remarks_sheet(sheet: QualitySheet, language: Language, speak: Speak = as_it_is) -> Sheet:
    """What was repaired, refused or noted at import."""
    rows = [
        row | {"treated": say(f"quality.treated.{row['treated']}", language), "text": speak(row["text"], language)}
        for row in sheet.remarks.to_pylist()
    ]
    made = _sheet("remarks", ("commit", "treated", "rows", "text", "examples"), rows, language)
    return Sheet(made.name, made.columns, made.rows, say("quality.no_remarks", language))


def attributes_sheet(sheet: QualitySheet, rulebook: Rulebook, language: Language, *, every: bool = False) -> Sheet:
    """Attributes that are not known of every row; all of them when asked for."""
    rows = [
        row
        | {
            "entity": _entity(row["entity"], rulebook, language),
            "attribute": _attribute(row["entity"], row["attribute"], rulebook, language),
        }
        for row in sheet.attributes.to_pylist()
        if every or row["known"] is None or row["known"] < WHOLE
    ]
    columns = (
        "entity", "attribute", "rows", "known", "estimated", "sources", "valid_age", "valid_oldest", "record_age",
    )  # fmt: skip
    made = _sheet("every" if every else "attributes", columns, rows, language)
    return Sheet(made.name, made.columns, made.rows, say("quality.no_gaps", language))


def _entity(name: str, rulebook: Rulebook, language: Language) -> str:
    return rulebook.dictionary[name].title.say(language) if name in rulebook.dictionary else name


def _attribute(entity: str, name: str, rulebook: Rulebook, language: Language) -> str:
    if name in BUILT_IN_TITLES:
        return BUILT_IN_TITLES[name].say(language)
    known = rulebook.dictionary[entity].attributes if entity in rulebook.dictionary else {}
    return known[name].title.say(language) if name in known else name


def _title(name: str, rulebook: Rulebook) -> Words:
    """What something that lacks is called: a selection, a parameter, or an attribute or quantity of an entity."""
    for table in (rulebook.selections, rulebook.parameters):
        if name in table:
            return table[name].title
    entity, _, attribute = name.partition(".")
    if entity not in rulebook.dictionary or not attribute:
        return Words(name, name)
    whole = rulebook.dictionary[entity].title
    quantity = rulebook.quantities.get(name)
    told = quantity.title if quantity else None
    zh = told.zh if told else _attribute(entity, attribute, rulebook, "zh")
    en = told.en if told else _attribute(entity, attribute, rulebook, "en")
    return Words(f"{whole.zh}的{zh}", f"{en} ({whole.en})")


def _sheet(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]], language: Language) -> Sheet:
    made = tuple(
        Column(say(f"quality.column.{key}", language), "number", 9.0, NUMBERS[key])
        if key in NUMBERS
        else Column(say(f"quality.column.{key}", language), width=WIDTHS.get(key, 14.0))
        for key in columns
    )
    return Sheet(say(f"quality.sheet.{name}", language), made, [[_cell(row[key]) for key in columns] for row in rows])


def _cell(value: object) -> Value:
    return value if isinstance(value, (str, float, int, bool)) else None

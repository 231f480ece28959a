"""Crosswalks as published: each part of a framework with our answer, how near it is, and its value in a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.crosswalk import MATCHES, Framework
from tulou.kernel.words import Language
from tulou.publish.numbers import quantity
from tulou.publish.paper.content import Column, Heading, Paper, Part, Row, Sheet, Text, Value
from tulou.publish.words import say


@dataclass(frozen=True)
class Asked:
    """The check whose values are shown.

    Args:
        place: Name of the city; empty without one.
        check: Id of the check.
        day: Its day.
        synthetic: Whether the city was generated.
        figures: Official rows of the whole city, by indicator.
        credits: Credit lines of the sources.
    """

    place: str = ""
    check: str = ""
    day: str = ""
    synthetic: bool = False
    figures: Mapping[str, Mapping[str, object]] | None = None
    credits: tuple[str, ...] = ()


def city_figures(results: pa.Table) -> dict[str, Mapping[str, object]]:
    """Official rows of the whole city, by indicator."""
    columns = ("indicator", "variant", "level", "value", "status", "estimate", "reason_zh", "reason_en")
    rows = (
        dict(zip(columns, row, strict=True)) for row in zip(*(results[one].to_pylist() for one in columns), strict=True)
    )
    return {str(row["indicator"]): row for row in rows if row["level"] == "city" and not row["variant"]}


def framework_sheet(framework: Framework, rulebook: Rulebook, asked: Asked, language: Language) -> Sheet:
    """One row an answer; a part that nothing answers has a row of its own."""
    names = ("code", "title", "match", "indicator", "evidence", "note")
    with_values = (*names[:4], "value", "status", *names[4:]) if asked.figures is not None else names
    widths = {"title": 24.0, "indicator": 24.0, "note": 34.0, "code": 11.0, "status": 12.0}
    columns = tuple(
        Column(say(f"crosswalk.column.{name}", language), width=widths.get(name, 10.0)) for name in with_values
    )
    rows: list[list[Value]] = []
    for item in framework.items:
        told = item.note.say(language) if item.note else ""
        whole = {
            "code": item.code,
            "title": item.title.say(language),
            "evidence": say(f"evidence.{item.evidence}", language),
        }
        if not item.answers:
            rows.append(_row(with_values, whole | {"match": say("crosswalk.match.none", language), "note": told}))
        for answer in sorted(item.answers, key=lambda one: MATCHES.index(one.match)):
            indicator = rulebook.indicators[answer.indicator]
            made = whole | {
                "match": say(f"crosswalk.match.{answer.match}", language),
                "indicator": indicator.title.say(language),
                "note": answer.note.say(language) if answer.note else told,
            }
            rows.append(_row(with_values, made | _figure(answer.indicator, indicator.unit, asked, language)))
    return Sheet(framework.code, columns, rows)


def _figure(name: str, unit: str, asked: Asked, language: Language) -> dict[str, str]:
    """Value and status in the check; a reason where it is not assessed."""
    if asked.figures is None:
        return {}
    row = asked.figures.get(name)
    if row is None:
        return {"value": "", "status": say("crosswalk.not_asked", language)}
    value = row["value"]
    shown = quantity(float(value), unit, language) if isinstance(value, (int, float)) else ""
    estimate = "≈ " if row["estimate"] and shown else ""
    status = str(row["status"]).replace(" ", "_")
    reason = str(row[f"reason_{language}"] or "") if status == "not_assessed" else ""
    told = say(f"status.{status}", language) + (f" ({reason})" if reason else "")
    return {"value": estimate + shown, "status": told}


def _row(names: Sequence[str], made: Mapping[str, str]) -> list[Value]:
    return [made.get(name, "") for name in names]


def counted(framework: Framework, language: Language) -> str:
    """How many parts are answered how nearly, in a sentence."""
    counts = {match: sum(item.match == match for item in framework.items) for match in MATCHES}
    return say("crosswalk.counted", language, parts=len(framework.items), **counts)


def crosswalk_paper(frameworks: Sequence[Framework], rulebook: Rulebook, asked: Asked, language: Language) -> Paper:
    """Crosswalks as a paper.

    Args:
        frameworks: The frameworks.
        rulebook: Where indicators are named.
        asked: The check whose values are shown.
        language: Language of the paper.
    """
    parts: list[Part] = []
    for one in frameworks:
        parts += [Heading(one.title.say(language), 1), Text(counted(one, language), "lead")]
        if one.note:
            parts.append(Text(one.note.say(language), "note"))
        parts.append(framework_sheet(one, rulebook, asked, language))
        if one.refs:
            listed = say("language.list", language).join(one.refs)
            parts.append(Text(say("crosswalk.refs", language, refs=listed), "note"))
    cover: list[Row] = [(say("quality.check", language), asked.check), (say("quality.day", language), asked.day)]
    title = (
        say("crosswalk.title", language, place=asked.place) if asked.place else say("crosswalk.title_alone", language)
    )
    return Paper(language, title, asked.synthetic, tuple(row for row in cover if row[1]), tuple(parts), asked.credits)

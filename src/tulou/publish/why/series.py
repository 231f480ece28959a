"""The paper of restated series: each figure over all checks, as published and as it would be told today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tulou.kernel.words import Language
from tulou.publish.drawing.series import Point, series_chart
from tulou.publish.numbers import quantity
from tulou.publish.paper.content import Art, Column, Heading, Paper, Part, Sheet, Text, Value
from tulou.publish.why.material import Titles
from tulou.publish.words import say

DIGITS = 3
"""Decimals of numbers in tables on pages."""


@dataclass(frozen=True)
class Series:
    """All that is told about the series of a city.

    Args:
        city: Name of the city.
        synthetic: Whether it was generated.
        credits: Credit lines of its sources.
        rulebook: Rulebook of today and its version.
        titles: What each indicator is called, by id.
        rows: One a figure and check, by figure and day, see ``app.comparing.SERIES``.
    """

    city: str
    synthetic: bool
    credits: tuple[str, ...]
    rulebook: str
    titles: Mapping[str, Titles]
    rows: Sequence[Mapping[str, Any]]


def series_paper(series: Series, language: Language) -> Paper:
    """The paper in one language.

    Args:
        series: What is told.
        language: Its language.
    """
    parts: list[Part] = [Text(say("why.series.about", language), "lead"), *_figures(series, language)]
    parts.append(series_sheet(series, language))
    title = say("why.series.title", language, city=series.city)
    cover = ((say("title.rulebook", language), series.rulebook),)
    return Paper(language, title, series.synthetic, cover, tuple(parts), series.credits)


def _figures(series: Series, language: Language) -> Iterator[Part]:
    """A chart for each figure."""
    for place, (key, rows) in enumerate(groupby(series.rows, key=_key)):
        lines = list(rows)
        titles = series.titles[key[0]]
        title = _title(lines[0], titles, language)
        points = [Point(line["day"], _number(line["published"]), _number(line["restated"])) for line in lines]
        picture = series_chart(
            f"series-{place}",
            points,
            title=title,
            language=language,
            show=lambda value, unit=titles.unit: quantity(value, unit, language),  # type: ignore[misc]
        )
        if picture is not None:
            yield Heading(title, 2)
            yield Art((picture,))


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["indicator"], row["variant"], row["level"], row["unit"]


def _title(row: Mapping[str, Any], titles: Titles, language: Language) -> str:
    title = titles.title.say(language)
    if row["variant"]:
        variant = titles.variants.get(row["variant"])
        title = say("why.variant", language, title=title, variant=variant.say(language) if variant else row["variant"])
    if row["level"] == "city":
        return title
    return say("why.of_unit", language, title=title, unit=row["unit_name"] or row["unit"])


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def series_sheet(series: Series, language: Language) -> Sheet:
    """The numbers of all series as they are."""
    columns = (
        Column(say("why.table.indicator", language), "text", 30.0),
        Column(say("why.series.day", language), "text", 11.0),
        Column(say("why.series.check", language), "text", 24.0),
        Column(say("why.series.published", language), "number", 14.0, DIGITS),
        Column(say("why.table.status", language), "text", 11.0),
        Column(say("why.series.restated", language), "number", 16.0, DIGITS),
        Column(say("why.table.status", language), "text", 11.0),
    )
    rows = [tuple(_row(row, series.titles[row["indicator"]], language)) for row in series.rows]
    return Sheet(say("why.series.sheet", language), columns, rows, say("why.table.empty", language))


def _row(row: Mapping[str, Any], titles: Titles, language: Language) -> Iterator[Value]:
    yield _title(row, titles, language)
    yield row["day"].isoformat()
    yield row["check"]
    for value, status in (("published", "status"), ("restated", "restated_status")):
        yield row[value]
        shown = row[status]
        yield say(f"status.{shown.replace(' ', '_')}", language) if shown else say("why.dash", language)

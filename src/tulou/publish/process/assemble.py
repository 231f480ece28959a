"""The paper of one run of a process: question, answer, figures, pictures, tables, what was assumed, who checked it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from tulou.kernel.words import Language, Words
from tulou.processes.declaration import Input, Process
from tulou.processes.outcome import BarPlot, Figure, LinePlot, Outcome, Plot, Table
from tulou.publish.drawing.field import Place, draw_field
from tulou.publish.drawing.ground import Layers
from tulou.publish.drawing.lines import Curve, bar_plot, line_plot
from tulou.publish.drawing.picture import Picture
from tulou.publish.numbers import unit_text
from tulou.publish.paper.content import Art, Column, Heading, Pairs, Paper, Part, Row, Sheet, Text
from tulou.publish.words import say

WIDE, NARROW = 18.0, 9.0
"""Widths of columns of words and of numbers."""


def paper_of(
    process: Process,
    values: Mapping[str, object],
    outcome: Outcome,
    language: Language,
    *,
    city: str = "",
    synthetic: bool = False,
    layers: Layers | None = None,
) -> Paper:
    """The paper of a run in one language.

    Args:
        process: What was run.
        values: Value of each input.
        outcome: What it found.
        language: Language of the paper.
        city: Name of the city; empty when it was run without one.
        synthetic: Whether the city was generated.
        layers: What is drawn with fields, so that one finds one's way; nothing by default.
    """
    title = process.title.say(language)
    cover = [(say("process.model", language), f"{process.name} {process.version}")]
    cover += [(say("process.city", language), city)] if city else []
    cover += [
        (say("process.source", language), process.cites(language)),
        (
            say("process.verified", language),
            process.verified.say(language) if process.verified else say("process.not_verified", language),
        ),
    ]
    parts = tuple(_parts(process, values, outcome, language, layers or Layers()))
    return Paper(language, f"{title} · {city}" if city else title, synthetic, tuple(cover), parts)


def _parts(
    process: Process, values: Mapping[str, object], outcome: Outcome, language: Language, layers: Layers
) -> Iterator[Part]:
    yield Heading(say("process.answer", language), 1)
    yield Text(process.question.say(language), "question")
    for line in outcome.answer:
        yield Text(line.say(language), "lead")
    for warning in outcome.warnings:
        yield Text(warning.say(language), "missing")
    if outcome.figures:
        yield Pairs(tuple(_figure(one, language) for one in outcome.figures))
    for plot in outcome.plots:
        yield Art((picture_of(plot, language, layers),))
    if outcome.tables and not outcome.is_card:
        yield Heading(say("process.tables", language), 1, breaks=True)
    for table in outcome.tables:
        yield _sheet(table, language)
    yield Heading(say("process.how", language), 1, breaks=outcome.is_card)
    yield from _how(process, values, outcome, language)


def _how(process: Process, values: Mapping[str, object], outcome: Outcome, language: Language) -> Iterator[Part]:
    yield Pairs(tuple(_input(one, values.get(one.name), language) for one in process.inputs))
    for name, lines in (("assumptions", outcome.assumptions), ("limits", process.limits)):
        if lines:
            yield Heading(say(f"process.{name}", language), 2)
        for line in lines:
            yield Text(line.say(language), "bullet")
    if outcome.balances:
        yield Heading(say("process.balances", language), 2)
        yield Pairs(
            tuple(
                (
                    one.title.say(language),
                    say(
                        "process.balance",
                        language,
                        came=f"{one.came:,.4f}",
                        went=f"{one.went:,.4f}",
                        stayed=f"{one.stayed:,.4f}",
                        unit=unit_text(one.unit, language),
                        residual=f"{one.residual:.1e}",
                    ),
                )
                for one in outcome.balances
            )
        )
    if outcome.sources:
        yield Pairs(tuple((name, f"SHA-256 {digest}") for name, digest in sorted(outcome.sources.items())))


def picture_of(plot: Plot, language: Language, layers: Layers) -> Picture:
    """A plot, drawn; a field with the layers of its city."""
    title = plot.title.say(language)
    if isinstance(plot, LinePlot):
        curves = [Curve(one.title.say(language), one.x, one.y, one.is_points) for one in plot.lines]
        axes = {"x_title": plot.x_title.say(language), "y_title": plot.y_title.say(language)}
        return line_plot(plot.name, curves, title=title, has_log_x=plot.has_log_x, **axes)
    if isinstance(plot, BarPlot):
        bars = [(name.say(language) if isinstance(name, Words) else name, height) for name, height in plot.bars]
        return bar_plot(plot.name, bars, title=title, y_title=plot.y_title.say(language))
    place = Place(plot.west, plot.north, plot.cell, layers)
    unit = unit_text(plot.unit, language)
    return draw_field(plot.name, plot.values, plot.steps, place, title=title, unit=unit, language=language)


def _figure(one: Figure, language: Language) -> Row:
    if not math.isfinite(one.value):
        return one.title.say(language), say("language.unknown", language)
    text = f"{one.value:,.{one.digits}f} {unit_text(one.unit, language)}".strip()
    if math.isfinite(one.low) and math.isfinite(one.high):
        span = say("language.range", language, low=f"{one.low:,.{one.digits}f}", high=f"{one.high:,.{one.digits}f}")
        text += f" ({span})"
    return one.title.say(language), text


def _sheet(table: Table, language: Language) -> Sheet:
    columns: list[Column] = []
    for place, column in enumerate(table.columns):
        is_number = any(isinstance(row[place], (int, float)) and not isinstance(row[place], bool) for row in table.rows)
        unit = unit_text(column.unit, language) if column.unit else ""
        title = f"{column.title.say(language)} ({unit})" if unit else column.title.say(language)
        columns.append(Column(title, "number" if is_number else "text", NARROW if is_number else WIDE, column.digits))
    rows = [[cell.say(language) if isinstance(cell, Words) else cell for cell in row] for row in table.rows]
    return Sheet(table.title.say(language), tuple(columns), rows, say("process.nothing", language))


def _input(one: Input, value: object, language: Language) -> Row:
    if value is None:
        return one.title.say(language), say("process.not_given", language)
    if one.kind == "choice":
        return one.title.say(language), one.choices[str(value)].say(language)
    if isinstance(value, bool):
        return one.title.say(language), say(f"paper.{'yes' if value else 'no'}", language)
    if isinstance(value, Path):
        return one.title.say(language), value.name
    unit = unit_text(one.unit, language) if one.is_number else ""
    numbers = value if isinstance(value, tuple) else (value,)
    text = say("language.list", language).join(
        f"{part:.12g}" if isinstance(part, float) else str(part) for part in numbers
    )
    return one.title.say(language), f"{text} {unit}".strip()


def words_of_figures(outcome: Outcome) -> tuple[Words, ...]:
    """Figures as one line each, for the screen."""
    lines = ((_figure(one, "zh"), _figure(one, "en")) for one in outcome.figures)
    return tuple(Words(f"{zh[0]}：{zh[1]}", f"{en[0]}: {en[1]}") for zh, en in lines)

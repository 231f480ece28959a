"""The report of a day or a month as a paper: dangers, four colours, inspections, credit, training, chains."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from tulou.kernel.words import Language
from tulou.publish.paper.content import Art, Heading, Pairs, Paper, Part, Row, Sheet, Text
from tulou.publish.safety.map import FourColours, four_colour_map
from tulou.publish.safety.material import Material
from tulou.publish.safety.rows import (
    PERCENT,
    broken_lines,
    colour_counts,
    columns,
    rows_of,
    share_words,
)
from tulou.publish.words import say

READING = ("unknown", "persons", "reports", "shares", "draw", "appeal")
MOST = 40
"""Rows of a table shown on pages; the workbook holds all."""


def assemble(found: Material, language: Language) -> Paper:
    """The report in one language."""
    drawn = four_colour_map(found.units, found.shapes, found.risks, found.layers, language, " · ".join(found.credits_))
    chapters = {
        "summary": _summary(found, language),
        "dangers": _dangers(found, language),
        "colours": _colours(found, drawn, language),
        "visits": _visits(found, language),
        "credit": _sheets(found, ("grades", "moved"), language),
        "training": _sheets(found, ("due",), language),
        "chains": _chains(found, language),
        "reading": iter([Text(say(f"safety.paper.reading.{name}", language), "bullet") for name in READING]),
    }
    parts: list[Part] = []
    for place, (name, inside) in enumerate(chapters.items(), 1):
        parts.append(Heading(f"{place}  {say(f'safety.paper.chapter.{name}', language)}", 1))
        parts += inside
    kind = "day" if found.is_day else "month"
    title = say(f"safety.paper.title_{kind}", language, city=found.city, period=found.period)
    return Paper(
        language,
        title,
        found.synthetic,
        tuple(_cover(found, language)),
        tuple(parts),
        credits=found.credits_,
        base=drawn.base if drawn else "",
        outlines=drawn.outlines if drawn else "",
        definitions=drawn.definitions if drawn else "",
    )


def _cover(found: Material, language: Language) -> Iterator[Row]:
    lines = {
        "period": found.period,
        "day": str(found.day),
        "record": str(found.record),
        "digest": found.digest or say("safety.paper.nothing", language),
        "use": say("safety.paper.cover.internal", language),
    }
    for name, text in lines.items():
        yield say(f"safety.paper.cover.{name}", language), text


def _summary(found: Material, language: Language) -> Iterator[Part]:
    states = Counter(one.state for one in found.due)
    counts = found.counts
    yield Text(
        say(
            "safety.paper.lead",
            language,
            found=sum(counts.found.values()),
            major=counts.found.get("major", 0),
            closed=sum(counts.closed.values()),
            open=sum(counts.open.values()),
            overdue=counts.overdue,
            visits=len(found.visits),
            breaches=len(found.breaches),
            expired=states["expired"],
            review=states["review due"],
        ),
        "lead",
    )


def _dangers(found: Material, language: Language) -> Iterator[Part]:
    counts, fewest = found.counts, found.rules.fewest
    yield from _sheets(found, ("levels",), language)
    ages = ", ".join(f"{name}: {count}" for name, count in counts.ages.items())
    names = found.rules.sources
    sources = ", ".join(
        f"{names[name].say(language) if name in names else name}: {count}" for name, count in counts.sources.items()
    )
    told = {
        "closing": share_words(counts.closing, fewest, language),
        "in_time": share_words(counts.in_time, fewest, language),
        "again": share_words(counts.again, fewest, language),
        "ages": ages,
        "sources": sources or say("safety.paper.nothing", language),
    }
    yield Pairs(tuple((say(f"safety.paper.pair.{name}", language), text) for name, text in told.items()))
    yield from _sheets(found, ("dangers",), language)


def _colours(found: Material, drawn: FourColours | None, language: Language) -> Iterator[Part]:
    yield Text(say("safety.paper.risks", language, **colour_counts(found)))
    if drawn is not None:
        yield Art((drawn.picture,))
    yield from _sheets(found, ("units",), language)


def _visits(found: Material, language: Language) -> Iterator[Part]:
    yield from _sheets(found, ("bodies", "breaches", "draws"), language)
    for name, (strata, one) in found.prevalence.items():
        visited = sum(stratum.visited for stratum in strata)
        if math.isnan(one.share) or visited < found.rules.fewest:
            yield Text(say("safety.paper.prevalence_unknown", language, draw=name, visited=visited))
            continue
        share, low, high = (f"{PERCENT * value:.1f}" for value in (one.share, one.low, one.high))
        told = {"share": share, "low": low, "high": high, "covered": one.covered}
        yield Text(say("safety.paper.prevalence", language, draw=name, **told))


def _chains(found: Material, language: Language) -> Iterator[Part]:
    yield from _sheets(found, ("chains",), language)
    for line in broken_lines(found, language):
        yield Text(line, "bullet")


def _sheets(found: Material, names: tuple[str, ...], language: Language) -> Iterator[Part]:
    for name in names:
        empty = say(f"safety.paper.none.{name}", language) if name in _MAY_BE_EMPTY else ""
        title = say(f"safety.paper.sheet.{name}", language)
        yield Sheet(title, columns(name, language), rows_of(name, found, language), empty, MOST)


_MAY_BE_EMPTY = frozenset({"dangers", "bodies", "breaches", "draws", "moved", "due", "chains"})

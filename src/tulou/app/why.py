"""From a comparison to what is published of it: which figures are told, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tulou.app.comparing import CITY_LEVEL, Comparison
from tulou.app.ends import NOW, End, ends_of
from tulou.app.wiring import open_city
from tulou.diagnosis.difference.coalitions import CAUSES, CITY
from tulou.diagnosis.difference.dependence import Figure
from tulou.diagnosis.difference.figures import APPEARED, VANISHED
from tulou.indicators.rulebook.content import LEVELS, Rulebook
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadUse
from tulou.kernel.progress import Progress, steps
from tulou.kernel.words import Words
from tulou.publish.why.material import Change, CommitLine, EndLine, Subject, Titles
from tulou.publish.why.series import Series

MOST_TOLD = 24
"""Figures told one by one when nobody names any; the table holds all."""
MOST_REASONS = 400
"""Figures of which the objects are looked up: those of a whole city, or the first of many units."""


@dataclass(frozen=True)
class Wanted:
    """Which figures are looked at.

    Args:
        indicators: Ids; all when empty.
        level: Level of the units; the city when neither level nor unit is given.
        unit: Id of one unit; all of the level when empty.
        every: Whether figures that did not move are listed too.

    Raises:
        BadUse: When there is no such level.
    """

    indicators: Sequence[str] = ()
    level: str = ""
    unit: str = ""
    every: bool = False

    def __post_init__(self) -> None:
        if self.level and self.level not in LEVELS:
            raise BadUse("there is no such level", where="--level", found=self.level, allowed=LEVELS)


def chosen_rows(comparison: Comparison, wanted: Wanted) -> list[dict[str, Any]]:
    """Rows of the table of differences that were asked for.

    Raises:
        BadUse: When there is no such unit; offers what there is.
    """
    table = comparison.differences.to_pylist()
    levels = {wanted.level} if wanted.level else set(LEVELS) if wanted.unit else {CITY_LEVEL}
    at_level = [row for row in table if row["level"] in levels]
    rows = [row for row in at_level if not wanted.unit or row["unit"] == wanted.unit]
    if wanted.unit and not rows:
        known = sorted({row["unit"] for row in at_level})
        raise BadUse("there is no figure for this unit", where="--unit", found=wanted.unit, allowed=known)
    return [
        row
        for row in rows
        if (wanted.every or has_moved(row)) and (not wanted.indicators or row["indicator"] in wanted.indicators)
    ]


def has_moved(row: Mapping[str, Any]) -> bool:
    """Whether anything of a figure moved: its value, a part of it, or its verdict."""
    has_value = row["before"] is not None or row["after"] is not None
    return bool(row["change"] or row["because"] or (has_value and row["status_because"]))


def subject_of(
    comparison: Comparison, wanted: Wanted, *, reasons: bool = True, progress: Progress | None = None
) -> Subject:
    """What is published of a comparison.

    Args:
        comparison: The comparison.
        wanted: Which figures are told.
        reasons: Whether the objects behind each part are looked up.
        progress: Told after each figure.

    Raises:
        BadUse: When there is no such unit.
    """
    rows = sorted(chosen_rows(comparison, wanted), key=_weight)
    told = [row for row in rows if not row["variant"] or wanted.indicators]
    rest = [row for row in rows if row["variant"] and not wanted.indicators]
    every = [*told, *rest]
    deep = min(len(every), MOST_REASONS) if reasons else 0
    most = min(len(told), deep if wanted.indicators else MOST_TOLD)
    changes = [_change(comparison, row, reasons=True) for row in steps(every[:deep], "why", progress)]
    changes += [_change(comparison, row, reasons=False) for row in every[deep:]]
    books = comparison.before.rulebook, comparison.after.rulebook
    selections = {name: one.title for book in books for name, one in book.selections.items()}
    profile = comparison.after.state.profile
    return Subject(
        profile.name,
        profile.synthetic,
        profile.credit,
        _end(comparison.before),
        _end(comparison.after),
        comparison.coalitions.movement.causes,
        comparison.city.dictionary,
        selections,
        _commits(comparison),
        tuple(changes),
        most if reasons else 0,
        tuple(row for row in comparison.counts.to_pylist() if row["change"] or any(row[cause] for cause in CAUSES)),
        sum(comparison.made_again),
    )


def _weight(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Turned verdicts first, then what is not the city's doing, then the largest change in proportion."""
    others = any(row[cause] for cause in CAUSES if cause != CITY)
    size = max(abs(row["before"] or 0.0), abs(row["after"] or 0.0))
    share = abs(row["change"] or 0.0) / size if size else 0.0
    return (
        bool(row["variant"]),
        row["status_because"] is None,
        not others,
        -round(share, 9),
        LEVELS[::-1].index(row["level"]),
        row["indicator"],
        row["variant"],
        row["unit"],
    )


def _change(comparison: Comparison, row: Mapping[str, Any], *, reasons: bool) -> Change:
    figure = Figure(row["level"], row["unit"], row["indicator"], row["variant"])
    behind = comparison.reasons.behind(figure) if reasons else ()
    return Change(row, titles_of(comparison, row["indicator"]), behind, _kin(comparison, row) if reasons else ())


def _kin(comparison: Comparison, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the units that a new unit was made from, or that one which is gone became."""
    found = comparison.reasons.descents.get(row["level"])
    if found is None or row["kind"] not in {APPEARED, VANISHED}:
        return ()
    kin = found.out_of if row["kind"] == APPEARED else found.into
    return tuple(map(found.name, kin.get(row["unit"], ())))


def titles_of(comparison: Comparison, indicator: str) -> Titles:
    """What an indicator is called, by the later rulebook that asks it."""
    return _titles(indicator, comparison.after.rulebook, comparison.before.rulebook)


def _titles(indicator: str, *books: Rulebook) -> Titles:
    """What an indicator is called, by the first rulebook that asks it; its id where none does."""
    for book in books:
        found = book.indicators.get(indicator)
        if found is not None:
            variants = {one.name: one.title for one in found.variants if one.title is not None}
            return Titles(found.title, found.unit, found.better, variants)
    return Titles(Words(indicator, indicator), "1", "neither", {})


def series_of(path: Path, rows: Sequence[Mapping[str, Any]], rulebooks: Sequence[str] = ()) -> Series:
    """What is published of restated series.

    Args:
        path: Folder of the city.
        rows: Rows of ``restated_series``, by figure and day.
        rulebooks: Rulebooks of today; those of the newest check when empty.
    """
    (today,) = ends_of(open_city(path), (NOW,), rulebooks=rulebooks)
    book, profile = today.rulebook, today.state.profile
    titles = {name: _titles(name, book) for name in sorted({row["indicator"] for row in rows})}
    return Series(profile.name, profile.synthetic, profile.credit, f"{book.id} {book.version}", titles, rows)


def _end(end: End) -> EndLine:
    branch = end.state.branch if end.state.branch != MAIN else ""
    return EndLine(end.check or end.said, end.day, end.record, branch, end.rulebook.id, end.rulebook.version)


def _commits(comparison: Comparison) -> dict[int, CommitLine]:
    return {
        one.number: CommitLine(
            one.source.name if one.source is not None and one.source.name else one.message, one.who, one.time.date()
        )
        for one in comparison.city.log()
    }

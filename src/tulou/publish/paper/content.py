"""What a paper says, before any format: one run of parts, in one language, that all four writers render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tulou.kernel.words import Language
from tulou.publish.report.outline import Art, Heading, Pairs, Text, Turn, Verdict

Value: TypeAlias = str | float | int | bool | None
Kind = Literal["text", "number"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        title: Its head, with the unit in it where all rows share one.
        kind: ``number`` is set to the right; the workbook holds the number itself, pages what ``digits`` leaves of it.
        width: How wide it is, beside the others.
        digits: Decimals shown on pages.
    """

    title: str
    kind: Kind = "text"
    width: float = 10.0
    digits: int = 1


@dataclass(frozen=True)
class Sheet:
    """A table: a sheet of the workbook, and a table on pages.

    Args:
        name: Name of the sheet and heading of the table, at most 31 characters.
        columns: Its columns.
        rows: One value a column; None stays blank.
        empty: What is said in place of rows when there are none.
        most: Rows shown on pages; the workbook holds all.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    empty: str = ""
    most: int = 300


Part: TypeAlias = Heading | Text | Verdict | Pairs | Sheet | Art | Turn


@dataclass(frozen=True)
class Paper:
    """One paper, in one language.

    Args:
        language: Its language.
        title: Its title.
        synthetic: Whether the city was generated.
        cover: City, days, records, rulebook and the like, as pairs of words.
        parts: What it says, in order; a ``Sheet`` brings its own heading of level 3.
        credits: Credit lines of the sources.
        base: The quiet base of its maps, as SVG; empty when it has none.
        outlines: Unit outlines that its maps refer to.
        definitions: Patterns and clips that its maps refer to.
    """

    language: Language
    title: str
    synthetic: bool
    cover: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    credits: tuple[str, ...] = ()
    base: str = ""
    outlines: str = ""
    definitions: str = ""

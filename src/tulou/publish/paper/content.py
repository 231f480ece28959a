"""What a paper says, before any format: one run of parts, in one language, that all four writers render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from tulou.kernel.words import Language
from tulou.publish.drawing.picture import Picture

Status = Literal["pass", "fail", "to_confirm", "reference", "not_assessed"]
STATUSES: tuple[Status, ...] = get_args(Status)

SYMBOLS: Mapping[str, str] = {"pass": "●", "fail": "▲", "to_confirm": "△", "reference": "◇", "not_assessed": "○"}
"""The sign that stands beside the word of a status, so that colour is never alone."""

Row = tuple[str, str]
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


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter, and begins a page when ``breaks``."""

    text: str
    level: int
    breaks: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    kind: Literal["plain", "lead", "note", "missing", "bullet", "question"] = "plain"


@dataclass(frozen=True)
class Verdict:
    """The value of an indicator and its status."""

    value: str
    status: Status
    words: str
    aside: str = ""


@dataclass(frozen=True)
class Pairs:
    """Names and what is said about them."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """A table of words with a head.

    Args:
        head: Its head.
        rows: Its rows.
        widths: How wide each column is, beside the others.
        numbers: Columns of numbers, set to the right.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Art:
    """One picture, or two side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Turn:
    """From here on pages lie on their side, or stand again."""

    landscape: bool


Part: TypeAlias = Heading | Text | Verdict | Pairs | Grid | Sheet | Art | Turn


@dataclass(frozen=True)
class Paper:
    """One paper, in one language.

    Args:
        language: Its language.
        title: Its title.
        synthetic: Whether the city was generated.
        cover: City, days, records, rulebook and the like, as pairs of words.
        parts: What it says, in order; a ``Sheet`` brings its own heading of level 2.
        credits: Credit lines of the sources.
        base: The quiet base of its maps, as SVG; empty when it has none.
        outlines: Unit outlines that its maps refer to.
        definitions: Patterns and clips that its maps refer to.
    """

    language: Language
    title: str
    synthetic: bool
    cover: tuple[Row, ...]
    parts: tuple[Part, ...]
    credits: tuple[str, ...] = ()
    base: str = ""
    outlines: str = ""
    definitions: str = ""

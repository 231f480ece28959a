"""Bans: no table about a natural person carries a score, a rank, a risk, a mood, a count of complaints or a trajectory.

A table is about a person when its name or its key says so, when a column identifies somebody, or when one refers to a
person and the table is none of cases. Scores of cases, places, buildings, enterprises and bodies are allowed; a mark
whose own name speaks of a person never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tulou.kernel.errors import Fault

MARKED = "a table about natural persons carries a mark of persons"
PERSON_MARK = "this is a mark of a natural person"
STALE = "this exception is not needed: there is no such mark"
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(frozen=True)
class Column:
    """One column, field or attribute.

    Args:
        name: Its name.
        title: What it is called for people, in any language.
        where: File and line.
    """

    name: str
    title: str = ""
    where: str = ""


@dataclass(frozen=True)
class Table:
    """One schema: an entity, a table of a database, a class with fields, a schema of columns, fields of a flow.

    Args:
        name: Its name.
        columns: Its columns.
        keys: Names of columns that tell its rows apart.
        title: What it is called for people.
        where: File and line.
    """

    name: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()
    title: str = ""
    where: str = ""


@dataclass(frozen=True)
class Lexicon:
    """Words of one kind: English ones for parts of names and titles, Chinese ones for titles.

    Args:
        en: English words, of one or more parts.
        zh: Chinese words.
    """

    en: frozenset[tuple[str, ...]]
    zh: frozenset[str]

    def found(self, *texts: str) -> str:
        """The first of its words in some names or titles; empty when there is none."""
        for text in texts:
            parts = parts_of(text)
            for length in sorted({len(one) for one in self.en}):
                for at in range(len(parts) - length + 1):
                    if tuple(parts[at : at + length]) in self.en:
                        return "_".join(parts[at : at + length])
            for word in sorted(self.zh):
                if word in text:
                    return word
        return ""


@dataclass(frozen=True)
class Bans:
    """What is banned.

    Args:
        persons: Words for natural persons.
        identifiers: Words for what identifies one.
        marks: Words for what no table about a person carries.
        subjects: Words for what is not a person though it refers to one: cases, requests, orders.
        allowed: Exceptions, ``table.column``, with their reasons.
        places: Where each exception is written down.
    """

    persons: Lexicon
    identifiers: Lexicon
    marks: Lexicon
    subjects: Lexicon
    allowed: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def lexicon(english: Iterable[str], chinese: Iterable[str]) -> Lexicon:
    """Words of one kind as they are compared."""
    return Lexicon(frozenset(tuple(parts_of(word)) for word in english), frozenset(chinese))


def parts_of(text: str) -> list[str]:
    """Parts of a name or title in small letters, without the s of a plural."""
    return [_singular(part.lower()) for part in _PARTS.findall(text)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004


def about_person(table: Table, bans: Bans) -> str:
    """The word that says a table is about natural persons; empty when none does."""
    keys = [one for one in table.columns if one.name in table.keys]
    said = bans.persons.found(table.name, table.title)
    said = said or bans.persons.found(*(text for one in keys for text in (one.name, one.title)))
    said = said or bans.identifiers.found(*(text for one in table.columns for text in (one.name, one.title)))
    if said or bans.subjects.found(table.name, table.title):
        return said
    return next((one.name for one in table.columns if _refers(one.name, bans)), "")


def _refers(name: str, bans: Bans) -> bool:
    """Whether a column holds one person: ``holder``, not ``holders``, which counts or lists them."""
    return (name,) in bans.persons.en


def ban_faults(tables: Iterable[Table], bans: Bans) -> Iterator[Fault]:
    """Every mark of a person in some schemas, with its place; and exceptions that excuse nothing.

    Args:
        tables: All schemas there are.
        bans: What is banned.
    """
    excused = set()
    for table in tables:
        person = about_person(table, bans)
        for column in table.columns:
            mark = bans.marks.found(column.name, column.title)
            if not mark:
                continue
            is_own = bans.persons.found(column.name, column.title) or bans.identifiers.found(column.name)
            if not (person or is_own):
                continue
            name = f"{table.name}.{column.name}"
            if name in bans.allowed:
                excused.add(name)
                continue
            what = MARKED if person else PERSON_MARK
            yield Fault(what, column.where or table.where, f"{name} ({person or is_own}: {mark})")
    for name in sorted(set(bans.allowed) - excused):
        yield Fault(STALE, bans.places.get(name, ""), name)

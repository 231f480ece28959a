"""The labels of everything that is published, in both languages, from one file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Language, Words

FILE = Path(__file__).with_name("words.yaml")


@cache
def labels() -> dict[str, Words]:
    """All labels by dotted name, e.g. ``status.pass``.

    Raises:
        BadInput: When one lacks a language.
    """
    return dict(_walk(read_document(FILE, FILE.name), ""))


def say(name: str, language: Language, /, **parts: object) -> str:
    """One label in one language, its braces filled with ``parts``.

    Raises:
        BadUse: When there is no such label; offers the nearest.
    """
    return label(name).say(language).format(**parts) if parts else label(name).say(language)


def label(name: str) -> Words:
    """One label in both languages.

    Raises:
        BadUse: When there is no such label; offers the nearest.
    """
    known = labels()
    if name not in known:
        raise BadUse("there is no such label in words.yaml", found=name, allowed=sorted(known))
    return known[name]


def has(name: str) -> bool:
    """Whether a label of this name exists."""
    return name in labels()


def _walk(page: At, path: str) -> Iterator[tuple[str, Words]]:
    for key, entry in page.items():
        name = f"{path}{key}"
        if not isinstance(entry, At):
            raise BadInput("a label needs both languages", where=page.where(key), found=entry)
        if set(entry) == {"zh", "en"}:
            yield name, Words(str(entry["zh"]), str(entry["en"]))
        else:
            yield from _walk(entry, f"{name}.")

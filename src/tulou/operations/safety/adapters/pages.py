"""Pages of rules: one file of each rulebook, the base first, so that a city's own page adds versions to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import mapping
from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of

GRADES = ("sourced", "derived", "memory", "none")
"""Grades of evidence a page may give."""


def pages(names: Sequence[str | Path], folder: str, file: str) -> Iterator[At]:
    """The pages of one name in some rulebooks, those they extend first.

    Args:
        names: Rulebooks by name or folder.
        folder: Folder of the subject, e.g. ``safety``.
        file: Name of the page.
    """
    for place, _ in chain(list(names)):
        path = place / folder / file
        if path.is_file():
            yield read_document(path, f"{place.name}/{folder}/{file}")


def titles_of(entry: At, key: str) -> dict[str, Words]:
    """Words by name under a key."""
    found = mapping(entry, key, needed=False)
    return {name: words_of(found, name) for name in found}

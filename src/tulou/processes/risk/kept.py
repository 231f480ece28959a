"""Outcomes that were written before, read again: their figures by process and name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.sources import limits

MOST_OUTCOMES = 50
"""Most files of a folder that are read."""
MOST_SENTENCES = 3
"""Sentences of an answer that are kept."""


@dataclass(frozen=True)
class KeptFigure:
    """A figure of an outcome.

    Args:
        process: The process that found it.
        name: Its name.
        title: What it is.
        value: The number; NaN where it could not be told.
        high: Its upper bound; NaN where there is none.
        unit: Its unit.
    """

    process: str
    name: str
    title: Words
    value: float
    high: float
    unit: str

    @property
    def key(self) -> str:
        """Process and name."""
        return f"{self.process}.{self.name}"

    def planned(self, *, by_bound: bool) -> float:
        """What is planned for: the upper bound where asked for and known, else the number."""
        return self.high if by_bound and isfinite(self.high) else self.value


@dataclass(frozen=True)
class KeptOutcome:
    """An outcome.

    Args:
        process: The process that found it.
        is_verified: Whether somebody checked the model.
        answer: Its first sentences.
        figures: Its figures.
        warnings: Its warnings.
    """

    process: str
    is_verified: bool
    answer: tuple[Words, ...]
    figures: tuple[KeptFigure, ...]
    warnings: tuple[Words, ...]


def read_outcomes(path: Path) -> tuple[tuple[KeptOutcome, ...], dict[str, str]]:
    """The outcomes of a file or a folder, and the digests of their files.

    Raises:
        BadInput: When there is none, or two are of one process.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files or len(files) > MOST_OUTCOMES:
        raise BadInput("no outcomes of models are here, or too many", where=path.name, found=len(files))
    found = tuple(_outcome(file) for file in files)
    names = [one.process for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput("two outcomes are of one process", where=path.name, found=", ".join(twice))
    return found, {file.name: digest_file(file) for file in files}


def _outcome(path: Path) -> KeptOutcome:
    limits.size_of(path, limits.MOST_BOOK_BYTES)
    data = path.read_bytes()
    limits.check_depth(data, path.name)
    try:
        top = json.loads(data)
        process = str(top["process"])
        figures = tuple(_figure(process, one) for one in top["figures"])
        answer, warnings = (
            tuple(Words(zh, en) for zh, en in zip(top[name]["zh"], top[name]["en"], strict=True))
            for name in ("answer", "warnings")
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadInput("this is no outcome of a model", where=path.name, found=str(error)) from None
    return KeptOutcome(process, top.get("verified") is not None, answer[:MOST_SENTENCES], figures, warnings)


def _figure(process: str, one: dict[str, Any]) -> KeptFigure:
    value, high = (nan if one[name] is None else float(one[name]) for name in ("value", "high"))
    return KeptFigure(process, str(one["name"]), _words(one["title"]), value, high, str(one["unit"]))


def _words(said: dict[str, str]) -> Words:
    return Words(str(said["zh"]), str(said["en"]))

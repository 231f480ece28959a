"""What a report takes over from a plan that was made for its check: remedies by indicator, and the project library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tulou.kernel.words import Words

PROJECT_CELLS = 4
"""What is listed of a project: its name, what is built, its scale, and the department."""


@dataclass(frozen=True)
class Planned:
    """What a plan says to the report of its check.

    Args:
        lead: The plan in two sentences.
        advice: Remedies of each indicator, and when they are planned.
        projects: Name, content, scale and department of each project.
    """

    lead: Words
    advice: Mapping[str, Words]
    projects: tuple[tuple[Words, ...], ...]


def planned_of(document: Mapping[str, Any]) -> Planned | None:
    """Read what a plan keeps for the report of its check; None where it keeps nothing that can be read."""
    try:
        kept = document["report"]
        advice = {str(name): _words(words) for name, words in kept["advice"].items()}
        projects = tuple(_row(row) for row in kept["projects"])
        return Planned(_words(kept["lead"]), advice, projects)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _row(cells: Sequence[Any]) -> tuple[Words, ...]:
    if len(cells) != PROJECT_CELLS:
        raise ValueError(len(cells))
    return tuple(map(_words, cells))


def _words(found: Mapping[str, Any]) -> Words:
    return Words(str(found["zh"]), str(found["en"]))

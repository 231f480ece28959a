"""Reports of what-if and law-diff: a paper in each language, written in the formats asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.words import Language
from tulou.model.state import State
from tulou.plan.whatif.subjects import Coming, Compared, Tried
from tulou.publish.paper.content import Paper
from tulou.publish.paper.write import write_papers
from tulou.publish.whatif.assemble import calendar_papers, law_papers, project_papers

_UNFIT = re.compile(r"[^\w.-]+")
"""What may not stand in the name of a file."""
MOST_NAME = 80


def write_project(tried: Tried, formats: Sequence[str], languages: Sequence[Language], folder: Path) -> list[Path]:
    """Write the report of a project that was tried.

    Args:
        tried: The project.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.
        folder: Where to.

    Returns:
        The files written, ``whatif-NAME.LANGUAGE.FORMAT``.
    """
    if not formats:
        return []
    return _written(project_papers(tried, languages), f"whatif-{tried.project.name}", folder, formats)


def write_laws(compared: Compared, formats: Sequence[str], languages: Sequence[Language], folder: Path) -> list[Path]:
    """Write the report of two rules compared, as ``lawdiff.LANGUAGE.FORMAT``."""
    return _written(law_papers(compared, languages), "lawdiff", folder, formats) if formats else []


def write_calendar(
    state: State,
    days: Sequence[Coming],
    rulebook: Rulebook,
    formats: Sequence[str],
    languages: Sequence[Language],
    folder: Path,
) -> list[Path]:
    """Write the report of rules that come into force, as ``law-calendar.LANGUAGE.FORMAT``."""
    if not formats:
        return []
    return _written(calendar_papers(state, days, rulebook, languages), "law-calendar", folder, formats)


def _written(papers: Mapping[Language, Paper], name: str, folder: Path, formats: Sequence[str]) -> list[Path]:
    return write_papers(papers, _UNFIT.sub("-", name)[:MOST_NAME], folder, formats)

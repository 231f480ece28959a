"""Writing the pages of the tracker, in the formats and languages asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tulou.app.tracking import FOLDER, Seen, Tracker
from tulou.kernel.progress import Progress, steps
from tulou.kernel.words import Language
from tulou.operations.tracker.domain.grouping import SOON_DAYS, Way
from tulou.publish.paper.write import write_papers
from tulou.publish.tracker.assemble import assemble
from tulou.publish.tracker.material import Material

PAGES = "pages"
BOOK = "xlsx"


def write_pages(
    tracker: Tracker,
    seen: Seen,
    ways: Sequence[Way],
    formats: Sequence[str],
    languages: Sequence[Language],
    *,
    folder: Path | None = None,
    soon: int = SOON_DAYS,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the pages of the tracker.

    Args:
        tracker: The tracker.
        seen: The place on both clocks that they speak of.
        ways: How commitments are grouped, a paper each.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.
        folder: Where to; ``tracker/pages`` of the city by default.
        soon: Days ahead that count as soon.
        progress: Told after each paper.

    Returns:
        The files written.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    found = material_of(tracker, seen, soon)
    place = folder or tracker.city / FOLDER / PAGES
    written: list[Path] = []
    for way, form in steps([(way, form) for way in ways for form in formats], "pages", progress):
        papers = {spoken: assemble(found, way, spoken, is_book=form == BOOK) for spoken in languages}
        written += write_papers(papers, f"tracker-{way}", place, [form])
    return written


def material_of(tracker: Tracker, seen: Seen, soon: int = SOON_DAYS) -> Material:
    """All that the pages are made of."""
    return Material(
        city=tracker.name,
        synthetic=tracker.synthetic,
        day=seen.day,
        as_of=seen.as_of,
        soon=soon,
        agenda=seen.agenda,
        standings=seen.standings,
        progress=tracker.progress(seen.agenda),
        events=seen.events,
        moved=tuple(tracker.moved(seen.events)),
        fallen_back=tracker.fallen_back(seen.standings),
        titles=tracker.titles,
        check=tracker.newest_check,
    )

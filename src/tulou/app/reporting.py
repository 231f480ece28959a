"""Writing the reports of a check, in the formats and languages asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tulou.app.checking import Kept
from tulou.app.plans import planned_for
from tulou.kernel.progress import Progress, steps
from tulou.kernel.words import Language
from tulou.publish.paper.write import writer_of
from tulou.publish.report.gather import build_reports
from tulou.publish.report.html import write_html
from tulou.publish.report.outline import on_paper

WEB = "html"
PAPERS = ("docx", "pdf")
"""Formats that print the report as a paper."""


def write_reports(
    kept: Kept,
    formats: Sequence[str],
    languages: Sequence[Language],
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write reports into a folder; beside the check by default.

    Args:
        kept: The check.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.
        folder: Where to; the check's own folder by default.
        progress: Told after each report.

    Returns:
        The files written.
    """
    if not formats:
        return []
    place = folder or kept.folder
    place.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    planned = planned_for(kept.folder.parent.parent, kept.check.id)
    models = build_reports(kept.diagnosis, kept.state, kept.rulebook, languages, planned=planned)
    jobs = [(spoken, form) for spoken in languages for form in formats]
    for spoken, form in steps(jobs, "report", progress):
        path = place / f"report.{spoken}.{form}"
        if form == WEB:
            twin = next((f"report.{other}.{form}" for other in languages if other != spoken), "")
            write_html(models[spoken], path, twin=twin)
        elif form in PAPERS:
            writer_of(form)(on_paper(models[spoken]), path)
        else:
            from tulou.publish.report.xlsx import write_xlsx  # only this format needs the library

            write_xlsx(models[spoken], path)
        written.append(path)
    return written

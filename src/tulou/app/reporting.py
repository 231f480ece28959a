"""Writing the reports of a check, in the formats and languages asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from tulou.app.checking import Kept
from tulou.kernel.progress import Progress, steps
from tulou.kernel.words import Language
from tulou.publish.report.content import ReportModel
from tulou.publish.report.gather import build_reports
from tulou.publish.report.html import write_html

WEB = "html"
_WRITERS = {form: f"tulou.publish.report.{form}:write_{form}" for form in ("docx", "xlsx", "pdf")}


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
    models = build_reports(kept.diagnosis, kept.state, kept.rulebook, languages)
    jobs = [(spoken, form) for spoken in languages for form in formats]
    for spoken, form in steps(jobs, "report", progress):
        path = place / f"report.{spoken}.{form}"
        if form == WEB:
            twin = next((f"report.{other}.{form}" for other in languages if other != spoken), "")
            write_html(models[spoken], path, twin=twin)
        else:
            _writer(form)(models[spoken], path)
        written.append(path)
    return written


def _writer(form: str) -> Callable[[ReportModel, Path], None]:
    module, name = _WRITERS[form].split(":")
    writer: Callable[[ReportModel, Path], None] = getattr(import_module(module), name)
    return writer

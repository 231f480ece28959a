"""Writing papers: the formats by name, and where the files go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tulou.kernel.words import Language
from tulou.publish.paper.content import Paper
from tulou.publish.paper.html import write_html

_WRITERS = {form: f"tulou.publish.paper.{form}:write_{form}" for form in ("docx", "xlsx", "pdf")}
WEB = "html"


def write_papers(papers: Mapping[Language, Paper], name: str, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write a paper in the languages given.

    Args:
        papers: The same paper by language.
        name: What the files are called: ``NAME.LANGUAGE.FORMAT``.
        folder: Where to; made when it does not stand.
        formats: Of ``html``, ``docx``, ``xlsx``, ``pdf``.

    Returns:
        The files written.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for language, paper in papers.items():
        for form in formats:
            path = folder / f"{name}.{language}.{form}"
            if form == WEB:
                twin = next((f"{name}.{other}.{form}" for other in papers if other != language), "")
                write_html(paper, path, twin=twin)
            else:
                writer_of(form)(paper, path)
            written.append(path)
    return written


def writer_of(form: str) -> Callable[[Paper, Path], None]:
    """What writes a paper in a format; loads its library."""
    module, name = _WRITERS[form].split(":")
    writer: Callable[[Paper, Path], None] = getattr(import_module(module), name)
    return writer

"""Writing papers: the formats by name, and where the files go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tulou.kernel.words import Language
from tulou.publish.paper.content import Paper

_WRITERS = {form: f"tulou.publish.paper.{form}:write_{form}" for form in ("html", "docx", "xlsx", "pdf")}


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
            _writer(form)(paper, path)
            written.append(path)
    return written


def _writer(form: str) -> Callable[[Paper, Path], None]:
    module, name = _WRITERS[form].split(":")
    writer: Callable[[Paper, Path], None] = getattr(import_module(module), name)
    return writer

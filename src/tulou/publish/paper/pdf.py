"""A paper as PDF, set by Typst with the font we bring along.

Nothing a city or a rulebook says is ever read as markup: the words travel as JSON and Typst prints them as text.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tulou.kernel.atomic import write_bytes
from tulou.publish.drawing.svg import clean
from tulou.publish.paper.content import SYMBOLS, Art, Grid, Heading, Pairs, Paper, Text, Turn, Verdict
from tulou.publish.paper.pages import Set, on_pages
from tulou.publish.paper.press import Folder, printed
from tulou.publish.words import say

TEMPLATE = Path(__file__).with_name("paper.typ")


def write_pdf(paper: Paper, path: Path) -> None:
    """Write a paper as PDF.

    Raises:
        MissingExtra: When Typst is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="tulou-pdf-") as name:
        folder = Path(name)
        shutil.copy(TEMPLATE, folder / TEMPLATE.name)
        text = json.dumps(_document(paper, Folder(folder, paper)), ensure_ascii=False, sort_keys=True)
        (folder / "data.json").write_text(clean(text), "utf-8")
        write_bytes(path, printed(folder, TEMPLATE.name))


def _document(paper: Paper, art: Folder) -> dict[str, Any]:
    return {
        "title": paper.title,
        "language": paper.language,
        "synthetic": say("title.synthetic", paper.language) if paper.synthetic else "",
        "caution": say("title.not_appraisal", paper.language),
        "contents": say("chapter.contents", paper.language),
        "cover": paper.cover,
        "runs": [
            {"flipped": flipped, "items": [_item(item, art) for item in items]} for flipped, items in _runs(paper)
        ],
    }


def _runs(paper: Paper) -> list[tuple[bool, list[Set]]]:
    """What stands on pages of one direction, run by run."""
    runs: list[tuple[bool, list[Set]]] = [(False, [])]
    for item in on_pages(paper):
        if isinstance(item, Turn):
            runs.append((item.landscape, []))
        else:
            runs[-1][1].append(item)
    return [run for run in runs if run[1]]


def _item(item: Set, art: Folder) -> dict[str, Any]:
    match item:
        case Heading():
            return {"kind": "heading", "text": item.text, "level": item.level, "breaks": item.breaks}
        case Text():
            return {"kind": item.kind, "text": item.text}
        case Verdict():
            words = f"{SYMBOLS[item.status]} {item.words}"
            return {"kind": "verdict", "value": item.value, "status": item.status, "words": words, "aside": item.aside}
        case Pairs():
            return {"kind": "pairs", "rows": item.rows}
        case Grid():
            return {
                "kind": "grid",
                "head": item.head,
                "rows": item.rows,
                "widths": item.widths,
                "numbers": item.numbers,
            }
        case Art():
            return {"kind": "art", "pictures": [art.add(picture) for picture in item.pictures]}

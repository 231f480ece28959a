"""The report as PDF, set by Typst with the font we bring along.

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
from tulou.publish.report.content import SYMBOLS, ReportModel
from tulou.publish.report.outline import Art, Grid, Heading, Item, Pairs, Text, Turn, Verdict, outline
from tulou.publish.report.press import Folder, printed
from tulou.publish.words import say

TEMPLATE = Path(__file__).with_name("report.typ")


def write_pdf(model: ReportModel, path: Path) -> None:
    """Write the report as PDF.

    Raises:
        MissingExtra: When Typst is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="tulou-pdf-") as name:
        folder = Path(name)
        shutil.copy(TEMPLATE, folder / TEMPLATE.name)
        text = json.dumps(_document(model, Folder(folder, model)), ensure_ascii=False, sort_keys=True)
        (folder / "data.json").write_text(clean(text), "utf-8")
        write_bytes(path, printed(folder, TEMPLATE.name))


def _document(model: ReportModel, art: Folder) -> dict[str, Any]:
    return {
        "title": model.title,
        "language": model.language,
        "synthetic": say("title.synthetic", model.language) if model.synthetic else "",
        "caution": say("title.not_appraisal", model.language),
        "contents": say("chapter.contents", model.language),
        "cover": model.cover,
        "items": [_item(item, art) for item in outline(model)],
    }


def _item(item: Item, art: Folder) -> dict[str, Any]:
    match item:
        case Heading():
            found: dict[str, Any] = {"kind": "heading", "text": item.text, "level": item.level, "breaks": item.breaks}
        case Text():
            found = {"kind": item.kind, "text": item.text}
        case Verdict():
            words = f"{SYMBOLS[item.status]} {item.words}"
            found = {"kind": "verdict", "value": item.value, "status": item.status, "words": words, "aside": item.aside}
        case Pairs():
            found = {"kind": "pairs", "rows": item.rows}
        case Grid():
            found = {"kind": "grid", "head": item.head, "rows": item.rows, "widths": item.widths}
        case Art():
            found = {"kind": "art", "pictures": [art.add(picture) for picture in item.pictures]}
        case Turn():
            found = {"kind": "turn", "landscape": item.landscape}
    return found

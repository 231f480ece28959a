"""Tulou Sans, the font that every report brings along, and the parts of it that one document needs."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Literal

from tulou.kernel.errors import MissingExtra

try:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "fontTools", "report") from None

FAMILY = "Tulou Sans"
FOLDER = Path(__file__).with_name("fonts")
Style = Literal["Regular", "Bold"]
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "，。：；、（）“”《》—…％●▲◇○−–"
"""Signs that a part always holds, so that small edits to a document still find their letters."""


def face(style: Style) -> Path:
    """The file of one face."""
    return FOLDER / f"TulouSans-{style}.ttf"


@cache
def known_signs() -> frozenset[int]:
    """Code points that the font can show."""
    with TTFont(face("Regular"), lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(text: str) -> str:
    """The signs of a text that the font cannot show, in order, each once."""
    shown = known_signs()
    return "".join(sorted({sign for sign in text if ord(sign) not in shown and not sign.isspace()}))


def part(text: str, style: Style, *, web: bool = False) -> bytes:
    """The font with no more than the signs of a text.

    Args:
        text: All text of the document.
        style: Which face.
        web: Whether to pack it as WOFF2; otherwise TrueType.
    """
    options = Options(layout_features=["kern"], hinting=False, notdef_outline=True, name_IDs=["*"], glyph_names=False)
    options.flavor = "woff2" if web else None
    with TTFont(face(style), recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(set(text) | set(ALWAYS))))
        subsetter.subset(font)
        font.flavor = options.flavor
        stream = io.BytesIO()
        font.save(stream)
    return stream.getvalue()

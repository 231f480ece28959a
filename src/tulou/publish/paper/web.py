"""A web page that asks nothing of any other place: font, style, script and pictures inside."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Protocol

from tulou.kernel.words import Language
from tulou.publish import typeface
from tulou.publish.drawing.palette import style_sheet
from tulou.publish.drawing.svg import clean, escaped
from tulou.publish.paper.content import Row
from tulou.publish.words import say

_HERE = Path(__file__).parent


class Titled(Protocol):
    """What has a cover: a paper or a report."""

    @property
    def language(self) -> Language:
        """Its language."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def synthetic(self) -> bool:
        """Whether the city was generated."""

    @property
    def cover(self) -> tuple[Row, ...]:
        """What stands below the title."""


class Drawn(Protocol):
    """What its pictures share."""

    @property
    def base(self) -> str:
        """The quiet base of all maps."""

    @property
    def outlines(self) -> str:
        """Outlines that maps refer to."""

    @property
    def definitions(self) -> str:
        """Patterns and clips that maps refer to."""


def web_page(body: str, *, title: str, language: Language, script: str = "") -> str:
    """A whole page as text.

    Args:
        body: What stands in it, as HTML.
        title: Its title.
        language: Its language.
        script: A script of its own, beside the one that sorts tables.
    """
    body = clean(body)
    style = style_sheet() + (_HERE / "page.css").read_text("utf-8")
    scripts = script + (_HERE / "sorting.js").read_text("utf-8")
    fonts = "".join(_font(body + title, style_name) for style_name in ("Regular", "Bold"))
    return (
        f'<!doctype html><html lang="{say("language.tag", language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escaped(title)}</title><style>{fonts}{style}</style></head>"
        f"<body>{body}<script>{scripts}</script></body></html>\n"
    )


def shared_art(drawn: Drawn) -> str:
    """The base of all maps, once; maps refer to it."""
    defs = f"{drawn.definitions}{drawn.outlines}"
    base = f'<g id="base">{drawn.base}</g>' if drawn.base else ""
    return f'<svg class="shared" width="0" height="0" aria-hidden="true"><defs>{defs}{base}</defs></svg>'


def header(titled: Titled, twin: str = "") -> str:
    """The head of a page: what it is, of which city, and the way to its twin.

    Args:
        titled: The paper or report.
        twin: File name of the same in the other language, lying beside it; empty for none.
    """
    language = titled.language
    banner = ""
    if titled.synthetic:
        banner = f'<p class="synthetic" role="note">{escaped(say("title.synthetic", language))}</p>'
    rows = "".join(f"<div><dt>{escaped(name)}</dt><dd>{escaped(text)}</dd></div>" for name, text in titled.cover)
    other = ""
    if twin:
        tag = "en" if language == "zh" else "zh-CN"
        words = escaped(say("language.other", language))
        other = f'<a class="twin" href="{escaped(twin)}" hreflang="{tag}">{words}</a>'
    return f'<header>{banner}<div class="cover">{other}<h1>{escaped(titled.title)}</h1><dl>{rows}</dl></div></header>'


def _font(text: str, style: str) -> str:
    data = typeface.part(text, "Bold" if style == "Bold" else "Regular", web=True)
    weight = "700" if style == "Bold" else "400"
    source = base64.b64encode(data).decode("ascii")
    return (
        f'@font-face{{font-family:"{typeface.FAMILY}";font-weight:{weight};font-display:block;'
        f'src:url(data:font/woff2;base64,{source}) format("woff2")}}'
    )

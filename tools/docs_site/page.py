"""One page: Markdown into HTML, with anchors, links between pages, and the pieces that are searched."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

LEAD_ENDS = (".", "。", ":", "：", "?", "？", "!", "！")
"""A paragraph that begins in bold and ends so stands under a heading of its own."""
DEEPEST = 3
"""Headings down to this depth are listed beside the page."""
NAMING = 2
"""Cells of a row, from its beginning, in which the name of what it is about may stand."""
FRAME_IDS = frozenset({"main", "contents", "menu", "ask", "found", "app", "tone", "twin"})
"""Names that the frame of a page uses itself."""
LOST = "lost:"
"""Before a target that leads nowhere."""

_DROPPED = re.compile(r"[^\w\- ]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Head:
    """A heading, or a paragraph that begins with one.

    Args:
        anchor: Its name in the address.
        text: As read.
        depth: 1 for the title of the page; a paragraph's beginning counts as one deeper than headings go.
    """

    anchor: str
    text: str
    depth: int


@dataclass
class Section:
    """What stands under a heading, for the search.

    Args:
        anchor: Name of the heading; empty for the beginning of the page.
        title: The heading.
        words: Text, piece by piece.
    """

    anchor: str
    title: str
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A page that was bound.

    Args:
        title: Its title.
        body: HTML of what it says.
        heads: Its headings, in order.
        sections: What is searched.
        anchors: Names that an address may end in.
        lost: Links that lead nowhere.
    """

    title: str
    body: str
    heads: tuple[Head, ...]
    sections: tuple[Section, ...]
    anchors: frozenset[str]
    lost: tuple[str, ...]


def slug(text: str, taken: set[str]) -> str:
    """The anchor of a heading, as the common sites of code make it; a second one of the same name gets a number."""
    plain = _DROPPED.sub("", text.strip().lower()).strip().replace(" ", "-") or "part"
    found, count = plain, 0
    while found in taken:
        count += 1
        found = f"{plain}-{count}"
    taken.add(found)
    return found


def bind(text: str, leads: Callable[[str], str | None]) -> Page:
    """Make a page of Markdown.

    Args:
        text: The Markdown.
        leads: Gives the address a target of a link or picture becomes, None where it leads nowhere.
    """
    tokens = _MARKDOWN.parse(text)
    lost: list[str] = []
    for token in tokens:
        token.children = _joined(token.children)
        for child in token.children or ():
            for name in ("href", "src"):
                target = child.attrGet(name)
                if target is not None:
                    child.attrSet(name, _led(str(target), leads, lost))
    heads, sections, anchors = _divided(tokens)
    title = next((head.text for head in heads if head.depth == 1), "")
    body = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Page(title, _framed(body), tuple(heads), tuple(sections), frozenset(anchors), tuple(lost))


def _joined(children: list[Token] | None) -> list[Token] | None:
    """Chinese that was broken over lines stands without a space."""
    if children is None:
        return None
    kept: list[Token] = []
    for place, child in enumerate(children):
        before = "".join(one.content for one in children[:place])[-1:]
        after = "".join(one.content for one in children[place + 1 :])[:1]
        if child.type != "softbreak" or not (_WIDE.match(before) and _WIDE.match(after)):
            kept.append(child)
    return kept


def _led(target: str, leads: Callable[[str], str | None], lost: list[str]) -> str:
    found = leads(target)
    if found is None:
        lost.append(target)
    return LOST + target if found is None else found


def _divided(tokens: list[Token]) -> tuple[list[Head], list[Section], set[str]]:
    """Headings and rows get their anchors; the text goes under the heading it stands under."""
    heads: list[Head] = []
    sections = [Section("", "")]
    under = sections[0]
    taken = set(FRAME_IDS)
    rest = iter(enumerate(tokens))
    for place, token in rest:
        if token.type == "tr_open" and tokens[place - 1].type != "thead_open":
            cells = list(takewhile(lambda one: one[1].type != "tr_close", rest))
            _row(token, [one for _, one in cells if one.type == "inline"], sections, taken, under)
        elif token.type in ("inline", "fence", "code_block"):
            words = plain(token)
            head = _head(tokens[place - 1], token, taken)
            if head is not None:
                heads.append(head)
                under = Section("" if head.depth == 1 else head.anchor, head.text)
                sections.append(under)
                words = words[len(head.text) :].lstrip("".join(LEAD_ENDS) + " ")
            if words:
                under.words.append(words)
    return heads, [one for one in sections if one.title or one.words], taken


def _head(opening: Token, token: Token, taken: set[str]) -> Head | None:
    """The heading that an opening begins, with its anchor set."""
    if opening.type == "heading_open":
        said, depth = plain(token), int(opening.tag[1])
    elif opening.type == "paragraph_open" and opening.level == 0:
        said, depth = _lead(token), DEEPEST
    else:
        return None
    if not said:
        return None
    head = Head(slug(said, taken), said, depth)
    opening.attrSet("id", head.anchor)
    return head


def _row(opening: Token, cells: list[Token], sections: list[Section], taken: set[str], under: Section) -> None:
    """A row that is about something with a name of its own can be linked to and found."""
    named = ((cell, child) for cell in cells[:NAMING] for child in cell.children or () if child.type == "code_inline")
    cell, child = next(named, (None, None))
    texts = [plain(one) for one in cells]
    if cell is None or child is None:
        under.words.extend(texts)
        return
    anchor = slug(child.content, taken)
    opening.attrSet("id", anchor)
    title = plain(cell)
    sections.append(Section(anchor, title, [text for text in texts if text and text != title]))


def _lead(token: Token) -> str:
    """The bold beginning of a paragraph, without its last sign; empty where it has none."""
    children = [child for child in token.children or () if child.type != "text" or child.content]
    if not children or children[0].type != "strong_open":
        return ""
    end = next(place for place, child in enumerate(children) if child.type == "strong_close")
    said = "".join(child.content for child in children[1:end])
    return said[:-1] if said.endswith(LEAD_ENDS) else ""


def plain(token: Token) -> str:
    """The text of a token, without its marks."""
    if token.children is None:
        return token.content.strip()
    parts = (" " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children)
    return "".join(parts).strip()


def _framed(body: str) -> str:
    """Tables get a frame that scrolls by itself, headings a link to themselves."""
    body = body.replace("<table>", '<div class="sheet" tabindex="0" role="region"><table>')
    body = body.replace("</table>", "</table></div>")
    return re.sub(r'<(h[2-6]) id="([^"]+)">(.*?)</\1>', _linked, body)


def _linked(found: re.Match[str]) -> str:
    tag, anchor, inner = found.groups()
    return f'<{tag} id="{anchor}">{inner} <a class="self" href="#{anchor}" aria-label="#">#</a></{tag}>'


def escaped(text: str) -> str:
    """Text that a browser takes as text."""
    return html.escape(text, quote=True)

"""What stands around a page: head, navigation, headings beside it, the pages before and after."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docs_site.page import DEEPEST, Page, escaped

WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
"""What the frame says, by language."""
WIDE = ("catalogue/",)
"""Pages of wide tables, by the beginning of their path."""
ROOMS, PART = "python/", "-"
"""Pages of parts of a room stand in the navigation of that room's pages only."""
FEWEST_HEADS = 2
"""A page with fewer headings has no list of them."""


@dataclass(frozen=True)
class Leaf:
    """A page in the navigation.

    Args:
        name: Its path below the language.
        title: What the navigation calls it.
    """

    name: str
    title: str


@dataclass(frozen=True)
class Branch:
    """A section of the navigation.

    Args:
        title: Its title.
        leaves: Its pages, in order.
    """

    title: str
    leaves: tuple[Leaf, ...]


def framed(page: Page, name: str, language: str, tree: Sequence[Branch], note: str = "") -> str:
    """The whole page as HTML.

    Args:
        page: What it says.
        name: Its path below the language.
        language: Which one.
        tree: The navigation.
        note: Said before the text.
    """
    say = WORDS[language]
    up = "../" * (name.count("/") + 1)
    twin = "en" if language == "zh" else "zh"
    said = f'<p class="note">{escaped(note)}</p>' if note else ""
    return f"""<!doctype html>
<html lang="{say["lang"]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escaped(page.title)} · {say["name"]}</title>
<link rel="alternate" hreflang="{WORDS[twin]["lang"]}" href="{up}{twin}/{name}.html">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{up}look/site.css">
<script src="{up}look/site.js" defer></script>
</head>
<body data-up="{up}" data-language="{language}" data-copy="{say["copy"]}" data-copied="{say["copied"]}"
 data-nothing="{say["nothing"]}">
<a class="skip" href="#main">{say["skip"]}</a>
<header class="top">
<button type="button" id="menu" aria-expanded="false" aria-controls="contents"
 aria-label="{say["contents"]}">☰</button>
<a class="name" href="{up}{language}/index.html">{say["name"]}</a>
<form role="search"><input type="search" id="ask" placeholder="{say["searching"]}" aria-label="{say["search"]}"
 autocomplete="off" aria-controls="found" aria-expanded="false" role="combobox" aria-autocomplete="list">
<ol id="found" role="listbox" aria-label="{say["search"]}" hidden></ol></form>
<a id="app" href="{up}../">{say["app"]}</a>
<button type="button" id="tone" aria-label="{say["tone"]}" title="{say["tone"]}">◐</button>
<a id="twin" href="{up}{twin}/{name}.html" lang="{WORDS[twin]["lang"]}">{say["other"]}</a>
</header>
<div class="frame{" wide" if name.startswith(WIDE) else ""}">
<nav id="contents" aria-label="{say["contents"]}">{_contents(tree, name)}</nav>
<main id="main" tabindex="-1"><article>{said}{page.body}</article>{_turn(tree, name, language)}</main>
{_beside(page, say["here"])}
</div>
</body>
</html>
"""


def welcome() -> str:
    """The page at the root: the choice of the language."""
    links = "".join(
        f'<li><a href="{one}/index.html" lang="{said["lang"]}">{said["name"]}</a></li>' for one, said in WORDS.items()
    )
    choose = " · ".join(said["choose"] for said in WORDS.values())
    return f"""<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>土楼 Tulou</title><link rel="icon" href="data:,"><link rel="stylesheet" href="look/site.css">
<script src="look/site.js" defer></script>
<body class="welcome" data-up="" data-language="">
<main id="main"><h1>{choose}</h1><ul>{links}</ul></main></body></html>
"""


def led(target: str, name: str) -> str:
    """Address of a page below the same language, from another."""
    return posixpath.relpath(f"{target}.html", posixpath.dirname(name) or ".")


def _contents(tree: Sequence[Branch], name: str) -> str:
    parts = []
    for branch in tree:
        is_here = any(leaf.name == name for leaf in branch.leaves)
        rows = "".join(
            f'<li><a href="{led(leaf.name, name)}"{" aria-current=page" if leaf.name == name else ""}>'
            f"{escaped(leaf.title)}</a></li>"
            for leaf in branch.leaves
            if not (leaf.name.startswith(ROOMS) and PART in leaf.name) or _room(leaf.name) == _room(name)
        )
        parts.append(
            f"<details{' open' if is_here else ''}><summary>{escaped(branch.title)}</summary><ul>{rows}</ul></details>"
        )
    return "".join(parts)


def _room(name: str) -> str:
    return name.partition(PART)[0] if name.startswith(ROOMS) else ""


def _turn(tree: Sequence[Branch], name: str, language: str) -> str:
    order = [leaf for branch in tree for leaf in branch.leaves]
    place = next((place for place, leaf in enumerate(order) if leaf.name == name), None)
    if place is None:
        return ""
    say = WORDS[language]
    links = ""
    for side, near in (("before", place - 1), ("next", place + 1)):
        if 0 <= near < len(order):
            leaf = order[near]
            links += (
                f'<a rel="{"prev" if side == "before" else "next"}" href="{led(leaf.name, name)}">'
                f"<small>{say[side]}</small>{escaped(leaf.title)}</a>"
            )
    return f'<nav class="turn" aria-label="{say["turn"]}">{links}</nav>'


def _beside(page: Page, title: str) -> str:
    heads = [head for head in page.heads if 1 < head.depth <= DEEPEST]
    if len(heads) < FEWEST_HEADS:
        return '<aside class="here"></aside>'
    rows = "".join(
        f'<li class="depth{head.depth}"><a href="#{head.anchor}">{escaped(head.text)}</a></li>' for head in heads
    )
    return f'<aside class="here" aria-label="{title}"><h2>{title}</h2><ul>{rows}</ul></aside>'

"""A paper as one web page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from tulou.kernel.atomic import write_text
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import escaped
from tulou.publish.paper.content import SYMBOLS, Art, Grid, Heading, Pairs, Paper, Part, Sheet, Text, Turn, Verdict
from tulou.publish.paper.pages import SHEET_LEVEL, cut_off, grid_of
from tulou.publish.paper.web import header, shared_art, web_page
from tulou.publish.words import say


def write_html(paper: Paper, path: Path, *, twin: str = "") -> None:
    """Write a paper as a self-contained web page.

    Args:
        paper: The paper.
        path: The file to write.
        twin: File name of the same paper in the other language, lying beside it; empty for none.
    """
    write_text(path, page(paper, twin=twin))


def page(paper: Paper, *, twin: str = "") -> str:
    """The whole page as text."""
    language = paper.language
    numbers = count(1)
    parts = [(f"p{next(numbers)}", part) for part in paper.parts]
    inside = "".join(_part(part, name, paper) for name, part in parts)
    credit = f"<p>{escaped(' · '.join(paper.credits))}</p>" if paper.credits else ""
    body = (
        f'<a class="skip" href="#main">{escaped(say("page.skip", language))}</a>{shared_art(paper)}'
        f'{header(paper, twin)}<div class="shell">{_contents(parts, paper)}'
        f'<main id="main" class="paper">{inside}</main></div>'
        f"<footer>{credit}<p>{escaped(say('title.not_appraisal', language))}</p></footer>"
    )
    return web_page(body, title=paper.title, language=language)


def _contents(parts: Sequence[tuple[str, Part]], paper: Paper) -> str:
    links = "".join(f'<li><a href="#{name}">{escaped(text)}</a></li>' for name, text in _chapters(parts))
    return f'<nav aria-label="{escaped(say("chapter.contents", paper.language))}"><ol>{links}</ol></nav>'


def _chapters(parts: Sequence[tuple[str, Part]]) -> Iterator[tuple[str, str]]:
    for name, part in parts:
        if isinstance(part, Heading) and part.level == 1:
            yield name, part.text


def _part(part: Part, name: str, paper: Paper) -> str:
    found = ""
    match part:
        case Heading():
            level = part.level + 1
            found = f'<h{level} id="{name}">{escaped(part.text)}</h{level}>'
        case Text():
            found = _text(part)
        case Verdict():
            found = _verdict(part)
        case Pairs():
            rows = "".join(f"<div><dt>{escaped(one)}</dt><dd>{escaped(other)}</dd></div>" for one, other in part.rows)
            found = f'<dl class="facts">{rows}</dl>'
        case Grid():
            found = _grid(part, name, paper)
        case Sheet():
            found = _sheet(part, name, paper)
        case Art():
            found = f'<div class="art">{"".join(map(_figure, part.pictures))}</div>'
        case Turn():
            pass  # A page has no direction.
    return found


def _verdict(part: Verdict) -> str:
    aside = f'<span class="estimate">{escaped(part.aside)}</span>' if part.aside else ""
    badge = f'<span class="badge {part.status}">{SYMBOLS[part.status]} {escaped(part.words)}</span>'
    return f'<p class="value"><b>{escaped(part.value)}</b>{badge}{aside}</p>'


def _text(part: Text) -> str:
    words = escaped(part.text)
    if part.kind == "bullet":
        return f"<ul><li>{words}</li></ul>"
    return f"<p>{words}</p>" if part.kind == "plain" else f'<p class="{part.kind}">{words}</p>'


def _figure(picture: Picture) -> str:
    return f"<figure><figcaption>{escaped(picture.title)}</figcaption>{picture.inline()}</figure>"


def _sheet(sheet: Sheet, name: str, paper: Paper) -> str:
    level = SHEET_LEVEL + 1
    head = f'<h{level} id="{name}">{escaped(sheet.name)}</h{level}>'
    if not sheet.rows:
        return f'{head}<p class="missing">{escaped(sheet.empty)}</p>'
    note = cut_off(sheet, paper.language)
    below = f'<p class="note">{escaped(note)}</p>' if note else ""
    return f"{head}{_grid(grid_of(sheet, paper.language), name, paper)}{below}"


def _grid(grid: Grid, name: str, paper: Paper) -> str:
    kinds = [' class="num"' if place in grid.numbers else "" for place in range(len(grid.head))]
    head = "".join(f'<th scope="col"{kind}>{escaped(words)}</th>' for kind, words in zip(kinds, grid.head, strict=True))
    lines = "".join(
        "<tr>" + "".join(f"<td{kind}>{escaped(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in grid.rows
    )
    hint = escaped(say("page.sort", paper.language))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{name}"><table class="sortable" title="{hint}">'
        f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )

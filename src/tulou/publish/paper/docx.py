"""A paper as a Word document, with the part of our font it needs inside."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from tulou.kernel.atomic import write_bytes
from tulou.kernel.errors import MissingExtra
from tulou.publish import typeface
from tulou.publish.archive import repacked
from tulou.publish.drawing.palette import COLOURS
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import clean, escaped
from tulou.publish.paper.content import SYMBOLS, Art, Grid, Heading, Pairs, Paper, Row, Text, Turn, Verdict
from tulou.publish.paper.pages import Shown, on_pages
from tulou.publish.paper.press import images
from tulou.publish.words import say

try:
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Mm, Pt, RGBColor
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "docx", "report") from None

DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the document's properties instead of the clock, so that the same check gives the same bytes."""

Part: TypeAlias = Any
"""A piece of a document; python-docx has no types."""

PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
SIDE, TOP = Mm(20), Mm(22)
SIDE_BY_SIDE, ALONE = Mm(80), Mm(112)
TWIPS_ACROSS = 14_500
"""Width of a table on a page that lies on its side, in twentieths of a point."""

NARROW_TWIPS = 9_600
COVER_LINES, LINE_SPACING, AFTER = 7, 1.25, Pt(5)
"""Empty lines above the title; height of a line in lines; gap below a paragraph."""

INDENT, ASIDE_INDENT = 6, Mm(4)
"""Millimetres a level of the contents is set in; what is set in for remarks."""

TABLE_GAP, PAIR_WIDTHS = Pt(7), (28.0, 72.0)
"""Gap below a table; shares of a table of words and values."""

_TEXT_SIZES = {"lead": 11.0, "note": 8.5}
_SIZES = {"Title": 28.0, "Heading 1": 16.0, "Heading 2": 13.0, "Heading 3": 11.0, "Normal": 10.0}
_RIGHT = '<w:jc w:val="right"/>'
_FONT_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"


def write_docx(paper: Paper, path: Path) -> None:
    """Write a paper as a Word document.

    Raises:
        MissingExtra: When python-docx is not installed.
    """
    items = list(on_pages(paper))
    document = Document()
    _set_up(document, paper)
    _cover(document, paper)
    _contents(document, paper, items)
    pictures = [picture for item in items if isinstance(item, Art) for picture in item.pictures]
    drawn = iter(images(pictures, paper))
    across = NARROW_TWIPS
    for item in items:
        if isinstance(item, Turn):
            across = TWIPS_ACROSS if item.landscape else NARROW_TWIPS
        _add(document, item, drawn, across)
    stream = io.BytesIO()
    document.save(stream)
    write_bytes(path, _with_font(stream.getvalue(), _text_of(document)))


def _set_up(document: Part, paper: Paper) -> None:
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size = typeface.FAMILY, Pt(size)
        style.font.color.rgb = _colour("ink")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), typeface.FAMILY)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    document.styles["Normal"].paragraph_format.space_after = AFTER
    document.styles["Normal"].paragraph_format.line_spacing = LINE_SPACING
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    _margins(section)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    banner = f"    {say('title.synthetic', paper.language)}" if paper.synthetic else ""
    _run(head, paper.title + banner, size=7.5, colour="muted")
    _field(section.footer.paragraphs[0], "PAGE")
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by = clean(paper.title), "Tulou", "Tulou"
    facts.comments, facts.keywords, facts.revision = "", "", 1
    facts.created = facts.modified = facts.last_printed = DATE
    facts.language = say("language.tag", paper.language)


def _margins(section: Part) -> None:
    section.left_margin = section.right_margin = SIDE
    section.top_margin = section.bottom_margin = TOP


def _cover(document: Part, paper: Paper) -> None:
    if paper.synthetic:
        paragraph = document.add_paragraph()
        _run(paragraph, say("title.synthetic", paper.language), bold=True, colour="fail", size=12)
    for _ in range(COVER_LINES):
        document.add_paragraph()
    title = document.add_paragraph(style="Title")
    _run(title, paper.title, bold=True)
    _pairs(document, paper.cover)
    _run(document.add_paragraph(), say("title.not_appraisal", paper.language), size=8.5, colour="muted")


def _contents(document: Part, paper: Paper, items: Iterable[Shown]) -> None:
    """A table of contents that Word brings up to date; until then it lists the headings."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.page_break_before = True
    _run(paragraph, say("chapter.contents", paper.language), size=13, bold=True)
    most = 2
    lines = [item for item in items if isinstance(item, Heading) and item.level <= most]
    for place, item in enumerate(lines):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(INDENT * (item.level - 1))
        paragraph.paragraph_format.space_after = Pt(1)
        if place == 0:
            _mark(paragraph, "begin", 'TOC \\o "1-2" \\h \\z')
        _run(paragraph, item.text)
        if place == len(lines) - 1:
            _mark(paragraph, "end")


def _add(document: Part, item: Shown, drawn: Iterator[bytes], across: int) -> None:
    match item:
        case Heading():
            paragraph = document.add_heading(level=item.level)
            paragraph.paragraph_format.page_break_before = item.breaks
            _run(paragraph, item.text)
        case Text():
            _text(document, item)
        case Verdict():
            _verdict(document, item)
        case Pairs():
            _pairs(document, item.rows)
        case Grid():
            _grid(document, item, across)
        case Art():
            _art(document, item.pictures, drawn)
        case Turn():
            _turn(document, landscape=item.landscape)


def _text(document: Part, item: Text) -> None:
    paragraph = document.add_paragraph(style="List Bullet" if item.kind == "bullet" else None)
    colour = "muted" if item.kind in {"note", "question"} else None
    _run(paragraph, item.text, size=_TEXT_SIZES.get(item.kind), colour=colour)
    paragraph.paragraph_format.keep_with_next = item.kind == "question"
    if item.kind == "missing":
        paragraph.paragraph_format.left_indent = ASIDE_INDENT
        edge = f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="8B86A0"/></w:pBdr>'
        _inner(paragraph).get_or_add_pPr().append(parse_xml(edge))


def _verdict(document: Part, item: Verdict) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, item.value, size=16, bold=True)
    colour = item.status if item.status in {"pass", "fail"} else "ink"
    _run(paragraph, f"    {SYMBOLS[item.status]} {item.words}", bold=True, colour=colour)
    if item.aside:
        _run(paragraph, f"    {item.aside}", size=8.5, colour="muted")


def _pairs(document: Part, rows: Iterable[Row]) -> None:
    lines = [tuple(row) for row in rows]
    if lines:
        _table(document, lines, PAIR_WIDTHS, across=NARROW_TWIPS, size=8.5)


def _grid(document: Part, item: Grid, across: int) -> None:
    rows, numbers = [item.head, *item.rows], frozenset(item.numbers)
    _table(document, rows, item.widths, across=across, size=7.5, has_head=True, numbers=numbers)


def _table(
    document: Part,
    rows: list[tuple[str, ...]],
    widths: tuple[float, ...],
    *,
    across: int,
    size: float,
    has_head: bool = False,
    numbers: frozenset[int] = frozenset(),
) -> None:
    """A table written as XML at once: python-docx takes minutes for thousands of cells."""
    shares = [round(across * width / sum(widths)) for width in widths]
    line = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="D8D4CB"/>'
    borders = line.format("top") + line.format("bottom") + line.format("insideH")
    columns = "".join(f'<w:gridCol w:w="{share}"/>' for share in shares)
    body = "".join(
        _row(row, shares, size=size, is_head=has_head and place == 0, numbers=numbers) for place, row in enumerate(rows)
    )
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(shares)}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>'
    )
    end = document.element.body.find(qn("w:sectPr"))
    end.addprevious(parse_xml(table))
    gap = document.add_paragraph().paragraph_format
    gap.space_after, gap.line_spacing = Pt(0), TABLE_GAP


def _row(cells: tuple[str, ...], shares: list[int], *, size: float, is_head: bool, numbers: frozenset[int]) -> str:
    look = f'<w:rPr>{"<w:b/>" if is_head else ""}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    texts = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{share}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:spacing w:before="20" w:after="20" '
        f'w:line="240" w:lineRule="auto"/>{_RIGHT if place in numbers else ""}</w:pPr><w:r>{look}'
        f'<w:t xml:space="preserve">{escaped(cell)}</w:t></w:r></w:p></w:tc>'
        for place, (cell, share) in enumerate(zip(cells, shares, strict=True))
    )
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{texts}</w:tr>"


def _art(document: Part, pictures: tuple[Picture, ...], drawn: Iterator[bytes]) -> None:
    """Pictures side by side in a table without lines; each below its title."""
    table = document.add_table(rows=1, cols=len(pictures))
    wide = SIDE_BY_SIDE if len(pictures) > 1 else ALONE
    for cell, picture in zip(table.rows[0].cells, pictures, strict=True):
        title = cell.paragraphs[0]
        title.paragraph_format.keep_with_next = True
        _run(title, picture.title, size=8.5, bold=True)
        run = cell.add_paragraph().add_run()
        run.add_picture(io.BytesIO(next(drawn)), width=wide)
        for name in _inner(run).iter(qn("wp:docPr")):
            name.set("descr", clean(f"{picture.title}. {picture.about}"))
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _turn(document: Part, *, landscape: bool) -> None:
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    sides = (PAGE_HEIGHT, PAGE_WIDTH) if landscape else (PAGE_WIDTH, PAGE_HEIGHT)
    section.page_width, section.page_height = sides
    section.different_first_page_header_footer = False
    _margins(section)


def _run(
    paragraph: Part,
    text: str,
    *,
    size: float | None = None,
    bold: bool | None = None,
    colour: str | None = None,
) -> None:
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(size) if size else None, bold
    if colour:
        run.font.color.rgb = _colour(colour)


def _colour(name: str) -> Part:
    return RGBColor.from_string(COLOURS[name][0].lstrip("#").upper())


def _inner(thing: Part) -> Part:
    """The XML of a paragraph or run, for what python-docx has no words for."""
    return thing._element  # noqa: SLF001  (it offers no other way)


def _field(paragraph: Part, instruction: str) -> None:
    _mark(paragraph, "begin", instruction)
    _run(paragraph, "1", size=8, colour="muted")
    _mark(paragraph, "end")


def _mark(paragraph: Part, kind: str, instruction: str = "") -> None:
    """Begin or end a field; a beginning states what the field holds."""
    steps = [("begin", ""), ("", instruction), ("separate", "")] if kind == "begin" else [(kind, "")]
    for step, words in steps:
        element = OxmlElement("w:fldChar" if step else "w:instrText")
        if step:
            element.set(qn("w:fldCharType"), step)
        else:
            element.text = f" {words} "
        _inner(paragraph.add_run()).append(element)


def _text_of(document: Part) -> str:
    found = {sign for node in document.element.body.iter(qn("w:t")) for sign in node.text or ""}
    for section in document.sections:
        found.update(sign for paragraph in section.header.paragraphs for sign in paragraph.text)
    return "".join(sorted(found))


def _with_font(data: bytes, text: str) -> bytes:
    """Put both faces into the package, veiled as the standard asks (ECMA-376 part 4, 17.8.1)."""
    fonts, relations, table = {}, [], ""
    for number, (style, tag) in enumerate((("Regular", "embedRegular"), ("Bold", "embedBold")), 1):
        face = typeface.part(text, "Bold" if style == "Bold" else "Regular")
        key = hashlib.sha256(face).hexdigest()[:32].upper()
        fonts[f"word/fonts/font{number}.odttf"] = _veiled(face, key)
        guid = f"{{{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}}}"
        table += f'<w:{tag} r:id="rId{number}" w:fontKey="{guid}"/>'
        relations.append(f'<Relationship Id="rId{number}" Type="{_FONT_TYPE}" Target="fonts/font{number}.odttf"/>')
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    font_table = (
        f'{head}<w:fonts {nsdecls("w", "r")}><w:font w:name="{typeface.FAMILY}"><w:charset w:val="86"/>'
        f'<w:family w:val="swiss"/><w:pitch w:val="variable"/>{table}</w:font></w:fonts>'
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    fonts["word/_rels/fontTable.xml.rels"] = (
        f'{head}<Relationships xmlns="{space}">{"".join(relations)}</Relationships>'.encode()
    )
    kind = b'<Default Extension="odttf" ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>'
    return repacked(
        data,
        changed={
            "word/fontTable.xml": lambda _old: font_table.encode(),
            "[Content_Types].xml": lambda old: old.replace(b"<Default ", kind + b"<Default ", 1),
            "word/settings.xml": _saying_fonts_are_inside,
        },
        added=fonts,
    )


def _veiled(face: bytes, key: str) -> bytes:
    mask = bytes.fromhex(key)[::-1] * 2
    return bytes(byte ^ veil for byte, veil in zip(face[:32], mask, strict=True)) + face[32:]


def _saying_fonts_are_inside(settings: bytes) -> bytes:
    at = settings.index(b">", settings.index(b"<w:settings")) + 1
    before = settings.find(b"<w:zoom")
    if before >= 0:
        at = settings.index(b">", before) + 1
    return settings[:at] + b"<w:embedTrueTypeFonts/><w:saveSubsetFonts/>" + settings[at:]

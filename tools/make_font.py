"""Make Tulou's own font from Noto Sans CJK SC (SIL Open Font License 1.1).

The reports must show Chinese on machines that have no Chinese font. This takes the two faces of the Debian package
``fonts-noto-cjk``, keeps GB 2312, Latin, Greek, Cyrillic and the signs reports use, turns the cubic outlines into
TrueType ones (Word embeds no others), and gives them a name of their own, as the licence asks of changed versions.

    apt-get download fonts-noto-cjk && dpkg -x fonts-noto-cjk_*.deb noto
    python tools/make_font.py noto/usr/share/fonts/opentype/noto src/tulou/publish/fonts

Two runs give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

FAMILY = "Tulou Sans"
SOURCE = "Noto Sans CJK SC"
FACES = {"Regular": "NotoSansCJK-Regular.ttc", "Bold": "NotoSansCJK-Bold.ttc"}
LARGEST_ERROR = 1.0
"""How far, in thousandths of the body, a TrueType curve may lie from the cubic one."""

MADE = 3_786_912_000
"""Seconds since 1904 that stand in the font as its date (2024-01-01), so that two runs give the same bytes."""

RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x391, 0x3C9),
    (0x401, 0x451),
    (0x2010, 0x2026),
    (0x2030, 0x203B),
    (0x2070, 0x209C),
    (0x20AC, 0x20AC),
    (0x2103, 0x2103),
    (0x2116, 0x2122),
    (0x2150, 0x215E),
    (0x2160, 0x216B),
    (0x2190, 0x2199),
    (0x2200, 0x22FF),
    (0x2460, 0x249B),
    (0x2500, 0x254B),
    (0x25A0, 0x25EF),
    (0x2605, 0x2606),
    (0x2713, 0x2717),
    (0x3000, 0x3020),
    (0x3231, 0x3231),
    (0x32A3, 0x32A3),
    (0x338E, 0x33D5),
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
)
"""Letters, signs and punctuation besides GB 2312."""

ALSO = "垚堃喆淼昇祎珺琤琦玥瑄晞煊燊璟勐畲埕洑峃岙垟漈磜塅坵坂碶埠滘墈圳嶴瀛鋆镕炜"
"""Characters of place and personal names that stand outside GB 2312, or may."""


def wanted() -> set[int]:
    """All code points the font is to hold."""
    found = {ord(sign) for sign in ALSO}
    for first, last in RANGES:
        found.update(range(first, last + 1))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            text = bytes((row, cell)).decode("gb2312", errors="ignore")
            found.update(map(ord, text))
    return found


def face_of(path: Path) -> TTFont:
    """The simplified Chinese face of a font collection."""
    for face in TTCollection(path, lazy=True).fonts:
        if face["name"].getDebugName(1) == SOURCE:
            return face
    message = f"{path}: holds no face '{SOURCE}'"
    raise SystemExit(message)


def with_truetype_outlines(font: TTFont) -> None:
    """Replace the CFF outlines by quadratic ones."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, LARGEST_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, drawn
    font["loca"] = newTable("loca")
    for name in order:
        drawn[name].recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(drawn[name], "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    zero = ("Zones", "TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements")
    for field in zero:
        setattr(maxp, f"max{field}", 0)
    maxp.maxZones, maxp.maxSizeOfInstructions, maxp.maxComponentElements = 1, 0, 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
    for table in ("CFF ", "VORG", "vhea", "vmtx", "BASE", "DSIG"):
        if table in font:
            del font[table]


def with_own_name(font: TTFont, style: str) -> None:
    """Rename the face; the copyright and licence lines stay."""
    table = font["name"]
    kept = {number: table.getDebugName(number) for number in (0, 13, 14)}
    table.names = []
    full = FAMILY if style == "Regular" else f"{FAMILY} {style}"
    texts = {
        **kept,
        1: FAMILY,
        2: style,
        3: f"{full} 1.0",
        4: full,
        5: "Version 1.0, made from Noto Sans CJK SC by tools/make_font.py",
        6: full.replace(" ", "") + ("-Regular" if style == "Regular" else ""),
    }
    texts[6] = f"TulouSans-{style}"
    for number, text in sorted(texts.items()):
        if text:
            table.setName(text, number, 3, 1, 0x409)


def make(source: Path, target: Path, style: str) -> int:
    """Make one face; gives its size in bytes."""
    font = face_of(source)
    options = Options(
        layout_features=["kern"],
        hinting=False,
        notdef_outline=True,
        name_IDs=["*"],
        drop_tables=["DSIG", "BASE", "VORG", "vhea", "vmtx", "GSUB"],
        glyph_names=False,
        desubroutinize=True,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    with_truetype_outlines(font)
    with_own_name(font, style)
    font["head"].created = font["head"].modified = MADE
    font["OS/2"].fsType = 0
    font["OS/2"].achVendID = "TULO"
    font.recalcTimestamp = False
    path = target / f"TulouSans-{style}.ttf"
    font.save(path, reorderTables=True)
    return path.stat().st_size


def main() -> None:
    """Make both faces from the folder named first into the folder named second."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for style, name in FACES.items():
        print(f"{style}: {make(source / name, target, style):,} bytes")


if __name__ == "__main__":
    main()

"""SVG as text: elements with every text and attribute escaped."""

from __future__ import annotations

import re
from html import escape

FIRST_WIDE = 0x2E80
"""First code point of the Chinese blocks, whose characters are as wide as high."""

LATIN_WIDTH = 0.6
"""Width of a usual Latin character of Tulou Sans, as a share of its height."""

_WIDTHS = {
    " fijlI!'(),-.:;[]{|}": 0.3,
    "rt/\\²³": 0.42,
    'csvxyzJLY"*?': 0.52,
    "BDGHKNOQU&": 0.72,
    "wM": 0.84,
    "mW%@": 0.94,
    "●▲△◇○≥≤≈·—": 1.0,
}
"""Characters of other widths, by the advance widths of the font, a little rounded up."""
WIDTHS: dict[str, float] = {sign: width for signs, width in _WIDTHS.items() for sign in signs}

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """A text without the control characters that XML forbids."""
    return _UNSHOWN.sub("", text)


def escaped(text: object) -> str:
    """A text that may stand in XML or HTML, in content as well as in attributes."""
    return escape(clean(str(text)), quote=True)


def digits(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def element(tag: str, *inside: str, **attributes: object) -> str:
    """One element; ``inside`` is markup already, attributes are escaped here.

    Underscores of attribute names become hyphens; a trailing one is dropped (``class_``). None leaves one out.
    """
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{digits(value) if isinstance(value, float) else escaped(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    body = "".join(inside)
    return f"<{tag}{shown}>{body}</{tag}>" if body else f"<{tag}{shown}/>"


def label(
    text: str,
    x: float,
    y: float,
    *,
    size: float = 15,
    anchor: str | None = None,
    paint: dict[str, str],
    bold: bool = False,
) -> str:
    """One line of text."""
    return element(
        "text",
        escaped(text),
        x=float(x),
        y=float(y),
        font_size=float(size),
        text_anchor=anchor,
        font_weight="bold" if bold else None,
        **paint,
    )


def width_of(text: str, size: float) -> float:
    """About how wide a text is: Chinese characters are as wide as high, Latin ones as the font has them."""
    return size * sum(1.0 if ord(sign) >= FIRST_WIDE else WIDTHS.get(sign, LATIN_WIDTH) for sign in text)


def shortened(text: str, room: float, size: float) -> str:
    """A text cut so that it fits, with dots when something went."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "..", size) > room:
        text = text[:-1]
    return text.rstrip() + ".."

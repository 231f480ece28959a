"""Maps: a quiet base of the city's own data, and on it where an indicator holds or fails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH, Frame
from tulou.publish.drawing.furniture import north_arrow, scale_bar
from tulou.publish.drawing.palette import COLOURS, fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, escaped, label, width_of
from tulou.publish.words import say

MOST_DOTS = 3000
"""Most objects drawn as dots on one map."""
_DOT = "dot-"
"""Begins the legend's name of a dot; its status follows."""

MOST_TOOLTIPS = 200
"""Units up to which each carries its own tooltip."""

MOST_SIGNS = 80
"""Failing units up to which each carries a sign."""

FINEST_BREAK = 20
"""Class limits are rounded to about this part of the span."""

_HATCH = (
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="#ffffff" fill-opacity="0.35"/>'
    '<path d="M0 0v5" stroke="#9a968c" stroke-width="1.4"/></pattern>'
)
NICE = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, eq=False)
class Sheet:
    """What all maps of one report share.

    Args:
        frame: The extent.
        base: The quiet base, as SVG.
        outlines: Shared unit outlines, as SVG definitions.
        centres: A point inside each unit, in units of the drawing; NaN without a shape.
        language: Language of the words.
        credit: Credit line; empty for none.
    """

    frame: Frame
    base: str
    outlines: str
    centres: NDArray[np.float64]
    language: Language
    credit: str = ""


@dataclass(frozen=True, eq=False)
class Dots:
    """Objects drawn as dots.

    Args:
        places: Where they are, metres, shape (n, 2), most important first; only the first ``MOST_DOTS`` are drawn.
        status: Whether they are proven to fail (``fail``) or ``to_confirm``.
    """

    places: NDArray[np.float64]
    status: str = "fail"


@dataclass(frozen=True)
class Class:
    """One class of a choropleth: colour, words in the legend, members."""

    colour: str
    words: str
    units: tuple[int, ...]


def definitions(frame: Frame) -> str:
    """Patterns and clips that the maps refer to."""
    rect = element("rect", width=WIDTH, height=frame.height)
    return f'{_HATCH}<clipPath id="frame">{rect}</clipPath>'


def outlines(frame: Frame, shapes: NDArray[np.object_]) -> tuple[str, NDArray[np.float64]]:
    """Definitions of unit outlines (ids ``u0``, ``u1`` …) and a point inside each."""
    centres = np.full((len(shapes), 2), np.nan)
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if known.any():
        points = shapely.point_on_surface(shapes[known])
        centres[known] = frame.place(np.column_stack([shapely.get_x(points), shapely.get_y(points)]))
    texts = (
        element("path", id=f"u{place}", d=frame.path(shapes[place : place + 1], tolerance=0.4), fill_rule="evenodd")
        for place in np.flatnonzero(known)
    )
    return "".join(texts), centres


def choropleth(
    sheet: Sheet,
    name: str,
    classes: Sequence[Class],
    *,
    title: str,
    about: str,
    failing: Sequence[int] = (),
    tooltips: Sequence[str] = (),
    dots: Dots | None = None,
) -> Picture:
    """Units shaded by class, failing ones outlined and signed, failing objects as dots.

    Args:
        sheet: What all maps share.
        name: Name of the picture.
        classes: The classes, in the order of the legend; colour ``hatch`` is for units not assessed.
        title: What it shows.
        about: The same in a sentence.
        failing: Units that fail.
        tooltips: One text a unit, or none.
        dots: Objects that fail.
    """
    use_tips = 0 < len(tooltips) <= MOST_TOOLTIPS
    groups = [_group(one, tooltips if use_tips else ()) for one in classes]
    signs = _signs(sheet, failing)
    spots = _dots(sheet.frame, dots)
    legend = [_Entry(one.colour, one.words) for one in classes if one.units]
    legend += [_Entry("fail-outline", say("map.failing", sheet.language))] if len(failing) else []
    legend += _of_dots(sheet, dots)
    return _finish(sheet, name, "".join(groups) + signs + spots, legend, title, about, _capped(sheet, dots))


def dot_map(sheet: Sheet, name: str, dots: Dots, *, title: str, about: str) -> Picture:
    """Objects that fail, or are to be confirmed, as dots on the base."""
    marks, legend = _dots(sheet.frame, dots), _of_dots(sheet, dots)
    return _finish(sheet, name, marks, legend, title, about, _capped(sheet, dots))


def marked_map(
    sheet: Sheet, name: str, marks: str, legend: Sequence[tuple[str, str]], *, title: str, about: str
) -> Picture:
    """Marks of one's own on the base.

    Args:
        sheet: What all maps share.
        name: Name of the picture.
        marks: The marks, as SVG.
        legend: Colour and words of each kind of mark.
        title: What it shows.
        about: The same in a sentence.
    """
    return _finish(sheet, name, marks, [_Entry(colour, words) for colour, words in legend], title, about, [])


def class_breaks(values: NDArray[np.float64], most: int = 5) -> list[float]:
    """Round class limits that put about as many units in each class."""
    known = np.sort(values[np.isfinite(values)])
    if len(np.unique(known)) <= 1:
        return []
    span = float(known[-1] - known[0])
    wanted = np.quantile(known, np.linspace(0, 1, most + 1)[1:-1])
    step = nice_step(span / FINEST_BREAK)
    found = sorted({round(float(value) / step) * step for value in wanted})
    return [value for value in found if known[0] < value <= known[-1]]


def nice_step(least: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    if least <= 0 or not math.isfinite(least):
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in NICE if factor * power >= least * (1 - sizes.ALMOST))


@dataclass(frozen=True)
class _Entry:
    colour: str
    words: str


def _group(one: Class, tooltips: Sequence[str]) -> str:
    uses = "".join(
        element("use", f"<title>{escaped(tooltips[unit])}</title>" if tooltips else "", href=f"#u{unit}")
        for unit in one.units
    )
    if not uses:
        return ""
    if one.colour == "hatch":
        return element("g", uses, **{**stroke("paper", sizes.OUTLINE), "fill": "url(#hatch)"})
    paint = {**stroke("paper", sizes.OUTLINE), **fill(one.colour), "class_": f"f-{one.colour} s-paper"}
    return element("g", uses, fill_opacity="0.72", **paint)


def _signs(sheet: Sheet, failing: Sequence[int]) -> str:
    if not len(failing):
        return ""
    uses = "".join(element("use", href=f"#u{unit}") for unit in failing)
    lines = element("g", uses, pointer_events="none", **stroke("fail", sizes.FAIL_OUTLINE))
    if len(failing) > MOST_SIGNS:
        return lines
    spots = sheet.centres[list(failing)]
    corners = "".join(f"M{digits(x)} {digits(y - sizes.SIGN_RISE)}l5 9h-10z" for x, y in spots if not math.isnan(x))
    mark = element(
        "path",
        d=corners,
        stroke="#ffffff",
        stroke_width="1.2",
        pointer_events="none",
        paint_order="stroke",
        **fill("fail"),
    )
    return lines + mark


def _of_dots(sheet: Sheet, dots: Dots | None) -> list[_Entry]:
    """What the legend says of the dots."""
    if dots is None or not len(dots.places):
        return []
    words = say("map.objects" if dots.status == "fail" else "map.doubted", sheet.language)
    return [_Entry(_DOT + dots.status, words)]


def _capped(sheet: Sheet, dots: Dots | None) -> list[str]:
    """A note when there are more dots than are drawn."""
    if dots is None or len(dots.places) <= MOST_DOTS:
        return []
    return [say("map.capped", sheet.language, total=f"{len(dots.places):,}", shown=f"{MOST_DOTS:,}")]


def _dots(frame: Frame, dots: Dots | None) -> str:
    if dots is None or not len(dots.places):
        return ""
    places = np.rint(frame.place(dots.places[:MOST_DOTS]) * 2) / 2
    places = np.unique(places[np.isfinite(places).all(axis=1)], axis=0)
    text = "".join(f"M{x:g} {y:g}h0" for x, y in places)
    size = sizes.DOT if len(places) < MOST_DOTS // 10 else sizes.SMALL_DOT
    below = element("path", d=text, stroke_linecap="round", **stroke("paper", size + sizes.DOT_RIM))
    above = element("path", d=text, stroke_linecap="round", **stroke(dots.status, size))
    return element("g", below, above, clip_path="url(#frame)")


def _finish(
    sheet: Sheet,
    name: str,
    marks: str,
    legend: list[_Entry],
    title: str,
    about: str,
    notes: list[str],
) -> Picture:
    if sheet.credit:
        notes = [*notes, sheet.credit]
    below, height = _legend(legend, notes, sheet.frame.height)
    rim = element("rect", x=0.5, y=0.5, width=WIDTH - 1, height=sheet.frame.height - 1, **stroke("line"))
    body = marks + rim + scale_bar(sheet.frame, sheet.language) + north_arrow(sheet.language) + below
    return Picture(name, body, WIDTH, height, title, about, on_base=True, outlines="units" if sheet.outlines else "")


def _legend(entries: list[_Entry], notes: list[str], top: float) -> tuple[str, float]:
    pieces: list[str] = []
    x, y = sizes.INDENT, top + sizes.LINE
    for entry in entries:
        before = sizes.SWATCH + sizes.SWATCH_GAP
        wide = before + width_of(entry.words, sizes.TEXT) + sizes.SWATCH_NEXT
        if x + wide > WIDTH and x > sizes.INDENT:
            x, y = sizes.INDENT, y + sizes.LINE
        pieces.append(_swatch(entry.colour, x, y - sizes.SWATCH + sizes.SWATCH_RISE))
        pieces.append(label(entry.words, x + before, y, size=sizes.TEXT, paint=fill("ink")))
        x += wide
    if not entries:
        y = top
    for note in notes:
        y += sizes.NOTE_LINE
        pieces.append(label(note, sizes.INDENT, y, size=sizes.SMALLER, paint=fill("muted")))
    return "".join(pieces), y + sizes.LEGEND_FOOT


def _swatch(colour: str, x: float, y: float) -> str:
    half, square = sizes.SWATCH / 2, {"width": sizes.SWATCH, "height": sizes.SWATCH}
    if colour.startswith(_DOT):
        return element("circle", cx=x + half, cy=y + half, r=4.0, **fill(colour.removeprefix(_DOT)))
    if colour == "fail-outline":
        corners = f"M{digits(x + half)} {digits(y + 2)}l5 9h-10z"
        box = element("rect", x=x, y=y, **square, **stroke("fail", sizes.FAIL_OUTLINE))
        return box + element("path", d=corners, transform=None, **fill("fail"))
    if colour == "hatch":
        return element("rect", x=x, y=y, **square, fill="url(#hatch)", stroke="#9a968c", stroke_width="0.6")
    if colour not in COLOURS:
        colour = "muted"
    return element("rect", x=x, y=y, **square, fill_opacity="0.8", **fill(colour))

"""A field of numbers over the ground, as coloured cells with a legend: depths, winds, temperatures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import LEAST_HEIGHT, MOST_HEIGHT, WIDTH, Frame
from tulou.publish.drawing.furniture import north_arrow, scale_bar
from tulou.publish.drawing.ground import Layers, base_lines
from tulou.publish.drawing.palette import fill
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, label, width_of
from tulou.publish.words import say

Array = NDArray[np.float64]
MOST_CELLS = 240
"""Cells drawn along the longer side; finer fields are drawn by the largest value of each few cells."""
COLOURS = ("step0", "step1", "step2", "step3", "step4")
VEIL = "0.8"
"""How much the cells cover the water and the ground below them."""


@dataclass(frozen=True, eq=False)
class Place:
    """Where a field lies.

    Args:
        west: East coordinate of its western edge, m.
        north: North coordinate of its northern edge, m.
        cell: Side of a cell, m.
        layers: What stands there, to find one's way by.
    """

    west: float
    north: float
    cell: float
    layers: Layers = field(default_factory=Layers)


def draw_field(
    name: str, values: Array, steps: Sequence[float], place: Place, *, title: str, unit: str, language: Language
) -> Picture:
    """Draw a field, darker where larger, with water below it and roads above.

    Args:
        name: Name of the picture.
        values: Shape (rows, columns), the northern row first; NaN is not drawn.
        steps: Lower bounds of the classes, ascending, at most five; what lies below the first is not drawn.
        place: Where it lies.
        title: What it shows.
        unit: Unit of the numbers, in words.
        language: Language of the words.
    """
    shown = _coarser(values)
    rows, columns = shown.shape
    side = min(WIDTH / columns, MOST_HEIGHT / rows)
    side = max(side, min(WIDTH / columns, LEAST_HEIGHT / rows))
    left, height = (WIDTH - side * columns) / 2, side * rows
    metres = place.cell * _every(values)
    frame = Frame(place.west - left * metres / side, place.north, side / metres, height)
    water, roads = base_lines(frame, place.layers, _extent(values, place))
    classes = np.searchsorted(np.asarray(steps), np.nan_to_num(shown, nan=-np.inf), side="right") - 1
    pieces = [element("rect", x=left, y=0.0, width=side * columns, height=height, **fill("land")), water]
    for number, colour in zip(range(len(steps)), _colours(len(steps)), strict=True):
        course = _runs(classes == number, left, side)
        if course:
            pieces.append(element("path", d=course, fill_opacity=VEIL, **fill(colour)))
    pieces += [roads, scale_bar(frame, language), north_arrow(language)]
    blank = _blank(shown, f"{steps[0]:g} {unit}".strip(), classes < 0, language)
    legend, tall = _legend(steps, unit, blank, height + sizes.NOTE_LINE)
    known = values[np.isfinite(values)]
    about = f"{title}: {known.min():.3g} – {known.max():.3g} {unit}" if len(known) else title
    return Picture(name, "".join(pieces) + legend, WIDTH, tall, title, about)


def _blank(values: Array, first: str, is_blank: NDArray[np.bool_], language: Language) -> str:
    """What cells that are not drawn mean; empty when all are."""
    unknown = np.isnan(values)
    told = [say("language.unknown", language)] if unknown.any() else []
    told += [say("field.low", language, first=first)] if (is_blank & ~unknown).any() else []
    return say("field.blank", language, what=say("language.list", language).join(told)) if told else ""


def _extent(values: Array, place: Place) -> shapely.Polygon:
    rows, columns = values.shape
    return shapely.box(place.west, place.north - rows * place.cell, place.west + columns * place.cell, place.north)


def _coarser(values: Array) -> Array:
    """The field in no more cells than a page shows; each holds the largest value inside it."""
    every = _every(values)
    if every == 1:
        return values
    rows, columns = (math.ceil(size / every) for size in values.shape)
    padded = np.full((rows * every, columns * every), -np.inf)
    padded[: values.shape[0], : values.shape[1]] = np.nan_to_num(values, nan=-np.inf)
    largest = padded.reshape(rows, every, columns, every).max(axis=(1, 3))
    return np.where(np.isfinite(largest), largest, np.nan)


def _every(values: Array) -> int:
    """Cells along a side that are drawn as one."""
    return math.ceil(max(values.shape) / MOST_CELLS)


def _colours(count: int) -> list[str]:
    return [COLOURS[round(place * (len(COLOURS) - 1) / max(count - 1, 1))] for place in range(count)]


def _runs(inside: NDArray[np.bool_], left: float, side: float) -> str:
    """One path of the runs of cells of a class, row by row."""
    edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, begin = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]
    tall = digits(side)
    return "".join(
        f"M{digits(left + one * side)} {digits(at * side)}h{digits((other - one) * side)}v{tall}"
        f"H{digits(left + one * side)}z"
        for at, one, other in zip(row.tolist(), begin.tolist(), end.tolist(), strict=True)
    )


def _legend(steps: Sequence[float], unit: str, blank: str, y: float) -> tuple[str, float]:
    pieces: list[str] = []
    x = 0.0
    spans = [f"{one:g}–{other:g}" for one, other in pairwise(steps)] + [f"≥ {steps[-1]:g}"]
    entries = [(colour, f"{span} {unit}".strip()) for colour, span in zip(_colours(len(steps)), spans, strict=True)]
    for colour, text in [*entries, *([("land", blank)] if blank else [])]:
        wide = sizes.SWATCH + sizes.SWATCH_GAP + width_of(text, sizes.SMALL)
        if x and x + wide > WIDTH:
            x, y = 0.0, y + sizes.NOTE_LINE
        box = {"x": x, "y": y - sizes.SWATCH + sizes.SWATCH_RISE, "width": sizes.SWATCH, "height": sizes.SWATCH}
        pieces.append(element("rect", **box, **fill(colour)))
        pieces.append(label(text, x + sizes.SWATCH + sizes.SWATCH_GAP, y, size=sizes.SMALL, paint=fill("ink")))
        x += wide + sizes.SWATCH_NEXT
    return "".join(pieces), y + sizes.LEGEND_FOOT

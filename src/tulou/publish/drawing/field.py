"""A field of numbers over the ground, as coloured cells with a legend: depths, winds, temperatures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import LEAST_HEIGHT, MOST_HEIGHT, WIDTH
from tulou.publish.drawing.palette import fill
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, label, width_of

Array = NDArray[np.float64]
MOST_CELLS = 240
"""Cells drawn along the longer side; finer fields are drawn by the largest value of each few cells."""
COLOURS = ("step0", "step1", "step2", "step3", "step4")


def draw_field(name: str, values: Array, steps: Sequence[float], *, title: str, unit: str) -> Picture:
    """Draw a field, darker where larger.

    Args:
        name: Name of the picture.
        values: Shape (rows, columns), the northern row first; NaN is not drawn.
        steps: Lower bounds of the classes, ascending, at most five; what lies below the first is not drawn.
        title: What it shows.
        unit: Unit of the numbers, in words.
    """
    shown = _coarser(values)
    rows, columns = shown.shape
    side = min(WIDTH / columns, MOST_HEIGHT / rows)
    side = max(side, min(WIDTH / columns, LEAST_HEIGHT / rows))
    left = (WIDTH - side * columns) / 2
    classes = np.searchsorted(np.asarray(steps), np.nan_to_num(shown, nan=-np.inf), side="right") - 1
    pieces = [element("rect", x=left, y=0.0, width=side * columns, height=side * rows, **fill("land"))]
    for number, colour in zip(range(len(steps)), _colours(len(steps)), strict=True):
        course = _runs(classes == number, left, side)
        if course:
            pieces.append(element("path", d=course, **fill(colour)))
    legend, height = _legend(steps, unit, side * rows + sizes.NOTE_LINE)
    known = values[np.isfinite(values)]
    about = f"{title}: {known.min():.3g} – {known.max():.3g} {unit}" if len(known) else title
    return Picture(name, "".join(pieces) + legend, WIDTH, height, title, about)


def _coarser(values: Array) -> Array:
    """The field in no more cells than a page shows; each holds the largest value inside it."""
    every = math.ceil(max(values.shape) / MOST_CELLS)
    if every == 1:
        return values
    rows, columns = (math.ceil(size / every) for size in values.shape)
    padded = np.full((rows * every, columns * every), -np.inf)
    padded[: values.shape[0], : values.shape[1]] = np.nan_to_num(values, nan=-np.inf)
    largest = padded.reshape(rows, every, columns, every).max(axis=(1, 3))
    return np.where(np.isfinite(largest), largest, np.nan)


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


def _legend(steps: Sequence[float], unit: str, y: float) -> tuple[str, float]:
    pieces: list[str] = []
    x = 0.0
    for place, colour in enumerate(_colours(len(steps))):
        more = f"{steps[place]:g}–{steps[place + 1]:g}" if place + 1 < len(steps) else f"≥ {steps[place]:g}"
        text = f"{more} {unit}".strip()
        wide = sizes.SWATCH + sizes.SWATCH_GAP + width_of(text, sizes.SMALL)
        if x and x + wide > WIDTH:
            x, y = 0.0, y + sizes.NOTE_LINE
        box = {"x": x, "y": y - sizes.SWATCH + sizes.SWATCH_RISE, "width": sizes.SWATCH, "height": sizes.SWATCH}
        pieces.append(element("rect", **box, **fill(colour)))
        pieces.append(label(text, x + sizes.SWATCH + sizes.SWATCH_GAP, y, size=sizes.SMALL, paint=fill("ink")))
        x += wide + sizes.SWATCH_NEXT
    return "".join(pieces), y + sizes.LEGEND_FOOT

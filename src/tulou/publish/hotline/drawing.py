"""Drawings of the hotline: scores as intervals with their tiers, and how many requests came from where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.operations.hotline.domain.rates import FULL, Standing
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH, Frame
from tulou.publish.drawing.ground import Layers, base_map
from tulou.publish.drawing.maps import Sheet, class_breaks, marked_map
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, label, shortened
from tulou.publish.words import say

STEPS = 5
"""Classes of counts, and colours of them."""
SIDES = (500.0, 1000.0, 2000.0, 4000.0)
"""Sides of the squares in which requests are counted, metres: the smallest that shows most of them is taken."""
MOST_OF_THEM = 0.5
VEIL = "0.75"
DOT, BAR = 5.0, 4.0
TICKS = (0, 20, 40, 60, 80, 100)
NAMES, RIGHT, TOP = 230.0, 70.0, 26.0
MIDDLE = 9.0


def interval_chart(name: str, rows: Sequence[tuple[str, Standing]], *, title: str, language: Language) -> Picture:
    """Scores of bodies as dots in their intervals, tier by tier: what overlaps has no order.

    Args:
        name: Name of the picture.
        rows: Title and standing of each body that has a score, by tier.
        title: What it shows.
        language: Language of its words.
    """
    room = WIDTH - NAMES - RIGHT
    foot = TOP + sizes.ROW * len(rows)
    pieces = []
    for tick in TICKS:
        x = NAMES + room * tick / FULL
        pieces.append(element("path", d=f"M{digits(x)} {digits(TOP)}V{digits(foot)}", **stroke("line", 0.8)))
        pieces.append(
            label(f"{tick}", x, TOP - sizes.PLOT_FOOT / 4, size=sizes.SMALL, anchor="middle", paint=fill("muted"))
        )
    for place, (words, one) in enumerate(rows):
        y = TOP + sizes.ROW * place
        low, high = (NAMES + room * side / FULL for side in one.bounds)
        colour = "pass" if one.tier % 2 else "reference"
        spot = NAMES - sizes.NAMES_END, y + sizes.BASELINE
        text = shortened(words, NAMES - sizes.NAMES_CUT, sizes.TEXT)
        pieces.append(label(text, *spot, size=sizes.TEXT, anchor="end", paint=fill("ink")))
        pieces.append(
            element("rect", x=low, y=y + MIDDLE - BAR / 2, width=max(high - low, 1.0), height=BAR, **fill(colour))
        )
        pieces.append(element("circle", cx=NAMES + room * one.score / FULL, cy=y + MIDDLE, r=DOT, **fill(colour)))
        tier = say("hotline.tier_number", language, tier=one.tier)
        spot = WIDTH - RIGHT + sizes.TOTALS_GAP, y + sizes.BASELINE
        pieces.append(label(tier, *spot, size=sizes.SMALL, paint=fill("muted")))
    about = "; ".join(
        f"{words}: {one.score:.1f} ({one.bounds[0]:.1f}–{one.bounds[1]:.1f}), {one.tier}" for words, one in rows
    )
    return Picture(name, "".join(pieces), WIDTH, foot + sizes.BARS_FOOT, title, about)


def side_for(points: NDArray[np.float64], least: int) -> float | None:
    """The smallest side of squares of which those with enough requests hold most; None when none does.

    Args:
        points: East and north of each request, metres, shape (n, 2).
        least: Squares with fewer are not drawn.
    """
    for side in SIDES:
        _, counts = np.unique(np.floor(points / side).astype(np.int64), axis=0, return_counts=True)
        if counts[counts >= least].sum() >= MOST_OF_THEM * len(points):
            return side
    return None


def request_map(
    points: NDArray[np.float64],
    layers: Layers,
    side: float,
    least: int,
    *,
    title: str,
    language: Language,
    credit: str = "",
) -> tuple[Sheet, Picture]:
    """How many requests came from each square; never single requests.

    Args:
        points: East and north of each, metres, shape (n, 2); at least one.
        layers: What the map is drawn on.
        side: Side of the squares, metres.
        least: Squares with fewer are not drawn.
        title: What it shows.
        language: Language of the words.
        credit: Credit line.
    """
    west, south = np.floor(points.min(axis=0) / side) * side
    east, north = np.ceil(points.max(axis=0) / side) * side
    frame = Frame.around((float(west), float(south), float(east), float(north)))
    sheet = Sheet(frame, base_map(frame, layers), "", np.empty((0, 2)), language, credit)
    cells, counts = np.unique(np.floor(points / side).astype(np.int64), axis=0, return_counts=True)
    shown = counts >= least
    legend, marks = _classes(frame, np.asarray(side * cells[shown], np.float64), side, counts[shown], language)
    hidden = int((~shown).sum())
    about = say("hotline.map_about", language, shown=int(shown.sum()), hidden=hidden, least=least)
    return sheet, marked_map(sheet, "hotline-map", marks, legend, title=title, about=about)


def _classes(
    frame: Frame, corners: NDArray[np.float64], side: float, counts: NDArray[np.int64], language: Language
) -> tuple[list[tuple[str, str]], str]:
    """Legend and squares, shaded by how many requests came from them."""
    if not len(counts):
        return [], ""
    breaks = [round(one) for one in class_breaks(counts.astype(np.float64), STEPS)]
    edges = sorted({int(counts.min()), *breaks})
    place = np.searchsorted(edges, counts, "right") - 1
    legend, marks = [], []
    for number, low in enumerate(edges):
        high = int(counts[place == number].max(initial=low))
        shapes = np.array([shapely.box(*one, *(one + side)) for one in corners[place == number]], object)
        colour = f"step{min(number + (STEPS - len(edges) > 0), STEPS - 1)}"
        marks.append(element("path", d=frame.path(shapes), fill_opacity=VEIL, **fill(colour)))
        name = "requests_from" if high > low else "requests_just"
        legend.append((colour, say(f"hotline.{name}", language, low=low, high=high)))
    return legend, element("g", *marks, clip_path="url(#frame)")

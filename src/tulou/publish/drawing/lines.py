"""Lines and bars over an axis, for outcomes of models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.maps import nice_step
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, escaped, label, shortened, width_of

Array = NDArray[np.float64]
LEFT, RIGHT, TOP, BOTTOM, FOOT = 52.0, 12.0, 30.0, 236.0, 62.0
"""Margins of the plot, the line it stands on, room below for the axis."""
COLOURS = ("pass", "far_fail", "step4", "muted", "near_fail", "near_pass")
DASHES = (None, "7 4", "2 3", "9 3 2 3", "4 4", "1 4")
"""Lines are told apart by colour and by dashes."""
STROKE, POINT = 1.9, 3.0
X_LINES, Y_LINES = 6, 4
"""About how many numbers stand along each axis."""
LEGEND_GAP, LEGEND_LINE, LEGEND_NEXT = 6.0, 22.0, 16.0
BAR_EDGE = 0.6
NAME_DROP, TITLE_DROP = 16.0, 36.0
MOST_NAMES = 14
"""Names of bars shown; of more, every few."""


YEAR_TITLES = ("year", "years", "年", "年份")
YEARS = (1500, 2500)
"""Numbers of an axis of that title that are calendar years, not a count of years."""


@dataclass(frozen=True)
class Curve:
    """One line or row of points.

    Args:
        title: What it shows.
        x: Places along.
        y: Places up; NaN leaves a gap.
        is_points: Whether points are drawn.
    """

    title: str
    x: Array
    y: Array
    is_points: bool = False


@dataclass(frozen=True)
class Axis:
    """One axis.

    Args:
        title: What it is, with unit.
        low: Where it begins.
        high: Where it ends.
        has_log: Whether it is logarithmic.
    """

    title: str
    low: float
    high: float
    has_log: bool = False

    def share(self, values: Array) -> Array:
        """Where values lie, from 0 to 1."""
        if self.has_log:
            return np.asarray(np.log(values / self.low) / math.log(self.high / self.low))
        return np.asarray((values - self.low) / (self.high - self.low))

    def marks(self, count: int) -> list[float]:
        """Round numbers along it."""
        if self.has_log:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [10.0**power * digit for power in powers for digit in (1, 2, 5)]
        else:
            step = nice_step((self.high - self.low) / count)
            found = (math.ceil(self.low / step - sizes.ALMOST) * step + step * np.arange(4 * count)).tolist()
        found = [one for one in found if self.low * (1 - sizes.ALMOST) <= one <= self.high * (1 + sizes.ALMOST)]
        return [one for one in found if one == round(one)] if self.has_years else found

    @property
    def has_years(self) -> bool:
        """Whether its numbers are calendar years: its title says so, and they could be."""
        is_said = self.title.split("(")[0].split("（")[0].strip().lower() in YEAR_TITLES
        return is_said and self.low >= YEARS[0] and self.high <= YEARS[1]

    def says(self, mark: float) -> str:
        """A number along it, as it is written: a year without a comma between its digits."""
        return f"{mark:.0f}" if self.has_years else f"{mark:,.6g}"


def line_plot(
    name: str, curves: Sequence[Curve], *, title: str, x_title: str, y_title: str, has_log_x: bool = False
) -> Picture:
    """Lines and points over one axis.

    Args:
        name: Name of the picture.
        curves: What is drawn; curves that follow one another in pairs of line and points share a colour.
        title: What it shows.
        x_title: The axis along, with unit.
        y_title: The axis up, with unit.
        has_log_x: Whether the axis along is logarithmic.
    """
    x_axis = _axis(x_title, [curve.x for curve in curves], has_log=has_log_x, from_zero=False)
    y_axis = _axis(y_title, [curve.y for curve in curves], has_log=False, from_zero=True)
    pieces = [*_y_grid(y_axis), *_x_marks(x_axis)]
    entries: list[tuple[str, int, bool]] = []
    colour = -1
    for place, curve in enumerate(curves):
        is_pair = curve.is_points and place > 0 and not curves[place - 1].is_points
        colour += 0 if is_pair else 1
        entries.append((curve.title, colour, curve.is_points))
        pieces.append(_marks(curve, colour, x_axis, y_axis))
    legend, height = _legend(entries, BOTTOM + FOOT)
    about = "; ".join(f"{curve.title}: {_range(curve.y)}" for curve in curves)
    return Picture(name, "".join(pieces) + legend, WIDTH, height, title, about)


def bar_plot(name: str, bars: Sequence[tuple[str, float]], *, title: str, y_title: str) -> Picture:
    """Bars side by side.

    Args:
        name: Name of the picture.
        bars: Label and height of each; NaN leaves a gap.
        title: What it shows.
        y_title: The axis up, with unit.
    """
    heights = np.array([height for _, height in bars])
    axis = _axis(y_title, [heights], has_log=False, from_zero=True)
    pieces = _y_grid(axis)
    wide = (WIDTH - LEFT - RIGHT) / max(len(bars), 1)
    floor = _up(axis, np.array([0.0]))[0]
    every = math.ceil(len(bars) / MOST_NAMES)
    for place, (words, height) in enumerate(bars):
        x = LEFT + place * wide
        if math.isfinite(height):
            top = float(_up(axis, np.array([height]))[0])
            tip = f"<title>{escaped(words)}: {height:,.3g}</title>"
            size = {"x": x + BAR_EDGE, "y": min(top, floor), "width": wide - 2 * BAR_EDGE, "height": abs(floor - top)}
            pieces.append(element("rect", tip, **size, **fill("pass")))
        if place % every == 0:
            text = shortened(words, wide * every, sizes.SMALL)
            spot = x + wide / 2, BOTTOM + NAME_DROP
            pieces.append(label(text, *spot, size=sizes.SMALL, anchor="middle", paint=fill("muted")))
    pieces.append(element("path", d=f"M{digits(LEFT)} {digits(floor)}H{digits(WIDTH - RIGHT)}", **stroke("ink")))
    return Picture(name, "".join(pieces), WIDTH, BOTTOM + NAME_DROP * 2, title, f"{title}: {_range(heights)}")


def _axis(title: str, columns: Sequence[Array], *, has_log: bool, from_zero: bool) -> Axis:
    found = np.concatenate([np.asarray(column, float) for column in columns]) if columns else np.empty(0)
    found = found[np.isfinite(found) & ((found > 0) | (not has_log))]
    if not len(found):
        return Axis(title, 1.0, 10.0, has_log)
    low, high = float(found.min()), float(found.max())
    if has_log:
        return Axis(title, low, max(high, low * 2), has_log)
    if from_zero:
        step = nice_step(max(high - min(low, 0.0), sizes.ALMOST) / Y_LINES)
        return Axis(title, min(math.floor(low / step) * step, 0.0), math.ceil(high / step) * step or step)
    return Axis(title, low, high if high > low else low + 1.0)


def _along(axis: Axis, values: Array) -> Array:
    return np.asarray(LEFT + (WIDTH - LEFT - RIGHT) * axis.share(values))


def _up(axis: Axis, values: Array) -> Array:
    return np.asarray(BOTTOM - (BOTTOM - TOP) * axis.share(values))


def _y_grid(axis: Axis) -> list[str]:
    pieces = [label(axis.title, 0, TOP - sizes.MARK_WORD_ABOVE, size=sizes.SMALL, paint=fill("muted"))]
    for mark in axis.marks(Y_LINES):
        y = float(_up(axis, np.array([mark]))[0])
        course = f"M{digits(LEFT)} {digits(y)}H{digits(WIDTH - RIGHT)}"
        pieces.append(element("path", d=course, **stroke("line", sizes.GRID_STROKE)))
        spot = LEFT - sizes.GRID_GAP, y + sizes.GRID_DROP
        pieces.append(label(axis.says(mark), *spot, size=sizes.SMALLER, anchor="end", paint=fill("muted")))
    return pieces


def _x_marks(axis: Axis) -> list[str]:
    pieces = [element("path", d=f"M{digits(LEFT)} {digits(BOTTOM)}H{digits(WIDTH - RIGHT)}", **stroke("ink"))]
    for mark in axis.marks(X_LINES):
        x = float(_along(axis, np.array([mark]))[0])
        spot = x, BOTTOM + NAME_DROP
        pieces.append(label(axis.says(mark), *spot, size=sizes.SMALL, anchor="middle", paint=fill("muted")))
    spot = WIDTH - RIGHT, BOTTOM + TITLE_DROP
    pieces.append(label(axis.title, *spot, size=sizes.SMALL, anchor="end", paint=fill("muted")))
    return pieces


def _marks(curve: Curve, colour: int, x_axis: Axis, y_axis: Axis) -> str:
    known = np.isfinite(curve.x) & np.isfinite(curve.y) & ((curve.x > 0) | (not x_axis.has_log))
    x, y = _along(x_axis, np.where(known, curve.x, x_axis.low)), _up(y_axis, np.where(known, curve.y, 0.0))
    name = COLOURS[colour % len(COLOURS)]
    if curve.is_points:
        spots = zip(x[known].tolist(), y[known].tolist(), strict=True)
        return "".join(element("circle", cx=one, cy=other, r=POINT, **fill(name)) for one, other in spots)
    course, is_down = "", False
    for one, other, is_known in zip(x.tolist(), y.tolist(), known.tolist(), strict=True):
        if is_known:
            course += f"{'L' if is_down else 'M'}{digits(one)} {digits(other)}"
        is_down = is_known
    return element("path", d=course, stroke_dasharray=DASHES[colour % len(DASHES)], **stroke(name, STROKE))


def _legend(entries: Sequence[tuple[str, int, bool]], y: float) -> tuple[str, float]:
    pieces: list[str] = []
    x = LEFT
    for title, colour, is_points in entries:
        wide = LEGEND_LINE + LEGEND_GAP + width_of(title, sizes.SMALL)
        if x > LEFT and x + wide > WIDTH:
            x, y = LEFT, y + sizes.NOTE_LINE
        name, middle = COLOURS[colour % len(COLOURS)], y - sizes.GRID_DROP
        if is_points:
            pieces.append(element("circle", cx=x + LEGEND_LINE / 2, cy=middle, r=POINT, **fill(name)))
        else:
            course = f"M{digits(x)} {digits(middle)}h{digits(LEGEND_LINE)}"
            dashes = DASHES[colour % len(DASHES)]
            pieces.append(element("path", d=course, stroke_dasharray=dashes, **stroke(name, STROKE)))
        pieces.append(label(title, x + LEGEND_LINE + LEGEND_GAP, y, size=sizes.SMALL, paint=fill("ink")))
        x += wide + LEGEND_NEXT
    return "".join(pieces), y + sizes.NOTE_LINE


def _range(values: Array) -> str:
    known = values[np.isfinite(values)]
    return f"{known.min():.4g} – {known.max():.4g}" if len(known) else "–"

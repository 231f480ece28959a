"""The chart of a restated series: what was published each time, and what today's data, rules and borders give."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.maps import nice_step
from tulou.publish.drawing.palette import COLOURS, fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, label, width_of
from tulou.publish.words import say

TOP, BOTTOM, FOOT, RIGHT, GAP = 40.0, 190.0, 34.0, 24.0, 8.0
"""Between which lines the points lie; room below for days, at the right edge, and beside the numbers of the axis."""
DOT, LINE, DASH = 4.5, 2.0, "5 4"
"""Radius of a point, width of a line, and how the line of what was published is broken."""
GRID, BASE, SAMPLE, DAY_DROP = 4, 14.0, 28.0, 20.0
"""About how many lines of the grid; the line of the legend and how long its sample is; how far days stand below."""


@dataclass(frozen=True)
class Point:
    """One check in a series.

    Args:
        day: Its day.
        published: What was published; NaN for none.
        restated: What would be said today; NaN for none.
    """

    day: date
    published: float
    restated: float


Across = Callable[[date], float]
Up = Callable[[float], float]


def series_chart(
    name: str, points: Sequence[Point], *, title: str, language: Language, show: Callable[[float], str]
) -> Picture | None:
    """Draw a series; nothing when it has no value at all.

    Args:
        name: Name of the picture.
        points: The checks, by day.
        title: What it shows.
        language: Language of the words.
        show: How a number is written.
    """
    known = [value for point in points for value in (point.published, point.restated) if math.isfinite(value)]
    if not known:
        return None
    step = nice_step((max(known) - min(known) or abs(known[0]) or 1.0) / GRID)
    low, high = math.floor(min(known) / step) * step, math.ceil(max(known) / step + sizes.ALMOST) * step
    lines = [low + step * place for place in range(round((high - low) / step) + 1)]
    left = max(width_of(show(line), sizes.SMALL) for line in lines) + GAP
    days = [point.day.toordinal() for point in points]
    first, last = min(days), max(days)

    def across(day: date) -> float:
        room = WIDTH - left - 2 * RIGHT
        return left + RIGHT + (room / 2 if last == first else room * (day.toordinal() - first) / (last - first))

    def up(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    marks = [_line(show(line), left, up(line)) for line in lines]
    marks += _days(points, across)
    marks += _course([(across(one.day), one.published) for one in points], up, is_published=True)
    marks += _course([(across(one.day), one.restated) for one in points], up, is_published=False)
    marks += _legend(left, language)
    told = [(one.day.isoformat(), _shown(one.published, show), _shown(one.restated, show)) for one in points]
    about = "; ".join(f"{day}: {published} / {restated}" for day, published, restated in told)
    return Picture(name, "".join(marks), WIDTH, BOTTOM + FOOT, title, about)


def _shown(value: float, show: Callable[[float], str]) -> str:
    return show(value) if math.isfinite(value) else "–"


def _line(text: str, left: float, y: float) -> str:
    course = f"M{digits(left)} {digits(y)}H{digits(WIDTH)}"
    number = label(text, left - GAP / 2, y + GAP / 2, size=sizes.SMALL, anchor="end", paint=fill("muted"))
    return element("path", d=course, **stroke("line", sizes.GRID_STROKE)) + number


def _days(points: Sequence[Point], across: Across) -> list[str]:
    """Days below their points, as many as have room."""
    found: list[str] = []
    end = -math.inf
    for point in points:
        text = point.day.isoformat()
        half = width_of(text, sizes.SMALL) / 2
        x = min(across(point.day), WIDTH - half)
        if x - half > end:
            found.append(label(text, x, BOTTOM + DAY_DROP, size=sizes.SMALL, anchor="middle", paint=fill("muted")))
            end = x + half + GAP
    return found


def _course(spots: Sequence[tuple[float, float]], up: Up, *, is_published: bool) -> list[str]:
    """The points of one series and the lines between those that follow one another."""
    colour = "muted" if is_published else "pass"
    marks: list[str] = []
    for (x, value), (then, later) in pairwise(spots):
        if math.isfinite(value) and math.isfinite(later):
            course = f"M{digits(x)} {digits(up(value))}L{digits(then)} {digits(up(later))}"
            dash = DASH if is_published else None
            marks.append(element("path", d=course, stroke_dasharray=dash, **stroke(colour, LINE)))
    marks += [_dot(x, up(value), colour, is_hollow=is_published) for x, value in spots if math.isfinite(value)]
    return marks


def _dot(x: float, y: float, colour: str, *, is_hollow: bool) -> str:
    inside = "paper" if is_hollow else colour
    paint = {"class_": f"f-{inside} s-{colour}", "fill": COLOURS[inside][0], "stroke": COLOURS[colour][0]}
    return element("circle", cx=x, cy=y, r=DOT if is_hollow else DOT - 1, stroke_width=digits(LINE), **paint)


def _legend(left: float, language: Language) -> list[str]:
    marks: list[str] = []
    x = left
    for name, colour, dash in (("published", "muted", DASH), ("restated", "pass", None)):
        course = f"M{digits(x)} {digits(BASE - GAP / 2)}h{digits(SAMPLE)}"
        marks.append(element("path", d=course, stroke_dasharray=dash, **stroke(colour, LINE)))
        marks.append(_dot(x + SAMPLE / 2, BASE - GAP / 2, colour, is_hollow=name == "published"))
        text = say(f"why.series.{name}", language)
        marks.append(label(text, x + SAMPLE + GAP, BASE, size=sizes.SMALL, paint=fill("ink")))
        x += SAMPLE + GAP + width_of(text, sizes.SMALL) + sizes.ENTRY_GAP
    return marks

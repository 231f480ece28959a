"""The chart of rank intervals: a bar from the best place a unit may have to the worst, and where the recipe puts it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.maps import nice_step
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, escaped, label, shortened, width_of
from tulou.publish.words import say

MOST_ROWS = 40
"""Units in one picture, so that it stays readable on a page; more make more pictures."""
ROW, BAR, DOT = 16.0, 8.0, 3.4
"""Height of a row and of its bar, and radius of the dot of the declared rank."""
TOP, FOOT, TIER_ROOM, GAP, TICKS = 48.0, 22.0, 64.0, 8.0, 8
"""Room above and below the rows, and right of them for tiers; gap beside names; about how many numbers on the axis."""
BASE, AXIS_ABOVE, AXIS_BELOW, LEGEND_BASE, SAMPLE = 12.0, 5.0, 15.0, 12.0, 26.0
"""Where a name stands below the top of its row; the numbers of the axis above and below the rows; the line of the
legend, and how long its sample bar is."""

Across = Callable[[float], float]


@dataclass(frozen=True)
class Place:
    """Where one unit may stand.

    Args:
        name: Its name.
        rank: Its rank as declared.
        low: Its best rank.
        high: Its worst rank.
        tier: Its tier.
    """

    name: str
    rank: int
    low: int
    high: int
    tier: int


def interval_charts(places: Sequence[Place], language: Language) -> tuple[Picture, ...]:
    """Rank intervals of units, ``MOST_ROWS`` to a picture; none for no unit.

    Args:
        places: The units, in the order in which they are drawn.
        language: Language of the words.
    """
    last = max((place.high for place in places), default=0)
    pieces = [places[first : first + MOST_ROWS] for first in range(0, len(places), MOST_ROWS)]
    return tuple(_chart(number, piece, last, language, many=len(pieces) > 1) for number, piece in enumerate(pieces, 1))


def _chart(number: int, places: Sequence[Place], last: int, language: Language, *, many: bool) -> Picture:
    left = min(max(width_of(place.name, sizes.SMALL) for place in places) + GAP, sizes.NAMES_MOST)
    room = WIDTH - TIER_ROOM - left - 2 * GAP
    bottom = TOP + ROW * len(places)

    def across(rank: float) -> float:
        return left + GAP + room * (rank - 1) / max(last - 1, 1)

    marks = [*_bands(places, language), *_axis(last, across, bottom), *_legend(left, language)]
    for row, place in enumerate(places):
        marks += _row(place, TOP + ROW * row, left, across)
    first, final = places[0].rank, places[-1].rank
    title = (
        say("composite.chart.title", language, first=first, last=final)
        if many
        else say("composite.chart.all", language)
    )
    about = "; ".join(f"{place.name}: {place.rank} ({place.low}–{place.high})" for place in places)
    return Picture(f"rank-intervals-{number}", "".join(marks), WIDTH, bottom + FOOT, title, about)


def _row(place: Place, y: float, left: float, across: Across) -> list[str]:
    shown = shortened(place.name, left - GAP, sizes.SMALL)
    name = label(shown, left - GAP / 2, y + BASE, size=sizes.SMALL, anchor="end", paint=fill("ink"))
    begin, wide = across(place.low) - BAR / 2, across(place.high) - across(place.low) + BAR
    tip = f"<title>{escaped(place.name)}: {place.rank} ({place.low}–{place.high})</title>"
    bar = element("rect", tip, x=begin, y=y + (ROW - BAR) / 2, width=wide, height=BAR, rx=BAR / 2, **fill("step2"))
    return [name, bar, element("circle", cx=across(place.rank), cy=y + ROW / 2, r=DOT, **fill("ink"))]


def _bands(places: Sequence[Place], language: Language) -> Iterator[str]:
    """Every other tier on a ground of its own, each with its number on the right."""
    row = 0
    for tier, held in groupby(places, key=lambda place: place.tier):
        count = len(list(held))
        y, tall = TOP + ROW * row, ROW * count
        if tier % 2:
            yield element("rect", x=0.0, y=y, width=WIDTH, height=tall, **fill("land"))
        words = say("composite.chart.tier", language, tier=tier)
        yield label(words, WIDTH, y + BASE, size=sizes.SMALL, anchor="end", paint=fill("muted"))
        row += count


def _axis(last: int, across: Across, bottom: float) -> Iterator[str]:
    step = max(math.ceil(nice_step(last / TICKS)), 1)
    for rank in sorted({1, last, *range(step, last + 1, step)}):
        x = across(rank)
        if 0 < abs(last - rank) < step / 2 or 0 < rank - 1 < step / 2:
            continue  # Too near an end for both numbers to be read.
        yield element("path", d=f"M{digits(x)} {digits(TOP)}V{digits(bottom)}", **stroke("line", sizes.GRID_STROKE))
        for y in (TOP - AXIS_ABOVE, bottom + AXIS_BELOW):
            yield label(str(rank), x, y, size=sizes.SMALLER, anchor="middle", paint=fill("muted"))


def _legend(left: float, language: Language) -> Iterator[str]:
    x = left + GAP
    yield element("rect", x=x, y=LEGEND_BASE - BAR, width=SAMPLE, height=BAR, rx=BAR / 2, **fill("step2"))
    x += SAMPLE + GAP
    for words, has_dot in (("interval", False), ("nominal", True), ("axis", False)):
        if has_dot:
            yield element("circle", cx=x + DOT, cy=LEGEND_BASE - BAR / 2, r=DOT, **fill("ink"))
            x += 2 * DOT + GAP
        text = say(f"composite.chart.{words}", language)
        yield label(text, x, LEGEND_BASE, size=sizes.SMALL, paint=fill("muted" if words == "axis" else "ink"))
        x += width_of(text, sizes.SMALL) + sizes.ENTRY_GAP

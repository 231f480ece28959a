"""Charts: indicators by status, the spread of a figure over units, people concerned."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.maps import nice_step
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, escaped, label, shortened, width_of
from tulou.publish.words import say

_SIGNS = {"pass": "●", "fail": "▲", "to_confirm": "△", "reference": "◇", "not_assessed": "○"}
MOST_BINS = 22
FEWEST_UNITS = 3
"""Units below which a spread is not worth drawing."""


def status_bars(
    name: str, rows: Sequence[tuple[str, Sequence[int]]], statuses: Sequence[str], *, title: str, language: Language
) -> Picture:
    """Stacked bars: one row a group, one segment a status, each with its sign and count."""
    longest = max((sum(counts) for _, counts in rows), default=0) or 1
    left = min(max((width_of(words, sizes.TEXT) for words, _ in rows), default=0.0) + sizes.NAMES_GAP, sizes.NAMES_MOST)
    room = WIDTH - left - sizes.TOTALS
    pieces = [_status_legend(statuses, language)]
    y = sizes.BARS_TOP
    for words, counts in rows:
        pieces.append(_row_name(words, left, y))
        x = left
        for status, count in zip(statuses, counts, strict=True):
            if count:
                wide = room * count / longest
                pieces.append(_segment(x, y, wide, status, count, language))
                x += wide
        pieces.append(_row_total(sum(counts), x, y))
        y += sizes.ROW
    about = "; ".join(
        f"{words}: "
        + ", ".join(f"{say(f'status.{key}', language)} {count}" for key, count in zip(statuses, counts, strict=True))
        for words, counts in rows
    )
    return Picture(name, "".join(pieces), WIDTH, y + sizes.BARS_FOOT, title, about)


def spread(
    name: str,
    values: NDArray[np.float64],
    *,
    title: str,
    language: Language,
    show: Callable[[float], str],
    mark: tuple[float, float] | None = None,
    city: float = math.nan,
) -> Picture | None:
    """A histogram of the units' values; bars outside the mark are signed as failing.

    Args:
        name: Name of the picture.
        values: One value a unit; NaN is left out.
        title: What it shows.
        language: Language of the words.
        show: How a number is written.
        mark: From where to where a value passes; None when nothing judges.
        city: Value of the city; NaN for none.
    """
    known = values[np.isfinite(values)]
    if len(known) < FEWEST_UNITS:
        return None
    low, high, step = _axis(known, mark, city)
    edges = low + step * np.arange(round((high - low) / step) + 1, dtype=np.float64)
    counts = np.histogram(known, edges)[0]
    left, right = sizes.PLOT_LEFT, WIDTH - sizes.PLOT_RIGHT
    top, bottom = sizes.PLOT_TOP, sizes.PLOT_BOTTOM

    def across(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    most = max(int(counts.max()), 1)
    pieces = _grid(most, left, right, top, bottom)
    for start, count in zip(edges[:-1], counts, strict=True):
        if count:
            kind = _kind(start, start + step, mark)
            tall = (bottom - top) * count / most
            tip = say("chart.bin", language, low=show(start), high=show(start + step), count=int(count))
            wide = across(start + step) - across(start)
            pieces.append(
                element(
                    "rect",
                    f"<title>{escaped(tip)}</title>",
                    x=across(start) + sizes.BIN_EDGE,
                    y=bottom - tall,
                    width=max(wide - 2 * sizes.BIN_EDGE, 1.0),
                    height=tall,
                    **fill(kind),
                )
            )
    pieces.append(element("path", d=f"M{digits(left)} {digits(bottom)}H{digits(right)}", **stroke("muted")))
    pieces += _ticks(edges, across, bottom, show)
    pieces += _markers(mark, city, across, (low, high), top, bottom, language)
    about = f"{title}: {show(float(known.min()))} – {show(float(np.median(known)))} – {show(float(known.max()))}"
    return Picture(name, "".join(pieces), WIDTH, bottom + sizes.PLOT_FOOT, title, about)


def people_bars(name: str, rows: Sequence[tuple[str, float, str]], *, title: str, colour: str = "fail") -> Picture:
    """Bars of people concerned (or of counts): title, number, words."""
    most = max((value for _, value, _ in rows if math.isfinite(value)), default=0.0) or 1.0
    room = WIDTH - sizes.PEOPLE_TEXT
    pieces: list[str] = []
    y = sizes.PEOPLE_TOP
    for words, value, text in rows:
        wide = max(room * value / most, 1.0) if math.isfinite(value) else 1.0
        name_of = shortened(words, WIDTH - sizes.PEOPLE_EDGE, sizes.TEXT)
        pieces.append(label(name_of, 0, y + sizes.PEOPLE_NAME, size=sizes.TEXT, paint=fill("ink")))
        pieces.append(element("rect", x=0.0, y=y + sizes.PEOPLE_BAR, width=wide, height=9.0, **fill(colour)))
        spot = wide + sizes.PEOPLE_GAP, y + sizes.PEOPLE_WORDS
        pieces.append(label(text, *spot, size=sizes.TEXT - 1, paint=fill("muted")))
        y += sizes.PEOPLE_ROW
    about = "; ".join(f"{words}: {text}" for words, _, text in rows)
    return Picture(name, "".join(pieces), WIDTH, y + sizes.PEOPLE_FOOT, title, about)


def _status_legend(statuses: Sequence[str], language: Language) -> str:
    pieces: list[str] = []
    x = 0.0
    for status in statuses:
        text = f"{_SIGNS[status]} {say(f'status.{status}', language)}"
        pieces.append(element("rect", x=x, y=3.0, width=sizes.SIGN, height=sizes.SIGN, **fill(status)))
        pieces.append(label(text, x + sizes.SIGN_GAP, sizes.BASELINE, size=sizes.TEXT, paint=fill("ink")))
        x += sizes.SIGN_GAP + width_of(text, sizes.TEXT) + sizes.ENTRY_GAP
    return "".join(pieces)


def _row_name(words: str, left: float, y: float) -> str:
    text = shortened(words, left - sizes.NAMES_CUT, sizes.TEXT)
    return label(text, left - sizes.NAMES_END, y + sizes.BASELINE, size=sizes.TEXT, anchor="end", paint=fill("ink"))


def _row_total(total: int, x: float, y: float) -> str:
    return label(str(total), x + sizes.TOTALS_GAP, y + sizes.BASELINE, size=sizes.TEXT, paint=fill("muted"))


def _segment(x: float, y: float, wide: float, status: str, count: int, language: Language) -> str:
    tip = f"<title>{escaped(say(f'status.{status}', language))}: {count}</title>"
    seen = max(wide - sizes.SEGMENT_GAP, sizes.SEGMENT_LEAST)
    bar = element("rect", tip, x=x, y=y, width=seen, height=sizes.BAR, **fill(status))
    choices = ((f"{_SIGNS[status]} {count}", sizes.COUNT_MARGIN), (str(count), sizes.SHORT_MARGIN))
    text = next((text for text, margin in choices if width_of(text, sizes.SMALL) + margin < wide), "")
    if not text:
        return bar
    spot = x + wide / 2, y + sizes.SEGMENT_BASELINE
    return bar + label(text, *spot, size=sizes.SMALL, anchor="middle", paint=fill(f"on{status}"))


def _axis(known: NDArray[np.float64], mark: tuple[float, float] | None, city: float) -> tuple[float, float, float]:
    shown = [float(known.min()), float(known.max())]
    shown += [value for value in (*(mark or ()), city) if math.isfinite(value)]
    span = max(shown) - min(shown) or max(abs(shown[0]), 1.0)
    step = nice_step(span / MOST_BINS)
    low = math.floor(min(shown) / step) * step
    high = math.ceil(max(shown) / step + sizes.ALMOST) * step
    return low, high if high > low else low + step, step


def _kind(start: float, end: float, mark: tuple[float, float] | None) -> str:
    if mark is None:
        return "step3"
    middle = (start + end) / 2
    return "pass" if mark[0] <= middle <= mark[1] else "fail"


def _grid(most: int, left: float, right: float, top: float, bottom: float) -> list[str]:
    pieces: list[str] = []
    step = max(int(nice_step(most / sizes.GRID_LINES)), 1)
    for count in range(step, most + 1, step):
        y = bottom - (bottom - top) * count / most
        pieces.append(
            element("path", d=f"M{digits(left)} {digits(y)}H{digits(right)}", **stroke("line", sizes.GRID_STROKE))
        )
        spot = left - sizes.GRID_GAP, y + sizes.GRID_DROP
        pieces.append(label(str(count), *spot, size=sizes.SMALLER, anchor="end", paint=fill("muted")))
    return pieces


def _ticks(
    edges: NDArray[np.float64], across: Callable[[float], float], bottom: float, show: Callable[[float], str]
) -> list[str]:
    every = max(1, math.ceil(len(edges) / sizes.TICKS))
    below = bottom + sizes.TICK_DROP
    return [
        label(show(edge), across(edge), below, size=sizes.SMALL, anchor="middle", paint=fill("muted"))
        for edge in map(float, edges[::every])
        if across(edge) < WIDTH - sizes.TICK_EDGE
    ]


def _markers(
    mark: tuple[float, float] | None,
    city: float,
    across: Callable[[float], float],
    extent: tuple[float, float],
    top: float,
    bottom: float,
    language: Language,
) -> list[str]:
    pieces: list[str] = []
    for value in mark or ():
        if math.isfinite(value) and extent[0] <= value <= extent[1]:
            x = across(value)
            course = f"M{digits(x)} {digits(top - sizes.MARK_ABOVE)}V{digits(bottom)}"
            pieces.append(element("path", d=course, stroke_dasharray="4 3", **stroke("ink", sizes.MARK_STROKE)))
            anchor = "end" if x > WIDTH / 2 else "start"
            beside = x - sizes.MARK_WORD_GAP if anchor == "end" else x + sizes.MARK_WORD_GAP
            word, above = say("chart.mark", language), top - sizes.MARK_WORD_ABOVE
            pieces.append(label(word, beside, above, size=sizes.SMALL, anchor=anchor, paint=fill("ink")))
    if math.isfinite(city):
        x = across(city)
        pieces.append(
            element(
                "path",
                d=f"M{digits(x)} {digits(bottom + 1)}l-5 -9h10z",
                stroke="#ffffff",
                stroke_width="1",
                **fill("ink"),
            )
        )
    return pieces

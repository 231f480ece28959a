"""Charts: indicators by status, the spread of a figure over units, people concerned."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.maps import nice_step
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, escaped, label, shortened, width_of
from tulou.publish.words import say

SIZE = 14.0
_ROW = 27.0
_BAR = 18.0
_MOST_LEFT = 240.0
_SIGNS = {"pass": "●", "fail": "▲", "reference": "◇", "not_assessed": "○"}
MOST_BINS = 22
FEWEST_UNITS = 3
"""Units below which a spread is not worth drawing."""


def status_bars(
    name: str, rows: Sequence[tuple[str, Sequence[int]]], statuses: Sequence[str], *, title: str, language: Language
) -> Picture:
    """Stacked bars: one row a group, one segment a status, each with its sign and count."""
    longest = max((sum(counts) for _, counts in rows), default=0) or 1
    left = min(max((width_of(words, SIZE) for words, _ in rows), default=0.0) + 14, _MOST_LEFT)
    room = WIDTH - left - 44
    pieces = [_status_legend(statuses, language)]
    y = 30.0
    for words, counts in rows:
        pieces.append(
            label(shortened(words, left - 12, SIZE), left - 10, y + 14, size=SIZE, anchor="end", paint=fill("ink"))
        )
        x = left
        for status, count in zip(statuses, counts, strict=True):
            if count:
                wide = room * count / longest
                pieces.append(_segment(x, y, wide, status, count, language))
                x += wide
        pieces.append(label(str(sum(counts)), x + 8, y + 14, size=SIZE, paint=fill("muted")))
        y += _ROW
    about = "; ".join(
        f"{words}: "
        + ", ".join(f"{say(f'status.{key}', language)} {count}" for key, count in zip(statuses, counts, strict=True))
        for words, counts in rows
    )
    return Picture(name, "".join(pieces), WIDTH, y + 4, title, about)


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
    left, right, top, bottom = 34.0, WIDTH - 14.0, 26.0, 138.0

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
                    x=across(start) + 0.7,
                    y=bottom - tall,
                    width=max(wide - 1.4, 1.0),
                    height=tall,
                    **fill(kind),
                )
            )
    pieces.append(element("path", d=f"M{digits(left)} {digits(bottom)}H{digits(right)}", **stroke("muted")))
    pieces += _ticks(edges, across, bottom, show)
    pieces += _markers(mark, city, across, (low, high), top, bottom, language)
    about = f"{title}: {show(float(known.min()))} – {show(float(np.median(known)))} – {show(float(known.max()))}"
    return Picture(name, "".join(pieces), WIDTH, bottom + 26, title, about)


def people_bars(name: str, rows: Sequence[tuple[str, float, str]], *, title: str, colour: str = "fail") -> Picture:
    """Bars of people concerned (or of counts): title, number, words."""
    most = max((value for _, value, _ in rows if math.isfinite(value)), default=0.0) or 1.0
    room = WIDTH - 150.0
    pieces: list[str] = []
    y = 4.0
    for words, value, text in rows:
        wide = room * value / most if math.isfinite(value) else 0.0
        pieces.append(label(shortened(words, WIDTH - 10, SIZE), 0, y + 12, size=SIZE, paint=fill("ink")))
        pieces.append(element("rect", x=0.0, y=y + 19, width=max(wide, 1.0), height=9.0, **fill(colour)))
        pieces.append(label(text, max(wide, 1.0) + 8, y + 28, size=SIZE - 1, paint=fill("muted")))
        y += 40.0
    about = "; ".join(f"{words}: {text}" for words, _, text in rows)
    return Picture(name, "".join(pieces), WIDTH, y + 2, title, about)


def _status_legend(statuses: Sequence[str], language: Language) -> str:
    pieces: list[str] = []
    x = 0.0
    for status in statuses:
        text = f"{_SIGNS[status]} {say(f'status.{status}', language)}"
        pieces.append(element("rect", x=x, y=3.0, width=12.0, height=12.0, **fill(status)))
        pieces.append(label(text, x + 17, 14, size=SIZE, paint=fill("ink")))
        x += 17 + width_of(text, SIZE) + 18
    return "".join(pieces)


def _segment(x: float, y: float, wide: float, status: str, count: int, language: Language) -> str:
    tip = f"<title>{escaped(say(f'status.{status}', language))}: {count}</title>"
    bar = element("rect", tip, x=x, y=y, width=max(wide - 1.0, 0.8), height=_BAR, **fill(status))
    full, short = f"{_SIGNS[status]} {count}", str(count)
    text = full if width_of(full, SIZE - 2) + 6 < wide else short if width_of(short, SIZE - 2) + 3 < wide else ""
    if not text:
        return bar
    return bar + label(text, x + wide / 2, y + 13.5, size=SIZE - 2, anchor="middle", paint=fill(f"on{status}"))


def _axis(known: NDArray[np.float64], mark: tuple[float, float] | None, city: float) -> tuple[float, float, float]:
    shown = [float(known.min()), float(known.max())]
    shown += [value for value in (*(mark or ()), city) if math.isfinite(value)]
    span = max(shown) - min(shown) or max(abs(shown[0]), 1.0)
    step = nice_step(span / MOST_BINS)
    low = math.floor(min(shown) / step) * step
    high = math.ceil(max(shown) / step + 1e-9) * step
    return low, high if high > low else low + step, step


def _kind(start: float, end: float, mark: tuple[float, float] | None) -> str:
    if mark is None:
        return "step3"
    middle = (start + end) / 2
    return "pass" if mark[0] <= middle <= mark[1] else "fail"


def _grid(most: int, left: float, right: float, top: float, bottom: float) -> list[str]:
    pieces: list[str] = []
    step = max(int(nice_step(most / 3)), 1)
    for count in range(step, most + 1, step):
        y = bottom - (bottom - top) * count / most
        pieces.append(element("path", d=f"M{digits(left)} {digits(y)}H{digits(right)}", **stroke("line", 0.8)))
        pieces.append(label(str(count), left - 6, y + 4, size=SIZE - 3, anchor="end", paint=fill("muted")))
    return pieces


def _ticks(
    edges: NDArray[np.float64], across: Callable[[float], float], bottom: float, show: Callable[[float], str]
) -> list[str]:
    every = max(1, math.ceil(len(edges) / 6))
    return [
        label(show(float(edge)), across(float(edge)), bottom + 17, size=SIZE - 2, anchor="middle", paint=fill("muted"))
        for edge in edges[::every]
        if across(float(edge)) < WIDTH - 30
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
            line = stroke("ink", 1.3)
            pieces.append(
                element("path", d=f"M{digits(x)} {digits(top - 8)}V{digits(bottom)}", stroke_dasharray="4 3", **line)
            )
            anchor = "end" if x > WIDTH / 2 else "start"
            gap = -5 if anchor == "end" else 5
            pieces.append(
                label(say("chart.mark", language), x + gap, top - 10, size=SIZE - 2, anchor=anchor, paint=fill("ink"))
            )
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

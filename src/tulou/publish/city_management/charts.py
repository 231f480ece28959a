"""Charts of city management: what came of the cases of each group, and days side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.palette import fill
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element, escaped, label, shortened, width_of
from tulou.publish.words import say

PARTS = (
    ("handled_in_time", "pass", "onpass"),
    ("handled_late", "near_fail", "ink"),
    ("waiting_late", "fail", "onfail"),
)
"""What came of cases that were due, with the colour of the bar and of the number in it."""
LIFT = 3.0
"""How far a square of the legend lies below the top of its line."""


def outcome_bars(
    name: str, rows: Sequence[tuple[str, Mapping[str, int]]], *, title: str, language: Language
) -> Picture:  # fmt: skip
    """Stacked bars: one row a group; handled in time, handled late, overdue and not handled.

    Args:
        name: Name of the picture.
        rows: Title and counts of each group.
        title: What the chart shows.
        language: Language of its words.
    """
    longest = max((sum(counts[key] for key, _, _ in PARTS) for _, counts in rows), default=0) or 1
    widest = max((width_of(words, sizes.TEXT) for words, _ in rows), default=0.0)
    left = min(widest + sizes.NAMES_GAP, sizes.NAMES_MOST)
    room = WIDTH - left - sizes.TOTALS
    pieces, y = _legend(language), sizes.BARS_TOP
    for words, counts in rows:
        text = shortened(words, left - sizes.NAMES_CUT, sizes.TEXT)
        spot = left - sizes.NAMES_END, y + sizes.BASELINE
        pieces.append(label(text, *spot, size=sizes.TEXT, anchor="end", paint=fill("ink")))
        x = left
        for key, colour, ink in PARTS:
            if counts[key]:
                wide = room * counts[key] / longest
                pieces.append(_segment(x, y, wide, counts[key], colour, ink, say(f"manage.count.{key}", language)))
                x += wide
        total = sum(counts[key] for key, _, _ in PARTS)
        spot = x + sizes.TOTALS_GAP, y + sizes.BASELINE
        pieces.append(label(f"{total:,}", *spot, size=sizes.TEXT, paint=fill("muted")))
        y += sizes.ROW
    about = "; ".join(
        f"{words}: " + ", ".join(f"{say(f'manage.count.{key}', language)} {counts[key]:,}" for key, _, _ in PARTS)
        for words, counts in rows
    )
    return Picture(name, "".join(pieces), WIDTH, y + sizes.BARS_FOOT, title, about)


def _legend(language: Language) -> list[str]:
    pieces: list[str] = []
    x = 0.0
    for key, colour, _ in PARTS:
        text = say(f"manage.count.{key}", language)
        pieces.append(element("rect", x=x, y=LIFT, width=sizes.SIGN, height=sizes.SIGN, **fill(colour)))
        pieces.append(label(text, x + sizes.SIGN_GAP, sizes.BASELINE, size=sizes.TEXT, paint=fill("ink")))
        x += sizes.SIGN_GAP + width_of(text, sizes.TEXT) + sizes.ENTRY_GAP
    return pieces


def _segment(x: float, y: float, wide: float, count: int, colour: str, ink: str, words: str) -> str:
    seen = max(wide - sizes.SEGMENT_GAP, sizes.SEGMENT_LEAST)
    tip = f"<title>{escaped(words)}: {count:,}</title>"
    bar = element("rect", tip, x=x, y=y, width=seen, height=sizes.BAR, **fill(colour))
    if width_of(f"{count:,}", sizes.SMALL) + sizes.SHORT_MARGIN >= wide:
        return bar
    spot = x + wide / 2, y + sizes.SEGMENT_BASELINE
    return bar + label(f"{count:,}", *spot, size=sizes.SMALL, anchor="middle", paint=fill(ink))

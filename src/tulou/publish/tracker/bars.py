"""A chart of the tracker: how many commitments of each group stand where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tulou.kernel.words import Language
from tulou.operations.tracker.domain.standing import STATES, State
from tulou.operations.tracker.domain.telling import STATE_WORDS
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.palette import fill
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element, escaped, label, shortened, width_of

COLOURS: Mapping[State, str] = {
    "verified": "pass",
    "done": "near_pass",
    "on_track": "reference",
    "delayed": "fail",
    "not_started": "not_assessed",
}
SIGNS: Mapping[State, str] = {"verified": "●", "done": "◐", "on_track": "◇", "delayed": "▲", "not_started": "○"}
"""The sign that stands beside the word of a state, so that colour is never alone."""

ORDER: tuple[State, ...] = tuple(reversed(STATES))
_INK: Mapping[State, str] = {
    "verified": "onpass",
    "done": "ink",
    "on_track": "onreference",
    "delayed": "onfail",
    "not_started": "onnot_assessed",
}


def state_text(state: State, language: Language) -> str:
    """A state with its sign."""
    return f"{SIGNS[state]} {STATE_WORDS[state].say(language)}"


def standing_bars(
    name: str, rows: Sequence[tuple[str, Mapping[State, int]]], *, title: str, language: Language
) -> Picture:
    """Stacked bars: one row a group, one segment a state, each with its count.

    Args:
        name: Name of the picture.
        rows: Title of each group and its number by state.
        title: What the chart shows.
        language: Language of its words.
    """
    longest = max((sum(counts.values()) for _, counts in rows), default=0) or 1
    left = min(max((width_of(words, sizes.TEXT) for words, _ in rows), default=0.0) + sizes.NAMES_GAP, sizes.NAMES_MOST)
    room = WIDTH - left - sizes.TOTALS
    pieces, y = _legend(language)
    for words, counts in rows:
        text = shortened(words, left - sizes.NAMES_CUT, sizes.TEXT)
        spot = left - sizes.NAMES_END, y + sizes.BASELINE
        pieces.append(label(text, *spot, size=sizes.TEXT, anchor="end", paint=fill("ink")))
        x = left
        for state in ORDER:
            if counts[state]:
                wide = room * counts[state] / longest
                pieces.append(_segment(x, y, wide, state, counts[state], language))
                x += wide
        spot = x + sizes.TOTALS_GAP, y + sizes.BASELINE
        pieces.append(label(str(sum(counts.values())), *spot, size=sizes.TEXT, paint=fill("muted")))
        y += sizes.ROW
    about = "; ".join(
        f"{words}: " + ", ".join(f"{STATE_WORDS[one].say(language)} {counts[one]}" for one in ORDER if counts[one])
        for words, counts in rows
    )
    return Picture(name, "".join(pieces), WIDTH, y + sizes.BARS_FOOT, title, about)


def _legend(language: Language) -> tuple[list[str], float]:
    """The legend, in as many lines as it takes, and where the bars begin below it."""
    pieces: list[str] = []
    x, line = 0.0, 0
    for state in ORDER:
        text = state_text(state, language)
        wide = sizes.SIGN_GAP + width_of(text, sizes.TEXT) + sizes.ENTRY_GAP
        if x and x + wide > WIDTH:
            x, line = 0.0, line + 1
        y = line * sizes.ROW
        pieces.append(element("rect", x=x, y=y + _LIFT, width=sizes.SIGN, height=sizes.SIGN, **fill(COLOURS[state])))
        spot = x + sizes.SIGN_GAP, y + sizes.BASELINE
        pieces.append(label(text, *spot, size=sizes.TEXT, paint=fill("ink")))
        x += wide
    return pieces, sizes.BARS_TOP + line * sizes.ROW


_LIFT = 3.0
"""How far a square of the legend lies below the top of its line."""


def _segment(x: float, y: float, wide: float, state: State, count: int, language: Language) -> str:
    tip = f"<title>{escaped(STATE_WORDS[state].say(language))}: {count}</title>"
    seen = max(wide - sizes.SEGMENT_GAP, sizes.SEGMENT_LEAST)
    bar = element("rect", tip, x=x, y=y, width=seen, height=sizes.BAR, **fill(COLOURS[state]))
    if width_of(str(count), sizes.SMALL) + sizes.SHORT_MARGIN >= wide:
        return bar
    spot = x + wide / 2, y + sizes.SEGMENT_BASELINE
    return bar + label(str(count), *spot, size=sizes.SMALL, anchor="middle", paint=fill(_INK[state]))

"""The waterfall: a value before, what each cause moved, the value after.

A part that adds is a full bar, one that takes away is an empty bar with the same outline, and both carry their number
with its sign, so that nothing hangs on colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH
from tulou.publish.drawing.palette import COLOURS, fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import digits, element, escaped, label, shortened, width_of
from tulou.publish.words import say

TOP, BOTTOM = 26.0, 196.0
"""Between which lines the bars stand."""
SIDE, BAR_SHARE = 8.0, 0.62
"""Room left and right, and how much of its column a bar takes."""
NUMBER_RISE, NAME_DROP, LINE = 6.0, 18.0, 15.0
"""Where the number stands above its bar; the first line of a name below the bars, and the next one."""
NOTE_DROP, FOOT = 22.0, 6.0
"""How far the note stands below the last line of names, and the room below it."""
NARROW = 0.5
"""Share of the greatest value: levels that lie closer together are drawn from another line than zero."""
ROOM_BELOW = 0.45
"""Share of the span of levels that is left below the lowest, when bars do not begin at zero."""
EDGE, THIN = 2.0, 1.0
"""Width of the outline of a bar, and of the lines that join bars."""
BREAK = 5.0
"""Height of the sign that a bar does not begin at zero."""
COLOUR_OF = {"city": "pass", "correction": "far_fail", "definition": "step4", "boundary": "muted"}
"""Colour of each cause; they differ in lightness too."""


@dataclass(frozen=True)
class Step:
    """One cause in a waterfall.

    Args:
        cause: Its key, see ``COLOUR_OF``.
        name: What it is called.
        part: What it moved.
        shown: The same as it is written.
    """

    cause: str
    name: str
    part: float
    shown: str


@dataclass(frozen=True)
class End:
    """One end of a waterfall.

    Args:
        name: What it is called.
        value: Its value.
        shown: The same as it is written.
    """

    name: str
    value: float
    shown: str


def waterfall(name: str, before: End, steps: Sequence[Step], after: End, *, title: str, language: Language) -> Picture:
    """Draw how a value went from one end to the other.

    Args:
        name: Name of the picture.
        before: The one end.
        steps: The causes, in the order in which they are drawn; their parts add up to the change.
        after: The other end.
        title: What it shows.
        language: Language of the words.
    """
    scale = _Scale.of(before, steps, after)
    wide = (WIDTH - 2 * SIDE) / (len(steps) + 2)
    marks = [_total(before, SIDE, wide, scale)]
    level = before.value
    for place, step in enumerate(steps, start=1):
        left = SIDE + place * wide
        marks.append(_joint(level, left, wide, scale))
        marks.append(_part(step, level, left, wide, scale))
        level += step.part
    left = SIDE + (len(steps) + 1) * wide
    marks += [_joint(level, left, wide, scale), _total(after, left, wide, scale), _axis(scale)]
    names = [before.name, *(step.name for step in steps), after.name]
    lines = max(len(_lines(words, wide)) for words in names)
    foot = BOTTOM + NAME_DROP + (lines - 1) * LINE + NOTE_DROP
    words = say(f"why.chart.{'cut' if scale.is_cut else 'whole'}", language)
    marks.append(label(words, SIDE, foot, size=sizes.SMALLER, paint=fill("muted")))
    parts = "; ".join(f"{step.name} {step.shown}" for step in steps)
    about = f"{before.name} {before.shown}; {parts}; {after.name} {after.shown}"
    return Picture(name, "".join(marks), WIDTH, foot + FOOT, title, about)


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    is_cut: bool

    @classmethod
    def of(cls, before: End, steps: Sequence[Step], after: End) -> _Scale:
        levels = [before.value]
        for step in steps:
            levels.append(levels[-1] + step.part)
        levels.append(after.value)
        low, high = min(levels), max(levels)
        span = high - low
        is_cut = low > 0 and 0 < span < NARROW * high
        if is_cut:
            return cls(low - ROOM_BELOW * span, high, is_cut)
        low, high = min(low, 0.0), max(high, 0.0)
        return cls(low, high if high > low else low + 1.0, is_cut)

    def up(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)

    @property
    def ground(self) -> float:
        return self.up(self.low if self.is_cut else 0.0)


def _total(end: End, left: float, wide: float, scale: _Scale) -> str:
    x, bar = left + wide * (1 - BAR_SHARE) / 2, wide * BAR_SHARE
    y, ground = scale.up(end.value), scale.ground
    tip = f"<title>{escaped(end.name)}: {escaped(end.shown)}</title>"
    marks = [element("rect", tip, x=x, y=min(y, ground), width=bar, height=abs(ground - y), **fill("ink"))]
    if scale.is_cut:
        course = f"M{digits(x - 2)} {digits(ground - 2 * BREAK)}l{digits(bar + 4)} {digits(-BREAK)}"
        marks.append(element("path", d=course, **stroke("paper", BREAK - 2)))
    marks.append(_number(end.shown, left, wide, y if end.value >= 0 else ground, bold=True))
    marks.append(_name(end.name, left, wide))
    return "".join(marks)


def _part(step: Step, level: float, left: float, wide: float, scale: _Scale) -> str:
    x, bar = left + wide * (1 - BAR_SHARE) / 2, wide * BAR_SHARE
    one, other = scale.up(level), scale.up(level + step.part)
    colour = COLOUR_OF[step.cause]
    tip = f"<title>{escaped(step.name)}: {escaped(step.shown)}</title>"
    inside = colour if step.part >= 0 else "paper"
    paint = {
        "class_": f"f-{inside} s-{colour}",
        "fill": COLOURS[inside][0],
        "stroke": COLOURS[colour][0],
        "stroke_width": digits(EDGE),
    }
    tall = max(abs(other - one) - EDGE, THIN)
    marks = [element("rect", tip, x=x + EDGE / 2, y=min(one, other) + EDGE / 2, width=bar - EDGE, height=tall, **paint)]
    marks.append(_number(step.shown, left, wide, min(one, other)))
    marks.append(_name(step.name, left, wide))
    return "".join(marks)


def _joint(level: float, left: float, wide: float, scale: _Scale) -> str:
    gap = wide * (1 - BAR_SHARE)
    course = f"M{digits(left - gap / 2)} {digits(scale.up(level))}h{digits(gap)}"
    return element("path", d=course, **stroke("muted", THIN))


def _axis(scale: _Scale) -> str:
    course = f"M{digits(SIDE)} {digits(scale.ground)}H{digits(WIDTH - SIDE)}"
    return element("path", d=course, **stroke("muted", THIN))


def _number(text: str, left: float, wide: float, y: float, *, bold: bool = False) -> str:
    shown = shortened(text, wide, sizes.TEXT)
    return label(
        shown, left + wide / 2, y - NUMBER_RISE, size=sizes.TEXT, anchor="middle", paint=fill("ink"), bold=bold
    )


def _name(text: str, left: float, wide: float) -> str:
    """A name below its bar."""
    return "".join(
        label(
            shortened(line, wide, sizes.SMALL),
            left + wide / 2,
            BOTTOM + NAME_DROP + place * LINE,
            size=sizes.SMALL,
            anchor="middle",
            paint=fill("ink"),
        )
        for place, line in enumerate(_lines(text, wide))
    )


def _lines(text: str, wide: float) -> list[str]:
    """A name on two lines where it does not fit on one."""
    return [text] if width_of(text, sizes.SMALL) <= wide else text.split(" ", 1)

"""Furniture of maps: what tells how far and which way."""

from __future__ import annotations

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import WIDTH, Frame
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.svg import digits, element, label
from tulou.publish.words import say

_SCALE_LENGTHS = tuple(factor * 10**power for power in range(7) for factor in (1, 2, 5))


def scale_bar(frame: Frame, language: Language) -> str:
    """A bar of a round length, at the lower left."""
    metres = WIDTH / frame.scale
    length = max([one for one in _SCALE_LENGTHS if one <= metres / sizes.SCALE_SHARE], default=1)
    kilometre = 1000
    text = (
        say("map.kilometres", language, length=length // kilometre)
        if length >= kilometre
        else say("map.metres", language, length=length)
    )
    wide, y = length * frame.scale, frame.height - sizes.SCALE_DROP
    box = {"x": 6.0, "y": y - sizes.SCALE_RISE, "width": wide + sizes.SCALE_PAD, "height": 28.0, "rx": 3.0}
    ground = element("rect", **box, fill_opacity="0.8", **fill("paper"))
    left, base = sizes.SCALE_LEFT, y - sizes.SCALE_TEXT
    course = f"M{digits(left)} {digits(base)}v6h{digits(wide)}v-6"
    line = element("path", d=course, **stroke("ink", sizes.SCALE_STROKE))
    return ground + line + label(text, left + wide / 2, base, size=sizes.SMALL, anchor="middle", paint=fill("ink"))


def north_arrow(language: Language) -> str:
    """An arrow to the north, at the upper right."""
    x = WIDTH - sizes.NORTH_INSET
    box = {"x": x - sizes.NORTH_HALF, "y": 6.0, "width": 2 * sizes.NORTH_HALF, "height": 42.0, "rx": 3.0}
    ground = element("rect", **box, fill_opacity="0.8", **fill("paper"))
    arrow = element("path", d=f"M{digits(x)} 10l6 17-6-4-6 4z", **fill("ink"))
    word = say("map.north", language)
    return ground + arrow + label(word, x, sizes.NORTH_TEXT, size=sizes.SMALL, anchor="middle", paint=fill("ink"))

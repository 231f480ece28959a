"""Numbers of a change as they are shown: rounded so that the parts still add up to the change that is read out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tulou.kernel.words import Language
from tulou.publish.numbers import MINUS, number, quantity, unit_text
from tulou.publish.words import say

MOST_DIGITS = 6
PERCENT = "percent"
NOTHING = "0"
"""How a cause that moved nothing at all is shown; one that moved a little keeps its decimals, as in ``+0.0``."""


@dataclass(frozen=True)
class ShownChange:
    """A change as it is read out.

    Args:
        before: Value before, with its unit.
        after: Value after, with its unit.
        change: The change, signed, with its unit.
        parts: Signed part of each cause, without unit.
    """

    before: str
    after: str
    change: str
    parts: Mapping[str, str]


def shown_change(before: float, after: float, parts: Mapping[str, float], unit: str, language: Language) -> ShownChange:
    """Round the numbers of a change to one number of decimals.

    The change shown is that between the two values shown, and the parts shown add up to it: what rounding leaves goes
    to the parts that it wrongs least (largest remainder). The numbers themselves are kept in tables.

    Args:
        before: Value before.
        after: Value after.
        parts: Part of each cause; they add up to the change.
        unit: Their unit.
        language: Language of the unit.
    """
    digits = _digits(before, after, unit)
    step = 10.0**-digits
    first, last = (round(value / step) for value in (before, after))
    whole = _rounded(parts, step, last - first)
    words = {cause: NOTHING if part == 0.0 else signed(whole[cause] * step, digits) for cause, part in parts.items()}
    return ShownChange(
        _with_unit(plain(first * step, digits), before, unit, language),
        _with_unit(plain(last * step, digits), after, unit, language),
        _change(signed((last - first) * step, digits) if last != first else NOTHING, unit, language),
        words,
    )


def _digits(before: float, after: float, unit: str) -> int:
    """Decimals that the values deserve, enough of them to tell the two apart."""
    texts = [number(value, unit=unit) for value in (before, after)]
    digits = max(len(text.partition(".")[2]) for text in texts)
    while digits < MOST_DIGITS and before != after and round(before, digits) == round(after, digits):
        digits += 1
    return digits


def _rounded(parts: Mapping[str, float], step: float, total: int) -> dict[str, int]:
    """Parts in whole steps that add up to a total; parts that are nothing stay nothing."""
    moved = {cause: part / step for cause, part in parts.items() if part != 0.0}
    whole = {cause: math.floor(size) for cause, size in moved.items()}
    left = total - sum(whole.values())
    by_remainder = sorted(moved, key=lambda cause: (whole[cause] - moved[cause], cause))
    for cause in by_remainder[: max(left, 0)]:
        whole[cause] += 1
    for cause in by_remainder[::-1][: max(-left, 0)]:
        whole[cause] -= 1
    return whole


def plain(value: float, digits: int) -> str:
    """A number with some decimals."""
    text = f"{abs(value):,.{digits}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def signed(value: float, digits: int) -> str:
    """A number with its sign in front."""
    text = plain(value, digits)
    return text if text.startswith(MINUS) else f"+{text}"


def _with_unit(text: str, value: float, unit: str, language: Language) -> str:
    """A rounded number with its unit, set as ``numbers.quantity`` sets it."""
    own = number(value, unit=unit)
    return quantity(value, unit, language).replace(own, text, 1) if own else text


def _change(text: str, unit: str, language: Language) -> str:
    if unit == PERCENT:
        return say("why.points", language, change=text)
    words = unit_text(unit, language)
    return f"{text} {words}" if words else text

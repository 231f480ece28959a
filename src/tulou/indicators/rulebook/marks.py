"""Reading marks as officials write them in tables: ``≥85%``, ``不低于 8``, ``0.7—1.5``, ``不超过 5 分钟``.

Only what says one comparison with one number, or one range, is read. Anything else is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tulou.indicators.rulebook.content import How
from tulou.kernel import units
from tulou.kernel.errors import BadInput

UNITS: Mapping[str, str] = {
    "%": "percent",
    "％": "percent",
    "百分比": "percent",
    "米": "m",
    "m": "m",
    "公里": "km",
    "千米": "km",
    "平方米": "m2",
    "㎡": "m2",
    "平方公里": "km2",
    "平方千米": "km2",
    "公顷": "hectare",
    "公里/平方公里": "km/km2",
    "千米/平方千米": "km/km2",
    "平方米/人": "m2/person",
    "万人/平方公里": "wan*person/km2",
    "人": "person",
    "户": "household",
    "套": "dwelling",
    "栋": "building",
    "分钟": "minute",
    "小时": "hour",
    "公里/小时": "km/hour",
    "年": "year",
}
"""Units as tables write them."""

COUNTING = ("个", "处", "座", "项", "条", "起", "件", "块", "所")
"""Counting words: the unit is whatever is counted."""

_NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = r"\s*([^\d\s,，;；。]*)"
_SIGNS: tuple[tuple[str, How], ...] = (
    (r"(?:≥|>=|不低于|不少于|不小于|至少|大于等于|达到)", "at_least"),
    (r"(?:≤|<=|不高于|不超过|不大于|不多于|小于等于)", "at_most"),
    (r"(?:=|＝|应为|为)", "exactly"),
)
_AFTER: tuple[tuple[str, How], ...] = (("以上|及以上", "at_least"), ("以下|以内|及以下", "at_most"))


@dataclass(frozen=True)
class WrittenMark:
    """A mark as it was read.

    Args:
        how: How values are compared; None when a bare number does not say.
        low: The number, or the low end of a range.
        high: The high end of a range, else the number again.
        unit: Unit as written; empty when none was.
    """

    how: How | None
    low: float
    high: float
    unit: str


def read_mark(text: str) -> WrittenMark | None:
    """Read a mark; None when it says more, or less, than one comparison."""
    cleaned = text.strip().rstrip("。.；;").replace(" ", "")
    for sign, how in _SIGNS:
        if found := re.fullmatch(rf"{sign}{_NUMBER}{_UNIT}", cleaned):
            return WrittenMark(how, float(found[1]), float(found[1]), found[2])
    if found := re.fullmatch(rf"{_NUMBER}(?:%|％)?(?:-|–|—|~|～|至){_NUMBER}{_UNIT}", cleaned):
        low, high = float(found[1]), float(found[2])
        return WrittenMark("between", low, high, found[3]) if low <= high else None
    for words, how in _AFTER:
        if found := re.fullmatch(rf"{_NUMBER}([^\d\s]*?)(?:{words})", cleaned):
            return WrittenMark(how, float(found[1]), float(found[1]), found[2])
    if found := re.fullmatch(rf"{_NUMBER}{_UNIT}", cleaned):
        return WrittenMark(None, float(found[1]), float(found[1]), found[2])
    return None


def unit_factor(written: str, wanted: str) -> float | None:
    """What a number in a unit as written is multiplied by to be in the wanted unit; None when that cannot be told."""
    name = written.strip().replace("（", "").replace("）", "").strip("()")
    if name in COUNTING:
        counted = units.parse(wanted).dimensionality
        return 1.0 if set(counted) <= {f"[{thing}]" for thing in units.COUNTED} else None
    try:
        return units.factor(UNITS.get(name, name), wanted) if name else None
    except BadInput:
        return None

"""Numbers as people read them: sensible digits, and units in both languages."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tulou.kernel.units import COUNTED
from tulou.kernel.words import Language, Words

UNITS: dict[str, Words] = {
    "1": Words("", ""),
    "percent": Words("%", "%"),
    "m": Words("米", "m"),
    "km": Words("公里", "km"),
    "m2": Words("平方米", "m²"),
    "km2": Words("平方公里", "km²"),
    "hectare": Words("公顷", "ha"),
    "ha": Words("公顷", "ha"),
    "m3": Words("立方米", "m³"),
    "year": Words("年", "years"),
    "hour": Words("小时", "h"),
    "minute": Words("分钟", "min"),
    "degree": Words("度", "°"),
    "second": Words("秒", "s"),
    "day": Words("天", "days"),
    "kg": Words("千克", "kg"),
    "ton": Words("吨", "t"),
    "kWh": Words("千瓦时", "kWh"),
    "W": Words("瓦", "W"),
    "degC": Words("℃", "°C"),
    "dBA": Words("分贝（A）", "dB(A)"),
    "person": Words("人", "people"),
    "household": Words("户", "households"),
    "dwelling": Words("套", "dwellings"),
    "building": Words("栋", "buildings"),
    "place": Words("位", "places"),
    "vehicle": Words("辆", "vehicles"),
    "charger": Words("个充电桩", "chargers"),
    "facility": Words("处", "facilities"),
    "bed": Words("床", "beds"),
    "community": Words("个小区", "communities"),
    "block": Words("个街区", "blocks"),
    "road_count": Words("条", "roads"),
    "parcel": Words("块", "parcels"),
    "site": Words("处", "sites"),
    "incident": Words("起", "incidents"),
    "project": Words("个项目", "projects"),
    "object_count": Words("个", "objects"),
    "station": Words("座", "stations"),
    "institution": Words("家", "institutions"),
    "tree": Words("株", "trees"),
    "event": Words("次", "events"),
    "complaint": Words("件", "complaints"),
    "cover_plate": Words("个井盖", "covers"),
    "yuan": Words("元", "yuan"),
    "point": Words("分", "points"),
    "trip": Words("班次", "trips"),
    "visit": Words("人次", "visits"),
    "enterprise": Words("家", "enterprises"),
    "patent": Words("件", "patents"),
    "city_count": Words("个城市", "cities"),
    "equivalent": Words("当量", "equivalents"),
    "job": Words("个岗位", "jobs"),
    "month": Words("个月", "months"),
    "mm": Words("毫米", "mm"),
    "m/s": Words("米/秒", "m/s"),
    "m/s2": Words("米/秒²", "m/s²"),
    "tonne": Words("吨", "t"),
    "ug": Words("微克", "µg"),
    "hundred": Words("百", "100"),
    "thousand": Words("千", "1,000"),
    "wan": Words("万", "10,000"),
    "hundred_thousand": Words("10万", "100,000"),
}
"""How units are written; a unit made of several is put together from these."""

COUNTS = frozenset(COUNTED) - {"yuan", "point", "equivalent"}
"""Units of things that are counted one by one."""

SCALES = frozenset({"hundred", "thousand", "wan", "hundred_thousand"})
TIMES = frozenset({"day", "month", "year"})
SINGULAR = {"people": "person", "facilities": "facility", "communities": "community", "cities": "city"}

MINUS = "−"
NO_NUMBER = "–"
_DIGITS = ((1000.0, 0), (100.0, 1), (10.0, 1), (1.0, 2), (0.1, 3), (0.01, 4))
_MOST_DIGITS = 6
_PERCENT_DIGITS = 1


def unit_text(unit: str, language: Language) -> str:
    """How a unit is written, e.g. ``person/km2`` as 人/平方公里 or people/km²."""
    if unit in UNITS:
        return UNITS[unit].say(language)
    above, *below = (_words(piece) for piece in unit.replace(" per ", "/").split("/"))
    if "percent" in above and len(above) > 1:
        above.remove("percent")
        below.insert(0, ["hundred"])
    tail = "/".join(filter(None, _below([word for piece in below for word in piece], language)))
    head = _joined((UNITS.get(word, Words(word, word)).say(language) for word in above), language)
    if language == "en" and above and above[0] in SCALES:
        head = f"× {head}"
    return f"{head}/{tail}" if tail else head


def number(value: float | None, *, unit: str = "1", is_exact: bool = False) -> str:
    """A number without its unit, with as many digits as its size deserves; a dash when unknown.

    Args:
        value: The number.
        unit: Its unit.
        is_exact: Whether it is set rather than measured: then no digit is added or left out.
    """
    if value is None or math.isnan(value):
        return NO_NUMBER
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    if is_exact:
        return f"{value:,.10g}".replace("-", MINUS)
    places = _places(abs(value), unit, value)
    text = f"{abs(value):,.{places}f}"
    if places and unit != "percent":
        text = text.rstrip("0").rstrip(".")
    is_zero = not text.strip("0.,")
    return text if value >= 0 or is_zero else f"{MINUS}{text}"


def quantity(value: float | None, unit: str, language: Language, *, is_exact: bool = False) -> str:
    """A number with its unit, e.g. ``53.2%``, ``1,234 people``."""
    text = number(value, unit=unit, is_exact=is_exact)
    shown = unit_text(unit, language)
    if text == NO_NUMBER or not shown:
        return text
    if language == "en" and text == "1" and unit in COUNTS:
        shown = SINGULAR.get(shown, shown.removesuffix("s"))
    tight = shown.startswith(("%", "℃"))
    return f"{text}{shown}" if tight else f"{text} {shown}"


def _words(piece: str) -> list[str]:
    """Names of the units multiplied in one piece of a unit; ``hectohousehold`` is a hundred households."""
    found: list[str] = []
    for word in piece.replace("(", " ").replace(")", " ").replace("*", " ").split():
        many = word.removeprefix("hecto")
        found += ["hundred", many] if many != word and many in UNITS else [word]
    return [word for word in found if word != "1"]


def _below(words: list[str], language: Language) -> list[str]:
    """Units divided by: a scale goes with the unit after it, a unit alone stands for one."""
    groups: list[str] = []
    scale = ""
    for word in words:
        text = UNITS.get(word, Words(word, word)).say(language)
        if word in SCALES:
            scale = _joined((scale, text), language)
            continue
        one = SINGULAR.get(text, text.removesuffix("s") if word in COUNTS | TIMES else text)
        groups.append(_joined((scale, text), language) if scale else one if language == "en" else text.lstrip("个"))
        scale = ""
    return [*groups, scale]


def _joined(words: Iterable[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(filter(None, words))


def _places(size: float, unit: str, value: float) -> int:
    if unit in COUNTS and value == round(value):
        return 0
    if unit == "percent":
        return _PERCENT_DIGITS
    if size == 0.0:
        return 0
    for least, places in _DIGITS:
        if size >= least:
            return places
    return _MOST_DIGITS

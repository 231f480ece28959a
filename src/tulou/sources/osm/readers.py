"""What people write into tags, read as numbers: lengths, speeds, years. What cannot be read is unknown, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

METRES: Mapping[str, float] = {
    "": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "米": 1.0,
    "cm": 0.01, "km": 1000.0, "mm": 0.001,
    "ft": 0.3048, "feet": 0.3048, "foot": 0.3048, "'": 0.3048, "in": 0.0254, "inch": 0.0254, '"': 0.0254,
}  # fmt: skip
"""Metres in one of each unit; foot and inch are exact by the agreement of 1959."""

KILOMETRES_AN_HOUR: Mapping[str, float] = {
    "": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852,
}  # fmt: skip
"""Kilometres an hour in one of each unit; mile and nautical mile are exact."""

EARLIEST_YEAR, LATEST_YEAR = 1000, 2200
MOST_LENGTH = 100_000.0
MOST_SPEED = 500.0
MOST_NUMBER = 1_000_000_000.0

_NUMBER = r"([+-]?\d{1,12}(?:[.,]\d{1,12})?)"
_MEASURE = re.compile(rf"^\s*~?\s*{_NUMBER}\s*([^\d\s.,]*(?:/h)?)\s*$")
_FEET_AND_INCHES = re.compile(rf"^\s*{_NUMBER}\s*(?:'|ft)\s*{_NUMBER}\s*(?:\"|''|in)?\s*$")
_YEAR = re.compile(r"^\s*~?(\d{4})(?:-\d{2}(?:-\d{2})?)?\s*$")
_SPAN = re.compile(r"^\s*\d{4}\s*(?:-|–|\.\.|/)\s*(\d{4})\s*$")
UNKNOWN = float("nan")


def read_number(text: str) -> float:
    """A plain number; NaN when the text is none."""
    return _measure(text, {"": 1.0}, MOST_NUMBER)


def read_length(text: str) -> float:
    """A length in metres, which is also the unit of a bare number; NaN when the text is none."""
    both = _FEET_AND_INCHES.match(text)
    if both:
        return _within(_decimal(both[1]) * METRES["ft"] + _decimal(both[2]) * METRES["in"], MOST_LENGTH)
    return _measure(text, METRES, MOST_LENGTH)


def read_speed(text: str) -> float:
    """A speed in km/h, which is also the unit of a bare number; NaN when the text is none."""
    return _measure(text, KILOMETRES_AN_HOUR, MOST_SPEED)


def read_year(text: str) -> float:
    """A year; of a span the last. A decade or a century is too vague and unknown."""
    found = _YEAR.match(text) or _SPAN.match(text)
    year = float(found[1]) if found else UNKNOWN
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else UNKNOWN


def _measure(text: str, units: Mapping[str, float], most: float) -> float:
    found = _MEASURE.match(text)
    factor = units.get(found[2].lower()) if found else None
    return UNKNOWN if found is None or factor is None else _within(_decimal(found[1]) * factor, most)


def _decimal(text: str) -> float:
    """A number with a decimal point or comma; the comma of ``1,200`` is a decimal one, as in OpenStreetMap."""
    return float(text.replace(",", "."))


def _within(value: float, most: float) -> float:
    return value if np.isfinite(value) and 0 <= value <= most else UNKNOWN


READERS: Mapping[str, Callable[[str], float]] = {
    "number": read_number,
    "length": read_length,
    "speed": read_speed,
    "year": read_year,
}
"""Reader for each way of setting a number."""

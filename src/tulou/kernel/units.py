"""Units: every number that enters or leaves a measure has one, and it is checked and converted, not noted.

Pint does the arithmetic; this module adds the counting units of city management (persons, households, places …) as
dimensions of their own, so that persons can never be added to beds, and makes conversions cheap to repeat.
"""

from __future__ import annotations

import re
import tokenize
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tulou.kernel.errors import BadInput

if TYPE_CHECKING:
    import pint

COUNTED = (
    "person",
    "household",
    "dwelling",
    "building",
    "place",
    "vehicle",
    "charger",
    "facility",
    "bed",
    "community",
    "block",
    "road_count",
    "parcel",
    "site",
    "incident",
    "project",
    "object_count",
    "station",
    "institution",
    "tree",
    "event",
    "complaint",
    "cover_plate",
    "yuan",
    "point",
    "trip",
    "visit",
    "enterprise",
    "patent",
    "city_count",
    "equivalent",
    "job",
)
"""Things that are counted, each a dimension of its own."""

FREE = ("any", "other")
"""Stand in the declaration of a measure for the unit of whatever is bound: every argument marked ``any`` takes the unit
of the first one, and a result marked ``any`` has it; ``other`` is a second such unit."""


@cache
def registry() -> pint.UnitRegistry[float]:
    """The one unit registry of this process; read on first use, since loading it takes a while."""
    import pint  # slow to load; the command line must answer before it is needed

    lines = (files("tulou.kernel") / "units.txt").read_text("utf-8").splitlines()
    counted = [f"{name} = [{name}]" for name in (*COUNTED, *FREE)]
    units: pint.UnitRegistry[float] = pint.UnitRegistry([*lines, *counted], cache_folder=None)
    return units


@cache
def factor(found: str, wanted: str) -> float:
    """How many ``wanted`` one ``found`` is.

    Args:
        found: Unit of the number at hand, e.g. ``hectare``.
        wanted: Unit asked for, e.g. ``m2``.

    Raises:
        BadInput: When a unit is unknown or the two measure different things.
    """
    left, right = parse(found), parse(wanted)
    if left.dimensionality != right.dimensionality:
        raise BadInput(
            f"'{found}' cannot become '{wanted}': they measure different things",
            found=f"{found} {dict(left.dimensionality)}",
            allowed=(f"a unit of {dict(right.dimensionality)}",),
        )
    return float((1 * left).to(right).magnitude)


_SHORT = (("km2", "km**2"), ("m2", "m**2"), ("m3", "m**3"), ("s2", "s**2"))
MOST_LETTERS = 200
"""Longest text of a unit."""
MOST_POWERS = 6
"""Most powers in one unit; more, of numbers, would take for ever to work out."""
_POWER = re.compile(r"\*\*|\^")
_BAD_POWER = re.compile(r"(?:\*\*|\^)(?!\s*[+-]?\d(?:\.\d{1,2})?(?![\d.])(?!\s*(?:\*\*|\^)))|[⁰¹²³⁴-⁹]{2}")
"""A power that is not a small number, or has a power of its own: a cell of a table may hold ``m**9**9**9``."""
_NO_UNIT = (ValueError, TypeError, AssertionError, ArithmeticError, SyntaxError, LookupError, tokenize.TokenError)
"""What reading a text that is no unit may end in."""


@cache
def parse(text: str) -> pint.Unit:
    """Read a unit such as ``km/km2``, ``percent``, ``person/hectare`` or ``1`` (a pure number).

    Raises:
        BadInput: When the text is not a unit.
    """
    import pint

    cleaned = text.strip()
    for short, long in _SHORT:
        cleaned = cleaned.replace(short, long)
    refused = BadInput(
        "this is not a unit", found=text, allowed=("m", "m2", "km", "km2", "percent", "minute", *COUNTED)
    )
    if len(cleaned) > MOST_LETTERS or len(_POWER.findall(cleaned)) > MOST_POWERS or _BAD_POWER.search(cleaned):
        raise refused
    try:
        return registry().parse_units("" if cleaned in {"1", "-"} else cleaned)
    except (pint.errors.UndefinedUnitError, pint.errors.DefinitionSyntaxError, *_NO_UNIT):
        raise refused from None


def same_kind(left: str, right: str) -> bool:
    """Whether two units measure the same thing."""
    return bool(parse(left).dimensionality == parse(right).dimensionality)

"""Fit: whether what a measure gives, summed as an indicator asks, can have the indicator's unit, and how."""

from __future__ import annotations

from functools import cache

from tulou.indicators.rulebook.bindings import Bound
from tulou.kernel import units
from tulou.kernel.declaration import Measure
from tulou.kernel.errors import BadInput

_COUNTED = {f"[{name}]" for name in units.COUNTED}


@cache
def result_factor(found: str, wanted: str, *, lenient: bool = False) -> float:
    """What a number in ``found`` is multiplied by to be in ``wanted``.

    Args:
        found: Unit that comes out of the aggregation.
        wanted: Unit of the indicator.
        lenient: Whether a pure number may stand for a number of counted things (rows of ``building`` for buildings).

    Raises:
        BadInput: When they measure different things.
    """
    left, right = units.parse(found), units.parse(wanted)
    if not lenient or left.dimensionality == right.dimensionality:
        return units.factor(found, wanted)
    plain = [
        {key: power for key, power in unit.dimensionality.items() if key not in _COUNTED} for unit in (left, right)
    ]
    if plain[0] != plain[1]:
        return units.factor(found, wanted)
    return float((1 * left).to_base_units().magnitude / (1 * right).to_base_units().magnitude)


def aggregate_factor(
    aggregate: str, bound: Bound, unit: str, *, per: str | None = None, summary: Measure | None = None
) -> float:
    """The factor from a unit's sums to the indicator's unit.

    Args:
        aggregate: How rows become a value.
        bound: What the measure gives.
        unit: Unit of the indicator.
        per: Unit of what is divided by, for ``ratio`` and ``density``.
        summary: The summary measure, when one is named.

    Raises:
        BadInput: When the units do not fit.
    """
    if summary is not None:
        found = summary.units[0] if summary.units else "1"
        return result_factor(bound.part if found in units.FREE else found, unit)
    if aggregate == "share":
        return result_factor(f"({bound.part})/({bound.whole})", unit, lenient=_pure(bound.whole))
    if aggregate in {"ratio", "density"}:
        if per is None:
            raise BadInput("there is nothing to divide by")
        return result_factor(f"({bound.part})/({per})", unit, lenient=_pure(bound.part) or _pure(per))
    return result_factor(bound.part, unit, lenient=aggregate in {"count", "sum"} and _pure(bound.part))


def _pure(unit: str) -> bool:
    return bool(units.parse(unit).dimensionless)

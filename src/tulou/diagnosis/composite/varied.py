"""Reading what a composite varies: choices that are as reasonable, and how their share in the ranks is worked out."""

from __future__ import annotations

from tulou.diagnosis.composite.averages import AVERAGES, REACHES, groups_of
from tulou.diagnosis.composite.model import DECLARED
from tulou.diagnosis.composite.recipe import Group, Sensitivity, Uncertainty
from tulou.diagnosis.composite.scales import DISTANCES, SCALES
from tulou.indicators.rulebook.reading import choice, keys, mapping, number
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput

MOST_DRAWS = 100_000
WHOLE = 100.0


def read_uncertainty(page: At, scale: str, top: Group) -> Uncertainty | None:
    """Which choices are varied; None when none are asked for.

    Args:
        page: The composite.
        scale: Its scale.
        top: Its tree of groups.

    Raises:
        BadInput: For choices that cannot be varied.
    """
    if "uncertainty" not in page:
        return None
    entry = mapping(page, "uncertainty")
    keys(entry, ("draws", "seed", "quantiles", "weights", "scales", "averages", "averages_of", "outliers", "figures"))
    low, high = _quantiles(entry)
    made = Uncertainty(
        draws=whole(entry, "draws", 2),
        seed=whole(entry, "seed", 0),
        quantiles=(low, high),
        weights=percent(entry, "weights", 0.0),
        scales=_scales(entry, scale),
        averages=_listed(entry, "averages", (DECLARED, *AVERAGES)),
        averages_of=choice(entry, "averages_of", REACHES, "all"),
        outliers=tuple(_counts(entry)) if page.get("outliers") not in (None, "none") else _no_counts(entry),
        figures=flag(entry, "figures"),
    )
    _may_average(made, scale, entry, top)
    return made


def _quantiles(entry: At) -> tuple[float, float]:
    found = entry.get("quantiles")
    if (
        not isinstance(found, list)
        or len(found) != len(("low", "high"))
        or any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in found)
        or not 0 <= found[0] < found[1] <= WHOLE
    ):
        raise BadInput(
            "quantiles are written [low, high]", where=entry.where("quantiles"), found=found, allowed=("[5, 95]",)
        )
    return float(found[0]), float(found[1])


def _listed(entry: At, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """A list of words, each of which is allowed."""
    found = entry.get(key) or []
    if not isinstance(found, list):
        raise BadInput(f"'{key}' must be a list of words", where=entry.where(key), found=found, allowed=allowed)
    for one in found:
        if one not in allowed:
            raise BadInput(f"not a value of '{key}'", where=entry.where(key), found=one, allowed=allowed)
    return tuple(map(str, found))


def _scales(entry: At, scale: str) -> tuple[str, ...]:
    allowed = tuple(one for one in SCALES if one not in DISTANCES or one == scale)
    found = _listed(entry, "scales", allowed)
    if found and scale not in found:
        told = "the scale of the composite is one of those to choose from"
        raise BadInput(told, where=entry.where("scales"), found=", ".join(found), allowed=(scale,))
    return found


def _counts(entry: At) -> list[int]:
    found = entry.get("outliers") or []
    if not isinstance(found, list) or any(
        isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in found
    ):
        raise BadInput("a list of whole numbers", where=entry.where("outliers"), found=found, allowed=("[1, 3, 5]",))
    return [int(one) for one in found]


def _no_counts(entry: At) -> tuple[int, ...]:
    if "outliers" in entry:
        told = "outliers are not treated in this composite, so nothing about them can be varied"
        raise BadInput(told, where=entry.where("outliers"), allowed=("outliers: {most, skewness, kurtosis}",))
    return ()


def _may_average(made: Uncertainty, scale: str, entry: At, top: Group) -> None:
    """Refuse standard scores beside an average that cannot take them."""
    others = {*made.averages, *(group.average for group in groups_of(top))} - {DECLARED, "arithmetic"}
    if others and "zscore" in (*made.scales, scale):
        told = "standard scores can be negative, which only the arithmetic mean can take"
        raise BadInput(told, where=entry.where("scales"), found=", ".join(sorted(others)), allowed=("arithmetic",))


def read_sensitivity(page: At, uncertainty: Uncertainty | None) -> Sensitivity | None:
    """How the share of each choice is worked out; None when it is not asked for.

    Args:
        page: The composite.
        uncertainty: What it varies.

    Raises:
        BadInput: Without an uncertainty, or for a sample that is no power of two.
    """
    if "sensitivity" not in page:
        return None
    if uncertainty is None:
        told = "sensitivity tells shares of an uncertainty, and none is asked for"
        raise BadInput(told, where=page.where("sensitivity"), allowed=("uncertainty: {…}",))
    entry = mapping(page, "sensitivity")
    keys(entry, ("draws",))
    draws = whole(entry, "draws", 2)
    if draws & (draws - 1):
        told = "a sample has a power of two draws"
        raise BadInput(told, where=entry.where("draws"), found=draws, allowed=("512", "1024", "2048"))
    return Sensitivity(draws)


def flag(entry: At, key: str) -> bool:
    """Yes or no under a key; no when absent."""
    found = entry.get(key, False)
    if not isinstance(found, bool):
        raise BadInput(f"'{key}' is yes or no", where=entry.where(key), found=found, allowed=("true", "false"))
    return found


def whole(entry: At, key: str, least: int, most: int = MOST_DRAWS) -> int:
    """A whole number under a key, between two bounds."""
    found = number(entry, key)
    if found != int(found) or not least <= found <= most:
        raise BadInput(
            f"'{key}' is a whole number", where=entry.where(key), found=found, allowed=(f"{least} to {most}",)
        )
    return int(found)


def percent(entry: At, key: str, default: float | None = None) -> float:
    """A percentage under a key."""
    found = number(entry, key, default)
    if not 0 <= found <= WHOLE:
        raise BadInput("a percentage", where=entry.where(key), found=found, allowed=("0 to 100",))
    return found

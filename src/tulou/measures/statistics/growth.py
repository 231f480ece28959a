"""Growth: of land, of people, and of one against the other."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words


@measure(title=Words("增长率", "Growth"))
def growth(before: Annotated[Floats, "any"], now: Annotated[Floats, "any"]) -> Annotated[Floats, "1"]:
    """By which share did each row grow? ``now / before - 1``; NaN where there was nothing before.

    Args:
        before: Value before.
        now: Value now, in the same unit.
    """
    ratio = np.divide(now, before, out=np.full(len(before), np.nan), where=before > 0)
    return ratio - 1.0


@measure(title=Words("土地消耗率", "Land consumption rate"), source="UN SDG metadata 11.3.1")
def land_consumption_rate(
    built_before: Annotated[Floats, "m2"], built_now: Annotated[Floats, "m2"], years: Annotated[Floats, "year"]
) -> Annotated[Floats, "1/year"]:
    """How fast does built-up land grow in a year? ``LCR = (V2 - V1) / V1 / t``.

    Args:
        built_before: Built-up area at the first date.
        built_now: Built-up area at the second date.
        years: Years between them.
    """
    held = (built_before > 0) & (years > 0)
    rise = np.divide(built_now - built_before, built_before * years, out=np.full(len(years), np.nan), where=held)
    return np.asarray(rise)


@measure(title=Words("人口增长率", "Population growth rate"), source="UN SDG metadata 11.3.1")
def population_growth_rate(
    people_before: Annotated[Floats, "person"],
    people_now: Annotated[Floats, "person"],
    years: Annotated[Floats, "year"],
) -> Annotated[Floats, "1/year"]:
    """How fast does the population grow in a year? ``PGR = ln(P2 / P1) / t``.

    Args:
        people_before: People at the first date.
        people_now: People at the second date.
        years: Years between them.
    """
    held = (people_before > 0) & (people_now > 0) & (years > 0)
    ratio = np.divide(people_now, people_before, out=np.full(len(years), np.nan), where=held)
    return np.asarray(np.divide(np.log(ratio), years, out=np.full(len(years), np.nan), where=held))


@measure(
    title=Words("土地消耗与人口增长之比", "Land consumption to population growth"), source="UN SDG metadata 11.3.1"
)
def land_consumption_ratio(
    built_before: Annotated[Floats, "m2"],
    built_now: Annotated[Floats, "m2"],
    people_before: Annotated[Floats, "person"],
    people_now: Annotated[Floats, "person"],
    years: Annotated[Floats, "year"],
) -> Annotated[Floats, "1"]:
    """Does land grow faster than people? ``LCRPGR = LCR / PGR``; 1 means at the same pace.

    Where people are as many as before there is no ratio (NaN); where they become fewer the ratio is negative and reads
    otherwise: look at both rates.

    Args:
        built_before: Built-up area at the first date.
        built_now: Built-up area at the second date.
        people_before: People at the first date.
        people_now: People at the second date.
        years: Years between them.
    """
    land = land_consumption_rate(built_before, built_now, years)
    people = population_growth_rate(people_before, people_now, years)
    return np.asarray(np.divide(land, people, out=np.full(len(years), np.nan), where=people != 0))

"""Amounts on record: sums, shares, gaps, weighted shares.

An amount is never negative. A negative one on record is taken as unknown, not as a debt that others could make up. A
reading, of a temperature above another say, may be.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Flags, Floats, Parts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.records.flags import LACKING
from tulou.measures.records.truth import named

SHORTAGE = "shortage"


def sound(amount: Floats) -> Floats:
    """The amounts, with what cannot be an amount (negative, infinite) as unknown."""
    return np.where(np.isfinite(amount) & (amount >= 0.0), amount, np.nan)


def lack(need: Floats, supply: Floats) -> Parts:
    """``max(0, need − supply)`` out of ``need``, with its cause."""
    wanted, there = sound(need), sound(supply)
    part = np.maximum(0.0, wanted - there)
    return Parts(part=part, whole=wanted, cause=named(part > 0.0, SHORTAGE))


@measure(title=Words("登记数量", "Amount on record"))
def amount(amount: Annotated[Floats, "any"]) -> Annotated[Floats, "any"]:
    """How much is on record for each object?

    Args:
        amount: Amount of each object, of any unit.

    Returns:
        The same amounts; negative and infinite ones are unknown.
    """
    return sound(amount)


@measure(title=Words("登记读数", "Readings on record"))
def readings(reading: Annotated[Floats, "any"], weight: Annotated[Floats, "other"]) -> Annotated[Parts, "any", "other"]:
    """What stands on record for each object, weighted: a temperature above another, a change.

    ``part = reading``, ``whole = weight``; of the mean over a unit ``Σ reading · weight / Σ weight``. Unlike an amount
    a reading may be below 0.

    Args:
        reading: Reading of each object, of any unit.
        weight: Weight of each, not below 0: an area, a number of people.
    """
    return Parts(part=np.where(np.isfinite(reading), reading, np.nan), whole=sound(weight))


@measure(title=Words("缺口", "Shortage"))
def shortage(need: Annotated[Floats, "any"], supply: Annotated[Floats, "any"]) -> Annotated[Parts, "any", "any"]:
    """How much lacks?

    ``part = max(0, need − supply)``, ``whole = need``. A surplus of one object does not fill the gap of another.

    Args:
        need: What is needed.
        supply: What is there.
    """
    return lack(need, supply)


@measure(title=Words("停车泊位缺口", "Shortage of parking spaces"), source="建科〔2023〕75号")
def parking_shortage(
    cars: Annotated[Floats, "vehicle"],
    spaces: Annotated[Floats, "place"],
    *,
    need: Annotated[float, "place/vehicle"],
) -> Annotated[Parts, "place", "place"]:
    """How many parking spaces lack?

    ``part = max(0, cars · need − spaces)``, ``whole = cars · need``.

    Args:
        cars: Cars of the residents, on the register or counted at night.
        spaces: Spaces they can use: on the site, shared, and public ones near by.
        need: Spaces that one car needs.
    """
    return lack(cars * need, spaces)


@measure(title=Words("充电桩缺口", "Shortage of chargers"), source="建科〔2023〕75号")
def charger_shortage(
    cars: Annotated[Floats, "vehicle"],
    chargers: Annotated[Floats, "charger"],
    *,
    need: Annotated[float, "charger/vehicle"],
) -> Annotated[Parts, "charger", "charger"]:
    """How many chargers lack?

    ``part = max(0, cars · need − chargers)``, ``whole = cars · need``.

    Args:
        cars: Electric cars of the residents.
        chargers: Chargers they can use.
        need: Chargers the city wants for one car.
    """
    return lack(cars * need, chargers)


@measure(title=Words("学位缺口（登记）", "Shortage of school places on record"), source="建科〔2023〕75号")
def place_shortage(
    children: Annotated[Floats, "person"], places: Annotated[Floats, "place"]
) -> Annotated[Parts, "place", "place"]:
    """How many places lack? A child needs one place.

    ``part = max(0, children − places)``, ``whole = children``.

    Args:
        children: Children of the age.
        places: Places there are for them.
    """
    return lack(children, places)


@measure(title=Words("数量之比", "Share of one amount in another"))
def share_of_amounts(
    part: Annotated[Floats, "any"], whole: Annotated[Floats, "other"]
) -> Annotated[Parts, "any", "other"]:
    """Which share is one amount of the other?

    ``part / whole`` when summed over a unit's rows; a row that knows only one of the two is unknown in both.

    Args:
        part: What counts.
        whole: What it is a part of; 0 takes no part.
    """
    above, below = sound(part), sound(whole)
    known = ~np.isnan(above) & ~np.isnan(below)
    return Parts(part=np.where(known, above, np.nan), whole=np.where(known, below, np.nan))


@measure(title=Words("按数量加权的占比", "Share by amount of the objects that have the flag"))
def flagged_share(flag: Flags, weight: Annotated[Floats, "any"]) -> Annotated[Parts, "any", "any"]:
    """Which share of an amount (length, area, floor area) belongs to objects that have the flag?

    ``part = flag · weight``, ``whole = weight``.

    Args:
        flag: The flag of each object.
        weight: How much the object stands for.
    """
    stood_for = sound(weight)
    return Parts(part=flag * stood_for, whole=stood_for, cause=named(flag == 0.0, LACKING))


@measure(title=Words("生活垃圾资源化利用量", "Household waste turned to use"), source="2025 年城市体检指标")
def waste_recovery(
    recycled: Annotated[Floats, "tonne"],
    incinerated: Annotated[Floats, "tonne"],
    kitchen: Annotated[Floats, "tonne"],
    landfilled: Annotated[Floats, "tonne"],
    removed: Annotated[Floats, "tonne"],
    incineration_factor: Annotated[Floats, "1"],
    kitchen_factor: Annotated[Floats, "1"],
    landfill_factor: Annotated[Floats, "1"],
) -> Annotated[Parts, "tonne", "tonne"]:
    """How much household waste is turned to use?

    ``part = recycled + incinerated·k1 + kitchen·k2 + landfilled·k3``, ``whole = recycled + removed``.

    Args:
        recycled: Recyclables recovered, t.
        incinerated: Waste incinerated, t.
        kitchen: Kitchen waste treated, t.
        landfilled: Waste landfilled, t.
        removed: Household waste removed, t.
        incineration_factor: k1, the share of incinerated waste that counts as used.
        kitchen_factor: k2, the same for kitchen waste.
        landfill_factor: k3, the same for landfilled waste.
    """
    used = recycled + incinerated * incineration_factor + kitchen * kitchen_factor + landfilled * landfill_factor
    return share_of_amounts(used, recycled + removed)


@measure(title=Words("平均行程车速的路程与时间", "Distance and time of travel"))
def travel(length: Annotated[Floats, "km"], speed: Annotated[Floats, "km/hour"]) -> Annotated[Parts, "km", "hour"]:
    """How long does it take to drive each road?

    ``part = length``, ``whole = length / speed``: the value of a unit is the speed of driving every road once.

    Args:
        length: Length of each road, km.
        speed: Mean speed on it; 0 and below is unknown.
    """
    moving = np.where(speed > 0.0, speed, np.nan)
    extent = sound(length)
    return Parts(part=np.where(np.isnan(moving), np.nan, extent), whole=extent / moving)

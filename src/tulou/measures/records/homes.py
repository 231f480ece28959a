"""Homes that need work: conditions that join several fields of the register of buildings."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Flags, Floats, Parts, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.records.flags import LACKING, each
from tulou.measures.records.truth import both, compared, either, named, negated

HOMES = frozenset({"residential", "mixed"})
"""Uses of the data dictionary whose buildings are homes, for which the height of a high-rise differs."""


@measure(title=Words("需要适老化改造的住宅", "Homes that need an age-friendly retrofit"), source="建科〔2023〕75号")
def age_friendly_gap(
    lift: Flags, lift_feasible: Flags, accessible_entrance: Flags, need: Flags
) -> Annotated[Parts, "1", "1"]:
    """Which buildings need work for older people?

    ``part = (lift_feasible ∧ ¬lift) ∨ ¬accessible_entrance ∨ need``.

    Args:
        lift: Has a lift.
        lift_feasible: Was built without one and meets the local conditions to add one.
        accessible_entrance: Has a step-free entrance.
        need: Any other need on record: paving, handrails, a home of a household in hardship.
    """
    return each(either(both(lift_feasible, negated(lift)), negated(accessible_entrance), need), LACKING)


@measure(title=Words("需要节能改造的住宅", "Homes that need an energy retrofit"), source="城乡建设领域碳达峰实施方案")
def retrofit_need(
    year_built: Annotated[Floats, "1"], worth: Flags, done: Flags, *, before: Annotated[float, "1"]
) -> Annotated[Parts, "1", "1"]:
    """Which old buildings are worth a retrofit and have not had it?

    ``part = (year_built < before) ∧ worth ∧ ¬done``.

    Args:
        year_built: Year of completion.
        worth: Whether a retrofit pays.
        done: Whether it was done.
        before: Buildings completed before this year count.
    """
    return each(both(compared(year_built, year_built < before), worth, negated(done)), "aged")


@measure(title=Words("需要数字化改造的住宅", "Homes that need a digital retrofit"), source="建科〔2023〕75号")
def digital_equipment_gap(
    network: Flags,
    monitoring: Flags,
    alarm: Flags,
    height: Annotated[Floats, "m"],
    call_missing: Flags | None = None,
    *,
    high_rise: Annotated[float, "m"],
) -> Annotated[Parts, "1", "1"]:
    """Which buildings lack equipment they should have?

    ``part = ¬network ∨ ¬monitoring ∨ (height > high_rise ∧ ¬alarm) ∨ call_missing``.

    Args:
        network: Has network infrastructure.
        monitoring: Has security monitoring in the common space.
        alarm: Has smoke alarms in the common parts; asked of high-rises only.
        height: Height, m.
        call_missing: A household in need lacks an emergency call device.
        high_rise: Height above which a home is a high-rise, m.
    """
    needs_alarm = both(compared(height, height > high_rise), negated(alarm))
    calls = [] if call_missing is None else [call_missing]
    return each(either(negated(network), negated(monitoring), needs_alarm, *calls), LACKING)


@measure(title=Words("有智能火灾监测的高层建筑", "High-rises with smart fire monitoring"))
def high_rise_monitored(
    height: Annotated[Floats, "m"],
    use: Texts,
    monitored: Flags,
    *,
    high_home: Annotated[float, "m"],
    high_other: Annotated[float, "m"],
) -> Annotated[Parts, "1", "1"]:
    """Which high-rises are monitored?

    ``whole = 1`` where the height is above the limit of its use, else 0; ``part = whole · monitored``. A building that
    is not a high-rise takes no part; one of unknown height is unknown.

    Args:
        height: Height, m.
        use: Use of the data dictionary; ``residential`` and ``mixed`` are homes.
        monitored: Has smart fire monitoring.
        high_home: Height above which a home is a high-rise, m.
        high_other: The same for other buildings, m.
    """
    unstated = np.array([item is None for item in use], bool)
    is_home = np.array([item in HOMES for item in use], bool)
    limit = np.where(is_home, high_home, high_other)
    is_high = compared(height, height > limit)
    surely = (height > max(high_home, high_other)) | (height <= min(high_home, high_other))
    is_high = np.where(unstated & ~surely, np.nan, is_high)
    return Parts(
        part=both(is_high, monitored),
        whole=is_high,
        cause=named((is_high == 1.0) & (monitored == 0.0), LACKING),
    )

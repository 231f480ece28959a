"""Wind roses: from where the wind comes, how often and how strongly, and what of a record is to be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.climate.morphology import SECTORS

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
SECTOR = 360 / len(SECTORS)
"""Width of a sector, degrees."""
ROUNDINGS = (SECTOR, 10.0, 5.0, 1.0)
"""To what directions are rounded in records: compass points, tens, fives, whole degrees; the coarsest first."""
TURN = 360.0


@dataclass(frozen=True, eq=False)
class WindRose:
    """Where the wind comes from.

    Args:
        share: Share of the counted hours that the wind comes from each of ``SECTORS``, (16,), adding up to 1.
        speed: Mean speed from there, m/s; NaN where it never comes from.
        calm: Share of all known hours below the speed of calm.
        counted: Hours within the bounds of speed and with a direction.
        known: Hours of known speed, and of known direction unless calm.
    """

    share: Array
    speed: Array
    calm: float
    counted: int
    known: int

    def dominant(self, cover: float) -> list[int]:
        """The sectors the wind comes from most often that together hold a share of the counted hours.

        Args:
            cover: The share to be held, above 0 up to 1.

        Returns:
            Numbers of sectors, the most frequent first; of two as frequent the first clockwise from north.
        """
        order = np.argsort(-self.share, kind="stable")
        held = np.cumsum(self.share[order])
        needed = int(np.searchsorted(held, cover - np.finfo(np.float32).eps)) + 1
        return [int(one) for one in order[:needed] if self.share[one] > 0]


def rounding_of(direction: Array) -> float:
    """To what were the directions of a record rounded, degrees? 0 when to nothing that can be told."""
    known = direction[np.isfinite(direction)]
    if not len(known):
        return 0.0
    return next((one for one in ROUNDINGS if not np.mod(known, one).any()), 0.0)


def wind_rose(
    direction: Array, speed: Array, *, calm: float, least: float = 0.0, most: float = np.inf, rounding: float = 0.0
) -> WindRose:
    """From where does the wind come, how often and how strongly?

    A direction rounded to 10° may have been any within 5° of it; it is shared out among the sectors that this span
    meets. Counted whole, the north would take three of the 36 tens and its neighbour two (Droppo & Napier 2008, Wind
    direction bias in generating wind roses, J. Air & Waste Manage. Assoc. 58 (7)).

    Args:
        direction: Where it comes from, degrees clockwise from north, one an hour; NaN where unknown.
        speed: m/s; NaN where unknown.
        calm: Below this speed an hour is calm and has no direction, m/s.
        least: Slowest wind counted, m/s.
        most: Fastest wind counted, m/s.
        rounding: To what directions were rounded, degrees, see ``rounding_of``.

    Raises:
        BadUse: When there is not one direction an hour.
        NotEnoughData: When no hour is left to count.
    """
    if direction.shape != speed.shape:
        raise BadUse("each hour has a direction and a speed", where="direction", found=(len(direction), len(speed)))
    is_calm = speed < calm
    known = np.isfinite(speed) & (np.isfinite(direction) | is_calm)
    counted = known & ~is_calm & (speed >= least) & (speed <= most)
    if not counted.any():
        raise NotEnoughData("no hour of wind is known within these speeds", where="speed", found=int(known.sum()))
    parts = _sector_parts(direction[counted], rounding)
    hours = parts.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = speed[counted] @ parts / np.where(hours > 0, hours, np.nan)
    calms = float(is_calm[known].mean())
    return WindRose(hours / hours.sum(), mean, calms, int(counted.sum()), int(known.sum()))


def _sector_parts(direction: Array, rounding: float) -> Array:
    """Which part of each direction's span lies in each sector, (n, 16)."""
    if rounding in {0.0, SECTOR}:
        sector = np.floor((direction + SECTOR / 2) / SECTOR).astype(np.int64) % len(SECTORS)
        return np.asarray(np.eye(len(SECTORS))[sector])
    away = np.mod(direction[:, None] - np.array(SECTORS) + TURN / 2, TURN) - TURN / 2
    low, high = np.maximum(away - rounding / 2, -SECTOR / 2), np.minimum(away + rounding / 2, SECTOR / 2)
    return np.asarray(np.maximum(high - low, 0.0) / rounding)


def stuck(values: Array, hours: int, *, within: Flags) -> Flags:
    """Which hours stand in a run that does not change: a vane that is stuck or frozen?

    Args:
        values: Directions, one an hour in order of time; NaN where unknown, which ends a run.
        hours: Shortest run that is suspect.
        within: Hours that are looked at, those with wind; others end a run.

    Returns:
        One flag an hour.
    """
    looked = within & np.isfinite(values)
    same = looked[1:] & looked[:-1] & (values[1:] == values[:-1])
    first = np.flatnonzero(np.concatenate(([True], ~same)))
    length = np.diff(np.append(first, len(values))) if len(values) else np.empty(0, np.int64)
    return np.repeat(length >= hours, length)[: len(values)] & looked

"""Signals of lifelines: the one number of each kind of sensor that an alarm is raised by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
TERMS = 3
"""A mean and two temperatures."""
DEVIATIONS = 5
"""Standard deviations beyond which a change of pressure is no noise."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a temperature does not explain.

    Args:
        residual: Measured less expected, shape (times,); NaN where unknown.
        spread: Standard deviation of it in training.
        coefficients: Mean, and the effect of a degree now and an hour before.
    """

    residual: Array
    spread: float
    coefficients: tuple[float, float, float]

    @property
    def score(self) -> Array:
        """Residual in standard deviations; an alarm is raised beyond 3."""
        return self.residual / self.spread if self.spread > 0 else np.full(len(self.residual), np.nan)


def temperature_residual(value: Array, temperature: Array, hour_before: Array, is_training: Mask) -> Fitted:
    """How far is a deflection, strain or frequency of a bridge from what its temperature explains?

    ``r = y − (a + b T + c T₋₁ₕ)`` with a, b and c by least squares on the times of training: bridges move with heat,
    and with a delay.

    Args:
        value: What was measured, shape (times,); NaN where unknown.
        temperature: Temperature at that time, °C.
        hour_before: Temperature an hour before.
        is_training: Times at which the bridge was sound.

    Raises:
        NotEnoughData: When training does not tell the three coefficients.
    """
    causes = np.column_stack([np.ones(len(value)), temperature, hour_before])
    known = np.isfinite(value) & np.isfinite(causes).all(axis=1)
    chosen = known & is_training
    if chosen.sum() <= TERMS or np.linalg.matrix_rank(causes[chosen]) < TERMS:
        raise NotEnoughData("too few temperatures to learn from", where="training", found=int(chosen.sum()))
    found = np.linalg.lstsq(causes[chosen], value[chosen], rcond=None)[0]
    residual = np.where(known, value - causes @ found, np.nan)
    spread = float(np.sqrt((residual[chosen] ** 2).sum() / (chosen.sum() - TERMS)))
    mean, now, before = found.tolist()
    return Fitted(residual, spread, (mean, now, before))


def frequency_drop(fitted: Fitted, sound: float) -> Array:
    """By which share is a natural frequency lower than its temperature explains? ``−r / f``.

    Args:
        fitted: Residual of the frequency, Hz.
        sound: Frequency of the sound bridge, Hz, above 0.

    Raises:
        BadUse: When the frequency is not above 0.
    """
    if not sound > 0:
        raise BadUse("a frequency is above 0", where="sound", found=sound)
    return -fitted.residual / sound


def overloads(weight: Array, posted: float) -> Mask:
    """Which vehicles are heavier than the bridge allows? An unknown weight is none.

    Args:
        weight: Weight in motion, t.
        posted: Limit on the sign, t.
    """
    return np.asarray(weight > posted)


def fill_ratio(level: Array, invert: Array, crown: Array, ground: Array) -> Array:
    """How full is a sewer? 1 at its crown; from there on 2 at the ground, above which water stands in the street.

    ``(z − invert)/(crown − invert)`` up to the crown, ``1 + (z − crown)/(ground − crown)`` above it.

    Args:
        level: Level of the water, m; NaN where unknown.
        invert: Level of the bottom of the pipe, m.
        crown: Level of the top of the pipe, m.
        ground: Level of the ground, m.

    Raises:
        BadUse: When bottom, top and ground do not follow one another.
    """
    if not ((invert < crown) & (crown < ground)).all():
        raise BadUse("invert, crown and ground follow one another", where="crown")
    inside = (level - invert) / (crown - invert)
    above = 1 + (level - crown) / (ground - crown)
    return np.where(level <= crown, np.maximum(inside, 0.0), above)


def dry_rise(level: Array, rain: Array, steps: int) -> Array:
    """How much has the level risen although no rain fell? A sewer that is blocked downstream fills in dry weather.

    Args:
        level: Level, m, shape (times,); NaN where unknown.
        rain: Rain of each step, mm; NaN where unknown.
        steps: Steps over which a rise is looked at, and for which it must have been dry.

    Returns:
        Rise over the last steps, m; NaN where it rained, or where level or rain is unknown.

    Raises:
        BadUse: When there are no steps.
    """
    if steps < 1:
        raise BadUse("a rise takes at least one step", where="steps", found=steps)
    found = np.full(len(level), np.nan)
    if len(level) > steps:
        fallen = np.convolve(rain, np.ones(steps + 1), "valid")
        found[steps:] = np.where(fallen == 0, level[steps:] - level[:-steps], np.nan)
    return found


def transients(pressure: Array, steps: int, spread: float) -> Mask:
    """Where does a pressure change by more than five standard deviations within some steps?

    Args:
        pressure: m, in steps of a second or so; NaN where unknown.
        steps: Steps of the time looked at, such as those of 10 seconds.
        spread: Standard deviation of the pressure in calm times, m.

    Returns:
        True at the end of each such change.

    Raises:
        BadUse: When there are no steps or no spread.
    """
    if steps < 1 or not spread > 0:
        raise BadUse("a change takes at least one step and a spread above 0", where="steps", found=steps)
    found = np.zeros(len(pressure), np.bool_)
    for step in range(1, steps + 1):
        found[step:] |= np.abs(pressure[step:] - pressure[:-step]) > DEVIATIONS * spread
    return found

"""Impact: what events do to what is exposed, expected in a year and exceeded in a return period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DamageCurve:
    """Mean share of a value that is lost, by intensity; straight between its points, constant beyond.

    Args:
        intensity: Ascending.
        ratio: Share lost, from 0 to 1.

    Raises:
        BadInput: When intensities do not ascend or a share is not from 0 to 1.
    """

    intensity: Array
    ratio: Array

    def __post_init__(self) -> None:
        if self.intensity.shape != self.ratio.shape or not len(self.intensity):
            raise BadInput("each intensity has one share of damage", where="curve", found=len(self.ratio))
        if np.any(np.diff(self.intensity) < 0) or not np.isfinite(self.intensity).all():
            raise BadInput("intensities of a curve ascend", where="curve", found=self.intensity.tolist())
        if not (np.all(self.ratio >= 0) and np.all(self.ratio <= 1)):
            raise BadInput("a share of damage lies between 0 and 1", where="curve", found=self.ratio.tolist())

    def at(self, intensity: Array) -> Array:
        """Share lost at intensities of any shape; NaN where unknown."""
        return np.asarray(np.interp(intensity, self.intensity, self.ratio), np.float64)


@dataclass(frozen=True, eq=False)
class ExceedanceCurve:
    """Impacts, the largest first, with the return period in which each is reached or exceeded.

    Args:
        period: Return periods, years, descending.
        impact: Impacts, descending.
    """

    period: Array
    impact: Array

    def at(self, period: Array) -> Array:
        """Impact that is exceeded once in a return period (PML), straight between events.

        Beyond the longest return period of the events nobody knows: NaN. Below the shortest one nothing is lost.
        """
        if not len(self.period):
            return np.zeros_like(period)
        found = np.interp(period, self.period[::-1], self.impact[::-1], left=0.0, right=np.nan)
        return np.asarray(found, np.float64)


def joint_ratio(ratios: Array) -> Array:
    """Which share is lost when several hazards of one event strike the same thing? ``1 − Π (1 − ratio)``.

    Each takes its share of what the others left; together they never take more than all.

    Args:
        ratios: Shape (hazards, ...), each from 0 to 1.
    """
    return np.asarray(1.0 - np.prod(1.0 - ratios, axis=0), np.float64)


def expected_annual_impact(impact: Array, frequency: Array) -> Array:
    """What is expected to be lost in a year, of each thing? ``Σ_e f_e I_e,x``.

    Args:
        impact: Shape (events, things).
        frequency: Times a year that each event happens.
    """
    return np.asarray(frequency @ impact, np.float64)


def exceedance_curve(impact: Array, frequency: Array) -> ExceedanceCurve:
    """How often is an impact reached or exceeded?

    Events are sorted by impact; the return period of each is one over the summed frequency of all that are as large.

    Args:
        impact: Impact of each event on all things together.
        frequency: Times a year that each event happens, above 0.

    Raises:
        BadInput: When a frequency is not above 0.
    """
    if not np.all(frequency > 0):
        raise BadInput("a frequency is above 0", where="frequency", found=frequency.min(initial=0.0))
    order = np.argsort(-impact, kind="stable")
    return ExceedanceCurve(1.0 / np.cumsum(frequency[order]), impact[order])

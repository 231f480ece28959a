"""Damage: how many buildings end in each state, and how sure that is over the motions that may come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tulou.kernel.errors import BadInput

Array = NDArray[np.float64]
ROWS_CLOSE = 1e-6
"""How far a row of a matrix may be from a whole: shares are printed with a few decimals."""


@dataclass(frozen=True, eq=False)
class Spread:
    """A quantity over realisations of the ground motion.

    Args:
        mean: Mean of each.
        deviation: Standard deviation of each (with n − 1); 0 for a single realisation.
    """

    mean: Array
    deviation: Array


def over_realisations(values: Array) -> Spread:
    """Mean and standard deviation over realisations.

    Args:
        values: Shape (realisations, ...).

    Source: OpenQuake engine, scenario damage: n − 1 in the variance.
    """
    deviation = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1:])
    return Spread(np.asarray(values.mean(axis=0)), np.asarray(deviation))


def realisations_of(median: float, spread: float, count: int) -> Array:
    """Motions that stand for a lognormal distribution, each for an equal part of it, without chance.

    Motion ``i`` is the quantile in the middle of part ``i``: ``median · exp(spread · Φ⁻¹((i + ½) / n))``.

    Args:
        median: Median motion.
        spread: Standard deviation of its logarithm; 0 gives one motion.
        count: Number of motions.
    """
    if spread == 0 or count == 1:
        return np.array([median])
    middles = (np.arange(count) + 0.5) / count
    return np.asarray(median * np.exp(spread * special.ndtri(middles)), np.float64)


@dataclass(frozen=True, eq=False)
class DamageMatrix:
    """Shares of buildings of one class in each state, by intensity (震害矩阵).

    Args:
        intensities: Intensities, ascending.
        shares: Shape (intensities, states), none first.

    Raises:
        BadInput: When a row does not sum to 1, a share is not from 0 to 1, or a stronger intensity leaves fewer
            buildings in a state or a worse one than a weaker.
    """

    intensities: Array
    shares: Array

    def __post_init__(self) -> None:
        if self.shares.shape[0] != len(self.intensities) or np.any(np.diff(self.intensities) <= 0):
            raise BadInput("a damage matrix has one row for each intensity, ascending", where="matrix")
        if not (np.all(self.shares >= 0) and np.all(self.shares <= 1)):
            raise BadInput("a share lies between 0 and 1", where="matrix")
        for intensity, whole in zip(self.intensities, self.shares.sum(axis=1), strict=True):
            if abs(whole - 1.0) > ROWS_CLOSE:
                where = f"intensity {intensity:g}"
                raise BadInput("the shares of an intensity sum to 1", where=where, found=f"{whole:.6g}")
        reached = np.cumsum(self.shares[:, ::-1], axis=1)[:, ::-1]
        falls = np.argwhere(np.diff(reached, axis=0) < -ROWS_CLOSE)
        if len(falls):
            stronger = float(self.intensities[falls[0][0] + 1])
            raise BadInput("a stronger intensity does less damage than a weaker", where=f"intensity {stronger:g}")

    def shares_at(self, intensity: Array) -> Array:
        """Shares in each state at whole intensities; NaN where the matrix has no row.

        Intensity is a scale of steps: nothing is interpolated between two rows.

        Args:
            intensity: Intensity of each building; it is rounded to its step.
        """
        steps = np.floor(intensity + 0.5)
        at = np.searchsorted(self.intensities, steps)
        inside = np.minimum(at, len(self.intensities) - 1)
        found = self.shares[inside].copy()
        found[~np.isclose(self.intensities[inside], steps)] = np.nan
        return found


def mean_damage_index(shares: Array, bands: Array) -> Array:
    """How damaged is a stock on the whole, from 0 to 1? ``Σ share · centre of the band of the state``.

    Args:
        shares: Shape (..., states), none first.
        bands: Bounds of the bands of the damage index, shape (states + 1,).

    Source: GB/T 17742-2020, mean damage index (平均震害指数).
    """
    centres = (bands[1:] + bands[:-1]) / 2
    return np.asarray(shares @ centres, np.float64)

"""Fragility: how likely a building is to reach each state of damage under a ground motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tulou.kernel.errors import BadInput

Array = NDArray[np.float64]


class Fragility(Protocol):
    """Whatever tells the chance of reaching each state of damage."""

    @property
    def states(self) -> int:
        """States of damage above none."""
        ...

    def exceedance(self, motion: Array) -> Array:
        """Chance of reaching each state or a worse one, shape (..., states)."""
        ...


@dataclass(frozen=True, eq=False)
class LognormalFragility:
    """Lognormal functions, one a state: ``P(D ≥ d | x) = Φ(ln(x / θ_d) / β_d)``.

    Args:
        medians: Motion at which half reach each state, in ascending states.
        spreads: Standard deviation of ln x of each state.

    Raises:
        BadInput: When a median or a spread is not above 0, or a worse state has a lower median.

    Source: FEMA, Hazus Earthquake Model Technical Manual.
    """

    medians: Array
    spreads: Array

    def __post_init__(self) -> None:
        if not (np.all(self.medians > 0) and np.all(self.spreads > 0)):
            raise BadInput("medians and spreads are above 0", where="fragility", found=self.medians.tolist())
        if np.any(np.diff(self.medians) < 0):
            raise BadInput("a worse state needs a stronger motion", where="fragility", found=self.medians.tolist())

    @property
    def states(self) -> int:
        """States of damage above none."""
        return len(self.medians)

    def exceedance(self, motion: Array) -> Array:
        """Chance of reaching each state or a worse one.

        Args:
            motion: Any shape, in the unit of the medians; NaN where unknown.

        Returns:
            Shape (..., states). Where spreads differ and the curves of two states cross, the worse state is held at
            the chance of the lesser one.
        """
        with np.errstate(divide="ignore"):
            chance = special.ndtr(np.log(motion[..., None] / self.medians) / self.spreads)
        return np.minimum.accumulate(chance, axis=-1)


@dataclass(frozen=True, eq=False)
class DiscreteFragility:
    """Functions given at some motions, with straight lines between them.

    Args:
        levels: Motions, ascending.
        chances: Chance of reaching each state there, shape (states, levels).
        harmless: Motion up to which nothing is damaged; by default the first level.

    Raises:
        BadInput: When levels do not ascend, a chance is not from 0 to 1, falls with the motion, or is larger for a
            worse state.

    Source: OpenQuake engine, discrete fragility functions: constant above the last level, none below the first one or
    the harmless motion.
    """

    levels: Array
    chances: Array
    harmless: float | None = None

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or np.any(np.diff(self.levels) <= 0) or self.levels[0] <= 0:  # noqa: PLR2004  (a line)
            raise BadInput("motions of a fragility function ascend from above 0", where="fragility")
        if self.chances.shape[1:] != self.levels.shape:
            raise BadInput("each motion has one chance", where="fragility", found=self.chances.shape[-1])
        if not (np.all(self.chances >= 0) and np.all(self.chances <= 1)):
            raise BadInput("a chance lies between 0 and 1", where="fragility")
        if np.any(np.diff(self.chances, axis=1) < 0):
            raise BadInput("a chance of damage does not fall with the motion", where="fragility")
        if np.any(np.diff(self.chances, axis=0) > 0):
            raise BadInput("a worse state is not likelier than a lesser one", where="fragility")

    @property
    def states(self) -> int:
        """States of damage above none."""
        return len(self.chances)

    def exceedance(self, motion: Array) -> Array:
        """Chance of reaching each state or a worse one.

        Args:
            motion: Any shape, in the unit of the levels; NaN where unknown.

        Returns:
            Shape (..., states).
        """
        first = float(self.levels[0])
        start = first if self.harmless is None else min(self.harmless, first)
        levels, chances = self.levels, self.chances
        if start < first:
            levels = np.concatenate([[start], levels])
            chances = np.concatenate([np.zeros((self.states, 1)), chances], axis=1)
        found = np.stack([np.interp(motion, levels, row) for row in chances], axis=-1)
        return np.where((motion < start)[..., None], 0.0, found)


def state_chances(exceedance: Array) -> Array:
    """How likely is each state itself, none first? The differences of the chances of reaching them.

    Args:
        exceedance: Shape (..., states), chance of reaching each state or a worse one.

    Returns:
        Shape (..., states + 1); each row sums to 1.
    """
    ones = np.ones((*exceedance.shape[:-1], 1))
    reached = np.concatenate([ones, exceedance, np.zeros_like(ones)], axis=-1)
    return np.asarray(reached[..., :-1] - reached[..., 1:], np.float64)

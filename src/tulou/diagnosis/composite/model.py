"""The model: figures of units in, scores out, under any choice of weights, scale, average and outlier rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tulou.diagnosis.composite.averages import leaves, nominal_weights, rolled_up, weights_in_the_whole
from tulou.diagnosis.composite.outliers import treated
from tulou.diagnosis.composite.recipe import Component, Composite, Gaps
from tulou.diagnosis.composite.scales import DISTANCES, scaled

Numbers = NDArray[np.float64]

WHOLE = 100.0
UNITS = -2
DECLARED = "declared"
"""Stands for the averages that the composite itself declares."""
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Figures:
    """What units are scored from.

    Args:
        values: Shape (units, components); NaN where unknown.
        low: Lower bounds, where a figure has one; else the value.
        high: Upper bounds.
        ends: Targets or goalposts, shape (units or 1, components, 2); None for a scale of comparison.
        peers: For each unit, a number shared with the units of the same unit above; None when they are not known.
    """

    values: Numbers
    low: Numbers
    high: Numbers
    ends: Numbers | None = None
    peers: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Choice:
    """One way of making the score.

    Args:
        scale: How components are put onto one scale.
        average: Average used by groups; ``declared`` for their own.
        reach: Which groups use it: ``all``, or ``upper`` for those that hold groups.
        most: Values that may be drawn in; None for the rule of the composite.
    """

    scale: str
    average: str = DECLARED
    most: int | None = None
    reach: str = "all"


@dataclass(frozen=True, eq=False)
class Model:
    """A composite over the figures of some units.

    Args:
        composite: What is made.
        figures: Of what.
    """

    composite: Composite
    figures: Figures

    @property
    def components(self) -> tuple[Component, ...]:
        """The components, in the order of the last axis."""
        return tuple(part for part in leaves(self.composite.top) if isinstance(part, Component))

    @property
    def nominal(self) -> Choice:
        """The choice that the composite declares."""
        return Choice(self.composite.scale)

    def known(self) -> Numbers:
        """Percent of the weight that is known, one a unit."""
        weights = weights_in_the_whole(self.composite.top)
        return np.asarray(np.isfinite(self.figures.values) @ weights * WHOLE, np.float64)

    def is_scored(self) -> NDArray[np.bool_]:
        """Which units have enough known to be scored."""
        gaps = self.composite.gaps
        least = WHOLE if gaps.policy == "refuse" else gaps.at_least
        return np.asarray((self.known() >= least - ROUNDING) & (self.known() > 0), bool)

    def on_one_scale(self, values: Numbers, choice: Choice) -> Numbers:
        """Components filled, treated and put onto one scale.

        Units that are not scored take no part: they neither move an end of the scale nor count as a place.

        Args:
            values: Shape (…, units, components).
            choice: How.
        """
        held = np.where(self.is_scored()[:, None], values, np.nan)
        held = filled(held, self.composite.gaps, self.figures.peers)
        rule = self.composite.outliers
        if rule is not None and choice.scale not in DISTANCES:
            held = treated(held, rule if choice.most is None else replace(rule, most=choice.most)).values
        better = np.array([1.0 if one.better == "higher" else -1.0 for one in self.components])
        return scaled(held, better, choice.scale, ends=self.figures.ends, lowest=self.composite.lowest)

    def group_scores(self) -> dict[str, Numbers]:
        """Scores of all groups by name, shape (units), as the composite declares them."""
        ready = self.on_one_scale(self.figures.values, self.nominal)
        found = rolled_up(self.composite.top, ready, nominal_weights(self.composite.top))
        return {name: np.where(self.is_scored(), scores, np.nan) for name, scores in found.items()}

    def scores(
        self,
        choice: Choice | None = None,
        *,
        weights: Mapping[str, Numbers] | None = None,
        values: Numbers | None = None,
    ) -> Numbers:
        """Scores of the units.

        Args:
            choice: How they are made; as declared by default.
            weights: By group, shape (parts) or (samples, 1, parts); the declared ones by default.
            values: Figures, shape (units, components) or (samples, units, components); those at hand by default.

        Returns:
            Shape (units) or (samples, units); NaN for a unit that is not scored.
        """
        choice = choice or self.nominal
        top = self.composite.top
        ready = self.on_one_scale(self.figures.values if values is None else values, choice)
        kind = None if choice.average == DECLARED else choice.average
        found = rolled_up(top, ready, weights or nominal_weights(top), kind, choice.reach)[top.name]
        return np.where(self.is_scored(), found, np.nan)


def filled(values: Numbers, gaps: Gaps, peers: NDArray[np.int64] | None = None) -> Numbers:
    """Put something in the place of what is unknown, where the policy says so; else leave it unknown.

    Args:
        values: Shape (…, units, components).
        gaps: The policy.
        peers: For ``peers``, a number shared by the units of one unit above; where no peer is known, the mean of all
            stands in.
    """
    if gaps.policy in {"refuse", "leave_out"} or np.isfinite(values).all():
        return values
    known = np.isfinite(values)
    everyone = _mean(values, known) if gaps.policy != "median" else _median(values)
    stand_in = np.broadcast_to(everyone, values.shape)
    if gaps.policy == "peers" and peers is not None:
        stand_in = stand_in.copy()
        for one in np.unique(peers):
            among = peers == one
            mean = _mean(values[..., among, :], known[..., among, :])
            stand_in[..., among, :] = np.where(np.isfinite(mean), mean, stand_in[..., among, :])
    some = known.any(axis=-1, keepdims=True)  # A unit of which nothing is known stays unknown.
    return np.where(known | ~some, values, stand_in)


def _mean(values: Numbers, known: NDArray[np.bool_]) -> Numbers:
    count = np.count_nonzero(known, axis=UNITS, keepdims=True)
    total = np.where(known, values, 0.0).sum(axis=UNITS, keepdims=True)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _median(values: Numbers) -> Numbers:
    ordered = np.sort(values, axis=UNITS)
    count = np.count_nonzero(np.isfinite(values), axis=UNITS, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, UNITS)
    high = np.take_along_axis(ordered, np.minimum(count // 2, ordered.shape[UNITS] - 1), UNITS)
    return np.where(count > 0, (low + high) / 2.0, np.nan)


def logged(values: Numbers, components: tuple[Component, ...]) -> Numbers:
    """Logarithms of the components that ask for them; what has none becomes unknown.

    Args:
        values: Components on the last axis.
        components: What they are.
    """
    chosen = np.array([one.is_logged for one in components])
    if not chosen.any():
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(values)
    return np.where(chosen, np.where(np.isfinite(logs), logs, np.nan), values)

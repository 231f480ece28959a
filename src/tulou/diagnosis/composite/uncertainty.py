"""Uncertainty: the score made again under other choices as reasonable, and with other figures inside their bounds.

Each choice is one number between 0 and 1: the scale, the average and the outlier rule pick from their lists, weights
and figures pick one of many sets drawn beforehand. So a run is a point of the unit cube, as Sobol sensitivity asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.diagnosis.composite.averages import groups_of, shares_of
from tulou.diagnosis.composite.model import DECLARED, WHOLE, Choice, Model
from tulou.diagnosis.composite.ranks import rank_intervals, rank_shift, ranks, score_intervals
from tulou.diagnosis.composite.recipe import Uncertainty

Numbers = NDArray[np.float64]

SETS = 512
"""Sets of weights and of figures that runs pick from."""
MOST_NUMBERS = 4_000_000
"""Numbers held at once: runs are worked out in pieces no larger."""
FACTORS = ("weights", "scales", "averages", "outliers", "figures")
"""What may be varied, in the order in which it is told."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How far scores and ranks move.

    Args:
        scores: Shape (draws, units).
        ranks: Shape (draws, units).
        low: Low end of the scores, one a unit.
        high: High end.
        rank_low: Best place, one a unit.
        rank_high: Worst place.
        shift: Mean absolute shift of the ranks, one a draw.
        factors: Choices that were varied.
    """

    scores: Numbers
    ranks: Numbers
    low: Numbers
    high: Numbers
    rank_low: Numbers
    rank_high: Numbers
    shift: Numbers
    factors: tuple[str, ...]


@dataclass(eq=False)
class Variation:
    """The choices that an uncertainty varies, over one model.

    Args:
        model: The model.
        uncertainty: What is varied.
    """

    model: Model
    uncertainty: Uncertainty

    def __post_init__(self) -> None:
        draw = np.random.default_rng(self.uncertainty.seed)
        self._weights = self._weight_sets(draw)
        self._places = draw.random((SETS, *self.model.figures.values.shape)) if self._has_bounds() else None

    @property
    def factors(self) -> tuple[str, ...]:
        """What is varied."""
        asked = self.uncertainty
        varied = {
            "weights": asked.weights > 0,
            "scales": len(asked.scales) > 1,
            "averages": len(asked.averages) > 1,
            "outliers": len(asked.outliers) > 1,
            "figures": self._places is not None,
        }
        return tuple(name for name in FACTORS if varied[name])

    def scores(self, points: Numbers) -> Numbers:
        """Scores under some choices.

        Args:
            points: Points of the unit cube, shape (runs, factors), in the order of ``factors``.

        Returns:
            Shape (runs, units).
        """
        found = np.empty((len(points), self.model.figures.values.shape[0]))
        picked = {name: points[:, place] for place, name in enumerate(self.factors)}
        asked = self.uncertainty
        lists: dict[str, tuple[str | int, ...]] = {
            "scales": asked.scales,
            "averages": asked.averages,
            "outliers": asked.outliers,
        }
        at = {name: _position(picked[name], len(each)) for name, each in lists.items() if name in picked}
        combined = np.stack([*at.values(), np.zeros(len(points), np.int64)], axis=1)
        for combination in np.unique(combined, axis=0):
            runs = np.flatnonzero((combined == combination).all(axis=1))
            chosen = {name: lists[name][int(combination[place])] for place, name in enumerate(at)}
            self._fill_in(found, runs, self._choice(chosen), picked)
        return found

    def _choice(self, chosen: Mapping[str, str | int]) -> Choice:
        nominal = self.model.nominal
        most = chosen.get("outliers")
        return Choice(
            str(chosen.get("scales", nominal.scale)),
            str(chosen.get("averages", DECLARED)),
            int(most) if most is not None else None,
            self.uncertainty.averages_of,
        )

    def _fill_in(self, found: Numbers, runs: NDArray[np.int64], choice: Choice, picked: Mapping[str, Numbers]) -> None:
        """Work out the runs of one choice, in pieces."""
        size = max(MOST_NUMBERS // max(self.model.figures.values.size, 1), 1)
        for first in range(0, len(runs), size):
            some = runs[first : first + size]
            values = self._values(picked["figures"][some]) if "figures" in picked else None
            weights = self._chosen_weights(picked["weights"][some]) if "weights" in picked else None
            found[some] = self.model.scores(choice, weights=weights, values=values)

    def _values(self, points: Numbers) -> Numbers:
        """Figures between their bounds; one without bounds stays as it is."""
        figures = self.model.figures
        if self._places is None:
            return figures.values
        places = self._places[_position(points, SETS)]
        return np.asarray(figures.low + places * (figures.high - figures.low), np.float64)

    def _chosen_weights(self, points: Numbers) -> dict[str, Numbers]:
        at = _position(points, SETS)
        return {name: sets[at][:, None, :] for name, sets in self._weights.items()}

    def _weight_sets(self, draw: np.random.Generator) -> dict[str, Numbers]:
        """Sets of weights by group: each weight times a number drawn evenly around 1, scaled to 1 again."""
        span = self.uncertainty.weights / WHOLE
        found = {}
        for group in groups_of(self.model.composite.top):
            drawn = shares_of(group) * draw.uniform(1.0 - span, 1.0 + span, (SETS, len(group.parts)))
            found[group.name] = drawn / drawn.sum(axis=1, keepdims=True)
        return found

    def _has_bounds(self) -> bool:
        figures = self.model.figures
        return self.uncertainty.figures and bool(np.any(figures.high > figures.low))


def spread_of(variation: Variation) -> Spread | None:
    """How far scores and ranks move under the choices that are varied; None when nothing is."""
    asked = variation.uncertainty
    if not variation.factors:
        return None
    draw = np.random.default_rng([asked.seed, asked.draws])
    scores = variation.scores(draw.random((asked.draws, len(variation.factors))))
    placed = ranks(scores)
    low, high = score_intervals(scores, asked.quantiles)
    best, worst = rank_intervals(placed, asked.quantiles)
    shift = rank_shift(placed, ranks(variation.model.scores()))
    return Spread(scores, placed, low, high, best, worst, shift, variation.factors)


def _position(points: Numbers, size: int) -> NDArray[np.int64]:
    """Which of some equally likely choices a number between 0 and 1 picks."""
    return np.minimum((points * size).astype(np.int64), size - 1)

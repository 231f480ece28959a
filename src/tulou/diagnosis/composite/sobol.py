"""Sobol sensitivity: which share of the variance of a result is due to each of several uncertain inputs.

First order: due to an input alone. Total order: due to it alone or together with others. An input whose total order is
near 0 may be fixed anywhere; where first orders sum to 1 the inputs do not act together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from tulou.kernel.errors import BadUse

Numbers = NDArray[np.float64]
Estimator = Literal["saltelli", "jansen"]
LEAST_DRAWS = 2


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the variance, one an input.

    Args:
        first: First-order indices; NaN when the result does not vary.
        total: Total-order indices.
        variance: Variance of the result.
        runs: How often the model was asked.
    """

    first: Numbers
    total: Numbers
    variance: float
    runs: int


def sobol_shares(
    model: Callable[[Numbers], Numbers], inputs: int, *, draws: int, seed: int, estimator: Estimator = "saltelli"
) -> Shares:
    """Share of each input in the variance of a model.

    With two independent samples A and B of the unit cube and ``AB_i`` = A with column i from B::

        total_i = mean((f(A) - f(AB_i))²) / 2V                               (Jansen 1999)
        first_i = mean(f(B) (f(AB_i) - f(A))) / V                            (saltelli: Saltelli et al. 2010)
        first_i = 1 - mean((f(B) - f(AB_i))²) / 2V                           (jansen)

    Args:
        model: Takes points of the unit cube, shape (runs, inputs), gives one number a run.
        inputs: Number of inputs.
        draws: Size of each sample, a power of two; the model is asked ``draws · (inputs + 2)`` times.
        seed: Of the scrambling of the sequence.
        estimator: How first orders are worked out.

    Raises:
        BadUse: When ``draws`` is not a power of two: the sequence is balanced for those only.
    """
    if draws < LEAST_DRAWS or draws & (draws - 1):
        raise BadUse("a sample has a power of two draws", where="draws", found=draws, allowed=("512", "1024", "2048"))
    points = qmc.Sobol(2 * inputs, scramble=True, rng=np.random.default_rng(seed)).random(draws)
    a, b = points[:, :inputs], points[:, inputs:]
    mixed = np.repeat(a[None], inputs, axis=0)
    for place in range(inputs):
        mixed[place, :, place] = b[:, place]
    answers = np.asarray(model(np.concatenate([a, b, mixed.reshape(-1, inputs)])), np.float64)
    of_a, of_b, of_mixed = answers[:draws], answers[draws : 2 * draws], answers[2 * draws :].reshape(inputs, draws)
    variance = float(np.var(np.concatenate([of_a, of_b])))
    nothing = np.full(inputs, np.nan)
    if variance <= np.finfo(np.float64).eps * float(np.mean(np.abs(answers))) ** 2:
        return Shares(nothing, nothing, variance, len(answers))
    total = np.mean((of_a - of_mixed) ** 2, axis=1) / (2 * variance)
    if estimator == "jansen":
        first = 1.0 - np.mean((of_b - of_mixed) ** 2, axis=1) / (2 * variance)
    else:
        first = np.mean((of_b - of_a.mean()) * (of_mixed - of_a), axis=1) / variance
    return Shares(first, total, variance, len(answers))

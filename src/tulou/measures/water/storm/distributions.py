"""Distributions of yearly maxima, each by several fits: Gumbel, exponential, Pearson III, generalised extreme value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import copysign, log, pi, sqrt
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from tulou.kernel.errors import BadUse, NotEnoughData

Array = NDArray[np.float64]
Family = Literal["gumbel", "exponential", "pearson3", "gev"]
Method = Literal["moments", "l_moments"]
FAMILIES: tuple[Family, ...] = get_args(Family)
METHODS: tuple[Method, ...] = get_args(Method)
FEWEST = 3
"""Values that a fit of three parameters needs at the least."""
STRAIGHT = 1e-6
"""Skewness or shape below which the straight limit of a distribution is taken."""
EULER = float(np.euler_gamma)

PEARSON_NEAR = (0.2906, 0.1882, 0.0442)
PEARSON_FAR = (0.36067, -0.59567, 0.25361), (-2.78861, 2.56096, -0.77045)
"""Shape of Pearson III from its L-skewness, below and from 1/3 on (Hosking & Wallis 1997); error below 5e-5."""
GEV_BOUNDS = (-0.999, 50.0)
"""Shapes k of the GEV distribution that have a mean, down to an L-skewness of nearly −1."""


@dataclass(frozen=True)
class Fitted:
    """A distribution with its parameters.

    Args:
        family: Which one.
        method: How it was fitted.
        place: Location: mode of Gumbel, lower end of the exponential, mean of Pearson III, location of GEV.
        scale: Scale: 1/α of Gumbel, mean excess of the exponential, standard deviation of Pearson III, scale of GEV.
        shape: Skewness of Pearson III; shape k of GEV (k > 0 has an upper end); 0 for the others.
    """

    family: Family
    method: Method
    place: float
    scale: float
    shape: float = 0.0

    def quantile(self, probability: ArrayLike) -> Array:
        """The value that is not exceeded with a probability.

        Args:
            probability: Between 0 and 1.
        """
        return self.place + self.scale * _FACTORS[self.family](np.asarray(probability, float), self.shape)

    def of_return_period(self, period: ArrayLike) -> Array:
        """The value exceeded once in so many years on average.

        Args:
            period: Years, above 1.
        """
        return self.quantile(1.0 - 1.0 / np.asarray(period, float))

    def probability(self, value: ArrayLike) -> Array:
        """The probability that a value is not exceeded.

        Args:
            value: In the unit of the sample.
        """
        reduced = (np.asarray(value, float) - self.place) / self.scale
        return np.clip(_PROBABILITIES[self.family](reduced, self.shape), 0.0, 1.0)


@dataclass(frozen=True)
class Goodness:
    """How well a distribution fits a sample.

    Args:
        distance: Largest distance between the two distribution functions (Kolmogorov, Smirnov).
        chance: Probability of a distance as large by chance. Too high where the parameters were fitted to the same
            sample, so a small one speaks against the distribution and a large one not for it.
    """

    distance: float
    chance: float


def fitted(sample: Array, family: Family, method: Method = "l_moments") -> Fitted:
    """Fit a distribution to a sample.

    Args:
        sample: Values of one unit, one a year; NaN is left out.
        family: ``gumbel``, ``exponential``, ``pearson3`` or ``gev`` (by L-moments only).
        method: ``moments`` or ``l_moments``.

    Raises:
        BadUse: For a family or method that does not exist, or GEV by moments.
        NotEnoughData: When there are fewer than three values, or all are equal.
    """
    if family not in FAMILIES:
        raise BadUse("there is no such distribution", where="family", found=family, allowed=FAMILIES)
    if (family, method) not in _FITS:
        allowed = tuple(one for held, one in _FITS if held == family)
        raise BadUse("this distribution is not fitted in this way", where=family, found=method, allowed=allowed)
    known = sample[np.isfinite(sample)]
    if len(known) < FEWEST or np.ptp(known) == 0:
        raise NotEnoughData("too few different values to fit a distribution", where=family, found=len(known))
    return _FITS[family, method](known)


def goodness(sample: Array, found: Fitted) -> Goodness:
    """How far a sample lies from a distribution.

    Args:
        sample: Values; NaN is left out.
        found: The distribution.
    """
    ordered = np.sort(sample[np.isfinite(sample)])
    count = len(ordered)
    below = found.probability(ordered)
    rank = np.arange(count)
    distance = float(max(np.max((rank + 1) / count - below), np.max(below - rank / count)))
    return Goodness(distance, float(special.kolmogorov(sqrt(count) * distance)))


def l_moments(sample: Array) -> tuple[float, float, float]:
    """Mean, L-scale and L-skewness of a sample, from unbiased probability-weighted moments (Hosking 1990).

    Args:
        sample: At least three finite values.
    """
    ordered, count = np.sort(sample), len(sample)
    rank = np.arange(count)
    weight = rank / (count - 1)
    first = float(ordered.mean())
    second = float(np.mean(weight * ordered))
    third = float(np.mean(weight * (rank - 1) / (count - 2) * ordered))
    scale = 2 * second - first
    return first, scale, (6 * third - 6 * second + first) / scale


def _gumbel_moments(sample: Array) -> Fitted:
    scale = float(sample.std(ddof=1)) * sqrt(6) / pi
    return Fitted("gumbel", "moments", float(sample.mean()) - EULER * scale, scale)


def _gumbel_l_moments(sample: Array) -> Fitted:
    mean, spread, _ = l_moments(sample)
    scale = spread / log(2)
    return Fitted("gumbel", "l_moments", mean - EULER * scale, scale)


def _exponential_moments(sample: Array) -> Fitted:
    scale = float(sample.std(ddof=1))
    return Fitted("exponential", "moments", float(sample.mean()) - scale, scale)


def _exponential_l_moments(sample: Array) -> Fitted:
    mean, spread, _ = l_moments(sample)
    return Fitted("exponential", "l_moments", mean - 2 * spread, 2 * spread)


def _pearson_moments(sample: Array) -> Fitted:
    mean, spread, count = float(sample.mean()), float(sample.std(ddof=1)), len(sample)
    skewness = count / ((count - 1) * (count - 2)) * float(np.sum(((sample - mean) / spread) ** 3))
    return Fitted("pearson3", "moments", mean, spread, skewness)


def _pearson_l_moments(sample: Array) -> Fitted:
    mean, spread, skewness = l_moments(sample)
    size = abs(skewness)
    if size < STRAIGHT:
        return Fitted("pearson3", "l_moments", mean, spread * sqrt(pi))
    if size < 1 / 3:
        z = 3 * pi * size**2
        one, two, three = PEARSON_NEAR
        shape = (1 + one * z) / (z + two * z**2 + three * z**3)
    else:
        powers = np.array([1 - size, (1 - size) ** 2, (1 - size) ** 3])
        shape = float(np.dot(PEARSON_FAR[0], powers) / (1 + np.dot(PEARSON_FAR[1], powers)))
    half = float(np.exp(special.gammaln(shape) - special.gammaln(shape + 0.5)))
    return Fitted("pearson3", "l_moments", mean, spread * sqrt(pi * shape) * half, copysign(2 / sqrt(shape), skewness))


def _gev_l_moments(sample: Array) -> Fitted:
    mean, spread, skewness = l_moments(sample)
    shape = _gev_shape(skewness)
    if abs(shape) < STRAIGHT:
        gumbel = _gumbel_l_moments(sample)
        return Fitted("gev", "l_moments", gumbel.place, gumbel.scale)
    gamma = float(special.gamma(1 + shape))
    scale = spread * shape / ((1 - 2**-shape) * gamma)
    return Fitted("gev", "l_moments", mean - scale * (1 - gamma) / shape, scale, shape)


def _gev_shape(skewness: float) -> float:
    """The shape with an L-skewness: ``τ3 = 2 (1 − 3^−k) / (1 − 2^−k) − 3``."""
    from scipy.optimize import brentq  # only this fit needs it

    def off(shape: float) -> float:
        return 2 * float(np.expm1(-shape * log(3)) / np.expm1(-shape * log(2))) - 3 - skewness

    if abs(off(STRAIGHT)) < STRAIGHT:
        return 0.0
    return float(brentq(off, *GEV_BOUNDS, xtol=1e-12))


def _gumbel_factor(probability: Array, _shape: float) -> Array:
    return np.asarray(-np.log(-np.log(probability)))


def _exponential_factor(probability: Array, _shape: float) -> Array:
    return np.asarray(-np.log1p(-probability))


def _pearson_factor(probability: Array, shape: float) -> Array:
    """Frequency factor Φ(Cs, P): a standardised gamma variable."""
    if abs(shape) < STRAIGHT:
        return np.asarray(special.ndtri(probability))
    order = 4 / shape**2
    upper = probability if shape > 0 else 1 - probability
    return np.asarray((special.gammaincinv(order, upper) - order) / sqrt(order) * copysign(1.0, shape))


def _gev_factor(probability: Array, shape: float) -> Array:
    if abs(shape) < STRAIGHT:
        return _gumbel_factor(probability, 0.0)
    return np.asarray((1 - (-np.log(probability)) ** shape) / shape)


def _gumbel_probability(reduced: Array, _shape: float) -> Array:
    return np.asarray(np.exp(-np.exp(-reduced)))


def _exponential_probability(reduced: Array, _shape: float) -> Array:
    return np.asarray(-np.expm1(-np.maximum(reduced, 0.0)))


def _pearson_probability(reduced: Array, shape: float) -> Array:
    if abs(shape) < STRAIGHT:
        return np.asarray(special.ndtr(reduced))
    order = 4 / shape**2
    below = special.gammainc(order, np.maximum(reduced * copysign(1.0, shape) * sqrt(order) + order, 0.0))
    return np.asarray(below if shape > 0 else 1 - below)


def _gev_probability(reduced: Array, shape: float) -> Array:
    if abs(shape) < STRAIGHT:
        return _gumbel_probability(reduced, 0.0)
    inside = np.maximum(1 - shape * reduced, 0.0)
    return np.asarray(np.exp(-(inside ** (1 / shape))) if shape > 0 else np.exp(-_inverse(inside, shape)))


def _inverse(inside: Array, shape: float) -> Array:
    """``inside ** (1 / shape)`` for a negative shape; below the lower end without bound."""
    return np.power(inside, 1 / shape, out=np.full_like(inside, np.inf), where=inside > 0)


_FACTORS: Mapping[Family, Callable[[Array, float], Array]] = {
    "gumbel": _gumbel_factor,
    "exponential": _exponential_factor,
    "pearson3": _pearson_factor,
    "gev": _gev_factor,
}
_PROBABILITIES: Mapping[Family, Callable[[Array, float], Array]] = {
    "gumbel": _gumbel_probability,
    "exponential": _exponential_probability,
    "pearson3": _pearson_probability,
    "gev": _gev_probability,
}
_FITS: Mapping[tuple[Family, Method], Callable[[Array], Fitted]] = {
    ("gumbel", "moments"): _gumbel_moments,
    ("gumbel", "l_moments"): _gumbel_l_moments,
    ("exponential", "moments"): _exponential_moments,
    ("exponential", "l_moments"): _exponential_l_moments,
    ("pearson3", "moments"): _pearson_moments,
    ("pearson3", "l_moments"): _pearson_l_moments,
    ("gev", "l_moments"): _gev_l_moments,
}

"""The storm intensity formula (暴雨强度公式): ``i = A1 (1 + C lg P) / (t + b)^n``, fitted and judged by intensities."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tulou.kernel.errors import BadUse, NotEnoughData

Array = NDArray[np.float64]
RUNOFF_PER_INTENSITY = 1000 / 6
"""L/(s·ha) in one mm/min; standards print it rounded, as 167."""
MOST_B, LEAST_N, MOST_N, MOST_C = 60.0, 0.2, 1.5, 5.0
"""Where b (min), n and C are looked for."""
GRID = 13
"""Starting points for each of b and n."""
FEWEST = 4
"""Intensities that four parameters need at the least."""


@dataclass(frozen=True)
class StormFormula:
    """A storm intensity formula.

    Args:
        a1: A1, mm/min·min^n.
        c: C, how intensity rises with the logarithm of the return period.
        b: b, min.
        n: n.
    """

    a1: float
    c: float
    b: float
    n: float

    def intensity(self, duration: ArrayLike, period: ArrayLike) -> Array:
        """Mean intensity over a duration, mm/min.

        Args:
            duration: t, min.
            period: Return period P, years.
        """
        t, p = np.asarray(duration, float), np.asarray(period, float)
        return self.a1 * (1 + self.c * np.log10(p)) / (t + self.b) ** self.n

    def runoff(self, duration: ArrayLike, period: ArrayLike) -> Array:
        """The same as q, L/(s·ha), by the exact factor 1000/6.

        Args:
            duration: t, min.
            period: Return period P, years.
        """
        return RUNOFF_PER_INTENSITY * self.intensity(duration, period)

    def depth(self, duration: ArrayLike, period: ArrayLike) -> Array:
        """Depth of rain in a duration, mm: ``H(t) = i(t) t``.

        Args:
            duration: t, min.
            period: Return period P, years.
        """
        return self.intensity(duration, period) * np.asarray(duration, float)

    def peak(self, period: float) -> float:
        """Intensity of a moment, mm/min: the limit of ``intensity`` at t = 0.

        Args:
            period: Return period P, years.
        """
        return self.a1 * (1 + self.c * log10(period)) / self.b**self.n


@dataclass(frozen=True)
class FormulaError:
    """How far a formula lies from the intensities it was fitted to.

    Args:
        absolute: Root of the mean squared difference, mm/min.
        relative: Root of the mean squared relative difference, percent.
    """

    absolute: float
    relative: float


def formula_error(
    formula: StormFormula, duration: Array, period: Array, intensity: Array, *, least: float = 2.0, most: float = 20.0
) -> FormulaError:
    """How far does a formula lie from intensities? ``σ = √mean((i' − i)²)``, and the same of ``(i' − i) / i``.

    Args:
        formula: The formula.
        duration: t of each intensity, min.
        period: Return period of each, years.
        intensity: Each, mm/min.
        least: Least return period that counts, years; the guideline judges 2 to 20 years.
        most: Largest return period that counts, years.

    Raises:
        NotEnoughData: When no intensity lies between them.
    """
    counts = (period >= least) & (period <= most) & np.isfinite(intensity)
    if not counts.any():
        raise NotEnoughData("no intensity of these return periods", where="period", found=f"{least:g} to {most:g}")
    off = formula.intensity(duration[counts], period[counts]) - intensity[counts]
    relative = off / intensity[counts]
    return FormulaError(float(np.sqrt(np.mean(off**2))), float(np.sqrt(np.mean(relative**2))) * 100)


def fitted_formula(duration: Array, period: Array, intensity: Array, *, relative: bool = False) -> StormFormula:
    """Which formula comes nearest to a table of intensities?

    For a given b and n the formula is linear in A1 and A1·C, which are solved exactly; b and n are searched within
    bounds, from many starting points (variable projection, Golub & Pereyra 1973). The coefficients are not identified
    one by one: different ones give the same intensities, so intensities are what must be compared.

    Args:
        duration: t of each intensity, min.
        period: Return period of each, years.
        intensity: Each, mm/min; NaN is left out.
        relative: Whether relative differences are made small instead of absolute ones.

    Raises:
        BadUse: When the columns differ in length, or an intensity or duration is not above 0.
        NotEnoughData: When there are fewer than four intensities, or of fewer than two durations or return periods.
    """
    from scipy.optimize import least_squares  # only a fit needs it

    t, p, i = _checked(duration, period, intensity)
    weight = 1 / i if relative else np.ones(len(i))
    lg = np.log10(p)

    def off(at: Array) -> Array:
        return weight * (_best(at, t, lg, i, weight)[0] - i)

    starts = [
        np.array([b, n]) for b in np.linspace(0.0, MOST_B, GRID) for n in np.linspace(LEAST_N, MOST_N, GRID)[1:-1]
    ]
    starts.sort(key=lambda at: float(np.sum(off(at) ** 2)))
    found = [
        least_squares(off, start, bounds=((0.0, LEAST_N), (MOST_B, MOST_N)), xtol=1e-15, ftol=1e-15, gtol=1e-15)
        for start in starts[:FEWEST]
    ]
    best = min(found, key=lambda one: float(one.cost))
    a1, slope = _best(best.x, t, lg, i, weight)[1]
    return StormFormula(a1, slope / a1, float(best.x[0]), float(best.x[1]))


def _best(at: Array, t: Array, lg: Array, i: Array, weight: Array) -> tuple[Array, tuple[float, float]]:
    """Intensities and (A1, A1·C) that fit best for b and n; C stays between 0 and its bound."""
    curve = (t + at[0]) ** -at[1]
    columns = np.column_stack([curve, curve * lg])
    (a1, slope), *_ = np.linalg.lstsq(columns * weight[:, None], i * weight, rcond=None)
    share = min(max(slope / a1, 0.0), MOST_C) if a1 > 0 else MOST_C
    if share * a1 != slope:
        one = curve * (1 + share * lg)
        a1 = float(np.sum(weight**2 * one * i) / np.sum(weight**2 * one**2))
        slope = share * a1
    return columns @ np.array([a1, slope]), (float(a1), float(slope))


def _checked(duration: Array, period: Array, intensity: Array) -> tuple[Array, Array, Array]:
    sizes = {len(duration), len(period), len(intensity)}
    if len(sizes) > 1:
        raise BadUse("durations, return periods and intensities belong together", found=sorted(sizes))
    known = np.isfinite(intensity)
    t, p, i = duration[known], period[known], intensity[known]
    if len(i) < FEWEST or len(np.unique(t)) < 2 or len(np.unique(p)) < 2:  # noqa: PLR2004  (a slope needs two)
        raise NotEnoughData(
            "a formula needs intensities of several durations and return periods", where="intensity", found=len(i)
        )
    if min(t.min(), p.min(), i.min()) <= 0:
        raise BadUse(
            "durations, return periods and intensities are above 0", found=float(min(t.min(), p.min(), i.min()))
        )
    return t, p, i

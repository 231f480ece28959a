"""How often typhoons come near."""

from __future__ import annotations

from scipy import stats

from tulou.kernel.errors import BadUse


def poisson_rate(count: int, years: float, *, confidence: float = 0.9) -> tuple[float, float, float]:
    """How often does something happen in a year, and between which bounds?

    The bounds are exact: quantiles of χ² with ``2n`` and ``2n + 2`` degrees of freedom, over ``2 T``.

    Args:
        count: How often it happened.
        years: In how many years.
        confidence: Share of cases in which the bounds hold the true rate.

    Returns:
        Rate, lower and upper bound, a year.

    Raises:
        BadUse: When there are no years.

    Source: Garwood (1936), Fiducial limits for the Poisson distribution.
    """
    if not years > 0 or count < 0:
        raise BadUse("a rate needs years above 0", where="years", found=years)
    tail = (1.0 - confidence) / 2.0
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    high = float(stats.chi2.ppf(1.0 - tail, 2 * count + 2)) / 2
    return count / years, low / years, high / years

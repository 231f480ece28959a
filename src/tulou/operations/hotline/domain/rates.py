"""The three rates of a hotline: response, resolution, satisfaction; each with its denominator and an interval.

Of valid call-backs ``V``: response = contacted/V, resolution = solved/V, satisfaction = (satisfied + b basically)/V,
score = 100 (w₁ response + w₂ satisfaction + w₃ resolution). A satisfaction and a score are means of values between 0
and 1, whose variance is at most that of a share; Wilson's interval of them is therefore wide enough, not exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import nan

import numpy as np

from tulou.diagnosis.composite.ranks import tiers
from tulou.kernel.errors import BadInput
from tulou.measures.statistics.intervals import wilson_interval

FULL = 100.0
CUT = 12
"""Decimals to which a score is held before it is rounded, so that 87.75 is not 87.7499…"""


@dataclass(frozen=True)
class RateRule:
    """How rates become a score, as a rulebook dates it.

    Args:
        since: First day on which it holds.
        response: Weight of the response rate.
        satisfaction: Weight of the satisfaction rate.
        resolution: Weight of the resolution rate.
        basic: What "basically satisfied" counts.
        digits: Decimals of the score.
        month_from: Day of the month on which an assessed month begins.
        day_from: Hour on which a daily window begins, as ``12:00``.
        below: Published counts under this are hidden.
        repeat_days: Days within which a second case of one matter is a repeat.
        source: Where it comes from.
    """

    since: date
    response: float
    satisfaction: float
    resolution: float
    basic: float
    digits: int
    month_from: int
    day_from: str
    below: int
    repeat_days: int
    source: str


@dataclass(frozen=True)
class Tally:
    """What was counted for one body, or for all.

    Args:
        received: Cases given to it.
        valid: Valid call-backs.
        contacted: Of these, requesters who were contacted.
        solved: Of these, matters that were solved.
        satisfied: Of these, satisfied.
        basically: Of these, basically satisfied.
        excluded: Cases left out by a second party.
        reopened: Cases handled once more.
        repeated: Cases that repeat another within the days of the rule.
        unasked: Cases closed without a call-back.
        unclear: Call-backs that were not valid.
        returned: Cases that a body returned as not its own.
        due: Cases whose limit is over, kept or not.
        late: Of these, answered late or not yet.
    """

    received: int = 0
    valid: int = 0
    contacted: int = 0
    solved: int = 0
    satisfied: int = 0
    basically: int = 0
    excluded: int = 0
    reopened: int = 0
    repeated: int = 0
    unasked: int = 0
    unclear: int = 0
    returned: int = 0
    due: int = 0
    late: int = 0

    def __post_init__(self) -> None:
        if any(getattr(self, one.name) < 0 for one in fields(self)):
            raise BadInput("a count is 0 or more", found=str(self))
        if max(self.contacted, self.solved, self.satisfied + self.basically) > self.valid or self.late > self.due:
            raise BadInput(
                "more was counted than there are valid call-backs or limits",
                found=str(self),
                allowed=("contacted, solved, satisfied + basically ≤ valid; late ≤ due",),
            )

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Rate:
    """A share with its denominator.

    Args:
        value: The share; NaN without a denominator.
        low: Lower bound of its 95 % interval.
        high: Upper bound.
        of: The denominator.
    """

    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Standing:
    """The rates of one body.

    Args:
        body: The body.
        tally: What they were counted from.
        response: Response rate.
        resolution: Resolution rate.
        satisfaction: Satisfaction rate.
        score: Score, rounded as the rule says; NaN without valid call-backs.
        bounds: Bounds of the score, as far as it may lie from what more call-backs would show.
        drawn: Score drawn towards that of all bodies, the more the fewer call-backs there are.
        tier: 1 for the best; bodies whose intervals overlap, directly or through others, share one; 0 without a score.
    """

    body: str
    tally: Tally
    response: Rate
    resolution: Rate
    satisfaction: Rate
    score: float
    bounds: tuple[float, float]
    drawn: float
    tier: int


def rate(some: float, of: int) -> Rate:
    """A share with Wilson's 95 % interval."""
    if not of:
        return Rate(nan, nan, nan, 0)
    low, high = wilson_interval(np.array([float(some)]), np.array([float(of)]))
    return Rate(some / of, max(0.0, round(float(low[0]), CUT)), min(1.0, round(float(high[0]), CUT)), of)


def mean_value(tally: Tally, rule: RateRule) -> float:
    """The mean of what single call-backs count, between 0 and 1; NaN without any."""
    if not tally.valid:
        return nan
    content = tally.satisfied + rule.basic * tally.basically
    sum_ = rule.response * tally.contacted + rule.satisfaction * content + rule.resolution * tally.solved
    return sum_ / tally.valid


def score_of(tally: Tally, rule: RateRule) -> float:
    """The score, rounded half up as a clerk does; NaN without valid call-backs."""
    mean = mean_value(tally, rule)
    return mean if np.isnan(mean) else rounded(FULL * mean, rule.digits)


def rounded(value: float, digits: int) -> float:
    """A number rounded half up."""
    held = Decimal(repr(round(value, CUT)))
    return float(held.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def standings(tallies: Mapping[str, Tally], rule: RateRule) -> tuple[Standing, ...]:
    """The rates of some bodies, by tier and then by the score drawn to the mean: no order finer than what is known.

    Args:
        tallies: Counts by body.
        rule: The rule that holds.
    """
    means = {body: mean_value(one, rule) for body, one in tallies.items()}
    bounds = {body: rate(means[body] * one.valid, one.valid) for body, one in tallies.items()}
    names = list(tallies)
    high, low = (np.array([getattr(bounds[name], side) for name in names]) for side in ("high", "low"))
    places: list[int] = tiers(-high, -low).tolist() if names else []
    drawn = drawn_together([tallies[name] for name in names], rule)
    found = [
        _standing(name, tallies[name], rule, bounds[name], share, tier)
        for name, tier, share in zip(names, places, drawn, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.tier or len(names) + 1, -np.nan_to_num(one.drawn), one.body)))


def drawn_together(tallies: Sequence[Tally], rule: RateRule) -> list[float]:
    """Scores drawn towards the pooled one (posterior mean of a beta-binomial, its size by moments; 0 to 100).

    ``s = (n m + k p) / (n + k)``, with the pooled mean ``p`` and ``k`` the prior's worth in call-backs: from the
    variance ``v`` between bodies beyond that of chance, ``k = p (1 − p) / v − 1``; without any, all get ``p``.
    """
    held = [(mean_value(one, rule), one.valid) for one in tallies if one.valid]
    if not held:
        return [nan] * len(tallies)
    means, counts = (np.array(column, np.float64) for column in zip(*held, strict=True))
    pooled = float(np.average(means, weights=counts))
    chance = pooled * (1 - pooled)
    between = float(np.average((means - pooled) ** 2, weights=counts)) - chance * len(held) / counts.sum()
    worth = max(chance / between - 1, 0.0) if between > 0 else np.inf
    return [FULL * _drawn(mean_value(one, rule), one.valid, pooled, worth) for one in tallies]


def _drawn(mean: float, count: int, pooled: float, worth: float) -> float:
    if not count:
        return nan
    return pooled if np.isinf(worth) else (count * mean + worth * pooled) / (count + worth)


def _standing(body: str, tally: Tally, rule: RateRule, bound: Rate, drawn: float, tier: int) -> Standing:
    content = tally.satisfied + rule.basic * tally.basically
    return Standing(
        body, tally, rate(tally.contacted, tally.valid), rate(tally.solved, tally.valid), rate(content, tally.valid),
        score_of(tally, rule), (FULL * bound.low, FULL * bound.high), drawn, tier,
    )  # fmt: skip


@dataclass(frozen=True)
class Together:
    """All bodies as one.

    Args:
        pooled: Standing of all call-backs together.
        mean: Mean of the bodies' scores, as some districts publish; NaN without any.
        bodies: Bodies with a score.
    """

    pooled: Standing
    mean: float
    bodies: int


def together(tallies: Mapping[str, Tally], rule: RateRule) -> Together:
    """The pooled rates beside the mean of rates, which are not the same."""
    total = sum(tallies.values(), Tally())
    scores = [FULL * mean_value(one, rule) for one in tallies.values() if one.valid]
    mean = rounded(float(np.mean(scores)), rule.digits) if scores else nan
    return Together(standings({"": total}, rule)[0], mean, len(scores))


def shares(counts: Mapping[str, int | float]) -> dict[str, float]:
    """Shares of some counts in their sum; NaN where the sum is 0."""
    total = sum(counts.values())
    return {name: count / total if total else nan for name, count in counts.items()}


def held_on(rules: Iterable[RateRule], day: date) -> RateRule:
    """The rule that holds on a day.

    Raises:
        BadInput: When none does yet.
    """
    held = [one for one in rules if one.since <= day]
    if not held:
        raise BadInput("no rule of the three rates holds on this day", where="hotline/rates.yaml", found=str(day))
    return max(held, key=lambda one: one.since)

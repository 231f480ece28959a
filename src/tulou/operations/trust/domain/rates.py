"""Rates: how often may somebody do something? A few at once, then one every so often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tulou.kernel.errors import BadUse
from tulou.operations.trust.domain.accounts import Hold

TOO_OFTEN = "this is asked too often"


@dataclass(frozen=True)
class Rate:
    """A rate.

    Args:
        burst: How many at once.
        every: Time after which one more is allowed.
    """

    burst: int
    every: timedelta


def rate_of(numbers: Mapping[str, float], action: str) -> Rate:
    """The rate of an action in a section of the rulebook: ``action`` at once, one more each ``action_every`` seconds.

    Raises:
        BadUse: When it has none.
    """
    if action not in numbers or f"{action}_every" not in numbers:
        allowed = sorted(name for name in numbers if f"{name}_every" in numbers)
        raise BadUse("this action has no rate", where="trust/rates", found=action, allowed=allowed)
    return Rate(int(numbers[action]), timedelta(seconds=numbers[f"{action}_every"]))


def tried(rate: Rate, hold: Hold | None, moment: datetime) -> tuple[Hold | None, timedelta]:
    """One try: what is held after it, and how long to wait when it came too soon (nothing: it may go on).

    Generic cell rate algorithm: the try is expected at ``E``; it may come earlier by ``(burst − 1) · every``, and moves
    ``E`` to ``max(E, now) + every``. A try that is refused moves nothing. Equal to a bucket of ``burst`` tokens that
    gains one each ``every``, with one moment to keep instead of two numbers.

    Source: ITU-T I.371 (2004), annex A.
    """
    expected = max(hold.last, moment) if hold else moment
    early = expected - moment - rate.every * (rate.burst - 1)
    if early > timedelta():
        return hold, early
    following = expected + rate.every
    return Hold(0, following, following), timedelta()

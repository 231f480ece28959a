"""Waits after failures: each further failure waits longer, and names that exist are treated like names that do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tulou.operations.trust.domain.accounts import Hold


def failed(numbers: Mapping[str, float], hold: Hold | None, moment: datetime) -> Hold:
    """What is held against a name after one more failure.

    ``wait = first · factor^(failures − free − 1)``, at most the longest; without a failure for long enough, counting
    begins anew.

    Args:
        numbers: ``free``, ``first_wait``, ``factor``, ``longest_wait``, ``forgets``; seconds.
        hold: What was held before.
        moment: When it failed.
    """
    is_fresh = hold is None or moment - hold.last > timedelta(seconds=numbers["forgets"])
    count = 1 if hold is None or is_fresh else hold.count + 1
    over = count - int(numbers["free"])
    if over <= 0:
        return Hold(count, moment, moment)
    longest = numbers["longest_wait"]
    seconds = numbers["first_wait"]
    for _ in range(over - 1):
        seconds = min(seconds * numbers["factor"], longest)
        if seconds >= longest:
            break
    return Hold(count, moment, moment + timedelta(seconds=min(seconds, longest)))

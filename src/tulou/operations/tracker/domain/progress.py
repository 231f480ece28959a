"""Progress towards a target: only what changed in the city counts.

A figure moves for four causes: the city changed, data were corrected, the definition changed, the boundary changed. The
last three are no achievement. So progress is the first alone, over the way that there was to go from the baseline as it
would be told today, by today's data, definition and boundary::

    restated = value now − city
    share    = city / (target − restated)

A share can be negative (the city lost ground) and above 1 (more than was asked). Where corrections alone reach a target
it was met at the baseline already, and nothing was achieved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.standing import ENDED, Standing

CAUSES = ("city", "correction", "definition", "boundary")
CITY = CAUSES[0]

Reason = Literal["", "no_target", "no_baseline", "no_check", "no_value", "not_split", "met_before"]
"""Why no share can be given: nobody set a target or a baseline; there is no newer check; one of the two holds no value;
the change was not split by cause; the target was met at the baseline already."""


class Achieved(Protocol):
    """Splits the change of an indicator between two checks by cause; difference accounting gives it."""

    def __call__(self, indicator: str, unit: str, baseline_check: str, now_check: str) -> Mapping[str, float]:
        """Parts by cause (``city``, ``correction``, ``definition``, ``boundary``), which add up to the change."""


class Figures(Protocol):
    """Looks up what a check says of an indicator for a unit."""

    def __call__(self, indicator: str, unit: str, check: str) -> float | None:
        """The value; None when it was not assessed."""


@dataclass(frozen=True)
class Progress:
    """How far a commitment is on its way, by one indicator.

    Args:
        indicator: The indicator of the target.
        baseline: Its value at the baseline; NaN when there is none.
        now: Its value now; NaN when there is none.
        parts: The change by cause; None when it could not be split.
        restated: The baseline by today's data, definition and boundary; NaN when the change could not be split.
        share: What the city itself did, over the whole way; NaN when it cannot be told.
        reason: Why no share can be given; empty when it can.
    """

    indicator: str = ""
    baseline: float = math.nan
    now: float = math.nan
    parts: Mapping[str, float] | None = None
    share: float = math.nan
    reason: Reason = ""
    restated: float = math.nan


def progress_of(
    agenda: Agenda,
    commitment: Commitment,
    now_check: str,
    *,
    unit: str,
    figures: Figures,
    achieved: Achieved | None = None,
) -> Progress:
    """How far a commitment is on its way.

    Args:
        agenda: What is tracked; gives the baseline where the commitment sets none.
        commitment: The commitment.
        now_check: Id of the newest check; empty when there is none.
        unit: Unit the figures are for.
        figures: Looks up values.
        achieved: Splits a change by cause; without it no share is given, since a bare difference is no achievement.
    """
    target = commitment.target
    baseline = commitment.baseline or agenda.baseline
    if target is None or not target.indicator or target.value is None:
        return Progress(reason="no_target")
    now = _number(figures(target.indicator, unit, now_check) if now_check else None)
    before = _number(figures(target.indicator, unit, baseline) if baseline else None)
    found = Progress(target.indicator, before, now)
    reasons: dict[Reason, bool] = {
        "no_check": not now_check or baseline == now_check,
        "no_baseline": not baseline,
        "no_value": math.isnan(now) or math.isnan(before),
        "not_split": achieved is None,
    }
    reason: Reason = next((name for name, is_so in reasons.items() if is_so), "")
    if reason or achieved is None:
        return replace(found, reason=reason)
    parts = dict(achieved(target.indicator, unit, baseline, now_check))
    restated = now - parts[CITY]
    if math.isnan(restated):
        return replace(found, reason="not_split")
    found = replace(found, parts=parts, restated=restated)
    if target.is_met(restated):
        return replace(found, reason="met_before")
    return replace(found, share=parts[CITY] / (target.value - restated))


def fallen_back(standings: Mapping[str, Standing], latest: Callable[[str], float | None]) -> frozenset[str]:
    """Commitments that are done or verified, and whose target the newest check no longer reaches.

    Args:
        standings: Where every commitment stands.
        latest: What the newest check says of an indicator for the whole city; None when it says nothing.
    """
    found = set()
    for name, standing in standings.items():
        target = standing.commitment.target
        if standing.state in ENDED and target is not None and target.indicator and target.value is not None:
            value = latest(target.indicator)
            if value is not None and not target.is_met(value):
                found.add(name)
    return frozenset(found)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)

"""Counts of records in a period, and the rates made of them, with what stands below and between which bounds.

What is *due in a period*: its limit falls due in it, or it was done in it before falling due; what was done before the
period counted then. So each case counts once over periods that follow one another. What has no limit that is known is
never due, and never in time or late; how many cases were handled without one is told (``no_limit``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tulou.kernel.periods import Period
from tulou.kernel.words import Words
from tulou.measures.statistics.intervals import wilson_interval
from tulou.operations.city_management.domain.records import Record, Stage

Counts = Mapping[str, int]
COUNTS = (
    "reported", "valid", "refused", "undecided", "on_the_spot", "to_verify", "verified_in_time", "filed",
    "filed_limited", "filed_in_time", "filed_judged", "filed_rightly", "to_dispatch", "dispatched_in_time",
    "dispatched_rightly", "returned", "to_handle", "handled", "handled_in_time", "handled_late", "waiting_late",
    "extended", "to_check", "checked_in_time", "to_close", "close_limited", "closed", "closed_in_time", "closed_late",
    "reworked", "unclosed", "no_limit",
)  # fmt: skip
"""Everything that is counted."""
NOTHING: Stage = Stage()
NUMBERS = re.compile(r"(\d+)")
"""Numbers within a name."""


@dataclass(frozen=True)
class RateRule:
    """One rate.

    Args:
        id: Its id.
        title: Its name.
        numerator: Count above.
        denominator: Count below.
        better: Whether ``more`` or ``less`` is better.
        source: Where it is from.
        evidence: Grade of the evidence.
    """

    id: str
    title: Words
    numerator: str
    denominator: str
    better: str
    source: str
    evidence: str


@dataclass(frozen=True)
class Rate:
    """A rate with what it is made of.

    Args:
        rule: What it is.
        numerator: Count above.
        denominator: Count below.
    """

    rule: RateRule
    numerator: int
    denominator: int

    @property
    def value(self) -> float:
        """The share; NaN when nothing stands below: no case is no verdict."""
        return self.numerator / self.denominator if self.denominator else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval at 95 %; NaN when nothing stands below, or the numerator counts times and not cases."""
        if not 0 <= self.numerator <= self.denominator or not self.denominator:
            return math.nan, math.nan
        low, high = wilson_interval(np.array([self.numerator], float), np.array([self.denominator], float))
        return float(low[0]), float(high[0])


def counts_of(record: Record, period: Period) -> dict[str, int]:
    """What one record adds to each count of a period; what it does not add to is left out.

    Args:
        record: The record, as known at the end of the period.
        period: The period.
    """
    found: Counter[str] = Counter()
    stages = record.stages
    if period.holds(record.opened):
        found.update(_report(record))
    found.update(_of_stage("to_verify", "verified_in_time", stages.get("verify"), period))
    filed = stages.get("file", NOTHING)
    if period.holds(filed.done):
        found["filed"] += 1
        found["filed_limited"] += int(filed.due is not None)
        found["filed_in_time"] += int(filed.due is not None and not filed.is_late)
        found["filed_judged"] += int(record.filed_rightly is not None)
        found["filed_rightly"] += int(record.filed_rightly is True)
    found.update(_of_stage("to_dispatch", "dispatched_in_time", stages.get("dispatch"), period))
    if found["to_dispatch"]:
        taken = stages.get("take_up", NOTHING).done is not None
        found["dispatched_rightly"] += int(taken and not record.counts.get("returned", 0))
        found["returned"] += record.counts.get("returned", 0)
    found.update(_handling(record, period))
    found.update(_of_stage("to_check", "checked_in_time", stages.get("check"), period))
    found.update(_closing(record, period))
    return {name: count for name, count in found.items() if count}


def summed(records: Iterable[Record], period: Period) -> dict[str, int]:
    """Every count of a period over some records; zero where there is none."""
    found: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    for record in records:
        found.update(counts_of(record, period))
    return {name: found[name] for name in COUNTS}


def grouped(
    records: Iterable[Record], period: Period, key: Callable[[Record], str]
) -> dict[str, dict[str, int]]:  # fmt: skip
    """Every count by group, by name with its numbers as numbers; the sums over groups are those of all.

    Args:
        records: The records.
        period: The period.
        key: Group of a record; empty for those that belong to none.
    """
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(key(record), []).append(record)
    return {name: summed(found[name], period) for name in sorted(sorted(found), key=natural)}


def natural(name: str) -> tuple[tuple[str, int], ...]:
    """Where a name stands among others when numbers in it count as numbers: street 2 before street 10."""
    parts = NUMBERS.split(name)
    return tuple((text, int(number or -1)) for text, number in zip(parts[::2], [*parts[1::2], ""], strict=True))


def rates_of(counts: Counts, rules: Sequence[RateRule]) -> list[Rate]:
    """All rates of some counts."""
    return [Rate(rule, counts[rule.numerator], counts[rule.denominator]) for rule in rules]


def _report(record: Record) -> dict[str, int]:
    spot = record.counts.get("on_the_spot", 0)
    is_filed = record.stages.get("file", NOTHING).done is not None
    is_valid, is_refused = bool(is_filed or spot), record.refused is not None
    is_closed = record.stages.get("close", NOTHING).done is not None or bool(spot)
    return {
        "reported": 1,
        "valid": int(is_valid),
        "refused": int(is_refused),
        "undecided": int(not is_valid and not is_refused),
        "on_the_spot": int(bool(spot)),
        "unclosed": int(not is_closed and not is_refused),
    }


def _is_due(stage: Stage | None, period: Period) -> bool:
    """Whether a step counts as due in a period: due in it, or done in it before falling due."""
    if stage is None or stage.due is None:
        return False
    if period.holds(stage.due):
        return stage.done is None or stage.done >= period.start
    return period.holds(stage.done) and stage.due >= period.end


def _of_stage(due: str, in_time: str, stage: Stage | None, period: Period) -> dict[str, int]:
    if stage is None or not _is_due(stage, period):
        return {}
    return {due: 1, in_time: int(stage.done is not None and not stage.is_late)}


def _handling(record: Record, period: Period) -> dict[str, int]:
    stage = record.stages.get("handle", NOTHING)
    if not _is_due(stage, period):
        return {"no_limit": int(stage.due is None and period.holds(stage.done))}
    done = stage.done is not None
    return {
        "to_handle": 1,
        "handled": int(done),
        "handled_in_time": int(done and not stage.is_late),
        "handled_late": int(done and stage.is_late),
        "waiting_late": int(not done),
        "extended": int(bool(record.counts.get("extended", 0))),
    }


def _closing(record: Record, period: Period) -> dict[str, int]:
    stage = record.stages.get("close")
    if stage is None or not _is_due(stage, period):
        return {}
    done, is_limited = stage.done is not None, not stage.is_borrowed
    return {
        "to_close": 1,
        "close_limited": int(is_limited),
        "closed": int(done),
        "closed_in_time": int(done and is_limited and not stage.is_late),
        "closed_late": int(done and is_limited and stage.is_late),
        "reworked": record.counts.get("reworked", 0),
    }

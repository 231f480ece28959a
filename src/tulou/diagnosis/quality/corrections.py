"""Corrections that concern failing objects far more often than others, and revisions crowded before deadlines.

Only corrections are looked at, what was recorded later about the same day: that real work is done where things fail is
as it should be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tulou.diagnosis.quality.chance import upper_binomial, upper_hypergeometric
from tulou.diagnosis.quality.pattern import Pattern
from tulou.model.changes import ChangeSet
from tulou.model.state import State
from tulou.model.store.manifest import Commit
from tulou.model.store.reading import StoredRows

LEAST_CHANGED = 5
LEAST_COMMITS = 4
"""Corrections, and commits that revise, below which nothing is rare."""
MOST_SHOWN = 20
SECONDS_A_DAY = 86_400.0
FISHER, BINOMIAL = "Fisher's exact test", "binomial over days"


def corrections(changed: ChangeSet, before: State, failing: Mapping[str, frozenset[str]]) -> Iterator[Pattern]:
    """Look at every attribute that was corrected: were failing objects corrected more often than the others?

    Args:
        changed: What was recorded later about the day of the earlier check.
        before: The city as it was known to that check.
        failing: By ``entity.attribute``, objects that failed an indicator which reads that attribute.
    """
    for entity, of_entity in sorted(changed.entities.items()):
        objects = len(before.rows(entity))
        for attribute, change in sorted(of_entity.attributes.items()):
            failed = failing.get(f"{entity}.{attribute}", frozenset())
            ids = change.ids.to_pylist()
            if len(ids) < LEAST_CHANGED or not failed or len(failed) >= objects:
                continue
            hits = [one for one in ids if one in failed]
            chance = upper_hypergeometric(len(hits), objects, len(failed), len(ids))
            seen = {"objects": objects, "failing": len(failed), "corrected": len(ids), "both": len(hits)}
            yield Pattern(
                "corrections", f"{entity}.{attribute}", "", FISHER, chance, seen, tuple(sorted(hits)[:MOST_SHOWN])
            )


def revisions(
    commits: Sequence[Commit], revised: Mapping[int, int], deadlines: Sequence[datetime], days: float
) -> Iterator[Pattern]:
    """Look at every deadline: did commits that revise crowd in the days before it?

    Under chance a revision falls on any day since the deadline before, so that the last days hold their share of them.

    Args:
        commits: The commits that count, oldest first.
        revised: By number of the commit, how many rows it said again about objects known before.
        deadlines: Moments at which figures were handed in, in any order.
        days: How many days before a deadline are looked at.
    """
    times = [(commit, commit.time) for commit in commits if revised.get(commit.number)]
    start = min((commit.time for commit in commits), default=None)
    for deadline in sorted(deadlines):
        if start is None or deadline <= start:
            continue
        span = (deadline - start).total_seconds() / SECONDS_A_DAY
        held = [
            (one, (deadline - time).total_seconds() / SECONDS_A_DAY) for one, time in times if start < time <= deadline
        ]
        late = [one for one, left in held if left <= days]
        if len(held) >= LEAST_COMMITS and span > days:
            chance = upper_binomial(len(late), len(held), days / span)
            rows = sum(revised[one.number] for one in late)
            seen = {"commits": len(held), "late": len(late), "days": days, "span_days": span, "rows": rows}
            yield Pattern(
                "revisions", deadline.date().isoformat(), "", BINOMIAL, chance, seen,
                tuple(str(one.number) for one in late[:MOST_SHOWN]),
            )  # fmt: skip
        start = deadline


def revised_rows(state: State, only: Mapping[str, frozenset[str]] | None = None) -> dict[int, int]:
    """How many rows each commit said about objects that an earlier commit had spoken of already.

    Args:
        state: A state of a store; a state in memory has no commits.
        only: By entity, the objects that count; all when left out.
    """
    found: dict[int, int] = {}
    for name in sorted(state.dictionary):
        rows = state.rows(name)
        if not isinstance(rows, StoredRows):
            continue
        if only is not None and name not in only:
            continue
        known = pa.array([], pa.string())
        for sheet in rows.selection.sheets:
            ids = pc.unique(sheet.keys.ids.cast(pa.string()))
            if only is not None:
                ids = ids.filter(pc.is_in(ids, value_set=pa.array(sorted(only[name]), pa.string())))
            again = int(np.count_nonzero(pc.is_in(ids, value_set=known).to_numpy(zero_copy_only=False)))
            if again:
                found[sheet.commit] = found.get(sheet.commit, 0) + again
            known = pc.unique(pa.concat_arrays([known, ids]))
    return found

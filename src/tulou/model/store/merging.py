"""One merge: the changes of a branch become one commit of the branch it lies on, or nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tulou.kernel.clock import BEGINNING, FOREVER, MAIN
from tulou.kernel.errors import BadUse, Conflict
from tulou.kernel.facts import ID
from tulou.model.changes import ChangeSet, changes
from tulou.model.store.clashing import Clash, Side, clashes, facts_of, revived, yielding
from tulou.model.store.history import Branch, History
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit
from tulou.model.store.reading import joined

if TYPE_CHECKING:
    from tulou.model.store.city import City, StoreState

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Merging:
    """What is to be merged.

    Args:
        branch: The branch.
        valid_from: Day from which its changes are true.
        who: Who answers for it.
        message: What it is about.
        prefer: Whose word holds where both changed the same; None for neither.
    """

    branch: str
    valid_from: date
    who: str = ""
    message: str = ""
    prefer: Side | None = None


def merge(city: City, history: History, asked: Merging) -> Commit:
    """Merge a branch into the one it lies on; see ``City.merge``."""
    branch = history.branch(asked.branch)
    if not branch.base:
        raise BadUse("the main branch is merged into nothing", where="branch", found=branch.name)
    past = history.merges(branch.name)
    common = past[-1].number if past else branch.commit
    ours = _changed(city, branch.name, asked.valid_from, common, history.last)
    if ours.is_empty:
        raise BadUse(
            "the branch says nothing of its own on this day that was not merged",
            where=branch.name,
            found=asked.valid_from.isoformat(),
            allowed=[day.isoformat() for day in _own_days(city, history, branch, common)],
        )
    after = city.state(valid=asked.valid_from, branch=branch.name)
    ours = _settled(city, history, branch, asked, common, ours, after)
    withdrawn = _withdrawn(city, branch, asked, ours)
    message = asked.message or f"merged {branch.name}"
    how = Importing(withdraw=withdrawn, is_metric=True, merged=branch.name, after=history.last, strict=True)
    return city.commit(
        facts_of(ours), who=asked.who, message=message, valid_from=asked.valid_from, branch=branch.base, how=how
    )


def _changed(city: City, branch: str, day: date, common: int, last: int) -> ChangeSet:
    """What a branch changed between two commits, as it holds on a day."""
    before, after = (city.state(valid=day, record=record, branch=branch) for record in (common, last))
    return changes(before, after)


def _settled(
    city: City,
    history: History,
    branch: Branch,
    asked: Merging,
    common: int,
    ours: ChangeSet,
    after: StoreState,
) -> ChangeSet:
    """What is to be committed once it is clear whose word holds.

    Raises:
        Conflict: When nobody said so.
    """
    days = [asked.valid_from, *_later_days(city, history, branch.base, common, asked.valid_from)]
    theirs = [_changed(city, branch.base, day, common, history.last) for day in days]
    found = [_dated(city, history, branch, common, clash) for clash in clashes(ours, theirs)]
    if found and asked.prefer is None:
        raise Conflict.of(clash.fault(branch.name, branch.base) for clash in found)
    return yielding(ours, found) if asked.prefer == MAIN else revived(ours, found, after.rows)


def _dated(city: City, history: History, branch: Branch, common: int, clash: Clash) -> Clash:
    """A clash with the last commits about its object on both sides."""
    numbers = [
        max((commit.number for commit in _about(city, history, name, common, clash)), default=0)
        for name in (branch.name, branch.base)
    ]
    return replace(clash, branch_commit=numbers[0], base_commit=numbers[1])


def _about(city: City, history: History, branch: str, common: int, clash: Clash) -> Iterator[Commit]:
    for commit in history.commits[common:]:
        if commit.branch != branch:
            continue
        for sheet in city.sheets_of(commit, clash.entity):
            if clash.object_id in joined(sheet.read([ID])[ID]).to_pylist():
                yield commit


def _later_days(city: City, history: History, branch: str, common: int, day: date) -> list[date]:
    """Days after a day from which on something else holds on a branch, by what it was told since."""
    found: set[int] = set()
    for commit in history.commits[common:]:
        if commit.branch == branch:
            for entity in {part.entity for part in commit.parts}:
                for sheet in city.sheets_of(commit, entity):
                    found |= set(np.unique(sheet.keys.start).tolist())
    after = (day - _EPOCH).days
    return [_EPOCH + timedelta(days=number) for number in sorted(found) if number > after and number < _LAST]


_LAST = (FOREVER - _EPOCH).days


def _own_days(city: City, history: History, branch: Branch, common: int) -> list[date]:
    """Days from which on a branch says something of its own."""
    days = _later_days(city, history, branch.name, common, BEGINNING)
    return [day for day in days if not _changed(city, branch.name, day, common, history.last).is_empty]


def _withdrawn(city: City, branch: Branch, asked: Merging, ours: ChangeSet) -> dict[str, tuple[str, ...]]:
    """Claims that the base makes and the branch took back."""
    state = city.state(valid=asked.valid_from, branch=branch.base)
    found: dict[str, tuple[str, ...]] = {}
    for name, changed in ours.entities.items():
        if changed.claimed is not None:
            gone = state.rows(name).complete - changed.claimed
            found |= {name: tuple(sorted(gone))} if gone else {}
    return found

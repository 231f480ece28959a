"""The ground two checks stand on together, by which corrections are told from what happened; also on two branches."""

from __future__ import annotations

from tulou.model.changes import applied, changes
from tulou.model.state import State
from tulou.model.store.city import City, StoreState
from tulou.model.store.history import History


def state_between(city: City, before: StoreState, after: StoreState) -> State:
    """The city on the day of the one check as known at the record of the other.

    On one branch that is a state of the store. Of two branches only the part of the log that both rest on can correct
    what the other knew; what either branch says of its own is a change of the city, since it is a project or a plan.

    Args:
        city: The city.
        before: State of the one check.
        after: State of the other.
    """
    one, other = (_cutoffs(state.history, state.branch, _record(state)) for state in (before, after))
    common = next(branch for branch in one if branch in other)
    day = before.moment.valid
    as_known = city.state(valid=day, record=other[common], branch=common)
    if before.branch == common:
        return as_known
    corrected = changes(city.state(valid=day, record=one[common], branch=common), as_known)
    return applied(before, corrected)


def _record(state: StoreState) -> int:
    return state.history.resolve(state.moment.record)


def _cutoffs(history: History, branch: str, record: int) -> dict[str, int]:
    """Branches that a state rests on, its own first, each with the last commit that counts of it."""
    found: dict[str, int] = {}
    name, upto = branch, record
    while name:
        found[name] = upto
        at = history.branch(name)
        name, upto = at.base, min(upto, at.commit)
    return found

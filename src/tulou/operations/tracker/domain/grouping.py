"""Commitments in groups, and how many of each group stand where: by clause, by body, by the day they are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from tulou.kernel.words import Words
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.standing import ENDED, STATES, Standing, State

Way = Literal["clause", "body", "due"]
WAYS: tuple[Way, ...] = get_args(Way)

SOON_DAYS = 30
"""Days ahead that count as soon where nobody says otherwise; a matter of display, not of judgement."""

CLOSING = "26"
"""Number under which the register holds the closing section (八), which has no number of its own."""

NOBODY = Words("未设定牵头单位", "No lead body set")
NO_DAY = Words("未设定时限", "No day set")


@dataclass(frozen=True)
class Group:
    """Some commitments that belong together.

    Args:
        key: Number of the clause, id of the body, or the day; empty for what has none.
        title: What the group is called.
        commitments: Ids, in the order of the clauses.
    """

    key: str
    title: Words
    commitments: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How many commitments of a group stand where.

    Args:
        states: Number by state, for every state.
        overdue: Number whose day has passed and that are neither done nor verified.
        soon: Number that are due soon and neither done nor verified.
        unset: Number for which nobody set a lead body, or a day.
    """

    states: Mapping[State, int]
    overdue: int
    soon: int
    unset: int

    @property
    def total(self) -> int:
        """All commitments of the group."""
        return sum(self.states.values())


Why = Literal["overdue", "milestone", "soon"]
"""Why something presses: the commitment is past its day, one of its milestones is, or either is due soon."""


@dataclass(frozen=True)
class Press:
    """Something that is past its day or due soon.

    Args:
        commitment: Id of the commitment.
        day: The day it was or is due.
        why: Why it presses.
        step: Id of the milestone; empty for the commitment itself.
    """

    commitment: str
    day: date
    why: Why
    step: str = ""


def clause_name(number: str) -> str:
    """How a clause is called: its number, or 八 for the closing section."""
    return "八" if number == CLOSING else number


def groups(agenda: Agenda, way: Way) -> tuple[Group, ...]:
    """All commitments in groups.

    With ``body`` one may stand in several, since it names those that lead and support; bodies of the city come first.
    """
    if way == "clause":
        return tuple(
            Group(clause, listed[0].title, tuple(one.id for one in listed))
            for clause, listed in agenda.clauses().items()
        )
    return _by_body(agenda) if way == "body" else _by_due(agenda)


def counts(standings: Mapping[str, Standing], names: Iterable[str], day: date, soon: int = SOON_DAYS) -> Counts:
    """How many of some commitments stand where.

    Args:
        standings: Where each stands.
        names: The commitments counted.
        day: The day that is asked about.
        soon: Days ahead that count as soon.
    """
    chosen = [standings[name] for name in names]
    states: dict[State, int] = {state: sum(one.state == state for one in chosen) for state in STATES}
    return Counts(
        states,
        sum(one.is_overdue for one in chosen),
        sum(is_soon(one, day, soon) for one in chosen),
        sum(bool({"lead", "due"} & set(one.lacks)) for one in chosen),
    )


def pressing(standings: Mapping[str, Standing], day: date, soon: int = SOON_DAYS) -> tuple[Press, ...]:
    """What is past its day or due soon, milestones too; the longest past first.

    Args:
        standings: Where every commitment stands.
        day: The day that is asked about.
        soon: Days ahead that count as soon.
    """
    found = [press for one in standings.values() for press in _presses(one, day, soon)]
    return tuple(sorted(found, key=lambda press: (press.day, press.commitment, press.step)))


def _presses(one: Standing, day: date, soon: int) -> Iterator[Press]:
    name, due = one.commitment.id, one.commitment.due
    if one.state in ENDED:
        return
    if due is not None and (one.is_overdue or is_soon(one, day, soon)):
        yield Press(name, due, "overdue" if one.is_overdue else "soon")
    for step in one.commitment.milestones:
        if step.due is not None and step.id not in (one.reached or {}) and (step.due - day).days <= soon:
            yield Press(name, step.due, "milestone" if step.due < day else "soon", step.id)


def is_soon(one: Standing, day: date, soon: int = SOON_DAYS) -> bool:
    """Whether a commitment is due within some days from a day on, and neither done nor verified."""
    due = one.commitment.due
    return due is not None and one.state not in ENDED and 0 <= (due - day).days <= soon


def _by_body(agenda: Agenda) -> tuple[Group, ...]:
    ordered = sorted(agenda.bodies, key=lambda name: agenda.bodies[name].setter != "city")
    listed: dict[str, list[str]] = {name: [] for name in ordered}
    nobody = [one.id for one in agenda.commitments.values() if not one.lead]
    for one in agenda.commitments.values():
        for name in one.bodies:
            listed[name].append(one.id)
    found = [Group(name, agenda.bodies[name].title, tuple(names)) for name, names in listed.items() if names]
    return (*found, Group("", NOBODY, tuple(nobody))) if nobody else tuple(found)


def _by_due(agenda: Agenda) -> tuple[Group, ...]:
    listed: dict[date, list[str]] = {}
    for one in agenda.commitments.values():
        if one.due is not None:
            listed.setdefault(one.due, []).append(one.id)
    unset = tuple(one.id for one in agenda.commitments.values() if one.due is None)
    found = [Group(f"{due}", Words(f"{due}", f"{due}"), tuple(listed[due])) for due in sorted(listed)]
    return (*found, Group("", NO_DAY, unset)) if unset else tuple(found)

"""Flows: which states a case of one kind goes through, who may move it, what that needs, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.operations.cases.domain.fields import Field
from tulou.operations.cases.domain.limits import DutyHours, Limit

Need = Literal["reason", "evidence", "body", "limit", "more", "milestone", "name", "pass"]
NEEDS: tuple[Need, ...] = get_args(Need)
"""What a transition may ask for: a reason in words, a file, the body that is to handle it, a time limit, an extension,
the milestone that was reached, the name of the one who signs, an indicator that passes again."""

Subject = Literal["matter", "finding"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
"""What a case of a flow is about: a matter somebody reports, or a finding of a check."""


@dataclass(frozen=True)
class Body:
    """A body that acts in some roles.

    Args:
        id: Its id.
        title: Its name.
        roles: Roles it may act in.
    """

    id: str
    title: Words
    roles: tuple[str, ...]


@dataclass(frozen=True)
class CaseState:
    """A state of a case.

    Args:
        id: Its id.
        title: Its name.
        limit: How long a case may stay; None where nothing is set.
        within: State whose clock goes on here; empty when the state has a clock of its own.
        is_paused: Whether the clocks stand.
        is_end: Whether the case is over.
    """

    id: str
    title: Words
    limit: Limit | None = None
    within: str = ""
    is_paused: bool = False
    is_end: bool = False

    @property
    def clock(self) -> str:
        """The state whose clock runs here."""
        return self.within or self.id


@dataclass(frozen=True)
class Following:
    """Cases of another flow that follow from a transition: one for each entry of a list that is stated with it.

    Args:
        flow: Id of their flow.
        each: Field of this flow that lists what they are about.
        count: Field of this flow that says how many there are.
        cases: Field of this flow that keeps their ids, in the order of the list.
        carry: Fields that they take over.
        states: What else they state.
        origin: Field of theirs that keeps the id of the case they follow from.
    """

    flow: str
    each: str
    count: str
    cases: str
    carry: tuple[str, ...]
    states: Mapping[str, str]
    origin: str


@dataclass(frozen=True)
class Transition:
    """A way from one state to another.

    Args:
        id: Its id.
        title: Its name.
        sources: States it leads from.
        to: State it leads to; empty when the case stays where it is.
        roles: Roles that may do it.
        needs: What it asks for.
        fields: Fields of the case that are stated with it.
        opens: Cases that follow from it; None for none.
    """

    id: str
    title: Words
    sources: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    fields: tuple[str, ...] = ()
    opens: Following | None = None


@dataclass(frozen=True)
class Milestone:
    """A staged limit: a step that is due before the whole is.

    Args:
        id: Its id.
        title: What is to be reached.
        limit: By when, counted as the limit of the state it belongs to.
    """

    id: str
    title: Words
    limit: Limit


@dataclass(frozen=True)
class CaseClass:
    """A class of cases with limits of its own.

    Args:
        id: Its id.
        title: Its name.
        limits: Limits by state that take the place of the usual ones.
        milestones: Staged limits by state.
        limit: Limit of the whole; that of the flow when None.
        fields: Fields that cases of this class state beside those of the flow.
    """

    id: str
    title: Words
    limits: Mapping[str, Limit] = field(default_factory=dict)
    milestones: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    limit: Limit | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Separation:
    """Whoever did one thing may not do another in the same case.

    Args:
        did: Transitions done.
        may_not: Transitions that are closed to the same body, and to the same hand.
    """

    did: tuple[str, ...]
    may_not: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """Who is told of a time limit.

    Args:
        after: How long after the due moment, or, of a reminder, how long before it; None for at once.
        to: Role that is told.
    """

    after: Limit | None
    to: str


@dataclass(frozen=True)
class Flow:
    """One version of a flow.

    Args:
        id: Its id.
        title: Its name.
        version: Name of the version.
        since: First day on which cases are opened by it.
        source: Where it comes from.
        about: One of ``SUBJECTS``.
        start: State in which a case is opened.
        opens: Roles that may open one.
        migrates: Roles that may move running cases to another version.
        handles: Role of the body that a case is given to; nobody else acts in it then.
        limit: Limit of the whole, from opening to end; None where nothing is set.
        duty: Duty hours.
        roles: Roles by id.
        bodies: Bodies by id.
        states: States by id.
        transitions: Transitions by id.
        classes: Classes of cases by id.
        separations: What one body may not do both.
        escalations: Who is called when a state is overdue, in order.
        reminders: Who is reminded before something is due.
        fields: What its cases state, by id.
        back: How far back an opening may be dated; None for any time.
        digest: Digest of its text.
        text: Its text, with everything it takes to read it again.
    """

    id: str
    title: Words
    version: str
    since: date
    source: str
    about: Subject
    start: str
    opens: tuple[str, ...]
    migrates: tuple[str, ...]
    handles: str
    limit: Limit | None
    duty: DutyHours
    roles: Mapping[str, Words]
    bodies: Mapping[str, Body]
    states: Mapping[str, CaseState]
    transitions: Mapping[str, Transition]
    classes: Mapping[str, CaseClass]
    separations: tuple[Separation, ...]
    escalations: tuple[Call, ...]
    reminders: tuple[Call, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    back: timedelta | None = None
    digest: str = ""
    text: str = ""

    def body(self, name: str) -> Body:
        """One body.

        Raises:
            BadUse: When there is none of that id; offers the nearest.
        """
        if name not in self.bodies:
            raise BadUse("this flow knows no such body", where=self.id, found=name, allowed=sorted(self.bodies))
        return self.bodies[name]

    def case_class(self, name: str) -> CaseClass | None:
        """One class of cases; None for the empty name.

        Raises:
            BadUse: When there is none of that id; offers the nearest.
        """
        if not name:
            return None
        if name not in self.classes:
            allowed = sorted(self.classes) or ("none: this flow has no classes",)
            raise BadUse("this flow has no such class of cases", where=self.id, found=name, allowed=allowed)
        return self.classes[name]

    def fields_of(self, case_class: str) -> Mapping[str, Field]:
        """Fields of the cases of a class, by id."""
        kind = self.classes.get(case_class)
        return {**self.fields, **kind.fields} if kind else self.fields

    def needed_to_open(self, case_class: str) -> tuple[str, ...]:
        """Fields that an opening must state: those needed that no transition states later."""
        later = {name for one in self.transitions.values() for name in one.fields}
        return tuple(name for name, one in self.fields_of(case_class).items() if one.is_needed and name not in later)

    def leading_from(self, state: str) -> tuple[Transition, ...]:
        """Transitions that lead from a state."""
        return tuple(one for one in self.transitions.values() if state in one.sources)

    def holders(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Bodies that hold one of some roles."""
        return tuple(name for name, one in self.bodies.items() if set(roles) & set(one.roles))

    def closed_to(self, transition: str) -> frozenset[str]:
        """Transitions that whoever did them keeps from doing this one."""
        return frozenset(name for one in self.separations if transition in one.may_not for name in one.did)

"""What is tracked: commitments with bodies, dates, targets and the evidence asked for, and who set each of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

Setter = Literal["document", "rulebook", "city"]
"""Who set something: the policy itself, our rulebook as a proposal, or the province or city in a file of its own."""

Rhythm = Literal["", "regular", "continuing", "timely", "when_fit"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
"""How often a thing is to be done, where the policy says it instead of a date."""

BODY_KINDS = ("party", "government", "department", "institution", "company", "public")
WAYS_UP = ("report", "apply")
"""Why something goes upward: to be reported and decided there, or as an application."""

TARGET_WAYS = ("at_least", "at_most")


@dataclass(frozen=True)
class Body:
    """A body that leads, supports, gives evidence or confirms.

    Args:
        id: Its id.
        title: Its name.
        kind: One of ``BODY_KINDS``.
        setter: Who named it.
    """

    id: str
    title: Words
    kind: str
    setter: Setter


@dataclass(frozen=True)
class Target:
    """What is to be reached.

    Args:
        says: The target in words.
        indicator: Indicator that tells; empty when only evidence can.
        value: Value to reach, in the unit of the indicator; None when there is none.
        way: ``at_least`` or ``at_most``.
    """

    says: Words
    indicator: str = ""
    value: float | None = None
    way: str = "at_least"

    def is_met(self, value: float) -> bool:
        """Whether a value of the indicator reaches the target; a target without a value is never met by a figure."""
        if self.value is None:
            return False
        return value >= self.value if self.way == "at_least" else value <= self.value


@dataclass(frozen=True)
class Milestone:
    """A step on the way.

    Args:
        id: Its id within the commitment.
        title: What is to be there.
        due: By when; None when nobody set a day.
    """

    id: str
    title: Words
    due: date | None = None


@dataclass(frozen=True)
class Upward:
    """Something that the policy asks to take to a higher body.

    Args:
        way: One of ``WAYS_UP``.
        to: Bodies it goes to; empty where the policy does not name them.
    """

    way: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Commitment:
    """One commitment as it is tracked.

    Args:
        id: Its id, e.g. ``12.3``.
        clause: Number of its clause.
        title: Title of the clause.
        says: What is promised, in our own words.
        kind: ``computed`` or ``tracked``.
        sentences: Ordinals of the sentences of the clause that it accounts for.
        indicators: Indicators that serve it.
        shown_by: What evidence would show it, in words.
        needs: Kinds of evidence that *done* asks for.
        lead: Bodies that lead.
        supporting: Bodies that support.
        places: Places it is about.
        rhythm: How often, where no date is set.
        due: By when; None when nobody set a day.
        target: What is to be reached; None when nobody set it.
        baseline: Id of the check that progress is counted from; empty when nobody set it.
        milestones: Steps on the way.
        upward: What goes to a higher body.
        setters: Who set each of the fields that are set.
    """

    id: str
    clause: str
    title: Words
    says: Words
    kind: str
    sentences: tuple[int, ...]
    indicators: tuple[str, ...]
    shown_by: Words
    needs: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    rhythm: Rhythm = ""
    due: date | None = None
    target: Target | None = None
    baseline: str = ""
    milestones: tuple[Milestone, ...] = ()
    upward: Upward | None = None
    setters: Mapping[str, Setter] = field(default_factory=dict)

    @property
    def bodies(self) -> tuple[str, ...]:
        """Bodies that lead or support, each once."""
        return tuple(dict.fromkeys((*self.lead, *self.supporting)))


@dataclass(frozen=True)
class General:
    """What a policy says of every commitment for which it names nobody.

    Args:
        answers: Bodies that answer for the whole.
        carries_out: Bodies that carry it out.
        together: Bodies that work together.
        basis: Where the policy says so.
    """

    answers: tuple[str, ...]
    carries_out: tuple[str, ...]
    together: tuple[str, ...]
    basis: Words


@dataclass(frozen=True)
class Agenda:
    """All that is tracked of a city.

    Args:
        documents: Titles of the policies.
        commitments: Commitments by id, in the order of the clauses.
        bodies: Bodies by id.
        places: Places by id.
        evidence: Kinds of evidence by id.
        general: What holds where nobody is named; None when no policy says it.
        baseline: Id of the check that progress is counted from where a commitment sets none.
    """

    documents: tuple[Words, ...]
    commitments: Mapping[str, Commitment]
    bodies: Mapping[str, Body]
    places: Mapping[str, Words]
    evidence: Mapping[str, Words]
    general: General | None = None
    baseline: str = ""

    def commitment(self, name: str) -> Commitment:
        """One commitment.

        Raises:
            BadUse: When there is none of that id; offers the nearest.
        """
        if name not in self.commitments:
            raise BadUse("there is no such commitment", where="commitment", found=name, allowed=self.commitments)
        return self.commitments[name]

    def body(self, name: str) -> Body:
        """One body.

        Raises:
            BadUse: When nobody is known by that id: a city names its bodies in its own tracking file.
        """
        if name not in self.bodies:
            allowed = (*sorted(self.bodies), "a body that the city's own tracking.yaml names")
            raise BadUse("there is no such body", where="body", found=name, allowed=allowed)
        return self.bodies[name]

    def body_title(self, name: str) -> Words:
        """The name of a body; its id where no page names it any more."""
        return self.bodies[name].title if name in self.bodies else Words(name, name)

    def kind(self, name: str) -> Words:
        """The title of one kind of evidence.

        Raises:
            BadUse: When there is no such kind.
        """
        if name not in self.evidence:
            raise BadUse("there is no such kind of evidence", where="--kind", found=name, allowed=sorted(self.evidence))
        return self.evidence[name]

    def clauses(self) -> dict[str, tuple[Commitment, ...]]:
        """Commitments by clause, in order."""
        found: dict[str, list[Commitment]] = {}
        for one in self.commitments.values():
            found.setdefault(one.clause, []).append(one)
        return {clause: tuple(listed) for clause, listed in found.items()}

"""Who answers for a case: rules with dates, which grow from disputes that were settled.

Parts of the city go to their owner first, then to the territory; events to the territory first, then to the owner.
A rule that came out of a settled dispute and was adopted goes before both. Among rules that fit, the one that says more
of the case decides; where two that say as much name different bodies, nobody is suggested and both are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

from tulou.kernel.identity import digest_text
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.events import Event

Matter = Literal["part", "event"]
MATTERS: tuple[Matter, ...] = ("part", "event")
OWNER = "@owner"
"""Stands for the body that owns what the case is about."""

PRECEDENT, FIRST, SECOND, REST = range(4)
"""Ranks: settled and adopted; what comes first for the matter; what comes second; what names neither."""

SHOWN = 8


@dataclass(frozen=True)
class Terms:
    """Under which names the cases of a flow state what rules look at.

    Args:
        flow: Id of the flow.
        dispatched: Transition that gives a case to a body.
        returned: Transition by which a body says that a case is not its own.
        settled: Transition by which an arbiter decides, with a name.
        topic: Field that tells what the case is about; its class when empty.
        part: Field that names a part of the city; a case that states it is about a part, any other about an event.
        owner: Field of the owner.
        territory: Field of the territory; the place of the case when empty.
        letters: Letters of a territory's code that a settled dispute speaks for; all of them when 0.
    """

    flow: str
    dispatched: str
    returned: str
    settled: str
    topic: str = ""
    part: str = ""
    owner: str = ""
    territory: str = ""
    letters: int = 0


@dataclass(frozen=True)
class Question:
    """What rules look at in a case.

    Args:
        topic: What it is about.
        matter: ``part`` or ``event``.
        owner: Its owner; empty where it is not known.
        territory: Where it is; empty where it is not known.
    """

    topic: str
    matter: Matter
    owner: str
    territory: str


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        id: Its id; for an adopted one, that of its case.
        flow: Flow whose cases it is for.
        body: Body that answers, or ``@owner``.
        since: From when it holds.
        until: Until when; None while it holds.
        topics: What it is for; anything when empty.
        matter: ``part`` or ``event``; either when empty.
        owners: Owners it is for; any when empty.
        territories: Territories it is for, or beginnings of their codes; any when empty.
        source: Where it comes from.
        precedents: Cases out of whose disputes it came.
    """

    id: str
    flow: str
    body: str
    since: datetime
    until: datetime | None = None
    topics: tuple[str, ...] = ()
    matter: Matter | Literal[""] = ""
    owners: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    source: str = ""
    precedents: tuple[str, ...] = ()

    def holds(self, moment: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)

    def fits(self, asked: Question) -> bool:
        """Whether it is for a case."""
        return (
            self.matter in {"", asked.matter}
            and (not self.topics or asked.topic in self.topics)
            and (not self.owners or asked.owner in self.owners)
            and (not self.territories or any(_within(asked.territory, one) for one in self.territories))
            and (self.body != OWNER or bool(asked.owner))
        )

    def rank(self, matter: Matter) -> tuple[int, int]:
        """Where it stands among rules that fit: the lower the earlier."""
        said = sum(bool(one) for one in (self.topics, self.matter, self.owners, self.territories))
        if self.precedents:
            return PRECEDENT, -said
        first, second = (self._is_owners, self.territories) if matter == "part" else (self.territories, self._is_owners)
        return (FIRST if first else SECOND if second else REST), -said

    @property
    def _is_owners(self) -> bool:
        return bool(self.owners) or self.body == OWNER


@dataclass(frozen=True)
class Suggestion:
    """Who is suggested.

    Args:
        body: The body; empty when no rule fits or rules disagree.
        rules: Rules that say so; those that disagree where no body is suggested.
    """

    body: str
    rules: tuple[Rule, ...]

    @property
    def is_disputed(self) -> bool:
        """Whether rules disagree."""
        return not self.body and bool(self.rules)


@dataclass(frozen=True)
class Settlement:
    """A dispute that was settled.

    Args:
        case: Id of the case.
        event: Number of the event that settled it.
        happened: When.
        who: Who decided.
        reason: Why.
        body: Body that answers.
        returned: Bodies that said it was not theirs.
        asked: What the case was about.
    """

    case: str
    event: int
    happened: datetime
    who: str
    reason: str
    body: str
    returned: tuple[str, ...]
    asked: Question


@dataclass(frozen=True)
class Proposal:
    """A rule that settled disputes propose; it holds once a named person adopts it.

    Args:
        id: Its id, the same whenever it is worked out.
        flow: Flow whose cases it is for.
        topic: What it is for.
        owner: Owner it is for; empty where it speaks of a territory.
        territory: Territory it is for.
        matter: ``part`` or ``event``.
        body: Body that answers.
        precedents: Disputes that say so, in order.
        against: Disputes of the same kind that were settled otherwise.
    """

    id: str
    flow: str
    topic: str
    owner: str
    territory: str
    matter: Matter
    body: str
    precedents: tuple[Settlement, ...]
    against: tuple[Settlement, ...]


def question_of(case: Case, terms: Terms) -> Question:
    """What rules look at in a case."""
    stated = case.fields
    given = stated.get(terms.topic, "") if terms.topic else case.case_class
    topic = "/".join(given) if isinstance(given, list) else str(given)
    territory = str(stated.get(terms.territory, "")) if terms.territory else ""
    matter: Matter = "part" if terms.part and stated.get(terms.part) else "event"
    return Question(topic, matter, str(stated.get(terms.owner, "")), territory or case.place)


def suggested(asked: Question, rules: Iterable[Rule], moment: datetime) -> Suggestion:
    """Who answers for a case by the rules of a moment."""
    fitting = [one for one in rules if one.holds(moment) and one.fits(asked)]
    if not fitting:
        return Suggestion("", ())
    best = min(one.rank(asked.matter) for one in fitting)
    deciding = tuple(one for one in fitting if one.rank(asked.matter) == best)
    bodies = {asked.owner if one.body == OWNER else one.body for one in deciding}
    return Suggestion(bodies.pop() if len(bodies) == 1 else "", deciding)


def conflicts(rules: Sequence[Rule], moment: datetime) -> list[tuple[Rule, Rule]]:
    """Pairs of rules in force that say as much as each other of some case, and name different bodies."""
    held = [one for one in rules if one.holds(moment)]
    return [pair for pair in combinations(held, 2) if pair[0].body != pair[1].body and _meet(*pair)]


def settlements(case: Case, events: Iterable[Event], terms: Terms) -> Iterator[Settlement]:
    """Disputes of a case that were settled, in order.

    Args:
        case: The case as it stands.
        events: Its events.
        terms: Names of its flow.
    """
    returned: list[str] = []
    for event in events:
        if event.move == terms.returned:
            returned.append(event.by)
        elif event.move == terms.settled and returned:
            reason, body = str(event.facts.get("reason", "")), str(event.facts["body"])
            asked = question_of(case, terms)
            yield Settlement(case.id, event.number, event.happened, event.who, reason, body, tuple(returned), asked)
            returned = []


def proposals(found: Iterable[Settlement], terms: Terms, decided: Mapping[str, datetime | None]) -> list[Proposal]:
    """Rules that settled disputes propose, in the order of their last precedent.

    Args:
        found: Disputes of the cases of one flow.
        terms: Names of the flow.
        decided: Proposals that were adopted (None), refused or repealed (when); of the latter only later disputes
            count.
    """
    alike: dict[tuple[str, str, str, Matter], list[Settlement]] = defaultdict(list)
    for one in found:
        asked = one.asked
        owner = asked.owner if asked.matter == "part" else ""
        territory = "" if owner else asked.territory[: terms.letters or None]
        alike[asked.topic, owner, territory, asked.matter].append(one)
    made = []
    for (topic, owner, territory, matter), group in alike.items():
        for body in sorted({one.body for one in group}):
            name = proposal_name(terms.flow, topic, owner, territory, matter, body)
            since = decided.get(name)
            if name in decided and since is None:
                continue
            told = [one for one in group if since is None or one.happened > since]
            precedents = tuple(one for one in told if one.body == body)
            against = tuple(one for one in told if one.body != body)
            if precedents:
                made.append(
                    Proposal(name, terms.flow, topic, owner, territory, matter, body, precedents, against)
                )  # fmt: skip
    return sorted(made, key=lambda one: one.precedents[-1].event)


def proposal_name(*said: str) -> str:
    """Id of a proposal: of what it says."""
    return "P" + digest_text("\n".join(said))[:SHOWN]


def _within(territory: str, part: str) -> bool:
    return territory == part or (part.isdigit() and territory.startswith(part))


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two rules may fit the same case with the same rank."""
    if one.flow != other.flow or not _overlap(one.topics, other.topics) or not _overlap(one.owners, other.owners):
        return False
    if not _near(one.territories, other.territories):
        return False
    kinds = [kind for kind in MATTERS if {one.matter, other.matter} <= {"", kind}]
    return any(one.rank(kind) == other.rank(kind) for kind in kinds)


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _near(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or any(_within(a, b) or _within(b, a) for a in one for b in other)

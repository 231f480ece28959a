"""Who answers for the cases of a city: rules of its rulebooks, rules that were adopted, rules that disputes propose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from tulou.app.casework import Casework
from tulou.kernel.errors import BadUse
from tulou.operations.cases.adapters.responsibility import Responsibility, read_responsibility
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.responsibility import (
    Matter,
    Proposal,
    Rule,
    Suggestion,
    Terms,
    conflicts,
    proposals,
    question_of,
    settlements,
    suggested,
)
from tulou.operations.cases.handlers.acting import Act, Subject, case_of
from tulou.operations.cases.handlers.recording import History, Step

FLOW = "responsibility_rule"
ADOPT, REFUSE = "adopt", "refuse"
NO_BODY = "no rule says who answers for this case; give the body"
DISAGREE = "rules disagree on who answers for this case; give the body"


@dataclass(eq=False)
class Rules:
    """The rules of one city.

    Args:
        work: Its cases.
        moment: The moment that is looked at.
    """

    work: Casework
    moment: datetime

    @cached_property
    def read(self) -> Responsibility:
        """Rules of the rulebooks.

        Raises:
            BadInput: When a page cannot be read.
        """
        return read_responsibility(self.work.names, self.work.flows)

    @cached_property
    def decided(self) -> list[Case]:
        """Cases of rules that were proposed, adopted, refused or repealed."""
        return [one for one in self.work.cases(self.work.clock()).values() if one.flow == FLOW]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, also those that hold no more."""
        adopted = [_rule_of(one) for one in self.decided if one.counts.get(ADOPT)]
        return (*self.read.rules, *adopted)

    @property
    def held(self) -> list[Rule]:
        """Rules in force at the moment."""
        return [one for one in self.rules if one.holds(self.moment)]

    @property
    def conflicts(self) -> list[tuple[Rule, Rule]]:
        """Pairs of rules in force that disagree."""
        return conflicts(self.rules, self.moment)

    def proposals(self) -> list[Proposal]:
        """Rules that settled disputes propose and nobody has decided on."""
        decided: dict[str, datetime | None] = {}
        for one in self.decided:
            decided[one.fields["proposal"]] = None if one.state in {"in_force", "proposed"} else one.last
        cases = self.work.cases(self.moment)
        found = []
        for terms in self.read.terms.values():
            disputed = [
                one for one in cases.values()
                if one.flow == terms.flow and one.counts.get(terms.returned) and one.counts.get(terms.settled)
            ]  # fmt: skip
            told = [each for one in disputed for each in settlements(one, self.work.store.events(one.id), terms)]
            found += proposals([one for one in told if one.happened <= self.moment], terms, decided)
        return found

    def suggestion(self, case: Case) -> Suggestion:
        """Who answers for a case by the rules of the moment."""
        terms = self.read.terms.get(case.flow)
        if terms is None:
            return Suggestion("", ())
        rules = [one for one in self.rules if one.flow == case.flow]
        return suggested(question_of(case, terms), rules, self.moment)

    def decide(self, name: str, move: str, act: Act) -> tuple[Event, ...]:
        """Adopt or refuse a proposed rule; the rule holds from the moment on at which it was adopted.

        Args:
            name: Id of the proposal.
            move: ``adopt`` or ``refuse``.
            act: Who does it, when and why; a named person.

        Raises:
            BadUse: When there is no such proposal, or the body may not.
        """
        found = {one.id: one for one in self.proposals()}
        if name not in found:
            allowed = tuple(found) or ("none: no settled dispute proposes a rule",)
            raise BadUse("there is no such proposal", where="PROPOSAL", found=name, allowed=allowed)
        flow = self.work.flows.on(FLOW, act.happened.date())
        opened = replace(act, facts={}, fields=_fields(found[name]))
        history = History(flow, Subject(_title(found[name])), opened, (Step(move, act),))
        return self.work.open_many([history])


def dispatched(work: Casework, name: str, move: str, act: Act) -> tuple[Act, Suggestion | None]:
    """An act with the body that the rules of its day suggest, where it gives a case to a body and names none.

    Args:
        work: The cases.
        name: Id of the case.
        move: Id of the transition.
        act: Who makes it, when, with what.

    Returns:
        The act, and the suggestion; None where none was asked for.

    Raises:
        BadUse: When no rule fits, or rules disagree.
    """
    case, flow = case_of(work.store, name)
    rules = Rules(work, act.happened)
    terms: Terms | None = rules.read.terms.get(flow.id)
    if terms is None or move != terms.dispatched or move not in {one.id for one in flow.leading_from(case.state)}:
        return act, None
    found = rules.suggestion(case)
    if act.facts.get("body"):
        return act, found
    if not found.body:
        told = [f"{one.id}: {one.body}" for one in found.rules] or ["--to BODY"]
        raise BadUse(DISAGREE if found.is_disputed else NO_BODY, where=f"{name}: --to", found=None, allowed=told)
    stated = [{"id": one.id, "since": one.since.isoformat(), "source": one.source} for one in found.rules]
    return replace(act, facts={**act.facts, "body": found.body, "rules": stated}), found


def _rule_of(case: Case) -> Rule:
    """The rule that a case of a rule is, or was."""
    stated = case.fields
    matter: Matter = "part" if stated["matter"] == "part" else "event"
    return Rule(
        case.id,
        stated["flow"],
        stated["body"],
        case.ended or case.last,
        case.last if case.state == "repealed" else None,
        _one(stated.get("topic")),
        matter,
        _one(stated.get("owner")),
        _one(stated.get("territory")),
        case.title,
        tuple(stated["precedents"]),
    )


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _fields(found: Proposal) -> dict[str, object]:
    return {
        "proposal": found.id,
        "flow": found.flow,
        "topic": found.topic or None,
        "matter": found.matter,
        "owner": found.owner or None,
        "territory": found.territory or None,
        "body": found.body,
        "precedents": [one.case for one in found.precedents],
    }


def _title(found: Proposal) -> str:
    said: Sequence[str] = (found.topic, found.owner or found.territory)
    return f"{' / '.join(one for one in said if one)} → {found.body}"

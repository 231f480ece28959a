"""What opens a case: who does what when, what the case is about, and the event that opens it, found to be allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tulou.operations.cases.domain.events import Draft
from tulou.operations.cases.domain.fields import plain
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import ALWAYS, check_open, role_of
from tulou.operations.texts import said

NO_TITLE = "a case says what it is about"


@dataclass(frozen=True)
class Act:
    """Who does what, when.

    Args:
        by: Id of the body that does it.
        happened: When it happened.
        who: Office or person that signs for the body; may be empty.
        facts: What is given with it: reason, evidence, body, limit, more, milestone.
        fields: Fields of the case that are stated with it.
    """

    by: str
    happened: datetime
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """What a case is about.

    Args:
        title: What it is, in words.
        case_class: Its class; may be empty.
        place: Unit of the city where it is; may be empty.
        finding: The finding with its check; empty when it is about none.
        body: Body that answers for it, where that is known already.
        fields: What it states, by field of its flow or class.
    """

    title: str
    case_class: str = ""
    place: str = ""
    finding: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def opening(name: str, flow: Flow, subject: Subject, act: Act) -> Draft:
    """The event that opens a case, found to be allowed.

    Raises:
        BadUse: When the flow does not allow it.
    """
    facts = {
        **{key: value for key, value in act.facts.items() if key in ALWAYS},
        "flow": flow.digest,
        "class": subject.case_class,
        "title": said(subject.title, "--text", NO_TITLE),
        "place": subject.place,
        "finding": dict(subject.finding),
        "body": subject.body if subject.body in flow.holders((flow.handles,)) else "",
        "fields": {key: plain(value) for key, value in {**subject.fields, **act.fields}.items() if value is not None},
    }
    draft = Draft(name, "open", "", act.by, role_of(flow, flow.opens, act.by), act.happened, act.who, facts)
    check_open(flow, draft)
    return draft

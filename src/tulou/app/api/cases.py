"""Cases of a city over HTTP: listed with their clocks, one with its history and what may be done, and moved.

Who signed for a body is on record and is not told here; numbers by which a person could be reached are masked in texts;
of evidence its digest and size are told, not its name.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from tulou.app.api.accounts import Token, permit_of
from tulou.app.api.checks import bare
from tulou.app.api.features import Paged
from tulou.app.api.problems import Missing
from tulou.app.api.processes import sent_file
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.case_lines import plain
from tulou.app.case_rules import dispatched
from tulou.app.casework import FACTS, Casework, open_casework, parse_limit
from tulou.kernel.errors import BadUse, Fault
from tulou.kernel.words import Language
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.deadlines import Standing
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import OPTIONS, ways
from tulou.operations.cases.handlers.acting import NO_SUCH_CASE, Act, case_of
from tulou.operations.hotline.domain.masking import masked

NAMES: Mapping[str, str] = {option: need for need, option in OPTIONS.items()} | {
    "--at": "at", "--date": "happened", "--who": "who", "--text": "reason", "--to": "body", "--within": "limit",
    "--evidence": "evidence", "CASE": "case",
}  # fmt: skip
"""Names of a request, by what the command line calls the same."""
FINDING = (*FACTS, "check", "day", "value", "mark", "chain", "alarm", "sensor", "asset")
"""What is told of the finding a case is about."""
GIVEN = ("reason", "body", "milestone")

ROUTER = APIRouter(prefix="/cities/{city}/cases", tags=["cases"])
"""Cases of each city."""


class Wanted:
    """Which cases are wanted.

    Args:
        flow: Id of a flow.
        state: A state.
        body: A body.
        kind: A class.
        overdue: Only what is overdue.
        every: Also what has ended.
        at: Day or moment to look at; now when empty.
    """

    def __init__(
        self,
        flow: Annotated[str, Query(max_length=80)] = "",
        state: Annotated[str, Query(max_length=80)] = "",
        body: Annotated[str, Query(max_length=80)] = "",
        kind: Annotated[str, Query(max_length=80, alias="class")] = "",
        *,
        overdue: bool = False,
        every: Annotated[bool, Query(alias="all")] = False,
        at: Annotated[str, Query(max_length=40)] = "",
    ) -> None:
        self.equal = {"flow": flow, "state": state, "body": body, "case_class": kind}
        self.overdue, self.every, self.at = overdue, every, at

    def keeps(self, one: Standing) -> bool:
        """Whether a case is wanted."""
        return (
            (self.every or one.case.ended is None)
            and (not self.overdue or one.is_overdue)
            and all(not value or getattr(one.case, key) == value for key, value in self.equal.items())
        )


class Move(BaseModel):
    """A transition to be made, as the command line makes it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"move": "accept", "by": "supervision_centre"},
                {"move": "feed_back", "by": "urban_management", "reason": "cleaned",
                 "evidence": {"name": "after.jpg", "value": "aGVsbG8=", "encoding": "base64"}},
            ]
        },
    )  # fmt: skip

    move: Annotated[str, Field(max_length=80)]
    by: Annotated[str, Field(max_length=80)]
    happened: Annotated[str, Field(max_length=40)] = ""
    who: Annotated[str, Field(max_length=200)] = ""
    reason: Annotated[str, Field(max_length=4000)] = ""
    body: Annotated[str, Field(max_length=80)] = ""
    limit: Annotated[str, Field(max_length=40, examples=["15 working_day"])] = ""
    more: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    milestone: Annotated[str, Field(max_length=80)] = ""
    fields: Annotated[dict[str, Any], Field(max_length=200)] = {}
    evidence: dict[str, Any] | None = None


Asked = Annotated[Wanted, Depends()]


@ROUTER.get("")
def cases(shelf: Served, city: str, wanted: Asked, page: Paged, language: Speech) -> dict[str, Any]:
    """Cases with what is due."""
    work = casework(shelf, city)
    moment = _moment(work, wanted.at)
    found = [one for one in work.standings(moment) if wanted.keeps(one)]
    shown = found[page.offset : page.offset + page.limit]
    return {
        "at": moment.isoformat(),
        "matched": len(found),
        "overdue": sum(one.is_overdue for one in found),
        "cases": [_case(one, work.store.flow(one.case.digest), language) for one in shown],
    }


@ROUTER.get("/{case}")
def one_case(
    shelf: Served, city: str, case: str, language: Speech, at: Annotated[str, Query(max_length=40)] = ""
) -> dict[str, Any]:
    """One case: where it stands, what is due, what may be done now and by whom, its history."""
    return _told(_known(casework(shelf, city), case), case, at, language)


@ROUTER.post("/{case}/act")
def act(shelf: Served, city: str, case: str, asked: Move, token: Token, language: Speech) -> dict[str, Any]:
    """Make a transition of a case."""
    permit = permit_of(shelf, city, token)
    work = _known(replace(casework(shelf, city), permit=permit), case)
    try:
        _do(work, case, asked)
    except BadUse as error:
        raise type(error).of([_named(fault) for fault in error.faults]) from None
    return _told(work, case, "", language)


def casework(shelf: Shelf, city: str) -> Casework:
    """The cases of a city, as they are now."""
    folder = shelf.folder(city)
    return replace(shelf.once((city, "casework"), lambda: open_casework(folder)))


def _known(work: Casework, case: str) -> Casework:
    if not work.store.events(case):
        raise Missing(NO_SUCH_CASE, where="case", found=case)
    return work


def _moment(work: Casework, text: str) -> datetime:
    try:
        return work.moment(text, "--at")
    except (BadUse, OverflowError):
        raise BadUse("this is not a moment", where="at", found=text, allowed=("2026-11-27T09:30",)) from None


def _do(work: Casework, case: str, asked: Move) -> None:
    facts: dict[str, Any] = {key: getattr(asked, key) for key in GIVEN if getattr(asked, key)}
    if asked.more is not None:
        facts["more"] = asked.more
    if asked.limit:
        facts["limit"] = vars(parse_limit(asked.limit))
    _must_be_characters(asked.fields)
    happened = _happened(work, asked.happened)
    given = Act(asked.by, happened, asked.who.strip(), facts, asked.fields)
    work.permit("case.act", given, case_of(work.store, case)[0].place)  # before anything is told about the case
    made, _ = dispatched(work, case, asked.move, given)
    if asked.evidence is None:
        work.do(case, asked.move, made)
        return
    name, content = sent_file(asked.evidence, "evidence")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        work.do(case, asked.move, made, file)


def _must_be_characters(fields: Mapping[str, Any]) -> None:
    """Refuse fields with half a pair of surrogates, which no record can hold."""
    try:
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadUse("this text holds what is no character", where="fields") from None


def _happened(work: Casework, text: str) -> datetime:
    try:
        return work.moment(text, "--date")
    except OverflowError:
        raise BadUse("this is not a moment", where="--date", found=text, allowed=("2026-11-27T09:30",)) from None


def _named(fault: Fault) -> Fault:
    """A fault in the words of a request."""
    where = ": ".join(NAMES.get(part, part) for part in fault.where.split(": "))
    return replace(fault, where=where, allowed=tuple(NAMES.get(one, one) for one in fault.allowed))


def _told(work: Casework, case: str, at: str, language: Language) -> dict[str, Any]:
    try:
        one, flow, events = work.standing(case, _moment(work, at))
    except BadUse as error:
        raise BadUse.of([_named(fault) for fault in error.faults]) from None
    return _case(one, flow, language) | {
        "about": {key: bare(one.case.finding[key]) for key in FINDING if key in one.case.finding},
        "now": _ways(flow, one.case, language),
        "events": [_event(event, flow, language) for event in events],
    }


def _case(one: Standing, flow: Flow, language: Language) -> dict[str, Any]:
    found = {key: value for key, value in plain(one, flow).items() if key not in {"may", "counts"}}
    body = flow.bodies.get(one.case.body)
    overdue = {(item.kind, item.id) for item in one.overdue}
    for item in found["deadlines"]:
        item["overdue"] = (item["kind"], item["id"]) in overdue
    return found | {
        "title": masked(one.case.title)[0],
        "place": masked(one.case.place)[0],
        "fields": {key: _masked(value) for key, value in one.case.fields.items()},
        "says": {
            "flow": flow.title.say(language),
            "state": flow.states[one.case.state].title.say(language),
            "body": body.title.say(language) if body else "",
        },
    }


def _ways(flow: Flow, case: Case, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "move": one.id,
            "title": one.title.say(language),
            "to": one.to or case.state,
            "roles": list(one.roles),
            "bodies": list(bodies),
            "needs": list(one.needs),
            "fields": list(one.fields),
        }
        for one, bodies in ways(flow, case)
    ]


def _event(event: Event, flow: Flow, language: Language) -> dict[str, Any]:
    """An entry of the history, without who signed it."""
    facts, known = event.facts, flow.transitions.get(event.move)
    told = {key: bare(facts[key]) for key in ("body", "limit", "more", "milestone") if key in facts}
    evidence = facts.get("evidence")
    if evidence:
        told["evidence"] = {"sha256": evidence["digest"], "bytes": evidence["size"]}
    return told | {
        "number": event.number,
        "kind": event.kind,
        "move": event.move,
        "title": known.title.say(language) if known else "",
        "by": event.by,
        "role": event.role,
        "happened": event.happened.isoformat(),
        "known": event.known.isoformat(),
        "reason": masked(str(facts.get("reason", "")))[0],
    }


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked(value)[0]
    return [_masked(one) for one in value] if isinstance(value, list) else bare(value)

"""Cases of a city over HTTP: listed with their clocks, one with its history and what may be done; opened and moved."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tulou.app.api.accounts import READERS, Token, permit_of
from tulou.app.api.addresses import base_of
from tulou.app.api.case_answers import answer_of, counted, whole_answer
from tulou.app.api.features import Paged
from tulou.app.api.problems import Missing
from tulou.app.api.processes import sent_file
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.case_rules import dispatched
from tulou.app.casework import Casework, open_casework, parse_limit
from tulou.kernel.errors import BadUse, Fault
from tulou.kernel.words import Language
from tulou.operations.cases.domain.deadlines import Standing
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import OPTIONS
from tulou.operations.cases.handlers.acting import NO_SUCH_CASE, NO_TITLE, Act, Subject, case_of
from tulou.operations.texts import said

NAMES: Mapping[str, str] = {option: need for need, option in OPTIONS.items()} | {
    "--at": "at", "--date": "happened", "--who": "who", "--text": "reason", "--to": "body", "--within": "limit",
    "--evidence": "evidence", "CASE": "case", "--class": "class", "--finding": "finding", "--flow": "flow",
    "--by": "by", "--who NAME": "who",
}  # fmt: skip
"""Names of a request, by what the command line calls the same."""
GIVEN = ("reason", "body", "milestone")

OPENING_NAMES = {**NAMES, "--text": "text"}
FIELD_OPTION = "--field "
OF_MATTERS, OF_FINDINGS = "city_management", "hidden_danger"
"""Flows by which cases are opened where none is named."""
UNKNOWN = {"class": "this flow has no such class of cases", "by": "this flow knows no such body"}
CREATED = 201

ROUTER = APIRouter(prefix="/cities/{city}/cases", tags=["cases"])
"""Cases of each city."""


class Wanted:
    """Which cases are wanted.

    Args:
        flow: Id of a flow.
        state: A state.
        body: A body.
        kind: A class.
        finding: Id of the finding it is about.
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
        finding: Annotated[str, Query(max_length=400)] = "",
        *,
        overdue: bool = False,
        every: Annotated[bool, Query(alias="all")] = False,
        at: Annotated[str, Query(max_length=40)] = "",
    ) -> None:
        self.equal = {"flow": flow, "state": state, "body": body, "case_class": kind}
        self.finding, self.overdue, self.every, self.at = finding, overdue, every, at

    def keeps(self, one: Standing, *, but: str = "") -> bool:
        """Whether a case is wanted, one choice left out."""
        return (
            (self.every or one.case.ended is None)
            and (not self.overdue or one.is_overdue)
            and (not self.finding or one.case.finding.get("finding") == self.finding)
            and all(not value or key == but or getattr(one.case, key) == value for key, value in self.equal.items())
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


class Opening(BaseModel):
    """A case to be opened, as the command line opens it."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {"by": "supervision_centre", "class": "dirty_road", "text": "mud on the road", "place": "community-17"},
                {"by": "check_office", "finding": "road_density/city"},
            ]
        },
    )  # fmt: skip

    by: Annotated[str, Field(max_length=80)]
    flow: Annotated[str, Field(max_length=80)] = ""
    finding: Annotated[str, Field(max_length=400)] = ""
    kind: Annotated[str, Field(max_length=80, alias="class")] = ""
    text: Annotated[str, Field(max_length=4000)] = ""
    place: Annotated[str, Field(max_length=400)] = ""
    happened: Annotated[str, Field(max_length=40)] = ""
    who: Annotated[str, Field(max_length=200)] = ""
    fields: Annotated[dict[str, Any], Field(max_length=200)] = {}
    evidence: dict[str, Any] | None = None


Asked = Annotated[Wanted, Depends()]
Order = Literal["opened", "due"]


@ROUTER.get("", dependencies=READERS)
def cases(
    shelf: Served, city: str, wanted: Asked, page: Paged, language: Speech, order: Order = "opened"
) -> dict[str, Any]:
    """Cases with what is due, as they were opened or with what presses first."""
    work = casework(shelf, city)
    moment = _moment(work, wanted.at)
    in_any_state = [one for one in work.standings(moment) if wanted.keeps(one, but="state")]
    found = [one for one in in_any_state if wanted.keeps(one)]
    if order == "due":
        found.sort(key=_pressing)
    shown = found[page.offset : page.offset + page.limit]
    return {
        "at": moment.isoformat(),
        "matched": len(found),
        "overdue": sum(one.is_overdue for one in found),
        "states": counted(work, in_any_state, language),
        "cases": [answer_of(work, one, language) for one in shown],
    }


@ROUTER.post("", status_code=CREATED)
def opening(
    shelf: Served, request: Request, city: str, asked: Opening, token: Token, language: Speech, answer: Response
) -> dict[str, Any]:
    """Open a case about a finding of the newest check, or about a matter that is reported."""
    work = replace(casework(shelf, city), permit=permit_of(shelf, city, token))
    _must_be_characters(asked.fields)
    try:
        event = _opened(work, asked, Act(asked.by, _happened(work, asked.happened), asked.who.strip()))
    except BadUse as error:
        raise type(error).of([_named(fault, OPENING_NAMES) for fault in error.faults]) from None
    answer.headers["Location"] = f"{base_of(request, city)}/cases/{event.case}"
    return _told(work, event.case, "", language)


@ROUTER.get("/{case}", dependencies=READERS)
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


def _pressing(one: Standing) -> tuple[bool, bool, float]:
    """What is overdue comes first, then what is due next; what is due at no moment that is known comes last."""
    open_ones = [item.due.timestamp() for item in one.deadlines if item.due and item.reached is None]
    return not one.is_overdue, not open_ones, min(open_ones, default=0.0)


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
    with _file_of(asked.evidence) as file:
        work.do(case, asked.move, made, file)


def _opened(work: Casework, asked: Opening, act: Act) -> Event:
    if asked.finding:
        given = {"class": asked.kind, "place": asked.place, "fields": asked.fields, "evidence": asked.evidence}
        for name, value in given.items():
            if value:
                raise BadUse("a finding says this itself", where=name, found=str(value))
        return work.open_finding(asked.flow or OF_FINDINGS, asked.finding, act, asked.text.strip())
    flow = asked.flow or OF_MATTERS
    held = work.flows.on(flow, act.happened.date())
    if held.about == "matter":
        _must_be_known(held, asked)
    place = _said_of_place(asked.place)
    with _file_of(asked.evidence) as file:
        return work.open_matter(flow, Subject(asked.text, asked.kind, place, fields=asked.fields), act, file)


def _must_be_known(flow: Flow, asked: Opening) -> None:
    """Refuse a class or a body that the flow does not know, in the words of the request."""
    for name, value, allowed in (("class", asked.kind, flow.classes), ("by", asked.by, flow.bodies)):
        if value and value not in allowed:
            raise BadUse(UNKNOWN[name], where=name, found=value, allowed=sorted(allowed))


def _said_of_place(place: str) -> str:
    return said(place, "place", NO_TITLE) if place.strip() else ""


@contextmanager
def _file_of(evidence: Mapping[str, Any] | None) -> Iterator[Path | None]:
    """A file that came with a request, as long as a copy of it is taken; None where none came."""
    if evidence is None:
        yield None
        return
    name, content = sent_file(evidence, "evidence")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        yield file


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


def _named(fault: Fault, names: Mapping[str, str] = NAMES) -> Fault:
    """A fault in the words of a request."""
    where = ": ".join(names.get(part, part) for part in fault.where.split(": "))
    return replace(fault, where=where, allowed=tuple(_name(one, names) for one in fault.allowed))


def _name(option: str, names: Mapping[str, str]) -> str:
    if option.startswith(FIELD_OPTION):
        return f"fields.{option.removeprefix(FIELD_OPTION).partition('=')[0]}"
    return names.get(option, option)


def _told(work: Casework, case: str, at: str, language: Language) -> dict[str, Any]:
    try:
        one, _, events = work.standing(case, _moment(work, at))
    except BadUse as error:
        raise BadUse.of([_named(fault) for fault in error.faults]) from None
    return whole_answer(work, one, events, language)

"""The desks behind a GeoReport server: cases of city management, which take reports; and requests of the hotline."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Protocol

from tulou.app.casework import Casework, open_casework
from tulou.app.requesters import Asker, RequesterDesk
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.events import FIRST
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.hotline.domain.masking import masked, unnamed
from tulou.operations.hotline.domain.request import Request
from tulou.operations.open311.mapping import published, services_of
from tulou.operations.open311.questions import read_questions
from tulou.operations.open311.records import Receipt, Service, ServiceRequest, Submission

FLOW = "city_management"
RECEIVER = "supervision_centre"
CHANNEL = "open311"
MOST_TITLE = 200
REFERENCE_BYTES = 8
SEALED = Words(
    "上报人信息已加密另存。凭回执 {} 可查看谁看过；回执只在此出现一次。",
    "Who reports is sealed apart. The receipt {} shows who looked; it is said here once and kept nowhere.",
)
NOT_KEPT = Words("上报人信息未保存。", "Who reports was not kept.")


class Desk(Protocol):
    """What a GeoReport server asks of what stands behind it."""

    def now(self) -> datetime:
        """The moment."""
        ...

    def services(self) -> tuple[Service, ...]:
        """What can be reported."""
        ...

    def requests(self) -> Sequence[ServiceRequest]:
        """All requests, as everybody may see them."""
        ...

    def request(self, name: str) -> ServiceRequest | None:
        """One request, as everybody may see it; None when there is none of that id."""
        ...

    def receive(self, submission: Submission) -> Receipt:
        """Take a report.

        Raises:
            BadUse: When none is taken here.
        """
        ...

    def by_token(self, token: str) -> str | None:
        """Id of the request a token stands for; empty while there is none, None when the token is unknown."""
        ...


@dataclass(eq=False)
class CaseDesk:
    """Cases of city management: a report opens one, which then goes its way like every other.

    Args:
        work: The cases.
        language: Language of names and notices.
        names: Rulebooks.
        others: Requests of the hotline that are shown beside them.
    """

    work: Casework
    language: Language
    names: Sequence[str] = RULEBOOKS
    others: Sequence[Request] = ()
    _shown: dict[str, ServiceRequest] = field(default_factory=dict)
    _cases: dict[str, Case] = field(default_factory=dict)
    _last: tuple[int, str] = (0, FIRST)
    _turn: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        """The moment, by the clock of the cases."""
        return self.work.clock()

    def services(self) -> tuple[Service, ...]:
        """The classes of cases that hold today, with what each asks; and the services of the other requests."""
        questions = read_questions(list(self.names), self.language)
        found = []
        for one in self._flow().classes.values():
            keywords, asked = questions.get(one.id, ((), ()))
            title, group = one.title.say(self.language), self._flow().title.say(self.language)
            found.append(Service(one.id, title, group=group, keywords=keywords, attributes=asked))
        return (*found, *services_of(self.others))

    def requests(self) -> Sequence[ServiceRequest]:
        """Cases and other requests, as everybody may see them."""
        return list(self._known().values())

    def request(self, name: str) -> ServiceRequest | None:
        """One case or other request; None when there is none."""
        return self._known().get(name)

    def _known(self) -> dict[str, ServiceRequest]:
        """All of them by id, as they were shown before; only cases with later events are worked out again.

        What is shown of a case depends on its events alone, not on the moment: while its clock stands nothing is due.
        """
        with self._turn:
            store = self.work.store
            last = store.last()
            if last != self._last or not self._shown:
                is_same = bool(self._last[0]) and store.digest_of(self._last[0]) == self._last[1]
                before = self._cases if is_same else {}
                kept = self._shown if is_same else {}
                self._cases = self.work.followed(self._last[0], before) if is_same else self.work.cases(self.now())
                cases = {
                    name: kept[name] if before.get(name) is case else self._case(case)
                    for name, case in self._cases.items() if case.flow == FLOW
                }  # fmt: skip
                others = {one.id: kept.get(one.id) or published(one) for one in self.others}
                self._shown, self._last = {**others, **cases}, last
            return self._shown

    def receive(self, submission: Submission) -> Receipt:
        """Open a case. Numbers of persons, and who asked, are masked before anything is written.

        Who asked goes into the store of requesters, and the case gets a token; or is dropped, which the notice says.
        """
        if not submission.requester:
            return Receipt(self._opened(submission, {}), "", "")
        moment, reference = self.now(), f"{CHANNEL}-{secrets.token_hex(REFERENCE_BYTES)}"
        asker = Asker(reference, moment, submission.requester)
        try:
            with RequesterDesk(self.work.city, self.names, RECEIVER).putting_away([asker], moment) as away:
                known = {"reference": reference, "requester": away.tokens.get(reference, "")}
                case = self._opened(submission, known if away.tokens else {})
        except BadUse:
            return Receipt(self._opened(submission, {}), "", NOT_KEPT.say(self.language))
        receipt = away.receipts.get(reference)
        notice = SEALED.say(self.language).format(receipt) if receipt else NOT_KEPT.say(self.language)
        return Receipt(case, "", notice)

    def _opened(self, submission: Submission, known: Mapping[str, object]) -> str:
        service = {one.code: one for one in self.services()}[submission.service_code]
        told = [submission.description or service.name, *_answers(service, submission)]
        said, _ = unnamed(" · ".join(part for part in told if part), submission.requester)
        text, _ = masked(said)
        fields: dict[str, object] = {"channel": "public", **known}
        if submission.lat is not None and submission.long is not None:
            fields["point"] = [submission.long, submission.lat]
        place = masked(unnamed(submission.address_id or submission.address, submission.requester)[0])[0]
        subject = Subject(text[:MOST_TITLE], submission.service_code, place, fields=fields)
        return self.work.open_matter(FLOW, subject, Act(RECEIVER, self.now())).case

    def by_token(self, token: str) -> str | None:
        """Reports get their number at once: the token of a case is its number."""
        return token if self.request(token) else None

    def _flow(self) -> Flow:
        return self.work.flows.on(FLOW, self.now().date())

    def _case(self, case: Case) -> ServiceRequest:
        one = self.work.standing_of(case, self.now())
        flow = self.work.store.flow(case.digest)
        kind, body = flow.classes.get(case.case_class), flow.bodies.get(case.body)
        point = case.fields.get("point") or (None, None)
        dues = [deadline.due for deadline in one.deadlines if deadline.due is not None]
        return ServiceRequest(
            service_request_id=case.id,
            status="open" if case.ended is None else "closed",
            requested=case.opened,
            service_code=case.case_class,
            service_name=kind.title.say(self.language) if kind else "",
            status_notes=flow.states[case.state].title.say(self.language),
            description=masked(case.title)[0],
            agency_responsible=body.title.say(self.language) if body else "",
            updated=case.ended or case.last,
            expected=min(dues) if dues and case.ended is None else None,
            address=masked(case.place)[0],
            lat=point[1],
            long=point[0],
        )


@dataclass(eq=False)
class RecordDesk:
    """Requests that are only shown: no report is taken.

    Args:
        records: The requests.
        moment: The moment it is asked.
    """

    records: Sequence[Request]
    moment: datetime
    _shown: list[ServiceRequest] = field(default_factory=list)

    def now(self) -> datetime:
        """The moment."""
        return self.moment

    def services(self) -> tuple[Service, ...]:
        """What the requests were about."""
        return services_of(self.records)

    def requests(self) -> Sequence[ServiceRequest]:
        """The requests, as everybody may see them."""
        if len(self._shown) != len(self.records):
            self._shown = [published(one) for one in self.records]
        return self._shown

    def request(self, name: str) -> ServiceRequest | None:
        """One request; None when there is none of that id."""
        return next((one for one in self.requests() if one.service_request_id == name), None)

    def receive(self, submission: Submission) -> Receipt:
        """Refuse it."""
        from tulou.kernel.errors import BadUse

        raise BadUse("these records take no reports", found=submission.service_code)

    def by_token(self, token: str) -> str | None:
        """No report was taken, so no token stands for one."""
        return None if token else ""


def open_desk(city: Path, language: Language, names: Sequence[str] = RULEBOOKS) -> CaseDesk:
    """The desk of a city: its cases, and the requests its hotline took in.

    Raises:
        BadInput: When there is no city, or its cases or requests cannot be read.
    """
    from tulou.app.hotline import FOLDER, REQUESTS
    from tulou.operations.hotline.adapters.shelf import load

    folder = city / FOLDER / REQUESTS
    others = load(folder) if folder.is_dir() else ()
    return CaseDesk(open_casework(city, names), language, names, others)


def _answers(service: Service, submission: Submission) -> list[str]:
    """Answers in words: the question's own names where it lists some."""
    asked = {one.code: one for one in service.attributes}
    found = []
    for code, values in submission.answers:
        names: Mapping[str, str] = dict(asked[code].values)
        found.append(f"{asked[code].description} {', '.join(names.get(one, one) for one in values)}")
    return found

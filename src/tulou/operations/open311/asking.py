"""What is asked of a GeoReport server: requests by id, service, days and status; and reports, checked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tulou.kernel.errors import BadInput
from tulou.operations.open311.records import STATUSES, Attribute, Refusal, Service, ServiceRequest, Submission
from tulou.operations.open311.who import requester_of
from tulou.operations.open311.wire import parse_degrees, parse_moment

BAD, NOT_FOUND, FORBIDDEN, TOO_LARGE = 400, 404, 403, 413
SPAN = timedelta(days=90)
"""Longest time asked for at once (GeoReport v2: 90 days)."""
MOST_A_PAGE = 1000
"""Most requests in one answer (GeoReport v2)."""
USUAL_A_PAGE = 100
MOST_IDS = 1000
MOST_LETTERS = 4000
"""Letters of a description (GeoReport v2)."""
MOST_LAT, MOST_LONG = 90.0, 180.0
ATTRIBUTE = "attribute["
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Query:
    """Which requests are asked for.

    Args:
        ids: Ids; all when empty.
        codes: Codes of services; all when empty.
        start: First moment.
        end: Last moment.
        status: ``open``, ``closed``, or empty for both.
        page: Number of the page, from 1.
        size: Requests a page.
    """

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    status: str = ""
    page: int = 1
    size: int = USUAL_A_PAGE

    def chosen(self, requests: Sequence[ServiceRequest]) -> list[ServiceRequest]:
        """One page of the requests asked for, the newest first."""
        ids, codes = set(self.ids), set(self.codes)
        found = [
            one
            for one in requests
            if (not ids or one.service_request_id in ids)
            and (not codes or one.service_code in codes)
            and (not self.status or one.status == self.status)
            and (self.start is None or one.requested >= self.start)
            and (self.end is None or one.requested <= self.end)
        ]
        found.sort(key=lambda one: (one.requested, one.service_request_id), reverse=True)
        return found[(self.page - 1) * self.size : self.page * self.size]


def query_of(fields: Fields, now: datetime) -> Query:
    """What is asked for. Ids stand above everything else; without days the last 90 are meant.

    Args:
        fields: Fields of the address.
        now: The moment it is asked.

    Raises:
        BadInput: With everything that is wrong.
    """
    faults: list[BadInput] = []
    ids, codes = _listed(fields, "service_request_id"), _listed(fields, "service_code")
    page = _whole(fields, "page", 1, 10**6, faults)
    size = _whole(fields, "per_page", USUAL_A_PAGE, MOST_A_PAGE, faults)
    status = _first(fields, "status").lower()
    if status and any(one not in STATUSES for one in status.split(",")):
        faults.append(BadInput("a request is open or closed", where="status", found=status, allowed=STATUSES))
    start, end = _moment(fields, "start_date", faults), _moment(fields, "end_date", faults)
    if len(ids) > MOST_IDS:
        faults.append(BadInput("too many ids", where="service_request_id", found=len(ids), allowed=(str(MOST_IDS),)))
    if start and end and start > end:
        faults.append(BadInput("the days end before they begin", where="end_date", found=str(end)))
    if faults:
        raise BadInput.of(fault for one in faults for fault in one.faults)
    if ids:
        return Query(ids=ids, page=page, size=size)
    end = end or (start + SPAN if start else now)
    start = max(start, end - SPAN) if start else end - SPAN
    return Query((), codes, start, end, "" if "," in status else status, page, size)


def submission_of(fields: Fields, services: Mapping[str, Service]) -> tuple[Submission | None, tuple[Refusal, ...]]:
    """A report, or everything that is wrong with it.

    Args:
        fields: Fields of the form.
        services: Services by code.
    """
    wrong: list[Refusal] = []
    code = _first(fields, "service_code")
    service = services.get(code)
    if not code:
        wrong.append(Refusal(BAD, "service_code was not provided"))
    elif service is None:
        wrong.append(Refusal(NOT_FOUND, f"service_code was not found: {code[:80]}"))
    lat, long = _place(fields, wrong)
    address, address_id = _first(fields, "address_string"), _first(fields, "address_id")
    if lat is None and not address and not address_id and not wrong:
        wrong.append(Refusal(BAD, "a location is needed: lat and long, address_string or address_id"))
    description = _first(fields, "description")
    if len(description) > MOST_LETTERS:
        wrong.append(Refusal(BAD, f"description has more than {MOST_LETTERS} letters"))
    media = _first(fields, "media_url")
    if media and not media.startswith(("http://", "https://")):
        wrong.append(Refusal(BAD, "media_url is no address of the web"))
    answers = _answers(fields, service, wrong) if service else ()
    if wrong:
        return None, tuple(wrong)
    asker = requester_of(fields)
    return Submission(code, description, lat, long, address, address_id, media, answers, asker), ()


def _place(fields: Fields, wrong: list[Refusal]) -> tuple[float | None, float | None]:
    told = _first(fields, "lat"), _first(fields, "long")
    if not any(told):
        return None, None
    if not all(told):
        wrong.append(Refusal(BAD, "lat and long belong together"))
        return None, None
    try:
        return parse_degrees(told[0], MOST_LAT, "lat"), parse_degrees(told[1], MOST_LONG, "long")
    except BadInput:
        wrong.append(Refusal(BAD, "lat and long are degrees in WGS 84"))
        return None, None


def _answers(fields: Fields, service: Service, wrong: list[Refusal]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    given: dict[str, tuple[str, ...]] = {}
    asked = {one.code: one for one in service.attributes}
    for name, values in fields.items():
        if not name.startswith(ATTRIBUTE):
            continue
        code = name.removeprefix(ATTRIBUTE).removesuffix("[]").rstrip("]")
        told = tuple(value.strip() for value in values if value.strip())
        if code not in asked:
            wrong.append(Refusal(BAD, f"the service asks for no attribute {code[:80]}"))
        elif told:
            given[code] = told
    for one in service.attributes:
        if one.is_required and one.is_variable and one.code not in given:
            wrong.append(Refusal(BAD, f"attribute[{one.code}] is required"))
        if fault := _answer_fault(one, given.get(one.code, ())):
            wrong.append(Refusal(BAD, fault))
    return tuple(sorted(given.items()))


def _answer_fault(asked: Attribute, told: tuple[str, ...]) -> str:
    """What is wrong with an answer; empty for nothing."""
    if len(told) > 1 and asked.datatype != "multivaluelist":
        return f"attribute[{asked.code}] takes one answer"
    keys = {key for key, _ in asked.values}
    for value in told:
        if len(value) > MOST_LETTERS:
            return f"attribute[{asked.code}] has more than {MOST_LETTERS} letters"
        if asked.datatype in {"singlevaluelist", "multivaluelist"} and value not in keys:
            return f"attribute[{asked.code}] is one of {', '.join(sorted(keys))}"
        if asked.datatype == "number" and not _is_number(value):
            return f"attribute[{asked.code}] is a number"
        if asked.datatype == "datetime" and not _is_moment(value):
            return f"attribute[{asked.code}] is a moment of ISO 8601 with its offset"
    return ""


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        parse_moment(text, "")
    except BadInput:
        return False
    return True


def _first(fields: Fields, name: str) -> str:
    values = fields.get(name) or ("",)
    return values[0].strip()


def _listed(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _first(fields, name).split(",") if one.strip())


def _whole(fields: Fields, name: str, usual: int, most: int, faults: list[BadInput]) -> int:
    text = _first(fields, name)
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        faults.append(BadInput("not a number of a page", where=name, found=text, allowed=(f"1 to {most}",)))
        return usual
    return int(text)


def _moment(fields: Fields, name: str, faults: list[BadInput]) -> datetime | None:
    text = _first(fields, name).replace(" ", "+")
    try:
        return parse_moment(text, name) if text else None
    except BadInput as error:
        faults.append(error)
        return None

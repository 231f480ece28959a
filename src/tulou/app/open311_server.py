"""A GeoReport v2 server over one desk: services, definitions, requests, reports and tokens, in JSON and XML."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from tulou.app.api.guard import Guard
from tulou.app.open311_desk import Desk
from tulou.kernel.errors import BadInput, MissingExtra, TulouError
from tulou.operations.open311.asking import BAD, FORBIDDEN, NOT_FOUND, TOO_LARGE, query_of, submission_of
from tulou.operations.open311.records import Refusal, Service
from tulou.operations.open311.wire import (
    ERROR,
    ERRORS,
    FORMATS,
    MEDIA,
    REQUEST,
    REQUESTS,
    SERVICE,
    SERVICES,
    plain_error,
    plain_receipt,
    plain_request,
    plain_service,
    written,
    written_definition,
)

try:
    from fastapi import APIRouter, FastAPI, Request, Response
    from starlette.concurrency import run_in_threadpool
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "fastapi", "server") from None

MOST_BODY = 64 * 1024
MOST_FIELDS = 200
FORM = "application/x-www-form-urlencoded"
XML = "xml"
MADE = 201
GUARDS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def router(desk_of: Callable[[Request], Desk], *, keys: Sequence[str] = (), jurisdiction: str = "") -> APIRouter:
    """The routes of GeoReport v2 over desks.

    Args:
        desk_of: What stands behind a request; asked beside the loop, so that it may open a city.
        keys: Keys with which reports are taken; none are when empty.
        jurisdiction: Whose requests; asked for another one it answers that it is not found.
    """
    made = APIRouter(tags=["Open311 GeoReport v2"])
    answered = _answering(desk_of, tuple(keys), jurisdiction)

    @made.get("/services.{form}")
    async def services(form: str, request: Request) -> Response:
        """What can be reported."""
        return await run_in_threadpool(answered, request, lambda one: one.services(form, _fields(request)))

    @made.get("/services/{code}.{form}")
    async def definition(code: str, form: str, request: Request) -> Response:
        """What a service asks."""
        return await run_in_threadpool(answered, request, lambda one: one.definition(code, form, _fields(request)))

    @made.get("/requests.{form}")
    async def requests(form: str, request: Request) -> Response:
        """Requests by id, service, days and status, page by page."""
        return await run_in_threadpool(answered, request, lambda one: one.requests(form, _fields(request)))

    @made.get("/requests/{name}.{form}")
    async def one_request(name: str, form: str, request: Request) -> Response:
        """One request."""
        return await run_in_threadpool(answered, request, lambda one: one.request(name, form, _fields(request)))

    @made.get("/tokens/{token}.{form}")
    async def by_token(token: str, form: str, request: Request) -> Response:
        """Id of the request that a token stands for."""
        return await run_in_threadpool(answered, request, lambda one: one.token(token, form, _fields(request)))

    @made.post("/requests.{form}")
    async def report(form: str, request: Request) -> Response:
        """Take a report; who sends it is not kept."""
        body = await _body(request)
        if body is None:
            return refused(form, [Refusal(TOO_LARGE, f"a report has at most {MOST_BODY} bytes")])
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != FORM:
            return refused(form, [Refusal(BAD, f"a report is sent as {FORM}")])
        try:
            told = parse_qs(body.decode(), max_num_fields=MOST_FIELDS)
        except ValueError:
            return refused(form, [Refusal(BAD, "the form cannot be read")])
        return await run_in_threadpool(answered, request, lambda one: one.report(form, {**_fields(request), **told}))

    return made


def _answering(
    desk_of: Callable[[Request], Desk], keys: tuple[str, ...], jurisdiction: str
) -> Callable[[Request, Callable[[_Server], Response]], Response]:
    """Asks the server over the desk of a request."""

    def answered(request: Request, what: Callable[[_Server], Response]) -> Response:
        return what(_Server(desk_of(request), keys, jurisdiction))

    return answered


def application(desk: Desk, *, keys: Sequence[str] = (), jurisdiction: str = "") -> FastAPI:
    """An application that serves nothing but GeoReport v2, below ``/open311/v2``, to this machine."""
    app = FastAPI(title="Open311 GeoReport v2", version="2", docs_url=None, redoc_url=None)
    app.include_router(router(lambda _: desk, keys=keys, jurisdiction=jurisdiction), prefix="/open311/v2")
    app.add_middleware(Guard)
    return app


def refused(form: str, errors: Sequence[Refusal]) -> Response:
    """A list of errors, with the status of the first."""
    form = form if form in FORMATS else XML
    body = written(form, ERRORS, ERROR, [plain_error(one) for one in errors])
    return Response(body, errors[0].code, media_type=MEDIA[form], headers=GUARDS)


class _Server:
    """What each route does."""

    def __init__(self, desk: Desk, keys: tuple[str, ...], jurisdiction: str) -> None:
        self.desk, self.keys, self.jurisdiction = desk, keys, jurisdiction

    def services(self, form: str, fields: Mapping[str, list[str]]) -> Response:
        if wrong := self._wrong(form, fields):
            return wrong
        return _answered(form, SERVICES, SERVICE, [plain_service(one) for one in self.desk.services()])

    def definition(self, code: str, form: str, fields: Mapping[str, list[str]]) -> Response:
        if wrong := self._wrong(form, fields):
            return wrong
        found = self._known().get(code)
        if found is None:
            return refused(form, [Refusal(NOT_FOUND, f"service_code was not found: {code[:80]}")])
        return Response(written_definition(form, found), media_type=MEDIA[form], headers=GUARDS)

    def requests(self, form: str, fields: Mapping[str, list[str]]) -> Response:
        if wrong := self._wrong(form, fields):
            return wrong
        try:
            query = query_of(fields, self.desk.now())
        except BadInput as error:
            return refused(form, [Refusal(BAD, f"{fault.where}: {fault.what}") for fault in error.faults])
        chosen = query.chosen(self.desk.requests())
        return _answered(form, REQUESTS, REQUEST, [plain_request(one) for one in chosen])

    def request(self, name: str, form: str, fields: Mapping[str, list[str]]) -> Response:
        if wrong := self._wrong(form, fields):
            return wrong
        found = self.desk.request(name)
        if found is None:
            return refused(form, [Refusal(NOT_FOUND, f"service_request_id was not found: {name[:80]}")])
        return _answered(form, REQUESTS, REQUEST, [plain_request(found)])

    def token(self, token: str, form: str, fields: Mapping[str, list[str]]) -> Response:
        if wrong := self._wrong(form, fields):
            return wrong
        name = self.desk.by_token(token)
        if name is None:
            return refused(form, [Refusal(NOT_FOUND, f"token was not found: {token[:80]}")])
        return _answered(form, REQUESTS, REQUEST, [{"service_request_id": name or None, "token": token}])

    def report(self, form: str, fields: Mapping[str, list[str]]) -> Response:
        if wrong := self._wrong(form, fields):
            return wrong
        told = (fields.get("api_key") or [""])[0]
        if not any(hmac.compare_digest(told.encode(), key.encode()) for key in self.keys):
            return refused(form, [Refusal(FORBIDDEN, "api_key is missing or not valid")])
        submission, errors = submission_of(fields, self._known())
        if submission is None:
            return refused(form, errors)
        try:
            receipt = self.desk.receive(submission)
        except TulouError as error:
            return refused(form, [Refusal(BAD, fault.what) for fault in error.faults])
        body = written(form, REQUESTS, REQUEST, [plain_receipt(receipt)])
        return Response(body, MADE, media_type=MEDIA[form], headers=GUARDS)

    def _wrong(self, form: str, fields: Mapping[str, list[str]]) -> Response | None:
        if form not in FORMATS:
            return refused(form, [Refusal(BAD, f"no answer is written as {form[:20]}; xml and json are")])
        asked = (fields.get("jurisdiction_id") or [""])[0]
        if asked and self.jurisdiction and asked != self.jurisdiction:
            return refused(form, [Refusal(NOT_FOUND, f"jurisdiction_id was not found: {asked[:80]}")])
        return None

    def _known(self) -> dict[str, Service]:
        return {one.code: one for one in self.desk.services()}


def _answered(form: str, root: str, item: str, entries: Sequence[Mapping[str, Any]]) -> Response:
    return Response(written(form, root, item, entries), media_type=MEDIA[form], headers=GUARDS)


def _fields(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        found.setdefault(name, []).append(value)
    return found


async def _body(request: Request) -> bytes | None:
    """What was sent; None when it is too much."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_BODY:
            return None
        pieces.append(piece)
    return b"".join(pieces)

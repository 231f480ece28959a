"""What went wrong, as problem documents (RFC 9457): the one table from errors to HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tulou.app.api.speech import language_of
from tulou.app.messages import HEADS, of_machine, of_memory, spoken
from tulou.kernel.errors import (
    MOST_CHOICES,
    BadInput,
    BadUse,
    Conflict,
    Fault,
    MissingExtra,
    NotEnoughData,
    TulouError,
    shorten,
)
from tulou.kernel.words import Language, Words

MEDIA = "application/problem+json"
NOT_FOUND, BAD_REQUEST, CONFLICT, TOO_LARGE, UNUSABLE, BROKEN, NOT_BUILT, FULL = 404, 400, 409, 413, 422, 500, 501, 507
NO_ACCOUNT, FORBIDDEN = 401, 403


class Missing(BadUse):
    """What was asked for by its address does not exist."""


class Unproven(BadUse):
    """Nobody proved by a token who is asking."""


class Refused(BadUse):
    """Whoever is asking may not do this."""


STATUS: tuple[tuple[type[TulouError], int, str], ...] = (
    (Missing, NOT_FOUND, "missing"),
    (Unproven, NO_ACCOUNT, "no-account"),
    (Refused, FORBIDDEN, "forbidden"),
    (MissingExtra, NOT_BUILT, "missing-extra"),
    (NotEnoughData, CONFLICT, "not-enough-data"),
    (Conflict, CONFLICT, "conflict"),
    (BadInput, UNUSABLE, "bad-input"),
    (BadUse, BAD_REQUEST, "bad-use"),
)
"""Kind of error, its status, and the name of the kind in addresses."""

_MISSING = Words("没有这个资源", "there is no such resource")
_REFUSED = Words("请求被拒绝", "the request was refused")
_NOT_ALLOWED = Words("没有权限", "this is not allowed")
_BROKEN = Words("服务器内部出错，已记录", "the server failed; it was logged")


def problem(error: TulouError, language: Language, *, instance: str) -> dict[str, Any]:
    """An error as a problem document: its kind, its status, and each fault with place, found and allowed."""
    status, name = next(((code, name) for kind, code, name in STATUS if isinstance(error, kind)), (UNUSABLE, "error"))
    own = ((Missing, _MISSING), (Unproven, _NOT_ALLOWED), (Refused, _NOT_ALLOWED), *HEADS)
    head = next((words for kind, words in own if isinstance(error, kind)), _REFUSED)
    faults = [told_fault(fault, language) for fault in error.faults]
    return _document(status, name, head.say(language), instance, faults)


def install(app: FastAPI) -> None:
    """Have an application answer every error with a problem document."""

    async def of_ours(request: Request, error: Exception) -> JSONResponse:
        found = error if isinstance(error, TulouError) else BadUse(str(error))
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(found, Unproven) else None
        return _answer(problem(found, language_of(request), instance=request.url.path), headers)

    async def of_machines(request: Request, error: Exception) -> JSONResponse:
        language = language_of(request)
        found = of_memory(language) if isinstance(error, MemoryError) else of_machine(_as_os(error), language)
        document = problem(found, language, instance=request.url.path) | {"status": FULL}
        for fault in document["faults"]:
            fault["where"] = ""  # no path of the machine leaves it
        return _answer(document)

    async def of_requests(request: Request, error: Exception) -> JSONResponse:
        details = error.errors() if isinstance(error, RequestValidationError) else ()
        return _answer(problem(BadUse.of(_asked(details)), language_of(request), instance=request.url.path))

    async def of_routes(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else BROKEN
        language = language_of(request)
        title = (_MISSING if status == NOT_FOUND else _REFUSED).say(language)
        document = _document(status, "missing" if status == NOT_FOUND else "refused", title, request.url.path, [])
        return _answer(document, dict(getattr(error, "headers", None) or {}))

    async def of_nobody(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001  (the log has it)
        return _answer(_document(BROKEN, "broken", _BROKEN.say(language_of(request)), request.url.path, []))

    app.add_exception_handler(TulouError, of_ours)
    app.add_exception_handler(OSError, of_machines)
    app.add_exception_handler(MemoryError, of_machines)
    app.add_exception_handler(RequestValidationError, of_requests)
    app.add_exception_handler(HTTPException, of_routes)
    app.add_exception_handler(Exception, of_nobody)


def too_large(request: Request, most: int) -> JSONResponse:
    """The answer to a request of more bytes than are read."""
    language = language_of(request)
    fault = told_fault(Fault("this request is too large", "body", None, (f"{most} bytes",)), language)
    return _answer(_document(TOO_LARGE, "too-large", _REFUSED.say(language), request.url.path, [fault]))


def elsewhere(request: Request, hosts: Iterable[str], *, where: str = "Host") -> JSONResponse:
    """The answer to a request that was addressed by another name, or sent by a page from elsewhere."""
    found = request.headers.get(where, "")
    error = Refused("this is asked from this machine only", where=where, found=found, allowed=hosts)
    return _answer(problem(error, language_of(request), instance=request.url.path))


def _as_os(error: Exception) -> OSError:
    return error if isinstance(error, OSError) else OSError(str(error))


def _asked(details: Sequence[Any]) -> list[Fault]:
    """What the declaration of a request found wrong with it."""
    found = []
    for one in details:
        place = ".".join(str(part) for part in one.get("loc", ()))
        found.append(Fault("this value cannot be used", place, one.get("input"), (str(one.get("msg", "")),)))
    return found


def told_fault(fault: Fault, language: Language) -> dict[str, Any]:
    """A fault as plain values, what is wrong in the reader's language."""
    return {
        "what": spoken(fault.what, language),
        "where": fault.where,
        "found": None if fault.found is None else shorten(fault.found),
        "allowed": list(fault.allowed[:MOST_CHOICES]),
        "guess": fault.guess,
    }


def _document(status: int, name: str, title: str, instance: str, faults: Sequence[dict[str, Any]]) -> dict[str, Any]:
    said = [f"{one['where']}: {one['what']}" if one["where"] else one["what"] for one in faults]
    return {
        "type": f"/problems/{name}",
        "title": title,
        "status": status,
        "detail": "; ".join(said) or title,
        "instance": instance,
        "faults": list(faults),
    }


class _Sent(JSONResponse):
    """JSON that can be sent whatever was found: half a pair of surrogates stands in it as its escape."""

    def render(self, content: object) -> bytes:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")


def _answer(document: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    return _Sent(document, document["status"], headers, media_type=MEDIA)

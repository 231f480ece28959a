"""A client of GeoReport v2 servers: sizes, times and redirects bounded, pages followed until there are no more."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tulou.kernel.errors import BadInput, BadUse, Fault
from tulou.operations.open311.asking import MOST_A_PAGE, SPAN
from tulou.operations.open311.records import Attribute, Receipt, Service, ServiceRequest, Submission
from tulou.operations.open311.who import requester_of
from tulou.operations.open311.wire import (
    DEFINITION,
    FORMATS,
    MOST_BYTES,
    REQUEST,
    SERVICE,
    attributes_of,
    read_list,
    receipt_of,
    refusals_of,
    request_of,
    service_of,
)

SECONDS = 30.0
MOST_REDIRECTS = 3
MOST_PAGES = 10_000
SCHEMES = ("http", "https")
REFUSED = "the server refused"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Few redirects, to the same host, never from a safe to an unsafe way."""

    max_redirections = MOST_REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str  # noqa: ANN401
    ) -> urllib.request.Request | None:  # fmt: skip
        """The request that follows a redirect.

        Raises:
            BadInput: When it leads elsewhere.
        """
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        is_safe = new.scheme == old.scheme or (old.scheme, new.scheme) == SCHEMES
        if new.scheme not in SCHEMES or new.hostname != old.hostname or not is_safe or req.data is not None:
            raise BadInput("the server sends elsewhere, and that is not followed", where=old.netloc, found=new.netloc)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True)
class Endpoint:
    """A GeoReport server.

    Args:
        url: Its address, without what stands behind the last slash.
        jurisdiction: Whose requests, where the server serves several; else empty.
        key: Key that reports need; empty for none.
        form: ``json`` or ``xml``.
        seconds: Longest wait for an answer.
    """

    url: str
    jurisdiction: str = ""
    key: str = ""
    form: str = "json"
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        found = urlsplit(self.url)
        if found.scheme not in SCHEMES or not found.hostname or found.username is not None:
            raise BadUse("this is no address of a server", where="--url", found=found.hostname or found.scheme,
                         allowed=("https://city.example/open311/v2",))  # fmt: skip
        if self.form not in FORMATS:
            raise BadUse("GeoReport is read in these formats", where="--form", found=self.form, allowed=FORMATS)

    def services(self) -> tuple[Service, ...]:
        """What can be reported.

        Raises:
            BadInput: When the server cannot be reached, or its answer is none of GeoReport.
        """
        return tuple(service_of(one, self._where("services")) for one in self._list("services", SERVICE, {}))

    def attributes(self, code: str) -> tuple[Attribute, ...]:
        """What a service asks.

        Raises:
            BadInput: When there is no such service, or the server cannot be reached.
        """
        path = f"services/{quote(code, safe='')}"
        found = self._list(path, DEFINITION, {})
        return attributes_of(found[0], self._where(path)) if found else ()

    def requests(
        self, start: datetime | None = None, end: datetime | None = None, *, codes: Sequence[str] = (),
        status: str = "", size: int = MOST_A_PAGE,
    ) -> Iterator[ServiceRequest]:  # fmt: skip
        """Requests, each once, without who asked; see ``records``."""
        for one, _ in self.records(start, end, codes=codes, status=status, size=size):
            yield one

    def records(
        self, start: datetime | None = None, end: datetime | None = None, *, codes: Sequence[str] = (),
        status: str = "", size: int = MOST_A_PAGE,
    ) -> Iterator[tuple[ServiceRequest, dict[str, str]]]:  # fmt: skip
        """Requests, each once, with what the server tells of who asked, which is for the store of requesters alone.

        A long time is asked for piece by piece, and each piece page by page.

        Args:
            start: First moment; without it the server's own choice.
            end: Last moment.
            codes: Codes of services; all when empty.
            status: ``open`` or ``closed``; both when empty.
            size: Requests a page, where the server heeds it.

        Raises:
            BadInput: When an answer is none of GeoReport, or the server cannot be reached.
        """
        seen: set[str] = set()
        for since, until in _spans(start, end):
            asked = {"start_date": _moment(since), "end_date": _moment(until), "status": status,
                     "service_code": ",".join(codes), "per_page": str(size)}  # fmt: skip
            for page in range(1, MOST_PAGES + 1):
                entries = self._list("requests", REQUEST, {**asked, "page": str(page)})
                found = [(request_of(one, self._where("requests")), requester_of(one)) for one in entries]
                fresh = [pair for pair in found if pair[0].service_request_id not in seen]
                seen.update(one.service_request_id for one, _ in fresh)
                yield from fresh
                if not fresh or len(found) < size:
                    break

    def request(self, name: str) -> ServiceRequest:
        """One request.

        Raises:
            BadInput: When there is none, or the server cannot be reached.
        """
        path = f"requests/{quote(name, safe='')}"
        found = self._list(path, REQUEST, {})
        if not found:
            raise BadInput("the server has no such request", where=self._where(path), found=name)
        return request_of(found[0], self._where(path))

    def by_token(self, token: str) -> str:
        """Id of the request that a token stands for; empty while there is none.

        Raises:
            BadInput: When the server does not know it, or cannot be reached.
        """
        found = self._list(f"tokens/{quote(token, safe='')}", REQUEST, {})
        return receipt_of(found[0]).service_request_id if found else ""

    def report(self, submission: Submission) -> Receipt:
        """Send a report.

        Raises:
            BadInput: When the server refuses it, with its reasons, or cannot be reached.
        """
        fields = [
            ("service_code", submission.service_code), ("description", submission.description),
            ("lat", _number(submission.lat)), ("long", _number(submission.long)),
            ("address_string", submission.address), ("address_id", submission.address_id),
            ("media_url", submission.media_url), ("api_key", self.key), ("jurisdiction_id", self.jurisdiction),
        ]  # fmt: skip
        for code, values in submission.answers:
            name = f"attribute[{code}]" + ("[]" if len(values) > 1 else "")
            fields += [(name, value) for value in values]
        body = urlencode([(name, value) for name, value in fields if value]).encode()
        data = self._fetch(f"{self.url.rstrip('/')}/requests.{self.form}", "requests", body)
        found = read_list(data, self.form, REQUEST, self._where("requests"))
        if not found:
            raise BadInput("the server gave no receipt", where=self._where("requests"))
        return receipt_of(found[0])

    def _where(self, path: str) -> str:
        return f"{urlsplit(self.url).netloc}/{path}"

    def _list(self, path: str, item: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        told = {**asked, "jurisdiction_id": self.jurisdiction}
        query = urlencode({name: value for name, value in told.items() if value})
        address = f"{self.url.rstrip('/')}/{path}.{self.form}" + (f"?{query}" if query else "")
        return read_list(self._fetch(address, path), self.form, item, self._where(path))

    def _fetch(self, address: str, path: str, body: bytes | None = None) -> bytes:
        asked = urllib.request.Request(address, data=body, headers={"Accept": "*/*", "User-Agent": "tulou"})  # noqa: S310
        opener = urllib.request.build_opener(_Redirects, urllib.request.ProxyHandler({}))
        try:
            with opener.open(asked, timeout=self.seconds) as answer:
                return _bounded(answer, self._where(path))
        except urllib.error.HTTPError as error:
            with error:
                data = _bounded(error, self._where(path))
            told = refusals_of(data, self.form, self._where(path))
            faults = [Fault(REFUSED, self._where(path), f"{one.code}: {one.description}") for one in told]
            raise BadInput.of(faults or [Fault(REFUSED, self._where(path), str(error.code))]) from None
        except (urllib.error.URLError, TimeoutError, http.client.HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise BadInput("the server cannot be reached", where=self._where(path), found=str(reason)) from None


def _bounded(answer: Any, where: str) -> bytes:  # noqa: ANN401  (an answer or an error of urllib)
    data: bytes = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadInput("too large", where=where, found=f"more than {MOST_BYTES} bytes",
                       allowed=(f"at most {MOST_BYTES}",))  # fmt: skip
    return data


def _spans(start: datetime | None, end: datetime | None) -> Iterator[tuple[datetime | None, datetime | None]]:
    """A time in pieces that a server gives at once, the earliest first."""
    if start is None or end is None:
        yield start, end
        return
    since = start
    while since < end:
        until = min(since + SPAN, end)
        yield since, until
        since = until


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)

"""What stands before every request: by which name it came, how large it is; and what every answer says of itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tulou.app.api import problems, web

MOST_BODY = 8_000_000
"""Bytes of a request that are read."""
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
"""Names by which this machine calls itself; a page from elsewhere that points its own name here has another."""
HARMLESS = ("GET", "HEAD", "OPTIONS")
"""Ways of asking that change nothing."""
GUARDS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": web.ALLOWED,
}


class TooLarge(Exception):
    """More was sent than is read."""


@dataclass(frozen=True)
class Guard:
    """An application behind its guard.

    Args:
        app: The application.
        hosts: Names by which it may be addressed.
    """

    app: ASGIApp
    hosts: Collection[str] = LOOPBACK_NAMES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if (request.url.hostname or "") not in self.hosts:
            await problems.elsewhere(request, self.hosts)(scope, receive, send)
            return
        if request.method not in HARMLESS and not _is_from_here(request.headers):
            await problems.elsewhere(request, self.hosts, where="Origin")(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            await problems.too_large(request, MOST_BODY)(scope, receive, send)
            return
        body = _Body(receive)
        try:
            await self.app(scope, body.receive, _marked(body.sending(send)))
        except TooLarge:
            await problems.too_large(request, MOST_BODY)(scope, receive, send)


@dataclass
class _Body:
    """A body as it comes: one in pieces tells no length beforehand.

    Args:
        source: Where it comes from.
        read: Bytes read so far.
    """

    source: Receive
    read: int = 0

    async def receive(self) -> Message:
        """The next piece, up to the largest body."""
        message = await self.source()
        self.read += len(message.get("body", b""))
        self.check()
        return message

    def sending(self, send: Send) -> Send:
        """A way to answer that is closed once too much was read: whoever reads a body may swallow that it broke off."""

        async def checked(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.check()
            await send(message)

        return checked

    def check(self) -> None:
        """Raise when too much was read."""
        if self.read > MOST_BODY:
            raise TooLarge


def _is_from_here(headers: Headers) -> bool:
    """Whether a program sent it, or a page of this server: a browser names the place of the page that asks."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def _marked(send: Send) -> Send:
    """What is sent, with how it is to be handled; what an answer says of itself stays."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in GUARDS.items():
                headers.setdefault(name, value)
        await send(message)

    return marked

"""The application: every router over one shelf of cities, with sizes bounded and errors in one form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from tulou.app.api import checks, features, jobs, landing, problems, processes, tiles, web
from tulou.app.api.shelf import Shelf
from tulou.app.jobs.keeper import Keeper
from tulou.kernel.errors import TulouError

MOST_BODY = 8_000_000
"""Bytes of a request that are read."""
LEAST_PACKED = 2_000
"""Bytes from which an answer is compressed."""
GUARDS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": web.ALLOWED,
}


def application(folders: Mapping[str, Path]) -> FastAPI:
    """The application that serves some cities.

    Args:
        folders: Folder of each city, by the name it is served under.
    """
    keeper = Keeper(tuple(folders.values()))

    @asynccontextmanager
    async def working(_app: FastAPI) -> AsyncIterator[None]:
        keeper.start()
        Thread(target=_warm, args=(app.state.shelf,), daemon=True).start()
        yield
        keeper.stop()

    app = FastAPI(
        title="Tulou",
        version="1",
        summary="City health checks that remember.",
        docs_url=None,
        redoc_url=None,
        lifespan=working,
    )
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_PACKED)
    app.middleware("http")(_guarded)
    problems.install(app)
    app.state.shelf, app.state.keeper = Shelf(folders), keeper
    for part in (landing, features, tiles, checks, processes, jobs):
        app.include_router(part.ROUTER)
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.summary = route.description.partition(".")[0]
    web.install(app)
    return app


def _warm(shelf: Shelf) -> None:
    """Open what the first reader will ask for, so that nobody waits for it."""
    for name in shelf.folders:
        with suppress(TulouError):
            checks.kept_check(shelf, name, checks.NEWEST)


async def _guarded(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what is too large before it is read, and say how answers are to be handled."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_BODY:
        return problems.too_large(request, MOST_BODY)
    answer = await call(request)
    for name, value in GUARDS.items():
        answer.headers.setdefault(name, value)
    return answer

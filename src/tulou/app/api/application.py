"""The application: every router over one shelf of cities, with sizes bounded and errors in one form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from tulou.app.api import (
    alarms,
    buildings,
    cases,
    changes,
    checks,
    described,
    downloads,
    features,
    flows,
    jobs,
    landing,
    objects,
    open311,
    plans,
    problems,
    processes,
    rulebooks,
    sensorthings,
    sensorthings_intake,
    standing,
    tiles,
    tracker,
    web,
    whatif,
)
from tulou.app.api.asking import KNOWN_ONLY
from tulou.app.api.guard import LOOPBACK_NAMES, Guard
from tulou.app.api.shelf import Shelf
from tulou.app.api.tile_door import TileDoor
from tulou.app.jobs.keeper import Keeper
from tulou.app.whatif_grounds import Grounds
from tulou.kernel.errors import TulouError

PARTS = (
    landing, features, tiles, checks, standing, processes, jobs, downloads, flows, cases, alarms, sensorthings,
    sensorthings_intake, open311, tracker,
    objects, rulebooks, changes, plans, whatif, buildings,
)  # fmt: skip
"""Parts of the interface."""
LEAST_PACKED = 2_000
"""Bytes from which an answer is compressed."""
PACKING = 5
"""How hard: a third of the time of the hardest, for a few hundredths more bytes."""


def application(
    folders: Mapping[str, Path], hosts: Collection[str] = LOOPBACK_NAMES, own_rulebooks: Path | None = None
) -> FastAPI:
    """The application that serves some cities.

    Args:
        folders: Folder of each city, by the name it is served under.
        hosts: Names by which it may be addressed.
        own_rulebooks: Folder of rulebooks made in the editor; in each city's folder when None.
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
        openapi_url=None,
        lifespan=working,
        generate_unique_id_function=described.name_of,
    )
    shelf = Shelf(folders)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_PACKED, compresslevel=PACKING)
    app.add_middleware(TileDoor, shelf=shelf)
    app.add_middleware(Guard, hosts=frozenset(hosts))
    problems.install(app)
    app.state.shelf, app.state.keeper, app.state.rulebooks = shelf, keeper, own_rulebooks
    app.state.grounds = Grounds()
    for part in PARTS:
        app.include_router(part.ROUTER, dependencies=() if part is open311 else KNOWN_ONLY)
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.summary = route.description.partition(".")[0]
    described.describe(app)
    web.install(app)
    return app


def _warm(shelf: Shelf) -> None:
    """Open what the first reader will ask for, so that nobody waits for it."""
    for name in shelf.folders:
        with suppress(TulouError):
            tiles.make_ready(shelf, name)
        with suppress(TulouError):
            checks.kept_check(shelf, name, checks.NEWEST)

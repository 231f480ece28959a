"""Open311 GeoReport v2 of each city: its cases of city management and the requests of its hotline, to read.

Reports are taken by ``tulou open311 serve``, which is given the keys for them; here none is known, so none is taken.
"""

from __future__ import annotations

from fastapi import APIRouter, Request

from tulou.app.api.shelf import shelf_of
from tulou.app.api.speech import language_of
from tulou.app.hotline import FOLDER, REQUESTS
from tulou.app.open311_desk import CaseDesk, open_desk
from tulou.app.open311_server import router


def desk_of(request: Request) -> CaseDesk:
    """The desk of the city that a request names; opened again once its hotline took something in."""
    city, language, shelf = request.path_params["city"], language_of(request), shelf_of(request)
    folder = shelf.folder(city)
    taken = tuple(sorted(one.name for one in (folder / FOLDER / REQUESTS).glob("*")))
    return shelf.once((city, "open311", language, taken), lambda: open_desk(folder, language))


ROUTER = APIRouter()
"""GeoReport of each city."""
ROUTER.include_router(router(desk_of), prefix="/cities/{city}/open311/v2")

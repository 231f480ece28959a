"""What may be asked: parameters that the description does not name are refused, as the OGC standards have it."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tulou.kernel.errors import BadUse, Fault

EVERYWHERE = ("lang",)
"""Parameters that every request may have."""
OPEN = "x-attributes"
"""Key of a route's extra description: it takes attributes as parameters too, and refuses others itself."""


async def known_only(request: Request) -> None:
    """Refuse parameters that are not described.

    Raises:
        BadUse: With every one.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.query_params or OPEN in (route.openapi_extra or {}):
        return
    allowed = (*_described(route.dependant), *EVERYWHERE)
    wrong = [
        Fault("there is no such parameter", key, text, allowed)
        for key, text in request.query_params.items()
        if key not in allowed
    ]
    if wrong:
        raise BadUse.of(wrong)


def _described(dependant: Dependant) -> Iterator[str]:
    """Names of parameters of a handler and of all it depends on."""
    yield from (one.alias for one in dependant.query_params)
    for below in dependant.dependencies:
        yield from _described(below)


KNOWN_ONLY = [Depends(known_only)]
"""What every part of the interface is included with; GeoReport has its own rule: what is unknown is passed over."""

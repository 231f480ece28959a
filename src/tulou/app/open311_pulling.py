"""Requests of another server taken into the hotline of a city."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tulou.app.hotline import FOLDER, REQUESTS
from tulou.app.wiring import look_at
from tulou.kernel.errors import BadUse
from tulou.kernel.identity import digest_text
from tulou.kernel.provenance import Source
from tulou.operations.hotline.adapters.shelf import keep
from tulou.operations.open311.client import Endpoint
from tulou.operations.open311.mapping import taken_in

CONNECTOR = "open311"
VERSION = "2"


def pull(
    city: Path, endpoint: Endpoint, days: tuple[date | None, date | None], *, status: str = ""
) -> tuple[int, Path | None]:
    """Take the requests of some days into the hotline of a city; all of them or none.

    Args:
        city: Folder of the city.
        endpoint: The server.
        days: First and last day, whole days of UTC.
        status: ``open`` or ``closed``; both when empty.

    Returns:
        How many, and the file they are kept in; None when there are none.

    Raises:
        BadInput: When the server cannot be reached, or its answer is none of GeoReport; nothing is kept then.
        BadUse: When the days end before they begin.
    """
    look_at(city)
    since, until = (datetime.combine(day, time.min, UTC) if day else None for day in days)
    if since and until and since > until:
        raise BadUse(
            "the days end before they begin", where="--until", found=str(days[1]), allowed=(f"from {days[0]}",)
        )
    groups = {one.code: one.group for one in endpoint.services()}
    last = until + timedelta(days=1, microseconds=-1) if until else None
    found = [taken_in(one, groups.get(one.service_code, "")) for one in endpoint.requests(since, last, status=status)]
    if not found:
        return 0, None
    found.sort(key=lambda one: (one.received, one.id))
    digest = digest_text("\n".join(map(repr, found)))
    source = Source(urlsplit(endpoint.url).netloc, digest, CONNECTOR, VERSION)
    return len(found), keep(city / FOLDER / REQUESTS, found, source)

"""Requests of another server taken into the hotline of a city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tulou.app.hotline import CENTRE, FOLDER, REQUESTS
from tulou.app.requesters import Asker, PutAway, RequesterDesk
from tulou.app.wiring import RULEBOOKS, look_at
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse
from tulou.kernel.identity import digest_text
from tulou.kernel.provenance import Source
from tulou.operations.hotline.adapters.shelf import keep, load
from tulou.operations.open311.client import Endpoint
from tulou.operations.open311.mapping import taken_in

CONNECTOR = "open311"
VERSION = "2"


@dataclass(frozen=True)
class Pulled:
    """What came of asking another server.

    Args:
        count: How many requests came.
        path: File they are kept in; None when none came.
        requesters: What became of who asked.
    """

    count: int = 0
    path: Path | None = None
    requesters: PutAway = field(default_factory=PutAway)


def pull(
    city: Path,
    endpoint: Endpoint,
    days: tuple[date | None, date | None],
    *,
    status: str = "",
    names: Sequence[str] = RULEBOOKS,
) -> Pulled:
    """Take the requests of some days into the hotline of a city; all of them or none.

    Args:
        city: Folder of the city.
        endpoint: The server.
        days: First and last day, whole days of UTC.
        status: ``open`` or ``closed``; both when empty.
        names: Rulebooks, which say how long a requester is kept.

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
    told = list(endpoint.records(since, last, status=status))
    found = [taken_in(one, groups.get(one.service_code, ""), who) for one, who in told]
    if not found:
        return Pulled()
    found.sort(key=lambda one: (one.received, one.id))
    digest = digest_text("\n".join(map(repr, found)))
    source = Source(urlsplit(endpoint.url).netloc, digest, CONNECTOR, VERSION)
    askers = [Asker(one.service_request_id, one.requested, who) for one, who in told if who]
    desk, folder = RequesterDesk(city, names, CENTRE), city / FOLDER / REQUESTS
    with desk.putting_away(askers, now()) as away:
        known = {one.id: one.token for one in load(folder) if one.token}
        is_new, known = not away.tokens.items() <= known.items(), known | dict(away.tokens)
        requests = [replace(one, token=known.get(one.id, "")) for one in found]
        return Pulled(len(found), keep(folder, requests, source, is_new=is_new), away)

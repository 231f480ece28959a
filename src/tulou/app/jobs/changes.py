"""The work of comparing two checks."""

from __future__ import annotations

import json

from tulou.app.jobs.record import Job
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import TulouError
from tulou.kernel.progress import Progress

NAME = "changes"


def do_changes(job: Job, progress: Progress) -> None:
    """Compare two ends, and keep what came of it beside the city.

    Args:
        job: The job; it is given ``from``, ``to``, ``indicators``, ``level`` and ``unit``.
        progress: Told how far it is.

    Raises:
        TulouError: With its places named as the request names them.
    """
    from tulou.app.changes import Between, as_asked, make_changes
    from tulou.app.why import Wanted

    given = job.asked.given
    try:
        wanted = Wanted(tuple(given["indicators"]), given["level"], given["unit"])
        name = make_changes(job.city, Between(given["from"], given["to"], wanted), progress=progress)
    except TulouError as error:
        raise as_asked(error, job.city) from None
    job.out.mkdir(exist_ok=True)
    write_text(job.out / f"{NAME}.json", json.dumps({"id": name}))

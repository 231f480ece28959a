"""The work of planning for a ladder of budgets."""

from __future__ import annotations

import json
import time

from tulou.app.jobs.record import Job
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import TulouError
from tulou.kernel.progress import Progress

NAME = "plan"
WORKED = "worked.json"
"""Beside a plan: how long the work took. No part of the plan, which is the same whenever it is made."""


def do_plan(job: Job, progress: Progress) -> None:
    """Plan for a city, for its budgets and for less and more, and keep the plan beside the city.

    Args:
        job: The job; it is given what ``plan_asking`` reads.
        progress: Told how far it is.

    Raises:
        TulouError: With its places named as the request names them.
    """
    from tulou.app.plan_asking import PRICES, as_asked, prices_text, question_of, wishes_of
    from tulou.app.planning import Request, plan_city
    from tulou.plan.renewal.ladder import shares_of

    given, begun = job.asked.given, time.monotonic()
    file = job.inputs / PRICES if given["prices"] else None
    try:
        if file is not None:
            write_text(file, prices_text(given["prices"]))
        request = Request(question_of(given), file, has_made_up_prices=given["made_up"])
        planned = plan_city(job.city, request, wishes_of(given), shares=shares_of(given["rungs"]), progress=progress)
    except TulouError as error:
        raise as_asked(error, job.city) from None
    job.out.mkdir(exist_ok=True)
    write_text(planned.folder / WORKED, json.dumps({"seconds": round(time.monotonic() - begun, 1)}))
    write_text(job.out / f"{NAME}.json", json.dumps({"id": planned.id}))

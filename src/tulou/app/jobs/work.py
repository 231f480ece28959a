"""What jobs do, by kind, in the process that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tulou.app.jobs import rulebooks
from tulou.app.jobs.changes import do_changes
from tulou.app.jobs.plans import do_plan
from tulou.app.jobs.record import Job
from tulou.app.jobs.reports import do_report
from tulou.app.wiring import RULEBOOKS, look_at, open_city
from tulou.kernel.clock import MAIN, parse_day
from tulou.kernel.progress import Progress
from tulou.kernel.words import LANGUAGES


def _process(job: Job, progress: Progress) -> None:
    """Run a model on the city; keep its facts when a name answers for them."""
    from tulou.app.running import digest_of, keep_outcome, run_process, write_outcome, write_picture
    from tulou.processes.catalogue import processes

    asked = job.asked
    given = _with_files(asked.given.get("inputs", {}), job.inputs)
    process = processes()[asked.name]
    city = job.city if process.needs_city or process.takes_city else None
    branch = asked.given.get("branch") or MAIN
    done = run_process(
        asked.name,
        given,
        city=city,
        at=_day(asked.given.get("at")),
        as_of=asked.given.get("as_of"),
        branch=branch,
        progress=progress,
    )
    job.out.mkdir(exist_ok=True)
    write_outcome(done, job.out, ("html",), LANGUAGES)
    write_picture(done, job.out, LANGUAGES)
    if asked.given.get("who") and not _is_kept(job, digest_of(done)):
        keep_outcome(done, job.city, who=str(asked.given["who"]), branch=branch)


def _is_kept(job: Job, digest: str) -> bool:
    """Whether this job, before it was broken off and taken up again, has kept what it found."""
    commits = look_at(job.city).log()
    since = job.asked.created
    return any(one.source is not None and one.source.digest == digest and one.time >= since for one in commits)


def _check(job: Job, progress: Progress) -> None:
    """Check the city and write its report."""
    from tulou.app import checking
    from tulou.app.reporting import write_reports

    given = job.asked.given
    question = checking.Question(
        valid=_day(given.get("at")),
        record=given.get("as_of"),
        rulebooks=tuple(given.get("rulebooks") or RULEBOOKS),
        indicators=tuple(given.get("indicators") or ()),
        branch=given.get("branch") or MAIN,
    )
    kept = checking.run(open_city(job.city), question, progress=progress)
    write_reports(kept, ("html",), LANGUAGES)
    job.out.mkdir(exist_ok=True)
    (job.out / "check.txt").write_text(kept.check.id, "utf-8")


Work = Callable[[Job, Progress], None]
KINDS: Mapping[str, Work] = {
    "process": _process,
    "check": _check,
    "effect": rulebooks.effect,
    "changes": do_changes,
    "plan": do_plan,
    "report": do_report,
}


def _day(text: object) -> date | None:
    return parse_day(str(text), "at") if text else None


def _with_files(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Inputs with the names of files they came with in place of paths."""
    return {
        name: folder / str(value["file"]) if isinstance(value, Mapping) and "file" in value else value
        for name, value in given.items()
    }

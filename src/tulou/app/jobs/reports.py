"""A job that writes the reports of a check beside it, and copies of them where the job keeps what it made."""

from __future__ import annotations

import json
import shutil

from tulou.app.jobs.record import Job
from tulou.kernel.progress import Progress
from tulou.kernel.words import LANGUAGES


def do_report(job: Job, progress: Progress) -> None:
    """Write the reports that were asked for."""
    from tulou.app import checking
    from tulou.app.reporting import write_reports  # loads fonts and drawing

    given = job.asked.given
    kept = checking.kept(job.city, str(given["check"]))
    written = write_reports(kept, [str(one) for one in given["formats"]], LANGUAGES, progress=progress)
    job.out.mkdir(exist_ok=True)
    for path in written:
        shutil.copyfile(path, job.out / path.name)
    found = {"check": kept.check.id, "reports": [path.name for path in written]}
    (job.out / f"{job.asked.name}.json").write_text(json.dumps(found), "utf-8")

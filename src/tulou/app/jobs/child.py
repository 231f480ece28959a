"""The process that does one job: ``python -m tulou.app.jobs.child FOLDER``."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

from tulou.app.jobs.record import WHOLE, Job, State, ended
from tulou.app.jobs.work import KINDS
from tulou.kernel.clock import now
from tulou.kernel.errors import Fault, TulouError, shorten

TELLING = 0.5
"""Seconds between two words on how far it is."""


@dataclass(eq=False)
class _Telling:
    """Keeps how far a job is, but not more often than a reader would look."""

    job: Job
    state: State
    last: float = -TELLING

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() - self.last >= TELLING:
            self.last = time.monotonic()
            self.state = replace(self.state, message=what, progress=WHOLE * done // max(total, 1))
            self.job.say(self.state)


def do(job: Job) -> State:
    """Do a job and keep how it ended."""
    telling = _Telling(job, State("running", started=now()))
    job.say(telling.state)
    try:
        KINDS[job.asked.kind](job, telling)
    except TulouError as error:
        faults = tuple(_fault(one) for one in error.faults)
        found = ended("failed", error.faults[0].what, of=telling.state, problem=faults)
    except MemoryError:
        found = ended("failed", "there is not enough memory; nothing was kept", of=telling.state)
    else:
        found = ended("successful", of=telling.state)
    job.say(found)
    return found


def _fault(one: Fault) -> dict[str, Any]:
    told = asdict(one)
    found = None if one.found is None else shorten(one.found)
    return told | {"found": found, "allowed": list(one.allowed), "guess": one.guess}


def end_with_parent() -> None:
    """End when the server does, however it ends: its end of the pipe closes then."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(1)

    Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    end_with_parent()
    do(Job(Path(sys.argv[1])))

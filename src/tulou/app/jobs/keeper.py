"""The keeper of jobs: takes them up in their order, a few at a time, and ends those that are dismissed."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from tulou.app.jobs.record import Asked, Job, State, ended, jobs_of, new_job
from tulou.kernel.clock import now
from tulou.kernel.errors import Conflict

AT_ONCE = 1
"""Jobs that are worked on at a time; each uses all cores where it can."""
TOKEN_BYTES = 4
MOST_WAITING = 200
"""Jobs that may wait; more are refused."""


@dataclass(eq=False)
class Keeper:
    """Jobs of some cities.

    Args:
        cities: Folders of the cities.
        clock: Tells the time.
    """

    cities: Iterable[Path]
    clock: Callable[[], datetime] = now
    _waiting: SimpleQueue[Job | None] = field(default_factory=SimpleQueue)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _threads: list[Thread] = field(default_factory=list)
    _stopping: bool = False

    def start(self) -> None:
        """Begin to work; jobs that were not ended when work last stopped come first, from their beginning."""
        for job in sorted((job for city in self.cities for job in jobs_of(city)), key=lambda one: one.id):
            if not job.state.is_ended:
                job.say(State("accepted"))
                self._waiting.put(job)
        for _ in range(AT_ONCE):
            thread = Thread(target=self._work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop working; what is not ended is taken up at the next start."""
        with self._lock:
            self._stopping = True
            for child in self._running.values():
                _kill(child)
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def ask(self, city: Path, kind: str, name: str, given: Mapping[str, Any], files: Mapping[str, bytes]) -> Job:
        """Ask for work.

        Raises:
            Conflict: When too many jobs wait already.
        """
        if self._waiting.qsize() >= MOST_WAITING:
            raise Conflict("too many jobs wait already", where="jobs", found=MOST_WAITING)
        job = new_job(city, Asked(kind, name, given, self.clock()), secrets.token_hex(TOKEN_BYTES), files)
        self._waiting.put(job)
        return job

    def dismiss(self, job: Job) -> State:
        """End a job that has not ended; one that has stays as it is."""
        with self._lock:
            state = job.state
            if state.is_ended:
                return state
            child = self._running.get(job.id)
            found = ended("dismissed", of=state)
            if child is not None:
                _kill(child)
                child.wait()
            job.say(found)
        return found

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            with self._lock:
                if self._stopping:
                    return
                if job.state.is_ended:
                    continue
                command = [sys.executable, "-m", "tulou.app.jobs.child", str(job.folder)]
                child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603  (ours)
                self._running[job.id] = child
            child.wait()
            if child.stdin is not None:
                child.stdin.close()
            with self._lock:
                del self._running[job.id]
                self._close(job, child.returncode)

    @staticmethod
    def _close(job: Job, code: int) -> None:
        """Say how a child ended that could not say so itself; one that was killed on the way out is taken up again."""
        state = job.state
        if not state.is_ended and code not in {-signal.SIGKILL, -signal.SIGTERM}:
            job.say(ended("failed", "the work broke off; the log of the server says why", of=state))


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and all that it started."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)

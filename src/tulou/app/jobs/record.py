"""A job on the disk: what was asked, how far it is, what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from tulou.kernel.atomic import write_text
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput

Status = Literal["accepted", "running", "successful", "failed", "dismissed"]
"""As OGC API Processes calls them."""
ENDED: tuple[Status, ...] = ("successful", "failed", "dismissed")
FOLDER = "jobs"
ASKED, STATE, OUT, INPUTS = "asked.json", "state.json", "out", "inputs"
ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")
WHOLE = 100


@dataclass(frozen=True)
class Asked:
    """What a job is to do.

    Args:
        kind: What kind of work, see ``work.KINDS``.
        name: Of which process, for ``process``.
        given: What it is told.
        created: When it was asked.
    """

    kind: str
    name: str
    given: Mapping[str, Any]
    created: datetime


@dataclass(frozen=True)
class State:
    """How far a job is.

    Args:
        status: Its status.
        progress: Percent of the step it is in.
        message: What is being done, or why it failed.
        started: When work on it began; None before.
        ended: When it ended; None before.
        problem: Faults of a job that failed, each in its four parts.
    """

    status: Status
    progress: int = 0
    message: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    problem: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED


@dataclass(frozen=True)
class Job:
    """One job of a city.

    Args:
        folder: Where it is kept: ``<city>/jobs/<id>``.
    """

    folder: Path

    @property
    def id(self) -> str:
        """Its id."""
        return self.folder.name

    @property
    def city(self) -> Path:
        """Folder of the city it works on."""
        return self.folder.parent.parent

    @property
    def out(self) -> Path:
        """Where it puts what it makes."""
        return self.folder / OUT

    @property
    def inputs(self) -> Path:
        """Where files it was given are kept."""
        return self.folder / INPUTS

    @property
    def asked(self) -> Asked:
        """What it is to do.

        Raises:
            BadInput: When its file is damaged.
        """
        read = _read(self.folder / ASKED)
        return Asked(read["kind"], read["name"], read["given"], datetime.fromisoformat(read["created"]))

    @property
    def state(self) -> State:
        """How far it is.

        Raises:
            BadInput: When its file is damaged.
        """
        read = _read(self.folder / STATE)
        if read["status"] not in get_args(Status):
            raise BadInput("this is no status of a job", where=STATE, found=read["status"], allowed=get_args(Status))
        moments = {key: datetime.fromisoformat(read[key]) if read[key] else None for key in ("started", "ended")}
        return State(read["status"], read["progress"], read["message"], **moments, problem=tuple(read["problem"]))

    def say(self, state: State) -> None:
        """Keep how far it is; whole or not at all."""
        told = {
            "status": state.status,
            "progress": state.progress,
            "message": state.message,
            "started": state.started and state.started.isoformat(),
            "ended": state.ended and state.ended.isoformat(),
            "problem": [dict(one) for one in state.problem],
        }
        write_text(self.folder / STATE, json.dumps(told, ensure_ascii=False))

    def files(self) -> list[Path]:
        """Files it made, by name."""
        return sorted(one for one in self.out.glob("*") if one.is_file()) if self.out.is_dir() else []


def new_job(city: Path, asked: Asked, token: str, files: Mapping[str, bytes]) -> Job:
    """Keep a new job; it is on the disk, whole, when this returns.

    Args:
        city: Folder of the city.
        asked: What it is to do.
        token: Eight hexadecimal digits that no other job of this second has.
        files: Files it is given, by plain name.
    """
    stamp = asked.created.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
    job = Job(city / FOLDER / f"{stamp}-{token}")
    job.inputs.mkdir(parents=True)
    for name, content in files.items():
        (job.inputs / name).write_bytes(content)
    told = {"kind": asked.kind, "name": asked.name, "given": asked.given, "created": asked.created.isoformat()}
    write_text(job.folder / ASKED, json.dumps(told, ensure_ascii=False))
    job.say(State("accepted"))
    return job


def jobs_of(city: Path) -> list[Job]:
    """Jobs of a city, oldest first; a folder whose job was never wholly kept is none."""
    place = city / FOLDER
    if not place.is_dir():
        return []
    folders = sorted(one for one in place.iterdir() if ID.fullmatch(one.name))
    return [Job(one) for one in folders if (one / STATE).is_file()]


def under_way(city: Path, kind: str, given: Mapping[str, Any]) -> Job | None:
    """The job that does the same work already; None when none does.

    Args:
        city: Folder of the city.
        kind: What kind of work.
        given: What it is told.
    """
    for job in reversed(jobs_of(city)):
        if not job.state.is_ended and (job.asked.kind, job.asked.given) == (kind, given):
            return job
    return None


def ended(status: Status, message: str = "", *, of: State, problem: tuple[Mapping[str, Any], ...] = ()) -> State:
    """The state of a job that has ended now."""
    progress = WHOLE if status == "successful" else of.progress
    return State(status, progress, message, of.started, now(), problem)


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise BadInput("this file of a job is damaged", where=f"{path.parent.name}/{path.name}") from None
    return found

"""Jobs over HTTP as OGC API Processes has them: list, status, results, dismissal; and the files they made."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import FileResponse

from tulou.app.api.addresses import base_of
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.api.work import Working
from tulou.app.jobs.record import Job, jobs_of
from tulou.app.messages import spoken
from tulou.indicators.rulebook.folders import known_rulebooks
from tulou.kernel.errors import BadUse, Fault, NotEnoughData
from tulou.kernel.words import Language
from tulou.processes.catalogue import processes

CHECKED = "check.txt"
APART = (
    "sandbox allow-scripts; default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'"
)
"""Papers hold all they need, their own script too, and see nothing of the place they are read from."""
TEXTS, LISTS = ("at", "as_of", "branch"), ("indicators", "rulebooks")
"""What a check may be asked."""

ROUTER = APIRouter(prefix="/cities/{city}", tags=["jobs"])
"""Jobs of each city."""


@ROUTER.post("/checks", status_code=201)
def check(
    shelf: Served,
    keeper: Working,
    request: Request,
    city: str,
    answer: Response,
    asked: Annotated[dict[str, Any] | None, Body()] = None,
) -> dict[str, Any]:
    """Check the city anew, as a job."""
    return accepted(keeper.ask(shelf.folder(city), "check", "", _question(asked or {}), {}), request, city, answer)


@ROUTER.get("/jobs")
def jobs(shelf: Served, request: Request, city: str, language: Speech) -> dict[str, Any]:
    """Jobs, the newest first."""
    listed = jobs_of(shelf.folder(city))[::-1]
    return {"jobs": [told(one, request, city, language) for one in listed], "links": []}


@ROUTER.get("/jobs/{job}")
def status(shelf: Served, request: Request, city: str, job: str, language: Speech) -> dict[str, Any]:
    """How far a job is."""
    return told(_job(shelf, city, job), request, city, language)


@ROUTER.delete("/jobs/{job}")
def dismiss(shelf: Served, keeper: Working, request: Request, city: str, job: str, language: Speech) -> dict[str, Any]:
    """Dismiss a job."""
    one = _job(shelf, city, job)
    keeper.dismiss(one)
    return told(one, request, city, language)


@ROUTER.get("/jobs/{job}/results")
def results(shelf: Served, city: str, job: str) -> dict[str, Any]:
    """What a job found."""
    one = _job(shelf, city, job)
    if one.state.status != "successful":
        raise NotEnoughData("this job has no result", where=job, found=one.state.status, allowed=("successful",))
    asked = one.asked
    if asked.kind == "check":
        return {"check": (one.out / CHECKED).read_text("utf-8")}
    outcome: dict[str, Any] = json.loads((one.out / f"{asked.name}.json").read_text("utf-8"))
    return {"outcome": outcome, "files": [each.name for each in one.files()]}


@ROUTER.get("/jobs/{job}/files/{name}", response_class=FileResponse)
def file(shelf: Served, city: str, job: str, name: str) -> FileResponse:
    """A file that a job made."""
    made = {each.name: each for each in _job(shelf, city, job).files()}
    if name not in made:
        raise Missing("there is no such file", where=job, found=name, allowed=made)
    return FileResponse(made[name], headers={"Content-Security-Policy": APART})


def _question(given: dict[str, Any]) -> dict[str, Any]:
    """What a check is asked, if it can be.

    Raises:
        BadUse: With every fault.
    """
    allowed = (*TEXTS, *LISTS)
    faults = [Fault("there is no such parameter", "body", key, allowed) for key in given if key not in allowed]
    for key in LISTS:
        names = given.get(key, [])
        if not (isinstance(names, list) and all(isinstance(one, str) for one in names)):
            faults.append(Fault("this is a list of names", key, str(names)))
    known = tuple(known_rulebooks())
    listed = given.get("rulebooks", [])
    named = listed if isinstance(listed, list) else ()
    faults += [Fault("there is no such rulebook", "rulebooks", str(one), known) for one in named if one not in known]
    faults += [
        Fault("this is a text", key, str(given[key])) for key in TEXTS if not isinstance(given.get(key, ""), str)
    ]
    if faults:
        raise BadUse.of(faults)
    return given


def accepted(job: Job, request: Request, city: str, answer: Response) -> dict[str, Any]:
    """The answer to who asked for work: the job, and where to look how far it is."""
    answer.headers["Location"] = f"{base_of(request, city)}/jobs/{job.id}"
    answer.headers["Preference-Applied"] = "respond-async"
    return told(job, request, city, "en")


def told(job: Job, request: Request, city: str, language: Language) -> dict[str, Any]:
    """How far a job is, as the standard says it."""
    asked, state = job.asked, job.state
    at = f"{base_of(request, city)}/jobs/{job.id}"
    links = [{"href": at, "rel": "self", "type": "application/json"}]
    if state.status == "successful":
        result = "http://www.opengis.net/def/rel/ogc/1.0/results"
        links.append({"href": f"{at}/results", "rel": result, "type": "application/json"})
    return {
        "jobID": job.id,
        "type": "process",
        "processID": asked.name or asked.kind,
        "title": processes()[asked.name].title.say(language) if asked.name in processes() else "",
        "status": state.status,
        "message": spoken(state.message, language),
        "progress": state.progress,
        "created": asked.created.isoformat(),
        "started": state.started and state.started.isoformat(),
        "finished": state.ended and state.ended.isoformat(),
        "faults": [dict(one) | {"what": spoken(str(one["what"]), language)} for one in state.problem],
        "links": links,
    }


def _job(shelf: Shelf, city: str, name: str) -> Job:
    known = {one.id: one for one in jobs_of(shelf.folder(city))}
    if name not in known:
        raise Missing("there is no such job", where="job", found=name, allowed=tuple(known))
    return known[name]

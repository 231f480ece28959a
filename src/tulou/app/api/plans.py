"""Plans over HTTP: asked as a job, for the budgets and for less and more money, kept, and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tulou.app.api.jobs import accepted
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.api.work import Working
from tulou.app.jobs.plans import NAME, WORKED
from tulou.app.jobs.record import under_way
from tulou.app.plan_asking import as_asked, refuse
from tulou.app.planning import catalogue_of
from tulou.app.plans import FILE, FOLDER, LADDER, kept_plans, read_plan
from tulou.app.wiring import RULEBOOKS, last_day, rulebook
from tulou.kernel.clock import MAIN, parse_day
from tulou.kernel.documents import read_document
from tulou.kernel.errors import BadUse, TulouError
from tulou.model.store.city import City
from tulou.plan.renewal.ladder import MOST_RUNGS, RUNGS, shares_of
from tulou.plan.renewal.wishes import ALTERNATIVES, GAP
from tulou.publish.plan.machine import catalogue_document
from tulou.publish.why.machine import in_language

MOST_YEARS, MOST_NAMES, MOST_ALTERNATIVES = 20, 200, 20
FRONT = ("id", "check", "day", "objective", "budgets", "cost", "value", "gap")
"""What a list of plans tells of each."""
EXAMPLES = "prices.yaml"
"""Prices of the demonstration, which are made up and say so."""

ROUTER = APIRouter(prefix="/cities/{city}", tags=["plans"])
"""Plans of each city."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[list[Name], Field(max_length=MOST_NAMES)]


class Fair(BaseModel):
    """How units share."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["none", "share", "least"] = "none"
    share: float = Field(default=0.0, ge=0.0, le=1.0, description="Least part of what a unit could get; for 'share'.")


class Price(BaseModel):
    """A price of a remedy that whoever plans brings along."""

    model_config = ConfigDict(extra="forbid")
    remedy: Name = Field(description="Id or title of the remedy.")
    price: float | str = Field(description="Amount in yuan, as a number or as people write it (35万).")
    unit: Annotated[str, Field(max_length=40)] | None = Field(default=None, description="Unit, when not the remedy's.")
    dated: Annotated[str, Field(max_length=40)] | None = Field(default=None, description="Day of the price.")
    source: Annotated[str, Field(max_length=300)] | None = Field(default=None, description="Where it comes from.")


class Asked(BaseModel):
    """What a plan is asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "budgets": {"2027": 5000000, "2028": 6000000},
                    "prices": [
                        {"remedy": "add_lift", "price": 650000, "dated": "2026-05-01", "source": "bids of 2026"}
                    ],
                }
            ]
        },
    )
    budgets: dict[Annotated[str, Field(max_length=4)], float] = Field(
        min_length=1, max_length=MOST_YEARS, description="Money of each year, yuan; what is not spent lapses."
    )
    objective: Literal["people", "objects"] = "people"
    weights: dict[Name, float] = Field(
        default={}, max_length=MOST_NAMES, description="What one of an indicator counts."
    )
    fairness: Fair = Fair()
    must: Names = []
    remedies: Names = []
    indicators: Names = []
    prices: list[Price] = Field(default=[], max_length=MOST_NAMES)
    made_up: bool = Field(default=False, description="Whether the prices are made up; every output then says so.")
    gap: float = Field(default=GAP, ge=0.0, lt=1.0, description="Relative gap that is good enough.")
    alternatives: int = Field(default=ALTERNATIVES, ge=0, le=MOST_ALTERNATIVES)
    rungs: int = Field(default=RUNGS, ge=2, le=MOST_RUNGS, description="Rungs of the ladder of budgets; even.")
    at: str = Field(default="", max_length=40)
    as_of: str = Field(default="", max_length=200)
    branch: str = Field(default="", max_length=200)
    rulebooks: Names = []


@ROUTER.get("/remedies")
def remedies(shelf: Served, city: str, language: Speech) -> dict[str, Any]:
    """The catalogue of remedies: what each costs and is priced by, from which source; what has no price says so."""
    opened = shelf.city(city)
    told = catalogue_document(catalogue_of(rulebook(RULEBOOKS), None).catalogue)
    examples = made_up_prices() if opened.profile.synthetic else {}
    listed = [one | {"example": examples.get(one["id"])} for one in told["remedies"]]
    return {"remedies": in_language(listed, language), "synthetic": opened.profile.synthetic}


@ROUTER.post("/plans", status_code=201)
def plan(
    shelf: Served, keeper: Working, request: Request, city: str, answer: Response, asked: Annotated[Asked, Body()]
) -> dict[str, Any]:
    """Plan for the city as a job, for its budgets and for a ladder of less and more money."""
    folder = shelf.folder(city)
    given = asked.model_dump()
    shares_of(asked.rungs)
    _refuse_state(shelf.city(city), asked)
    refuse(given)
    job = under_way(folder, NAME, given) or keeper.ask(folder, NAME, NAME, given, {})
    return accepted(job, request, city, answer)


@ROUTER.get("/plans")
def plans(shelf: Served, city: str) -> dict[str, Any]:
    """Plans that were kept, the newest last."""
    folder = shelf.folder(city)
    found = []
    names = kept_plans(folder)
    for name in sorted(names, key=lambda one: ((folder / FOLDER / one / FILE).stat().st_mtime_ns, one)):
        told = _read(shelf, city, name, FILE)
        if told:
            has_ladder = (folder / FOLDER / name / LADDER).is_file()
            found.append({key: told.get(key) for key in FRONT} | {"ladder": has_ladder, "prices": told.get("prices")})
    return {"plans": found}


@ROUTER.get("/plans/{plan}")
def one_plan(
    shelf: Served,
    city: str,
    plan: str,
    language: Speech,
    part: Annotated[Literal["plan", "ladder"], Query()] = "ladder",
) -> dict[str, Any]:
    """One plan: the ladder of budgets with what is chosen on each rung; or all that is known of it, as `part=plan`."""
    folder = shelf.folder(city)
    names = kept_plans(folder)
    if plan not in names:
        raise Missing("there is no such plan", where="plan", found=plan, allowed=names)
    told = _read(shelf, city, plan, FILE if part == "plan" else LADDER)
    if not told:
        raise Missing("this part of the plan was not kept, or can no longer be read", where="part", found=part)
    worked = read_plan(folder, plan, WORKED)
    document: dict[str, Any] = in_language(told, language)
    return document | {"id": plan, "seconds": worked.get("seconds")}


def _refuse_state(city: City, asked: Asked) -> None:
    """Refuse a branch, a day or a record that is not there."""
    branch, known = asked.branch or MAIN, city.branches()
    if branch not in known:
        raise BadUse("the city has no such branch", where="branch", found=branch, allowed=known)
    try:
        day = parse_day(asked.at, "at") if asked.at else last_day(city, branch)
        city.state(valid=day, record=asked.as_of or None, branch=branch)
    except TulouError as error:
        faults = as_asked(error, city.path).faults
        raise type(error).of(replace(one, where=one.where or "as_of") for one in faults) from None


def _read(shelf: Shelf, city: str, name: str, file: str) -> Mapping[str, Any]:
    folder = shelf.folder(city)
    place = folder / FOLDER / name / file
    written = place.stat().st_mtime_ns if place.is_file() else 0
    return shelf.once((city, "plan", name, file, written), lambda: read_plan(folder, name, file))


@cache
def made_up_prices() -> Mapping[str, float]:
    """Prices of the demonstration by remedy, all made up: offered for cities that are made up, too."""
    with as_file(files("tulou.sources.synthetic") / EXAMPLES) as path:
        page = read_document(path, path.name)
    return {name: float(entry["price"]) for name, entry in page.items()}

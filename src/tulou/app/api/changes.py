"""What changed between two checks, and why, over HTTP: asked as a job, kept, and read figure by figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tulou.app.api.checks import bare, state_of
from tulou.app.api.jobs import accepted
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.api.work import Working
from tulou.app.changes import Between, Kept, as_asked, kept_changes, made_already, read_changes
from tulou.app.comparing import CITY_LEVEL
from tulou.app.ends import NOW
from tulou.app.jobs.changes import NAME
from tulou.app.jobs.record import under_way
from tulou.app.series import Figure, PublishedPoint, published_series
from tulou.app.why import Wanted
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.indicators.rulebook.content import LEVELS
from tulou.kernel.errors import BadUse, TulouError
from tulou.kernel.words import Language
from tulou.publish.numbers import unit_text
from tulou.publish.why.machine import in_language
from tulou.publish.why.tell import rule_words

MOST_INDICATORS = 50
"""Indicators that one comparison may be asked for by name."""
APART = ("behind", "tells")
"""What of a figure is told when that figure is asked for."""

ROUTER = APIRouter(prefix="/cities/{city}", tags=["changes"])
"""Differences of checks of each city."""

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Asked(BaseModel):
    """What is compared: two ends, and the figures that are looked at."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [{"from": "check-2025", "to": "check-2026"}, {"from": "2026-01-29@3", "to": NOW}]
        },
    )
    before: Name = Field(alias="from", description="A check, a tag, a branch, a day as known at a record, or 'now'.")
    after: Name = Field(alias="to", description="The other end, named in the same ways.")
    indicators: list[Name] = Field(default=[], max_length=MOST_INDICATORS, description="Ids; all when empty.")
    level: str = Field(default="", max_length=40, description="Level of the units; the city when neither is given.")
    unit: str = Field(default="", max_length=200, description="Id of one unit.")


@ROUTER.get("/ends")
def ends(shelf: Served, city: str) -> dict[str, Any]:
    """What can be compared: kept checks, tags and branches, each by the name it is asked by."""
    opened = shelf.city(city)
    folders = kept_checks(opened.path)
    heads = [shelf.once((city, "head", one.name), lambda one=one: load_check(one)) for one in folders]  # type: ignore[misc]
    ordered = sorted(heads, key=lambda one: (one.day, one.record or 0, one.id))
    tags = opened.tags()
    at = {tag.commit: name for name, tag in tags.items()}
    return {
        "checks": [
            {
                "id": one.id,
                "day": one.day.isoformat(),
                "record": one.record,
                "branch": one.branch,
                "rulebook": dict(one.rulebook),
                "tag": at.get(one.record) if one.record is not None else None,
            }
            for one in ordered
        ],
        "tags": [{"name": name, "record": tag.commit, "about": tag.about} for name, tag in sorted(tags.items())],
        "branches": [{"name": name, "about": one.about} for name, one in sorted(opened.branches().items())],
        "now": NOW,
    }


@ROUTER.post("/changes", status_code=201)
def compare(
    shelf: Served, keeper: Working, request: Request, city: str, answer: Response, asked: Annotated[Asked, Body()]
) -> dict[str, Any]:
    """Compare two checks. What was compared already is answered at once (200, `id`); else a job is begun (201)."""
    folder = shelf.folder(city)
    given = asked.model_dump(by_alias=True)
    if asked.level and asked.level not in LEVELS:
        raise BadUse("there is no such level", where="level", found=asked.level, allowed=LEVELS)
    try:
        wanted = Wanted(tuple(asked.indicators), asked.level, asked.unit)
        found = made_already(folder, Between(asked.before, asked.after, wanted))
    except TulouError as error:
        raise as_asked(error, folder) from None
    if found:
        answer.status_code = 200
        return {"status": "successful", "id": found}
    job = under_way(folder, NAME, given) or keeper.ask(folder, NAME, NAME, given, {})
    return accepted(job, request, city, answer)


@ROUTER.get("/changes")
def listed(shelf: Served, city: str) -> dict[str, Any]:
    """Comparisons that were kept."""
    every = (_kept(shelf, city, name) for name in kept_changes(shelf.folder(city)))
    return {"changes": [_front(one.document) for one in every if one is not None]}


@ROUTER.get("/changes/{changes}")
def changes(shelf: Served, city: str, changes: str, language: Speech) -> dict[str, Any]:
    """One comparison: every figure that moved, with the part of each cause."""
    found = _read(shelf, city, changes)
    figures = [{key: value for key, value in one.items() if key not in APART} for one in found["figures"]]
    told = _front(found) | {"causes": found["causes"], "made_again": found["made_again"], "counts": found["counts"]}
    return told | {"figures": in_language(figures, language)}


@ROUTER.get("/changes/{changes}/figure")
def figure(
    shelf: Served,
    city: str,
    changes: str,
    language: Speech,
    indicator: Annotated[str, Query(max_length=80)],
    unit: Annotated[str, Query(max_length=200)] = "",
    variant: Annotated[str, Query(max_length=80)] = "",
) -> dict[str, Any]:
    """One figure of a comparison: why it moved, with the objects and rules behind each cause."""
    figures = _read(shelf, city, changes)["figures"]
    of_indicator = [one for one in figures if one["indicator"] == indicator and one["variant"] == variant]
    for one in of_indicator:
        if one["unit"] == unit or (not unit and one["level"] == CITY_LEVEL):
            told: dict[str, Any] = in_language(one, language)
            return told
    if not of_indicator:
        known = list(dict.fromkeys(one["indicator"] for one in figures))
        raise Missing(
            "this figure did not move, or was not looked at", where="indicator", found=indicator, allowed=known
        )
    units = [one["unit"] for one in of_indicator]
    raise Missing("this figure did not move, or was not looked at", where="unit", found=unit, allowed=units)


@ROUTER.get("/series")
def series(
    shelf: Served,
    city: str,
    language: Speech,
    indicator: Annotated[str, Query(max_length=80)],
    unit: Annotated[str, Query(max_length=200)] = "",
    variant: Annotated[str, Query(max_length=80)] = "",
) -> dict[str, Any]:
    """One figure over all checks as published, with the rules that changed from one to the next."""
    opened = shelf.city(city)
    names = tuple(folder.name for folder in kept_checks(opened.path))
    asked = Figure(indicator, unit, variant)
    try:
        found = shelf.once((city, "series", names, asked), lambda: published_series(opened, asked))
    except TulouError as error:
        raise as_asked(error, opened.path) from None
    known = found.rulebook.indicators.get(indicator)
    return {
        "indicator": indicator,
        "title": known.title.say(language) if known else indicator,
        "value_unit": known.unit if known else "1",
        "value_unit_words": unit_text(known.unit, language) if known else "",
        "better": known.better if known else "neither",
        "points": [_point(one, language) for one in found.points],
    }


def _point(one: PublishedPoint, language: Language) -> dict[str, Any]:
    names = ("value", "low", "high", "pass_mark", "pass_mark_high", "unit", "unit_name")
    return {
        "check": one.check.id,
        "day": one.check.day.isoformat(),
        "status": state_of(one.row),
        **{name: bare(one.row[name]) for name in names},
        "broken": one.is_broken,
        "rules": [
            {"kind": each.kind, "name": each.name, "says": rule_words(each, language), "since": each.since}
            for each in one.rules
        ],
    }


def _front(found: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: found[name] for name in ("id", "asked", "before", "after", "synthetic")}
    return told | {"moved": len(found["figures"])}


def _read(shelf: Shelf, city: str, name: str) -> Mapping[str, Any]:
    """A comparison that was kept.

    Raises:
        Missing: When there is none of this name that can be read.
    """
    folder = shelf.folder(city)
    known = kept_changes(folder)
    if name not in known:
        raise Missing("there is no such comparison", where="changes", found=name, allowed=known)
    found = _kept(shelf, city, name)
    if found is None:
        raise Missing("this comparison can no longer be read", where="changes", found=name)
    return found.document


def _kept(shelf: Shelf, city: str, name: str) -> Kept | None:
    folder = shelf.folder(city)
    return shelf.once((city, "changes", name), lambda: read_changes(folder, name))

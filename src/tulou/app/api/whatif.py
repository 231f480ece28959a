"""Projects tried over HTTP: what a drawing turns, moves and finds, within seconds; kept on a branch where asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import shapely
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry.base import BaseGeometry

from tulou.app.api.accounts import Token, permit_of
from tulou.app.api.checks import NEWEST, kept_check, plain
from tulou.app.api.features import day_of
from tulou.app.api.places import degrees
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.checking import Question, state_of
from tulou.app.whatif import Ground, Trial, try_project
from tulou.app.whatif_grounds import Grounds
from tulou.app.wiring import RULEBOOKS, open_city, rulebook
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language
from tulou.model.dictionary import Dictionary
from tulou.model.rows import Rows
from tulou.plan.whatif.subjects import Tried
from tulou.publish.whatif.machine import trial_document
from tulou.publish.whatif.telling import edit_text, people_moved, summary

PATIENCE = 25.0
"""Seconds a request waits for a city to be ready, and for its turn."""
MOST_DRAWN = 500
"""Features of a project that is tried at once; a larger one is tried on the command line."""
MOST_LINES, USUAL_LINES = 2_000, 200
FILE = "project.geojson"
"""Name under which a project that came with a request is spoken of."""
CLOSABLE = ("facility", "road")
"""Kinds of objects that are looked for by name to be closed."""
MOST_NAMED = 50
NOBODY = "whoever keeps a project answers for it by name"
NO_PROJECT = "a project is sent with the request, as GeoJSON"

ROUTER = APIRouter(prefix="/cities/{city}/whatif", tags=["whatif"])
"""Projects tried on each city."""


class Keeping(BaseModel):
    """How a project is kept.

    Args:
        branch: Name of the new branch.
        who: Who answers for it.
    """

    model_config = ConfigDict(extra="forbid")

    branch: str = Field(min_length=1, max_length=80)
    who: str = Field(min_length=1, max_length=120)


class Drawn(BaseModel):
    """A project and what is asked of it.

    Args:
        project: GeoJSON, as ``tulou whatif --project`` takes it.
        name: What to call it.
        datum: Datum of its coordinates; WGS 84 when empty.
        indicators: Ids to ask; all when empty.
        rulebooks: Rulebooks to ask by; those of the newest check when empty.
        at: Day in the world; the newest known when empty.
        as_of: Record; all that is known when empty.
        base: Branch it stands on.
        keep: To keep it on a branch; nothing is kept when left out.
        most: Most lines of each list.
    """

    model_config = ConfigDict(extra="forbid")

    project: dict[str, Any]
    name: str = Field("", max_length=120)
    datum: str = Field("", max_length=40)
    indicators: list[Annotated[str, Field(max_length=80)]] = Field(default_factory=list, max_length=500)
    rulebooks: list[Annotated[str, Field(max_length=80)]] = Field(default_factory=list, max_length=20)
    at: str = Field("", max_length=40)
    as_of: str = Field("", max_length=80)
    base: str = Field(MAIN, max_length=80)
    keep: Keeping | None = None
    most: int = Field(USUAL_LINES, ge=1, le=MOST_LINES)

    @property
    def question(self) -> Question:
        """What is asked of the city."""
        day = day_of(self.at)
        return Question(day, self.as_of or None, tuple(self.rulebooks) or RULEBOOKS, tuple(self.indicators), self.base)


def grounds_of(request: Request) -> Grounds:
    """The cities that an application has ready for trials."""
    found: Grounds = request.app.state.grounds
    return found


Ready = Annotated[Grounds, Depends(grounds_of)]
"""What a handler declares to be given the cities that are ready."""


@ROUTER.get("")
def standing(shelf: Served, grounds: Ready, city: str, language: Speech) -> dict[str, Any]:
    """Whether trials are answered at once; asking makes the city ready. Also what may be drawn."""
    bare = _bare(shelf, city, Question(), ())
    dictionary = bare.state.dictionary
    return {
        "readiness": grounds.prepare(shelf.folder(city), bare),
        "day": bare.state.moment.valid.isoformat(),
        "rulebook": {"id": bare.rules.id, "version": bare.rules.version},
        "facilities": _titles(dictionary, "facility", "category", language),
        "uses": _titles(dictionary, "building", "use", language),
        "most_features": MOST_DRAWN,
    }


@ROUTER.get("/objects")
def objects(
    shelf: Served,
    city: str,
    language: Speech,
    text: Annotated[str, Query(max_length=80)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
) -> dict[str, Any]:
    """Facilities and streets by name, to be closed; the parts of one street together."""
    if kind and kind not in CLOSABLE:
        raise Missing("the city has no such collection", where="kind", found=kind, allowed=CLOSABLE)
    state = shelf.state(city)
    found: list[dict[str, Any]] = []
    for name in (kind,) if kind else CLOSABLE:
        found += _named(state.rows(name), state.profile.crs, text.strip().lower(), language)
    return {"objects": found[:MOST_NAMED], "matched": len(found)}


@ROUTER.post("")
def trial(shelf: Served, grounds: Ready, city: str, asked: Drawn, token: Token, language: Speech) -> dict[str, Any]:
    """Try a project. What turns, by which clause, for how many people; which figures move; what is not known."""
    folder, question = shelf.folder(city), asked.question
    if asked.keep is not None:
        permit_of(shelf, city, token)
        if not asked.keep.who.strip():
            raise BadUse(NOBODY, where="keep.who", allowed=("a name",))
    text = _checked(asked.project)
    bare = _bare(shelf, city, question, tuple(asked.rulebooks))
    with grounds.trying(folder, bare, PATIENCE) as (ground, memo), TemporaryDirectory() as place:
        file = Path(place) / FILE
        file.write_text(text, "utf-8")
        kept = {} if asked.keep is None else {"keep_on": asked.keep.branch, "who": asked.keep.who.strip()}
        of_all = ground if not question.indicators else bare
        plan = Trial((file,), question, asked.datum, asked.name or FILE.partition(".")[0], **kept)
        tried = try_project(open_city(folder), plan, ground=of_all, memo=memo)
    return _told(tried, asked.most, language)


def _told(tried: Tried, most: int, language: Language) -> dict[str, Any]:
    document: dict[str, Any] = plain(trial_document(tried, most=most))
    dictionary = tried.state.dictionary
    return document | {
        "says": summary(tried.outcome).say(language),
        "edits": [edit_text(one, dictionary, language) for one in tried.project.edits[:most]],
        "remarks": [one.say(language) for one in tried.project.remarks],
        "people_moved": people_moved(tried.changed, tried.state),
    }


def _checked(project: Mapping[str, Any]) -> str:
    """The text of a project, if it is small enough to be tried at once.

    Raises:
        BadUse: When it is none, or too large.
    """
    listed = project.get("features", [])
    if project.get("type") not in {"FeatureCollection", "Feature"}:
        raise BadUse(NO_PROJECT, where="project.type", found=str(project.get("type")), allowed=("FeatureCollection",))
    if isinstance(listed, list) and len(listed) > MOST_DRAWN:
        raise BadUse(
            "too many features for a project; import them on a branch", where="project", found=len(listed),
            allowed=(f"at most {MOST_DRAWN}",),
        )  # fmt: skip
    try:
        return json.dumps(project, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise BadUse(NO_PROJECT, where="project") from None


def _bare(shelf: Shelf, city: str, question: Question, named: tuple[str, ...]) -> Ground:
    """The city on a day, and the rules: those named, else those of the newest check, so that both agree."""
    state = state_of(open_city(shelf.folder(city)), question)
    return Ground(state, rulebook(named) if named else _usual(shelf, city))


def _usual(shelf: Shelf, city: str) -> Rulebook:
    try:
        return kept_check(shelf, city, NEWEST).rulebook
    except Missing:
        return rulebook(RULEBOOKS)


def _titles(dictionary: Dictionary, entity: str, attribute: str, language: Language) -> list[dict[str, str]]:
    values = dictionary[entity].attributes[attribute].values or {}
    return [{"id": name, "title": words.say(language)} for name, words in values.items()]


def _named(rows: Rows, crs: str, text: str, language: Language) -> list[dict[str, Any]]:
    """Objects whose name, id or category holds a text; objects of one street are told as one."""
    if not len(rows):
        return []
    names = rows.texts("name") if rows.has("name") else np.full(len(rows), None, object)
    titles = _category_titles(rows, language)
    met: dict[str, list[int]] = {}
    is_street = rows.entity.name == "road"
    for row, (name, title, own) in enumerate(zip(names, titles, rows.ids.tolist(), strict=True)):
        if text in f"{name or ''} {title} {own}".lower() and (name or not is_street):
            met.setdefault(str(name) if is_street else str(own), []).append(row)
    shapes = degrees(rows, crs)
    return [
        {
            "kind": rows.entity.name,
            "name": names[at[0]] or "",
            "title": titles[at[0]],
            "ids": [str(rows.ids[row]) for row in at],
            "at": _middle(shapes[at[0]]),
        }
        for at in met.values()
    ]


def _category_titles(rows: Rows, language: Language) -> Sequence[str]:
    column = "category" if rows.has("category") else "class"
    if not rows.has(column):
        return [""] * len(rows)
    words = rows.entity.attributes[column].values or {}
    told = {name: one.say(language) for name, one in words.items()}
    return [told.get(one, str(one or "")) for one in rows.texts(column)]


def _middle(shape: BaseGeometry | None) -> list[float] | None:
    if shape is None or shape.is_empty:
        return None
    point = shapely.point_on_surface(shape)
    return [float(point.x), float(point.y)]

"""Rulebooks over HTTP: what is asked by which rules, those of one's own as they are written, and what they turn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request as Asked

from tulou.app.api.accounts import Token, permit_of
from tulou.app.api.jobs import accepted
from tulou.app.api.problems import Missing, told_fault
from tulou.app.api.shelf import Served
from tulou.app.api.speech import Speech
from tulou.app.api.work import Working
from tulou.app.jobs.rulebooks import NAME as EFFECT
from tulou.app.own_rulebooks import FOLDER, Draft, Own, Shelf, Signed
from tulou.app.rulebook_forms import browsed, fields, formula_lines, parameter_forms
from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.indicators.rulebook.content import Indicator, Rulebook
from tulou.indicators.rulebook.folders import chain, known_rulebooks
from tulou.indicators.rulebook.reading import text, texts
from tulou.indicators.rulebook.revised import DEFINITION, PARAMETERS, revised, worked_otherwise
from tulou.indicators.rulebook.written import definition_text, parameters_of, parameters_text
from tulou.kernel.amending import Amendment, amended, plain
from tulou.kernel.clock import now, parse_day
from tulou.kernel.errors import BadInput, BadUse, Fault
from tulou.kernel.words import Language

JOINT = "+"
USUAL = JOINT.join(RULEBOOKS)
"""The rulebooks a check is made by when none is named."""
MOST_TEXT = 64_000
MOST_CHANGES = 50
MOST_VALUE = 8_000
"""Letters of one changed value."""
DAYS = ("since", "checked_on", "until")
"""Keys whose values are days."""
_WHOLE = re.compile(r"[1-9][0-9]{0,5}")

Name = Annotated[str, InPath(max_length=120)]
Text = Annotated[str, Field(max_length=MOST_TEXT)]
Word = Annotated[str, Field(max_length=200)]


class Closed(BaseModel):
    """A document without other keys."""

    model_config = ConfigDict(extra="forbid")


class Change(Closed):
    """One change of a text, as a field of a form makes it."""

    part: Literal["definition", "parameters"]
    at: Annotated[list[str | int], Field(min_length=1, max_length=8)]
    how: Literal["set", "add", "remove"] = "set"
    value: Any = None


class Written(Closed):
    """Two texts, and what they are read over."""

    definition: Text
    parameters: Text = ""
    over: Word = USUAL
    draft: Annotated[str, Field(max_length=40)] = ""


class Changed(Written):
    """Texts, and changes to be made to them."""

    changes: Annotated[list[Change], Field(max_length=MOST_CHANGES)] = Field(default_factory=list)


class Weighed(Written):
    """Texts whose effect is asked for."""

    check: Annotated[str, Field(max_length=80)] = ""


class Kept(Written):
    """Texts to be kept, and who answers for them."""

    name: Annotated[str, Field(max_length=40)]
    who: Annotated[str, Field(min_length=1, max_length=120)]
    title: Word = ""
    why: Annotated[str, Field(max_length=2_000)] = ""
    state: Annotated[str, Field(max_length=64)] = ""


ROUTER = APIRouter(tags=["rulebooks"])
"""Rulebooks, and those of each city's own."""


def _homes(request: Asked, shelf: Served) -> Callable[[str], Shelf]:
    given: Path | None = request.app.state.rulebooks

    def home(city: str) -> Shelf:
        folder = shelf.folder(city)
        return Shelf(given or folder / FOLDER)

    return home


Homes = Annotated[Callable[[str], Shelf], Depends(_homes)]
"""What a handler declares to be given the rulebooks of one's own of each city."""


@ROUTER.get("/rulebooks")
def rulebooks() -> dict[str, Any]:
    """Rulebooks that come with Tulou, and the set a check is made by when none is named."""
    listed = []
    for name in sorted(known_rulebooks()):
        front = chain([name])[-1][1]
        listed.append({
            "name": name,
            "title": plain(front.get("title")),
            "version": text(front, "version"),
            "extends": list(texts(front, "extends")),
        })  # fmt: skip
    return {"usual": USUAL, "rulebooks": listed}


@ROUTER.get("/rulebooks/{name}/indicators")
def indicators(name: Name, language: Speech) -> dict[str, Any]:
    """Indicators of a rulebook by dimension, with their marks by date."""
    return _browsed(rulebook(_names(name)), name, language)


@ROUTER.get("/rulebooks/{name}/indicators/{indicator}")
def indicator(name: Name, indicator: Name, language: Speech) -> dict[str, Any]:
    """One indicator: its text, the text of the parameters it rests on, and both as fields of a form."""
    return _opened(rulebook(_names(name)), indicator, language)


@ROUTER.get("/cities/{city}/drafts")
def drafts(homes: Homes, city: str) -> dict[str, Any]:
    """Rulebooks of one's own."""
    return {"drafts": [_sound(own) for own in homes(city).all()]}


@ROUTER.get("/cities/{city}/drafts/{name}")
def draft(homes: Homes, city: str, name: Name) -> dict[str, Any]:
    """One rulebook of one's own: what it changes, and who answers for it."""
    return _own(homes(city), name).told()


@ROUTER.get("/cities/{city}/drafts/{name}/indicators")
def draft_indicators(homes: Homes, city: str, name: Name, language: Speech) -> dict[str, Any]:
    """Indicators of a rulebook of one's own, those it extends included."""
    return _browsed(_own(homes(city), name).whole(), name, language)


@ROUTER.get("/cities/{city}/drafts/{name}/indicators/{indicator}")
def draft_indicator(homes: Homes, city: str, name: Name, indicator: Name, language: Speech) -> dict[str, Any]:
    """One indicator as a rulebook of one's own has it."""
    own = _own(homes(city), name)
    return _opened(own.whole(), indicator, language) | {"state": own.state}


@ROUTER.get("/cities/{city}/drafts/{name}/file", response_class=Response)
def draft_file(homes: Homes, city: str, name: Name) -> Response:
    """A rulebook of one's own as an archive of its files."""
    own = _own(homes(city), name)
    headers = {"Content-Disposition": f'attachment; filename="{own.name}.zip"'}
    return Response(own.packed(), media_type="application/zip", headers=headers)


@ROUTER.post("/cities/{city}/drafts/reading")
def reading(homes: Homes, city: str, asked: Changed, language: Speech) -> dict[str, Any]:
    """Read two texts, changed as asked: every fault with its line, and both as fields. Nothing is kept."""
    definition, parameters = _amended(asked)
    base = homes(city).base(asked.draft, _names(asked.over))
    made, found, faults = revised(base, definition, parameters)
    return _told(made, found, (definition, parameters), language) | {
        "faults": _faults(faults.found, language),
        "otherwise": list(worked_otherwise(base, made)),
    }


@ROUTER.post("/cities/{city}/drafts/effect", status_code=201)
def effect(
    shelf: Served, keeper: Working, homes: Homes, request: Request, city: str, asked: Weighed, answer: Response
) -> dict[str, Any]:
    """Work out, as a job, which units and findings a draft turns in a kept check, and whether its own checks hold."""
    over, home = _names(asked.over), homes(city)
    _, _, faults = revised(home.base(asked.draft, over), asked.definition, asked.parameters)
    faults.raise_any()
    given = {
        "definition": asked.definition, "parameters": asked.parameters, "over": list(over), "name": asked.draft,
        "home": str(home.home.resolve()), "check": asked.check,
    }  # fmt: skip
    job = keeper.ask(shelf.folder(city), EFFECT, EFFECT, given, {})
    return accepted(job, request, city, answer)


@ROUTER.post("/cities/{city}/drafts", status_code=201)
def keep(shelf: Served, homes: Homes, city: str, asked: Annotated[Kept, Body()], token: Token) -> dict[str, Any]:
    """Keep two texts in a rulebook of one's own, with who answers for it. Rulebooks of Tulou are never written."""
    permit_of(shelf, city, token)
    given = Draft(asked.definition, asked.parameters, _names(asked.over))
    signed = Signed(asked.name, asked.who, now().date(), asked.title, asked.why, asked.state)
    return homes(city).save(given, signed).told()


def _names(joined: str) -> tuple[str, ...]:
    """Rulebooks by name: the usual ones, or one of those that come with Tulou."""
    known = known_rulebooks()
    if joined == USUAL:
        return RULEBOOKS
    if joined not in known:
        raise Missing("there is no such rulebook", where="rulebook", found=joined, allowed=(USUAL, *sorted(known)))
    return (joined,)


def _own(home: Shelf, name: str) -> Own:
    found = home.named(name)
    if found is None:
        raise Missing("there is no such rulebook", where="draft", found=name, allowed=[one.name for one in home.all()])
    return found


def _sound(own: Own) -> dict[str, Any]:
    """What a rulebook of one's own is; one that somebody made unreadable says so and hides no other."""
    try:
        return own.told()
    except BadInput as error:
        return {"name": own.name, "faults": [str(fault.where) for fault in error.faults]}


def _browsed(found: Rulebook, name: str, language: Language) -> dict[str, Any]:
    dimensions = [{"id": one, "title": words.say(language)} for one, words in found.dimensions.items()]
    clauses = {number: clause.title.say(language) for number, clause in found.clauses.items()}
    return {
        "rulebook": name, "version": found.version, "dimensions": dimensions, "clauses": clauses,
        "indicators": browsed(found, language),
    }  # fmt: skip


def _opened(found: Rulebook, name: str, language: Language) -> dict[str, Any]:
    if name not in found.indicators:
        raise Missing("there is no such indicator", where="indicator", found=name, allowed=tuple(found.indicators))
    one = found.indicators[name]
    both = definition_text(found, one), parameters_text(found, parameters_of(found, one))
    return _told(found, one, both, language) | {"faults": [], "otherwise": []}


def _told(found: Rulebook, one: Indicator | None, both: tuple[str, str], language: Language) -> dict[str, Any]:
    definition, parameters = both
    return {
        "indicator": one.id if one else None,
        "definition": definition,
        "parameters": parameters,
        "fields": fields(definition, found, language),
        "marks": parameter_forms(parameters, found, one, language),
        "formula": formula_lines(found, one, language) if one else [],
    }


def _faults(found: Sequence[Fault], language: Language) -> list[dict[str, Any]]:
    """Faults with the text and the line they are in."""
    once = {str(fault): fault for fault in found}
    told = []
    for fault in once.values():
        part, _, line = fault.where.partition(":")
        told.append(
            told_fault(fault, language)
            | {"part": part if part in {DEFINITION, PARAMETERS} else "", "line": int(line) if line.isdigit() else 0}
        )
    return sorted(told, key=lambda one: (one["part"], one["line"]))


def _amended(asked: Changed) -> tuple[str, str]:
    """The two texts with the changes of the form.

    Raises:
        BadUse: When a value is too long or no plain one, or a place is not in the text.
    """
    texts_now = {DEFINITION: asked.definition, PARAMETERS: asked.parameters}
    for one in asked.changes:
        if len(json.dumps(one.value)) > MOST_VALUE:
            raise BadUse("this value is too long", where="changes", allowed=(f"{MOST_VALUE} letters",))
        change = Amendment(tuple(one.at), _typed(one.value, str(one.at[-1])), one.how)
        try:
            texts_now[one.part] = amended(texts_now[one.part], [change], one.part)
        except BadInput as error:
            raise BadUse.of(error.faults) from None
        if len(texts_now[one.part]) > MOST_TEXT:
            raise BadUse("this text is too long", where=one.part, allowed=(f"{MOST_TEXT} letters",))
    return texts_now[DEFINITION], texts_now[PARAMETERS]


def _typed(value: Any, key: str) -> Any:  # noqa: ANN401  (JSON)
    """A value as YAML has it: days are days, numbers of clauses are numbers."""
    if isinstance(value, Mapping):
        return {str(name): _typed(one, str(name)) for name, one in value.items()}
    if isinstance(value, list):
        return [int(one) if isinstance(one, str) and _WHOLE.fullmatch(one) else _typed(one, "") for one in value]
    if key in DAYS and isinstance(value, str):
        try:
            return parse_day(value, key)
        except BadInput:
            return value
    return value

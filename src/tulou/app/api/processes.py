"""Models as OGC API Processes (18-062r2): described with the schema of their inputs, run as jobs."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from tulou.app.api.addresses import base_of
from tulou.app.api.jobs import accepted
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served
from tulou.app.api.speech import Speech
from tulou.app.api.work import Working
from tulou.kernel.errors import BadUse, Fault
from tulou.kernel.words import Language
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Input, Process, default_text
from tulou.publish.numbers import unit_text

CONTROL = ["async-execute", "dismiss"]
FILE_NAME = re.compile(r"[\w.\- ()]{1,120}")
KINDS: Mapping[str, str] = {"number": "number", "whole": "integer", "flag": "boolean"}
MOST_INPUTS = 200

ROUTER = APIRouter(prefix="/cities/{city}", tags=["processes"])
"""Processes on each city."""


@ROUTER.get("/processes")
def listed(shelf: Served, request: Request, city: str, language: Speech) -> dict[str, Any]:
    """Models that can be run."""
    shelf.folder(city)
    base = base_of(request, city)
    return {"processes": [_summary(one, base, language) for one in processes().values()], "links": []}


@ROUTER.get("/processes/{name}")
def described(shelf: Served, request: Request, city: str, name: str, language: Speech) -> dict[str, Any]:
    """One model and its inputs."""
    shelf.folder(city)
    one = _named(name)
    return _summary(one, base_of(request, city), language) | {
        "inputs": {each.name: _input(each, language) for each in one.inputs},
        "outputs": {"outcome": {"title": "outcome", "schema": {"type": "object"}}},
        "limits": [line.say(language) for line in one.limits],
    }


@ROUTER.post("/processes/{name}/execution", status_code=201)
def execution(
    shelf: Served,
    keeper: Working,
    request: Request,
    city: str,
    name: str,
    asked: Annotated[dict[str, Any], Body()],
    answer: Response,
) -> dict[str, Any]:
    """Run a model as a job."""
    folder = shelf.folder(city)
    process = _named(name)
    given, files = _given(process, asked.get("inputs") or {})
    process.values({key: value for key, value in given.items() if not isinstance(value, Mapping)} | _there(given))
    told = {"inputs": given} | {key: str(asked[key]) for key in ("at", "as_of", "branch", "who") if asked.get(key)}
    job = keeper.ask(folder, "process", name, told, files)
    return accepted(job, request, city, answer)


def _named(name: str) -> Process:
    known = processes()
    if name not in known:
        raise Missing("there is no such process", where="process", found=name, allowed=tuple(known))
    return known[name]


def _there(given: Mapping[str, Any]) -> dict[str, str]:
    """A file that is there, in place of each one sent: only its being a file is checked before it is kept."""
    return {key: __file__ for key, value in given.items() if isinstance(value, Mapping)}


def _given(process: Process, inputs: object) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Inputs as a job keeps them, with the files among them apart.

    Raises:
        BadUse: With every fault.
    """
    if not isinstance(inputs, Mapping) or len(inputs) > MOST_INPUTS:
        raise BadUse("inputs are named values", where="inputs", found=type(inputs).__name__)
    kinds = {one.name: one.kind for one in process.inputs}
    given: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, value in inputs.items():
        try:
            if kinds.get(name) == "file":
                file, content = sent_file(value, name)
                if file in files:
                    faults.append(Fault("two files have one name", name, file))
                given[name], files[file] = {"file": file}, content
            else:
                given[name] = _plain(value, name)
        except BadUse as error:
            faults += error.faults
    if faults:
        raise BadUse.of(faults)
    return given, files


def _plain(value: Any, where: str) -> Any:  # noqa: ANN401  (JSON)
    inner = value.get("value") if isinstance(value, Mapping) else value
    is_list = isinstance(inner, list) and all(isinstance(one, (int, float)) for one in inner)
    if not (is_list or isinstance(inner, (str, int, float, bool))):
        raise BadUse("an input is a value", where=where, found=str(value), allowed=("a number, a text, a list",))
    return inner


def sent_file(value: Any, where: str) -> tuple[str, bytes]:  # noqa: ANN401  (JSON)
    """A file that came with the request: ``{"name": …, "value": text or base64, "encoding": "base64"}``.

    Raises:
        BadUse: When it is none.
    """
    example = ('{"name": "rain.csv", "value": "…", "encoding": "base64"}',)
    if not isinstance(value, Mapping) or not isinstance(value.get("value"), str):
        raise BadUse("a file is sent with the request", where=where, found=str(value), allowed=example)
    name = str(value.get("name") or where)
    if not FILE_NAME.fullmatch(name) or name.startswith("."):
        raise BadUse("this is no name of a file", where=where, found=name, allowed=("rain.csv",))
    if value.get("encoding") != "base64":
        return name, value["value"].encode()
    try:
        return name, base64.b64decode(value["value"], validate=True)
    except binascii.Error:
        raise BadUse("this is not base64", where=where, allowed=example) from None


def _summary(one: Process, base: str, language: Language) -> dict[str, Any]:
    return {
        "id": one.name,
        "title": one.title.say(language),
        "description": one.question.say(language),
        "version": one.version,
        "jobControlOptions": CONTROL,
        "outputTransmission": ["value"],
        "clauses": list(one.clauses),
        "source": one.cites(language),
        "verified": one.verified.say(language) if one.verified else None,
        "takesCity": one.needs_city or one.takes_city,
        "links": [
            {"href": f"{base}/processes/{one.name}", "rel": "self", "type": "application/json"},
            {
                "href": f"{base}/processes/{one.name}/execution",
                "rel": "http://www.opengis.net/def/rel/ogc/1.0/execute",
                "type": "application/json",
            },
        ],
    }


def _input(one: Input, language: Language) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": KINDS.get(one.kind, "string")}
    if one.kind == "numbers":
        schema = {"type": "array", "items": {"type": "number"}}
    if one.kind == "file":
        schema = {"type": "object", "required": ["name", "value"], "format": "file"}
    if one.choices:
        schema["enum"] = list(one.choices)
        schema["x-titles"] = {key: words.say(language) for key, words in one.choices.items()}
    if one.is_number and one.kind != "numbers":
        schema |= {key: edge for key, edge in (("minimum", one.least), ("maximum", one.most)) if math.isfinite(edge)}
    if one.default is not None:
        schema["default"] = one.default if isinstance(one.default, (bool, int, float)) else default_text(one.default)
    return {
        "title": one.title.say(language),
        "description": one.about.say(language) if one.about else "",
        "minOccurs": int(one.is_required),
        "maxOccurs": 1,
        "unit": one.unit if one.is_number else "",
        "unit_words": unit_text(one.unit, language) if one.is_number else "",
        "schema": schema,
    }

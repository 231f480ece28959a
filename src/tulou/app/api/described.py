"""The description of the interface (OpenAPI 3.1): what each parameter means, an example of each request and answer.

Meanings stand in ``description.yaml``; examples are real answers, kept by ``tools/make_examples.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tulou.app.api.accounts import token_of
from tulou.app.api.problems import MEDIA
from tulou.kernel.documents import read_document

BEARER = "bearer"
"""Name of the one way to prove who asks."""
NAMED = re.compile(r"\{(\w+)\}")
"""Parameters in a path."""
HOME = Path(__file__).parent
MEANINGS, EXAMPLES = HOME / "description.yaml", HOME / "examples.json"
FRAMEWORK = ("HTTPValidationError", "ValidationError")
"""Schemas of answers that the framework would give and this interface does not."""
PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "faults"],
    "properties": {
        "type": {"type": "string", "description": "Kind of the problem, as an address."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "what": {"type": "string", "description": "What is wrong, in the language asked for."},
                    "where": {"type": "string"},
                    "found": {"type": ["string", "null"]},
                    "allowed": {"type": "array", "items": {"type": "string"}},
                    "guess": {"type": ["string", "null"], "description": "What was probably meant."},
                },
            },
        },
    },
}
"""A problem document (RFC 9457) as this interface gives it."""


def name_of(route: APIRoute) -> str:
    """Id of an operation: its part and its function."""
    part = str((route.tags or ["pages"])[0]).split()[0].lower()
    return f"{part}.{route.name}"


@cache
def meanings() -> Mapping[str, Any]:
    """Meaning of each parameter by name; where one name means different things, by operation too."""
    found: Mapping[str, Any] = read_document(MEANINGS)["parameters"]
    return found


@cache
def examples() -> Mapping[str, Any]:
    """Example of each operation by id: what was asked and what was answered."""
    found: Mapping[str, Any] = json.loads(EXAMPLES.read_text("utf-8"))
    return found


def describe(app: FastAPI) -> None:
    """Have an application describe itself with meanings and examples."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = without_examples(app)
            for _, operation in operations(app.openapi_schema):
                _exemplify(operation, examples().get(operation["operationId"], {}))
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def without_examples(app: FastAPI) -> dict[str, Any]:
    """What an application says of itself, but for the examples, which are kept by themselves."""
    signed = frozenset(name_of(one) for one in _routes(app.routes) if _takes_token(one))
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        routes=app.routes,
    )
    return _completed(document, signed)


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Operations of a description, each with its path."""
    for path, ways in document["paths"].items():
        for operation in ways.values():
            yield path, operation


def _routes(some: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Routes of an application, those of its parts included."""
    for one in some:
        if isinstance(one, APIRoute):
            yield one
        else:
            yield from _routes(getattr(getattr(one, "original_router", None), "routes", ()))


def _takes_token(route: APIRoute) -> bool:
    """Whether an operation looks at the token of who asks."""
    waiting = [route.dependant]
    while waiting:
        one = waiting.pop()
        if one.call is token_of:
            return True
        waiting += one.dependencies
    return False


def _completed(document: dict[str, Any], signed: Collection[str]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for one in FRAMEWORK:
        schemas.pop(one, None)
    schemas["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = {BEARER: {"type": "http", "scheme": "bearer"}}
    for path, operation in operations(document):
        for parameter in _whole(operation, path):
            _explain(parameter, operation["operationId"])
        if operation["operationId"] in signed:
            operation["security"] = [{BEARER: []}, {}]  # without one where the city has no accounts
        operation["responses"].pop("422", None)
        operation["responses"]["default"] = {
            "description": "What went wrong.",
            "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return document


def _whole(operation: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """Parameters of an operation, those among them that only its path names."""
    parameters: list[dict[str, Any]] = operation.setdefault("parameters", [])
    told = {one["name"] for one in parameters}
    absent = [name for name in NAMED.findall(path) if name not in told]
    parameters += [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in absent]
    return parameters


def _explain(parameter: dict[str, Any], operation: str) -> None:
    told = meanings().get(parameter["name"], {})
    parameter.setdefault("description", told.get("in", {}).get(operation) or told.get("means", ""))
    if parameter["schema"].get("type") == "array":
        parameter |= {"style": "form", "explode": False}
    if "example" in told and parameter["in"] == "path":
        parameter["example"] = told["example"]


def _exemplify(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    if not example:
        return
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example["asked"]:
            parameter["example"] = example["asked"][parameter["name"]]
    if "body" in example:
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["example"] = example["body"]
    answer = operation["responses"].setdefault(str(example["status"]), {"description": "What was asked for."})
    answer["content"] = {
        example["media"]: {
            key: value for key, value in (("schema", example["schema"]), ("example", example["answer"])) if value
        }
    }

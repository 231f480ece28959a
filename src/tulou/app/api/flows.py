"""Flows of a city over HTTP: what cases there are, who may open them, and what an opening states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from tulou.app.api.case_answers import field_told
from tulou.app.api.cases import casework
from tulou.app.api.shelf import Served
from tulou.app.api.speech import Speech
from tulou.app.casework import Casework
from tulou.kernel.words import Language
from tulou.operations.cases.domain.flow import CaseClass, Flow

ROUTER = APIRouter(prefix="/cities/{city}/flows", tags=["cases"])
"""Flows of each city."""


@ROUTER.get("")
def flows(shelf: Served, city: str, language: Speech) -> dict[str, Any]:
    """Flows that hold now: their states, their bodies, and how a case of each class is opened."""
    work = casework(shelf, city)
    held = held_flows(work, work.clock())
    return {"flows": [_flow(one, language) for one in held]}


def held_flows(work: Casework, moment: datetime) -> list[Flow]:
    """The version of each flow by which cases are opened at a moment; flows that do not hold yet are left out."""
    day = moment.date()
    found = [[one for one in versions if one.since <= day] for versions in work.flows.versions.values()]
    return [versions[-1] for versions in found if versions]


def _flow(one: Flow, language: Language) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title.say(language),
        "version": one.version,
        "source": one.source,
        "about": one.about,
        "opened_by": [_named(one, name, language) for name in one.holders(one.opens)],
        "bodies": [_named(one, name, language) for name in one.bodies],
        "states": [
            {"id": state.id, "title": state.title.say(language), "end": state.is_end} for state in one.states.values()
        ],
        "fields": _fields(one, "", language),
        "classes": [_class(one, kind, language) for kind in one.classes.values()],
    }


def _class(flow: Flow, kind: CaseClass, language: Language) -> dict[str, Any]:
    return {
        "id": kind.id,
        "title": kind.title.say(language),
        "limits": [
            {"state": flow.states[name].title.say(language), "amount": limit.amount, "unit": limit.unit}
            for name, limit in kind.limits.items()
        ],
        "fields": _fields(flow, kind.id, language),
    }


def _fields(flow: Flow, kind: str, language: Language) -> list[dict[str, Any]]:
    """Fields that an opening states: those that no transition states later."""
    later = {name for one in flow.transitions.values() for name in one.fields}
    return [field_told(one, language) for name, one in flow.fields_of(kind).items() if name not in later]


def _named(flow: Flow, name: str, language: Language) -> dict[str, str]:
    return {"id": name, "title": flow.bodies[name].title.say(language)}

"""Observations that are sent in over HTTP, as SensorThings (OGC 18-088) has it: one, or many as a data array.

An answer of 201 says that they are on the disk. Then the rules judge them, and the intake opens and escalates the cases
of the alarms they raise. Where a city has accounts the sender shows the token of one that may ``reading.add``.
"""

from __future__ import annotations

import json
import threading
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from tulou.app.alarm_cases import open_cases
from tulou.app.alarms import open_alarms
from tulou.app.api.accounts import Token, permit_of
from tulou.app.api.problems import Missing
from tulou.app.api.sensorthings import NO_ENTITY, VERSION, Ours, observation_of
from tulou.app.api.shelf import Served, Shelf
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.alarms.adapters.entities import Entity, quoted, unquoted
from tulou.operations.alarms.adapters.payloads import Batch, decode
from tulou.operations.alarms.adapters.sensorthings import ID, create_observations
from tulou.operations.alarms.domain.rules import milliseconds
from tulou.operations.cases.handlers.acting import Act

ACTION = "reading.add"
CREATED = 201
MOST_ENTRIES = 10_000
"""Datastreams of one data array."""

ROUTER = APIRouter(prefix=f"/cities/{{city}}/{VERSION}", tags=["SensorThings"])
"""Observations sent in to each city."""

_ONE_WRITES = threading.Lock()
"""Requests of one server take turns; a process beside it that writes is told as a conflict."""

Arrays = Annotated[list[dict[str, Any]], Body(min_length=1, max_length=MOST_ENTRIES)]
One = Annotated[dict[str, Any], Body()]


@ROUTER.post("/CreateObservations", status_code=CREATED)
def create(shelf: Served, ours: Ours, city: str, token: Token, arrays: Arrays) -> list[str]:
    """Add observations of many datastreams: for each row in order the address of its observation, or ``error``."""
    _must_be_allowed(shelf, city, token)
    known = {one.sensor.id: one.sensor for one in open_alarms(shelf.folder(city)).placed}
    try:
        batch, told = create_observations(_bytes_of(arrays), known)
    except BadInput as error:
        raise BadUse.of(error.faults) from None
    _add(shelf, city, batch)
    return [one if one == "error" else f"{ours.teller.base}/{one}" for one in told]


@ROUTER.post("/Datastreams({name:path})/Observations", status_code=CREATED)
def add_to(shelf: Served, ours: Ours, response: Response, city: str, name: str, token: Token, one: One) -> Entity:
    """Add an observation to a datastream; its time is now where it has none."""
    _must_be_allowed(shelf, city, token)
    return _added(shelf, ours, response, city, {**one, "Datastream": {ID: unquoted(name)}})


@ROUTER.post("/Observations", status_code=CREATED)
def add(shelf: Served, ours: Ours, response: Response, city: str, token: Token, one: One) -> Entity:
    """Add an observation that names its datastream; its time is now where it has none."""
    _must_be_allowed(shelf, city, token)
    return _added(shelf, ours, response, city, one)


def _added(shelf: Shelf, ours: Ours, response: Response, city: str, one: dict[str, Any]) -> Entity:
    told = {"phenomenonTime": now().isoformat(), **one}
    try:
        batch = decode(_bytes_of([told]), "Observations")
    except BadInput as error:
        raise BadUse.of(error.faults) from None
    sensor = batch.names[0]
    known = ours.teller.model.sets["Datastreams"]
    if len(batch.names) != 1 or sensor not in known:
        raise Missing(NO_ENTITY, where="Datastream", found=sensor, allowed=tuple(known))
    _add(shelf, city, batch)
    entity = observation_of(sensor, int(batch.time[0]), float(batch.value[0]))
    response.headers["Location"] = f"{ours.teller.base}/Observations({quoted(str(entity[ID]))})"
    return ours.teller.told("Observations", entity)


def _add(shelf: Shelf, city: str, batch: Batch) -> None:
    """Keep readings, judge them, and let the intake open the cases of what they raise."""
    with _ONE_WRITES:
        work = open_alarms(shelf.folder(city))
        with work.writing():
            changed = work.add(batch, milliseconds(work.clock()))
            if changed:
                open_cases(work).take(changed)


def _must_be_allowed(shelf: Shelf, city: str, token: str) -> None:
    permit_of(shelf, city, token)(ACTION, Act("", now()), "")


def _bytes_of(document: object) -> bytes:
    return json.dumps(document).encode()

"""SensorThings (OGC 18-088) of each city, to read: things with their places and datastreams, and observations."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from tulou.app.alarms import moment_of
from tulou.app.api.addresses import base_of
from tulou.app.api.alarms import alarmwork
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.operations.alarms.adapters.sensorthings import ID, write_things

VERSION = "sensorthings/v1.1"
SETS = ("Things", "Datastreams")
CONFORMS = ("http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",)
USUAL, MOST = 100, 10_000
"""Entities of one answer."""

Top = Annotated[int, Query(alias="$top", ge=0, le=MOST)]
Skip = Annotated[int, Query(alias="$skip", ge=0, le=10**9)]

ROUTER = APIRouter(prefix=f"/cities/{{city}}/{VERSION}", tags=["SensorThings"])
"""SensorThings of each city."""


@ROUTER.get("")
def root(shelf: Served, request: Request, city: str) -> dict[str, Any]:
    """Sets of entities."""
    shelf.folder(city)
    at = f"{base_of(request, city)}/{VERSION}"
    listed = [{"name": name, "url": f"{at}/{name}"} for name in SETS]
    return {"value": listed, "serverSettings": {"conformance": list(CONFORMS)}}


@ROUTER.get("/Things")
def things(shelf: Served, request: Request, city: str, top: Top = USUAL, skip: Skip = 0) -> dict[str, Any]:
    """Things: assets, each with its place and datastreams."""
    return _page(_things(shelf, city), request, top, skip)


@ROUTER.get("/Datastreams")
def datastreams(shelf: Served, request: Request, city: str, top: Top = USUAL, skip: Skip = 0) -> dict[str, Any]:
    """Datastreams: one a sensor."""
    return _page(list(_streams(shelf, city).values()), request, top, skip)


@ROUTER.get("/Datastreams({name})")
def datastream(shelf: Served, city: str, name: str) -> dict[str, Any]:
    """One datastream."""
    found: dict[str, Any] = _stream(shelf, city, name)
    return found


@ROUTER.get("/Datastreams({name})/Observations")
def observations(
    shelf: Served, request: Request, city: str, name: str, top: Top = USUAL, skip: Skip = 0
) -> dict[str, Any]:
    """Observations of a datastream, the earliest first; each time once."""
    sensor = str(_stream(shelf, city, name)[ID])
    store = alarmwork(shelf, city).store
    span = store.span()
    if span is None or store.names.number(sensor) is None:
        return _page([], request, top, skip)
    times, values = store.series(sensor, span[0], span[1] + 1)
    part = slice(skip, skip + top)
    shown = [
        {
            ID: f"{sensor}/{time}",
            "phenomenonTime": moment_of(time).isoformat().replace("+00:00", "Z"),
            "resultTime": None,
            "result": None if math.isnan(value) else value,
        }
        for time, value in zip(times[part].tolist(), values[part].tolist(), strict=True)
    ]
    return _answer(shown, len(times), request, top, skip)


def _things(shelf: Shelf, city: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(write_things(alarmwork(shelf, city).placed))["value"]
    return found


def _streams(shelf: Shelf, city: str) -> dict[str, dict[str, Any]]:
    return {one[ID]: one for thing in _things(shelf, city) for one in thing["Datastreams"]}


def _stream(shelf: Shelf, city: str, name: str) -> dict[str, Any]:
    """The datastream of an address: an id that is a text stands between quotes, as the standard has it."""
    known, wanted = _streams(shelf, city), name.removeprefix("'").removesuffix("'").replace("''", "'")
    if wanted not in known:
        raise Missing("there is no such sensor", where="Datastream", found=wanted, allowed=tuple(known))
    return known[wanted]


def _page(entities: list[dict[str, Any]], request: Request, top: int, skip: int) -> dict[str, Any]:
    return _answer(entities[skip : skip + top], len(entities), request, top, skip)


def _answer(shown: list[dict[str, Any]], many: int, request: Request, top: int, skip: int) -> dict[str, Any]:
    found: dict[str, Any] = {"@iot.count": many, "value": shown}
    if top and skip + top < many:
        found["@iot.nextLink"] = str(request.url.include_query_params(**{"$skip": skip + top, "$top": top}))
    return found

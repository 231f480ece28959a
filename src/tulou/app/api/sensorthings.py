"""SensorThings (OGC 18-088) of each city: its sensors as entities, their observations by range, filter and order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from tulou.app.alarms import moment_of
from tulou.app.api.addresses import base_of
from tulou.app.api.alarms import alarmwork
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served
from tulou.kernel.errors import BadUse
from tulou.operations.alarms.adapters.entities import (
    RELATED,
    Entity,
    Teller,
    model_of,
    read_expand,
    read_select,
    unquoted,
)
from tulou.operations.alarms.adapters.observation_query import ordered, read_filter, read_order
from tulou.operations.alarms.adapters.payloads import LATEST
from tulou.operations.alarms.adapters.readings import ReadingStore
from tulou.operations.alarms.adapters.sensorthings import ID

VERSION = "sensorthings/v1.1"
REQUIREMENT = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMS = (
    f"{REQUIREMENT}/datamodel",
    f"{REQUIREMENT}/resource-path/resource-path-to-entities",
    f"{REQUIREMENT}/request-data/expand",
    f"{REQUIREMENT}/request-data/select",
    f"{REQUIREMENT}/request-data/orderby",
    f"{REQUIREMENT}/request-data/top",
    f"{REQUIREMENT}/request-data/skip",
    f"{REQUIREMENT}/request-data/count",
    f"{REQUIREMENT}/request-data/pagination",
    f"{REQUIREMENT}/create-observations-via-mqtt/observations-creation",
    f"{REQUIREMENT}/data-array/data-array",
)
"""What is done of the standard; ``$filter`` only for observations, so that it is not claimed."""
USUAL, MOST = 100, 10_000
"""Entities of one answer."""
FEW = 20
"""Observations told with a datastream where none are counted."""
SORTED_BY = ("name", "description", ID)
TEXT = 1000
NO_ENTITY = "there is no such entity"

Text = partial(Query, max_length=TEXT)

ROUTER = APIRouter(prefix=f"/cities/{{city}}/{VERSION}", tags=["SensorThings"])
"""SensorThings of each city."""


class Asked:
    """What a request asks of a set of entities.

    Args:
        top: Most entities.
        skip: Entities to leave out at the beginning.
        count: Whether to tell how many there are in all.
        select: Properties to tell.
        expand: What to tell in full with each.
        orderby: What to sort by.
        only: Which to tell.
    """

    def __init__(
        self,
        top: Annotated[int, Query(alias="$top", ge=0, le=MOST)] = USUAL,
        skip: Annotated[int, Query(alias="$skip", ge=0, le=10**9)] = 0,
        *,
        count: Annotated[bool, Query(alias="$count")] = False,
        select: Annotated[str, Text(alias="$select")] = "",
        expand: Annotated[str, Text(alias="$expand")] = "",
        orderby: Annotated[str, Text(alias="$orderby")] = "",
        only: Annotated[str, Text(alias="$filter")] = "",
    ) -> None:
        self.top, self.skip, self.count = top, skip, count
        self.select, self.expand, self.orderby, self.only = select, expand, orderby, only


Wishes = Annotated[Asked, Depends()]


@dataclass(frozen=True)
class Service:
    """SensorThings of one city, for one request.

    Args:
        teller: Tells its entities.
        store: Its readings.
        request: The request.
    """

    teller: Teller
    store: ReadingStore
    request: Request

    def page(self, of: str, entities: list[Entity], asked: Asked) -> dict[str, Any]:
        """Entities of a set, page by page."""
        if asked.only:
            raise BadUse("only observations are filtered", where="$filter", found=asked.only, allowed=("Observations",))
        expand, select = read_expand(asked.expand, of), read_select(asked.select)
        listed = _sorted(entities, asked.orderby)
        shown = [self.teller.told(of, one, expand, select) for one in listed[asked.skip : asked.skip + asked.top]]
        return self.answer(shown, len(listed), asked)

    def answer(self, shown: list[Entity], many: int, asked: Asked) -> dict[str, Any]:
        """One page with its count, where it was asked for, and the address of the next."""
        found: dict[str, Any] = {"@iot.count": many} if asked.count else {}
        if asked.top and asked.skip + asked.top < many:
            url = self.request.url.include_query_params(**{"$skip": asked.skip + asked.top, "$top": asked.top})
            found["@iot.nextLink"] = str(url)
        return found | {"value": shown}

    def entity(self, of: str, name: str) -> Entity:
        """One entity of a set.

        Raises:
            Missing: When there is none.
        """
        known, wanted = self.teller.model.sets[of], unquoted(name)
        if wanted not in known:
            raise Missing(NO_ENTITY, where=of, found=wanted, allowed=tuple(known))
        return known[wanted]


def service(shelf: Served, request: Request, city: str) -> Service:
    """SensorThings of a city."""
    work = alarmwork(shelf, city)
    at = f"{base_of(request, city)}/{VERSION}"
    return Service(Teller(model_of(work.placed), at, partial(_few, work.store)), work.store, request)


Ours = Annotated[Service, Depends(service)]


@ROUTER.get("")
def root(shelf: Served, request: Request, city: str) -> dict[str, Any]:
    """Sets of entities, and what of the standard is done."""
    shelf.folder(city)
    at = f"{base_of(request, city)}/{VERSION}"
    listed = [{"name": name, "url": f"{at}/{name}"} for name in RELATED]
    return {"value": listed, "serverSettings": {"conformance": list(CONFORMS)}}


@ROUTER.get("/Observations({name:path})")
def observation(ours: Ours, name: str, asked: Wishes) -> dict[str, Any]:
    """One observation, by its datastream and its time."""
    sensor, _, time = unquoted(name).rpartition("/")
    is_time = time.isascii() and time.isdigit() and len(time) < len(str(LATEST)) + 1 and int(time) < LATEST
    found = list(_read(ours.store, sensor, f"phenomenonTime eq {_iso(int(time))}")) if is_time else []
    if not found:
        raise Missing(NO_ENTITY, where="Observations", found=unquoted(name))
    expand, select = read_expand(asked.expand, "Observations"), read_select(asked.select)
    return ours.teller.told("Observations", found[0], expand, select)


@ROUTER.get("/Datastreams({name:path})/Observations")
def observations(ours: Ours, name: str, asked: Wishes) -> dict[str, Any]:
    """Observations of a datastream, the earliest first where nothing else is asked; each time once.

    ``$filter`` compares phenomenonTime and result; of what follows for the time only that span is read.
    """
    sensor = str(ours.entity("Datastreams", name)[ID])
    expand, select = read_expand(asked.expand, "Observations"), read_select(asked.select)
    found, many = _part(ours.store, sensor, asked.only, asked.orderby, asked.skip, asked.top)
    shown = [ours.teller.told("Observations", one, expand, select) for one in found]
    return ours.answer(shown, many, asked)


@ROUTER.get("/{of}({name:path})/{link}")
def related(ours: Ours, of: str, name: str, link: str, asked: Wishes) -> dict[str, Any]:
    """What belongs to an entity: one, or several page by page."""
    _must_be(of)
    if link not in RELATED[of]:
        raise Missing(NO_ENTITY, where=of, found=link, allowed=tuple(RELATED[of]))
    entity, far = ours.entity(of, name), RELATED[of][link]
    known = ours.teller.model.sets[far]
    found = [known[one] for one in ours.teller.related(of, str(entity[ID]), link)]
    if link in RELATED:
        return ours.page(far, found, asked)
    return ours.teller.told(far, found[0], read_expand(asked.expand, far), read_select(asked.select))


@ROUTER.get("/{of}({name:path})")
def one_entity(ours: Ours, of: str, name: str, asked: Wishes) -> dict[str, Any]:
    """One entity of a set."""
    _must_be(of)
    entity = ours.entity(of, name)
    return ours.teller.told(of, entity, read_expand(asked.expand, of), read_select(asked.select))


@ROUTER.get("/{of}")
def entities(ours: Ours, of: str, asked: Wishes) -> dict[str, Any]:
    """Entities of a set, page by page; observations by their datastream."""
    _must_be(of)
    return ours.page(of, list(ours.teller.model.sets[of].values()), asked)


def _must_be(of: str) -> None:
    known = tuple(one for one in RELATED if one != "Observations")
    if of not in known:
        raise Missing(NO_ENTITY, where="SensorThings", found=of, allowed=known)


def _sorted(entities: list[Entity], orderby: str) -> list[Entity]:
    found = list(entities)
    for part in reversed([one.strip() for one in orderby.split(",") if one.strip()]):
        field, _, way = part.partition(" ")
        field = ID if field == "id" else field
        if field not in SORTED_BY or way.strip() not in {"", "asc", "desc"}:
            raise BadUse("entities are not sorted by this", where="$orderby", found=part, allowed=SORTED_BY)
        found.sort(key=lambda one, key=field: str(one[key]), reverse=way.strip() == "desc")  # type: ignore[misc]
    return found


def _few(store: ReadingStore, sensor: str, options: Mapping[str, str]) -> list[Entity]:
    """Observations that are told with their datastream."""
    told = {key: options.get(key, "") for key in ("$filter", "$orderby")}
    counts = {key: options.get(key, str(usual)) for key, usual in (("$top", FEW), ("$skip", 0))}
    for key, value in counts.items():
        if not (value.isascii() and value.isdigit()) or int(value[:9]) > MOST:
            raise BadUse("this is not a number of entities", where=key, found=value, allowed=(f"0 to {MOST}",))
    top, skip = int(counts["$top"][:9]), int(counts["$skip"][:9])
    return _part(store, sensor, told["$filter"], told["$orderby"], skip, top)[0]


def _read(store: ReadingStore, sensor: str, only: str) -> list[Entity]:
    return _part(store, sensor, only, "", 0, MOST)[0]


def _part(store: ReadingStore, sensor: str, only: str, orderby: str, skip: int, top: int) -> tuple[list[Entity], int]:
    """Observations that a filter wants, from one place on, and how many there are in all."""
    wanted, order = read_filter(only), read_order(orderby)
    if store.names.number(sensor) is None or wanted.low > wanted.high:
        return [], 0
    time, value = store.series(sensor, wanted.low, wanted.high + 1)
    is_kept = wanted.holds(time, value)
    time, value = time[is_kept], value[is_kept]
    place = ordered(time, value, order)[skip : skip + top]
    pairs = zip(time[place].tolist(), value[place].tolist(), strict=True)
    return [observation_of(sensor, *one) for one in pairs], len(time)


def observation_of(sensor: str, time: int, value: float) -> Entity:
    """An observation of a datastream, with its own properties."""
    return {
        ID: f"{sensor}/{time}",
        "phenomenonTime": _iso(time),
        "resultTime": None,
        "result": value if math.isfinite(value) else None,
    }


def _iso(time: int) -> str:
    return moment_of(time).isoformat().replace("+00:00", "Z")

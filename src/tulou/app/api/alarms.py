"""Alarms of a city's lifelines over HTTP, and its sensors with their readings summed up by windows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from tulou.app.alarm_lines import series_data
from tulou.app.alarms import FOLDER, Alarmwork, moment_of, open_alarms
from tulou.app.api.accounts import READERS
from tulou.app.api.alarm_answers import alarm_told, flow_now, rules_now, whole_alarm
from tulou.app.api.cases import casework
from tulou.app.api.checks import bare
from tulou.app.api.features import Paged
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.alarms.adapters.reading import span_of
from tulou.operations.alarms.adapters.sensorthings import Placed
from tulou.operations.alarms.domain.rules import LEVELS, milliseconds

MOST_WINDOWS = 10_000
"""Windows in one answer."""
MOST_OF_A_SENSOR = 100
"""Alarms told with a sensor."""
EXAMPLES = ("2026-11-27T00:00Z", "2026-11-27T08:00+08:00")

ROUTER = APIRouter(prefix="/cities/{city}", tags=["alarms"])
"""Alarms of each city."""


@ROUTER.get("/alarms", dependencies=READERS)
def alarms(
    shelf: Served,
    city: str,
    page: Paged,
    language: Speech,
    system: Annotated[str, Query(max_length=80)] = "",
    level: Annotated[str, Query(max_length=3)] = "",
    order: Literal["newest", "gravest"] = "newest",
    *,
    every: Annotated[bool, Query(alias="all")] = False,
) -> dict[str, Any]:
    """Alarms that stand, the newest or the gravest first; with ``all`` also those that have ended.

    ``levels`` counts those that stand, by level, whatever was asked for. Each alarm tells its case with the clock of
    the state it is in, and who is on duty for its lifeline now.
    """
    work, cases = alarmwork(shelf, city), casework(shelf, city)
    listed = list(reversed(work.alarms))
    if order == "gravest":
        listed.sort(key=lambda one: (not one.is_standing, -LEVELS.index(one.level or one.gravest)))
    found = [
        one
        for one in listed
        if (every or one.is_standing) and (not system or one.system == system) and (not level or one.level == level)
    ]
    shown = found[page.offset : page.offset + page.limit]
    span = work.store.span()
    return {
        "newest_reading": moment_of(span[1]).isoformat() if span else None,
        "ahead_of_utc": flow_now(cases).duty.offset,
        "matched": len(found),
        "levels": {name: sum(one.level == name for one in listed) for name in reversed(LEVELS)},
        "systems": sorted({one.system for one in listed}),
        "alarms": [alarm_told(work, cases, one, language) for one in shown],
    }


@ROUTER.get("/alarms/{alarm:path}", dependencies=READERS)
def one_alarm(shelf: Served, city: str, alarm: str, language: Speech) -> dict[str, Any]:
    """One alarm: every change of it, its rule with limits and grades, asset, register, duty, case with its clock."""
    work, cases = alarmwork(shelf, city), casework(shelf, city)
    known = work.watch.alarms
    if alarm not in known:
        raise Missing("there is no such alarm", where="alarm", found=alarm, allowed=tuple(known))
    span = work.store.span()
    return whole_alarm(work, cases, known[alarm], language) | {
        "ahead_of_utc": flow_now(cases).duty.offset,
        "newest_reading": moment_of(span[1]).isoformat() if span else None,
    }


@ROUTER.get("/sensors")
def sensors(shelf: Served, city: str, page: Paged) -> dict[str, Any]:
    """Sensors, what they measure and where they are."""
    placed = alarmwork(shelf, city).placed
    shown = placed[page.offset : page.offset + page.limit]
    return {"matched": len(placed), "sensors": [_sensor(one) for one in shown]}


@ROUTER.get("/sensors/{sensor:path}/series")
def series(
    shelf: Served,
    city: str,
    sensor: str,
    since: Annotated[str, Query(alias="from", max_length=40)],
    until: Annotated[str, Query(max_length=40)],
    every: Annotated[str, Query(max_length=20)] = "1 h",
) -> dict[str, Any]:
    """Readings of a sensor by windows: number, least, mean, largest; a window without readings stays empty."""
    work = alarmwork(shelf, city)
    if work.store.names.number(sensor) is None:
        names = work.store.names.listed
        raise Missing("there are no readings of this sensor", where="sensor", found=sensor, allowed=names)
    start, end, width = _time(since, "from"), _time(until, "until"), _width(every)
    if end <= start or width <= 0:
        raise BadUse("windows have a width, and end after they start", where="until", found=until)
    many = -(-(end - start) // width)
    if many > MOST_WINDOWS:
        raise BadUse("too many windows", where="every", found=many, allowed=(f"at most {MOST_WINDOWS}",))
    unit = next((one.sensor.unit for one in work.placed if one.sensor.id == sensor), "")
    return {"sensor": sensor, "unit": unit, "windows": series_data(work.store.windows(sensor, start, end, width))}


@ROUTER.get("/sensors/{sensor:path}")
def one_sensor(shelf: Served, city: str, sensor: str, language: Speech) -> dict[str, Any]:
    """One sensor: what it measures, the rules that judge it with their limits, its alarms, the newest first."""
    work, cases = alarmwork(shelf, city), casework(shelf, city)
    known = {one.sensor.id: one for one in work.placed}
    if sensor not in known:
        raise Missing("there is no such sensor", where="sensor", found=sensor, allowed=tuple(known))
    its = [one for one in reversed(work.alarms) if one.sensor.partition(":")[0] == sensor]
    span = work.store.span()
    return _sensor(known[sensor]) | {
        "ahead_of_utc": flow_now(cases).duty.offset,
        "newest_reading": moment_of(span[1]).isoformat() if span else None,
        "rules": rules_now(work, cases, known[sensor].sensor, language),
        "alarms": [alarm_told(work, cases, one, language) for one in its[:MOST_OF_A_SENSOR]],
        "alarms_of_it": len(its),
    }


def alarmwork(shelf: Shelf, city: str) -> Alarmwork:
    """The alarms of a city, followed up to the newest reading; kept until something is added."""
    folder = shelf.folder(city)
    place = folder / FOLDER
    files = [(one, one.stat()) for one in sorted(place.rglob("*")) if one.is_file()]
    stamp = tuple((str(one), state.st_mtime_ns, state.st_size) for one, state in files)
    return shelf.once((city, "alarms", len(shelf.city(city).log()), stamp), lambda: _opened(open_alarms(folder)))


def _opened(work: Alarmwork) -> Alarmwork:
    work.watch  # noqa: B018  (followed once, before several readers ask)
    return work


def _sensor(one: Placed) -> dict[str, Any]:
    sensor = one.sensor
    return {
        "id": sensor.id,
        "title": sensor.title,
        "system": sensor.system,
        "quantity": sensor.quantity,
        "unit": sensor.unit,
        "asset": sensor.asset or None,
        "risk": sensor.risk or None,
        "least": bare(sensor.low),
        "largest": bare(sensor.high),
        "crowded": sensor.is_crowded,
        "point": list(one.point) if one.point else None,
    }


def _time(text: str, where: str) -> int:
    try:
        found = datetime.fromisoformat(text)
        return milliseconds(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise BadUse("this is not a moment", where=where, found=text, allowed=EXAMPLES) from None


def _width(text: str) -> int:
    entry = At()
    entry["every"] = text
    try:
        return span_of(entry, "every")
    except (BadInput, ValueError):
        allowed = ("10 min", "1 h", "1 day")
        raise BadUse("this is not a length of time", where="every", found=text, allowed=allowed) from None

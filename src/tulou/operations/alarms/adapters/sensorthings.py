"""SensorThings (OGC 18-088): what a city's sensors are, as things, datastreams, sensors, properties and places.

Written so that another server can take it in (deep insert of ``Things``), and read back to the same sensors. Entities
carry what the model has no field for under ``properties``: lifeline, asset, risk, limits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.alarms.adapters.payloads import Batch, data_array_rows, datastream_of, decode
from tulou.operations.alarms.domain.rules import Sensor
from tulou.sources.limits import check_depth

ID = "@iot.id"
OBSERVATION = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
SECOND = 1000


@dataclass(frozen=True)
class Placed:
    """A sensor and where it is.

    Args:
        sensor: The sensor.
        point: Longitude and latitude, degrees; None when unknown.
    """

    sensor: Sensor
    point: tuple[float, float] | None = None


def write_things(placed: Sequence[Placed]) -> str:
    """Sensors as a document of things: one thing an asset, one datastream a sensor; the same bytes each time."""
    by_asset: dict[str, list[Placed]] = {}
    for one in placed:
        by_asset.setdefault(one.sensor.asset or f"sensor/{one.sensor.id}", []).append(one)
    things = [_thing(asset, by_asset[asset]) for asset in sorted(by_asset)]
    return json.dumps({"value": things}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_things(text: str, name: str) -> tuple[Placed, ...]:
    """Sensors of a document of things.

    Raises:
        BadInput: When it is none, or two datastreams have one id.
    """
    check_depth(text.encode(), name)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput("this is not JSON", where=f"{name}:{error.lineno}", found=error.msg) from None
    things = document.get("value", [document]) if isinstance(document, dict) else document
    if not isinstance(things, list):
        raise BadInput("a list of things stands under 'value'", where=name)
    found: dict[str, Placed] = {}
    for thing in things:
        for stream in _list(thing, "Datastreams", name):
            one = _placed(stream, thing, name)
            if one.sensor.id in found:
                raise BadInput("two datastreams have one id", where=name, found=one.sensor.id)
            found[one.sensor.id] = one
    if not found:
        raise BadInput("this document has no datastreams", where=name)
    return tuple(found.values())


def write_observations(sensor: str, times: Sequence[int], values: Sequence[float]) -> str:
    """Readings of a sensor as a data array, which ``createObservations`` of a server takes."""
    rows = [[_iso(time), None if math.isnan(value) else value] for time, value in zip(times, values, strict=True)]
    entry = {"Datastream": {ID: sensor}, "components": ["phenomenonTime", "result"], "dataArray": rows}
    return json.dumps([entry], ensure_ascii=False) + "\n"


def create_observations(body: bytes, known: Mapping[str, Sensor]) -> tuple[Batch, list[str]]:
    """What a server does with the body of ``createObservations``: readings to keep, and an answer for each row.

    Args:
        body: The body: a list of datastreams, each with a data array.
        known: Sensors of the city by id.

    Returns:
        The readings, and for each row in order the address of its observation, or ``error`` for an unknown sensor.

    Raises:
        BadInput: When the body is no data array.
        BadUse: When no row has a sensor that is known.
    """
    decode(body, "createObservations")  # refuses what is too large, too deep or no readings
    entries = json.loads(body)
    rows = [row for one in entries if isinstance(one, dict) for row in data_array_rows(one, "createObservations")]
    kept = [row for row in rows if row[0] in known]
    if not kept:
        wanted = datastream_of(entries[0], "createObservations")
        raise BadUse("there is no such sensor", where="Datastream", found=wanted, allowed=sorted(known))
    answer = [f"Observations('{name}/{time}')" if name in known else "error" for name, time, _ in rows]
    payload = json.dumps([{"sensor": name, "ts": time, "value": _null(value)} for name, time, value in kept])
    return decode(payload.encode()), answer


def _null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _thing(asset: str, placed: Sequence[Placed]) -> dict[str, Any]:
    thing: dict[str, Any] = {
        ID: asset,
        "name": asset,
        "description": asset,
        "properties": {"asset": placed[0].sensor.asset},
        "Datastreams": [_stream(one) for one in placed],
    }
    points = [one.point for one in placed if one.point]
    if points:
        thing["Locations"] = [_location(asset, points[0])]
    return thing


def _location(name: str, point: tuple[float, float]) -> dict[str, Any]:
    where = {"type": "Point", "coordinates": list(point)}
    return {"name": name, "description": name, "encodingType": "application/geo+json", "location": where}


def _stream(placed: Placed) -> dict[str, Any]:
    one = placed.sensor
    own: dict[str, Any] = {"system": one.system, "risk": one.risk, "crowded": one.is_crowded}
    own |= {key: value for key, value in (("least", one.low), ("largest", one.high)) if math.isfinite(value)}
    found: dict[str, Any] = {
        ID: one.id,
        "name": one.title or one.id,
        "description": one.title or one.id,
        "observationType": OBSERVATION,
        "unitOfMeasurement": {"name": one.unit, "symbol": one.unit, "definition": one.unit},
        "properties": own,
        "Sensor": {"name": one.id, "description": one.id, "encodingType": "text/plain", "metadata": ""},
        "ObservedProperty": {"name": one.quantity, "definition": one.quantity, "description": one.quantity},
    }
    if placed.point:
        found["observedArea"] = {"type": "Point", "coordinates": list(placed.point)}
    return found


def _placed(stream: Mapping[str, Any], thing: Mapping[str, Any], name: str) -> Placed:
    if not isinstance(stream, dict) or ID not in stream:
        raise BadInput("a datastream has its id", where=name, allowed=(f'"{ID}"',))
    where = f"{name}: {stream[ID]}"
    own = stream.get("properties") or {}
    unit = _mapping(stream, "unitOfMeasurement", where)
    observed = _mapping(stream, "ObservedProperty", where)
    if not own.get("system"):
        allowed = ('"properties": {"system": "gas"}',)
        raise BadInput("a datastream says which lifeline it watches", where=where, allowed=allowed)
    sensor = Sensor(
        str(stream[ID]),
        str(own["system"]),
        str(observed.get("name", "")),
        str(unit.get("symbol", "")),
        str((thing.get("properties") or {}).get("asset", thing.get(ID, ""))),
        str(own.get("risk") or ""),
        float(own.get("least", -math.inf)),
        float(own.get("largest", math.inf)),
        own.get("crowded"),
        "" if stream.get("name") == str(stream[ID]) else str(stream.get("name", "")),
    )
    return Placed(sensor, _point(stream.get("observedArea")) or _point_of_thing(thing))


def _point_of_thing(thing: Mapping[str, Any]) -> tuple[float, float] | None:
    places = thing.get("Locations") or []
    return _point(places[0].get("location")) if places and isinstance(places[0], dict) else None


def _point(given: object) -> tuple[float, float] | None:
    if not isinstance(given, dict) or given.get("type") != "Point":
        return None
    east, north = given["coordinates"][:2]
    return float(east), float(north)


def _mapping(entry: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = entry.get(key)
    if not isinstance(found, dict):
        raise BadInput("a datastream has its unit and its property", where=where, found=key)
    return found


def _list(entry: object, key: str, name: str) -> list[Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get(key, []), list):
        raise BadInput("a thing has a list of datastreams", where=name, found=key)
    return list(entry.get(key, []))


def _iso(time: int) -> str:
    return datetime.fromtimestamp(time / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

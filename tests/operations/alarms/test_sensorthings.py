import json
import math

import pytest

from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.alarms.adapters.payloads import decode
from tulou.operations.alarms.adapters.sensorthings import (
    Placed,
    create_observations,
    read_things,
    write_observations,
    write_things,
)
from tulou.operations.alarms.domain.rules import Sensor

PLACED = (
    Placed(
        Sensor("m1", "gas", "methane", "percent_lel", "pipe/1", "risk-7", 0.0, 150.0, is_crowded=True, title="井"),
        (119.3, 26.08),
    ),
    Placed(Sensor("e1", "gas", "ethane", "ppm", "pipe/1"), (119.3, 26.08)),
    Placed(Sensor("q", "water", "flow", "m3/h", "district/a", low=0.0)),
)


def test_sensors_come_back_from_their_things():
    text = write_things(PLACED)
    again = read_things(text, "things.json")
    assert {one.sensor.id: one for one in again} == {one.sensor.id: one for one in PLACED}
    assert write_things(again) == text


def test_the_document_has_the_entities_of_the_model():
    things = json.loads(write_things(PLACED))["value"]
    assert [one["name"] for one in things] == ["district/a", "pipe/1"]
    stream = things[1]["Datastreams"][0]
    assert {"Sensor", "ObservedProperty", "unitOfMeasurement", "observationType"} <= stream.keys()
    assert things[1]["Locations"][0]["location"] == {"type": "Point", "coordinates": [119.3, 26.08]}
    assert "Locations" not in things[0]


def test_readings_come_back_from_their_data_array():
    text = write_observations("m1", [1_795_737_600_000, 1_795_737_600_500], [1.5, math.nan])
    batch = decode(text.encode())
    assert (list(batch.names), batch.time.tolist()) == (["m1", "m1"], [1_795_737_600_000, 1_795_737_600_500])
    assert batch.value[0] == 1.5
    assert math.isnan(batch.value[1])


def test_create_observations_keeps_known_sensors_and_says_error_for_others():
    known = {one.sensor.id: one.sensor for one in PLACED}
    body = json.loads(write_observations("m1", [1_795_737_600_000], [2.0]))
    body += json.loads(write_observations("nobody", [1_795_737_600_000], [2.0]))
    batch, answer = create_observations(json.dumps(body).encode(), known)
    assert answer == ["Observations('m1/1795737600000')", "error"]
    assert list(batch.names) == ["m1"]
    with pytest.raises(BadUse, match="no such sensor"):
        create_observations(write_observations("nobody", [1_795_737_600_000], [2.0]).encode(), known)
    with pytest.raises(BadInput):
        create_observations(b"{}", known)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda things: things[0]["Datastreams"][0].pop("@iot.id"), "has its id"),
        (lambda things: things[0]["Datastreams"][0].pop("unitOfMeasurement"), "unit and its property"),
        (lambda things: things[0]["Datastreams"][0]["properties"].pop("system"), "which lifeline"),
        (lambda things: things.append(things[0]), "two datastreams"),
        (lambda things: things.clear(), "no datastreams"),
        (lambda things: things[0].update(Datastreams=3), "list of datastreams"),
    ],
)
def test_a_document_that_lacks_something_is_refused(change, told):
    document = json.loads(write_things(PLACED))
    change(document["value"])
    with pytest.raises(BadInput, match=told):
        read_things(json.dumps(document), "things.json")
    with pytest.raises(BadInput, match="not JSON"):
        read_things("{", "things.json")

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput
from tulou.operations.alarms.adapters.dead_letters import MOST_BYTES, bury, dead_letter, read_letters
from tulou.operations.alarms.adapters.payloads import Batch, decode, encode

NOW = 1_795_737_600_000


def rows(payload, topic=""):
    batch = decode(payload if isinstance(payload, bytes) else json.dumps(payload).encode(), topic)
    values = [None if math.isnan(one) else one for one in batch.value.tolist()]
    return list(zip(batch.names, batch.time.tolist(), values, strict=True))


def test_one_reading_or_many_as_plain_json():
    assert rows({"sensor": "a", "time": "2026-11-27T08:00:00+08:00", "value": 3}) == [("a", NOW, 3.0)]
    assert rows([{"sensor": "a", "ts": NOW, "value": 3}, {"sensor": "b", "t": NOW / 1000, "value": None}]) == [
        ("a", NOW, 3.0), ("b", NOW, None),
    ]  # fmt: skip
    assert rows({"ts": NOW, "value": True}, "lifeline/gas/a7") == [("a7", NOW, 1.0)]


def test_senml_with_base_name_time_and_value():
    """Records of RFC 8428, section 5.1.3, with a base time of 2026."""
    pack = [
        {"bn": "urn:dev:ow:10e2073a0108006:", "bt": NOW / 1000, "bu": "A", "n": "voltage", "u": "V", "v": 120.1},
        {"n": "current", "t": -5, "v": 1.2},
        {"n": "current", "t": -4, "v": 1.3},
        {"bv": 20.0, "n": "current", "v": 0.5},
        {"n": "text", "vs": "no number"},
    ]
    name = "urn:dev:ow:10e2073a0108006:"
    assert rows(pack) == [
        (name + "voltage", NOW, 120.1), (name + "current", NOW - 5000, 1.2), (name + "current", NOW - 4000, 1.3),
        (name + "current", NOW, 20.5),
    ]  # fmt: skip


def test_observations_and_data_arrays_of_sensorthings():
    one = {"phenomenonTime": "2026-11-27T00:00:00Z", "result": 21.5}
    assert rows(one, "v1.1/Datastreams('a')/Observations") == [("a", NOW, 21.5)]
    assert rows({**one, "Datastream": {"@iot.id": 7}}) == [("7", NOW, 21.5)]
    interval = {**one, "phenomenonTime": "2026-11-26T23:00:00Z/2026-11-27T00:00:00Z", "Datastream": {"@iot.id": "b"}}
    assert rows(interval) == [("b", NOW, 21.5)]
    array = [{
        "Datastream": {"@iot.id": "a"}, "components": ["phenomenonTime", "result"], "dataArray@iot.count": 2,
        "dataArray": [["2026-11-27T00:00:00Z", 20], ["2026-11-27T00:01:00Z", None]],
    }]  # fmt: skip
    assert rows(array) == [("a", NOW, 20.0), ("a", NOW + 60_000, None)]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "燃气-1", "x" * 200]), st.integers(0, 4 * 10**12), st.floats(width=64)),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_the_binary_form_comes_back(readings):
    batch = Batch(
        [one for one, _, _ in readings],
        np.array([one for _, one, _ in readings]),
        np.array([one for _, _, one in readings]),
    )
    again = decode(encode(batch))
    assert list(again.names) == list(batch.names)
    assert again.time.tolist() == batch.time.tolist()
    assert np.array_equal(again.value, batch.value, equal_nan=True)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=40).map(lambda data: b"TLB1" + data))
def test_no_payload_makes_more_than_a_refusal(payload):
    try:
        batch = decode(payload, "t")
    except BadInput:
        return
    assert len(batch.names) == len(batch.time) == len(batch.value) > 0


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"", "not empty"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 5000 + b"]" * 5000, "nested"),
        ([], "at least one reading"),
        (["x"], "a reading, or a list"),
        ({"sensor": "a", "ts": NOW}, "has a value"),
        ({"sensor": "a", "ts": NOW, "value": "3"}, "has a value"),
        ({"sensor": "a", "time": "2026-11-27T08:00:00", "value": 3}, "has its zone"),
        ({"sensor": "a", "time": "yesterday", "value": 3}, "not a time"),
        ({"sensor": "a", "value": 3}, "not a number"),
        ({"sensor": "a", "ts": -5, "value": 3}, "time cannot be"),
        ({"sensor": "a", "time": NOW, "value": 3}, "time cannot be"),
        ({"sensor": "a", "ts": True, "value": 3}, "not a number"),
        ({"sensor": "a\nb", "ts": NOW, "value": 3}, "not a name"),
        ({"ts": NOW, "value": 3}, "not a name"),
        ([{"n": "a", "v": 3}], "relative to now"),
        ({"result": 3, "phenomenonTime": "2026-11-27T00:00:00Z"}, "names its datastream"),
        ([{"Datastream": {"@iot.id": 1}, "dataArray": [[1]]}], "components"),
        (encode(Batch(["a"], np.array([NOW]), np.array([1.0])))[:-1], "damaged"),
        (b"TLB1", "cut off"),
        ({"sensor": "a", "ts": NOW, "value": 10**400}, "too large"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_with_the_reason(payload, told):
    with pytest.raises(BadInput, match=told):
        rows(payload)


def test_dead_letters_keep_payload_reason_and_digest(tmp_path):
    path = tmp_path / "dead.jsonl"
    bury(
        path,
        [dead_letter(NOW, "t/1", "this payload is not JSON", b"\x00{"), dead_letter(NOW, "t/2", "x", b"a" * 70_000)],
    )
    with path.open("a") as file:
        file.write('{"torn')
    first, second = read_letters(path)
    assert (first.payload, first.topic, first.reason, first.size) == (b"\x00{", "t/1", "this payload is not JSON", 2)
    assert (len(second.payload), second.size) == (MOST_BYTES, 70_000)
    assert len(second.digest) == 64
    assert list(read_letters(tmp_path / "none")) == []

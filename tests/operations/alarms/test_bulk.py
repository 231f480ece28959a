"""Payloads read together are what they are one by one: the same readings, the same refusals, the same reasons."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput
from tulou.operations.alarms.adapters.bulk import decode_all
from tulou.operations.alarms.adapters.packets import Message
from tulou.operations.alarms.adapters.payloads import Batch, decode, encode

NOW = 1_795_737_600_000
VALUES = st.one_of(
    st.floats(), st.integers(), st.none(), st.booleans(), st.text(max_size=4), st.just(10**400), st.lists(st.none()),
)  # fmt: skip
TIMES = st.one_of(
    st.sampled_from(["2026-11-27T08:00:00+08:00", "2026-11-27T08:00:00", "soon", "0001-01-01T00:00:00+23:59"]),
    st.sampled_from(["", "2026-11-26T23:00Z/2026-11-27T00:00Z"]), st.just(10**400),
    st.integers(-(10**13), 10**15), st.floats(), st.none(), st.booleans(),
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(["a", "", " a", "传感器", "a\n", "x" * 201]), st.none(), st.integers())
ENTRIES = st.dictionaries(
    st.sampled_from(["sensor", "time", "t", "ts", "value", "v", "n", "bn", "result", "phenomenonTime", "other"]),
    st.one_of(VALUES, TIMES, NAMES), max_size=6,
)  # fmt: skip
PLAIN = st.fixed_dictionaries({"value": VALUES}, optional={"sensor": NAMES, "ts": TIMES, "time": TIMES, "t": TIMES})


def coded(given_):
    return json.dumps(given_).encode()


PAYLOADS = st.one_of(
    ENTRIES.map(coded), PLAIN.map(coded), st.binary(max_size=40), st.just(b'{"ts": 1, "value": ' + b"9" * 5000 + b"}"),
    st.lists(PLAIN, max_size=4).map(coded), st.lists(ENTRIES, max_size=3).map(coded),
    st.just(encode(Batch(["b"], np.array([NOW]), np.array([1.0])))),
    PLAIN.map(lambda one: json.dumps(one).encode("utf-16-le")),
    st.just(b'{"value": 1, "ts": 1, "x": ' + b"[" * 70 + b"]" * 70 + b"}"),
)  # fmt: skip
TOPICS = st.sampled_from(["lifeline/gas/a", "", "v1.1/Datastreams('s')/Observations", "x/ y"])


def one_by_one(messages):
    names, times, values, refused = [], [], [], []
    for place, one in enumerate(messages):
        try:
            batch = decode(one.payload, one.topic)
        except BadInput as error:
            refused.append((place, str(error)))
            continue
        names += batch.names
        times += batch.time.tolist()
        values += batch.value.tolist()
    return names, times, values, refused


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(TOPICS, PAYLOADS), max_size=6))
def test_many_together_are_what_they_are_one_by_one(pairs):
    messages = [Message(topic, payload, 1, 1, 1) for topic, payload in pairs]
    names, times, values, refused = one_by_one(messages)
    batch, found = decode_all(messages)
    assert found == refused
    if batch is None:
        assert names == []
        return
    assert list(batch.names) == names
    assert batch.time.tolist() == times
    np.testing.assert_array_equal(batch.value, np.array(values, float))


def test_a_payload_is_taken_whole_or_not_at_all():
    good, bad = {"sensor": "a", "ts": NOW, "value": 1}, {"sensor": "a", "ts": NOW, "value": "x"}
    messages = [Message("t", coded(one), 1, 1, 1) for one in ([good, good], [good, bad], good)]
    batch, refused = decode_all(messages)
    assert (len(batch.time), [place for place, _ in refused]) == (3, [1])


def test_two_broken_halves_do_not_make_a_whole():
    """As they would if the payloads were joined before they are read."""
    halves = (b'{"sensor": "a", "ts": 1, "value": 1}, {"ts": 2', b'"value": 3, "sensor": "b"}')
    batch, refused = decode_all([Message("t", one, 1, 1, 1) for one in halves])
    assert batch is None
    assert len(refused) == 2


@pytest.mark.parametrize("many", [0, 1, 5])
def test_nothing_gives_nothing_and_order_is_kept(many):
    batch, refused = decode_all(
        [Message("t/a", coded({"ts": NOW + one, "value": one}), 1, 1, 1) for one in range(many)]
    )
    assert refused == []
    assert (batch.value.tolist() if batch else []) == [float(one) for one in range(many)]

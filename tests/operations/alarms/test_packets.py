"""Packets of MQTT 5: read out of any cuts of the stream, damage told, examples of the standard to the byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput
from tulou.operations.alarms.adapters import packets
from tulou.operations.alarms.adapters.packets import Control, PacketReader


def publish(topic, payload, number=0, properties=b"", quality=1):
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name + (number.to_bytes(2, "big") if quality else b"")
    return packets.packet(
        packets.PUBLISH, body + packets.length_of(len(properties)) + properties + payload, quality << 1
    )


SENT = st.tuples(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8),
    st.binary(max_size=400), st.integers(1, 65_535),
    st.sampled_from([b"", b"\x01\x01", b"\x26\x00\x01a\x00\x01b" * 30]), st.sampled_from([0, 1]),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(SENT, max_size=8), st.data())
def test_messages_are_the_same_however_the_stream_is_cut(sent, data):
    stream = b"".join(publish(*one) for one in sent) + packets.packet(packets.PINGRESP, b"")
    reader, found, controls, place = PacketReader(7), [], [], 0
    while place < len(stream):
        step = data.draw(st.integers(1, len(stream)))
        messages, others = reader.feed(stream[place : place + step])
        found += messages
        controls += others
        place += step
    assert [(one.topic, one.payload, one.quality, one.connection) for one in found] == [
        (topic, payload, quality, 7) for topic, payload, _, _, quality in sent
    ]
    assert [one.number for one in found] == [number if quality else 0 for _, _, number, _, quality in sent]
    assert controls == [Control(packets.PINGRESP, b"")]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_noise_is_refused_or_waits_and_is_never_a_traceback(noise):
    reader = PacketReader(1)
    try:
        _, controls = reader.feed(noise)
        for one in controls:
            packets.refusal_of(one)
            packets.keep_alive_of(one, 30)
    except BadInput:
        return  # told as damage, which ends the connection


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (2_097_151, "ffff7f"),
        (268_435_455, "ffffff7f"),
    ],
)
def test_lengths_are_those_of_the_standard(size, told):
    """MQTT 5, table 1-1."""
    assert packets.length_of(size).hex() == told


def test_packets_that_are_sent_are_those_of_the_standard():
    """Byte by byte, as MQTT 5 sections 3.1, 3.4 and 3.8 lay them out."""
    assert packets.acknowledgements([1, 515]) == b"\x40\x02\x00\x01\x40\x02\x02\x03"
    assert packets.subscribe(1, ["a/#"]) == b"\x82\x09\x00\x01\x00" + b"\x00\x03a/#\x01"
    whole = packets.connect("me", 30, 0xFFFFFFFE, 65_535, "u", "p")
    assert whole.hex() == ("101d00044d51545405c0001e0811fffffffe21ffff00026d65000175000170")


@pytest.mark.parametrize(
    ("control", "code"),
    [
        (Control(packets.CONNACK, b"\x00\x00\x00"), 0),
        (Control(packets.CONNACK, b"\x00\x87\x00"), 0x87),
        (Control(packets.SUBACK, b"\x00\x01\x00\x01\x01"), 0),
        (Control(packets.SUBACK, b"\x00\x01\x00\x01\x87"), 0x87),
        (Control(packets.DISCONNECT, b"\x8e"), 0x8E),
        (Control(packets.PINGRESP, b""), 0),
    ],
)
def test_refusals_are_told_by_their_reason_codes(control, code):
    assert packets.refusal_of(control) == code


def test_the_keep_alive_of_the_broker_wins():
    told = b"\x12\x00\x03abc" + b"\x13\x00\x0a"
    assert packets.keep_alive_of(Control(packets.CONNACK, b"\x00\x00" + bytes([len(told)]) + told), 30) == 10
    assert packets.keep_alive_of(Control(packets.CONNACK, b"\x00\x00\x00"), 30) == 30


def test_a_length_of_five_bytes_and_a_topic_that_is_no_text_are_damage():
    for stream in (
        b"\x30\xff\xff\xff\xff\x01",
        publish("ab", b"x").replace(b"ab", b"\xff\xff"),
        b"\x34\x05\x00\x01a\x00\x01",
    ):
        with pytest.raises(BadInput, match="no packet of MQTT"):
            PacketReader(1).feed(stream)

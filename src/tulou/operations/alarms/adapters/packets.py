"""Packets of MQTT 5 (OASIS, 2019) that a subscriber sends and gets, read many at a time out of what a socket gave.

A subscriber at most once or at least once needs eight kinds of packets. They are read here in one pass over the bytes,
since a general client that is told of each message by itself stays below the rate that is wanted (decision 0013).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tulou.kernel.errors import BadInput

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14
VERSION = 5
FAILURE = 0x80
"""Reason codes from here on are failures."""

AT_LEAST_ONCE = 1
USER, WORD = 0x80, 0x40
SESSION_EXPIRY, RECEIVE_MAXIMUM, SERVER_KEEP_ALIVE = 0x11, 0x21, 0x13
FOUR, TWO = struct.Struct(">I"), struct.Struct(">H")
MOST_LENGTH_BYTES = 4
CONTINUES, SEVEN = 0x80, 0x7F
PING = bytes((PINGREQ << 4, 0))
GOODBYE = bytes((DISCONNECT << 4, 0))
SHORT_ACK = bytes((PUBACK << 4, 2))
DAMAGED = "what came is no packet of MQTT"

PROPERTY_BYTES = {
    0x01: 1, 0x02: 4, 0x11: 4, 0x13: 2, 0x17: 1, 0x18: 4, 0x19: 1, 0x21: 2, 0x22: 2, 0x23: 2, 0x24: 1, 0x25: 1,
    0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1,
}  # fmt: skip
"""Bytes of the value of each property that has a fixed length (MQTT 5, 2.2.2.2)."""
TEXT_PROPERTIES = frozenset((0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F))
PAIR = 0x26


class Message(NamedTuple):
    """A message that waits to be stored.

    Args:
        topic: Its topic.
        payload: Its payload.
        number: Number by which it is acknowledged.
        quality: Quality of service; 0 is not acknowledged.
        connection: Which connection it came by.
    """

    topic: str
    payload: bytes
    number: int
    quality: int
    connection: int


@dataclass(frozen=True)
class Control:
    """A packet that is no message.

    Args:
        kind: Its kind.
        body: What follows its fixed header.
    """

    kind: int
    body: bytes


@dataclass
class PacketReader:
    """Takes packets out of the bytes of one connection.

    Args:
        connection: Number of the connection, which its messages get.
    """

    connection: int
    _rest: bytes = b""
    _topics: dict[bytes, str] = field(default_factory=dict)

    def feed(self, data: bytes) -> tuple[list[Message], list[Control]]:
        """Read on; what is not whole yet waits.

        Returns:
            Messages and other packets, each in the order in which they came.

        Raises:
            BadInput: When it is no MQTT.
        """
        held = self._rest + data if self._rest else data
        messages: list[Message] = []
        controls: list[Control] = []
        place, end = 0, len(held)
        while end - place > 1:
            size = held[place + 1]
            begin = place + 2
            if size >= CONTINUES:
                size, begin = _length(held, place + 1)
            past = begin + size
            if not begin or past > end:
                break
            kind = held[place]
            if kind >> 4 == PUBLISH:
                messages.append(self._message(kind, held, begin, past))
            else:
                controls.append(Control(kind >> 4, held[begin:past]))
            place = past
        self._rest = held[place:]
        return messages, controls

    def _message(self, kind: int, held: bytes, begin: int, past: int) -> Message:
        topic_end = begin + 2 + (held[begin] << 8 | held[begin + 1]) if past - begin > 1 else past + 1
        quality = kind >> 1 & 3
        place = topic_end + 2 if quality else topic_end
        if place >= past or quality > AT_LEAST_ONCE:
            raise BadInput(DAMAGED, where="PUBLISH", found=held[begin : begin + 8].hex())
        size = held[place]
        payload = place + 1 + size
        if size >= CONTINUES:
            size, place = _length(held, place)
            payload = place + size
        if payload > past:
            raise BadInput(DAMAGED, where="PUBLISH", found=size)
        name = held[begin + 2 : topic_end]
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = _text(name)
        number = held[topic_end] << 8 | held[topic_end + 1] if quality else 0
        return Message(topic, held[payload:past], number, quality, self.connection)


def packet(kind: int, body: bytes, flags: int = 0) -> bytes:
    """A packet with its fixed header."""
    return bytes(((kind << 4) | flags,)) + length_of(len(body)) + body


def length_of(size: int) -> bytes:
    """A length, seven bits a byte, the lowest first."""
    found = bytearray()
    while True:
        size, low = size >> 7, size & SEVEN
        found.append(low | (CONTINUES if size else 0))
        if not size:
            return bytes(found)


def connect(name: str, keep_alive: int, session: int, receive: int, user: str, word: str) -> bytes:
    """The packet that opens a connection to a session that goes on.

    Args:
        name: Name of the session.
        keep_alive: Seconds after which the broker gives up a client that says nothing.
        session: Seconds for which the broker keeps the session without us.
        receive: Messages it may send before the first is acknowledged.
        user: Name to sign in with; empty for none.
        word: Pass word.
    """
    told = bytes((SESSION_EXPIRY,)) + FOUR.pack(session) + bytes((RECEIVE_MAXIMUM,)) + TWO.pack(receive)
    flags = (USER | (WORD if word else 0)) if user else 0
    body = _told("MQTT") + bytes((VERSION, flags)) + TWO.pack(keep_alive) + length_of(len(told)) + told + _told(name)
    if user:
        body += _told(user) + (_told(word) if word else b"")
    return packet(CONNECT, body)


def subscribe(number: int, topics: Sequence[str]) -> bytes:
    """The packet that asks for topics, at least once."""
    wanted = b"".join(_told(topic) + bytes((AT_LEAST_ONCE,)) for topic in topics)
    return packet(SUBSCRIBE, TWO.pack(number) + length_of(0) + wanted, flags=2)


def acknowledgements(numbers: Sequence[int]) -> bytes:
    """Packets that acknowledge messages, in one piece."""
    return b"".join([SHORT_ACK + TWO.pack(one) for one in numbers])


def refusal_of(control: Control) -> int:
    """Reason code of the failure that a packet tells; 0 for none.

    Raises:
        BadInput: When it is cut off.
    """
    body = control.body
    if control.kind == CONNACK:
        _must(len(body) > 1, "CONNACK")
        return body[1] if body[1] >= FAILURE else 0
    if control.kind == SUBACK:
        _must(len(body) > 2, "SUBACK")  # noqa: PLR2004  (a number takes two bytes)
        size, begin = _length(body, 2)
        return max((one for one in body[begin + size :] if one >= FAILURE), default=0)
    if control.kind == DISCONNECT:
        return body[0] if body else 0
    return 0


def keep_alive_of(control: Control, asked: int) -> int:
    """Seconds of keep alive: those the broker sets when it accepts a connection, else those asked for.

    Raises:
        BadInput: When its properties cannot be read.
    """
    body = control.body
    if len(body) < 3:  # noqa: PLR2004  (flags, a reason and the length of properties)
        return asked
    size, place = _length(body, 2)
    end = place + size
    _must(end <= len(body), "CONNACK")
    while place < end:
        kind = body[place]
        place += 1
        if kind == SERVER_KEEP_ALIVE:
            _must(place + 2 <= len(body), "CONNACK")
            return int(TWO.unpack_from(body, place)[0])
        place = _past(body, kind, place)
    return asked


def _past(body: bytes, kind: int, place: int) -> int:
    """End of the value of a property."""
    if kind in PROPERTY_BYTES:
        return place + PROPERTY_BYTES[kind]
    _must(kind in TEXT_PROPERTIES or kind == PAIR, "property")
    for _ in range(2 if kind == PAIR else 1):
        _must(place + 2 <= len(body), "property")
        place += 2 + int(TWO.unpack_from(body, place)[0])
    return place


def _length(held: bytes, place: int) -> tuple[int, int]:
    """A length of more than one byte, and where it ends; 0 and 0 when it is not whole yet."""
    size = 0
    for part in range(MOST_LENGTH_BYTES):
        if place + part >= len(held):
            return 0, 0
        one = held[place + part]
        size |= (one & SEVEN) << (7 * part)
        if one < CONTINUES:
            return size, place + part + 1
    raise BadInput(DAMAGED, where="length", found=held[place : place + MOST_LENGTH_BYTES].hex())


def _told(text: str) -> bytes:
    data = text.encode()
    return TWO.pack(len(data)) + data


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadInput(DAMAGED, where="topic", found=data.hex()[:40]) from None


def _must(holds: bool, where: str) -> None:  # noqa: FBT001  (a condition)
    if not holds:
        raise BadInput(DAMAGED, where=where)

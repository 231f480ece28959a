"""Intake over MQTT: at least once, with a session that outlives this process, acknowledged when it is on the disk.

The broker keeps what is not acknowledged. What comes twice is counted once by the rules and by series, as a sensor has
one reading at a time. Acknowledgements of an earlier connection are left out: the broker sends those messages again,
and may have given their numbers to others meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from tulou.kernel.errors import BadUse, MissingExtra, NotEnoughData

try:
    from paho.mqtt import client as paho
    from paho.mqtt.enums import CallbackAPIVersion
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties
except ImportError as error:
    raise MissingExtra(error.name or "paho", "alarm") from None

PORTS = {"mqtt": 1883, "mqtts": 8883}
KEEP_ALIVE = 30
SESSION = 0xFFFFFFFE
"""Seconds for which the broker keeps a session without us; its largest value but one, some 136 years."""
RECEIVE = 65_535
"""Messages the broker may send before we acknowledge the first: the most MQTT has."""
FIRST_WAIT, LONGEST_WAIT = 1, 30
AT_LEAST_ONCE = 1


@dataclass(frozen=True)
class Broker:
    """Where a broker is.

    Args:
        host: Its host.
        port: Its port.
        is_secure: Whether it is spoken to over TLS.
        user: Name to sign in with; empty for none.
        word: Its pass word.
    """

    host: str
    port: int
    is_secure: bool
    user: str = ""
    word: str = ""


@dataclass(frozen=True)
class Message:
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


def broker_of(address: str) -> Broker:
    """A broker from an address such as ``mqtt://127.0.0.1:1883``.

    Raises:
        BadUse: When it is none.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if not port or not parts.hostname:
        allowed = ("mqtt://127.0.0.1:1883", "mqtts://broker:8883")
        raise BadUse("this is not an address of a broker", where="--broker", found=address, allowed=allowed)
    return Broker(parts.hostname, port, parts.scheme == "mqtts", parts.username or "", parts.password or "")


class MqttIntake:
    """A subscriber that hands messages over in batches and acknowledges them afterwards.

    Args:
        broker: The broker.
        topics: Topics to subscribe to.
        name: Name of the session; the same one goes on with what the broker has kept.
    """

    def __init__(self, broker: Broker, topics: Sequence[str], name: str) -> None:
        self.broker, self.topics = broker, tuple(topics)
        self.refusal = ""
        self._waiting: SimpleQueue[Message] = SimpleQueue()
        self._connection = 0
        self._is_up = threading.Event()
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=paho.MQTTv5,
            manual_ack=True,
            reconnect_on_failure=True,
        )
        self._client.on_connect = self._connected
        self._client.on_message = self._came
        self._client.reconnect_delay_set(FIRST_WAIT, LONGEST_WAIT)
        if broker.user:
            self._client.username_pw_set(broker.user, broker.word)
        if broker.is_secure:
            self._client.tls_set()

    def begin(self, patience: float) -> None:
        """Connect; later the connection is made again whenever it breaks.

        Args:
            patience: Seconds to wait for the broker.

        Raises:
            NotEnoughData: When no broker answers, or it refuses.
        """
        told = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        told.SessionExpiryInterval, told.ReceiveMaximum = SESSION, RECEIVE
        where = f"{self.broker.host}:{self.broker.port}"
        try:
            self._client.connect(self.broker.host, self.broker.port, KEEP_ALIVE, clean_start=False, properties=told)
        except OSError as error:
            raise NotEnoughData("no broker answers", where=where, found=error.strerror or str(error)) from None
        self._client.loop_start()
        if not self._is_up.wait(patience) or self.refusal:
            self.end()
            raise NotEnoughData("the broker refuses", where=where, found=self.refusal or "no answer")

    def batch(self, wait: float, most: int) -> list[Message]:
        """Messages that wait: none after some seconds without any."""
        found: list[Message] = []
        try:
            found.append(self._waiting.get(timeout=wait))
            while len(found) < most:
                found.append(self._waiting.get_nowait())
        except Empty:
            pass
        return found

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Tell the broker that messages are on the disk."""
        for one in messages:
            if one.quality and one.connection == self._connection:
                self._client.ack(one.number, one.quality)

    def end(self) -> None:
        """Disconnect; the broker keeps the session and what comes meanwhile."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:  # noqa: ANN401
        if reason.is_failure:
            self.refusal = str(reason)
        else:
            self._connection += 1
            client.subscribe([(topic, AT_LEAST_ONCE) for topic in self.topics])
        self._is_up.set()

    def _came(self, _client: Any, _data: Any, message: Any) -> None:  # noqa: ANN401  (as paho calls it)
        self._waiting.put(Message(message.topic, message.payload, message.mid, message.qos, self._connection))


Take = Callable[[Sequence[Message]], None]


def serve(
    intake: MqttIntake, take: Take, rest: Callable[[], None], stop: threading.Event, *, wait: float, most: int
) -> None:
    """Take messages batch by batch until told to stop.

    Args:
        intake: Where they come from.
        take: Puts a batch on the disk; what it raises ends the service, and nothing of the batch is acknowledged.
        rest: What is done when nothing came for a while.
        stop: Tells to stop.
        wait: Seconds without messages after which there is a rest.
        most: Messages of a batch.
    """
    while not stop.is_set():
        messages = intake.batch(wait, most)
        if messages:
            take(messages)
            intake.acknowledge(messages)
        else:
            rest()

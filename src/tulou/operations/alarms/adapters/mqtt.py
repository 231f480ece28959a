"""Intake over MQTT: at least once, with a session that outlives this process, acknowledged when it is on the disk.

The broker keeps what is not acknowledged. What comes twice is counted once by the rules and by series, as a sensor has
one reading at a time. Acknowledgements of an earlier connection are left out: the broker sends those messages again,
and may have given their numbers to others meanwhile.

One thread reads: whatever the socket holds is cut into messages and handed over in one piece, while the one before is
pushed to the disk; all of a batch is acknowledged in one piece too.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from urllib.parse import urlsplit

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.operations.alarms.adapters import packets
from tulou.operations.alarms.adapters.packets import Control, Message, PacketReader

PORTS = {"mqtt": 1883, "mqtts": 8883}
KEEP_ALIVE = 30
SESSION = 0xFFFFFFFE
"""Seconds for which the broker keeps a session without us; its largest value but one, some 136 years."""
RECEIVE = 65_535
"""Messages the broker may send before we acknowledge the first: the most MQTT has."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
READ_BYTES = 1 << 20
MOST_PIECES = 256
"""Pieces that wait before the socket is left alone, so that a slow disk slows the broker and fills no memory."""
BEAT = 1.0
"""Seconds after which a quiet connection is looked after."""


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
        self.broker, self.topics, self.name = broker, tuple(topics), name
        self.refusal = ""
        self._pieces: Queue[list[Message]] = Queue(MOST_PIECES)
        self._over: list[Message] = []
        self._lock = threading.Lock()
        self._connection, self._outgoing = 0, bytearray()
        self._first: socket.socket | None = None
        self._is_up, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)
        self._wait = FIRST_WAIT
        self._keep_alive, self._sent, self._heard = float(KEEP_ALIVE), 0.0, 0.0

    def begin(self, patience: float) -> None:
        """Connect; later the connection is made again whenever it breaks.

        Args:
            patience: Seconds to wait for the broker.

        Raises:
            NotEnoughData: When no broker answers, or it refuses.
        """
        where = f"{self.broker.host}:{self.broker.port}"
        try:
            self._first = self._connected(patience)
        except OSError as error:
            raise NotEnoughData("no broker answers", where=where, found=error.strerror or str(error)) from None
        self._wake, self._woken = socket.socketpair()
        for one in (self._wake, self._woken):
            one.setblocking(False)  # noqa: FBT003  (the socket's own word)
        self._thread.start()
        if not self._is_up.wait(patience) or self.refusal:
            self.end()
            raise NotEnoughData("the broker refuses", where=where, found=self.refusal or "no answer")

    def batch(self, wait: float, most: int) -> list[Message]:
        """Messages that wait: none after some seconds without any."""
        found, self._over = self._over, []
        with suppress(Empty):
            if not found:
                found = self._pieces.get(timeout=wait)
            while len(found) < most:
                found += self._pieces.get_nowait()
        self._over = found[most:]
        return found[:most]

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Tell the broker that messages are on the disk."""
        with self._lock:  # held so that no other connection begins between looking and telling
            numbers = [one.number for one in messages if one.quality and one.connection == self._connection]
            self._outgoing += packets.acknowledgements(numbers)
        self._rouse()

    def end(self) -> None:
        """Disconnect; the broker keeps the session and what comes meanwhile."""
        self._stop.set()
        self._rouse()
        self._thread.join(LONGEST_WAIT)
        for one in (self._wake, self._woken):
            one.close()

    def _rouse(self) -> None:
        with suppress(OSError):  # full: it is roused already
            self._wake.send(b"!")

    def _connected(self, patience: float) -> socket.socket:
        made = socket.create_connection((self.broker.host, self.broker.port), patience)
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.broker.is_secure:
                made = ssl.create_default_context().wrap_socket(made, server_hostname=self.broker.host)
            broker = self.broker
            made.sendall(packets.connect(self.name, KEEP_ALIVE, SESSION, RECEIVE, broker.user, broker.word))
            made.settimeout(LONGEST_WAIT)
        except OSError:
            made.close()
            raise
        return made

    def _run(self) -> None:
        """Read until told to stop, connecting anew whenever the connection breaks."""
        held = self._first
        while not self._stop.is_set():
            with suppress(OSError, BadInput):  # the broker sends again what was not acknowledged
                held = held or self._connected(LONGEST_WAIT)
                with held:
                    self._read(held)
            held = None
            if self.refusal and not self._is_up.is_set():
                self._is_up.set()
                return
            if self._stop.wait(self._wait):
                return
            self._wait = min(2 * self._wait, LONGEST_WAIT)

    def _read(self, held: socket.socket) -> None:
        """Hand over what comes by one connection until it ends."""
        with self._lock:
            self._connection += 1
            self._outgoing.clear()
        self._keep_alive, self._sent = float(KEEP_ALIVE), time.monotonic()
        self._heard = self._sent
        reader = PacketReader(self._connection)
        with selectors.DefaultSelector() as selector:
            for one in (held, self._woken):
                selector.register(one, selectors.EVENT_READ)
            while not self._stop.is_set():
                self._flush(held)
                ready = {key.fileobj for key, _ in selector.select(0 if _holds_more(held) else BEAT)}
                if self._woken in ready:
                    with suppress(OSError):
                        self._woken.recv(READ_BYTES)
                if (held in ready or _holds_more(held)) and not self._took(held, reader):
                    return
        self._flush(held)
        held.sendall(packets.GOODBYE)

    def _took(self, held: socket.socket, reader: PacketReader) -> bool:
        """Take what the socket holds; whether the connection goes on."""
        data = held.recv(READ_BYTES)
        self._heard = time.monotonic()
        messages, controls = reader.feed(data)
        goes_on = all(self._answered(one) for one in controls) and bool(data)
        if messages:
            self._put(messages, held)
        return goes_on

    def _put(self, messages: list[Message], held: socket.socket) -> None:
        """Hand messages over; while they have no room the connection is kept alive and nothing is read."""
        while not self._stop.is_set():
            try:
                self._pieces.put(messages, timeout=BEAT)
            except Full:
                self._heard = time.monotonic()
                self._flush(held)
            else:
                return

    def _answered(self, control: Control) -> bool:
        """Do what a packet asks for; whether the connection goes on."""
        code = packets.refusal_of(control)
        if code or control.kind == packets.DISCONNECT:
            self.refusal = f"MQTT 0x{code:02x}"
            return False
        if control.kind == packets.CONNACK:
            self._keep_alive = float(packets.keep_alive_of(control, KEEP_ALIVE))
            with self._lock:
                self._outgoing += packets.subscribe(1, self.topics)
        elif control.kind == packets.SUBACK:
            self.refusal, self._wait = "", FIRST_WAIT
            self._is_up.set()
        return True

    def _flush(self, held: socket.socket) -> None:
        """Send what waits to be sent, and a sign of life when we have said nothing for half the time.

        Raises:
            ConnectionError: When nothing came for twice as long as a broker may be silent.
        """
        moment = time.monotonic()
        if self._keep_alive and moment - self._heard > 2 * self._keep_alive:
            raise ConnectionError
        with self._lock:
            data = bytes(self._outgoing)
            self._outgoing.clear()
        if not data and self._keep_alive and moment - self._sent > self._keep_alive / 2:
            data = packets.PING
        if data:
            held.sendall(data)
            self._sent = moment


def _holds_more(held: socket.socket) -> bool:
    """Whether a secure connection has opened more than was read: the socket itself would not say so."""
    return isinstance(held, ssl.SSLSocket) and held.pending() > 0


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

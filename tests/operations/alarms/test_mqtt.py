import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from operations.alarms.broker import Mosquitto, free_port
from tulou.app.alarm_intake import serve_broker
from tulou.app.alarms import DEAD, open_alarms
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.operations.alarms.adapters import mqtt, packets
from tulou.operations.alarms.adapters.dead_letters import read_letters
from tulou.operations.alarms.adapters.mqtt import MqttIntake, broker_of
from tulou.operations.alarms.adapters.payloads import Batch, encode
from tulou.operations.alarms.adapters.readings import ReadingStore

paho = pytest.importorskip("paho.mqtt.client")
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

NOW = int(time.time() * 1000)
TOPIC = "lifeline/gas/a"


@pytest.fixture
def broker(tmp_path):
    one = Mosquitto(tmp_path / "broker").start()
    yield one
    one.stop()


class Sender:
    """Sends at least once and knows what the broker took."""

    def __init__(self, broker):
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id="sender", protocol=paho.MQTTv5)
        self.client.max_queued_messages_set(0)
        self.client.max_inflight_messages_set(1000)
        self.client.connect("127.0.0.1", broker.port, clean_start=False)
        self.client.loop_start()
        self.sent = self.taken = 0
        self.client.on_publish = self.publish_done

    def publish_done(self, *_):
        self.taken += 1

    def send(self, payload, topic=TOPIC):
        self.client.publish(topic, payload, qos=1)
        self.sent += 1

    def wait(self):
        until = time.monotonic() + 60
        while self.taken < self.sent and time.monotonic() < until:
            time.sleep(0.05)
        assert self.taken == self.sent

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


def batch(first, many, name="a"):
    numbers = np.arange(first, first + many)
    return encode(Batch([name] * many, NOW + numbers, numbers.astype(float)))


def stored(folder):
    """Every value that is on the disk, in order, each once."""
    values = [one.value for _, one in ReadingStore(folder / "alarms" / "readings").frames()]
    return np.unique(np.concatenate(values)) if values else np.zeros(0)


def take(city, broker, seconds, name="tulou-test", topics=("lifeline/#",)):
    work = open_alarms(city)
    intake = MqttIntake(broker_of(broker.address), topics, name)
    with work.writing():
        intake.begin(10)
        try:
            return serve_broker(work, intake, lambda _: None, threading.Event(), seconds=seconds)
        finally:
            intake.end()


def test_readings_come_through_the_broker_and_bad_ones_are_kept_with_the_reason(broker, city):
    take(city, broker, 0.1)
    sender = Sender(broker)
    sender.send(batch(0, 50))
    sender.send(b'{"ts": %d, "value": 50}' % NOW, "lifeline/gas/b")
    sender.send(b"{")
    sender.send(b'[{"ts": 1, "value": "x"}]')
    sender.wait()
    sender.end()
    taken = take(city, broker, 1)
    assert (taken.messages, taken.readings, taken.dead) == (4, 51, 2)
    assert stored(city).tolist() == list(range(51))
    letters = list(read_letters(city / "alarms" / DEAD))
    assert [one.topic for one in letters] == [TOPIC, TOPIC]
    assert "not JSON" in letters[0].reason
    assert take(city, broker, 0.5).messages == 0


def test_observations_come_by_the_topics_of_sensorthings(broker, city):
    """OGC 18-088, section 14: an observation of a datastream, one that names it, and a data array."""
    topics = ("v1.1/#",)
    take(city, broker, 0.1, topics=topics)
    sender = Sender(broker)
    stamp = [datetime.fromtimestamp((NOW + one) / 1000, UTC).isoformat() for one in range(3)]
    sender.send(json.dumps({"phenomenonTime": stamp[0], "result": 1}), "v1.1/Datastreams('a')/Observations")
    named = {"phenomenonTime": stamp[1], "result": 2, "Datastream": {"@iot.id": "a"}}
    sender.send(json.dumps(named), "v1.1/Observations")
    rows = {"Datastream": {"@iot.id": "e"}, "components": ["phenomenonTime", "result"], "dataArray": [[stamp[2], 3]]}
    sender.send(json.dumps([rows]), "v1.1/CreateObservations")
    sender.wait()
    sender.end()
    assert take(city, broker, 1, topics=topics).readings == 3
    assert stored(city).tolist() == [1, 2, 3]


def test_what_comes_while_nobody_listens_waits_at_the_broker_over_its_restart(broker, city):
    take(city, broker, 0.1)
    sender = Sender(broker)
    for number in range(40):
        sender.send(batch(number * 10, 10))
    sender.wait()
    sender.end()
    broker.stop()
    broker.start()
    assert take(city, broker, 1.5).readings == 400
    assert stored(city).tolist() == list(range(400))


def test_a_broker_that_is_not_there_or_no_address_is_told(city):
    with pytest.raises(NotEnoughData, match="no broker answers"):
        MqttIntake(broker_of(f"mqtt://127.0.0.1:{free_port()}"), ("x",), "n").begin(1)
    for address in ("127.0.0.1", "http://x", "mqtt://", "mqtt://x:port"):
        with pytest.raises(BadUse, match="address of a broker"):
            broker_of(address)
    one = broker_of("mqtts://u:p@host")
    assert (one.host, one.port, one.is_secure, one.user, one.word) == ("host", 8883, True, "u", "p")


class Scripted:
    """A broker of one's own: takes connections one after another and does to each what it is told."""

    def __init__(self, *scripts):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.got = self.listener.getsockname()[1], []
        self.thread = threading.Thread(target=self._run, args=(scripts,), daemon=True)
        self.thread.start()

    def _run(self, scripts):
        for script in scripts:
            connection, _ = self.listener.accept()
            with connection:
                connection.settimeout(20)
                script(connection, self.got)
        self.listener.close()

    @property
    def broker(self):
        return broker_of(f"mqtt://127.0.0.1:{self.port}")


FINE = packets.packet(packets.CONNACK, b"\0\0\0")
SUBSCRIBED = packets.packet(packets.SUBACK, b"\0\1\0\1")


def sent(number, payload=b"x"):
    return packets.packet(packets.PUBLISH, b"\0\1t" + number.to_bytes(2, "big") + b"\0" + payload, 2)


def welcome(connection, *more):
    connection.recv(1000)
    connection.sendall(FINE)
    connection.recv(1000)
    connection.sendall(SUBSCRIBED + b"".join(more))


def test_what_a_broken_connection_brought_is_not_acknowledged_on_the_next():
    """The broker may have given the number to another message meanwhile, which would be lost."""
    is_broken = threading.Event()

    def first(connection, _got):
        welcome(connection, sent(7, b"old"))
        is_broken.wait(20)

    def second(connection, got):
        welcome(connection, sent(7, b"new"), sent(8, b"other"))
        while sum(map(len, got)) < 8:
            got.append(connection.recv(1000))

    scripted = Scripted(first, second)
    intake = MqttIntake(scripted.broker, ("t",), "n")
    intake.begin(10)
    old = intake.batch(10, 10)
    assert [one.payload for one in old] == [b"old"]
    is_broken.set()
    fresh = intake.batch(10, 10)
    while len(fresh) < 2:
        fresh += intake.batch(10, 10)
    intake.acknowledge(old)
    intake.acknowledge(fresh)
    scripted.thread.join(20)
    intake.end()
    assert b"".join(scripted.got) == b"\x40\2\0\7\x40\2\0\x08"
    assert [(one.payload, one.connection) for one in fresh] == [(b"new", 2), (b"other", 2)]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (packets.packet(packets.CONNACK, b"\0\x87\0"), "0x87"),
        (FINE + packets.packet(packets.SUBACK, b"\0\1\0\x87"), "0x87"),
    ],
)
def test_a_broker_that_lets_nobody_in_or_gives_no_topic_is_told(answer, told):
    def refuse(connection, _got):
        connection.recv(1000)
        connection.sendall(answer)
        connection.recv(1000)

    with pytest.raises(NotEnoughData, match="the broker refuses") as error:
        MqttIntake(Scripted(refuse).broker, ("t",), "n").begin(10)
    assert told in str(error.value)


def test_a_quiet_connection_says_that_it_lives_as_often_as_the_broker_asks(monkeypatch):
    monkeypatch.setattr(mqtt, "BEAT", 0.1)
    one_second = packets.packet(packets.CONNACK, b"\0\0\3\x13\0\1")

    def listen(connection, got):
        connection.recv(1000)
        connection.sendall(one_second)
        connection.recv(1000)
        connection.sendall(SUBSCRIBED)
        got.append(connection.recv(2))

    scripted = Scripted(listen)
    intake = MqttIntake(scripted.broker, ("t",), "n")
    intake.begin(10)
    scripted.thread.join(10)
    intake.end()
    assert scripted.got == [packets.PING]


def test_while_nobody_takes_messages_the_socket_is_left_alone_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(mqtt, "MOST_PIECES", 1)
    monkeypatch.setattr(mqtt, "READ_BYTES", 64)
    monkeypatch.setattr(mqtt, "BEAT", 0.05)
    many = 500

    def flood(connection, got):
        welcome(connection, *(sent(number) for number in range(1, many + 1)))
        while sum(map(len, got)) < 4 * many:
            got.append(connection.recv(10_000))

    scripted = Scripted(flood)
    intake = MqttIntake(scripted.broker, ("t",), "n")
    intake.begin(10)
    time.sleep(0.3)
    assert intake._pieces.qsize() == 1
    numbers = []
    while len(numbers) < many:
        messages = intake.batch(5, 50)
        assert len(messages) <= 50
        numbers += [one.number for one in messages]
        intake.acknowledge(messages)
    scripted.thread.join(10)
    intake.end()
    assert numbers == list(range(1, many + 1))
    assert b"".join(scripted.got) == packets.acknowledgements(numbers)


def test_a_secure_connection_hands_over_all_it_has_opened(tmp_path, monkeypatch):
    certificate, key = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    many = 3000

    def secure(connection, got):
        with context.wrap_socket(connection, server_side=True) as inner:
            welcome(inner, *(sent(number, b"y" * 50) for number in range(1, many + 1)))
            while sum(map(len, got)) < 4 * many:
                got.append(inner.recv(10_000))

    scripted = Scripted(secure)
    intake = MqttIntake(broker_of(f"mqtts://localhost:{scripted.port}"), ("t",), "n")
    intake.begin(10)
    numbers = []
    while len(numbers) < many:
        messages = intake.batch(5, 1000)
        numbers += [one.number for one in messages]
        intake.acknowledge(messages)
    scripted.thread.join(10)
    intake.end()
    assert numbers == list(range(1, many + 1))


def certified(folder):
    """A certificate of this machine that it signs itself, and its key."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(day - timedelta(days=1)).not_valid_after(day + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "k.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return folder / "c.pem", folder / "k.pem"


@pytest.mark.slow
def test_nothing_is_lost_when_the_process_is_killed_and_the_broker_restarted(broker, city):
    """30,000 readings while the process is killed again and again, and the broker restarted twice; each is counted."""
    take(city, broker, 0.1, "tulou-city")
    sender = Sender(broker)
    command = [
        sys.executable,
        "-m",
        "tulou",
        "alarm",
        "serve",
        str(city),
        "--broker",
        broker.address,
        "--name",
        "tulou-city",
    ]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    many, size = 3000, 10
    for attempt in range(6):
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for number in range(attempt * many // 6, (attempt + 1) * many // 6):
            sender.send(batch(number * size, size))
            time.sleep(0.005)
        if attempt in {2, 4}:
            broker.stop()
            broker.start()
            time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    sender.wait()
    sender.end()
    while take(city, broker, 2, "tulou-city").messages:
        pass
    assert stored(city).tolist() == list(range(many * size))
    work = open_alarms(city)
    assert work.replay_faults() == []

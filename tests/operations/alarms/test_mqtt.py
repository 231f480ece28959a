import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from operations.alarms.broker import Mosquitto, free_port
from tulou.app.alarm_intake import serve_broker
from tulou.app.alarms import DEAD, open_alarms
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.operations.alarms.adapters.dead_letters import read_letters
from tulou.operations.alarms.adapters.payloads import Batch, encode
from tulou.operations.alarms.adapters.readings import ReadingStore

paho = pytest.importorskip("paho.mqtt.client")
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from tulou.operations.alarms.adapters.mqtt import MqttIntake, broker_of  # noqa: E402

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


def take(city, broker, seconds, name="tulou-test"):
    work = open_alarms(city)
    intake = MqttIntake(broker_of(broker.address), ("lifeline/#",), name)
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

"""A real broker on a free port of this machine, for tests and benchmarks."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

PATIENCE = 20.0
PATHS = ("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto")


def program():
    """The broker's program; the test is skipped, saying so, where there is none."""
    found = shutil.which("mosquitto") or next((one for one in PATHS if Path(one).exists()), None)
    if found is None:
        pytest.skip("no mosquitto here: the intake over MQTT is not tried")
    return found


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Mosquitto:
    """A broker that keeps sessions and messages in a folder over restarts."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = folder / "mosquitto.conf"
        self.settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/\nmax_inflight_messages 0\nmax_queued_messages 0\nuser root\n"
        )

    @property
    def address(self):
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [program(), "-c", str(self.settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        pytest.fail("the broker did not start")

    def stop(self):
        """End it in an orderly way: it writes down what it holds."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)

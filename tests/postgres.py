"""A PostgreSQL server of the tests' own: made in a folder of its own, on a socket, and thrown away."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
TRIES, PAUSE = 30, 0.5


def program(name):
    """A program of PostgreSQL; the test is skipped, saying so, where it is absent."""
    there = [folder / "bin" / name for folder in INSTALLED.glob("*") if (folder / "bin" / name).exists()]
    found = shutil.which(name) or (there and str(max(there)))
    if not found:
        pytest.skip(f"no PostgreSQL server here: {name} is not installed")
    return found


def account():
    """The account that a server runs under: it refuses to run under that of root."""
    if os.geteuid():
        return {}
    try:
        pwd.getpwnam(USER)
    except KeyError:
        pytest.skip("no PostgreSQL server here: root needs the account 'postgres' to run it")
    return {"user": USER, "group": USER, "extra_groups": []}


class Server:
    """A server in a folder.

    Args:
        folder: Its data and its socket.
    """

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.settings = account()
        self.control = program("pg_ctl")

    def make(self):
        self.run(program("initdb"), "-D", self.data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")

    def start(self):
        options = f"-k {self.folder} -c listen_addresses='' -c shared_buffers=64MB"
        for left in reversed(range(TRIES)):
            try:
                self.run(self.control, "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "start")
            except subprocess.CalledProcessError:  # what a killed server left running is not gone yet
                if not left:
                    raise
                time.sleep(PAUSE)
            else:
                return

    def stop(self):
        self.run(self.control, "-D", self.data, "-m", "immediate", "-w", "stop")

    def kill(self):
        """``kill -9`` to the server, and to all that it started."""
        first = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=False)  # noqa: S607
        for pid in (first, *map(int, listed.stdout.split())):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def run(self, *command):
        subprocess.run(
            list(map(str, command)), check=True, cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.settings,
        )  # fmt: skip

    def address(self, schema):
        """Address of the record of one city on it."""
        return f"postgresql://{USER}@/postgres?host={self.folder}&schema={schema}"

    def connection(self, schema):
        """A connection of its own, for what a test does behind the store's back."""
        psycopg = pytest.importorskip("psycopg", reason="the library psycopg is not installed")
        return psycopg.connect(
            host=str(self.folder), user=USER, dbname="postgres", options=f'-csearch_path="{schema}"', autocommit=True
        )


@contextmanager
def server():
    """A server that runs while the block does."""
    pytest.importorskip("psycopg", reason="the library psycopg is not installed")
    program("initdb")
    folder = Path(tempfile.mkdtemp(prefix="tulou-pg-"))
    try:
        if not os.geteuid():
            shutil.chown(folder, USER, USER)
        one = Server(folder)
        one.make()
        one.start()
        try:
            yield one
        finally:
            one.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

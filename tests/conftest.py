"""Rules for every test: no network, seeded randomness."""

import random
import socket

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import postgres

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _seeded():
    random.seed(20260129)
    np.random.seed(20260129)  # noqa: NPY002  (libraries under test may use the old generator)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    connect = socket.socket.connect

    def refuse(self, address):
        if self.family == socket.AF_UNIX or (isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1"}):
            return connect(self, address)
        message = f"a test reached for the network: {address}"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL server of these tests; they are skipped, saying so, where there is none."""
    with postgres.server() as one:
        yield one

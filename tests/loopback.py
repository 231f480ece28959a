"""An application on a free port of this machine, for tests that need a real connection."""

import contextlib
import threading
import time

import pytest

PATIENCE = 30.0


@contextlib.contextmanager
def served(app):
    """Serve an application; gives its address."""
    uvicorn = pytest.importorskip("uvicorn")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    began = time.monotonic()
    while not server.started:
        assert thread.is_alive(), "the server ended before it served"
        assert time.monotonic() - began < PATIENCE, "the server does not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)

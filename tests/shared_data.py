"""Where the real data of the workplace lie, for tests that read them in place."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """A file of the shared data; the test is skipped, saying so, where it is absent."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"real data not here: shared/data/{name}")
    return path

"""Payloads that could not be read, kept with the reason, so that nothing is lost without a word."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 65_536
"""Bytes of a payload that are kept; of a longer one its digest tells it again."""


@dataclass(frozen=True)
class DeadLetter:
    """A payload that could not be read.

    Args:
        received: When it came, ms.
        topic: Where to.
        reason: Why it could not be read.
        payload: What it was, at most ``MOST_BYTES``.
        size: Bytes it had.
        digest: SHA-256 of all of it.
    """

    received: int
    topic: str
    reason: str
    payload: bytes
    size: int
    digest: str


def dead_letter(received: int, topic: str, reason: str, payload: bytes) -> DeadLetter:
    """A payload and why it could not be read."""
    digest = hashlib.sha256(payload).hexdigest()
    return DeadLetter(received, topic, reason, payload[:MOST_BYTES], len(payload), digest)


def bury(path: Path, letters: Sequence[DeadLetter]) -> None:
    """Add letters to the file; once this returns they are on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for one in letters:
            row: dict[str, Any] = {**vars(one), "payload": base64.b64encode(one.payload).decode()}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_letters(path: Path) -> Iterator[DeadLetter]:
    """All letters of a file; a torn last line is left out."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.endswith("\n"):
                row = json.loads(line)
                yield DeadLetter(**{**row, "payload": base64.b64decode(row["payload"])})

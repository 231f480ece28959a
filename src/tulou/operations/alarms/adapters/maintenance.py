"""Times of maintenance, each a line of a file that is only added to."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tulou.kernel.errors import BadUse
from tulou.operations.alarms.domain.rules import Maintenance


def read_maintenance(path: Path) -> tuple[Maintenance, ...]:
    """All times of maintenance; a torn last line is left out."""
    if not path.is_file():
        return ()
    lines = path.read_text("utf-8").split("\n")
    return tuple(Maintenance(**json.loads(line)) for line in lines[:-1])


def declare(path: Path, one: Maintenance) -> None:
    """Add a time of maintenance; once this returns it is on the disk.

    Raises:
        BadUse: When it does not end after it is declared, or has no reason.
    """
    if one.ends <= one.effective:
        raise BadUse("maintenance ends after it starts, and after it is declared", where="--until", found=one.ends)
    if not one.reason.strip():
        raise BadUse("maintenance has a reason", where="--text", allowed=("a few words",))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(vars(one), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())

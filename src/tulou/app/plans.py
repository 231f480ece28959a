"""Plans kept beside a city, found again by the check they answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tulou.publish.report.planned import Planned, planned_of

FOLDER, FILE, LADDER = "plans", "plan.json", "ladder.json"
MOST_BYTES = 256 * 1024 * 1024


def planned_for(city: Path, check: str) -> Planned | None:
    """What the newest plan made for a check says to its report; None when there is none that can be read.

    Args:
        city: Folder of the city.
        check: Id of the check.
    """
    found = sorted((city / FOLDER).glob(f"*/{FILE}"), key=lambda path: (path.stat().st_mtime_ns, path))
    for path in reversed(found):
        document = _read(path)
        if document.get("check") == check:
            return planned_of(document)
    return None


def kept_plans(city: Path) -> list[str]:
    """What all plans that were kept are called.

    Args:
        city: Folder of the city.
    """
    return sorted(one.parent.name for one in (city / FOLDER).glob(f"*/{FILE}"))


def read_plan(city: Path, name: str, file: str = FILE) -> dict[str, Any]:
    """What was kept of a plan; nothing when it is not there or damaged.

    Args:
        city: Folder of the city.
        name: What it is called, one of ``kept_plans``.
        file: ``FILE``, or ``LADDER`` for the plans for less and for more money.
    """
    return _read(city / FOLDER / name / file)


def _read(path: Path) -> dict[str, Any]:
    """A plan as it was kept; nothing when the file is damaged, since a report does not hang on it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

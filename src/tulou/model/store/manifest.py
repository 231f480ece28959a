"""Manifests: what one commit says about itself, as JSON that any tool can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tulou.kernel.clock import BEGINNING, FOREVER, Interval
from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality, Remark, Source

FORMAT = 1
IMPORT, ERASURE = "import", "erasure"


@dataclass(frozen=True)
class Part:
    """One data file of a commit.

    Args:
        entity: Entity of its rows.
        file: Its name, relative to the city.
        rows: How many assertions it holds.
        bytes: Its size.
        sha256: Its digest.
        columns: Attributes it speaks of, ``geometry`` included.
    """

    entity: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Commit:
    """One entry of the city's log.

    Args:
        number: Its place in the log, from 1.
        branch: Branch it was made on.
        parent: Commit it was made on top of; 0 for none.
        time: Record time, UTC.
        who: Who made it.
        message: What it is about.
        token: Names its writer and its files.
        kind: ``import`` or ``erasure``.
        valid: Days for which its rows hold where they do not say themselves; its claims hold for these days too.
        source: What was read; None for facts without a file.
        parts: Its data files.
        complete: By entity, the selections it claims to know completely.
        withdrawn: By entity, earlier claims that it takes back.
        quality: What was met while reading and checking.
        profile: Changes to the city's profile.
        replaced: For an erasure, the data files that stand in place of earlier ones.
        order: For an erasure, the legal order.
        erased: For an erasure, digests of the ids erased.
        merged: Branch whose changes it took over; empty for any other commit.
    """

    number: int
    branch: str
    parent: int
    time: datetime
    who: str
    message: str
    token: str
    kind: str = IMPORT
    valid: Interval = field(default_factory=Interval)
    source: Source | None = None
    parts: tuple[Part, ...] = ()
    complete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withdrawn: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quality: Quality = field(default_factory=Quality)
    profile: Mapping[str, Any] = field(default_factory=dict)
    replaced: Mapping[str, Part] = field(default_factory=dict)
    order: str = ""
    erased: tuple[str, ...] = ()
    merged: str = ""


def commit_text(commit: Commit) -> str:
    """The manifest of a commit."""
    document: dict[str, Any] = {"format": FORMAT, **asdict(commit)}
    document["time"] = commit.time.isoformat()
    document["valid"] = [commit.valid.start.isoformat(), commit.valid.end.isoformat()]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_commit(path: Path) -> Commit:
    """Read a manifest.

    Raises:
        BadInput: When it cannot be read or is not what a manifest must be; names the file.
    """
    found = read_json(path)
    try:
        return _commit(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(
            "this manifest is damaged",
            where=str(path),
            found=f"{type(error).__name__}: {error}",
            allowed=("a manifest",),
        ) from None


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object of the store.

    Raises:
        BadInput: When it cannot be read, is not JSON, or of a newer format; names the file.
    """
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, RecursionError):
        raise BadInput("this file is damaged: not JSON", where=str(path)) from None
    if not isinstance(found, dict):
        raise BadInput("this file is damaged: not an object", where=str(path), found=type(found).__name__)
    if found.get("format", FORMAT) != FORMAT:
        raise BadInput(
            "written by another version of the store", where=str(path), found=found["format"], allowed=(str(FORMAT),)
        )
    return found


def _commit(found: dict[str, Any]) -> Commit:
    start, end = (date.fromisoformat(day) for day in found["valid"])
    time = datetime.fromisoformat(found["time"]).astimezone(UTC)
    quality = found["quality"]
    remarks = [Remark(**{**remark, "examples": tuple(remark["examples"])}) for remark in quality["remarks"]]
    return Commit(
        number=int(found["number"]),
        branch=str(found["branch"]),
        parent=int(found["parent"]),
        time=time,
        who=str(found["who"]),
        message=str(found["message"]),
        token=str(found["token"]),
        kind=str(found["kind"]),
        valid=Interval(start, end) if (start, end) != (BEGINNING, FOREVER) else Interval(),
        source=Source(**found["source"]) if found["source"] else None,
        parts=tuple(_part(part) for part in found["parts"]),
        complete=_claims(found["complete"]),
        withdrawn=_claims(found["withdrawn"]),
        quality=Quality(int(quality["read"]), int(quality["kept"]), remarks),
        profile=dict(found["profile"]),
        replaced={str(old): _part(part) for old, part in found["replaced"].items()},
        order=str(found["order"]),
        erased=tuple(found["erased"]),
        merged=str(found.get("merged", "")),
    )


def _part(found: dict[str, Any]) -> Part:
    return Part(**{**found, "columns": tuple(found["columns"])})


def _claims(found: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {entity: tuple(claims) for entity, claims in found.items()}

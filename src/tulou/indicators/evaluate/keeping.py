"""Keeping checks: a folder each, written in one step, read back as it was."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tulou.indicators.evaluate.results import SCHEMA
from tulou.indicators.evaluate.run import Check
from tulou.kernel.atomic import flush
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadInput
from tulou.model.state import Profile

FOLDER = "checks"
FORMAT = 2
DAMAGED = "this file of a check is damaged; check the city again"
RESULTS, FINDINGS, CHAIN, FRONT = "results.parquet", "findings.parquet", "chain.json", "check.json"


def save_check(city: Path, check: Check, findings: pa.Table | None = None) -> Path:
    """Write a check below a city's folder; the same check written again is left as it is.

    Args:
        city: Folder of the city.
        check: The check.
        findings: What was found, when a diagnosis was made.

    Returns:
        Folder of the check.
    """
    home = city / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    place = home / check.id
    if (place / FRONT).is_file() and (findings is None or (place / FINDINGS).is_file()):
        return place
    draft = Path(tempfile.mkdtemp(dir=home, prefix=".draft."))
    try:
        _write(draft, check, findings)
        _put(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    flush(home)
    return place


def _write(draft: Path, check: Check, findings: pa.Table | None) -> None:
    pq.write_table(check.results, draft / RESULTS, compression="zstd")
    if findings is not None:
        pq.write_table(findings, draft / FINDINGS, compression="zstd")
    _write_json(draft / CHAIN, dict(check.chains))
    profile = check.profile
    front = {
        "format": FORMAT,
        "id": check.id,
        "day": check.day.isoformat(),
        "record": check.record,
        "branch": check.branch,
        "rulebook": dict(check.rulebook),
        "city": {
            "name": profile.name,
            "crs": profile.crs,
            "synthetic": profile.synthetic,
            "credit": list(profile.credit),
        },
        "rows": check.results.num_rows,
    }
    _write_json(draft / FRONT, front)
    for path in sorted(draft.iterdir()):
        flush(path)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(
        json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


def _put(draft: Path, place: Path) -> None:
    """Move the draft to its place; an older copy without findings makes room first."""
    draft.chmod(0o755)
    if place.exists():
        old = Path(tempfile.mkdtemp(dir=place.parent, prefix=".old."))
        place.rename(old / place.name)
        draft.rename(place)
        shutil.rmtree(old, ignore_errors=True)
        return
    draft.rename(place)


def load_check(place: Path) -> Check:
    """Read a check back.

    Raises:
        BadInput: When the folder holds no check, a damaged one, or one of another format; names the file.
    """
    front, chains = _read_json(place / FRONT), _read_json(place / CHAIN)
    results = _read_table(place / RESULTS)
    if front.get("format") != FORMAT:
        raise BadInput("a check of another format", where=place.name, found=front.get("format"), allowed=(str(FORMAT),))
    if front.get("rows") != results.num_rows:
        raise BadInput("this check is damaged", where=f"{place.name}/{RESULTS}", found=f"{results.num_rows} rows")
    try:
        city = front["city"]
        profile = Profile(city["name"], city["crs"], synthetic=city["synthetic"], credit=tuple(city["credit"]))
        table = pa.table([results[item.name] for item in SCHEMA], schema=SCHEMA)
        day = date.fromisoformat(front["day"])
        branch = front.get("branch", MAIN)
        return Check(front["id"], day, front["record"], profile, front["rulebook"], table, chains, branch=branch)
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise BadInput("this check is damaged", where=f"{place.name}/{FRONT}", found=str(error)) from None


def load_findings(place: Path) -> pa.Table | None:
    """The findings kept with a check; None when no diagnosis was made.

    Raises:
        BadInput: When they are damaged; names the file.
    """
    path = place / FINDINGS
    return _read_table(path) if path.is_file() else None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(DAMAGED, where=_named(path), found=type(error).__name__) from None
    if not isinstance(found, dict):
        raise BadInput(DAMAGED, where=_named(path), found=type(found).__name__)
    return found


def _read_table(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise BadInput(DAMAGED, where=_named(path), found=type(error).__name__) from None


def _named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def kept_checks(city: Path) -> list[Path]:
    """Folders of all checks of a city, the earliest day first."""
    return sorted(front.parent for front in (city / FOLDER).glob(f"*/{FRONT}"))

"""Evidence as files: their digests, and copies that are kept by digest so that none is ever replaced."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from tulou.kernel.atomic import flush, replacing
from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.identity import digest_file
from tulou.operations.tracker.domain.events import SHOWN
from tulou.operations.tracker.domain.standing import EvidenceItem
from tulou.operations.tracker.handlers.evidence import Proof

MOST_BYTES = 2 * 1024**3
"""Largest file taken as evidence: 2 GiB."""

_ENDING = re.compile(r"\.[0-9A-Za-z]{1,8}")
"""Endings that a copy keeps, so that the right program opens it."""


def proof_of(path: Path, kind: str, source: str) -> Proof:
    """A file as evidence.

    Raises:
        BadInput: When it is not a file, is empty, or is too large.
    """
    if not path.is_file():
        raise BadInput(
            "evidence is a file, and there is none here",
            where=str(path),
            found=path.name,
            allowed=sorted(other.name for other in path.parent.glob("[!.]*") if other.is_file()) or ("a file",),
        )
    size = path.stat().st_size
    if not size or size > MOST_BYTES:
        raise BadInput(
            "evidence is a file with something in it, and not larger than two gigabytes",
            where=str(path),
            found=f"{size} bytes",
        )
    return Proof(kind, digest_file(path), path.name, size, source)


def keep(path: Path, proof: Proof, folder: Path) -> Path:
    """Copy a file below a folder, named by its digest; one that is there already is left as it is.

    Raises:
        BadInput: When the file is no longer what was read.
    """
    place = place_of(folder, proof.digest, proof.name)
    if place.exists():
        return place
    with replacing(place) as draft:
        shutil.copyfile(path, draft)
        if digest_file(draft) != proof.digest:
            raise BadInput("this file changed while it was read", where=str(path), allowed=("a file at rest",))
    flush(folder)
    return place


def place_of(folder: Path, digest: str, name: str) -> Path:
    """Where the copy of a file is kept."""
    ending = Path(name).suffix
    return folder / (digest + (ending if _ENDING.fullmatch(ending) else ""))


def file_faults(items: Iterable[EvidenceItem], folder: Path) -> Iterator[Fault]:
    """Evidence whose copy is gone, or is no longer what was given."""
    for item in items:
        place = place_of(folder, item.digest, item.name)
        where = f"{item.commitment}: {item.number} {item.name}"
        shown = f"{folder.name}/{place.name[:SHOWN]}…"
        if not place.is_file():
            yield Fault("the copy of this evidence is gone", where, shown, (item.digest[:SHOWN],))
            continue
        found = digest_file(place)
        if found != item.digest:
            yield Fault(
                "the copy of this evidence was changed after it was given",
                where,
                found[:SHOWN],
                (item.digest[:SHOWN],),
            )

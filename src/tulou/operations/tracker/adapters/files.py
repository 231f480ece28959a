"""Evidence as files: their digests, and copies that are kept by digest so that none is ever replaced."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tulou.kernel.atomic import replacing
from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.operations.tracker.domain.standing import EvidenceItem
from tulou.operations.tracker.handlers.evidence import Proof

MOST_BYTES = 2 * 1024**3
"""Largest file taken as evidence: 2 GiB."""


def proof_of(path: Path, kind: str, source: str) -> Proof:
    """A file as evidence.

    Raises:
        BadInput: When it is not a file, is empty, or is too large.
    """
    if not path.is_file():
        raise BadInput("evidence is a file, and there is none here", where=str(path), allowed=("a file",))
    size = path.stat().st_size
    if not size or size > MOST_BYTES:
        raise BadInput(
            "evidence is a file with something in it, and not larger than two gigabytes",
            where=str(path),
            found=f"{size} bytes",
        )
    return Proof(kind, digest_file(path), path.name, size, source)


def keep(path: Path, proof: Proof, folder: Path) -> Path:
    """Copy a file below a folder, named by its digest; one that is there already is left as it is."""
    place = folder / proof.digest
    if not place.exists():
        with replacing(place) as draft:
            shutil.copyfile(path, draft)
    return place


def changed(items: Iterable[EvidenceItem], folder: Path) -> list[EvidenceItem]:
    """Evidence whose kept copy is no longer what was given."""
    return [
        item for item in items if (folder / item.digest).exists() and digest_file(folder / item.digest) != item.digest
    ]

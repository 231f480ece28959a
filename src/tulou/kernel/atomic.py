"""Writing so that a reader sees the old file or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOR_ALL = 0o666
"""Permissions of a new file before the user's own rule takes some away."""


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step; the parent folder is made when absent."""
    with replacing(path) as draft:
        draft.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Replace a text file in one step, in UTF-8 with Unix line ends."""
    write_bytes(path, text.encode())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a draft path in the same folder that takes the place of ``path`` when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(_usual_mode())
        flush(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Push a file's or folder's bytes to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _usual_mode() -> int:
    """Permissions a new file has by the user's own rule; a draft is private until it is done."""
    mask = os.umask(0)
    os.umask(mask)
    return FOR_ALL & ~mask

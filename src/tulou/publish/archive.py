"""Zip archives of office documents: packed again so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip archive can state; stands in every entry instead of the clock."""

_PRIVATE_FILE = 0o600 << 16
"""Unix permissions of an entry, where a zip archive keeps them."""


def repacked(
    data: bytes,
    *,
    changed: Mapping[str, Callable[[bytes], bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """Pack an archive again without times.

    Args:
        data: The archive.
        changed: What to do with the bytes of some of its entries.
        added: Entries to add.
    """
    changed, stream = changed or {}, io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            _put(new, name, changed.get(name, bytes)(old.read(name)))
        for name, content in (added or {}).items():
            _put(new, name, content)
    return stream.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _PRIVATE_FILE
    archive.writestr(entry, content)

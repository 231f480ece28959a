"""Identity: ids that survive re-imports, and digests that prove two things are the same bytes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pyarrow as pa

_SAFE = re.compile(r"[^0-9A-Za-z_.:/\-\u4e00-\u9fff]+")
_CHUNK = 1 << 20
_SHORT = 20
"""Bytes of a digest that is compared within one process; two columns never meet in it."""


def object_id(source: str, key: str | int) -> str:
    """Name an object by the source that knows it and its key there, e.g. ``osm:w123``."""
    return f"{_SAFE.sub('_', source)}:{_SAFE.sub('_', str(key))}"


def digest_bytes(data: bytes) -> str:
    """SHA-256 of bytes, as hex."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            total.update(piece)
    return total.hexdigest()


def digest_column(column: pa.ChunkedArray) -> str:
    """A digest of a column's values in their order; equal digests prove equal columns."""
    piece = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    batch = pa.record_batch([piece], names=["column"])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return hashlib.blake2b(memoryview(sink.getvalue()), digest_size=_SHORT).hexdigest()


def digest_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, as hex."""
    return digest_bytes(text.encode())

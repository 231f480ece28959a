"""Requests of a city on the disk: one Parquet file for each intake, never changed; a later record of an id counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tulou.kernel.atomic import replacing
from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Source
from tulou.operations.hotline.domain.request import Request

MOMENT = pa.timestamp("us", tz="UTC")
SPECIAL = {
    "received": MOMENT, "due": MOMENT, "closed": MOMENT, "lon": pa.float64(), "lat": pa.float64(),
    "category": pa.list_(pa.string()), "supporters": pa.int64(),
}  # fmt: skip
NAMES = tuple(one.name for one in fields(Request))
SCHEMA = pa.schema([(name, SPECIAL.get(name, pa.string())) for name in NAMES])
SOURCE = b"tulou.source"
DIGITS = 6


def keep(folder: Path, requests: Sequence[Request], source: Source, *, is_new: bool = False) -> Path:
    """Put an intake beside those there are; nothing is added when the same file with the same mapping was kept.

    Args:
        folder: Where intakes are kept.
        requests: The requests.
        source: What was read.
        is_new: Whether there is something new though the file is the same: tokens of who asked.

    Returns:
        The file.
    """
    said = json.dumps(vars(source), ensure_ascii=False, sort_keys=True).encode()
    kept = sorted(folder.glob("*.parquet"))
    for path in kept:
        if (pq.read_schema(path).metadata or {}).get(SOURCE) == said and not is_new:
            return path
    table = pa.Table.from_pylist([_row(one) for one in requests], SCHEMA.with_metadata({SOURCE: said}))
    path = folder / f"{len(kept) + 1:0{DIGITS}d}.parquet"
    with replacing(path) as draft:
        pq.write_table(table, draft, compression="zstd")
    return path


def load(folder: Path) -> tuple[Request, ...]:
    """All requests of a city, each as it was recorded last, by the moment they came in.

    Raises:
        BadInput: When a file is damaged.
    """
    found: dict[str, Request] = {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            table = pq.read_table(path, schema=SCHEMA)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OSError) as error:
            raise BadInput("these records are damaged", where=path.name, found=str(error)) from None
        found |= {one.id: one for one in _requests(table.to_pylist())}
    return tuple(sorted(found.values(), key=lambda one: (one.received, one.id)))


def _row(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in NAMES}


def _requests(rows: Iterable[dict[str, Any]]) -> Iterable[Request]:
    for row in rows:
        yield Request(**{**row, "category": tuple(row["category"] or ())})

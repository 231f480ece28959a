"""Putting what was built of the tables of one file into one extract, with where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tulou.kernel.facts import Extract
from tulou.kernel.identity import digest_file
from tulou.kernel.provenance import Quality, Source
from tulou.sources.build import Built
from tulou.sources.mapping import MappingFile


def extract_of(
    path: Path, built: Iterable[Built], quality: Quality, *, connector: str, mapping: MappingFile | None = None
) -> Extract:
    """One extract of all tables of a file.

    Args:
        path: The file.
        built: What was built of each table.
        quality: The report.
        connector: Name of the connector.
        mapping: The mapping used.
    """
    tables = list(built)
    datums = dict.fromkeys(item.datum for item in tables if item.datum)
    source = Source(
        name=path.name,
        digest=digest_file(path) if path.is_file() else "",
        connector=connector,
        mapping=mapping.digest if mapping else "",
        licence=mapping.licence if mapping else "",
        datum="; ".join(datums),
    )
    extents = [item.extent for item in tables if item.extent is not None]
    extent = None
    if extents:
        west, south, east, north = zip(*extents, strict=True)
        extent = (min(west), min(south), max(east), max(north))
    return Extract(source, [item.facts for item in tables], quality, extent)

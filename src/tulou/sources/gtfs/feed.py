"""The tables of a GTFS feed, read from a zip archive or a folder, checked for what they must hold."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality
from tulou.sources import archive, encodings, limits
from tulou.sources.cells import number
from tulou.sources.mapping import TableMapping
from tulou.sources.tables.csv_text import grid_of_text
from tulou.sources.tables.grid import Grid

NEEDED: Mapping[str, tuple[str, ...]] = {
    "stops.txt": ("stop_id", "stop_lat", "stop_lon"),
    "routes.txt": ("route_id", "route_type"),
    "trips.txt": ("route_id", "service_id", "trip_id"),
    "stop_times.txt": ("trip_id", "departure_time", "stop_id", "stop_sequence"),
}
"""Tables that every feed has, and their columns that are used."""

OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "calendar.txt": ("service_id", "start_date", "end_date"),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs"),
    "shapes.txt": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
}
"""Tables that a feed may have; one of the first two it must have."""


class Table:
    """One table of a feed: texts by column, empty where a column is absent.

    Args:
        name: Its file name.
        columns: Texts by column.
        rows: How many rows it has.
    """

    def __init__(self, name: str, columns: Mapping[str, list[str]], rows: int) -> None:
        self.name = name
        self._columns = columns
        self.rows = rows

    def texts(self, column: str) -> list[str]:
        """The texts of a column; empty texts when the feed has no such column."""
        return self._columns.get(column) or [""] * self.rows

    def numbers(self, column: str) -> NDArray[np.float64]:
        """The numbers of a column; NaN where there is none."""
        texts = self.texts(column)
        try:
            return np.array(texts, dtype=np.float64)
        except ValueError:
            found = [number(text) if text else None for text in texts]
            return np.array([np.nan if value is None else value for value in found], dtype=np.float64)

    def seconds(self, column: str) -> NDArray[np.float64]:
        """Times as seconds after midnight, past 24:00 too; NaN where empty, negative where unreadable."""
        known: dict[str, float] = {}
        texts = self.texts(column)
        for text in set(texts):
            known[text] = time_of(text)
        return np.array([known[text] for text in texts], dtype=np.float64)


UNREADABLE = -1.0
MOST_HOURS = 72
SIXTY = 60
_TIME = re.compile(r"\s*(\d{1,3})\s*:\s*(\d{1,3})\s*(?::\s*(\d{1,3})\s*)?", re.ASCII)
"""A time; seconds may be missing."""


def time_of(text: str) -> float:
    """Seconds after midnight of ``H:MM:SS``; NaN when empty, ``UNREADABLE`` when it is no time."""
    if not text:
        return float("nan")
    match = _TIME.fullmatch(text)
    if match is None:
        return UNREADABLE
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if hours > MOST_HOURS or minutes >= SIXTY or seconds >= SIXTY:
        return UNREADABLE
    return float((hours * SIXTY + minutes) * SIXTY + seconds)


def read_feed(path: Path, quality: Quality) -> dict[str, Table]:
    """Read all tables of a feed that are used here.

    Args:
        path: A zip archive, or a folder with its files.
        quality: Report that rows with too many or too few cells are added to.

    Raises:
        BadInput: Not a whole archive, hostile, a table or column missing, wrong quoting.
    """
    with ExitStack() as stack:
        names, read = _folder(path) if path.is_dir() else _archive(path, stack)
        absent = [name for name in NEEDED if name not in names]
        if absent:
            raise BadInput(
                "the feed lacks tables that every GTFS feed has",
                where=path.name,
                found=f"no {', '.join(absent)}",
                allowed=tuple(sorted(names)),
            )
        if not {"calendar.txt", "calendar_dates.txt"} & set(names):
            raise BadInput("the feed has neither calendar.txt nor calendar_dates.txt", where=path.name)
        wanted = {**NEEDED, **{name: columns for name, columns in OPTIONAL.items() if name in names}}
        tables = {name: _table(read(name), f"{path.name}/{name}", columns, quality) for name, columns in wanted.items()}
    empty = [name for name in NEEDED if not tables[name].rows]
    if empty:
        raise BadInput("tables of the feed have no rows", where=path.name, found=", ".join(empty))
    return tables


def _folder(path: Path) -> tuple[list[str], Callable[[str], bytes]]:
    def read(name: str) -> bytes:
        limits.size_of(path / name, limits.MOST_TEXT_BYTES)
        return (path / name).read_bytes()

    return [file.name for file in path.iterdir() if file.is_file() and not file.is_symlink()], read


def _archive(path: Path, stack: ExitStack) -> tuple[list[str], Callable[[str], bytes]]:
    """Members by bare name; feeds zipped with their folder are common and harmless."""
    opened: zipfile.ZipFile = stack.enter_context(archive.opened(path))
    members = {PurePosixPath(name).name: name for name in opened.namelist() if not name.startswith("__MACOSX")}
    return list(members), lambda name: archive.read(opened, members[name], path.name)


def _table(data: bytes, where: str, needed: tuple[str, ...], quality: Quality) -> Table:
    text, _ = encodings.decode(data, "", where)
    heads_only = len(text.strip().splitlines()) == 1
    grid = _no_rows(text, where) if heads_only else grid_of_text(text, TableMapping("", delimiter=","), where)
    names = [name.strip().lower() for name in grid.heads[0]]
    absent = [name for name in needed if name not in names]
    if absent:
        raise BadInput.of(
            fault
            for name in absent
            for fault in BadInput("the table lacks a column", where=where, found=name, allowed=names).faults
        )
    quality.note(
        "ragged_row",
        "refused",
        len(grid.ragged),
        f"a row of {where} has more or fewer cells than its header",
        tuple(map(str, grid.ragged)),
    )
    columns = {
        name: [text.strip() if text else "" for text in column.to_pylist()]
        for name, column in zip(names, grid.columns, strict=True)
    }
    return Table(where, columns, len(grid.columns[0]) if grid.columns else 0)


def _no_rows(text: str, where: str) -> Grid:
    heads = tuple(name.strip().strip('"') for name in text.strip().split(","))
    return Grid(where, (heads,), [pa.chunked_array([], pa.string()) for _ in heads], 2)

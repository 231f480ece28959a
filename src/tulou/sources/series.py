"""Series of measurements: a column of times, and columns of numbers in the units that their headings state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.sources import cells, encodings, limits

Array = NDArray[np.float64]
TIMES = ("time", "time_utc", "datetime", "timestamp", "时间", "日期时间")
"""Names of the column of times, that of the first found."""
MINUTE = np.timedelta64(1, "m")
DAY = np.timedelta64(1, "D")
_UNIT_AT_END = re.compile(r"^(.*?)\s*[(（]([^()（）]+)[)）]$")


@dataclass(frozen=True, eq=False)
class Series:
    """Measurements in order of time, each time once.

    Args:
        times: When, shape (n,), to the second.
        names: What was measured.
        values: Shape (n, names); NaN where unknown.
        digest: SHA-256 of the file.
    """

    times: NDArray[np.datetime64]
    names: tuple[str, ...]
    values: Array
    digest: str

    @property
    def day(self) -> NDArray[np.int64]:
        """Number of the day of each time, from 0 on."""
        days = self.times.astype("datetime64[D]").astype(np.int64)
        return np.asarray(days - days[0], np.int64)

    @property
    def hour(self) -> Array:
        """Hour of the day of each time."""
        return np.asarray((self.times - self.times.astype("datetime64[D]")) / np.timedelta64(1, "h"), np.float64)

    def column(self, name: str) -> Array | None:
        """Values of one column; None when there is none of this name."""
        return self.values[:, self.names.index(name)] if name in self.names else None


def read_series(path: Path, units: Mapping[str, str], default: str | None = None) -> Series:
    """Read a CSV table of times and numbers.

    A heading may state its unit in brackets, ``flow (L/s)``; numbers are converted to the unit that is wanted.

    Args:
        path: The file.
        units: Unit wanted of each column, by name in small letters.
        default: Unit of all other columns; None when others are ignored.

    Raises:
        BadInput: When it is no such table, no column is one of those wanted, times are unknown or stand twice, or a
            number is none.
    """
    table = table_of(path)
    names = {name.strip().lower(): name for name in table.column_names}
    time_name = next((names[name] for name in TIMES if name in names), None)
    if time_name is None:
        raise BadInput("no column of times", where=path.name, found=", ".join(table.column_names), allowed=TIMES)
    times = times_of(table[time_name], f"{path.name}: {time_name}")
    order = np.argsort(times, kind="stable")
    times = times[order]
    twice = times[1:][times[1:] == times[:-1]]
    if len(twice):
        raise BadInput("a time stands here twice", where=path.name, found=str(twice[0]))
    found: dict[str, Array] = {}
    for heading in table.column_names:
        match = _UNIT_AT_END.match(heading.strip())
        name, stated = (match[1].strip(), match[2]) if match else (heading.strip(), "")
        wanted = units.get(name.lower(), default)
        if heading == time_name or wanted is None:
            continue
        where = f"{path.name}: {heading}"
        factor = cells.conversion(stated, wanted, where) if stated else 1.0
        label = name.lower() if name.lower() in units else name
        if label in found:
            raise BadInput("two columns are one attribute", where=path.name, found=heading)
        found[label] = _numbers(table[heading], where)[order] * factor
    if not found:
        named = ", ".join(table.column_names)
        raise BadInput("a needed column is missing", where=path.name, found=named, allowed=units)
    return Series(times, tuple(found), np.column_stack(list(found.values())), digest_file(path))


def table_of(path: Path) -> pa.Table:
    """Read a CSV file whose times are times.

    Raises:
        BadInput: When it is no table, or two of its columns have one name.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    try:
        table = pacsv.read_csv(
            pa.BufferReader(text.encode()), convert_options=pacsv.ConvertOptions(timestamp_parsers=[pacsv.ISO8601])
        )
    except pa.ArrowException as error:
        raise BadInput("this is no table of times and numbers", where=path.name, found=str(error)) from None
    for name in table.column_names:
        if table.column_names.count(name) > 1:
            raise BadInput("this column stands here twice", where=path.name, found=name)
    return table


def times_of(column: pa.ChunkedArray, where: str) -> NDArray[np.datetime64]:
    """The times of a column, to the second.

    Raises:
        BadInput: When they are no times, one is unknown, or there are fewer than two.
    """
    if len(column) and not pa.types.is_timestamp(column.type):
        raise BadInput("these are no times", where=where, found=str(column[0]), allowed=("2026-01-29T12:05",))
    times = np.asarray(column.cast(pa.timestamp("s"), safe=False).to_numpy() if len(column) else [], "datetime64[s]")
    if len(times) < 2 or np.isnat(times).any():  # noqa: PLR2004  (a step lies between two)
        raise BadInput("a record has at least two known times", where=where, found=len(times))
    return times


def _numbers(column: pa.ChunkedArray, where: str) -> Array:
    try:
        numbers = np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)
    except pa.ArrowException as error:
        raise BadInput("these are no numbers", where=where, found=str(error)) from None
    if np.isinf(numbers).any():
        raise BadInput("these are no numbers", where=where, found="inf")
    return numbers

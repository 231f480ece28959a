"""Wind records: direction and speed hour by hour, from a plain table or a typical year in the TMY3 format."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.sources import encodings, limits
from tulou.sources.series import read_series

Array = NDArray[np.float64]
Times = NDArray[np.datetime64]
HOUR = np.timedelta64(1, "h")
HOURS = range(1, 25)
"""Hours of a day as typical years number them, each by its end."""
HOURS_A_YEAR = 8760
DIRECTIONS = ("direction", "wind_direction", "wdir", "wind_dir", "风向")
SPEEDS = ("speed", "wind_speed", "wspd", "风速")
"""What the columns of a plain table may be called, that of the first found."""
TMY3_DATE, TMY3_TIME = "Date (MM/DD/YYYY)", "Time (HH:MM)"
TMY3_DIRECTION, TMY3_SPEED = "Wdir (degrees)", "Wspd (m/s)"
TMY3_MISSING = -9900.0
"""What stands for unknown in TMY3 (NREL/TP-581-43156)."""
MOST_DIRECTION, MOST_SPEED = 360.0, 75.0
"""Speeds beyond are no wind: the gross error limit of the Guide to Instruments (WMO-No. 8; from memory)."""


@dataclass(frozen=True, eq=False)
class WindRecord:
    """Wind hour by hour, in order of time.

    Args:
        times: When, to the second; a typical year is put together of months of several years.
        direction: Where it comes from, degrees clockwise from north, from 0 below 360; NaN where unknown.
        speed: m/s; NaN where unknown.
        is_typical: Whether it is a typical year.
        absurd: Hours of a direction or speed that cannot be, left unknown.
        digest: SHA-256 of the file.
    """

    times: Times
    direction: Array
    speed: Array
    is_typical: bool
    absurd: int
    digest: str

    @property
    def month(self) -> NDArray[np.int64]:
        """Month of each hour, 1 to 12."""
        return np.asarray(self.times.astype("datetime64[M]").astype(np.int64) % 12 + 1, np.int64)

    @property
    def missing(self) -> int:
        """Hours of the span of the record that stand nowhere in it; of a typical year, those that it lacks."""
        hours = len(np.unique(self.times.astype("datetime64[h]")))
        span = HOURS_A_YEAR if self.is_typical else int((self.times.max() - self.times.min()) // HOUR) + 1
        return max(span - hours, 0)

    @property
    def years(self) -> float:
        """How many years the record spans."""
        return 1.0 if self.is_typical else float((self.times.max() - self.times.min()) / HOUR + 1) / HOURS_A_YEAR


def read_wind(path: Path) -> WindRecord:
    """Read a wind record.

    A plain table has a column of times, of directions (degrees the wind comes from) and of speeds, ``speed (m/s)``. In
    records that tell the north by 360, a direction of 0 means that there was none to be told.

    Args:
        path: A CSV file, plain or TMY3.

    Raises:
        BadInput: When it is neither, or times are unknown or stand twice.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    lines = text.splitlines()
    if len(lines) > 1 and lines[1].startswith(TMY3_DATE):
        times, direction, speed = _typical(lines[1:], path.name)
        return _checked(times, direction, speed, path, is_typical=True)
    series = read_series(path, {**dict.fromkeys(DIRECTIONS, "degree"), **dict.fromkeys(SPEEDS, "m/s")})
    found = []
    for names in (DIRECTIONS, SPEEDS):
        column = next((series.column(name) for name in names if name in series.names), None)
        if column is None:
            named = ", ".join(series.names)
            raise BadInput("a needed column is missing", where=path.name, found=named, allowed=names)
        found.append(column)
    return _checked(series.times, found[0], found[1], path, is_typical=False)


def _checked(times: Times, direction: Array, speed: Array, path: Path, *, is_typical: bool) -> WindRecord:
    with np.errstate(invalid="ignore"):
        absurd = (direction < 0) | (direction > MOST_DIRECTION) | (speed < 0) | (speed > MOST_SPEED)
    direction, speed = np.where(absurd, np.nan, direction), np.where(absurd, np.nan, speed)
    if (direction == MOST_DIRECTION).any():
        direction = np.where(direction == 0, np.nan, direction) % MOST_DIRECTION
    return WindRecord(times, direction, speed, is_typical, int(absurd.sum()), digest_file(path))


def _typical(lines: Sequence[str], where: str) -> tuple[Times, Array, Array]:
    """Times, directions and speeds of a typical year."""
    try:
        rows = [row for row in csv.reader(io.StringIO("\n".join(lines))) if row]
    except csv.Error as error:
        raise BadInput("this is no table of commas", where=where, found=str(error)) from None
    head = rows[0]
    lacking = [one for one in (TMY3_TIME, TMY3_DIRECTION, TMY3_SPEED) if one not in head]
    if lacking or len(rows) == 1:
        raise BadInput("a needed column is missing", where=where, found=", ".join(head[:5]), allowed=lacking)
    times = np.empty(len(rows) - 1, "datetime64[s]")
    numbers = np.empty((len(rows) - 1, 2))
    places = [head.index(TMY3_DIRECTION), head.index(TMY3_SPEED)]
    for number, row in enumerate(rows[1:]):
        try:
            month, day, year = row[0].split("/")
            hour = int(row[1].partition(":")[0])
            times[number] = np.datetime64(f"{year}-{month}-{day}T00") + HOURS.index(hour) * HOUR
            numbers[number] = [float(row[place]) for place in places]
        except (ValueError, IndexError):
            at = f"{where}: row {number + 3}"
            raise BadInput("this is no hour of a typical year", where=at, found=",".join(row)[:60]) from None
    numbers[numbers == TMY3_MISSING] = np.nan
    return times, numbers[:, 0], numbers[:, 1]

"""Rain records: depths of equal steps from a table of times, with what is missing left unknown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.sources.series import MINUTE, TIMES, table_of, times_of

DEPTHS = {
    "mm": 1.0,
    "depth": 1.0,
    "rain": 1.0,
    "precipitation": 1.0,
    "降雨量": 1.0,
    "雨量": 1.0,
    "um": 0.001,
    "0.1mm": 0.1,
}
"""Beginnings of the name of the column of depths, with the millimetres of one of its units."""
MOST_STEPS = 100_000_000
"""Steps of a record; 190 years of minutes."""


@dataclass(frozen=True, eq=False)
class RainRecord:
    """Rain in steps of one length, without gaps in time.

    Args:
        start: Beginning of the first step.
        step: Length of a step, min.
        depth: Depth of each step, mm; NaN where not recorded.
        digest: SHA-256 of the file.
        repeated: Rows that repeated a time and were left out.
    """

    start: np.datetime64
    step: int
    depth: NDArray[np.float64]
    digest: str
    repeated: int = 0

    @property
    def year(self) -> NDArray[np.int64]:
        """Year of each step."""
        times = self.start + np.arange(len(self.depth)) * np.timedelta64(self.step, "m")
        return np.asarray(times.astype("datetime64[Y]").astype(np.int64) + 1970, np.int64)


def read_rain(path: Path) -> RainRecord:
    """Read a rain record from CSV or Parquet.

    The file has a column of times (``time``) and one of depths (``mm``); a time names the beginning of its step. Times
    that are missing become unknown steps, blank depths too.

    Args:
        path: The file.

    Raises:
        BadInput: When it is no such table, times are of unequal steps, or a depth is negative.
    """
    table = _table(path)
    names = {name.strip().lower(): name for name in table.column_names}
    time_name = next((names[name] for name in TIMES if name in names), None)
    if time_name is None:
        raise BadInput("no column of times", where=path.name, found=", ".join(table.column_names), allowed=TIMES)
    depth_name, factor = _depth_column(names, path.name)
    times = times_of(table[time_name], f"{path.name}: {time_name}")
    depths = _depths(table[depth_name], path, depth_name)
    order = np.argsort(times, kind="stable")
    times, depths = times[order], depths[order] * factor
    is_new = np.concatenate([[True], times[1:] != times[:-1]])
    times, depths, repeated = times[is_new], depths[is_new], int((~is_new).sum())
    step = _step(times, path.name)
    places = ((times - times[0]) // (step * MINUTE)).astype(np.int64)
    if places[-1] >= MOST_STEPS:
        raise BadInput("the record is too long", where=path.name, found=int(places[-1]), allowed=(str(MOST_STEPS),))
    record = np.full(int(places[-1]) + 1, np.nan)
    record[places] = depths
    return RainRecord(times[0], step, record, digest_file(path), repeated)


def _table(path: Path) -> pa.Table:
    if path.suffix == ".parquet":
        try:
            return pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise BadInput("this is no Parquet file", where=path.name, found=type(error).__name__) from None
    return table_of(path)


def _depth_column(names: dict[str, str], where: str) -> tuple[str, float]:
    for name, real in names.items():
        for begin, factor in DEPTHS.items():
            if name.startswith(begin):
                return real, factor
    raise BadInput("no column of depths", where=where, found=", ".join(names), allowed=tuple(DEPTHS))


def _depths(column: pa.ChunkedArray, path: Path, name: str) -> NDArray[np.float64]:
    try:
        found = np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)
    except pa.ArrowException as error:
        raise BadInput("these are no depths", where=f"{path.name}: {name}", found=str(error)) from None
    bad = (found < 0) | np.isinf(found)
    if bad.any():
        row = int(np.argmax(bad))
        raise BadInput("a depth is a number from 0 on", where=f"{path.name}: row {row + 1}", found=float(found[row]))
    return found


def _step(times: NDArray[np.datetime64], where: str) -> int:
    """Length of a step, minutes: the shortest distance, of which all others are multiples."""
    gaps = np.diff(times) // np.timedelta64(1, "s")
    seconds = int(gaps.min())
    uneven = gaps % seconds != 0
    if seconds % 60 or uneven.any():
        found = times[1:][uneven][0] if uneven.any() else f"{seconds} s"
        raise BadInput("a record has steps of whole minutes, all of one length", where=where, found=str(found))
    return seconds // 60

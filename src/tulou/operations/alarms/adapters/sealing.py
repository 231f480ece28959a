"""Sealed segments: Parquet by sensor and time, from which the order of arrival comes back to the row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tulou.kernel.atomic import flush, replacing
from tulou.kernel.errors import BadInput
from tulou.operations.alarms.domain.engine import Frame
from tulou.operations.alarms.domain.series import by_sensor

GROUP_ROWS = 131_072
FRAMES = b"tulou.frames"
"""Where rows and receipt of each frame are kept."""
SCHEMA = pa.schema(
    [("sensor", pa.int32()), ("time", pa.timestamp("ms", "UTC")), ("value", pa.float64()), ("arrival", pa.int32())]
)
ENCODINGS = {"time": "DELTA_BINARY_PACKED", "sensor": "DELTA_BINARY_PACKED", "arrival": "DELTA_BINARY_PACKED"}
DAMAGED = "a sealed segment of readings is damaged"


def seal(frames: tuple[Frame, ...], path: Path, many: int) -> None:
    """Write frames as one Parquet file, in one step.

    Args:
        frames: The frames, as they came.
        path: The file.
        many: Sensors that are numbered.
    """
    sensor = np.concatenate([one.sensor for one in frames]) if frames else np.zeros(0, np.int32)
    time = np.concatenate([one.time for one in frames]) if frames else np.zeros(0, np.int64)
    value = np.concatenate([one.value for one in frames]) if frames else np.zeros(0)
    order = by_sensor(sensor, time, many)
    columns = [
        pa.array(sensor[order]),
        pa.array(time[order]).cast(SCHEMA.field("time").type),
        pa.array(value[order], from_pandas=False),
        pa.array(order.astype(np.int32)),
    ]
    kept = json.dumps([[len(one.time), one.received] for one in frames], separators=(",", ":"))
    table = pa.Table.from_arrays(columns, schema=SCHEMA.with_metadata({FRAMES: kept.encode()}))
    with replacing(path) as draft:
        pq.write_table(
            table, draft, row_group_size=GROUP_ROWS, compression="lz4", use_dictionary=False,
            column_encoding=ENCODINGS, write_page_checksum=True,
        )  # fmt: skip
    flush(path.parent)


def frames_of(path: Path) -> tuple[Frame, ...]:
    """The frames of a sealed segment, as they came.

    Raises:
        BadInput: When the file is damaged.
    """
    table = _read(path, None)
    told = json.loads((table.schema.metadata or {}).get(FRAMES, b"[]"))
    arrival = table["arrival"].to_numpy()
    is_whole = sum(rows for rows, _ in told) == len(arrival) and (np.bincount(arrival, minlength=1) <= 1).all()
    if not is_whole or (len(arrival) and arrival.max() >= len(arrival)):
        raise BadInput(DAMAGED, where=path.name)
    many = len(arrival)
    sensor, time, value = np.empty(many, np.int32), np.empty(many, np.int64), np.empty(many)
    sensor[arrival] = table["sensor"].to_numpy()
    time[arrival] = table["time"].cast(pa.int64()).to_numpy()
    value[arrival] = table["value"].to_numpy()
    found: list[Frame] = []
    begin = 0
    for rows, received in told:
        part = slice(begin, begin + rows)
        found.append(Frame(received, sensor[part], time[part], value[part]))
        begin += rows
    return tuple(found)


def rows_of(path: Path, number: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Time and value of the readings of one sensor, by time, those of one time as they came.

    Raises:
        BadInput: When the file is damaged.
    """
    table = _read(path, [("sensor", "=", number)], ["time", "value"])
    return table["time"].cast(pa.int64()).to_numpy(), table["value"].to_numpy()


def span_of(path: Path) -> tuple[int, int] | None:
    """Earliest and latest time in a sealed segment, ms; None when it is empty."""
    try:
        meta = pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise BadInput(DAMAGED, where=path.name, found=str(error)) from None
    groups = [
        meta.row_group(one).column(SCHEMA.get_field_index("time")).statistics for one in range(meta.num_row_groups)
    ]
    told = [one for one in groups if one is not None and one.has_min_max]
    if not told:
        return None
    return min(_ms(one.min) for one in told), max(_ms(one.max) for one in told)


def _ms(moment: Any) -> int:  # noqa: ANN401  (a number or a moment, as the version of Arrow has it)
    return int(moment) if isinstance(moment, int) else round(moment.timestamp() * 1000)


def _read(path: Path, filters: list[tuple[str, str, int]] | None, columns: list[str] | None = None) -> pa.Table:
    try:
        return pq.read_table(
            path,
            columns=columns,
            filters=filters,
            page_checksum_verification=True,
            partitioning=None,
            use_threads=False,
        )
    except (OSError, pa.ArrowInvalid) as error:
        raise BadInput(DAMAGED, where=path.name, found=str(error).splitlines()[0]) from None

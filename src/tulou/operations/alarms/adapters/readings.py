"""The store of readings: an open segment that is appended to, sealed ones behind it, and the numbers of the sensors.

A reading is acknowledged once it is on the disk. A process that dies leaves at most a torn last frame, which nobody was
told of; it is dropped when the store is opened to write. One process writes; any number read.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, Conflict
from tulou.operations.alarms.adapters.names import SensorNames
from tulou.operations.alarms.adapters.sealing import frames_of, rows_of, seal, span_of
from tulou.operations.alarms.adapters.segments import MOST_ROWS, Segment, drop_tail, read_segment
from tulou.operations.alarms.domain.engine import Frame
from tulou.operations.alarms.domain.series import Windows, once, windows

SEAL_ROWS = 2_000_000
"""Readings after which a segment is sealed."""

OPEN, SEALED = ".log", ".parquet"
LOCK, NAMES = "lock", "sensors.names"
DIGITS = 9
NOT_BEGUN = "readings are added once the store was begun"


@dataclass(frozen=True, order=True)
class Place:
    """A place between two frames of the store.

    Args:
        segment: Number of the segment.
        frames: Frames of it that lie before.
    """

    segment: int = 0
    frames: int = 0


class ReadingStore:
    """Readings of a city's sensors.

    Args:
        folder: Where they are kept; made when absent.
        seal_rows: Readings after which a segment is sealed.
    """

    def __init__(self, folder: Path, seal_rows: int = SEAL_ROWS) -> None:
        self.folder, self.seal_rows = folder, seal_rows
        self.names = SensorNames(folder / NAMES)
        self._open: Segment | None = None
        self._lock: int | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._sealing: list[Future[None]] = []
        self._spans: dict[Path, tuple[int, int] | None] = {}

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def begin(self) -> int:
        """Become the one that writes; a torn tail is dropped.

        Returns:
            Bytes of the tail that were dropped.

        Raises:
            Conflict: When another process writes.
            BadInput: When the open segment is damaged before its tail.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise Conflict("another process writes readings of this city", where=str(self.folder)) from None
        self._lock = lock
        try:
            return self._take_up()
        except BaseException:
            self.close()
            raise

    def _take_up(self) -> int:
        self.names.begin()
        torn = 0
        logs = self._paths(OPEN)
        last = max([_number(one) for one in self._segments()], default=-1)
        for path in logs:
            if path.with_suffix(SEALED).exists():
                path.unlink()  # It was sealed in full before the process died.
                continue
            found = read_segment(path)
            if _number(path) == last:
                torn = found.size - found.sound
                if torn:
                    drop_tail(path, found.sound)
                rows = sum(len(one.time) for one in found.frames)
                self._open = Segment(path, rows, len(found.frames))
            elif found.sound < found.size:
                raise BadInput("a segment that is not the last one has a torn tail", where=path.name)
            else:
                self._seal(path)
        if self._open is None:
            self._open = Segment(self._path(last + 1))
        return torn

    def append(self, frame: Frame) -> None:
        """Add readings; once this returns they are on the disk.

        Raises:
            BadUse: When the store was not begun, or a sensor has no number.
        """
        if self._open is None:
            raise BadUse(NOT_BEGUN, where=str(self.folder))
        many = len(self.names)
        if len(frame.sensor) and not 0 <= int(frame.sensor.min()) <= int(frame.sensor.max()) < many:
            raise BadUse("a reading has the number of a sensor", where="sensor", found=many)
        for begin in range(0, max(len(frame.time), 1), MOST_ROWS):
            part = slice(begin, begin + MOST_ROWS)
            self._open.append(Frame(frame.received, frame.sensor[part], frame.time[part], frame.value[part]))
        if self._open.rows >= self.seal_rows:
            self._rotate()

    @property
    def place(self) -> Place:
        """Where the next frame will stand."""
        if self._open is None:
            raise BadUse(NOT_BEGUN, where=str(self.folder))
        return Place(_number(self._open.path), self._open.frames)

    def frames(self, since: Place = Place()) -> Iterator[tuple[Place, Frame]]:
        """All frames as they came, from a place on; each with the place after it.

        Raises:
            BadInput: When a segment is damaged.
        """
        for path in self._segments():
            number = _number(path)
            if number < since.segment:
                continue
            held = _frames(path)
            skipped = since.frames if number == since.segment else 0
            for place, frame in enumerate(held[skipped:], skipped + 1):
                yield Place(number, place), frame

    def series(self, name: str, start: int, end: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Readings of a sensor from a time to another (excluded), by time, each time once: the first that came.

        Args:
            name: The sensor.
            start: ms.
            end: ms.

        Raises:
            BadUse: When the store has no readings of such a sensor.
        """
        number = self.names.number(name)
        if number is None:
            raise BadUse("there are no readings of this sensor", where="SENSOR", found=name, allowed=self.names.listed)
        times, values = [], []
        for path in self._segments():
            if path.suffix == SEALED and not self._meets(path, start, end):
                continue
            for time, value in self._parts(path, number):
                chosen = (time >= start) & (time < end)
                times.append(time[chosen])
                values.append(value[chosen])
        if not times:
            return np.zeros(0, np.int64), np.zeros(0)
        return once(np.concatenate(times), np.concatenate(values))

    def windows(self, name: str, start: int, end: int, width: int) -> Windows:
        """Readings of a sensor by windows, see ``series.windows``."""
        time, value = self.series(name, start, end)
        return windows(time, value, start, end, width)

    def span(self) -> tuple[int, int] | None:
        """Earliest and latest time of all readings, ms; None without readings."""
        spans = []
        for path in self._segments():
            if path.suffix == SEALED:
                spans.append(self._span(path))
                continue
            spans += [(int(one.time.min()), int(one.time.max())) for one in _frames(path) if len(one.time)]
        told = [one for one in spans if one]
        return (min(one[0] for one in told), max(one[1] for one in told)) if told else None

    def settle(self) -> None:
        """Wait until what is being sealed is sealed."""
        for one in self._sealing:
            one.result()
        self._sealing.clear()

    def close(self) -> None:
        """Let go of the store, once all is sealed."""
        try:
            self.settle()
        finally:
            if self._pool:
                self._pool.shutdown()
                self._pool = None
            if self._open:
                self._open.close()
                self._open = None
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def _rotate(self) -> None:
        done = self._open
        assert done is not None  # noqa: S101  (append looked)
        self._open = Segment(self._path(_number(done.path) + 1))
        done.close()
        self._seal(done.path)

    def _seal(self, path: Path) -> None:
        """Seal a segment beside what goes on; the open file stays until the sealed one is on the disk."""
        self._pool = self._pool or ThreadPoolExecutor(1)
        self._sealing = [one for one in self._sealing if not one.done() or one.exception()]
        if len(self._sealing) > 1:
            self._sealing.pop(0).result()
        self._sealing.append(self._pool.submit(_sealed, path, len(self.names)))

    def _parts(self, path: Path, number: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        if path.suffix == SEALED:
            yield rows_of(path, number)
            return
        for frame in _frames(path):
            chosen = frame.sensor == number
            yield frame.time[chosen], frame.value[chosen]

    def _meets(self, path: Path, start: int, end: int) -> bool:
        span = self._span(path)
        return span is not None and span[0] < end and span[1] >= start

    def _span(self, path: Path) -> tuple[int, int] | None:
        if path not in self._spans:
            self._spans[path] = span_of(path)
        return self._spans[path]

    def _segments(self) -> list[Path]:
        """Files of all segments in order, the sealed one where there are both."""
        found = {_number(one): one for suffix in (OPEN, SEALED) for one in self._paths(suffix)}
        return [found[number] for number in sorted(found)]

    def _paths(self, suffix: str) -> list[Path]:
        return sorted(one for one in self.folder.glob(f"*{suffix}") if one.stem.isdigit())

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:0{DIGITS}d}{OPEN}"


def _number(path: Path) -> int:
    return int(path.stem)


def _frames(path: Path) -> tuple[Frame, ...]:
    """Frames of a segment, which may be sealed while one looks."""
    if path.suffix == OPEN:
        try:
            return read_segment(path).frames
        except FileNotFoundError:
            path = path.with_suffix(SEALED)
    return frames_of(path)


def _sealed(path: Path, many: int) -> None:
    seal(read_segment(path).frames, path.with_suffix(SEALED), many)
    path.unlink()

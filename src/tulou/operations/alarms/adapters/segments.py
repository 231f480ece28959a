"""The open end of the store: frames of readings, each with a checksum, appended and pushed to the disk."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tulou.kernel.errors import BadInput
from tulou.operations.alarms.domain.engine import Frame

MAGIC = b"TLR1"
HEAD = struct.Struct("<4sIqI")
"""Magic, rows, received (ms), checksum of rows, received and columns."""
CHECKED = struct.Struct("<Iq")
ROW_BYTES = 8 + 8 + 4
MOST_ROWS = 4_000_000
"""Rows of one frame; a longer one is cut by whoever appends it."""

DAMAGED = "a segment of readings is damaged in the middle: readings after the damage are sound"


@dataclass(frozen=True)
class Found:
    """What a segment holds.

    Args:
        frames: Its frames.
        sound: Bytes up to the end of the last of them.
        size: Bytes of the file; more than ``sound`` when the tail is torn.
    """

    frames: tuple[Frame, ...]
    sound: int
    size: int


class Segment:
    """A segment that is being written.

    Args:
        path: The file; made when absent, else gone on with.
        rows: Readings it holds already.
        frames: Frames it holds already.
    """

    def __init__(self, path: Path, rows: int = 0, frames: int = 0) -> None:
        self.path, self.rows, self.frames = path, rows, frames
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def append(self, frame: Frame) -> None:
        """Add a frame; once this returns it is on the disk."""
        given = (frame.time, frame.value, frame.sensor)
        columns = [np.ascontiguousarray(one).data.cast("B") for one in given if len(one)]
        check = zlib.crc32(CHECKED.pack(len(frame.time), frame.received))
        for one in columns:
            check = zlib.crc32(one, check)
        head = HEAD.pack(MAGIC, len(frame.time), frame.received, check)
        _write_all(self._handle, [memoryview(head), *columns])
        os.fdatasync(self._handle)
        self.rows += len(frame.time)
        self.frames += 1

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)


def _write_all(handle: int, pieces: list[memoryview]) -> None:
    while pieces:
        done = os.writev(handle, pieces)
        while pieces and done >= len(pieces[0]):
            done -= len(pieces.pop(0))
        if pieces:
            pieces[0] = pieces[0][done:]


def read_segment(path: Path) -> Found:
    """Read all frames of a segment up to a torn tail.

    Raises:
        BadInput: When it is damaged before its tail: a sound frame follows the damage.
    """
    data = path.read_bytes()
    frames: list[Frame] = []
    place = 0
    for frame, end in _frames(data, 0):
        frames.append(frame)
        place = end
    if place < len(data) and _is_sound_after(data, place + 1):
        raise BadInput(DAMAGED, where=path.name, found=f"byte {place}")
    return Found(tuple(frames), place, len(data))


def drop_tail(path: Path, sound: int) -> None:
    """Cut a segment after its last sound frame."""
    with path.open("r+b") as file:
        file.truncate(sound)
        file.flush()
        os.fsync(file.fileno())


def _frames(data: bytes, place: int) -> Iterator[tuple[Frame, int]]:
    while place + HEAD.size <= len(data):
        magic, rows, received, check = HEAD.unpack_from(data, place)
        begin = place + HEAD.size
        end = begin + rows * ROW_BYTES
        if magic != MAGIC or rows > MOST_ROWS or end > len(data):
            return
        body = memoryview(data)[begin:end]
        if zlib.crc32(body, zlib.crc32(CHECKED.pack(rows, received))) != check:
            return
        yield _frame(body, rows, received), end
        place = end


def _frame(body: memoryview, rows: int, received: int) -> Frame:
    edges = (8 * rows, 16 * rows)
    return Frame(
        received,
        np.frombuffer(body[edges[1] :], np.int32),
        np.frombuffer(body[: edges[0]], np.int64),
        np.frombuffer(body[edges[0] : edges[1]], np.float64),
    )


def _is_sound_after(data: bytes, place: int) -> bool:
    """Whether a sound frame begins anywhere later: then the damage is no torn tail."""
    found = data.find(MAGIC, place)
    while found >= 0:
        if next(_frames(data, found), None) is not None:
            return True
        found = data.find(MAGIC, found + 1)
    return False

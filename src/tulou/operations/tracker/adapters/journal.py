"""The journal as a file: one event a line, only ever added to, each chained to the one above it.

A line counts once its end is written. What a writer that died left without an end never happened: readers pass it by
and the next writer clears it away. Writers take turns by a lock on the file, so two of them cannot both be number 7.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tulou.kernel.atomic import flush
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, Fault
from tulou.operations.tracker.domain.events import (
    FIRST,
    Draft,
    Event,
    chain_faults,
    check_chain,
    event_of,
    line_of,
    sealed,
)
from tulou.operations.tracker.handlers.ports import Clock

MOST_BYTES = 256 * 1024 * 1024
"""A journal beyond this is refused: at some 500 bytes an event, half a million events."""

END = b"\n"
FOR_ALL = 0o666
"""Permissions of the file before the user's own rule takes some away."""


class FileJournal:
    """A journal in one file of JSON lines.

    Args:
        path: The file; made with the first event.
        clock: Tells when an event is written down.
    """

    def __init__(self, path: Path, clock: Clock = now) -> None:
        self.path = path
        self.clock = clock

    def events(self) -> tuple[Event, ...]:
        """All events, their chain checked.

        Raises:
            BadInput: When the file is damaged or the chain broken; names the line.
        """
        if not self.path.exists():
            return ()
        return self._events(self._whole_lines(self.path.read_bytes()))

    def append(self, decide: Callable[[tuple[Event, ...]], Draft]) -> Event:
        """Decide on one event in the light of all there are, and add it.

        Args:
            decide: Gives the event, or raises when it may not happen; nothing is written then.

        Raises:
            BadInput: When the file is damaged.
        """
        is_new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._locked() as handle:
                return self._add(handle, decide)
        finally:
            if is_new and self.path.exists() and not self.path.stat().st_size:
                self.path.unlink()

    def _add(self, handle: int, decide: Callable[[tuple[Event, ...]], Draft]) -> Event:
        data = _all_of(handle)
        lines = self._whole_lines(data)
        events = self._events(lines)
        last = events[-1] if events else None
        event = sealed(
            decide(events),
            number=len(events) + 1,
            known=max(self.clock(), last.known) if last else self.clock(),
            previous=last.digest if last else FIRST,
        )
        kept = sum(len(line) + len(END) for line in lines)
        if kept < len(data):
            os.ftruncate(handle, kept)
        _put(handle, line_of(event).encode() + END, kept)
        flush(self.path.parent)
        return event

    @contextmanager
    def _locked(self) -> Iterator[int]:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, FOR_ALL)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def _whole_lines(self, data: bytes) -> list[bytes]:
        if len(data) > MOST_BYTES:
            raise BadInput("too large", where=str(self.path), found=str(len(data)), allowed=(f"at most {MOST_BYTES}",))
        return data.split(END)[:-1]

    def _events(self, lines: list[bytes]) -> tuple[Event, ...]:
        found = tuple(_event(line, f"{self.place}:{number}") for number, line in enumerate(lines, 1))
        check_chain(found, self.place)
        return found

    @property
    def place(self) -> str:
        """How messages call the file."""
        return f"{self.path.parent.name}/{self.path.name}"

    def audit(self) -> tuple[tuple[Event, ...], list[Fault]]:
        """All events that can be read, and everything that is wrong with the file, line by line."""
        if not self.path.exists():
            return (), []
        found: list[Event] = []
        faults: list[Fault] = []
        for number, line in enumerate(self._whole_lines(self.path.read_bytes()), 1):
            try:
                found.append(_event(line, f"{self.place}:{number}"))
            except BadInput as error:
                faults += error.faults
        if not faults:
            faults += chain_faults(found, self.place)
        return tuple(found), faults


def _event(line: bytes, where: str) -> Event:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("this line of the journal is damaged: not UTF-8 text", where=where) from None
    return event_of(text, where)


def _all_of(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    data = b""
    while len(data) < size and (piece := os.pread(handle, size - len(data), len(data))):
        data += piece
    return data


def _put(handle: int, data: bytes, at: int) -> None:
    """Write at the end and push it to the disk; what is written in part has no end and does not count.

    Raises:
        OSError: When it cannot be written; the file then is as it was.
    """
    written = 0
    try:
        while written < len(data):
            written += os.pwrite(handle, data[written:], at + written)
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, at)
        raise

"""Numbers of sensors: each name gets the next number, for good, before any reading uses it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse

MOST_NAMES = 2_000_000
MOST_LETTERS = 200
CHECK_LETTERS = 8


class SensorNames:
    """Names of sensors by number, in a file of lines with checksums.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._sound = 0
        self._read()

    def __len__(self) -> int:
        return len(self._names)

    @property
    def listed(self) -> tuple[str, ...]:
        """All names, in the order of their numbers."""
        self._read()
        return tuple(self._names)

    def number(self, name: str) -> int | None:
        """Number of a name; None for one that has none."""
        self._read()
        return self._numbers.get(name)

    def begin(self) -> None:
        """Drop a torn last line, before names are added."""
        self._read()
        if self.path.exists() and self.path.stat().st_size > self._sound:
            with self.path.open("r+b") as file:
                file.truncate(self._sound)
                os.fsync(file.fileno())

    def numbers(self, names: Sequence[str]) -> NDArray[np.int32]:
        """Numbers of names; new names get the next ones, and are on the disk when this returns.

        Raises:
            BadUse: When a name is none, or there are too many.
        """
        known = self._numbers
        fresh = [one for one in dict.fromkeys(names) if one not in known]
        if fresh:
            self._add(fresh)
        return np.array([known[one] for one in names], np.int32)

    def _add(self, fresh: Sequence[str]) -> None:
        for one in fresh:
            check_name(one)
        if len(self._names) + len(fresh) > MOST_NAMES:
            raise BadUse("too many sensors", where=self.path.name, allowed=(f"at most {MOST_NAMES}",))
        data = b"".join(_line(one) for one in fresh)
        with self.path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._sound += len(data)
        for one in fresh:
            self._numbers[one] = len(self._names)
            self._names.append(one)

    def _read(self) -> None:
        """Take in what was added since, up to a torn tail."""
        if not self.path.exists() or self.path.stat().st_size <= self._sound:
            return
        with self.path.open("rb") as file:
            file.seek(self._sound)
            data = file.read()
        lines = data.split(b"\n")
        for place, line in enumerate(lines[:-1]):
            name = _name_of(line)
            if name is None:
                if any(_name_of(later) is not None for later in lines[place + 1 : -1]):
                    raise BadInput("the list of sensors is damaged", where=self.path.name, found=f"byte {self._sound}")
                return
            self._numbers[name] = len(self._names)
            self._names.append(name)
            self._sound += len(line) + 1


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a sensor.

    Raises:
        BadUse: Says why.
    """
    if not name or len(name) > MOST_LETTERS or not name.isprintable() or name != name.strip():
        allowed = (f"1 to {MOST_LETTERS} printable letters",)
        raise BadUse("this is not a name of a sensor", where="sensor", found=name[:MOST_LETTERS], allowed=allowed)


def _line(name: str) -> bytes:
    data = name.encode()
    return f"{zlib.crc32(data):08x} ".encode() + data + b"\n"


def _name_of(line: bytes) -> str | None:
    check, _, data = line.partition(b" ")
    if len(check) != CHECK_LETTERS or f"{zlib.crc32(data):08x}".encode() != check:
        return None
    return data.decode()

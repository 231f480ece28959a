"""Opening archives from outside: bounded in size and number, and never a path that leads out."""

from __future__ import annotations

import errno
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from tulou.kernel.errors import BadInput
from tulou.sources import limits

_PIECE = 1 << 20
_UNIX_MODE = 16
"""Bits below the Unix mode in the attributes of an entry."""
_ENCRYPTED = 0x1
_BAD_NAMES = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG})
"""What goes wrong when a name of the archive is a file and a folder at once, none, or longer than names can be."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive whose table of contents has been checked.

    Args:
        path: The archive.

    Raises:
        BadInput: When it is no zip archive, holds too much, or names a path outside itself.
    """
    limits.size_of(path, limits.MOST_FILE_BYTES)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"not a whole zip archive: {error}", where=path.name) from None
    with archive:
        check(archive, path.name)
        yield archive


def check(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive by its table of contents alone.

    Args:
        archive: The opened archive.
        name: How messages call it.

    Raises:
        BadInput: Too many members, too many bytes, a bomb, a link, an encrypted member, or a path that leads out.
    """
    members = archive.infolist()
    if len(members) > limits.MOST_MEMBERS:
        raise BadInput(
            "too many files in the archive",
            where=name,
            found=len(members),
            allowed=(f"at most {limits.MOST_MEMBERS}",),
        )
    for member in members:
        _check_member(member, name)
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > limits.MOST_UNPACKED_BYTES:
        raise BadInput(
            "unpacks to too much",
            where=name,
            found=f"{total} bytes",
            allowed=(f"at most {limits.MOST_UNPACKED_BYTES}",),
        )
    if total > _PIECE and total > limits.MOST_BLOW_UP * max(packed, 1):
        raise BadInput(
            "unpacks to many times its size, as only a zip bomb does",
            where=name,
            found=f"{packed} bytes become {total}",
            allowed=(f"at most {limits.MOST_BLOW_UP:.0f} times",),
        )


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    where = f"{name}/{member.filename}"
    parts = PurePosixPath(member.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or (parts.parts and ":" in parts.parts[0]):
        raise BadInput("the archive names a path outside itself", where=name, found=member.filename)
    if stat.S_ISLNK(member.external_attr >> _UNIX_MODE):
        raise BadInput("the archive holds a link", where=where)
    if member.flag_bits & _ENCRYPTED:
        raise BadInput("the archive is encrypted", where=where)
    if member.file_size > limits.MOST_MEMBER_BYTES:
        raise BadInput(
            "one file of the archive is too large",
            where=where,
            found=f"{member.file_size} bytes",
            allowed=(f"at most {limits.MOST_MEMBER_BYTES}",),
        )


def pieces(archive: zipfile.ZipFile, member: str, name: str, most: int = limits.MOST_MEMBER_BYTES) -> Iterator[bytes]:
    """Unpack one member piece by piece, stopping where it grows past what it may be.

    Args:
        archive: The opened archive.
        member: Name of the file within.
        name: How messages call the archive.
        most: Most bytes allowed, whatever the table of contents says.

    Raises:
        BadInput: When it is absent, damaged or too large.
    """
    where = f"{name}/{member}"
    try:
        stream = archive.open(member)
    except KeyError:
        raise BadInput("the archive lacks a file", where=name, found=member, allowed=archive.namelist()) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"damaged: {error}", where=where) from None
    with stream:
        yield from _bounded(stream, where, most)


def _bounded(stream: IO[bytes], where: str, most: int) -> Iterator[bytes]:
    met = 0
    while True:
        piece = _guarded(lambda: stream.read(_PIECE), where)
        if not piece:
            return
        met += len(piece)
        if met > most:
            raise BadInput("unpacks to too much", where=where, allowed=(f"at most {most} bytes",))
        yield piece


def _guarded(read: Callable[[], bytes], where: str) -> bytes:
    try:
        return read()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise BadInput(f"damaged: {error}", where=where) from None


def read(archive: zipfile.ZipFile, member: str, name: str, most: int = limits.MOST_TEXT_BYTES) -> bytes:
    """The bytes of one member of an archive.

    Raises:
        BadInput: As ``pieces``.
    """
    return b"".join(pieces(archive, member, name, most))


def unpack(path: Path, folder: Path) -> list[Path]:
    """Unpack an archive into an empty folder, e.g. a zipped Shapefile into a temporary one.

    Args:
        path: The archive.
        folder: Where its files go.

    Returns:
        The files, in name order.

    Raises:
        BadInput: As ``opened`` and ``pieces``.
    """
    made: list[Path] = []
    with opened(path) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            goal = folder / PurePosixPath(member.filename.replace("\\", "/"))
            try:
                goal.parent.mkdir(parents=True, exist_ok=True)
                with goal.open("wb") as out:
                    out.writelines(pieces(archive, member.filename, path.name))
            except OSError as error:
                if error.errno not in _BAD_NAMES:
                    raise
                raise BadInput(f"damaged: {error.strerror}", where=f"{path.name}/{member.filename}") from None
            made.append(goal)
    return sorted(made)

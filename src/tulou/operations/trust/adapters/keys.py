"""The key file: keys of one vault, one a month in which records end; outside the city, for its owner only.

When a month is over its key is dropped, and every record of that month is unreadable for ever, in every copy of the
store too. Writers of the file and of the store take turns by a lock beside it.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tulou.kernel.atomic import flush
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.trust.adapters.sealing import KEY_BYTES, new_key

OWN = 0o600
OWN_FOLDER = 0o700
OTHERS = 0o077
"""Rights that nobody but the owner may have on a key file."""

ID_BYTES = 4
MOST_BYTES = 1 << 20
INSIDE = "the key file lies in the folder of the city: whoever gets the city gets the key"
READ_BY_OTHERS = "the key file may be read by others; only its owner may"
NO_FILE = "the key file is not there, and without it no record opens"
NO_KEY = "the key file has no such key: the record was erased with it, or the file is another"
DAMAGED = "the key file is damaged"
ANOTHER = "the key file belongs to another vault"


@dataclass(frozen=True)
class Key:
    """One key.

    Args:
        name: Its id.
        period: Month in which the records under it end, e.g. ``2027-11``.
        secret: The key itself.
    """

    name: str
    period: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.name}, {self.period})"


@dataclass(frozen=True)
class KeyRing:
    """Keys of one vault.

    Args:
        vault: Id of the vault.
        keys: The keys, the newest of a period last.
    """

    vault: str
    keys: tuple[Key, ...] = ()

    def newest(self, period: str) -> Key | None:
        """The key that records of a period are put under."""
        return next((one for one in reversed(self.keys) if one.period == period), None)

    def secret(self, name: str, where: str) -> bytes:
        """A key by its id.

        Raises:
            BadInput: When it is not there.
        """
        found = next((one.secret for one in self.keys if one.name == name), None)
        if found is None:
            raise BadInput(NO_KEY, where=where, found=name)
        return found

    def with_key(self, period: str) -> KeyRing:
        """The same with a fresh key for a period."""
        fresh = Key(secrets.token_hex(ID_BYTES), period, new_key())
        return replace(self, keys=(*self.keys, fresh))


class KeyFile:
    """A key file.

    Args:
        path: The file.
        city: Folder of the city, in which it may not lie.
        vault: Id of the vault.

    Raises:
        BadUse: When it lies in the city's folder.
    """

    def __init__(self, path: Path, city: Path, vault: str) -> None:
        if path.resolve().is_relative_to(city.resolve()):
            raise BadUse(INSIDE, where=path.name, allowed=("a place outside the city's folder",))
        self.path = path
        self.vault = vault

    def make(self) -> None:
        """Make the file, without a key; one that is there stays."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
        with self.turn(is_writing=True):
            if not self.path.exists():
                self.write(KeyRing(self.vault))

    def read(self) -> KeyRing:
        """The keys.

        Raises:
            BadInput: When the file is not there, may be read by others, is damaged or belongs to another vault.
        """
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise BadInput(NO_FILE, where=self.path.name) from None
        with os.fdopen(handle, "rb") as stream:
            mode = os.fstat(handle).st_mode
            if mode & OTHERS:
                raise BadInput(READ_BY_OTHERS, where=self.path.name, found=f"{mode & 0o777:o}", allowed=(f"{OWN:o}",))
            ring = _ring(stream.read(MOST_BYTES), self.path.name)
        if ring.vault != self.vault:
            raise BadInput(ANOTHER, where=self.path.name, found=ring.vault, allowed=(self.vault,))
        return ring

    def write(self, ring: KeyRing) -> None:
        """Replace the keys in one step; the old file's bytes are overwritten first."""
        draft = self.path.with_name(f".{self.path.name}.draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN), "wb") as stream:
            stream.write(_text(ring))
            stream.flush()
            os.fsync(stream.fileno())
        old = self.path.open("r+b") if self.path.exists() else None
        draft.replace(self.path)
        flush(self.path.parent)
        if old is not None:
            with old:
                old.write(b"\0" * os.fstat(old.fileno()).st_size)
                old.flush()
                os.fsync(old.fileno())

    @contextmanager
    def turn(self, *, is_writing: bool = False) -> Iterator[None]:
        """A turn at the keys: many may use them at once, one alone may change them."""
        lock = self.path.with_name(f".{self.path.name}.lock")
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, OWN)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if is_writing else fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)


def _text(ring: KeyRing) -> bytes:
    keys = [
        {"name": one.name, "period": one.period, "secret": base64.b64encode(one.secret).decode()} for one in ring.keys
    ]
    return json.dumps({"vault": ring.vault, "keys": keys}, indent=1).encode()


def _ring(data: bytes, where: str) -> KeyRing:
    try:
        found = json.loads(data)
        keys = tuple(
            Key(str(one["name"]), str(one["period"]), base64.b64decode(one["secret"], validate=True))
            for one in found["keys"]
        )
        vault = str(found["vault"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise BadInput(DAMAGED, where=where) from None
    if any(len(one.secret) != KEY_BYTES for one in keys):
        raise BadInput(DAMAGED, where=where)
    return KeyRing(vault, keys)

"""Passwords: hashed with Argon2id by the parameters of the rulebook; made anew when those change."""

from __future__ import annotations

from collections.abc import Mapping

from tulou.kernel.errors import MissingExtra

try:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError
except ImportError as error:
    raise MissingExtra("argon2", "server") from error


class ArgonHasher:
    """A ``Hasher``.

    Args:
        numbers: ``memory`` (KiB), ``passes``, ``lanes``, ``salt`` (bytes), ``tag`` (bytes).

    Source: RFC 9106.
    """

    def __init__(self, numbers: Mapping[str, float]) -> None:
        self._hasher = PasswordHasher(
            time_cost=int(numbers["passes"]),
            memory_cost=int(numbers["memory"]),
            parallelism=int(numbers["lanes"]),
            hash_len=int(numbers["tag"]),
            salt_len=int(numbers["salt"]),
        )

    def hashed(self, password: str) -> str:
        """The hash of a password, with its parameters and a salt of its own."""
        return self._hasher.hash(password)

    def matches(self, hashed: str, password: str) -> bool:
        """Whether a password is the one; takes the same time for either answer."""
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than those that hold now."""
        return self._hasher.check_needs_rehash(hashed)

"""What trust asks of the outside: a log of accesses, a store of accounts, something that hashes passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from tulou.operations.trust.domain.accesses import Access, Note
from tulou.operations.trust.domain.accounts import Account, Grant, Hold

T = TypeVar("T")


class AccessLog(Protocol):
    """Entries that are chained and only ever added."""

    def add(self, note: Note) -> Access:
        """Write something down; it is on the disk when this returns."""


class Hasher(Protocol):
    """Hashes passwords slowly."""

    def hashed(self, password: str) -> str:
        """The hash of a password, with its parameters and a salt of its own."""

    def matches(self, hashed: str, password: str) -> bool:
        """Whether a password is the one; takes the same time for either answer."""

    def is_outdated(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than those that hold now."""


class AccountStore(Protocol):
    """Accounts, what they were granted, tokens and failures."""

    def account(self, name: str) -> tuple[Account, str] | None:
        """An account by its name, with the hash of its password."""

    def accounts(self) -> list[Account]:
        """All accounts, by name."""

    def add(self, account: Account, hashed: str) -> None:
        """Keep a new account."""

    def set_password(self, account: str, hashed: str) -> None:
        """Replace the hash of a password."""

    def close(self, account: str, moment: datetime) -> None:
        """Close an account; its tokens end."""

    def grant(self, account: str, grant: Grant) -> None:
        """Add a grant."""

    def end_grants(self, account: str, grant: Grant) -> int:
        """Set the end of grants of a role and body that hold on a day; gives how many."""

    def add_token(self, digest: str, account: str, ends: datetime) -> None:
        """Keep the digest of a token."""

    def holder(self, digest: str, moment: datetime) -> Account | None:
        """The account whose token has this digest, while the token holds."""

    def end_tokens(self, account: str, digest: str = "") -> None:
        """End one token of an account, or all."""

    def change(self, table: str, key: str, decide: Callable[[Hold | None], tuple[Hold | None, T]]) -> T:
        """Change what is held of a key, in one step that nobody comes between."""

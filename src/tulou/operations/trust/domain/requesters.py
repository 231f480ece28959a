"""Requesters: who asked, kept apart from what was asked. A case holds a token that says nothing.

``RequesterVault`` is the one door. Whoever takes in a request puts the identity away first and writes the token into
the case; whoever may see it names a purpose, and the person concerned can see that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from tulou.kernel.errors import BadUse

FIELDS = ("name", "phone", "address", "mail", "language", "note")
"""What may be kept of a requester. Nothing that sorts people: no class, no count, no mark."""

MOST_LETTERS = 400
NOTHING = "a record of a requester holds something to reach the person by"
TOO_LONG = "this is too long for a record of a requester"
NOT_KEPT = "this is not kept of a requester"


@dataclass(frozen=True)
class Identity:
    """Who asked. Its text never shows it: errors and logs may hold the object, not the person.

    Args:
        details: Some of ``FIELDS``.
    """

    details: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        for key, value in self.details.items():
            if key not in FIELDS:
                raise BadUse(NOT_KEPT, where="requester", found=key, allowed=FIELDS)
            if len(value) > MOST_LETTERS:
                raise BadUse(TOO_LONG, where=key, found=len(value), allowed=(f"at most {MOST_LETTERS}",))
        if not any(value.strip() for value in self.details.values()):
            raise BadUse(NOTHING, where="requester", allowed=FIELDS)

    def __str__(self) -> str:
        return "Identity(…)"


@dataclass(frozen=True)
class Receipt:
    """What comes of putting an identity away.

    Args:
        token: For the case; opens nothing by itself.
        receipt: For the person, said or sent once and kept nowhere: shows who looked at the record, and why.
        erase_on: The day after which the record is erased.
    """

    token: str
    receipt: str = field(repr=False)
    erase_on: date


@dataclass(frozen=True)
class Reader:
    """Who reads, in which role, for which body.

    Args:
        body: The body.
        account: Id of the account; empty where the city has no accounts, which the log then says.
        role: The role that allows it.
    """

    body: str
    account: str = ""
    role: str = ""


@dataclass(frozen=True)
class Reading:
    """One reading of personal data.

    Args:
        reader: Who reads.
        purpose: A purpose of the list.
        moment: When.
    """

    reader: Reader
    purpose: str
    moment: datetime


class RequesterVault(Protocol):
    """Where identities of requesters are kept, apart from the cases."""

    def put(self, identity: Identity, matter: str, *, moment: datetime, shielded_from: Collection[str] = ()) -> Receipt:
        """Put an identity away.

        Args:
            identity: Who asked.
            matter: Id of the request or case it belongs to; the record opens for this one only.
            moment: When the request came in; retention runs from its day.
            shielded_from: Bodies complained about: to them the record stays closed, whatever their roles.
        """

    def reveal(self, token: str, matter: str, reading: Reading) -> Identity:
        """Open a record for a purpose. The reading stands in the log before anything is opened.

        Raises:
            BadUse: When the token, the matter, the purpose or the reader does not fit.
            BadInput: When the record cannot be opened: another key, or it was changed.
        """

    def erase(self, token: str, reading: Reading) -> None:
        """Erase a record before its time: what is left of it opens for nobody."""


def plain_of(identity: Identity) -> dict[str, Any]:
    """An identity as plain data."""
    return {key: value for key, value in sorted(identity.details.items()) if value.strip()}

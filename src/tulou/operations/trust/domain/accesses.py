"""The access log: who read whose data, in which role, for which purpose. Of the person it holds a digest only.

Each entry is one line; its digest is that of the entry before it and the line, as with the events of cases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_text
from tulou.operations.trust.domain.requesters import Reading

Outcome = Literal["granted", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
DAMAGED = "this entry of the access log is damaged"
_TEXTS = ("account", "body", "role", "purpose", "action", "subject", "outcome", "about")


@dataclass(frozen=True)
class Access:
    """One entry.

    Args:
        number: Its place, from 1.
        moment: When, UTC.
        account: Id of the account; empty where the city has none.
        body: Body it was done for.
        role: Role that allowed it.
        purpose: Purpose that was named.
        action: What was done, e.g. ``requester.reveal``.
        subject: Digest of the token of the record, or of the id of the account; says nothing to whoever has neither.
        outcome: Whether it was granted.
        about: What else is to be known, e.g. the role that was granted; nothing of a person.
    """

    number: int
    moment: datetime
    account: str
    body: str
    role: str
    purpose: str
    action: str
    subject: str
    outcome: str
    about: str = ""


@dataclass(frozen=True)
class Note:
    """What is to be written down.

    Args:
        reading: Who, for what, when.
        action: What was done.
        token: Token or id of what it was done to.
        outcome: Whether it was granted.
        about: What else is to be known.
    """

    reading: Reading
    action: str
    token: str
    outcome: Outcome = "granted"
    about: str = ""


def access_of(note: Note, number: int) -> Access:
    """A note as an entry."""
    who, moment = note.reading.reader, note.reading.moment.astimezone(UTC)
    return Access(
        number, moment, who.account, who.body, who.role, note.reading.purpose, note.action, subject_of(note.token),
        note.outcome, note.about,
    )  # fmt: skip


def subject_of(token: str) -> str:
    """How the log calls the record of a token."""
    return digest_text(f"subject {token}")


def line_of(access: Access) -> str:
    """An entry as one line of JSON."""
    plain = {**vars(access), "moment": access.moment.isoformat()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_of(line: str, where: str) -> Access:
    """Read one line back.

    Raises:
        BadInput: When it is not an entry.
    """
    try:
        found = json.loads(line)
        return Access(**_checked(found))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadInput(DAMAGED, where=where, found=type(error).__name__) from None


def _checked(found: Mapping[str, Any]) -> dict[str, Any]:
    if not all(isinstance(found[key], str) for key in _TEXTS) or found["outcome"] not in OUTCOMES:
        raise ValueError(DAMAGED)
    return {**found, "moment": datetime.fromisoformat(found["moment"])}

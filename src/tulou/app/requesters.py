"""Who asked, put away as requests come in: one door for the hotline and for Open311.

Identities go into the sealed store of the city's trust, apart from the requests; a request gets a token. Where that
store cannot be had, identities are dropped and it is said why: they never go anywhere else.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadInput, BadUse, Conflict, Fault, MissingExtra, TulouError
from tulou.operations.trust.domain.requesters import FIELDS, MOST_LETTERS, Identity

if TYPE_CHECKING:
    from tulou.app.accounts import Trust

RECORDING = "requester.record"
OWN = 0o600
INSIDE = "receipts belong to the persons, not into the folder of the city"
THERE = "this file is there already; receipts are never written over"
CANNOT = "the key file cannot be written"


@dataclass(frozen=True)
class Asker:
    """Who asked about one matter.

    Args:
        matter: Id of the request.
        received: When it came in; retention runs from its day.
        details: What is told of the person; only what may be kept counts.
    """

    matter: str
    received: datetime
    details: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class PutAway:
    """What became of the identities that came with some requests.

    Args:
        tokens: Token of each matter whose requester is in the store.
        receipts: Receipts for the persons, by matter; only of records made now. Said once, kept nowhere.
        held: How many were in the store before.
        over: How many came in so long ago that they may not be kept any more.
        dropped: How many were dropped since there was no store for them.
        fault: Why they were dropped.
        shortened: How many had a detail too long to be kept, which was left out.
    """

    tokens: Mapping[str, str] = field(default_factory=dict)
    receipts: Mapping[str, str] = field(default_factory=dict, repr=False)
    held: int = 0
    over: int = 0
    dropped: int = 0
    fault: Fault | None = None
    shortened: int = 0


@dataclass(eq=False)
class RequesterDesk:
    """The one door by which identities of requesters come into a city's keeping.

    Args:
        city: Folder of the city.
        names: Rulebooks that declare roles and days of retention.
        body: Body that takes requests in.
    """

    city: Path
    names: Sequence[str] = RULEBOOKS
    body: str = ""

    def put_away(self, askers: Iterable[Asker], moment: datetime) -> PutAway:
        """Put identities away, all of them or none; who is in the store already is not put there twice.

        Args:
            askers: Who asked.
            moment: Now.

        Raises:
            BadUse: When the city has accounts and the one that asks may not record requesters.
        """
        told = {one.matter: one for one in askers}
        if not told:
            return PutAway()
        try:
            trust = self._trust()
        except MissingExtra as error:
            return PutAway(dropped=len(told), fault=error.faults[0])
        trust.reader(RECORDING, self.body, moment=moment)
        try:
            return _put(trust, told, moment)
        except (BadInput, BadUse, Conflict) as error:
            return PutAway(dropped=len(told), fault=error.faults[0])
        except OSError as error:
            return PutAway(dropped=len(told), fault=Fault(CANNOT, "TULOU_KEYS", error.strerror))

    @contextmanager
    def putting_away(self, askers: Iterable[Asker], moment: datetime) -> Iterator[PutAway]:
        """Put identities away while their requests are kept; what was put there is taken back when that fails.

        Args:
            askers: Who asked.
            moment: Now.

        Raises:
            BadUse: When the city has accounts and the one that asks may not record requesters.
        """
        found = self.put_away(askers, moment)
        try:
            yield found
        except (TulouError, OSError):
            if found.receipts:
                self._trust().vault.take_back([found.tokens[matter] for matter in found.receipts])
            raise

    def _trust(self) -> Trust:
        from tulou.app.accounts import open_trust  # brings the extra 'server'

        return open_trust(self.city, self.names)


def _put(trust: Trust, told: Mapping[str, Asker], moment: datetime) -> PutAway:
    from tulou.operations.trust.adapters.vault import Entry  # brings the extra 'server'

    days = trust.rules.settings.number("retention", "requester", moment.date())
    held = trust.vault.held(told) if trust.has_vault else {}
    fresh = [one for one in told.values() if one.matter not in held]
    kept = [one for one in fresh if one.received + timedelta(days=days) >= moment]
    identities = [(one, _identity(one.details)) for one in kept]
    entries = [Entry(who, one.matter, one.received) for one, who in identities if who is not None]
    receipts = trust.vault.put_many(entries) if entries else []
    made = dict(zip((one.matter for one in entries), receipts, strict=True))
    return PutAway(
        {**held, **{matter: one.token for matter, one in made.items()}},
        {matter: one.receipt for matter, one in made.items()},
        held=len(held),
        over=len(fresh) - len(kept),
        shortened=sum(any(len(value) > MOST_LETTERS for value in one.details.values()) for one in kept),
    )


def _identity(details: Mapping[str, str]) -> Identity | None:
    """An identity of what may be kept; None when nothing of it may."""
    found = {name: details[name].strip() for name in FIELDS if details.get(name, "").strip()}
    found = {name: value for name, value in found.items() if len(value) <= MOST_LETTERS}
    return Identity(found) if found else None


def may_write_receipts(path: Path, city: Path) -> None:
    """Look whether receipts may be written to a file, before anything is kept.

    Raises:
        BadUse: When it lies in the city, is there already, or its folder is not.
    """
    if path.resolve().is_relative_to(city.resolve()):
        raise BadUse(INSIDE, where="--receipts", found=path.name, allowed=("a place outside the city's folder",))
    if path.exists():
        raise BadUse(THERE, where="--receipts", found=path.name)
    if not path.parent.is_dir():
        raise BadUse("this folder is not there", where="--receipts", found=path.parent.name)


def write_receipts(path: Path, receipts: Mapping[str, str]) -> None:
    """Write receipts for the persons as a table of request and receipt that only its owner reads."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("request", "receipt"))
    rows.writerows(sorted(receipts.items()))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text.getvalue())

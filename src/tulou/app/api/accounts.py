"""Who is asking: the account behind a bearer token where a city has accounts, else somebody at this machine."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tulou.app.api.problems import Refused, Unproven
from tulou.app.api.shelf import Served, Shelf
from tulou.app.casework import MARK, Permit, anybody
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse
from tulou.operations.cases.handlers.acting import Act

SCHEME = "bearer"
READ, ALL = "case.read", "list"
"""The action of reading cases and alarms; how the record calls a whole list of them."""
NO_TOKEN = "this city has accounts; the request has no token that holds"  # noqa: S105  (a sentence)


def token_of(request: Request) -> str:
    """The token of a request; empty when it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else ""


Token = Annotated[str, Depends(token_of)]
"""What a handler declares to be given the token."""


def read_by_account(request: Request, shelf: Served, city: str, token: Token) -> None:
    """Let cases and alarms of a city with accounts be read by an account that may, and put on record that it did.

    The record has one entry an hour for each account and thing, so that a page that looks again and again does not
    fill it; every refusal has its own. What lies in which area is not told apart.

    Raises:
        Unproven: When the token does not hold.
        Refused: When the account may not read cases.
    """
    folder = shelf.folder(city)
    if not (folder / MARK).exists():
        return
    from tulou.app.accounts import Trust  # loads ciphers and the store of accounts
    from tulou.operations.trust.domain.accesses import Note
    from tulou.operations.trust.domain.accounts import Target, may
    from tulou.operations.trust.domain.requesters import Reader, Reading

    trust, moment = Trust(folder), now()
    try:
        account = trust.accounts.holder(token, moment)
    except BadUse:
        raise _unproven() from None
    areas = ("", *(one.area for one in account.grants))
    tries = [may(trust.rules, account, READ, Target("", area), day=moment.date()) for area in areas]
    grant = next((one.grant for one in tries if one.grant is not None), None)
    what = next((str(request.path_params[key]) for key in ("case", "alarm") if key in request.path_params), ALL)
    reader = Reader(grant.body if grant else "", account.id, grant.role if grant else "")
    reading = Reading(reader, "", moment)
    if grant is None:
        trust.log.add(Note(reading, READ, what, "refused"))
        raise Refused.of([one.fault for one in tries[:1] if one.fault is not None])
    hour = moment.replace(minute=0, second=0, microsecond=0)
    shelf.once((city, READ, account.id, what, hour), lambda: trust.log.add(Note(reading, READ, what)))


READERS = [Depends(read_by_account)]
"""What a request that reads cases or alarms depends on."""


def _unproven() -> Unproven:
    return Unproven(NO_TOKEN, where="Authorization", allowed=("Bearer TOKEN", "tulou account login"))


def permit_of(shelf: Shelf, city: str, token: str) -> Permit:
    """Who may act on the cases of a city: never the account that the server itself was started by.

    Raises:
        Unproven: When the city has accounts and the token does not hold.
    """
    folder = shelf.folder(city)
    if not (folder / MARK).exists():
        return anybody
    from tulou.app.accounts import Trust  # loads ciphers and the store of accounts

    trust = Trust(folder)
    try:
        trust.accounts.holder(token, now())
    except BadUse:
        raise _unproven() from None

    def asked(action: str, act: Act, area: str) -> None:
        try:
            trust.reader(action, act.by, area=area, moment=now(), token=token)
        except BadUse as error:
            raise Refused.of(error.faults) from None

    return asked

"""Who is asking: the account behind a bearer token where a city has accounts, else somebody at this machine."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tulou.app.api.problems import Refused, Unproven
from tulou.app.api.shelf import Shelf
from tulou.app.casework import MARK, Permit, anybody
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse
from tulou.operations.cases.handlers.acting import Act

SCHEME = "bearer"
NO_TOKEN = "this city has accounts; the request has no token that holds"  # noqa: S105  (a sentence)


def token_of(request: Request) -> str:
    """The token of a request; empty when it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else ""


Token = Annotated[str, Depends(token_of)]
"""What a handler declares to be given the token."""


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
        raise Unproven(NO_TOKEN, where="Authorization", allowed=("Bearer TOKEN", "tulou account login")) from None

    def asked(action: str, act: Act, area: str) -> None:
        try:
            trust.reader(action, act.by, area=area, moment=now(), token=token)
        except BadUse as error:
            raise Refused.of(error.faults) from None

    return asked

"""Trust of a city, opened: where accounts, the access log, requesters and their keys lie, and who is asking.

A city begins without accounts: a body is named, and nobody checks who types. ``switch_on`` makes the first account;
from then on what is done to cases and requesters needs the token of an account that may (``TULOU_TOKEN``). The mark of
it lies in the city, so that a city whose accounts are not there is refused, not opened without them.

Beside the folder of the city ``NAME`` lies ``NAME.trust``, for its owner only: ``accounts.sqlite`` (accounts and the
access log) and ``requesters.sqlite``. Keys lie elsewhere again: ``TULOU_KEYS``, else ``~/.config/tulou/keys``. A server
names databases by address: ``TULOU_TRUST`` and ``TULOU_REQUESTERS``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from tulou.app.casework import MARK
from tulou.app.wiring import RULEBOOKS, look_at
from tulou.kernel.atomic import write_text
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.cases.adapters.addresses import address_of, file_address
from tulou.operations.trust.adapters.access_log import SqlAccessLog
from tulou.operations.trust.adapters.account_store import SqlAccountStore
from tulou.operations.trust.adapters.databases import Database, open_database
from tulou.operations.trust.adapters.keys import OWN_FOLDER, KeyFile
from tulou.operations.trust.adapters.reading import read_rules
from tulou.operations.trust.adapters.vault import SqlVault, make_vault
from tulou.operations.trust.domain.accesses import Access
from tulou.operations.trust.domain.accounts import Account, Grant, Target, may
from tulou.operations.trust.domain.requesters import Reader
from tulou.operations.trust.domain.rules import Rules
from tulou.operations.trust.handlers.signing import Accounts

KEYS = "TULOU_KEYS"
TOKEN = "TULOU_TOKEN"  # noqa: S105  (the name of a variable)
FIRST_ROLE = "account_keeper"
ON_ALREADY = "accounts of this city are switched on already"
OFF = "accounts of this city are not switched on"
NOT_THERE = "accounts of this city are switched on, but the store of them is not there"
NO_BODY = "where there are no accounts, the body that reads is named"
NO_LOG = "nobody was recorded as a requester of this city"
STORE = "TULOU_TRUST"
REQUESTERS = "TULOU_REQUESTERS"
USUAL_KEYS = Path(".config") / "tulou" / "keys"
BESIDE = ".trust"
ACCOUNTS_FILE = "accounts.sqlite"
REQUESTERS_FILE = "requesters.sqlite"


@dataclass(eq=False)
class Trust:
    """Trust of one city.

    Args:
        city: Folder of the city.
        names: Rulebooks that declare roles, purposes and numbers.
    """

    city: Path
    names: Sequence[str] = RULEBOOKS

    @property
    def home(self) -> Path:
        """The folder beside the city."""
        whole = self.city.resolve()
        return whole.with_name(whole.name + BESIDE)

    @cached_property
    def rules(self) -> Rules:
        """Roles, purposes and numbers."""
        return read_rules(list(self.names))

    @cached_property
    def database(self) -> Database:
        """The database of accounts and the access log."""
        return self._opened(STORE, ACCOUNTS_FILE)

    @cached_property
    def log(self) -> SqlAccessLog:
        """The access log; made when it is not there."""
        log = SqlAccessLog(self.database)
        log.make()
        return log

    @cached_property
    def vault(self) -> SqlVault:
        """The store of requesters; made with its key file when it is not there. Records without their keys get none."""
        database = self._opened(REQUESTERS, REQUESTERS_FILE)
        name = make_vault(database)
        folder = Path(os.environ.get(KEYS) or Path.home() / USUAL_KEYS)
        keys = KeyFile(folder / f"{name}.json", self.city, name)
        vault = SqlVault(database, keys, self.rules, self.log)
        if not vault.count():
            keys.make()
        return vault

    @property
    def is_on(self) -> bool:
        """Whether accounts are switched on."""
        return (self.city / MARK).exists()

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts.

        Raises:
            BadUse: When they are not switched on.
            BadInput: When they are, and the store is not there.
        """
        if not self.is_on:
            raise BadUse(OFF, where=self.city.name, allowed=(f"tulou account on {self.city.name} NAME",))
        if not self.has_log:
            raise BadInput(NOT_THERE, where=f"{self.home.name}/{ACCOUNTS_FILE}", allowed=(STORE,))
        return self._accounts()

    def switch_on(self, name: str, password: str, *, moment: datetime) -> Account:
        """Switch accounts on, with a first account that may make others, and nothing else.

        Raises:
            BadUse: When they are on already, or the name or password will not do; nothing is switched on then.
        """
        if self.is_on:
            raise BadUse(ON_ALREADY, where=self.city.name, allowed=("tulou account add",))
        accounts, first = self._accounts(), Reader("", "", FIRST_ROLE)
        account = accounts.add(name, password, by=first, moment=moment)
        accounts.grant(name, Grant(FIRST_ROLE, "", "", moment.date()), by=first, moment=moment)
        write_text(self.city / MARK, "on\n")
        return account

    def reader(
        self, action: str, body: str, *, area: str = "", purpose: str = "", moment: datetime, token: str | None = None
    ) -> Reader:
        """Who is asking, once it is found that they may.

        Args:
            action: What is to be done.
            body: Body it is done for.
            area: Code of the unit it is done in.
            purpose: For what.
            moment: When.
            token: Proof of an account; that of ``TULOU_TOKEN`` by default.

        Raises:
            BadUse: When the token does not hold, or the account may not; says what it may.
        """
        if not self.is_on:
            if action in self.rules.personal and not body:
                raise BadUse(NO_BODY, where="--body")
            return Reader(body)
        account = self.accounts.holder(os.environ.get(TOKEN, "") if token is None else token, moment)
        found = may(self.rules, account, action, Target(body, area), purpose=purpose, day=moment.date())
        if found.grant is None:
            raise BadUse.of([found.fault] if found.fault else [])
        return Reader(body or found.grant.body, account.id, found.grant.role)

    def accesses_of(self, receipt: str) -> list[Access]:
        """Who looked at the record of a person, and why; the person shows the receipt.

        Raises:
            BadUse: When no record has this receipt.
        """
        if not self.has_vault:
            raise BadUse(NO_LOG, where=self.city.name)
        return self.log.entries(self.vault.token_of(receipt))

    def _accounts(self) -> Accounts:
        from tulou.operations.trust.adapters.passwords import ArgonHasher  # loads the library

        store = SqlAccountStore(self.database)
        store.make()
        return Accounts(store, ArgonHasher(self.rules.settings.on("passwords", now().date())), self.rules, self.log)

    @property
    def has_log(self) -> bool:
        """Whether anything was ever logged."""
        return STORE in os.environ or (self.home / ACCOUNTS_FILE).is_file()

    @property
    def has_vault(self) -> bool:
        """Whether any requester was ever put away."""
        return REQUESTERS in os.environ or (self.home / REQUESTERS_FILE).is_file()

    def _opened(self, variable: str, file: str) -> Database:
        told, path = os.environ.get(variable), self.home / file
        if told:  # the schema is called after the city and the file, e.g. rongcheng_accounts
            named = self.city.with_name(f"{self.city.resolve().stem}_{path.stem}")
            return open_database(address_of(told, named, self.home, variable))
        self.home.mkdir(exist_ok=True, mode=OWN_FOLDER)
        return open_database(file_address(path))


def open_trust(city: Path, names: Sequence[str] = RULEBOOKS) -> Trust:
    """Open the trust of a city; ``.vault`` is its ``RequesterVault``.

    Raises:
        BadInput: When there is no city.
    """
    look_at(city)
    return Trust(city, names)

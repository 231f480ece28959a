"""Trust of a city, opened: where accounts, the access log, requesters and their keys lie, and who is asking.

Beside the folder of the city ``NAME`` lies ``NAME.trust``, for its owner only: ``accounts.sqlite`` (accounts and the
access log) and ``requesters.sqlite``. Keys lie elsewhere again: ``TULOU_KEYS``, else ``~/.config/tulou/keys``. A server
names databases by address: ``TULOU_TRUST`` and ``TULOU_REQUESTERS``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tulou.app.wiring import RULEBOOKS, look_at
from tulou.operations.cases.adapters.addresses import address_of, file_address
from tulou.operations.trust.adapters.access_log import SqlAccessLog
from tulou.operations.trust.adapters.databases import Database, open_database
from tulou.operations.trust.adapters.keys import OWN_FOLDER, KeyFile
from tulou.operations.trust.adapters.reading import read_rules
from tulou.operations.trust.adapters.vault import SqlVault, make_vault
from tulou.operations.trust.domain.rules import Rules

KEYS = "TULOU_KEYS"
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
        """The store of requesters; made with its key file when it is not there."""
        database = self._opened(REQUESTERS, REQUESTERS_FILE)
        name = make_vault(database)
        folder = Path(os.environ.get(KEYS) or Path.home() / USUAL_KEYS)
        keys = KeyFile(folder / f"{name}.json", self.city, name)
        keys.make()
        return SqlVault(database, keys, self.rules, self.log)

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

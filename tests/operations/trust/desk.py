"""A vault in a folder, a key file in another, a log, a clock that is told: what tests of trust stand at."""

from datetime import UTC, datetime
from functools import cache

from tulou.operations.cases.adapters.addresses import file_address
from tulou.operations.trust.adapters.access_log import SqlAccessLog
from tulou.operations.trust.adapters.databases import open_database
from tulou.operations.trust.adapters.keys import KeyFile
from tulou.operations.trust.adapters.reading import read_rules
from tulou.operations.trust.adapters.vault import SqlVault, make_vault
from tulou.operations.trust.domain.requesters import Identity, Reader, Reading

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
NAME, PHONE = "林阿妹秘密", "13900001234567"
PERSON = {"name": NAME, "phone": PHONE, "address": "榕城某里3号"}


@cache
def rules():
    return read_rules(["china"])


def identity(**details):
    return Identity(details or PERSON)


def reading(purpose="contact", body="hotline", moment=NOW, account="a1", role="officer"):
    return Reading(Reader(body, account, role), purpose, moment)


def vault_in(folder, address=None):
    """A vault whose store lies below a folder, its keys in another beside it."""
    city = folder / "city"
    city.mkdir(exist_ok=True)
    database = open_database(address or file_address(folder / "requesters.sqlite"))
    log = SqlAccessLog(open_database(address or file_address(folder / "access.sqlite")))
    log.make()
    keys = KeyFile(folder / "keys" / "keys.json", city, make_vault(database))
    keys.make()
    return SqlVault(database, keys, rules(), log)


def bytes_below(folder, *leaving_out):
    """All that stands in the files of a folder."""
    return b"\0".join(
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in leaving_out
    )

"""The same stores on PostgreSQL: accounts, requesters and the log, one code path."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from operations.trust.desk import NAME, NOW, PERSON, PHONE, bytes_below, identity, reading, rules, vault_in
from operations.trust.test_accounts import KEEPER, PASSWORD, QUICK, Counting
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.cases.adapters.addresses import address_of
from tulou.operations.trust.adapters.access_log import SqlAccessLog
from tulou.operations.trust.adapters.account_store import SqlAccountStore
from tulou.operations.trust.adapters.databases import open_database
from tulou.operations.trust.domain.accounts import Grant
from tulou.operations.trust.handlers.signing import WRONG, Accounts


@pytest.fixture
def address(postgresql, tmp_path):
    numbers = tmp_path.name.translate(str.maketrans("", "", "[]-"))[-40:]
    return address_of(postgresql.address(f"trust_{numbers}"), tmp_path, tmp_path)


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    """Opens databases and lets go of them in the end."""
    made = []

    def opening(address):
        made.append(open_database(address))
        return made[-1]

    monkeypatch.setattr("operations.trust.desk.open_database", opening)
    yield opening
    for one in made:
        one.close()


def test_requesters_are_kept_opened_rotated_and_erased_on_a_server(address, tmp_path):
    vault = vault_in(tmp_path, address)
    receipts = [vault.put(identity(), f"R{n}", moment=NOW, shielded_from=["gas"]) for n in range(3)]
    assert vault.rotate() == 3
    assert vault.reveal(receipts[1].token, "R1", reading()).details == PERSON
    with pytest.raises(BadUse, match="closed to the body"):
        vault.reveal(receipts[1].token, "R1", reading(body="gas"))
    assert vault.erase_due(receipts[0].erase_on + timedelta(1)) == 3
    assert not vault.faults()
    assert vault.token_of(receipts[2].receipt) == receipts[2].token
    assert not vault.log.audit()
    assert [one.outcome for one in vault.log.entries(receipts[1].token)] == ["granted", "refused"]
    assert PHONE.encode() not in bytes_below(tmp_path)


def test_the_log_of_a_server_keeps_its_entries(address, tmp_path):
    vault = vault_in(tmp_path, address)
    receipt = vault.put(identity(), "R1", moment=NOW)
    vault.reveal(receipt.token, "R1", reading())
    for statement in ("UPDATE access SET line = ''", "DELETE FROM access"):
        with vault.log.database.writing() as connection:
            connection.execute(text(statement))
    assert vault.log.count() == 1
    assert not vault.log.audit()


def test_accounts_on_a_server(address, opened):
    database = opened(address)
    store, log = SqlAccountStore(database), SqlAccessLog(database)
    store.make()
    store.make()
    log.make()
    desk = Accounts(store, Counting(QUICK), rules(), log)
    desk.add("chen", PASSWORD, by=KEEPER, moment=NOW)
    desk.grant("chen", Grant("officer", "gas", "", NOW.date()), by=KEEPER, moment=NOW)
    session = desk.authenticate("chen", PASSWORD, moment=NOW)
    assert [one.role for one in desk.holder(session.token, NOW).grants] == ["officer"]
    with pytest.raises(BadUse, match=WRONG):
        desk.authenticate("chen", "wrong wrong wrong", moment=NOW)
    for _ in range(10):
        desk.meter("login", "x", moment=NOW)
    with pytest.raises(BadUse, match="too often"):
        desk.meter("login", "x", moment=NOW)
    with pytest.raises(BadUse, match="there already"):
        desk.add("chen", PASSWORD, by=KEEPER, moment=NOW)
    assert not log.audit()


def test_an_error_of_the_server_shows_neither_password_nor_values(address, opened):
    database = opened(address)
    with pytest.raises(BadInput) as error, database.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": NAME})
    assert NAME not in str(error.value)

"""Signing in, waits, tokens, grants: what is allowed, what is refused, and that nobody learns which names exist."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from operations.trust.desk import NOW, bytes_below, rules
from tulou.kernel.errors import BadUse
from tulou.operations.cases.adapters.addresses import file_address
from tulou.operations.trust.adapters.access_log import SqlAccessLog
from tulou.operations.trust.adapters.account_store import SqlAccountStore
from tulou.operations.trust.adapters.databases import open_database
from tulou.operations.trust.adapters.passwords import ArgonHasher
from tulou.operations.trust.domain.accounts import Account, Grant, Target, may
from tulou.operations.trust.domain.requesters import Reader
from tulou.operations.trust.handlers.signing import WRONG, Accounts

KEEPER = Reader("", "a-keeper", "account_keeper")
PASSWORD = "three round houses"  # noqa: S105
DAY = NOW.date()
QUICK = {"memory": 64, "passes": 1, "lanes": 1, "salt": 16, "tag": 32}
SLOWER = {**QUICK, "passes": 2}


class Counting:
    """A hasher that counts how often it was asked, so that equal work can be asserted without a watch."""

    def __init__(self, numbers):
        self.inner, self.asked = ArgonHasher(numbers), []

    def hashed(self, password):
        return self.inner.hashed(password)

    def matches(self, hashed, password):
        self.asked.append(hashed)
        return self.inner.matches(hashed, password)

    def is_outdated(self, hashed):
        return self.inner.is_outdated(hashed)


@pytest.fixture
def desk(tmp_path):
    database = open_database(file_address(tmp_path / "accounts.sqlite"))
    store, log = SqlAccountStore(database), SqlAccessLog(database)
    store.make()
    log.make()
    made = Accounts(store, Counting(QUICK), rules(), log)
    made.add("chen", PASSWORD, by=KEEPER, moment=NOW)
    return made


def refused(act, what):
    with pytest.raises(BadUse, match=what) as error:
        act()
    return error.value.faults[0]


def sign_in(desk, name="chen", password=PASSWORD, after=0.0):
    return desk.authenticate(name, password, moment=NOW + timedelta(seconds=after))


def test_a_token_proves_an_account_until_it_ends(desk):
    session = sign_in(desk)
    assert desk.holder(session.token, NOW + timedelta(hours=7)).name == "chen"
    refused(lambda: desk.holder(session.token, NOW + timedelta(hours=8)), "does not hold")
    refused(lambda: desk.holder("tk-guess", NOW), "does not hold")
    refused(lambda: desk.holder("", NOW), "does not hold")
    assert session.token not in repr(session)


def test_a_token_ends_with_its_session_its_account_and_its_password(desk):
    one, other = sign_in(desk), sign_in(desk)
    desk.sign_out(one.token, NOW)
    refused(lambda: desk.holder(one.token, NOW), "does not hold")
    assert desk.holder(other.token, NOW)
    desk.set_password("chen", "seven square wells", by=KEEPER, moment=NOW)
    refused(lambda: desk.holder(other.token, NOW), "does not hold")
    last = sign_in(desk, password="seven square wells")  # noqa: S106
    desk.close("chen", by=KEEPER, moment=NOW)
    refused(lambda: desk.holder(last.token, NOW), "does not hold")
    refused(lambda: sign_in(desk, password="seven square wells"), WRONG)  # noqa: S106


def test_passwords_and_tokens_stand_nowhere(desk, tmp_path):
    session = sign_in(desk)
    refused(lambda: sign_in(desk, password="not the right words"), WRONG)  # noqa: S106
    for secret in (PASSWORD, session.token, "not the right words"):
        assert secret.encode() not in bytes_below(tmp_path)


def test_a_name_that_does_not_exist_is_answered_with_the_same_words_and_work(desk):
    told = []
    for name in ("chen", "nobody"):
        for attempt in range(8):
            desk.hasher.asked.clear()
            fault = refused(lambda: sign_in(desk, name, "a wrong one at all", attempt), WRONG)  # noqa: B023
            told.append((name, fault.what, fault.where, fault.allowed, len(desk.hasher.asked)))
    assert [row[1:] for row in told[:8]] == [row[1:] for row in told[8:]]
    desk.hasher.asked.clear()
    refused(lambda: sign_in(desk, "nobody again", "a wrong one at all"), WRONG)
    (stranger,) = desk.hasher.asked
    hashed = desk.store.account("chen")[1]
    assert stranger.split("$")[:4] == hashed.split("$")[:4]


def test_waits_grow_double_and_are_forgotten(desk):
    waits, clock = [], 0.0
    for _ in range(14):
        refused(lambda: sign_in(desk, password="wrong wrong wrong", after=clock), WRONG)  # noqa: B023, S106
        fault = refused(lambda: sign_in(desk, after=clock + 0.5), WRONG) if len(waits) >= 5 else None  # noqa: B023
        wait = int(fault.allowed[0].removeprefix("in ").removesuffix(" s")) if fault else 0
        waits.append(wait)
        clock += max(wait, 1) + 1
    assert waits == [0, 0, 0, 0, 0, *[min(30 * 2**n, 3600) for n in range(9)]]
    assert sign_in(desk, after=clock + 86401).account.name == "chen"
    refused(lambda: sign_in(desk, password="wrong wrong wrong", after=clock + 86402), WRONG)  # noqa: S106
    assert sign_in(desk, after=clock + 86403)


def test_a_right_password_takes_back_what_was_held_and_a_wait_holds_for_the_right_one_too(desk):
    for _ in range(5):
        refused(lambda: sign_in(desk, password="wrong wrong wrong"), WRONG)  # noqa: S106
    sign_in(desk)
    for _ in range(6):
        refused(lambda: sign_in(desk, password="wrong wrong wrong"), WRONG)  # noqa: S106
    refused(lambda: sign_in(desk, after=29), WRONG)
    assert sign_in(desk, after=31)


def test_a_failure_counts_before_the_password_is_looked_at(desk):
    seen = []
    inner = desk.hasher.matches
    desk.hasher.matches = lambda hashed, password: seen.append(held(desk)) or inner(hashed, password)
    sign_in(desk)
    assert seen == [1]
    assert held(desk) == 0


def held(desk):
    with desk.store.database.reading() as connection:
        return connection.execute(text("SELECT coalesce(sum(failures), 0) FROM account_hold")).scalar_one()


def test_a_hash_is_made_anew_when_the_parameters_change(desk):
    before = desk.store.account("chen")[1]
    sign_in(desk)
    assert desk.store.account("chen")[1] == before
    desk.hasher = Counting(SLOWER)
    sign_in(desk)
    after = desk.store.account("chen")[1]
    assert "t=2" in after
    assert "t=1" in before
    assert sign_in(desk)


def test_the_shipped_parameters_are_those_of_the_rfc():
    hashed = ArgonHasher(rules().settings.on("passwords", DAY)).hashed("x")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("name", "password", "what"),
    [
        ("", PASSWORD, "name of an account"),
        ("a b", PASSWORD, "name of an account"),
        ("x" * 65, PASSWORD, "name of an account"),
        ("li", "short", "not too short"),
        ("li", "x" * 129, "not too short"),
        ("longname", "mylongname2026", "not the name"),
        ("li", "aaaabbbbaaaabbbb", "not the name"),
        ("chen", PASSWORD, "is there already"),
    ],
)
def test_weak_or_odd_accounts_are_refused(desk, name, password, what):
    refused(lambda: desk.add(name, password, by=KEEPER, moment=NOW), what)
    assert [one.name for one in desk.store.accounts()] == ["chen"]


def test_a_password_is_the_same_however_it_was_typed(desk):
    desk.add("li", "Ａ ｗｉｄｅ ｐａｓｓword", by=KEEPER, moment=NOW)
    assert sign_in(desk, "li", "A wide password")


def test_grants_are_dated_and_written_down(desk):
    grant = Grant("officer", "urban_management", "", DAY, None)
    desk.grant("chen", grant, by=KEEPER, moment=NOW)
    desk.end_grant("chen", replace(grant, until=DAY + timedelta(9)), by=KEEPER, moment=NOW)
    (held,) = desk.named("chen").grants
    assert (held.holds(DAY), held.holds(DAY + timedelta(9)), held.holds(DAY + timedelta(10))) == (True, True, False)
    assert not held.holds(DAY - timedelta(1))
    refused(lambda: desk.end_grant("chen", replace(grant, role="auditor", until=DAY), by=KEEPER, moment=NOW), "no such")
    assert [one.action for one in desk.log.entries()] == ["account.add", "account.grant", "account.end"]
    assert desk.log.entries()[1].about == f"officer urban_management {DAY}"
    assert not desk.log.audit()


def test_roles_that_exclude_one_another_are_not_granted_for_the_same_days(desk):
    desk.grant("chen", Grant("officer", "gas", "", DAY, DAY + timedelta(30)), by=KEEPER, moment=NOW)
    for role in ("auditor", "caller_back"):
        fault = refused(lambda: desk.grant("chen", Grant(role, "gas", "", DAY), by=KEEPER, moment=NOW), "at once")  # noqa: B023
        assert "officer" in fault.found
    desk.grant("chen", Grant("auditor", "", "", DAY + timedelta(31)), by=KEEPER, moment=NOW)
    refused(lambda: desk.grant("chen", Grant("king", "", "", DAY), by=KEEPER, moment=NOW), "no such role")
    refused(
        lambda: desk.grant("chen", Grant("operator", "", "", DAY, DAY - timedelta(1)), by=KEEPER, moment=NOW),
        "ends after",
    )


OFFICER = Account(
    "a-1", "li", (Grant("officer", "gas", "350102", DAY), Grant("publisher", "", "", DAY, DAY + timedelta(1)))
)


@pytest.mark.parametrize(
    ("action", "target", "purpose", "after", "what"),
    [
        ("case.act", Target("gas", "350102003"), "", 0, None),
        ("report.publish", Target(), "", 1, None),
        ("requester.reveal", Target("gas", "350102003"), "contact", 0, None),
        ("report.publish", Target(), "", 2, "may not do that"),
        ("case.act", Target("gas", "350102003"), "", -1, "may not do that"),
        ("account.manage", Target(), "", 0, "may not do that"),
        ("case.act", Target("water_utility", "350102003"), "", 0, "for this body"),
        ("case.act", Target("gas", "350103003"), "", 0, "in this area"),
        ("case.act", Target("gas"), "", 0, "in this area"),
        ("requester.reveal", Target("gas", "350102003"), "call_back", 0, "for this purpose"),
    ],
)
def test_what_an_account_may_do(action, target, purpose, after, what):
    found = may(rules(), OFFICER, action, target, purpose=purpose, day=DAY + timedelta(after))
    assert found.is_allowed == (what is None)
    if what:
        assert what in found.fault.what


def test_a_closed_account_may_do_nothing():
    assert not may(rules(), replace(OFFICER, closed=NOW), "case.act", Target("gas", "350102"), day=DAY).is_allowed


def test_reading_personal_data_without_a_purpose_of_the_list_is_refused_whoever_asks():
    for purpose in ("", "curiosity"):
        refused(lambda: may(rules(), OFFICER, "requester.reveal", purpose=purpose, day=DAY), "needs a purpose")  # noqa: B023
    refused(lambda: may(rules(), OFFICER, "case.burn", day=DAY), "no such action")


def test_a_rate_is_kept_across_restarts_and_is_one_for_each_who_and_what(desk, tmp_path):
    for _ in range(10):
        desk.meter("login", "10.0.0.1", moment=NOW)
    fault = refused(lambda: desk.meter("login", "10.0.0.1", moment=NOW), "too often")
    assert fault.allowed == ("in 6 s",)
    desk.meter("login", "10.0.0.2", moment=NOW)
    desk.meter("report", "10.0.0.1", moment=NOW)
    again = SqlAccountStore(open_database(file_address(tmp_path / "accounts.sqlite")))
    reopened = Accounts(again, desk.hasher, rules(), desk.log)
    refused(lambda: reopened.meter("login", "10.0.0.1", moment=NOW + timedelta(seconds=5)), "too often")
    reopened.meter("login", "10.0.0.1", moment=NOW + timedelta(seconds=6))
    refused(lambda: reopened.meter("sing", "10.0.0.1", moment=NOW), "no rate")
    assert b"10.0.0.1" not in bytes_below(tmp_path)


def test_what_is_over_is_forgotten(desk):
    desk.meter("login", "10.0.0.1", moment=NOW)
    refused(lambda: sign_in(desk, "nobody", "wrong wrong wrong"), WRONG)
    desk.store.forget(NOW - timedelta(1))
    assert held(desk) == 1
    desk.store.forget(NOW + timedelta(1))
    assert held(desk) == 0

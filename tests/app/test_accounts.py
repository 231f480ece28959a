"""Trust of a city: where things lie, who may do what, and what a person sees."""

import io
import json
from datetime import timedelta

import pytest

from app.line import contents, fine, refused
from operations.trust.desk import NAME, NOW, PERSON, PHONE, bytes_below, identity, reading
from tulou.app import exits
from tulou.app.accounts import open_trust
from tulou.kernel.errors import BadInput


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "keys"))
    for name in ("TULOU_TRUST", "TULOU_REQUESTERS", "TULOU_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "keys"


def test_an_identity_never_enters_the_folder_of_the_city(own, keys):
    before = contents(own)
    trust = open_trust(own)
    receipt = trust.vault.put(identity(), "R1", moment=NOW)
    assert open_trust(own).vault.reveal(receipt.token, "R1", reading()).details == PERSON
    assert contents(own) == before
    assert trust.home.stat().st_mode & 0o777 == 0o700
    assert NAME.encode() not in bytes_below(own.parent)
    assert [path.stat().st_mode & 0o777 for path in keys.glob("*.json")] == [0o600]


def test_where_there_is_no_city_nothing_is_made(tmp_path):
    with pytest.raises(BadInput):
        open_trust(tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())


PASSWORD = "three round houses"  # noqa: S105
OTHER = "seven square wells"


@pytest.fixture
def typed(monkeypatch):
    """Calls the command line with a secret on its standard input, and with a token."""

    def call(*words, secret="", token="", code=0, language="en"):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
        monkeypatch.setenv("TULOU_TOKEN", token)
        words = (*words, "--stdin") if secret else words
        return fine(*words, language=language) if not code else refused(code, *words, language=language)

    return call


@pytest.fixture
def keeper(own, typed):
    """The token of the account keeper of a city whose accounts are on."""
    typed("account", "on", own, "lin", secret=PASSWORD)
    return typed("account", "login", own, "lin", secret=PASSWORD).strip()


def signed_in(typed, own, keeper, name, *grants):
    typed("account", "add", own, name, secret=OTHER, token=keeper)
    for words in grants:
        typed("account", "grant", own, name, *words, token=keeper)
    return typed("account", "login", own, name, secret=OTHER).strip()


CASE = ("--class", "dirty_road", "--text", "mud", "--by", "supervision_centre")


def test_without_accounts_nobody_checks_and_with_them_a_token_is_needed(own, typed):
    typed("case", "open", own, *CASE)
    typed("account", "on", own, "lin", secret=PASSWORD)
    said = typed("case", "open", own, *CASE, code=exits.BAD_USE)
    assert "sign in again" in said
    assert "令牌无效" in typed("case", "open", own, *CASE, code=exits.BAD_USE, language="zh")
    assert "switched on already" in typed("account", "on", own, "chen", secret=OTHER, code=exits.BAD_USE)


def test_a_case_is_moved_for_the_body_and_in_the_days_of_a_grant(own, typed, keeper):
    bound = ("--role", "dispatcher", "--body", "supervision_centre")
    token = signed_in(typed, own, keeper, "chen", bound)
    typed("case", "open", own, *CASE, token=token)
    typed("case", "do", own, "C000001", "accept", "--by", "supervision_centre", token=token)
    typed("case", "do", own, "C000001", "file", "--by", "supervision_centre", token=token)
    words = ("case", "do", own, "C000001", "dispatch", "--to", "urban_management", "--by", "command_centre")
    said = typed(*words, token=token, code=exits.BAD_USE)
    assert "may not act for this body" in said
    assert "supervision_centre" in said
    assert "may not do that" in typed("case", "open", own, *CASE, token=keeper, code=exits.BAD_USE)
    typed("account", "end", own, "chen", *bound, "--until", "2026-01-01", token=keeper)
    assert "may not do that" in typed("case", "open", own, *CASE, token=token, code=exits.BAD_USE)


def test_the_keeper_of_accounts_alone_makes_them(own, typed, keeper):
    token = signed_in(typed, own, keeper, "chen", ("--role", "auditor"))
    before = bytes_below(own.parent / "own.city.trust")
    for words in (("add", own, "li"), ("password", own, "lin")):
        assert "may not do that" in typed("account", *words, secret=OTHER, token=token, code=exits.BAD_USE)
    for words in (("grant", own, "chen", "--role", "officer"), ("close", own, "lin"), ("list", own)):
        assert "may not do that" in typed("account", *words, token=token, code=exits.BAD_USE)
    assert "never" not in typed("account", "list", own, token=keeper)
    assert bytes_below(own.parent / "own.city.trust") == before
    said = typed("account", "grant", own, "chen", "--role", "officer", token=keeper, code=exits.BAD_USE)
    assert "may not hold these roles at once" in said
    typed("account", "password", own, "chen", secret="nine tall towers", token=token)  # noqa: S106
    assert "does not hold" in typed("account", "logout", own, token=token, code=exits.BAD_USE)


def test_the_list_tells_grants_and_days(own, typed, keeper):
    signed_in(typed, own, keeper, "chen", ("--role", "officer", "--body", "gas", "--until", "2099-01-01"))
    shown = typed("account", "list", own, token=keeper)
    assert "● officer officer of a body  gas  everywhere" in shown
    assert "2099-01-01" in shown
    typed("account", "close", own, "chen", token=keeper)
    assert "chen  closed" in typed("account", "list", own, token=keeper)
    assert "账号管理员" in typed("account", "list", own, token=keeper, language="zh")


def test_who_looked_is_seen_by_the_person_and_by_nobody_without_the_receipt(own, typed, keeper):
    receipt = open_trust(own).vault.put(identity(), "R1", moment=NOW, shielded_from=["gas"])
    bound = ("--role", "officer", "--body", "urban_management")
    token = signed_in(typed, own, keeper, "chen", bound, ("--role", "officer", "--body", "gas"))
    words = ("account", "reveal", own, receipt.token, "--matter", "R1", "--purpose", "contact")
    assert PHONE in typed(*words, "--body", "urban_management", token=token)
    assert "closed to the body" in typed(*words, "--body", "gas", token=token, code=exits.BAD_USE)
    assert "for this purpose" in typed(*words[:-1], "danger", "--body", "gas", token=token, code=exits.BAD_USE)
    assert "needs a purpose" in typed(*words[:-1], "curiosity", "--body", "gas", token=token, code=exits.BAD_USE)
    seen = typed("account", "accesses", own, secret=receipt.receipt)
    assert "urban_management" in seen
    assert "chen" in seen
    assert "refused" in seen
    assert "联系诉求人" in typed("account", "accesses", own, secret=receipt.receipt, language="zh")
    assert NAME not in seen
    told = json.loads(typed("account", "accesses", own, "--json", secret=receipt.receipt))
    assert [(one["body"], one["purpose"], one["outcome"]) for one in told] == [
        ("urban_management", "contact", "granted"), ("gas", "contact", "refused"),
    ]  # fmt: skip
    assert "no record has this receipt" in typed("account", "accesses", own, secret="AAAA", code=exits.BAD_USE)  # noqa: S106


def test_without_accounts_a_reading_names_its_body_and_the_log_says_so(own, typed):
    receipt = open_trust(own).vault.put(identity(), "R1", moment=NOW)
    words = ("account", "reveal", own, receipt.token, "--matter", "R1", "--purpose", "contact")
    assert "the body that reads is named" in typed(*words, code=exits.BAD_USE)
    assert NAME in typed(*words, "--body", "hotline")
    assert "(no accounts)" in typed("account", "accesses", own, secret=receipt.receipt)
    fresh = open_trust(own).vault.put(identity(), "R2", moment=NOW)
    assert "Nobody has looked" in typed("account", "accesses", own, secret=fresh.receipt)


def test_records_end_and_keys_change_from_the_command_line(own, typed):
    assert "no requester" not in typed("account", "erase-due", own)
    old = open_trust(own).vault.put(identity(), "R0", moment=NOW - timedelta(days=800))
    receipt = open_trust(own).vault.put(identity(), "R1", moment=NOW)
    assert "1 records past their day" in typed("account", "erase-due", own)
    assert "1 records are under fresh keys" in typed("account", "rotate-keys", own)
    asked = ("--purpose", "person_asked", "--body", "hotline")
    typed("account", "keep", own, receipt.token, "--until", "2030-01-01", *asked)
    typed("account", "erase", own, receipt.token, *asked)
    for token in (old.token, receipt.token):
        words = ("account", "reveal", own, token, "--matter", "R1", *asked)
        assert "erased" in typed(*words, code=exits.BAD_USE) or token == old.token


def test_a_city_whose_accounts_are_gone_is_refused_not_opened_without_them(own, typed, keeper):
    home = open_trust(own).home
    home.rename(home.with_name("elsewhere"))
    assert "store of them is not there" in typed("account", "login", own, "lin", secret=PASSWORD, code=exits.BAD_INPUT)
    assert "store of them is not there" in typed("case", "open", own, *CASE, token=keeper, code=exits.BAD_INPUT)


def test_an_empty_secret_and_a_weak_password_are_refused_and_switch_nothing_on(own, typed, monkeypatch):
    assert "too short" in typed("account", "on", own, "lin", secret="short", code=exits.BAD_USE)  # noqa: S106
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "one line of the standard input" in refused(exits.BAD_USE, "account", "on", own, "lin", "--stdin")
    assert not open_trust(own).is_on


def test_roles_are_told_in_both_languages():
    assert "从不" not in fine("account", "roles", language="zh")
    assert "不得兼任" in fine("account", "roles", language="zh")
    assert "auditor × officer" in fine("account", "roles")

"""Signing in: passwords, tokens, waits; a name that does not exist is answered like one that does, after as long."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tulou.kernel.errors import BadUse
from tulou.kernel.identity import digest_text
from tulou.operations.trust.domain.accesses import Note, Outcome
from tulou.operations.trust.domain.accounts import Account, Grant, Hold, check_grant
from tulou.operations.trust.domain.rates import TOO_OFTEN, rate_of, tried
from tulou.operations.trust.domain.requesters import Reader, Reading
from tulou.operations.trust.domain.rules import Rules
from tulou.operations.trust.domain.waits import failed
from tulou.operations.trust.handlers.ports import AccessLog, AccountStore, Hasher

WRONG = "name or password is not right, or this name has to wait"
NO_TOKEN = "this token does not hold: sign in again"  # noqa: S105  (a sentence)
NO_ACCOUNT = "there is no such account"
NO_NAME = "the name of an account has 1 to 64 letters, digits, dots, hyphens or underscores"
SHORT = "a password is not too short and not too long"
EASY = "a password is not the name of the account, nor one letter again and again"
NO_GRANT = "this account has no such grant to end"
MOST_LETTERS = 64
FEWEST_DIFFERENT = 5
"""Different letters a password has at least."""

ID_BYTES = 6
TOKEN_BYTES = 32
FAILURE = "failure"


@dataclass(frozen=True)
class Session:
    """What comes of signing in.

    Args:
        account: The account.
        token: Proves it until it ends; kept nowhere.
        ends: When it ends.
    """

    account: Account
    token: str = field(repr=False)
    ends: datetime


@dataclass(eq=False)
class Accounts:
    """Accounts of one city.

    Args:
        store: Where they are kept.
        hasher: Hashes passwords.
        rules: Roles and numbers.
        log: Where it is written down.
    """

    store: AccountStore
    hasher: Hasher
    rules: Rules
    log: AccessLog

    def authenticate(self, name: str, password: str, *, moment: datetime) -> Session:
        """Sign in.

        The failure is counted before the password is looked at and taken back when it was right, so that guesses made
        at once count each; a name that has to wait is not looked at, whether it exists or not.

        Raises:
            BadUse: When name or password is not right, or the name has to wait; never says which.
        """
        numbers = self.rules.settings.on("lockout", moment.date())
        key = digest_text(f"name {name}")
        wait = self.store.change(FAILURE, key, lambda hold: _counted(numbers, hold, moment))
        if wait > moment:
            raise BadUse(WRONG, where="sign-in", allowed=(_after(wait, moment),))
        found = self.store.account(name)
        hashed = found[1] if found else self._nobody()
        is_right = self.hasher.matches(hashed, plain(password))
        if found is None or not is_right or found[0].closed:
            self._note(Reader("", found[0].id if found else ""), "login", name, moment, outcome="refused")
            raise BadUse(WRONG, where="sign-in")
        account = found[0]
        self.store.change(FAILURE, key, lambda _hold: (None, None))
        if self.hasher.is_outdated(hashed):
            self.store.set_password(account.id, self.hasher.hashed(plain(password)))
        return self._session(account, moment)

    def holder(self, token: str, moment: datetime) -> Account:
        """The account that a token proves.

        Raises:
            BadUse: When it does not hold.
        """
        found = self.store.holder(digest_text(token), moment) if token else None
        if found is None:
            raise BadUse(NO_TOKEN, where="token", allowed=("tulou account login",))
        return found

    def sign_out(self, token: str, moment: datetime) -> None:
        """End a token."""
        account = self.holder(token, moment)
        self.store.end_tokens(account.id, digest_text(token))
        self._note(Reader("", account.id), "logout", account.id, moment)

    def add(self, name: str, password: str, *, by: Reader, moment: datetime) -> Account:
        """Make an account, without any grant.

        Raises:
            BadUse: When the name is none or taken, or the password too weak.
        """
        if not 0 < len(name) <= MOST_LETTERS or not all(letter.isalnum() or letter in "._-" for letter in name):
            raise BadUse(NO_NAME, where="NAME", found=name)
        self._check(name, password, moment)
        account = Account(f"a-{secrets.token_hex(ID_BYTES)}", name)
        self.store.add(account, self.hasher.hashed(plain(password)))
        self._note(by, "account.add", account.id, moment)
        return account

    def set_password(self, name: str, password: str, *, by: Reader, moment: datetime) -> None:
        """Set a password anew; all tokens of the account end.

        Raises:
            BadUse: When there is no such account, or the password is too weak.
        """
        account = self.named(name)
        self._check(name, password, moment)
        self.store.set_password(account.id, self.hasher.hashed(plain(password)))
        self.store.end_tokens(account.id)
        self._note(by, "account.password", account.id, moment)

    def grant(self, name: str, grant: Grant, *, by: Reader, moment: datetime) -> None:
        """Grant a role.

        Raises:
            BadUse: When there is no such account or role, or another role excludes it.
        """
        account = self.named(name)
        check_grant(self.rules, account, grant)
        self.store.grant(account.id, grant)
        about = f"{grant.role} {grant.body} {grant.area} {grant.since} {grant.until or ''}"
        self._note(by, "account.grant", account.id, moment, about=" ".join(about.split()))

    def end_grant(self, name: str, grant: Grant, *, by: Reader, moment: datetime) -> None:
        """End a grant on a day, the last on which it holds.

        Raises:
            BadUse: When there is none that holds beyond it.
        """
        account = self.named(name)
        if not self.store.end_grants(account.id, grant):
            held = tuple(f"{one.role} {one.body}".strip() for one in account.grants)
            raise BadUse(NO_GRANT, where=name, found=f"{grant.role} {grant.body}".strip(), allowed=held)
        about = " ".join(f"{grant.role} {grant.body} {grant.until}".split())
        self._note(by, "account.end", account.id, moment, about=about)

    def close(self, name: str, *, by: Reader, moment: datetime) -> None:
        """Close an account for good; its tokens end.

        Raises:
            BadUse: When there is no such account.
        """
        account = self.named(name)
        self.store.close(account.id, moment)
        self._note(by, "account.close", account.id, moment)

    def named(self, name: str) -> Account:
        """An account by its name, for those who keep accounts.

        Raises:
            BadUse: When there is none.
        """
        found = self.store.account(name)
        if found is None:
            allowed = tuple(one.name for one in self.store.accounts())
            raise BadUse(NO_ACCOUNT, where="NAME", found=name, allowed=allowed)
        return found[0]

    def meter(self, action: str, who: str, *, moment: datetime) -> None:
        """Count one doing of an action by an account or address; kept across restarts.

        Raises:
            BadUse: When it is asked too often, or the action has no rate.
        """
        rate = rate_of(self.rules.settings.on("rates", moment.date()), action)
        wait = self.store.change(action, digest_text(f"rate {who}"), lambda hold: tried(rate, hold, moment))
        if wait > timedelta():
            raise BadUse(TOO_OFTEN, where=action, allowed=(_after(moment + wait, moment),))

    def _session(self, account: Account, moment: datetime) -> Session:
        lasts = self.rules.settings.number("tokens", "lasts", moment.date())
        token, ends = f"tk-{secrets.token_urlsafe(TOKEN_BYTES)}", moment + timedelta(seconds=lasts)
        self.store.add_token(digest_text(token), account.id, ends)
        self._note(Reader("", account.id), "login", account.id, moment)
        return Session(account, token, ends)

    def _nobody(self) -> str:
        """The hash of a password that nobody knows, by the parameters that hold now."""
        if not hasattr(self, "_unknown"):
            self._unknown = self.hasher.hashed(secrets.token_urlsafe(TOKEN_BYTES))
        return self._unknown

    def _check(self, name: str, password: str, moment: datetime) -> None:
        numbers = self.rules.settings.on("passwords", moment.date())
        shortest, longest = int(numbers["shortest"]), int(numbers["longest"])
        if not shortest <= len(plain(password)) <= longest:
            raise BadUse(SHORT, where="password", allowed=(f"{shortest} to {longest}",))
        if name.casefold() in password.casefold() or len(set(password)) < FEWEST_DIFFERENT:
            raise BadUse(EASY, where="password")

    def _note(
        self, by: Reader, action: str, what: str, moment: datetime, *, about: str = "", outcome: Outcome = "granted"
    ) -> None:
        self.log.add(Note(Reading(by, "", moment), action, what, outcome, about))


def plain(password: str) -> str:
    """A password as it is hashed: the same letters however they were typed."""
    return unicodedata.normalize("NFKC", password)


def _counted(numbers: Mapping[str, float], hold: Hold | None, moment: datetime) -> tuple[Hold | None, datetime]:
    """One more failure held against a name, unless it has to wait already; and until when it has to."""
    if hold is not None and hold.until > moment:
        return hold, hold.until
    return failed(numbers, hold, moment), moment


def _after(end: datetime, moment: datetime) -> str:
    seconds = -(-(end - moment) // timedelta(seconds=1))
    return f"in {seconds} s"

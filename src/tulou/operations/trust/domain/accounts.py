"""Accounts: who may do what, for which body, where, on which day, for which purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tulou.kernel.errors import BadUse, Fault
from tulou.operations.trust.domain.rules import Rules

NOT_GRANTED = "this account may not do that"
NOT_FOR_THIS = "this account may not do that for this purpose"
NOT_FOR_BODY = "this account may not act for this body"
NOT_HERE = "this account may not do that in this area"
NO_ACTION = "there is no such action"
PARTED = "one account may not hold these roles at once"
BACKWARDS = "a grant ends after it begins"
OF_A_MACHINE = "no account may act for a program that acts by itself"


@dataclass(frozen=True)
class Grant:
    """A role, bound to a body and an area, from a day to a day.

    Args:
        role: The role.
        body: Body it holds for; empty for what is done for no body.
        area: Beginning of the codes of the units it holds in; empty for everywhere.
        since: First day.
        until: Last day; None until further notice.
    """

    role: str
    body: str
    area: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, other: Grant) -> bool:
        """Whether two grants hold on the same day."""
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)


@dataclass(frozen=True)
class Account:
    """An account. It is an office of one person; nothing else of the person is kept.

    Args:
        id: Its id, which says nothing.
        name: The name it signs in with.
        grants: What it was granted.
        closed: When it was closed.
    """

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    closed: datetime | None = None


@dataclass(frozen=True)
class Target:
    """What something is done to.

    Args:
        body: Body it is done for; empty when it is done for none.
        area: Code of the unit it lies in; empty when that is unknown, which no grant of an area covers.
    """

    body: str = ""
    area: str = ""


ANYTHING = Target()
"""What is done to nothing in particular."""


@dataclass(frozen=True)
class Hold:
    """What is held of a name or an address between two tries.

    Args:
        count: Failures so far.
        last: The last of them, or when the next try is expected.
        until: When the next may be made.
    """

    count: int
    last: datetime
    until: datetime


@dataclass(frozen=True)
class Decision:
    """Whether something may be done.

    Args:
        grant: The grant that allows it; None when none does.
        fault: Why not; None when it may.
    """

    grant: Grant | None
    fault: Fault | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether it may be done."""
        return self.grant is not None


def may(
    rules: Rules, account: Account, action: str, target: Target = ANYTHING, *, purpose: str = "", day: date
) -> Decision:
    """Whether an account may do something to something, for a purpose.

    Args:
        rules: Roles and purposes.
        account: The account.
        action: What is to be done.
        target: To what.
        purpose: For what; needed where personal data are read or changed.
        day: On which day.

    Raises:
        BadUse: When there is no such action or purpose.
    """
    if action not in rules.actions:
        raise BadUse(NO_ACTION, found=action, allowed=tuple(rules.actions))
    if action in rules.personal:
        rules.purpose(purpose)
    if target.body in rules.machines:
        return Decision(None, Fault(OF_A_MACHINE, account.name, target.body))
    left = [one for one in account.grants if not account.closed and one.holds(day) and one.role in rules.roles]
    sieves = (
        (NOT_GRANTED, action, [one for one in left if action in rules.roles[one.role].actions]),
        (NOT_FOR_THIS, purpose, [one for one in left if not purpose or purpose in rules.roles[one.role].purposes]),
        (NOT_FOR_BODY, target.body, [one for one in left if target.body in {"", one.body}]),
        (NOT_HERE, target.area, [one for one in left if not one.area or target.area.startswith(one.area)]),
    )
    kept = left
    for what, found, passing in sieves:
        before, kept = kept, [one for one in kept if one in passing]
        if not kept:
            return Decision(None, Fault(what, account.name, found or None, _offers(rules, what, before)))
    return Decision(kept[0])


def _offers(rules: Rules, what: str, grants: Iterable[Grant]) -> tuple[str, ...]:
    """What the account may do instead, of the kind that failed."""
    found = {
        NOT_GRANTED: {action for one in grants for action in rules.roles[one.role].actions},
        NOT_FOR_THIS: {purpose for one in grants for purpose in rules.roles[one.role].purposes},
        NOT_FOR_BODY: {one.body for one in grants if one.body},
        NOT_HERE: {f"{one.area}…" for one in grants},
    }[what]
    return tuple(sorted(found))


def check_grant(rules: Rules, account: Account, grant: Grant) -> None:
    """Refuse a grant that may not be.

    Raises:
        BadUse: When there is no such role, its body is a program, it ends before it begins, or one that holds at the
            same time excludes it.
    """
    rules.role(grant.role)
    if grant.body in rules.machines:
        raise BadUse(OF_A_MACHINE, where="--body", found=grant.body)
    if grant.until is not None and grant.until < grant.since:
        raise BadUse(BACKWARDS, where="--until", found=str(grant.until), allowed=(f"from {grant.since}",))
    roles = {one.role for one in account.grants if one.meets(grant)} | {grant.role}
    parted = rules.parted(roles)
    if parted is not None:
        allowed = tuple(sorted(set(rules.roles) - parted.roles))
        raise BadUse(PARTED, where=account.name, found=", ".join(sorted(parted.roles)), allowed=allowed)

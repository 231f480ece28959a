"""Accounts, grants and accesses in words, for the screen and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.trust.domain.accesses import Access
from tulou.operations.trust.domain.accounts import Account, Grant
from tulou.operations.trust.domain.rules import Rules

HEADS = (
    Words("时刻", "Moment"),
    Words("单位", "Body"),
    Words("角色", "Role"),
    Words("账号", "Account"),
    Words("操作", "Action"),
    Words("目的", "Purpose"),
    Words("结果", "Outcome"),
)
OUTCOMES = {"granted": Words("已准许", "granted"), "refused": Words("已拒绝", "refused")}
NO_ACCOUNTS = Words("（未启用账号）", "(no accounts)")
NOBODY_LOOKED = Words("无人查看过这条记录。", "Nobody has looked at this record.")
NO_GRANT = Words("没有授权", "no grant")
CLOSED = Words("已停用", "closed")
ANYWHERE = Words("全市", "everywhere")
EVER = Words("长期", "until further notice")


def access_lines(found: Iterable[Access], rules: Rules, names: Mapping[str, str], language: Language) -> str:
    """Accesses as a table: when, who for whom, why.

    Args:
        found: The accesses.
        rules: Words of roles, actions and purposes.
        names: Names of accounts by id.
        language: The language.
    """
    rows = [[cell.say(language) if isinstance(cell, Words) else cell for cell in _row(one, rules, names)]
            for one in found]  # fmt: skip
    return table([head.say(language) for head in HEADS], rows) if rows else NOBODY_LOOKED.say(language)


def _row(one: Access, rules: Rules, names: Mapping[str, str]) -> list[Words | str]:
    role = rules.roles.get(one.role) or rules.machines.get(one.role)
    purpose = rules.purposes.get(one.purpose)
    return [
        moment_text(one.moment),
        one.body,
        role.title if role else one.role,
        (names.get(one.account) or one.account) if one.account else NO_ACCOUNTS,
        rules.actions.get(one.action, one.action),
        purpose.title if purpose else one.purpose,
        OUTCOMES.get(one.outcome, one.outcome),
    ]


def moment_text(moment: datetime) -> str:
    """A moment to the minute, with its offset."""
    return moment.isoformat(timespec="minutes")


def access_plain(found: Iterable[Access]) -> list[dict[str, Any]]:
    """Accesses as plain data."""
    return [{**vars(one), "moment": one.moment.isoformat()} for one in found]


def account_lines(found: Iterable[Account], rules: Rules, day: date, language: Language) -> list[str]:
    """Accounts with their grants, those that hold on a day marked."""
    lines = []
    for account in found:
        lines.append(account.name + (f"  {CLOSED.say(language)}" if account.closed else ""))
        lines += [f"  {_grant(one, rules, day, language)}" for one in account.grants]
        if not account.grants:
            lines.append(f"  {NO_GRANT.say(language)}")
    return lines


def _grant(one: Grant, rules: Rules, day: date, language: Language) -> str:
    role = rules.roles.get(one.role)
    title = role.title.say(language) if role else one.role
    end = str(one.until) if one.until else EVER.say(language)
    mark = "●" if one.holds(day) else "○"
    return f"{mark} {one.role} {title}  {one.body or '-'}  {one.area or ANYWHERE.say(language)}  {one.since} – {end}"


def role_lines(rules: Rules, language: Language) -> list[str]:
    """Roles with what may be done in them, purposes with their basis, separations, programs."""
    lines = []
    for role in rules.roles.values():
        lines.append(f"{role.name}  {role.title.say(language)}")
        lines += [f"  {action}  {rules.actions[action].say(language)}" for action in sorted(role.actions)]
        lines += [f"  → {name}  {rules.purposes[name].title.say(language)}" for name in sorted(role.purposes)]
    lines += ["", Words("目的", "Purposes").say(language)]
    lines += [
        f"  {one.name}  {one.title.say(language)}  [{one.evidence}] {one.basis}" for one in rules.purposes.values()
    ]
    lines += ["", Words("不得兼任", "Never in one hand").say(language)]
    lines += [f"  {' × '.join(sorted(one.roles))}  {one.why.say(language)}" for one in rules.separations]
    lines += ["", Words("自行操作的程序", "Programs that act by themselves").say(language)]
    for one in rules.machines.values():
        lines.append(f"  {one.name}  {one.title.say(language)}")
        lines += [f"    {right}" for right in one.rights]
    return lines

"""``tulou account``: accounts, roles, tokens, requesters, and who looked at whom."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tulou.app.cli.options import Commands, city_argument, parse_option_day, rulebook_option
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.accounts import Trust
    from tulou.operations.trust.domain.requesters import Reader, Reading

MOST_SECRET = 4096
"""Characters read of a line that holds a secret."""

NO_SECRET = "a secret is typed when asked for, or stands on one line of the standard input"  # noqa: S105

FIELD_WORDS = {
    "name": Words("姓名或称呼", "Name"),
    "phone": Words("电话", "Phone"),
    "address": Words("地址", "Address"),
    "mail": Words("电子邮箱", "Mail"),
    "language": Words("使用的语言", "Language"),
    "note": Words("联系注意事项", "How to reach"),
}

name_argument = click.argument("name", metavar="NAME")
stdin_option = click.option(
    "--stdin", "is_piped", is_flag=True, help="Read the secret from the standard input instead of asking for it."
)
role_option = click.option("--role", required=True, help="Role; `roles` lists them.")
body_option = click.option("--body", default="", help="Id of the body it holds for.")
purpose_option = click.option("--purpose", required=True, help="Purpose of the list; `roles` lists them.")
token_argument = click.argument("token", metavar="TOKEN")


class AccountCommands(Commands):
    """Commands of accounts."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=AccountCommands)
def account() -> None:
    """Accounts and roles, requesters kept apart, and who looked at whom."""


@account.command()
@rulebook_option
def roles(*, rulebooks: tuple[str, ...]) -> None:
    """List roles, purposes, and what is never in one hand."""
    from tulou.app.accounts_lines import role_lines
    from tulou.operations.trust.adapters.reading import read_rules

    say("\n".join(role_lines(read_rules(list(rulebooks or RULEBOOKS)), language())))


@account.command("on")
@city_argument
@name_argument
@stdin_option
@rulebook_option
def switch_on(city: Path, name: str, *, is_piped: bool, rulebooks: tuple[str, ...]) -> None:
    """Switch the accounts of CITY on; NAME becomes the account that makes others."""
    trust = _opened(city, rulebooks)
    trust.switch_on(name, _new_password(is_piped=is_piped), moment=now())
    say(Words(f"账号已启用；{name} 为账号管理员", f"Accounts are on; {name} is the account keeper"))


@account.command()
@city_argument
@name_argument
@stdin_option
@rulebook_option
def add(city: Path, name: str, *, is_piped: bool, rulebooks: tuple[str, ...]) -> None:
    """Make the account NAME in CITY, with its password; it may do nothing yet."""
    trust = _opened(city, rulebooks)
    by = _keeper(trust)
    trust.accounts.add(name, _new_password(is_piped=is_piped), by=by, moment=now())
    say(Words(f"已开立账号 {name}，尚无授权", f"Account {name} is made, without any grant"))


@account.command()
@city_argument
@name_argument
@role_option
@body_option
@click.option("--area", default="", help="Beginning of the codes of the units it holds in; everywhere by default.")
@click.option("--from", "since", help="First day; today by default.")
@click.option("--until", help="Last day; until further notice by default.")
@rulebook_option
def grant(city: Path, name: str, **words: Any) -> None:  # noqa: ANN401
    """Grant NAME a role for a body, in an area, from a day to a day."""
    from tulou.operations.trust.domain.accounts import Grant

    trust, moment = _opened(city, words["rulebooks"]), now()
    since = parse_option_day(words["since"], "--from") or moment.date()
    given = Grant(words["role"], words["body"], words["area"], since, parse_option_day(words["until"], "--until"))
    trust.accounts.grant(name, given, by=_keeper(trust), moment=moment)
    say(Words(f"{name} 已授予 {given.role}", f"{name} is granted {given.role}"))


@account.command()
@city_argument
@name_argument
@role_option
@body_option
@click.option("--until", help="Last day on which it holds; today by default.")
@rulebook_option
def end(city: Path, name: str, *, role: str, body: str, until: str | None, rulebooks: tuple[str, ...]) -> None:
    """End a grant of NAME."""
    from tulou.operations.trust.domain.accounts import Grant

    trust, moment = _opened(city, rulebooks), now()
    last = parse_option_day(until, "--until") or moment.date()
    trust.accounts.end_grant(name, Grant(role, body, "", last, last), by=_keeper(trust), moment=moment)
    say(Words(f"{name} 的 {role} 至 {last} 止", f"{name} is {role} until {last}"))


@account.command()
@city_argument
@name_argument
@stdin_option
@rulebook_option
def password(city: Path, name: str, *, is_piped: bool, rulebooks: tuple[str, ...]) -> None:
    """Set the password of NAME anew, one's own or as account keeper; its tokens end."""
    from tulou.app.accounts import TOKEN
    from tulou.operations.trust.domain.requesters import Reader

    trust = _opened(city, rulebooks)
    mine = trust.accounts.holder(os.environ.get(TOKEN, ""), now())
    by = Reader("", mine.id) if mine.name == name else _keeper(trust)
    trust.accounts.set_password(name, _new_password(is_piped=is_piped), by=by, moment=now())
    say(Words(f"{name} 的密码已更换，原有令牌失效", f"The password of {name} is set; its tokens ended"))


@account.command()
@city_argument
@name_argument
@rulebook_option
def close(city: Path, name: str, *, rulebooks: tuple[str, ...]) -> None:
    """Close the account NAME for good."""
    trust = _opened(city, rulebooks)
    trust.accounts.close(name, by=_keeper(trust), moment=now())
    say(Words(f"账号 {name} 已停用", f"Account {name} is closed"))


@account.command("list")
@city_argument
@rulebook_option
def list_command(city: Path, *, rulebooks: tuple[str, ...]) -> None:
    """List the accounts of CITY with their grants."""
    from tulou.app.accounts_lines import account_lines

    trust = _opened(city, rulebooks)
    _keeper(trust)
    say("\n".join(account_lines(trust.accounts.store.accounts(), trust.rules, now().date(), language())))


@account.command()
@city_argument
@name_argument
@stdin_option
@rulebook_option
def login(city: Path, name: str, *, is_piped: bool, rulebooks: tuple[str, ...]) -> None:
    """Sign in; prints a token for the variable TULOU_TOKEN."""
    trust = _opened(city, rulebooks)
    session = trust.accounts.authenticate(name, _secret(is_piped=is_piped), moment=now())
    click.echo(session.token)


@account.command()
@city_argument
@rulebook_option
def logout(city: Path, *, rulebooks: tuple[str, ...]) -> None:
    """End the token of TULOU_TOKEN."""
    from tulou.app.accounts import TOKEN

    trust = _opened(city, rulebooks)
    trust.accounts.sign_out(os.environ.get(TOKEN, ""), now())
    say(Words("已退出", "Signed out"))


@account.command()
@city_argument
@click.option("--matter", required=True, help="Id of the request it belongs to.")
@click.option("--body", required=True, help="Body that takes the request in.")
@click.option("--shield", "shielded", multiple=True, help="Body complained about, which never sees it; repeatable.")
@stdin_option
@rulebook_option
def record(
    city: Path, *, matter: str, body: str, shielded: tuple[str, ...], is_piped: bool, rulebooks: tuple[str, ...]
) -> None:
    """Put away who asked, as lines like `phone: 139…`; prints the token for the case and the receipt for the person."""
    from tulou.operations.trust.domain.requesters import Identity

    trust, moment = _opened(city, rulebooks), now()
    trust.reader("requester.record", body, moment=moment)
    made = trust.vault.put(Identity(_details(is_piped=is_piped)), matter, moment=moment, shielded_from=shielded)
    click.echo(made.token)
    click.echo(made.receipt)
    say(Words(
        f"第一行写入案件，第二行只告诉本人；{made.erase_on} 后抹除",
        f"The first line goes into the case, the second to the person alone; erased after {made.erase_on}",
    ))  # fmt: skip


@account.command()
@city_argument
@token_argument
@click.option("--matter", required=True, help="Id of the request or case the token stands in.")
@purpose_option
@body_option
@rulebook_option
def reveal(city: Path, token: str, *, matter: str, **words: Any) -> None:  # noqa: ANN401
    """Show the requester behind TOKEN, for a purpose; it is logged, and the person can see it."""
    trust = _opened(city, words["rulebooks"])
    found = trust.vault.reveal(token, matter, _reading(trust, "requester.reveal", words))
    for key, value in found.details.items():
        click.echo(f"{key}: {value}")


@account.command()
@city_argument
@token_argument
@click.option("--matter", required=True, help="Id of the request or case the token stands in.")
@purpose_option
@body_option
@rulebook_option
def receipt(city: Path, token: str, *, matter: str, **words: Any) -> None:  # noqa: ANN401
    """Give the person behind TOKEN a receipt anew, with which `accesses` shows who looked; the old one ends."""
    trust = _opened(city, words["rulebooks"])
    click.echo(trust.vault.renew_receipt(token, matter, _reading(trust, "requester.receipt", words)))
    say(Words("只给本人；原回执作废", "For the person alone; the receipt before it is void"))


@account.command()
@city_argument
@token_argument
@click.option("--until", required=True, help="Last day on which it is kept.")
@purpose_option
@body_option
@rulebook_option
def keep(city: Path, token: str, *, until: str, **words: Any) -> None:  # noqa: ANN401
    """Keep the record behind TOKEN longer, for a request that is still open."""
    trust, last = _opened(city, words["rulebooks"]), parse_option_day(until, "--until")
    if last is not None:
        trust.vault.keep(token, last, _reading(trust, "requester.keep", words))
    say(Words(f"保存至 {until}", f"Kept until {until}"))


@account.command()
@city_argument
@token_argument
@purpose_option
@body_option
@rulebook_option
def erase(city: Path, token: str, **words: Any) -> None:  # noqa: ANN401
    """Erase the record behind TOKEN."""
    trust = _opened(city, words["rulebooks"])
    trust.vault.erase(token, _reading(trust, "requester.erase", words))
    say(Words("已抹除", "Erased"))


@account.command("erase-due")
@city_argument
@rulebook_option
def erase_due(city: Path, *, rulebooks: tuple[str, ...]) -> None:
    """Erase records of CITY that are past their day, and drop the keys of months that are over."""
    trust, moment = _opened(city, rulebooks), now()
    trust.reader("key.rotate", "", moment=moment)
    count = trust.vault.erase_due(moment.date()) if trust.has_vault else 0
    say(Words(f"已抹除 {count} 条到期记录", f"{count} records past their day were erased"))


@account.command("rotate-keys")
@city_argument
@rulebook_option
def rotate_keys(city: Path, *, rulebooks: tuple[str, ...]) -> None:
    """Put all records of CITY under fresh keys and drop the old ones."""
    trust = _opened(city, rulebooks)
    trust.reader("key.rotate", "", moment=now())
    count = trust.vault.rotate() if trust.has_vault else 0
    say(Words(f"{count} 条记录已换用新密钥", f"{count} records are under fresh keys"))


@account.command()
@city_argument
@stdin_option
@click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
@rulebook_option
def accesses(city: Path, *, is_piped: bool, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """Show a person who looked at the record of their request, and why; asks for the receipt."""
    from tulou.app.accounts_lines import access_lines, access_plain

    trust = _opened(city, rulebooks)
    found = trust.accesses_of(_secret(is_piped=is_piped))
    names = {one.id: one.name for one in trust.accounts.store.accounts()} if trust.is_on else {}
    if is_json:
        click.echo(json.dumps(access_plain(found), ensure_ascii=False, indent=1))
    else:
        say(access_lines(found, trust.rules, names, language()))


def _opened(city: Path, rulebooks: tuple[str, ...]) -> Trust:
    from tulou.app.accounts import open_trust  # loads storage, rules and ciphers

    return open_trust(city, rulebooks or RULEBOOKS)


def _keeper(trust: Trust) -> Reader:
    """Who keeps accounts; a city without accounts has none."""
    _ = trust.accounts
    return trust.reader("account.manage", "", moment=now())


def _reading(trust: Trust, action: str, words: dict[str, Any]) -> Reading:
    from tulou.operations.trust.domain.requesters import Reading

    moment = now()
    trust.rules.purpose(words["purpose"])
    reader = trust.reader(action, words["body"], purpose=words["purpose"], moment=moment)
    return Reading(reader, words["purpose"], moment)


def _new_password(*, is_piped: bool) -> str:
    if is_piped:
        return _secret(is_piped=True)
    return str(click.prompt(Words("新密码", "New password").say(language()), hide_input=True, confirmation_prompt=True))


def _details(*, is_piped: bool) -> dict[str, str]:
    """What is known of a person: asked for one by one, or lines ``key: value`` of the standard input."""
    from tulou.operations.trust.domain.requesters import FIELDS

    if not is_piped:
        asked = {
            key: str(click.prompt(FIELD_WORDS[key].say(language()), default="", show_default=False)) for key in FIELDS
        }
        return {key: value for key, value in asked.items() if value.strip()}
    lines = [line for line in sys.stdin.read(MOST_SECRET).splitlines() if line.strip()]
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _secret(*, is_piped: bool) -> str:
    if not is_piped:
        return str(click.prompt(Words("密码或回执", "Password or receipt").say(language()), hide_input=True))
    line = sys.stdin.readline(MOST_SECRET).rstrip("\r\n")
    if not line:
        raise BadUse(NO_SECRET, where="--stdin")
    return line

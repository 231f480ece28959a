"""``tulou open311``: serve requests as Open311 GeoReport v2, and read from and report to other servers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tulou.app.cli.loopback import port_option, serve_app
from tulou.app.cli.options import Commands, city_argument, parse_option_day, receipts_option, rulebook_option
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tulou.operations.open311.client import Endpoint

USUAL_PORT = 8311
SHOWN = 20
SHORTEST_KEY = 16
"""Letters a key has at least, so that nobody guesses it."""

url_option = click.option("--url", required=True, help="Address of the server, e.g. https://city.example/open311/v2.")
form_option = click.option("--form", default="json", show_default=True, help="json or xml.")
key_option = click.option("--key-file", type=click.Path(path_type=Path), help="File that holds the key for reports.")
whose_option = click.option("--jurisdiction", default="", help="Whose requests, where a server serves several.")


class Open311Commands(Commands):
    """Commands of Open311."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=Open311Commands)
def open311() -> None:
    """Open311 GeoReport v2: serve a city's requests, pull those of other systems, report to them."""


@open311.command()
@city_argument
@port_option(USUAL_PORT)
@click.option("--keys", type=click.Path(path_type=Path), help="File of keys, one a line, with which reports are taken.")
@whose_option
@rulebook_option
def serve(city: Path, *, port: int, keys: Path | None, jurisdiction: str, rulebooks: tuple[str, ...]) -> None:
    """Serve the cases of city management and the hotline requests of CITY, on this machine only."""
    from tulou.app.open311_desk import open_desk

    held = read_keys(keys) if keys else ()
    desk = open_desk(city, language(), rulebooks or RULEBOOKS)

    def made() -> FastAPI:
        from tulou.app.open311_server import application

        return application(desk, keys=held, jurisdiction=jurisdiction)

    def told(address: str) -> Words:
        taken = Words(f"接受上报，{len(held)} 个密钥", f"reports are taken with {len(held)} keys")
        what = taken if held else Words("只供查询", "for reading only")
        place = f"{address}/open311/v2"
        return Words(f"{place}，{what.zh}（Ctrl-C 结束）", f"{place}, {what.en} (Ctrl-C ends it)")

    serve_app(made, port, told)


@open311.command()
@url_option
@form_option
@whose_option
def services(url: str, form: str, jurisdiction: str) -> None:
    """List what can be reported to a server, and what each service asks."""
    from tulou.operations.open311.client import Endpoint

    found = Endpoint(url, jurisdiction, form=form).services()
    heads = [Words("代码", "code"), Words("名称", "name"), Words("类别", "group")]
    say(table([one.say(language()) for one in heads], [[one.code, one.name, one.group] for one in found]))


@open311.command()
@city_argument
@url_option
@click.option("--from", "since", required=True, help="First day, e.g. 2026-11-01.")
@click.option("--until", required=True, help="Last day.")
@click.option("--status", type=click.Choice(["open", "closed"]), help="Both by default.")
@receipts_option
@form_option
@whose_option
@rulebook_option
def pull(city: Path, **words: Any) -> None:  # noqa: ANN401
    """Take the requests of another server into the hotline of CITY; the same ones again change nothing."""
    from tulou.app.open311_pulling import pull as pull_in
    from tulou.app.requesters import may_write_receipts, write_receipts
    from tulou.app.requesters_lines import put_away_lines

    days = parse_option_day(words["since"], "--from"), parse_option_day(words["until"], "--until")
    endpoint = _endpoint(words)
    if words["receipts"] is not None:
        may_write_receipts(words["receipts"], city)
    found = pull_in(city, endpoint, days, status=words["status"] or "", names=words["rulebooks"] or RULEBOOKS)
    if found.path is None:
        say(Words("没有请求", "no requests"))
        return
    if words["receipts"] is not None and found.requesters.receipts:
        write_receipts(words["receipts"], found.requesters.receipts)
    count, name = found.count, found.path.name
    say(Words(f"已取得 {count:,} 件，保存为 {name}", f"{count:,} requests taken in, kept as {name}"))
    for line in put_away_lines(found.requesters, words["receipts"]):
        say(line)


@open311.command()
@url_option
@click.option("--service", "code", required=True, help="Code of the service; see tulou open311 services.")
@click.option("--text", default="", help="What is said.")
@click.option("--lat", type=float, help="Latitude, degrees WGS 84.")
@click.option("--lon", type=float, help="Longitude, degrees WGS 84.")
@click.option("--address", default="", help="Address in words.")
@click.option("--answer", "answers", multiple=True, help="CODE=ANSWER to what the service asks. Repeatable.")
@key_option
@form_option
@whose_option
def push(**words: Any) -> None:  # noqa: ANN401
    """Report to a server; who reports is not sent."""
    from tulou.operations.open311.records import Submission

    told: dict[str, list[str]] = {}
    for one in words["answers"]:
        code, sign, answer = one.partition("=")
        if not sign:
            raise BadUse("answers are given as CODE=ANSWER", where="--answer", found=one, allowed=("amount=bag",))
        told.setdefault(code, []).append(answer)
    answers = tuple((code, tuple(values)) for code, values in told.items())
    receipt = _endpoint(words).report(
        Submission(words["code"], words["text"], words["lat"], words["lon"], words["address"], answers=answers)
    )
    if receipt.token:
        say(Words(f"已受理，凭证 {receipt.token}", f"taken; token {receipt.token}"))
        return
    say(Words(f"已受理，编号 {receipt.service_request_id}", f"taken as {receipt.service_request_id}"))


def read_keys(path: Path) -> tuple[str, ...]:
    """Keys in a file, one a line.

    Raises:
        BadUse: When there is none, or one is short enough to be guessed. The key itself is not shown.
    """
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise BadUse("the file of keys cannot be read", where="--keys", found=path.name) from None
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found or any(len(key) < SHORTEST_KEY for key in found):
        allowed = (f"keys of at least {SHORTEST_KEY} letters, one a line",)
        raise BadUse("the file of keys holds none, or one that is too short", where="--keys", found=path.name,
                     allowed=allowed)  # fmt: skip
    return found


def _endpoint(words: dict[str, Any]) -> Endpoint:
    from tulou.operations.open311.client import Endpoint

    key = read_keys(words["key_file"])[0] if words.get("key_file") else ""
    return Endpoint(words["url"], words["jurisdiction"], key, words["form"])

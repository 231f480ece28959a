"""``tulou inspect``: plan, draw, reveal, verify, open, record visits; caps, chains, prevalence, reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    day_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    parse_period,
    period_option,
    record_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.inspecting import Inspecting
    from tulou.operations.cases.handlers.acting import Act

MONTHS = 12
by_option = click.option("--by", required=True, help="Id of the body that does it.")
who_option = click.option("--who", default="", help="Office or person that signs for the body.")
date_option = click.option(
    "--date", "on", help="When it happened, e.g. 2026-11-27T09:30 on the city's clock; now by default."
)
year_option = click.option("--year", type=click.IntRange(2000, 2100), required=True, help="Calendar year.")


@click.group("inspect", cls=Commands)
def inspect() -> None:
    """Inspections: plans under caps, joint visits, draws that anybody can recompute, visits as cases."""


def _opened(city: Path, rulebooks: tuple[str, ...], at: str | None = None, as_of: str | None = None) -> Inspecting:
    from tulou.app.inspecting import open_inspecting  # loads storage and rulebooks

    return open_inspecting(city, parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS)


def _act(opened: Inspecting, words: dict[str, Any]) -> Act:
    from tulou.operations.cases.handlers.acting import Act

    return Act(words["by"], opened.work.moment(words["on"], "--date"), words.get("who", "").strip())


@inspect.command()
@city_argument
@year_option
@click.option("--draw", "draws", multiple=True, help="Draw whose enterprises are to be in the plan. Repeatable.")
@click.option("--from-month", "first", type=click.IntRange(1, MONTHS), default=1, help="First month that is left.")
@day_option
@record_option
@rulebook_option
def plan(
    city: Path,
    *,
    year: int,
    draws: tuple[str, ...],
    first: int,
    at: str | None,
    as_of: str | None,
    rulebooks: tuple[str, ...],
) -> None:
    """Plan the visits of a YEAR in CITY by risk, within days and caps, in as few visits as can be; keep the plan."""
    from tulou.app.inspecting_lines import plan_lines

    opened = _opened(city, rulebooks, at, as_of)
    found = opened.plan(year, draws, first=first)
    path = opened.keep_plan(found)
    say("\n".join(plan_lines(found, opened, language())))
    say(Words(f"计划已保存：{path}", f"Plan kept: {path}"))


@inspect.command("draw")
@city_argument
@click.option("--id", "name", required=True, help="Name of the draw, e.g. 2027-1.")
@click.option("--body", required=True, help="Body that draws for its own inspections.")
@click.option("--public", default="", help="Public value that will be joined, in words: which, of which day.")
@click.option("--seed-file", type=click.Path(path_type=Path), help="File with a seed; made at random by default.")
@by_option
@who_option
@date_option
@day_option
@record_option
@rulebook_option
def draw_command(city: Path, *, name: str, body: str, public: str, seed_file: Path | None, **words: Any) -> None:  # noqa: ANN401
    """Order a draw in CITY: publish who may be drawn and the digest of a sealed seed."""
    from tulou.app.inspecting_lines import order_lines

    opened = _opened(city, words["rulebooks"], words["at"], words["as_of"])
    seed = seed_file.read_text("utf-8").strip() if seed_file else ""
    order, left_out = opened.order(name, body, _act(opened, words), public=public.strip(), seed=seed)
    say("\n".join(order_lines(order, left_out, language())))


@inspect.command()
@city_argument
@click.argument("name", metavar="DRAW")
@click.option("--public", default="", help="The public value, as it was announced.")
@by_option
@who_option
@date_option
@rulebook_option
def reveal(city: Path, name: str, *, public: str, rulebooks: tuple[str, ...], **words: Any) -> None:  # noqa: ANN401
    """Reveal the seed of a DRAW of CITY and make it; the certificate lets anybody make it again."""
    from tulou.app.inspecting_lines import certificate_lines
    from tulou.operations.inspections.adapters.files import read_certificate

    opened = _opened(city, rulebooks)
    path = opened.reveal(name, _act(opened, words), public.strip())
    names = {code: one.name for code, one in opened.safety.enterprises.items()}
    say("\n".join(certificate_lines(read_certificate(path), names, language())))
    say(Words(f"抽取证明：{path}", f"Certificate: {path}"))


@inspect.command()
@click.argument("file", metavar="CERTIFICATE", type=click.Path(path_type=Path))
@click.option("--noted", default="", help="Digest of the order as published before the draw, or its first letters.")
def verify(file: Path, *, noted: str) -> None:
    """Make the draw of a CERTIFICATE again, from the file alone, and compare."""
    from tulou.kernel.errors import BadInput
    from tulou.operations.inspections.adapters.files import read_certificate
    from tulou.operations.inspections.domain.drawing import faults_of

    found = read_certificate(file)
    faults = faults_of(found, noted)
    if faults:
        raise BadInput.of(faults)
    said = (
        Words("与事先公布的抽取令一致", "it is the order noted")
        if noted
        else Words("未核对事先公布的摘要", "no digest was noted")
    )
    say(
        Words(
            f"{found.order.id}：重算一致，抽中 {len(found.drawn)} 家；{said.zh}",
            f"{found.order.id}: made again, the same {len(found.drawn)} enterprises; {said.en}",
        )
    )


@inspect.command("open")
@city_argument
@click.option("--plan", "year", type=click.IntRange(2000, 2100), help="Visits of the plan of this year.")
@click.option("--month", type=click.IntRange(1, MONTHS), help="Month of the plan.")
@click.option("--draw", "draw_name", default="", help="Visits of this draw.")
@click.option("--enterprise", default="", help="A single visit to this enterprise.")
@click.option("--kind", default="", help="Kind of a single visit, e.g. complaint.")
@click.option("--body", "bodies", multiple=True, help="Body that makes a single visit. Repeatable.")
@click.option("--visit", default="", help="Name of a single visit.")
@by_option
@who_option
@date_option
@rulebook_option
def open_command(city: Path, **words: Any) -> None:  # noqa: ANN401
    """Open a case in CITY for each visit: of a month of the plan, of a draw, or a single one."""
    opened = _opened(city, words["rulebooks"])
    visits = _wanted(opened, words)
    names = {one["visit"]: _title(opened, one) for one in visits}
    events = opened.open_visits(visits, _act(opened, words), names)
    first, last = (events[0].case, events[-1].case) if events else ("—", "—")
    more = len(visits) - len(events)
    say(
        Words(
            f"已立 {len(events)} 件（{first}～{last}）；{more} 件此前已立",
            f"{len(events)} cases opened ({first} to {last}); {more} were there",
        )
    )


def _wanted(opened: Inspecting, words: dict[str, Any]) -> list[dict[str, Any]]:
    if words["draw_name"]:
        return opened.drawn_visits(words["draw_name"])
    if words["enterprise"]:
        lacking = [
            name for name, key in (("--kind", "kind"), ("--body", "bodies"), ("--visit", "visit")) if not words[key]
        ]
        if lacking:
            raise BadUse("a single visit says why, who comes and how it is called", where=lacking[0], allowed=lacking)
        return [opened.single_visit(words["visit"], words["enterprise"], words["bodies"], words["kind"])]
    if words["year"] is None or words["month"] is None:
        raise BadUse(
            "visits are opened from a plan, a draw, or one by one",
            where="tulou inspect open",
            allowed=(
                "--plan 2027 --month 3",
                "--draw 2027-1",
                "--enterprise CODE --kind complaint --body BODY --visit NAME",
            ),
        )
    return opened.planned_visits(words["year"], words["month"])


def _title(opened: Inspecting, visit: dict[str, Any]) -> str:
    firm = opened.safety.enterprises.get(visit["enterprise"])
    return f"{firm.name if firm else visit['enterprise']} {visit['visit']}"


@inspect.command()
@city_argument
@click.argument("name", metavar="CASE")
@click.option("--inspectors", default="", help="Their certificates, with commas between; those drawn by default.")
@click.option("--token", required=True, help="Token of the scan at the gate.")
@by_option
@who_option
@date_option
@rulebook_option
def record(
    city: Path,
    name: str,
    *,
    inspectors: str,
    token: str,
    rulebooks: tuple[str, ...],
    **words: Any,  # noqa: ANN401
) -> None:
    """Record that the visitors of CASE signed in: within the caps, by inspectors without a conflict."""
    from tulou.app.case_lines import event_line
    from tulou.operations.cases.handlers.acting import case_of

    opened = _opened(city, rulebooks)
    listed = [one.strip() for one in inspectors.split(",") if one.strip()]
    event = opened.sign_in(name, _act(opened, words), listed, token.strip())
    say(event_line(event, *case_of(opened.work.store, event.case)))


@inspect.command()
@city_argument
@year_option
@rulebook_option
def caps(city: Path, *, year: int, rulebooks: tuple[str, ...]) -> None:
    """List the enterprises of CITY that were visited more often in a YEAR than they may be."""
    from tulou.app.inspecting_lines import breach_lines

    opened = _opened(city, rulebooks)
    moment = opened.work.clock()
    say("\n".join(breach_lines(opened.breaches(year, moment), len(opened.visited(year, moment)), language())))


@inspect.command()
@click.option("--chain", "name", default="", help="Id of a chain; all by default.")
@rulebook_option
def chains(*, name: str, rulebooks: tuple[str, ...]) -> None:
    """Show who has which power over which step of each chain: gaps, overlaps without a lead, broken hand-overs."""
    from tulou.app.inspecting_lines import chain_lines
    from tulou.operations.inspections.adapters.chains import read_chains

    found = read_chains(list(rulebooks or RULEBOOKS))
    wanted = [found.chain(name)] if name else list(found.chains.values())
    for one in wanted:
        say("\n".join([*chain_lines(one, found, language()), ""]))


@inspect.command()
@city_argument
@click.argument("name", metavar="DRAW")
@rulebook_option
def prevalence(city: Path, name: str, *, rulebooks: tuple[str, ...]) -> None:
    """Estimate from the visits of a DRAW how many enterprises of CITY have violations, with an interval."""
    from tulou.app.inspecting_lines import prevalence_lines

    opened = _opened(city, rulebooks)
    strata, found = opened.prevalence(name, opened.work.clock())
    say("\n".join(prevalence_lines(strata, found, opened.rules.fewest, language())))


@inspect.command()
@city_argument
@period_option
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; beside the city by default.")
@format_option("html")
@language_option
@rulebook_option
def report(
    city: Path, *, period: str, folder: Path | None, formats: str, spoken: str | None, rulebooks: tuple[str, ...]
) -> None:
    """Write the report of a day or month of CITY: dangers, visits, caps, draws, chains, four colours, certificates."""
    from tulou.app.inspecting import FLOW
    from tulou.app.safety_report import write_report

    opened = _opened(city, rulebooks)
    clock = opened.work.flows.on(FLOW, opened.day).duty.local_time
    told = parse_period(period, opened.work.clock(), clock)
    for path in write_report(opened, told, folder, formats_of(formats), languages_of(spoken)):
        say(Words(f"已写出：{path}", f"Wrote {path}"))

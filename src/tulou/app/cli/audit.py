"""``tulou audit``: prove every record of a city, read the access log, lint formulas, inspect schemas."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tulou.app import exits
from tulou.app.cli.options import Commands, city_argument, rulebook_option
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.clock import now

json_option = click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")


@click.group(cls=Commands)
def audit() -> None:
    """Prove records, read the access log, lint formulas, inspect schemas."""


@audit.command()
@city_argument
@click.option(
    "--noted", multiple=True, help="Digest noted elsewhere, or a file with an earlier answer of --json; repeatable."
)
@json_option
@rulebook_option
def verify(city: Path, *, noted: tuple[str, ...], is_json: bool, rulebooks: tuple[str, ...]) -> int:
    """Prove every chain and kept digest of CITY; tells what is wrong, entry by entry."""
    from tulou.app.auditing import open_audit
    from tulou.app.auditing_lines import NOBODY_CHECKS, NOTE, fault_lines, part_lines, parts_plain

    opened = open_audit(city, rulebooks or RULEBOOKS)
    opened.trust.reader("audit.verify", "", moment=now())
    parts = opened.parts()
    lost = [fault for one in noted for fault in opened.noted_faults(parts, one)]
    is_sound = not lost and not any(one.faults for one in parts)
    if is_json:
        click.echo(json.dumps(parts_plain(parts, lost), ensure_ascii=False, indent=1))
    else:
        lines = [*part_lines(parts, language()), *(line for one in lost for line in fault_lines(one, language()))]
        say("\n".join(lines))
        say(NOTE)
        if not opened.trust.is_on:
            say(NOBODY_CHECKS)
    return exits.FINE if is_sound else exits.BAD_INPUT


@audit.command()
@city_argument
@click.option("--purpose", default="", help="Only readings for this purpose.")
@click.option("--refused", "only_refused", is_flag=True, help="Only what was refused.")
@json_option
@rulebook_option
def accesses(city: Path, *, purpose: str, only_refused: bool, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """Show the access log of CITY to an auditor: who, for which body, in which role, why; not whose data."""
    from tulou.app.accounts import open_trust
    from tulou.app.accounts_lines import access_lines, access_plain

    trust = open_trust(city, rulebooks or RULEBOOKS)
    trust.reader("access.read", "", moment=now())
    if purpose:
        trust.rules.purpose(purpose)
    found = trust.log.entries() if trust.has_log else []
    found = [one for one in found if not purpose or one.purpose == purpose]
    found = [one for one in found if not only_refused or one.outcome == "refused"]
    if is_json:
        click.echo(json.dumps(access_plain(found), ensure_ascii=False, indent=1))
        return
    names = {one.id: one.name for one in trust.accounts.store.accounts()} if trust.is_on else {}
    say(access_lines(found, trust.rules, names, language()))


@audit.command()
@click.option("--strict", is_flag=True, help="End with exit code 1 when something is told.")
@rulebook_option
def formulas(*, strict: bool, rulebooks: tuple[str, ...]) -> int:
    """Tell formulas that punish complaints, reward penalties or inspections, or have no bound."""
    from tulou.app.auditing_lines import FORMULAS, NO_FORMULA, fault_lines
    from tulou.indicators.rulebook.folders import chain
    from tulou.operations.trust.adapters.formula_pages import formula_terms, read_natures
    from tulou.operations.trust.domain.formulas import formula_faults

    folders = [folder for folder, _ in chain(list(rulebooks or RULEBOOKS))]
    natures = read_natures(folders)
    terms = list(formula_terms(folders, natures))
    found = list(formula_faults(terms, natures.words))
    tongue = language()
    for fault in found:
        say("\n".join(fault_lines(fault, tongue)))
    told = (FORMULAS if found else NO_FORMULA).say(tongue)
    say(told.format(len(terms), len(found)))
    return exits.RED_LINE if found and strict else exits.FINE


@audit.command()
@rulebook_option
def bans(*, rulebooks: tuple[str, ...]) -> int:
    """Inspect every schema: no table about a natural person carries a score, rank, risk, mood or trajectory."""
    import tulou
    from tulou.app.auditing_lines import SCHEMAS, fault_lines
    from tulou.indicators.rulebook.folders import chain
    from tulou.operations.trust.adapters.schemas import read_bans, rulebook_tables, source_tables
    from tulou.operations.trust.domain.bans import ban_faults

    folders = [folder for folder, _ in chain(list(rulebooks or RULEBOOKS))]
    tables = [*source_tables(Path(tulou.__file__).parent), *(one for home in folders for one in rulebook_tables(home))]
    found = list(ban_faults(tables, read_bans(folders)))
    tongue = language()
    for fault in found:
        say("\n".join(fault_lines(fault, tongue)))
    columns = sum(len(one.columns) for one in tables)
    say(SCHEMAS.say(tongue).format(len(tables), columns, len(found)))
    return exits.BAD_INPUT if found else exits.FINE

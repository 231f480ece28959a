"""``tulou audit``: prove every record of a city, read the access log, lint formulas, inspect schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tulou.app import exits
from tulou.app.cli.options import (
    Commands,
    city_argument,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_period,
    period_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.clock import now

AUDITS = "audits"

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
@city_argument
@period_option
@click.option("--public", "is_public", is_flag=True, help="Hide small counts and places.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; audits/ beside the city's.")
@format_option("html")
@language_option
@rulebook_option
def report(city: Path, *, period: str, is_public: bool, folder: Path | None, **words: Any) -> None:  # noqa: ANN401
    """Write the report of an audit of CITY: records, readings of personal data, formulas, schemas."""
    from tulou.app.auditing import open_audit
    from tulou.app.auditing_papers import trust_material, write_trust

    forms = formats_of(words["formats"])
    opened = open_audit(city, words["rulebooks"] or RULEBOOKS)
    opened.trust.reader("audit.verify", "", moment=now())
    found = trust_material(opened, parse_period(period, now(), opened.local_time), is_public=is_public)
    for path in write_trust(found, folder or opened.trust.home / AUDITS, forms, languages_of(words["spoken"])):
        say(path.as_posix())


@audit.command()
@click.option("--strict", is_flag=True, help="End with exit code 1 when something is told.")
@rulebook_option
def formulas(*, strict: bool, rulebooks: tuple[str, ...]) -> int:
    """Tell formulas that punish complaints, reward penalties or inspections, or have no bound."""
    from tulou.app.auditing_lines import FORMULAS, NO_FORMULA, fault_lines
    from tulou.app.auditing_papers import formula_remarks

    count, found = formula_remarks(rulebooks or RULEBOOKS)
    for fault in found:
        say("\n".join(fault_lines(fault, language())))
    told = (FORMULAS if found else NO_FORMULA).say(language())
    say(told.format(count, len(found)))
    return exits.RED_LINE if found and strict else exits.FINE


@audit.command()
@rulebook_option
def bans(*, rulebooks: tuple[str, ...]) -> int:
    """Inspect every schema: no table about a natural person carries a score, rank, risk, mood or trajectory."""
    from tulou.app.auditing_lines import SCHEMAS, fault_lines
    from tulou.app.auditing_papers import schema_marks

    tables, found = schema_marks(rulebooks or RULEBOOKS)
    for fault in found:
        say("\n".join(fault_lines(fault, language())))
    columns = sum(len(one.columns) for one in tables)
    say(SCHEMAS.say(language()).format(len(tables), columns, len(found)))
    return exits.BAD_INPUT if found else exits.FINE

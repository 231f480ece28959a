"""``tulou credit``: safety credit of enterprises, explained and replayed on any day, as known at any record."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import Commands, city_argument, day_option, parse_option_day, record_option, rulebook_option
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

scheme_option = click.option("--scheme", default="", help="Id of the scheme; the first of the rulebook by default.")


@click.group(cls=Commands)
def credit() -> None:
    """Safety credit of enterprises (legal entities only): grade, rules, records, repair; replay of any day."""


@credit.command("list")
@city_argument
@scheme_option
@day_option
@record_option
@rulebook_option
def list_command(city: Path, *, scheme: str, at: str | None, as_of: str | None, rulebooks: tuple[str, ...]) -> None:
    """List the enterprises of CITY with their grades, in the order of their codes."""
    from tulou.app.safety import open_safety
    from tulou.app.safety_lines import credit_lines

    safety = open_safety(city, parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS)
    say("\n".join(credit_lines(safety.credits(scheme), safety, language())))


@credit.command()
@city_argument
@click.argument("enterprise")
@scheme_option
@day_option
@record_option
@rulebook_option
def explain(
    city: Path, enterprise: str, *, scheme: str, at: str | None, as_of: str | None, rulebooks: tuple[str, ...]
) -> None:
    """Explain the grade of an ENTERPRISE of CITY: which rule, which record, when it expires, what comes next."""
    from tulou.app.safety import open_safety
    from tulou.app.safety_lines import explain_lines

    safety = open_safety(city, parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS)
    found = safety.credit(enterprise, scheme)
    firm = safety.enterprise(enterprise)
    held, _ = safety.credit_rules.on(scheme, safety.day)
    say("\n".join(explain_lines(f"{firm.code} {firm.name}", found, held, safety.ahead(enterprise, scheme), language())))


@credit.command()
@click.argument("number")
def code(number: str) -> None:
    """Check a unified social credit code: signs, its check digit, that of the organisation code inside (GB 32100)."""
    from tulou.operations.safety.domain.credit_code import is_natural_person, whole_code

    try:
        found = whole_code(number, "NUMBER")
    except BadInput as error:
        raise BadUse.of(error.faults) from None
    person = Words("个体工商户：自然人，不评定", "a household business: a natural person, never graded")
    firm = Words("法人或其他组织", "a legal entity or another organisation")
    kind = person if is_natural_person(found) else firm
    say(Words(f"{found} 正确：{kind.zh}", f"{found} is whole: {kind.en}"))

"""``tulou risk``: graded risks of a city: methods, one grade, the list, the four colours of its units."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    count_option,
    day_option,
    parse_option_day,
    parse_period,
    period_option,
    record_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

LEVELS = ("community", "block", "district")
MOST = 40


@click.group(cls=Commands)
def risk() -> None:
    """Graded risks: red, orange, yellow, blue, before and after measures; unknown is never blue."""


@risk.command()
@day_option
@rulebook_option
def methods(*, at: str | None, rulebooks: tuple[str, ...]) -> None:
    """Show the methods of grading: factors, values, levels, evidence."""
    from tulou.app.safety_lines import method_lines  # loads the rulebooks
    from tulou.operations.safety.adapters.grading_rules import read_methods

    day = parse_option_day(at, "--at") or now().date()
    say("\n".join(method_lines(read_methods(list(rulebooks or RULEBOOKS)), day, language())))


@risk.command()
@click.option("--method", default="lec", show_default=True, help="Id of the method.")
@click.option("--factor", "factors", multiple=True, help="NAME=VALUE, e.g. likelihood=3. Repeatable.")
@click.option("--declared", default="", help="Level that was declared, for a method without factors.")
@day_option
@rulebook_option
def grade(*, method: str, factors: tuple[str, ...], declared: str, at: str | None, rulebooks: tuple[str, ...]) -> None:
    """Grade one risk."""
    from tulou.app.safety_lines import REFERENCE, grade_word
    from tulou.operations.safety.adapters.grading_rules import read_methods
    from tulou.operations.safety.domain.grading import graded

    day = parse_option_day(at, "--at") or now().date()
    held = read_methods(list(rulebooks or RULEBOOKS)).on(method, day)
    known = [one.id for one in held.factors]
    given = dict(_factor(one, known) for one in factors)
    try:
        found = graded(held, given, declared)
    except BadInput as error:
        raise BadUse.of(error.faults) from None
    title = found.level.title.say(language()) if found.level else ""
    more = REFERENCE.say(language()) if held.is_reference else ""
    say(f"{grade_word(found, language())}  {title}{more}".rstrip())


def _factor(text: str, known: list[str]) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in known:
        raise BadUse("this method has no such factor", where="--factor", found=name, allowed=known)
    try:
        return name, float(value)
    except ValueError:
        raise BadUse("a factor is a number", where=f"--factor {name}", found=value, allowed=(f"{name}=3",)) from None


@risk.command("list")
@city_argument
@click.option("--colour", default="", help="Only red, orange, yellow, blue or unknown ones.")
@click.option("--enterprise", default="", help="Only of this credit code.")
@count_option("--most", MOST, "Rows shown.")
@day_option
@record_option
@rulebook_option
def list_command(
    city: Path,
    *,
    colour: str,
    enterprise: str,
    most: int,
    at: str | None,
    as_of: str | None,
    rulebooks: tuple[str, ...],
) -> None:
    """List the risks of CITY with their grades before and after measures, the gravest first."""
    from tulou.app.safety import open_safety
    from tulou.app.safety_lines import risk_lines
    from tulou.operations.safety.domain.grading import COLOURS

    allowed = (*COLOURS, "unknown")
    if colour and colour not in allowed:
        raise BadUse("there is no such colour", where="--colour", found=colour, allowed=allowed)
    safety = open_safety(city, parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS)
    order = {name: place for place, name in enumerate(allowed)}
    found = [
        one
        for one in sorted(safety.risks, key=lambda one: (order[one.now.colour or "unknown"], one.risk.id))
        if (not colour or (one.now.colour or "unknown") == colour)
        and (not enterprise or one.risk.enterprise == safety.enterprise(enterprise).code)
    ]
    say("\n".join(risk_lines(safety, found[:most], language())))


@risk.command("map")
@city_argument
@click.option("--level", type=click.Choice(LEVELS), default="community", show_default=True, help="Units to colour.")
@click.option("--to", "file", type=click.Path(path_type=Path), help="SVG file to write; only the table by default.")
@day_option
@record_option
@rulebook_option
def map_command(
    city: Path, *, level: str, file: Path | None, at: str | None, as_of: str | None, rulebooks: tuple[str, ...]
) -> None:
    """Colour the units of CITY by their gravest risk; a unit of which too little is known has no colour."""
    from tulou.app.safety import open_safety
    from tulou.app.safety_lines import unit_lines

    safety = open_safety(city, parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS)
    say("\n".join(unit_lines(safety.units(level), language())))
    if file is not None:
        from tulou.app.safety_map import write_map

        write_map(safety, level, file, language())
        say(Words(f"四色图：{file}", f"Map: {file}"))


@risk.command()
@city_argument
@period_option
@click.option("--at", "moment", help="Day or moment to look at; now by default.")
@rulebook_option
def dangers(city: Path, *, period: str, moment: str | None, rulebooks: tuple[str, ...]) -> None:
    """List the hidden dangers of CITY that are open, and count those of a period with their denominators."""
    from tulou.app.casework import open_casework
    from tulou.app.dangers import FLOW, counts_lines, danger_lines, dangers_of
    from tulou.operations.safety.adapters.danger_rules import read_danger_rules
    from tulou.operations.safety.domain.dangers import counts_of

    names = rulebooks or RULEBOOKS
    work, rules = open_casework(city, names), read_danger_rules(list(names))
    seen = work.moment(moment, "--at")
    span = parse_period(period, seen, work.flows.on(FLOW, now().date()).duty.local_time)
    found = dangers_of(work, seen)
    counted = counts_of(found, span.start, min(span.last, seen), bounds=rules.bounds, again=rules.again)
    say("\n".join([*danger_lines(found, work, rules, language()), *counts_lines(counted, rules.fewest, language())]))


@risk.command()
@click.option("--trade", default="gas", show_default=True, help="Trade of the enterprise.")
@day_option
@rulebook_option
def criteria(*, trade: str, at: str | None, rulebooks: tuple[str, ...]) -> None:
    """List the criteria by which a hidden danger in a trade is major; a person classes it."""
    from tulou.operations.safety.adapters.danger_rules import read_danger_rules

    day = parse_option_day(at, "--at") or now().date()
    rules = read_danger_rules(list(rulebooks or RULEBOOKS))
    found = rules.criteria(trade, day)
    if not found:
        trades = sorted({one for standard in rules.standards for one in standard.trades})
        raise BadUse(
            "no criteria of major dangers are shipped for this trade", where="--trade", found=trade, allowed=trades
        )
    for one in found:
        say(f"{one.id}  {one.title.say(language())}  [{one.evidence}]  {one.source}")


@risk.command()
@city_argument
def sample(city: Path) -> None:
    """Give the synthetic CITY synthetic enterprises, risks, records, certificates and inspectors."""
    from tulou.app.safety_sample import commit_sample

    made = commit_sample(city)
    say(Words(f"提交 {made.number}：合成企业及登记", f"Commit {made.number}: synthetic enterprises and registers"))

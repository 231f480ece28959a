"""``tulou lawdiff``: what another value, another day's rules or another rulebook turns in a city, by name."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from tulou.app.checking import Question
from tulou.app.cli.options import (
    city_argument,
    count_option,
    day_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    progress_bar,
    record_option,
    rulebook_option,
)
from tulou.app.cli.whatif import verdict
from tulou.app.screen import say
from tulou.app.whatif_laws import NEAR, Laws, coming_into_force, compare_laws
from tulou.app.whatif_laws_told import told_calendar, told_laws
from tulou.app.whatif_reports import write_calendar, write_laws
from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.publish.whatif.machine import calendar_document, law_document

PERCENT = 100.0


@click.command()
@city_argument
@click.option("--parameter", "values", multiple=True, help="NAME=VALUE, with a unit where it has one; repeatable.")
@click.option("--on", help="Day whose rules hold with the change, e.g. 2027-01-01.")
@click.option("--against", help="Day whose rules hold without it; the day of the city.")
@rulebook_option
@click.option("--against-rulebook", "others", multiple=True, help="Rulebook of the other side; repeatable.")
@click.option("--calendar", "as_calendar", is_flag=True, help="List the rules that come into force.")
@click.option("--after", help="With --calendar: the day after which rules are looked for; the day of the city.")
@day_option
@record_option
@click.option("--branch", default="main", show_default=True, help="Branch of the city.")
@click.option("--indicator", "indicators", multiple=True, help="Only these indicators.")
@click.option("--near", type=float, default=NEAR * PERCENT, show_default=True, help="Marginal: within so many percent.")
@count_option("--top", 10, "Rows of each table on the screen.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON for programs, and nothing else.")
@click.option("--strict", is_flag=True, help="Exit with 1 when something fails anew, with 2 when nothing is judged.")
@format_option("none")
@click.option("--to", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder for reports.")
@language_option
def lawdiff(  # noqa: PLR0913  (one argument an option)
    city: Path,
    *,
    values: tuple[str, ...],
    on: str | None,
    against: str | None,
    rulebooks: tuple[str, ...],
    others: tuple[str, ...],
    as_calendar: bool,
    after: str | None,
    at: str | None,
    as_of: str | None,
    branch: str,
    indicators: tuple[str, ...],
    near: float,
    top: int,
    as_json: bool,
    strict: bool,
    formats: str,
    folder: Path,
    spoken: str | None,
) -> None:
    """Say what flips in CITY, by name, when a parameter changes, when rules come into force, or by another rulebook."""
    wanted, languages = formats_of(formats), languages_of(spoken)
    question = Question(parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS, indicators, branch)
    given = {"--parameter": values, "--on": on, "--against": against, "--against-rulebook": others}
    _refuse_mixture(given, as_calendar=as_calendar, after=after)
    with progress_bar() as bar:
        if as_calendar:
            state, days = coming_into_force(city, question, since=parse_option_day(after, "--after"), progress=bar)
            written = write_calendar(state, days, rulebook(tuple(question.rulebooks)), wanted, languages, folder)
            document, lines = calendar_document(state.profile, days), told_calendar(state, days, top)
            outcomes = [day.outcome for day in days]
        else:
            first, second = parse_option_day(on, "--on"), parse_option_day(against, "--against")
            laws = Laws(question, values, first, second, others, _share(near))
            compared = compare_laws(city, laws, progress=bar)
            written = write_laws(compared, wanted, languages, folder)
            document, lines = law_document(compared), told_laws(compared, top)
            outcomes = [compared.outcome]
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        say("\n".join(lines))
        for path in written:
            say(Words(f"报告：{path}", f"Report: {path}"))
    if strict:
        sys.exit(max((verdict(outcome) for outcome in outcomes), default=0, key=_GRAVEST.index))


_GRAVEST = (0, 2, 1)
"""Exit codes from the mildest to the gravest."""


def _refuse_mixture(given: Mapping[str, object], *, as_calendar: bool, after: str | None) -> None:
    """Refuse options that do nothing together, and a comparison of nothing.

    Raises:
        BadUse: Naming the option.
    """
    used = [option for option, value in given.items() if value]
    if as_calendar and used:
        raise BadUse("not together with --calendar", where=used[0], allowed=("--after", "--rulebook", "--at"))
    if after and not as_calendar:
        raise BadUse("only together with --calendar", where="--after", found=after)
    if not as_calendar and not used:
        raise BadUse("say what is compared", where="tulou lawdiff", allowed=(*given, "--calendar"))


def _share(percent: float) -> float:
    """How near is near, as a share.

    Raises:
        BadUse: When it is not between 0 and 100 percent.
    """
    if not 0.0 <= percent <= PERCENT:
        raise BadUse("this is no share", where="--near", found=percent, allowed=("0 to 100",))
    return percent / PERCENT

"""``tulou plan``: what to do about the findings of a city, in which year, with the money there is."""

from __future__ import annotations

import json
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
from tulou.app.plan_lines import plan_lines
from tulou.app.planning import BY, Request, document_of, plan_city, write_plan
from tulou.app.screen import say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.plan.candidates.ground import MOST_SITES
from tulou.plan.portfolio.question import KINDS, Fairness
from tulou.plan.renewal.wishes import ALTERNATIVES, GAP, OBJECTIVES, STEP, Wishes
from tulou.sources import cells

YEAR_AND_MONEY = "2027=5000000"


@click.command()
@city_argument
@click.option("--budget", "budgets", multiple=True, help=f"Money of a year, e.g. {YEAR_AND_MONEY}; repeatable.")
@click.option("--prices", type=click.Path(path_type=Path), help="Prices of remedies: CSV, Excel or YAML.")
@click.option("--objective", type=click.Choice(OBJECTIVES), default="people", show_default=True, help="What counts.")
@click.option("--weight", "weights", multiple=True, help="What one of an indicator counts: INDICATOR=2; repeatable.")
@click.option("--fairness", default="none", show_default=True, help="none, share:0.5 or least: how units share.")
@click.option("--indicator", "indicators", multiple=True, help="Only findings of these indicators; repeatable.")
@click.option("--remedy", "remedies", multiple=True, help="Only these remedies; repeatable.")
@click.option("--must", multiple=True, help="Id of a candidate that has to be done; repeatable.")
@click.option("--gap", type=float, default=GAP, show_default=True, help="Relative gap that is good enough.")
@click.option("--step", type=float, default=STEP, show_default=True, help="How much more money is asked about, yuan.")
@count_option("--alternatives", ALTERNATIVES, "Most alternatives to look for.")
@click.option("--most-sites", type=click.IntRange(min=1), default=MOST_SITES, show_default=True, help="Sites a remedy.")
@day_option
@record_option
@rulebook_option
@click.option("--base", default="main", show_default=True, help="Branch of the city that is planned for.")
@click.option("--branch", "keep_on", default="", help="Keep each chosen project on a new branch NAME.01.REMEDY.")
@click.option("--who", default=BY, help="With --branch: who answers for it.")
@count_option("--top", 12, "Rows of each table on the screen.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON for programs, and nothing else.")
@format_option("html,xlsx")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for papers; that of the plan by default.")
@language_option
def plan(  # noqa: PLR0913  (one argument an option)
    city: Path,
    *,
    budgets: tuple[str, ...],
    prices: Path | None,
    objective: str,
    weights: tuple[str, ...],
    fairness: str,
    indicators: tuple[str, ...],
    remedies: tuple[str, ...],
    must: tuple[str, ...],
    gap: float,
    step: float,
    alternatives: int,
    most_sites: int,
    at: str | None,
    as_of: str | None,
    rulebooks: tuple[str, ...],
    base: str,
    keep_on: str,
    who: str,
    top: int,
    as_json: bool,
    formats: str,
    folder: Path | None,
    spoken: str | None,
) -> None:
    """Plan for CITY: which remedies, where and in which year, are worth most within yearly budgets.

    What each project brings is measured by asking the indicators of the city with it. A remedy without a price is
    listed and left out; prices are brought along with --prices.
    """
    wanted = formats_of(formats)
    wishes = Wishes(
        budgets={int(year): money for year, money in _pairs(budgets, "--budget", YEAR_AND_MONEY).items()},
        objective="people" if objective == "people" else "objects",
        weights=_pairs(weights, "--weight", "fire_rescue_reach=2"),
        fairness=_fairness(fairness), must=must, remedies=remedies, indicators=indicators, step=step, gap=_gap(gap),
        alternatives=alternatives, most_sites=most_sites,
    )  # fmt: skip
    question = Question(parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS, branch=base)
    with progress_bar() as bar:
        planned = plan_city(city, Request(question, prices, keep_on=keep_on, who=who), wishes, progress=bar)
        written = write_plan(planned, wanted, languages_of(spoken), folder=folder)
    if as_json:
        click.echo(json.dumps(document_of(planned), ensure_ascii=False, indent=1, allow_nan=False))
        return
    for line in plan_lines(planned, top):
        say(line)
    for path in written:
        say(Words(f"文件：{path}", f"Paper: {path}"))


def _pairs(given: tuple[str, ...], option: str, example: str) -> dict[str, float]:
    """Names and numbers written ``NAME=NUMBER``; the number as people write it (5000000, 500万)."""
    found: dict[str, float] = {}
    for one in given:
        name, _, text = one.partition("=")
        number = cells.number(text) if text.strip() else None
        is_year = name.strip().isdecimal() or option != "--budget"
        if not name.strip() or number is None or not is_year:
            raise BadUse("this is written NAME=NUMBER", where=option, found=one, allowed=(example,))
        if name.strip() in found:
            raise BadUse("this is given twice", where=option, found=name.strip())
        found[name.strip()] = number
    return found


def _fairness(text: str) -> Fairness:
    kind, _, share = text.strip().partition(":")
    number = cells.number(share) if share else None
    if kind not in KINDS or (kind == "share") != (number is not None) or (share and number is None):
        raise BadUse("not a rule of fairness", where="--fairness", found=text, allowed=("none", "share:0.5", "least"))
    return Fairness("share", number or 0.0) if kind == "share" else Fairness("least" if kind == "least" else "none")


def _gap(gap: float) -> float:
    if not 0.0 <= gap < 1.0:
        raise BadUse("a gap lies from 0 to below 1", where="--gap", found=gap, allowed=("0.001",))
    return gap

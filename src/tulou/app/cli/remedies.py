"""``tulou remedies``: the catalogue of remedies, or what could be done about the findings of a city."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from tulou.app.checking import Question
from tulou.app.cli.options import (
    count_option,
    day_option,
    parse_option_day,
    progress_bar,
    record_option,
    rulebook_option,
)
from tulou.app.planning import candidates_in, catalogue_of
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.plan.candidates.content import REASONS, Candidate, Candidates
from tulou.plan.remedies.content import Catalogue, Remedy
from tulou.publish.numbers import number
from tulou.publish.plan.machine import candidates_document, catalogue_document
from tulou.publish.plan.material import money_words, title_of
from tulou.publish.words import say as label


@click.command()
@click.argument("city", type=click.Path(path_type=Path), required=False)
@click.option("--indicator", default="", help="Only what answers findings of this indicator.")
@click.option("--prices", type=click.Path(path_type=Path), help="Prices of remedies: CSV, Excel or YAML.")
@day_option
@record_option
@rulebook_option
@count_option("--limit", 40, "Candidates to show.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON for programs, and nothing else.")
def remedies(
    city: Path | None,
    *,
    indicator: str,
    prices: Path | None,
    at: str | None,
    as_of: str | None,
    rulebooks: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """List the catalogue of remedies; with CITY, the projects that could be done about its findings."""
    names = rulebooks or RULEBOOKS
    rules = rulebook(tuple(names))
    if indicator and indicator not in rules.indicators:
        allowed = sorted(rules.indicators)
        raise BadUse("there is no such indicator", where="--indicator", found=indicator, allowed=allowed)
    if city is None:
        _catalogue(catalogue_of(rules, prices).catalogue, indicator, as_json=as_json)
        return
    question = Question(parse_option_day(at, "--at"), as_of, names)
    with progress_bar() as bar:
        found, _ = candidates_in(city, question, prices, progress=bar)
    chosen = [one for one in found.found if not indicator or indicator in one.remedy.fixes]
    if as_json:
        kept = Candidates(tuple(chosen), found.left_out, found.sited, found.unanswered)
        click.echo(json.dumps(candidates_document(kept, str(city)), ensure_ascii=False, indent=1, allow_nan=False))
        return
    _candidates(chosen, found, limit)


def _catalogue(catalogue: Catalogue, indicator: str, *, as_json: bool) -> None:
    spoken = language()
    chosen = [one for one in catalogue.remedies.values() if not indicator or indicator in one.fixes]
    if as_json:
        told = catalogue_document(replace(catalogue, remedies={one.id: one for one in chosen}))
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
        return
    heads = [Words("编号", "id"), Words("措施", "remedy"), Words("计价", "priced by"), Words("单价", "price"),
             Words("依据", "evidence"), Words("针对的指标", "answers")]  # fmt: skip
    rows = [
        [one.id, one.title.say(spoken), _unit(one, spoken), *_price(one, spoken), ", ".join(one.fixes)]
        for one in chosen
    ]  # fmt: skip
    say(table([words.say(spoken) for words in heads], rows))
    lacking = sum(one.cost.price is None for one in chosen)
    say(
        Words(
            f"共 {len(chosen)} 项措施，{lacking} 项没有公开来源的单价；单价由使用者用 --prices 提供，系统不编造。",
            f"{len(chosen)} remedies, {lacking} without a price from a public source; bring prices with --prices, "
            "none is made up.",
        )
    )


def _unit(one: Remedy, spoken: Language) -> str:
    return Words(f"元/{one.cost.per.zh}", f"yuan/{one.cost.per.en}").say(spoken)


def _price(one: Remedy, spoken: Language) -> tuple[str, str]:
    price = one.cost.price
    if price is None:
        return label("language.unknown", spoken), ""
    grade = label("plan.given" if price.evidence == "given" else f"evidence.{price.evidence}", spoken)
    return number(price.amount, unit="yuan"), grade


def _candidates(chosen: list[Candidate], found: Candidates, limit: int) -> None:
    spoken = language()
    heads = [Words("编号", "id"), Words("项目", "project"), Words("对象", "objects"), Words("工程量", "amount"),
             Words("造价", "cost"), Words("问题", "findings")]  # fmt: skip
    rows = [
        [one.id, title_of(one, spoken), f"{len(one.objects):,}", number(one.amount),
         "" if one.cost is None else money_words(one.cost, spoken), f"{len(one.findings):,}"]
        for one in chosen[:limit]
    ]  # fmt: skip
    say(table([words.say(spoken) for words in heads], rows))
    say(
        Words(
            f"共 {len(chosen):,} 个备选项目，示出 {len(rows):,} 个", f"{len(chosen):,} candidates, {len(rows):,} shown"
        )
    )
    if not (found.found or found.left_out or found.unanswered):
        say(
            Words(
                "没有已判定的问题；待核实的问题不作处置。",
                "Nothing is proven to fail; what is to be confirmed is not acted on.",
            )
        )
    for one in found.left_out:
        say(f"{one.remedy.title.say(spoken)} ({one.remedy.id}): {REASONS[one.reason].say(spoken)}")
    for name, count in found.unanswered.items():
        say(Words(f"{name}：{count} 个问题在目录中没有对应措施", f"{name}: no remedy answers its {count} findings"))

"""``tulou run``: a model by name, on files or on a city."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from tulou.app import running
from tulou.app.cli.options import (
    day_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    progress_bar,
    record_option,
)
from tulou.app.screen import language, say, table
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Process, default_text
from tulou.publish.numbers import unit_text
from tulou.publish.process.assemble import words_of_figures

NEEDS_CITY = Words("须在城市上运行：--city 城市。", "It runs on a city: --city CITY.")
TAKES_CITY = Words("可在城市上运行：--city 城市。", "It may be run on a city: --city CITY.")


@click.command()
@click.argument("name", required=False)
@click.argument("given", nargs=-1)
@click.option("--city", type=click.Path(path_type=Path), help="City to run it on.")
@day_option
@record_option
@click.option("--branch", default="main", show_default=True, help="Branch of the city.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; nothing is written without.")
@click.option("--keep", is_flag=True, help="Commit what it found to the city, so that indicators read it.")
@click.option("--who", default="", help="Who answers for what is kept.")
@format_option("html")
@language_option
def run(  # noqa: PLR0913  (one argument an option)
    name: str | None,
    given: tuple[str, ...],
    *,
    city: Path | None,
    at: str | None,
    as_of: str | None,
    branch: str,
    folder: Path | None,
    keep: bool,
    who: str,
    formats: str,
    spoken: str | None,
) -> None:
    """Run the process NAME with inputs NAME=VALUE; a number may carry a unit. Without NAME: all processes.

    With NAME alone, where it needs inputs: what it asks for.
    """
    wanted = formats_of(formats)
    if keep and (city is None or as_of is not None):
        raise BadUse(
            "what is kept is kept in a city as it is known now", where="--keep", allowed=("--keep --city CITY",)
        )
    if name is None:
        _list()
        return
    process = processes()[name]
    lacks_city = process.needs_city and city is None
    if not given and (lacks_city or any(one.is_required for one in process.inputs)):
        _inputs(process)
        return
    day = parse_option_day(at, "--at")
    with progress_bar() as bar:
        done = running.run_process(name, _pairs(given), city=city, at=day, as_of=as_of, branch=branch, progress=bar)
        written = running.write_outcome(done, folder, wanted, languages_of(spoken)) if folder else []
    for line in (*done.outcome.answer, *words_of_figures(done.outcome)):
        say(line)
    for warning in done.outcome.warnings:
        say(Words(f"注意：{warning.zh}", f"Note: {warning.en}"))
    if process.verified is None:
        say(Words("本模型尚无独立验证。", "Nobody has checked this model against an independent result yet."))
    if keep and city is not None:
        made = running.keep_outcome(done, city, who=who, day=day, branch=branch)
        rows = made.quality.kept
        say(Words(f"提交 {made.number}：保存 {rows} 行事实", f"Commit {made.number}: {rows} rows of facts kept"))
    for path in written:
        say(Words(f"写出：{path}", f"Written: {path}"))


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign:
            raise BadUse("an input is given as NAME=VALUE", where="run", found=word, allowed=("period=5",))
        if name in found:
            raise BadUse("an input is given once", where="run", found=name)
        found[name] = value
    return found


def _list() -> None:
    rows = [(one.name, one.title.say(language()), one.question.say(language())) for one in processes().values()]
    head = (Words("名称", "Name"), Words("模型", "Model"), Words("回答的问题", "Question it answers"))
    say(table(tuple(words.say(language()) for words in head), rows))


def _inputs(process: Process) -> None:
    spoken = language()
    say(process.question)
    if process.needs_city or process.takes_city:
        say(NEEDS_CITY if process.needs_city else TAKES_CITY)
    rows = [
        (
            one.name,
            one.title.say(spoken),
            unit_text(one.unit, spoken) if one.is_number else _choices(one.choices, spoken),
            Words("必填", "needed").say(spoken) if one.is_required else default_text(one.default),
            one.about.say(spoken) if one.about else "",
        )
        for one in process.inputs
    ]
    head = (
        Words("输入", "Input"),
        Words("含义", "Meaning"),
        Words("单位或可选值", "Unit or choices"),
        Words("默认", "Default"),
    )
    say(table((*(words.say(spoken) for words in head), Words("说明", "About").say(spoken)), rows))


def _choices(choices: Mapping[str, Words], spoken: Language) -> str:
    return "; ".join(f"{name} {words.say(spoken)}" for name, words in choices.items())

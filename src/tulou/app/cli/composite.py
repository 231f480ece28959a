"""``tulou composite``: composite scores of units with their tiers, of a check or of a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app import checking, scoring
from tulou.app.cli.options import (
    check_option,
    count_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    rulebook_option,
)
from tulou.app.screen import language, say, table
from tulou.app.sheets import sheet_text
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.publish.composite import paper as papers
from tulou.publish.paper.write import write_papers

NAME = "composite"
COLON = Words("：", ": ")


@click.command()
@click.argument("city", required=False, type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.option("--level", default="", help="Score the units of this level in place of the one declared.")
@click.option("--weight", "weights", multiple=True, help="What if a part weighed NAME=NUMBER; repeatable.")
@click.option("--table", "file", type=click.Path(path_type=Path), help="Score the rows of a CSV or Excel table.")
@click.option("--recipe", type=click.Path(path_type=Path), help="For a table: YAML file that names its columns.")
@click.option("--sheet", default="", help="For a workbook: its sheet; the first by default.")
@count_option("--limit", 40, "Units to show.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to.")
@format_option("none")
@language_option
@check_option
@rulebook_option
def composite(  # noqa: PLR0913  (one argument an option)
    city: Path | None,
    name: str | None,
    *,
    level: str,
    weights: tuple[str, ...],
    file: Path | None,
    recipe: Path | None,
    sheet: str,
    limit: int,
    folder: Path | None,
    formats: str,
    spoken: str | None,
    check_name: str,
    rulebooks: tuple[str, ...],
) -> None:
    """Score the units of CITY by the composite NAME, or the rows of a table; without NAME, list what can be asked.

    Tiers and rank intervals come before any order. Composite scores are off unless a rulebook asks for them; the
    rulebook 'rongcheng' holds two for demonstration.
    """
    wanted, other = formats_of(formats), scoring.weights_of(weights)
    if file is not None or recipe is not None:
        made = _of_table(city, file, recipe, sheet, other)
        place = folder or made[1].parent
    else:
        if city is None:
            raise BadUse("name a city, or a table with its recipe", where=NAME, allowed=("CITY", "--table FILE"))
        kept = checking.kept(city, check_name)
        if name is None:
            _list(kept, rulebooks)
            return
        made = scoring.evaluate_check(kept, name, level=level, weights=other, rulebooks=rulebooks), kept.folder
        place = folder or kept.folder
    _tell(made[0], limit)
    if wanted:
        _write(made[0], place, wanted, spoken)


def _of_table(
    city: Path | None, file: Path | None, recipe: Path | None, sheet: str, weights: dict[str, float]
) -> tuple[scoring.Evaluation, Path]:
    if city is not None:
        told = "either a city or a table is scored, not both"
        raise BadUse(told, where=NAME, found=str(city), allowed=("--table FILE --recipe FILE",))
    if file is None or recipe is None:
        lacks = "--table" if file is None else "--recipe"
        raise BadUse("a table is scored by a recipe: both are needed", where=lacks, allowed=(f"{lacks} FILE",))
    return scoring.evaluate_table(file, recipe, sheet=sheet, weights=weights), file


def _list(kept: checking.Kept, rulebooks: tuple[str, ...]) -> None:
    spoken = language()
    composites, _ = scoring.composites_of(kept, rulebooks)
    heads = [Words("名称", "Name"), Words("标题", "Title"), Words("层级", "Level"), Words("权重出处", "Weights set by")]
    rows = [[one.name, one.title.say(spoken), one.level, one.weights_from.say(spoken)] for one in composites.values()]
    say(table([words.say(spoken) for words in heads], rows))


def _tell(made: scoring.Evaluation, limit: int) -> None:
    spoken, scored = language(), made.scored
    titles = papers.titles_of(scored.composite, spoken)
    for line in (
        scored.composite.title.say(spoken),
        scored.composite.about.say(spoken) if scored.composite.about else "",
        papers.lead_of(scored, spoken),
        "",
        *(f"{name}{COLON.say(spoken)}{words}" for name, words in papers.method_of(scored.composite, spoken)),
        "",
        sheet_text(papers.scores_sheet(scored, spoken), spoken, most=limit),
    ):
        say(line)
    lacking = papers.lacking_sheet(scored, titles, spoken)
    if lacking.rows:
        say("")
        say(sheet_text(lacking, spoken, most=limit))
    sheets = [
        papers.components_sheet(scored, titles, spoken),
        papers.coherence_sheet(scored, titles, spoken),
        papers.left_out_sheet(scored, titles, spoken),
        papers.sensitivity_sheet(scored, spoken),
    ]
    if made.changed is not None:
        say("")
        say(papers.weights_text(made.weights, titles, spoken))
        say(sheet_text(papers.moved_sheet(made.changed, spoken), spoken, most=limit))
    for one in sheets:
        if one.rows:
            say("")
            say(sheet_text(one, spoken))


def _write(made: scoring.Evaluation, place: Path, wanted: list[str], spoken: str | None) -> None:
    scored = made.scored
    origin = papers.Origin(
        made.place, made.check, scored.composite.rulebook, made.day, made.synthetic, made.changed, made.weights,
        made.credits,
    )  # fmt: skip
    made_of = {one: papers.composite_paper(scored, origin, one) for one in languages_of(spoken)}
    for path in write_papers(made_of, f"{NAME}-{scored.composite.name}", place, wanted):
        say(Words(f"报告：{path}", f"Report: {path}"))

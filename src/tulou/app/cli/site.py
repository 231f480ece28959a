"""``tulou site``: where a facility should stand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tulou.app.checking import Question
from tulou.app.cli.options import city_argument, day_option, parse_option_day, record_option, rulebook_option
from tulou.app.screen import say
from tulou.app.siting import document_of, find_sites, site_lines, write_project
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.words import Words
from tulou.plan.siting.facilities import MODELS, Model, Wanted


@click.command()
@city_argument
@click.option("--category", required=True, help="Category of the facility, e.g. kindergarten.")
@click.option("--count", type=int, default=1, show_default=True, help="How many new ones; no matter for lscp.")
@click.option(
    "--model",
    type=click.Choice(MODELS),
    default="pmedian",
    show_default=True,
    help="pmedian: shortest way of all; mclp: most people within reach; lscp: fewest that serve all who can be.",
)
@click.option("--reach", type=float, help="Distance within which one serves, metres; the rulebook's by default.")
@click.option("--capacity", type=float, help="People that each new one takes; no limit by default.")
@click.option("--sites", "among", multiple=True, help="Selection whose objects are sites; repeatable.")
@click.option("--serves", default="", help="Column of the population that is served, e.g. children_3_6.")
@click.option("--straight", "is_straight", is_flag=True, help="Distances in a straight line, not along the ways.")
@click.option("--gap", type=click.FloatRange(0.0, 1.0, max_open=True), default=0.0, show_default=True,
              help="Relative gap that is good enough.")  # fmt: skip
@day_option
@record_option
@rulebook_option
@click.option("--base", default="main", show_default=True, help="Branch of the city.")
@click.option("--to", "path", type=click.Path(path_type=Path), help="GeoJSON to write, which tulou whatif can try.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON for programs, and nothing else.")
def site(  # noqa: PLR0913  (one argument an option)
    city: Path,
    *,
    category: str,
    count: int,
    model: Model,
    reach: float | None,
    capacity: float | None,
    among: tuple[str, ...],
    serves: str,
    is_straight: bool,
    gap: float,
    at: str | None,
    as_of: str | None,
    rulebooks: tuple[str, ...],
    base: str,
    path: Path | None,
    as_json: bool,
) -> None:
    """Choose sites in CITY for facilities of a category, beside those that stand already."""
    wanted = Wanted(category, model, count, among, serves, reach, capacity, is_straight, gap)
    question = Question(parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS, branch=base)
    answer = find_sites(city, question, wanted)
    if path is not None:
        write_project(answer, path)
    if as_json:
        click.echo(json.dumps(document_of(answer), ensure_ascii=False, indent=1, allow_nan=False))
        return
    for line in site_lines(answer):
        say(line)
    if path is not None:
        say(Words(f"项目文件：{path}", f"Project: {path}"))

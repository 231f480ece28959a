"""``tulou whatif``: what a project would turn, move and find in a city, before anything is built."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tulou.app import exits
from tulou.app.checking import Question, state_of
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
from tulou.app.screen import say
from tulou.app.whatif import BY, Trial, try_project
from tulou.app.whatif_demo import write_examples
from tulou.app.whatif_reports import write_project
from tulou.app.whatif_told import told
from tulou.app.wiring import RULEBOOKS, open_city
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.plan.whatif.outcome import Outcome
from tulou.publish.whatif.machine import trial_document


@click.command()
@city_argument
@click.option(
    "--project",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="GeoJSON or CityJSON file; repeatable, all files are one project.",
)
@click.option(
    "--examples", type=click.Path(path_type=Path), help="Write example projects for CITY to this folder, and stop."
)
@day_option
@record_option
@rulebook_option
@click.option("--indicator", "indicators", multiple=True, help="Only these indicators.")
@click.option("--base", default="main", show_default=True, help="Branch of the city the project stands on.")
@click.option("--branch", "keep_on", default="", help="Keep the project as a commit on this new branch.")
@click.option("--who", default=BY, help="With --branch: who answers for it.")
@click.option("--name", default="", help="What to call the project; the file's name by default.")
@click.option("--datum", default="", help="Datum of the files: wgs84, cgcs2000, gcj02, bd09 or EPSG:xxxx.")
@count_option("--top", 10, "Rows of each table on the screen.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON for programs, and nothing else.")
@click.option("--strict", is_flag=True, help="Exit with 1 when something fails anew, with 2 when nothing is judged.")
@format_option("none")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for reports; that of the project file.")
@language_option
def whatif(  # noqa: PLR0913  (one argument an option)
    city: Path,
    *,
    files: tuple[Path, ...],
    examples: Path | None,
    at: str | None,
    as_of: str | None,
    rulebooks: tuple[str, ...],
    indicators: tuple[str, ...],
    base: str,
    keep_on: str,
    who: str,
    name: str,
    datum: str,
    top: int,
    as_json: bool,
    strict: bool,
    formats: str,
    folder: Path | None,
    spoken: str | None,
) -> None:
    """Try a project on CITY: a new building, facility or road, a closure, a change or a demolition.

    Nothing of the city is changed; with --branch the project is kept beside it on a branch.
    """
    wanted = formats_of(formats)
    question = Question(parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS, indicators, base)
    if examples is not None:
        for path in write_examples(state_of(open_city(city), question), examples):
            say(Words(f"示例项目：{path}", f"Example project: {path}"))
        return
    if not files:
        raise BadUse("name a project file", where="--project", allowed=("--project FILE", "--examples FOLDER"))
    trial = Trial(files, question, datum, name, keep_on, who)
    with progress_bar() as bar:
        tried = try_project(city, trial, progress=bar)
        written = write_project(tried, wanted, languages_of(spoken), folder or files[0].parent)
    if as_json:
        click.echo(json.dumps(trial_document(tried), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        say("\n".join(told(tried, top)))
        for path in written:
            say(Words(f"报告：{path}", f"Report: {path}"))
    if strict:
        sys.exit(verdict(tried.outcome))


def verdict(outcome: Outcome) -> int:
    """The exit code of a strict trial: something fails anew, nothing is judged, or fine."""
    if outcome.red_lines or outcome.red_findings:
        return exits.RED_LINE
    return exits.FINE if outcome.is_judged else exits.NO_VERDICT

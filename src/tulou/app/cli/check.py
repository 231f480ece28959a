"""``tulou check``: a city, or one OpenStreetMap file, to its verdicts and its report."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from tulou.app import checking, exits, intake
from tulou.app.cli.options import (
    day_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    parse_people,
    progress_bar,
    record_option,
    rulebook_option,
)
from tulou.app.reporting import write_reports
from tulou.app.screen import say
from tulou.app.summary import summary_lines
from tulou.app.wiring import RULEBOOKS, open_city
from tulou.diagnosis.diagnose import Standing
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words


@click.command()
@click.argument("city", type=click.Path(path_type=Path))
@day_option
@record_option
@click.option("--branch", default=MAIN, show_default=True, help="Branch to check, such as a project.")
@rulebook_option
@click.option("--indicator", "indicators", multiple=True, help="Only these indicators.")
@click.option("--people", type=float, help="For a file: known number of residents, to scale the estimate to.")
@click.option("--name", default="", help="For a file: name of the city.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="For a file: folder of the city to make.")
@click.option(
    "--strict", is_flag=True, help="Exit with 1 when the city fails an indicator, with 2 when none is judged."
)
@format_option("html")
@language_option
def check(  # noqa: PLR0913  (one argument an option)
    city: Path,
    *,
    at: str | None,
    as_of: str | None,
    branch: str,
    rulebooks: tuple[str, ...],
    indicators: tuple[str, ...],
    people: float | None,
    name: str,
    folder: Path | None,
    strict: bool,
    formats: str,
    spoken: str | None,
) -> None:
    """Check CITY: a city's folder, or a file (such as .osm.pbf) from which a city is made first."""
    day = parse_option_day(at, "--at")
    _only_for_a_file(city, {"--people": people, "--name": name, "--to": folder})
    wanted = formats_of(formats)
    with progress_bar() as bar:
        place = city
        if city.is_file():
            place = intake.city_of_file(city, folder, name=name, people=parse_people(people), progress=bar)
        question = checking.Question(day, as_of, rulebooks or RULEBOOKS, tuple(indicators), branch)
        kept = checking.run(open_city(place), question, progress=bar)
        say("\n".join(summary_lines(kept.diagnosis)))
        written = write_reports(kept, wanted, languages_of(spoken), progress=bar)
    for path in written:
        say(Words(f"报告：{path}", f"Report: {path}"))
    if strict:
        sys.exit(_verdict(kept.diagnosis.standings))


def _only_for_a_file(city: Path, given: Mapping[str, object]) -> None:
    """Refuse a path at which nothing stands, and options that would do nothing to a city that is made already."""
    if not city.exists():
        raise BadInput(
            "nothing stands here",
            where=str(city),
            found=city.name,
            allowed=sorted(other.name for other in city.parent.glob("[!.]*")) or ("a city's folder, or a file",),
        )
    for option, value in given.items():
        if value not in (None, "") and not city.is_file():
            raise BadUse("only for a file, from which a city is made", where=option, found=str(value))


def _verdict(standings: Sequence[Standing]) -> int:
    """The exit code of a strict check: any failure, nothing judged, or fine."""
    if any(standing.counts["fail"] for standing in standings):
        return exits.RED_LINE
    return exits.FINE if any(standing.counts["pass"] for standing in standings) else exits.NO_VERDICT

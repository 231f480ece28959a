"""Commands on a check that was made: explain, findings, report, export."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app import checking
from tulou.app.cli.options import (
    check_option,
    city_argument,
    format_option,
    formats_of,
    language_option,
    languages_of,
    progress_bar,
    rulebook_option,
)
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS
from tulou.indicators.evaluate.explain import explain as explained
from tulou.kernel.words import Words


@click.command()
@city_argument
@click.argument("indicator")
@click.option("--unit", default="", help="Id of the unit; the city by default.")
@click.option("--variant", default="", help="Which answer, e.g. walking; the official one by default.")
@click.option("--top", default=20, show_default=True, help="Objects to show.")
@check_option
@rulebook_option
def explain(
    city: Path, indicator: str, *, unit: str, variant: str, top: int, check_name: str, rulebooks: tuple[str, ...]
) -> None:
    """Explain INDICATOR of CITY: its rules, inputs and objects, with the commits that speak for them."""
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    place = unit or checking.city_unit(kept)
    for line in explained(kept.check, indicator, place, variant=variant, top=top).lines(language()):
        say(line)


@click.command()
@city_argument
@click.option("--indicator", default="", help="Only of this indicator.")
@click.option("--limit", default=30, show_default=True)
@check_option
@rulebook_option
def findings(city: Path, *, indicator: str, limit: int, check_name: str, rulebooks: tuple[str, ...]) -> None:
    """List what was found in CITY, most people first."""
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    rows = [
        row
        for row in kept.diagnosis.findings.drop(["geometry"]).to_pylist()
        if not indicator or row["indicator"] == indicator
    ]
    spoken = language()
    heads = [Words("指标", "Indicator"), Words("单元", "Unit"), Words("对象", "Objects"), Words("人数", "People"),
             Words("原因", "Cause"), Words("责任单位", "Owner")]  # fmt: skip
    bodies = {body.name: body.title.say(spoken) for body in kept.rulebook.responsible}
    shown = [
        [
            kept.rulebook.indicators[row["indicator"]].title.say(spoken),
            row["unit_name"] or row["unit"] or "",
            f"{row['count']:,}",
            "" if row["people"] is None else f"{row['people']:,.0f}",
            row["cause"] or "",
            bodies.get(row["owner"], row["owner"] or ""),
        ]
        for row in rows[:limit]
    ]
    say(table([words.say(spoken) for words in heads], shown))
    say(Words(f"共 {len(rows):,} 条，示出 {len(shown):,} 条", f"{len(rows):,} in all, {len(shown):,} shown"))


@click.command()
@city_argument
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; the check's own by default.")
@format_option("html,docx,xlsx,pdf")
@language_option
@check_option
@rulebook_option
def report(
    city: Path, *, folder: Path | None, formats: str, spoken: str | None, check_name: str, rulebooks: tuple[str, ...]
) -> None:
    """Write the reports of a check of CITY."""
    from tulou.app.reporting import write_reports  # noqa: PLC0415  (loads fonts and drawing)

    wanted = formats_of(formats)
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    with progress_bar() as bar:
        written = write_reports(kept, wanted, languages_of(spoken), folder=folder, progress=bar)
    for path in written:
        say(str(path))

"""Commands on a check that was made: explain, findings, report, export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tulou.app import checking
from tulou.app.cli.options import (
    check_option,
    city_argument,
    count_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    progress_bar,
    rulebook_option,
)
from tulou.app.screen import language, say, table
from tulou.app.summary import OPEN_LISTS
from tulou.app.wiring import RULEBOOKS
from tulou.diagnosis.findings import TO_CONFIRM
from tulou.indicators.evaluate.explain import explain as explained
from tulou.indicators.evaluate.telling import CAUSES, STATUS_WORDS, TO_CONFIRM_WORDS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words


def _asked(kept: checking.Kept, indicator: str) -> None:
    """Refuse an indicator that the check did not ask; none at all is fine."""
    asked = sorted(kept.check.results["indicator"].unique().to_pylist())
    if indicator and indicator not in asked:
        raise BadUse("there is no such indicator in this check", where="--indicator", found=indicator, allowed=asked)


def _known_variant(kept: checking.Kept, indicator: str, variant: str) -> None:
    """Refuse a variant that the indicator does not have."""
    known = kept.rulebook.indicators[indicator].variants if indicator in kept.rulebook.indicators else ()
    names = [one.name for one in known if one.name]
    if variant and known and variant not in names:
        raise BadUse(
            f"'{indicator}' has no such variant",
            where="--variant",
            found=variant,
            allowed=names or ("the official one",),
        )


@click.command()
@city_argument
@click.argument("indicator")
@click.option("--unit", default="", help="Id of the unit; the city by default.")
@click.option("--variant", default="", help="Which answer, e.g. walking; the official one by default.")
@count_option("--top", 20, "Objects to show.")
@check_option
@rulebook_option
def explain(
    city: Path, indicator: str, *, unit: str, variant: str, top: int, check_name: str, rulebooks: tuple[str, ...]
) -> None:
    """Explain INDICATOR of CITY: its rules, inputs and objects, with the commits that speak for them."""
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    place = unit or checking.city_unit(kept)
    _known_variant(kept, indicator, variant)
    for line in explained(kept.check, indicator, place, variant=variant, top=top).lines(language()):
        say(line)


HEADS = (
    Words("判定", "Status"),
    Words("指标", "Indicator"),
    Words("单元", "Unit"),
    Words("对象", "Objects"),
    Words("人数", "People"),
    Words("原因", "Cause"),
    Words("责任单位", "Owner"),
)
"""Heads of the list of findings."""


def _cells(kept: checking.Kept, row: Mapping[str, Any], bodies: Mapping[str, str]) -> list[str]:
    """One finding as a line of the list; an estimate of people is marked."""
    spoken = language()
    status = TO_CONFIRM_WORDS if row["status"] == TO_CONFIRM else STATUS_WORDS["fail"]
    cause = row["cause"] or ""
    return [
        status.say(spoken),
        kept.rulebook.indicators[row["indicator"]].title.say(spoken),
        row["unit_name"] or row["unit"] or "",
        f"{row['count']:,}",
        "" if row["people"] is None else "≈ " * bool(row["people_estimate"]) + f"{row['people']:,.0f}",
        CAUSES[cause].say(spoken) if cause in CAUSES else cause,
        bodies.get(row["owner"], row["owner"] or ""),
    ]


@click.command()
@city_argument
@click.option("--indicator", default="", help="Only of this indicator.")
@count_option("--limit", 30, "Findings to show.")
@check_option
@rulebook_option
def findings(city: Path, *, indicator: str, limit: int, check_name: str, rulebooks: tuple[str, ...]) -> None:
    """List what was found in CITY: what is proven first, then what is to be confirmed; most people first."""
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    _asked(kept, indicator)
    rows = [
        row
        for row in kept.diagnosis.findings.drop(["geometry"]).to_pylist()
        if not indicator or row["indicator"] == indicator
    ]
    spoken = language()
    bodies = {body.name: body.title.say(spoken) for body in kept.rulebook.responsible}
    shown = [_cells(kept, row, bodies) for row in rows[:limit]]
    say(table([words.say(spoken) for words in HEADS], shown))
    say(Words(f"共 {len(rows):,} 条，示出 {len(shown):,} 条", f"{len(rows):,} in all, {len(shown):,} shown"))
    if any(row["status"] == TO_CONFIRM for row in rows):
        say(OPEN_LISTS)


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
    from tulou.app.reporting import write_reports  # loads fonts and drawing

    wanted = formats_of(formats)
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    with progress_bar() as bar:
        written = write_reports(kept, wanted, languages_of(spoken), folder=folder, progress=bar)
    for path in written:
        say(str(path))


@click.command()
@city_argument
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; the check's own by default.")
@click.option(
    "--format", "formats", default="csv,gpkg", show_default=True, help="Of csv, parquet, gpkg, geojson, sdmx."
)
@check_option
@rulebook_option
def export(city: Path, *, folder: Path | None, formats: str, check_name: str, rulebooks: tuple[str, ...]) -> None:
    """Export a check of CITY: results and findings as tables, units and findings as maps."""
    from tulou.app.exporting import export_check  # loads the map libraries

    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    wanted = [name.strip().lower() for name in formats.split(",") if name.strip()]
    with progress_bar() as bar:
        written = export_check(kept, wanted, folder=folder, progress=bar)
    for path in written:
        say(str(path))

"""``tulou series``: indicators over all checks, as published and by today's data, definition and boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from tulou.app.cli.options import (
    city_argument,
    format_option,
    formats_of,
    language_option,
    languages_of,
    progress_bar,
    rulebook_option,
)
from tulou.app.comparing import CITY_LEVEL, restated_series
from tulou.app.screen import language, say, table
from tulou.app.why import series_of
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.publish.export import write_table
from tulou.publish.numbers import quantity
from tulou.publish.paper.write import write_papers
from tulou.publish.why.material import Titles
from tulou.publish.why.series import series_paper
from tulou.publish.words import say as label

FOLDER = "comparisons"
"""Below the city, where papers are written when no folder is named."""


@click.command()
@city_argument
@click.argument("indicators", metavar="INDICATOR...", nargs=-1, required=True)
@click.option("--unit", default="", help="Id of a unit; the whole city by default.")
@click.option("--variant", default="", help="Which answer; the official one by default.")
@click.option("--csv", "csv", type=click.Path(path_type=Path, dir_okay=False), help="Write all units to this file.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for the papers.")
@format_option("none")
@language_option
@rulebook_option
def series(  # noqa: PLR0913  (one argument an option)
    city: Path,
    indicators: tuple[str, ...],
    *,
    unit: str,
    variant: str,
    csv: Path | None,
    folder: Path | None,
    formats: str,
    spoken: str | None,
    rulebooks: tuple[str, ...],
) -> None:
    """Show INDICATORs of CITY over all checks: as published, and restated by today's data, definition and boundary."""
    files = formats_of(formats)
    with progress_bar() as bar:
        found = restated_series(city, indicators=indicators, rulebooks=rulebooks, progress=bar)
    rows = found.to_pylist()
    chosen = [row for row in rows if row["variant"] == variant and _is_of(row, unit)]
    if not chosen:
        _refuse(rows, unit, variant)
    told = series_of(city, chosen, rulebooks)
    for (indicator, _), lines in groupby(chosen, key=lambda row: (row["indicator"], row["unit"])):
        _tell(list(lines), told.titles[indicator])
    if csv is not None:
        write_table(pa.Table.from_pylist(rows, found.schema), csv)
        say(Words(f"数据：{csv}", f"Numbers: {csv}"))
    if files:
        papers = {one: series_paper(told, one) for one in languages_of(spoken)}
        for path in write_papers(papers, "series", folder or city / FOLDER, files):
            say(Words(f"报告：{path}", f"Report: {path}"))


def _tell(rows: Sequence[Mapping[str, Any]], titles: Titles) -> None:
    """Say one series on the screen."""
    spoken = language()
    name = next((row["unit_name"] for row in rows if row["unit_name"]), rows[0]["unit"])
    say(f"{titles.title.say(spoken)} · {name}")
    say(table(_heads(spoken), [_line(row, titles.unit, spoken) for row in rows]))


def _is_of(row: Mapping[str, Any], unit: str) -> bool:
    return bool(row["unit"] == unit) if unit else row["level"] == CITY_LEVEL


def _refuse(rows: Sequence[Mapping[str, Any]], unit: str, variant: str) -> None:
    """Say what of a question no check answers."""
    variants = sorted({row["variant"] or "''" for row in rows})
    if variant and variant not in variants:
        raise BadUse("this indicator has no such variant", where="--variant", found=variant, allowed=variants)
    known = sorted({row["unit"] for row in rows})
    raise BadUse("there is no figure for this unit", where="--unit", found=unit, allowed=known)


def _heads(spoken: Language) -> list[str]:
    heads = [label(f"why.series.{name}", spoken) for name in ("day", "check", "published", "restated")]
    status = label("why.table.status", spoken)
    return [*heads[:3], status, heads[3], status]


def _line(row: Mapping[str, Any], unit: str, spoken: Language) -> list[str]:
    cells = [row["day"].isoformat(), row["check"]]
    for value, status in (("published", "status"), ("restated", "restated_status")):
        shown = row[status]
        cells.append(quantity(row[value], unit, spoken))
        cells.append(label(f"status.{shown.replace(' ', '_')}", spoken) if shown else label("why.dash", spoken))
    return cells

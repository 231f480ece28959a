"""``tulou series``: an indicator over all checks, as published and by today's data, definition and boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from tulou.app.cli.options import city_argument, progress_bar, rulebook_option
from tulou.app.comparing import CITY_LEVEL, restated_series, series_titles
from tulou.app.screen import language, say, table
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.publish.export import write_table
from tulou.publish.numbers import quantity
from tulou.publish.words import say as label


@click.command()
@city_argument
@click.argument("indicator")
@click.option("--unit", default="", help="Id of a unit; the whole city by default.")
@click.option("--variant", default="", help="Which answer; the official one by default.")
@click.option("--csv", "csv", type=click.Path(path_type=Path, dir_okay=False), help="Write all units to this file.")
@rulebook_option
def series(
    city: Path, indicator: str, *, unit: str, variant: str, csv: Path | None, rulebooks: tuple[str, ...]
) -> None:
    """Show INDICATOR of CITY over all checks: as published, and restated by today's data, definition and boundary."""
    with progress_bar() as bar:
        found = restated_series(city, indicators=(indicator,), rulebooks=rulebooks, progress=bar)
    rows = found.to_pylist()
    chosen = [row for row in rows if row["variant"] == variant and _is_of(row, unit)]
    if not chosen:
        _refuse(rows, unit, variant)
    title, measured_in = series_titles(city, indicator, rulebooks)
    spoken = language()
    name = next((row["unit_name"] for row in chosen if row["unit_name"]), chosen[0]["unit"])
    say(f"{title.say(spoken)} · {name}")
    say(table(_heads(spoken), [_line(row, measured_in, spoken) for row in chosen]))
    if csv is not None:
        write_table(pa.Table.from_pylist(rows, found.schema), csv)
        say(Words(f"数据：{csv}", f"Numbers: {csv}"))


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
    names = ("day", "check", "published", "restated")
    heads = [label(f"why.series.{name}", spoken) for name in names]
    status = label("why.table.status", spoken)
    return [*heads[:3], status, heads[3], status]


def _line(row: Mapping[str, Any], unit: str, spoken: Language) -> list[str]:
    cells = [row["day"].isoformat(), row["check"]]
    for value, status in (("published", "status"), ("restated", "restated_status")):
        shown = row[status]
        cells.append(quantity(row[value], unit, spoken))
        cells.append(label(f"status.{shown.replace(' ', '_')}", spoken) if shown else label("why.dash", spoken))
    return cells

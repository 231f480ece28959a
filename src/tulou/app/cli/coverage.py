"""``tulou coverage``: how far each clause of the opinion is covered, told by the code itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tulou.app.cli.options import rulebook_option
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS, measures, rulebook
from tulou.kernel.errors import BadUse

if TYPE_CHECKING:
    from tulou.operations.coverage import Row

CLOSING = ("八", "26")
"""The closing section has no number of its own and stands in the register under 26."""


@click.command()
@click.option("--city", type=click.Path(path_type=Path), help="Also say which indicators the newest check computed.")
@click.option("--clause", "number", default="", help="Show one clause: its parts, commitments and published figures.")
@click.option(
    "--format", "form", type=click.Choice(("table", "md", "json")), default="table", show_default=True,
    help="How to print it.",
)  # fmt: skip
@rulebook_option
def coverage(*, city: Path | None, number: str, form: str, rulebooks: tuple[str, ...]) -> None:
    """Say for each clause what is computed, what is tracked, and what is not there yet, with the tests behind it."""
    from tulou.operations.coverage import coverage_of
    from tulou.publish.tracker import coverage as told

    names = rulebooks or RULEBOOKS
    rules = rulebook(names)
    rows = _chosen(coverage_of(names, rules, measures()), number)
    spoken = language()
    if form == "json":
        say(json.dumps(told.plain(rows), ensure_ascii=False, indent=1))
        return
    if form == "md":
        say(told.markdown(rows, spoken).rstrip("\n"))
        return
    if number:
        _say_clause(rows[0])
        return
    assessed = _assessed(city, names) if city is not None else None
    columns = told.HEADS if assessed is None else (*told.HEADS, "assessed")
    say(table(told.heads(columns, spoken), told.table_rows(rows, spoken, assessed)))
    say(told.counted(rows, spoken))


def _chosen(rows: Sequence[Row], number: str) -> Sequence[Row]:
    """The clause asked for, or all.

    Raises:
        BadUse: When no rulebook has it.
    """
    wanted = CLOSING[1] if number == CLOSING[0] else number
    found = [row for row in rows if not wanted or row.number == wanted]
    if wanted and not found:
        raise BadUse(
            "no rulebook has such a clause", where="--clause", found=number, allowed=[row.number for row in rows]
        )
    return found


def _say_clause(row: Row) -> None:
    """One clause on the screen: parts, published figures, commitments."""
    from tulou.publish.tracker import coverage as told

    spoken = language()
    say(table(told.heads(("part", "state", "by"), spoken), told.part_rows(row, spoken)))
    if row.truths:
        say("")
        say(table(told.heads(("truth", "where"), spoken), told.truth_rows(row, spoken)))
    say("")
    listed = [
        (one.id, one.says.say(spoken), ", ".join(one.indicators), one.shown_by.say(spoken)) for one in row.commitments
    ]
    say(table(told.heads(("id", "says", "indicators", "shown_by"), spoken), listed))


def _assessed(city: Path, names: Sequence[str]) -> set[str]:
    """Indicators that the newest check of a city gave a value for."""
    from tulou.app.checking import kept

    rows = kept(city, rulebooks=names).check.results.select(["indicator", "status", "level"]).to_pylist()
    return {row["indicator"] for row in rows if row["level"] == "city" and row["status"] != "not assessed"}

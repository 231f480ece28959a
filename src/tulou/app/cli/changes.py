"""``tulou changes``: what differs between two places on a city's clocks, or between two branches."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pyarrow as pa

from tulou.app.cli.options import city_argument, count_option
from tulou.app.moments import parse_place, states_at
from tulou.app.screen import language, say, table
from tulou.app.wiring import look_at
from tulou.kernel.atomic import write_bytes
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.model.change_table import APPEARED, CHANGED, CLAIMED, SCHEMA, VANISHED, change_counts, change_table
from tulou.model.changes import changes as changes_between

FORMATS = ("csv", "parquet")
CELL = 40
"""Characters of a value that are shown on the screen."""
COLUMNS = {
    "entity": Words("实体", "entity"),
    "object": Words("对象", "object"),
    "change": Words("变化", "change"),
    "attribute": Words("属性", "attribute"),
    "before": Words("之前", "before"),
    "after": Words("之后", "after"),
}
HEADS = {APPEARED: Words("新增", "appeared"), VANISHED: Words("消失", "vanished"), CHANGED: Words("改变", "changed")}
CHANGES = {**HEADS, CLAIMED: Words("声明完整", "claimed complete")}


@click.command()
@city_argument
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--entity", "entities", multiple=True, help="Only these entities; repeatable.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Write all rows in this format.")
@click.option("--to", "file", type=click.Path(path_type=Path), help="File to write; changes.csv by default.")
@count_option("--limit", 10, "Rows to show.")
def changes(
    city: Path, before: str, after: str, *, entities: tuple[str, ...], form: str | None, file: Path | None, limit: int
) -> None:
    """Show what changed in CITY from A to B: DAY@RECORD, DAY, @RECORD, a branch, or BRANCH:DAY@RECORD."""
    opened = look_at(city)
    form = form or _format_of(file)
    unknown = next((name for name in entities if name not in opened.dictionary), None)
    if unknown is not None:
        raise BadUse(
            "there is no such entity in the data dictionary", where="--entity", found=unknown, allowed=opened.dictionary
        )
    first, second = states_at(opened, parse_place(opened, before), parse_place(opened, after))
    found = changes_between(first, second, entities or None)
    rows = change_table(found)
    spoken = language()
    if found.is_empty:
        say(Words("两者没有差别", "Nothing differs"))
    else:
        counts = [
            (name, opened.dictionary[name].title.say(spoken), *(f"{told[kind]:,}" for kind in HEADS))
            for name, told in change_counts(found).items()
        ]
        say(table(("entity", Words("名称", "Title").say(spoken), *(one.say(spoken) for one in HEADS.values())), counts))
    if form is not None:
        place = file or Path(f"changes.{form}")
        write_bytes(place, _bytes(rows, form))
        say(Words(f"写出 {rows.num_rows:,} 行：{place}", f"Wrote {rows.num_rows:,} rows: {place}"))
    elif rows.num_rows and limit:
        say("")
        say(table([COLUMNS[name].say(spoken) for name in SCHEMA.names], [_line(row) for row in _first(rows, limit)]))
        total = f"{rows.num_rows:,}"
        say(Words(f"共 {total} 行；全部写出：--format csv", f"{total} rows in all; to write them all: --format csv"))


def _format_of(file: Path | None) -> str | None:
    if file is None:
        return None
    form = file.suffix.lstrip(".").lower()
    if form not in FORMATS:
        raise BadUse("changes are not written in this format", where="--to", found=file.name, allowed=FORMATS)
    return form


def _first(rows: pa.Table, limit: int) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = rows.slice(0, limit).to_pylist()
    return found


def _line(row: dict[str, str | None]) -> list[str]:
    change = CHANGES.get(str(row["change"]))
    told = row if change is None else row | {"change": change.say(language())}
    return [_cell(value) for value in told.values()]


def _cell(value: str | None) -> str:
    text = "" if value is None else value.replace("\n", " ")
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"


def _bytes(rows: pa.Table, form: str) -> bytes:
    sink = io.BytesIO()
    if form == "csv":
        from pyarrow import csv  # only for this format

        # Excel takes a file for Chinese text only with this mark.
        sink.write(b"\xef\xbb\xbf")
        csv.write_csv(rows, sink)
    else:
        from pyarrow import parquet  # only for this format

        parquet.write_table(rows, sink, compression="zstd")
    return sink.getvalue()

"""CSV: any encoding and delimiter, checked for width and size before it is taken apart."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from tulou.kernel.errors import BadInput
from tulou.sources import encodings, limits
from tulou.sources.mapping import TableMapping
from tulou.sources.tables.grid import Grid

DELIMITERS = (",", ";", "\t", "|", "，")
NO_DELIMITERS = '"\r\n\0'
STAND_IN = "\x1f"
"""Stands for a delimiter that is no ASCII, which the parser does not take."""
SAMPLE_LINES = 20


def read_grid(path: Path, rule: TableMapping) -> Grid:
    """Read a CSV file as a grid of texts.

    Args:
        path: The file.
        rule: Its mapping, for encoding, delimiter, header rows and names.

    Raises:
        BadInput: Wrong encoding, too wide, too large, rows of different lengths, quotes that never close.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), rule.encoding, path.name)
    if "\0" in text:
        raise BadInput("this is not text", where=path.name, found="a NUL byte")
    return grid_of_text(text, rule, path.name)


def grid_of_text(text: str, rule: TableMapping, name: str) -> Grid:
    """Take decoded CSV text apart."""
    lines = text.splitlines()[:SAMPLE_LINES] if len(text) < limits.MOST_LINE_BYTES else _first_lines(text, name)
    if not any(line.strip() for line in lines):
        raise BadInput("the table is empty", where=name)
    delimiter = rule.delimiter or _delimiter(lines)
    if len(delimiter) != 1 or delimiter in NO_DELIMITERS:
        raise BadInput("a delimiter is one character", where=rule.at or name, found=delimiter, allowed=(",", ";", "\t"))
    width = max(line.count(delimiter) for line in lines) + 1
    if width > limits.MOST_COLUMNS:
        raise BadInput("too many columns", where=name, found=width, allowed=(f"at most {limits.MOST_COLUMNS}",))
    if not delimiter.isascii():
        grid = grid_of_text(text.replace(delimiter, STAND_IN), replace(rule, delimiter=STAND_IN), name)
        grid.heads = tuple(tuple(cell.replace(STAND_IN, delimiter) for cell in head) for head in grid.heads)
        grid.columns = [pc.replace_substring(column, STAND_IN, delimiter) for column in grid.columns]
        return grid
    heads, body, first = _split(text, rule, delimiter, name)
    if len({len(head) for head in heads}) > 1:
        widths = ", ".join(str(len(head)) for head in heads)
        raise BadInput("the rows of the header have different numbers of cells", where=rule.at or name, found=widths)
    names = rule.names or tuple(heads[-1]) if rule.header <= 1 else ()
    columns, refused = _parsed(body, len(heads[0]) if heads else len(names), delimiter, name)
    return Grid(name, tuple(map(tuple, heads)), columns, first, refused)


def _first_lines(text: str, name: str) -> list[str]:
    stream = io.StringIO(text)
    lines = []
    for number in range(1, SAMPLE_LINES + 1):
        line = stream.readline(limits.MOST_LINE_BYTES)
        if len(line) >= limits.MOST_LINE_BYTES:
            raise BadInput(
                "a line is too long for a table",
                where=f"{name}: line {number}",
                allowed=(f"at most {limits.MOST_LINE_BYTES} characters",),
            )
        lines.append(line)
    return lines


def _delimiter(lines: list[str]) -> str:
    """The character that divides the first lines most evenly."""

    def evenness(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if line.strip()]
        common, times = Counter(counts).most_common(1)[0]
        return (times if common else 0, common)

    return max(DELIMITERS, key=evenness)


def _split(text: str, rule: TableMapping, delimiter: str, name: str) -> tuple[list[list[str]], bytes, int]:
    """Header rows, the rest as UTF-8, and the line number on which the rest begins."""
    stream = io.StringIO(text, newline="")
    for _ in range(rule.skip):
        stream.readline()
    reader = csv.reader(iter(stream.readline, ""), delimiter=delimiter, strict=True)
    heads: list[list[str]] = []
    try:
        while len(heads) < rule.header:
            row = next(reader)
            if any(cell.strip() for cell in row):
                heads.append(row)
    except StopIteration:
        raise BadInput("the table ends within its header", where=name, found=f"{len(heads)} rows") from None
    except csv.Error as error:
        raise BadInput(f"the header cannot be read: {error}", where=name) from None
    first = rule.skip + reader.line_num + 1
    if not heads:
        heads = [list(rule.names)]
    return heads, stream.read().encode(), first


def _parsed(body: bytes, width: int, delimiter: str, name: str) -> tuple[list[pa.ChunkedArray], list[int]]:
    """Columns of texts, and the rows (counted from the first one) whose cells are too many or too few."""
    if not body.strip():
        raise BadInput("the table has no rows", where=name)
    bad: list[int] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        bad.append(row.number or 0)
        return "skip"

    labels = [f"c{i}" for i in range(width)]
    kinds = dict.fromkeys(labels, pa.string())
    try:
        table = pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(column_names=labels, use_threads=False, block_size=1 << 24),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise BadInput(f"the table cannot be taken apart: {error}", where=name) from None
    if bad and not table.num_rows:
        raise BadInput("no row has as many cells as the header; perhaps a quotation mark never closes", where=name)
    if table.num_rows * width > limits.MOST_CELLS:
        raise BadInput("too many cells", where=name, found=table.num_rows * width)
    return [table[label] for label in labels], bad

"""Grids: what CSV files and Excel sheets have in common, and how a grid becomes a table with named columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality
from tulou.sources import cells
from tulou.sources.build import RawTable
from tulou.sources.mapping import TableMapping
from tulou.sources.shapes import Mask

TOTAL_COLUMNS = 3
"""A row is a total when one of its first columns says so."""
JOINT = "/"
"""Between the rows of a header of several rows: ``人口/户籍``."""
_BLANKS = str.maketrans("", "", " \u3000\t\n:：")
_BLANK = "[ \u3000\t\n:：]"


@dataclass
class Grid:
    """Cells as texts, and the header rows apart.

    Args:
        name: How messages call it.
        heads: Header rows; merged cells already repeated.
        columns: Columns of texts.
        first: Number of the first row in the source.
        ragged: Rows, counted from the first, that had too many or too few cells and are not in the columns.
    """

    name: str
    heads: tuple[tuple[str, ...], ...]
    columns: list[pa.ChunkedArray]
    first: int
    ragged: list[int] = field(default_factory=list)


def table_of(grid: Grid, rule: TableMapping, quality: Quality) -> RawTable:
    """Name the columns of a grid, and leave out empty rows and totals.

    Args:
        grid: The grid.
        rule: Its mapping.
        quality: Report that rows left out are added to.

    Raises:
        BadInput: When two columns have one name that the mapping uses, or nothing is left.
    """
    names = rule.names or joined_heads(grid.heads)
    if len(names) != len(grid.columns):
        raise BadInput(
            "the number of names is not the number of columns",
            where=rule.at or grid.name,
            found=len(names),
            allowed=(str(len(grid.columns)),),
        )
    columns = _named(names, grid.columns)
    if not columns:
        raise BadInput("the table has no named columns", where=grid.name)
    rows = len(grid.columns[0])
    numbers = _numbers(grid, rows)
    quality.read += len(grid.ragged)
    quality.note(
        "ragged_row",
        "refused",
        len(grid.ragged),
        "the row has more or fewer cells than the header",
        tuple(str(grid.first + row - 1) for row in grid.ragged),
    )
    raw = RawTable(grid.name, columns, numbers)
    raw = _without_empty(raw)
    raw = _without_totals(raw, rule.totals, quality)
    return _transposed(raw, rule) if rule.transpose else raw


def _numbers(grid: Grid, rows: int) -> NDArray[np.int64]:
    every = np.arange(rows + len(grid.ragged))
    left = np.delete(every, [row - 1 for row in grid.ragged if 0 < row <= len(every)])[:rows]
    if len(left) < rows:
        left = every[:rows]
    return left + grid.first


def joined_heads(heads: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Names of columns from header rows: what stands above one another is joined, repetitions left out."""
    names = []
    for stack in zip(*heads, strict=True):
        parts = [" ".join(cell.split()) for cell in stack]
        unique = [part for i, part in enumerate(parts) if part and part not in parts[:i]]
        names.append(JOINT.join(unique))
    return tuple(names)


def _named(names: Sequence[str], columns: Sequence[pa.ChunkedArray]) -> dict[str, pa.ChunkedArray]:
    """Columns by name; an empty name is left out when the column is empty, a repeated one gets its number."""
    found: dict[str, pa.ChunkedArray] = {}
    for position, (name, column) in enumerate(zip(names, columns, strict=True), start=1):
        label = name.strip()
        if not label:
            if _is_blank(column):
                continue
            label = f"column {position}"
        number = 2
        unique = label
        while unique in found:
            unique, number = f"{label}#{number}", number + 1
        found[unique] = column
    return found


def _is_blank(column: pa.ChunkedArray) -> bool:
    return not pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py()


def _without_empty(raw: RawTable) -> RawTable:
    """Rows in which nothing stands are no rows; they are not counted."""
    something = np.zeros(len(raw.numbers), dtype=bool)
    for column in raw.columns.values():
        said = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), fill_value=False)
        something |= said.to_numpy()
    if not something.any():
        raise BadInput("the table has no rows", where=raw.name)
    return raw.take(something)


def _without_totals(raw: RawTable, words: Sequence[str], quality: Quality) -> RawTable:
    totals = total_rows(raw, words)
    quality.read += int(totals.sum())
    quality.note(
        "total_row",
        "refused",
        int(totals.sum()),
        "the row is a sum of others",
        tuple(str(raw.numbers[i]) for i in np.flatnonzero(totals)),
    )
    return raw.take(~totals)


def total_rows(raw: RawTable, words: Sequence[str]) -> Mask:
    """Rows that one of the first columns calls a total, blanks within the word or not."""
    wanted = pa.array([word.lower().translate(_BLANKS) for word in words], pa.string())
    totals = np.zeros(len(raw.numbers), dtype=bool)
    for column in list(raw.columns.values())[:TOTAL_COLUMNS]:
        bare = pc.replace_substring_regex(pc.utf8_lower(column), _BLANK, "")
        totals |= pc.fill_null(pc.is_in(bare, wanted), fill_value=False).to_numpy()
    return totals


def _transposed(raw: RawTable, rule: TableMapping) -> RawTable:
    """Turn a table whose objects stand side by side: the words of one column become the columns.

    Headings that are no years and no numbers (source, remark, unit) are dropped; the old headings go into the
    column that the mapping names with ``into``.
    """
    if rule.transpose not in raw.columns:
        raise BadInput("the table has no such column", where=rule.at, found=rule.transpose, allowed=tuple(raw.columns))
    labels = [" ".join((text or "").split()) for text in raw.columns[rule.transpose].to_pylist()]
    across = [name for name in raw.columns if name != rule.transpose and cells.number(name, wanted="year") is not None]
    if not across:
        raise BadInput("no heading is a year or a number", where=rule.at, found=", ".join(list(raw.columns)[:8]))
    turned = {rule.into or "heading": pa.chunked_array([pa.array([name.removesuffix(".0") for name in across])])}
    by_heading = [raw.columns[name].to_pylist() for name in across]
    for row, label in enumerate(labels):
        name, number = label, 2
        while name in turned:
            name, number = f"{label}#{number}", number + 1
        turned[name] = pa.chunked_array([pa.array([column[row] for column in by_heading], pa.string())])
    return RawTable(raw.name, turned, np.arange(1, len(across) + 1))

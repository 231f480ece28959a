"""From a table as it stood in the source to facts: selection, ids, attributes, places, days, repetitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.kernel import facts as f
from tulou.kernel.errors import BadInput, shorten
from tulou.kernel.facts import Facts
from tulou.kernel.identity import object_id
from tulou.kernel.polygons import ShapeArray
from tulou.kernel.provenance import Quality
from tulou.sources import cells, checks
from tulou.sources import datum as datums
from tulou.sources.cells import Trouble
from tulou.sources.datum import Datum
from tulou.sources.expected import ExpectedAttribute, ExpectedEntity
from tulou.sources.mapping import EVERYTHING, PLACE, ROW, Column, Day, TableMapping
from tulou.sources.shapes import MOST_LONGITUDE, Mask, Rows, cleaned, extent_of
from tulou.sources.tiles import merge_tiles

ID_DIGITS = 16
SHOWN_LENGTH = 24
"""Signs of a cell that a remark shows."""
EXAMPLE_ID = "示例"
"""Id of the row that an import template shows as an example; it is never a fact."""


@dataclass
class RawTable:
    """A table as it stood in the source.

    Args:
        name: How messages call it.
        columns: Columns by name; all of one length.
        numbers: Number of each row in the source, as a person would count it.
        shapes: One shape a row, when the source has geometry of its own.
        datum: What the source says its coordinates are; None when it says nothing.
        unreadable: Rows whose geometry could not be read at all.
    """

    name: str
    columns: dict[str, pa.ChunkedArray]
    numbers: NDArray[np.int64]
    shapes: ShapeArray | None = None
    datum: Datum | None = None
    unreadable: Mask | None = None

    def take(self, mask: Mask) -> RawTable:
        """The rows that a mask marks."""
        if mask.all():
            return self
        kept = pa.array(mask)
        return RawTable(
            self.name,
            {name: column.filter(kept) for name, column in self.columns.items()},
            self.numbers[mask],
            None if self.shapes is None else self.shapes[mask],
            self.datum,
            None if self.unreadable is None else self.unreadable[mask],
        )


@dataclass
class Built:
    """Facts made of one table.

    Args:
        facts: The rows.
        extent: West, south, east, north in degrees; None without geometry.
        datum: What the coordinates were, in words; empty without geometry.
    """

    facts: Facts
    extent: tuple[float, float, float, float] | None = None
    datum: str = ""


@dataclass
class _Work:
    raw: RawTable
    rule: TableMapping
    entity: ExpectedEntity | None
    quality: Quality
    where: str
    out: dict[str, pa.Array] = field(default_factory=dict)

    @property
    def labels(self) -> Sequence[object]:
        return self.raw.numbers.tolist()


def build(raw: RawTable, rule: TableMapping, entity: ExpectedEntity | None, quality: Quality) -> Built:
    """Make facts of a table.

    Args:
        raw: The table.
        rule: Its mapping.
        entity: What the dictionary says of the entity; None to take what the mapping says.
        quality: Report that remarks are added to; ``read`` and ``kept`` grow.

    Raises:
        BadInput: When a column that the mapping names is absent, when no row can be kept, or when a whole column or
            all coordinates are not what the mapping says.
    """
    where = f"{rule.at} ({raw.name})" if rule.at else raw.name
    quality.read += len(raw.numbers)
    check_columns(raw, rule, quality, where)
    raw = _selected(raw, rule, quality, where)
    work = _Work(raw, rule, entity, quality, where)
    for column in rule.columns:
        work.out[column.attribute] = attribute_of(work, column)
    _days(work)
    placed, datum = _placed(work)
    return _finished(work, placed, datum)


def check_columns(raw: RawTable, rule: TableMapping, quality: Quality, where: str) -> None:
    """Refuse a mapping that names columns the table lacks; report columns nobody asked for."""
    named = _named(rule)
    absent = [name for name in dict.fromkeys(named) if name not in raw.columns]
    if absent:
        raise BadInput.of(
            fault
            for name in absent
            for fault in BadInput(
                "the table has no such column", where=where, found=name, allowed=tuple(raw.columns)
            ).faults
        )
    unused = [name for name in raw.columns if name not in named and name not in rule.ignore]
    if unused and EVERYTHING not in rule.ignore:
        shown = ", ".join(unused[:8])
        quality.note("column_unused", "noted", len(unused), f"columns nobody asked for: {shorten(shown)}")


def _named(rule: TableMapping) -> list[str]:
    """Columns of the table that a mapping asks for."""
    named = [column.source for column in rule.columns if column.source is not None]
    named += [name for name in rule.id if name not in {ROW, PLACE} and not rule.object]
    named += [*rule.coordinates.values(), *rule.where]
    return named + [day.source for day in (rule.valid_from, rule.valid_to) if day and day.source]


def _selected(raw: RawTable, rule: TableMapping, quality: Quality, where: str) -> RawTable:
    mask = np.ones(len(raw.numbers), dtype=bool)
    for name, allowed in rule.where.items():
        words = cells.texts(raw.columns[name])
        mask &= pc.fill_null(pc.is_in(words, pa.array(allowed)), fill_value=False).to_numpy()
        if not mask.any():
            found = sorted(map(str, pc.unique(words.drop_null()).to_pylist()))
            raise BadInput(f"no row has this in '{name}'", where=where, found=", ".join(allowed), allowed=found)
    quality.read -= int((~mask).sum())
    return raw.take(mask)


def attribute_of(work: _Work, column: Column) -> pa.Array:
    """One attribute of all rows, in the unit and words of the dictionary."""
    expected = work.entity.attributes[column.attribute] if work.entity else None
    if column.source is None:
        return _constant(work, column, expected)
    source = work.raw.columns[column.source]
    kind = column.type or (expected.type if expected else _kind_found(source, column))
    if column.values:
        found, trouble = cells.each(
            cells.texts(source), cells.translator(column.values), pa.string(), _missing(work, column)
        )
        _report(work, column, trouble, "word_untranslated", "the mapping does not translate a word")
        source = pa.chunked_array([found])
    return _READERS[kind](work, column, expected, source)


def _kind_found(source: pa.ChunkedArray, column: Column) -> str:
    kind = source.type
    if pa.types.is_boolean(kind):
        return "flag"
    if column.unit or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    return "date" if column.format or pa.types.is_temporal(kind) else "text"


def _constant(work: _Work, column: Column, expected: ExpectedAttribute | None) -> pa.Array:
    value = column.constant
    one = pa.chunked_array([pa.array([None if value is None else str(value)], pa.string())])
    kind = expected.type if expected else "number" if isinstance(value, int | float) else "text"
    if isinstance(value, bool):
        kind = "flag"
    single = _Work(RawTable(work.raw.name, {}, np.zeros(1, np.int64)), work.rule, work.entity, Quality(), work.where)
    found = _READERS[kind](single, column, expected, one)
    if single.quality.remarks:
        raise BadInput(f"'{column.attribute}' cannot have this value", where=work.where, found=value)
    return pa.repeat(found[0], len(work.raw.numbers))


def _missing(work: _Work, column: Column) -> tuple[str, ...]:
    return (*work.rule.missing, *column.missing)


def _number(work: _Work, column: Column, expected: ExpectedAttribute | None, source: pa.ChunkedArray) -> pa.Array:
    wanted = expected.unit if expected else ""
    factor = cells.conversion(column.unit, wanted, work.where) if column.unit and wanted else 1.0
    found, trouble = cells.numbers(
        source, wanted=wanted or column.unit, factor=factor, missing=_missing(work, column), decimal=work.rule.decimal
    )
    _report(work, column, trouble, "unreadable_number", "a cell is not a number with a fitting unit; left unknown")
    return found


def _flag(work: _Work, column: Column, _: ExpectedAttribute | None, source: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_boolean(source.type):
        return source.combine_chunks()
    missing = set(_missing(work, column))
    blank = cells.MISSING - cells.FALSE

    def read(text: str) -> bool | None:
        return cells.truth(text)

    words = pc.if_else(pc.is_in(cells.texts(source), pa.array(sorted(missing | blank))), None, cells.texts(source))
    found, trouble = cells.each(words, read, pa.bool_(), ())
    _report(work, column, trouble, "unreadable_flag", "a cell is neither yes nor no; left unknown")
    return found


def _date(work: _Work, column: Column, _: ExpectedAttribute | None, source: pa.ChunkedArray) -> pa.Array:
    found, trouble = _read_days(source, column.format, _missing(work, column))
    _report(work, column, trouble, "unreadable_date", "a cell is not a day; left unknown")
    return found


def _read_days(source: pa.ChunkedArray, pattern: str, missing: Sequence[str]) -> tuple[pa.Array, Trouble]:
    if pa.types.is_temporal(source.type):
        return pc.cast(source, pa.date32(), safe=False).combine_chunks(), Trouble()
    return cells.each(cells.texts(source), lambda text: cells.day(text, pattern), pa.date32(), missing)


def _text(work: _Work, column: Column, expected: ExpectedAttribute | None, source: pa.ChunkedArray) -> pa.Array:
    allowed = expected.values if expected else None
    if allowed is None:
        found, _ = cells.each(cells.texts(source), lambda text: text.strip(), pa.string(), _missing(work, column))
        return found
    table: dict[str, object] = {}
    for name, title in allowed.items():
        table |= {name: name, title.zh: name, title.en: name, title.en.lower(): name}
    words = cells.texts(source)
    found, trouble = cells.each(words, cells.translator(table), pa.string(), _missing(work, column))
    _report(
        work, column, trouble, "value_not_allowed",
        f"a word is not one of the dictionary's ({', '.join(list(allowed)[:6])} …) and is not translated; left unknown",
    )  # fmt: skip
    return found


def _series(work: _Work, column: Column, _: ExpectedAttribute | None, source: pa.ChunkedArray) -> pa.Array:
    kind = pa.list_(pa.float64())
    if pa.types.is_list(source.type):
        return pc.cast(source, kind).combine_chunks()

    def read(text: str) -> list[float] | None:
        found = [
            cells.number(part, decimal=work.rule.decimal) for part in text.strip("[]() ").replace("；", ";").split(";")
        ]
        return None if None in found else [value for value in found if value is not None]

    found, trouble = cells.each(cells.texts(source), read, kind, _missing(work, column))
    _report(work, column, trouble, "unreadable_series", "a cell is not a list of numbers; left unknown")
    return found


_READERS: Mapping[str, Callable[..., pa.Array]] = {
    "number": _number,
    "flag": _flag,
    "date": _date,
    "text": _text,
    "series": _series,
}


def _report(work: _Work, column: Column, trouble: Trouble, kind: str, text: str) -> None:
    """Count cells that could not be read; when most of a column cannot, the mapping is wrong."""
    if not trouble.rows:
        return
    shown = ", ".join(shorten(item, SHOWN_LENGTH) for item in trouble.texts[: cells.EXAMPLES])
    given = len(work.raw.numbers)
    if kind != "word_untranslated" and len(trouble.rows) > cells.HALF * given:
        raise BadInput(
            f"most cells of '{column.source or column.attribute}' cannot become '{column.attribute}': {text}",
            where=work.where,
            found=shown,
        )
    labels = tuple(str(work.labels[row]) for row in trouble.rows[: cells.EXAMPLES])
    work.quality.note(kind, "noted", len(trouble.rows), f"'{column.attribute}': {text}; found: {shown}", labels)


def _days(work: _Work) -> None:
    for name, rule in ((f.VALID_FROM, work.rule.valid_from), (f.VALID_TO, work.rule.valid_to)):
        if rule is None:
            continue
        work.out[name] = _day_column(work, name, rule)


def _day_column(work: _Work, name: str, rule: Day) -> pa.Array:
    if not rule.source:
        found = cells.day(rule.constant, rule.format)
        if found is None:
            raise BadInput(f"'{name}' is not a day", where=work.where, found=rule.constant, allowed=("2026-01-29",))
        return pa.repeat(pa.scalar(found, pa.date32()), len(work.raw.numbers))
    days, trouble = _read_days(work.raw.columns[rule.source], rule.format, work.rule.missing)
    _report(work, Column(name, rule.source), trouble, "unreadable_date", "a cell is not a day")
    return days


def _placed(work: _Work) -> tuple[Rows, Datum | None]:
    """Shapes of the rows, cleaned and in WGS 84."""
    count = len(work.raw.numbers)
    keep = np.ones(count, dtype=bool)
    none = np.full(count, None, dtype=object)
    rows = Rows(none, keep, work.labels, work.where, work.quality)
    if work.rule.coordinates:
        rows.shapes = _from_columns(work, rows)
    elif work.raw.shapes is not None:
        _from_source(work, rows)
    if shapely.is_missing(rows.shapes).all():
        return rows, None
    datum = datum_of(work.raw, work.rule, rows, work.quality)
    cleaned(rows, datum, work.entity.geometry if work.entity else "any")
    return rows, datum


def _from_source(work: _Work, rows: Rows) -> None:
    if work.raw.shapes is None:
        return
    rows.shapes = work.raw.shapes.copy()
    if work.raw.unreadable is not None:
        rows.remark(work.raw.unreadable, "unreadable_shape", "refused", "the geometry cannot be read")
    rows.remark(shapely.is_missing(rows.shapes), "no_shape", "refused", "the row of a layer has no geometry")


def _from_columns(work: _Work, rows: Rows) -> ShapeArray:
    columns = work.raw.columns
    if "wkt" in work.rule.coordinates:
        texts = cells.texts(columns[work.rule.coordinates["wkt"]])
        values = [None if cells.is_missing(text) else text for text in texts.to_pylist()]
        given = np.array([value is not None for value in values], dtype=bool)
        with np.errstate(all="ignore"):  # a number beyond all bounds is told below, as not finite
            shapes: ShapeArray = shapely.from_wkt(np.array(values, dtype=object), on_invalid="ignore")
        bad = given & shapely.is_missing(shapes)
    else:
        shapes, given, bad = _points(work)
    rows.remark(bad, "unreadable_place", "refused", "the coordinates cannot be read")
    rows.remark(~given, "no_place", "noted", "the row has no coordinates and is kept without a place")
    return shapes


def _points(work: _Work) -> tuple[ShapeArray, Mask, Mask]:
    axes, given, bad = [], np.zeros(len(work.raw.numbers), dtype=bool), np.zeros(len(work.raw.numbers), dtype=bool)
    for key in ("lon", "lat") if "lon" in work.rule.coordinates else ("x", "y"):
        column = work.raw.columns[work.rule.coordinates[key]]
        found, trouble = cells.numbers(
            column, wanted="", factor=1.0, missing=work.rule.missing, decimal=work.rule.decimal
        )
        bad[trouble.rows] = True
        known = found.is_valid().to_numpy(zero_copy_only=False)
        given |= known
        axes.append(np.where(known, found.fill_null(0.0).to_numpy(zero_copy_only=False), np.nan))
    xy = np.column_stack(axes)
    whole = ~np.isnan(xy).any(axis=1)
    bad |= given & ~whole
    shapes = np.full(len(xy), None, dtype=object)
    shapes[whole] = shapely.points(xy[whole])
    return shapes, given | bad, bad


def datum_of(raw: RawTable, rule: TableMapping, rows: Rows, quality: Quality) -> Datum:
    """What the coordinates are: as the mapping states, else as the file states, else assumed and said aloud.

    Raises:
        BadInput: When nobody says and the numbers are not degrees, or when mapping and file contradict each other.
    """
    stated = datums.named(rule.datum, rule.at) if rule.datum else None
    found = raw.datum
    if stated is None and found is not None:
        return found
    if stated is None:
        return _assumed(raw, rows, quality)
    if found is None or found.crs == stated.crs:
        return stated
    if datums.is_geographic(found.crs) and datums.is_geographic(stated.crs):
        return stated
    if stated.shift and stated.crs == datums.WGS84:
        return Datum(found.crs, stated.shift)
    raise BadInput(
        "the mapping states another coordinate system than the file itself",
        where=rule.at or raw.name,
        found=stated.crs,
        allowed=(found.crs,),
    )


def _assumed(raw: RawTable, rows: Rows, quality: Quality) -> Datum:
    xy = shapely.get_coordinates(rows.shapes)
    finite = xy[np.isfinite(xy).all(axis=1)]
    degrees = (np.abs(finite) <= MOST_LONGITUDE).all(axis=1)
    if finite.size and degrees.mean() < cells.HALF:
        raise BadInput(
            "nobody states the coordinate system, and the numbers are not degrees",
            where=raw.name,
            found=", ".join(f"{value:.2f}" for value in finite[0]),
            allowed=("state it in the mapping, e.g. datum: EPSG:4547",),
        )
    if datums.in_china(finite[:, 0], finite[:, 1]):
        quality.note(
            "datum_unstated",
            "noted",
            len(rows.keep),
            "nobody states the datum, and in China it may be GCJ-02 or BD-09, some hundred metres off; "
            "WGS 84 was assumed: state it in the mapping (datum: …) or test it with the alignment finder",
        )
    return Datum(is_stated=False)


def _finished(work: _Work, rows: Rows, datum: Datum | None) -> Built:
    ids = _ids(work, rows)
    rows.remark(np.array([value is None for value in ids], dtype=bool), "no_id", "refused", "the row has no id")
    sample = np.array([str(value).endswith(EXAMPLE_ID) for value in ids], dtype=bool)
    rows.remark(sample, "example_row", "refused", "the example row of the import template")
    first = _without_repetitions(work, rows, ids)
    if not first.size:
        reasons = "; ".join(f"{r.kind} {r.rows}" for r in work.quality.remarks if r.treated == "refused")
        raise BadInput("no row can be kept", where=work.where, found=reasons or "no rows")
    table = {f.ID: pa.array(ids[first].tolist(), pa.string())}
    table |= {name: column.take(pa.array(first)) for name, column in work.out.items()}
    extent = None
    shapes = rows.shapes[first]
    checks.check_units(table, shapes, work.quality)
    if datum is not None:
        table[f.GEOMETRY] = pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())
        extent = extent_of(shapes)
    work.quality.kept += len(first)
    facts = Facts(work.rule.entity, pa.table(table), work.rule.complete)
    return Built(facts, extent, datum.describe() if datum else "")


def _ids(work: _Work, rows: Rows) -> NDArray[np.object_]:
    if work.rule.object:
        return np.full(len(work.raw.numbers), work.rule.object, dtype=object)
    parts = [_id_part(work, rows, name) for name in work.rule.id]
    if len(parts) == 1 and not work.rule.namespace:
        return np.array(parts[0], dtype=object)
    ids = np.full(len(work.raw.numbers), None, dtype=object)
    for row, values in enumerate(zip(*parts, strict=True)):
        if None not in values:
            key = "/".join(str(value) for value in values)
            ids[row] = object_id(work.rule.namespace, key) if work.rule.namespace else key
    return ids


def _id_part(work: _Work, rows: Rows, name: str) -> list[Any]:
    if name == ROW and ROW not in work.raw.columns:
        return [str(number) for number in work.raw.numbers]
    if name == PLACE and PLACE not in work.raw.columns:
        known = shapely.to_wkb(rows.shapes)
        return [None if one is None else hashlib.sha256(one).hexdigest()[:ID_DIGITS] for one in known]
    keys = pc.utf8_trim_whitespace(cells.texts(work.raw.columns[name]))
    blank = pc.is_in(pc.utf8_lower(keys), pa.array(sorted(cells.MISSING)))
    found: list[Any] = pc.if_else(blank, None, keys).to_pylist()
    return found


def _without_repetitions(work: _Work, rows: Rows, ids: NDArray[np.object_]) -> NDArray[np.int64]:
    """Positions of the rows kept, each id once (within one day of validity)."""
    kept = np.flatnonzero(rows.keep)
    keys = ids[kept].astype(str)
    if f.VALID_FROM in work.out:
        days = np.array(work.out[f.VALID_FROM].cast(pa.int32()).fill_null(-1).to_pylist())[kept]
        keys = np.array([f"{key}\0{day}" for key, day in zip(keys, days, strict=True)], dtype=object).astype(str)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    again = np.ones(len(kept), dtype=bool)
    again[first] = False
    if not again.any():
        return kept
    repeated = np.zeros(len(ids), dtype=bool)
    repeated[kept[again]] = True
    if work.rule.repeated == "number":
        return _numbered(rows, ids, kept, inverse, repeated)
    if work.rule.repeated == "merge":
        merged = merge_tiles(keys.tolist(), rows.shapes[kept])
        rows.remark(repeated, "cut_at_tile_edge", "repaired", "pieces with one id were put together")
        rows.shapes[kept[merged.first]] = merged.shapes
        return kept[merged.first]
    rows.remark(
        repeated,
        "repeated_id",
        "refused",
        "the id stands in an earlier row; take more columns as id, or state 'repeated: merge' or 'number'",
    )
    return kept[~again]


def _numbered(
    rows: Rows, ids: NDArray[np.object_], kept: NDArray[np.int64], inverse: NDArray[np.int64], repeated: Mask
) -> NDArray[np.int64]:
    met: dict[int, int] = {}
    taken = set(ids[kept].tolist())
    for position, group in zip(kept, inverse, strict=True):
        number = met.get(int(group), 0) + 1
        while number > 1 and f"{ids[position]}#{number}" in taken:
            number += 1
        met[int(group)] = number
        if number > 1:
            ids[position] = f"{ids[position]}#{number}"
    rows.remark(repeated, "numbered_id", "repaired", "the id stands in an earlier row and was numbered")
    return kept

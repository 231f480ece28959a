"""The mapping file: how the rows and columns of somebody's table or layer become facts.

It is a YAML document with one table, or with a list of them under ``tables``. Every key is checked when it is read;
``docs/en/import.md`` explains them with examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tulou.kernel.documents import At, parse_document, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_text
from tulou.sources import datum as datums
from tulou.sources.expected import Expected

ROW = "row"
PLACE = "place"
EVERYTHING = "*"
REPEATED = ("refuse", "merge", "number")
COLUMN_KEYS = ("from", "value", "unit", "values", "format", "missing", "type")
DATE_KEYS = ("from", "format")
TYPES = ("text", "number", "flag", "date", "series")
FILE_KEYS = ("tables", "licence")


@dataclass(frozen=True)
class Column:
    """Where one attribute comes from.

    Args:
        attribute: Attribute of the data dictionary.
        source: Column of the source; None for a constant.
        constant: Value that every row gets when there is no column.
        unit: Unit of the source's numbers; empty when it is that of the dictionary.
        values: Words of the source and what they become; ``*`` stands for all others.
        format: Format of a date, e.g. ``%d.%m.%Y``.
        missing: Words that mean *unknown* in this column.
        type: Type to read, where no dictionary says it.
    """

    attribute: str
    source: str | None
    constant: object = None
    unit: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    format: str = ""
    missing: tuple[str, ...] = ()
    type: str = ""


@dataclass(frozen=True)
class Day:
    """A day that is the same for all rows, or stands in a column.

    Args:
        constant: The day in words.
        source: The column it stands in.
        format: Its format, where it is not a usual one.
    """

    constant: str = ""
    source: str = ""
    format: str = ""


@dataclass(frozen=True)
class TableMapping:
    """How one table or layer becomes rows about one entity.

    Args:
        entity: Entity of the data dictionary.
        columns: Where each attribute comes from.
        id: Columns that name an object; ``row`` numbers the rows, ``place`` takes the geometry.
        object: Id of the one object that all rows are about, each from its own day on; instead of ``id``.
        namespace: Put before each id, so that two sources that number alike do not mix.
        layer: Layer of a file that has several.
        sheet: Sheet of a workbook; the first by default.
        encoding: Encoding of the text; found out when empty.
        datum: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or ``EPSG:xxxx``; what the file says when empty.
        coordinates: Columns that hold the place: ``lon`` and ``lat``, ``x`` and ``y``, or ``wkt``.
        valid_from: Since when the rows are true.
        valid_to: Until when.
        complete: Selections of which the source knows every object.
        where: Rows to take: column and the values it may have.
        ignore: Columns that are known and not wanted; ``*`` for all that are not mapped.
        missing: Words that mean *unknown* in every column.
        repeated: What to do with rows that repeat an id: ``refuse``, ``merge`` (pieces cut at tile edges) or
            ``number`` them.
        header: Number of header rows.
        names: Names of the columns of a table that has no header row.
        skip: Rows above the header.
        delimiter: What separates the cells of a CSV; found out when empty.
        decimal: Decimal mark of its numbers.
        totals: Words that mark a row as a sum of others, which is left out.
        transpose: Heading column whose words become the columns, when objects stand side by side (years across).
        into: Name of the column that takes the old headings.
        at: Place in the mapping file, for messages.
    """

    entity: str
    columns: tuple[Column, ...] = ()
    id: tuple[str, ...] = ("id",)
    object: str = ""
    namespace: str = ""
    layer: str = ""
    sheet: str = ""
    encoding: str = ""
    datum: str = ""
    coordinates: Mapping[str, str] = field(default_factory=dict)
    valid_from: Day | None = None
    valid_to: Day | None = None
    complete: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    repeated: str = "refuse"
    header: int = 1
    names: tuple[str, ...] = ()
    skip: int = 0
    delimiter: str = ""
    decimal: str = "."
    totals: tuple[str, ...] = ("合计", "总计", "小计", "total", "sum", "subtotal")
    transpose: str = ""
    into: str = ""
    at: str = ""


@dataclass(frozen=True)
class MappingFile:
    """A whole mapping file.

    Args:
        tables: One mapping for each table or layer taken.
        digest: SHA-256 of the file's text.
        licence: Licence and credit line of the source.
    """

    tables: tuple[TableMapping, ...]
    digest: str = ""
    licence: str = ""

    def with_datum(self, text: str) -> MappingFile:
        """The same mapping for coordinates on a datum stated elsewhere, e.g. on the command line."""
        return replace(self, tables=tuple(replace(table, datum=text) for table in self.tables))


def read_mapping(path: Path, expected: Expected | None = None) -> MappingFile:
    """Read a mapping file and check every key, and the attributes where the dictionary is given.

    Args:
        path: The file.
        expected: The data dictionary.

    Raises:
        BadInput: With every fault found, each with file and line.
    """
    return _mapping_file(read_document(path, path.name), digest_text(path.read_text("utf-8")), expected)


def parse_mapping(text: str, name: str = "mapping", expected: Expected | None = None) -> MappingFile:
    """Read a mapping from text.

    Raises:
        BadInput: As ``read_mapping``.
    """
    return _mapping_file(parse_document(text, name), digest_text(text), expected)


def _mapping_file(page: At, digest: str, expected: Expected | None) -> MappingFile:
    if "tables" not in page:
        return MappingFile((_table(page, expected, (*_TABLE_KEYS, "licence")),), digest, str(page.get("licence", "")))
    _refuse_unknown(page, FILE_KEYS)
    entries = page["tables"]
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, At) for entry in entries):
        raise BadInput("'tables' is a list of mappings", where=page.where("tables"), found=entries)
    tables = tuple(_table(entry, expected, _TABLE_KEYS) for entry in entries)
    return MappingFile(tables, digest, str(page.get("licence", "")))


_TABLE_KEYS = tuple(item.name for item in fields(TableMapping) if item.name != "at")


def _table(page: At, expected: Expected | None, keys: tuple[str, ...]) -> TableMapping:
    _refuse_unknown(page, keys)
    entity = page.get("entity")
    if not isinstance(entity, str):
        raise BadInput("a mapping names the entity its rows are", where=page.where(), allowed=tuple(expected or ()))
    if expected is not None and entity not in expected:
        raise BadInput(
            "there is no such entity in the data dictionary", where=page.where("entity"), found=entity, allowed=expected
        )
    repeated = _one_of(page, "repeated", REPEATED, "refuse")
    datum = str(page.get("datum", ""))
    if datum:
        datums.named(datum, page.where("datum"))
    return TableMapping(
        entity=entity,
        columns=_columns(page, entity, expected),
        id=_texts(page, "id", ("id",)),
        coordinates=_coordinates(page),
        datum=datum,
        valid_from=_day(page, "valid_from"),
        valid_to=_day(page, "valid_to"),
        complete=_complete(page),
        where=_where(page),
        ignore=_texts(page, "ignore"),
        missing=_texts(page, "missing"),
        repeated=repeated,
        names=_texts(page, "names"),
        header=_whole(page, "header", 0 if "names" in page else 1),
        skip=_whole(page, "skip", 0),
        decimal=_one_of(page, "decimal", (".", ","), "."),
        totals=_texts(page, "totals", TableMapping.totals),
        at=page.where(),
        **{key: str(page.get(key) or "") for key in _PLAIN_KEYS},
    )


_PLAIN_KEYS = ("object", "namespace", "layer", "sheet", "encoding", "delimiter", "transpose", "into")


def _columns(page: At, entity: str, expected: Expected | None) -> tuple[Column, ...]:
    entries = page.get("columns", {})
    if not isinstance(entries, dict):
        raise BadInput("'columns' is a mapping of attributes", where=page.where("columns"), found=entries)
    allowed = sorted(expected[entity].attributes) if expected is not None else None
    result = []
    for attribute, entry in entries.items():
        where = entries.where(attribute) if isinstance(entries, At) else page.where("columns")
        if allowed is not None and attribute not in allowed:
            raise BadInput(f"'{entity}' has no such attribute", where=where, found=attribute, allowed=allowed)
        result.append(_column(attribute, entry, where))
    return tuple(result)


def _column(attribute: str, entry: object, where: str) -> Column:
    if not isinstance(entry, At):
        if isinstance(entry, list | dict) or entry is None:
            raise BadInput("a column is a name or a mapping", where=where, found=entry, allowed=("{from: …}",))
        return Column(attribute, str(entry))
    _refuse_unknown(entry, COLUMN_KEYS)
    if ("from" in entry) == ("value" in entry):
        raise BadInput("a column has either 'from' or 'value'", where=where, allowed=("from", "value"))
    values = entry.get("values", {})
    if not isinstance(values, dict):
        raise BadInput("'values' is a mapping of words", where=entry.where("values"), found=values)
    return Column(
        attribute,
        str(entry["from"]) if "from" in entry else None,
        entry.get("value"),
        str(entry.get("unit", "")),
        dict(values),
        str(entry.get("format", "")),
        _texts(entry, "missing"),
        _one_of(entry, "type", TYPES, ""),
    )


def _coordinates(page: At) -> dict[str, str]:
    found = page.get("coordinates")
    if found is None:
        return {}
    if isinstance(found, dict) and set(found) in ({"lon", "lat"}, {"x", "y"}, {"wkt"}):
        return {key: str(value) for key, value in found.items()}
    raise BadInput(
        "'coordinates' names the columns of the place",
        where=page.where("coordinates"),
        found=found,
        allowed=("{lon: …, lat: …}", "{x: …, y: …}", "{wkt: …}"),
    )


def _day(page: At, key: str) -> Day | None:
    found = page.get(key)
    if found is None:
        return None
    if isinstance(found, At):
        _refuse_unknown(found, DATE_KEYS)
        if "from" not in found:
            raise BadInput(f"'{key}' needs the column it comes from", where=page.where(key), allowed=("{from: …}",))
        return Day(source=str(found["from"]), format=str(found.get("format", "")))
    return Day(constant=str(found))


def _complete(page: At) -> tuple[str, ...]:
    found = page.get("complete", False)
    if isinstance(found, bool):
        return (EVERYTHING,) if found else ()
    return _texts(page, "complete")


def _where(page: At) -> dict[str, tuple[str, ...]]:
    found = page.get("where", {})
    if not isinstance(found, dict):
        raise BadInput("'where' is a mapping of columns and values", where=page.where("where"), found=found)
    return {
        key: tuple(map(_word, value)) if isinstance(value, list) else (_word(value),) for key, value in found.items()
    }


def _word(value: object) -> str:
    """A value of the mapping as cells show it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(page: At, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    found = page.get(key)
    if found is None:
        return default
    if isinstance(found, dict):
        raise BadInput(f"'{key}' is a word or a list of words", where=page.where(key), found=found)
    return tuple(map(str, found)) if isinstance(found, list) else (str(found),)


def _whole(page: At, key: str, default: int) -> int:
    found: Any = page.get(key, default)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise BadInput(f"'{key}' is a whole number, 0 or more", where=page.where(key), found=found)
    return found


def _one_of(page: At, key: str, allowed: tuple[str, ...], default: str) -> str:
    found = page.get(key, default)
    if found != default and found not in allowed:
        raise BadInput(f"'{key}' cannot be this", where=page.where(key), found=found, allowed=allowed)
    return str(found)


def _refuse_unknown(page: At, allowed: tuple[str, ...]) -> None:
    for key in page:
        if key not in allowed:
            raise BadInput("unknown key", where=page.where(key), found=key, allowed=allowed)

"""Validating: facts against the data dictionary, before anything of them is kept.

A column that does not fit at all is an error; a row that does not fit is refused, counted and shown by example.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.kernel import units
from tulou.kernel.clock import Interval
from tulou.kernel.errors import BadInput, TulouError
from tulou.kernel.facts import EXISTS, GEOMETRY, ID, VALID_FROM, VALID_TO, Facts
from tulou.kernel.provenance import Quality
from tulou.kernel.threads import by_rows
from tulou.model.dictionary import Attribute, Entity
from tulou.model.rows import arrow_type
from tulou.model.store.reading import joined

Mask = NDArray[np.bool_]

UNIT = b"unit"
"""Metadata key of an Arrow field that says its numbers are in another unit than the dictionary's."""

_FIXED = {ID: pa.string(), VALID_FROM: pa.date32(), VALID_TO: pa.date32(), EXISTS: pa.bool_()}
_GEOMETRY_TYPES = (pa.binary(), pa.large_binary(), pa.binary_view())
_DIMENSION = {"point": 0, "line": 1, "polygon": 2}
_MOST_LONGITUDE, _MOST_LATITUDE = 360.0, 90.0
_EXAMPLES = 5


@dataclass
class Checked:
    """Rows that fit the dictionary.

    Args:
        table: ``id``, ``valid_from``, ``valid_to``, ``exists`` and the attributes given, in the dictionary's order.
        shapes: Their geometries in degrees, or None when the facts do not speak of geometry.
    """

    table: pa.Table
    shapes: NDArray[np.object_] | None


@dataclass
class _Refusals:
    ids: pa.Array
    where: str
    strict: bool
    quality: Quality
    keep: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.keep = np.ones(len(self.ids), bool)

    def refuse(self, kind: str, text: str, bad: Mask, found: Callable[[int], object] | None = None) -> None:
        """Leave rows out; a row is counted for its first reason."""
        rows = np.flatnonzero(bad & self.keep)
        if not len(rows):
            return
        examples = tuple(self._example(int(row), found) for row in rows[:_EXAMPLES])
        if self.strict:
            raise BadInput(text, where=f"{self.where}, {len(rows)} rows", found="; ".join(examples))
        self.quality.note(kind, "refused", len(rows), f"{self.where}: {text}", examples)
        self.keep[rows] = False

    def _example(self, row: int, found: Callable[[int], object] | None) -> str:
        name = self.ids[row].as_py() or f"row {row + 1}"
        return f"{name}: {found(row)}" if found else str(name)


def check(
    facts: Facts,
    entity: Entity,
    valid: Interval,
    quality: Quality,
    *,
    strict: bool = False,
    is_metric: bool = False,
) -> Checked:
    """Check facts about one entity against the dictionary.

    Args:
        facts: The rows.
        entity: What the dictionary says of them.
        valid: Days for which a row holds that does not say itself.
        quality: Report to add to.
        strict: Whether one bad row is an error.
        is_metric: Whether geometry is in metres already rather than in degrees.

    Raises:
        BadInput: When a column is unknown or cannot be what the dictionary says; with every such column.
    """
    table = _columns(facts.rows, entity)
    ids = joined(table[ID])
    refusals = _Refusals(ids, entity.name, strict, quality)
    refusals.refuse("no_id", "a row without an id", np.asarray(pc.equal(ids.fill_null(""), ""), bool))
    table = _dates(table, valid, refusals)
    _texts(table, entity, refusals)
    table = _finite(table, entity, refusals)
    shapes = _shapes(table, entity, refusals, quality, is_metric=is_metric)
    kept = pa.array(refusals.keep)
    if GEOMETRY in table.column_names:
        table = table.drop_columns([GEOMETRY])
    if not refusals.keep.all():
        table = table.filter(kept)
        shapes = shapes[refusals.keep] if shapes is not None else None
    return Checked(table, shapes)


def _columns(table: pa.Table, entity: Entity) -> pa.Table:
    """Bring every column to its stored type, in one order; all faults at once."""
    if ID not in table.column_names:
        raise BadInput("facts need ids", where=entity.name, found=", ".join(table.column_names), allowed=(ID,))
    allowed = [*_FIXED, *entity.attributes, GEOMETRY]
    faults: list[TulouError] = []
    columns: dict[str, pa.ChunkedArray] = {}
    for place, name in enumerate(table.column_names):
        try:
            if name in columns:
                raise BadInput("this column stands here twice", where=entity.name, found=name)
            columns[name] = _column(table.schema.field(place), table.column(place), entity, allowed)
        except TulouError as error:
            faults.append(error)
    if faults:
        raise BadInput.of(fault for error in faults for fault in error.faults)
    return pa.table({name: columns[name] for name in allowed if name in columns})


def _column(described: pa.Field, column: pa.ChunkedArray, entity: Entity, allowed: list[str]) -> pa.ChunkedArray:
    name = described.name
    if name not in allowed:
        raise BadInput(f"'{entity.name}' has no such attribute", where=entity.name, found=name, allowed=sorted(allowed))
    if name == GEOMETRY:
        return _geometry_column(column, entity)
    kind = _FIXED.get(name) or arrow_type(entity, name)
    attribute = entity.attributes.get(name)
    if attribute and attribute.type == "number" and not _is_number(column.type):
        raise _wrong_type(entity, name, column, attribute)
    try:
        cast = column.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise _wrong_type(entity, name, column, attribute) from None
    given = (described.metadata or {}).get(UNIT)
    if given and attribute and attribute.unit:
        return pc.multiply(cast, units.factor(given.decode(), attribute.unit))
    return cast


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind)
    )


def _wrong_type(entity: Entity, name: str, column: pa.ChunkedArray, attribute: Attribute | None) -> BadInput:
    wanted = attribute.type if attribute else str(_FIXED[name])
    return BadInput(
        "this column is of another type", where=f"{entity.name}.{name}", found=column.type, allowed=(wanted,)
    )


def _geometry_column(column: pa.ChunkedArray, entity: Entity) -> pa.ChunkedArray:
    if entity.geometry == "none":
        raise BadInput(f"'{entity.name}' has no geometry", where=entity.name, found=GEOMETRY)
    if not pa.types.is_null(column.type) and column.type not in _GEOMETRY_TYPES:
        raise BadInput("geometry is WKB", where=f"{entity.name}.{GEOMETRY}", found=column.type, allowed=("binary",))
    return column.cast(pa.binary())


def _dates(table: pa.Table, valid: Interval, refusals: _Refusals) -> pa.Table:
    rows = table.num_rows
    fixed = {ID: table[ID]}
    for name, default in ((VALID_FROM, valid.start), (VALID_TO, valid.end), (EXISTS, True)):
        scalar = pa.scalar(default, _FIXED[name])
        given = name in table.column_names
        fixed[name] = pc.fill_null(table[name], scalar) if given else pa.chunked_array([pa.repeat(scalar, rows)])
    backwards = np.asarray(pc.less_equal(fixed[VALID_TO], fixed[VALID_FROM]), bool)
    refusals.refuse(
        "ends_before_start",
        "valid_to must lie after valid_from",
        backwards,
        lambda row: f"{fixed[VALID_FROM][row]} to {fixed[VALID_TO][row]}",
    )
    others = {name: table[name] for name in table.column_names if name not in fixed}
    return pa.table({**fixed, **others})


def _texts(table: pa.Table, entity: Entity, refusals: _Refusals) -> None:
    for name in table.column_names:
        attribute = entity.attributes.get(name)
        if not attribute or not attribute.values:
            continue
        column = table[name]
        fits = pc.or_(pc.is_null(column), pc.is_in(column, value_set=pa.array(list(attribute.values))))
        bad = ~np.asarray(fits, bool)
        if bad.all() and len(bad) and column.null_count == 0:
            raise BadInput(
                "not one value of this column is allowed",
                where=f"{entity.name}.{name}",
                found=column[0].as_py(),
                allowed=tuple(attribute.values),
            )
        refusals.refuse(
            "value_not_allowed",
            f"'{name}' has a value that is not allowed",
            bad,
            lambda row, column=column: column[row].as_py(),  # type: ignore[misc]
        )


def _finite(table: pa.Table, entity: Entity, refusals: _Refusals) -> pa.Table:
    """NaN says unknown, as null does; what is infinite is refused."""
    for place, name in enumerate(table.column_names):
        attribute = entity.attributes.get(name)
        if not attribute or attribute.type != "number":
            continue
        numbers = np.asarray(table[name].to_numpy(zero_copy_only=False), np.float64)
        refusals.refuse("not_finite", f"'{name}' is infinite", np.isinf(numbers))
        if pc.any(pc.is_nan(table[name])).as_py():
            table = table.set_column(place, name, pa.chunked_array([pa.array(numbers, mask=np.isnan(numbers))]))
    return table


def _shapes(
    table: pa.Table, entity: Entity, refusals: _Refusals, quality: Quality, *, is_metric: bool
) -> NDArray[np.object_] | None:
    if GEOMETRY not in table.column_names:
        return None
    column = table[GEOMETRY]
    shapes = by_rows(_read_wkb, column.to_numpy(zero_copy_only=False))
    given = np.asarray(pc.is_valid(column), bool)
    missing = shapely.is_missing(shapes)
    refusals.refuse("bad_geometry", "geometry is not WKB", given & missing)
    bounds = shapely.bounds(shapes)
    coordinates = shapely.get_num_coordinates(shapes)
    known = ~missing & (coordinates > 0)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(bounds[:, [0, 2]]) <= _MOST_LONGITUDE).all(1) & (
            np.abs(bounds[:, [1, 3]]) <= _MOST_LATITUDE
        ).all(1)
    if not is_metric:
        refusals.refuse("not_on_earth", "coordinates are not longitude and latitude", known & ~inside)
    refusals.refuse("not_finite", "coordinates are not finite", known & ~_finite_shapes(shapes))
    empty = ~missing & ~known
    if empty.any():
        shapes[empty] = None
        quality.note(
            "empty_geometry", "noted", int(empty.sum()), f"{entity.name}: an empty geometry is taken as unknown"
        )
    wanted = _DIMENSION.get(entity.geometry)
    if wanted is not None:
        other = known & (shapely.get_dimensions(shapes) != wanted)
        text = f"{entity.name}: geometry is not a {entity.geometry}"
        quality.note("other_geometry", "noted", int(other.sum()), text, _names(refusals.ids, other))
    return shapes


def _read_wkb(column: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.from_wkb(column, on_invalid="ignore"), object)


def _finite_shapes(shapes: NDArray[np.object_]) -> Mask:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    good = np.ones(len(shapes), bool)
    good[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return good


def _names(ids: pa.Array, rows: Mask) -> tuple[str, ...]:
    return tuple(str(ids[int(row)].as_py()) for row in np.flatnonzero(rows)[:_EXAMPLES])

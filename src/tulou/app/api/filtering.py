"""Filters in CQL2 (OGC 21-065r2) over rows, in three truths: what nobody knows is neither kept nor its opposite.

The library ``cql2`` reads text and JSON by the grammar of the standard; here its JSON is worked out on whole columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.app.api.places import degrees
from tulou.kernel.errors import BadUse, MissingExtra
from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.rows import Rows

Truth = NDArray[np.float64]
"""1 true, 0 false, NaN unknown."""
MOST_LETTERS = 8_000
MOST_DEPTH = 40
YES, NO = 1.0, 0.0
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
SPATIAL: Mapping[str, Callable[..., Any]] = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_contains": shapely.contains,
    "s_within": shapely.within,
    "s_equals": shapely.equals,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
}
TEMPORAL = {"t_after": ">", "t_before": "<", "t_equals": "="}
JOINED = ("and", "or")
ANY_LETTERS, ANY_LETTER = "%", "_"


@dataclass(frozen=True)
class Filter:
    """A filter that was read.

    Args:
        tree: Its JSON.
        text: As it was written.
    """

    tree: Any
    text: str

    def keep(self, rows: Rows, crs: str, readable: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows it keeps: those of which it is surely true.

        Args:
            rows: The rows.
            crs: System of their geometry; that of the filter is WGS 84.
            readable: Attributes that may be asked about.

        Raises:
            BadUse: When it asks for an attribute there is not, or compares what cannot be compared.
        """
        found = _Reading(rows, crs, (ID, *readable), self.text).truth(self.tree)
        return np.asarray(found == YES)


def read_filter(text: str, form: str) -> Filter:
    """Read a filter.

    Args:
        text: The filter.
        form: ``cql2-text`` or ``cql2-json``.

    Raises:
        BadUse: When it is none, or absurdly large.
    """
    try:
        import cql2
    except ImportError:
        raise MissingExtra("cql2", "server") from None
    if len(text) > MOST_LETTERS or text.count("(") + text.count("[") > MOST_LETTERS // MOST_DEPTH:
        raise BadUse("this filter is too long", where="filter", found=len(text), allowed=(f"{MOST_LETTERS} letters",))
    try:
        read = cql2.parse_text(text) if form == "cql2-text" else cql2.parse_json(text)
        tree = read.to_json()
    except (ValueError, RuntimeError, json.JSONDecodeError, cql2.ParseError) as error:
        raise BadUse(
            "this is no filter in CQL2", where="filter", found=text, allowed=("height > 24 AND use = 'school'",)
        ) from error
    return Filter(tree, text)


@dataclass(frozen=True, eq=False)
class _Reading:
    """A filter at work on some rows."""

    rows: Rows
    crs: str
    readable: tuple[str, ...]
    text: str

    def truth(self, node: Any, depth: int = 0) -> Truth:  # noqa: ANN401  (JSON of any shape)
        if depth > MOST_DEPTH:
            raise self.refused("a filter is not so deep", depth)
        if isinstance(node, bool):
            return np.full(len(self.rows), YES if node else NO)
        if isinstance(node, Mapping) and "property" in node:
            return self.flag(node)
        if not isinstance(node, Mapping) or "op" not in node:
            raise self.refused("this is no condition", node)
        name, args = str(node["op"]).lower(), list(node.get("args", ()))
        if name in JOINED:
            parts = [self.truth(one, depth + 1) for one in args]
            return _all(parts) if name == "and" else 1 - _all([1 - one for one in parts])
        if name == "not":
            return 1 - self.truth(args[0], depth + 1)
        return self.condition(name, args)

    def condition(self, name: str, args: list[Any]) -> Truth:
        sign = TEMPORAL.get(name, name)
        if sign in COMPARISONS:
            return self.compared(COMPARISONS[sign], args[0], args[1])
        if name in SPATIAL:
            return self.spatial(SPATIAL[name], args)
        others: Mapping[str, Callable[[], Truth]] = {
            "isnull": lambda: (self.known(args[0]) == 0).astype(float),
            "between": lambda: self.between(args),
            "in": lambda: self.among(args[0], args[1]),
            "like": lambda: self.like(args[0], args[1]),
        }
        if name not in others:
            raise self.refused("this function is not served", name, (*JOINED, "not", *COMPARISONS, *others, *SPATIAL))
        return others[name]()

    def between(self, args: list[Any]) -> Truth:
        low = self.compared(COMPARISONS[">="], args[0], args[1])
        return _all([low, self.compared(COMPARISONS["<="], args[0], args[2])])

    def among(self, node: Any, listed: Sequence[Any]) -> Truth:  # noqa: ANN401  (JSON of any shape)
        parts = [1 - self.compared(COMPARISONS["="], node, one) for one in listed]
        return 1 - _all(parts) if parts else np.full(len(self.rows), NO)

    def flag(self, node: Mapping[str, Any]) -> Truth:
        column = self.column(node["property"])
        if column.dtype == object:
            raise self.refused("this attribute is no flag", node["property"])
        return column

    def column(self, name: str) -> NDArray[Any]:
        """An attribute: numbers and flags as numbers, all else as texts."""
        if name not in self.readable:
            raise BadUse("there is no such attribute", where="filter", found=name, allowed=self.readable)
        if name == ID:
            return self.rows.ids
        kind = self.rows.entity.attribute(name).type
        if kind in {"number", "flag"}:
            return self.rows.numbers(name)
        texts = self.rows.texts(name)
        return np.array([None if one is None else str(one) for one in texts], object)

    def known(self, node: Any) -> Truth:  # noqa: ANN401  (JSON of any shape)
        name = node.get("property") if isinstance(node, Mapping) else None
        if name == GEOMETRY:
            return (~shapely.is_missing(self.rows.shapes)).astype(float)
        column = self.column(str(name))
        missing = np.array([one is None for one in column]) if column.dtype == object else np.isnan(column)
        return (~missing.astype(bool)).astype(float)

    def value(self, node: Any) -> Any:  # noqa: ANN401  (columns, numbers, texts)
        if isinstance(node, Mapping):
            if "property" in node:
                return self.column(str(node["property"]))
            for key in ("date", "timestamp"):
                if key in node:
                    return str(node[key])
            if str(node.get("op", "")).lower() == "casei":
                return _folded(self.value(node["args"][0]))
            raise self.refused("this value is not served", node)
        if isinstance(node, bool):
            return YES if node else NO
        if isinstance(node, (int, float, str)):
            return float(node) if isinstance(node, (int, float)) else node
        raise self.refused("this is no value", node)

    def compared(self, sign: Callable[[Any, Any], Any], left: Any, right: Any) -> Truth:  # noqa: ANN401
        sides = [np.broadcast_to(np.asarray(self.value(one)), len(self.rows)) for one in (left, right)]
        is_text = [one.dtype.kind in "OU" for one in sides]
        if is_text[0] != is_text[1]:
            raise self.refused("a text is compared with a text, a number with a number", right)
        if not is_text[0]:
            held = sign(sides[0], sides[1]).astype(float)
            return np.where(np.isnan(sides[0].astype(float)) | np.isnan(sides[1].astype(float)), np.nan, held)
        found = np.full(len(self.rows), np.nan)
        known = np.flatnonzero([one is not None and other is not None for one, other in zip(*sides, strict=True)])
        found[known] = [float(sign(sides[0][row], sides[1][row])) for row in known]
        return found

    def like(self, node: Any, pattern: Any) -> Truth:  # noqa: ANN401
        column, asked = self.value(node), self.value(pattern)
        if not isinstance(asked, str) or np.asarray(column).dtype != object:
            raise self.refused("like compares a text with a pattern", pattern)
        shape = "".join(".*" if one == ANY_LETTERS else "." if one == ANY_LETTER else re.escape(one) for one in asked)
        wanted = re.compile(shape, re.DOTALL)
        return np.array([np.nan if one is None else float(wanted.fullmatch(one) is not None) for one in column])

    def spatial(self, test: Callable[..., Any], args: list[Any]) -> Truth:
        is_ours = [isinstance(one, Mapping) and one.get("property") == GEOMETRY for one in args]
        if sum(is_ours) != 1:
            raise self.refused("a place is compared with the geometry of the rows", args, (GEOMETRY,))
        shape = self.shape(args[is_ours.index(False)])
        shapes = degrees(self.rows, self.crs)
        held = test(shapes, shape) if is_ours[0] else test(shape, shapes)
        return np.where(shapely.is_missing(shapes), np.nan, np.asarray(held, float))

    def shape(self, node: Any) -> shapely.Geometry:  # noqa: ANN401
        """A geometry of the filter, in degrees as the rows are compared."""
        try:
            box = node.get("bbox")
            west, south, east, north = map(float, box or (0, 0, 0, 0))
            found = shapely.box(west, south, east, north) if box else shapely.from_geojson(json.dumps(node))
        except (AttributeError, TypeError, ValueError, shapely.errors.GEOSException):
            raise self.refused("this is no place", node, ("POINT(119.3 26.08)", "BBOX(119.2,26,119.4,26.1)")) from None
        corners = shapely.get_coordinates(found)
        if not len(corners) or not np.isfinite(corners).all() or (np.abs(corners) > (180.0, 90.0)).any():
            raise self.refused("a place is longitudes and latitudes on WGS 84", node)
        return shapely.force_2d(found)

    def refused(self, what: str, found: object, allowed: Sequence[str] = ()) -> BadUse:
        return BadUse(what, where="filter", found=json.dumps(found, default=str), allowed=allowed)


def _all(parts: Sequence[Truth]) -> Truth:
    """True where all are, false where one is, unknown else."""
    table = np.stack(parts)
    is_false = (table == NO).any(axis=0)
    return np.where(is_false, NO, np.where(np.isnan(table).any(axis=0), np.nan, YES))


def _folded(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return value.casefold()
    return np.array([None if one is None else str(one).casefold() for one in np.asarray(value)], object)

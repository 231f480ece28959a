"""Nearby: of a measure whose rows see no further than a rule says, only the rows near a change are worked out again.

A measure that declares ``bounded_by`` gives each row what it gives it alone, from targets and ways within the largest
value of that rule (m; for a time, as far as one comes in it). So where some targets or ways are others than last time,
only rows within that distance of them can be others, and all others are taken over as they are, to the bit. Changed
ways are found edge by edge, since an edge that is cut anew gives other roundings; a target whose way to the network may
have changed counts as changed itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from tulou.kernel import units
from tulou.kernel.arrays import Parts
from tulou.kernel.declaration import Measure
from tulou.kernel.network import Network

Boxes = NDArray[np.float64]
"""West, south, east, north of some things, shape (n, 4), m."""
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

MARGIN = 50.0
"""Metres beyond the rule to which a row may see: more than half the diagonal of any sample cell."""
MOST = 256
"""Changes beyond which all is worked out anew: their places together are no longer a small part of a city."""
PAIRS = 4
"""Pairs of networks whose differences are kept: each network of a city before and after, and back again."""
METRE, SPEED = "m", "m/second"
ROUNDING = 1e-9
"""Relative error that adding up the pieces of all edges may leave."""
OTHER = -1
"""Stands for a row that was not there before."""


@dataclass(frozen=True, eq=False)
class Given:
    """What a measure was last given, and what it gave.

    Args:
        data: Its data arguments.
        rules: Its rules.
        parts: What it gave.
    """

    data: tuple[Any, ...]
    rules: Mapping[str, Any]
    parts: Parts


class Nearby:
    """Remembers, for measures that see no further than a rule, what they were last given."""

    def __init__(self) -> None:
        self._given: dict[Hashable, Given] = {}
        self.cuts: dict[Hashable, tuple[NDArray[np.object_], NDArray[np.object_], Any]] = {}
        """By what is cut: the pieces, the units they were cut by, and their shares."""
        self._ways: list[tuple[Network, Network, Boxes | None]] = []
        self._vertices: WeakKeyDictionary[Network, KDTree] = WeakKeyDictionary()

    def forget(self) -> None:
        """Forget everything; the next answers are worked out in full."""
        self._given.clear()
        self.cuts.clear()
        self._ways.clear()

    def asked(self, key: Hashable, declared: Measure, data: Sequence[Any], rules: Mapping[str, Any]) -> Any:  # noqa: ANN401  (what a measure gives)
        """What a measure gives, worked out for the rows near a change only, where that is all that can differ.

        Args:
            key: Names the binding.
            declared: The measure.
            data: Its data arguments.
            rules: Its rules.
        """
        before = self._given.get(key)
        found = None if before is None else self._patched(before, declared, data, rules)
        if found is None:
            found = declared.function(*data, **rules)
        if isinstance(found, Parts):
            self._given[key] = Given(tuple(data), dict(rules), found)
        return found

    def _patched(self, before: Given, declared: Measure, data: Sequence[Any], rules: Mapping[str, Any]) -> Parts | None:
        """The rows as they were, those near a change worked out anew; None when that cannot be done."""
        if rules != before.rules or len(data) != len(before.data):
            return None
        reach = _reach(declared, rules, [one for one in (*before.data, *data) if isinstance(one, Network)])
        changed = self._changed(before.data[1:], data[1:], reach)
        if changed is None:
            return None
        land = data[0]
        was = rows_before(before.data[0], land)
        reach += MARGIN
        boxes = shapely.bounds(land)
        again = np.flatnonzero((was == OTHER) | _meets(boxes, changed, reach))
        if 2 * len(again) > len(land):
            return None
        seen = _seen(boxes[again], data[1:], reach) if before.parts.nearest is None else data[1:]
        some = declared.function(land[again], *seen, **rules) if len(again) else None
        return _put_together(before.parts, was, again, some)

    def _changed(self, before: Sequence[Any], after: Sequence[Any], reach: float) -> Boxes | None:
        """Where targets or ways are not what they were; None for too much of it, or what cannot be compared."""
        old, new = ([one for one in data if not isinstance(one, Network)] for data in (before, after))
        targets = _other_targets(old, new)
        if targets is None:
            return None
        networks = [one for one in (*before, *after) if isinstance(one, Network)]
        if not networks or networks[0] is networks[-1]:
            return targets
        ways = self._other_ways(networks[0], networks[1])
        if ways is None or len(ways) + len(targets) > MOST:
            return None
        return np.concatenate([targets, ways, _rejoined(_shapes(new[0]), ways, self._vertices_of(networks[0]), reach)])

    def _other_ways(self, before: Network, after: Network) -> Boxes | None:
        for one, other, boxes in self._ways:
            if one is before and other is after:
                return boxes
        found = other_edges(before, after)
        self._ways = [(before, after, found), *self._ways[: PAIRS - 1]]
        return found

    def _vertices_of(self, network: Network) -> KDTree:
        if network not in self._vertices:
            self._vertices[network] = _vertices(network)
        return self._vertices[network]


def _reach(declared: Measure, rules: Mapping[str, Any], networks: Iterable[Network]) -> float:
    """How far (m) a row sees: the largest value of its rule, or how far one comes in that time at the highest speed."""
    unit = {argument.name: argument.units[-1] for argument in declared.rules if argument.units}
    limit = _largest(rules[declared.bounded_by])
    if units.same_kind(unit[declared.bounded_by], METRE):
        return limit
    speeds = [_largest(rules[name]) for name, one in unit.items() if units.same_kind(one, SPEED) and name in rules]
    fastest = max([*speeds, *map(_fastest, networks)])
    # What lies off by the margin is reached at the lowest speed; at the highest one comes further in that time.
    return (limit + MARGIN / min(speeds, default=fastest)) * fastest


def _fastest(network: Network) -> float:
    """Metres that one gains on the network for one of its costs, at most."""
    if network.path is None or network.path_first is None:
        drawn = np.hypot(*(network.places[network.end] - network.places[network.start]).T)
    else:
        gone = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(network.path, axis=0).T))])
        drawn = gone[network.path_first[1:] - 1] - gone[network.path_first[:-1]]
    known = network.length > 0
    return float(np.max(drawn[known] / network.length[known], initial=0.0)) * (1.0 + ROUNDING)


def _seen(rows: Boxes, data: Sequence[Any], reach: float) -> Sequence[Any]:
    """The data arguments after the first with the targets that some rows may see; all where a number is unknown."""
    known = rows[np.isfinite(rows).all(axis=1)]
    columns = [one for one in data if one is not None and not isinstance(one, Network)]
    if not len(known) or any(map(_has_gaps, columns[1:])):
        return data
    around = np.array([[*known[:, :2].min(axis=0), *known[:, 2:].max(axis=0)]])
    kept = _meets(shapely.bounds(_shapes(columns[0])), around, reach)
    return [one if one is None or isinstance(one, Network) else one[kept] for one in data]


def _largest(rule: Any) -> float:  # noqa: ANN401  (one number or brackets)
    return float(max(value for _, value in rule)) if isinstance(rule, tuple) else float(rule)


def other_edges(before: Network, after: Network) -> Boxes | None:
    """Boxes of the edges that only one of two networks has, in the same places and at the same cost.

    None when those that both have stand in another order: of equally near ones the first counts.
    """
    old, new = _drawn(before), _drawn(after)
    marks = old.marks(), new.marks()
    old_only, new_only = _left_over(*marks), _left_over(marks[1], marks[0])
    if not old.without(old_only).is_same(new.without(new_only)):
        return None
    return np.concatenate([old.boxes(old_only), new.boxes(new_only)])


def _left_over(marks: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of some marks stand more often than among others; all of a kind that does."""
    kinds, of, counts = np.unique(marks, return_inverse=True, return_counts=True)
    found, times = np.unique(others, return_counts=True)
    at = np.minimum(np.searchsorted(found, kinds), max(len(found) - 1, 0))
    matched = np.where(found[at] == kinds, times[at], 0) if len(found) else np.zeros(len(kinds), np.int64)
    return np.asarray((counts > matched)[of], bool)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Edges of a network, as they are compared.

    Args:
        cost: Cost of each, to the bit.
        size: Number of vertices of each.
        path: Vertices of all, to the bit, shape (vertices, 2).
    """

    cost: NDArray[np.uint64]
    size: NDArray[np.int64]
    path: NDArray[np.uint64]

    def marks(self) -> NDArray[np.uint64]:
        """A number for each edge that is the same when cost and vertices are, and hardly ever otherwise."""
        begin = np.cumsum(self.size) - self.size
        turn = (np.arange(len(self.path)) - np.repeat(begin, self.size)).astype(np.uint64)
        mixed = _mixed(_mixed(self.path[:, 0]) + self.path[:, 1] * MIX) + turn * MIX
        sums = np.add.reduceat(_mixed(mixed), begin) if len(begin) else np.empty(0, np.uint64)
        return _mixed(sums + self.cost * MIX + self.size.astype(np.uint64))

    def without(self, edges: NDArray[np.bool_]) -> _Drawn:
        """The same without some edges."""
        return _Drawn(self.cost[~edges], self.size[~edges], self.path[~np.repeat(edges, self.size)])

    def is_same(self, other: _Drawn) -> bool:
        """Whether cost and vertices of all edges are equal, in the same order."""
        pairs = ((self.cost, other.cost), (self.size, other.size), (self.path, other.path))
        return all(np.array_equal(one, another) for one, another in pairs)

    def boxes(self, edges: NDArray[np.bool_]) -> Boxes:
        """Bounds of some edges."""
        size = self.size[edges]
        if not len(size):
            return np.empty((0, 4))
        path = np.ascontiguousarray(self.path[np.repeat(edges, self.size)]).view(np.float64)
        begin = np.cumsum(size) - size
        return np.hstack([np.minimum.reduceat(path, begin), np.maximum.reduceat(path, begin)])


MIX = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without pattern: 2**64 by the golden ratio."""
FOLD = np.uint64(29)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers in which every bit depends on many; sums and products go round at 2**64."""
    folded = (numbers ^ (numbers >> FOLD)) * MIX
    return np.asarray(folded ^ (folded >> FOLD), np.uint64)


def _drawn(network: Network) -> _Drawn:
    cost = np.ascontiguousarray(network.length, np.float64).view(np.uint64)
    if network.path is None or network.path_first is None:
        ends = np.stack([network.places[network.start], network.places[network.end]], axis=1)
        path = np.ascontiguousarray(ends, np.float64).view(np.uint64).reshape(-1, 2)
        return _Drawn(cost, np.full(len(cost), 2, np.int64), path)
    path = np.ascontiguousarray(network.path, np.float64).view(np.uint64)
    return _Drawn(cost, np.diff(network.path_first).astype(np.int64), path)


def _other_targets(before: list[Any], after: list[Any]) -> Boxes | None:
    """Boxes of the targets that are not the same in all their columns; None where they cannot be compared."""
    if [one is None for one in before] != [one is None for one in after]:
        return None
    old, new = _told(before), _told(after)
    only = [*_left((old, _shapes(before[0])), new), *_left((new, _shapes(after[0])), old)]
    if len(only) > MOST or (only and any(map(_has_gaps, (*before[1:], *after[1:])))):
        return None
    boxes = shapely.bounds(np.array(only, object)) if only else np.empty((0, 4))
    return np.asarray(boxes[np.isfinite(boxes).all(axis=1)], np.float64)


def _has_gaps(column: Any) -> bool:  # noqa: ANN401  (a column of any kind)
    """Whether a number of some target is unknown: what it may be is told by the others, wherever they are."""
    return column is not None and column.dtype != object and bool(np.isnan(column).any())


def _told(columns: list[Any]) -> list[tuple[int, ...]]:
    """Each row in numbers that are equal when its columns are: shapes never change, so which they are says enough."""
    told = [numbers for column in columns if column is not None for numbers in _numbers(column)]
    return list(zip(*(column.tolist() for column in told), strict=True))


def _numbers(column: NDArray[Any]) -> list[NDArray[np.int64]]:
    """A column in whole numbers, one for each of its sides; two for places."""
    if column.dtype == object:
        return [np.fromiter(map(id, column), np.int64, len(column))]
    bits = np.ascontiguousarray(column, np.float64).view(np.int64)
    sides = 1 if column.ndim == 1 else column.shape[1]  # Said, since nothing tells it of no rows at all.
    return list(bits.reshape(len(column), sides).T)


def _shapes(targets: NDArray[Any]) -> NDArray[np.object_]:
    """Targets as shapes; places become points."""
    return targets if targets.dtype == object else np.asarray(shapely.points(targets), object)


def _left(rows: tuple[list[tuple[int, ...]], NDArray[np.object_]], others: list[tuple[int, ...]]) -> list[Any]:
    """Shapes of the rows that are not among others, as often as they are there."""
    left, found = Counter(others), list[Any]()
    for told, shape in zip(*rows, strict=True):
        if left[told] > 0:
            left[told] -= 1
        else:
            found.append(shape)
    return found


def _rejoined(targets: NDArray[np.object_], ways: Boxes, before: KDTree, reach: float) -> Boxes:
    """Boxes of the targets that may be joined to the network in another place than they were.

    A point may be when a changed way lies no further from it than the nearest way there was: that way is gone, or
    another is nearer now. Of other shapes, which are joined at many points, all within reach of a changed way count.
    """
    if not len(ways) or not len(targets):
        return np.empty((0, 4))
    boxes = shapely.bounds(targets)
    near = np.flatnonzero(_meets(boxes, ways, reach + MARGIN))
    is_point = shapely.get_type_id(targets[near]) == shapely.GeometryType.POINT
    points = near[is_point]
    if points.size:
        to_changed = _distances(targets[points], ways)
        to_any, _ = before.query(shapely.get_coordinates(targets[points]))
        points = points[to_changed <= to_any + MARGIN]
    return np.asarray(boxes[np.concatenate([near[~is_point], points])], np.float64)


def _distances(points: NDArray[np.object_], boxes: Boxes) -> NDArray[np.float64]:
    """Distance from each point to the nearest box, which is no more than that to what is in it."""
    x, y = shapely.get_x(points)[:, None], shapely.get_y(points)[:, None]
    across = np.maximum(np.maximum(boxes[:, 0] - x, x - boxes[:, 2]), 0.0)
    up = np.maximum(np.maximum(boxes[:, 1] - y, y - boxes[:, 3]), 0.0)
    return np.asarray(np.hypot(across, up).min(axis=1), np.float64)


def _vertices(network: Network) -> KDTree:
    """The vertices of a network, to be asked for the nearest, which is no nearer than the nearest of its ways."""
    return KDTree(network.places if network.path is None else network.path)


def are_same(before: NDArray[np.object_], after: NDArray[np.object_]) -> bool:
    """Whether two columns hold the very same shapes, row by row."""
    return len(before) == len(after) and all(one is other for one, other in zip(before, after, strict=True))


def rows_before(before: NDArray[np.object_], after: NDArray[np.object_]) -> Rows:
    """For each row, a row with the very same shape before; ``OTHER`` for none."""
    old, new = (np.fromiter(map(id, shapes), np.int64, len(shapes)) for shapes in (before, after))
    if not len(old):
        return np.full(len(new), OTHER, np.int64)
    order = np.argsort(old, kind="stable")
    at = np.minimum(np.searchsorted(old[order], new), len(old) - 1)
    found = order[at]
    return np.where(old[found] == new, found, OTHER)


def _meets(boxes: Boxes, changed: Boxes, reach: float) -> Mask:
    """Which boxes lie within reach of a changed one; one without a place never does."""
    found = np.zeros(len(boxes), bool)
    for west, south, east, north in changed:
        found |= (
            (boxes[:, 0] <= east + reach)
            & (boxes[:, 2] >= west - reach)
            & (boxes[:, 1] <= north + reach)
            & (boxes[:, 3] >= south - reach)
        )
    return found


def _put_together(before: Parts, was: Rows, again: Rows, some: Parts | None) -> Parts | None:
    """Rows as they were with those worked out anew among them; None where one of both has a column the other lacks."""
    columns: dict[str, NDArray[Any] | None] = {}
    for name in (one.name for one in fields(Parts)):
        old, new = getattr(before, name), None if some is None else getattr(some, name)
        if some is not None and (old is None) != (new is None):
            return None
        if old is None:
            columns[name] = None
            continue
        column = old[np.maximum(was, 0)] if len(old) else np.empty(len(was), old.dtype)
        if new is not None:
            column[again] = new
        columns[name] = column
    return Parts(**columns)  # type: ignore[arg-type]

"""Tags as columns: for any key, which value stands on each of some objects, found with whole-array steps."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.sources.osm.blocks import Objects
from tulou.sources.osm.rules import Rule
from tulou.sources.osm.survey import Whole

NONE = -1


class Tags:
    """All tags of a file by key.

    Args:
        objects: The objects that carry them.
        names: Name of each key number.
    """

    def __init__(self, objects: Objects, names: tuple[str, ...]) -> None:
        order = np.argsort(objects.tag_key, kind="stable")
        self._object = objects.tag_object[order]
        self._value = objects.tag_value[order]
        self._first = np.searchsorted(objects.tag_key[order], np.arange(len(names) + 1))
        self._number = {name: number for number, name in enumerate(names)}
        self._objects = objects.count
        self._bytes = objects.values
        self.values = self._texts()

    def _texts(self) -> pa.Array:
        """All values as texts; bytes that are not UTF-8 are replaced by a mark."""
        try:
            return self._bytes.cast(pa.string())
        except pa.ArrowInvalid:
            return pa.array([item.decode("utf-8", "replace") for item in self._bytes.to_pylist()], pa.string())

    def on(self, key: str) -> tuple[Whole, NDArray[np.int32]]:
        """Objects that carry a key, and its value on each."""
        number = self._number[key]
        part = slice(self._first[number], self._first[number + 1])
        return self._object[part], self._value[part]

    def fitting(self, rule: Rule) -> Whole:
        """Objects on which a rule fits; an object may come twice when it carries a key twice."""
        found = self._carrying(*rule.tags[0])
        for key, allowed in rule.tags[1:]:
            mark = np.zeros(self._objects, np.bool_)
            mark[self._carrying(key, allowed)] = True
            found = found[mark[found]]
        return found

    def _carrying(self, key: str, allowed: frozenset[str] | None) -> Whole:
        objects, values = self.on(key)
        if allowed is None:
            return objects
        distinct, back = distinct_of(values, len(self._bytes))
        return objects[self.allows(distinct, allowed)[back]]

    def allows(self, values: NDArray[np.int32], allowed: frozenset[str]) -> NDArray[np.bool_]:
        """Whether each of some values is among those allowed."""
        texts = self.values.take(pa.array(values, pa.int32())).to_pylist()
        return np.fromiter((fits(text, allowed) for text in texts), np.bool_, len(texts))

    def rows(self, objects: Whole) -> Rows:
        """The tags of some objects only."""
        return Rows(self, objects, self._objects)


class Rows:
    """The tags of some objects, in the order of these objects.

    Args:
        tags: All tags.
        objects: The objects, each once.
        count: How many objects there are in all.
    """

    def __init__(self, tags: Tags, objects: Whole, count: int) -> None:
        self._tags = tags
        self._row = np.full(count, NONE, np.int32)
        self._row[objects] = np.arange(len(objects), dtype=np.int32)
        self._sparse: dict[str, tuple[Whole, NDArray[np.int32], NDArray[np.int32]]] = {}
        self.count = len(objects)

    def column(self, key: str) -> NDArray[np.int32]:
        """For each object the position of the key's value among all values; -1 where it has none."""
        column = np.full(self.count, NONE, np.int32)
        rows, distinct, back = self._carrying(key)
        column[rows] = distinct[back]
        return column

    def first_of(self, keys: tuple[str, ...]) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """For each object the value of the first key it carries, and which key that is; -1 where it has none."""
        column = np.full(self.count, NONE, np.int32)
        which = np.full(self.count, NONE, np.int8)
        for number, key in enumerate(keys):
            found = self.column(key)
            fresh = (column < 0) & (found >= 0)
            column[fresh], which[fresh] = found[fresh], number
        return column, which

    def fitting(self, rule: Rule) -> Whole:
        """Rows on which a rule fits."""
        rows = self._fitting(*rule.tags[0])
        for key, allowed in rule.tags[1:]:
            mark = np.zeros(self.count, np.bool_)
            mark[self._fitting(key, allowed)] = True
            rows = rows[mark[rows]]
        return rows

    def _fitting(self, key: str, allowed: frozenset[str] | None) -> Whole:
        rows, distinct, back = self._carrying(key)
        return rows if allowed is None else rows[self._tags.allows(distinct, allowed)[back]]

    def _carrying(self, key: str) -> tuple[Whole, NDArray[np.int32], NDArray[np.int32]]:
        """Rows that carry a key, its distinct values, and which of them each row has."""
        if key not in self._sparse:
            objects, values = self._tags.on(key)
            rows = self._row[objects]
            here = rows >= 0
            self._sparse[key] = (rows[here].astype(np.int64), *self.distinct_in(values[here]))
        return self._sparse[key]

    def distinct_in(self, column: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The distinct values of a column, and for each object which it has (-1 for none)."""
        return distinct_of(column, len(self._tags.values))

    def texts(self, values: NDArray[np.int32]) -> list[str]:
        """Values as texts."""
        return list(self._tags.values.take(pa.array(values, pa.int32())).to_pylist())

    def strings(self, column: NDArray[np.int32]) -> pa.Array:
        """A column as Arrow text, null where there is no value."""
        return self._tags.values.take(pa.array(column, pa.int32(), mask=column < 0))


def distinct_of(column: NDArray[np.int32], count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The distinct values of a column of numbers below ``count``, and for each row which it has; -1 stays -1."""
    seen = np.zeros(count + 1, np.bool_)
    seen[column] = True
    seen[NONE] = False
    values = np.flatnonzero(seen).astype(np.int32)
    place = np.full(count + 1, NONE, np.int32)
    place[values] = np.arange(len(values), dtype=np.int32)
    return values, place[column]


def fits(text: str, allowed: frozenset[str]) -> bool:
    """Whether a value, or one of several joined by semicolons, is among those allowed."""
    return text in allowed or (";" in text and any(part.strip() in allowed for part in text.split(";")))

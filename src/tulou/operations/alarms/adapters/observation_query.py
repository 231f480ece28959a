"""Which observations of a datastream are wanted, and in which order: ``$filter`` and ``$orderby`` of SensorThings.

A filter compares ``phenomenonTime``, ``resultTime`` or ``result`` with a moment, a number or ``null``, joined by
``and``, ``or``, ``not`` and brackets. From comparisons of time follows the span that has to be read.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.alarms.adapters.payloads import EARLIEST, LATEST, time_of

Longs = NDArray[np.int64]
Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]

TIME, RESULT_TIME, RESULT = "phenomenonTime", "resultTime", "result"
FIELDS = (TIME, RESULT_TIME, RESULT)
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne"}
NULL = "null"
MOST_DEPTH = 32
NOT_A_FILTER = "this filter cannot be read"
EXAMPLES = ("phenomenonTime ge 2026-11-27T00:00:00Z and result gt 20",)
_TOKEN = re.compile(r"\(|\)|[^\s()]+")


@dataclass(frozen=True)
class Wanted:
    """Which observations are wanted.

    Args:
        low: Earliest time one can have, ms.
        high: Latest time one can have, ms.
        holds: Whether each of some observations, given by time and value, is wanted.
    """

    low: int
    high: int
    holds: Callable[[Longs, Reals], Mask]


ALL = Wanted(EARLIEST, LATEST, lambda time, _value: np.ones(len(time), np.bool_))


def read_filter(text: str) -> Wanted:
    """Which observations a filter wants; all for an empty one.

    Raises:
        BadUse: When it cannot be read.
    """
    if not text.strip():
        return ALL
    reader = _Filter(_TOKEN.findall(text))
    found = reader.either(0)
    if reader.tokens:
        raise _unread(reader.tokens[0])
    return found


def read_order(text: str) -> tuple[tuple[str, bool], ...]:
    """Fields to sort by, each with whether from the largest down.

    Raises:
        BadUse: When one is none.
    """
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        field, _, way = part.partition(" ")
        if field not in FIELDS or way.strip() not in {"", "asc", "desc"}:
            raise BadUse("observations are not sorted by this", where="$orderby", found=part, allowed=FIELDS)
        found.append((field, way.strip() == "desc"))
    return tuple(found)


def ordered(time: Longs, value: Reals, order: tuple[tuple[str, bool], ...]) -> NDArray[np.int64]:
    """Places of observations in an order; those equal in it stay as they are, unknown results come last."""
    place = np.arange(len(time))
    for field, is_down in reversed(order):
        key = value[place] if field == RESULT else time[place].astype(np.float64)
        place = place[np.argsort(-key if is_down else key, kind="stable")]
    return place


class _Filter:
    """Tokens of a filter, read from the left."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self, depth: int) -> Wanted:
        found = self.both(depth)
        while self._takes("or"):
            found = _joined(found, self.both(depth))
        return found

    def both(self, depth: int) -> Wanted:
        found = self.one(depth)
        while self._takes("and"):
            found = _narrowed(found, self.one(depth))
        return found

    def one(self, depth: int) -> Wanted:
        if depth > MOST_DEPTH:
            raise BadUse(NOT_A_FILTER, where="$filter", found="(", allowed=(f"at most {MOST_DEPTH} brackets",))
        if self._takes("not"):
            inner = self.one(depth + 1)
            return Wanted(EARLIEST, LATEST, lambda time, value: ~inner.holds(time, value))
        if self._takes("("):
            found = self.either(depth + 1)
            if not self._takes(")"):
                raise _unread(self.tokens[0] if self.tokens else "")
            return found
        return self._comparison()

    def _comparison(self) -> Wanted:
        if len(self.tokens) < 3:  # noqa: PLR2004  (a field, a comparison, what it is compared with)
            raise _unread(" ".join(self.tokens))
        left, how, right = self.tokens[:3]
        del self.tokens[:3]
        if right in FIELDS:
            left, right, how = right, left, TURNED.get(how, how)
        if left not in FIELDS or how not in COMPARISONS:
            raise _unread(left if left not in FIELDS else how)
        return _compared(left, how, right)

    def _takes(self, word: str) -> bool:
        if self.tokens and self.tokens[0] == word:
            del self.tokens[0]
            return True
        return False


def _compared(field: str, how: str, told: str) -> Wanted:
    compare = COMPARISONS[how]
    if told == NULL or field == RESULT_TIME:
        return _of_null(field, how, is_null=told == NULL)
    if field == RESULT:
        number = _number(told)
        return Wanted(EARLIEST, LATEST, lambda _time, value: np.asarray(compare(value, number), np.bool_))
    moment = _moment(told)
    low = moment + (how == "gt") if how in {"gt", "ge", "eq"} else EARLIEST
    high = moment - (how == "lt") if how in {"lt", "le", "eq"} else LATEST
    return Wanted(low, high, lambda time, _value: np.asarray(compare(time, moment), np.bool_))


def _of_null(field: str, how: str, *, is_null: bool) -> Wanted:
    """A comparison with null, or of the time of a result, which is not kept: only ``eq`` and ``ne`` hold of it."""

    def holds(time: Longs, value: Reals) -> Mask:
        unknown = np.isnan(value) if field == RESULT else np.full(len(time), field == RESULT_TIME)
        is_equal = unknown == is_null if field == RESULT else unknown & is_null
        return is_equal if how == "eq" else ~is_equal if how == "ne" else np.zeros(len(time), np.bool_)

    return Wanted(EARLIEST, LATEST, holds)


def _joined(one: Wanted, other: Wanted) -> Wanted:
    low, high = min(one.low, other.low), max(one.high, other.high)
    return Wanted(low, high, lambda time, value: one.holds(time, value) | other.holds(time, value))


def _narrowed(one: Wanted, other: Wanted) -> Wanted:
    low, high = max(one.low, other.low), min(one.high, other.high)
    return Wanted(low, high, lambda time, value: one.holds(time, value) & other.holds(time, value))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unread(text) from None


def _moment(text: str) -> int:
    try:
        return time_of(text.strip("'"), "$filter")
    except BadInput as error:
        raise BadUse.of(error.faults) from None


def _unread(found: str) -> BadUse:
    return BadUse(NOT_A_FILTER, where="$filter", found=found, allowed=EXAMPLES)

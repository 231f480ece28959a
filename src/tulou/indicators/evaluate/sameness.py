"""Sameness: whether two results of one piece of work are equal to the bit, and how much room one takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

POINTER = 8
"""Bytes of a reference to an object that something else owns."""
SMALL = 64
"""Bytes of a number or short text with its keeping."""


def is_same(one: Any, other: Any) -> bool:  # noqa: ANN401  (results of any kind)
    """Whether two results are of one kind and equal to the bit; what cannot be told is not the same."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return _is_same_array(one, other)
    if isinstance(one, (pa.Table, pa.RecordBatch, pa.Array, pa.ChunkedArray)):
        return bool(one.equals(other))
    if isinstance(one, (Mapping, tuple, list)):
        return _is_same_group(one, other)
    return _is_same_made(one, other) if is_dataclass(one) else _is_same_plain(one, other)


def _is_same_group(one: Any, other: Any) -> bool:  # noqa: ANN401  (mappings, tuples and lists)
    if len(one) != len(other):
        return False
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    return all(map(is_same, one, other))


def _is_same_made(one: Any, other: Any) -> bool:  # noqa: ANN401  (dataclasses of any kind)
    return all(is_same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))


def _is_same_plain(one: Any, other: Any) -> bool:  # noqa: ANN401  (numbers, texts, sets)
    if isinstance(one, float):
        return one.hex() == other.hex()
    return bool(one == other)


def _is_same_array(one: NDArray[Any], other: NDArray[Any]) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype == object:
        # Lists compare identity first, so that what was handed on costs nothing.
        return bool(one.tolist() == other.tolist())
    left, right = np.ascontiguousarray(one), np.ascontiguousarray(other)
    return bool(np.array_equal(left.view(np.uint8), right.view(np.uint8))) if left.size else True


def room(value: Any) -> int:  # noqa: ANN401  (results of any kind)
    """About how many bytes a result takes."""
    if isinstance(value, np.ndarray):
        # An array that says one number for all rows takes the room of one.
        held = 1 if value.size and not any(value.strides) else value.size
        return held * (POINTER if value.dtype == object else value.itemsize)
    if isinstance(value, (pa.Table, pa.RecordBatch, pa.Array, pa.ChunkedArray)):
        return int(value.nbytes)
    if isinstance(value, Mapping):
        return SMALL + sum(map(room, value.values()))
    if isinstance(value, (tuple, list)):
        return SMALL + sum(map(room, value))
    if is_dataclass(value):
        return SMALL + sum(room(getattr(value, each.name)) for each in fields(value))
    return SMALL

"""Numbers and fields of the protobuf wire format, read by compiled code that never looks past the end it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Int: TypeAlias = Any
"""A whole number of 64 bits within compiled code, where Python's and NumPy's are one."""
F = TypeVar("F", bound=Callable[..., Any])

DAMAGED = -1
"""Next position that says: the bytes are not what the format asks for."""

VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5
SIZE_64, SIZE_32 = np.int64(8), np.int64(4)
WIRE_BITS, WIRE_MASK = 3, 7
"""Bits of a tag that hold the wire type."""
PAYLOAD, PAYLOAD_BITS = np.uint8(0x7F), np.uint64(7)
"""What a byte of a number holds of it."""
MORE = np.uint8(0x80)
"""From this on, a byte says that another one follows."""
WORD, LAST_SHIFT = np.uint64(64), np.uint64(63)
"""Bits of a number, and the most that a byte of it may be shifted by."""


def compiled(function: F) -> F:
    """Compile a kernel once, keep it on disk, run it without the interpreter lock."""
    return cast("F", numba.njit(cache=True, nogil=True)(function))


def inlined(function: F) -> F:
    """Compile a small part of a kernel into each place where it is used."""
    return cast("F", numba.njit(inline="always")(function))


@compiled
def varint(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    """One number; the position after it, or ``DAMAGED``."""
    value = np.uint64(0)
    shift = np.uint64(0)
    while at < end and shift < WORD:
        byte = data[at]
        at += 1
        value |= np.uint64(byte & PAYLOAD) << shift
        if byte < MORE:
            return np.int64(value), at
        shift += PAYLOAD_BITS
    return np.int64(0), np.int64(DAMAGED)


@compiled
def zigzag(value: Int) -> Int:
    """The signed number that a zigzag number stands for."""
    return np.int64(np.uint64(value) >> np.uint64(1)) ^ -(value & np.int64(1))


@compiled
def field(data: Bytes, at: Int, end: Int) -> tuple[Int, Int, Int, Int]:
    """Number and wire type of a field, its value or the start of its bytes, and the position after it."""
    tag, at = varint(data, at, end)
    if at < 0:
        return 0, 0, np.int64(0), at
    number, wire = tag >> WIRE_BITS, tag & WIRE_MASK
    if wire == VARINT:
        value, at = varint(data, at, end)
        return number, wire, value, at
    size = SIZE_64 if wire == FIXED_64 else SIZE_32
    if wire == BYTES:
        size, at = varint(data, at, end)
        if at < 0:
            return 0, 0, np.int64(0), at
    elif wire not in (FIXED_64, FIXED_32):
        return 0, 0, np.int64(0), np.int64(DAMAGED)
    if size < 0 or size > end - at:
        return 0, 0, np.int64(0), np.int64(DAMAGED)
    return number, wire, at, at + size


@compiled
def packed_count(data: Bytes, at: Int, end: Int) -> Int:
    """How many numbers a packed field holds; ``DAMAGED`` when the last one runs over its end."""
    if at == end:
        return np.int64(0)
    if data[end - 1] >= MORE:
        return np.int64(DAMAGED)
    count = np.int64(0)
    for position in range(at, end):
        count += np.int64(data[position] < MORE)
    return count


@compiled
def running_sums(data: Bytes, at: Int, end: Int, out: NDArray[np.int64], row: Int) -> Int:
    """Write the running sums of a packed field of zigzag numbers into ``out`` from ``row`` on.

    The row after the last; ``DAMAGED`` when a number runs over its end or there are more than fit.
    """
    total = np.int64(0)
    value = np.uint64(0)
    shift = np.uint64(0)
    for position in range(at, end):
        byte = data[position]
        value |= np.uint64(byte & PAYLOAD) << shift
        if byte < MORE:
            if row >= len(out):
                return np.int64(DAMAGED)
            total += np.int64(value >> np.uint64(1)) ^ -np.int64(value & np.uint64(1))
            out[row] = total
            row += 1
            value = np.uint64(0)
            shift = np.uint64(0)
        else:
            shift += PAYLOAD_BITS
            if shift > LAST_SHIFT:
                return np.int64(DAMAGED)
    return row if shift == np.uint64(0) else np.int64(DAMAGED)

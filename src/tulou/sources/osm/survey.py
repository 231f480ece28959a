"""First look at a block: its strings, its scale, and how many objects of each kind it holds.

Counting first lets the second look (``primitives``) write into arrays of the right size and nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tulou.sources.osm.wire import BYTES, VARINT, Bytes, Int, compiled, field, packed_count

Whole = NDArray[np.int64]

NODES, NODE_TAGS, WAYS, REFS, WAY_TAGS, RELATIONS, MEMBERS, RELATION_TAGS, STRINGS, COUNTERS = range(10)
GRANULARITY, SOUTH_OFFSET, WEST_OFFSET, SCALES = range(4)
DEFAULT_GRANULARITY = 100
COARSEST = 1_000_000_000

STRING_TABLE, GROUP, GRANULARITY_FIELD, SOUTH_FIELD, WEST_FIELD = 1, 2, 17, 19, 20
"""Fields of a block."""
PLAIN_NODE, DENSE, WAY, RELATION = 1, 2, 3, 4
REFS_FIELD, MEMBERS_FIELD = 8, 9
"""Fields of ways and relations that hold what they are made of."""
SLOT_BITS, SLOTS_A_KEY = 4, 4
"""Smallest hash table, as a power of two, and its slots for each key."""
HASH_START, HASH_STEP = np.uint64(14695981039346656037), np.uint64(1099511628211)
"""FNV-1a, 64 bits (Fowler, Noll and Vo)."""


class Keys(NamedTuple):
    """The tag keys we care about, laid out for a look-up by compiled code.

    Args:
        slot: Hash table: key number or -1; its length is a power of two.
        first: Start of each key in ``text``, one more than there are keys.
        text: All keys, one after the other, UTF-8.
        selects: For each key, bits: 1 it selects nodes, 2 ways, 4 relations.
    """

    slot: NDArray[np.int32]
    first: NDArray[np.int32]
    text: Bytes
    selects: NDArray[np.uint8]


def keys_of(names: list[str], selects: list[int]) -> Keys:
    """Lay out tag keys for the look-up.

    Args:
        names: The keys, each once.
        selects: For each, the kinds of object it selects (bits 1 node, 2 way, 4 relation).
    """
    encoded = [name.encode() for name in names]
    size = 1 << max(SLOT_BITS, (SLOTS_A_KEY * len(names)).bit_length())
    slot = np.full(size, -1, np.int32)
    for number, text in enumerate(encoded):
        at = int(_hash(np.frombuffer(text, np.uint8), 0, len(text))) & (size - 1)
        while slot[at] >= 0:
            at = (at + 1) & (size - 1)
        slot[at] = number
    first = np.zeros(len(names) + 1, np.int32)
    np.cumsum([len(text) for text in encoded], out=first[1:])
    return Keys(slot, first, np.frombuffer(b"".join(encoded), np.uint8), np.array(selects, np.uint8))


@compiled
def _hash(data: Bytes, start: Int, stop: Int) -> Int:
    value = HASH_START
    for at in range(start, stop):
        value = (value ^ np.uint64(data[at])) * HASH_STEP
    return np.int64(value >> np.uint64(1))


@compiled
def key_number(data: Bytes, start: Int, stop: Int, keys: Keys) -> Int:
    """Number of the key that stands in ``data[start:stop]``; -1 when it is none of ours."""
    last = len(keys.slot) - 1
    at = _hash(data, start, stop) & last
    while keys.slot[at] >= 0:
        number = keys.slot[at]
        first = keys.first[number]
        if keys.first[number + 1] - first == stop - start:
            same = True
            for step in range(stop - start):
                if data[start + step] != keys.text[first + step]:
                    same = False
                    break
            if same:
                return number
        at = (at + 1) & last
    return -1


@compiled
def survey(data: Bytes, counts: Whole, scales: Whole) -> bool:
    """Count what a block holds into ``counts`` and read its scale into ``scales``; False when it is damaged."""
    scales[GRANULARITY] = DEFAULT_GRANULARITY
    at, end = 0, len(data)
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        if number == STRING_TABLE and wire == BYTES:
            if counts[STRINGS] > 0 or not _count_strings(data, value, at, counts):
                return False
        elif number == GROUP and wire == BYTES:
            if not _count_group(data, value, at, counts):
                return False
        elif wire == VARINT:
            _read_scale(number, value, scales)
    return 0 < scales[GRANULARITY] <= COARSEST


@compiled
def _read_scale(number: Int, value: Int, scales: Whole) -> None:
    if number == GRANULARITY_FIELD:
        scales[GRANULARITY] = value
    elif number == SOUTH_FIELD:
        scales[SOUTH_OFFSET] = value
    elif number == WEST_FIELD:
        scales[WEST_OFFSET] = value


@compiled
def _count_strings(data: Bytes, at: Int, end: Int, counts: Whole) -> bool:
    while at < end:
        number, wire, _value, at = field(data, at, end)
        if at < 0 or wire != BYTES:
            return False
        counts[STRINGS] += number == 1
    return True


@compiled
def _count_group(data: Bytes, at: Int, end: Int, counts: Whole) -> bool:
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        fine = True
        if wire == BYTES:
            if number == DENSE:
                fine = _count_fields(data, value, at, counts, (1, NODES), (10, NODE_TAGS))
            elif number == PLAIN_NODE:
                counts[NODES] += 1
                fine = _count_fields(data, value, at, counts, (2, NODE_TAGS), (2, NODE_TAGS))
            elif number == WAY:
                counts[WAYS] += 1
                fine = _count_fields(data, value, at, counts, (2, WAY_TAGS), (REFS_FIELD, REFS))
            elif number == RELATION:
                counts[RELATIONS] += 1
                fine = _count_fields(data, value, at, counts, (2, RELATION_TAGS), (MEMBERS_FIELD, MEMBERS))
        if not fine:
            return False
    return True


@compiled
def _count_fields(data: Bytes, at: Int, end: Int, counts: Whole, left: tuple[Int, Int], right: tuple[Int, Int]) -> bool:
    """Count the numbers of two packed fields, each given as (field number, counter); each may stand once."""
    seen_left = False
    seen_right = left[0] == right[0]
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        if number == left[0]:
            if wire != BYTES or seen_left:
                return False
            seen_left = True
            many = packed_count(data, value, at)
            if many < 0:
                return False
            counts[left[1]] += many
        elif number == right[0]:
            if wire != BYTES or seen_right:
                return False
            seen_right = True
            many = packed_count(data, value, at)
            if many < 0:
                return False
            counts[right[1]] += many
    return True


@compiled
def list_strings(data: Bytes, strings: NDArray[np.int32], number_of: NDArray[np.int32], keys: Keys) -> bool:
    """Note start and stop of each string of a block, and which key of ours it is (-1 for none)."""
    at, end, row = 0, len(data), 0
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        if number != STRING_TABLE or wire != BYTES:
            continue
        inner, stop = value, at
        while inner < stop:
            number, wire, value, inner = field(data, inner, stop)
            if inner < 0:
                return False
            if number == 1 and wire == BYTES and row < len(strings):
                strings[row, 0], strings[row, 1] = value, inner
                number_of[row] = key_number(data, value, inner, keys)
                row += 1
    return True

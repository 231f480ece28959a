"""One block in one go: compiled code counts, makes room, reads, and copies out the values that are used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.sources.osm.primitives import AT_TAG, TALLIES, Room, Text, fill
from tulou.sources.osm.survey import (
    COUNTERS,
    MEMBERS,
    NODE_TAGS,
    NODES,
    REFS,
    RELATION_TAGS,
    RELATIONS,
    SCALES,
    STRINGS,
    WAY_TAGS,
    WAYS,
    Keys,
    Whole,
    list_strings,
    survey,
)
from tulou.sources.osm.wire import Bytes, Int, compiled


@compiled
def read_block(data: Bytes, keys: Keys) -> tuple[bool, Room, NDArray[np.int32], Bytes]:
    """Read an unpacked block.

    Args:
        data: Its bytes.
        keys: Tag keys to keep.

    Returns:
        Whether the block is sound; its objects and tags; start and bytes of the values that the tags use.
    """
    counts, scales = np.zeros(COUNTERS, np.int64), np.zeros(SCALES, np.int64)
    fine = survey(data, counts, scales)
    if not fine:
        counts[:] = 0
    strings = np.zeros((counts[STRINGS], 2), np.int32)
    number_of = np.full(counts[STRINGS], -1, np.int32)
    fine = fine and list_strings(data, strings, number_of, keys)
    room = _room(counts)
    fine = fine and fill(data, scales, Text(number_of, keys.selects), room)
    room = _trimmed(room, room.tally[AT_TAG] if fine else 0)
    local = np.full(len(strings), -1, np.int32)
    count, size = _number_values(room.tag_value, strings, local)
    first, text = np.zeros(count + 1, np.int32), np.empty(size, np.uint8)
    _copy_values(data, strings, local, first, text)
    return fine, room, first, text


@compiled
def _room(counts: Whole) -> Room:
    """Arrays of the size that was counted."""
    tags = counts[NODE_TAGS] + counts[WAY_TAGS] + counts[RELATION_TAGS]
    return Room(
        np.zeros(counts[NODES], np.int64),
        np.zeros(counts[NODES], np.int32),
        np.zeros(counts[NODES], np.int32),
        np.zeros(counts[WAYS], np.int64),
        np.zeros(counts[WAYS] + 1, np.int32),
        np.zeros(counts[REFS], np.int64),
        np.zeros(counts[RELATIONS], np.int64),
        np.zeros(counts[RELATIONS] + 1, np.int32),
        np.zeros(counts[MEMBERS], np.int64),
        np.zeros(counts[MEMBERS], np.uint8),
        np.empty(tags, np.uint8),
        np.empty(tags, np.int32),
        np.empty(tags, np.int16),
        np.empty(tags, np.int32),
        np.zeros(TALLIES, np.int64),
    )


@compiled
def _trimmed(room: Room, tags: Int) -> Room:
    """The same objects with only the tags that were kept."""
    return Room(
        room.node,
        room.x,
        room.y,
        room.way,
        room.way_first,
        room.ref,
        room.relation,
        room.relation_first,
        room.member,
        room.member_kind,
        room.tag_kind[:tags].copy(),
        room.tag_row[:tags].copy(),
        room.tag_key[:tags].copy(),
        room.tag_value[:tags].copy(),
        room.tally,
    )


@compiled
def _number_values(values: NDArray[np.int32], strings: NDArray[np.int32], local: NDArray[np.int32]) -> tuple[Int, Int]:
    """Number the strings that are used, in order of first use; how many there are and how many bytes they have."""
    count = np.int64(0)
    size = np.int64(0)
    for at in range(len(values)):
        string = values[at]
        if local[string] < 0:
            local[string] = count
            count += 1
            size += strings[string, 1] - strings[string, 0]
        values[at] = local[string]
    return count, size


@compiled
def _copy_values(
    data: Bytes, strings: NDArray[np.int32], local: NDArray[np.int32], first: NDArray[np.int32], out: Bytes
) -> None:
    """Copy the used strings one after the other, in the order of their numbers."""
    for string in range(len(local)):
        if local[string] >= 0:
            first[local[string] + 1] = strings[string, 1] - strings[string, 0]
    for number in range(len(first) - 1):
        first[number + 1] += first[number]
    for string in range(len(local)):
        if local[string] >= 0:
            start = strings[string, 0]
            to = first[local[string]]
            for step in range(strings[string, 1] - start):
                out[to + step] = data[start + step]

"""Second look at a block: nodes, ways, relations and the tags we care about, as plain arrays.

Every array has the size that ``survey`` counted; every index is checked before it is used, so that bytes made to harm
end in ``False``, never outside an array.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tulou.sources.osm.survey import (
    DENSE,
    GRANULARITY,
    GROUP,
    PLAIN_NODE,
    RELATION,
    SOUTH_OFFSET,
    WAY,
    WEST_OFFSET,
    Whole,
)
from tulou.sources.osm.wire import BYTES, VARINT, Bytes, Int, compiled, field, inlined, running_sums, varint, zigzag

NODE_KIND, WAY_KIND, RELATION_KIND = 0, 1, 2
SELECTS_NODES, SELECTS_WAYS, SELECTS_RELATIONS = 1, 2, 4
NOWHERE = np.int32(-(2**31))
"""Coordinate of a node whose place is not on Earth."""
NANODEGREES_A_STEP = 100
MOST_LON, MOST_LAT = 1_800_000_000, 900_000_000
"""Degrees in steps of 1e-7, the precision in which OpenStreetMap keeps them."""
PARTS = 4
ID_AT = 2 * PARTS
"""Parts of a message that are looked up together; where its id is noted."""
ID, LATITUDE, LONGITUDE = 1, 8, 9
"""Fields of a plain node."""
DENSE_FIELDS = (1, 8, 9, 10)
"""Ids, latitudes, longitudes, tags of dense nodes."""
NODE_FIELDS, WAY_FIELDS, RELATION_FIELDS = (2, 3, 0, 0), (2, 3, 8, 0), (2, 3, 9, 10)
"""Keys and values of tags, then what an object is made of; 0 for none."""
AT_NODE, AT_WAY, AT_REF, AT_RELATION, AT_MEMBER, AT_TAG, TALLIES = range(7)


class Room(NamedTuple):
    """Arrays to be filled with one block.

    Args:
        node: Node ids.
        x: Longitudes in 1e-7 degrees, ``NOWHERE`` where absurd.
        y: Latitudes likewise.
        way: Way ids.
        way_first: Start of each way's nodes in ``ref``, one more than there are ways.
        ref: Node ids along the ways.
        relation: Relation ids.
        relation_first: Start of each relation's members, one more than there are relations.
        member: Ids of the members.
        member_kind: 0 node, 1 way, 2 relation.
        tag_kind: Kind of object a tag stands on.
        tag_row: Which object of that kind, counted within the block.
        tag_key: Number of the key.
        tag_value: String of the value.
        tally: How far each part is filled.
    """

    node: Whole
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    way: Whole
    way_first: NDArray[np.int32]
    ref: Whole
    relation: Whole
    relation_first: NDArray[np.int32]
    member: Whole
    member_kind: NDArray[np.uint8]
    tag_kind: NDArray[np.uint8]
    tag_row: NDArray[np.int32]
    tag_key: NDArray[np.int16]
    tag_value: NDArray[np.int32]
    tally: Whole


class Text(NamedTuple):
    """The strings of a block, as far as tags need them.

    Args:
        key: For each string, the number of the key it is, or -1.
        selects: For each key, the kinds of object it selects.
    """

    key: NDArray[np.int32]
    selects: NDArray[np.uint8]


@compiled
def fill(data: Bytes, scales: Whole, text: Text, room: Room) -> bool:
    """Read all groups of a block into the arrays; False when it is damaged."""
    at, end = 0, len(data)
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        if number == GROUP and wire == BYTES and not _group(data, value, at, scales, text, room):
            return False
    return True


@compiled
def _group(data: Bytes, at: Int, end: Int, scales: Whole, text: Text, room: Room) -> bool:
    spans = np.zeros(ID_AT + 1, np.int64)
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        fine = True
        if wire == BYTES:
            if number == DENSE:
                fine = _dense(data, value, at, spans, scales, text, room)
            elif number == PLAIN_NODE:
                fine = _plain_node(data, value, at, spans, scales, text, room)
            elif number == WAY:
                fine = _way(data, value, at, spans, text, room)
            elif number == RELATION:
                fine = _relation(data, value, at, spans, text, room)
        if not fine:
            return False
    return True


@compiled
def _place(steps: Whole, offset: Int, granularity: Int, most: Int, out: NDArray[np.int32]) -> None:
    """Turn coordinates in the block's own scale into steps of 1e-7 degrees; ``NOWHERE`` where they leave the Earth."""
    plain = offset == 0 and granularity == NANODEGREES_A_STEP
    for row in range(len(steps)):
        place = steps[row] if plain else (offset + granularity * steps[row]) // NANODEGREES_A_STEP
        out[row] = place if -most <= place <= most else NOWHERE


@compiled
def _lose_both(x: NDArray[np.int32], y: NDArray[np.int32]) -> None:
    """A node of which one coordinate is absurd has no place at all."""
    for row in range(len(x)):
        if x[row] == NOWHERE or y[row] == NOWHERE:
            x[row], y[row] = NOWHERE, NOWHERE


@inlined
def _parts(data: Bytes, at: Int, end: Int, wanted: tuple[Int, Int, Int, Int], spans: Whole) -> bool:
    """Where the bytes of up to four fields of a message stand, and its id; empty and 0 where a field is absent."""
    spans[:] = 0
    while at < end:
        number, wire, value, at = field(data, at, end)
        if at < 0:
            return False
        if number == ID and wire == VARINT:
            spans[ID_AT] = value
        for slot in range(PARTS):
            if number == wanted[slot]:
                if wire != BYTES:
                    return False
                spans[2 * slot], spans[2 * slot + 1] = value, at
    return True


@compiled
def _dense(data: Bytes, at: Int, end: Int, spans: Whole, scales: Whole, text: Text, room: Room) -> bool:
    if not _parts(data, at, end, DENSE_FIELDS, spans):
        return False
    first = room.tally[AT_NODE]
    stop = running_sums(data, spans[0], spans[1], room.node, first)
    if stop < 0:
        return False
    lat, lon = np.empty(stop - first, np.int64), np.empty(stop - first, np.int64)
    if running_sums(data, spans[2], spans[3], lat, 0) != len(lat) or running_sums(
        data, spans[4], spans[5], lon, 0
    ) != len(lon):
        return False
    _place(lon, scales[WEST_OFFSET], scales[GRANULARITY], MOST_LON, room.x[first:stop])
    _place(lat, scales[SOUTH_OFFSET], scales[GRANULARITY], MOST_LAT, room.y[first:stop])
    _lose_both(room.x[first:stop], room.y[first:stop])
    room.tally[AT_NODE] = stop
    return _dense_tags(data, spans[6], spans[7], first, text, room)


@compiled
def _dense_tags(data: Bytes, at: Int, end: Int, row: Int, text: Text, room: Room) -> bool:
    """Tags of dense nodes: key, value, key, value, 0 for each node."""
    start = room.tally[AT_TAG]
    wanted = False
    while at < end:
        if data[at] == 0:
            if not wanted:
                room.tally[AT_TAG] = start
            start = room.tally[AT_TAG]
            wanted = False
            row += 1
            at += 1
            continue
        key, at = varint(data, at, end)
        if at < 0:
            return False
        value, at = varint(data, at, end)
        if at < 0 or row >= room.tally[AT_NODE] or not _in_table(key, value, text):
            return False
        wanted |= _tag(room, NODE_KIND, row, key, value, text) & SELECTS_NODES > 0
    if not wanted:
        room.tally[AT_TAG] = start
    return True


@inlined
def _in_table(key: Int, value: Int, text: Text) -> bool:
    return 0 <= key < len(text.key) and 0 <= value < len(text.key)


@inlined
def _tag(room: Room, kind: Int, row: Int, key: Int, value: Int, text: Text) -> Int:
    """Keep a tag when its key is one of ours; the kinds of object that the key selects."""
    number = text.key[key]
    at = room.tally[AT_TAG]
    if number < 0 or at >= len(room.tag_row):
        return 0
    room.tag_kind[at] = kind
    room.tag_row[at] = row
    room.tag_key[at] = number
    room.tag_value[at] = value
    room.tally[AT_TAG] = at + 1
    return np.int64(text.selects[number])


@inlined
def _tags(data: Bytes, spans: Whole, kind: Int, row: Int, text: Text, room: Room) -> bool:
    """Tags of a plain node, way or relation, whose keys and values stand in two packed fields."""
    start = room.tally[AT_TAG]
    key_at, value_at, wanted = spans[0], spans[2], 0
    while key_at < spans[1]:
        key, key_at = varint(data, key_at, spans[1])
        value, value_at = varint(data, value_at, spans[3])
        if key_at < 0 or value_at < 0 or not _in_table(key, value, text):
            return False
        wanted |= _tag(room, kind, row, key, value, text)
    if wanted & (1 << kind) == 0:
        room.tally[AT_TAG] = start
    return value_at == spans[3]


@compiled
def _plain_node(data: Bytes, at: Int, end: Int, spans: Whole, scales: Whole, text: Text, room: Room) -> bool:
    row = room.tally[AT_NODE]
    if row >= len(room.node) or not _parts(data, at, end, NODE_FIELDS, spans):
        return False
    room.node[row] = zigzag(spans[ID_AT])
    lat, lon = np.zeros(1, np.int64), np.zeros(1, np.int64)
    while at < end:
        which, wire, value, at = field(data, at, end)
        if wire == VARINT and which == LATITUDE:
            lat[0] = zigzag(value)
        elif wire == VARINT and which == LONGITUDE:
            lon[0] = zigzag(value)
    _place(lon, scales[WEST_OFFSET], scales[GRANULARITY], MOST_LON, room.x[row : row + 1])
    _place(lat, scales[SOUTH_OFFSET], scales[GRANULARITY], MOST_LAT, room.y[row : row + 1])
    _lose_both(room.x[row : row + 1], room.y[row : row + 1])
    room.tally[AT_NODE] = row + 1
    return _tags(data, spans, NODE_KIND, row, text, room)


@compiled
def _way(data: Bytes, at: Int, end: Int, spans: Whole, text: Text, room: Room) -> bool:
    row = room.tally[AT_WAY]
    if row >= len(room.way) or not _parts(data, at, end, WAY_FIELDS, spans):
        return False
    room.way[row] = spans[ID_AT]
    to = running_sums(data, spans[4], spans[5], room.ref, room.tally[AT_REF])
    if to < 0:
        return False
    room.tally[AT_REF] = to
    room.way_first[row + 1] = to
    room.tally[AT_WAY] = row + 1
    return _tags(data, spans, WAY_KIND, row, text, room)


@compiled
def _relation(data: Bytes, at: Int, end: Int, spans: Whole, text: Text, room: Room) -> bool:
    row = room.tally[AT_RELATION]
    if row >= len(room.relation) or not _parts(data, at, end, RELATION_FIELDS, spans):
        return False
    room.relation[row] = spans[ID_AT]
    start = room.tally[AT_MEMBER]
    to = running_sums(data, spans[4], spans[5], room.member, start)
    if to < 0:
        return False
    kind_at = spans[6]
    for row_of in range(start, to):
        kind, kind_at = varint(data, kind_at, spans[7])
        if kind_at < 0 or not NODE_KIND <= kind <= RELATION_KIND:
            return False
        room.member_kind[row_of] = kind
    room.tally[AT_MEMBER] = to
    room.relation_first[row + 1] = to
    room.tally[AT_RELATION] = row + 1
    return kind_at == spans[7] and _tags(data, spans, RELATION_KIND, row, text, room)

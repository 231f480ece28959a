"""A tiny writer of PBF files, bit by bit, so that tests can also write files that nobody should."""

import struct
import zlib
from pathlib import Path

import osmium
import shapely

from tulou.kernel.facts import Extract, Facts


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return varint((value << 1) ^ (value >> 63))


def number(field, value):
    return varint(field << 3) + varint(value)


def signed(field, value):
    return varint(field << 3) + zigzag(value)


def text(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def packed(field, values):
    return text(field, b"".join(varint(value) for value in values))


def deltas(field, values):
    return text(field, b"".join(zigzag(b - a) for a, b in zip([0, *values], values, strict=False)))


def blob(kind, data, *, pack=True, size=None, field=None):
    if field is not None:
        body = number(2, len(data)) + text(field, data)
    elif pack:
        body = number(2, len(data) if size is None else size) + text(3, zlib.compress(data))
    else:
        body = text(1, data)
    head = text(1, kind) + number(3, len(body))
    return struct.pack(">I", len(head)) + head + body


def header(*features, bounds=None, replicated=None):
    data = b"".join(text(4, feature) for feature in features or ("OsmSchema-V0.6", "DenseNodes"))
    if bounds is not None:
        west, south, east, north = (round(degrees * 1e9) for degrees in bounds)
        data = text(1, signed(1, west) + signed(2, east) + signed(3, north) + signed(4, south)) + data
    if replicated is not None:
        data += number(32, replicated)
    return blob("OSMHeader", data)


def block(strings, *groups, extra=b""):
    table = b"".join(text(1, string) for string in ("", *strings))
    return text(1, table) + b"".join(text(2, group) for group in groups) + extra


def dense(ids, lats, lons, tags=()):
    return text(2, deltas(1, ids) + deltas(8, lats) + deltas(9, lons) + packed(10, tags))


def node(number_of, lat, lon, keys=(), values=()):
    return text(1, signed(1, number_of) + packed(2, keys) + packed(3, values) + signed(8, lat) + signed(9, lon))


def way(number_of, refs, keys=(), values=()):
    return text(3, number(1, number_of) + packed(2, keys) + packed(3, values) + deltas(8, refs))


def relation(number_of, members, kinds, keys=(), values=()):
    roles = packed(8, [0] * len(members))
    return text(
        4, number(1, number_of) + packed(2, keys) + packed(3, values) + roles + deltas(9, members) + packed(10, kinds)
    )


def written(path: Path, nodes, ways=(), relations=()) -> Path:
    """A well-made file: nodes (id, lon, lat, tags), ways (id, refs, tags), relations (id, [(type, id, role)], tags)."""
    make = osmium.osm.mutable
    with osmium.SimpleWriter(str(path), overwrite=True) as out:
        for number_of, lon, lat, tags in nodes:
            out.add_node(make.Node(id=number_of, location=(lon, lat), tags=tags))
        for number_of, refs, tags in ways:
            out.add_way(make.Way(id=number_of, nodes=list(refs), tags=tags))
        for number_of, members, tags in relations:
            out.add_relation(make.Relation(id=number_of, members=list(members), tags=tags))
    return path


def facts_of(extract: Extract, entity: str) -> Facts:
    return next(facts for facts in extract.facts if facts.entity == entity)


def rows_of(extract: Extract, entity: str) -> dict:
    """Rows of an entity by id, with shapely geometry."""
    rows = [row for facts in extract.facts if facts.entity == entity for row in facts.rows.to_pylist()]
    return {row["id"]: {**row, "geometry": shapely.from_wkb(row["geometry"])} for row in rows}


def remark_of(extract: Extract, kind: str):
    return next((remark for remark in extract.quality.remarks if remark.kind == kind), None)

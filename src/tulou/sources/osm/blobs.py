"""The outer shell of a PBF file: a row of blobs, each with a small header, most of them deflated.

The limits are those of the format's description (OpenStreetMap wiki, "PBF Format", section "File format").
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from tulou.kernel.errors import BadInput

try:
    from isal import isal_zlib as deflate
except ImportError:  # the extra [osm] makes it faster, nothing else
    import zlib as deflate  # type: ignore[no-redef]

DEFLATE_ERROR: Any = deflate.error
Data: TypeAlias = bytes | mmap.mmap
"""The bytes of a file, or a memory map of them."""
MOST_HEADER_BYTES = 64 * 1024
MOST_BLOB_BYTES = 32 * 1024 * 1024
MOST_BLOBS = 1_000_000
LENGTH_BYTES = 4
LONGEST_START = 32
MOST_LON, MOST_LAT = 180.0, 90.0
NANODEGREES = 1_000_000_000
LONGEST_VARINT = 10
KNOWN_FEATURES = frozenset({"OsmSchema-V0.6", "DenseNodes"})

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
WIRE_BITS, WIRE_MASK, VARINT_BITS = 3, 7, 7
"""Bits of a tag that hold the wire type; bits of a number that each of its bytes holds."""
_MORE = 0x80
"""Bit of a byte that says: another byte of this number follows."""
_KIND, _DATA_SIZE = 1, 3
"""Fields of a blob's header."""
_PLAIN, _RAW_SIZE, _DEFLATED = 1, 2, 3
"""Fields of a blob."""
_BOUNDS, _FEATURE, _WRITER, _REPLICATED = 1, 4, 16, 32
"""Fields of the header block."""
_EDGES = (1, 2, 3, 4)
"""Fields of the bounds: west, east, north, south."""
_FIXED_SIZE = {_FIXED_64: 8, _FIXED_32: 4}
_COMPRESSION = {4: "lzma", 5: "bzip2", 6: "lz4", 7: "zstd"}


@dataclass(frozen=True)
class Blob:
    """One blob as it lies in the file.

    Args:
        kind: ``OSMHeader`` or ``OSMData``; other kinds are passed over, as the format asks.
        at: Position of its header in the file.
        start: Position of its payload.
        stop: End of its payload.
        packed: Whether the payload is deflated.
        size: Bytes of the payload once unpacked.
    """

    kind: str
    at: int
    start: int
    stop: int
    packed: bool
    size: int


@dataclass
class Header:
    """What a file says about itself.

    Args:
        bounds: West, south, east, north in degrees; None when not said.
        features: Features a reader must know.
        replicated: Day and time (UTC, ISO 8601) up to which edits are in the file; empty when not said.
        writer: Program that wrote it.
    """

    bounds: tuple[float, float, float, float] | None = None
    features: list[str] = field(default_factory=list)
    replicated: str = ""
    writer: str = ""


def blobs(data: Data, name: str) -> Iterator[Blob]:
    """Walk along the blobs of a file.

    Args:
        data: The file's bytes, or a memory map of them.
        name: How messages call the file.

    Raises:
        BadInput: When a length is absurd, the file ends early, or a blob is packed in a way we do not read.
    """
    at, end = 0, len(data)
    for _ in range(MOST_BLOBS):
        if at == end:
            return
        place = f"{name}: byte {at}"
        if end - at < LENGTH_BYTES:
            raise BadInput("the file ends in the middle of a blob", where=place)
        length = int.from_bytes(data[at : at + LENGTH_BYTES], "big")
        if not 0 < length <= MOST_HEADER_BYTES:
            raise BadInput(
                "this is not a PBF file, or it is damaged: a blob header has an absurd size",
                where=place,
                found=_as_seen(data, at, length),
                allowed=(f"1 to {MOST_HEADER_BYTES} bytes",),
            )
        start = at + LENGTH_BYTES + length
        kind, size = _blob_header(bytes(data[at + LENGTH_BYTES : start]), place)
        if start + size > end:
            raise BadInput("the file ends in the middle of a blob", where=place, found=f"{end - start} of {size} bytes")
        yield _blob(data, kind, at, start, start + size, place)
        at = start + size
    raise BadInput("too many blobs", where=name, allowed=(f"at most {MOST_BLOBS}",))


def unpack(data: Data, blob: Blob, name: str) -> bytes:
    """The bytes of a blob, inflated where they were deflated.

    Raises:
        BadInput: When they do not inflate to the size the blob declares.
    """
    payload = bytes(data[blob.start : blob.stop])
    if not blob.packed:
        return payload
    place = f"{name}: byte {blob.at}"
    try:
        unpacked = _inflate(payload, blob.size)
    except DEFLATE_ERROR as error:
        raise BadInput("a blob does not inflate; the file is damaged", where=place, found=str(error)) from None
    if len(unpacked) != blob.size:
        raise BadInput(
            "a blob does not have the size it declares",
            where=place,
            found=f"{len(unpacked)} bytes or more",
            allowed=(f"{blob.size} bytes",),
        )
    return unpacked


def read_header(data: bytes, name: str) -> Header:
    """Read the header block.

    Raises:
        BadInput: When it is damaged, or the file needs a reader that knows more than this one.
    """
    header = Header()
    for number, value in _fields(data, f"{name}: header"):
        if number == _BOUNDS and isinstance(value, bytes):
            header.bounds = _bounds(value, name)
        elif number == _FEATURE and isinstance(value, bytes):
            header.features.append(value.decode("utf-8", "replace"))
        elif number == _WRITER and isinstance(value, bytes):
            header.writer = value.decode("utf-8", "replace")
        elif number == _REPLICATED and isinstance(value, int):
            header.replicated = _moment(value)
    unknown = sorted(set(header.features) - KNOWN_FEATURES)
    if unknown:
        raise BadInput(
            "the file needs a reader with features this one lacks",
            where=name,
            found=", ".join(unknown),
            allowed=sorted(KNOWN_FEATURES),
        )
    return header


def _blob_header(data: bytes, place: str) -> tuple[str, int]:
    kind, size = "", -1
    for number, value in _fields(data, place):
        if number == _KIND and isinstance(value, bytes):
            kind = value.decode("utf-8", "replace")
        elif number == _DATA_SIZE and isinstance(value, int):
            size = value
    if not 0 <= size <= MOST_BLOB_BYTES:
        raise BadInput(
            "a blob has an absurd size", where=place, found=f"{size} bytes", allowed=(f"at most {MOST_BLOB_BYTES}",)
        )
    return kind, size


def _blob(data: Data, kind: str, at: int, start: int, stop: int, place: str) -> Blob:
    """Find the payload in a blob by reading only its first fields."""
    position, size, found = start, -1, None
    while position < stop:
        number, wire, value, position = _field_head(data, position, stop, place)
        if wire == _VARINT:
            size = value if number == _RAW_SIZE else size
            continue
        if wire == _BYTES and number in {_PLAIN, _DEFLATED}:
            found = (number, position, position + value)
        elif wire == _BYTES and number in _COMPRESSION:
            raise BadInput(
                "this kind of packing is not read", where=place, found=_COMPRESSION[number], allowed=("zlib", "none")
            )
        position += value
    if found is None:
        if kind not in {"OSMData", "OSMHeader"}:
            return Blob(kind, at, start, start, packed=False, size=0)
        raise BadInput("a blob holds nothing", where=place, found=kind)
    packed = found[0] == _DEFLATED
    size = size if packed else found[2] - found[1]
    if not 0 <= size <= MOST_BLOB_BYTES:
        raise BadInput(
            "a blob declares an absurd unpacked size",
            where=place,
            found=f"{size} bytes",
            allowed=(f"at most {MOST_BLOB_BYTES}",),
        )
    return Blob(kind, at, found[1], found[2], packed=packed, size=size)


def _fields(data: bytes, place: str) -> Iterator[tuple[int, int | bytes]]:
    at, end = 0, len(data)
    while at < end:
        number, wire, value, at = _field_head(data, at, end, place)
        if wire == _VARINT:
            yield number, value
        else:
            yield number, data[at : at + value]
            at += value


def _field_head(data: Data, at: int, end: int, place: str) -> tuple[int, int, int, int]:
    """Number, wire type, value (or length of the bytes that follow) and the position after them."""
    tag, at = _varint(data, at, end, place)
    number, wire = tag >> WIRE_BITS, tag & WIRE_MASK
    if wire in _FIXED_SIZE:
        value = _FIXED_SIZE[wire]
    elif wire in {_VARINT, _BYTES}:
        value, at = _varint(data, at, end, place)
    else:
        raise BadInput("the file is damaged: unknown kind of field", where=place, found=wire)
    if wire != _VARINT and at + value > end:
        raise BadInput("the file is damaged: a field runs over its end", where=place)
    return number, wire, value, at


def _varint(data: Data, at: int, end: int, place: str) -> tuple[int, int]:
    value = 0
    for position in range(at, min(at + LONGEST_VARINT, end)):
        byte = data[position]
        value |= (byte & (_MORE - 1)) << (VARINT_BITS * (position - at))
        if byte < _MORE:
            return value, position + 1
    raise BadInput("the file is damaged: a number runs over its end", where=place)


def _bounds(data: bytes, name: str) -> tuple[float, float, float, float] | None:
    """Bounds in degrees; writers leave nonsense where they do not know them."""
    found = {number: _unzigzag(value) for number, value in _fields(data, name) if isinstance(value, int)}
    if not set(_EDGES) <= set(found):
        return None
    west, east, north, south = (found[number] / NANODEGREES for number in _EDGES)
    if not (abs(west) <= MOST_LON and abs(east) <= MOST_LON and -MOST_LAT <= south <= north <= MOST_LAT):
        return None
    return west, south, east if east >= west else east + 2 * MOST_LON, north


def _unzigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""


def _as_seen(data: Data, at: int, length: int) -> str:
    start = bytes(data[at : at + LONGEST_START]).lstrip()
    if start.startswith((b"<?xml", b"<osm")):
        return "OpenStreetMap XML (.osm); convert it with: osmium cat file.osm -o file.osm.pbf"
    return f"{length} bytes"


def _inflate(payload: bytes, size: int) -> bytes:
    """Inflate, giving at most one byte more than declared, so that a bomb cannot fill the memory."""
    machine = deflate.decompressobj()
    return bytes(machine.decompress(payload, size + 1))

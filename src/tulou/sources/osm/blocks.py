"""All blocks of a file as one set of arrays: blobs are inflated and read side by side in threads."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.progress import Progress, silent
from tulou.kernel.threads import thread_count
from tulou.sources.limits import MOST_FILE_BYTES, size_of
from tulou.sources.osm.blobs import Blob, Header, blobs, read_header, unpack
from tulou.sources.osm.primitives import Room
from tulou.sources.osm.reading import read_block
from tulou.sources.osm.survey import Keys, Whole

MOST_BLOW_UP = 32
"""Most bytes that one byte of a file may unpack to; real files reach about 5."""
MOST_THREADS = 8
"""Most blocks unpacked at a time: each may take tens of megabytes."""
FREE_BYTES = 64 * 1024 * 1024
"""Bytes that any file may unpack to."""


@dataclass(frozen=True, eq=False)
class Block:
    """What one block held.

    Args:
        room: Its objects and tags.
        values: The tag values that ``room.tag_value`` points to.
    """

    room: Room
    values: pa.BinaryArray


@dataclass(frozen=True, eq=False)
class Objects:
    """All objects of a file.

    Objects are numbered nodes first, then ways, then relations, each in the order of the file.

    Args:
        header: What the file says about itself.
        node: Node ids.
        x: Longitudes in 1e-7 degrees.
        y: Latitudes in 1e-7 degrees.
        way: Way ids.
        way_first: Start of each way's nodes in ``ref``.
        ref: Node ids along the ways.
        relation: Relation ids.
        relation_first: Start of each relation's members.
        member: Ids of the members.
        member_kind: 0 node, 1 way, 2 relation.
        tag_object: Object that a tag stands on.
        tag_key: Number of its key.
        tag_value: Position of its value in ``values``.
        values: The values, each once.
    """

    header: Header
    node: Whole
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    way: Whole
    way_first: Whole
    ref: Whole
    relation: Whole
    relation_first: Whole
    member: Whole
    member_kind: NDArray[np.uint8]
    tag_object: Whole
    tag_key: NDArray[np.int16]
    tag_value: NDArray[np.int32]
    values: pa.Array

    @property
    def ways_from(self) -> int:
        """Number of the first way."""
        return len(self.node)

    @property
    def relations_from(self) -> int:
        """Number of the first relation."""
        return len(self.node) + len(self.way)

    @property
    def count(self) -> int:
        """How many objects there are."""
        return self.relations_from + len(self.relation)


def read_objects(path: Path, keys: Keys, progress: Progress | None = None) -> Objects:
    """Read a file.

    Args:
        path: The file.
        keys: Tag keys to keep.
        progress: Told of bytes read and bytes in all.

    Raises:
        BadInput: When it is no PBF file, is damaged, or asks for absurd amounts of memory.
    """
    with _mapped(path) as data:
        found = list(blobs(data, path.name))
        _refuse_bomb(found, path.name, len(data))
        header = _header(data, found, path.name)
        blocks: list[Block] = []
        tell = progress or silent
        todo = [blob for blob in found if blob.kind == "OSMData"]
        with ThreadPoolExecutor(min(thread_count(), MOST_THREADS)) as pool:
            for blob, block in zip(todo, pool.map(lambda blob: _block(data, blob, keys, path.name), todo), strict=True):
                blocks.append(block)
                tell("OpenStreetMap", blob.stop, len(data))
    return _merge(header, blocks)


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    size_of(path, MOST_FILE_BYTES)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _refuse_bomb(found: list[Blob], name: str, size: int) -> None:
    """Refuse a file that would unpack to far more than any real one does."""
    unpacked = sum(blob.size for blob in found)
    most = FREE_BYTES + MOST_BLOW_UP * size
    if unpacked > most:
        raise BadInput(
            "the file unpacks to an absurd size", where=name, found=f"{unpacked} bytes", allowed=(f"at most {most}",)
        )


def _header(data: mmap.mmap, found: list[Blob], name: str) -> Header:
    if not found or found[0].kind != "OSMHeader":
        raise BadInput(
            "this is not an OpenStreetMap PBF file",
            where=name,
            found=found[0].kind if found else "nothing",
            allowed=("OSMHeader as the first blob",),
        )
    return read_header(unpack(data, found[0], name), name)


def _block(data: mmap.mmap, blob: Blob, keys: Keys, name: str) -> Block:
    fine, room, first, text = read_block(np.frombuffer(unpack(data, blob, name), np.uint8), keys)
    if not fine:
        raise BadInput("a block is damaged", where=f"{name}: byte {blob.at}", found="bytes that break the format")
    values = pa.BinaryArray.from_buffers(pa.binary(), len(first) - 1, [None, pa.py_buffer(first), pa.py_buffer(text)])
    return Block(room, values)


def _merge(header: Header, blocks: list[Block]) -> Objects:
    rooms = [block.room for block in blocks]
    kinds = [[len(getattr(room, name)) for room in rooms] for name in ("node", "way", "relation")]
    starts = np.array([np.cumsum([0, *sizes])[:-1] for sizes in kinds], np.int64).reshape(len(kinds), -1)
    totals = [sum(sizes) for sizes in kinds]
    starts[1] += totals[0]
    starts[2] += totals[0] + totals[1]
    tag_value, values = _one_dictionary(blocks)
    return Objects(
        header=header,
        node=_joined([room.node for room in rooms], np.int64),
        x=_joined([room.x for room in rooms], np.int32),
        y=_joined([room.y for room in rooms], np.int32),
        way=_joined([room.way for room in rooms], np.int64),
        way_first=_offsets([room.way_first for room in rooms]),
        ref=_joined([room.ref for room in rooms], np.int64),
        relation=_joined([room.relation for room in rooms], np.int64),
        relation_first=_offsets([room.relation_first for room in rooms]),
        member=_joined([room.member for room in rooms], np.int64),
        member_kind=_joined([room.member_kind for room in rooms], np.uint8),
        tag_object=_joined(
            [room.tag_row + starts[room.tag_kind, number] for number, room in enumerate(rooms)], np.int64
        ),
        tag_key=_joined([room.tag_key for room in rooms], np.int16),
        tag_value=tag_value,
        values=values,
    )


def _joined(parts: list[NDArray], kind: type[np.generic]) -> NDArray:
    return np.concatenate([np.empty(0, kind), *parts]) if parts else np.empty(0, kind)


def _offsets(parts: list[NDArray[np.int32]]) -> Whole:
    sizes = [np.diff(part).astype(np.int64) for part in parts]
    first = np.zeros(sum(map(len, sizes)) + 1, np.int64)
    np.cumsum(_joined(sizes, np.int64), out=first[1:])
    return first


def _one_dictionary(blocks: list[Block]) -> tuple[NDArray[np.int32], pa.Array]:
    """Number the values of all blocks together."""
    if not blocks:
        return np.empty(0, np.int32), pa.array([], pa.binary())
    pieces = [pa.DictionaryArray.from_arrays(block.room.tag_value, block.values) for block in blocks]
    joined = pa.chunked_array(pieces).unify_dictionaries()
    numbers = [np.asarray(piece.indices) for piece in joined.chunks]
    return _joined(numbers, np.int32), joined.chunk(0).dictionary

"""Files made to harm, and files that are merely broken."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_data import shared
from sources.osm import made
from sources.osm.made import blob, block, dense, header, node, number, packed, relation, rows_of, text, way
from tulou.kernel.errors import BadInput
from tulou.kernel.facts import Extract
from tulou.sources.osm import blobs
from tulou.sources.osm.connector import read_osm

NODES = dense([1, 2, 3, 4], [500000000, 500000000, 500010000, 500010000], [100000000, 100010000, 100010000, 100000000])
SQUARE = way(7, [1, 2, 3, 4, 1], [1], [2])
STRINGS = ("building", "yes")
GOOD = block(STRINGS, NODES, SQUARE)


def read(tmp_path, *parts):
    path = tmp_path / "made.osm.pbf"
    path.write_bytes(b"".join(parts))
    return read_osm(path)


def refused(tmp_path, *parts):
    with pytest.raises(BadInput) as error:
        read(tmp_path, *parts)
    assert error.value.faults[0].where.startswith("made.osm.pbf")
    return str(error.value)


@pytest.mark.parametrize("pack", [True, False])
def test_a_good_file_is_read_deflated_or_plain(tmp_path, pack):
    extract = read(tmp_path, header(), blob("OSMData", GOOD, pack=pack))
    assert list(rows_of(extract, "building")) == ["osm:w7"]


def test_without_isal_the_answer_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(blobs, "deflate", zlib)
    monkeypatch.setattr(blobs, "DEFLATE_ERROR", zlib.error)
    assert list(rows_of(read(tmp_path, header(), blob("OSMData", GOOD)), "building")) == ["osm:w7"]
    broken = bytearray(blob("OSMData", GOOD))
    broken[-8] ^= 0xFF
    assert "inflate" in refused(tmp_path, header(), bytes(broken))


def test_plain_nodes_granularity_and_offsets(tmp_path):
    """A coarser grid of a microdegree, shifted by two degrees north and one east."""
    corners = ((48000000, 9000000), (48000000, 9001000), (48001000, 9001000))
    nodes = b"".join(node(at + 1, lat, lon) for at, (lat, lon) in enumerate(corners))
    scale = number(17, 1000) + number(19, 2_000_000_000) + number(20, 1_000_000_000)
    ring = way(9, [1, 2, 3, 1], [1], [2])
    extract = read(tmp_path, header(), blob("OSMData", block(STRINGS, nodes, ring, extra=scale)))
    assert rows_of(extract, "building")["osm:w9"]["geometry"].bounds == (10.0, 50.0, 10.001, 50.001)


def test_an_empty_city_gives_an_empty_extract(tmp_path):
    extract = read(tmp_path, header())
    assert extract.facts == []
    assert extract.extent is None


BAD = {
    "empty": (b"",),
    "xml": (b"<?xml version='1.0'?><osm version='0.6'></osm>",),
    "text": (b"hello, this is no map",),
    "three bytes": (b"\x00\x00\x00",),
    "huge header": (struct.pack(">I", 64 * 1024 + 1) + b"x" * 100,),
    "zero header": (struct.pack(">I", 0) + b"x" * 100,),
    "negative header": (struct.pack(">i", -5) + b"x" * 100,),
    "data first": (blob("OSMData", GOOD), header()),
    "huge blob": (header(), struct.pack(">I", 14) + text(1, "OSMData") + number(3, 33 * 1024 * 1024)),
    "negative blob": (header(), struct.pack(">I", 19) + text(1, "OSMData") + number(3, -1)),
    "huge raw size": (header(), blob("OSMData", GOOD, size=33 * 1024 * 1024)),
    "negative raw size": (header(), blob("OSMData", GOOD, size=-1)),
    "raw size too small": (header(), blob("OSMData", GOOD, size=len(GOOD) - 1)),
    "raw size too large": (header(), blob("OSMData", GOOD, size=len(GOOD) + 1)),
    "bomb in one blob": (header(), blob("OSMData", b"\0" * 30_000_000, size=100)),
    "bomb of many blobs": (header(), blob("OSMData", b"\0" * 30_000_000) * 4),
    "lzma": (header(), blob("OSMData", GOOD, field=4)),
    "zstd": (header(), blob("OSMData", GOOD, field=7)),
    "nothing in the blob": (header(), struct.pack(">I", 11) + text(1, "OSMData") + number(3, 0)),
    "history": (header("OsmSchema-V0.6", "HistoricalInformation"),),
    "half": ((header() + blob("OSMData", GOOD))[:-10],),
    "field over its end": (header(), blob("OSMData", b"\x0a\xff\xff\x03abc")),
    "length without end": (header(), blob("OSMData", b"\x0a" + b"\xff" * 12)),
    "length of minus one": (header(), blob("OSMData", b"\x0a" + made.varint(-1))),
    "group of wire type 3": (header(), blob("OSMData", b"\x13\x00")),
    "granularity zero": (header(), blob("OSMData", block(STRINGS, NODES, extra=number(17, 0)))),
    "granularity absurd": (header(), blob("OSMData", block(STRINGS, NODES, extra=number(17, 1 << 40)))),
    "string of a way out of range": (header(), blob("OSMData", block(STRINGS, way(1, [1, 2], [1], [99])))),
    "string of a node out of range": (header(), blob("OSMData", block(STRINGS, node(1, 0, 0, [77], [1])))),
    "string far out of range": (header(), blob("OSMData", block(STRINGS, way(1, [1, 2], [1 << 62], [1])))),
    "dense string out of range": (header(), blob("OSMData", block(STRINGS, dense([1], [0], [0], [1, 50, 0])))),
    "dense tags for too many nodes": (header(), blob("OSMData", block(STRINGS, dense([1], [0], [0], [0, 0, 1, 2, 0])))),
    "key without value": (header(), blob("OSMData", block(STRINGS, dense([1], [0], [0], [1])))),
    "fewer latitudes": (header(), blob("OSMData", block(STRINGS, dense([1, 2], [0], [0, 0])))),
    "more longitudes": (header(), blob("OSMData", block(STRINGS, dense([1], [0], [0, 0])))),
    "keys without values": (header(), blob("OSMData", block(STRINGS, way(1, [1, 2], [1, 1], [2])))),
    "values without keys": (header(), blob("OSMData", block(STRINGS, way(1, [1, 2], [1], [2, 2])))),
    "members without kinds": (header(), blob("OSMData", block(STRINGS, relation(1, [1, 2], [1])))),
    "kind of member unknown": (header(), blob("OSMData", block(STRINGS, relation(1, [1], [3])))),
    "field twice": (header(), blob("OSMData", block(STRINGS, text(3, packed(8, [2]) + packed(8, [2]))))),
    "two tables of strings": (header(), blob("OSMData", block(STRINGS) + block(STRINGS))),
    "varint cut off": (header(), blob("OSMData", block(STRINGS, text(3, text(8, b"\x80"))))),
    "varint too long": (header(), blob("OSMData", block(STRINGS, text(3, text(8, b"\x80" * 11 + b"\x01"))))),
    "id absurd": (header(), blob("OSMData", block(STRINGS, way((1 << 62) + 1, [1, 2], [1], [2])))),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words(tmp_path, name):
    message = refused(tmp_path, *BAD[name])
    assert "Traceback" not in message
    assert len(message) > 20


def test_xml_is_named_as_such(tmp_path):
    assert "XML" in refused(tmp_path, *BAD["xml"])


def test_absent_file(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        read_osm(tmp_path / "absent.osm.pbf")


def test_places_off_the_earth_are_counted_not_used(tmp_path):
    nodes = dense([1, 2, 3, 4], [500000000, 500000000, 500010000, 950000000], [100000000, 100010000, 100010000, 0])
    extract = read(tmp_path, header(), blob("OSMData", block(STRINGS, nodes, SQUARE)))
    assert rows_of(extract, "building") == {}
    assert made.remark_of(extract, "building_incomplete_way").rows == 1
    assert made.remark_of(extract, "absurd_coordinates").rows == 1


def test_values_that_are_not_utf8_are_marked(tmp_path):
    strings = ("building", "yes", "name", b"caf\xe9")
    extract = read(tmp_path, header(), blob("OSMData", block(strings, NODES, way(7, [1, 2, 3, 4, 1], [1, 3], [2, 4]))))
    assert rows_of(extract, "building")["osm:w7"]["name"] == "caf\ufffd"


def raw_blocks(path):
    """The unpacked data blocks of a real file."""
    data = path.read_bytes()
    return [blobs.unpack(data, found, path.name) for found in blobs.blobs(data, path.name) if found.kind == "OSMData"]


def survives(tmp_path, data):
    """Reading ends in BadInput or in a whole extract; nothing else."""
    path = tmp_path / "fuzzed.osm.pbf"
    path.write_bytes(data)
    try:
        extract = read_osm(path)
    except BadInput as error:
        return "Traceback" not in str(error)
    return isinstance(extract, Extract) and all(facts.rows.validate() is None for facts in extract.facts)


@pytest.mark.parametrize("name", ["city_noise_lorient/map.osm.pbf", "city_helsinki/Helsinki.osm.pbf"])
def test_flipped_and_cut_files_never_crash(tmp_path, name):
    data = shared(name).read_bytes()
    dice = np.random.default_rng(20260129)
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(dice.integers(1, 5)):
            broken[dice.integers(len(broken))] = dice.integers(256)
        if dice.random() < 0.3:
            del broken[dice.integers(len(broken)) :]
        assert survives(tmp_path, bytes(broken))


def test_flipped_blocks_never_crash(tmp_path):
    """Faults behind the checksum of the packing, where the compiled code meets them."""
    whole = raw_blocks(shared("city_noise_lorient/map.osm.pbf"))
    dice = np.random.default_rng(20260130)
    for _ in range(200):
        blocks = [bytearray(part) for part in whole]
        for part in blocks:
            for _ in range(dice.integers(4)):
                part[dice.integers(len(part))] = dice.choice((0, 0x7F, 0x80, 0xFF, dice.integers(256)))
            if dice.random() < 0.1:
                del part[dice.integers(1, len(part)) :]
        assert survives(tmp_path, header() + b"".join(blob("OSMData", bytes(part), pack=False) for part in blocks))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_any_bytes_in_any_place_never_crash(tmp_path, noise, at, cut):
    assert survives(tmp_path, header() + blob("OSMData", GOOD[:at] + noise + GOOD[at + cut :], pack=False))

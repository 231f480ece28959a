"""Small carriers: identity, facts, provenance, progress, words, parts."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.arrays import Parts
from tulou.kernel.facts import Extract, Facts
from tulou.kernel.identity import digest_bytes, digest_file, digest_text, object_id
from tulou.kernel.progress import silent, steps
from tulou.kernel.provenance import Quality, Remark, Source
from tulou.kernel.words import LANGUAGES, Words


@pytest.mark.parametrize(
    ("source", "key", "wanted"),
    [
        ("osm", "w123", "osm:w123"),
        ("osm", 5, "osm:5"),
        ("建筑普查", "鼓楼 7 号", "建筑普查:鼓楼_7_号"),
        ("a b", "x;\ny", "a_b:x_y"),
    ],
)
def test_ids_hold_no_sign_that_harms(source, key, wanted):
    assert object_id(source, key) == wanted


@given(st.binary(max_size=200))
def test_digests_are_sha_256(data):
    assert digest_bytes(data) == hashlib.sha256(data).hexdigest()


def test_a_file_has_the_digest_of_its_bytes(tmp_path):
    data = b"tulou" * 500_000
    (tmp_path / "big").write_bytes(data)
    assert digest_file(tmp_path / "big") == digest_bytes(data)
    assert digest_text("土楼") == digest_bytes("土楼".encode())


def test_an_extract_starts_empty_and_shares_nothing():
    one, other = Extract(Source("a")), Extract(Source("b"))
    one.facts.append(Facts("building", pa.table({"id": ["1"]})))
    one.quality.note("gap", "noted", 1, "a gap")
    assert other.facts == []
    assert other.quality.remarks == []
    assert other.extent is None
    assert one.facts[0].complete == ()


def test_a_quality_report_counts_by_what_was_done():
    quality = Quality(read=10, kept=7)
    quality.note("bow_tie", "repaired", 2, "mended")
    quality.note("no_place", "refused", 3, "left out", ("1", "2", "3", "4", "5", "6"))
    quality.note("odd", "noted", 4, "looked at")
    quality.note("none", "refused", 0, "never happened")
    assert (quality.repaired, quality.refused) == (2, 3)
    assert [remark.kind for remark in quality.remarks] == ["bow_tie", "no_place", "odd"]
    assert quality.remarks[1] == Remark("no_place", "refused", 3, "left out", ("1", "2", "3", "4", "5"))


def test_steps_tell_before_each_and_at_the_end():
    told = []
    assert list(steps("abc", "reading", lambda *words: told.append(words))) == ["a", "b", "c"]
    assert told == [("reading", 0, 3), ("reading", 1, 3), ("reading", 2, 3), ("reading", 3, 3)]


def test_nobody_needs_to_listen():
    assert list(steps([1, 2], "reading", None)) == [1, 2]
    assert silent("reading", 1, 2) is None


def test_words_are_said_in_either_language():
    title = Words("城市体检", "City check")
    assert [title.say(language) for language in LANGUAGES] == ["城市体检", "City check"]
    assert str(title) == "城市体检 / City check"


def test_parts_need_no_bounds():
    parts = Parts(np.array([1.0]), np.array([2.0]))
    assert [parts.low, parts.high, parts.cause, parts.nearest] == [None] * 4

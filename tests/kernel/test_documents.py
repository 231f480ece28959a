"""YAML that remembers its lines; hostile or careless files end in a message with file and line."""

from datetime import date

import pytest

from tulou.kernel.documents import MOST_BYTES, MOST_DEPTH, documents, parse_document, read_document
from tulou.kernel.errors import BadInput

PAGE = """\
# a page
title: {zh: 绿地, en: Green}
share: 0.45
big: 1_000
code: 0x10
since: 2018-12-01
drawn: yes
missing: ~
list:
  - {id: a}
  - {id: b, note: two words}
"""


def test_plain_values_keep_their_types():
    page = parse_document(PAGE, "page.yaml")
    assert page == {
        "title": {"zh": "绿地", "en": "Green"},
        "share": 0.45,
        "big": 1000,
        "code": 16,
        "since": date(2018, 12, 1),
        "drawn": True,
        "missing": None,
        "list": [{"id": "a"}, {"id": "b", "note": "two words"}],
    }


def test_each_key_knows_its_line():
    page = parse_document(PAGE, "page.yaml")
    assert page.where("since") == "page.yaml:6"
    assert page.where() == "page.yaml:2"
    assert page["list"][1].where("note") == "page.yaml:11"
    assert page.where("absent") == page.where()


def test_an_empty_document_is_an_empty_mapping():
    page = parse_document("# nothing yet\n", "page.yaml")
    assert page == {}
    assert page.where() == "page.yaml:1"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3", "stands here twice"),
        ("a: &one [1]\nb: *one\n", "x.yaml:2", "aliases are not read"),
        ("a: 1\nb: !!python/name:os.system x\n", "x.yaml:2", "tag is not read"),
        ("a: !secret x\n", "x.yaml:1", "tag is not read"),
        ("a: 1\n? [1, 2]\n: 3\n", "x.yaml:2", "a key must be one word"),
        ("a: [1\nb: 2\n", "x.yaml:2", "not YAML"),
        ("a: 1\nday: 2026-13-45\n", "x.yaml:2", "not a timestamp"),
        ("- 1\n- 2\n", "x.yaml:1", "the top must be a mapping"),
        ("just words\n", "x.yaml:1", "the top must be a mapping"),
        ("a: " + "[" * (MOST_DEPTH + 2) + "]" * (MOST_DEPTH + 2), "x.yaml:1", "nested too deep"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text, where, what):
    with pytest.raises(BadInput, match=what) as caught:
        parse_document(text, "x.yaml")
    assert caught.value.faults[0].where == where


def test_a_file_is_read_under_the_name_it_is_given(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert read_document(path, "one").where("a") == "one:1"
    assert read_document(path).where("a") == f"{path}:1"


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"a: \xff\n", "not UTF-8"), (b"a: " + b"x" * MOST_BYTES, "too large"), (None, "cannot be read")],
)
def test_a_file_that_is_no_text_is_refused(tmp_path, data, what):
    path = tmp_path / "bad.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadInput, match=what) as caught:
        read_document(path, "bad.yaml")
    assert caught.value.faults[0].where == "bad.yaml"


def test_all_files_of_a_folder_come_in_the_order_of_their_names(tmp_path):
    for name in ("b.yaml", "a/z.yaml", "a/b.yaml", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"name: {name}\n", encoding="utf-8")
    assert [page["name"] for _, page in documents(tmp_path)] == ["a/b.yaml", "a/z.yaml", "b.yaml"]


def test_a_star_in_a_text_is_no_alias():
    assert parse_document("a: 2 * 3\nb: '*x'\n", "f.yaml") == {"a": "2 * 3", "b": "*x"}
    with pytest.raises(BadInput, match="aliases are not read here"):
        parse_document("a: &x 1\nb: *x\n", "f.yaml")

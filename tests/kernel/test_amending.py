"""One value of a text is changed and all else stays as it was, for every way a value can be written."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.amending import Amendment, amended, plain, written
from tulou.kernel.documents import parse_document
from tulou.kernel.errors import BadInput

TEXT = """# head
a:
  b:
    title: {zh: x, en: y}   # beside
    values:
      - since: 2020-01-01
        value: 0
        evidence: memory  # why
      # between

  c:
    values: [{since: 2020-01-01, value: 3}]
    empty:
    folded: >
      one
      two
last: 1
"""


def change(at, value=None, how="set"):
    return Amendment(tuple(at), value, how)


def at(document, place):
    for part in place:
        document = document[part]
    return document


@pytest.mark.parametrize(
    "place",
    [
        ("a", "b", "title", "zh"), ("a", "b", "values", 0, "since"), ("a", "b", "values", 0, "clause"),
        ("a", "c", "empty"), ("a", "c", "values", 0, "value"), ("a", "c", "folded"), ("a", "b", "title"),
        ("a", "b", "values"), ("last",), ("new",), ("a", "new"), ("a", "c", "values", 0, "deep"),
        ("deep", "er", "est"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["a: 'b' # c", 3, None, date(2026, 1, 2), [1, "x"], {"k": [1]}, "一\n二", True])
def test_what_is_set_is_read_back_and_all_else_stays(place, value):
    after = amended(TEXT, [change(place, value)], "t")
    before, found = parse_document(TEXT, "t"), parse_document(after, "t")
    assert at(found, place) == value
    assert "# head" in after
    top = place[0]
    assert {key: one for key, one in found.items() if key != top} == {
        key: one for key, one in before.items() if key != top
    }


def test_lists_grow_in_the_way_they_are_written():
    after = amended(TEXT, [change(("a", "b", "values"), {"value": 9}, "add")], "t")
    assert "      - {value: 9}\n      # between" in after
    after = amended(TEXT, [change(("a", "c", "values"), {"value": 9}, "add")], "t")
    assert "[{since: 2020-01-01, value: 3}, {value: 9}]" in after
    after = amended(TEXT, [change(("a", "c", "more"), 5, "add")], "t")
    assert at(parse_document(after, "t"), ("a", "c", "more")) == [5]


@pytest.mark.parametrize(
    ("place", "left"),
    [
        (("a", "b", "title", "zh"), {"en": "y"}),
        (("a", "b", "title", "en"), {"zh": "x"}),
        (("a", "b", "values", 0, "evidence"), {"since": date(2020, 1, 1), "value": 0}),
        (("a", "c", "folded"), {"values": [{"since": date(2020, 1, 1), "value": 3}], "empty": None}),
    ],
)
def test_what_is_removed_is_gone(place, left):
    found = parse_document(amended(TEXT, [change(place, how="remove")], "t"), "t")
    assert at(found, place[:-1]) == left


def test_removing_what_is_not_there_and_the_last_of_a_mapping():
    assert amended(TEXT, [change(("a", "nothing"), how="remove")], "t") == TEXT
    assert parse_document(amended("a: {b: 1}\n", [change(("a", "b"), how="remove")], "t"), "t") == {"a": {}}
    assert amended("a: 1\n", [change(("a",), how="remove")], "t") == ""
    assert amended("", [change(("a", "b"), 1)], "t") == "a: {b: 1}\n"
    assert amended("a: 1", [change(("b",), 2)], "t") == "a: 1\nb: 2\n"


@pytest.mark.parametrize(
    "one",
    [
        change(("a", "b", "title", "zh", "deep"), 1), change(("a", 0), 1), change(("last",), 1, "add"),
        change(("last",), float("nan")), change(("last",), object()), change((), 1, "remove"),
    ],
)  # fmt: skip
def test_places_and_values_that_are_none(one):
    with pytest.raises(BadInput):
        amended(TEXT, [one], "t")


def test_a_text_that_is_no_yaml_is_told_with_its_line():
    with pytest.raises(BadInput) as raised:
        amended("a: [\n", [change(("a",), 1)], "t")
    assert raised.value.faults[0].where.startswith("t:")


SCALARS = st.one_of(st.text(max_size=30), st.integers(-(10**9), 10**9), st.booleans(), st.none())


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_any_value_is_read_back_as_it_was(value):
    try:
        after = amended(TEXT, [change(("a", "b", "title", "zh"), value)], "t")
    except BadInput:
        return  # letters that YAML cannot hold
    assert at(parse_document(after, "t"), ("a", "b", "title", "zh")) == value


def test_real_rulebooks_are_amended_without_another_line_touched():
    for path in sorted(Path("rulebooks/china/indicators").rglob("*.yaml"))[::9]:
        text = path.read_text("utf-8")
        lines = text.splitlines()
        after = amended(text, [change(("title", "en"), "Z")], "t").splitlines()
        assert sum(one != other for one, other in zip(lines, after, strict=True)) == 1


def test_written_and_plain():
    assert written("a") == "a"
    assert written("2026-01-01") == "'2026-01-01'"
    assert plain(parse_document("a: [2026-01-01, {b: 1.5}]", "t")) == {"a": ["2026-01-01", {"b": 1.5}]}

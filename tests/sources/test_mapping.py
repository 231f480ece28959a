"""The mapping file: every fault with its line."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.mapping import TableMapping, parse_mapping

TABLE_KEYS = [item.name for item in dataclasses.fields(TableMapping) if item.name not in {"at", "entity"}]
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "height", "row", "wgs84", ";", "2026"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["height", "from", "value", "lon", "lat", "values", "use"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("text", "line", "guess"),
    [
        ("entity: bulding", 1, "building"),
        ("entity: building\ncolums: {}", 2, "columns"),
        ("entity: building\ncolumns:\n  hieght: h", 3, "height"),
        ("entity: building\ncolumns:\n  height: {frm: h, unit: m}", 3, "from"),
        ("entity: building\ncolumns:\n  height: {from: h, value: 2}", 3, None),
        ("entity: building\ncolumns:\n  height: [a, b]", 3, None),
        ("entity: building\ndatum: gcj2", 2, "gcj02"),
        ("entity: building\nrepeated: merg", 2, "merge"),
        ("entity: building\nheader: -1", 2, None),
        ("entity: building\ncoordinates: {lon: a}", 2, None),
        ("entity: building\nvalid_from: {format: '%Y'}", 2, None),
        ("columns: {}", 1, None),
        ("tables: []", 1, None),
        ("entity: building\nentity: road", 2, None),
    ],
)
def test_faults_have_line_and_guess(text, line, guess):
    with pytest.raises(BadInput) as raised:
        parse_mapping(text, "m.yaml", dictionary())
    fault = raised.value.faults[0]
    assert fault.where.startswith(f"m.yaml:{line}")
    assert guess is None or fault.guess == guess


def test_what_a_mapping_says():
    found = parse_mapping(
        "entity: parcel\nid: [a, b]\ndatum: bd09\ncomplete: true\nwhere: {kind: [x, y]}\n"
        "columns:\n  use: {from: 用途, values: {住宅: residential}}\n  floor_area_ratio_max: FAR\n",
        "m.yaml",
        dictionary(),
    )
    table = found.tables[0]
    assert table.id == ("a", "b")
    assert table.complete == ("*",)
    assert table.where == {"kind": ("x", "y")}
    assert table.columns[0].values == {"住宅": "residential"}
    assert table.columns[1].source == "FAR"
    assert len(found.digest) == 64
    assert found.with_datum("wgs84").tables[0].datum == "wgs84"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "{a: b}"), ("ignore", "{a: b}"), ("missing", "{a: b}"), ("columns", "[a]"), ("columns", "5"),
        ("where", "[a]"), ("coordinates", "x"), ("coordinates", "{lon: a, y: b}"), ("header", "true"),
        ("header", "1.5"), ("skip", "x"), ("decimal", ";"), ("datum", "EPSG:99999999"),
        ("valid_from", "{from: a, pattern: b}"),
        ("columns", "{height: {from: h, values: [a]}}"), ("columns", "{height: {from: h, type: float}}"),
        ("columns", "{height: {}}"), ("columns", "{height: }"), ("columns", "{height: {from: h, frmat: x}}"),
    ],
)  # fmt: skip
def test_no_key_takes_what_it_cannot_mean(key, value):
    with pytest.raises(BadInput) as raised:
        parse_mapping(f"entity: building\n{key}: {value}\n", "m.yaml", dictionary())
    assert raised.value.faults[0].where.startswith("m.yaml:2")


@given(st.dictionaries(st.sampled_from(sorted({*TABLE_KEYS, "tables", "licence", "nonsense"})), DOCUMENTS, max_size=4))
def test_any_document_is_a_mapping_or_is_refused_with_its_place(page):
    text = json.dumps({"entity": "building", **page})
    try:
        tables = parse_mapping(text, "m.yaml", dictionary()).tables
    except BadInput as error:
        faults = error.faults
        tables = ()
    else:
        faults = ()
    assert all(fault.where.startswith("m.yaml") for fault in faults)
    assert all(table.entity == "building" for table in tables)


def test_words_of_the_mapping_are_words_of_the_cells():
    """YAML reads some words as truths and numbers; a cell shows them as texts."""
    table = parse_mapping(
        "entity: building\nwhere: {a: true, b: [1, no, x]}\nmissing: [-9999, n/a]\nid: 编号\ncomplete: [use=office]\n",
        "m",
    ).tables[0]
    assert table.where == {"a": ("true",), "b": ("1", "false", "x")}
    assert table.missing == ("-9999", "n/a")
    assert (table.id, table.complete) == (("编号",), ("use=office",))

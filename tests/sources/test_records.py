"""Records within JSON and within the literal of a JavaScript module; nothing is ever run."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.catalogue import recognise
from tulou.sources.mapping import parse_mapping
from tulou.sources.records import as_json

RULE = """
entity: stop
layer: lines.stations
id: [lines.code, id]
namespace: m
datum: wgs84
coordinates: {lon: lon, lat: lat}
columns: {name: name, mode: {value: metro}}
ignore: "*"
"""
FIRST = [{"id": 1, "name": "甲", "lon": 119.3, "lat": 26.1}, {"id": 2, "name": "乙", "lon": 119.4, "lat": 26.2}]
SECOND = [{"id": 1, "name": "丙", "lon": "119.5", "lat": 26.3, "open": True, "extra": None}]
LINES = {"lines": [{"code": "L1", "stations": FIRST}, {"code": "L2", "stations": SECOND}]}


def read(folder, text, name="lines.json", rule=RULE):
    path = folder / name
    path.write_text(text, "utf-8")
    connector = recognise(path)
    assert connector.name == "records"
    return connector.read(path, mapping=parse_mapping(rule, "m.yaml", dictionary()), expected=dictionary())


def test_records_of_lists_within_lists_know_what_stands_above_them(tmp_path):
    found = read(tmp_path, json.dumps(LINES)).facts[0].rows.to_pylist()
    assert [row["id"] for row in found] == ["m:L1/1", "m:L1/2", "m:L2/1"]
    assert [row["name"] for row in found] == ["甲", "乙", "丙"]


def test_a_list_alone_is_a_document_too(tmp_path):
    rule = RULE.replace("layer: lines.stations\n", "").replace("[lines.code, id]", "id")
    found = read(tmp_path, json.dumps(LINES["lines"][0]["stations"]), rule=rule)
    assert found.quality.kept == 2


@pytest.mark.parametrize(
    "head",
    ["export default ", "module.exports = ", "const a = ", "export const lines = ", "// stations\nexport default "],
)
def test_a_module_that_exports_a_literal(tmp_path, head):
    literal = """{ /* all */ lines: [
      { code: 'L1', stations: [ { id: 1, name: '甲\\'s', 'lon': 119.3, lat: '26.1', }, ], }, // one
      { "code": "L2", stations: [{id: 2, name: "a, b: {c}", lon: 119.5, lat: .263e2, open: true, x: null}] },
    ] };"""
    if head.startswith("//"):
        head, literal = head.split("\n")[1], "// stations\n" + literal
    found = read(tmp_path, head + literal, "lines.js").facts[0].rows.to_pylist()
    assert [row["name"] for row in found] == ["甲's", "a, b: {c}"]


@pytest.mark.parametrize(
    "body",
    [
        "{a: f()}",
        "{a: b}",
        "{a: 1 + 1}",
        "{a: `x`}",
        "{a: new Date()}",
        "{...b}",
        "(function(){ return {} })()",
        "{a: /x/}",
        "{[k]: 1}",
    ],
)
def test_what_would_have_to_be_run_is_refused(body):
    with pytest.raises(BadInput):
        as_json(f"export default {body}", "x.js")


def test_numbers_texts_and_names_keep_their_meaning():
    assert json.loads(as_json("export default {a: 1.50, 7: '\"', b: -2, $c: [true, null, 'it\\'s',], }", "x.js")) == {
        "a": 1.5,
        "7": '"',
        "b": -2,
        "$c": [True, None, "it's"],
    }


@pytest.mark.parametrize(
    ("text", "rule", "what"),
    [
        ('{"lines": 5}', RULE, "no list of objects"),
        ('{"ways": []}', RULE, "no such key"),
        ('{"lines": []}', RULE, "no records"),
        ('{"lines": [', RULE, "no JSON"),
        ("[" * 100 + "]" * 100, RULE, "too deep"),
        (json.dumps(LINES), RULE.replace("name: name", "name: title"), "no such column"),
    ],
)
def test_documents_that_do_not_fit_are_refused(tmp_path, text, rule, what):
    with pytest.raises(BadInput, match=what):
        read(tmp_path, text, rule=rule)


def test_a_document_needs_a_mapping(tmp_path):
    path = tmp_path / "x.js"
    path.write_text("export default {}", "utf-8")
    with pytest.raises(BadInput, match="needs a mapping"):
        recognise(path).read(path)


def test_layers_and_city_models_keep_their_connectors(tmp_path):
    for text, name in (
        ('{"type": "FeatureCollection", "features": []}', "layers"),
        ('{"type":"CityJSON"}', "cityjson"),
    ):
        path = tmp_path / "x.json"
        path.write_text(text, "utf-8")
        assert recognise(path).name == name


def test_all_rows_may_be_about_one_object(tmp_path):
    rule = """
entity: yearly_statistics
object: "350200"
columns: {residents: {from: people, unit: 万人}}
valid_from: {from: year}
"""
    path = tmp_path / "s.csv"
    path.write_text("year,people\n2018,1\n2019,2\n", "utf-8")
    found = recognise(path).read(path, mapping=parse_mapping(rule, "m.yaml", dictionary()), expected=dictionary())
    rows = found.facts[0].rows.to_pylist()
    assert [(row["id"], row["valid_from"], row["residents"]) for row in rows] == [
        ("350200", date(2018, 1, 1), 10_000),
        ("350200", date(2019, 1, 1), 20_000),
    ]


def test_comments_may_stand_above_the_export():
    text = "/* eslint-disable **/\n// stations\n\nexport default {a: 1}; "
    assert json.loads(as_json(text, "x.js")) == {"a": 1}


@pytest.mark.parametrize(
    ("literal", "meant"),
    [
        (r"""'x\n", "lat": "9'""", 'x\n", "lat": "9'),
        (r'"C:\\\'x"', "C:\\'x"),
        (r"'\x41\u0042\u{1F600}\uD83D\uDE00'", "AB\U0001f600\U0001f600"),
        (r"'\q\/\0'", "q/\0"),
        ("'one\\\ntwo'", "onetwo"),
        (r"'\u{FFFFFFF}'", None),
        (r"'\u{110000}'", "\ufffd"),
    ],
)
def test_escapes_of_a_text_stay_within_it(literal, meant):
    text = as_json(f"export default {{a: {literal}, b: 1}}", "x.js")
    assert json.loads(text) == {"a": meant if meant is not None else "u{FFFFFFF}", "b": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_every_json_document_is_a_literal_too(document):
    """JSON is part of JavaScript: what it means does not change on the way."""
    for ascii_only in (True, False):
        text = json.dumps(document, ensure_ascii=ascii_only)
        assert json.loads(as_json(f"export default {text};", "x.js")) == document


def test_numbers_as_ids_are_the_same_with_and_without_a_point_and_broken_texts_are_shown(tmp_path):
    text = '[{"id": 1.0, "name": "a\\ud800", "lon": 119.3, "lat": 26.1}]'
    rule = RULE.replace("layer: lines.stations\n", "").replace("[lines.code, id]", "id")
    (row,) = read(tmp_path, text, rule=rule).facts[0].rows.to_pylist()
    assert (row["id"], row["name"]) == ("m:1", "a\ufffd")


def test_rows_may_be_chosen_by_a_truth(tmp_path):
    rule = RULE + "where: {open: true}\n"
    document = json.dumps({"lines": [{"code": "L", "stations": [*FIRST, *SECOND]}]})
    found = read(tmp_path, document, rule=rule).facts[0].rows
    assert found["name"].to_pylist() == ["丙"]

"""The mapping file: every fault with its line."""

import pytest

from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.mapping import parse_mapping


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

"""Hostile and broken files: each a clear refusal, nothing half imported."""

import json
import re
import struct
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources import archive, limits
from tulou.sources.catalogue import recognise
from tulou.sources.layers import read_layers
from tulou.sources.mapping import parse_mapping
from tulou.sources.tables import excel
from tulou.sources.tables.connector import read_tables

RULE = "{entity: building, id: id, columns: {height: height}, datum: wgs84}"


def refused(path, function=read_layers):
    with pytest.raises(BadInput) as raised:
        function(path, mapping=parse_mapping(RULE, "m", dictionary()), expected=dictionary())
    assert path.name.split(".")[0] in str(raised.value)
    assert str(path.parent) not in str(raised.value)
    return str(raised.value)


def write_layer(path, driver):
    shapes = shapely.to_wkb(shapely.buffer(shapely.points(np.arange(40) / 100 + 119, np.full(40, 26.0)), 0.001))
    pyogrio.raw.write(
        path,
        geometry=shapes,
        field_data=[np.arange(40), np.arange(40.0)],
        fields=["id", "height"],
        driver=driver,
        crs="EPSG:4326",
        geometry_type="Polygon",
    )
    return path


LAYERS = [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.fgb", "FlatGeobuf"), ("a.shp", "ESRI Shapefile")]


@pytest.mark.parametrize(("name", "driver"), LAYERS)
def test_layers_whole_truncated_and_empty(tmp_path, name, driver):
    path = write_layer(tmp_path / name, driver)
    whole = read_layers(path, mapping=parse_mapping(RULE, "m", dictionary()), expected=dictionary())
    assert whole.quality.kept == 40
    data = path.read_bytes()
    for share in (0.2, 0.5, 0.9):
        path.write_bytes(data[: int(len(data) * share)])
        refused(path)
    path.write_bytes(b"")
    assert "empty" in refused(path)
    path.write_bytes(b"rubbish " * 20)
    refused(path)


def test_truncated_dbf_and_missing_parts(tmp_path):
    path = write_layer(tmp_path / "a.shp", "ESRI Shapefile")
    dbf = tmp_path / "a.dbf"
    dbf.write_bytes(dbf.read_bytes()[:200])
    refused(path)
    dbf.unlink()
    assert ".dbf" in refused(path)


def test_shapefile_in_gbk_with_and_without_a_word(tmp_path):
    shapes = shapely.to_wkb(shapely.points([119.3, 119.4], [26.0, 26.1]))
    path = tmp_path / "a.shp"
    pyogrio.raw.write(
        path,
        geometry=shapes,
        field_data=[np.array([1, 2]), np.array(["鼓楼区公园", "仓山区小学"], dtype=object)],
        fields=["id", "名称"],
        driver="ESRI Shapefile",
        crs="EPSG:4326",
        geometry_type="Point",
        encoding="GBK",
    )
    text = "{entity: facility, id: id, columns: {name: 名称}}"
    for word in ("GBK", None):
        if word is None:
            (tmp_path / "a.cpg").unlink()
        else:
            (tmp_path / "a.cpg").write_text(word)
        extract = read_layers(path, mapping=parse_mapping(text, "m", dictionary()), expected=dictionary())
        assert extract.facts[0].rows["name"].to_pylist() == ["鼓楼区公园", "仓山区小学"]
    (tmp_path / "a.cpg").write_text("UTF-8")
    with pytest.raises(BadInput, match="gb18030"):
        read_layers(path, mapping=parse_mapping(text, "m", dictionary()), expected=dictionary())


def test_parquet_truncated_and_without_system(tmp_path):
    path = tmp_path / "a.parquet"
    shapes = shapely.to_wkb(shapely.points([119.3, 24.0], [26.0, 60.0])).tolist()
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table({"id": ["a", "b"], "height": [1.0, 2.0], "g": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    extract = read_layers(path, mapping=parse_mapping(RULE, "m", dictionary()), expected=dictionary())
    assert extract.quality.kept == 2
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refused(path)


def test_json_that_nests_too_deep(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}")
    assert "nested too deep" in refused(path)
    limits.check_depth(b'{"a": "' + b"[" * 1000 + b'", "b\\\\": "\\"[[[["}', "texts do not count")


def test_json_that_hides_another_driver(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    assert "not JSON" in refused(path)


def test_coordinates_not_finite_in_a_layer(tmp_path):
    path = tmp_path / "a.parquet"
    lines = [shapely.Point(119.3, 26), shapely.Point(np.inf, 26), shapely.Point(np.nan, 3), shapely.Point(119.3, 27)]
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    wkb = [shapely.to_wkb(one) for one in lines] + [b"\x01rubbish", None]
    table = pa.table({"id": list("abcdef"), "height": [1.0] * 6, "g": pa.array(wkb, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    extract = read_layers(path, mapping=parse_mapping(RULE, "m", dictionary()), expected=dictionary())
    assert extract.facts[0].rows["id"].to_pylist() == ["a", "d"]
    found = {remark.kind: remark.rows for remark in extract.quality.remarks if remark.treated == "refused"}
    assert sum(found.values()) == 4
    assert extract.quality.read - extract.quality.kept == 4


def test_self_crossing_polygons_are_repaired_and_counted(tmp_path):
    path = tmp_path / "building.geojson"
    bow = [[119, 26], [119.01, 26.01], [119.01, 26], [119, 26.01], [119, 26]]
    spike = [[119, 26], [119.01, 26], [119, 26], [119, 26]]
    features = [
        {"type": "Feature", "properties": {"id": str(i)}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for i, ring in enumerate((bow, spike))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    extract = read_layers(path, expected=dictionary(), datum="wgs84")
    assert extract.facts[0].rows["id"].to_pylist() == ["0"]
    shape = shapely.from_wkb(extract.facts[0].rows["geometry"][0].as_py())
    assert shape.geom_type == "MultiPolygon"
    assert {remark.kind: remark.rows for remark in extract.quality.remarks} == {"no_area": 1, "invalid_polygon": 1}


def make_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in members.items():
            book.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "..\\evil.txt", "C:/evil.txt"])
def test_archives_that_lead_out(tmp_path, name):
    path = make_zip(tmp_path / "z.zip", {name: "x"})
    with pytest.raises(BadInput, match="outside itself"):
        archive.unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_zip_bombs(tmp_path):
    path = make_zip(tmp_path / "z.zip", {"stops.txt": b"0" * 30_000_000})
    with pytest.raises(BadInput, match="zip bomb"):
        recognise(path).read(path)


def test_an_archive_that_lies_about_its_sizes(tmp_path):
    path = make_zip(tmp_path / "z.zip", {"stops.txt": np.random.default_rng(0).bytes(3_000_000)})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    with pytest.raises(BadInput), archive.opened(path) as book:
        archive.read(book, "stops.txt", path.name)


def test_truncated_and_empty_archives(tmp_path):
    path = make_zip(tmp_path / "z.zip", {"stops.txt": "a"})
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(BadInput):
        recognise(path)
    make_zip(path, {})
    with pytest.raises(BadInput, match="neither a GTFS feed nor a layer"):
        recognise(path)


def book_with(tmp_path, sheet_xml=None, extra=None):
    path = tmp_path / "building.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id", "height"])
    book.active.append(["a", 3])
    book.save(path)
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    members["xl/worksheets/sheet1.xml"] = sheet_xml or members["xl/worksheets/sheet1.xml"]
    members.update(extra or {})
    return make_zip(path, members)


def test_a_sheet_that_spans_an_absurd_rectangle(tmp_path):
    far = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    assert "absurd rectangle" in refused(book_with(tmp_path, far), read_tables)


def test_entities_in_a_workbook(tmp_path):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><sst>&a;</sst>'
    assert "XML entities" in refused(book_with(tmp_path, extra={"xl/sharedStrings.xml": bomb}), read_tables)


def test_workbooks_truncated_and_empty(tmp_path):
    path = book_with(tmp_path)
    data = path.read_bytes()
    for share in (0.1, 0.5, 0.95):
        path.write_bytes(data[: int(len(data) * share)])
        refused(path, read_tables)
    path.write_bytes(b"")
    refused(path, read_tables)
    book = openpyxl.Workbook()
    book.save(path)
    refused(path, read_tables)
    with pytest.raises(BadInput, match="no such sheet"):
        excel.read_grid(book_with(tmp_path), parse_mapping("{entity: road, sheet: x}", "m").tables[0])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"id,height\n",
        b"id,height\n\n\n",
        b'id,height\n"a,3\nb,4\n',
        b"id,height\n\x00\x01\n",
        ",".join(f"c{i}" for i in range(1_000_000)).encode() + b"\n1\n",
        b"a" * 3_000_000,
    ],
    ids=["empty", "blank", "no rows", "blank rows", "open quote", "binary", "a million columns", "one long line"],
)
def test_bad_csv(tmp_path, data):
    path = tmp_path / "building.csv"
    path.write_bytes(data)
    refused(path, read_tables)


def test_what_nothing_reads(tmp_path):
    path = tmp_path / "a.dwg"
    path.write_bytes(b"AC1032" + b"\0" * 100)
    with pytest.raises(BadInput, match="no connector reads"):
        recognise(path)
    with pytest.raises(BadInput) as raised:
        recognise(tmp_path / "a.dwf")
    assert raised.value.faults[0].guess == "a.dwg"
    with pytest.raises(BadInput, match="GTFS"):
        recognise(tmp_path)


@pytest.mark.parametrize(
    "names", [("a", "a/b"), ("a/b", "a"), (".",), ("x" * 300,)], ids=["file", "folder", "dot", "long"]
)
def test_names_that_cannot_be_files_are_refused(tmp_path, names):
    path = make_zip(tmp_path / "z.zip", dict.fromkeys(names, "x"))
    (tmp_path / "out").mkdir()
    with pytest.raises(BadInput, match="damaged") as raised:
        archive.unpack(path, tmp_path / "out")
    assert str(tmp_path) not in str(raised.value)


def test_a_layer_zipped_on_a_mac_is_one_layer(tmp_path):
    write_layer(tmp_path / "a.shp", "ESRI Shapefile")
    members = {file.name: file.read_bytes() for file in tmp_path.glob("a.*")}
    path = make_zip(tmp_path / "z.zip", members | {f"__MACOSX/._{name}": b"\0\5\x16\7" for name in members})
    found = read_layers(path, mapping=parse_mapping(RULE, "m", dictionary()), expected=dictionary())
    assert found.quality.kept == 40


def parquet(path, geo, shapes=None, **columns):
    wkb = pa.array([shapely.to_wkb(shapely.Point(119.3, 26))] * 2, pa.binary())
    table = pa.table({"id": ["a", "b"], "height": [1.0, 2.0], **columns, "g": wkb if shapes is None else shapes})
    pq.write_table(table.replace_schema_metadata({"geo": geo}), path)
    return path


@pytest.mark.parametrize(
    "geo",
    ["[]", "5", "null", "{", "[" * 5000, '{"primary_column": ["g"]}', '{"primary_column": "g", "columns": []}',
     '{"primary_column": "g", "columns": null}', '{"primary_column": "g", "columns": {"g": 5}}',
     '{"primary_column": "g", "columns": {"g": {"crs": 5}}}',
     '{"primary_column": "g", "columns": {"g": {"encoding": "point"}}}'],
)  # fmt: skip
def test_metadata_of_a_parquet_file_that_are_none(tmp_path, geo):
    refused(parquet(tmp_path / "a.parquet", geo))


@pytest.mark.parametrize("shapes", [[1, 2], ["a", "b"], [{"x": 1.0}, {"x": 2.0}], [[1.0], [2.0]]])
def test_shapes_of_a_parquet_file_that_are_no_bytes(tmp_path, shapes):
    geo = '{"primary_column": "g", "columns": {"g": {}}}'
    assert "not read" in refused(parquet(tmp_path / "a.parquet", geo, pa.array(shapes)))


def test_categories_and_long_texts_of_a_parquet_file_are_texts(tmp_path):
    geo = '{"primary_column": "g", "columns": {"g": {}}}'
    path = parquet(
        tmp_path / "a.parquet",
        geo,
        id=pa.array(["a", "b"], pa.large_string()),
        height=pa.array(["3 m", "-1"]).dictionary_encode(),
    )
    rule = "{entity: building, id: id, missing: [-1], columns: {height: {from: height, unit: cm}}}"
    found = read_layers(path, mapping=parse_mapping(rule, "m", dictionary()), expected=dictionary()).facts[0].rows
    assert found["height"].to_pylist() == [3.0, None]
    assert found["id"].to_pylist() == ["a", "b"]


def test_a_dbf_whose_rows_have_no_width(tmp_path):
    path = write_layer(tmp_path / "a.shp", "ESRI Shapefile")
    data = bytearray((tmp_path / "a.dbf").read_bytes())
    data[10:12] = b"\0\0"
    (tmp_path / "a.dbf").write_bytes(data)
    assert "before it is whole" in refused(path)


@pytest.mark.parametrize("word", ["hex", "base64", "a\0b", "no-such"])
def test_a_code_page_that_is_none(tmp_path, word):
    path = write_layer(tmp_path / "a.shp", "ESRI Shapefile")
    (tmp_path / "a.cpg").write_text(word)
    assert "no such encoding" in refused(path)


def deepest(data):
    """The deepest nesting, letter by letter."""
    depth = most = 0
    quoted = escaped = False
    for letter in data:
        if quoted:
            escaped, quoted = (letter == "\\" and not escaped), not (letter == '"' and not escaped)
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            most = max(most, depth)
        elif letter in "]}":
            depth -= 1
    return most


@given(
    st.text('[{]}"a\\', max_size=40).filter(lambda text: "\\" not in re.sub(r'"(?:[^"\\]|\\.)*"?', "", text)),
    st.integers(1, 7),
)
def test_depth_is_that_of_a_reader_letter_by_letter_whatever_the_pieces(text, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "_PIECE_BYTES", piece)
        most = deepest(text)
        limits.check_depth(text.encode(), "f", most)
        if most:
            with pytest.raises(BadInput, match="too deep"):
                limits.check_depth(text.encode(), "f", most - 1)

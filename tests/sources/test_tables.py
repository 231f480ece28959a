"""Tables: headers, totals, ragged rows, coordinates, ids, templates."""

import csv

import openpyxl
import pytest

from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.catalogue import recognise
from tulou.sources.mapping import parse_mapping
from tulou.sources.tables import templates
from tulou.sources.tables.connector import read_tables


def read(tmp_path, text, mapping, name="t.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_tables(path, mapping=parse_mapping(mapping, "m.yaml", dictionary()), expected=dictionary())


def remarks(extract):
    return {remark.kind: (remark.treated, remark.rows) for remark in extract.quality.remarks}


BUILDINGS = "{entity: building, id: 编号, columns: {height: {from: 高度, unit: 米}, use: 用途, storeys: 层数}}"


def test_words_and_units_become_those_of_the_dictionary(tmp_path):
    text = "编号;高度;用途;层数\n1;12;住宅;4\n2;1 200厘米;Office;\n3;;unknown thing;x\n"
    text += "4;3;Commercial;1\n5;3;commercial;1\n"
    extract = read(tmp_path, text, BUILDINGS, encoding="gbk")
    rows = extract.facts[0].rows.to_pylist()
    assert [row["use"] for row in rows] == ["residential", "office", None, "commercial", "commercial"]
    assert [row["height"] for row in rows] == [12.0, 12.0, None, 3.0, 3.0]
    assert [row["storeys"] for row in rows] == [4.0, None, None, 1.0, 1.0]
    assert remarks(extract) == {"value_not_allowed": ("noted", 1), "unreadable_number": ("noted", 1)}


def test_totals_empty_and_ragged_rows(tmp_path):
    text = "编号,高度,用途,层数\n1,3,住宅,1\n,,,\n2,3,住宅,1,9,9\n合 计,6,,2\n3,3,住宅,1\n"
    extract = read(tmp_path, text, BUILDINGS)
    assert extract.facts[0].rows["id"].to_pylist() == ["1", "3"]
    assert remarks(extract) == {"ragged_row": ("refused", 1), "total_row": ("refused", 1)}
    assert (extract.quality.read, extract.quality.kept, extract.quality.refused) == (4, 2, 2)


def test_unknown_column_is_an_error_with_a_guess(tmp_path):
    with pytest.raises(BadInput) as raised:
        read(tmp_path, "编号,高度m,用途,层数\n1,3,住宅,1\n", BUILDINGS)
    assert raised.value.faults[0].guess == "高度m"


def test_a_column_that_is_no_number_is_an_error_not_a_column_of_unknowns(tmp_path):
    with pytest.raises(BadInput, match="most cells"):
        read(tmp_path, "编号,高度,用途,层数\n1,高,住宅,1\n2,低,住宅,1\n", BUILDINGS)


def test_a_unit_of_another_kind_is_an_error(tmp_path):
    with pytest.raises(BadInput, match="measure different things"):
        read(tmp_path, "编号,高度,用途,层数\n1,3,住宅,1\n", BUILDINGS.replace("米", "亩"))


POINTS = "{entity: facility, id: id, coordinates: {lon: x, lat: y}, columns: {category: {value: library}}%s}"


def test_coordinates_that_are_not_finite_are_refused_and_counted(tmp_path):
    text = "id,x,y\na,119.3,26.08\nb,inf,26\nc,119.3,\nd,,\ne,1e400,3\nf,119.31,26.07\ng,119.32,26.07\nh,119.33,26.07\n"
    extract = read(tmp_path, text, POINTS % ", datum: wgs84")
    assert extract.facts[0].rows["id"].to_pylist() == ["a", "d", "f", "g", "h"]
    found = remarks(extract)
    assert found["unreadable_place"] == ("refused", 3)
    assert found["no_place"] == ("noted", 1)


def test_an_unstated_datum_in_china_is_said_aloud(tmp_path):
    text = "id,x,y\na,119.3,26.08\n"
    silent = read(tmp_path, text, POINTS % "")
    assert silent.source.datum == "EPSG:4326 (assumed)"
    assert remarks(silent)["datum_unstated"] == ("noted", 1)
    abroad = read(tmp_path, "id,x,y\na,24.9,60.2\n", POINTS % "")
    assert "datum_unstated" not in remarks(abroad)
    stated = read(tmp_path, text, POINTS % ", datum: gcj02")
    assert stated.source.datum == "GCJ-02 (stated), repaired to WGS 84"
    assert stated.extent[0] < 119.297


def test_swapped_coordinates_are_an_error(tmp_path):
    with pytest.raises(BadInput, match="swapped"):
        read(tmp_path, "id,x,y\na,26.08,119.3\n", POINTS % "")


def test_metres_without_a_system_are_an_error(tmp_path):
    with pytest.raises(BadInput, match="not degrees"):
        read(tmp_path, "id,x,y\na,432100,2884000\n", POINTS % "")


def test_repeated_ids(tmp_path):
    text = "id,x,y\na,119.3,26.08\na,119.4,26.08\nb,119.3,26.08\n"
    refused = read(tmp_path, text, POINTS % ", datum: wgs84")
    assert refused.facts[0].rows["id"].to_pylist() == ["a", "b"]
    assert remarks(refused)["repeated_id"] == ("refused", 1)
    numbered = read(tmp_path, text, POINTS % ", datum: wgs84, repeated: number")
    assert numbered.facts[0].rows["id"].to_pylist() == ["a", "a#2", "b"]


def test_a_number_as_id_is_the_same_with_and_without_a_point(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active.append([7.0, "甲"])
    book.save(tmp_path / "t.xlsx")
    rule = parse_mapping("{entity: building, columns: {name: name}}", "m", dictionary())
    extract = read_tables(tmp_path / "t.xlsx", mapping=rule, expected=dictionary())
    assert extract.facts[0].rows["id"].to_pylist() == ["7"]


def test_merged_headers_of_two_rows_are_joined(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["登记表", None, None, None], ["编号", "人口", None, "户数"], [None, "常住", "老年", None]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:D3")
    sheet.append(["a", "1,200", 300, 400])
    sheet.append(["合计", 1200, 300, 400])
    book.save(tmp_path / "t.xlsx")
    rule = parse_mapping(
        "{entity: community, skip: 1, header: 2, id: 编号, "
        "columns: {residents: 人口/常住, residents_60: 人口/老年, households: 户数}}",
        "m",
        dictionary(),
    )
    extract = read_tables(tmp_path / "t.xlsx", mapping=rule, expected=dictionary())
    assert extract.facts[0].rows.to_pylist() == [
        {"id": "a", "residents": 1200.0, "residents_60": 300.0, "households": 400.0}
    ]


def test_an_area_in_the_wrong_unit_is_noted(tmp_path):
    square = "POLYGON(({0} 26.0, {1} 26.0, {1} 26.001, {0} 26.001, {0} 26.0))"
    rows = [f'{i};"{square.format(119 + i / 100, 119.001 + i / 100)}";1.107' for i in range(6)]
    mapping = "{entity: green, id: id, datum: wgs84, delimiter: ';', coordinates: {wkt: g}, columns: {area: a}}"
    extract = read(tmp_path, "id;g;a\n" + "\n".join(rows) + "\n", mapping)
    remark = next(remark for remark in extract.quality.remarks if remark.kind == "area_unit")
    assert "hectare" in remark.text


def test_heights_in_centimetres_are_noted(tmp_path):
    text = "编号,高度,用途,层数\n" + "".join(f"{i},1800,住宅,6\n" for i in range(6))
    assert "height_unit" in remarks(read(tmp_path, text, BUILDINGS))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_template_imports_without_a_mapping(tmp_path, language):
    made = templates.write_templates(dictionary(), tmp_path, language)
    assert len(made) == 2 * len(dictionary())
    for path in made:
        entity = dictionary()[path.stem]
        row = ["1", *templates._example(entity, language)[1:]]
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            book[entity.name].append(row)
            book.save(path)
        else:
            with path.open("a", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerow(row)
        extract = recognise(path).read(path, expected=dictionary())
        assert extract.facts[0].rows["id"].to_pylist() == ["1"], path.name
        kinds = set(remarks(extract))
        assert kinds <= {"example_row", "datum_unstated", "other_geometry", "made_point"}, (path.name, kinds)
        for name, attribute in entity.attributes.items():
            if attribute.type != "text" or attribute.values:
                assert extract.facts[0].rows[name][0].as_py() is not None, (path.name, name)


def test_templates_are_the_same_bytes_twice(tmp_path):
    first = templates.write_book([dictionary()["building"]], tmp_path / "a.xlsx").read_bytes()
    assert first == templates.write_book([dictionary()["building"]], tmp_path / "b.xlsx").read_bytes()


def test_a_heading_of_a_template_may_state_another_unit(tmp_path):
    path = tmp_path / "building.csv"
    path.write_text("编号,建筑面积（亩）,用途\n1,3,住宅\n", encoding="gbk")
    rows = recognise(path).read(path, expected=dictionary()).facts[0].rows.to_pylist()
    assert rows[0]["floor_area"] == pytest.approx(2000.0)
    assert rows[0]["use"] == "residential"


def test_an_unknown_heading_of_a_template_is_an_error_with_a_guess(tmp_path):
    path = tmp_path / "building.csv"
    path.write_text("id,hieght\n1,3\n", encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        recognise(path).read(path, expected=dictionary())
    assert raised.value.faults[0].guess == "height"


STOPS = "{entity: stop, id: id, datum: wgs84, coordinates: {lon: lon, lat: lat}, columns: {name: name}"


def test_the_decimal_mark_holds_for_coordinates_and_series(tmp_path):
    extract = read(tmp_path, "id;name;lon;lat\n1;a;119,3;26,1\n", STOPS + ", decimal: ','}")
    assert extract.extent == pytest.approx((119.3, 26.1, 119.3, 26.1))


def test_numbered_ids_keep_clear_of_ids_that_stand_there(tmp_path):
    text = "id,name,lon,lat\n" + "".join(f"{one},x,119.3,26.1\n" for one in ("a", "a", "a#2", "a", "a#2"))
    found = read(tmp_path, text, STOPS + ", repeated: number}").facts[0].rows["id"].to_pylist()
    assert found == ["a", "a#3", "a#2", "a#4", "a#2#2"]


def test_a_comma_of_chinese_text_may_divide_the_cells(tmp_path):
    extract = read(tmp_path, 'id，name，lon，lat\na，"甲，乙"，119.3，26.1\n', STOPS + "}")
    assert extract.facts[0].rows["name"].to_pylist() == ["甲，乙"]


@pytest.mark.parametrize("mark", ['"\\""', '"\\n"', '"\\r"', '"ab"'])
def test_what_cannot_divide_cells_is_refused(tmp_path, mark):
    with pytest.raises(BadInput, match="a delimiter is one character"):
        read(tmp_path, "id,name,lon,lat\na,x,119.3,26.1\n", STOPS + f", delimiter: {mark}}}")


def test_rows_of_a_header_have_as_many_cells(tmp_path):
    with pytest.raises(BadInput, match="different numbers of cells"):
        read(tmp_path, "id,name,lon,lat\n,,x\na,x,119.3,26.1\n", STOPS + ", header: 2}")


def test_half_a_place_in_the_headings_is_told_rather_than_dropped(tmp_path):
    path = tmp_path / "stop.csv"
    path.write_text("id,经度\na,119.3\n", "utf-8")
    with pytest.raises(BadInput, match="longitude and latitude") as raised:
        read_tables(path, expected=dictionary())
    assert "纬度" in raised.value.faults[0].allowed


def test_a_shape_beyond_all_bounds_is_refused_and_the_others_kept(tmp_path):
    rule = "{entity: stop, id: id, datum: wgs84, coordinates: {wkt: wkt}}"
    extract = read(tmp_path, "id;wkt\n1;POINT (1e400 26)\n2;POINT (119 26)\n3;POINT (119\n", rule)
    assert extract.facts[0].rows["id"].to_pylist() == ["2"]
    assert extract.quality.refused == 2

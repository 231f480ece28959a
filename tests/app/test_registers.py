"""A city from registers: templates are made, filled and imported, corrected, and every state can be seen again."""

import csv

import openpyxl

from app.line import fine, refused, tulou
from tulou.app import exits
from tulou.app.wiring import dictionary

HOMES = [
    {"id": "b1", "use": "residential", "storeys": "6", "stair_hazard": "是", "lon": "119.30", "lat": "26.05"},
    {"id": "b2", "use": "residential", "storeys": "18", "stair_hazard": "否", "lon": "119.31", "lat": "26.05"},
    {"id": "b3", "use": "住宅", "storeys": "", "stair_hazard": "", "lon": "119.31", "lat": "26.06"},
]


TITLES = {one.title.zh: name for name, one in dictionary()["building"].attributes.items()} | {
    "编号": "id",
    "几何": "wkt",
}


def column_of(title):
    return TITLES.get(title.split(" (")[0].split("（")[0].strip(), title)


def test_templates_as_they_are_hold_no_facts(tmp_path):
    fine("template", "--to", tmp_path / "t", "--entity", "building", language="zh")
    fine("init", tmp_path / "city")
    for file in sorted((tmp_path / "t").iterdir()):
        if file.suffix in {".csv", ".xlsx"}:
            assert "example_row 1" in refused(exits.BAD_INPUT, "import", tmp_path / "city", file)


def test_a_book_of_excel_filled_from_its_template(tmp_path):
    fine("template", "--to", tmp_path / "t", "--entity", "building", language="zh")
    (path,) = (tmp_path / "t").glob("building*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["building"] if "building" in book.sheetnames else book.worksheets[0]
    heads = {column_of(str(cell.value)): cell.column for cell in sheet[1] if cell.value}
    assert {"id", "wkt", "use", "storeys"} <= set(heads), heads
    sheet.delete_rows(2, sheet.max_row)
    for at, row in enumerate(HOMES, 2):
        for name, value in {**row, "wkt": f"POINT({row['lon']} {row['lat']})"}.items():
            if name in heads:
                sheet.cell(at, heads[name], value)
    book.save(tmp_path / "building.xlsx")
    fine("init", tmp_path / "city")
    assert "kept 3" in fine("import", tmp_path / "city", tmp_path / "building.xlsx", "--datum", "wgs84")


def table(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def test_two_clocks_through_the_command_line(tmp_path):
    city = tmp_path / "city"
    fine("init", city, "--name", "试城")
    first = table(tmp_path / "building.csv", HOMES)
    fine("import", city, first, "--valid-from", "2026-01-01", "--who", "李", "-m", "普查", "--datum", "wgs84")
    fine("tag", city, "published")
    right = table(tmp_path / "fix.csv", [{**HOMES[0], "stair_hazard": "否"}])
    fine("import", city, right, "--entity", "building", "--valid-from", "2026-01-01", "-m", "更正", "--keep-known")
    then = fine("show", city, "building", "--as-of", "published")
    now = fine("show", city, "building")
    assert then != now
    assert "普查" in fine("log", city)
    assert "更正" in fine("log", city)
    assert fine("show", city, "building", "--as-of", "1") == then
    assert "b1" not in fine("show", city, "building", "--at", "2025-12-31")


def test_a_blank_is_unknown_and_never_zero(tmp_path):
    city = tmp_path / "city"
    fine("init", city)
    fine("import", city, table(tmp_path / "building.csv", HOMES), "--valid-from", "2026-01-01", "--datum", "wgs84")
    said = tulou("check", city, "--format", "none")
    assert said.code == 0, said.err
    out = fine("explain", city, "stairwell_hazard_homes")
    assert "not assessed" in out
    assert "66.7" in out


def test_options_that_a_file_cannot_take_are_refused(tmp_path):
    city = tmp_path / "city"
    fine("init", city)
    file = table(tmp_path / "building.csv", HOMES)
    assert "day" in refused(exits.BAD_USE, "import", city, file, "--service-day", "2026-01-07")
    assert "did you mean: building" in refused(exits.BAD_USE, "import", city, file, "--entity", "buildng")
    refused(exits.BAD_INPUT, "import", city, file, "--datum", "mars")
    refused(exits.BAD_USE, "import", city, file, "--branch", "plan")
    refused(exits.BAD_USE, "import", city, file, "--valid-from", "soon")
    rule = tmp_path / "m.yaml"
    rule.write_text("{entity: building, id: id, ignore: ['*']}")
    assert "--entity" in refused(exits.BAD_USE, "import", city, file, "--entity", "building", "--mapping", rule)
    assert not list((city / "commits").glob("*"))


def test_of_several_files_those_before_a_bad_one_are_kept_whole(tmp_path):
    city = tmp_path / "city"
    fine("init", city)
    good = table(tmp_path / "building.csv", HOMES)
    bad = tmp_path / "bad.xlsx"
    bad.write_text("no workbook")
    said = tulou("import", city, good, bad, "--datum", "wgs84")
    assert said.code == exits.BAD_INPUT
    assert "Commit 1" in said.out
    assert len(list((city / "commits").glob("*.json"))) == 1

"""Reports of operations, opened as a reader opens them: figures of workbook and text are those of the source."""

import json
from pathlib import Path

import docx
import openpyxl
import pytest

from app.line import fine
from tulou.app.hotline import open_hotline
from tulou.app.wiring import new_city


def sheets(path):
    """Rows of each sheet by its title."""
    book = openpyxl.load_workbook(path)
    return {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book}


def words_of(path):
    """All that a document says, tables included."""
    paper = docx.Document(path)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*[one.text for one in paper.paragraphs], *cells])


def whole(value):
    return int(float(str(value).replace(",", "")))


@pytest.fixture(scope="module")
def managed(rongcheng, tmp_path_factory):
    import shutil

    place = tmp_path_factory.mktemp("papers") / "own.city"
    shutil.copytree(rongcheng, place)
    fine("manage", "sample", place, "--cases", "120")
    words = ("manage", "report", place, "--period", "2026-10", "--format", "docx,xlsx", "--to", place.parent / "out")
    fine(*words)
    told = json.loads(fine("manage", "indicators", place, "--period", "2026-10", "--json"))
    return told, {path.suffix: path for path in Path(place.parent / "out").glob("*.en.*")}


def test_city_management_in_the_workbook(managed):
    told, files = managed
    rows = sheets(files[".xlsx"])
    counts = {row[0]: row[1] for row in next(found for name, found in rows.items() if name == "Counts")[1:]}
    assert whole(counts["Reported"]) == told["counts"]["reported"] > 0


def test_city_management_in_the_document(managed):
    told, files = managed
    text = words_of(files[".docx"])
    counts = told["counts"]
    for name in ("reported", "filed", "to_handle", "handled"):
        assert str(counts[name]) in text
    assert f"{counts['handled']}/{counts['to_handle']}" in text


def test_the_hotline_in_both(tmp_path):
    city = tmp_path / "small.city"
    new_city(city, "Small")
    rows = ["id,received,title,category"]
    rows += [f"r{n},2026-03-{20 + n % 5} 09:00,t{n},{'noise' if n % 3 else 'parking'}" for n in range(24)]
    (tmp_path / "t.csv").write_text("\n".join(rows), "utf-8")
    page = "entity: request\nid: id\ncolumns: {received: received, title: title, category: category}\n"
    (tmp_path / "t.yaml").write_text(page, "utf-8")
    fine("hotline", "import", city, tmp_path / "t.csv", "--mapping", tmp_path / "t.yaml")
    words = ("hotline", "report", city, "--period", "2026-04", "--format", "docx,xlsx", "--to", tmp_path / "out")
    fine(*words)
    desk = open_hotline(city)
    period = desk.period("2026-04")
    came = [one for one in desk.requests if period.holds(one.received)]
    found = next(
        table for name, table in sheets(tmp_path / "out" / "hotline-2026-04.en.xlsx").items() if "ategor" in name
    )
    assert {row[0]: whole(row[1]) for row in found[1:]} == {
        name: sum(one.category == (name,) for one in came) for name in ("noise", "parking")
    }
    assert f"{len(came)} requests came in" in words_of(tmp_path / "out" / "hotline-2026-04.en.docx")

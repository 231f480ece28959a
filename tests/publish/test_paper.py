"""A paper in four formats: every part shown, tables whole in the workbook, self-contained, the same bytes twice."""

import re
from pathlib import Path

import pytest

from tulou.publish.drawing.picture import Picture
from tulou.publish.paper.content import (
    Art,
    Column,
    Grid,
    Heading,
    Pairs,
    Paper,
    Sheet,
    Text,
    Turn,
    Verdict,
)
from tulou.publish.paper.html import page
from tulou.publish.paper.pages import cut_off, grid_of, on_pages
from tulou.publish.paper.write import write_papers

docx = pytest.importorskip("docx", reason="the extra [report] is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="the extra [report] is not installed")
pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
pytest.importorskip("typst", reason="the extra [report] is not installed")

HOSTILE = '<script>alert("x")</script>'
COLUMNS = (Column("项目", width=20), Column("费用（万元）", "number", digits=2), Column("是否", width=5))


def sheet(rows=4, most=300):
    values = [(f"=项目{place}", 1234.5 + place, place % 2 == 0) for place in range(rows)]
    return Sheet("项目库", COLUMNS, values, empty="没有项目", most=most)


def paper(language="zh", **changed):
    art = Picture("bars", '<rect x="0" y="0" width="10" height="10"/>', 100, 40, "一张图", "说明")
    parts = (
        Heading("第一章", 1),
        Text("开头一段", "lead"),
        Text("一条", "bullet"),
        Text(HOSTILE),
        Verdict("78.9 %", "fail", "不达标", "估计"),
        Pairs((("名", "值"),)),
        Grid(("甲", "乙"), (("一", "12"),), (10.0, 5.0), (1,)),
        Art((art,)),
        Turn(landscape=True),
        Heading("第二章", 1),
        sheet(),
    )
    found = {"synthetic": True, "cover": (("城市", "榕城"),), "parts": parts, "credits": ("某来源",)} | changed
    return Paper(language, "年度方案", **found)


def written(tmp_path, **changed):
    made = write_papers({"zh": paper(**changed)}, "plan", tmp_path, ["html", "docx", "xlsx", "pdf"])
    return {path.suffix[1:]: path for path in made}


def test_every_format_says_everything(tmp_path):
    files = written(tmp_path)
    document = docx.Document(str(files["docx"]))
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    word = "\n".join(one.text for one in document.paragraphs) + cells
    pdf = "".join("".join(one.extract_text().split()) for one in pypdf.PdfReader(files["pdf"]).pages)
    html = files["html"].read_text("utf-8")
    for text in ("年度方案", "第一章", "开头一段", "一条", "78.9%", "榕城", "项目库", "=项目3", "1,237.50", "某来源"):
        assert text in "".join(word.split()), text
        assert text in pdf, text
        assert text in "".join(html.split()), text
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_the_workbook_holds_numbers_and_marks_text_that_looks_like_a_formula(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path)["xlsx"])
    rows = list(book["项目库"].iter_rows(values_only=True))
    assert rows[0] == ("项目", "费用（万元）", "是否")
    assert rows[1] == ("=项目0", 1234.5, True)
    assert book["项目库"]["A2"].data_type == "s"
    about = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert {"年度方案", "榕城", "开头一段", "78.9 % 不达标 估计", "名: 值", "某来源"} <= set(about)
    assert book.sheetnames[1] == "第一章"  # A table in words takes the name of its chapter.


def test_pages_show_the_first_rows_and_say_so_while_the_workbook_holds_all(tmp_path):
    long = paper(parts=(sheet(rows=50, most=10),))
    assert len(grid_of(long.parts[0], "zh").rows) == 10
    assert cut_off(long.parts[0], "zh") == "仅列前 10 行，共 50 行；全部见表格文件。"
    write_papers({"zh": long}, "plan", tmp_path, ["xlsx"])
    assert openpyxl.load_workbook(tmp_path / "plan.zh.xlsx")["项目库"].max_row == 51
    assert page(long).count("<tr>") == 11


def test_an_empty_table_says_why():
    parts = list(on_pages(paper(parts=(sheet(rows=0),), credits=())))
    assert parts == [Heading("项目库", 2), Text("没有项目", "missing")]


def test_unknown_is_blank_and_never_zero():
    one = Sheet("表", COLUMNS, [(None, float("nan"), None), ("a", -3, False), ("b", 0.0, True)])
    assert grid_of(one, "en").rows == (("", "", ""), ("a", "-3", "no"), ("b", "0.00", "yes"))


def test_two_sheets_of_one_name_both_stay(tmp_path):
    twice = paper(parts=(sheet(), sheet(), Sheet("项目/库:" + "长" * 40, COLUMNS, [("a", 1.0, True)])))
    write_papers({"zh": twice}, "plan", tmp_path, ["xlsx"])
    names = openpyxl.load_workbook(tmp_path / "plan.zh.xlsx").sheetnames
    assert names[1:3] == ["项目库", "项目库 2"]
    assert len(names[3]) == 31


def test_pages_ask_nothing_of_any_other_place():
    found = re.findall(r'(?:href|src)="([^"]*)"', page(paper(), twin="plan.en.html"))
    assert [one for one in found if not one.startswith("#") and one != "plan.en.html"] == []


def test_pages_of_two_languages_point_to_each_other(tmp_path):
    write_papers({"zh": paper(), "en": paper("en")}, "plan", tmp_path, ["html"])
    assert 'href="plan.en.html" hreflang="en"' in (tmp_path / "plan.zh.html").read_text("utf-8")
    assert 'href="plan.zh.html" hreflang="zh-CN"' in (tmp_path / "plan.en.html").read_text("utf-8")


def test_pages_turn_with_the_tables(tmp_path):
    boxes = [one.mediabox for one in pypdf.PdfReader(written(tmp_path)["pdf"]).pages]
    sizes = [(float(box.width), float(box.height)) for box in boxes]
    assert sizes[0][0] < sizes[0][1]
    assert sizes[-1][0] > sizes[-1][1]


def test_the_same_paper_gives_the_same_bytes(tmp_path, monkeypatch):
    found = []
    for year in (2001, 2031):
        monkeypatch.setattr("time.time", lambda year=year: (year - 1970) * 31_557_600.0)
        files = written(Path(tmp_path) / str(year))
        found.append({form: path.read_bytes() for form, path in files.items()})
    assert [form for form in found[0] if found[0][form] != found[1][form]] == []

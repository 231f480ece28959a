"""One check in four formats: complete in both languages, self-contained, unharmed by hostile names, the same twice."""

import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest

from publish.sample import HOSTILE, sample
from tulou.kernel.words import LANGUAGES
from tulou.publish import typeface
from tulou.publish.paper.content import STATUSES, SYMBOLS, Grid, Heading
from tulou.publish.report.assemble import assemble
from tulou.publish.report.html import page, write_html
from tulou.publish.report.outline import on_paper, outline
from tulou.publish.words import say

docx = pytest.importorskip("docx", reason="the extra [report] is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="the extra [report] is not installed")
pytest.importorskip("typst", reason="the extra [report] is not installed")


@pytest.fixture(scope="module")
def models():
    return {language: assemble(sample(), language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def pages(models):
    return {language: page(model, twin="other.html") for language, model in models.items()}


class Visible(HTMLParser):
    """Collects text, and every address that a browser would ask for."""

    def __init__(self):
        super().__init__()
        self.text, self.addresses, self.tags, self.skipping = [], [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.skipping = tag in {"style", "script"}
        self.addresses += [value for name, value in attrs if name in {"href", "src", "data", "poster", "action"}]

    def handle_endtag(self, tag):
        self.skipping = False

    def handle_data(self, data):
        if not self.skipping:
            self.text.append(data)


def parsed(text):
    found = Visible()
    found.feed(text)
    return found


def texts_of(document):
    tables = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])


def test_the_model_counts_every_indicator_once(models):
    model = models["zh"]
    assert dict(zip(STATUSES, model.total.counts, strict=True)) == {
        "pass": 1,
        "fail": 2,
        "to_confirm": 0,
        "reference": 2,
        "not_assessed": 1,
    }
    assert (
        sum(row.total for row in model.dimensions) == sum(row.total for row in model.levels) == len(model.blocks) == 6
    )


def test_people_of_findings_add_up_and_unknown_is_not_zero(models):
    material = sample()
    known = [one.people for one in material.findings if one.indicator == "stair_hazards" and one.people == one.people]
    worst = {row.indicator: row for row in models["en"].worst}
    assert worst["stair_hazards"].people == sum(known)
    assert len(known) < worst["stair_hazards"].findings
    nobody = replace(material, findings=tuple(replace(one, people=float("nan")) for one in material.findings))
    assert assemble(nobody, "en", pictures=False).worst[0].people_text == "unknown"


def test_an_estimate_carries_its_interval(models):
    block = next(block for block in models["en"].blocks if block.id == "park_cover")
    assert (block.estimated, block.interval, block.text, block.mark) == (True, "74.1 to 81.2%", "78.4%", "≥ 85%")


def test_a_mark_from_memory_never_judges(models):
    block = next(block for block in models["en"].blocks if block.id == "road_density")
    assert (block.status, block.mark_judges, block.mark) == ("reference", False, "≥ 8 km/km²")


def test_what_lacks_is_named_and_counted(models):
    assert [(lack.name, lack.count) for lack in models["zh"].lacks] == [("管道：敷设年份", 1)]


def test_failing_units_are_those_of_the_results(models):
    block = next(block for block in models["en"].blocks if block.id == "park_cover")
    failing = sum(row.status == "fail" for row in block.units)
    assert f"{failing} of 11 fail at level: Block" in block.counts
    assert block.map.body.count("<use") == 12 + failing


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_nothing_of_any_other_place(pages, language):
    found = parsed(pages[language])
    outside = [address for address in found.addresses if not address.startswith(("#", "data:", "other.html"))]
    assert outside == []
    assert re.findall(r"url\((?!data:|#)", pages[language]) == []
    assert "@import" not in pages[language]
    assert {"link", "iframe", "img", "object", "embed"}.isdisjoint(found.tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_the_page_is_in_its_font(pages, language):
    from fontTools.ttLib import TTFont

    text = "".join(parsed(pages[language]).text)
    for data in re.findall(r"font/woff2;base64,([^)]+)\)", pages[language]):
        import base64

        held = set(TTFont(BytesIO(base64.b64decode(data))).getBestCmap())
        assert {sign for sign in text if ord(sign) not in held and not sign.isspace()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_everything(pages, models, language):
    text = " ".join(parsed(pages[language]).text)
    for name in ("overview", "method", "conclusion", "analysis", "advice", "action", "appendix", "projects"):
        assert say(f"chapter.{name}", language) in text
    for block in models[language].blocks:
        assert block.title in text
        assert block.reason in text
    for status in STATUSES:
        assert f"{SYMBOLS[status]} {say(f'status.{status}', language)}" in text
    assert say("title.synthetic", language) in text
    assert "© OpenStreetMap contributors (ODbL)" in text


def test_chinese_has_no_english_words_of_ours_and_english_no_chinese(models):
    plain = assemble(sample(hostile=False), "en", pictures=False)
    said = [item.text for item in outline(plain) if isinstance(item, Heading)]
    heads = [cell for item in outline(plain) if isinstance(item, Grid) for cell in item.head]
    assert not [text for text in (*said, *heads, plain.lead, *plain.method) if re.search("[一-鿿]", text)]
    chinese = assemble(sample(hostile=False), "zh", pictures=False)
    heads = [cell for item in outline(chinese) if isinstance(item, Grid) for cell in item.head]
    assert not [text for text in (*heads, *chinese.method) if re.search("[a-z]{3}", text)]


def test_a_hostile_name_stays_text_on_the_page(pages):
    found = parsed(pages["en"])
    assert found.tags.count("script") == 1
    assert HOSTILE in "".join(found.text)
    assert "<script>alert" not in pages["en"]


def test_elements_of_the_page_are_closed_in_order(pages):
    void = {"meta", "input", "br", "hr", "link"}
    stack, faults = [], []

    class Order(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in void:
                stack.append(tag)

        def handle_startendtag(self, tag, attrs):
            pass

        def handle_endtag(self, tag):
            if not stack or stack.pop() != tag:
                faults.append((tag, self.getpos()))

    Order().feed(pages["zh"])
    assert (faults, stack) == ([], [])


def test_ids_of_the_page_are_unique_and_links_within_it_lead_somewhere(pages):
    ids = re.findall(r'\sid="([^"]+)"', pages["zh"])
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in parsed(pages["zh"]).addresses if address.startswith("#")} <= set(ids)


def test_pictures_have_names_for_those_who_do_not_see_them(pages):
    drawings = re.findall(r"<svg[^>]*>", pages["zh"])
    assert len(drawings) > 6
    assert all("aria-label=" in tag or 'aria-hidden="true"' in tag for tag in drawings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_the_lists_as_data(models, language, tmp_path):
    from tulou.publish.report.xlsx import write_xlsx

    path = tmp_path / "report.xlsx"
    write_xlsx(models[language], path)
    book = openpyxl.load_workbook(path)
    statistics = book[say("chapter.statistics", language)]
    heads = [cell.value for cell in statistics[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in statistics.iter_rows(min_row=2)]
    by_id = {row[say("column.id", language)]: row for row in rows}
    assert by_id["park_cover"][say("column.result", language)] == 78.4
    assert by_id["old_pipes"][say("column.result", language)] is None
    problems = book[say("chapter.problems", language)]
    assert problems.max_row == 1 + len(sample().findings)
    advice = [cell.value for cell in book[say("chapter.advice_list", language)][1]]
    assert advice[-2] == say("column.kind", language)
    assert book[say("chapter.projects", language)]["A2"].value == say("projects.missing", language)


def test_a_formula_in_a_name_stays_text_in_the_workbook(tmp_path):
    from tulou.publish.report.xlsx import write_xlsx

    material = sample()
    bad = tuple(replace(one, name='=HYPERLINK("http://evil.example")') for one in material.units)
    path = tmp_path / "report.xlsx"
    write_xlsx(assemble(replace(material, units=bad), "en", pictures=False), path)
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    risky = [cell for cell in cells if str(cell.value).startswith("=")]
    assert risky
    assert {cell.data_type for cell in risky} == {"s"}
    assert all(cell.quotePrefix for cell in risky)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_document_opens_again_with_its_tables_and_font(models, language, tmp_path):
    from tulou.publish.paper.docx import write_docx

    path = tmp_path / "report.docx"
    write_docx(on_paper(models[language]), path)
    text = texts_of(docx.Document(str(path)))
    assert models[language].title in text
    assert HOSTILE in text
    for name in ("statistics", "problems", "advice_list", "projects"):
        assert say(f"chapter.{name}", language) in text
    heads = [cell.text for table in docx.Document(str(path)).tables for cell in table.rows[0].cells]
    assert say("column.kind", language) in heads
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        faces = [archive.read(f"word/fonts/font{number}.odttf") for number in (1, 2)]
        assert b"embedTrueTypeFonts" in archive.read("word/settings.xml")
        keys = re.findall(r'fontKey="\{([^}]+)\}"', archive.read("word/fontTable.xml").decode())
    from fontTools.ttLib import TTFont

    for face, key in zip(faces, keys, strict=True):
        mask = bytes.fromhex(key.replace("-", ""))[::-1] * 2
        font = TTFont(BytesIO(bytes(a ^ b for a, b in zip(face[:32], mask, strict=True)) + face[32:]))
        assert font["name"].getDebugName(1) == typeface.FAMILY
        held = set(font.getBestCmap())
        assert not {sign for sign in text if ord(sign) not in held and not sign.isspace()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_its_words_as_text(models, language, tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    from tulou.publish.paper.pdf import write_pdf

    path = tmp_path / "report.pdf"
    write_pdf(on_paper(models[language]), path)
    read = pypdf.PdfReader(path)
    text = "".join("".join(sheet.extract_text().split()) for sheet in read.pages)
    assert "".join(models[language].title.split()) in text
    assert say("chapter.projects", language).replace(" ", "") in text
    assert '<script>alert("x")</script>' in text
    assert read.metadata.title == models[language].title


def test_the_same_check_gives_the_same_bytes(tmp_path, monkeypatch):
    from tulou.publish.paper.docx import write_docx
    from tulou.publish.paper.pdf import write_pdf
    from tulou.publish.report.xlsx import write_xlsx

    writers = {
        "html": write_html,
        "docx": lambda model, path: write_docx(on_paper(model), path),
        "xlsx": write_xlsx,
        "pdf": lambda model, path: write_pdf(on_paper(model), path),
    }
    found = []
    for year in (2001, 2031):
        monkeypatch.setattr("time.time", lambda year=year: (year - 1970) * 31_557_600.0)
        model = assemble(sample(objects=40), "zh")
        paths = {name: tmp_path / f"{year}.{name}" for name in writers}
        for name, write in writers.items():
            write(model, paths[name])
        found.append({name: path.read_bytes() for name, path in paths.items()})
    assert [name for name in writers if found[0][name] != found[1][name]] == []


def test_a_check_without_maps_findings_or_results_still_makes_a_report(tmp_path):
    material = sample(hostile=False)
    bare = replace(
        material, results=(), findings=(), units=(), shapes=material.shapes[:0], layers=type(material.layers)()
    )
    model = assemble(bare, "en")
    assert model.total.counts == (0, 0, 0, 0, 5)
    write_html(model, tmp_path / "bare.html")
    assert say("problems.none", "en") in (tmp_path / "bare.html").read_text("utf-8")


def test_nothing_is_left_half_written(models, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("before")
    monkeypatch.setattr("tulou.publish.report.html.page", lambda *_args, **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_html(models["en"], path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_sample_stays_small(pages):
    assert all(len(text.encode()) < 1_000_000 for text in pages.values())
    assert Path(typeface.face("Regular")).stat().st_size + Path(typeface.face("Bold")).stat().st_size < 8_000_000


def test_long_lists_of_the_workbook_lose_their_style_and_nothing_else(tmp_path, monkeypatch):
    from tulou.publish.report import xlsx

    model = assemble(sample(objects=30), "zh", pictures=False)
    found = []
    for most in (0, 1_000):
        monkeypatch.setattr("tulou.publish.paper.book.MOST_STYLED", most)
        xlsx.write_xlsx(model, tmp_path / "report.xlsx")
        book = openpyxl.load_workbook(tmp_path / "report.xlsx")
        found.append([[(cell.value, cell.data_type) for cell in row] for sheet in book for row in sheet.iter_rows()])
    assert found[0] == found[1]

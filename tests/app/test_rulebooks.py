"""Rulebooks through the command line: begun, proved, made from a table, and refused with every fault they can have."""

import csv
import json

import openpyxl
import pytest
import yaml

from app.line import fine, refused, tulou
from tulou.app import exits

TABLE = [
    ["序号", "指标名称", "单位", "评价标准", "依据"],
    ["1", "公园绿化活动场地服务半径覆盖率", "%", "≥88", "市政府文件"],
    ["2", "存在围护安全隐患的住宅数量", "栋", "", ""],
    ["3", "某某新指标", "个", "≥3", ""],
    ["4", "存在燃气安全隐患的住宅数量", "公顷", "0", ""],
]


@pytest.fixture
def book(tmp_path):
    """A rulebook as ``tulou rulebook new`` makes it."""
    fine("rulebook", "new", tmp_path / "book", "--name", "my_town", "--title", '我的城: "Ö" {1}')
    return tmp_path / "book"


def indicator(book):
    return book / "indicators" / "local" / "my_town_homes_with_lift.yaml"


def test_a_new_rulebook_holds_as_it_is(book, rongcheng):
    out = fine("rulebook", "check", book, "--only", "my_town_homes_with_lift")
    assert "2 hand-worked checks, 0 do not hold" in out
    assert yaml.safe_load((book / "rulebook.yaml").read_text("utf-8"))["title"]["zh"] == '我的城: "Ö" {1}'
    assert "my_town_homes_with_lift" in fine("rulebook", "indicators", book)
    del rongcheng


def test_a_city_is_checked_by_it_and_explained_by_the_copy_kept_with_the_city(book, own):
    fine("check", own, "--rulebook", book, "--indicator", "my_town_homes_with_lift", "--format", "none")
    out = fine("explain", own, "my_town_homes_with_lift", "--rulebook", book)
    assert "(reference)" in out
    assert "my_town_lift.pass_mark" in out
    page = indicator(book)
    page.write_text(page.read_text("utf-8") + "\n# changed since\n")
    assert fine("explain", own, "my_town_homes_with_lift") == out
    (copy,) = {path.parent for path in own.glob(f"rulebooks/*/{book.name}")}
    kept = indicator(copy / book.name)
    kept.write_text(kept.read_text("utf-8").replace("measure: ", "measure: no_longer_"))
    message = refused(exits.BAD_INPUT, "explain", own, "my_town_homes_with_lift")
    assert "the rulebook of this check no longer loads" in message
    (copy / "order.json").unlink()
    assert "was not kept" in refused(exits.NO_VERDICT, "explain", own, "my_town_homes_with_lift")


def test_a_check_that_does_not_hold_is_told(book):
    page = indicator(book)
    page.write_text(page.read_text("utf-8").replace("value: 50,", "value: 51,"))
    said = tulou("rulebook", "check", book, "--only", "my_town_homes_with_lift")
    assert said.code == exits.BAD_INPUT
    assert "my_town_homes_with_lift.yaml:" in said.out
    assert "1 do not hold" in said.out
    assert "'value': 51" in said.out


@pytest.mark.parametrize("name", ["", "My", "2go", "a b", "../x", "福州", "x" * 41])
def test_a_name_that_is_none(tmp_path, name):
    refused(exits.BAD_USE, "rulebook", "new", tmp_path / "book", "--name", name)
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(book):
    before = (book / "rulebook.yaml").read_bytes()
    refused(exits.BAD_USE, "rulebook", "new", book, "--name", "other")
    assert (book / "rulebook.yaml").read_bytes() == before


FAULTS = {
    "an unknown measure": ("measure: flagged", "measure: flaged", "flagged"),
    "an unknown selection": ("of: residential_building", "of: residental_building", "residential_building"),
    "an unknown attribute": ("residential_building.lift", "residential_building.lfit", "lift"),
    "an unknown argument": ("  flag: residential", "  flog: residential", "flag"),
    "an unknown key": ("better: higher", "bettr: higher", "better"),
    "an unknown word": ("better: higher", "better: highr", "higher"),
    "an unknown dimension": ("dimension: local", "dimension: locl", "local"),
    "an unknown level": ("level: community", "level: comunity", "community"),
    "an unknown parameter": ("mark: my_town_lift", "mark: my_twn_lift", "my_town_lift.pass_mark"),
    "an unknown aggregate": ("aggregate: share", "aggregate: shar", "share"),
    "no unit": ("unit: percent\n", "", "unit"),
    "a unit that is none": ("unit: percent", "unit: percnt", ""),
    "a unit that does not fit": ("unit: percent", "unit: m2", ""),
    "one language only": ("title: {zh: 有电梯住宅占比, en: Homes with a lift}", "title: {zh: 有电梯住宅占比}", "en"),
    "no title": ("title: {zh: 有电梯住宅占比, en: Homes with a lift}\n", "", "title"),
    "a list for a text": ("of: residential_building", "of: [residential_building]", ""),
    "a mapping for a list": ("checks:\n", "checks: {}\nnever:\n", ""),
    "known above a hundred": ("known: 90", "known: 900", ""),
    "a check on a day that is none": ("day: 2025-06-30", "day: 2025-06-31", ""),
    "a check with an unknown entity": ("      building:", "      bilding:", "building"),
    "a check with an unknown attribute": ("lift: false}", "lfit: false}", "lift"),
    "a check with an unknown status": ("status: reference", "status: referenz", "reference"),
    "broken YAML": ("code: my_town-1", "code: [my_town-1", ""),
    "an alias": ("code: my_town-1", "code: &x my_town-1\nlists: [*x]", ""),
    "one key twice": ("known: 90", "known: 90\nknown: 80", "known"),
    "an id that stands elsewhere": ("id: my_town_homes_with_lift", "id: park_cover", "park_cover"),
    "a tab": ("code: my_town-1", "code:\tmy_town-1\n\tx: 1", ""),
    "one check": ("      building:\n        - {use: residential, lift: true}\n        - {use: residential}", "", ""),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_of_an_indicator_is_told_with_file_and_line(book, kind):
    before, after, offered = FAULTS[kind]
    page = indicator(book)
    text = page.read_text("utf-8")
    assert before in text
    page.write_text(text.replace(before, after))
    said = tulou("rulebook", "check", book, "--only", "my_town_homes_with_lift")
    assert said.code == exits.BAD_INPUT, said
    assert "Traceback" not in said.err
    assert "my_town_homes_with_lift.yaml" in said.err + said.out
    assert offered in said.err + said.out


PARAMETER_FAULTS = {
    "an undated value": ("      - since: 2025-01-01\n        value", "      - value", "since"),
    "two values": ("value: 60", "value: 60\n        range: [1, 2]", ""),
    "a word for a number": ("value: 60", "value: sixty", "sixty"),
    "not a number": ("value: 60", "value: .nan", ""),
    "without end": ("value: 60", "value: .inf", ""),
    "an unknown grade": ("evidence: none", "evidence: hearsay", "sourced"),
    "sourced without a clause": ("evidence: none", "evidence: sourced", "clause"),
    "a unit that is none": ("unit: percent", "unit: percents_", ""),
    "no values": ("    values:\n", "    valuse:\n", "values"),
    "a day that is none": ("since: 2025-01-01", "since: 2025-02-30", ""),
}


@pytest.mark.parametrize("kind", PARAMETER_FAULTS)
def test_a_fault_of_a_parameter_is_told_with_file_and_line(book, kind):
    before, after, offered = PARAMETER_FAULTS[kind]
    page = book / "parameters" / "my_town.yaml"
    text = page.read_text("utf-8")
    assert before in text
    page.write_text(text.replace(before, after))
    message = refused(exits.BAD_INPUT, "rulebook", "check", book)
    assert "my_town.yaml:" in message
    assert offered in message


FRONT_FAULTS = {
    "nothing to extend": ("extends: china", "extends: chian", "china"),
    "a circle": ("extends: china", "extends: book", "circle"),
    "no id": ("id: my_town\n", "", "id"),
    "no version": ('version: "1"\n', "", "version"),
    "an unknown key": ("version:", "verzion:", "version"),
    "empty": (None, "", ""),
    "no text": (None, "\udcff", ""),
}


@pytest.mark.parametrize("kind", FRONT_FAULTS)
def test_a_fault_of_the_front_page_is_told(book, kind):
    before, after, offered = FRONT_FAULTS[kind]
    page = book / "rulebook.yaml"
    text = page.read_text("utf-8")
    changed = after if before is None else text.replace(before, after)
    page.write_bytes(changed.encode("utf-8", "surrogateescape"))
    message = refused(exits.BAD_INPUT, "rulebook", "check", book)
    assert "book/rulebook.yaml" in message
    assert offered in message


def test_several_faults_are_told_at_once(book):
    page = indicator(book)
    page.write_text(page.read_text("utf-8").replace("measure: flagged", "measure: flaged"))
    page = book / "parameters" / "my_town.yaml"
    page.write_text(page.read_text("utf-8").replace("unit: percent", "unit: percnt"))
    message = refused(exits.BAD_INPUT, "rulebook", "check", book)
    assert "my_town.yaml:" in message
    assert "my_town_homes_with_lift.yaml:" in message


def test_a_rulebook_that_is_none(tmp_path, own):
    for words in (
        ["rulebook", "check", tmp_path],
        ["rulebook", "indicators", "chian"],
        ["check", own, "--rulebook", "x"],
    ):
        assert "there is no such rulebook" in refused(exits.BAD_USE, *words)
    assert "park_cover" in refused(exits.BAD_USE, "rulebook", "check", "china", "--only", "parc_cover")


def as_csv(path):
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(TABLE)


def as_book(path):
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(("name", "write"), [("table.csv", as_csv), ("table.xlsx", as_book)])
def test_a_table_becomes_a_rulebook(tmp_path, name, write):
    write(tmp_path / name)
    words = ["--name", "fuzhou", "--document", "某市技术导则", "--since", "2024-06-01"]
    out = fine("rulebook", "import", tmp_path / name, "--to", tmp_path / "book", *words)
    became = [line.split(None, 1)[1].split("  ")[0] for line in out.splitlines()[:-1]]
    assert became[:3] == ["mark set", "reused", "no measure"]
    assert became[3] == "reused"
    assert "公顷" in out.splitlines()[3]
    parameters = yaml.safe_load((tmp_path / "book/parameters/fuzhou.yaml").read_text("utf-8"))
    (value,) = parameters["park_cover"]["pass_mark"]["values"]
    assert value["value"] == 88
    assert "某市技术导则" in value["clause"]
    assert "0 do not hold" in fine("rulebook", "check", tmp_path / "book", "--only", "park_cover")
    refused(exits.BAD_USE, "rulebook", "import", tmp_path / name, "--to", tmp_path / "book", *words)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", ""),
        ("t.csv", "a,b\n1,2\n"),
        ("t.xlsx", "no workbook"),
        ("t.pdf", "%PDF"),
        ("t.csv", "指标名称\n\x00\x00"),
    ],
)
def test_a_table_that_is_none(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    words = ["--name", "fuzhou", "--document", "某市技术导则", "--since", "2024-06-01"]
    said = tulou("rulebook", "import", tmp_path / name, "--to", tmp_path / "book", *words)
    assert said.code == exits.BAD_INPUT, said
    assert not (tmp_path / "book").exists()
    refused(exits.BAD_INPUT, "rulebook", "import", tmp_path / "absent.csv", "--to", tmp_path / "book", *words)
    words[-1] = "soon"
    refused(exits.BAD_USE, "rulebook", "import", tmp_path / name, "--to", tmp_path / "book", *words)


def test_lists_and_schemas(tmp_path):
    assert "park_cover" in fine("rulebook", "indicators", "china")
    assert "land_within_walking" in fine("rulebook", "measures")
    for section in ("indicators", "parameters", "selections", "quantities"):
        assert json.loads(fine("rulebook", "schema", section))["$schema"]
    fine("rulebook", "schema", "--to", tmp_path / "schema.json")
    assert json.loads((tmp_path / "schema.json").read_text("utf-8"))["$schema"]

"""What a newcomer does, in the order of the README."""

import json
import zipfile

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest

from app.line import contents, fine, refused, tulou
from tulou.app.demonstration import helsinki_file
from tulou.indicators.evaluate.keeping import kept_checks


def test_a_real_city_from_one_file(helsinki):
    log = fine("log", helsinki)
    assert "Helsinki.osm.pbf" in log
    assert "derived: units" in log
    shown = fine("show", helsinki)
    assert "building" in shown
    assert "road" in shown
    assert len(kept_checks(helsinki)) == 1


def test_the_same_file_again_takes_the_city_as_it_is(helsinki):
    before = contents(helsinki)
    out = fine("check", helsinki_file(), "--to", helsinki, "--format", "none")
    assert "findings" in out
    assert contents(helsinki) == before


def test_another_file_does_not_take_the_place_of_a_city(helsinki, tmp_path):
    other = tmp_path / "other.geojson"
    other.write_text('{"type": "FeatureCollection", "features": []}')
    before = contents(helsinki)
    assert "something else stands here already" in refused(4, "check", other, "--to", helsinki)
    assert contents(helsinki) == before


def test_explain_the_city_a_community_and_the_walking_network(rongcheng):
    city = fine("explain", rongcheng, "park_cover")
    assert "commits 1" in city
    assert "park_reach" in city
    community = fine("explain", rongcheng, "substandard_homes", "--unit", "community-1")
    assert "Objects" in community.title()
    walking = fine("explain", rongcheng, "park_cover", "--variant", "walking", "--top", "3")
    assert walking != city
    assert "3 shown" in walking
    assert "榕城" in fine("explain", rongcheng, "park_cover", language="zh")


def test_findings_and_their_limits(rongcheng):
    out = fine("findings", rongcheng, "--limit", "3")
    assert "3 shown" in out
    some = fine("findings", rongcheng, "--indicator", "park_cover", "--limit", "0")
    assert "0 shown" in some
    assert "parc" in refused(4, "findings", rongcheng, "--indicator", "parc_cover")


def test_explain_says_what_it_does_not_know(rongcheng):
    assert "did you mean: park_cover" in refused(4, "explain", rongcheng, "parc_cover")
    assert "walking" in refused(4, "explain", rongcheng, "park_cover", "--variant", "walkin")
    refused(4, "explain", rongcheng, "park_cover", "--unit", "nowhere")
    refused(4, "explain", rongcheng, "park_cover", "--top", "-1")
    refused(4, "explain", rongcheng, "park_cover", "--check", "2020")


def test_reports_in_four_formats_and_two_languages(rongcheng, tmp_path):
    out = fine("report", rongcheng, "--to", tmp_path)
    assert len(out.splitlines()) == 8
    for spoken in ("zh", "en"):
        page = (tmp_path / f"report.{spoken}.html").read_text("utf-8")
        assert page.lstrip().lower().startswith("<!doctype html")
        assert "合成" in page if spoken == "zh" else "ynthetic" in page
        assert (tmp_path / f"report.{spoken}.pdf").read_bytes().startswith(b"%PDF")
        with zipfile.ZipFile(tmp_path / f"report.{spoken}.docx") as book:
            assert "word/document.xml" in book.namelist()
        book = openpyxl.load_workbook(tmp_path / f"report.{spoken}.xlsx", read_only=True)
        assert len(book.sheetnames) > 2
        book.close()


def test_a_report_in_one_language(rongcheng, tmp_path):
    fine("report", rongcheng, "--to", tmp_path, "--format", "HTML", "--language", "en")
    assert [path.name for path in tmp_path.iterdir()] == ["report.en.html"]
    assert "docx" in refused(4, "report", rongcheng, "--format", "doc")


def test_exports_read_by_others(rongcheng, tmp_path):
    out = fine("export", rongcheng, "--to", tmp_path, "--format", "csv,parquet,gpkg,geojson")
    assert len(out.splitlines()) == len(list(tmp_path.iterdir()))
    results = pq.read_table(tmp_path / "results.parquet")
    lines = (tmp_path / "results.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == results.num_rows + 1
    assert lines[1].startswith('"2026-01-01-')
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "check.gpkg")}
    assert layers == {"city", "district", "block", "community", "findings"}
    findings = json.loads((tmp_path / "findings.geojson").read_text("utf-8"))
    assert len(findings["features"]) == pq.read_metadata(tmp_path / "findings.parquet").num_rows > 0
    assert "gpkg" in refused(4, "export", rongcheng, "--format", "shp")


def test_export_lies_beside_the_check_by_default(own):
    fine("export", own, "--format", "csv")
    assert (kept_checks(own)[0] / "export" / "findings.csv").is_file()


@pytest.mark.parametrize(
    "words", [["--at", "2026-06-01"], ["--as-of", "1"], ["--at", "2026-06-01", "--as-of", "first"]]
)
def test_show_at_a_day_and_a_record(own, words):
    fine("tag", own, "first", "--about", "published")
    assert "building" in fine("show", own, *words)


def test_show_before_the_first_day_shows_nothing(own):
    assert "building " not in fine("show", own, "--at", "2020-01-01")


def test_show_rows_of_one_entity(rongcheng):
    out = fine("show", rongcheng, "building", "--limit", "2")
    assert "in all" in out
    assert len(out.splitlines()) == 5
    assert "did you mean: building" in refused(4, "show", rongcheng, "buildng")


def test_a_tag_stands_for_ever(own):
    assert "commit 1" in fine("tag", own, "2026年体检")
    assert "taken" in refused(4, "tag", own, "2026年体检")
    refused(4, "tag", own, "../out")
    assert "2026年体检" in fine("log", own)


def test_derive_adds_nothing_to_what_is_complete(own):
    before = contents(own / "commits")
    fine("derive", own)
    fine("derive", own)
    after = contents(own / "commits")
    assert set(before) <= set(after)
    assert len(after) <= len(before) + 3


def test_a_strict_check_ends_with_what_it_found(own):
    said = tulou("check", own, "--strict", "--format", "none")
    assert said.code == 1
    said = tulou("check", own, "--strict", "--format", "none", "--indicator", "road_density", "--at", "2015-01-01")
    assert said.code == 2


def test_options_that_would_do_nothing_are_refused(rongcheng):
    for option in (["--people", "5"], ["--name", "x"], ["--to", "x"]):
        assert option[0] in refused(4, "check", rongcheng, *option)


def test_coverage_with_a_city_and_of_one_clause(rongcheng):
    assert "Assessed here" in fine("coverage", "--city", rongcheng)
    assert "10." in fine("coverage", "--clause", "10")
    refused(4, "coverage", "--clause", "99")


def test_demo_of_the_real_city(shelf, tmp_path, helsinki):
    del helsinki
    out = fine("demo", "helsinki", "--to", tmp_path, "--no-open")
    assert (tmp_path / "helsinki" / "report.zh.html").is_file()
    assert out.count("Report: ") == 2
    assert "allowed: helsinki, rongcheng, " in refused(4, "demo", "paris")


def test_templates_of_all_entities_and_of_one(tmp_path):
    fine("template", "--to", tmp_path / "all")
    fine("template", "--to", tmp_path / "one", "--entity", "building")
    names = {path.name for path in (tmp_path / "one").rglob("*") if path.is_file()}
    assert any(name.startswith("building") and name.endswith(".csv") for name in names)
    assert any(name.endswith(".xlsx") for name in names)
    assert len(list((tmp_path / "all").rglob("*.csv"))) > 20
    refused(4, "template", "--to", tmp_path / "none", "--entity", "buildng")
    assert not (tmp_path / "none").exists()

"""The days in the documentation of work safety and of inspections go as written; reports in all formats."""

import shlex
import shutil
from pathlib import Path

import pytest

from app.line import fine, refused
from tulou.app import exits

DOCS = Path(__file__).parents[2] / "docs"
DAYS = {
    "safety": ({"en": "## A day of a safety officer", "zh": "## 安全监管人员的一天"}, 19),
    "inspections": ({"en": "## A day of an inspection planner", "zh": "## 检查计划人员的一天"}, 20),
}


@pytest.fixture
def photo(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"a picture")
    return file


def said(page, language):
    text = (DOCS / language / f"{page}.md").read_text("utf-8")
    day = text.split(DAYS[page][0][language])[1].split("\nFrom Python")[0].split("\nPython：")[0].replace("\\\n", " ")
    return [line.strip() for line in day.splitlines() if line.startswith("    tulou ")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", sorted(DAYS))
def test_the_day_goes_as_written(own, photo, tmp_path, page, language):
    calls = said(page, language)
    places = {"photo.jpg": str(photo), "map.svg": str(tmp_path / "map.svg"), "reports": str(tmp_path / "reports")}
    for call in calls:
        command, _, remark = call.partition(" # ")
        words = [places.get(word, word).replace("$C", str(own)) for word in shlex.split(command)[1:]]
        if remark:
            assert "may not do this" in refused(exits.BAD_USE, *words)
        else:
            fine(*words, language=language)
    assert len(calls) == DAYS[page][1]
    assert list((tmp_path / "reports").glob(f"safety-*.{language}.html"))


def test_both_pages_tell_the_same_commands():
    for page in DAYS:
        first, second = (
            [[word for word in shlex.split(call.partition(" # ")[0]) if word.isascii()][:4] for call in said(page, one)]
            for one in ("en", "zh")
        )
        assert first == second


@pytest.mark.slow
def test_the_report_in_all_formats_and_twice_the_same(own, tmp_path):
    fine("risk", "sample", own)
    words = (
        "inspect",
        "report",
        own,
        "--period",
        "2026-03",
        "--format",
        "html,docx,xlsx,pdf",
        "--rulebook",
        "rongcheng",
    )
    fine(*words, "--to", tmp_path / "one")
    made = sorted((tmp_path / "one").iterdir())
    assert [one.name for one in made] == sorted(
        f"safety-2026-03.{language}.{form}" for language in ("en", "zh") for form in ("docx", "html", "pdf", "xlsx")
    )
    other = tmp_path / "other.city"
    shutil.copytree(own, other)
    fine(*words[:2], other, *words[3:], "--to", tmp_path / "two")
    for one in made:
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes(), one.name


def test_what_the_report_says(own, tmp_path):
    fine("risk", "sample", own)
    words = ("inspect", "report", own, "--period", "2026-03-02", "--format", "html", "--rulebook", "rongcheng")
    fine(*words, "--to", tmp_path / "out")
    en = (tmp_path / "out" / "safety-2026-03-02.en.html").read_text("utf-8")
    zh = (tmp_path / "out" / "safety-2026-03-02.zh.html").read_text("utf-8")
    for text in ("Unknown is not blue", "No danger is open", "Minor works below the limit", "is a natural person"):
        assert text in en
    for text in ("日报", "未知不作蓝色", "没有在办隐患", "合成数据", "个体工商户属自然人"):
        assert text in zh
    assert ">nan" not in en

"""Communities from the command line: decisions of owners, grids, staff, volunteers, issues; and what is refused."""

import json
import shlex
from pathlib import Path

import pytest

from app.line import contents, fine, refused
from tulou.app import exits

MOTION = """title: {zh: 更换电梯, en: New lifts}
community: 荷塘
matter: rebuild
noticed: 2026-10-25
begins: 2026-11-01
ends: 2026-11-20
announced: 2026-11-22
register: register.csv
ballots: ballots.csv
objections: objections.csv
"""
OBJECTIONS = "日期,提出人,内容,答复\n2026-11-03,3号楼一户,挡光,已复测\n2026-11-05,,太贵,\n"


@pytest.fixture
def motion(tmp_path):
    """Twelve flats of 90 m², nine owners for, one against, two silent; one ballot too late."""
    folder = tmp_path / "motion"
    folder.mkdir()
    (folder / "motion.yaml").write_text(MOTION, encoding="utf-8")
    rows = [f"{n},90,Owner{n}," for n in range(1, 13)] + ["13,90,Builder,yes", "14,90,,yes"]
    (folder / "register.csv").write_text("\n".join(["unit,area,owners,developer", *rows]), encoding="utf-8")
    said = [f"{n},for,2026-11-04" for n in range(1, 10)] + ["10,against,2026-11-05", "11,silent,", "12,for,2026-11-25"]
    (folder / "ballots.csv").write_text("\n".join(["unit,choice,day", *said]), encoding="utf-8")
    (folder / "objections.csv").write_text(OBJECTIONS, encoding="utf-8")
    return folder / "motion.yaml"


def test_a_motion_is_counted(motion):
    told = json.loads(fine("community", "motion", motion, "--json"))
    assert told["adopted"] is True
    assert told["notice_in_time"] is False
    assert told["total"] == {"area": "1260", "heads": 13}
    by = {(one["name"], one["by"]): one for one in told["tests"]}
    assert (by["takes_part", "heads"]["have"], by["takes_part", "heads"]["needed"]) == ("10", "9")
    assert (by["takes_part", "area"]["have"], by["takes_part", "area"]["needed"]) == ("900", "840")
    assert (by["agrees", "heads"]["have"], by["agrees", "heads"]["needed"]) == ("9", "8")
    assert told["late"] == ["12"]
    assert "Owner" not in json.dumps(told)


@pytest.mark.parametrize(("language", "words"), [
    ("zh", ["通过：", "公告距表决仅 7 日", "异议 2 件，未答复 1 件", "未计入：12"]),
    ("en", ["Adopted:", "Notice came 7 days before", "2 objections, 1 not answered", "not counted, 1: 12"]),
])  # fmt: skip
def test_both_languages_say_so(motion, language, words):
    said = fine("community", "motion", motion, language=language)
    assert [word for word in words if word not in said] == []


def test_what_is_lacking_is_said(motion):
    text = motion.with_name("ballots.csv").read_text(encoding="utf-8")
    motion.with_name("ballots.csv").write_text(
        text.replace("1,for,2026-11-04\n2,for", "1,against,2026-11-04\n2,against")
    )
    said = fine("community", "motion", motion)
    assert "Not adopted" in said
    assert "lacking: Agree by area 45.00 m², Agree by heads 1" in said


def test_the_certificate_names_no_owner_and_is_the_same_twice(motion, tmp_path):
    made = [tmp_path / name for name in ("one", "two")]
    for folder in made:
        fine("community", "motion", motion, "--to", folder, "--format", "html,xlsx")
    assert contents(made[0]) == contents(made[1])
    for language, words in (
        ("zh", ["通过", "挡光", "尚未答复"]),
        ("en", ["Adopted", "太贵", "not answered"]),
    ):
        page = (made[0] / f"certificate.{language}.html").read_text(encoding="utf-8")
        assert [word for word in words if word not in page] == []
        assert "Owner1" not in page
        assert "SHA-256" in page


def test_majorities():
    said = fine("community", "majority", "--owners", "548", "--matter", "raise_funds")
    assert "at least 366 take part" in said
    assert "of 366, at least 275 agree" in said
    assert "of 548, at least 411 agree" in fine(
        "community", "majority", "--owners", "548", "--taking-part", "548", "--matter", "raise_funds"
    )
    assert "548 人中至少 366 人同意" in fine(
        "community", "majority", "--owners", "548", "--matter", "raise_funds", "--date", "2020-01-01", language="zh"
    )


def test_refusals(motion):
    assert "did you mean: raise_funds" in refused(
        exits.BAD_USE, "community", "majority", "--owners", "5", "--matter", "raise_fund"
    )
    refused(exits.BAD_USE, "community", "majority", "--owners", "0", "--matter", "rebuild")
    refused(exits.BAD_USE, "community", "majority", "--owners", "5", "--matter", "rebuild", "--date", "1999-01-01")
    refused(exits.BAD_INPUT, "community", "motion", motion.with_name("nothing.yaml"))
    motion.with_name("register.csv").write_text("unit,area\n1,\n")
    said = refused(exits.BAD_INPUT, "community", "motion", motion, language="zh")
    assert "register.csv:2" in said
    assert "面积未知" in said


def test_grids_of_rongcheng(rongcheng, tmp_path):
    told = json.loads(fine("community", "grids", rongcheng, "--json"))
    assert told["measure"] == "households"
    assert told["fit"] + sum(n for reason, n in told["reasons"].items() if reason != "fits") == told["grids"]
    assert told["total"] > 0
    assert told["size"]["evidence"] == "memory"
    needs = {one["kind"]: one for one in next(iter(told["needs"].values()))}
    assert needs["community_workers"]["have"] is None
    assert needs["community_workers"]["lacking"] is None
    made = tmp_path / "made"
    said = fine("community", "grids", rongcheng, "--to", made, "--format", "html", language="zh")
    assert "未知" in said
    page = (made / "grids.zh.html").read_text(encoding="utf-8")
    assert "建议方案" in page
    assert "<svg" in page


def test_drawn_grids_become_facts(own, tmp_path):
    told = json.loads(fine("community", "grids", own, "--json", "--to", tmp_path / "made", "--format", "none"))
    fine("import", own, tmp_path / "made" / "grids.geojson", "--entity", "social_grid")
    assert str(told["grids"]) in fine("show", own)


def test_grids_refusals(rongcheng):
    assert "block" in refused(exits.BAD_USE, "community", "grids", rongcheng, "--within", "blok")
    refused(exits.BAD_USE, "community", "grids", rongcheng, "--whole", "tower")


DAY = {"en": "## A day of a grid worker", "zh": "## 网格员和社区书记的一天"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_day_of_the_documentation(own, tmp_path, monkeypatch, language):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(b"a picture")
    page = (Path(__file__).parents[2] / "docs" / language / "communities.md").read_text("utf-8")
    day = page.split(DAY[language])[1].replace("\\\n", " ")
    calls = [line.strip() for line in day.splitlines() if line.startswith("    tulou ")]
    for call in calls:
        command, _, remark = call.partition("#")
        words = [str(own) if word == "$C" else word for word in shlex.split(command)[1:]]
        if remark:
            refused(exits.BAD_USE, *words)
        else:
            fine(*words, language=language)
    assert len(calls) == 15
    case = json.loads(fine("case", "show", own, "C000001", "--json"))
    assert case["state"] == "closed"
    page = (tmp_path / "day" / "issues" / f"issues.{language}.html").read_text("utf-8")
    assert "&lt;10" in page


def test_the_sample_says_that_it_is_made_up(tmp_path):
    fine("community", "sample", "--to", tmp_path)
    assert "虚构" in (tmp_path / "motion.yaml").read_text(encoding="utf-8")
    told = json.loads(fine("community", "motion", tmp_path / "motion.yaml", "--json"))
    assert told["adopted"] is True
    assert told["total"]["heads"] == 47


def test_the_ledger_shows_no_number_of_a_person(own, tmp_path):
    fine("case", "open", own, "--flow", "community_issue", "--class", "lift", "--text", "call 13812345678", "--by",
         "grid_worker", "--date", "2026-03-02T09:00")  # fmt: skip
    fine("community", "issues", own, "--to", tmp_path / "made", "--language", "en")
    page = (tmp_path / "made" / "issues.en.html").read_text("utf-8")
    assert "13812345678" not in page
    assert "overdue" in page


def test_volunteers_in_both_languages(tmp_path):
    fine("community", "sample", "--to", tmp_path)
    words = ("community", "volunteers", tmp_path / "offers.csv", tmp_path / "tasks.csv")
    assert "缺 1 人" in fine(*words, language="zh")
    assert "nobody is rated" in fine(*words)
    assert json.loads(fine(*words, "--json"))["empty"]

"""``tulou lawdiff`` as a person calls it: a parameter, two days, two rulebooks, and the calendar."""

import json

import pytest

from app.line import contents, fine, refused, tulou

FEW = ("--indicator", "bus_stop_cover_300", "--indicator", "community_service_floor_area", "--indicator", "sewer_cover")
BUS = ("--indicator", "bus_stop_cover_300")


def test_a_parameter_flips_what_lies_between(rongcheng):
    before = contents(rongcheng)
    call = ("lawdiff", rongcheng, "--parameter", "bus_stop_cover_300.pass_mark=84%", *BUS)
    said = fine(*call)
    assert "GB/T 51328-2018" in said
    assert "as asked: 84%" in said
    assert "1 verdicts turn (1 worse, 0 better" in said
    assert "Near the mark (within 5%)" in said
    chinese = fine(*call, language="zh")
    assert "结论变化 1 项（变差 1，变好 0" in chinese
    assert "临界单元" in chinese
    told = json.loads(fine(*call, "--json"))
    (flip,) = told["flips"]
    assert (flip["before"]["verdict"], flip["after"]["verdict"], flip["change"]) == ("pass", "fail", 0.0)
    assert flip["before"]["article"]["in_force_since"] == "2024-01-01"
    assert told["parameters"][0]["after"]["value"] == 84.0
    assert told["counts"]["findings_appeared"] == len(told["findings"]) > 0
    assert contents(rongcheng) == before


def test_a_parameter_that_crosses_nothing_flips_nothing(rongcheng):
    told = json.loads(fine("lawdiff", rongcheng, "--parameter", "bus_stop_cover_300.pass_mark=60%", *BUS, "--json"))
    assert (told["flips"], told["findings"], told["near_the_mark"]["answers"]) == ([], [], [])
    assert len(told["parameters"]) == 1


def test_what_two_days_flip(rongcheng):
    said = json.loads(
        fine("lawdiff", rongcheng, "--on", "2026-01-01", "--against", "2023-12-31", *BUS, "--json")
    )  # fmt: skip
    assert [side["day"] for side in (said["before"], said["after"])] == ["2023-12-31", "2026-01-01"]
    changed = {one["parameter"]: one for one in said["parameters"]}
    assert changed["bus_stop_cover_300.pass_mark"]["before"] is None
    assert {flip["variant"]: flip["turn"] for flip in said["flips"]} == {"": "judged", "walking": "other"}


def test_a_day_alone_is_held_against_the_day_of_the_city(rongcheng):
    told = json.loads(fine("lawdiff", rongcheng, "--on", "2023-12-31", *BUS, "--json"))
    assert [told[side]["day"] for side in ("before", "after")] == ["2026-01-01", "2023-12-31"]
    assert {flip["turn"] for flip in told["flips"]} == {"unjudged", "other"}


def test_two_rulebooks(rongcheng):
    said = fine(
        "lawdiff", rongcheng, "--rulebook", "fujian", "--against-rulebook", "china", "--indicator", "sewer_cover"
    )
    assert "china 2026-01-01 → fujian 2026-01-01" in said


def test_the_calendar(rongcheng):
    said = fine("lawdiff", rongcheng, "--calendar", "--after", "2025-06-01", *FEW)
    assert said.startswith("Coming into force: 榕城（合成） · 2026-01-01")
    assert "2025-09-19" in said
    assert "2026-01-29" in said
    told = json.loads(fine("lawdiff", rongcheng, "--calendar", "--after", "2025-06-01", *FEW, "--json"))
    assert [one["day"] for one in told["days"]] == sorted(one["day"] for one in told["days"])
    assert all(one["day"] > "2025-06-01" for one in told["days"])
    assert "此后没有将要生效的标准" in fine("lawdiff", rongcheng, "--calendar", "--after", "2199-01-01", language="zh")


@pytest.mark.slow
def test_papers_of_both(rongcheng, tmp_path):
    call = ("lawdiff", rongcheng, "--parameter", "bus_stop_cover_300.pass_mark=84%", *BUS)
    fine(*call, "--format", "html,docx,xlsx,pdf", "--to", tmp_path / "a", "--language", "zh")
    fine(*call, "--format", "html,docx,xlsx,pdf", "--to", tmp_path / "b", "--language", "zh")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert {path.suffix for path in (tmp_path / "a").iterdir()} == {".html", ".docx", ".xlsx", ".pdf"}
    page = (tmp_path / "a" / "lawdiff.zh.html").read_text()
    for text in ("标准变化的影响", "变化的参数", "临界单元", "假设值"):
        assert text in page
    fine("lawdiff", rongcheng, "--calendar", "--after", "2025-06-01", *FEW, "--format", "html", "--to", tmp_path / "c")
    assert "2025-09-19" in (tmp_path / "c" / "law-calendar.en.html").read_text()


def test_strict_tells_by_the_exit_code(rongcheng):
    call = ("lawdiff", rongcheng, *BUS, "--strict", "--parameter")
    assert tulou(*call, "bus_stop_cover_300.pass_mark=84%").code == 1
    assert tulou(*call, "bus_stop_cover_300.pass_mark=60%").code == 0


@pytest.mark.parametrize(
    ("words", "code", "english", "chinese"),
    [
        ((), 4, "say what is compared", "请说明比较什么"),
        (("--parameter", "bus_stop_cover_300.pass_mrk=5"), 4, "bus_stop_cover_300.pass_mark", "规则集中没有这个参数"),
        (("--parameter", "bus_stop_cover_300.pass_mark"), 4, "NAME=VALUE", "名称=值"),
        (("--parameter", "bus_stop_cover_300.pass_mark=high"), 4, "cannot be this", "不能是这个值"),
        (("--parameter", "bus_stop_cover_300.pass_mark=5 km"), 4, "cannot be this", "不能是这个值"),
        (("--on", "2026-01-01"), 4, "the two sides are the same", "比较的两方相同"),
        (("--on", "soon"), 4, "this is not a day", "不是日期"),
        (("--against-rulebook", "chna"), 4, "there is no such rulebook", "没有这个规则集"),
        (("--calendar", "--on", "2026-01-01"), 4, "not together with --calendar", "不能与 --calendar 同用"),
        (("--after", "2026-01-01", "--on", "2020-01-01"), 4, "only together with --calendar", "只能与 --calendar 同用"),
        (("--on", "2020-01-01", "--near", "400"), 4, "this is no share", "这不是一个比例"),
        (("--on", "2020-01-01", "--indicator", "circle_11"), 4, "there is no such indicator", "circle_11"),
        (("--on", "2020-01-01", "--branch", "nowhere"), 4, "the city has no such branch", "nowhere"),
    ],
)
def test_wrong_calls_are_refused(rongcheng, words, code, english, chinese):
    assert english in refused(code, "lawdiff", rongcheng, *words)
    assert chinese in refused(code, "lawdiff", rongcheng, *words, language="zh")

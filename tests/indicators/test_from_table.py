"""A table of indicators becomes a rulebook: marks that can be read are set, nothing is made up."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.small_rulebook import HERE, dictionary, small
from tulou.indicators.rulebook.from_table import Document, write_rulebook
from tulou.indicators.rulebook.marks import read_mark, unit_factor
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.measures.catalogue import all_measures

DOCUMENT = Document("own", Words("本市指标", "Own"), "本市指南 2026", date(2026, 1, 1), date(2026, 5, 1))
TABLE = [
    {"指标名称": "park_cover（%）", "单位": "%", "评价标准": "≥ 90%", "依据": "第3条"},
    {"指标名称": "no_lift", "单位": "栋", "评价标准": "0"},
    {"指标名称": "schools", "单位": "所", "评价标准": "视情况而定"},
    {"指标名称": "floor_area", "单位": "公顷", "评价标准": "≥ 1"},
    {"指标名称": "从未见过的指标", "单位": "个", "计算方法": "数一数", "评价标准": "≥3"},
    {"指标名称": "", "单位": ""},
]


def test_a_table_becomes_a_rulebook(tmp_path):
    shutil.copytree(HERE / "small", tmp_path / "small")
    told = write_rulebook(TABLE, small(), DOCUMENT, tmp_path / "own")
    assert [(row.number, row.became, row.indicator) for row in told] == [
        (1, "mark set", "park_cover"),
        (2, "mark set", "no_lift"),
        (3, "reused", "schools"),
        (4, "reused", "floor_area"),
        (5, "draft", ""),
    ]
    assert "not one comparison" in told[2].remark.en
    assert "no judge" in told[3].remark.en
    book = read_rulebook(tmp_path / "own", all_measures(), dictionary=dictionary())
    version = book.parameters["park.pass_mark"].values.on(date(2026, 1, 1))
    assert (version.value.number, version.clause, version.evidence) == (90.0, "本市指南 2026（第3条）", "sourced")
    assert [(draft.title, draft.method, draft.mark) for draft in book.drafts] == [("从未见过的指标", "数一数", "≥3")]
    assert set(book.indicators) == set(small().indicators)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("≥85%", ("at_least", 85.0, 85.0, "%")),
        ("不低于 8 公里/平方公里", ("at_least", 8.0, 8.0, "公里/平方公里")),
        ("不超过5分钟。", ("at_most", 5.0, 5.0, "分钟")),
        ("85%以上", ("at_least", 85.0, 85.0, "%")),
        ("0.7—1.5", ("between", 0.7, 1.5, "")),
        ("应为0", ("exactly", 0.0, 0.0, "")),
        ("100", (None, 100.0, 100.0, "")),
        ("≥85%，且不低于上年", None),
        ("有所改善", None),
    ],
)
def test_marks_are_read_only_when_they_say_one_thing(text, read):
    found = read_mark(text)
    assert (found and (found.how, found.low, found.high, found.unit)) == read


@pytest.mark.parametrize(
    ("written", "wanted", "factor"),
    [
        ("米", "km", 1e-3),
        ("%", "1", 0.01),
        ("个", "facility", 1.0),
        ("个", "m", None),
        ("", "m", None),
        ("天书", "m", None),
    ],
)
def test_units_as_tables_write_them(written, wanted, factor):
    assert unit_factor(written, wanted) == (None if factor is None else pytest.approx(factor))


def test_a_mark_of_another_direction_or_unit_is_left_out(tmp_path):
    table = [{"指标名称": "park_cover", "评价标准": "≤ 90%"}, {"指标名称": "no_lift", "单位": "米", "评价标准": "0"}]
    told = write_rulebook(table, small(), DOCUMENT, tmp_path / "own")
    assert [row.became for row in told] == ["reused", "reused"]
    assert "another way" in told[0].remark.en
    assert "does not become building" in told[1].remark.en
    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == ["rulebook.yaml"]


def test_a_folder_is_not_overwritten_and_a_table_without_titles_refused(tmp_path):
    with pytest.raises(BadInput, match="no column of titles"):
        write_rulebook([{"甲": 1}], small(), DOCUMENT, tmp_path / "own")
    assert not (tmp_path / "own").exists()
    (tmp_path / "own").mkdir()
    with pytest.raises(BadUse, match="must not exist"):
        write_rulebook(TABLE, small(), DOCUMENT, tmp_path / "own")


SIGNS = {
    "at_least": ("≥{}", ">= {}", "不低于{}", "不少于 {}", "至少{}", "{}以上", "{}及以上", "达到{}。"),
    "at_most": ("≤{}", "<={}", "不高于{}", "不超过 {}", "{}以下", "{}以内；"),
    "exactly": ("={}", "应为{}", "为 {}"),
    None: ("{}", " {} ", "{}。"),
}
NUMBERS = st.integers(0, 99_999).map(str) | st.decimals(0, 999, places=2).map(str)


@given(
    st.sampled_from([(how, form) for how, forms in SIGNS.items() for form in forms]),
    NUMBERS,
    st.sampled_from(["", "%", "公里/平方公里", "分钟"]),
)
def test_every_way_to_write_a_mark_is_read_as_it_is_meant(written, number, unit):
    how, form = written
    found = read_mark(form.format(number + unit))
    assert (found.how, found.low, found.high, found.unit) == (how, float(number), float(number), unit)


@given(NUMBERS, NUMBERS, st.sampled_from("-–—~～至"), st.sampled_from(["", "%"]))
def test_a_range_ascends_or_is_left_to_a_person(low, high, sign, unit):
    """``2026-01`` is a month, and between 5 and 3 there is nothing that could pass."""
    found = read_mark(f"{low}{unit}{sign}{high}{unit}")
    if float(low) > float(high):
        assert found is None
    else:
        assert (found.how, found.low, found.high, found.unit) == ("between", float(low), float(high), unit)


@pytest.mark.parametrize(
    "text", [">85%", "小于5", "约85%", "±3", "≥1,000", "≥85%或≤3", "10万以上且", "", "。", "1.2.3", "≥", "第3条"]
)
def test_what_is_not_one_comparison_is_left_to_a_person(text):
    found = read_mark(text)
    assert found is None or unit_factor(found.unit, "percent") is None


def test_a_range_the_wrong_way_round_makes_no_rulebook_that_cannot_be_read(tmp_path):
    shutil.copytree(HERE / "small", tmp_path / "small")
    told = write_rulebook([{"指标名称": "最高层数", "评价标准": "18-1"}], small(), DOCUMENT, tmp_path / "own")
    assert told[0].became == "reused"
    assert read_rulebook(tmp_path / "own", all_measures(), dictionary=dictionary()).id == "own"

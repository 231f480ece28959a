"""Why a figure moved, as it is published: numbers that add up, words that can be read out, a waterfall for all."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.small_rulebook import dictionary
from tulou.diagnosis.difference.behind import Behind, ObjectChange
from tulou.diagnosis.difference.coalitions import CAUSES
from tulou.diagnosis.difference.rules import RuleChange
from tulou.diagnosis.difference.touched import Step as AttributeStep
from tulou.diagnosis.difference.touched import Touch
from tulou.kernel.words import LANGUAGES, Words
from tulou.model.dictionary import Dictionary
from tulou.publish.drawing.waterfall import COLOUR_OF, End, Step, waterfall
from tulou.publish.numbers import quantity
from tulou.publish.paper.content import Art, Grid, Sheet, Text
from tulou.publish.why.material import Change, CommitLine, EndLine, Subject, Titles
from tulou.publish.why.paper import changes_sheet, chart, scores_sheet, short_sheet, why_paper
from tulou.publish.why.shown import shown_change
from tulou.publish.why.tell import paragraph, rule_words, step_words

NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 6))
PARK = Titles(Words("公园绿地服务半径覆盖率", "Housing land within reach of a park"), "percent", "higher", {})


def row(**other):
    found = {
        "level": "city", "unit": "city", "indicator": "park_cover", "variant": "", "unit_name": "榕城",
        "before": 71.2, "after": 78.9, "change": 7.7,
        "city": 3.1, "correction": 1.9, "definition": 2.7, "boundary": 0.0,
        "within_borders": 71.2, "kind": "divided", "because": "city", "status_before": "fail", "status_after": "fail",
        "status_because": None, "reason_zh": None, "reason_en": None,
    }  # fmt: skip
    return found | other


def park(name, how, share, steps=(), commit=4):
    return ObjectChange("green", name, "", "park", Touch(how, list(steps)), share, 3, commit)


BEHIND = (
    Behind("city", (park("g1", "appeared", 2.0), park("g2", "appeared", 1.1))),
    Behind("correction", (park("g3", "changed", 1.9, [AttributeStep("area", 3000.0, 6000.0)]),)),
    Behind(
        "definition",
        rules=(
            RuleChange("mark", "park.pass_mark", Words("标准", "Mark"), 80.0, 85.0, "percent"),
            RuleChange(
                "parameter", "park.radius", Words("服务半径", "Reach"), 500.0, 800.0, "m", "甲第1条", "2024-01-01"
            ),
        ),
    ),
    Behind("boundary"),
)
CHANGE = Change(row(), PARK, BEHIND)


def subject(*changes, told=None, counts=()):
    end = EndLine("2024-06-30-abc", date(2024, 6, 30), 3, "", "small", "1")
    return Subject(
        city="榕城",
        synthetic=True,
        credits=("credit",),
        before=end,
        after=replace(end, branch="project"),
        causes=CAUSES,
        dictionary=dictionary(),
        selections={"park": Words("公园", "Parks")},
        commits={4: CommitLine("parks.csv", "gardens", date(2024, 5, 1))},
        changes=changes,
        told=len(changes) if told is None else told,
        counts=counts,
    )


def number_of(text):
    return float(re.sub(r"[^0-9.\-]", "", text.replace("−", "-").replace(",", "")) or "nan")


@given(NUMBERS, st.lists(NUMBERS, min_size=4, max_size=4), st.sampled_from(["percent", "m", "building", "m2/person"]))
def test_shown_parts_add_up_to_the_change_shown_and_that_to_the_values_shown(before, numbers, unit):
    parts = dict(zip(CAUSES, numbers, strict=True))
    after = before + sum(numbers)
    shown = shown_change(before, after, parts, unit, "en")
    told = {cause: number_of(text) for cause, text in shown.parts.items()}
    change = number_of(shown.change.split(" ")[0])
    assert sum(told.values()) == pytest.approx(change, abs=1e-5)
    assert number_of(shown.after.split(" ")[0]) - number_of(shown.before.split(" ")[0]) == pytest.approx(
        change, abs=1e-5
    )
    digits = max(len(text.partition(".")[2]) for text in shown.parts.values())
    for cause, part in parts.items():
        assert abs(told[cause] - part) <= 2 * 10.0**-digits + 1e-9 * abs(part)
        assert (shown.parts[cause] == "0") == (part == 0.0)


def test_a_change_smaller_than_the_usual_decimals_is_still_seen():
    shown = shown_change(99.98, 100.0, {"city": 0.02}, "percent", "zh")
    assert (shown.before, shown.after, shown.change, shown.parts["city"]) == (
        "99.98%",
        "100.00%",
        "+0.02 个百分点",
        "+0.02",
    )


def test_the_paragraph_can_be_read_out_in_chinese():
    assert paragraph(CHANGE, subject(CHANGE), "zh") == (
        "公园绿地服务半径覆盖率由 71.2% 升至 78.9%（+7.7 个百分点）：城市变化 +3.1（公园新增 2），"
        "数据更正 +1.9（公园改变 1），口径调整 +2.7（服务半径 500 米 → 800 米（甲第1条）），"
        "边界变化 0。只有城市变化部分计为成效，这一部分在好转。"
    )


def test_no_space_stands_between_chinese_words():
    homes = replace(PARK, unit="building")
    change = Change(row(before=55.0, after=40.0, change=-15.0, city=-15.0, correction=0.0, definition=0.0), homes)
    assert "由 55 栋降至 40 栋（−15 栋）" in paragraph(change, subject(change), "zh")


def test_and_in_english():
    assert paragraph(CHANGE, subject(CHANGE), "en") == (
        "Housing land within reach of a park rose from 71.2% to 78.9% (+7.7 percentage points): city changed +3.1 "
        "(Parks: 2 new), data corrected +1.9 (Parks: 1 changed), definition changed +2.7 (Reach 500 m → 800 m "
        "(甲第1条)), boundary changed 0. Only what changed in the city counts as achievement; "
        "that part is for the better."
    )


@pytest.mark.parametrize(
    ("other", "better", "told"),
    [
        ({"city": -3.1, "after": 72.7, "change": 1.5}, "higher", "for the worse"),
        ({}, "lower", "for the worse"),
        ({"city": -3.1, "after": 72.7, "change": 1.5}, "lower", "for the better"),
        ({"city": 0.0, "after": 75.8, "change": 4.6}, "higher", "did not move"),
        ({}, "neither", "counts as achievement."),
        ({"after": 71.2, "change": 0.0, "definition": -5.0}, "higher", "cancel out"),
        ({"after": 60.0, "change": -11.2, "definition": -16.2}, "higher", "fell from 71.2% to 60.0%"),
    ],
)
def test_what_the_city_did_is_told_as_better_or_worse(other, better, told):
    change = Change(row(**other), replace(PARK, better=better))
    assert told in paragraph(change, subject(change), "en")


def test_a_turned_verdict_names_its_cause():
    nothing = dict.fromkeys(CAUSES, 0.0) | {"after": 71.2, "change": 0.0, "because": None}
    change = Change(row(**nothing, status_after="pass", status_because="definition"), PARK)
    assert "评价由“不达标”变为“达标”，因口径调整" in paragraph(change, subject(change), "zh")
    assert "nothing moved it" in paragraph(change, subject(change), "en")
    told = paragraph(replace(change, behind=BEHIND), subject(change), "zh")
    assert "因口径调整（标准 80% → 85%）" in told  # What turned the verdict is the mark, not the reach.


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["appeared", "vanished", "indivisible", "undefined"])
def test_what_is_not_divided_says_so_and_claims_no_part(kind, language):
    none = dict.fromkeys(CAUSES)
    sides = {"appeared": {"before": None}, "vanished": {"after": None}, "undefined": {"before": None, "after": None}}
    change = Change(
        row(**none, **sides.get(kind, {}), kind=kind, change=None, because="boundary", level="district", unit="d9"),
        PARK, BEHIND, ("城西区",),
    )  # fmt: skip
    told = paragraph(change, subject(change), language)
    assert "nan" not in told.lower()
    assert "None" not in told
    assert ("城西区" in told) == (kind in {"appeared", "vanished"})
    assert ("71.2%" in told) == (kind != "undefined")
    assert chart("w", change, language) is None


def test_a_list_that_is_claimed_complete_turns_a_verdict():
    change = Change(
        row(status_after="pass", status_because="correction"), PARK, (Behind("correction", claims=("building",)),)
    )
    assert "因数据更正（建筑清单是否完整的声明有变化）" in paragraph(change, subject(change), "zh")


def test_a_figure_that_is_gone_says_why():
    none = dict.fromkeys((*CAUSES, "after", "change"))
    change = Change(row(**none, kind="vanished", reason_zh="登记的数据太少", reason_en="too little is known"), PARK)
    assert paragraph(change, subject(change), "zh").endswith("没有数值的一次：登记的数据太少。")
    assert "too little is known" in paragraph(change, subject(change), "en")


def test_rules_that_are_no_numbers_are_told_in_words():
    brackets = RuleChange(
        "parameter", "park.radius", Words("半径", "Reach"), [[0.2, 0.3]], [[0.2, 0.3], [0.5, 0.5]], "km"
    )
    assert rule_words(brackets, "en") == "Reach is another"
    old = RuleChange("parameter", "x", Words("范围", "Range"), [1.0, 18.0], None, "1")
    assert rule_words(old, "zh") == "范围有调整"
    both = RuleChange("mark", "x", Words("范围", "Range"), [1.0, 18.0], [1.0, 26.0], "1", "E")
    assert rule_words(both, "zh") == "范围 1–18 → 1–26（E）"
    year = RuleChange("parameter", "y", Words("年份", "Year"), 2025.0, 2026.0, "1")
    assert rule_words(year, "zh") == "年份 2025 → 2026"
    for kind in ("formula", "selection", "quantity", "begun", "ended", "measure"):
        assert rule_words(RuleChange(kind, "x", Words("某", "some"), "1", "2"), "en")


def steps(*parts):
    return [Step(cause, cause, part, f"{part:+g}") for cause, part in zip(CAUSES, parts, strict=True)]


def bars(picture):
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"([^>]*)>', picture.body)
    return [(float(y), float(tall), rest) for _, y, _, tall, rest in found]


def test_a_waterfall_steps_from_one_value_to_the_other():
    picture = waterfall(
        "w", End("前", 20.0, "20"), steps(30.0, -20.0, 0.0, -10.0), End("后", 20.0, "20"), title="t", language="zh"
    )
    drawn = bars(picture)
    assert len(drawn) == 6
    unit = drawn[0][1] / 20.0
    assert [tall / unit for _, tall, _ in drawn[1:5]] == pytest.approx([30, 20, 0, 10], abs=3 / unit)
    assert "f-paper" not in drawn[1][2]
    assert "f-paper" in drawn[2][2]  # What takes away is empty, so that nobody needs the colour.
    assert all(text in picture.body for text in ("+30", "-20", ">20<"))
    assert "city +30; correction -20" in picture.about
    assert "不从零" not in picture.body


def test_levels_that_lie_close_together_are_drawn_from_another_line_and_say_so():
    picture = waterfall(
        "w", End("b", 71.2, "71.2%"), steps(3.1, 1.9, 2.7, 0.0), End("a", 78.9, "78.9%"), title="t", language="en"
    )
    assert "does not begin at zero" in picture.body
    assert all(math.isfinite(number) for bar in bars(picture) for number in bar[:2])


@pytest.mark.parametrize("ends", [(0.0, 0.0), (-5.0, -8.0), (-3.0, 4.0)])
def test_nothing_and_numbers_below_zero_can_be_drawn(ends):
    change = ends[1] - ends[0]
    picture = waterfall(
        "w", End("b", ends[0], "b"), steps(change, 0.0, 0.0, 0.0), End("a", ends[1], "a"), title="t", language="en"
    )
    assert all(y >= 0.0 and tall >= 0.0 and y + tall <= picture.height for y, tall, _ in bars(picture))


def test_causes_have_colours_of_their_own():
    assert set(COLOUR_OF) == set(CAUSES)
    assert len(set(COLOUR_OF.values())) == len(CAUSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_holds_words_waterfalls_objects_and_all_numbers(language):
    other = Change(row(indicator="x", unit="c1", level="community", unit_name="一社区"), PARK)
    counts = (
        {"level": "city", "status": "pass", "before": 3.0, "after": 4.0, "change": 1.0, **dict.fromkeys(CAUSES, 0.25)},
    )
    paper = why_paper(subject(CHANGE, other, told=1, counts=counts), language)
    texts = [part.text for part in paper.parts if isinstance(part, Text)]
    assert paragraph(CHANGE, subject(CHANGE), language) in texts
    assert len([part for part in paper.parts if isinstance(part, Art)]) == 1
    grids = [line for part in paper.parts if isinstance(part, Grid) for line in part.rows]
    assert any("g3" in line[1] and "#4 parks.csv 2024-05-01" in line[4] for line in grids)
    sheets = {part.name: part for part in paper.parts if isinstance(part, Sheet)}
    assert len(sheets) == 4
    assert all(len(name) <= 31 for name in sheets)
    for sheet in sheets.values():
        assert all(len(line) == len(sheet.columns) for line in sheet.rows)
    (changes, objects, rules, verdicts) = sheets.values()
    assert [len(sheet.rows) for sheet in (changes, objects, rules, verdicts)] == [2, 3, 2, 1]
    assert changes.rows[0][3:10] == (71.2, 78.9, 7.7, 3.1, 1.9, 2.7, 0.0)
    assert paper.synthetic
    assert "project" in dict(paper.cover)[paper.cover[1][0]]


def test_nothing_that_moved_is_said_and_not_an_empty_page():
    paper = why_paper(subject(), "en")
    assert any("No figure moved" in part.text for part in paper.parts if isinstance(part, Text))
    assert changes_sheet(subject(), "en").empty
    assert short_sheet(subject(), "en").rows == []


def test_scores_stand_beside_the_figures():
    line = {
        "unit": "b1",
        "before": 40.0,
        "after": 45.0,
        "change": 5.0,
        **dict.fromkeys(CAUSES, 1.25),
        "kind": "divided",
    }
    sheet = scores_sheet("livable_blocks_with_a_long_name_of_its_own", [line], "en")
    assert len(sheet.name) <= 31
    assert sheet.rows == [("b1", 40.0, 45.0, 5.0, 1.25, 1.25, 1.25, 1.25, "divided")]


def test_what_is_not_public_is_not_shown():
    """A paper is published; of an attribute that is for the office alone only that it changed is told."""
    step, known = AttributeStep("area", 3000.0, 6000.0), subject()
    assert "3,000" in step_words("green", step, known, "en")
    green = known.dictionary["green"]
    secret = {**green.attributes, "area": replace(green.attributes["area"], sensitivity="restricted")}
    hidden = Dictionary({"green": replace(green, attributes=secret)})
    told = step_words("green", step, replace(known, dictionary=hidden), "en")
    assert "3,000" not in told
    assert "not public" in told


def test_one_of_a_thing_is_not_told_in_the_plural():
    assert quantity(1.0, "building", "en") == "1 building"
    assert quantity(1.0, "community", "en") == "1 community"
    assert quantity(1.0, "person", "en") == "1 person"
    assert quantity(2.0, "building", "en") == "2 buildings"

"""Restated series as they are published: two lines told apart without colour, and the numbers as they are."""

import math
import re
from datetime import date

import pytest

from tulou.kernel.words import LANGUAGES, Words
from tulou.publish.drawing.series import Point, series_chart
from tulou.publish.paper.content import Art, Sheet
from tulou.publish.why.material import Titles
from tulou.publish.why.series import Series, series_paper

DAYS = date(2024, 12, 31), date(2025, 12, 31), date(2026, 12, 31)


def drawn(*pairs):
    points = [Point(day, *pair) for day, pair in zip(DAYS, pairs, strict=False)]
    return series_chart("s", points, title="t", language="en", show=lambda value: f"{value:g}%")


def spots(picture):
    found = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*class="f-(\w+) ', picture.body)
    return [(float(x), float(y), kind) for x, y, kind in found if float(y) > 20]


def test_published_is_hollow_and_broken_restated_full():
    picture = drawn((60.0, 70.0), (65.0, 72.0), (80.0, 80.0))
    marks = spots(picture)
    assert [kind for *_, kind in marks] == ["paper"] * 3 + ["pass"] * 3
    lows = [y for _, y, kind in marks if kind == "pass"]
    assert lows == sorted(lows, reverse=True)  # What rises goes up.
    assert picture.body.count("stroke-dasharray") == 3  # Two pieces of the line, and the legend.
    assert "2025-12-31: 65% / 72%" in picture.about


def test_a_gap_is_no_line_and_no_point():
    picture = drawn((60.0, 70.0), (math.nan, 72.0), (80.0, math.nan))
    assert [kind for *_, kind in spots(picture)] == ["paper", "paper", "pass", "pass"]
    assert picture.body.count("stroke-dasharray") == 1
    assert "2025-12-31: – / 72%" in picture.about


@pytest.mark.parametrize("pairs", [((5.0, 5.0),), ((0.0, 0.0), (0.0, 0.0)), ((-3.0, -1.0), (-2.0, -4.0))])
def test_one_check_equal_values_and_values_below_zero_can_be_drawn(pairs):
    picture = drawn(*pairs)
    assert all(0 < x < picture.width and 0 < y < picture.height for x, y, _ in spots(picture))


def test_nothing_known_is_no_picture():
    assert drawn((math.nan, math.nan)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_has_a_chart_a_figure_and_all_numbers(language):
    base = {
        "variant": "",
        "level": "city",
        "unit": "city",
        "unit_name": "榕城",
        "status": "fail",
        "restated_status": "pass",
    }
    rows = [
        {**base, "indicator": "park", "day": day, "check": f"c{day.year}", "published": value, "restated": value + 1}
        for day, value in zip(DAYS, (1.0, 2.0, 3.0), strict=True)
    ]
    gone = {**base, "level": "district", "unit": "d1", "unit_name": "城西区", "indicator": "park", "day": DAYS[0]}
    rows.append({**gone, "check": "c2024", "published": 4.5, "restated": None, "restated_status": None})
    titles = {"park": Titles(Words("公园", "Parks"), "percent", "higher", {})}
    paper = series_paper(Series("榕城", True, (), "small 1", titles, rows), language)  # noqa: FBT003  (a record)
    assert len([part for part in paper.parts if isinstance(part, Art)]) == 2
    (sheet,) = (part for part in paper.parts if isinstance(part, Sheet))
    assert [row[3] for row in sheet.rows] == [1.0, 2.0, 3.0, 4.5]
    assert [row[5] for row in sheet.rows] == [2.0, 3.0, 4.0, None]
    assert "城西区" in sheet.rows[3][0]
    assert len({len(row) for row in sheet.rows} | {len(sheet.columns)}) == 1

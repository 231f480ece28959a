"""Outcomes as papers and pictures: every figure, plot and table shown, unknown said, wide fields drawn coarser."""

import math
import re

import numpy as np
import pytest
import shapely

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process
from tulou.processes.outcome import Balance, BarPlot, Column, FieldPlot, Figure, Line, LinePlot, Outcome, Table
from tulou.publish.drawing.field import MOST_CELLS, Place, draw_field
from tulou.publish.drawing.ground import Layers
from tulou.publish.drawing.lines import Curve, bar_plot, line_plot
from tulou.publish.paper.content import Pairs, Sheet, Text
from tulou.publish.process.assemble import paper_of, picture_of, words_of_figures

W = Words("名称", "Name")
PROCESS = Process("flow", Words("流", "Flow"), Words("多少？", "How much?"), (
    Input("way", Words("方式", "Way"), "choice", default="fast", choices={"fast": Words("快", "quick")}),
    Input("length", Words("长度", "Length"), "number", "m", default=2.5),
    Input("days", Words("天", "Days"), "numbers", "day", default=(1.0, 2.0)),
    Input("note", Words("备注", "Note"), "text", optional=True),
), lambda _run: OUTCOME, "by hand")  # fmt: skip
OUTCOME = Outcome(
    answer=(Words("答案", "The answer"),),
    figures=(
        Figure("a", Words("水深", "Depth"), 1.2345, "m", low=1.0, high=1.5),
        Figure("b", Words("不明", "Open"), math.nan, "m"),
    ),
    tables=(
        Table("t", Words("表", "Table"), (Column("n", W), Column("v", W, "m", 1)), [["x", 1.25], ["y", None]]),
        Table("e", Words("空表", "Empty"), (Column("n", W),), []),
    ),
    plots=(BarPlot("bars", W, W, (("a", 1.0), ("b", math.nan))),),
    balances=(Balance(Words("水量", "Water"), 2.0, 1.0, 1.0, "m3"),),
    assumptions=(Words("假设一", "Assumed"),),
    warnings=(Words("当心", "Careful"),),
    sources={"rain.csv": "abc"},
)


def shown(language):
    paper = paper_of(PROCESS, {"way": "fast", "length": 2.5, "days": (1.0, 2.0), "note": None}, OUTCOME, language)
    rows = {name: text for part in paper.parts if isinstance(part, Pairs) for name, text in part.rows}
    texts = [part.text for part in paper.parts if isinstance(part, Text)]
    return paper, rows, texts


def test_everything_an_outcome_says_stands_in_its_paper():
    paper, rows, texts = shown("en")
    assert rows["Depth"] == "1.23 m (1.00 to 1.50)"
    assert rows["Open"] == "unknown"
    assert rows["Way"] == "quick"
    assert rows["Length"] == "2.5 m"
    assert rows["Days"] == "1, 2 days"
    assert rows["Note"] == "not given"
    assert rows["Water"].endswith("0.0e+00")
    assert rows["rain.csv"] == "SHA-256 abc"
    assert {"How much?", "The answer", "Careful", "Assumed"} <= set(texts)
    assert dict(paper.cover)["Checked against"] == "nobody has checked it independently yet"
    sheets = [part for part in paper.parts if isinstance(part, Sheet)]
    assert [column.kind for column in sheets[0].columns] == ["text", "number"]
    assert sheets[0].columns[1].title == "Name (m)"
    assert sheets[1].empty == "Nothing"


def test_the_chinese_paper_is_chinese():
    _, rows, texts = shown("zh")
    assert rows["水深"] == "1.23 米 (1.00—1.50)"
    assert {"多少？", "答案", "当心", "假设一"} <= set(texts)
    assert words_of_figures(OUTCOME)[0] == Words("水深：1.23 米 (1.00—1.50)", "Depth: 1.23 m (1.00 to 1.50)")


def test_lines_leave_gaps_where_nothing_is_known():
    y = np.array([1.0, 2.0, np.nan, 2.0, 1.0])
    drawn = line_plot("l", [Curve("a", np.arange(5.0), y)], title="t", x_title="x", y_title="y")
    course = next(path for path in re.findall(r'd="([^"]+)"', drawn.body) if path.count("M") == 2)
    assert course.count("L") == 2


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show():
    points = Curve("a", np.array([0.0, 1, 10, 100]), np.ones(4), is_points=True)
    drawn = line_plot("l", [points], title="t", x_title="x", y_title="y", has_log_x=True)
    across = [float(x) for x in re.findall(r'<circle[^>]*cx="([0-9.]+)"', drawn.body)]
    assert len(across) == 3 + 1  # one more in the legend
    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=0.2)


def test_bars_stand_on_zero_and_hang_below_it():
    drawn = bar_plot("b", [("up", 2.0), ("down", -1.0), ("open", math.nan)], title="t", y_title="y")
    bars = [
        {name: float(value) for name, value in re.findall(r' (y|height)="([0-9.]+)"', rect)}
        for rect in re.findall(r"<rect[^>]*>", drawn.body)
    ]
    assert len(bars) == 2
    assert bars[0]["y"] + bars[0]["height"] == pytest.approx(bars[1]["y"], abs=0.2)
    assert bars[0]["height"] == pytest.approx(2 * bars[1]["height"], abs=0.3)


def test_a_field_is_drawn_by_class_and_unknown_cells_are_not():
    values = np.array([[0.0, 0.2], [0.6, np.nan]])
    drawn = draw_field("f", values, (0.15, 0.5), Place(0, 2, 1), title="t", unit="m", language="en")
    paths = re.findall(r'<path[^>]*f-(step\d)[^>]*d="([^"]+)"|<path[^>]*d="([^"]+)"[^>]*f-(step\d)', drawn.body)
    assert len(paths) == 2
    assert "0.15–0.5 m" in drawn.body
    assert "≥ 0.5 m" in drawn.body


def test_a_wide_field_keeps_its_largest_values():
    values = np.zeros((3, 3 * MOST_CELLS))
    values[1, 500] = 9.0
    drawn = draw_field("f", values, (1.0, 5.0), Place(0, 3, 1), title="t", unit="m", language="en")
    assert re.search(r"f-step4", drawn.body.split("<text")[0])


@pytest.mark.parametrize("empty", [np.empty(0), np.full(3, np.nan)])
def test_nothing_known_is_drawn_as_nothing(empty):
    assert line_plot("l", [Curve("a", empty, empty)], title="t", x_title="x", y_title="y").height > 0
    plot = LinePlot("l", W, W, W, (Line(W, empty, empty),))
    assert picture_of(plot, "zh", Layers()).title == "名称"
    field = FieldPlot("f", W, np.full((2, 2), np.nan), 0, 0, 1, "m", (0.0, 1.0))
    assert picture_of(field, "en", Layers()).title == "Name"


def test_a_field_has_no_more_classes_than_can_be_told_apart():
    with pytest.raises(BadUse, match="classes"):
        FieldPlot("f", W, np.zeros((2, 2)), 0, 0, 1, "m", (0.0, 1.0, 2.0, 3.0, 4.0, 5.0))


def test_a_field_shows_how_far_which_way_and_the_streets_of_the_city():
    """One street crosses a field of 200 m by 100 m from its western to its eastern edge, half way up."""
    street = np.array([shapely.LineString([(-500, 50), (900, 50)])], object)
    values, steps = np.ones((10, 20)), (0.5, 2.0)
    place = Place(0.0, 100.0, 10.0, Layers(roads=street, road_weights=np.array([2])))
    drawn = draw_field("f", values, steps, place, title="t", unit="m", language="en")
    assert "50 m<" in drawn.body
    course = re.search(r'd="M([\d.]+) ([\d.]+)l([\d.]+) 0"', drawn.body)
    assert [float(one) for one in course.groups()] == pytest.approx([0.0, 140.0, 560.0], abs=0.2)
    assert "blank" not in drawn.body
    values[0, 0] = np.nan
    drawn = draw_field("f", values, steps, place, title="t", unit="m", language="en")
    assert "blank: unknown<" in drawn.body
    values[0, 1] = 0.2
    drawn = draw_field("f", values, steps, place, title="t", unit="m", language="en")
    assert "blank: unknown, below 0.5 m" in drawn.body


def test_years_along_an_axis_have_no_comma_and_counts_of_years_do():
    years = Curve("a", np.arange(2009.0, 2020.0), np.linspace(1000, 4000, 11))
    drawn = line_plot("l", [years], title="t", x_title="Year", y_title="m3").body
    assert ">2010<" in drawn or ">2012<" in drawn
    assert "2,01" not in drawn
    assert ">2,000<" in drawn
    counted = line_plot("l", [years], title="t", x_title="Day", y_title="m3").body
    assert "2,01" in counted
    short = Curve("a", np.array([2014.0, 2015.0]), np.ones(2))
    marks = re.findall(r">(\d{4}[.\d]*)<", line_plot("l", [short], title="t", x_title="年份", y_title="m3").body)
    assert marks == ["2014", "2015"]

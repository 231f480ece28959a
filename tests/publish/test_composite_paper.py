"""The paper of a composite score: tiers before order, what is unknown said, a chart that can be read."""

import re

import numpy as np
import pytest

from diagnosis.composite.made import book, results_of
from diagnosis.composite.test_score import VARIED, recipe
from tulou.diagnosis.composite.recipe import Gaps
from tulou.diagnosis.composite.score import score
from tulou.kernel.words import LANGUAGES
from tulou.publish.composite.chart import MOST_ROWS, Place, interval_charts
from tulou.publish.composite.paper import Origin, composite_paper, lead_of, places_of, scores_sheet
from tulou.publish.paper.content import Art, Sheet, Text

NAN = float("nan")
ORIGIN = Origin("Made", "made", "book", None, synthetic=True, changed=None, weights={})


def made(uncertainty=VARIED, count=12):
    draw = np.random.default_rng(3)
    figures = {"x": np.linspace(0, 100, count), "y": np.linspace(0, 100, count) + draw.normal(0, 8, count)}
    figures["y"][1] = NAN
    units = tuple(f"u{number:02}" for number in range(count))
    chosen = recipe(uncertainty=uncertainty, gaps=Gaps("leave_out", 60.0))
    return score(results_of(figures, units), chosen, book())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_in_both_languages(language):
    paper = composite_paper(made(), ORIGIN, language)
    texts = [part.text for part in paper.parts if isinstance(part, Text)]
    assert any("60" in text and ("未知" in text or "Unknown" in text) for text in texts)
    sheets = [part for part in paper.parts if isinstance(part, Sheet)]
    assert all(len(sheet.name) <= 31 and len(row) == len(sheet.columns) for sheet in sheets for row in sheet.rows)
    assert len({sheet.name for sheet in sheets}) == len(sheets)
    assert sum(isinstance(part, Art) for part in paper.parts) == 1
    assert paper.synthetic


def test_both_languages_say_as_much():
    zh, en = (composite_paper(made(), ORIGIN, language) for language in LANGUAGES)
    assert [type(part) for part in zh.parts] == [type(part) for part in en.parts]


def test_no_order_is_published_without_intervals():
    scored = made(uncertainty=None)
    sheet = scores_sheet(scored, "en")
    assert [column.title for column in sheet.columns] == ["Unit", "Score", "Weight known (%)", "Of it estimated (%)"]
    names = [row[0] for row in sheet.rows]
    assert names == sorted(names)
    assert places_of(scored) == []
    assert "without an order" in lead_of(scored, "en")


def test_units_without_a_score_are_named_with_what_lacks():
    paper = composite_paper(made(), ORIGIN, "en")
    sheet = next(part for part in paper.parts if isinstance(part, Sheet) and part.name == "Units with gaps")
    assert [(row[0], row[1], row[3]) for row in sheet.rows] == [("U01", None, "y")]


def test_nothing_scored_is_said():
    figures = {"x": np.array([NAN, NAN]), "y": np.array([1.0, 2.0])}
    scored = score(results_of(figures, ("a", "b")), recipe(uncertainty=VARIED), book())
    assert "No unit could be scored" in lead_of(scored, "en")
    assert not any(isinstance(part, Art) for part in composite_paper(scored, ORIGIN, "zh").parts)


def test_a_chart_holds_every_unit_inside_its_frame():
    places = [
        Place(f"街道{number}", number, max(1, number - 3), min(90, number + 4), 1 + number // 30)
        for number in range(1, 91)
    ]
    charts = interval_charts(places, "zh")
    assert len(charts) == -(-90 // MOST_ROWS)
    assert len({chart.name for chart in charts}) == len(charts)
    for chart in charts:
        xs = [float(value) for value in re.findall(r' x="(-?[\d.]+)"', chart.body)]
        ys = [float(value) for value in re.findall(r' c?y="(-?[\d.]+)"', chart.body)]
        assert min(xs) >= 0
        assert max(xs) <= chart.width
        assert min(ys) >= 0
        assert max(ys) <= chart.height
    assert sum(chart.body.count("<circle") for chart in charts) == 90 + len(charts)
    assert interval_charts([], "en") == ()

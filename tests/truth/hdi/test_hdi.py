"""The Human Development Index: goalposts, a logarithm, an average of two and a geometric mean; see SOURCE.md."""

import numpy as np

from diagnosis.composite.made import book, results_of, with_goalposts
from tulou.diagnosis.composite.recipe import Component, Composite, Gaps, Group
from tulou.diagnosis.composite.score import composite_scores, score
from tulou.kernel.words import Words

UNITS = ("CHE", "CHN")
FIGURES = {
    "life": np.array([83.99, 78.21]),
    "expected": np.array([16.5, 14.24]),
    "mean": np.array([13.86, 7.60]),
    "income": np.array([66_933.0, 17_504.0]),
}
POSTS = {"life": (20.0, 85.0), "expected": (0.0, 18.0), "mean": (0.0, 15.0), "income": (100.0, 75_000.0)}
PUBLISHED = {"CHE": 0.962, "CHN": 0.768}


def of(name, **changes):
    return Component(name, Words(name, name), 1.0, name, ends=f"posts.{name}", **changes)


def hdi(top_average="geometric"):
    words = Words("人类发展", "Human development")
    school = Group("school", words, 1.0, "arithmetic", (of("expected"), of("mean")))
    top = Group("hdi", words, 1.0, top_average, (of("life"), school, of("income", is_logged=True)))
    return Composite("hdi", words, "city", top, "goalposts", 0.0, None, Gaps(), None, None, words, "memory")


def test_the_published_index():
    rules = with_goalposts(book(), POSTS)
    table = composite_scores(results_of(FIGURES, UNITS, level="city"), hdi(), rules, day=rules.day)
    found = dict(zip(table["unit"].to_pylist(), table["score"].to_pylist(), strict=True))
    assert {unit: round(value / 100, 3) for unit, value in found.items()} == PUBLISHED


def test_the_geometric_mean_is_what_makes_it():
    rules = with_goalposts(book(), POSTS)
    given = results_of(FIGURES, UNITS, level="city")
    found = score(given, hdi("arithmetic"), rules, day=rules.day).table
    assert round(found["score"][1].as_py() / 100, 3) > PUBLISHED["CHN"]

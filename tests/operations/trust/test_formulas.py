"""The lint of formulas: what the house ships, what a district publishes, and bad examples made by hand."""

import re
from functools import cache
from pathlib import Path

import pytest

from tulou.kernel.errors import BadInput
from tulou.operations.trust.adapters.formula_pages import formula_terms, read_natures
from tulou.operations.trust.domain.formulas import (
    BY_OWN_WORD,
    BY_SIZE,
    NO_LEAST,
    NO_MOST,
    PUNISHES,
    REWARDS,
    REWARDS_VISITS,
    UNDECLARED,
    formula_faults,
)

BOOKS = sorted(page.parent for page in (Path(__file__).parents[3] / "rulebooks").glob("*/rulebook.yaml"))
COUNTS = """
    counts:
      complaints: {title: {zh: 投诉量, en: complaints}, nature: complaint}
      solved: {title: {zh: 投诉办结数, en: complaints solved}, nature: result}
      handled: {title: {zh: 处置数, en: handled}, nature: result}
      due: {title: {zh: 应处置数, en: due}, nature: result}
      fines: {title: {zh: 罚款宗数, en: fines}, nature: penalty}
      visits: {title: {zh: 出动次数, en: visits}, nature: inspection}
      area: {title: {zh: 面积, en: area}, nature: size}
      own: {title: {zh: 自报应办数, en: due by its own word}, nature: self_reported}
      hidden: {title: {zh: 网上投诉件数, en: items}, nature: result}
      unsaid: {title: {zh: 信访件数, en: petitions}}
    terms:
"""


def linted(tmp_path, *terms, counts=COUNTS):
    page = tmp_path / "made" / "subject" / "formulas" / "page.yaml"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        "formulas:\n  - id: f" + counts + "".join(f"      - {{id: t{n}, {one}}}\n" for n, one in enumerate(terms)),
        "utf-8",
    )
    natures = read_natures(BOOKS)
    found = formula_faults(formula_terms([tmp_path / "made"], natures), natures.words)
    return [(one.what, int(one.where.rpartition(":")[2])) for one in found]


FIRST = len(COUNTS.splitlines()) + 2
"""Line of the first term."""


def points(part, *, over="[]", least="0", most="30"):
    return f"kind: points, start: 30, parts: [{part}], over: {over}, least: {least}, most: {most}"


def share(above, below="due", way="more"):
    return f"kind: share, points: 20, numerator: {above}, denominator: {below}, way: {way}"


@cache
def shipped():
    natures = read_natures(BOOKS)
    terms = list(formula_terms(BOOKS, natures))
    return terms, list(formula_faults(terms, natures.words))


def test_what_the_house_ships_is_clean_but_for_what_a_district_publishes():
    terms, faults = shipped()
    assert len(terms) > 200
    assert {fault.where.partition(":")[0] for fault in faults} == {"china/city_management/formulas/jinniu.yaml"}


def test_the_published_formulas_are_flagged_where_the_reference_says():
    _, faults = shipped()
    by_formula = {}
    for fault in faults:
        by_formula.setdefault(re.split("/", fault.found)[0], set()).add(fault.what)
    assert by_formula == {
        "jinniu_fume_complaints": {PUNISHES, NO_LEAST, BY_SIZE},
        "jinniu_online_complaints": {PUNISHES, NO_LEAST, BY_SIZE},
        "jinniu_illegal_structures": {REWARDS},
    }


@pytest.mark.parametrize(
    ("term", "what"),
    [
        (points("{each: -1, count: complaints}"), [PUNISHES]),
        (points("{each: -1, count: complaints}", least="null"), [PUNISHES, NO_LEAST]),
        (points("{each: -1, count: complaints}", over="[area]", least="null"), [PUNISHES, NO_LEAST, BY_SIZE]),
        (share("complaints", way="less"), [PUNISHES]),
        (points("{each: 1, count: area}", over="[complaints]"), [PUNISHES]),
        (points("{each: 1, count: fines}"), [REWARDS]),
        (points("{each: 1, count: fines}", most="null"), [REWARDS, NO_MOST]),
        (share("fines"), [REWARDS]),
        (points("{each: 1, count: visits}"), [REWARDS_VISITS]),
        (share("handled", "own"), [BY_OWN_WORD]),
        (points("{each: 1, count: handled}", most="null"), [NO_MOST]),
        (points("{each: 1, count: handled}", over="[area]", most="null"), [NO_MOST, BY_SIZE]),
        (points("{each: -1, count: handled}", least="null"), [NO_LEAST]),
        (points("{each: -1, count: hidden}"), [UNDECLARED]),
        (points("{each: -1, count: unsaid}"), [PUNISHES]),
        (share("hidden", way="less"), [UNDECLARED]),
    ],
)
def test_a_bad_term_is_told_with_its_line(tmp_path, term, what):
    found = linted(tmp_path, share("handled"), term)
    assert [one for one, _ in found] == what
    assert {line for one, line in found if one != UNDECLARED} <= {FIRST + 1}


@pytest.mark.parametrize(
    "term",
    [
        share("handled"),
        share("solved", "complaints"),
        share("handled", way="less"),
        points("{each: 1, count: complaints}"),
        points("{each: -1, count: fines}"),
        points("{each: -1, count: handled}", over="[area]"),
        points("{each: 1, count: handled}", least="null"),
        points("{each: 1, count: solved}"),
    ],
)
def test_a_sound_term_is_left_alone(tmp_path, term):
    assert linted(tmp_path, term) == []


def book(tmp_path, better="lower", nature="complaint", more=""):
    folder = tmp_path / "book"
    (folder / "indicators").mkdir(parents=True)
    (folder / "trust").mkdir()
    (folder / "trust" / "natures.yaml").write_text(f"indicators: {{calls: {nature}}}\n")
    (folder / "indicators" / "calls.yaml").write_text(
        f"id: calls\ntitle: {{zh: 万人来件, en: Items a head}}\nbetter: {better}\n", "utf-8"
    )
    (folder / "composites.yaml").write_text(
        f"streets:\n  scale: {'zscore' if more == 'open' else 'minmax'}\n  of:\n    - group: g\n      of:\n"
        f"        - {{indicator: calls{'' if more == 'open' else more}}}\n"
    )
    natures = read_natures([*BOOKS, folder])
    found = formula_faults(formula_terms([folder], natures), natures.words)
    return [(one.what, one.where) for one in found]


def test_an_indicator_that_is_better_with_fewer_complaints_is_told_and_so_is_a_composite_of_it(tmp_path):
    assert book(tmp_path) == [
        (PUNISHES, "book/indicators/calls.yaml:3"),
        (PUNISHES, "book/composites.yaml:6"),
    ]


def test_a_component_may_not_turn_it_round(tmp_path):
    assert book(tmp_path, "neither", more=", better: lower") == [(PUNISHES, "book/composites.yaml:6")]


@pytest.mark.parametrize(
    ("better", "nature", "what"),
    [
        ("higher", "penalty", REWARDS),
        ("higher", "inspection", REWARDS_VISITS),
        ("neither", "complaint", None),
        ("lower", "result", None),
        ("lower", "penalty", None),
    ],
)
def test_indicators_by_nature(tmp_path, better, nature, what):
    assert {one for one, _ in book(tmp_path, better, nature)} == ({what} if what else set())


def test_standard_scores_have_no_bound(tmp_path):
    assert [one for one, _ in book(tmp_path, "lower", "result", "open")] == [NO_LEAST]


def test_an_unknown_count_or_nature_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no such count"):
        linted(tmp_path, share("handeld"))
    with pytest.raises(BadInput, match="no such nature"):
        linted(tmp_path, share("due"), counts=COUNTS.replace("nature: size", "nature: big").replace("due: {", "x: {")
               .replace("area: {", "due: {"))  # fmt: skip

"""The report of an audit: what the public is shown cannot be worked back to a small count."""

import numpy as np
import pytest

from tulou.kernel.words import LANGUAGES, Words
from tulou.operations.trust.adapters.reading import read_rules
from tulou.publish.paper.content import Sheet, Text
from tulou.publish.trust.report import Proved, TrustMaterial, shown_readings, trust_paper

FAULT = ("cases:7", Words("断", "broken"))
READINGS = {
    ("contact", "urban_management"): 412,
    ("contact", "gas"): 55,
    ("danger", "fire"): 3,
    ("call_back", "desk"): 90,
}


def material(*, is_public=False, faults=(), readings=READINGS, refused=17):
    part = Proved(Words("案件", "Cases"), 20, "0123456789abcdef", faults, Words("", ""))
    purposes = {name: one.title for name, one in read_rules(["china"]).purposes.items()}
    outcomes = {"granted": sum(readings.values()), "refused": refused}
    return TrustMaterial(
        "榕城", "2026-11", [part], readings, purposes, {"gas": Words("燃气", "Gas")}, outcomes,
        [(Words("抹除", "erase"), 2)], [("a.yaml:3", "f/t", Words("罚", "punishes"))], 0, 1200, has_accounts=False,
        least=10, is_public=is_public, is_synthetic=True,
    )  # fmt: skip


def told(paper):
    """Every value of a paper."""
    sheets = [one for one in paper.parts if isinstance(one, Sheet)]
    texts = [one.text for one in paper.parts if isinstance(one, Text)]
    return [value for one in sheets for row in one.rows for value in row] + texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_within_the_house_counts_stand_by_body_and_purpose(language):
    values = told(trust_paper(material(), language))
    for count in (412, 55, 3, 90, 467, 560):
        assert count in values
    assert {"燃气", "Gas"} & set(values)
    assert "012345678" in "".join(map(str, values))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_sees_no_small_count_and_none_that_gives_one_away(language):
    values = told(trust_paper(material(is_public=True), language))
    assert 3 not in values
    assert "·" in values
    assert "erase: 2" not in values
    assert not any(str(value) == "2" for value in values)


def test_sums_that_are_shown_hide_the_small_one():
    table = np.array([[412, 0, 0], [55, 0, 0], [0, 3, 0], [0, 0, 90]])
    shown = shown_readings(material(is_public=True), table)
    whole = np.pad(table, ((0, 1), (0, 1)))
    whole[:-1, -1], whole[-1, :-1], whole[-1, -1] = table.sum(1), table.sum(0), table.sum()
    seen = ~np.isnan(shown)
    assert (shown[seen] == whole[seen]).all()
    assert (whole[seen] >= 10).all()
    for sums in (shown[:-1, -1], shown[-1, :-1]):
        assert np.isnan(sums).sum() != 1 or np.isnan(shown[-1, -1])
    assert (shown_readings(material(), table) == whole).all()


def test_refusals_below_the_least_are_hidden():
    lead = [one.text for one in trust_paper(material(is_public=True, refused=2), "en").parts if isinstance(one, Text)]
    assert "Granted 560 times, refused · times." in lead
    assert "Granted 560 times, refused 17 times." in [
        one.text for one in trust_paper(material(is_public=True), "en").parts if isinstance(one, Text)
    ]


def test_what_is_wrong_stands_with_its_place():
    values = told(trust_paper(material(faults=[FAULT]), "en"))
    assert "cases:7" in values
    assert "broken" in values
    assert any("Parts that are wrong: 1" in str(value) for value in values)


def test_a_period_without_readings_says_so():
    assert any("Nobody looked" in str(value) for value in told(trust_paper(material(readings={}), "en")))

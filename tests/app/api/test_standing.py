"""How a check stands: counts at each level add up, gaps name what is lacking, tiers keep who is unknown."""

import shutil
from collections import Counter

import pytest
from fastapi.testclient import TestClient

from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.scoring import evaluate_check
from tulou.app.wiring import open_city


@pytest.fixture(scope="module")
def kept(rongcheng, tmp_path_factory):
    """The synthetic city checked by the rulebook that asks for composite scores."""
    city = tmp_path_factory.mktemp("standing") / "rongcheng.city"
    shutil.copytree(rongcheng, city)
    return checking.run(open_city(city), checking.Question(rulebooks=("rongcheng",)))


@pytest.fixture(scope="module")
def ask(kept):
    client = TestClient(application({"rongcheng": kept.folder.parent.parent}, ("testserver",)))

    def asked(path, status=200, **query):
        answer = client.get(f"/cities/rongcheng/checks/newest{path}", params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def official(kept):
    return [row for row in kept.check.results.to_pylist() if not row["variant"]]


def test_levels_go_from_the_city_down_and_hold_every_figure(ask, kept):
    found = ask("/levels", lang="en")["levels"]
    assert [one["id"] for one in found] == ["city", "district", "block", "community"]
    rows = official(kept)
    for level in found:
        mine = [row for row in rows if row["level"] == level["id"]]
        assert sum(level["status"].values()) == len(mine)
        assert level["units"] == len({row["unit"] for row in mine})
        by_dimension = Counter()
        for one in level["dimensions"]:
            by_dimension.update(one["status"])
        assert by_dimension == level["status"]


def test_every_figure_that_was_not_assessed_stands_under_its_reason(ask, kept):
    lacking = [row for row in official(kept) if row["status"] == "not assessed"]
    found = ask("/gaps", lang="en")["gaps"]
    assert sum(sum(one["units"].values()) for one in found) == len(lacking)
    assert {one["id"] for gap in found for one in gap["indicators"]} == {row["indicator"] for row in lacking}
    assert len(found[0]["indicators"]) == max(len(one["indicators"]) for one in found)
    shelter = next(one for one in found if one["lacking"] == "population.emergency_sheltered")
    assert "emergency shelter" in shelter["says"]
    assert "紧急避难" in next(one for one in ask("/gaps")["gaps"] if one["lacking"] == shelter["lacking"])["says"]


def test_tiers_are_those_of_the_composite_and_keep_units_without_a_score(ask, kept):
    (named,) = [one for one in ask("/composites", lang="en")["composites"] if one["level"] == "community"]
    found = ask(f"/composites/{named['id']}", lang="en", limit=1000)
    same = evaluate_check(kept, named["id"]).scored.table.to_pylist()
    assert [(one["unit"], one["tier"], one["rank_low"], one["rank_high"]) for one in found["units"]] == [
        (row["unit"], row["tier"], row["rank_low"], row["rank_high"]) for row in same
    ]
    assert found["tiers"] == max(row["tier"] for row in same if row["tier"])
    unknown = [one for one in found["units"] if one["status"] == "not scored"]
    assert unknown
    assert all(one["tier"] is None and one["score"] is None for one in unknown)
    assert named["weights"].startswith("demonstration")


def test_a_composite_nobody_asked_for_is_told_with_those_there_are(ask):
    told = ask("/composites/livable_comunities", status=400, lang="en")
    (fault,) = told["faults"]
    assert fault["guess"] == "livable_communities"
    ask("/composites/livable_communities", status=400, level="person")

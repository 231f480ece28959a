"""Checks over HTTP say what the kept check says."""

import pytest

from tulou.app import checking
from tulou.app.wiring import open_city

ASKED = ("building_density", "road_density", "complete_communities")


@pytest.fixture(scope="module")
def kept(folder):
    return checking.run(open_city(folder), checking.Question())


@pytest.fixture
def rows(kept, get):
    def asked(path, **query):
        answer = get(f"/checks/{kept.check.id}{path}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


def test_checks_are_listed_and_the_newest_is_named(kept, get):
    found = get("/checks").json()
    assert found["newest"] == kept.check.id
    (only,) = found["checks"]
    assert (only["day"], only["synthetic"]) == ("2026-06-01", True)
    assert get("/checks/newest").json()["id"] == kept.check.id


def test_figures_of_the_whole_city_and_counts_by_dimension(rows, kept):
    found = rows("", lang="en")
    official = [one for one in found["figures"] if not one["variant"]]
    assert sum(found["status"].values()) == len(found["figures"])
    assert sum(sum(one["status"].values()) for one in found["dimensions"]) == len(official)
    assert len(official) == len(kept.check.results["indicator"].unique())
    lacking = next(one for one in official if one["status"] == "not assessed")
    assert (lacking["value"], lacking["says"]) == (None, "not assessed")
    assert lacking["reason"]


def test_results_are_chosen_and_paged(rows):
    every = rows("/results", level="community", limit=10_000)
    assert {one["level"] for one in every["results"]} == {"community"}
    one = every["results"][0]
    only = rows("/results", level="community", indicator=one["indicator"], unit="c1")
    assert only["matched"] == 1
    assert rows("/results", limit=2, offset=1)["results"] == rows("/results", limit=3)["results"][1:]
    assert rows("/results", variant="*")["matched"] > rows("/results")["matched"]


def test_definitions_come_with_their_evidence(rows):
    found = {one["id"]: one for one in rows("/indicators", lang="zh")["indicators"]}
    assert found["road_density"]["title"]
    assert found["road_density"]["evidence"] in {"sourced", "derived", "memory", "none"}
    assert all(one["question"] for one in found.values())


def test_findings_lie_on_the_map(rows, kept):
    found = rows("/findings", lang="en")
    assert found["numberMatched"] == kept.diagnosis.findings.num_rows
    for one in found["features"]:
        assert one["properties"]["says"] in {"fail", "to confirm"}
        assert one["properties"]["title"]


def test_a_number_is_explained(rows):
    told = rows("/explain", indicator="road_density", lang="en")
    assert told["lines"][0].startswith(told["title"])
    assert told["chain"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/checks/none", 404), ("/checks/newest/explain", 400), ("/checks/newest/explain?indicator=none", 400)],
)
def test_what_is_not_there(kept, get, path, status):
    assert get(path).status_code == status


@pytest.mark.parametrize("path", ["/checks", "/cases", "/jobs", "/processes", "/tracker", "/checks/newest/results"])
def test_a_misspelt_parameter_is_not_passed_over(kept, get, path):
    answer = get(path, levl="community")
    assert answer.status_code == 400
    (fault,) = answer.json()["faults"]
    assert fault["where"] == "levl"

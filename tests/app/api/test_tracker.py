"""The tracker over HTTP says what the command line says, without who gave what."""

import shutil
from datetime import date

import pytest
from fastapi.testclient import TestClient

from tulou.app import tracking_json
from tulou.app.api.application import application
from tulou.app.tracking import open_tracker
from tulou.app.tracking_sample import track_rongcheng

DAY = "2026-11-27"


@pytest.fixture(scope="module")
def tracked(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("tracked") / "small.city"
    shutil.copytree(folder, path)
    track_rongcheng(path)
    return path


@pytest.fixture(scope="module")
def told(tracked):
    with TestClient(application({"small": tracked}, ("testserver",)), raise_server_exceptions=False) as client:
        yield lambda path, **query: client.get(f"/cities/small/tracker{path}", params=query)


def test_the_overview_is_that_of_the_command_line(told, tracked):
    tracker = open_tracker(tracked)
    seen = tracker.seen(date.fromisoformat(DAY))
    found = told("", on=DAY, soon=30).json()
    wanted = tracking_json.overview(tracker, seen, "clause", 30)
    assert found["all"] == wanted["all"]
    assert [one["key"] for one in found["groups"]] == [one["key"] for one in wanted["groups"]]
    assert sum(one["total"] for one in found["groups"]) == found["all"]["total"] > 0
    assert told("", on="2020-01-01").json()["entries"] == 0


def test_one_commitment_without_who_gave_its_evidence(told, tracked):
    tracker = open_tracker(tracked)
    standings = tracker.seen(date.fromisoformat(DAY)).standings
    name = next(name for name, one in standings.items() if one.evidence)
    found = told(f"/{name}", on=DAY).json()
    assert (found["state"], found["id"]) == (standings[name].state, name)
    assert [one["sha256"] for one in found["evidence"]] == [one.digest for one in standings[name].evidence]
    for one in [*found["evidence"], *found["history"]]:
        assert not one.keys() & {"who", "name", "source", "facts"}
    assert "set_by" not in found


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [("/99.9", {}, 404), ("", {"by": "who"}, 400), ("", {"on": "soon"}, 400), ("", {"asOf": "99999"}, 400),
     ("", {"asOf": "soon"}, 400)],
)  # fmt: skip
def test_what_is_not_there(told, path, query, status):
    assert told(path, **query).status_code == status


def test_every_commitment_is_listed_once_with_where_it_stands(told):
    found = told("", on=DAY, lang="en").json()
    lines = {one["id"]: one for one in found["commitments"]}
    assert len(lines) == len(found["commitments"]) == found["all"]["total"]
    for state in found["states"]:
        stand = sum(one["state"] == state["id"] for one in lines.values())
        assert stand == found["all"]["states"][state["id"]]
    assert sum(one["overdue"] for one in lines.values()) == found["all"]["overdue"] > 0
    assert lines["6.1"]["lead"] == ["Housing bureau (synthetic)"]
    assert {name for group in found["groups"] for name in group["commitments"]} == set(lines)
    assert all(one["why_title"] and one["title"] for one in found["pressing"])
    assert told("", on=DAY, lang="zh").json()["commitments"][0]["says"] != found["commitments"][0]["says"]


def test_a_commitment_tells_in_words_what_is_there_and_what_lacks_but_nobody(told, tracked):
    seen = open_tracker(tracked).seen(date.fromisoformat(DAY))
    for name, standing in seen.standings.items():
        if not standing.evidence:
            continue
        words = told(f"/{name}", on=DAY, lang="en").json()["words"]
        there = {one["kind"] for one in words["needs"] if one["there"]}
        assert there == {*standing.commitment.needs} - {*standing.lacking}
        assert len(words["given"]) == len(standing.evidence)
        judged = words["second_party"]
        assert (judged is None) == (standing.verification is None)
        for item in standing.evidence:
            assert item.name not in str(words)
        assert all(not one.who or one.who not in str(words) for one in seen.events)


def test_a_second_party_is_named_with_what_it_said(told, tracked):
    seen = open_tracker(tracked).seen(date.fromisoformat(DAY))
    name = next(name for name, one in seen.standings.items() if one.verification)
    found = told(f"/{name}", on=DAY, lang="en").json()["words"]["second_party"]
    assert found["by"] == seen.agenda.body_title(seen.standings[name].verification.by).en
    assert found["says"] in {"confirmed", "refused"}

"""Rules of responsibility from the command line: a dispute, its settlement, a proposal, its adoption, a dispatch."""

import json

import pytest

from app.line import fine, refused
from tulou.app import exits
from tulou.app.case_rules import Rules
from tulou.app.casework import open_casework

MORNING = "2026-03-02T09:00"
CELL = "350102003005012"


def opened(city, at=MORNING, kind="dirty_road", cell=CELL):
    out = fine(
        "case", "open", city, "--class", kind, "--text", "mud", "--by", "supervision_centre", "--date", at,
        "--field", f"cell={cell}",
    )  # fmt: skip
    name = out.split(":")[0]
    for move in ("accept", "file"):
        step(city, name, move, "supervision_centre", at=at)
    return name


def step(city, name, move, by, *more, at=MORNING):
    return fine("case", "do", city, name, move, "--by", by, "--date", at, *more)


@pytest.fixture
def disputed(own):
    """A case that the rule gave to a body whose it is not, settled by a named person."""
    name = opened(own)
    assert "urban_management, by rule appearance" in step(own, name, "dispatch", "command_centre")
    step(own, name, "return", "urban_management", "--text", "a park's path", at="2026-03-02T10:00")
    step(
        own, name, "settle", "management_office", "--to", "parks", "--who", "Zhou", "--text", "paths in parks",
        at="2026-03-02T11:00",
    )  # fmt: skip
    return own


def proposal(city):
    (one,) = json.loads(fine("case", "rules", city, "--json"))["proposals"]
    return one


def test_a_settled_dispute_becomes_a_rule_only_when_a_named_person_adopts_it(disputed):
    one = proposal(disputed)
    assert (one["body"], one["territory"], one["precedents"]) == ("parks", "350102003", ["C000001"])
    second = opened(disputed, "2026-03-03T09:00")
    assert "urban_management, by rule appearance" in step(
        disputed, second, "dispatch", "command_centre", at="2026-03-03T09:05"
    )
    decide = ("case", "decide", disputed, one["id"], "adopt", "--by", "management_office", "--text", "as settled")
    refused(exits.BAD_USE, *decide)
    assert "In force" in fine(*decide, "--who", "Zhou", "--date", "2026-03-04T09:00")
    assert json.loads(fine("case", "rules", disputed, "--json"))["proposals"] == []
    third = opened(disputed, "2026-03-05T09:00")
    assert "parks, by rule C000003" in step(disputed, third, "dispatch", "command_centre", at="2026-03-05T09:05")
    elsewhere = opened(disputed, "2026-03-05T09:00", cell="350102009005012")
    assert "by rule appearance" in step(disputed, elsewhere, "dispatch", "command_centre", at="2026-03-05T09:05")
    assert "each allowed" in fine("case", "verify", disputed)


def test_a_replay_asks_the_rules_of_the_day(disputed):
    one = proposal(disputed)
    fine(
        "case", "decide", disputed, one["id"], "adopt", "--by", "management_office", "--text", "as settled",
        "--who", "Zhou", "--date", "2026-03-04T09:00",
    )  # fmt: skip
    fine(
        "case", "do", disputed, "C000002", "repeal", "--by", "management_office", "--text", "a new park law",
        "--who", "Zhou", "--date", "2026-06-01T09:00",
    )  # fmt: skip
    work = open_casework(disputed)
    case = work.cases(work.clock())["C000001"]
    asked = {
        day: Rules(work, work.moment(f"{day}T12:00", "--at")).suggestion(case).body
        for day in ("2026-03-03", "2026-03-04", "2026-05-31", "2026-06-02")
    }
    assert asked == {
        "2026-03-03": "urban_management",
        "2026-03-04": "parks",
        "2026-05-31": "parks",
        "2026-06-02": "urban_management",
    }
    (event,) = [one for one in work.store.events("C000001") if one.move == "dispatch"]
    assert [one["id"] for one in event.facts["rules"]] == ["appearance"]


def test_rules_are_told_in_both_languages(disputed):
    assert "由已裁定的争议提出" in (out := fine("case", "rules", disputed, language="zh"))
    assert "urban_management 退回，Zhou 裁定：paths in parks" in out
    assert "returned by urban_management, settled by Zhou" in fine("case", "rules", disputed)


def test_where_no_rule_fits_the_body_must_be_given(own):
    name = opened(own, kind="standing_water")
    said = refused(exits.BAD_USE, "case", "do", own, name, "dispatch", "--by", "command_centre", "--date", MORNING)
    assert "no rule says who answers" in said
    assert "no rule fits" in step(own, name, "dispatch", "command_centre", "--to", "water_utility")


def test_a_refused_proposal_is_on_record_and_proposed_no_more(disputed):
    one = proposal(disputed)
    args = ("--by", "management_office", "--who", "Zhou", "--text", "one case only")
    assert "Refused" in fine("case", "decide", disputed, one["id"], "refuse", *args)
    assert json.loads(fine("case", "rules", disputed, "--json"))["proposals"] == []
    assert "no such proposal" in refused(exits.BAD_USE, "case", "decide", disputed, one["id"], "adopt", *args)

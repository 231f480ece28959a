"""Claims: who says that a list is complete, and what may be said then."""

import shutil

import pytest

from app.line import contents, fine, refused
from tulou.app.claiming import claims_of
from tulou.app.wiring import dictionary, rulebook
from tulou.kernel.errors import BadUse

BAD_USE = 4


@pytest.fixture
def city(helsinki, tmp_path):
    """Central Helsinki as OpenStreetMap has it: no list is claimed complete."""
    place = tmp_path / "own.city"
    shutil.copytree(helsinki, place)
    return place


def asked(city, indicator):
    """The line of counts of one indicator's check: pass, fail, to confirm, reference, not assessed."""
    out = fine("check", city, "--indicator", indicator, "--format", "none")
    return [int(number) for number in next(line for line in out.splitlines() if line.startswith("Total")).split()[1:]]


def test_a_verdict_is_given_once_its_lists_are_claimed_complete(city):
    assert asked(city, "bus_stop_cover") == [0, 0, 0, 1, 0]
    assert "claim" not in fine("log", city)
    out = fine("claim", city, "stop", "construction_land", "--who", "transport bureau", "-m", "survey of stops")
    assert out == "Commit 5: complete: stop, construction_land\n"
    assert asked(city, "bus_stop_cover") == [1, 0, 0, 0, 0]
    assert "transport bureau" in fine("log", city)
    assert "survey of stops" in fine("log", city)


def test_a_claim_can_be_taken_back(city):
    fine("claim", city, "stop", "construction_land")
    assert "撤回完整声明：stop" in fine("claim", city, "stop", "--withdraw", language="zh")
    assert asked(city, "bus_stop_cover") == [1, 0, 0, 0, 0], "more stops can only cover more"
    fine("claim", city, "construction_land", "--withdraw")
    assert asked(city, "bus_stop_cover") == [0, 0, 0, 1, 0]


def test_a_claim_of_all_land_tells_which_land_may_belong_to_what(city):
    """All parcels are on record; of some nobody knows whether they are built up, so no list by that is complete."""
    out = fine("claim", city, "stop", "parcel")
    assert out.startswith("Commit 5: complete: stop, parcel\nThese lists stay open")
    line = next(line for line in out.splitlines() if line.startswith("construction_land"))
    assert "53" in line
    assert "Is built-up land" in line
    assert "bus_stop " not in out
    assert asked(city, "bus_stop_cover") == [0, 0, 0, 1, 0]
    assert fine("claim", city, "construction_land") == "Commit 6: complete: construction_land\n"
    assert asked(city, "bus_stop_cover") == [1, 0, 0, 0, 0]
    assert "仍未闭合" in fine("claim", city, "parcel", language="zh")


def test_what_fails_on_record_is_told_apart_from_what_is_proven(city):
    assert asked(city, "fire_rescue_reach") == [0, 0, 1, 0, 0]
    out = fine("findings", city, "--indicator", "fire_rescue_reach")
    body = [line for line in out.splitlines()[2:] if line.startswith(("fail", "to confirm"))]
    assert body
    assert all(line.startswith("to confirm") for line in body)
    assert "tulou claim" in out
    assert "0 findings" in fine("check", city, "--indicator", "fire_rescue_reach", "--format", "none")
    fine("claim", city, "fire_station", "road", "parcel")
    assert asked(city, "fire_rescue_reach") == [0, 1, 0, 0, 0]
    out = fine("findings", city, "--indicator", "fire_rescue_reach")
    assert "to confirm" not in out
    assert "tulou claim" not in out


def test_a_selection_is_claimed_by_its_categories_and_leaves_others_open():
    selections, known = rulebook().selections, dictionary()
    assert claims_of(["stop"], selections, known) == {"stop": ("*",)}
    found = claims_of(["primary_school", "nursery"], selections, known)
    assert set(found) == {"facility"}
    assert {"category=primary_school", "category=nursery"} <= set(found["facility"])
    with pytest.raises(BadUse, match="no such list") as caught:
        claims_of(["fire_statoin"], selections, known)
    assert caught.value.faults[0].guess == "fire_station"


def test_a_list_that_does_not_exist_leaves_the_city_as_it_was(city):
    before = contents(city)
    assert "busstop" in refused(BAD_USE, "claim", city, "stop", "busstop")
    assert "没有这个清单" in refused(BAD_USE, "claim", city, "busstop", language="zh")
    assert contents(city) == before


def test_a_claim_needs_a_city_that_holds_something(tmp_path):
    fine("init", tmp_path / "new.city")
    refused(2, "claim", tmp_path / "new.city", "stop")

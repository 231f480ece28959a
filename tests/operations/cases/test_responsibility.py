"""Who answers: owner first for parts, territory first for events, and rules that grow from settled disputes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from operations.cases.desk import START, flows
from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.adapters.responsibility import read_responsibility
from tulou.operations.cases.domain.responsibility import (
    OWNER,
    Question,
    Rule,
    conflicts,
    proposals,
    question_of,
    settlements,
    suggested,
)

DAY = timedelta(days=1)
SHIPPED = read_responsibility(["china"], flows())
TERMS = SHIPPED.terms["city_management"]
CELL = "350102003005012"


def rule(name, body, *, since=START - 9 * DAY, **more):
    return Rule(name, "city_management", body, since, **more)


def asked(topic="dirty_road", matter="event", owner="", territory=CELL):
    return Question(topic, matter, owner, territory)


OWNED = rule("owned", OWNER, matter="part")
STREET = rule("street", "street_office", territories=("350102003",))
TOPIC = rule("topic", "urban_management", topics=("dirty_road",))


def test_parts_go_to_their_owner_first_and_events_to_the_territory_first():
    """部件先属主后属地，事件先属地后属主 (methods, S05)."""
    owner = rule("owner", "water_utility", owners=("water_utility",))
    held = [STREET, owner, TOPIC]
    assert suggested(asked(matter="part", owner="water_utility"), held, START).body == "water_utility"
    assert suggested(asked(matter="event", owner="water_utility"), held, START).body == "street_office"
    assert suggested(asked(matter="part"), held, START).body == "street_office", "no owner is known"
    assert suggested(asked(territory="350102004005012"), held, START).body == "urban_management"
    assert suggested(asked(matter="event", owner="water_utility", territory="x"), held, START).body == "water_utility"


def test_the_owner_itself_answers_where_the_rule_says_so():
    assert suggested(asked(matter="part", owner="gas"), [OWNED, STREET], START).body == "gas"
    assert suggested(asked(matter="event", owner="gas"), [OWNED, STREET], START).body == "street_office"
    assert suggested(asked(matter="part", territory=""), [OWNED], START).body == ""


def test_the_rule_that_says_more_decides_and_equals_that_disagree_suggest_nobody():
    closer = rule("closer", "parks", topics=("dirty_road",), territories=("350102003005",))
    assert suggested(asked(), [STREET, closer], START).body == "parks"
    other = rule("other", "housing", territories=("350102",))
    found = suggested(asked(), [STREET, other], START)
    assert (found.body, found.is_disputed, {one.id for one in found.rules}) == ("", True, {"street", "other"})
    assert conflicts([STREET, other, closer], START) == [(STREET, other)]
    assert not suggested(asked(), [], START).is_disputed


def test_a_rule_holds_from_its_day_until_its_end_and_a_replay_asks_those_of_the_day():
    old = replace(STREET, until=START)
    new = rule("new", "housing", since=START, territories=("350102003",))
    assert suggested(asked(), [old, new], START - DAY).body == "street_office"
    assert suggested(asked(), [old, new], START).body == "housing"
    assert suggested(asked(), [old, new], START - 10 * DAY).body == ""


def test_the_shipped_rules_name_bodies_and_say_what_they_rest_on():
    assert {one.id: one.body for one in SHIPPED.rules if one.flow == "city_management"} == {
        "owner_of_the_part": OWNER,
        "appearance": "urban_management",
        "greenery": "parks",
        "water_bodies": "environment",
    }
    assert all(one.source for one in SHIPPED.rules)
    assert conflicts(SHIPPED.rules, datetime(2026, 6, 1, tzinfo=UTC)) == []


def dispute(desk, winner="parks", *, cell=CELL, who="Zhou", kind="dirty_road"):
    name = desk.open(kind, fields={"cell": cell})
    desk.walk(name, "dispatch")
    desk.do(name, "return", "urban_management", reason="a park's path")
    desk.do(name, "settle", "management_office", body=winner, reason="paths in parks are the parks'", who=who)
    return name


def told(desk):
    cases = desk.replay().values()
    return [each for one in cases for each in settlements(one, desk.store.events(one.id), TERMS)]


def test_a_settled_dispute_proposes_a_rule_for_its_street_with_its_precedents(desk):
    first, second = dispute(desk), dispute(desk, cell="350102003009001")
    dispute(desk, "housing", cell="350102004001001")
    found = proposals(told(desk), TERMS, {})
    assert [(one.topic, one.territory, one.body) for one in found] == [
        ("dirty_road", "350102003", "parks"),
        ("dirty_road", "350102004", "housing"),
    ]
    assert [one.case for one in found[0].precedents] == [first, second]
    (one, _) = found[0].precedents
    assert (one.who, one.reason, one.returned) == ("Zhou", "paths in parks are the parks'", ("urban_management",))
    assert found[0].against == ()


def test_disputes_that_were_settled_otherwise_are_told_beside(desk):
    dispute(desk, "parks")
    other = dispute(desk, "housing")
    parks, housing = proposals(told(desk), TERMS, {})
    assert (parks.body, [one.case for one in parks.against]) == ("parks", [other])
    assert (housing.body, len(housing.against)) == ("housing", 1)


def test_what_was_decided_is_proposed_no_more_until_a_later_dispute(desk):
    dispute(desk)
    (one,) = proposals(told(desk), TERMS, {})
    assert proposals(told(desk), TERMS, {one.id: None}) == []
    assert proposals(told(desk), TERMS, {one.id: START}) == []
    desk.later(days=3)
    dispute(desk)
    (again,) = proposals(told(desk), TERMS, {one.id: START})
    assert (again.id, len(again.precedents)) == (one.id, 1)


def test_a_return_that_is_simply_dispatched_again_settles_nothing(desk):
    name = desk.open()
    desk.walk(name, "dispatch")
    desk.do(name, "return", "urban_management", reason="not ours")
    desk.do(name, "dispatch", "command_centre", body="parks")
    assert told(desk) == []


def test_a_part_is_told_by_its_code(desk):
    name = desk.open(fields={"part": "3501020101000001", "owner": "water_utility"}, place="350102003")
    assert question_of(desk.case(name), TERMS) == Question("dirty_road", "part", "water_utility", "350102003")


SOME = {
    "topics": some.sampled_from([(), ("a",), ("b",), ("a", "b")]),
    "owners": some.sampled_from([(), ("x",), ("y",)]),
    "territories": some.sampled_from([(), ("1",), ("12",), ("2",)]),
    "matter": some.sampled_from(["", "part", "event"]),
    "precedents": some.sampled_from([(), ("C1",)]),
    "body": some.sampled_from(["x", "y", OWNER]),
}


@given(some.lists(some.fixed_dictionaries(SOME), max_size=4))
def test_a_suggestion_is_disputed_only_where_a_conflict_is_told(drawn):
    """Against every question there is: whoever is told of no conflict meets none, save with the owner as body."""
    rules = [rule(str(place), **said) for place, said in enumerate(drawn)]
    pairs = {frozenset((one.id, other.id)) for one, other in conflicts(rules, START)}
    for topic, matter, owner, territory in product("abc", ("part", "event"), ("", "x", "y"), ("1", "12", "123", "2")):
        found = suggested(Question(topic, matter, owner, territory), rules, START)
        if found.is_disputed:
            assert any(frozenset((one.id, other.id)) in pairs for one in found.rules for other in found.rules)
        if found.body:
            fitting = [one for one in rules if one.fits(Question(topic, matter, owner, territory))]
            assert min(one.rank(matter) for one in fitting) == found.rules[0].rank(matter)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("body: parks", "body: parcs", "there is no such body"),
        ("returned: return", "returned: retrun", "there is no such transition"),
        ("owner: owner", "owner: ownr", "there is no such field"),
        ("flow: city_management", "flow: city_managment", "there is no such flow"),
        ("matter: part", "matter: pat", "not a value of 'matter'"),
        ("topics: [green_upkeep]", "topic: [green_upkeep]", "unknown key"),
    ],
)
def test_faults_of_a_page_are_told_with_their_place(tmp_path, right, wrong, says):
    text = (find_rulebook("china") / "responsibility" / "city_management.yaml").read_text("utf-8")
    assert right in text
    folder = tmp_path / "ours"
    (folder / "responsibility").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text("id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n")
    (folder / "responsibility" / "page.yaml").write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(BadInput, match=says) as caught:
        read_responsibility([folder], read_flows([folder]))
    assert "page.yaml:" in caught.value.faults[0].where

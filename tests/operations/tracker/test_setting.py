"""Pages of settings: entries like all others, in order of their days, never leaving out what is referred to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from operations.tracker.desk import AGENDA, DAY, words
from tulou.kernel.errors import BadUse
from tulou.operations.tracker.domain.commitment import Body
from tulou.operations.tracker.handlers import setting
from tulou.operations.tracker.handlers.setting import set_page

NEXT = DAY + timedelta(days=1)
DUE = date(2027, 1, 1)


def with_due(name="1.2", due=DUE, **more):
    one = replace(AGENDA.commitments[name], due=due, **more)
    return replace(AGENDA, commitments={**AGENDA.commitments, name: one})


def put(desk, after, *, before=AGENDA, page="a page", by="auditors", day=DAY, who=""):
    return set_page(before, after, desk.journal, page, by=by, happened=day, who=who, clock=desk.clock)


def refused(desk, sentence, after, **more):
    size = desk.size()
    with pytest.raises(BadUse) as caught:
        put(desk, after, **more)
    assert caught.value.faults[0].what.startswith(sentence)
    assert desk.size() == size
    return caught.value.faults[0]


def test_a_page_becomes_an_entry_about_all_commitments(desk):
    event = put(desk, with_due(), page="due: 2027-01-01", who="Office 9")
    assert (event.kind, event.commitment, event.by, event.who) == ("setting", "", "auditors", "Office 9")
    assert event.facts == {"page": "due: 2027-01-01"}
    assert desk.journal.events() == (event,)


def test_what_is_refused(desk):
    refused(desk, "this page sets nothing", AGENDA)
    refused(desk, "there is no such body", with_due(), by="auditor")
    refused(desk, "what has not happened yet", with_due(), day=date(2027, 1, 1))
    refused(desk, "whoever signs has a name", with_due(), who="  ")
    assert not desk.journal.path.exists()


def test_a_page_may_bring_the_body_that_sets_it(desk):
    own = Body("council", words("council"), "government", "city")
    put(desk, replace(with_due(), bodies={**AGENDA.bodies, "council": own}), by="council")
    assert desk.size() == 1


def test_pages_follow_one_another_in_the_world_too(desk):
    put(desk, with_due(), day=NEXT)
    later = with_due(due=DUE + timedelta(days=30))
    assert refused(desk, "a page cannot hold from before", later, before=with_due(), day=DAY).allowed == (
        f"from {NEXT}",
    )
    put(desk, later, before=with_due(), day=NEXT)


def test_a_page_of_absurd_size(desk, monkeypatch):
    monkeypatch.setattr(setting, "MOST_LETTERS", 3)
    refused(desk, "this text is too long", with_due())


def test_bodies_kinds_and_milestones_that_are_referred_to_stay(desk):
    desk.give("1.1", "plan")
    desk.reach("1.2", "half", by="citizens")
    bodies = {name: body for name, body in AGENDA.bodies.items() if name != "citizens"}
    assert refused(desk, "a body that made entries", replace(with_due(), bodies=bodies)).found == "citizens"
    evidence = {"record": AGENDA.evidence["record"]}
    assert refused(desk, "a kind of evidence that was given", replace(with_due(), evidence=evidence)).found == "plan"
    assert refused(desk, "a milestone that was reached", with_due(milestones=())).found == "half"
    unused = {name: body for name, body in AGENDA.bodies.items() if name != "higher"}
    put(desk, replace(with_due(), bodies=unused))

"""Every way a commitment can move, as of a day and a moment of knowing."""

from datetime import date, timedelta

import pytest

from operations.tracker.desk import AGENDA, DAY
from tulou.operations.tracker.domain.standing import CLAIMS, STATES, replay

NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=10)
DUE = date(2026, 6, 30)


def test_without_events_nothing_has_started_and_all_that_lacks_is_said(desk):
    found = desk.standing("1.2")
    assert (found.state, found.lacking) == ("not_started", ("plan", "record"))
    assert found.lacks == ("evidence", "lead", "due", "target")
    assert desk.standing("1.1").lacks == ("evidence", "target")


@pytest.mark.parametrize("state", [state for state in CLAIMS if state != "done"])
def test_a_report_says_where_it_stands(desk, state):
    desk.report("1.1", state)
    assert desk.standing("1.1").state == state


def test_done_then_verified(desk):
    desk.done()
    assert desk.standing("1.1").state == "done"
    assert "verification" in desk.standing("1.1").lacks
    desk.confirm("1.1")
    found = desk.standing("1.1")
    assert found.state == "verified"
    assert found.lacks == ("target",)
    assert found.verification.note == "we looked"


def test_evidence_without_a_report_asks_for_one(desk):
    desk.give("1.1")
    found = desk.standing("1.1")
    assert found.state == "not_started"
    assert "assessment" in found.lacks
    assert found.lacking == ("plan",)


def test_a_refusal_opens_it_again_until_it_is_reported_anew(desk):
    desk.done()
    desk.confirm("1.1", confirms=False, note="half is missing")
    refused = desk.standing("1.1")
    assert (refused.state, "refused" in refused.lacks) == ("on_track", True)
    desk.report("1.1", "done", day=NEXT)
    again = desk.standing("1.1", NEXT)
    assert (again.state, again.verification, "refused" in again.lacks) == ("done", None, False)
    desk.confirm("1.1", day=NEXT)
    assert desk.standing("1.1", NEXT).state == "verified"


def test_evidence_that_comes_or_goes_after_the_second_party_looked_asks_it_to_look_again(desk):
    desk.done()
    extra = desk.give("1.1", digest="a" * 64)
    desk.confirm("1.1")
    assert desk.standing("1.1").state == "verified"
    desk.take_back("1.1", extra.number)
    assert desk.standing("1.1").lacking == ()
    assert desk.standing("1.1").state == "done"
    desk.confirm("1.1", by="citizens")
    assert desk.standing("1.1").state == "verified"
    desk.give("1.1", digest="b" * 64)
    assert desk.standing("1.1").state == "done"


def test_evidence_taken_back_opens_what_was_done_and_stays_on_record(desk):
    desk.done()
    first = desk.standing("1.1").evidence[0]
    desk.take_back("1.1", first.number, reason="of another street")
    found = desk.standing("1.1")
    assert found.state == "on_track"
    assert found.lacking == (first.kind,)
    assert "withdrawn" in found.lacks
    assert [item.withdrawn for item in found.evidence] == ["of another street", ""]
    assert len(found.counted) == 1


def test_a_report_taken_back_gives_way_to_the_one_before(desk):
    desk.report("1.1", "delayed")
    wrong = desk.report("1.1", "on_track", day=NEXT)
    desk.take_back("1.1", wrong.number, day=NEXT)
    assert desk.standing("1.1", NEXT).state == "delayed"


def test_a_confirmation_taken_back_leaves_done(desk):
    desk.done()
    seen = desk.confirm("1.1")
    desk.take_back("1.1", seen.number, by="auditors")
    assert desk.standing("1.1").state == "done"


def test_a_milestone_past_its_day_lacks_until_it_is_reached_and_again_when_taken_back(desk):
    after = date(2026, 4, 2)
    assert "milestone" not in desk.standing("1.2", date(2026, 4, 1)).lacks
    assert "milestone" in desk.standing("1.2", after).lacks
    entry = desk.reach("1.2", "half", day=after)
    assert desk.standing("1.2", after).reached == {"half": after}
    assert "milestone" not in desk.standing("1.2", after).lacks
    desk.take_back("1.2", entry.number, day=after)
    assert "milestone" in desk.standing("1.2", after).lacks


def test_overdue_from_the_day_after_the_day(desk):
    desk.report("1.1", "on_track")
    assert desk.standing("1.1", DUE).state == "on_track"
    late = desk.standing("1.1", DUE + timedelta(days=1))
    assert (late.state, late.is_overdue, late.lacks[0]) == ("delayed", True, "overdue")
    desk.done(day=DUE + timedelta(days=2))
    assert not desk.standing("1.1", DUE + timedelta(days=3)).is_overdue
    assert desk.standing("1.1", DUE + timedelta(days=1)).is_overdue


def test_of_two_reports_the_one_of_the_later_day_counts_whenever_it_was_written(desk):
    desk.report("1.1", "delayed", day=LATER)
    between = desk.journal.events()[-1].known
    desk.report("1.1", "on_track", day=DAY)
    assert desk.standing("1.1", LATER).state == "delayed"
    assert desk.standing("1.1", NEXT).state == "on_track"
    assert desk.standing("1.1", NEXT, known=between).state == "not_started"


def test_a_confirmation_speaks_of_one_report_only(desk):
    desk.done()
    desk.report("1.1", "done", day=LATER, note="a second time")
    desk.confirm("1.1", day=NEXT)
    assert desk.standing("1.1", NEXT).state == "verified"
    assert desk.standing("1.1", LATER).state == "done"


def test_a_second_party_that_reports_later_is_none_any_more(desk):
    desk.done()
    desk.confirm("1.1", day=DAY)
    desk.report("1.1", "done", by="builders", day=DAY)
    desk.confirm("1.1", by="auditors", day=DAY)
    desk.report("1.2", by="auditors", day=NEXT)  # Another commitment: no matter.
    assert desk.standing("1.1", NEXT).state == "verified"
    desk.give("1.1", by="auditors", day=NEXT, digest="c" * 64)
    assert desk.standing("1.1", NEXT).state == "done"


def test_what_happened_later_or_was_known_later_does_not_count(desk):
    desk.done(day=LATER)
    known = desk.journal.events()[0].known
    assert desk.standing("1.1", NEXT).state == "not_started"
    assert len(desk.standing("1.1", LATER, known=known).evidence) == 1
    assert desk.standing("1.1", LATER).state == "done"


def test_every_commitment_is_answered_for_and_every_state_is_known(desk):
    desk.figures["sewer_cover"] = 100.0
    desk.done("2.1")
    found = replay(AGENDA, desk.journal.events(), day=LATER)
    assert list(found) == list(AGENDA.commitments)
    assert {one.state for one in found.values()} <= set(STATES)

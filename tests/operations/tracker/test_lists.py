"""Groups and counts, moves of settings, matters that go upward."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from operations.tracker.desk import AGENDA, DAY
from tulou.operations.tracker.domain.commitment import Target
from tulou.operations.tracker.domain.grouping import WAYS, clause_name, counts, groups, is_soon, pressing
from tulou.operations.tracker.domain.moves import FIELDS, moves
from tulou.operations.tracker.domain.standing import STATES, replay
from tulou.operations.tracker.domain.telling import (
    CLAIM_WORDS,
    ENTRY_WORDS,
    FIELD_WORDS,
    LACK_WORDS,
    STATE_WORDS,
    basis_of,
    event_words,
    journal_words,
    move_words,
)
from tulou.operations.tracker.domain.upward import upgoing

DUE = date(2026, 6, 30)
LATE = DUE + timedelta(days=5)


@pytest.mark.parametrize("way", WAYS)
def test_every_commitment_is_in_a_group(way):
    listed = [name for group in groups(AGENDA, way) for name in group.commitments]
    assert set(listed) == set(AGENDA.commitments)
    assert way == "body" or len(listed) == len(set(listed))


def test_groups_by_body_name_those_that_lead_and_support_and_who_has_nobody():
    found = {group.key: group.commitments for group in groups(AGENDA, "body")}
    assert found == {"builders": ("1.1",), "friends": ("1.1",), "": ("1.2", "2.1", "26.1", "26.2")}


def test_groups_by_day_are_in_order():
    later = replace(AGENDA.commitments["1.2"], due=DUE - timedelta(days=1))
    agenda = replace(AGENDA, commitments={**AGENDA.commitments, "1.2": later})
    assert [group.key for group in groups(agenda, "due")] == ["2026-06-29", "2026-06-30", ""]


def test_the_closing_section_goes_by_its_own_name():
    assert [clause_name(name) for name in ("1", "26")] == ["1", "八"]
    assert basis_of(AGENDA.commitments["26.1"]).zh == "第八部分第1句"
    assert basis_of(AGENDA.commitments["1.1"]).en == "clause 1, sentence 1"


def test_counts(desk):
    desk.done()
    desk.report("1.2", "delayed")
    found = counts(replay(AGENDA, desk.journal.events(), day=LATE), AGENDA.commitments, LATE)
    assert (found.total, found.states["done"], found.states["delayed"], found.overdue) == (5, 1, 1, 0)
    assert found.unset == 4
    empty = counts(replay(AGENDA, (), day=LATE), AGENDA.commitments, LATE)
    assert (empty.overdue, empty.states["delayed"]) == (1, 1)


@pytest.mark.parametrize(("days", "soon"), [(31, False), (30, True), (0, True), (-1, False)])
def test_soon_is_between_today_and_some_days_ahead(days, soon):
    day = DUE - timedelta(days=days)
    assert is_soon(replay(AGENDA, (), day=day)["1.1"], day) is soon


def test_what_presses_comes_by_its_day_with_milestones(desk):
    def told(day):
        standings = replay(AGENDA, desk.journal.events(), day=day)
        return [(one.commitment, one.step, one.why, one.day) for one in pressing(standings, day)]

    half = date(2026, 4, 1)
    assert told(DAY - timedelta(days=30)) == []
    assert told(half - timedelta(days=31)) == []
    assert told(half) == [("1.2", "half", "soon", half)]
    assert told(LATE) == [("1.2", "half", "milestone", half), ("1.1", "", "overdue", DUE)]
    desk.reach("1.2", "half", day=half)
    desk.done("1.1")
    assert told(LATE) == []


def test_what_is_done_is_never_soon(desk):
    desk.done()
    assert not is_soon(desk.standing("1.1", DUE), DUE)


def test_moves_are_every_field_that_differs():
    one = AGENDA.commitments["1.1"]
    target = Target(one.says, "sewer_cover", 100.0)
    after = replace(AGENDA, commitments={**AGENDA.commitments, "1.1": replace(one, due=LATE, target=target, lead=())})
    found = moves(AGENDA, after)
    assert [(move.commitment, move.field) for move in found] == [("1.1", "lead"), ("1.1", "due"), ("1.1", "target")]
    assert [move.is_later for move in found] == [False, True, False]
    assert moves(AGENDA, AGENDA) == ()
    assert [move_words(move).en for move in found] == [
        "lead: builders → not set",
        "due: 2026-06-30 → 2026-07-05",
        "target: not set → promise 1.1 (sewer_cover at least 100)",
    ]
    taken = replace(AGENDA, commitments={**AGENDA.commitments, "1.1": replace(one, due=None)})
    assert moves(AGENDA, taken)[0].is_later
    assert not moves(taken, AGENDA)[0].is_later


def listed(desk, day):
    return [(one.stage, one.under.id, one.about, one.since) for one in upgoing(
        AGENDA, replay(AGENDA, desk.journal.events(), day=day))]  # fmt: skip


def test_matters_wait_longest_first_then_candidates_then_duties_then_answers(desk):
    assert listed(desk, DAY) == [("duty", "26.1", "", None), ("duty", "26.2", "", None)]
    assert listed(desk, LATE)[0] == ("candidate", "26.1", "1.1", DUE)
    second = desk.send(day=DAY + timedelta(days=2), about="2.1")
    desk.send(day=DAY + timedelta(days=1))
    found = listed(desk, LATE)
    assert [one[0] for one in found] == ["waiting", "waiting", "candidate", "duty"]
    assert found[0][3] < found[1][3]
    desk.answer("26.1", second.number, day=LATE)
    assert listed(desk, LATE)[-1][:3] == ("answered", "26.1", "2.1")
    desk.send(day=LATE, about="1.1")
    assert "candidate" not in [one[0] for one in listed(desk, LATE)]


def test_a_refusal_is_a_candidate_from_its_day(desk):
    desk.done()
    desk.confirm("1.1", confirms=False, day=DAY + timedelta(days=3))
    assert listed(desk, DAY + timedelta(days=3))[0] == ("candidate", "26.1", "1.1", DAY + timedelta(days=3))


def test_a_matter_taken_back_is_none(desk):
    entry = desk.send(about="1.1")
    desk.take_back("26.1", entry.number)
    assert [one[0] for one in listed(desk, DAY)] == ["duty", "duty"]


def test_every_entry_has_words_in_both_languages(desk):
    desk.done()
    desk.confirm("1.1")
    desk.reach("1.2", "half")
    sent = desk.send()
    desk.answer("26.1", sent.number)
    given = desk.give("1.2")
    desk.take_back("1.2", given.number)
    for event in desk.journal.events():
        told = event_words(event, AGENDA.evidence)
        assert told.zh, event
        assert told.en, event
        assert ENTRY_WORDS[event.kind].zh
    assert journal_words(desk.journal.events()).en.startswith(f"up to entry {desk.size()}, digest ")
    assert set(STATE_WORDS) == set(STATES)
    assert set(FIELD_WORDS) == set(FIELDS)
    assert {"done", "confirmed", "refused"} <= set(CLAIM_WORDS)
    assert all(words.zh and words.en for words in LACK_WORDS.values())

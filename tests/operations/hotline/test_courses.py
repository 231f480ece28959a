"""Steps of cases and what is counted of them; the flow itself: who may do what, and the bans."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from tulou.app.hotline import open_hotline, subject_of
from tulou.app.wiring import new_city
from tulou.kernel.errors import BadUse
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.domain.limits import LONGEST, Limit
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.hotline.adapters.shelf import SCHEMA
from tulou.operations.hotline.domain.courses import counted
from tulou.operations.hotline.domain.rates import Standing, Tally
from tulou.operations.hotline.domain.request import Request

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, nine in the morning in Fujian."""
WINDOW = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
PERSONS = (
    "name",
    "phone",
    "mobile",
    "id_card",
    "identity",
    "score_of",
    "risk",
    "rank",
    "sentiment",
    "trajectory",
    "mood",
)


@pytest.fixture
def desk(tmp_path):
    new_city(tmp_path / "a.city", "A")
    return open_hotline(tmp_path / "a.city", clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))


def opened(desk, kind="general", at=START):
    event = desk.accept(
        Request("r1", at, "路灯不亮"), "accept", Act("hotline_centre", at), rule="accepted", case_class=kind
    )
    desk.work.do(event.case, "dispatch", Act("hotline_centre", at, "a", {"body": "parks"}))
    return event.case


def do(desk, case, move, by, hours, who="", fields=None, **facts):
    desk.work.do(case, move, Act(by, START + timedelta(hours=hours), who, facts, fields or {}))


def course(desk):
    desk.__dict__.pop("courses", None)
    return desk.courses[0]


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("emergency", datetime(2026, 3, 2, 3, tzinfo=UTC)),
        ("lifeline", datetime(2026, 3, 3, 1, tzinfo=UTC)),
        ("general", datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ("complex", datetime(2026, 3, 17, 16, tzinfo=UTC)),
        ("consultation", datetime(2026, 3, 4, 16, tzinfo=UTC)),
    ],
)
def test_limits_of_the_classes(desk, kind, due):
    opened(desk, kind)
    run = course(desk).stretches[-1]
    assert (run.clock, run.due, run.left) == ("dispatched", due, None)
    assert run.is_late(due) is None
    assert run.is_late(due + timedelta(seconds=1)) is True


def test_the_clock_of_the_answer_goes_on_through_a_dispute(desk):
    case = opened(desk)
    do(desk, case, "return", "parks", 2, reason="not ours")
    do(desk, case, "rule", "hotline_centre", 3, "a", body="health", reason="the clinic's own ground")
    do(desk, case, "reply", "health", 24 * 9, reason="done")
    found = course(desk)
    (run,) = [one for one in found.stretches if one.clock == "dispatched"]
    assert run.since == START
    assert run.is_late(WINDOW[1]) is True
    ((body, tally),) = counted([found], *WINDOW, WINDOW[1]).items()
    assert (body, tally.returned, tally.due, tally.late, tally.received) == ("health", 1, 1, 1, 1)


def test_the_last_call_back_counts_and_a_reopening_is_shown(desk):
    case = opened(desk)
    do(desk, case, "reply", "parks", 5, reason="done")
    do(
        desk,
        case,
        "call_back",
        "callback_team",
        6,
        fields={"valid": True, "contacted": True, "solved": False, "satisfied": "dissatisfied"},
    )
    do(desk, case, "reopen", "callback_team", 7, reason="still dark")
    do(desk, case, "reply", "parks", 30, reason="lamp changed")
    do(
        desk,
        case,
        "call_back",
        "callback_team",
        31,
        fields={"valid": True, "contacted": True, "solved": True, "satisfied": "basically"},
    )
    do(desk, case, "close", "callback_team", 32)
    found = course(desk)
    (tally,) = counted([found], *WINDOW, WINDOW[1]).values()
    assert tally == Tally(received=1, valid=1, contacted=1, solved=1, basically=1, reopened=1, due=2)
    (early,) = counted([found], WINDOW[0], START + timedelta(hours=8), WINDOW[1]).values()
    assert (early.valid, early.solved) == (1, 0), "as it was known within the window"


def test_what_was_not_said_is_not_counted_as_solved(desk):
    case = opened(desk)
    do(desk, case, "reply", "parks", 5, reason="done")
    do(desk, case, "call_back", "callback_team", 6, fields={"valid": True})
    (tally,) = counted([course(desk)], *WINDOW, WINDOW[1]).values()
    assert (tally.valid, tally.contacted, tally.solved, tally.satisfied) == (1, 0, 0, 0)


def test_a_call_back_that_is_not_valid_is_no_denominator(desk):
    case = opened(desk)
    do(desk, case, "reply", "parks", 5, reason="done")
    do(desk, case, "call_back", "callback_team", 6, fields={"valid": False})
    (tally,) = counted([course(desk)], *WINDOW, WINDOW[1]).values()
    assert (tally.valid, tally.unclear) == (0, 1)


@pytest.mark.parametrize(
    ("move", "by"), [("call_back", "parks"), ("close_unasked", "parks"), ("call_back", "hotline_centre")]
)
def test_whoever_handled_it_does_not_ask_or_close(desk, move, by):
    case = opened(desk)
    do(desk, case, "reply", "parks", 5, reason="done")
    with pytest.raises(BadUse):
        do(desk, case, move, by, 6, "a", fields={"valid": True} if move == "call_back" else None, reason="x")


def test_an_exclusion_needs_a_second_party_and_a_ground(desk):
    case = opened(desk)
    do(desk, case, "reply", "parks", 5, reason="done")
    with pytest.raises(BadUse):
        do(desk, case, "ask_exclusion", "parks", 6, reason="no basis")
    do(desk, case, "ask_exclusion", "parks", 6, reason="no basis", fields={"ground": "no_basis"})
    for body in ("parks", "hotline_centre", "callback_team"):
        with pytest.raises(BadUse):
            do(desk, case, "exclude", body, 7, "a", reason="so")
    do(desk, case, "exclude", "review_group", 7, "b", reason="so")
    (tally,) = counted([course(desk)], *WINDOW, WINDOW[1]).values()
    assert (tally.excluded, tally.valid) == (1, 0)


def test_a_whistle_has_half_an_hour(desk):
    act = Act("street_office", START)
    name = desk.work.open_matter(
        "whistle", Subject("gas", "emergency", fields={"departments": ["gas", "fire_rescue"]}), act
    ).case
    standing, _, _ = desk.work.standing(name, START + timedelta(minutes=31))
    assert standing.is_overdue
    assert standing.deadlines[0].due == START + timedelta(minutes=30)
    desk.work.do(
        name, "arrive", Act("street_office", START + timedelta(minutes=25), fields={"arrived": ["gas", "fire_rescue"]})
    )
    assert not desk.work.standing(name, START + timedelta(minutes=31))[0].is_overdue


def test_a_due_moment_of_another_system_is_kept_to_the_second(desk):
    base = Request("x", START, "a", closed=START + timedelta(hours=1))
    spans = [0, 1, 59, 3600, 86_399, 86_400 * 180, 86_400 * 900 + 7]
    requests = [
        replace(
            base,
            id=f"x{n}",
            due=START - timedelta(days=1000) + timedelta(seconds=span),
            closed=None,
            received=START - timedelta(days=1000),
        )
        for n, span in enumerate(spans)
    ]
    desk.replay(requests, "source")
    for one, request in zip(desk.courses, requests, strict=True):
        run = next(run for run in one.stretches if run.clock == "dispatched")
        assert abs(run.due - request.due) < timedelta(milliseconds=2)


def test_natural_hours_have_a_bound():
    assert Limit(LONGEST["natural_hours"], "natural_hour").amount == 24_000
    with pytest.raises(Exception, match="absurdly long"):
        Limit(LONGEST["natural_hours"] + 1, "natural_hour")


def test_nothing_about_a_person_is_kept(desk):
    """Bans of methods §0: no column, field or figure of a person; scores are of bodies only."""
    flow = read_flows(["china"]).versions["hotline"][-1]
    names = {*SCHEMA.names, *flow.fields, *(one.name for one in fields(Tally)), *(one.name for one in fields(Standing))}
    assert not [name for name in names for word in PERSONS if word in name]
    asked = Request("r1", START, "标题", "我叫王某，家住三栋", answer="王某您好", address="三栋")
    subject = subject_of(replace(asked, token="-".join("t1")))
    assert set(subject.fields) == {"request", "requester"}
    assert "王某" not in str(subject)

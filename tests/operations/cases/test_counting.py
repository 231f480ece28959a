"""Counting cases of a period: each once, late when any limit was missed on the way; against a slow plain count."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from operations.cases.desk import CALENDAR, EVIDENCE, PATH, START
from tulou.kernel.errors import TulouError
from tulou.operations.cases.domain.case import replayed
from tulou.operations.cases.domain.counting import OUTCOMES, Period, counted
from tulou.operations.cases.domain.deadlines import standing_of
from tulou.operations.cases.domain.limits import Clockwork

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def count(desk, period):
    events = desk.store.events()
    flows = {one.facts["flow"]: desk.store.flow(one.facts["flow"]) for one in events if "flow" in one.facts}
    clockworks = {digest: Clockwork(CALENDAR, one.duty) for digest, one in flows.items()}
    return {one.case.id: one for one in counted(events, flows, clockworks, period)}


def outcomes(desk, start, end):
    return {name: one.outcome for name, one in count(desk, Period(start, end)).items()}


def test_a_case_is_in_time_late_open_or_overdue(desk):
    in_time, late, waiting, overdue, before = (desk.open("dirty_road") for _ in range(5))
    desk.walk(before, "close")
    desk.walk(in_time, "close")
    desk.walk(late, "take_up")
    desk.walk(overdue, "take_up")
    desk.moment = START + 3 * DAY
    desk.walk(waiting, "accept")
    for move, by, facts in PATH[4:8]:
        desk.do(late, move, by, **facts)
    assert outcomes(desk, START, START + MINUTE) == {
        in_time: "ended_in_time", before: "ended_in_time", late: "open_in_time", waiting: "open_in_time",
        overdue: "open_in_time",
    }  # fmt: skip
    assert outcomes(desk, START + DAY, START + 4 * DAY) == {
        late: "ended_late", waiting: "open_overdue", overdue: "open_overdue",
    }  # fmt: skip
    found = count(desk, Period(START, START + 4 * DAY))
    assert {one.is_received for one in found.values()} == {True}
    assert {one.is_received for one in count(desk, Period(START + DAY, START + 4 * DAY)).values()} == {False}


def test_a_state_left_late_makes_a_case_late_though_it_was_handled_in_time(desk):
    name = desk.open("dirty_road")
    desk.moment = START + 2 * HOUR  # filed and dispatched within an hour is what is asked
    desk.walk(name, "close")
    assert outcomes(desk, START, START + DAY) == {name: "ended_late"}


def test_a_milestone_reached_late_makes_a_case_late(desk):
    first, second = desk.open("illegal_structure"), desk.open("illegal_structure")
    for name in (first, second):
        desk.walk(name, "take_up")
    desk.do(first, "reach", "urban_management", milestone="stop", evidence=EVIDENCE)
    desk.moment = START + DAY
    desk.do(second, "reach", "urban_management", milestone="stop", evidence=EVIDENCE)
    for name in (first, second):
        for step in PATH[4:8]:
            desk.do(name, step[0], step[1], **step[2])
    assert outcomes(desk, START, START + 2 * DAY) == {first: "ended_in_time", second: "ended_late"}


def test_pauses_of_the_period_are_told(desk):
    name = desk.open("dirty_road")
    desk.walk(name, "take_up")
    desk.do(name, "suspend", "command_centre", reason="typhoon")
    desk.moment = START + 2 * DAY
    desk.do(name, "resume", "command_centre")
    for start, end, told in ((0, 1, 1), (1, 2, 1), (2, 3, 0), (-2, -1, 0)):
        period = Period(START + start * DAY, START + end * DAY)
        found = count(desk, period).get(name)
        assert len(found.pauses(period) if found else ()) == told, (start, end)


STEPS = [*PATH, ("suspend", "command_centre", {"reason": "rain"}), ("resume", "command_centre", {}),
         ("rework", "supervision_centre", {"reason": "half"})]  # fmt: skip


@settings(max_examples=25)
@given(
    some.lists(some.tuples(some.integers(0, 2), some.sampled_from(STEPS), some.integers(0, 900)), max_size=40),
    some.integers(0, 9),
    some.integers(1, 9),
)
def test_counts_equal_those_of_somebody_who_looks_at_every_moment(tmp_path_factory, tried, first, length):
    """The slow way: before every event, look at what is overdue then; at the end, look at what stands."""
    from operations.cases.desk import Desk

    desk = Desk(tmp_path_factory.mktemp("counting") / "cases" / "cases.sqlite")
    names = [desk.open(kind) for kind in ("dirty_road", "illegal_structure", "")]
    late = dict.fromkeys(names, False)
    for place, (move, by, facts), minutes in tried:
        desk.later(minutes=minutes)
        before = desk.standing(names[place])
        try:
            desk.do(names[place], move, by, **facts)
        except TulouError:
            continue
        after = desk.case(names[place])
        if before.case.ended is None and (after.clock != before.case.clock or after.ended):
            late[names[place]] |= any(one.reached is None or one.reached > one.due for one in before.overdue)
    period = Period(START + first * HOUR * 8, START + (first + length) * HOUR * 8)
    if period.end <= desk.moment:
        period = Period(period.start, desk.moment + MINUTE)
    found = count(desk, period)
    for name, case in desk.replay().items():
        if case.ended is not None and case.ended < period.start:
            assert name not in found
            continue
        assert found[name].outcome in OUTCOMES
        if case.ended is not None:
            assert (found[name].outcome == "ended_late") == late[name]
        else:
            held = desk.store.flow(case.digest)
            stood = standing_of(case, held, Clockwork(CALENDAR, held.duty), period.end)
            assert (found[name].outcome == "open_overdue") == stood.is_overdue
    assert set(found) <= set(
        replayed(desk.store.events(), {case.digest: desk.store.flow(case.digest) for case in desk.replay().values()})
    )

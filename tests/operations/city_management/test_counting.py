import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from operations.cases.desk import CALENDAR, EVIDENCE
from tulou.kernel.periods import Period
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.city_management.adapters.reading import read_rules
from tulou.operations.city_management.domain.counting import (
    COUNTS,
    Rate,
    RateRule,
    counts_of,
    grouped,
    natural,
    rates_of,
    summed,
)
from tulou.operations.city_management.domain.records import Record, Stage, records_of

RULES = read_rules(["china"])
MARCH = Period(datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))
"""March on the clock of Fujian."""
LATER = Period(MARCH.end, MARCH.end + timedelta(days=30))


def records(desk, until=MARCH.end):
    events = desk.store.events()
    flows = {one.facts["flow"]: desk.store.flow(one.facts["flow"]) for one in events if "flow" in one.facts}
    works = {digest: Clockwork(CALENDAR, flow.duty) for digest, flow in flows.items()}
    return records_of(events, flows, works, RULES.reading, until)


def only(desk, until=MARCH.end):
    (one,) = records(desk, until)
    return one


def counted(desk, period=MARCH):
    return {name: count for name, count in summed(records(desk, period.end), period).items() if count}


def test_a_case_without_a_hitch_counts_once_everywhere(desk):
    desk.walk(desk.open(), "close")
    found = counted(desk)
    assert found == {
        "reported": 1, "valid": 1, "filed": 1, "filed_limited": 1, "filed_in_time": 1, "to_dispatch": 1,
        "dispatched_in_time": 1, "dispatched_rightly": 1, "to_handle": 1, "handled": 1, "handled_in_time": 1,
        "to_close": 1, "closed": 1,
    }  # fmt: skip
    rates = {rate.rule.id: rate.value for rate in rates_of(summed(records(desk), MARCH), RULES.rates)}
    assert rates["handled_in_time"] == rates["closed"] == rates["dispatched_rightly"] == 1
    assert rates["rework"] == rates["unclosed"] == 0
    assert math.isnan(rates["filed_rightly"])  # nobody judged it
    assert math.isnan(rates["closed_in_time"])  # the shipped flow sets no limit of the whole
    assert math.isnan(rates["verified_in_time"])  # nobody was asked to


def test_handling_is_due_by_the_limit_of_its_class(desk):
    name = desk.open()
    desk.walk(name, "take_up")
    taken = desk.moment
    desk.later(hours=6)
    desk.do(name, "feed_back", "urban_management", evidence=EVIDENCE)
    stage = only(desk).stages["handle"]
    assert stage.due == Clockwork(CALENDAR, desk.flow_of(name).duty).due(
        taken, desk.flow_of(name).classes["dirty_road"].limits["handling"]
    )
    assert (stage.is_late, stage.done) == (stage.done > stage.due, desk.moment)


def test_what_waits_and_is_overdue_is_told_and_what_is_not_yet_due_is_not(desk):
    name = desk.open("exposed_rubbish")
    desk.walk(name, "take_up")
    same_day = Period(MARCH.start, desk.moment + timedelta(hours=3))
    assert "to_handle" not in counted(desk, same_day)
    found = counted(desk)
    assert (found["to_handle"], found["waiting_late"], found.get("handled")) == (1, 1, None)
    assert (found["to_close"], found.get("closed"), found["unclosed"]) == (1, None, 1)


def test_what_is_done_early_counts_in_that_period_and_not_again(desk):
    """It is due in April, and counts in March, where it was done."""
    desk.moment = datetime(2026, 3, 30, 1, tzinfo=UTC)
    desk.walk(desk.open("dirty_water"), "close")
    early, later = counted(desk), counted(desk, LATER)
    assert (early["to_handle"], early["handled_in_time"], early["closed"]) == (1, 1, 1)
    assert later == {}


def test_a_case_that_is_sent_back_counts_its_rework_and_is_late_for_good(desk):
    name = desk.open()
    desk.walk(name, "take_up")
    desk.later(days=3)
    desk.do(name, "feed_back", "urban_management", evidence=EVIDENCE)
    desk.do(name, "ask_to_check", "supervision_centre")
    desk.do(name, "rework", "supervision_centre", reason="still dirty")
    waiting = only(desk).stages["handle"]
    assert (waiting.done, waiting.is_late) == (None, True)
    desk.do(name, "feed_back", "urban_management", evidence=EVIDENCE)
    desk.do(name, "ask_to_check", "supervision_centre")
    desk.do(name, "pass", "supervision_centre", evidence=EVIDENCE)
    desk.do(name, "close", "supervision_centre")
    found = counted(desk)
    assert (found["handled"], found.get("handled_in_time"), found["handled_late"], found["reworked"]) == (1, None, 1, 1)


def test_a_case_that_came_back_was_not_dispatched_rightly(desk):
    name = desk.open()
    desk.walk(name, "dispatch")
    desk.do(name, "return", "urban_management", reason="not ours")
    desk.do(name, "dispatch", "command_centre", body="housing")
    desk.do(name, "take_up", "housing")
    found = counted(desk)
    assert (found["to_dispatch"], found.get("dispatched_rightly"), found["returned"]) == (1, None, 1)
    assert only(desk).body == "housing"


def test_who_never_takes_a_case_up_gains_no_time(desk):
    name = desk.open()
    desk.walk(name, "dispatch")
    stage = only(desk).stages["handle"]
    due = only(desk).stages["take_up"].due
    flow = desk.flow_of(name)
    assert stage.due == Clockwork(CALENDAR, flow.duty).due(due, flow.classes["dirty_road"].limits["handling"])
    assert counted(desk)["waiting_late"] == 1


def test_reports_that_are_refused_or_undecided(desk):
    refused, _waiting, spot = desk.open(), desk.open(), desk.open()
    desk.do(refused, "void", "supervision_centre", reason="a double")
    desk.do(spot, "handle_on_the_spot", "supervision_centre", evidence=EVIDENCE)
    found = counted(desk)
    assert (found["reported"], found["valid"], found["refused"], found["undecided"]) == (3, 1, 1, 1)
    assert (found["on_the_spot"], found["unclosed"]) == (1, 1)


def test_verifying_has_the_clock_of_the_report(desk):
    name = desk.open()
    desk.do(name, "ask_to_verify", "supervision_centre")
    desk.later(hours=3)
    desk.do(name, "confirm", "supervision_centre", evidence=EVIDENCE)
    found = counted(desk)
    assert (found["to_verify"], found.get("verified_in_time")) == (1, None)


def test_filing_is_judged_by_the_evaluator(desk):
    right, wrong, unjudged = desk.open(), desk.open(), desk.open()
    for name in (right, wrong, unjudged):
        desk.walk(name, "close")
    desk.do(right, "evaluate", "supervision_centre", reason="sample", fields={"filed_rightly": True})
    desk.do(wrong, "evaluate", "supervision_centre", reason="sample", fields={"filed_rightly": False})
    found = counted(desk)
    assert (found["filed"], found["filed_judged"], found["filed_rightly"]) == (3, 2, 1)


def test_a_class_without_a_limit_says_so(desk):
    desk.walk(desk.open(""), "feed_back")
    found = counted(desk)
    assert found["no_limit"] == 1
    assert not {"to_handle", "handled", "handled_in_time"} & set(found)


def test_an_extension_is_counted_and_moves_what_is_due(desk):
    name = desk.open()
    desk.walk(name, "take_up")
    before = only(desk).stages["handle"].due
    desk.do(name, "ask_extension", "urban_management", reason="rain")
    desk.do(name, "grant_extension", "command_centre", more=3)
    after = only(desk).stages["handle"].due
    assert after > before
    assert counted(desk)["extended"] == 1


def test_a_pause_never_shortens_a_limit(desk):
    name = desk.open()
    desk.walk(name, "take_up")
    before = only(desk).stages["handle"].due
    desk.do(name, "suspend", "command_centre", reason="typhoon")
    desk.later(hours=2)
    desk.do(name, "resume", "command_centre")
    assert only(desk).stages["handle"].due >= before


def test_more_events_never_lower_the_number_of_reworks(desk):
    name = desk.open()
    desk.walk(name, "ask_to_check")
    seen = [0]
    moves = [
        ("rework", "supervision_centre", {"reason": "no"}),
        ("feed_back", "urban_management", {"evidence": EVIDENCE}),
        ("ask_to_check", "supervision_centre", {}),
    ]
    for move, by, facts in [
        *moves,
        *moves,
        ("pass", "supervision_centre", {"evidence": EVIDENCE}),
        ("close", "supervision_centre", {}),
    ]:
        desk.do(name, move, by, **facts)
        seen.append(only(desk).counts["reworked"])
    assert seen == sorted(seen)
    assert seen[-1] == 2


def made(number):
    """A record of chance, told apart by its number."""
    start = MARCH.start + timedelta(hours=(number * 7) % 900 - 100)

    def stage(late, done):
        due = start + timedelta(hours=20)
        return Stage(due, due + timedelta(hours=5 if late else -3) if done else None, late)

    stages = {
        name: stage((number // place) % 3 == 0, (number // place) % 4 != 1)
        for place, name in enumerate(("verify", "file", "dispatch", "take_up", "handle", "check", "close"), 1)
    }
    return Record(
        f"C{number}",
        "dirty_road",
        f"body{number % 5}",
        start,
        stages,
        {"reworked": number % 2, "returned": number % 3 % 2},
    )


def test_sums_over_groups_are_those_of_all():
    listed = [made(number) for number in range(400)]
    parts = grouped(listed, MARCH, lambda one: one.body)
    assert list(parts) == [f"body{one}" for one in range(5)]
    whole = summed(listed, MARCH)
    assert {name: sum(part[name] for part in parts.values()) for name in COUNTS} == whole
    assert 0 < whole["to_handle"] < 400


def test_counts_of_handling_agree_with_a_slow_way():
    listed = [made(number) for number in range(400)]
    due = early = 0
    in_time = waiting = 0
    for one in listed:
        stage = one.stages["handle"]
        falls = MARCH.start <= stage.due < MARCH.end and not (stage.done and stage.done < MARCH.start)
        before = stage.done is not None and MARCH.start <= stage.done < MARCH.end <= stage.due
        due, early = due + falls, early + before
        if falls or before:
            in_time += stage.done is not None and stage.done <= stage.due
            waiting += stage.done is None
    found = summed(listed, MARCH)
    assert (found["to_handle"], found["handled_in_time"], found["waiting_late"]) == (due + early, in_time, waiting)
    assert (
        sum(counts_of(one, MARCH).get("handled", 0) for one in listed)
        == found["handled"]
        == found["to_handle"] - waiting
    )


def test_periods_that_follow_one_another_count_each_case_once():
    listed = [made(number) for number in range(400)]
    days = [MARCH.start + timedelta(days=one) for one in range(-8, 45)]
    found = [summed(listed, Period(one, one + timedelta(days=1))) for one in days]
    whole = summed(listed, Period(days[0], days[-1] + timedelta(days=1)))
    for name in ("reported", "filed", "to_handle", "handled", "to_close", "to_dispatch"):
        assert sum(one[name] for one in found) == whole[name], name
    assert whole["to_handle"] == 400


def test_a_rate_has_its_interval():
    rule = RateRule("handled", RULES.rates[0].title, "handled", "to_handle", "more", "", "memory")
    low, high = Rate(rule, 10, 10).interval
    assert (round(low, 3), high) == (0.722, pytest.approx(1))
    assert all(map(math.isnan, Rate(rule, 0, 0).interval))
    assert all(map(math.isnan, Rate(rule, 3, 2).interval))  # times, not cases


OURS = """\
id: city_management
versions:
  - version: ours
    like: "2026.11"
    from: 2026-01-01
    source: order 7
    limit: {amount: 3, unit: working_day, source: order 7, evidence: sourced}
"""


def test_closing_is_late_by_the_limit_of_the_whole_where_a_flow_sets_one(desk, tmp_path):
    (tmp_path / "rulebook.yaml").write_text("id: ours\nextends: china\n")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "city_management.yaml").write_text(OURS)
    ours = read_flows([str(tmp_path)]).versions["city_management"][-1]
    assert ours.version == "ours"
    quick, slow = desk.open(flow=ours), desk.open(flow=ours)
    desk.walk(quick, "close")
    desk.walk(slow, "pass")
    desk.later(days=20)
    desk.do(slow, "close", "supervision_centre")
    found = counted(desk)
    assert (found["to_close"], found["close_limited"], found["closed"]) == (2, 2, 2)
    assert (found["closed_in_time"], found["closed_late"]) == (1, 1)


def test_numbers_in_names_of_groups_count_as_numbers():
    names = ["第10街道", "第2街道", "北街道", "第2街道10社区", "第2街道9社区", "", "第02街道"]
    assert sorted(sorted(names), key=natural) == [
        "", "北街道", "第02街道", "第2街道", "第2街道9社区", "第2街道10社区", "第10街道",
    ]  # fmt: skip
    listed = [replace(made(1), id=name, place=name) for name in ("第10街道", "第2街道", "第1街道")]
    assert list(grouped(listed, MARCH, lambda record: record.place)) == ["第1街道", "第2街道", "第10街道"]

import math

import pytest

from operations.alarms.rules import MINUTE, START, TITLE, engine, rule, run, sensor
from tulou.kernel.errors import BadInput
from tulou.operations.alarms.domain.rules import Drift, Maintenance, Signal, Threshold


def test_levels_rise_and_fall_with_hysteresis():
    found = run(engine(rule()), [(0, 19), (1, 20), (2, 16), (3, 55), (4, 41), (5, 39), (6, 100), (7, 89), (8, 14)])
    assert found == [
        (1, "raised", None, "III"), (3, "upgraded", "III", "II"), (5, "downgraded", "II", "III"),
        (6, "upgraded", "III", "I"), (7, "downgraded", "I", "II"), (8, "cleared", "II", None),
    ]  # fmt: skip


def test_a_level_can_be_told_to_stay_up_until_the_end():
    found = run(engine(rule(stays_up=True)), [(0, 100), (1, 30), (2, 14)])
    assert found == [(0, "raised", None, "I"), (2, "cleared", "I", None)]


def test_a_condition_must_hold_without_a_break_and_ease_as_long():
    held = rule(thresholds={"III": Threshold(20, 15, 3 * MINUTE, 2 * MINUTE)})
    assert run(engine(held), [(0, 21), (1, 25), (2, 19), (3, 21), (4, 22), (5, 22)]) == []
    found = run(engine(held), [(0, 21), (1, 25), (3, 22), (4, 10), (5, 16), (6, 10), (7, 10), (8, 10)])
    assert found == [(3, "raised", None, "III"), (8, "cleared", "III", None)]


def test_a_rise_within_the_span_raises_a_level_and_a_slow_one_does_not():
    fast = rule(thresholds={"II": Threshold(50, 40, rise=10, rise_off=5)}, span=10 * MINUTE)
    assert run(engine(fast), [(minute, 0.9 * minute) for minute in range(40)]) == []
    found = run(engine(fast), [(0, 5), (5, 9), (9, 15), (14, 15), (20, 15)])
    assert found == [(9, "raised", None, "II"), (20, "cleared", "II", None)]


def test_where_low_is_bad_thresholds_and_rises_look_down():
    low = rule(
        side="below",
        thresholds={"III": Threshold(19.5, 20), "II": Threshold(18, 19, rise=3, rise_off=1)},
        span=5 * MINUTE,
    )
    assert run(engine(low), [(0, 20.9), (1, 19.5), (2, 19.9), (3, 20.1)]) == [
        (1, "raised", None, "III"),
        (3, "cleared", "III", None),
    ]
    assert run(engine(low), [(0, 30), (2, 27), (8, 27)])[0] == (2, "raised", None, "II")


def test_a_silence_is_an_alarm_at_its_moment_and_a_standing_alarm_stays():
    quiet = rule(silence_level="III")
    found = run(engine(quiet), [(0, 25), (45, 26), (46, 10)])
    assert found == [
        (0, "raised", None, "III"), (30, "silent", None, "III"), (45, "heard", "III", None),
        (46, "cleared", "III", None),
    ]  # fmt: skip


def test_what_waited_begins_anew_after_a_silence():
    held = rule(thresholds={"III": Threshold(20, 15, 20 * MINUTE)})
    assert run(engine(held), [(0, 25), (40, 25)]) == []
    assert run(engine(held), [(0, 25), (20, 25)]) == [(20, "raised", None, "III")]


def test_unknown_and_implausible_readings_are_no_pass_and_no_alarm():
    made = engine(rule(), sensors=[sensor(low=0, high=150)])
    found = run(made, [(0, 25), (1, math.nan), (2, -3), (3, 900), (4, math.inf), (5, 14)])
    assert found == [(0, "raised", None, "III"), (5, "cleared", "III", None)]
    assert made.counts[0].tolist() == [2, 2, 2, 0, 0, 0, 0, 0]


def test_duplicates_late_ones_and_clocks_ahead_are_counted_and_not_judged():
    made = engine(rule())
    assert run(made, [(5, 10), (5, 99), (3, 99)]) == []
    assert run(made, [(200, 99)], received=START + 6 * MINUTE) == []
    assert run(made, [(6, 99)], name="nobody") == []
    assert made.counts[0].tolist() == [1, 0, 0, 1, 1, 1, 0, 0]
    assert made.counts[-1].tolist()[-1] == 1
    assert run(made, [(7, 99)]) == [(7, "raised", None, "II")]


def test_maintenance_raises_nothing_ends_nothing_and_excuses_silence():
    spans = [Maintenance("s", START + 10 * MINUTE, START + 60 * MINUTE)]
    quiet = rule(silence_level="III")
    assert run(engine(quiet, maintenance=spans), [(0, 25), (20, 10), (40, 99), (61, 26)]) == [
        (0, "raised", None, "III")
    ]
    assert run(engine(quiet, maintenance=spans), [(0, 1), (89, 1)]) == []
    assert run(engine(quiet, maintenance=spans), [(0, 1), (95, 1)])[0] == (90, "silent", None, "III")


def test_maintenance_does_not_reach_back_before_it_was_declared():
    late = Maintenance("s", START, START + 60 * MINUTE, declared=START + 30 * MINUTE)
    assert run(engine(rule(), maintenance=[late]), [(10, 25), (40, 99)]) == [(10, "raised", None, "III")]


def test_an_alarm_that_ends_ends_those_linked_to_it_at_its_asset():
    sensors = [
        sensor("s", asset="pipe/1"),
        sensor("t", quantity="ethane", asset="pipe/1"),
        sensor("u", quantity="ethane", asset="pipe/2"),
    ]
    made = engine(rule(clears=("e",)), rule("e", "ethane"), sensors=sensors)
    run(made, [(0, 25)])
    run(made, [(1, 25)], name="t")
    run(made, [(1, 25)], name="u")
    assert run(made, [(2, 5)]) == [(2, "cleared", "III", None), (2, "linked", "III", None)]
    assert [(one[0].id, one[1].id) for one in made.standing()] == [("u", "e")]
    assert run(made, [(3, 25)], name="t") == [(3, "raised", None, "III")]


def test_a_later_version_takes_over_at_its_first_reading():
    change = START + 10 * MINUTE
    first, later = rule(ends=change), rule(starts=change, thresholds={"III": Threshold(60, 50)})
    found = run(engine(first, later), [(0, 25), (9, 25), (10, 25), (11, 65)])
    assert found == [(0, "raised", None, "III"), (10, "superseded", "III", None), (11, "raised", None, "III")]


def test_a_drift_is_the_sum_of_standard_scores_beyond_the_slack():
    drift = rule(statistic="drift", drift=Drift(3, 0.5, 6), thresholds={"III": Threshold(5, 4)})
    # training 1, 2, 3: mean 2, deviation 1; then scores 4, 2: sums 3.5, 5; then capped at 6, then 6 − 2 − 0.5.
    found = run(engine(drift), [(0, 1), (1, 2), (2, 3), (3, 6), (4, 4), (5, 99), (6, 0)])
    assert found == [(4, "raised", None, "III"), (6, "cleared", "III", None)]
    assert run(engine(drift), [(minute, 7) for minute in range(30)]) == []


def test_a_signal_sums_up_each_night_and_is_judged_at_its_end():
    night = Signal(
        "night", TITLE, "gas", "methane", "ethane", "mean", 60 * MINUTE, START % (60 * MINUTE), 10 * MINUTE, 2
    )
    made = engine(rule("e", "ethane"), signals=[night])
    found = run(made, [(0, 10), (5, 50), (12, 90), (60, 90), (70, 1), (125, 22), (126, 22), (140, 0)])
    assert found == [(10, "raised", None, "III"), (130, "linked", None, None)][:1]
    assert made.position["s:night"] == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"thresholds": {}}, "at least one level"),
        ({"silence": 0}, "how long a sensor may be silent"),
        ({"thresholds": {"III": Threshold(20, 25)}}, "calm side"),
        ({"thresholds": {"III": Threshold(20, 15), "II": Threshold(10, 5)}}, "farther threshold"),
        ({"thresholds": {"III": Threshold(20)}}, "left by one too"),
        ({"thresholds": {"III": Threshold(rise=5, rise_off=2)}}, "time within which"),
        ({"thresholds": {"III": Threshold()}}, "a value or a rise"),
        ({"thresholds": {"III": Threshold(rise=5, rise_off=9)}, "span": 1}, "above zero"),
        ({"thresholds": {"III": Threshold(20, 15, -1)}}, "not below zero"),
        ({"statistic": "drift"}, "a drift needs"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(given, told):
    with pytest.raises(BadInput, match=told):
        rule(**given)

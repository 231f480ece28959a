import numpy as np

from operations.alarms.rules import MINUTE, START, engine, rule, sensor
from tulou.operations.alarms.domain.engine import Frame
from tulou.operations.alarms.domain.grading import Grader, alarm_of, plain

LEAK = rule(confirmed_by=("e",), crowded={"II": "I"}, silence_level="III")


def graded(sensors, readings, *rules):
    made = engine(*(rules or (LEAK, rule("e", "ethane"))), sensors=sensors)
    grader = Grader(made.rules, made.every)
    for name, minute, value in readings:
        time = START + minute * MINUTE
        place = np.array([made.position[name]], np.int32)
        grader.feed(made.feed(Frame(time, place, np.array([time]), np.array([float(value)]))))
    return list(grader.alarms.values())


def course(alarm):
    return [((one.time - START) // MINUTE, one.kind, one.level) for one in alarm.changes]


def test_an_alarm_that_nothing_confirms_goes_no_higher_than_it_may():
    """Biogas: methane without ethane where ethane is measured too."""
    pair = [sensor("m", asset="pipe/1"), sensor("x", quantity="ethane", asset="pipe/1")]
    (one,) = graded(pair, [("m", 0, 30), ("m", 1, 60), ("m", 2, 30), ("m", 3, 1)])
    assert course(one) == [(0, "raised", "III"), (3, "cleared", None)]
    assert one.is_confirmed is False
    assert one.gravest == "III"


def test_it_goes_up_when_another_rule_at_the_asset_confirms_it():
    pair = [sensor("m", asset="pipe/1", is_crowded=True), sensor("x", quantity="ethane", asset="pipe/1")]
    leak, _ = graded(pair, [("m", 0, 60), ("x", 2, 25), ("m", 3, 30), ("x", 4, 1), ("m", 5, 60)])
    assert course(leak) == [(0, "raised", "III"), (2, "confirmed", "I"), (3, "downgraded", "III"), (5, "upgraded", "I")]
    assert leak.is_confirmed is True


def test_one_that_is_confirmed_already_is_raised_at_its_own_level():
    pair = [sensor("m", asset="pipe/1"), sensor("x", quantity="ethane", asset="pipe/1")]
    _, leak = graded(pair, [("x", 0, 25), ("m", 1, 60)])
    assert course(leak) == [(1, "raised", "II")]


def test_where_nothing_could_confirm_it_the_level_is_that_of_the_rule():
    (one,) = graded([sensor("m", asset="pipe/1"), sensor("x", quantity="ethane", asset="pipe/2")], [("m", 0, 60)])
    assert one.is_confirmed is None
    assert one.level == "II"


def test_people_near_make_it_graver_and_unknown_people_do_not():
    for flag, level in ((True, "I"), (False, "II"), (None, "II")):
        (one,) = graded([sensor("m", asset="pipe/1", is_crowded=flag)], [("m", 0, 60)])
        assert (one.level, one.is_crowded) == (level, flag)


def test_a_silence_is_an_alarm_of_its_own():
    value, silence = graded([sensor("m")], [("m", 0, 60), ("m", 50, 60)])
    assert course(value) == [(0, "raised", "II")]
    assert value.is_standing
    assert course(silence) == [(30, "raised", "III"), (50, "heard", None)]
    assert silence.is_silence
    assert silence.id == "r+silence/m/" + value.id.split("/")[2][:9] + silence.id.split("/")[2][9:]


def test_alarms_come_back_from_plain_data():
    for one in graded([sensor("m")], [("m", 0, 60), ("m", 50, 10)]):
        assert plain(alarm_of(plain(one))) == plain(one)

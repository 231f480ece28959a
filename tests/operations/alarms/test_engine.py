import math
from collections import Counter

import numpy as np
from hypothesis import given, settings

from operations.alarms.plain import Plain
from operations.alarms.rules import MINUTE, SENSORS, START, pauses, plain_of, rule_sets, streams
from tulou.operations.alarms.domain.engine import FATES, Engine, Frame

NAMES = ["z", *(one.id for one in reversed(SENSORS))]
"""Order in which the store numbers sensors: not that of the engine, and with one that it does not know."""


def frame_of(received, rows):
    return Frame(
        received,
        np.array([NAMES.index(name) for name, _, _ in rows], np.int32),
        np.array([time for _, time, _ in rows], np.int64),
        np.array([value for _, _, value in rows], np.float64),
    )


def told_by(rules, maintenance, frames):
    made = Engine(rules, SENSORS, maintenance)
    made.learn(NAMES)
    return made, [one for received, rows in frames for one in made.feed(frame_of(received, rows))]


@settings(max_examples=300, deadline=None)
@given(rules=rule_sets(), frames=streams(), maintenance=pauses)
def test_the_compiled_rules_say_what_the_slow_ones_say(rules, frames, maintenance):
    slow = Plain(rules, SENSORS, maintenance)
    wanted = [one for received, rows in frames for one in slow.feed(received, rows)]
    made, found = told_by(rules, maintenance, frames)
    assert plain_of(found) == plain_of(wanted)
    for place, one in enumerate(SENSORS):
        counted = {fate: int(made.counts[place, number]) for number, fate in enumerate(FATES)}
        assert counted == {fate: slow.fates.get((one.id, fate), 0) for fate in FATES}
    assert made.counts[-1].sum() == slow.fates.get(("", "unknown"), 0)


def lasting(happenings):
    """What happened, in order, without silences that end at the moment they began."""
    plain = sorted(plain_of(happenings), key=repr)
    ends = Counter(one[:3] for one in plain if one[3] == "heard")
    begins = Counter(one[:3] for one in plain if one[3] == "silent")
    empty = ends & begins
    return [one for one in plain if one[3] not in {"heard", "silent"} or one[:3] not in empty]


@settings(max_examples=100, deadline=None)
@given(rules=rule_sets(), frames=streams(), maintenance=pauses)
def test_the_alarms_do_not_hang_on_how_the_stream_is_cut(rules, frames, maintenance):
    """Readings in order of time, each received when it was measured, or all of them with the last one.

    A mean is known once a later reading closes its window. Who looks before that may hear of a silence of the mean that
    ends at the moment it began; such silences of no length are left out on both sides.
    """
    rows = sorted((row for _, some in frames for row in some), key=lambda row: row[1])
    end = rows[-1][1] if rows else START
    _, whole = told_by(rules, maintenance, [(end, rows), (end + 90 * MINUTE, [])])
    _, pieces = told_by(rules, maintenance, [(row[1], [row]) for row in rows] + [(end + 90 * MINUTE, [])])
    assert lasting(whole) == lasting(pieces)


@settings(max_examples=60, deadline=None)
@given(rules=rule_sets(), frames=streams(), maintenance=pauses)
def test_what_is_remembered_can_be_put_away_and_taken_up_again(rules, frames, maintenance):
    _, wanted = told_by(rules, maintenance, frames)
    found = []
    state = None
    for received, rows in frames:
        made = Engine(rules, SENSORS, maintenance)
        made.learn(NAMES)
        if state is not None:
            made.restore(state)
        found += made.feed(frame_of(received, rows))
        state = {key: value.copy() for key, value in made.state().items()}
    assert plain_of(found) == plain_of(wanted)


def test_many_events_and_long_looks_back_find_room():
    """More events than the room for them, and more readings within the span than the room for those."""
    from operations.alarms.rules import engine, rule
    from tulou.operations.alarms.domain.rules import Threshold

    made = engine(rule(thresholds={"III": Threshold(rise=0.5, rise_off=0.5)}, span=10_000 * MINUTE))
    times = START + np.arange(20_000, dtype=np.int64) * 1000
    climbing = np.arange(20_000) / 10_000
    found = made.feed(Frame(START, np.zeros(20_000, np.int32), times - 20_000_000, climbing))
    assert [(one.kind, one.value) for one in found] == [("raised", 0.5)]
    flapping = engine(rule())
    values = np.where(np.arange(20_000) % 2, 30.0, 0.0)
    found = flapping.feed(Frame(START, np.zeros(20_000, np.int32), times - 20_000_000, values))
    assert len(found) == 20_000 - 1
    assert {one.kind for one in found} == {"raised", "cleared"}


def test_numbers_the_store_gave_later_are_not_judged_until_they_are_learned():
    made = Engine(rule_set(), SENSORS)
    made.learn(["a"])
    found = made.feed(Frame(START, np.array([0, 1, 7], np.int32), np.full(3, START), np.full(3, math.nan)))
    assert found == []
    assert made.counts[-1, FATES.index("unknown")] == 2
    assert made.counts[0, FATES.index("missing")] == 1


def rule_set():
    from operations.alarms.rules import rule
    from tulou.operations.alarms.domain.rules import RuleSet

    return RuleSet((rule(),))

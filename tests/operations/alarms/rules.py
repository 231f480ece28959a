"""Small rules and streams for the tests of alarms, and strategies that make many of them."""

import math

import numpy as np
from hypothesis import strategies as st

from tulou.kernel.words import Words
from tulou.operations.alarms.domain.engine import Engine, Frame
from tulou.operations.alarms.domain.rules import LEVELS, Drift, Maintenance, Rule, RuleSet, Sensor, Signal, Threshold

MINUTE = 60_000
START = 1_700_000_000_000 // MINUTE * MINUTE
TITLE = Words("试验", "Test")


def rule(name="r", quantity="methane", **given):
    """A rule of three levels at 20, 50 and 100, left at 15, 40 and 90."""
    usual = {
        "thresholds": {"III": Threshold(20, 15), "II": Threshold(50, 40), "I": Threshold(100, 90)},
        "silence": 30 * MINUTE,
        "side": "above",
    }
    return Rule(id=name, title=TITLE, system="gas", quantity=quantity, unit="percent", **{**usual, **given})


def sensor(name="s", **given):
    return Sensor(**{"id": name, "system": "gas", "quantity": "methane", "unit": "percent", **given})


def engine(*rules, sensors=None, maintenance=(), signals=(), ahead=5 * MINUTE):
    made = Engine(RuleSet(rules, tuple(signals), ahead), sensors or [sensor()], maintenance)
    made.learn([one.id for one in made.sensors])
    return made


def run(one, readings, *, received=None, name="s"):
    """Feed one reading a frame: (minute, value); what happened as (minute, kind, before, after)."""
    found = []
    for minute, value in readings:
        time = START + round(minute * MINUTE)
        frame = Frame(
            time if received is None else received,
            np.array([one.position.get(name, 10**6)], np.int32),
            np.array([time], np.int64),
            np.array([value], np.float64),
        )
        found += one.feed(frame)
    return [((it.time - START) / MINUTE, it.kind, it.before, it.after) for it in found]


def plain_of(happenings):
    """What happened, as the slow rules tell it; an unknown value is told as text, so that it equals itself."""
    rows = [tuple(vars(one).values()) if not isinstance(one, tuple) else one for one in happenings]
    return [(*one[:6], "nan" if math.isnan(one[6]) else round(one[6], 9)) for one in rows]


QUANTITIES = ("methane", "ethane")
values = st.one_of(
    st.sampled_from([0.0, 15.0, 20.0, 40.0, 50.0, 90.0, 100.0, math.nan, math.inf, -5.0, 200.0]),
    st.floats(0, 120, width=16),
)
durations = st.sampled_from([0, MINUTE, 2 * MINUTE, 5 * MINUTE])


@st.composite
def thresholds(draw, side):
    sign = 1 if side == "above" else -1
    count = draw(st.integers(1, 3))
    levels = draw(st.permutations(LEVELS))[:count]
    ons = sorted(draw(st.lists(st.sampled_from(range(10, 110, 10)), min_size=count, max_size=count)))
    rises = sorted(draw(st.lists(st.sampled_from(range(5, 60, 5)), min_size=count, max_size=count)))
    has_rise = draw(st.booleans())
    slack = draw(st.sampled_from([0, 5, 9]))
    found = {}
    for level, on, rise in zip(sorted(levels, key=LEVELS.index), ons, rises, strict=True):
        at = on if sign > 0 else 110 - on
        found[level] = Threshold(
            at,
            at - sign * slack,
            draw(durations),
            draw(durations),
            rise if has_rise else None,
            rise / 2 if has_rise else None,
        )
    return found, has_rise


@st.composite
def rules(draw, name, quantity):
    side = draw(st.sampled_from(["above", "below"]))
    found, has_rise = draw(thresholds(side))
    drift = None
    if draw(st.integers(0, 3)) == 0:
        drift = Drift(draw(st.integers(2, 5)), 0.5, 8.0)
        found, has_rise = {"III": Threshold(2, 1), "I": Threshold(5, 3, MINUTE, MINUTE)}, False
    return Rule(
        id=name, title=TITLE, system="gas", quantity=quantity, unit="percent", side=side, thresholds=found,
        silence=draw(st.sampled_from([3 * MINUTE, 20 * MINUTE])), statistic="drift" if drift else "value", drift=drift,
        silence_level=draw(st.sampled_from([None, "III", "II"])), span=3 * MINUTE if has_rise else 0,
        stays_up=draw(st.booleans()), clears=draw(st.sampled_from([(), ("methane_b",), ("ethane_a", "methane_a")])),
    )  # fmt: skip


@st.composite
def rule_sets(draw):
    made = [draw(rules(f"{quantity}_{one}", quantity)) for quantity in QUANTITIES for one in "ab"]
    if draw(st.booleans()):
        change = START + draw(st.integers(5, 60)) * MINUTE
        whole = vars(made[0])
        made[0] = Rule(**{**whole, "ends": change})
        made.append(Rule(**{**vars(draw(rules(made[0].id, made[0].quantity))), "starts": change}))
    signals = draw(
        st.lists(
            st.builds(
                lambda summary, length, fewest, days: Signal(
                    summary, TITLE, "gas", "methane", "ethane", summary, 10 * MINUTE, 3 * MINUTE,
                    length * MINUTE, fewest, days, 2,
                ),
                st.sampled_from(["mean", "min", "max"]), st.integers(1, 10), st.integers(1, 3),
                st.sampled_from([(), (0, 2, 3, 5)]),
            ),
            max_size=2, unique_by=lambda one: one.id,
        )
    )  # fmt: skip
    return RuleSet(tuple(made), tuple(signals), 2 * MINUTE)


SENSORS = (
    sensor("a", asset="pipe/1", low=-10, high=150),
    sensor("b", asset="pipe/1", low=-10, high=150),
    sensor("c", quantity="ethane", asset="pipe/1"),
    sensor("d"),
)
pauses = st.lists(
    st.builds(
        lambda target, start, span: Maintenance(target, START + start * MINUTE, START + (start + span) * MINUTE),
        st.sampled_from(["a", "pipe/1", "d"]), st.integers(0, 60), st.integers(1, 30),
    ),
    max_size=2,
)  # fmt: skip


@st.composite
def streams(draw):
    """Frames of readings of known and unknown sensors: mostly in order, with duplicates, late ones and clock jumps."""
    frames, clock = [], START
    for _ in range(draw(st.integers(1, 8))):
        rows = []
        for _ in range(draw(st.integers(0, 12))):
            clock += draw(st.sampled_from([0, 0, MINUTE, MINUTE, 2 * MINUTE, 25 * MINUTE]))
            jump = draw(st.sampled_from([0] * 12 + [-MINUTE, -30 * MINUTE, 90 * MINUTE]))
            rows.append((draw(st.sampled_from("aabbcdz")), clock + jump, draw(values)))
        frames.append((clock + draw(st.sampled_from([0, 500, MINUTE])), rows))
        clock = max(clock, frames[-1][0])
    return frames

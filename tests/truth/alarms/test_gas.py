"""Gas gathers in a manhole (methods_engineering §6.2 and verification 6e): raised in time, and not by biogas."""

import math
from datetime import UTC, datetime

import numpy as np

from tulou.operations.alarms.adapters.reading import read_rules
from tulou.operations.alarms.domain.engine import Frame
from tulou.operations.alarms.domain.rules import Sensor
from tulou.operations.alarms.domain.watch import Watch

START = int(datetime(2026, 11, 27, tzinfo=UTC).timestamp() * 1000)
MINUTE = 60_000
LIMIT = 0.05
"""Lower explosive limit of methane: 5 % of the volume."""
SENSORS = (
    Sensor("methane", "gas", "methane", "percent_lel", "manhole/1", low=0.0),
    Sensor("ethane", "gas", "ethane", "ppm", "manhole/1", low=0.0),
)


def share(minutes, flow=0.2, volume=2.0, changes=1.0):
    """Share of gas in a space that is aired: ``C = q/(λV) (1 − exp(−λ t))``."""
    return flow / (changes * volume) * (1 - math.exp(-changes * minutes / 60))


def raised(methane, ethane):
    watch = Watch(read_rules(["china"]), SENSORS)
    watch.engine.learn([one.id for one in SENSORS])
    for minute, values in enumerate(zip(methane, ethane, strict=True)):
        time = START + minute * MINUTE
        watch.feed(Frame(time, np.arange(2, dtype=np.int32), np.full(2, time), np.array(values)))
    return {
        one.rule: [((change.time - START) // MINUTE, change.level) for change in one.changes]
        for one in watch.alarms.values()
    }


def test_the_box_model_crosses_when_the_page_says():
    assert round(-60 * math.log(1 - 0.01 / 0.1), 1) == 6.3
    assert round(-60 * math.log(1 - 0.05 / 0.1), 1) == 41.6
    assert share(6.3) < 0.01 < share(6.33)
    assert share(41.5) < 0.05 < share(41.6)


def test_a_leak_is_raised_within_two_samples_of_each_crossing():
    gas = [share(minute) for minute in range(60)]
    found = raised([100 * one / LIMIT for one in gas], [0.05 * 1e6 * one for one in gas])
    at = dict(reversed([(level, minute) for minute, level in found["methane_space"]]))
    assert min(minute for minute, _ in found["methane_space"]) <= 6.3 + 2  # its rise raises it even before
    assert 41.6 <= at["I"] <= 41.6 + 2


def test_biogas_that_comes_and_goes_with_the_day_goes_no_higher_than_a_look():
    """Methane up to 60 % of the limit with the warmth of the day, no ethane: somebody looks, nobody is alarmed."""
    day = [30 - 30 * math.cos(2 * math.pi * minute / 1440) for minute in range(1440)]
    found = raised(day, [0.0] * len(day))
    assert list(found) == ["methane_space"]
    assert {level for _, level in found["methane_space"]} == {"III", None}

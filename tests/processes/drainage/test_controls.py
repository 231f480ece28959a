"""Rules of a model: read, set against each other, taken out, and put in from a table."""

import numpy as np
import pytest

from processes.drainage.models import street
from shared_data import shared
from tulou.processes.drainage.controls import conflicts, rules_of, with_settings, without_rules
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import Model, read_model

RULES = """[CONTROLS]
RULE Rain
IF NODE P1 DEPTH > 1
AND NODE P2 DEPTH < 1
THEN ORIFICE G1 SETTING = 0.5
AND PUMP W1 STATUS = ON
ELSE ORIFICE G1 SETTING = 0
PRIORITY 2

RULE Tide
IF NODE O HEAD > 3
THEN ORIFICE G1 SETTING = 0
PRIORITY 5
Rule Night
IF SIMULATION CLOCKTIME > 22:00
THEN PUMP W1 STATUS = OFF
PRIORITY 2
"""


def rules_model():
    return Model("made", tuple(RULES.splitlines()))


def test_rules_are_read_with_what_they_set():
    rain, tide, night = rules_of(rules_model())
    assert (rain.name, rain.acts_on, rain.priority) == ("Rain", {"G1", "W1"}, 2)
    assert (tide.name, tide.acts_on, tide.priority) == ("Tide", {"G1"}, 5)
    assert night.acts_on == {"W1"}


def test_two_rules_on_one_gate_are_told_the_unsettled_first():
    first, second = conflicts(rules_of(rules_model()))
    assert (first.link, first.first, first.second, first.is_settled) == ("W1", "Rain", "Night", False)
    assert (second.link, second.is_settled) == ("G1", True)


def test_rules_are_taken_out_whole():
    assert [rule.name for rule in rules_of(without_rules(rules_model(), {"G1"}))] == ["Night"]
    assert rules_of(without_rules(rules_model())) == ()


def test_a_table_becomes_rules_that_swmm_follows():
    model = read_model(shared("swmm/theta.inp"))
    times, settings = [0.0, 2.0, 4.0], [[1.0, 0.0], [0.25, 0.0], [0.25, 1.0]]
    follow = (("link", "1", "SETTING"), ("link", "2", "SETTING"))
    table = with_settings(model, {"1": "ORIFICE", "2": "ORIFICE"}, times, settings)
    # Settings are no flows; the scale of a flow in m³/s is 1.
    run = simulate(Order(table, follow), patience=60)
    for hour, expected in ((1.0, [1.0, 0.0]), (3.0, [0.25, 0.0]), (5.0, [0.25, 1.0]), (70.0, [0.25, 1.0])):
        assert run.series[int(np.searchsorted(run.times, hour))] == pytest.approx(expected, abs=1e-3)


def test_a_street_has_no_rules(tmp_path):
    assert rules_of(read_model(street(tmp_path))) == ()

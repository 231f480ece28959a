"""Inputs of processes: what is given is read, converted, bounded, and every fault is told at once."""

from datetime import date
from pathlib import Path

import pytest

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Balance, Outcome

NAME = Words("名", "name")
KINDS = (
    Input("length", NAME, "number", "m", least=0, most=1000),
    Input("count", NAME, "whole", default=3, least=1, most=9),
    Input("times", NAME, "numbers", "minute", default=(5.0,), least=0),
    Input("way", NAME, "choice", default="fast", choices={"fast": NAME, "exact": NAME}),
    Input("wet", NAME, "flag", default=False),
    Input("day", NAME, "day", optional=True),
    Input("file", NAME, "file", optional=True),
    Input("note", NAME, "text", optional=True),
)


def made(inputs=KINDS):
    return Process("flow", NAME, NAME, inputs, lambda _run: Outcome(()), "by hand")


def test_defaults_hold_and_optional_inputs_stay_open():
    found = made().values({"length": "2"})
    assert [found[name] for name in ("length", "count", "times", "way", "wet")] == [2.0, 3, (5.0,), "fast", False]
    assert [found[name] for name in ("day", "file", "note")] == [None, None, None]


def test_numbers_come_in_any_unit_of_their_kind():
    found = made().values({"length": "0.5 km", "times": "1 hour, 30 minute，45", "count": 4.0})
    assert found["length"] == 500.0
    assert found["times"] == (60.0, 30.0, 45.0)
    assert found["count"] == 4


@pytest.mark.parametrize(("text", "truth"), [("yes", True), ("否", False), (True, True), ("TRUE", True)])
def test_flags_are_said_in_both_languages(text, truth):
    assert made().values({"length": 1, "wet": text})["wet"] is truth


def test_days_and_files(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x", "utf-8")
    found = made().values({"length": 1, "day": "2026-01-29", "file": str(path)})
    assert found["day"] == date(2026, 1, 29)
    assert found["file"] == Path(path)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({}, "this input is needed"),
        ({"length": "x"}, "not a number"),
        ({"length": "5 kg"}, "a unit of another kind"),
        ({"length": "5 flurbs"}, "this is not a unit"),
        ({"length": "-1"}, "this number is out of bounds"),
        ({"length": "nan"}, "this number is out of bounds"),
        ({"length": "2 km"}, "this number is out of bounds"),
        ({"length": 1, "count": 2.5}, "a whole number is needed"),
        ({"length": 1, "way": "quick"}, "not one of the choices"),
        ({"length": 1, "wet": "perhaps"}, "not true or false"),
        ({"length": 1, "day": "29.1.26"}, "this is not a day"),
        ({"length": 1, "file": "/nowhere/at/all"}, "nothing stands here"),
        ({"length": 1, "lenght": 2}, "this process has no such input"),
    ],
)
def test_what_cannot_be_is_refused(given, what):
    with pytest.raises(BadUse, match=what):
        made().values(given)


def test_all_faults_are_told_at_once_with_the_nearest_guess():
    with pytest.raises(BadUse) as caught:
        made().values({"lengt": 1, "way": "fsat", "count": 12})
    assert [fault.where for fault in caught.value.faults] == ["flow", "flow.length", "flow.count", "flow.way"]
    assert [fault.guess for fault in caught.value.faults if fault.guess] == ["length", "fast"]


def test_a_balance_shows_what_is_missing():
    assert Balance(NAME, 10.0, 4.0, 6.0, "m3").closes
    leaky = Balance(NAME, 10.0, 4.0, 5.0, "m3")
    assert leaky.residual == pytest.approx(0.1)
    assert not leaky.closes
    assert Balance(NAME, 0.0, 0.0, 0.0, "m3").closes


def test_a_run_is_quiet_unless_told():
    Run({}).progress("x", 0, 1)

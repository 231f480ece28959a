"""Progress: only what the city itself changed, over the way there was to go."""

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from operations.tracker.desk import AGENDA, commitment, words
from tulou.operations.tracker.domain.commitment import Target
from tulou.operations.tracker.domain.progress import CAUSES, fallen_back, progress_of
from tulou.operations.tracker.domain.telling import REASON_WORDS, progress_words

numbers = some.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 3))


def one(value=100.0, way="at_least", baseline="first", **more):
    return commitment("2.1", target=Target(words("all"), "sewer_cover", value, way), baseline=baseline, **more)


def asked(target, figures, parts=None, *, now="second", agenda=AGENDA):
    split = None if parts is None else lambda *_asked: dict(zip(CAUSES, parts, strict=True))
    return progress_of(agenda, target, now, unit="", figures=lambda _i, _u, check: figures.get(check), achieved=split)


def test_the_city_alone_counts():
    found = asked(one(), {"first": 60.0, "second": 80.0}, (10.0, 10.0, 0.0, 0.0))
    assert (found.baseline, found.now, found.restated) == (60.0, 80.0, 70.0)
    assert found.share == pytest.approx(10 / 30)
    assert (
        progress_words(found).en
        == "33% (60 at the baseline; 70 as told today; 80 now; not counted: data corrected +10)"
    )
    assert progress_words(found).zh == "33%（起点 60，按今日口径为 70，现为 80，不计数据更正 +10）"


def test_a_figure_that_rose_by_a_softer_definition_is_no_progress():
    found = asked(one(), {"first": 60.0, "second": 90.0}, (0.0, 0.0, 30.0, 0.0))
    assert found.share == 0.0


def test_a_target_that_corrections_reached_was_met_before():
    found = asked(one(), {"first": 60.0, "second": 100.0}, (0.0, 40.0, 0.0, 0.0))
    assert (found.reason, math.isnan(found.share)) == ("met_before", True)


def test_what_the_city_lost_is_negative_and_more_than_asked_is_above_one():
    assert asked(one(), {"first": 60.0, "second": 50.0}, (-10.0, 0.0, 0.0, 0.0)).share == pytest.approx(-0.25)
    assert asked(one(80.0), {"first": 60.0, "second": 90.0}, (30.0, 0.0, 0.0, 0.0)).share == pytest.approx(1.5)
    assert asked(one(0.0, "at_most"), {"first": 2.0, "second": 0.0}, (-1.0, -1.0, 0.0, 0.0)).share == 1.0


@pytest.mark.parametrize(
    ("target", "figures", "now", "parts", "reason"),
    [
        (commitment("2.1"), {}, "second", (0.0,) * 4, "no_target"),
        (commitment("2.1", target=Target(words("all"))), {}, "second", (0.0,) * 4, "no_target"),
        (one(), {"first": 1.0, "second": 2.0}, "", (0.0,) * 4, "no_check"),
        (one(), {"first": 1.0}, "first", (0.0,) * 4, "no_check"),
        (one(baseline=""), {"second": 1.0}, "second", (0.0,) * 4, "no_baseline"),
        (one(), {"first": 1.0}, "second", (0.0,) * 4, "no_value"),
        (one(), {"second": 1.0}, "second", (0.0,) * 4, "no_value"),
        (one(), {"first": 1.0, "second": 2.0}, "second", None, "not_split"),
        (one(), {"first": 1.0, "second": 2.0}, "second", (math.nan,) * 4, "not_split"),
        (one(), {"first": 100.0, "second": 100.0}, "second", (0.0,) * 4, "met_before"),
    ],
)
def test_why_no_share_is_given(target, figures, now, parts, reason):
    found = asked(target, figures, parts, now=now)
    assert (found.reason, math.isnan(found.share)) == (reason, True)
    assert progress_words(found) == REASON_WORDS[reason]


def test_the_agenda_gives_the_baseline_where_a_commitment_sets_none():
    agenda = replace(AGENDA, baseline="first")
    found = asked(one(baseline=""), {"first": 60.0, "second": 80.0}, (20.0, 0.0, 0.0, 0.0), agenda=agenda)
    assert found.share == pytest.approx(0.5)


@given(numbers, numbers, numbers, numbers)
def test_at_the_target_all_of_the_way_is_gone_however_the_data_were_corrected(before, city, correction, target):
    now = before + city + correction
    assume(abs(target - (now - city)) > 1e-6)
    way = "at_least" if target > now - city else "at_most"
    found = asked(one(target, way), {"first": before, "second": now}, (city, correction, 0.0, 0.0))
    assert found.restated == pytest.approx(before + correction)
    assert found.restated + found.share * (target - found.restated) == pytest.approx(now)


@given(numbers, numbers, numbers)
def test_corrections_alone_give_none(before, correction, target):
    found = asked(one(target), {"first": before, "second": before + correction}, (0.0, correction, 0.0, 0.0))
    assert found.share == 0.0 or found.reason == "met_before"


def test_what_is_done_falls_back_when_a_check_no_longer_reaches_the_target(desk):
    desk.figures["sewer_cover"] = 100.0
    desk.done("2.1")
    standings = {"2.1": desk.standing("2.1"), "1.1": desk.standing("1.1")}
    assert fallen_back(standings, {"sewer_cover": 100.0}.get) == frozenset()
    assert fallen_back(standings, {"sewer_cover": 99.0}.get) == {"2.1"}
    assert fallen_back(standings, {}.get) == frozenset()
    open_one = {"2.1": replace(desk.standing("2.1"), state="on_track")}
    assert fallen_back(open_one, {"sewer_cover": 99.0}.get) == frozenset()

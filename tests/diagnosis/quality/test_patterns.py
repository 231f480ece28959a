"""Gaming alerts: planted patterns are seen, and where nothing is planted alarms are as rare as they are said to be."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import comb

import numpy as np
import pyarrow as pa
import pytest

from diagnosis.composite.made import results_of
from tulou.diagnosis.quality.chance import evenness, holm, upper_binomial, upper_hypergeometric, upper_poisson
from tulou.diagnosis.quality.corrections import revisions
from tulou.diagnosis.quality.denominators import denominators
from tulou.diagnosis.quality.digits import equal_pairs, written_step
from tulou.diagnosis.quality.heaping import heaping, near_the_mark
from tulou.diagnosis.quality.pattern import Pattern, judged
from tulou.indicators.evaluate.results import SCHEMA
from tulou.model.store.manifest import Commit

SIMULATIONS = 600


def test_tails_beside_plain_sums():
    assert upper_binomial(8, 10, 0.5) == pytest.approx(sum(comb(10, k) for k in (8, 9, 10)) / 2**10)
    assert upper_binomial(0, 10, 0.5) == 1
    plain = sum(comb(5, k) * comb(15, 6 - k) for k in (4, 5)) / comb(20, 6)
    assert upper_hypergeometric(4, 20, 5, 6) == pytest.approx(plain)
    assert upper_poisson(1, 0.01) == pytest.approx(1 - np.exp(-0.01))
    assert evenness([10, 10, 10]) == (0.0, 1.0)


def test_holm_by_hand_and_in_any_order():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
    for order in itertools.permutations(range(4)):
        given = [(0.01, 0.04, 0.03, 0.005)[place] for place in order]
        assert holm(given) == pytest.approx([(0.03, 0.06, 0.06, 0.02)[place] for place in order])


def pattern(kind, chance, subject="x"):
    return Pattern(kind, subject, "", "test", chance, {})


def test_what_was_looked_at_is_told_also_where_nothing_was_seen():
    found = judged([pattern("digits", 0.5), pattern("heaping", 0.001), pattern("repeats", 0.03)], 0.05)
    assert [one.kind for one in found.raised] == ["heaping"]
    assert [one.kind for one in found.looked] == ["heaping", "digits", "repeats"]
    assert found.looked[2].adjusted == pytest.approx(0.06)
    assert judged([], 0.05).raised == ()


def moved_over(values, mark, share, reach, draw):
    """The same figures with a share of those just short of a mark lifted over it."""
    found = values.copy()
    short = np.flatnonzero((values < mark) & (values > mark - reach) & (draw.random(len(values)) < share))
    found[short] = mark + draw.random(len(short)) * reach / 2
    return found


DENSITIES = {
    "level": lambda draw, size: draw.normal(70, 15, size),
    "rising": lambda draw, size: 100 - draw.exponential(25, size),
    "falling": lambda draw, size: 55 + draw.exponential(25, size),
}


@pytest.mark.parametrize("density", list(DENSITIES))
@pytest.mark.parametrize("size", [80, 300])
def test_false_alarms_of_heaping_are_as_rare_as_they_are_said_to_be(density, size):
    draw = np.random.default_rng([20260129, size])
    chances = []
    for _ in range(SIMULATIONS):
        found = near_the_mark(DENSITIES[density](draw, size), 72.0, "at_least")
        if found is not None:
            chances.append(found[0])
    assert len(chances) > SIMULATIONS / 3
    assert np.mean(np.array(chances) <= 0.05) <= 0.075
    assert np.mean(np.array(chances) <= 0.005) <= 0.012


@pytest.mark.parametrize("how", ["at_least", "at_most"])
def test_planted_heaping_is_seen_in_either_direction(how):
    draw = np.random.default_rng(11)
    seen = 0
    for _ in range(40):
        values = moved_over(draw.normal(70, 15, 300), 72.0, 0.9, 5.0, draw)
        sign, mark = (1.0, 72.0) if how == "at_least" else (-1.0, -72.0)
        chance, counted, near = near_the_mark(values * sign, mark, how)
        seen += chance <= 0.001
        assert counted["passing"] + counted["failing"] == 60
        assert len(near) == counted["passing"]
    assert seen >= 36


def test_heaping_on_the_failing_side_is_no_alert():
    draw = np.random.default_rng(12)
    values = -moved_over(-draw.normal(70, 15, 300), -72.0, 0.9, 5.0, draw)
    assert near_the_mark(values, 72.0, "at_least")[0] > 0.5


def test_where_nothing_can_be_told_nothing_is():
    draw = np.random.default_rng(13)
    values = draw.normal(70, 5, 200)
    assert near_the_mark(values[:79], 70.0, "at_least") is None  # too few
    assert near_the_mark(values, 95.0, "at_least") is None  # the mark lies at an end
    assert near_the_mark(np.round(values), 70.0, "at_least") is None  # rounded figures heap by themselves
    assert near_the_mark(np.full(200, np.nan), 70.0, "at_least") is None


def test_heaping_reads_the_results_of_a_check():
    draw = np.random.default_rng(14)
    values = moved_over(draw.normal(70, 15, 300), 72.0, 0.95, 6.0, draw)
    units = tuple(f"u{number:03}" for number in range(300))
    table = results_of({"x": values, "y": values}, units, marks={"x": (72.0, "sourced"), "y": (72.0, "sourced")})
    found = list(heaping(table, {"x": "at_least"}))
    assert [(one.subject, one.level) for one in found] == [("x", "community")]
    assert found[0].chance < 0.001
    assert {values[int(unit[1:])] >= 72.0 for unit in found[0].objects} == {True}


def with_parts(over, under, better="higher"):
    units = tuple(f"u{number:02}" for number in range(len(over)))
    rows = results_of({"x": over / under}, units).to_pylist()
    for row, top, bottom in zip(rows, over, under, strict=True):
        row |= {"numerator": float(top), "denominator": float(bottom), "better": better}
    return pa.Table.from_pylist(rows, SCHEMA)


def test_denominators_that_only_ever_help():
    over, under = np.full(20, 50.0), np.full(20, 100.0)
    before = with_parts(over, under)
    smaller = list(denominators(before, with_parts(over, under * 0.9)))
    assert smaller[0].chance == pytest.approx(2.0**-20)
    assert smaller[0].seen["median_percent"] == pytest.approx(10)
    assert next(iter(denominators(before, with_parts(over, under * 1.1)))).chance == 1
    lower = with_parts(over, under * 1.1, better="lower")
    assert next(iter(denominators(with_parts(over, under, better="lower"), lower))).chance == pytest.approx(2.0**-20)


def test_denominators_that_moved_with_what_is_counted_are_not_looked_at():
    over, under = np.full(20, 50.0), np.full(20, 100.0)
    before = with_parts(over, under)
    assert list(denominators(before, with_parts(over * 0.9, under * 0.9))) == []
    assert list(denominators(before, before)) == []
    few = np.where(np.arange(20) < 5, 90.0, 100.0)
    assert list(denominators(before, with_parts(over, few))) == []


def test_false_alarms_of_denominators():
    draw = np.random.default_rng(15)
    over, alarms, times = np.full(30, 50.0), 0, 150
    before = with_parts(over, np.full(30, 100.0))
    for _ in range(times):
        after = with_parts(over, 100.0 * draw.lognormal(0, 0.02, 30))
        alarms += next(iter(denominators(before, after))).chance <= 0.05
    assert alarms / times <= 0.08


def looks_at_nothing(draw):
    """Twelve indicators, four columns of counts and four of denominators, with nothing planted."""
    for number in range(12):
        values = draw.normal(70, 15, 120) if number % 2 else 100 - draw.exponential(25, 120)
        found = near_the_mark(values, 72.0, "at_least")
        if found is not None:
            yield pattern("heaping", found[0], f"i{number}")
    for number in range(4):
        counts = np.bincount(draw.integers(0, 10, 300), minlength=10)
        yield pattern("digits", evenness(counts.tolist())[1], f"d{number}")
    for number in range(4):
        yield pattern("denominators", upper_binomial(int(draw.binomial(30, 0.5)), 30, 0.5), f"n{number}")


@pytest.mark.slow
def test_any_false_alarm_among_all_looks_is_as_rare_as_asked_for():
    draw = np.random.default_rng(2026)
    for level in (0.05, 0.2):
        raised = [bool(judged(looks_at_nothing(draw), level).raised) for _ in range(SIMULATIONS // 2)]
        assert np.mean(raised) <= level * 1.4
    planted = [pattern("heaping", 1e-7, "planted"), *looks_at_nothing(draw)]
    assert [one.subject for one in judged(planted, 0.05).raised] == ["planted"]


def commits_on(*days):
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        Commit(number, "main", number - 1, start + timedelta(days=day), "", "", f"t{number}")
        for number, day in enumerate(days, 1)
    ]


def test_revisions_that_crowd_before_a_deadline():
    made = commits_on(0, 300, 355, 357, 358, 360, 361)
    revised = dict.fromkeys(range(2, 8), 10)
    (found,) = revisions(made, revised, [datetime(2025, 12, 31, tzinfo=UTC)], 14.0)
    assert (found.seen["late"], found.seen["commits"], found.seen["rows"]) == (5, 6, 50)
    share = 14 / 364
    assert found.chance == pytest.approx(upper_binomial(5, 6, share))
    assert found.objects == ("3", "4", "5", "6", "7")


def test_new_facts_before_a_deadline_are_no_revisions():
    made = commits_on(0, 355, 357, 358, 360, 361)
    assert list(revisions(made, {2: 3}, [datetime(2025, 12, 31, tzinfo=UTC)], 14.0)) == []
    assert list(revisions([], {}, [datetime(2025, 12, 31, tzinfo=UTC)], 14.0)) == []


def test_the_time_before_the_first_record_does_not_count():
    assert list(revisions(commits_on(0), {}, [datetime(2024, 12, 31, tzinfo=UTC)], 14.0)) == []


def test_false_alarms_of_revisions():
    draw = np.random.default_rng(16)
    deadline, alarms = datetime(2025, 12, 31, tzinfo=UTC), 0
    for _ in range(SIMULATIONS):
        made = commits_on(0, *np.sort(draw.uniform(0, 364, 12)))
        (found,) = revisions(made, dict.fromkeys(range(2, 14), 1), [deadline], 30.0)
        alarms += found.chance <= 0.05
    assert alarms / SIMULATIONS <= 0.07


def test_steps_in_which_numbers_are_written():
    assert written_step(np.array([1.0, 20.0])) == 1.0
    assert written_step(np.array([1.25, 20.5])) == pytest.approx(0.01)
    assert written_step(np.random.default_rng(1).random(5)) is None


def test_equal_pairs_that_are_expected():
    """As many as a plain simulation meets, for numbers drawn at random and rounded."""
    draw = np.random.default_rng(17)
    met, said = [], []
    for _ in range(200):
        pairs, expected = equal_pairs(np.round(draw.normal(500, 100, 80), 1))
        met.append(pairs)
        said.append(expected)
    assert np.mean(said) == pytest.approx(np.mean(met), rel=0.15)
    copied = np.round(draw.normal(500, 100, 80), 2)
    copied[:12] = copied[12:24]
    pairs, expected = equal_pairs(copied)
    assert upper_poisson(pairs, expected) < 1e-6


def test_coarse_numbers_repeat_by_themselves():
    assert equal_pairs(np.arange(40.0) % 7) is None
    assert equal_pairs(np.full(40, 3.25)) is None


def test_an_alert_holds_no_person():
    assert not {"who", "person", "name"} & set(Pattern.__dataclass_fields__)
    one = replace(pattern("digits", 0.5), objects=("7",))
    assert one.objects == ("7",)
    assert date(2025, 1, 1) < date(2026, 1, 1)

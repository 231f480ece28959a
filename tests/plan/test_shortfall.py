"""Shortfalls beside the findings of the same check, and gains beside figures worked by hand."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from plan.planned import china, city, state_of
from tulou.diagnosis.diagnose import diagnose
from tulou.plan.shortfall import Gain, further, gains, shortfalls

FLAGS = ("stairwell_hazard_homes", "structural_hazard_homes", "broken_pipe_homes")


def finest(short):
    return next(one for one in short.values() if one.fails.any())


@pytest.mark.parametrize("seed", range(4))
def test_what_falls_short_is_what_is_found(seed):
    state = state_of(city(seed))
    found = diagnose(china(), state).findings
    told = shortfalls(china(), state)
    kept = found.filter(pc.equal(pc.cast(found["status"], pa.string()), "fail"))
    assert kept.num_rows
    for name in FLAGS:
        rows = kept.filter(pc.equal(pc.cast(kept["indicator"], pa.string()), name))
        short = finest(told[name])
        assert short.objects[short.fails].sum() == sum(rows["count"].to_pylist())
        assert short.people[short.fails].sum() == pytest.approx(sum(rows["people"].to_pylist()))


def test_mending_two_homes_brings_their_people_over_the_mark():
    before, after = city(), city()
    rows = [n for n, bad in enumerate(before["building"]["stair_hazard"]) if bad][:2]
    for row in rows:
        after["building"]["stair_hazard"][row] = False
    gain = gains(*(shortfalls(china(), state_of(tables)) for tables in (before, after)))
    people = sum(before["building"]["residents"][row] for row in rows)
    assert gain["stairwell_hazard_homes"].people == people
    assert gain["stairwell_hazard_homes"].objects == 2.0
    assert sum(gain["stairwell_hazard_homes"].by_unit.values()) == people
    assert gain["structural_hazard_homes"].people == 0.0
    worse = gains(*(shortfalls(china(), state_of(tables)) for tables in (after, before)))
    assert worse["stairwell_hazard_homes"].people == -people


def test_a_unit_that_lacks_something_counts_when_it_has_enough_and_not_before():
    """1,500 people need 8 m² of park each, 12,000 m², and have 2,500: 9,500 lack."""

    def with_park(area):
        tables = city()
        if area:
            for name, value in (("id", "g2"), ("category", "park"), ("open_to_public", True), ("area", area),
                                ("geometry", shapely.box(1100, 550, 1110, 560))):  # fmt: skip
                tables["green"][name].append(value)
        return shortfalls(china(), state_of(tables), indicators=["park_green_person"])

    nothing = with_park(0.0)
    lacking = 8.0 * 1_500.0 - 2_500.0
    assert nothing["park_green_person"]["city"].lack[0] == pytest.approx(lacking / 1_500.0)
    half = gains(nothing, with_park(lacking / 2))["park_green_person"]
    assert (half.people, half.objects) == (0.0, 0.0)
    assert half.ways["city"] == pytest.approx(0.5)
    whole = gains(nothing, with_park(lacking))["park_green_person"]
    assert (whole.people, whole.objects) == (1_500.0, 1.0)
    assert whole.ways["city"] == pytest.approx(1.0)
    back = gains(with_park(lacking), nothing)["park_green_person"]
    assert (back.people, back.ways["city"]) == (-1_500.0, -1.0)


def test_what_one_change_brings_beyond_another():
    more = {"a": Gain(10.0, 3.0, {"u": 10.0}, "community", {"city": 0.75}, {"city": 9.0})}
    less = {"a": Gain(4.0, 1.0, {"u": 4.0}, "community", {"city": 0.25}), "b": Gain(1.0, 1.0)}
    found = further(more, less)
    assert (found["a"].people, found["a"].objects, found["a"].by_unit) == (6.0, 2.0, {"u": 6.0})
    assert found["a"].ways == {"city": 0.5}
    assert found["a"].residents == {"city": 9.0}
    assert found["b"].people == -1.0

"""Densities over derived land: given only where that land reaches to what is counted."""

import numpy as np
import pytest
import shapely

from indicators.made import state_of
from tulou.app.wiring import rulebook
from tulou.indicators.evaluate.coverage import lies_at_divisor
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.run import evaluate


def street(start, end):
    return shapely.LineString([(start, 210), (end, 210)])


def tables(mapped, *, estimated=True):
    """Ten streets of 100 m, and land along the first of them only."""
    return {
        "city": {"id": ["city"], "geometry": [shapely.box(-100, -100, 1100, 400)], "rank": ["prefecture"]},
        "parcel": {
            "id": ["land"],
            "built_up": [True],
            "estimated": [estimated],
            "use": ["residential"],
            "geometry": [shapely.box(0, 0, mapped, 200)],
        },
        "road": {
            "id": [f"r{number}" for number in range(10)],
            "class": ["branch"] * 10,
            "dual_carriageway": [False] * 10,
            "geometry": [street(number * 100, number * 100 + 100) for number in range(10)],
        },
        "population": {
            "id": ["near", "far"],
            "residents": [300.0, 100.0],
            "residents_low": [200.0, 60.0],
            "residents_high": [400.0, 140.0],
            "geometry": [shapely.Point(50, 100), shapely.box(900, 0, 1000, 100)],
        },
    }


def answer(made, indicator, **words):
    rows = evaluate(rulebook(), state_of(made, **words), indicators=[indicator]).results.to_pylist()
    return next(row for row in rows if row["level"] == "city" and not row["variant"])


@pytest.mark.parametrize(("mapped", "told"), [(1000, 100.0), (900, 90.0), (850, 90.0), (500, 50.0)])
def test_the_share_of_streets_at_the_land_is_told_and_decides(mapped, told):
    found = answer(tables(mapped), "road_density")
    assert found["known"] == pytest.approx(told)
    if told >= 90.0:
        assert found["value"] == pytest.approx(1.0 / (mapped * 200 / 1e6))
    else:
        assert (found["status"], found["reason"], found["lacking"]) == (
            "not assessed", "divisor_not_mapped", "built_up_land",
        )  # fmt: skip


def test_land_that_a_register_drew_is_taken_as_it_is():
    """Streets beyond registered built-up land are streets in the open."""
    found = answer(tables(300, estimated=False), "road_density")
    assert (found["value"], found["reason"]) == (pytest.approx(1.0 / 0.06), "pass_open")
    assert found["known"] == 100.0


def test_a_list_claimed_complete_is_believed():
    assert answer(tables(300), "road_density", complete=("parcel",))["value"] == pytest.approx(1.0 / 0.06)


def test_people_far_from_all_land_show_that_land_is_missing():
    found = answer(tables(300), "population_density")
    assert (found["value"], found["reason"]) == (None, "divisor_not_mapped")
    assert found["known"] == pytest.approx(75.0)
    assert (found["low"], found["high"]) == (None, None), "what is not given has no bounds"
    assert "作为分母的用地缺漏过多" in found["reason_zh"]
    assert "no divisor to trust" in found["reason_en"]


def test_rows_near_land_are_those_a_plain_distance_finds():
    draw = np.random.default_rng(6)
    made = tables(300)
    spots = draw.uniform(-50, 1050, (200, 2))
    shapes = [shapely.Point(*spot) if draw.random() < 0.5 else shapely.box(*spot, *(spot + 40)) for spot in spots]
    made["population"] = {"id": [f"p{n}" for n in range(201)], "residents": [1.0] * 201, "geometry": [*shapes, None]}
    state = state_of(made)
    city = city_of(rulebook(), state, state.moment.valid)
    formula = rulebook().indicators["population_density"].variants[0].on(state.moment.valid)
    found = lies_at_divisor(city, formula)
    land = made["parcel"]["geometry"][0]
    assert found.tolist() == [land.distance(shape) <= 25.0 for shape in shapes] + [True]


def test_no_question_arises_where_nothing_is_divided_by_land():
    state = state_of(tables(300))
    city = city_of(rulebook(), state, state.moment.valid)
    for indicator in ("bus_stop_cover", "park_green_person"):
        assert lies_at_divisor(city, rulebook().indicators[indicator].variants[0].on(state.moment.valid)) is None

"""Candidates of a made city: which remedies fit which findings, on which objects and sites, for how much."""

import math

import numpy as np
import pytest
import shapely

from plan.planned import basis, catalogue, china, city
from tulou.indicators.evaluate.quantities import city_of
from tulou.plan.candidates.content import NO_OBJECT, NO_PLACE, NO_SITE, REASONS
from tulou.plan.candidates.gather import candidates
from tulou.plan.candidates.ground import MOST_DEMANDS, chosen_sites, gathered, reach_of
from tulou.plan.candidates.making import amount_unit

PRICES = {"repair_stairwell": 1_000.0, "reinforce_structure": 2.0, "replace_building_pipes": 50.0, "small_park": 10.0}


def found(tables, prices=None):
    made = basis(tables, PRICES if prices is None else prices)
    view = city_of(made.rulebook, made.state, made.today.check.day, memo=made.memo)
    return candidates(view, made.catalogue, made.today.findings), view


def by_remedy(told, name):
    return {one.unit: one for one in told.found if one.remedy.id == name}


def test_objects_of_one_community_make_one_project():
    tables = city()
    told, _ = found(tables)
    made = by_remedy(told, "repair_stairwell")
    bad = {
        name for name, flag in zip(tables["building"]["id"], tables["building"]["stair_hazard"], strict=True) if flag
    }
    assert {name for one in made.values() for name in one.objects} == bad
    for unit, one in made.items():
        assert one.id == f"repair_stairwell@{unit}"
        assert one.cost == 1_000.0 * len(one.objects)
        assert {edit.id for edit in one.edits} == set(one.objects)
        assert all(edit.values == {"stair_hazard": False} for edit in one.edits)
        assert all(name.startswith("stairwell_hazard_homes/") for name in one.findings)


def test_costs_follow_the_column_they_are_priced_by():
    told, view = found(city())
    for one in by_remedy(told, "reinforce_structure").values():
        assert one.cost == 2.0 * 1_000.0 * len(one.objects)
    for one in by_remedy(told, "replace_building_pipes").values():
        assert one.cost == 50.0 * 20.0 * len(one.objects)
    assert amount_unit(view, catalogue().remedies["reinforce_structure"]) == "m2"


def test_an_amount_nobody_knows_has_no_cost():
    tables = city()
    tables["building"]["households"] = [None] * len(tables["building"]["id"])
    told, _ = found(tables)
    made = by_remedy(told, "replace_building_pipes")
    assert made
    assert all(one.cost is None and math.isnan(one.amount) for one in made.values())


def test_a_remedy_acts_only_on_what_it_may_act_on():
    tables = city()
    told, _ = found(tables)
    feasible = {
        name
        for name, can in zip(tables["building"]["id"], tables["building"]["lift_feasible"], strict=True) if can
    }  # fmt: skip
    lifts = by_remedy(told, "add_lift")
    assert lifts
    assert {name for one in lifts.values() for name in one.objects} <= feasible
    tables["building"]["lift_feasible"] = [False] * len(feasible | set(tables["building"]["id"]))
    tables["building"]["age_friendly_need"] = [True] * len(tables["building"]["id"])
    told, _ = found(tables)
    assert not by_remedy(told, "add_lift")
    assert ("add_lift", NO_OBJECT) in {(one.remedy.id, one.reason) for one in told.left_out}


def test_one_home_each_when_a_remedy_says_so():
    tables = city()
    told, _ = found(tables)
    made = [one for one in told.found if one.remedy.id == "rebuild_in_place"]
    assert len(made) == sum(tables["building"]["structure_hazard"])
    assert all(one.id == f"rebuild_in_place@{one.objects[0]}" for one in made)


def test_parks_stand_on_idle_land_inside_it():
    tables = city()
    told, _ = found(tables)
    parks = [one for one in told.found if one.remedy.id == "small_park"]
    idle = dict(zip(tables["parcel"]["id"], tables["parcel"]["geometry"], strict=True))
    assert {one.site.id for one in parks} == {"idle1", "idle2"}
    for one in parks:
        (edit,) = one.edits
        assert (edit.action, edit.entity, edit.values["category"]) == ("add", "green", "community_park")
        assert edit.shape.area == pytest.approx(4_000.0)  # living_circle.park_area_5
        assert idle[one.site.id].buffer(1e-6).covers(edit.shape)
        assert one.cost == pytest.approx(40_000.0)
        assert one.unit == {"idle1": "c1", "idle2": "c2"}[one.site.id]


def test_a_parcel_smaller_than_the_park_holds_what_fits():
    tables = city()
    tables["parcel"]["geometry"][2] = shapely.box(200, 505, 240, 545)
    told, _ = found(tables)
    small = next(one for one in told.found if one.id == "small_park@idle1")
    assert small.edits[0].shape.area == pytest.approx(1_600.0)


def test_without_sites_a_remedy_says_so():
    tables = city()
    tables["parcel"]["use"] = ["residential", "residential", "industrial", "industrial"]
    told, _ = found(tables)
    assert {one.remedy.id for one in told.left_out if one.reason == NO_SITE} >= {"small_park", "park_on_idle_land"}


def test_findings_without_a_place_have_no_site_and_say_so():
    tables = city()
    del tables["city"], tables["population"], tables["block"], tables["community"]
    tables["facility"] = {"id": ["t1"], "category": ["public_toilet"], "geometry": [shapely.Point(10, 10)]}
    tables["parcel"]["geometry"][0] = shapely.box(0, 0, 5_000, 5_000)
    told, _ = found(tables)
    reasons = {one.remedy.id: one.reason for one in told.left_out}
    assert reasons["new_public_toilet"] == NO_PLACE
    assert not [one for one in told.found if one.remedy.id == "new_public_toilet"]


def test_findings_without_a_remedy_are_counted():
    told, _ = found(city())
    fixed = {name for one in catalogue().remedies.values() for name in one.fixes}
    assert not set(told.unanswered) & fixed
    assert all(count > 0 for count in told.unanswered.values())


def test_reasons_are_in_both_languages():
    for words in REASONS.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh)
        assert words.en[0].isascii()


def test_amounts_are_raised_to_what_is_due_and_never_lowered():
    tables = city()
    tables["community"] |= {"households": [1_000.0, 500.0], "service_floor_area": [200.0, 200.0]}
    told, _ = found(tables, {"community_service_rooms": 4_000.0})
    made = by_remedy(told, "community_service_rooms")
    assert set(made) == {"c1"}
    assert made["c1"].amount == pytest.approx(100.0)  # 30 m² for each hundred households
    assert made["c1"].cost == pytest.approx(400_000.0)
    assert made["c1"].edits[0].values == {"service_floor_area": pytest.approx(300.0)}


def test_the_sites_that_serve_most_come_first():
    class Place:
        def __init__(self, x):
            self.place = (x, 0.0)

    sites = [Place(0.0), Place(1_000.0), Place(2_000.0)]
    demand = np.array([[0.0, 10.0], [2_000.0, 10.0], [1_000.0, 900.0]]), np.array([5.0, 30.0, 100.0])
    chosen, steps = chosen_sites(sites, demand, 300.0, most=2)
    assert [one.place[0] for one in chosen] == [0.0, 2_000.0]
    assert [step.gain for step in steps] == [30.0, 5.0]
    assert chosen_sites(sites, demand, 1.0) == ([], ())
    assert chosen_sites([], demand, 300.0) == ([], ())


def test_demands_of_one_square_count_together():
    draw = np.random.default_rng(1)
    places, weights = draw.uniform(0, 1_000, (MOST_DEMANDS + 1, 2)), draw.uniform(1, 5, MOST_DEMANDS + 1)
    middle, total = gathered(places, weights)
    assert len(middle) <= 100
    assert total.sum() == pytest.approx(weights.sum())
    assert middle.T @ total == pytest.approx(places.T @ weights)
    assert gathered(places[:5], weights[:5])[0] is not None
    assert len(gathered(places[:5], weights[:5])[0]) == 5


def test_the_reach_is_the_farthest_of_its_steps():
    _, view = found(city())
    ground = catalogue().remedies["small_park"].ground
    assert reach_of(view, ground) == 500.0
    assert reach_of(view, catalogue().remedies["new_kindergarten"].ground) == 300.0
    assert reach_of(view, catalogue().remedies["new_fire_station"].ground) == np.inf
    assert china().parameters["kindergarten.radius"].unit == "m"

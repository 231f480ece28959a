"""Geneva from its OpenStreetMap extract alone: counts, people, density and cover told a second way."""

from datetime import date

import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

from shared_data import shared
from trials.chain import assessed, checked, city_of, figures
from tulou.app.intake import Intake

pytestmark = pytest.mark.slow
RESIDENTS = 204_000
"""Residents of the city of Geneva, rounded; its 15.9 km2 are all but the 16.05 km2 of the extract."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    file = shared("city_noise_lorient/geneva.osm.pbf")
    city, told = city_of(tmp_path_factory.mktemp("geneva") / "city", "Geneva", [(file, Intake())])
    assert told[0][1] > 20_000
    return checked(city)


def test_what_was_imported(kept):
    rows = {name: len(kept.state.rows(name)) for name in ("building", "road", "stop", "facility", "community")}
    assert rows["building"] == 11_680  # one of the 11,681 areas is cut by the edge of the extract
    assert rows["road"] == 13_878
    assert rows["stop"] == 342
    assert rows["community"] > 100


def test_the_day_of_the_check_is_that_of_the_extract(kept):
    assert kept.check.day == date(2025, 1, 28)


def test_estimated_people_are_near_the_census_and_bounded(kept):
    rows = kept.state.rows("population")
    low, middle, high = (rows.numbers(name).sum() for name in ("residents_low", "residents", "residents_high"))
    assert middle == pytest.approx(RESIDENTS, rel=0.25)
    assert low < RESIDENTS < high


def test_figures_of_estimated_people_are_estimates_with_intervals(kept):
    found = figures(kept)
    for name in ("park_green_person", "sdg_transit_access", "convenience_5", "charging_reach"):
        row = found[name, ""]
        assert row["estimate"], name
        assert row["low"] <= row["value"] <= row["high"], name
    green = found["park_green_person", ""]
    assert green["high"] / green["low"] > 2
    assert green["status"] == "reference"


def test_straight_line_access_agrees_with_a_tree_of_scipy(kept):
    row = figures(kept)["sdg_transit_access", "straight"]
    people, stops = kept.state.rows("population"), kept.state.rows("stop")
    bus = np.isin(stops.texts("mode"), ["bus", "tram"])
    far, _ = cKDTree(stops.places[bus]).query(people.places)
    rail, _ = cKDTree(stops.places[~bus]).query(people.places)
    residents = people.numbers("residents")
    near_bus = residents[far <= 500].sum() / residents.sum() * 100
    near_any = residents[(far <= 500) | (rail <= 1000)].sum() / residents.sum() * 100
    assert near_bus - 0.5 <= row["value"] <= near_any + 0.5


def test_population_density_is_people_by_built_up_land(kept):
    parcels = kept.state.rows("parcel")
    built = parcels.numbers("built_up") == 1
    area = shapely.area(parcels.shapes[built]).sum() / 1e6
    people = kept.state.rows("population").numbers("residents").sum() / 1e4
    row = figures(kept)["population_density", ""]
    assert row["value"] == pytest.approx(people / area, rel=0.02)
    assert row["status"] == "reference"


def test_the_largest_known_cluster_of_an_open_list_is_no_pass(kept):
    assert figures(kept)["cluster_size", ""]["status"] == "reference"


def test_findings_say_how_many_people_and_that_it_is_an_estimate(kept):
    rows = [row for row in kept.diagnosis.findings.to_pylist() if row["people"] is not None]
    assert len(rows) > 10
    assert all(row["people_estimate"] for row in rows)
    reach = sum(row["people"] for row in rows if row["indicator"] == "fire_rescue_reach")
    assert 10_000 < reach < RESIDENTS


def test_enough_is_assessed(kept):
    assert assessed(kept) >= 35

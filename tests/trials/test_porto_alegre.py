"""Porto Alegre: streets of OpenStreetMap, hexagons with people, and two timetables of one service day."""

import csv
from datetime import date

import numpy as np
import pytest
from scipy.spatial import cKDTree

from shared_data import shared
from trials.chain import assessed, checked, city_of, figures, mapped
from tulou.app.intake import Intake

pytestmark = pytest.mark.slow
DAY = date(2019, 5, 14)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    day = {"valid_from": DAY}
    imports = [
        (shared("city_porto_alegre/poa_osm.pbf"), Intake(**day)),
        (shared("city_porto_alegre/poa_hexgrid.csv"), mapped("poa_population")),
        (shared("city_porto_alegre/poa_points_of_interest.csv"), mapped("poa_places")),
        (shared("city_porto_alegre/poa_eptc.zip"), Intake(service_day=DAY, **day)),
        (shared("city_porto_alegre/poa_trensurb.zip"), Intake(service_day=DAY, **day)),
    ]
    city, told = city_of(tmp_path_factory.mktemp("poa") / "city", "Porto Alegre", imports)
    assert [(read, kept) for read, kept, _, _ in told[1:]] == [(1227, 1227), (15, 15), (4101, 4101), (26, 26)]
    return checked(city)


def test_what_was_imported(kept):
    state = kept.state
    assert len(state.rows("road")) == 15_668
    assert len(state.rows("stop")) == 1_090 + 3_986 + 24
    assert len(state.rows("route")) == 115 + 2


def test_people_and_jobs_are_those_of_the_raw_file(kept):
    with shared("city_porto_alegre/poa_hexgrid.csv").open(encoding="utf-8") as stream:
        raw = list(csv.DictReader(stream))
    rows = kept.state.rows("population")
    for ours, theirs in (("residents", "population"), ("jobs", "jobs")):
        assert np.nansum(rows.numbers(ours)) == sum(float(row[theirs] or 0) for row in raw)


def test_headways_are_those_of_the_day(kept):
    stops = kept.state.rows("stop")
    train = np.flatnonzero((stops.texts("mode") == "rail") & np.isfinite(stops.numbers("departures_day")))
    headway = stops.numbers("headway_peak")[train]
    assert 2 < np.nanmedian(headway) < 15  # Trensurb runs every five minutes or so in the peak


def test_stops_reached_in_a_straight_line_agree_with_a_tree_of_scipy(kept):
    people, stops = kept.state.rows("population"), kept.state.rows("stop")
    residents = people.numbers("residents")
    mode = stops.texts("mode")
    rail = stops.places[np.isin(mode, ["rail", "metro", "tram"])]
    distance, _ = cKDTree(rail).query(people.places)
    low, high = (residents[distance <= radius].sum() / residents.sum() * 100 for radius in (500.0, 1000.0))
    assert low <= figures(kept)["rail_reach", "straight"]["value"] <= high
    assert figures(kept)["rail_reach", ""]["value"] <= figures(kept)["rail_reach", "straight"]["value"]


def test_enough_is_assessed(kept):
    assert assessed(kept) >= 18

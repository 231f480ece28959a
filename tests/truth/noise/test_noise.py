"""Published cases of CNOSSOS-EU, reproduced; sources in SOURCE.md."""

import json

import numpy as np
import pytest

from shared_data import shared
from tulou.measures.environment.road_noise import air_absorption, level_of_point
from tulou.processes.catalogue import processes
from tulou.processes.noise.coefficients import COEFFICIENTS_FILE, coefficients
from tulou.processes.noise.emission import emitted

NAMES = {"1": "cars", "2": "medium", "3": "heavy", "4a": "mopeds", "4b": "motorcycles"}
BANDS = [63, 125, 250, 500, 1000, 2000, 4000, 8000]


def road(year, **given):
    values = processes()["road_noise"].values({"coefficients": year, **given})
    return emitted(values, coefficients(year, values["surface"], values["junction"]))


def traffic(counts, speeds):
    given = dict(zip(NAMES.values(), counts, strict=True))
    return given | {f"{name}_speed": speed for name, speed in zip(NAMES.values(), speeds, strict=True)}


STUDS = {"studded": 50, "studded_months": 4, "directions": "one"}
EVEN = traffic([1000] * 5, [70] * 5)
MIXED = [40, 43, 45, 35, 32]
FEW = traffic([58, 50, 40, 100, 100], MIXED)


@pytest.mark.parametrize(
    ("band", "expected", "given"),
    [
        (8000, 77.6711, EVEN | {"temperature": 15, "surface": "NL01", "slope": 10}),
        (
            1000,
            79.6814,
            traffic([582, 500, 400, 1000, 1100], MIXED) | {"temperature": 5, "surface": "NL02", "slope": -5},
        ),
        (8000, 58.8222, FEW | {"temperature": -5, "surface": "NL03", "slope": -7}),
        (
            63,
            82.785,
            FEW | {"temperature": -5, "surface": "NL03", "slope": -7, "junction": "crossing", "junction_distance": 50},
        ),
        (
            4000,
            85.4991,
            EVEN
            | {"temperature": 15, "surface": "NL01", "slope": 10, "junction": "roundabout", "junction_distance": 30},
        ),
    ],
    ids=["T02", "T03", "T04", "T05", "T06"],
)
def test_emission_in_five_published_cases(band, expected, given):
    found = road("2015", **STUDS, **given)
    assert found.whole[BANDS.index(band)] == pytest.approx(expected, abs=1e-3)


def test_a_slow_car_downhill_by_band():
    found = road(
        "2015",
        cars=1000,
        cars_speed=20,
        surface="NL01",
        temperature=-5,
        slope=-15,
        studded=100,
        studded_months=0.5,
        directions="one",
    )
    published = [77.1136, 75.5712, 75.6919, 73.6689, 71.3471, 68.1195, 63.4796]
    assert found.whole[1:].tolist() == pytest.approx(published, abs=0.01)


def test_the_years_differ_by_three_decibels():
    levels = [road(year, cars=1000, surface="NL01").weighted for year in ("2015", "2020")]
    assert levels == pytest.approx([78.32, 81.34], abs=0.005)
    assert road("2015", cars=3747, heavy=479, surface="FR_R2").weighted == pytest.approx(89.627, abs=1e-3)


def test_propagation_over_hard_ground_is_that_of_the_iso_case():
    published = np.array([39.21, 39.16, 39.03, 38.86, 38.53, 37.36, 32.87, 16.54])
    lost = air_absorption(np.array(BANDS, float), 10, 70)
    found = level_of_point(np.full(8, 93.0), 194.16, lost)
    assert np.abs(found - published).max() < 0.02


def test_air_takes_what_iso_9613_1_tabulates():
    # Table of ISO 9613-1 at 10 °C, 70 percent, dB/km.
    expected = [0.122, 0.411, 1.04, 1.93, 3.66, 9.66, 32.8, 117]
    assert (air_absorption(np.array(BANDS, float), 10, 70) * 1000).tolist() == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize("year", ["2015", "2020"])
def test_coefficients_are_those_stored_beside(year):
    stored = json.loads((shared("truth") / "noise_cnossos" / f"RoadCnossos_{year}.json").read_text("utf-8"))
    for surface in ("DEF", "NL01", "NL07", "NL14", "FR_R2"):
        held = coefficients(year, surface, "crossing")
        for number, name in NAMES.items():
            vehicle, one = stored["vehicles"][number], held.classes[name]
            assert one.propulsion.tolist() == vehicle["ap"]
            assert one.propulsion_by_speed.tolist() == vehicle["bp"]
            assert one.junction_propulsion == vehicle["crossing"]["cp"]
            if one.rolling is not None:
                assert one.rolling.tolist() == vehicle["ar"]
                assert one.rolling_by_speed.tolist() == vehicle["br"]
            on = stored["roads"][surface]["ref"][number]
            assert (one.surface.tolist(), one.surface_by_speed) == (on["spectrum"], on["ßm"])
    assert "EU2015" in COEFFICIENTS_FILE.read_text("utf-8")

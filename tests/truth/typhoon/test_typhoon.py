"""Published numbers of the wind of tropical cyclones; sources in SOURCE.md."""

import json

import numpy as np
import pytest

from shared_data import shared
from tulou.measures.hazard.typhoon.holland import gradient_wind, highest_wind, shape_1980, shape_2008
from tulou.processes.typhoon.rules import rules

KM, HPA = 1e3, 100.0


def test_shape_of_1980():
    found = shape_1980(np.array([35.0, 40.0]), HPA * np.array([15.0, 30.0]), density=1.15, bounds=(1.0, 2.5))
    assert found == pytest.approx([2.5, 1.667213], abs=1e-6)
    surface = shape_1980(
        np.array([22.5, 25.4, 42.5]), HPA * np.array([15.0, 30.0, 40.0]), density=1.2, bounds=(0.81, 2.025)
    )
    assert surface == pytest.approx([1.101, 0.810, 1.473], abs=1e-3)


def test_shape_of_2008():
    model = rules().model
    found = shape_2008(
        np.array([4.73, 4.73]),
        np.array([0.0047, 0.0049]),
        np.array([12.3, 12.3]),
        np.array([5.241999541820597, 5.123882725120426]),
        bounds=model.bounds,
        factors=model.factors,
        exponent=model.exponent,
    )
    assert found == pytest.approx([1.27, 1.27], abs=1e-2)


def test_highest_wind_of_2008():
    found = highest_wind(HPA * np.array([15.0, 30.0]), np.array([2.5, 1.67]), density=1.15)
    assert found == pytest.approx([34.635341, 40.033421], abs=1e-6)


def test_profile_of_1980():
    away = KM * np.array(
        [
            [299.4501244109841, 291.0737897183741, 292.5441003235722, 40.665454622610511],
            [293.6067129546862, 1000.0, 298.2652319413182, 70.0],
        ]
    )
    radius = KM * np.array([[40.665454622610511], [75.547902916671745]])
    shape = np.array([[1.486076257880692], [1.265551666104679]])
    deficit = HPA * np.array([[39.12], [4.73]])
    turning = np.array([[3.54921922e-05], [3.10598285e-05]])
    found = gradient_wind(away, radius, shape, deficit, turning, density=1.15)
    assert found[0] == pytest.approx([11.28, 11.68, 11.61, 42.41], abs=1e-2)
    assert found[1, [0, 2, 3]] == pytest.approx([5.38, 5.28, 12.76], abs=1e-2)
    still = gradient_wind(away, radius, shape, deficit, 0 * turning, density=1.15)
    assert still[0] == pytest.approx([15.72, 16.04, 15.98, 43.13], abs=1e-2)
    assert still[1, [0, 2, 3]] == pytest.approx([8.84, 8.76, 13.81], abs=1e-2)


def test_highest_wind_by_pressure_beside_landfalls_in_fujian():
    report = json.loads(shared("fj_province/typhoon/landfall-audit-report.json").read_text("utf-8"))
    landfalls = [
        one["landfall"]
        for one in report["anomalies"]
        if one.get("indexLandFujian") and one.get("landfall") and one["landfall"].get("pressure")
    ]
    pressure, recorded, latitude = (
        np.array([float(one[name]) for one in landfalls]) for name in ("pressure", "speed", "lat")
    )
    keep = (pressure < 1000) & (recorded > 17)
    model = rules().model
    deficit = model.around - pressure[keep]
    nothing = np.zeros(keep.sum())
    shape = shape_2008(
        deficit, nothing, latitude[keep], nothing + 5.0, bounds=model.bounds, factors=model.factors,
        exponent=model.exponent,
    )  # fmt: skip
    found = highest_wind(HPA * deficit, shape, density=model.density)
    assert keep.sum() > 20
    assert np.corrcoef(found, recorded[keep])[0, 1] > 0.8
    assert 0.75 < np.median(found / recorded[keep]) < 1.25

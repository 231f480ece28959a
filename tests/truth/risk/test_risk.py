"""Published cases of risk; sources in SOURCE.md."""

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial import cKDTree

from shared_data import shared
from tulou.measures.hazard.risk.impact import DamageCurve, exceedance_curve, expected_annual_impact
from tulou.measures.hazard.risk.wind import emanuel_damage
from tulou.processes.risk.rules import rules

FREQUENCY = np.full(10, 6.211180124223603e-04)
IMPACTS = np.array(
    [
        0.0, 0.400665463736549e9, 3.150330960044466e9, 3.715826406781887e9, 2.900244271902339e9,
        0.778570745161971e9, 0.698736262566472e9, 0.381063674256423e9, 0.569142464157450e9, 0.467572545849132e9,
    ]
)  # fmt: skip


def test_frequency_curve_of_climada():
    """Its own test gives 2 320 408 028.57 in 500 years and 3 287 314 329.13 in 1000."""
    curve = exceedance_curve(IMPACTS, FREQUENCY)
    assert curve.period[[0, 1, 2, -1]] == pytest.approx([1610, 805, 536.6667, 161], rel=1e-6)
    assert curve.at(np.array([100.0, 500.0, 1000.0])) == pytest.approx([0, 2320408028.5695677, 3287314329.129928])
    assert np.isnan(curve.at(np.array([2000.0])))[0]


@pytest.mark.parametrize(
    ("half", "expected"),
    [
        ("usa", [0.0033, 0.0355, 0.10871, 0.2554, 0.5]),
        ("wp3_tdr", [0.00059, 0.00651, 0.02125, 0.05756, 0.15114]),
    ],
)
def test_wind_damage_of_the_reference(half, expected):
    held = rules()
    wind = np.array([33.0, 42.0, 50.0, 60.0, 74.7])
    found = emanuel_damage(wind, threshold=held.threshold, half=held.halves[half])
    assert found == pytest.approx(expected, abs=6e-5)


def test_wind_damage_of_the_north_west_pacific():
    # The half of WP4, 190.5 m/s, is from memory; the published share at 75 m/s (12c) bears it out.
    found = emanuel_damage(np.array([75.0]), threshold=25.7, half=190.5)
    assert found[0] == pytest.approx(0.026073, abs=1e-6)


def test_wind_damage_of_climada():
    found = emanuel_damage(np.array([3.0, 4.0, 5.0]), threshold=2.0, half=5.0, scale=0.5)
    assert found == pytest.approx([0.0178571, 0.1142857, 0.25], abs=1e-7)


FOLDER = "risk_flood_sansalvador"


def entity(name, columns):
    """Assets (latitude, longitude, value, function) and damage by depth of each function, of a workbook of CLIMADA."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(shared(f"{FOLDER}/{name}"), read_only=True, data_only=True)
    rows = [[row[at] for at in columns] for row in list(book["assets"].iter_rows(values_only=True))[1:]]
    assets = np.array([row for row in rows if None not in row], float)
    points: dict[float, list[tuple[float, float]]] = {}
    for row in list(book["impact_functions"].iter_rows(values_only=True))[1:]:
        if row[0] is not None:
            points.setdefault(float(row[0]), []).append((float(row[1]), float(row[2]) * float(row[3])))
    return assets, {key: np.array(found).T for key, found in points.items()}


def flood(name, assets):
    """Depth at each asset in each event, by the nearest point of the map, and the frequency of the events."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(shared(f"{FOLDER}/{name}")) as file:
        places = np.column_stack([file["centroids/lat"][:], file["centroids/lon"][:]])
        matrix = tuple(file[f"intensity/{part}"][:] for part in ("data", "indices", "indptr"))
        frequency = file["frequency"][:]
    depth = sparse.csr_matrix(matrix, shape=(len(frequency), len(places)))
    near = cKDTree(places).query(assets[:, :2])[1]
    return depth[:, near].toarray(), frequency


def impacts(assets, curves, depth):
    found = np.zeros(depth.shape)
    for kind, points in curves.items():
        at = assets[:, 3] == kind
        found[:, at] = DamageCurve(*points).at(depth[:, at]) * assets[at, 2]
    return found


HOUSES = "FL_entity_Acelhuate_houses.xlsx", (1, 3, 4, 7)
NOW, LATER = "Salvador_hazard_FL_2015.hdf5", "Salvador_hazard_FL_2040_extreme_cc.hdf5"


def test_payout_of_san_salvador():
    assets, curves = entity("FL_entity_Acelhuate_parametric.xlsx", (1, 2, 3, 6))
    depth, frequency = flood(NOW, assets)
    payout = expected_annual_impact(impacts(assets, curves, depth), frequency).sum()
    assert payout == pytest.approx(19023.79376375002, rel=1e-12)


def test_risk_of_san_salvador_in_2040():
    assets, curves = entity(*HOUSES)
    depth, frequency = flood(LATER, assets)
    # Values grow by 2 % a year for 25 years.
    expected = expected_annual_impact(impacts(assets, curves, depth), frequency).sum() * 1.02**25
    assert expected / 1e6 == pytest.approx(7.42983, abs=5e-6)


def test_flood_of_san_salvador_beside_a_plain_loop():
    assets, curves = entity(*HOUSES)
    depth, frequency = flood(NOW, assets)
    impact = impacts(assets, curves, depth)
    slow = sum(
        often * worth * np.interp(depth[event, place], *curves[kind])
        for place, (_, _, worth, kind) in enumerate(assets)
        for event, often in enumerate(frequency)
    )
    assert len(assets) == 12_472
    assert expected_annual_impact(impact, frequency).sum() == pytest.approx(slow, rel=1e-9)
    curve = exceedance_curve(impact.sum(axis=1), frequency)
    assert (np.diff(curve.impact) <= 0).all()
    assert curve.at(curve.period[:1]) == pytest.approx(impact.sum(axis=1).max())

"""Published cases of risk; sources in SOURCE.md."""

import numpy as np
import pytest

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


def test_flood_of_san_salvador_beside_a_plain_loop():
    h5py = pytest.importorskip("h5py")
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(
        shared("risk_flood_sansalvador/FL_entity_Acelhuate_houses.xlsx"), read_only=True, data_only=True
    )
    head, *rows = list(book["assets"].iter_rows(values_only=True))
    assets = [(row[1], row[3], float(row[4]), int(row[7])) for row in rows if row[4] is not None and row[7] is not None]
    assert head[7] == "impf_FL"
    points: dict[int, list[tuple[float, float]]] = {}
    for row in list(book["impact_functions"].iter_rows(values_only=True))[1:]:
        points.setdefault(int(row[0]), []).append((float(row[1]), float(row[2]) * float(row[3])))
    curves = {key: DamageCurve(*np.array(found).T) for key, found in points.items()}
    with h5py.File(shared("risk_flood_sansalvador/Salvador_hazard_FL_2015.hdf5")) as file:
        places = np.column_stack([file["centroids/lat"][:], file["centroids/lon"][:]])
        data, indices, starts = (file[f"intensity/{name}"][:] for name in ("data", "indices", "indptr"))
        frequency = file["frequency"][:]
    depth = np.zeros((len(frequency), len(places)))
    for event in range(len(frequency)):
        depth[event, indices[starts[event] : starts[event + 1]]] = data[starts[event] : starts[event + 1]]
    from scipy.spatial import cKDTree

    near = cKDTree(places).query([one[:2] for one in assets])[1]
    value = np.array([one[2] for one in assets])
    kinds = np.array([one[3] for one in assets])
    impact = np.zeros((len(frequency), len(assets)))
    for kind in set(kinds):
        at = kinds == kind
        impact[:, at] = curves[kind].at(depth[:, near[at]]) * value[at]
    expected = expected_annual_impact(impact, frequency).sum()
    slow = 0.0
    for place, (_, _, worth, kind) in enumerate(assets):
        x, y = np.array(points[kind]).T
        for event, often in enumerate(frequency):
            slow += often * worth * np.interp(depth[event, near[place]], x, y)
    assert len(assets) > 12_000
    assert expected == pytest.approx(slow, rel=1e-9)
    assert 1e5 < expected < 1e8
    curve = exceedance_curve(impact.sum(axis=1), frequency)
    assert (np.diff(curve.impact) <= 0).all()
    assert curve.at(curve.period[:1]) == pytest.approx(impact.sum(axis=1).max())

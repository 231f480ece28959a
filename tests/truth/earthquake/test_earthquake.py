"""Published cases of damage by earthquakes; sources in SOURCE.md."""

import numpy as np
import pytest

from shared_data import shared
from tulou.measures.hazard.earthquake.casualties import death_rate
from tulou.measures.hazard.earthquake.damage import mean_damage_index, over_realisations
from tulou.measures.hazard.earthquake.fragility import DiscreteFragility, state_chances
from tulou.measures.hazard.earthquake.intensity import central_acceleration, instrumental_intensity
from tulou.processes.earthquake.rules import rules
from tulou.processes.earthquake.vulnerability import of_rules, read_vulnerability

LEVELS = np.array([0.1, 0.2, 0.3, 0.5])
RM = DiscreteFragility(LEVELS, np.array([[0.01, 0.64, 0.95, 1.0], [0.0003, 0.05, 0.40, 0.86]]))
RC = DiscreteFragility(LEVELS, np.array([[0.0073, 0.35, 0.74, 0.99], [0.001, 0.02, 0.25, 0.72]]))
MOTIONS = {
    "a1": [
        0.17111044666642075, 0.3091294488722627, 0.15769192850594427, 0.33418745728229904, 0.1744414801203893,
        0.29182607890936946, 0.16115560432050713, 0.2822499831821711, 0.22753947129871863, 0.2900247583738464,
    ],
    "a2": [
        0.6040315550126056, 0.33487798185272694, 0.39260185463612385, 0.367634839907372, 0.34461255379999045,
        0.28035744548676755, 0.44360919761302703, 0.2418451146800914, 0.5069824581167889, 0.45975761535464116,
    ],
    "a3": [
        0.3051275714154333, 0.2670311789324559, 0.15943380711124205, 0.2361640051201896, 0.2885030735639452,
        0.244808088235014, 0.16157066112741528, 0.2395727775322746, 0.4791639979180004, 0.38630241325610637,
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("asset", "functions", "count", "mean", "deviation"),
    [
        ("a1", RM, 3000, [875.81078203, 1448.29628694, 675.89293103], [757.54019289, 256.15319254, 556.76593931]),
        ("a3", RM, 1000, [224.4178072, 465.64396155, 309.93823125], [220.65161409, 136.92817619, 246.84424913]),
        ("a2", RC, 2000, [344.90849228, 747.62412976, 907.46737796], [300.61123079, 144.64852962, 417.30737837]),
    ],
)
def test_openquake_discrete_case(asset, functions, count, mean, deviation):
    found = over_realisations(count * state_chances(functions.exceedance(np.array(MOTIONS[asset]))))
    assert found.mean == pytest.approx(mean, abs=1e-7)
    assert found.deviation == pytest.approx(deviation, abs=1e-7)


def test_hazus_classes_at_a_fifth_of_gravity():
    held = rules()
    shares = of_rules(held).shares
    motion = np.array(0.2 * held.gravity)
    assert shares["URM.M.PC"](motion) == pytest.approx([0.0230, 0.1178, 0.4078, 0.3972, 0.0543], abs=5e-5)
    assert shares["PC2.M.LC"](motion) == pytest.approx([0.0675, 0.2210, 0.5749, 0.1282, 0.0085], abs=5e-5)


def test_typed_classes_are_those_of_the_published_table():
    held = rules()
    published = read_vulnerability(shared("risk_fragility/hazus61_seismic_building_fragility.csv"), held)
    motion = np.linspace(0.5, 12.0, 24)
    for name, one in held.classes.items():
        assert of_rules(held).shares[name](motion) == pytest.approx(published.shares[name](motion), abs=1e-12), name
        assert one.collapse == pytest.approx(published.collapse[name]), name
    assert len(published.shares) == 128


def test_intensity_of_the_bound_of_six_and_central_accelerations():
    scale = rules().scale
    assert instrumental_intensity(np.array([0.457]), np.array([0.0381]), scale) == pytest.approx(5.51, abs=0.01)
    found = central_acceleration(np.array([6.0, 7.0, 8.0, 9.0]), scale)
    assert found == pytest.approx([0.651, 1.347, 2.785, 5.758], abs=5e-4)


def test_death_rates():
    found = death_rate(np.array([0.0, 0.1, 0.5]), **rules().deaths)
    assert found[0] == 0.0
    assert found[1] == pytest.approx(4.1e-4, rel=0.02)
    assert found[2] == pytest.approx(0.022, rel=0.02)


def test_all_buildings_in_one_state_give_the_centre_of_its_band():
    assert mean_damage_index(np.eye(5), rules().bands) == pytest.approx([0.05, 0.20, 0.425, 0.70, 0.925])

"""Water into soil and drains."""

import numpy as np
import pytest
from scipy.optimize import brentq

from tulou.kernel.errors import BadUse
from tulou.measures.water.flood.inertial import Drive, Flood, Ground
from tulou.measures.water.flood.losses import Drains, HortonSoil, Soil
from tulou.measures.water.flood.peaks import Marks, Peaks

SPEED, PULL = 1e-6, 0.05


@pytest.mark.parametrize("length", [10.0, 60.0])
def test_soaking_is_that_of_green_and_ampt(length):
    # F − ψΔθ ln(1 + F / ψΔθ) = K t, the closed form under ponding.
    soil = Soil(np.full((1, 1), SPEED), np.full((1, 1), PULL))
    depth = np.full((1, 1), 1.0)
    for _ in range(round(7200 / length)):
        soil.take(depth, length, slice(None))
    exact = brentq(lambda f: f - PULL * np.log1p(f / PULL) - SPEED * 7200, 1e-9, 1.0)
    assert soil.soaked[0, 0] == pytest.approx(exact, rel=2e-3)
    assert 1 - depth[0, 0] == pytest.approx(soil.soaked[0, 0], rel=1e-12)


def test_no_more_goes_than_there_is_and_nothing_where_sealed():
    soil = Soil(np.array([[SPEED, 0.0]]), np.full((1, 2), PULL))
    depth = np.array([[1e-5, 1e-5]])
    assert soil.take(depth, 600.0, slice(None)) == pytest.approx(1e-5)
    assert depth.tolist() == [[0.0, 1e-5]]
    drains = Drains(np.array([[1e-6, 1e-5]]))
    depth = np.array([[1.0, 1e-5]])
    assert drains.take(depth, 10.0, slice(None)) == pytest.approx(1e-5 + 1e-5)
    assert depth == pytest.approx(np.array([[1 - 1e-5, 0.0]]))


def test_losses_are_in_the_balance():
    level = np.zeros((4, 4))
    losses = [Soil(np.full((4, 4), SPEED), np.full((4, 4), PULL)), Drains(np.full((4, 4), 1e-6))]
    flood = Flood(Ground(level, 2.0, 0.03), Drive(losses=losses), depth=np.full((4, 4), 0.1))
    flood.advance(600.0)
    assert flood.account.went["drains"] == pytest.approx(1e-6 * 600 * 64, rel=1e-9)
    assert flood.account.went["soil"] == pytest.approx(float(losses[0].soaked.sum()) * 4, rel=1e-9)
    assert abs(flood.residual) < 1e-12


def test_the_most_of_a_flood_is_kept():
    marks = Marks(film=0.01, wet=0.01, ponding=0.15, speed_shift=0.5, debris_depth=0.25, debris=1.0)
    depth = np.zeros((1, 30))
    depth[0, :10] = 1.0
    flood = Flood(Ground(np.zeros((1, 30)), 5.0, 0.03), depth=depth)
    peaks = Peaks(flood, marks)
    peaks.look()
    deepest = depth[0].copy()
    for second in range(1, 201):
        flood.advance(float(second))
        peaks.look()
        deepest = np.maximum(deepest, flood.depth[0])
    most = peaks.most
    assert most.depth[0] == pytest.approx(deepest)
    assert (np.diff(most.arrival[0][10:]) >= 0).all()
    assert most.arrival[0, 0] == 0
    assert most.ponded[0, 0] == pytest.approx(200.0)
    assert most.speed.max() > 0.5
    assert most.hazard[0, 0] >= 1.0 * 0.5 + 1.0
    assert (most.hazard >= most.depth * 0.5 - 1e-9).all()
    assert most.froude.max() <= 1.5


FIRST, LAST, DECAY = 76.0e-3 / 3600, 12.0e-3 / 3600, 4.0 / 3600


def curve(time):
    """Horton's F(t), written as it reads."""
    return LAST * time + (FIRST - LAST) / DECAY * (1 - np.exp(-DECAY * time))


def horton(shape=(1, 1)):
    return HortonSoil(FIRST, LAST, DECAY, np.ones(shape, bool))


@pytest.mark.parametrize("length", [1.0, 60.0, 1800.0])
def test_soaking_under_water_is_that_of_horton_whatever_the_step(length):
    soil, depth = horton(), np.full((1, 1), 1.0)
    for _ in range(round(7200 / length)):
        soil.take(depth, length, slice(None))
    assert 1 - depth[0, 0] == pytest.approx(curve(7200.0), rel=1e-12)


def test_little_rain_does_not_use_up_the_soil():
    """Half of what the soil could take first: the rate later is that of the depth soaked in, not of the clock."""
    soil, depth, soaked = horton(), np.zeros((1, 1)), 0.0
    chance = np.random.default_rng(6)
    plain = 0.0
    for _ in range(200):
        rain = chance.uniform(0, 2) * 40e-3 / 3600 * 60
        depth += rain
        here = depth[0, 0]
        soaked += soil.take(depth, 60.0, slice(None))
        # the same, with the time found by halving
        at = brentq(lambda t, plain=plain: curve(t) - plain, 0, 1e6, xtol=1e-9) if plain > 0 else 0.0
        plain += min(curve(at + 60) - plain, here)
        assert soaked == pytest.approx(plain, rel=1e-7, abs=1e-12)
    assert curve(float(soil.time[0, 0])) == pytest.approx(soaked, rel=1e-9)
    assert soil.time[0, 0] < 200 * 60


def test_horton_closes_the_balance_and_spares_sealed_ground():
    bare = np.arange(20).reshape(4, 5) % 2 == 0
    soil = HortonSoil(FIRST, LAST, DECAY, bare)
    flood = Flood(Ground(np.zeros((4, 5)), 2.0, 0.03), Drive(losses=[soil]), depth=np.full((4, 5), 0.02))
    flood.advance(3600.0)
    assert abs(flood.residual) < 1e-12
    assert flood.account.went["soil"] > 0
    assert (soil.time[~bare] == 0).all()
    sealed = HortonSoil(FIRST, LAST, DECAY, np.zeros((1, 1), bool))
    assert sealed.take(np.ones((1, 1)), 60.0, slice(None)) == 0


def test_a_rate_that_ends_at_nothing():
    soil, depth = HortonSoil(FIRST, 0.0, DECAY, np.ones((1, 1), bool)), np.full((1, 1), 5.0)
    for _ in range(500):
        soil.take(depth, 600.0, slice(None))
    assert 5 - depth[0, 0] == pytest.approx(FIRST / DECAY, rel=1e-9)


@pytest.mark.parametrize("numbers", [(1.0, 2.0, 1.0), (2.0, -1.0, 1.0), (2.0, 1.0, 0.0), (2.0, 1.0, float("nan"))])
def test_soils_of_horton_that_are_none(numbers):
    with pytest.raises(BadUse, match="rates of Horton"):
        HortonSoil(*numbers, np.ones((1, 1), bool))

"""Still water stays still, closed boxes keep their rain."""

import numpy as np
import pytest

from tulou.measures.water.flood.inertial import Drive, Flood, Ground, Rain


def rough_bed(seed, shape=(40, 50)):
    return np.random.default_rng(seed).uniform(0.0, 2.0, shape)


def test_a_lake_over_a_random_bed_stays_at_rest():
    bed = rough_bed(1)
    flood = Flood(Ground(bed, 5.0, 0.03), depth=np.maximum(1.5 - bed, 0.0))
    before = flood.depth.copy()
    flood.advance(600.0)
    assert flood.steps > 200
    assert max(np.abs(flood.water.across).max(), np.abs(flood.water.down).max()) < 1e-12
    assert np.abs(flood.depth - before).max() < 1e-12


@pytest.mark.parametrize("seed", [2, 3])
def test_a_closed_box_keeps_all_its_rain(seed):
    bed = rough_bed(seed)
    bed[10:15, 20:30] = np.nan
    flood = Flood(Ground(bed, 2.0, 0.02), Drive(Rain(np.array([0.0, 600.0]), np.array([0.05]))))
    flood.advance(1800.0)
    area = np.isfinite(bed).sum() * 4.0
    assert flood.stored == pytest.approx(0.05 * area, rel=1e-10)
    assert flood.account.came == pytest.approx({"rain": 0.05 * area}, rel=1e-10)
    assert flood.depth[~np.isfinite(bed)].max() == 0
    assert flood.depth.min() >= 0

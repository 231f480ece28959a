"""Rain by place: beside rain that is even, beside a plain sum, and closed balances."""

from itertools import pairwise

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.water.flood.inertial import Drive, Flood, Ground, Rain
from tulou.measures.water.flood.rain_field import RainField

EDGES = np.array([0.0, 300.0, 900.0, 1200.0])
DEPTHS = np.array([[0.01, 0.0, 0.003], [0.0, 0.02, 0.004], [0.005, 0.001, 0.0]])


def field(shape, seed=1):
    return RainField(EDGES, DEPTHS, np.random.default_rng(seed).integers(0, 3, shape))


def ground(shape=(30, 40), seed=2):
    chance = np.random.default_rng(seed)
    level = chance.normal(0, 0.3, shape) + np.linspace(2, 0, shape[1])
    level[chance.random(shape) < 0.05] = np.nan
    return Ground(level, 5.0, 0.03, catch=np.where(chance.random(shape) < 0.2, 2.5, 1.0))


def test_the_same_rain_everywhere_is_even_rain():
    rain = Rain(EDGES, DEPTHS[:, 0])
    same = RainField(EDGES, np.repeat(DEPTHS[:, :1], 3, axis=1), np.random.default_rng(3).integers(0, 3, (30, 40)))
    even, placed = Flood(ground(), Drive(rain=rain)), Flood(ground(), Drive(field=same))
    even.advance(1500.0)
    placed.advance(1500.0)
    assert placed.steps == even.steps
    assert placed.depth == pytest.approx(even.depth, abs=1e-12)
    assert placed.account.came["rain"] == pytest.approx(even.account.came["rain"], rel=1e-12)


@pytest.mark.parametrize("shape", [(30, 40), (220, 230)])
def test_what_falls_is_the_sum_over_zones_and_the_balance_closes(shape):
    one, land = field(shape), ground(shape)
    flood = Flood(land, Drive(field=one))
    flood.advance(1500.0)
    caught = np.where(land.is_open, land.catch, 0.0) * land.cell**2
    plain = sum(caught[one.gauge == zone].sum() * DEPTHS[:, zone].sum() for zone in range(3))
    assert flood.account.came["rain"] == pytest.approx(plain, rel=1e-12)
    assert abs(flood.residual) < 1e-12
    assert flood.stored == pytest.approx(plain, rel=1e-9)


def test_rain_stays_where_it_fell_in_closed_cells():
    """A ground of walls: each cell keeps its own rain, step by step."""
    shape = (4, 5)
    shut = np.ones(shape, bool)
    one = field(shape)
    flood = Flood(Ground(np.zeros(shape), 2.0, 0.03, shut_across=shut, shut_down=shut), Drive(field=one))
    for until, fallen in ((150.0, DEPTHS[0] / 2), (600.0, DEPTHS[0] + DEPTHS[1] / 2), (5000.0, DEPTHS.sum(axis=0))):
        flood.advance(until)
        assert flood.depth == pytest.approx(fallen[one.gauge], abs=1e-15)


def test_rain_of_any_stretch_of_time():
    one = field((2, 2))
    chance = np.random.default_rng(4)
    cuts = np.sort(np.concatenate([[-50.0, 1300.0], chance.uniform(-50, 1300, 40)]))
    parts = sum(one.between(a, b) for a, b in pairwise(cuts))
    assert parts == pytest.approx(DEPTHS.sum(axis=0), rel=1e-12)
    assert one.until(600.0) == pytest.approx(DEPTHS[0] + DEPTHS[1] / 2)


def test_a_cloudburst_shortens_the_step_before_it_falls():
    """100 mm in 5 s on one cell of a dry ground: the step is that of the water it brings, not the longest."""
    shape = (5, 5)
    zone = np.zeros(shape, np.int64)
    zone[2, 2] = 1
    burst = RainField(np.array([0.0, 5.0]), np.array([[0.0, 2.0]]), zone)
    flood = Flood(Ground(np.zeros(shape), 1.0, 0.03), Drive(field=burst))
    assert flood.length(5.0) < 0.2


@pytest.mark.parametrize(
    ("edges", "depths", "zone", "what"),
    [
        (EDGES[:-1], DEPTHS, np.zeros((2, 2)), "ascend"),
        (EDGES[::-1], DEPTHS, np.zeros((2, 2)), "ascend"),
        (EDGES, np.where(DEPTHS == 0.02, np.nan, DEPTHS), np.zeros((2, 2)), "unknown"),
        (EDGES, -DEPTHS, np.zeros((2, 2)), "from 0 on"),
        (EDGES, DEPTHS, np.full((2, 2), 3), "belongs to a gauge"),
        (EDGES, DEPTHS, np.full((2, 2), -1), "belongs to a gauge"),
    ],
)
def test_fields_that_are_none(edges, depths, zone, what):
    with pytest.raises(BadUse, match=what):
        RainField(edges, depths, zone.astype(np.int64))


def test_a_field_of_another_shape_is_refused():
    with pytest.raises(BadUse, match="one shape"):
        Flood(Ground(np.zeros((3, 3)), 1.0, 0.03), Drive(field=field((2, 3))))

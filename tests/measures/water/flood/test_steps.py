"""One step of the water beside a plain one, its limits, and what enters and leaves."""

import numpy as np
import pytest
from numba import njit

from tulou.kernel.errors import BadUse
from tulou.measures.water.flood import inertial
from tulou.measures.water.flood.inertial import GRAVITY, Drive, Flood, Ground, Inflow, Outlets, Rain, Scheme, Stage
from tulou.measures.water.flood.losses import Soil
from tulou.measures.water.flood.roots import inverse_sixth_root
from tulou.measures.water.flood.sweep import Water


@njit
def roots(x, found):
    for i in range(x.size):
        found[i] = inverse_sixth_root(x[i])


@pytest.mark.parametrize(("kind", "close"), [(np.float32, 8e-6), (np.float64, 3e-10)])
def test_the_quick_root_is_the_root(kind, close):
    x = (10 ** np.random.default_rng(0).uniform(-6, 2, 10_000)).astype(kind)
    found = np.empty_like(x)
    roots(x, found)
    assert np.abs(found * x.astype(float) ** (1 / 6) - 1).max() <= close
    assert inverse_sixth_root(64.0) == pytest.approx(0.5)


def plain_step(ground, depth, across, down, length, scheme, rain, spread):  # noqa: C901
    """The same step written as its equations read, cell by cell, with faces of the open ground only."""
    z, cell, n = ground.level, ground.cell, ground.roughness
    rows, columns = z.shape
    is_open = np.isfinite(z)

    def joins(a, b):
        return all(0 <= i < rows and 0 <= j < columns and is_open[i, j] for i, j in (a, b))

    def face(q, other, a, b, behind, ahead):
        if not joins(a, b):
            return 0.0
        top_a, top_b = z[a] + depth[a], z[b] + depth[b]
        deep = max(top_a, top_b) - max(z[a], z[b])
        if deep <= scheme.least:
            return 0.0
        mean = q if behind is None or ahead is None else q + spread * (behind - 2 * q + ahead)
        slope = (top_b - top_a) / cell
        rough = ((n[a] + n[b]) / 2) ** 2
        flow = (mean - GRAVITY * deep * length * slope) / (
            1 + GRAVITY * length * rough * np.hypot(q, other) / deep ** (7 / 3)
        )
        most = scheme.froude * deep * np.sqrt(GRAVITY * deep)
        return min(max(flow, -most), most)

    new_across, new_down = np.zeros((rows, columns + 1)), np.zeros((rows + 1, columns))
    for i in range(rows):
        for j in range(1, columns):
            other = (down[i, j - 1] + down[i, j] + down[i + 1, j - 1] + down[i + 1, j]) / 4
            behind = across[i, j - 1] if joins((i, j - 2), (i, j - 1)) else None
            ahead = across[i, j + 1] if joins((i, j), (i, j + 1)) else None
            new_across[i, j] = face(across[i, j], other, (i, j - 1), (i, j), behind, ahead)
    for i in range(1, rows):
        for j in range(columns):
            other = (across[i - 1, j] + across[i - 1, j + 1] + across[i, j] + across[i, j + 1]) / 4
            behind = down[i - 1, j] if joins((i - 2, j), (i - 1, j)) else None
            ahead = down[i + 1, j] if joins((i, j), (i + 1, j)) else None
            new_down[i, j] = face(down[i, j], other, (i - 1, j), (i, j), behind, ahead)
    share = np.ones((rows, columns))
    for i in range(rows):
        for j in range(columns):
            leaving = max(new_across[i, j + 1], 0) + max(-new_across[i, j], 0)
            leaving += max(new_down[i + 1, j], 0) + max(-new_down[i, j], 0)
            if leaving > 0:
                share[i, j] = min(1, depth[i, j] * cell / length / leaving)
    for i in range(rows):
        for j in range(1, columns):
            new_across[i, j] *= share[i, j - 1] if new_across[i, j] > 0 else share[i, j]
    for i in range(1, rows):
        for j in range(columns):
            new_down[i, j] *= share[i - 1, j] if new_down[i, j] > 0 else share[i, j]
    gained = new_across[:, :-1] - new_across[:, 1:] + new_down[:-1] - new_down[1:]
    return np.where(is_open, depth + length / cell * gained + rain, 0.0), new_across, new_down


def random_case(seed, shape=(13, 17)):
    rng = np.random.default_rng(seed)
    level = rng.uniform(0, 1, shape)
    level[rng.uniform(size=shape) < 0.15] = np.nan
    depth = np.where(np.isfinite(level), rng.uniform(-0.3, 0.8, shape).clip(0), 0.0)
    return Ground(level, 3.0, rng.uniform(0.01, 0.1, shape)), depth


@pytest.mark.parametrize("seed", range(5))
def test_steps_are_those_of_the_equations(seed):
    ground, depth = random_case(seed)
    rain = Rain(np.array([0.0, 100.0]), np.array([0.1]))
    flood = Flood(ground, Drive(rain), depth=depth)
    across, down = np.zeros((13, 18)), np.zeros((14, 17))
    for length in (0.3, 0.2, 0.4, 1.5):
        numbers = flood._numbers(length, 0.0)
        flood.step(length)
        depth, across, down = plain_step(
            ground, depth, across, down, length, flood.scheme, 0.001 * length, float(numbers.spread)
        )
        assert np.abs(flood.depth - depth).max() < 1e-7
        assert np.abs(flood.water.across[1:-1, 1:] - across).max() < 1e-7
        assert np.abs(flood.water.down[1:, 1:-1] - down).max() < 1e-7


def test_how_many_threads_there_are_changes_nothing(monkeypatch):
    ground, depth = random_case(7, (40, 30))

    def ran(threads):
        monkeypatch.setattr(inertial, "thread_count", lambda: threads)
        monkeypatch.setattr(inertial, "MANY", 1)
        soil = Soil(np.full(depth.shape, 1e-5), np.full(depth.shape, 0.05))
        flood = Flood(ground, Drive(losses=[soil]), depth=depth)
        flood.advance(20.0)
        return flood.depth.tobytes(), flood.account

    assert ran(1) == ran(2) == ran(7) == ran(40)  # at last a band is one row


def test_two_runs_are_the_same():
    ground, depth = random_case(8)
    found = []
    for _ in range(2):
        flood = Flood(ground, depth=depth)
        flood.advance(30.0)
        found.append(flood.depth.tobytes())
    assert found[0] == found[1]


def test_even_a_step_far_too_long_takes_no_more_than_there_is():
    ground, depth = random_case(9)
    flood = Flood(ground, depth=depth)
    for _ in range(50):
        flood.step(60.0)
        assert flood.depth.min() >= 0
    assert abs(flood.residual) < 1e-12


def test_water_turns_with_the_ground():
    ground, depth = random_case(10)
    flood = Flood(ground, depth=depth)
    turned = Flood(Ground(ground.level.T.copy(), ground.cell, ground.roughness.T.copy()), depth=depth.T.copy())
    mirrored = Flood(
        Ground(ground.level[:, ::-1].copy(), ground.cell, ground.roughness[:, ::-1].copy()),
        depth=depth[:, ::-1].copy(),
    )
    for one in (flood, turned, mirrored):
        one.advance(10.0)
    assert np.abs(turned.depth.T - flood.depth).max() < 1e-9
    assert np.abs(mirrored.depth[:, ::-1] - flood.depth).max() < 1e-9


def test_a_wall_holds_water_back():
    level = np.zeros((6, 8))
    shut = np.zeros((6, 8), bool)
    shut[:, 4] = True
    depth = np.where(np.arange(8) < 4, 1.0, 0.0) * np.ones((6, 1))
    flood = Flood(Ground(level, 1.0, 0.03, shut_across=shut), depth=depth)
    flood.advance(60.0)
    assert flood.depth[:, 4:].max() == 0
    turned = Flood(Ground(level.T.copy(), 1.0, 0.03, shut_down=shut.T.copy()), depth=depth.T.copy())
    turned.advance(60.0)
    assert turned.depth[4:].max() == 0


def test_the_step_is_short_while_water_is_deep_and_capped_while_all_is_dry():
    dry = Flood(Ground(np.zeros((3, 3)), 100.0, 0.03))
    assert dry.length(1e6) == Scheme().longest
    deep = Flood(Ground(np.zeros((3, 3)), 100.0, 0.03), depth=np.full((3, 3), 10.0))
    assert deep.length(1e6) == pytest.approx(0.4 * 100 / np.sqrt(GRAVITY * 10))
    rising = Inflow(np.array([1]), np.array([1]), np.array([0.0, 1e3]), np.array([1e5, 1e5]))
    flooded = Flood(Ground(np.zeros((3, 3)), 100.0, 0.03), Drive(inflows=[rising]))
    assert flooded.length(1e6) < Scheme().longest
    assert dry.length(7.0) == pytest.approx(3.5)


def test_inflow_and_stage_are_accounted_for():
    level = np.zeros((5, 9))
    inflow = Inflow(np.array([2]), np.array([0]), np.array([0.0, 10.0, 20.0]), np.array([0.0, 2.0, 0.0]))
    flood = Flood(Ground(level, 2.0, 0.03), Drive(inflows=[inflow]))
    flood.advance(40.0)
    assert flood.account.came["inflow"] == pytest.approx(20.0, rel=0.02)
    assert flood.stored == pytest.approx(flood.account.came["inflow"], rel=1e-12)
    sea = Stage(np.arange(5), np.full(5, 8), np.array([0.0, 1e4]), np.array([0.5, 0.5]))
    filled = Flood(Ground(level, 2.0, 0.03), Drive(stages=[sea]))
    filled.advance(3000.0)
    assert filled.depth == pytest.approx(np.full((5, 9), 0.5), abs=1e-3)
    assert abs(filled.residual) < 1e-12


def test_water_leaves_over_the_edge():
    level = np.linspace(1, 0, 20)[None, :] * np.ones((3, 1))
    outlets = Outlets(np.arange(3), np.full(3, 19), np.full(3, 0.05), np.full(3, 1.0))
    flood = Flood(Ground(level, 1.0, 0.03), Drive(outlets=outlets), depth=np.full((3, 20), 0.1))
    flood.advance(1800.0)
    assert flood.stored < 0.02 * flood.stored_first
    assert flood.account.went["edge"] == pytest.approx(flood.stored_first - flood.stored, rel=1e-9)


@pytest.mark.parametrize(
    ("level", "cell", "rough"),
    [
        (np.full((2, 2), np.nan), 1.0, 0.03),
        (np.zeros((2, 2)), 0.0, 0.03),
        (np.zeros((2, 2)), 1.0, 0.0),
        (np.zeros((2, 2)), 1.0, np.array([[0.03, np.nan], [0.03, 0.03]])),
        (np.zeros(4), 1.0, 0.03),
    ],
)
def test_ground_that_is_none_is_refused(level, cell, rough):
    with pytest.raises(BadUse):
        Ground(level, cell, rough)
    with pytest.raises(BadUse, match="one shape"):
        Ground(np.zeros((2, 2)), 1.0, 0.03, catch=np.ones((3, 3)))


def test_the_rim_never_holds_water():
    ground, depth = random_case(11)
    flood = Flood(ground, Drive(Rain(np.array([0.0, 60.0]), np.array([0.1]))), depth=depth)
    flood.advance(60.0)
    water: Water = flood.water
    inner = np.zeros(water.depth.shape, bool)
    inner[1:-1, 1:-1] = np.isfinite(ground.level)
    assert water.depth[~inner].max() == 0

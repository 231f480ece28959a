"""Plans of releases against answers worked out by hand and by trying everything."""

from itertools import product

import numpy as np
import pytest

from tulou.measures.water.dispatch.reservoirs import Costs, Outlet, Outlook, Reservoirs, best_releases, chords

COSTS = Costs(flood=100, excess=10, energy=0, move=0, held=1e-6)
WIDE = {"slopes": (0.0,), "offsets": (5.0,)}


def planned(capacity, outlets, inflow, *, volume=None, allowed=np.inf, other=None, costs=COSTS, before=None, **more):
    inflow = np.array(inflow, float)
    reservoirs = Reservoirs(
        np.array(capacity, float), np.array(more.pop("drain", [0.0] * len(capacity))), outlets, 1.0, **more
    )
    outlook = Outlook(
        np.array(volume or [0.0] * len(capacity)),
        inflow,
        np.zeros(inflow.shape[1]) if other is None else np.array(other, float),
        allowed,
        np.zeros((len(outlets), 4)) if before is None else np.array(before, float),
    )
    found = best_releases(reservoirs, costs, outlook, seconds=20)
    assert found is not None
    assert found.is_best
    _keeps_water(reservoirs, outlook, found)
    return found


def _keeps_water(reservoirs, outlook, found):
    """Each storage step by step, in plain loops."""
    for storage in range(len(reservoirs.capacity)):
        held = outlook.volume[storage]
        for step in range(outlook.inflow.shape[1]):
            came = outlook.inflow[storage, step]
            for at, outlet in enumerate(reservoirs.outlets):
                if outlet.source == storage:
                    came -= found.flow[at, step]
                if outlet.goal == storage:
                    left = step - outlet.delay
                    came += found.flow[at, left] if left >= 0 else outlook.before[at, left]
            mean = (held + found.volume[storage, step]) / 2
            held += came - reservoirs.drain[storage] * mean - found.flood[storage, step]
            assert found.volume[storage, step] == pytest.approx(held, abs=1e-6)


def test_a_wave_is_held_back_to_the_limit():
    found = planned([10], (Outlet(0, None, 0, **WIDE),), [[3, 3, 3, 0, 0, 0]], allowed=1.5)
    assert found.excess.max() == pytest.approx(0, abs=1e-9)
    assert found.flow[0] == pytest.approx([1.5] * 6)


def test_what_finds_no_room_passes_the_limit_before_it_floods():
    found = planned([2], (Outlet(0, None, 0, **WIDE),), [[3, 3, 0, 0]], allowed=1)
    assert found.flood.sum() == pytest.approx(0, abs=1e-9)
    assert found.excess.sum() == pytest.approx(2)  # 6 came, 2 fit, 1 leaves in each of two steps


def test_other_water_takes_up_the_limit_and_room_is_made_ahead():
    found = planned([4], (Outlet(0, None, 0, **WIDE),), [[0, 0, 4, 0, 0]], volume=[3], allowed=2, other=[0, 0, 2, 2, 0])
    assert found.flow[0, :2].sum() == pytest.approx(3)
    assert found.excess.max() == pytest.approx(0, abs=1e-9)


def test_water_of_one_storage_arrives_later_in_the_next():
    outlets = (Outlet(0, 1, 2, **WIDE), Outlet(1, None, 0, **WIDE))
    found = planned([5, 5], outlets, [[4, 0, 0, 0, 0], [0] * 5], before=[[0, 0, 1, 2], [0] * 4])
    assert found.flow[1].sum() == pytest.approx(1 + 2 + found.flow[0, :3].sum())


def test_a_gate_passes_what_its_chords_allow():
    slopes, offsets = chords(np.array([0.0, 1, 4, 9]), np.array([0.0, 1, 2, 3]))
    assert slopes == pytest.approx((1, 1 / 3, 1 / 5))
    assert offsets == pytest.approx((0, 2 / 3, 6 / 5))
    found = planned([9], (Outlet(0, None, 0, slopes, offsets),), [[4, 0, 0, 0]])
    before = np.concatenate([[0.0], found.volume[0, :-1]])
    mean = (before + found.volume[0]) / 2
    for slope, offset in zip(slopes, offsets, strict=True):
        assert (found.flow[0] <= slope * mean + offset + 1e-9).all()


def test_chords_span_a_hollow():
    slopes, offsets = chords(np.array([0.0, 1, 2, 3]), np.array([0.0, 0.1, 2, 2.5]))
    assert slopes == pytest.approx((1, 0.5))
    assert offsets == pytest.approx((0, 1))


def test_pumps_run_whole_and_stay_switched_like_the_best_of_all_ways():
    costs = Costs(flood=100, excess=0, energy=1, move=0, held=1e-3)
    inflow = [[1.0, 2.0, 0.0, 1.0, 1.5, 0.0]]
    found = planned([2.5], (Outlet(0, None, 0, pump=1.5, energy=0.2),), inflow, costs=costs, least_run=2)
    on = found.flow[0] > 0.75
    assert found.flow[0] == pytest.approx(np.where(on, 1.5, 0.0))
    cost = _cost_of(on, inflow[0])
    best = min(_cost_of(way, inflow[0]) for way in product([False, True], repeat=6) if _stays(way))
    assert _stays(tuple(on))
    assert cost == pytest.approx(best, abs=1e-6)


def _stays(way):
    """Whether a pump that was off keeps each switch for two steps, the last of the horizon aside."""
    switched = (False, *way)
    return all(switched[at + 1] == switched[at + 2] for at in range(len(way) - 1) if switched[at] != switched[at + 1])


def _cost_of(way, inflow):
    """Cost of running a pump so; infinite where it would draw more than there is."""
    held = cost = 0.0
    for on, came in zip(way, inflow, strict=True):
        held += came - 1.5 * on
        if held < -1e-9:
            return np.inf
        flood = max(held - 2.5, 0)
        held -= flood
        cost += 100 * flood + 0.2 * 1.5 * on + 1e-3 * held
    return cost


def test_moves_cost_and_storages_drain_by_themselves():
    calm = Costs(flood=100, excess=0, energy=0, move=50, held=1e-3)
    found = planned([10], (Outlet(0, None, 0, **WIDE),), [[1, 0, 1, 0]], costs=calm)
    assert np.abs(np.diff(found.flow[0], prepend=0)).sum() == pytest.approx(0, abs=1e-9)
    drained = planned([10], (Outlet(0, None, 0, slopes=(0.0,), offsets=(0.0,)),), [[0, 0]], volume=[8], drain=[0.5])
    assert drained.volume[0] == pytest.approx([8 * 0.75 / 1.25, 8 * (0.75 / 1.25) ** 2])


def test_without_time_there_may_be_no_plan():
    rng = np.random.default_rng(3)
    outlets = tuple(Outlet(at % 6, None, 0, pump=1.0 + 0.1 * at, energy=0.1) for at in range(30))
    reservoirs = Reservoirs(np.full(6, 5.0), np.zeros(6), outlets, 1.0, 3)
    outlook = Outlook(np.full(6, 3.0), rng.random((6, 48)) * 8, np.zeros(48), 4.0, np.zeros((30, 1)))
    found = best_releases(reservoirs, COSTS, outlook, seconds=0.0)
    assert found is None or not found.is_best

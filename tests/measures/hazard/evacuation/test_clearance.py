"""The plan of an evacuation against the quickest flow through a network expanded in time."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from tulou.measures.hazard.evacuation.clearance import Streets, evacuation_plan


def streets(size, arcs):
    tail, head, time, flow = (np.array(column) for column in zip(*arcs, strict=True))
    return Streets(size, tail, head, time.astype(float), flow.astype(float))


def planned(net, source, target, people, step=1.0):
    return evacuation_plan(net, np.array(source), np.array(target), np.array(people, float), step=step)


def test_alone_on_an_empty_street():
    found = planned(streets(3, [(0, 1, 10, 5), (1, 2, 20, 5)]), [0], [2], [4])
    assert (found.free[0], found.first[0], found.last[0]) == (30, 30, 31)
    assert found.passed == pytest.approx([4, 4])


def test_a_queue_grows_by_what_the_narrowest_lets_pass():
    found = planned(streets(3, [(0, 1, 10, 5), (1, 2, 20, 2)]), [0], [2], [100])
    assert found.last[0] == pytest.approx(30 + 100 / 2)


def test_a_second_way_is_taken_once_the_first_is_full():
    net = streets(4, [(0, 1, 5, 2), (1, 3, 5, 2), (0, 2, 20, 2), (2, 3, 20, 2)])
    found = planned(net, [0], [3], [200])
    # 2 a second after 10 s and 2 more after 40 s: 2 (T − 10) + 2 (T − 40) = 200.
    assert found.last[0] == pytest.approx(75, abs=1.01)
    assert found.passed[0] == pytest.approx(2 * 65, abs=2)


def test_no_way_and_no_width_are_told_and_nobody_is_lost():
    net = streets(4, [(0, 1, 5, 2), (2, 3, 5, 0)])
    found = planned(net, [0, 2, 1], [1, 3, 3], [10, 10, 10])
    assert np.isfinite(found.last).tolist() == [True, False, False]
    assert found.passed.sum() == pytest.approx(10)


def test_endless_room_holds_nobody_up():
    found = planned(streets(2, [(0, 1, 7, np.inf)]), [0], [1], [1e6])
    assert found.last[0] == 8


def quickest(size, arcs, source, target, people):
    """Least whole time in which people can be there: largest flow through the network expanded in time."""

    def most(horizon):
        # People who enter an arc in a second are through it at its end.
        layers = horizon + 1
        rows, columns, room = [], [], []
        for tail, head, time, flow in arcs:
            for at in range(layers - time - 1 + 1):
                if at + time + 1 <= horizon:
                    rows.append(at * size + tail)
                    columns.append((at + time) * size + head)
                    room.append(flow)
        for node in range(size):
            for at in range(horizon):
                rows.append(at * size + node)
                columns.append((at + 1) * size + node)
                room.append(people)
        graph = coo_array((np.array(room, np.int32), (rows, columns)), shape=(layers * size,) * 2).tocsr()
        return maximum_flow(graph, source, horizon * size + target).flow_value

    horizon = 1
    while most(horizon) < people:
        horizon += 1
    return horizon


@pytest.mark.parametrize("seed", range(6))
def test_never_quicker_than_the_quickest_flow_and_not_far_from_it(seed):
    draw = np.random.default_rng(seed)
    size = 7
    arcs = [
        (a, b, int(draw.integers(1, 6)), int(draw.integers(1, 4)))
        for a in range(size) for b in range(size) if a != b and draw.random() < 0.4
    ]  # fmt: skip
    arcs.append((0, size - 1, 9, 1))
    people = 40
    found = planned(streets(size, arcs), [0], [size - 1], [people])
    best = quickest(size, arcs, 0, size - 1, people)
    assert best <= found.last[0] + 1e-9
    assert found.last[0] <= 1.3 * best + 1


def test_two_runs_are_the_same_and_a_longer_step_only_adds_a_step():
    net = streets(4, [(0, 1, 5, 2), (1, 3, 5, 2), (2, 1, 7, 2)])
    one, other = (planned(net, [0, 2], [3, 3], [60, 60]) for _ in range(2))
    assert (one.last == other.last).all()
    wide = planned(net, [0, 2], [3, 3], [60, 60], step=10)
    assert abs(wide.last.max() - one.last.max()) <= 20

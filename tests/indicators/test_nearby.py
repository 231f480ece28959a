"""Rows near a change worked out anew, all others taken over: the same bits as everything worked out anew."""

from collections import Counter
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.indicators.evaluate.nearby import Nearby, are_same, other_edges, rows_before
from tulou.indicators.evaluate.sameness import is_same
from tulou.kernel.arrays import Parts
from tulou.kernel.declaration import Measure
from tulou.kernel.network import Network
from tulou.measures.access.cover import land_within, land_within_walking
from tulou.measures.access.network import walking_network
from tulou.measures.access.stations import land_within_driving
from tulou.measures.catalogue import all_measures

BLOCKS, SIDE = 14, 120.0
PACE = 0.12
"""Seconds a metre on the streets of the made town."""


class Town:
    """A town of crooked and straight streets, its land and its schools; edits leave all other shapes the very same."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        shift = self.draw.uniform(-20, 20, (BLOCKS + 1, BLOCKS + 1, 2)) * (seed % 2)
        corner = np.stack(np.meshgrid(*[np.arange(BLOCKS + 1) * SIDE] * 2, indexing="ij"), axis=-1) + shift
        ways = [(corner[i, j], corner[i + 1, j]) for i in range(BLOCKS) for j in range(BLOCKS + 1)]
        ways += [(corner[i, j], corner[i, j + 1]) for i in range(BLOCKS + 1) for j in range(BLOCKS)]
        self.roads = list(shapely.linestrings(np.array(ways)))
        places = self.draw.uniform(0, BLOCKS * SIDE - 60, (160, 2))
        self.land: list[Any] = [shapely.box(x, y, x + 55, y + 40) for x, y in places]
        self.schools: list[Any] = list(shapely.points(self.draw.uniform(0, BLOCKS * SIDE, (12, 2))))
        self.schools += [shapely.box(x, y, x + 70, y + 90) for x, y in self.draw.uniform(0, BLOCKS * SIDE, (4, 2))]
        self.sizes = list(self.draw.choice([500.0, 3000.0], len(self.schools)))

    def edit(self, kind: str) -> None:
        name, what = kind.split()
        shapes: list[Any] = getattr(self, what)
        at = int(self.draw.integers(len(shapes)))
        moved = shapely.affinity.translate(shapes[at], *self.draw.uniform(-60, 60, 2))
        if name == "remove":
            del shapes[at]
            if what == "schools":
                del self.sizes[at]
        elif name == "move":
            shapes[at] = moved
        else:
            shapes.insert(int(self.draw.integers(len(shapes) + 1)), moved)
            if what == "schools":
                self.sizes = [*self.sizes, 3000.0]

    def network(self, pace: float = 1.0) -> Network:
        lines = np.array(self.roads, object)
        return walking_network(lines, factor=np.full(len(lines), pace))

    def given(self, declared: Measure) -> tuple[list[Any], dict[str, Any]]:
        land, schools = np.array(self.land, object), np.array(self.schools, object)
        rule = ((0.0, 90.0), (2000.0, 170.0))
        if declared.name == "land_within":
            return [land, schools, np.array(self.sizes)], {"radius": rule}
        if declared.name == "land_within_walking":
            return [land, schools, self.network(), np.array(self.sizes)], {"radius": rule}
        points = shapely.get_coordinates(shapely.centroid(schools))
        return [land, points, self.network(PACE)], {"time": 25.0, "access_speed": 2.0}


MEASURES = [found.__measure__ for found in (land_within, land_within_walking, land_within_driving)]  # type: ignore[attr-defined]
EDITS = [f"{name} {what}" for name in ("remove", "move", "add") for what in ("roads", "land", "schools")]


def equal(one: Parts, other: Parts) -> bool:
    return all(is_same(getattr(one, each.name), getattr(other, each.name)) for each in fields(Parts))


@pytest.mark.parametrize("declared", MEASURES, ids=lambda declared: declared.name)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 60), edits=st.lists(st.sampled_from(EDITS), min_size=1, max_size=4))
def test_patched_equals_all_worked_out_anew(declared, seed, edits):
    town, nearby = Town(seed), Nearby()
    nearby.asked("key", declared, *town.given(declared))
    for kind in edits:
        town.edit(kind)
        data, rules = town.given(declared)
        assert equal(nearby.asked("key", declared, data, rules), declared.function(*data, **rules)), kind


@pytest.mark.parametrize("declared", MEASURES, ids=lambda declared: declared.name)
@pytest.mark.parametrize("kind", EDITS)
def test_only_rows_near_a_change_are_worked_out(declared, kind):
    town, nearby, asked = Town(4), Nearby(), list[int]()

    def counted(land, *data, **rules):
        asked.append(len(land))
        return declared.function(land, *data, **rules)

    counting = replace(declared, function=counted)
    nearby.asked("key", counting, *town.given(declared))
    asked.clear()
    town.edit(kind)
    nearby.asked("key", counting, *town.given(declared))
    assert sum(asked) < len(town.land) / 2


def test_what_cannot_be_compared_is_worked_out_in_full():
    declared, town = MEASURES[0], Town(3)
    data, rules = town.given(declared)
    for change in ("rule", "gaps", "column", "many"):
        nearby = Nearby()
        nearby.asked("key", declared, data, rules)
        other, ruled = list(data), dict(rules)
        if change == "rule":
            ruled = {"radius": ((0.0, 95.0), (2000.0, 170.0))}
        elif change == "gaps":
            other[2] = np.where(np.arange(len(data[2])) == 2, np.nan, data[2])
        elif change == "column":
            other, ruled = [*data[:2], None], {"radius": ((0.0, 90.0),)}
        else:
            other[1] = np.array([shapely.affinity.translate(shape, 5, 0) for shape in data[1]], object)
        assert equal(nearby.asked("key", declared, other, ruled), declared.function(*other, **ruled)), change


def test_a_size_that_is_unknown_takes_the_furthest_reach_of_all_others():
    """The only large school goes; what a school of unknown size far away may reach goes with it."""
    declared = MEASURES[1]
    town = Town(2)
    town.schools, town.sizes = [shapely.Point(100, 100), shapely.Point(1500, 1500)], [3000.0, np.nan]
    town.schools += [shapely.Point(1500, 100)]
    town.sizes += [500.0]
    nearby = Nearby()
    nearby.asked("key", declared, *town.given(declared))
    del town.schools[0], town.sizes[0]
    data, rules = town.given(declared)
    assert equal(nearby.asked("key", declared, data, rules), declared.function(*data, **rules))


def test_edges_that_differ_are_those_around_a_removed_street():
    town = Town(1)
    before = town.network()
    gone = town.roads.pop(40)
    boxes = other_edges(before, town.network())
    assert boxes is not None
    assert len(boxes)
    west, south, east, north = gone.bounds
    assert (np.abs(boxes - [west, south, east, north]) <= 2.0 * SIDE + 60.0).all()
    same = other_edges(before, before)
    assert same is not None
    assert len(same) == 0
    straight = replace(before, path=None, path_first=None)
    assert len(other_edges(straight, straight)) == 0  # type: ignore[arg-type]


def told(network):
    """Each edge as its cost and its vertices, one by one."""
    first = network.path_first
    return [
        (float(network.length[edge]), *map(tuple, network.path[first[edge] : first[edge + 1]].tolist()))
        for edge in range(len(network.length))
    ]


@given(st.integers(0, 3), st.lists(st.integers(0, 300), min_size=0, max_size=3, unique=True))
@settings(max_examples=25, deadline=None)
def test_edges_that_only_one_has_are_those_a_plain_count_leaves(seed, places):
    town = Town(seed)
    before = town.network()
    for place in sorted(places, reverse=True):
        town.roads.pop(place % len(town.roads))
    after = town.network()
    old, new = told(before), told(after)
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    boxes = other_edges(before, after)
    if [edge for edge in old if edge not in gone] != [edge for edge in new if edge not in come]:
        assert boxes is None  # Streets that were joined anew stand in another order.
        return
    assert boxes is not None
    plain = [
        [min(x for x, _ in path), min(y for _, y in path), max(x for x, _ in path), max(y for _, y in path)]
        for _, *path in gone + come
    ]
    assert {*map(tuple, boxes.tolist())} == {*map(tuple, plain)}


def test_rows_are_known_by_their_shapes():
    one, two, three = (shapely.Point(at, 0) for at in range(3))
    before, after = np.array([one, None, two], object), np.array([three, two, one, one, None], object)
    assert rows_before(before, after).tolist() == [-1, 2, 0, 0, 1]
    assert rows_before(np.empty(0, object), after).tolist() == [-1] * 5
    assert are_same(before, before.copy())
    assert not are_same(before, after)
    assert not are_same(before, np.array([shapely.Point(0, 0), None, two], object))


def test_every_measure_that_declares_a_bound_is_proven_here():
    bounded = {name for name, declared in all_measures().items() if declared.bounded_by}
    assert bounded == {declared.name for declared in MEASURES}


def test_land_that_only_a_fast_road_and_a_slow_way_to_it_bring_near_is_seen():
    """A point stands for land half a cell away; the time for that at walking speed is far on a fast road."""
    declared = MEASURES[2]
    road = walking_network(
        np.array([shapely.LineString([(x, 12.5) for x in range(0, 6001, 50)])], object), factor=np.array([PACE])
    )
    land = np.array([shapely.box(x, -10, x + 40, 30) for x in range(0, 6000, 50)], object)
    rules = {"time": 60.0, "access_speed": 0.5}
    both = [land, np.array([[5.0, 12.5], [5900.0, 12.5]]), road]
    one = [land, np.array([[5900.0, 12.5]]), road]
    nearby = Nearby()
    first = nearby.asked("key", declared, both, rules)
    patched, full = nearby.asked("key", declared, one, rules), declared.function(*one, **rules)
    assert equal(patched, full)
    reached = np.flatnonzero((first.high[:60] > 0) & (first.part[:60] == 0))
    assert (reached * 50).max() > 60.0 / PACE + 100.0, "some land lies well beyond what the time alone reaches"


@pytest.mark.parametrize("declared", MEASURES[1:], ids=lambda declared: declared.name)
def test_the_last_street_may_go_and_the_first_may_come(declared):
    town, nearby = Town(6), Nearby()
    few, rules = town.given(declared)
    few[2] = walking_network(np.array(town.roads[:1], object), factor=np.array([PACE]))
    none = [*few[:2], walking_network(np.empty(0, object), factor=np.empty(0)), *few[3:]]
    for data in (few, none, few):
        assert equal(nearby.asked("key", declared, data, rules), declared.function(*data, **rules))


def test_what_is_forgotten_is_worked_out_in_full():
    declared, town, asked = MEASURES[0], Town(8), list[int]()

    def counted(land, *data, **rules):
        asked.append(len(land))
        return declared.function(land, *data, **rules)

    nearby, counting = Nearby(), replace(declared, function=counted)
    data, rules = town.given(declared)
    nearby.asked("key", counting, data, rules)
    nearby.forget()
    nearby.asked("key", counting, data, rules)
    assert asked == [len(town.land)] * 2

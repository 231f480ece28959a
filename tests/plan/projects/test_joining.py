"""New roads become part of the network: they share vertices with what they meet, and pass bridges without meeting."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plan.projects.made import DAY, at, feature, line, project, state
from tulou.indicators.evaluate.networks import build_network
from tulou.kernel.clock import Moment
from tulou.model.changes import applied
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.joining import REACH, joined
from tulou.plan.projects.project import Edit, Project


def built(*lines, gone=()):
    place = state()
    edits = [Edit("add", "road", f"n{number}", {}, one) for number, one in enumerate(lines)]
    edits += [Edit("remove", "road", name) for name in gone]
    return applied(place, as_changes(Project("roads", tuple(edits)), place))


def vertices(place, name) -> set[tuple[float, float]]:
    rows = place.rows("road")
    shape = rows.shapes[rows.ids.tolist().index(name)]
    return {(round(x - 500_000.0, 6), round(y - 2_880_000.0, 6)) for x, y in shapely.get_coordinates(shape)}


def test_an_end_near_a_street_is_drawn_to_it():
    found = built(line((100, 20), (100, 240)))
    assert (100.0, 250.0) in vertices(found, "n0")
    assert vertices(found, "r1") == {(0.0, 250.0), (100.0, 250.0), (500.0, 250.0)}
    assert vertices(found, "r2") == {(500.0, 250.0), (1000.0, 250.0)}


def test_an_end_farther_away_is_left_alone():
    found = built(line((100, 20), (100, 250 - REACH - 1)))
    assert vertices(found, "n0") == {(100.0, 20.0), (100.0, 250.0 - REACH - 1)}
    assert vertices(found, "r1") == {(0.0, 250.0), (500.0, 250.0)}


def test_roads_that_cross_on_the_level_share_a_vertex():
    found = built(line((100, 100), (100, 300)))
    assert (100.0, 250.0) in vertices(found, "n0") & vertices(found, "r1")


def test_a_bridge_is_passed_below():
    found = built(line((100, 300), (100, 480)))
    assert vertices(found, "bridge") == {(0.0, 400.0), (1000.0, 400.0)}
    assert vertices(found, "n0") == {(100.0, 300.0), (100.0, 480.0)}


def test_an_end_at_a_junction_takes_its_vertex():
    found = built(line((495, 100), (499.8, 249.9)))
    assert (500.0, 250.0) in vertices(found, "n0")
    assert vertices(found, "r1") == {(0.0, 250.0), (500.0, 250.0)}


def test_a_road_that_goes_is_not_joined():
    found = built(line((100, 20), (100, 245)), gone=["r1"])
    assert vertices(found, "n0") == {(100.0, 20.0), (100.0, 245.0)}
    assert "r1" not in found.rows("road").ids.tolist()


def test_what_meets_nothing_is_told():
    roads = state().rows("road")
    found = joined([line((20, 20), (90, 20)), line((20, 20), (20, 250))], roads)
    assert (found.loose, set(found.changed)) == ((0,), {0})


def test_parts_of_a_road_are_joined_each():
    new = at(shapely.MultiLineString([[(100, 100), (100, 120)], [(100, 200), (100, 245)]]))
    found = built(new)
    assert (100.0, 250.0) in vertices(found, "n0") & vertices(found, "r1")


def walked(place, start, goal) -> float:
    """Metres of the shortest walk between two places of the network, by a plain search."""
    roads = place.rows("road")
    network = build_network(roads, "walking", np.full(len(roads), np.nan))
    ways: dict[int, list[tuple[int, float]]] = {}
    for one, other, length in zip(network.start, network.end, network.length, strict=True):
        ways.setdefault(int(one), []).append((int(other), float(length)))
        ways.setdefault(int(other), []).append((int(one), float(length)))
    first, last = (_node(network.places, one) for one in (start, goal))
    far = {first: 0.0}
    seen = [first]
    while seen:
        one = seen.pop()
        for other, length in ways.get(one, ()):
            if far[one] + length < far.get(other, np.inf):
                far[other] = far[one] + length
                seen.append(other)
    return far.get(last, np.inf)


def _node(places, where) -> int:
    return int(np.argmin(np.hypot(*(places - (where[0] + 500_000.0, where[1] + 2_880_000.0)).T)))


@settings(max_examples=40)
@given(st.integers(20, 480), st.integers(-14, 14), st.integers(-14, 14))
def test_a_new_street_drawn_roughly_can_be_walked(x, south, north):
    """It leads from a street that is new itself up to one that stands."""
    found = built(line((0, 30), (500, 30)), line((x, 30 + south), (x, 250 + north)))
    assert vertices(found, "n1") & vertices(found, "r1")
    assert vertices(found, "n1") & vertices(found, "n0")
    detour = 2 * (abs(min(south, 0)) + max(north, 0))
    assert walked(found, (0, 30), (0, 250)) == pytest.approx(2 * x + 220, abs=detour + 1e-6)
    assert walked(built(line((0, 30), (500, 30))), (0, 30), (0, 250)) == pytest.approx(500 + 500 + 220)


def test_a_new_bridge_meets_only_what_it_ends_at():
    place = state()
    over = Edit("add", "road", "over", {"bridge": True}, line((100, 100), (100, 300)))
    found = applied(place, as_changes(Project("over", (over,)), place))
    assert vertices(found, "r1") == {(0.0, 250.0), (500.0, 250.0)}


def test_closing_a_street_takes_it_out_of_the_network(tmp_path):
    place = state()
    closed = applied(place, as_changes(project(tmp_path, feature(action="close", id="r3"), city=place), place))
    usable = closed.rows("road").numbers("walkable")
    assert usable[closed.rows("road").ids.tolist().index("r3")] == 0.0
    assert closed.moment == Moment(DAY)
    assert np.isnan(usable).sum() == 3
    assert walked(place, (500, 0), (500, 250)) == pytest.approx(250.0)
    assert walked(closed, (500, 0), (500, 250)) == 0.0  # The junction is the node nearest to both places now.

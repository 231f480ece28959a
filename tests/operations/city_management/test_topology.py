from collections import Counter
from itertools import combinations

import numpy as np
import pytest
import shapely

from operations.city_management.grids import COMMUNITIES, RULE, around, cells, squares
from tulou.operations.city_management.domain.topology import GRID_FAULT_KINDS, Cells, Surroundings, check_grid

PLAIN = around(streets=np.empty(0, object))
BARE = Surroundings()


def kinds(found):
    return [one.kind for one in found]


def test_a_sound_grid_has_no_fault():
    assert check_grid(cells(*squares()), PLAIN, RULE) == []
    assert check_grid(cells(*squares()), BARE, RULE) == []


def test_a_missing_cell_is_a_gap_with_its_place():
    shapes, codes = squares()
    gone = shapes.pop(8)
    codes.pop(8)
    for surroundings in (PLAIN, BARE):
        (fault,) = check_grid(cells(shapes, codes), surroundings, RULE)
        assert (fault.kind, fault.area) == ("gap", pytest.approx(10_000))
        assert fault.shape.equals(gone)


def test_a_channel_that_is_open_to_the_outside_is_a_gap_without_communities_too():
    shapes, codes = squares()
    shapes[0] = shapely.box(0, 200, 98, 300)
    for surroundings in (PLAIN, BARE):
        (fault,) = check_grid(cells(shapes, codes), surroundings, RULE)
        assert (fault.kind, fault.area) == ("gap", pytest.approx(200, rel=0.01))


def test_an_overlap_names_both_cells():
    shapes, codes = squares()
    shapes[1] = shapely.box(90, 200, 200, 300)
    (fault,) = check_grid(cells(shapes, codes), PLAIN, RULE)
    assert (fault.kind, fault.cells, fault.area) == ("overlap", (codes[0], codes[1]), pytest.approx(1_000))


def test_rounding_is_let_pass():
    shapes, codes = squares()
    shapes[1] = shapely.box(99.995, 200, 200.004, 300)
    assert check_grid(cells(shapes, codes), PLAIN, RULE) == []


def test_a_cell_in_a_cell_is_an_overlap():
    shapes, codes = squares()
    found = check_grid(cells([*shapes, shapely.box(20, 20, 60, 60)], [*codes, "350102001001099"]), PLAIN, RULE)
    assert kinds(found) == ["overlap"]
    assert found[0].area == pytest.approx(1_600)


def test_a_sliver_is_told_and_a_large_cell_noted():
    shapes, codes = squares()
    shapes[0], shapes[1] = shapely.box(0, 200, 2, 300), shapely.box(2, 200, 200, 300)
    shapes[14:18] = [shapely.box(0, 0, 400, 100)]
    codes[14:18] = codes[14:15]
    found = check_grid(cells(shapes, codes), PLAIN, RULE)
    assert [(one.kind, one.cells) for one in found] == [("sliver", (codes[0],)), ("large", (codes[14],))]


def test_a_cell_across_a_border_says_how_far_into_what():
    shapes, codes = squares()
    shapes[3], shapes[4] = shapely.box(300, 200, 420, 300), shapely.box(420, 200, 500, 300)
    (fault,) = check_grid(cells(shapes, codes), PLAIN, RULE)
    assert (fault.kind, fault.cells, fault.other) == ("across_community", (codes[3],), "East")
    assert fault.area == pytest.approx(2_000)


def test_a_street_through_a_cell_is_told_and_one_along_its_border_is_not():
    shapes, codes = squares()
    along, through = shapely.LineString([(0, 100), (700, 100)]), shapely.LineString([(150, 0), (150, 300)])
    end = shapely.LineString([(250, 0), (250, 60)])
    found = check_grid(cells(shapes, codes), around(streets=np.array([along, through, end], object)), RULE)
    assert [(one.kind, one.cells[0]) for one in found] == [("across_street", codes[place]) for place in (1, 8, 15)]


def test_shapes_that_are_none_cross_themselves_or_lie_apart():
    shapes, codes = squares()
    bow = shapely.Polygon([(0, 200), (100, 300), (100, 200), (0, 300)])
    apart = shapely.MultiPolygon([shapely.box(300, 0, 400, 50), shapely.box(300, 51, 400, 100)])
    shapes[0], shapes[5], shapes[17] = bow, None, apart
    found = check_grid(cells(shapes, codes), PLAIN, RULE)
    assert Counter(kinds(found)) == {"no_shape": 1, "invalid_shape": 1, "several_parts": 1, "gap": 4}
    assert found[0].cells == (codes[5],)
    assert found[0].shape is None


def test_codes_that_are_missing_malformed_or_given_twice():
    shapes, codes = squares()
    codes[0], codes[1], codes[2] = "", "35010200100100", codes[3]
    found = check_grid(cells(shapes, codes), PLAIN, RULE)
    assert [(one.kind, one.cells[0]) for one in found] == [
        ("no_code", "id0"), ("bad_code", "35010200100100"), ("duplicate_code", codes[3]), ("duplicate_code", codes[3]),
    ]  # fmt: skip


def test_a_code_of_another_community_is_refused():
    """Verification 1 of methods §1: rejected when the polygon's community differs."""
    shapes, codes = squares()
    codes[0] = "350102001002099"
    (fault,) = check_grid(cells(shapes, codes), PLAIN, RULE)
    assert (fault.kind, fault.cells, fault.other) == ("wrong_community", (codes[0],), "350102001001")


def test_without_codes_of_communities_most_cells_tell_what_belongs_where():
    shapes, codes = squares()
    nameless = Surroundings(COMMUNITIES, ["", ""], ["West", "East"])
    codes[0] = "350102001002099"
    codes[1] = "350102001009001"
    found = check_grid(cells(shapes, codes), nameless, RULE)
    assert [(one.kind, one.cells[0]) for one in found] == [("scattered_code", codes[0]), ("two_codes", codes[1])]
    assert found[0].other == "West"
    assert found[1].other == "350102001001"


def test_overlaps_and_gaps_agree_with_a_slow_way():
    """Jittered cells: every pair cut, every community emptied cell by cell; and GEOS's own check of coverages."""
    random = np.random.default_rng(5)
    shapes, codes = squares()
    moved = [shapely.affinity.translate(one, *random.uniform(-4, 4, 2)) for one in shapes]
    found = check_grid(cells(moved, codes), PLAIN, RULE)
    slow = {
        tuple(sorted((codes[one], codes[other]))): moved[one].intersection(moved[other]).area
        for one, other in combinations(range(len(moved)), 2)
    }
    slow = {pair: area for pair, area in slow.items() if area > RULE.tolerance}
    assert {one.cells: one.area for one in found if one.kind == "overlap"} == pytest.approx(slow)
    left = shapely.union_all(COMMUNITIES)
    for shape in moved:
        left = left.difference(shape)
    gaps = [part.area for part in shapely.get_parts(left) if part.area > RULE.tolerance]
    assert sorted(one.area for one in found if one.kind == "gap") == pytest.approx(sorted(gaps))
    assert not shapely.coverage_is_valid(np.array(moved, object))


def test_nothing_is_known_of_no_cells():
    assert check_grid(Cells([], [], np.empty(0, object)), BARE, RULE) == []
    assert kinds(check_grid(cells([None], [""]), PLAIN, RULE)) == ["no_shape", "no_code"]


def test_faults_stand_in_the_order_of_their_kinds():
    shapes, codes = squares()
    codes[0], shapes[8] = "", None
    found = kinds(check_grid(cells(shapes, codes), PLAIN, RULE))
    assert found == sorted(found, key=GRID_FAULT_KINDS.index)

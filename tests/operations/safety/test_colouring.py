"""Colours of places: which risk lies in which unit, what counts after measures, what is unknown."""

from datetime import date

import numpy as np
import pytest
import shapely

from tulou.app.wiring import dictionary
from tulou.kernel.clock import Moment
from tulou.kernel.errors import BadInput
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile
from tulou.operations.safety.adapters.colouring import graded_risk, unit_colours
from tulou.operations.safety.adapters.facts import enterprises_of, records_of, risks_of
from tulou.operations.safety.adapters.grading_rules import read_methods
from tulou.publish.drawing.ground import Layers
from tulou.publish.safety.map import four_colour_map

DAY = date(2026, 6, 1)
FIRM = "914403001922038216"
METHODS = read_methods(["china"])


def state(**tables):
    words = dictionary()
    rows = {name: rows_of(words[name], columns) for name, columns in tables.items()}
    return MemoryState(Profile("x", "EPSG:4549"), words, Moment(DAY), rows)


RISKS = {
    "id": ["r1", "r2", "r3", "r4", "r5"],
    "enterprise": [FIRM, FIRM, "", "", ""],
    "method": ["lec"] * 5,
    "likelihood": [10, 1, 3, None, 4],
    "exposure": [6, 6, 6, 6, 6],
    "consequence": [15, 1, 15, 15, 15],
    "residual_likelihood": [1, None, 0.5, None, None],
    "residual_exposure": [6, None, 6, 6, 6],
    "residual_consequence": [15, None, 15, 15, 15],
    "geometry": [None, None, shapely.Point(150, 50), shapely.Point(150, 60), shapely.Point(250, 50)],
}
CITY = state(
    enterprise={"id": [FIRM], "name": ["a firm"], "geometry": [shapely.Point(50, 50)]},
    risk_point=RISKS,
    community={
        "id": ["a", "b", "c", "d"],
        "name": ["A", "B", "C", None],
        "geometry": [shapely.box(100 * n, 0, 100 * n + 100, 100) for n in range(4)],
    },
)


def graded():
    return [graded_risk(one, METHODS, DAY) for one in risks_of(CITY)]


def test_grades_before_and_after_measures_and_which_one_counts():
    one, two, three, four, five = graded()
    assert (one.before.colour, one.after.colour, one.now.colour) == ("red", "yellow", "yellow")
    assert (two.before.colour, two.after.colour, two.now.colour) == ("blue", None, "blue")
    assert (three.now.value, three.now.colour) == (45, "blue")
    assert four.now.colour is None
    assert five.now.colour is None
    assert five.fault == "the table of this method has no such value"


def test_units_take_the_gravest_and_an_unknown_one_is_not_blue():
    units = unit_colours(CITY.rows("community"), graded(), is_whole=False)
    assert [(one.unit, one.colour, one.unknown) for one in units] == [
        ("a", "yellow", 0), ("b", None, 1), ("c", None, 1), ("d", None, 0),
    ]  # fmt: skip
    assert not units[3].has_none
    assert units[3].name == "d"
    assert unit_colours(CITY.rows("community"), graded(), is_whole=True)[3].has_none


def test_a_risk_stands_in_one_unit_only():
    border = [one for one in graded() if one.risk.id == "r3"]
    moved = type(border[0])(
        type(border[0].risk)(**{**vars(border[0].risk), "place": (100.0, 50.0)}), border[0].before, border[0].after, "",
        is_reference=False,
    )  # fmt: skip
    units = unit_colours(CITY.rows("community"), [moved], is_whole=False)
    assert sum(sum(one.counts.values()) for one in units) == 1


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_map_says_what_it_shows_and_hides_nothing(spoken):
    shapes = CITY.rows("community").shapes
    units = unit_colours(CITY.rows("community"), graded(), is_whole=False)
    found = four_colour_map(units, shapes, graded(), Layers(), spoken)
    text = found.standalone()
    assert text.count("<circle") >= 4
    assert 'fill="url(#hatch)"' in text
    assert text == four_colour_map(units, shapes, graded(), Layers(), spoken).standalone()
    assert four_colour_map(units, np.full(4, None, object), graded(), Layers(), spoken) is None


def test_a_register_with_a_wrong_code_is_refused_row_by_row():
    wrong = state(enterprise={"id": [FIRM, "914403001922038217", "x"]})
    with pytest.raises(BadInput) as caught:
        enterprises_of(wrong)
    assert len(caught.value.faults) == 2


def test_a_record_says_when_it_happened():
    with pytest.raises(BadInput, match="on which day"):
        records_of(state(credit_record={"id": ["a"], "enterprise": [FIRM]}))

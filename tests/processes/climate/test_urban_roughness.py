"""Roughness and sky of a made city of two hectares with known numbers, with and without heights, and on the line."""

import numpy as np
import pytest

from processes.made_city import box, city
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.climate.potential import ventilation_class
from tulou.measures.climate.roughness import kanda
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

BLOCKS = {"id": ["west", "east"], "name": ["West", "East"], "geometry": [box(0, 0, 100, 100), box(100, 0, 200, 100)]}


def town(heights=(20.0, 40.0, 12.0), storeys=(None, None, None)):
    """In the west two halves of one house, 20 and 40 m high; in the east a house of its own."""
    houses = [box(20, 20, 40, 60), box(40, 20, 60, 60), box(120, 30, 180, 50)]
    buildings = {"id": list("abc"), "height": list(heights), "storeys": list(storeys), "geometry": houses}
    return city(building=buildings, block=BLOCKS)


def ran(state, **given):
    process = processes()["urban_roughness"]
    return process.run(Run(process.values(given), state))


def table(outcome, name):
    return {
        row[0] if isinstance(row[0], str) else row[0].en: row[1:]
        for one in outcome.tables
        if one.name == name
        for row in one.rows
    }


def facts(outcome):
    (only,) = outcome.facts
    rows = only.rows.to_pylist()
    return only.entity, {row["id"]: row for row in rows}


def test_units_learn_what_their_cells_are():
    entity, told = facts(ran(town(), level="block"))
    assert entity == "block"
    west = told["west"]
    assert west["plan_area_index"] == pytest.approx(0.16)
    # From the north and south both halves stand side by side; from east and west the lower half hides the other's foot.
    north, east = (20 * 20 + 20 * 40) / 1e4, 40 * 40 / 1e4
    directions = table(ran(town((20.0, 40.0, None)), level="block"), "directions")
    assert directions["N"][0] == pytest.approx(north)
    assert directions["E"][0] == pytest.approx(east)
    mean, deviation = 30.0, 10.0
    one = [np.array([value]) for value in (0.16, west["frontal_area_index"], mean, deviation, 40.0)]
    assert west["roughness_length"] == pytest.approx(kanda(*one).length[0])
    assert west["displacement_height"] == pytest.approx(kanda(*one).displacement[0])
    assert 0.3 < west["sky_view_factor"] < told["east"]["sky_view_factor"] < 1


def test_a_building_of_unknown_height_leaves_its_cell_unassessed():
    outcome = ran(town((20.0, 40.0, None)), level="block")
    _, told = facts(outcome)
    assert told["east"]["plan_area_index"] == pytest.approx(0.12)
    for name in ("frontal_area_index", "roughness_length", "displacement_height", "sky_view_factor"):
        assert told["east"][name] is None
        assert told["west"][name] is not None
    assert "1 have neither height nor storeys" in outcome.warnings[0].en
    assert {one.name: one.value for one in outcome.figures}["unknown"] > 0


def test_storeys_and_an_assumed_height_are_said_aloud():
    outcome = ran(town((20.0, 40.0, None), (None, None, 4)))
    assert facts(outcome)[1]["east"]["roughness_length"] is not None
    assert "1 buildings have no height: storeys times 3 m" in outcome.assumptions[0].en
    assumed = ran(town((20.0, 40.0, None)), unknown_height="12 m")
    assert "1 buildings of unknown height are taken as 12 m" in assumed.assumptions[0].en
    known = facts(ran(town()))[1]["east"]
    assert facts(assumed)[1]["east"]["roughness_length"] == known["roughness_length"]


def test_no_height_at_all_is_not_assessed():
    outcome = ran(town((None, None, None)))
    assert "not assessed" in outcome.answer[0].en
    assert {one.name: one.value for one in outcome.figures}["unknown"] == 100


def test_classes_share_out_the_ground_of_the_city():
    outcome = ran(town())
    classes = table(outcome, "classes")
    ground = sum(row[0] for row in classes.values())
    cells = {one.name: np.isfinite(one.values).sum() for one in outcome.plots if hasattr(one, "values")}
    assert ground == pytest.approx(cells["roughness_length"])
    assert sum(row[1] for row in classes.values() if row[1] is not None) == pytest.approx(100)
    assert any("no verdict" in line.en for line in outcome.answer)
    assert any("from memory" in limit.en for limit in processes()["urban_roughness"].limits)


def test_where_the_wind_skims_over_the_roofs_it_is_not_called_well_ventilated():
    """Low houses all over the ground: z0 is small, and yet no air moves between them."""
    rows = [
        box(2 + 20 * column, 2 + 20 * row, 20 + 20 * column, 20 + 20 * row) for row in range(5) for column in range(5)
    ]
    houses = {"id": [str(one) for one in range(25)], "height": [4.0] * 25, "geometry": rows}
    outcome = ran(city(building=houses, block={name: column[:1] for name, column in BLOCKS.items()}))
    (block,) = facts(outcome)[1].values()
    assert block["plan_area_index"] > 0.8
    assert block["roughness_length"] < 0.5
    fields = {one.name: one.values for one in outcome.plots if hasattr(one, "values")}
    assert fields["ventilation_class"][np.nan_to_num(fields["plan_area"]) > 0.8] >= 3


def test_a_unit_without_the_middle_of_a_cell_is_not_told():
    small = {"id": ["s"], "name": ["Small"], "geometry": [box(0, 0, 30, 30)]}
    state = city(building={"id": ["a"], "height": [9.0], "geometry": [box(20, 20, 40, 60)]}, community=small)
    _, told = facts(ran(state, level="community"))
    assert told["s"]["roughness_length"] is None


def test_what_is_no_city_and_no_number_is_refused():
    with pytest.raises(NotEnoughData, match="no building"):
        ran(city(block=BLOCKS))
    with pytest.raises(BadUse, match="even number"):
        ran(town(), directions=17)


def test_ventilation_classes():
    """All six combinations of three roughnesses and two skies, and what is unknown."""
    length = np.array([0.5, 0.5, 0.9, 1.0, 1.1, 1.1, np.nan, 0.4, 2.0])
    sky = np.array([0.65, 0.64, 0.8, 0.2, 0.9, 0.1, 0.9, np.nan, np.nan])
    found = ventilation_class(length, sky, bounds=(0.5, 1.0), open_sky=0.65)
    np.testing.assert_array_equal(found, [1, 2, 3, 4, 5, 5, np.nan, np.nan, 5])

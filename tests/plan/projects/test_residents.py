"""People move in where a project builds and out where it removes; nobody is lost or made on the way."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.small_rulebook import dictionary
from plan.projects.made import DAY, box, feature, point, project, state, tables
from tulou.app.wiring import rulebook
from tulou.kernel.errors import BadInput
from tulou.model.changes import applied
from tulou.model.people import Assumptions
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.project import Edit, Project
from tulou.plan.projects.residents import Assumed, assumed_by

ASSUMED = Assumed(Assumptions(40.0, (30.0, 60.0), 3.0), 20.0)
"""40 m2 a person, of which 30 to 60 are possible."""


def after(tmp_path, *features, city=None, assumed=ASSUMED):
    place = city or state()
    return applied(place, as_changes(project(tmp_path, *features, city=place), place, assumed=assumed))


def people(place) -> dict[str, float]:
    rows = place.rows("population")
    return dict(zip(rows.ids.tolist(), rows.numbers("residents").tolist(), strict=True))


def of_unit(place, name="c1") -> float:
    rows = place.rows("community")
    return float(rows.numbers("residents")[rows.ids.tolist().index(name)])


def test_people_of_a_new_building_are_estimated_as_the_city_was(tmp_path):
    """600 m2 x 6 storeys / 40 m2 = 90, times 4/3: the city's own homes hold a third more than 40 m2 a person gives."""
    found = after(tmp_path, feature(box(400, 100, 420, 130), use="residential", floors=6))
    rows = found.rows("population")
    row = rows.ids.tolist().index("derived:people-project:project-1")
    told = [rows.numbers(name)[row] for name in ("residents_low", "residents", "residents_high")]
    assert told == pytest.approx([80.0, 120.0, 160.0], rel=1e-6)
    assert rows.numbers("estimated")[row] == 1.0
    assert of_unit(found) == pytest.approx(420.0, rel=1e-6)
    assert shapely.from_wkb(rows.table["geometry"][row].as_py()).within(box(400, 100, 420, 130))


def test_stated_people_stand_as_they_are(tmp_path):
    found = after(tmp_path, feature(box(400, 100, 420, 130), use="residential", floors=6, residents=77))
    rows = found.rows("population")
    row = rows.ids.tolist().index("derived:people-project:project-1")
    assert people(found)["derived:people-project:project-1"] == 77.0
    assert np.isnan(rows.numbers("residents_high")[row])
    assert of_unit(found) == 377.0


@pytest.mark.parametrize("use", ["office", "industrial", "outbuilding"])
def test_nobody_moves_into_what_is_no_home(tmp_path, use):
    found = after(tmp_path, feature(box(400, 100, 420, 130), use=use, floors=6))
    assert people(found) == people(state())


def test_half_of_a_mixed_building_is_housing(tmp_path):
    whole = after(tmp_path, feature(box(400, 100, 420, 130), use="residential", floors=6))
    half = after(tmp_path, feature(box(400, 100, 420, 130), use="mixed", floors=6))
    gained = [sum(people(one).values()) - 620.0 for one in (whole, half)]
    assert gained[1] == pytest.approx(gained[0] / 2)


def test_people_of_a_removed_building_leave_with_its_cell(tmp_path):
    found = after(tmp_path, feature(action="remove", entity="building", id="h1"))
    assert people(found) == {"derived:people-h2": 40.0, "grid": 500.0}
    assert of_unit(found) == 220.0


def test_of_a_cell_of_many_buildings_leaves_the_share_of_the_ground(tmp_path):
    """h3 covers 800 of the 3,200 m2 built on in the cell of 500 people."""
    found = after(tmp_path, feature(action="remove", entity="building", id="h3"))
    assert people(found)["grid"] == pytest.approx(375.0)
    rows = found.rows("population")
    assert rows.numbers("estimated")[rows.ids.tolist().index("grid")] == 1.0


def test_of_a_cell_leaves_what_is_on_record_of_the_building(tmp_path):
    building = {**tables()["building"], "residents": [None, None, 60.0, None, None]}
    found = after(tmp_path, feature(action="remove", entity="building", id="h3"), city=state(building=building))
    assert people(found)["grid"] == 440.0


def test_a_home_that_becomes_an_office_empties(tmp_path):
    found = after(tmp_path, feature(action="change", id="h1", use="office"))
    assert "derived:people-h1" not in people(found)
    found = after(tmp_path, feature(action="change", id="h1", floors=12))
    assert people(found)["derived:people-h1"] == pytest.approx(160.0)
    assert of_unit(found) == pytest.approx(380.0)


def test_a_mill_that_becomes_homes_is_moved_into(tmp_path):
    """2,400 m2 x 1 storey / 40 m2 = 60, times 4/3."""
    found = after(tmp_path, feature(action="change", id="mill", use="residential"))
    assert people(found)["derived:people-mill"] == pytest.approx(80.0)
    # Homes without a cell of their own are counted in the grid already.
    assert people(after(tmp_path, feature(action="change", id="h3", floors=20))) == people(state())


def test_a_city_without_cells_is_not_given_those_of_one_building(tmp_path):
    bare = {"id": [], "geometry": [], "residents": []}
    found = after(tmp_path, feature(box(400, 100, 420, 130), use="residential", floors=6), city=state(population=bare))
    assert len(found.rows("population")) == 0
    assert of_unit(found) > 300.0


def test_without_assumptions_only_stated_people_count(tmp_path):
    features = feature(box(400, 100, 420, 130), use="residential", floors=6), feature(
        box(430, 100, 450, 130), use="residential", floors=6, residents=10)  # fmt: skip
    found = after(tmp_path, *features, assumed=None)
    assert sum(people(found).values()) == 630.0


def test_new_buildings_bring_land_where_land_was_derived(tmp_path):
    found = after(tmp_path, feature(box(400, 100, 420, 130), use="residential", floors=6)).rows("parcel")
    new = [row for row, name in enumerate(found.ids) if str(name).startswith("derived:land-")]
    assert len(new) == 1
    assert found.texts("use")[new[0]] == "residential"
    assert found.shapes[new[0]].contains(box(400, 100, 420, 130).buffer(19))
    drawn = {**tables()["parcel"], "source_class": [None, None]}
    kept = after(tmp_path, feature(box(400, 100, 420, 130), use="residential"), city=state(parcel=drawn))
    assert len(kept.rows("parcel")) == 2


def test_what_estimates_rest_on_is_read_from_the_rulebook():
    book = rulebook()
    found = assumed_by(book, DAY)
    setting = book.parameters["population.floor_per_person"].values.on(DAY).value
    assert found.people.floor_per_person == setting.number
    assert found.people.floor_bounds[0] < setting.number < found.people.floor_bounds[1]
    from dataclasses import replace

    bare = replace(book, parameters={})
    with pytest.raises(BadInput, match="lacks a parameter"):
        assumed_by(bare, DAY)


@st.composite
def projects(draw):
    """Buildings that go, change use, grow, or are new with a stated number of people."""
    edits = []
    for name in draw(st.lists(st.sampled_from(["h1", "h2", "h3", "mill"]), unique=True)):
        kind = draw(st.sampled_from(["remove", "office", "grow", "stated"]))
        values = {"office": {"use": "office"}, "grow": {"storeys": 9.0}, "stated": {"residents": 33.0}}.get(kind, {})
        edits.append(Edit("remove" if kind == "remove" else "change", "building", name, values))
    for number in range(draw(st.integers(0, 3))):
        shape = box(300 + 30 * number, 400, 320 + 30 * number, 420)
        values = {"use": "residential", "storeys": 5.0, "residents": float(draw(st.integers(0, 90)))}
        edits.append(Edit("add", "building", f"n{number}", values, shape))
    return Project("random", tuple(edits))


@settings(max_examples=60)
@given(projects())
def test_nobody_is_lost_or_made(plan):
    """What the cells of a unit gain is what the unit on record gains; no number falls below nothing."""
    before = state()
    found = applied(before, as_changes(plan, before, assumed=ASSUMED))
    assert (found.rows("population").numbers("residents") >= 0.0).all()
    west = [sum(count for name, count in people(one).items() if name != "grid" and place_of(one, name).x < 500_500)
            for one in (before, found)]  # fmt: skip
    assert of_unit(found) - 300.0 == pytest.approx(west[1] - west[0])
    stated = {edit.id: edit.values["residents"] for edit in plan.edits if edit.action == "add"}
    for name, count in stated.items():
        assert people(found).get(f"derived:people-{name}", 0.0) == count
    removed = {edit.id for edit in plan.edits if edit.action == "remove"}
    assert not removed & set(found.rows("building").ids.tolist())
    assert not {f"derived:people-{name}" for name in removed} & set(people(found))


def place_of(place, cell):
    rows = place.rows("population")
    return shapely.point_on_surface(rows.shapes[rows.ids.tolist().index(cell)])


def test_a_cell_that_is_a_point_in_a_building_goes_with_it(tmp_path):
    cells = {"id": ["x"], "residents": [12.0], "geometry": [point(110, 118)]}
    found = after(tmp_path, feature(action="remove", entity="building", id="h1"), city=state(population=cells))
    assert people(found) == {}


def test_a_change_set_speaks_only_of_what_changes(tmp_path):
    place = state()
    found = as_changes(project(tmp_path, feature(action="close", id="s1"), city=place), place, assumed=ASSUMED)
    assert set(found.entities) == {"facility"}
    change = found.entities["facility"].attributes["closed"]
    assert (change.ids.to_pylist(), change.before.to_pylist(), change.after.to_pylist()) == (["s1"], [None], [True])
    same = as_changes(Project("same", (Edit("change", "building", "h1", {"storeys": 6.0}),)), place, assumed=ASSUMED)
    assert same.is_empty
    assert pa.types.is_string(change.ids.type)
    assert "facility" in dictionary()

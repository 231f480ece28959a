"""The oracle of a what-if: committing the same edits to a branch and checking it afresh gives the same answers."""

import numpy as np
import pytest
import shapely

from indicators.small_rulebook import small
from plan.projects.made import DAY, box, feature, line, point, project, stored
from tulou.diagnosis.diagnose import diagnose
from tulou.model.changes import applied, changes
from tulou.model.people import Assumptions
from tulou.plan.effects import effect
from tulou.plan.effects_on_findings import finding_changes
from tulou.plan.projects.asserting import as_facts
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.residents import Assumed

ASSUMED = Assumed(Assumptions(40.0, (30.0, 60.0), 3.0), 20.0)
PROJECTS = {
    "homes": (feature(box(400, 100, 420, 130), use="residential", floors=8, lift=False),),
    "closing": (feature(action="close", id="s1"), feature(line((0, 250), (1000, 250)), action="cut")),
    "clearing": (
        feature(action="remove", entity="building", id="h1"), feature(action="remove", entity="building", id="h3"),
        feature(box(95, 95, 125, 125), use="mixed", floors=12, lift=True),
    ),
    "changing": (
        feature(action="change", id="h1", lift=True, floors=9), feature(action="change", id="h2", use="office"),
    ),
    "joining": (feature(line((100, 20), (103, 300)), **{"class": "branch"}), feature(point(60, 60), category="小学")),
    "park": (feature(box(20, 20, 90, 90), category="park", area=5200), feature(box(85, 100, 130, 160), action="拆除")),
}  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("store") / "made.city")


@pytest.mark.parametrize("name", PROJECTS)
def test_a_branch_with_the_same_edits_is_checked_the_same(city, tmp_path, name):
    state = city.state(valid=DAY)
    changed = as_changes(project(tmp_path, *PROJECTS[name], city=state), state, assumed=ASSUMED)
    found = effect(small(), state, changed)
    city.branch(name)
    city.commit(as_facts(changed, state.profile.crs), who="test", message=name, valid_from=DAY, branch=name)
    afresh = diagnose(small(), city.state(valid=DAY, branch=name))
    left, right = found.after.check.results, afresh.check.results
    for column in left.column_names:
        if column in {"check", "chain"}:
            continue
        if column in {"value", "numerator", "denominator", "known", "low", "high"}:
            one, other = (np.asarray(table[column].to_numpy(), float) for table in (left, right))
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-7, err_msg=column)
        else:
            assert left[column].to_pylist() == right[column].to_pylist(), column
    for change in finding_changes(found.after.findings, afresh.findings):
        # Rounding of coordinates moves sizes by less than a millionth; nothing else may differ.
        assert (change.kind, change.added, change.dropped) == ("changed", (), ())
        assert change.people[0] == pytest.approx(change.people[1])
    assert found.moves.num_rows > 0


@pytest.mark.parametrize("name", PROJECTS)
def test_the_branch_holds_what_the_change_set_says_and_the_city_is_as_it_was(city, tmp_path, name):
    before = city.state(valid=DAY, record=1)
    changed = as_changes(project(tmp_path, *PROJECTS[name], city=before), before, assumed=ASSUMED)
    branch = f"again-{name}"
    city.branch(branch, record=1)
    city.commit(as_facts(changed, before.profile.crs), who="test", message=name, valid_from=DAY, branch=branch)
    wanted, held = applied(before, changed), city.state(valid=DAY, branch=branch)
    for entity, left in changes(wanted, held).entities.items():
        assert not len(left.vanished), entity
        assert not len(left.appeared), entity
        assert set(left.attributes) <= {"geometry"}, entity
        for change in left.attributes.values():
            sides = [shapely.from_wkb(side.to_pylist()) for side in (change.before, change.after)]
            assert (shapely.hausdorff_distance(*sides) < 1e-6).all()
    assert changes(before, city.state(valid=DAY)).is_empty

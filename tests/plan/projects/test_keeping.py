"""The oracle of a what-if: committing the same edits to a branch and checking it afresh gives the same answers."""

import pytest

from indicators.small_rulebook import small
from plan.projects.made import DAY, box, feature, line, point, project, stored
from tulou.diagnosis.diagnose import diagnose
from tulou.model.changes import applied, changes
from tulou.model.people import Assumptions
from tulou.model.store.clashing import facts_of
from tulou.model.store.importing import Importing
from tulou.plan.effects import effect
from tulou.plan.effects_on_findings import finding_changes
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


def keep(city, changed, branch):
    how = Importing(strict=True, is_metric=True)
    city.commit(facts_of(changed), who="test", message=branch, valid_from=DAY, branch=branch, how=how)


@pytest.mark.parametrize("name", PROJECTS)
def test_a_branch_with_the_same_edits_is_checked_the_same(city, tmp_path, name):
    state = city.state(valid=DAY)
    changed = as_changes(project(tmp_path, *PROJECTS[name], city=state), state, assumed=ASSUMED)
    found = effect(small(), state, changed)
    city.branch(name)
    keep(city, changed, name)
    afresh = diagnose(small(), city.state(valid=DAY, branch=name))
    left, right = found.after.check.results, afresh.check.results
    for column in set(left.column_names) - {"check", "chain"}:
        assert left[column].to_pylist() == right[column].to_pylist(), column
    assert finding_changes(found.after.findings, afresh.findings) == ()
    assert found.moves.num_rows > 0


@pytest.mark.parametrize("name", PROJECTS)
def test_the_branch_holds_what_the_change_set_says_and_the_city_is_as_it_was(city, tmp_path, name):
    before = city.state(valid=DAY, record=1)
    changed = as_changes(project(tmp_path, *PROJECTS[name], city=before), before, assumed=ASSUMED)
    branch = f"again-{name}"
    city.branch(branch, record=1)
    keep(city, changed, branch)
    wanted, held = applied(before, changed), city.state(valid=DAY, branch=branch)
    assert changes(wanted, held).is_empty
    assert changes(before, city.state(valid=DAY)).is_empty

"""The demonstration of a what-if: a school closed, a clinic added, a street cut on the real centre of Helsinki."""

import shutil

import pytest

from app.line import contents
from tulou.app.whatif_demo import BRANCH, make_whatif
from tulou.app.wiring import open_city

pytestmark = pytest.mark.slow


def test_the_demonstration_keeps_its_project_on_a_branch_and_can_be_run_again(helsinki, tmp_path):
    place = tmp_path / "helsinki.city"
    shutil.copytree(helsinki, place)
    tried, files = make_whatif(place, tmp_path / "a", ("en",))
    assert {path.name for path in files} == {
        "close-school.geojson", "add-clinic.geojson", "cut-street.geojson", "whatif-demo.en.html",
    }  # fmt: skip
    assert {edit.action for edit in tried.project.edits} == {"close", "add"}
    assert tried.commit.branch == BRANCH
    moved = {line.indicator for line in tried.outcome.moves}
    assert {"health_walk", "primary_school_walk"} <= moved
    again, _ = make_whatif(place, tmp_path / "b", ("en",))
    assert again.commit is None
    assert [line.unit for line in again.outcome.moves] == [line.unit for line in tried.outcome.moves]
    assert set(open_city(place).branches()) == {"main", BRANCH}
    pages = [contents(tmp_path / name) for name in ("a", "b")]
    assert pages[0]["cut-street.geojson"] == pages[1]["cut-street.geojson"]

"""Two years of the synthetic city: checked as known then and as known now, and taken up again after a break."""

import shutil
from datetime import date

import pytest

from app.line import fine
from tulou.app.demonstration import YEARS, make_two_years
from tulou.app.wiring import open_city

BUILDINGS = 150


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("years") / "rongcheng.city"


@pytest.fixture(scope="module")
def checks(place):
    return make_two_years(place, buildings=BUILDINGS)


def of_city(kept):
    rows = kept.check.results.to_pylist()
    return {row["indicator"]: row["value"] for row in rows if row["level"] == "city" and not row["variant"]}


def test_each_check_looks_at_its_day_as_known_then(checks, place):
    before, after = checks
    tags = open_city(place).tags()
    assert [kept.check.day for kept in checks] == list(YEARS.values()) == [date(2025, 12, 31), date(2026, 10, 31)]
    assert [kept.check.record for kept in checks] == [tags[name].commit for name in YEARS] == [1, 6]
    assert before.check.rulebook == after.check.rulebook


def test_the_city_did_better_and_the_threshold_became_stricter(checks):
    before, after = map(of_city, checks)
    assert after["structural_hazard_homes"] < before["structural_hazard_homes"]
    assert after["bus_stop_cover"] < before["bus_stop_cover"]


def test_a_district_is_split(checks):
    districts = [
        {row["unit"] for row in kept.check.results.to_pylist() if row["level"] == "district"} for kept in checks
    ]
    assert districts[0] - districts[1] == {"district-1"}
    assert districts[1] - districts[0] == {"district-north", "district-south"}


def test_made_again_it_is_left_as_it_is(checks, place):
    files = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}
    again = make_two_years(place, buildings=BUILDINGS)
    assert [kept.check.id for kept in again] == [kept.check.id for kept in checks]
    assert [kept.check.results for kept in again] == [kept.check.results for kept in checks]
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()} == files


def test_an_attempt_that_was_cut_off_is_gone_on_with(tmp_path, checks, monkeypatch):
    place = tmp_path / "cut.city"
    commits = []
    commit = type(open_city(checks[0].folder.parents[1])).commit

    def cut(self, *words, **more):
        if len(commits) == 3:
            raise KeyboardInterrupt
        commits.append(words)
        return commit(self, *words, **more)

    monkeypatch.setattr("tulou.model.store.city.City.commit", cut)
    with pytest.raises(KeyboardInterrupt):
        make_two_years(place, buildings=BUILDINGS)
    monkeypatch.undo()
    again = make_two_years(place, buildings=BUILDINGS)
    assert [of_city(kept) for kept in again] == [of_city(kept) for kept in checks]


@pytest.fixture
def home(place, checks, tmp_path):
    """A folder in which the small city stands where the stories look for it."""
    del checks
    shutil.copytree(place, tmp_path / "rongcheng.city")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words", "files"),
    [
        ("diff", "Between the two checks", ("diff/why.zh.html", "diff/why.en.pdf")),
        ("track", "2026-11-27", ("track/tracker-clause.zh.html", "track/tracker-due.en.html")),
    ],
)
def test_a_story_is_told_twice_alike(home, name, words, files):
    out = fine("demo", name, "--to", home, "--no-open")
    assert words in out
    first = {file: (home / file).read_bytes() for file in files}
    assert fine("demo", name, "--to", home, "--no-open") == out
    assert {file: (home / file).read_bytes() for file in files} == first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "files"),
    [("whatif", ("whatif/cut-street.geojson",)), ("plan", ("plan/prices.synthetic.yaml",))],
)
def test_a_story_of_the_real_centre_is_told(home, helsinki, name, files):
    shutil.copytree(helsinki, home / "helsinki.city")
    out = fine("demo", name, "--to", home, "--no-open")
    assert "Report: " in out
    assert all((home / file).stat().st_size for file in files)

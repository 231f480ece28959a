"""Branches, change sets, merging and past checks, from the command line, as a person uses them."""

import shutil
from datetime import date

import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from app.line import contents, fine, refused, tulou
from tulou.app.checking import Question, run
from tulou.app.rechecking import recheck
from tulou.app.wiring import open_city
from tulou.indicators.evaluate.keeping import load_check
from tulou.model.changes import changes

BAD_INPUT, BAD_USE, NO_VERDICT = 3, 4, 2


@pytest.fixture
def school(tmp_path):
    """A table with one school more."""
    place = tmp_path / "facility.csv"
    place.write_text("id,category,capacity,lon,lat\nf-new,primary_school,1200,119.30,26.08\n", encoding="utf-8")
    return place


def put(city, tmp_path, text, *words, entity="building"):
    """Import a small table."""
    place = tmp_path / f"{entity}.csv"
    place.write_text(text, encoding="utf-8")
    return fine("import", city, place, "--entity", entity, *words)


def building(city):
    """Id and storeys of the first building."""
    rows = open_city(city).state(valid=date(2026, 1, 1)).rows("building")
    return rows.ids[0], rows.numbers("storeys")[0]


def test_a_project_from_its_branch_to_its_merge(own, tmp_path):
    name, storeys = building(own)
    assert "main" in fine("branch", own)
    assert "Branch tower on main, commit 1" in fine("branch", own, "tower", "--about", "a tower")
    put(own, tmp_path, f"id,storeys\n{name},{storeys + 30}\n", "--branch", "tower", "--valid-from", "2026-06-01")
    assert f"{storeys + 30}" not in fine("changes", own, "main", "main:2026-06-01")
    told = fine("changes", own, "main", "tower")
    assert name in told
    assert f"{storeys + 30}" in told
    assert "tower" not in fine("log", own, "--branch", "main")
    assert "tower" in fine("log", own, "--branch", "tower")
    assert "Merged: tower → main, commit 3, true from 2027-01-01" in fine(
        "merge", own, "tower", "--valid-from", "2027-01-01", "--who", "bureau"
    )
    listed = next(line for line in fine("branch", own).splitlines() if line.startswith("tower"))
    assert "#3 2027-01-01" in listed
    assert "a tower" in listed
    city = open_city(own)
    rows = {day: city.state(valid=date(day, 1, 1)).rows("building") for day in (2026, 2027)}
    values = {day: dict(zip(each.ids, each.numbers("storeys"), strict=True))[name] for day, each in rows.items()}
    assert values == {2026: storeys, 2027: storeys + 30}
    refused(BAD_USE, "merge", own, "tower", "--valid-from", "2027-01-01")


def test_a_conflict_names_everything_and_keeps_nothing(own, tmp_path):
    name, _ = building(own)
    fine("branch", own, "tower")
    put(own, tmp_path, f"id,storeys\n{name},40\n", "--branch", "tower", "--valid-from", "2026-01-01")
    put(own, tmp_path, f"id,storeys\n{name},50\n", "--valid-from", "2026-01-01")
    before = contents(own)
    told = refused(BAD_INPUT, "merge", own, "tower", "--valid-from", "2026-06-01")
    assert f"building {name}.storeys" in told
    assert "tower (#2): 40.0; main (#3): 50.0" in told
    assert "--prefer branch, --prefer main" in told
    assert contents(own) == before
    assert "分支与其合并目标说法不一" in refused_in_chinese(own)
    fine("merge", own, "tower", "--valid-from", "2026-06-01", "--prefer", "branch")
    assert building_at(own, date(2026, 6, 1), name) == 40.0


def refused_in_chinese(city):
    return tulou("merge", city, "tower", "--valid-from", "2026-06-01", language="zh").err


def building_at(city, day, name):
    rows = open_city(city).state(valid=day).rows("building")
    return dict(zip(rows.ids, rows.numbers("storeys"), strict=True))[name]


def test_no_branch_begins_in_silence(own, school):
    before = contents(own)
    told = refused(BAD_USE, "import", own, school, "--entity", "facility", "--branch", "mian")
    assert "did you mean: main" in told
    assert contents(own) == before
    for words in (
        ["show", own, "--branch", "mian"],
        ["log", own, "--branch", "mian"],
        ["changes", own, "mian", "main"],
    ):
        assert "did you mean: main" in refused(BAD_USE, *words)
    refused(BAD_USE, "check", own, "--branch", "mian", "--format", "none")
    refused(BAD_USE, "merge", own, "mian", "--valid-from", "2026-01-01")
    refused(BAD_USE, "merge", own, "main", "--valid-from", "2026-01-01")
    refused(BAD_USE, "branch", own, "--about", "without a name")
    refused(BAD_USE, "branch", own, "a/b")
    refused(BAD_USE, "branch", own, "new", "--base", "mian")


def test_the_rows_of_a_change_set_can_be_taken_away(own, tmp_path):
    name, storeys = building(own)
    put(own, tmp_path, f"id,storeys\n{name},77\n", "--valid-from", "2026-03-01")
    fine("changes", own, "2026-01-01", "2026-03-01@2", "--to", tmp_path / "c.csv")
    fine("changes", own, "2026-01-01", "2026-03-01@2", "--format", "parquet", "--to", tmp_path / "c.parquet")
    expected = [
        {
            "entity": "building",
            "object": name,
            "change": "changed",
            "attribute": "storeys",
            "before": str(storeys),
            "after": "77.0",
        }
    ]
    assert pq.read_table(tmp_path / "c.parquet").to_pylist() == expected
    text = csv.ConvertOptions(column_types=dict.fromkeys(expected[0], "string"))
    assert csv.read_csv(tmp_path / "c.csv", convert_options=text).to_pylist() == expected
    assert "Nothing differs" in fine("changes", own, "2026-01-01", "2026-02-28")
    assert "Nothing differs" in fine("changes", own, "2026-03-01@1", "2026-01-01@2")
    assert "Nothing differs" in fine("changes", own, "2026-01-01", "2026-03-01", "--entity", "road")
    refused(BAD_USE, "changes", own, "2026-01-01", "2026-13-01")
    refused(BAD_USE, "changes", own, "2026-01-01", "2026-03-01@9")
    refused(BAD_USE, "changes", own, "2026-01-01", "2026-03-01", "--to", tmp_path / "c.xlsx")
    refused(BAD_USE, "changes", own, "2026-01-01", "2026-03-01", "--entity", "biulding")


def test_tags_are_listed_and_name_a_place_on_the_record_clock(own, tmp_path):
    name, _ = building(own)
    fine("tag", own, "check-2026", "--about", "published")
    put(own, tmp_path, f"id,storeys\n{name},77\n", "--valid-from", "2026-01-01")
    listed = fine("tag", own)
    assert "check-2026" in listed
    assert "published" in listed
    assert "storeys" in fine("changes", own, "@check-2026", "2026-01-01")
    assert "标签" in fine("tag", own, language="zh")
    refused(BAD_USE, "tag", own, "--about", "no name")


def test_a_check_of_a_branch_is_another_check_and_can_be_made_again(own, tmp_path):
    name, _ = building(own)
    fine("branch", own, "tower")
    put(own, tmp_path, f"id,lift\n{name},true\n", "--branch", "tower", "--valid-from", "2026-01-01")
    kept = run(open_city(own), Question(branch="tower", indicators=("age_friendly_need_homes",)))
    assert kept.check.branch == "tower"
    again = recheck(own, kept.check.id)
    assert again.is_same
    main = run(open_city(own), Question(valid=kept.check.day, indicators=("age_friendly_need_homes",)))
    assert main.check.id != kept.check.id
    out = fine("check", own, "--branch", "tower", "--indicator", "age_friendly_need_homes", "--format", "none")
    assert "as of commit 2" in out


def test_a_past_check_is_made_again_as_known_then_and_as_known_now(own, tmp_path):
    first = run(open_city(own), Question(valid=date(2026, 1, 1)))
    results = (first.folder / "results.parquet").read_bytes()
    fine("tag", own, "published")
    rows = first.state.rows("building")
    text = "id,lift,storeys\n" + "".join(f"{one},true,3\n" for one in rows.ids[:40])
    put(own, tmp_path, text, "--valid-from", "2026-01-01")
    then = recheck(own, first.check.id)
    assert then.is_same
    assert then.moved.num_rows == 0
    by_tag = recheck(own, first.check.id, record="published")
    assert by_tag.is_same
    now = recheck(own, first.check.id, is_now=True)
    assert not now.is_same
    assert now.record == 2
    fresh = run(open_city(own), Question(valid=date(2026, 1, 1)))
    assert fresh.check.results["value"].equals(now.diagnosis.check.results["value"])
    shutil.rmtree(first.folder)
    asked = Question(valid=date(2026, 1, 1), record="published")
    assert (run(open_city(own), asked).folder / "results.parquet").read_bytes() == results
    assert "same bytes as were kept" in fine("recheck", own, first.check.id)
    assert "figures are not what they were as of commit 1" in fine("recheck", own, first.check.id, "--as-of", "now")
    assert "逐字节相同" in fine("recheck", own, first.check.id, "--as-of", "published", language="zh")


def test_figures_that_moved_are_those_that_differ(own, tmp_path):
    first = run(open_city(own), Question(valid=date(2026, 1, 1)))
    rows = first.state.rows("building")
    put(own, tmp_path, "id,lift\n" + "".join(f"{one},true\n" for one in rows.ids), "--valid-from", "2026-01-01")
    now = recheck(own, first.check.id, is_now=True)
    key = ("indicator", "variant", "level", "unit")

    def figures(table):
        plain = table.select([*key, "value", "status"]).to_pylist()
        return {tuple(row[name] for name in key): (row["value"], row["status"]) for row in plain}

    then, later = figures(first.check.results), figures(now.diagnosis.check.results)
    expected = {name for name in then.keys() | later.keys() if then.get(name) != later.get(name)}
    assert {tuple(row[name] for name in key) for row in now.moved.to_pylist()} == expected
    assert expected


def test_a_rulebook_that_no_longer_loads_is_told_with_its_faults(own):
    kept = run(open_city(own), Question(valid=date(2026, 1, 1), rulebooks=("china",)))
    (folder,) = (one for one in (own / "rulebooks").glob("[!.]*") if kept.check.rulebook["digest"].startswith(one.name))
    broken = next(folder.rglob("indicators/**/*.yaml"))
    broken.write_text("id: [\n", encoding="utf-8")
    told = refused(BAD_INPUT, "recheck", own, kept.check.id)
    assert kept.check.id in told
    shutil.rmtree(folder)
    refused(NO_VERDICT, "recheck", own, kept.check.id)


def test_what_cannot_be_made_again_says_so(own):
    refused(BAD_USE, "recheck", own, "1999")
    run(open_city(own), Question(valid=date(2026, 1, 1), indicators=("age_friendly_need_homes",)))
    refused(BAD_USE, "recheck", own, "--as-of", "never")
    shutil.rmtree(own / "checks")
    refused(NO_VERDICT, "recheck", own)


def test_python_says_what_the_command_line_says(own, tmp_path):
    name, storeys = building(own)
    city = open_city(own)
    city.branch("tower", about="a tower")
    put(own, tmp_path, f"id,storeys\n{name},{storeys + 1}\n", "--branch", "tower", "--valid-from", "2026-01-01")
    day = date(2026, 1, 1)
    found = city.changes(city.state(valid=day), city.state(valid=day, branch="tower"))
    change = found.entities["building"].attributes["storeys"]
    assert (change.ids.to_pylist(), change.after.to_pylist()) == ([name], [storeys + 1])
    made = city.merge("tower", valid_from=day, who="x")
    assert [one.number for one in city.merges("tower")] == [made.number]
    assert changes(city.state(valid=day), city.state(valid=day, branch="tower")).is_empty
    assert load_check(run(city, Question(valid=day)).folder).record == made.number

"""Two checks compared on the command line: the two years of Rongcheng, branches, and all that can be asked wrongly."""

import csv
import json
import shutil
import zipfile
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import shapely

from app.conftest import once
from app.line import contents, fine, refused
from tulou.app.comparing import CITY_LEVEL, achieved, compare, restated_series
from tulou.app.composites import composite_differences
from tulou.app.demonstration import make_two_years
from tulou.app.wiring import open_city
from tulou.diagnosis.difference.coalitions import CAUSES
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts

BUILDINGS = 300
FIRST, SECOND = "check-2025", "check-2026"
FEW = ("--indicator", "park_cover", "--indicator", "bus_stop_cover", "--indicator", "structural_hazard_homes")


@pytest.fixture(scope="module")
def years(shelf):
    """Two years of the synthetic city, with a check of each; nobody changes it."""
    return once(shelf, "two-years.city", lambda place: make_two_years(place, buildings=BUILDINGS))


@pytest.fixture
def copy(years, tmp_path):
    place = tmp_path / "years.city"
    shutil.copytree(years, place)
    return place


@pytest.fixture(scope="module")
def compared(years):
    return compare(years, FIRST, SECOND)


def city_row(table, indicator):
    rows = table.to_pylist()
    return next(row for row in rows if (row["indicator"], row["level"], row["variant"]) == (indicator, CITY_LEVEL, ""))


def test_all_four_causes_moved_and_the_checks_come_out_as_published(compared):
    assert compared.coalitions.movement.causes == CAUSES
    assert compared.made_again == (0, 0)
    for end in (compared.before, compared.after):
        assert end.published is not None
    rows = [row for row in compared.differences.to_pylist() if row["kind"] == "divided"]
    for row in rows:
        assert sum(row[cause] for cause in CAUSES) == pytest.approx(row["change"], rel=1e-9, abs=1e-9)
    moved = {row["because"] for row in rows if row["level"] == CITY_LEVEL}
    assert {"city", "correction", "definition"} <= moved
    assert not any(row["boundary"] for row in rows if row["level"] == CITY_LEVEL and row["indicator"] != "park_count")


def test_the_changed_threshold_is_a_definition_and_named(compared):
    row = city_row(compared.differences, "bus_stop_cover")
    assert row["definition"] == row["change"] != 0.0
    assert [row[cause] for cause in ("city", "correction", "boundary")] == [0.0, 0.0, 0.0]
    out = fine("diff", compared.city.path, FIRST, SECOND, "--why", "--indicator", "bus_stop_cover")
    assert "500 m → 400 m" in out
    assert "that part did not move" in out


def test_the_split_district_is_told_with_what_it_was(years):
    out = fine("diff", years, FIRST, SECOND, "--why", "--level", "district", "--indicator", "age_friendly_need_homes")
    assert "became 城北区, 城南区" in out
    assert "Within today's borders it was" in out


def test_the_objects_behind_a_part_are_named_with_their_commit(years, tmp_path):
    fine("diff", years, FIRST, SECOND, *FEW, "--format", "xlsx", "--language", "en", "--to", tmp_path)
    book = openpyxl.load_workbook(tmp_path / "why.en.xlsx")
    names = [sheet.title for sheet in book.worksheets]
    assert "Objects behind each part" in names
    cells = [[cell.value for cell in row] for row in book["Objects behind each part"].iter_rows()]
    lines = [row for row in cells if row[0] and "structural" in str(row[0]).lower()]
    assert lines
    assert {row[1] for row in lines} == {"City changed", "Data corrected"}
    assert all(row[7] for row in lines)


@pytest.mark.slow
def test_papers_in_every_format_and_both_languages(years, tmp_path):
    out = fine("diff", years, FIRST, SECOND, *FEW, "--format", "html,docx,pdf", "--to", tmp_path, language="zh")
    assert "报告" in out
    page = (tmp_path / "why.zh.html").read_text("utf-8")
    assert "只有城市变化部分计为成效" in page
    assert "<svg" in page
    with zipfile.ZipFile(tmp_path / "why.en.docx") as word:
        assert "counts as achievement" in word.read("word/document.xml").decode()
    assert (tmp_path / "why.zh.pdf").read_bytes().startswith(b"%PDF")
    again = tmp_path / "again"
    fine("diff", years, FIRST, SECOND, *FEW, "--format", "html", "--to", again)
    assert (again / "why.zh.html").read_bytes() == (tmp_path / "why.zh.html").read_bytes()


def test_the_numbers_as_csv(years, tmp_path):
    file = tmp_path / "changes.csv"
    fine("diff", years, FIRST, SECOND, "--indicator", "park_cover", "--csv", file)
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert {row["indicator"] for row in rows} == {"park_cover"}
    row = next(row for row in rows if not row["variant"])
    assert sum(float(row[cause]) for cause in CAUSES) == pytest.approx(float(row["change"]), abs=1e-9)


def test_composite_scores_are_divided_without_a_residual(compared):
    rows = composite_differences(compared, "livable_blocks").to_pylist()
    assert rows
    for row in rows:
        assert row["kind"] == "divided"
        assert sum(row[cause] for cause in CAUSES) == pytest.approx(row["change"], abs=1e-9)
    assert any(row["change"] for row in rows)


def test_achievement_is_the_part_of_the_city(years, compared):
    checks = [folder.name for folder in kept_checks(years)]
    split = achieved(years)
    for name in ("park_cover", "bus_stop_cover", "structural_hazard_homes"):
        row = city_row(compared.differences, name)
        parts = split(name, "", *checks)
        assert parts == pytest.approx({cause: row[cause] for cause in CAUSES}, abs=1e-12)
    assert split("bus_stop_cover", "", *checks)["city"] == 0.0
    block = split("park_cover", "block-1", *checks)
    assert set(block) == set(CAUSES)
    with pytest.raises(BadUse):
        split("parc_cover", "", *checks)
    with pytest.raises(BadUse):
        split("park_cover", "block-99", *checks)


def test_a_restated_series_tells_both_what_was_published_and_what_would_be_said_today(years, compared):
    table = restated_series(years, indicators=("bus_stop_cover", "age_friendly_need_homes"))
    rows = [row for row in table.to_pylist() if row["level"] == CITY_LEVEL and not row["variant"]]
    for name in ("bus_stop_cover", "age_friendly_need_homes"):
        first, second = (row for row in rows if row["indicator"] == name)
        change = city_row(compared.differences, name)
        assert [first["published"], second["published"]] == [change["before"], change["after"]]
        assert second["restated"] == pytest.approx(second["published"], rel=1e-12)
        # Restated, only the city is left between the two years.
        held = compared.coalitions.checks[frozenset({"correction", "definition", "boundary"})]
        assert first["restated"] == pytest.approx(city_row(held.results, name)["value"], rel=1e-12)
    out = fine("series", years, "bus_stop_cover", language="zh")
    assert "当时公布" in out
    assert len(out.splitlines()) == 5
    assert "park_cover" in refused(4, "series", years, "parc_cover")
    assert "block-1" in refused(4, "series", years, "park_cover", "--unit", "block-one")
    assert "walking" in refused(4, "series", years, "park_cover", "--variant", "walkin")


def test_within_a_new_district_the_earlier_year_is_told_too(years, tmp_path):
    file = tmp_path / "series.csv"
    fine("series", years, "age_friendly_need_homes", "--csv", file)
    rows = [row for row in csv.DictReader(file.read_text("utf-8-sig").splitlines()) if row["level"] == "district"]
    new = [row for row in rows if row["day"] == "2025-12-31" and not row["published"]]
    assert new
    assert all(row["restated"] for row in new)


def test_a_project_on_a_branch_is_a_change_of_the_city(copy):
    city = open_city(copy)
    city.branch("project")
    school = pa.table(
        {
            "id": ["new-school"],
            "category": ["primary_school"],
            "capacity": [900.0],
            "geometry": pa.array([shapely.to_wkb(shapely.Point(117.6, 26.6))], pa.binary()),
        }
    )
    facts = Facts("facility", school)
    city.commit([facts], who="plan", message="a school", valid_from=date(2026, 1, 1), branch="project")
    homes = city.state(valid=date(2026, 10, 31)).rows("building")
    without = next(str(name) for name, lift in zip(homes.ids, homes.numbers("lift"), strict=True) if lift == 0.0)
    late = pa.table({"id": [without], "lift": [True]})
    city.commit([Facts("building", late)], who="registry", message="later on main", valid_from=date(2025, 1, 1))
    found = compare(copy, f"2026-10-31@{SECOND}", "project:2026-10-31", indicators=("primary_school_walk",))
    assert found.coalitions.movement.causes == ("city",)
    # Main has learned something meanwhile that the project does not know: that is a correction, taken back.
    found = compare(copy, "now", "project", indicators=("age_friendly_need_homes",))
    assert set(found.coalitions.movement.causes) == {"city", "correction"}
    row = city_row(found.differences, "age_friendly_need_homes")
    assert row["city"] == 0.0
    back = compare(copy, "project", "now", indicators=("age_friendly_need_homes",))
    assert city_row(back.differences, "age_friendly_need_homes")["correction"] == -row["correction"]


def test_an_end_may_be_named_in_many_ways(years):
    ids = [folder.name for folder in kept_checks(years)]
    for one, other in (ids, (ids[0][:14], SECOND), ("2025-12-31@1", "main:2026-10-31")):
        out = fine("diff", years, one, other, "--indicator", "bus_stop_cover")
        assert "−" in out
    assert "No figure moved" in fine("diff", years, FIRST, FIRST, "--indicator", "bus_stop_cover")


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        (4, ("check-2024", "now"), FIRST),
        (4, (FIRST, "2026-10-31@77"), "1 to 6"),
        (4, (FIRST, "plan:2026-10-31"), "main"),
        (4, (FIRST, SECOND, "--indicator", "parc_cover"), "park_cover"),
        (4, (FIRST, SECOND, "--level", "districts"), "district"),
        (4, (FIRST, SECOND, "--indicator", "park_cover", "--unit", "block-one"), "block-1"),
        (4, (FIRST, SECOND, "--composite", "livable"), "livable_blocks"),
        (4, (FIRST, SECOND, "--composite", "livable_blocks", "--indicator", "park_cover"), "all indicators"),
        (4, (FIRST, SECOND, "--format", "doc"), "docx"),
        (4, (FIRST,), "missing"),
    ],
)
def test_what_is_asked_wrongly_is_refused_and_nothing_is_left_behind(years, code, words, told):
    before = contents(years)
    assert told in refused(code, "diff", years, *words)
    assert contents(years) == before


def test_a_rulebook_that_no_longer_loads_is_named(copy):
    check = load_check(kept_checks(copy)[0])
    kept = copy / "rulebooks" / check.rulebook["digest"][:16]
    file = next(kept.rglob("marks_sound_functions.yaml"))
    file.write_text("nonsense: [", encoding="utf-8")
    front = kept_checks(copy)[0] / "check.json"
    page = json.loads(front.read_text("utf-8"))
    page["rulebook"]["digest"] = check.rulebook["digest"][:-1] + ("0" if check.rulebook["digest"][-1] != "0" else "1")
    front.write_text(json.dumps(page), encoding="utf-8")
    told = refused(3, "diff", copy, FIRST, SECOND)
    assert "no longer loads" in told
    assert "marks_sound_functions.yaml" in told


def test_a_check_of_another_city_is_refused(copy):
    front = kept_checks(copy)[0] / "check.json"
    page = json.loads(front.read_text("utf-8"))
    page["city"]["name"] = "别处"
    front.write_text(json.dumps(page), encoding="utf-8")
    assert "another city" in refused(3, "diff", copy, FIRST, SECOND)


def test_figures_that_come_out_otherwise_today_are_counted(copy):
    """A published figure that today's program does not give again is no cause; the reader is told."""
    path = kept_checks(copy)[0] / "results.parquet"
    table = pq.read_table(path)
    is_it = pc.and_(pc.equal(pc.cast(table["indicator"], "string"), "bus_stop_cover"), pc.equal(table["unit"], "city"))
    other = pc.if_else(is_it, 12.5, table["value"])
    pq.write_table(table.set_column(table.schema.get_field_index("value"), "value", other), path)
    assert "figures differ from what was published" in fine(
        "diff", copy, FIRST, SECOND, "--indicator", "bus_stop_cover"
    )

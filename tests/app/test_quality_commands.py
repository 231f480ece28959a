"""``tulou quality`` and ``tulou alerts`` as a person uses them."""

import shutil

import pyarrow as pa
import pytest
import shapely

from app.line import contents, fine, refused
from tulou.app.checking import Question, run
from tulou.app.quality import search
from tulou.app.wiring import open_city
from tulou.indicators.evaluate.keeping import kept_checks
from tulou.kernel.facts import Facts
from tulou.model.geography import to_geographic


def test_the_sheet_on_the_screen(rongcheng):
    told = fine("quality", rongcheng, "--limit", 3)
    assert "indicators" in told
    assert "What would unlock most" in told
    assert "rongcheng (synthetic)" in told
    only = fine("quality", rongcheng, "--entity", "building", "--limit", 200)
    assert "All attributes" in only
    assert "数据" in fine("quality", rongcheng, language="zh")


def test_the_sheet_is_written_and_twice_the_same(rongcheng, tmp_path):
    for place in ("one", "two"):
        fine("quality", rongcheng, "--format", "html,xlsx", "--language", "en", "--to", tmp_path / place)
        fine("alerts", rongcheng, "--format", "html", "--language", "zh", "--to", tmp_path / place)
    assert set(contents(tmp_path / "one")) == {"quality.en.html", "quality.en.xlsx", "alerts.zh.html"}
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_synthetic_city_raises_no_alert(rongcheng):
    told = fine("alerts", rongcheng)
    assert "0 reach the line" in told or "nothing to look at" in told
    assert "accuses nobody" in told


@pytest.fixture(scope="module")
def corrected(rongcheng, tmp_path_factory):
    """Two checks of one day; between them homes that failed, and no others, were said to be insulated after all."""
    place = tmp_path_factory.mktemp("corrected") / "own.city"
    shutil.copytree(rongcheng, place)
    city, asked = open_city(place), search(place).kept
    failing = {
        one
        for row in asked.diagnosis.findings.to_pylist()
        if row["indicator"] == "energy_retrofit_homes"
        for one in row["objects"]
    }
    table = asked.state.rows("building").table
    rows = [row | {"energy_retrofitted": True} for row in table.to_pylist() if row["id"] in sorted(failing)[:15]]
    assert len(rows) == 15
    shapes = to_geographic(shapely.from_wkb([row["geometry"] for row in rows]), asked.check.profile.crs)
    for row, shape in zip(rows, shapes, strict=True):
        row["geometry"] = shapely.to_wkb(shape)
    again = Facts("building", pa.Table.from_pylist(rows, table.schema))
    city.commit([again], who="", message="looked at again", valid_from=asked.check.day)
    run(city, Question(valid=asked.check.day))
    return place, asked.check.id, next(one.name for one in kept_checks(place) if one.name != asked.check.id)


def test_corrections_of_failing_objects_are_an_alert(corrected):
    place, before, after = corrected
    told = fine("alerts", place, "--checks", before, after)
    assert "1 reach the line" in told
    assert "Corrections of failing objects" in told
    assert "15 were corrected later, 15 of them among those that failed" in told
    assert "Innocent explanations" in told


def test_a_deadline_without_enough_revisions_is_no_look(corrected):
    place, before, after = corrected
    told = fine("alerts", place, "--checks", before, after, "--deadline", "2100-12-31", "--window", 30)
    assert "Revisions before a deadline" not in told


def test_mistakes_are_told(rongcheng):
    (one,) = (folder.name for folder in kept_checks(rongcheng))
    assert "two different checks" in refused(4, "alerts", rongcheng, "--checks", one, one)
    assert "no such check" in refused(4, "alerts", rongcheng, "--checks", "1999", one)
    assert "probability" in refused(4, "alerts", rongcheng, "--level", "5")
    assert "above zero" in refused(4, "alerts", rongcheng, "--window", "-3")
    assert "--deadline" in refused(4, "alerts", rongcheng, "--deadline", "yesterday")
    assert "did you mean: building" in refused(4, "quality", rongcheng, "--entity", "bilding")

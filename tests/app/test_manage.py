"""City management from the command line: the grid, and what a user may get wrong."""

import csv
import json
import shlex
import shutil
from datetime import timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import shapely

from app.line import contents, fine, refused
from shared_data import shared
from tulou.app import exits
from tulou.app.casework import open_casework
from tulou.app.city_management import docket_of
from tulou.app.city_management_grid import grid_of_city, propose_grid
from tulou.app.city_management_papers import report_material
from tulou.app.city_management_parts import register_of
from tulou.app.city_management_sample import BEGIN, END, LABELS
from tulou.app.demonstration import helsinki_file
from tulou.app.intake import city_of_file
from tulou.app.wiring import last_day, look_at
from tulou.kernel.periods import Period, period_of
from tulou.model.geography import to_geographic
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.domain.limits import Limit
from tulou.operations.city_management.adapters.reading import read_formulas
from tulou.publish.city_management.report import public_counts, report_paper, shown_counts

COUNTIES = ("--county", "359901", "--county", "district-2=359902")


def kept(city):
    fine("manage", "grid", "propose", city, *COUNTIES, "--keep")
    return grid_of_city(city)


def test_a_grid_is_proposed_kept_and_found_sound(own):
    said = fine("manage", "grid", "propose", own, *COUNTIES, "--keep", language="en")
    assert "unit cells" in said
    assert "Nothing wrong" in said
    grid = grid_of_city(own)
    assert grid.faults() == []
    assert len(set(grid.cells.codes)) == len(grid.cells.codes) > 100
    assert {code[:6] for code in grid.cells.codes} <= {"359901", "359902"}
    assert shapely.coverage_is_valid(grid.cells.shapes)
    assert set(grid.communities) <= set(grid_communities(own))
    assert "没有查出问题" in fine("manage", "grid", "check", own, language="zh")


def grid_communities(city):
    opened = look_at(city)
    return opened.state(valid=last_day(opened)).rows("community").ids.tolist()


def test_proposing_again_gives_the_same_and_keeps_no_cell_twice(own):
    first, again = kept(own), kept(own)
    assert sorted(first.cells.codes) == sorted(again.cells.codes)
    fine("manage", "grid", "propose", own, "--county", "359903", "--keep")
    moved = grid_of_city(own)
    assert {code[:6] for code in moved.cells.codes} == {"359903"}
    assert len(moved.cells.codes) == len(first.cells.codes)


def test_a_layer_is_checked_against_the_city(own, tmp_path):
    grid = kept(own)
    place = tmp_path / "cells.geojson"
    shapes = to_geographic(grid.cells.shapes, grid.crs)
    rows = [
        {"type": "Feature", "properties": {"BGID": code}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in zip(grid.cells.codes, shapes, strict=True)
    ]
    rows[3]["properties"]["BGID"] = rows[4]["properties"]["BGID"]
    outline = shapely.boundary(shapely.union_all(grid.cells.shapes))
    inner = max(place for place, shape in enumerate(grid.cells.shapes) if place > 4 and not shape.intersects(outline))
    del rows[inner]
    place.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    said = fine("manage", "grid", "check", place, "--city", own, "--to", tmp_path / "out", language="en")
    assert "Code given twice  2" in said
    assert "Gap  1" in said
    page = (tmp_path / "out" / "unit-grid.en.html").read_text()
    assert rows[4]["properties"]["BGID"] in page
    assert (tmp_path / "out" / "unit-grid.zh.html").exists()
    alone = fine("manage", "grid", "check", place, language="en")
    assert "Gap  1" in alone


def test_a_code_is_read():
    assert "street 003, community 005, cell 012" in fine("manage", "grid", "code", "350102003005012", language="en")
    assert "类别 0101" in fine("manage", "grid", "code", "3205080101000001", language="zh")


BAD = (
    (exits.BAD_USE, ("grid", "propose", "{city}"), "must be given"),
    (exits.BAD_USE, ("grid", "propose", "{city}", "--county", "35"), "six digits"),
    (exits.NO_VERDICT, ("grid", "check", "{city}"), "no unit grid"),
    (exits.BAD_INPUT, ("grid", "code", "1"), "not the code"),
    (exits.BAD_INPUT, ("grid", "code", "000000003005012"), "all zeros"),
    (exits.BAD_USE, ("grid", "hceck", "{city}"), "no such command"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mistakes_end_in_a_message_and_change_nothing(own, language):
    before = contents(own)
    for code, words, says in BAD:
        said = refused(code, "manage", *(own if word == "{city}" else word for word in words), language=language)
        assert language == "zh" or says in said, said
        assert language == "en" or any("\u4e00" <= letter <= "\u9fff" for letter in said.splitlines()[1]), said
    assert contents(own) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["helsinki", "geneva"])
def test_real_cities_are_cut_along_their_streets(tmp_path, name):
    """Communities are derived there; the proposal covers them, and the check agrees but for what it notes."""
    file = helsinki_file() if name == "helsinki" else shared("city_noise_lorient/geneva.osm.pbf")
    grid = propose_grid(city_of_file(file, tmp_path / "c.city", name=name), {"": "999901"})
    areas = shapely.area(grid.cells.shapes)
    assert shapely.coverage_is_valid(grid.cells.shapes)
    assert areas.sum() == pytest.approx(shapely.area(shapely.union_all(grid.around.communities)), rel=1e-4)
    assert 5_000 < sorted(areas)[len(areas) // 2] < 15_000
    kinds = [fault.kind for fault in grid.faults()]
    assert set(kinds) <= {"large", "across_street"}
    assert kinds.count("across_street") <= 3


MONTH = ("--period", "2026-10")
CLOCK = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def busy(rongcheng, tmp_path_factory):
    """The small synthetic city with synthetic cases."""
    place = tmp_path_factory.mktemp("busy") / "busy.city"
    shutil.copytree(rongcheng, place)
    fine("manage", "sample", place, "--cases", "900")
    return place


def test_the_sample_is_sound_labelled_and_the_same_each_time(busy, own):
    fine("manage", "sample", own, "--cases", "900")
    first, second = ((city / "cases" / LABELS).read_text("utf-8") for city in (busy, own))
    assert first == second
    assert "900 cases" in fine("case", "verify", own)
    digests = [open_casework(city).store.digest() for city in (busy, own)]
    assert digests[0] == digests[1]
    assert "has cases already" in refused(exits.BAD_USE, "manage", "sample", own)


def test_counts_are_those_of_the_labels(busy):
    """Fates were drawn before any event was written; the events say the same."""
    with (busy / "cases" / LABELS).open(encoding="utf-8") as stream:
        fates = {row["case"]: row["fate"].split() for row in csv.DictReader(stream)}
    docket = docket_of(busy, Period(BEGIN, END))
    assert docket.counts["reported"] == len(fates) == 900
    for record in docket.records:
        fate = fates[record.id]
        assert not record.counts["on_the_spot"] or "on_the_spot" in fate
        assert not record.counts["returned"] or "returned" in fate
        assert not record.counts["reworked"] or "reworked" in fate
        handle = record.stages.get("handle")
        if handle is not None and handle.done is not None and not {"returned", "reworked"} & set(fate):
            assert handle.is_late == ("late" in fate), (record.id, fate)
        if record.filed_rightly is not None:
            assert record.filed_rightly == ("filed_wrongly" not in fate)


def test_recurring_places_that_were_laid_out_are_found(busy):
    with (busy / "cases" / LABELS).open(encoding="utf-8") as stream:
        sites = {row["case"]: int(row["site"]) for row in csv.DictReader(stream)}
    docket = docket_of(busy, Period(BEGIN, END))
    ours = {record.id: record for record in docket.records}
    laid: dict[int, int] = {}
    for name, site in sites.items():
        if site and ours[name].refused is None:
            laid[site] = laid.get(site, 0) + 1
    found = {sites[name] for one in docket.recurring for name in one.cases}
    missed = [site for site, count in laid.items() if count >= 6 and site not in found]
    assert not missed
    for one in docket.recurring:
        assert {ours[name].case_class for name in one.cases} == {one.case_class}


def test_rates_groups_and_scores_are_told(busy):
    said = fine("manage", "indicators", busy, *MONTH, language="zh")
    assert "按期处置率" in said
    plain = json.loads(fine("manage", "indicators", busy, *MONTH, "--by", "street", "--json"))
    assert sum(one["counts"]["reported"] for one in plain["by"].values()) == plain["counts"]["reported"] > 100
    rate = plain["rates"]["handled_in_time"]
    assert rate["low"] < rate["value"] == rate["numerator"] / rate["denominator"] < rate["high"]
    assert plain["rates"]["closed_in_time"]["value"] is None
    assert "Parks department" in fine("manage", "indicators", busy, *MONTH, "--by", "body")
    score = fine("manage", "score", busy, *MONTH)
    formula = read_formulas(["china"])["jinniu_city_management"]
    assert f"{formula.score({name: float(one) for name, one in plain['counts'].items()}):.2f}" in score
    places = fine("manage", "recurrence", busy, "--from", "2026-09-01", "--until", "2026-11-20", "--limit", "3")
    assert "no person is told" in places


@pytest.mark.slow
def test_a_day_ends_at_midnight_in_the_city(busy):
    day = json.loads(fine("manage", "indicators", busy, "--period", "2026-10-20", "--json"))
    assert (day["since"], day["until"]) == ("2026-10-20T00:00:00+08:00", "2026-10-21T00:00:00+08:00")
    days = [
        json.loads(fine("manage", "indicators", busy, "--period", f"2026-10-{one:02d}", "--json"))["counts"]["reported"]
        for one in range(19, 26)
    ]
    week = json.loads(
        fine("manage", "indicators", busy, "--from", "2026-10-19", "--until", "2026-10-25", "--json")
    )  # fmt: skip
    assert sum(days) == week["counts"]["reported"] > 0


@pytest.mark.slow
def test_the_report_is_written_in_four_formats_and_two_languages(busy, tmp_path):
    fine("manage", "report", busy, *MONTH, "--format", "html,docx,xlsx,pdf", "--to", tmp_path)
    names = sorted(path.suffix for path in tmp_path.iterdir())
    assert names == sorted([".html", ".docx", ".xlsx", ".pdf"] * 2)
    page = (tmp_path / "city-management-2026-10-01--2026-10-31.en.html").read_text("utf-8")
    assert "daily" not in page
    assert "monthly report" in page
    assert 'id="base"' in page
    before = contents(tmp_path)
    fine("manage", "report", busy, *MONTH, "--format", "html,docx,xlsx,pdf", "--to", tmp_path)
    assert contents(tmp_path) == before


def test_the_report_for_the_public_hides_what_is_few(busy, tmp_path):
    docket = docket_of(busy, period_of("2026-10-20", CLOCK))
    inner, public = (report_material(docket, is_public=one) for one in (False, True))
    assert all(len(one.cluster.cases) >= 3 for one in inner.recurring)
    names, shown = shown_counts(public, "street")
    known = shown[np.isfinite(shown)]
    assert len(known) == 0 or known.min() >= 10
    counts = public_counts(docket.counts, 10)
    assert all(np.isnan(one) or one >= 10 for one in counts.values())
    assert np.isnan(counts["handled_late"])
    page = report_paper(public, "en")
    text = repr(page.parts)
    assert not any(record.id in text for record in docket.records)
    assert names[-1] == "to_handle"
    fine("manage", "report", busy, "--period", "2026-10-20", "--public", "--to", tmp_path)
    assert min(path.name for path in tmp_path.iterdir()).startswith("city-management-2026-10-20-public")


def test_nothing_in_a_report_is_about_a_person(busy):
    """No column of a person, and no name of who signed or reported."""
    docket = docket_of(busy, period_of("2026-10", CLOCK))
    for record in docket.records:
        assert not {"reporter", "requester", "phone", "name", "who"} & set(record.facts)
    text = repr(report_paper(report_material(docket), "zh").parts)
    assert "监督员" not in text


def test_limits_of_cities_are_shown():
    assert "0.5 h" in fine("manage", "limits", "fuzhou") or "0.5" in fine("manage", "limits", "fuzhou")
    said = fine("manage", "limits", "city_b", language="zh")
    assert said.index("停工") < said.index("处罚") < said.index("拆除")
    assert "jiyuan" in fine("manage", "limits")


def test_real_requests_are_tried(tmp_path):
    file = shared("hotline_baltimore311/311_sample.csv")
    said = fine("manage", "requests", file, "--list", "baltimore311", "--to", tmp_path, language="en")
    assert "86.6%" in said
    assert "5,990" in said
    assert "Sent back" not in said  # such a list knows nothing of it
    page = (tmp_path / "baltimore311.zh.html").read_text("utf-8")
    assert "月报" not in page


WRONG = (
    (exits.NO_VERDICT, ("indicators", "{city}", "--period", "2026-10"), "no cases of city management"),
    (
        exits.BAD_USE,
        ("indicators", "{city}", "--period", "2026-10", "--from", "2026-10-20", "--until", "2026-10-21"),
        "a period is",
    ),
    (exits.BAD_USE, ("indicators", "{city}", "--from", "2026-10-20"), "a period is"),
    (exits.BAD_USE, ("indicators", "{city}", "--period", "2026-13"), "neither a day nor a month"),
    (exits.BAD_USE, ("indicators", "{city}", "--period", "october"), "neither a day nor a month"),
    (exits.BAD_USE, ("indicators", "{city}", "--from", "2026-10-02", "--until", "2026-10-01"), "ends after"),
    (exits.BAD_USE, ("limits", "nowhere"), "no such table of limits"),
    (exits.BAD_USE, ("sample", "{city}", "--cases", "0"), "at least one"),
    (exits.BAD_USE, ("requests", "{city}", "--list", "boston"), "no such list"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mistakes_about_cases_end_in_a_message(own, language):
    before = contents(own)
    for code, words, says in WRONG:
        said = refused(code, "manage", *(own if word == "{city}" else word for word in words), language=language)
        assert language == "zh" or says in said, said
        assert language == "en" or any("\u4e00" <= letter <= "\u9fff" for letter in said.splitlines()[1]), said
    assert contents(own) == before


def test_mistakes_about_groups_and_formulas(busy):
    assert "not grouped" in refused(exits.BAD_USE, "manage", "indicators", busy, *MONTH, "--by", "person")
    assert "no such formula" in refused(exits.BAD_USE, "manage", "score", busy, *MONTH, "--formula", "jinniu")
    said = refused(exits.BAD_USE, "manage", "score", busy, *MONTH, "--formula", "jinniu_online_complaints")
    assert "do not give" in said


def test_a_register_of_parts_is_begun_from_covers_and_linked_to_cells(own):
    assert "no register of parts" in refused(exits.NO_VERDICT, "manage", "parts", own)
    assert "no unit grid" in refused(exits.NO_VERDICT, "manage", "parts", own, "--begin")
    grid = kept(own)
    said = fine("manage", "parts", own, "--begin", "--limit", "2")
    assert "Sewage cover" in said
    register = register_of(own)
    covers = rows_of(own, "manhole_cover")
    assert len(register.parts) == len(covers)
    codes = [part.code for part in register.parts]
    assert len(set(codes)) == len(codes)
    assert {part.cell for part in register.parts} <= set(grid.cells.codes)
    assert all(part.code.startswith(part.cell[:6]) for part in register.parts)
    assert {fault.kind for fault in register.faults} == {"no_owner"}
    broken = np.any([covers.numbers(name) == 1 for name in ("missing", "damaged", "shifted")], axis=0)
    assert sum(count for (_, state), count in register.counts().items() if state != "intact") == broken.sum()
    assert "0 parts registered" in fine("manage", "parts", own, "--begin")
    assert [part.code for part in register_of(own).parts] == codes


def test_a_register_from_outside_is_imported_by_its_headings(own, tmp_path):
    """Columns as CJ/T 214 has them, through the connector of tables; the body of the cell answers where no owner is."""
    grid = kept(own)
    point = to_geographic(np.array([grid.cells.shapes[5].centroid], object), grid.crs)[0]
    code = grid.cells.codes[5][:6] + "0118000001"
    place = tmp_path / "managed_part.csv"
    place.write_text(
        "id,code,class,owner,state,longitude,latitude\n"
        f"a,{code},street_lamp,power company,damaged,{point.x:.7f},{point.y:.7f}\n"
        f"b,{code},bench,,intact,{point.x:.7f},{point.y:.7f}\n"
    )
    fine("import", own, place, "--entity", "managed_part", "--datum", "wgs84", "--valid-from", "2026-01-01")
    register = register_of(own)
    assert [part.cell for part in register.parts] == [grid.cells.codes[5]] * 2
    assert list(register.bodies) == ["power company", ""]
    assert [fault.kind for fault in register.faults] == ["duplicate_code", "duplicate_code", "other_class", "no_owner"]


def rows_of(city, entity):
    opened = look_at(city)
    return opened.state(valid=last_day(opened)).rows(entity)


DAY = {"en": "## A day of four people", "zh": "## 四个人的一天"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_day_in_the_documentation_goes_as_written(own, tmp_path, language):
    """Every command of the page is made; the one that is said to be refused is, and the record is sound in the end."""
    page = (Path(__file__).parents[2] / "docs" / language / "city_management.md").read_text("utf-8")
    day = page.split(DAY[language])[1].split("\n## ")[0].replace("\\\n", " ")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a picture")
    put = {"$C": own, "photo.jpg": photo, "reports": tmp_path / "reports"}
    calls = [line.strip() for line in day.splitlines() if line.startswith("    tulou ")]
    for call in calls:
        command, _, remark = call.partition("#")
        words = [put.get(word, word) for word in shlex.split(command)[1:]]
        if "311_sample.csv" in words:
            words[words.index("311_sample.csv")] = shared("hotline_baltimore311/311_sample.csv")
        if remark:
            said = refused(exits.BAD_USE, *words)
            assert "supervision_centre" in said
        else:
            fine(*words, language=language)
    assert len(calls) == 25
    docket = docket_of(own, period_of("2026-11-23", CLOCK))
    (mine,) = [record for record in docket.records if record.id == "C000501"]
    assert (mine.body, mine.counts["returned"], mine.filed_rightly) == ("urban_management", 1, True)
    assert not mine.stages["handle"].is_late
    assert len(list((tmp_path / "reports").glob("*.html"))) == 6


def test_both_pages_have_the_same_commands():
    pages = [
        (Path(__file__).parents[2] / "docs" / one / "city_management.md").read_text("utf-8") for one in ("en", "zh")
    ]
    moves = [
        [line.split("--text")[0].split()[:5] for line in page.splitlines() if line.startswith("    tulou case do")]
        for page in pages
    ]
    assert moves[0] == moves[1]
    for figure in ("2,016", "1,768", "84,624", "86.6", "7,090"):
        assert all(figure in page for page in pages), figure


def test_limits_of_a_city_take_effect_as_a_version_of_the_flow(own, tmp_path):
    """Staged limits become milestones; urgent, working and natural hours are those of the table."""
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "rulebook.yaml").write_text("id: ours\nextends: fujian\n")
    page = ours / "flows" / "city_management.yaml"
    fine("manage", "limits", "city_b", "--to", page, "--from", "2026-06-01")
    flow = read_flows([str(ours)]).versions["city_management"][-1]
    assert flow.version == "city_b-2026-06-01"
    built = flow.classes["illegal_structure"]
    assert built.limits["handling"] == Limit(20, "working_day")
    assert [(one.id, one.limit) for one in built.milestones["handling"]] == [
        ("stop", Limit(4, "working_hour")),
        ("penalty", Limit(7, "working_day")),
    ]
    assert flow.classes["dirty_road"].limits["handling"] == Limit(2, "working_hour")
    assert flow.classes["dirty_water"].limits["handling"] == Limit(15, "working_day")  # the table names it not
    words = ("--rulebook", str(ours))
    fine("case", "open", own, "--class", "dirty_green", "--text", "litter", "--by", "supervision_centre",
         "--date", "2026-11-23T09:00", *words)  # fmt: skip
    assert "dirty_green" in fine("case", "show", own, "C000001", "--json", *words)
    assert "already" in refused(exits.BAD_USE, "manage", "limits", "city_b", "--to", page, "--from", "2026-06-01")
    other = tmp_path / "other.yaml"
    assert "holds from a day" in refused(exits.BAD_USE, "manage", "limits", "jiyuan", "--to", other)
    assert "no limits by class" in refused(
        exits.BAD_USE, "manage", "limits", "fuzhou", "--to", other, "--from", "2026-06-01"
    )
    assert not other.exists()

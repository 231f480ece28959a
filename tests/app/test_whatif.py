"""``tulou whatif`` as a person calls it: on the screen, as JSON, as papers, on a branch, and with every mistake."""

import json
from datetime import date

import numpy as np
import pytest
import shapely

from app.line import contents, fine, refused, tulou
from tulou.app.whatif_demo import example_projects
from tulou.app.wiring import open_city
from tulou.model.geography import to_geographic

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def state(rongcheng):
    return open_city(rongcheng).state(valid=DAY)


@pytest.fixture(scope="module")
def examples(rongcheng, tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    fine("whatif", rongcheng, "--examples", folder)
    return folder


def indicators(*names):
    return [word for name in names for word in ("--indicator", name)]


FEW = indicators("primary_school_walk", "circle_10", "population_density", "health_walk")


def city_line(told, indicator):
    """How the official answer for the whole city moved."""
    (line,) = (
        line for line in told["moves"]
        if (line["indicator"], line["level"], line["variant"]) == (indicator, "city", "")
    )  # fmt: skip
    return line


def written(folder, *features, name="p.geojson"):
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def lonlat(state, x=0.0, y=0.0):
    """Degrees of a place so many metres from the middle of the city's buildings."""
    middle = np.nanmedian(state.rows("building").places, axis=0) + np.array([x, y])
    place = to_geographic(np.array([shapely.Point(middle)], object), state.profile.crs)[0]
    return [place.x, place.y]


def test_closing_a_school_is_told_in_both_languages(rongcheng, examples):
    before = contents(rongcheng)
    said = fine("whatif", rongcheng, "--project", examples / "close-school.geojson", *FEW)
    assert said.startswith("What if: close-school · 榕城（合成） · 2026-01-01 · fujian\n  close Facility ")
    assert "Values that move" in said
    assert "Housing land within 10 minutes of a primary school" in said
    assert "−" in said
    chinese = fine("whatif", rongcheng, "--project", examples / "close-school.geojson", *FEW, language="zh")
    assert chinese.startswith("项目假设推演: close-school")
    assert "数值变化的" in chinese
    assert contents(rongcheng) == before


def test_json_holds_what_the_screen_cannot(rongcheng, examples):
    call = ("whatif", rongcheng, "--project", examples / "close-school.geojson", *FEW, "--json")
    told = json.loads(fine(*call))
    assert fine(*call) == fine(*call, language="zh")
    assert (told["what"], told["format"], told["synthetic"], told["kept"]) == ("whatif", 1, True, None)
    (edit,) = told["project"]["edits"]
    assert (edit["action"], edit["entity"], edit["values"]) == ("close", "facility", {"closed": True})
    assert told["project"]["files"].keys() == {"close-school.geojson"}
    assert told["counts"]["moves"] == len(told["moves"]) > 3
    whole = next(
        line for line in told["moves"] if line["level"] == "city" and line["indicator"] == "primary_school_walk"
    )
    assert whole["change"] == whole["after"]["value"] - whole["before"]["value"] < 0
    assert whole["turn"] == "worse"
    assert told["before"]["check"] != "" != told["after"]["rulebook"]["digest"]


def test_new_homes_bring_people(rongcheng, examples):
    told = json.loads(fine("whatif", rongcheng, "--project", examples / "new-homes.geojson", *FEW, "--json"))
    density = next(
        line for line in told["moves"] if line["indicator"] == "population_density" and line["level"] == "city"
    )
    assert density["change"] > 0
    said = fine("whatif", rongcheng, "--project", examples / "new-homes.geojson", *FEW)
    assert "Change in residents: +" in said


def test_several_files_are_one_project_and_rows_are_capped(rongcheng, examples):
    said = fine(
        "whatif", rongcheng, "--project", examples / "close-school.geojson", "--project",
        examples / "add-clinic.geojson", *FEW, "--top", "1", "--name", "both",
    )  # fmt: skip
    assert said.startswith("What if: both ·")
    assert "2 edits in all" in said
    assert "(1/" in said


def test_a_project_is_kept_on_a_branch_and_the_city_is_as_it_was(own, examples):
    city = open_city(own)
    main, log = city.state(valid=DAY), len(city.log("main"))
    said = fine(
        "whatif", own, "--project", examples / "close-school.geojson", *FEW, "--branch", "方案一", "--who", "planner"
    )
    assert "Kept on branch 方案一 (commit" in said
    commit = city.log("方案一")[-1]
    assert (commit.branch, commit.who, commit.message) == ("方案一", "planner", "close-school")
    assert commit.source.digest
    assert len(city.log("main")) == log
    closed = city.state(valid=DAY, branch="方案一").rows("facility").numbers("closed") == 1.0
    assert closed.sum() == 1
    assert not (main.rows("facility").numbers("closed") == 1.0).any()
    before = contents(own)
    assert "already" in refused(
        3, "whatif", own, "--project", examples / "close-school.geojson", *FEW, "--branch", "方案一"
    )
    assert contents(own) == before


def test_a_branch_checks_as_the_trial_said(own, examples):
    call = ("whatif", own, "--project", examples / "close-school.geojson", *FEW, "--json")
    told = json.loads(fine(*call, "--branch", "kept"))
    assert told["kept"]["branch"] == "kept"
    again = json.loads(
        fine("whatif", own, "--project", examples / "add-clinic.geojson", "--base", "kept", *FEW, "--json")
    )
    after = {(one["indicator"], one["variant"], one["unit"]): one["after"]["value"] for one in told["moves"]}
    for line in again["moves"]:
        key = (line["indicator"], line["variant"], line["unit"])
        if key in after and line["before"]["value"] is not None:
            assert line["before"]["value"] == after[key]
    assert again["before"]["branch"] == "kept"


def test_a_commit_that_dies_leaves_no_branch(own, examples, monkeypatch):
    before = contents(own)

    def full_disk(*_, **__):
        raise OSError(28, "No space left on device", str(own))

    monkeypatch.setattr("tulou.model.store.importing.announce", full_disk)
    monkeypatch.setattr("tulou.model.store.city.announce", full_disk)
    said = tulou("whatif", own, "--project", examples / "close-school.geojson", *FEW, "--branch", "half")
    assert (said.code, "no space is left on the disk" in said.err) == (4, True)
    assert contents(own) == before
    assert "half" not in open_city(own).branches()


@pytest.mark.slow
def test_papers_are_written_beside_the_project_and_twice_the_same(rongcheng, examples, tmp_path):
    call = ("whatif", rongcheng, "--project", examples / "close-school.geojson", *FEW, "--format", "html,docx,xlsx,pdf")
    said = fine(*call, "--to", tmp_path / "a")
    names = {f"whatif-close-school.{language}.{form}" for language in ("zh", "en") for form in
             ("html", "docx", "xlsx", "pdf")}  # fmt: skip
    assert {path.name for path in (tmp_path / "a").iterdir()} == names
    assert said.count("Report: ") == 8
    fine(*call, "--to", tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    page = (tmp_path / "a" / "whatif-close-school.en.html").read_text()
    for text in ("close-school", "Values that move", "Where the project is", "Synthetic data"):
        assert text in page
    chinese = (tmp_path / "a" / "whatif-close-school.zh.html").read_text()
    for text in ("数值变化", "项目位置", "合成数据"):
        assert text in chinese


def test_strict_tells_by_the_exit_code(rongcheng, examples, state, tmp_path):
    harmless = ("whatif", rongcheng, "--project", examples / "add-clinic.geojson", "--strict")
    assert tulou(*harmless, *indicators("population_density")).code == 0
    assert tulou(*harmless, *indicators("health_walk")).code == 2  # No mark of it judges, so nothing does.
    sound = next(
        str(name) for name, broken in zip(
            state.rows("building").ids, state.rows("building").numbers("pipes_broken"), strict=True
        ) if broken == 0.0
    )  # fmt: skip
    worse = {"type": "Feature", "properties": {"action": "change", "id": sound, "pipes_broken": True}, "geometry": None}
    call = ("whatif", rongcheng, "--project", written(tmp_path, worse), *indicators("broken_pipe_homes"))
    assert tulou(*call, "--strict").code == 1
    told = json.loads(fine(*call, "--json"))
    assert sound in {one["id"] for line in told["findings"] for one in line["added"]}
    assert told["fails_anew"]["findings"]


def test_an_earlier_record_is_tried_too(rongcheng, examples):
    said = fine("whatif", rongcheng, "--project", examples / "close-school.geojson", *FEW, "--as-of", "1", "--json")
    assert json.loads(said)["before"]["record"] == 1


@pytest.mark.parametrize(
    ("properties", "english", "chinese"),
    [
        ({"action": "close", "id": "facility-primary_school-99"}, "there is no such object", "城市中没有这个对象"),
        ({"action": "shutt", "id": "x"}, "there is no such action", "没有这个动作"),
        ({"category": "clinc"}, "there is no such category", "没有这个类别"),
        ({"entity": "facilty", "category": "clinic"}, "no such entity", "数据字典"),
        ({"use": "residentail", "floors": 6}, "'use' cannot be this", "“use”不能是这个值"),
        ({"use": "residential", "floors": -2}, "beyond anything that is built", "超出了建筑的可能范围"),
    ],
)
def test_mistakes_are_told_in_both_languages(rongcheng, state, tmp_path, properties, english, chinese):
    box = shapely.box(*lonlat(state), *lonlat(state, 20, 20))
    is_drawn = "use" in properties
    shape = box if is_drawn else shapely.Point(lonlat(state))
    path = written(
        tmp_path, {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
    )
    before = contents(rongcheng)
    said = refused(3, "whatif", rongcheng, "--project", path, "--branch", "never")
    assert english in said
    assert "p.geojson, feature 1" in said
    assert chinese in refused(3, "whatif", rongcheng, "--project", path, language="zh")
    assert contents(rongcheng) == before


def test_a_building_in_the_way_is_named(rongcheng, state, tmp_path):
    standing = state.rows("building").shapes[0]
    corners = [shapely.Point(one) for one in shapely.get_coordinates(standing.convex_hull)]
    moved = to_geographic(np.array([shapely.MultiPoint(corners).convex_hull], object), state.profile.crs)[0]
    path = written(
        tmp_path,
        {
            "type": "Feature",
            "properties": {"use": "office", "floors": 3},
            "geometry": json.loads(shapely.to_geojson(moved)),
        },
    )
    said = refused(3, "whatif", rongcheng, "--project", path)
    assert str(state.rows("building").ids[0]) in said
    assert "action: remove" in said


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        ((), 4, "name a project file"),
        (("--project", "nowhere.geojson"), 3, "there is no such file"),
        (("--project", "GOOD", "--branch", "main"), 3, "stands already"),
        (("--project", "GOOD", "--branch", "../out"), 4, "not a name for a branch"),
        (("--project", "GOOD", "--base", "nowhere"), 4, "the city has no such branch"),
        (("--project", "GOOD", "--as-of", "999"), 4, "there is no such commit"),
        (("--project", "GOOD", "--at", "tomorrow"), 4, "this is not a day"),
        (("--project", "GOOD", "--format", "odt"), 4, "no report is written in this format"),
        (("--project", "GOOD", "--rulebook", "chna"), 4, "there is no such rulebook"),
        (("--project", "GOOD", "--indicator", "circle_11"), 4, "there is no such indicator"),
        (("--project", "GOOD", "--datum", "wgs85"), 3, "wgs84"),
    ],
)
def test_wrong_calls_are_refused_and_nothing_is_left(rongcheng, examples, words, code, text):
    before = contents(rongcheng)
    asked = [examples / "close-school.geojson" if word == "GOOD" else word for word in words]
    assert text in refused(code, "whatif", rongcheng, *asked)
    assert contents(rongcheng) == before


def test_what_is_done_already_changes_nothing(own, examples):
    fine("whatif", own, "--project", examples / "close-school.geojson", *FEW, "--branch", "one")
    said = refused(3, "whatif", own, "--project", examples / "close-school.geojson", *FEW, "--base", "one")
    assert "the project changes nothing in this city" in said


def test_examples_are_chosen_by_rule(state, examples):
    found = example_projects(state)
    assert set(found) == {"close-school", "add-clinic", "cut-street", "new-homes"}
    for name, document in found.items():
        assert json.loads((examples / f"{name}.geojson").read_text()) == document
        assert document == example_projects(state)[name]
    assert found["close-school"]["features"][0]["properties"]["action"] == "close"


def test_a_city_without_anything_gets_no_examples(tmp_path):
    import pyarrow as pa

    from tulou.app.wiring import new_city
    from tulou.kernel.facts import Facts

    city = new_city(tmp_path / "bare.city", "Bare")
    point = shapely.to_wkb(shapely.Point(119.3, 26.0))
    city.commit([Facts("heritage", pa.table({"id": ["h"], "geometry": [point]}))], who="t", message="m", valid_from=DAY)
    assert "no example can be made" in refused(2, "whatif", tmp_path / "bare.city", "--examples", tmp_path / "x")
    assert not (tmp_path / "x").exists()

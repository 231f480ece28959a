"""The rulebook editor over HTTP: fields and text in step, faults with their line, effects, and what is kept where."""

import io
import zipfile

import pytest
from fastapi.testclient import TestClient
from tests.app.api.conftest import HOSTS

from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.cli import main
from tulou.app.own_rulebooks import Own
from tulou.app.wiring import RULEBOOKS, measures, open_city, rulebook
from tulou.indicators.rulebook.read import read_rulebook
from tulou.indicators.rulebook.revised import revised, worked_otherwise
from tulou.indicators.rulebook.written import definition_text, parameters_of, parameters_text
from tulou.kernel.errors import BadInput

USUAL = "international+fujian"
PARK = f"/rulebooks/{USUAL}/indicators/park_cover_city"
MARK = ["park_cover_code", "least", "values"]


@pytest.fixture
def served(folder, tmp_path):
    """The city, with a folder for rulebooks of one's own."""
    with TestClient(application({"small": folder}, HOSTS, tmp_path / "own"), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def park(served):
    return served.get(PARK, params={"lang": "en"}).json()


@pytest.fixture
def post(served):
    def asked(path, status=200, **body):
        answer = served.post(f"/cities/small/drafts{path}", json=body, params={"lang": "en"})
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def texts_of(told):
    return {"definition": told["definition"], "parameters": told["parameters"]}


def changed(part, at, value=None, how="set"):
    return {"part": part, "at": at, "value": value, "how": how}


def raised(post, park, value=90.0):
    """The park's texts with another mark."""
    change = changed("parameters", [*MARK, 0, "value"], value)
    return post("/reading", **texts_of(park), changes=[change])


def test_every_indicator_reads_back_from_its_own_text():
    book = rulebook(RULEBOOKS)
    for one in book.indicators.values():
        both = definition_text(book, one), parameters_text(book, parameters_of(book, one))
        made, read, faults = revised(book, *both)
        assert faults.found == []
        assert read.variants == one.variants
        assert worked_otherwise(book, made) == ()


def test_rulebooks_and_their_indicators_by_dimension(served):
    listed = served.get("/rulebooks").json()
    assert listed["usual"] == USUAL
    assert {"china", "fujian", "international"} <= {one["name"] for one in listed["rulebooks"]}
    found = served.get(f"/rulebooks/{USUAL}/indicators", params={"lang": "en"}).json()
    order = [one["id"] for one in found["dimensions"]]
    places = [order.index(one["dimension"]) for one in found["indicators"]]
    assert places == sorted(places)
    one = next(one for one in found["indicators"] if one["id"] == "park_cover_city")
    assert one["marks"][0]["clause"] == "GB 55014-2021 2.1.3"
    assert (one["marks"][0]["value"], one["marks"][0]["since"]) == (80.0, "2022-01-01")


def test_an_indicator_is_opened_as_text_and_as_fields_that_agree(park):
    lines = park["definition"].splitlines()
    for field in park["fields"]:
        if field["value"] is not None:
            assert field["name"].split(".")[0] in lines[field["line"] - 1], field
    mark = park["marks"][0]
    assert (mark["name"], mark["role"], mark["unit"]) == ("park_cover_code.least", "mark", "percent")
    assert mark["values"][0]["numbers"][0]["value"] == 80
    assert "80" in park["parameters"].splitlines()[mark["values"][0]["lines"]["value"] - 1]
    assert any("park" in line.lower() for line in park["formula"][0]["lines"])


def test_a_field_changes_the_text_and_nothing_else_of_it(post, park):
    told = post("/reading", **texts_of(park), changes=[changed("definition", ["title", "en"], "Parks: near")])
    before, after = park["definition"].splitlines(), told["definition"].splitlines()
    different = [row for row, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert len(different) == 1
    assert next(one["value"] for one in told["fields"] if one["name"] == "title.en") == "Parks: near"
    assert told["parameters"] == park["parameters"]
    assert told["faults"] == []
    assert told["otherwise"] == [], "words alone turn nothing"


def test_another_mark_is_told_with_all_it_touches(post, park):
    told = raised(post, park)
    assert "park_cover_city" in told["otherwise"]
    assert told["marks"][0]["values"][0]["numbers"][0]["value"] == 90
    later = {"since": "2027-01-01", "value": 95, "clause": "第 3 条", "evidence": "sourced"}
    told = post("/reading", **texts_of(park), changes=[changed("parameters", MARK, later, "add")])
    assert told["faults"] == []
    assert [one["since"] for one in told["marks"][0]["values"]] == ["2022-01-01", "2027-01-01"]


@pytest.mark.parametrize(
    ("part", "at", "value", "what", "guess"),
    [
        ("definition", ["dimension"], "ecological_livabel", "no such dimension", "ecological_livable"),
        ("definition", ["level"], "comunity", "not a value of 'level'", "community"),
        ("definition", ["unit"], "furlong", "unit", None),
        ("definition", ["clauses"], ["999"], "no such clause", None),
        ("definition", ["judge", "mark"], "park_cover_code.lest", "no such parameter", "park_cover_code.least"),
        ("parameters", [*MARK, 0, "value"], "high", "must be a number", None),
        ("parameters", [*MARK, 0, "since"], "yesterday", "must be a day", None),
        ("parameters", [*MARK, 0, "evidence"], "sourcd", "not a value of 'evidence'", "sourced"),
        ("parameters", [*MARK, 0, "colour"], "red", "unknown key", None),
    ],
)
def test_faults_are_told_where_they_stand(post, park, part, at, value, what, guess):
    told = post("/reading", **texts_of(park), changes=[changed(part, at, value)])
    fault = next(one for one in told["faults"] if what in one["what"])
    assert fault["part"] == part
    assert str(at[-1]) in told[part].splitlines()[fault["line"] - 1] or part == "parameters"
    assert guess is None or fault["guess"] == guess


HOSTILE = [
    "!!python/object/apply:os.system ['true']",
    "a: &a [x]\nb: *a",
    "id: " + "[" * 5_000,
    "{" * 3_000,
    "a: \x00",
    "- one\n- two",
    "id: x\nid: y",
    "? [a, b]\n: c",
    "<<: {a: 1}",
    "--- {a: b}\n--- {c: d}",
    "a: 0x" + "f" * 4_000,
    "a: " + "9" * 10_000,
    "id: .inf\nunit: 1",
    "id: ../../etc\nlevel: city",
    "\ud800",
    "",
    "id:\n  - {a: b}\ntitle: 3\nunit: [m]\nchecks: {a: b}\nof: 7\nmeasure: {}\n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_faults_and_never_break_the_server(served, park, text):
    for part in ("definition", "parameters"):
        body = {**texts_of(park), part: text}
        answer = served.post("/cities/small/drafts/reading", content=_json(body), headers=JSON)
        assert answer.status_code in {200, 400, 422}, answer.text
        assert answer.status_code != 200 or answer.json()["faults"] or (part, text) == ("parameters", "")
        saved = served.post("/cities/small/drafts", content=_json({**body, "name": "mine", "who": "me"}), headers=JSON)
        assert saved.status_code in {400, 422}, "what has faults is not kept"
    assert served.get("/cities/small/drafts").json() == {"drafts": []}


JSON = {"Content-Type": "application/json"}


def _json(body):
    import json

    return json.dumps(body).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"part": "definition", "at": ["title", "zh", "deep"], "value": 1},
        {"part": "definition", "at": [5], "value": 1},
        {"part": "definition", "at": ["title"], "value": "x" * 9_000},
        {"part": "definition", "at": ["title"], "how": "add", "value": 1},
        {"part": "other", "at": ["title"]},
        {"part": "definition", "at": []},
    ],
)
def test_changes_that_are_none(post, park, change):
    post("/reading", 400, **texts_of(park), changes=[change])


def test_a_draft_is_kept_alone_and_only_what_differs(served, post, park, tmp_path):
    told = raised(post, park)
    kept = post("", 201, **texts_of(told), name="mine", who=" Li ", title="我的", why="test")
    assert (kept["extends"], kept["indicators"], kept["parameters"]) == (
        ["international", "fujian"], [], ["park_cover_code.least"],
    )  # fmt: skip
    assert kept["signed"][0]["who"] == "Li"
    place = tmp_path / "own" / "mine"
    assert sorted(path.name for path in place.rglob("*.yaml")) == [
        "park_cover_code.least.yaml", "rulebook.yaml", "signed.yaml",
    ]  # fmt: skip
    whole = read_rulebook(place, measures())
    assert whole.parameters["park_cover_code.least"].values.versions[0].value.number == 90
    assert whole.indicators.keys() == rulebook(RULEBOOKS).indicators.keys()
    again = served.get("/cities/small/drafts/mine/indicators/park_cover_city").json()
    assert again["marks"][0]["values"][0]["numbers"][0]["value"] == 90
    assert again["state"] == kept["state"]
    assert served.get("/cities/small/drafts/mine").json() == kept
    assert served.get("/cities/small/drafts").json() == {"drafts": [kept]}


def test_an_indicator_written_otherwise_replaces_that_of_below(served, post, park, tmp_path):
    told = post("/reading", **texts_of(park), changes=[changed("definition", ["title", "en"], "Near a park")])
    kept = post("", 201, **texts_of(told), name="mine", who="me")
    assert (kept["indicators"], kept["parameters"]) == (["park_cover_city"], [])
    text = (tmp_path / "own" / "mine" / "indicators" / "park_cover_city.yaml").read_text("utf-8")
    assert "replaces: china" in text
    whole = Own(tmp_path / "own" / "mine").whole()
    assert whole.indicators["park_cover_city"].title.en == "Near a park"
    opened = served.get("/cities/small/drafts/mine/indicators/park_cover_city").json()
    back = post("/reading", **texts_of(opened), draft="mine", changes=[changed("definition", ["title", "en"], "Parks")])
    assert back["faults"] == []
    second = post("", 201, **texts_of(back), name="mine", who="other", state=kept["state"])
    assert [one["who"] for one in second["signed"]] == ["me", "other"]
    assert second["state"] != kept["state"]


def test_what_is_written_back_as_below_leaves_the_draft(post, park, tmp_path):
    told = raised(post, park)
    post("", 201, **texts_of(told), name="mine", who="me")
    kept = post("", 201, **texts_of(park), name="mine", who="me")
    assert kept["parameters"] == []
    assert not list((tmp_path / "own" / "mine").rglob("park_cover_code*"))


def test_two_who_write_at_once_are_told(post, park):
    told = raised(post, park)
    first = post("", 201, **texts_of(told), name="mine", who="me")
    post("", 201, **texts_of(raised(post, park, 91)), name="mine", who="you", state=first["state"])
    late = post("", 409, **texts_of(raised(post, park, 92)), name="mine", who="me", state=first["state"])
    assert late["type"] == "/problems/conflict"


@pytest.mark.parametrize(
    "name", ["../out", "a/b", "china", "fujian", "Mine", "", "a" * 41, ".", "con fig", "..", "x\n"]
)
def test_no_place_but_ones_own_is_written(served, post, park, name, tmp_path):
    told = raised(post, park)
    post("", 400, **texts_of(told), name=name, who="me")
    assert not (tmp_path / "own").exists() or not list((tmp_path / "own").iterdir())
    assert not (tmp_path / "out").exists()


def test_a_link_laid_in_the_folder_is_not_followed(post, park, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "own" / "mine").symlink_to(tmp_path / "elsewhere")
    told = raised(post, park)
    post("", 400, **texts_of(told), name="mine", who="me")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_written_otherwise_and_nobody_who_answers(post, park):
    post("", 400, **texts_of(park), name="mine", who="me")
    post("", 400, **texts_of(raised(post, park)), name="mine", who="  ")


def test_an_unreadable_draft_hides_no_other(served, post, park, tmp_path):
    post("", 201, **texts_of(raised(post, park)), name="mine", who="me")
    broken = tmp_path / "own" / "broken"
    broken.mkdir()
    (broken / "rulebook.yaml").write_text("id: [", "utf-8")
    listed = served.get("/cities/small/drafts").json()["drafts"]
    assert [one["name"] for one in listed] == ["broken", "mine"]
    assert listed[0]["faults"]
    assert served.get("/cities/small/drafts/broken").status_code == 422


def test_a_draft_is_downloaded_as_it_lies(served, post, park):
    post("", 201, **texts_of(raised(post, park)), name="mine", who="me")
    answer = served.get("/cities/small/drafts/mine/file")
    assert answer.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "mine/rulebook.yaml" in names
    assert answer.content == served.get("/cities/small/drafts/mine/file").content


@pytest.mark.parametrize(
    "path",
    [
        "/rulebooks/none/indicators", "/rulebooks/..%2Fchina/indicators", f"{PARK}x", "/cities/small/drafts/none",
        "/cities/small/drafts/none/file", "/cities/none/drafts", "/cities/small/drafts/..%2F..",
    ],
)  # fmt: skip
def test_what_is_not_there(served, path):
    assert served.get(path).status_code == 404


def test_a_replacement_must_name_whose_place_it_takes(tmp_path):
    book = rulebook(RULEBOOKS)
    text = definition_text(book, book.indicators["park_cover_city"])
    for line, what in (("", "two indicators have one id"), ("replaces: fujian\n", "no indicator of this id")):
        place = tmp_path / ("a" + line[:8].strip())
        (place / "indicators").mkdir(parents=True)
        front = "id: a\ntitle: {zh: a, en: a}\nversion: '1'\nextends: [international, fujian]\n"
        (place / "rulebook.yaml").write_text(front, "utf-8")
        (place / "indicators" / "p.yaml").write_text(text + line, "utf-8")
        with pytest.raises(BadInput, match=what):
            read_rulebook(place, measures())


@pytest.mark.slow
def test_the_effect_of_a_draft_is_that_of_the_two_rules(served, post, folder):
    checking.run(open_city(folder), checking.Question())
    opened = served.get(f"/rulebooks/{USUAL}/indicators/road_density").json()
    change = changed("definition", ["known"], 10)
    told = post("/reading", **texts_of(opened), changes=[change])
    assert told["otherwise"] == ["road_density"]
    job = post("/effect", 201, **texts_of(told))
    state = _ended(served, job["jobID"])
    assert state["status"] == "successful", state
    outcome = served.get(f"/cities/small/jobs/{job['jobID']}/results").json()["outcome"]
    assert outcome["indicators"] == ["road_density"]
    assert outcome["before"]["day"] == outcome["after"]["day"]
    assert outcome["before"]["record"] == outcome["after"]["record"]
    assert outcome["checks"]
    same = post("/effect", 201, **texts_of(opened))
    assert _ended(served, same["jobID"])["status"] == "failed", "nothing is worked out otherwise"


def _ended(served, job):
    import time

    for _ in range(600):
        state = served.get(f"/cities/small/jobs/{job}", params={"lang": "en"}).json()
        if state["status"] not in {"accepted", "running"}:
            return state
        time.sleep(0.2)
    raise AssertionError(state)


def test_serving_refuses_the_folder_of_our_own_rulebooks(folder, capsys):
    from tulou.indicators.rulebook.folders import known_rulebooks

    home = known_rulebooks()["china"].parent
    with pytest.raises(SystemExit):
        main(["serve", str(folder), "--rulebooks", str(home)])
    assert "--rulebooks" in capsys.readouterr().err

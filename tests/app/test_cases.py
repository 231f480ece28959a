"""Cases from the command line, as a day goes: a report, a finding, a pause, a check, the proof; and what is refused."""

import json
import shlex
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.line import contents, fine, refused
from tulou.app import exits
from tulou.app.casework import open_casework
from tulou.indicators.evaluate.keeping import kept_checks, load_findings
from tulou.operations.cases.domain.moving import STILL_FAILS
from tulou.operations.cases.handlers.acting import Act

MORNING = "2026-03-02T09:00"
FLOW = """\
id: city_management
versions:
  - {version: ours, like: "2026.11", from: 2026-06-01, source: order 7}
"""


@pytest.fixture
def photo(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"a picture")
    return file


@pytest.fixture
def handled(own, photo):
    """A city with one case of city management that is being handled since Monday morning."""
    fine("case", "open", own, "--class", "dirty_road", "--text", "mud", "--by", "supervision_centre", "--date", MORNING)
    step(own, "accept", "supervision_centre")
    step(own, "file", "supervision_centre")
    step(own, "dispatch", "command_centre", "--to", "urban_management")
    step(own, "take_up", "urban_management")
    return own


def step(city, move, by, *more, at=MORNING, name="C000001", language="en"):
    return fine("case", "do", city, name, move, "--by", by, "--date", at, *more, language=language)


def shown(city, name="C000001", *more):
    return json.loads(fine("case", "show", city, name, "--json", *more))


def findings(city):
    return load_findings(kept_checks(city)[-1])["finding"].to_pylist()


def test_nothing_is_made_by_looking(own):
    before = contents(own)
    assert "0 cases" in fine("case", "list", own)
    assert "城市管理案件" in fine("case", "flows", own, language="zh")
    assert "0 cases, 0 events" in fine("case", "verify", own)
    refused(exits.BAD_USE, "case", "show", own, "C000001")
    refused(exits.BAD_USE, "case", "open", own, "--text", "x", "--by", "nobody")
    assert contents(own) == before


def test_a_case_is_shown_with_what_is_due_and_what_may_be_done(handled):
    found = shown(handled)
    assert (found["state"], found["body"], found["class"]) == ("handling", "urban_management", "dirty_road")
    (due,) = found["deadlines"]
    assert datetime.fromisoformat(due["due"]).isoformat() == "2026-03-02T08:30:00+00:00"
    for language, words in (
        ("en", ("Being handled", "What may be done now", "feed_back: handler (urban_management)")),
        (
            "zh",
            ("处置中", "现在可以", "5 工作时", "2026-03-02 16:30"),
        ),
    ):
        out = fine("case", "show", handled, "C000001", "--at", "2026-03-02T12:00", language=language)
        assert all(word in out for word in words), out


def test_what_is_overdue_is_listed_at_any_moment(handled):
    assert "0 cases, 0 overdue" in fine("case", "list", handled, "--overdue", "--at", "2026-03-02T16:00")
    assert "1 cases, 1 overdue" in fine("case", "list", handled, "--overdue", "--at", "2026-03-02T16:31")
    assert "超期" in fine("case", "list", handled, "--at", "2026-03-02", language="zh")
    assert "Dispatcher" in fine("case", "show", handled, "C000001", "--at", "2026-03-02T16:31")
    assert "Overseer" in fine("case", "show", handled, "C000001", "--at", "2026-03-05")
    assert "0 cases" in fine("case", "list", handled, "--body", "housing")
    assert len(json.loads(fine("case", "list", handled, "--json", "--flow", "city_management"))) == 1


def test_a_case_goes_to_its_end_and_its_evidence_is_kept(handled, photo):
    step(handled, "suspend", "command_centre", "--text", "台风", at="2026-03-02T10:00")
    assert "the clock stands" in fine("case", "show", handled, "C000001")
    step(handled, "resume", "command_centre", at="2026-03-02T11:00")
    step(handled, "feed_back", "urban_management", "--evidence", photo, at="2026-03-02T17:00")
    step(handled, "ask_to_check", "supervision_centre", at="2026-03-02T17:00")
    step(handled, "pass", "supervision_centre", "--evidence", photo, at="2026-03-02T17:10")
    out = step(handled, "close", "supervision_centre", at="2026-03-02T17:20", language="zh")
    assert "已结案" in out
    assert "0 cases" in fine("case", "list", handled)
    assert "1 cases" in fine("case", "list", handled, "--all")
    (copy,) = (handled / "cases" / "files").iterdir()
    assert copy.read_bytes() == photo.read_bytes()
    assert "each allowed" in fine("case", "verify", handled)
    copy.write_bytes(b"another picture")
    assert "changed after it was given" in refused(exits.BAD_INPUT, "case", "verify", handled)
    copy.unlink()
    assert "证据" in refused(exits.BAD_INPUT, "case", "verify", handled, language="zh")


def test_a_finding_opens_a_case_with_its_chain_and_closes_only_when_it_passes(own, photo, tmp_path):
    name = findings(own)[0]
    fine("case", "open", own, "--finding", name, "--by", "check_office", "--date", MORNING)
    assert name in fine("case", "show", own, "C000001")
    work = open_casework(own)
    (event,) = work.store.events()
    assert event.facts["finding"]["chain_of"]["indicator"] == name.split("/")[0]
    assert event.facts["finding"]["check"] == work.check.id
    assert work.verdict(event.facts["finding"])["says"] == "fail"
    owner = event.facts["body"]
    step(own, "assign", "check_office", "--to", owner, "--within", "15 working_day")
    step(own, "take_up", owner, "--text", "works in May", "--who", "Chen")
    step(own, "report", owner, "--evidence", photo)
    step(own, "pass", "check_office", "--evidence", photo)
    said = refused(exits.BAD_USE, "case", "do", own, "C000001", "close", "--by", "check_office", language="zh")
    assert "须在以后的体检中指标再次达标方可销号" in said
    assert shown(own)["state"] == "rechecked"
    step(own, "close_unmet", "city_government", "--text", "no room", "--who", "Zhou")
    assert shown(own)["state"] == "closed_unmet"


def test_what_a_later_check_says_of_a_finding(own):
    """Gone and passing, gone and unknown, gone while the city as a whole still fails."""
    work = open_casework(own)
    there = set(work.findings)
    results = {key: row["status"] for key, row in work._results.items() if key[2] is not None}
    seen = set()
    for (indicator, level, unit), status in results.items():
        finding = {"finding": f"{indicator}/{unit}", "indicator": indicator, "level": level, "unit": unit}
        if finding["finding"] in there:
            continue
        said = work.verdict({**finding, "check": "earlier", "day": "2020-01-01"})["says"]
        seen.add((status, said))
        assert work.verdict({**finding, "check": work.check.id, "day": str(work.check.day)})["says"] == "unknown"
        assert work.verdict({**finding, "check": "later", "day": "2999-01-01"})["says"] == "unknown"
    assert ("pass", "pass") in seen
    assert {said for status, said in seen if status in {"not assessed", "reference"}} == {"unknown"}
    assert {said for status, said in seen if status == "fail"} <= {"unknown"}


def test_running_cases_move_to_a_citys_own_version_with_proof(handled, tmp_path):
    ours = tmp_path / "ours"
    (ours / "flows").mkdir(parents=True)
    (ours / "rulebook.yaml").write_text(
        "id: ours\nextends: fujian\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n", "utf-8"
    )
    (ours / "flows" / "own.yaml").write_text(FLOW, "utf-8")
    words = ("case", "migrate", handled, "--flow", "city_management", "--rulebook", ours, "--by", "management_office")
    assert "no such version" in refused(exits.BAD_USE, *words, "--to", "our", "--text", "order 7")
    assert "reason" in refused(exits.BAD_USE, *words, "--to", "ours")
    assert "OLD=NEW" in refused(exits.BAD_USE, *words, "--to", "ours", "--map", "x", "--text", "order 7")
    out = fine(*words, "--to", "ours", "--text", "order 7")
    assert "1 cases moved to ours" in out
    assert "handling 1" in out
    assert shown(handled)["version"] == "ours"
    assert "移至新版本" in fine("case", "show", handled, "C000001", language="zh")


def test_a_changed_record_is_found_from_the_command_line(handled):
    digest = fine("case", "verify", handled).split()[-1]
    assert fine("case", "verify", handled, "--noted", digest)
    refused(exits.BAD_INPUT, "case", "verify", handled, "--noted", "0" * 12)
    refused(exits.BAD_USE, "case", "verify", handled, "--noted", "0")
    connection = sqlite3.connect(handled / "cases" / "cases.sqlite")
    connection.execute("DROP TRIGGER event_stays")
    connection.execute("UPDATE event SET line = replace(line, 'mud', 'nothing')")
    connection.commit()
    connection.close()
    assert "记录链已断" in refused(exits.BAD_INPUT, "case", "verify", handled, language="zh")


BAD = (
    (("open", "--text", "x", "--by", "supervision_centre", "--class", "dirty_roads"), "dirty_road"),
    (("open", "--text", " ", "--by", "supervision_centre"), "what it is about"),
    (("open", "--text", "x", "--by", "supervision_centre", "--flow", "hidden_danger"), "opened from a finding"),
    (("open", "--finding", "road_densty/city", "--by", "check_office"), "no such finding"),
    (("open", "--finding", "x", "--place", "y", "--by", "check_office"), "says this itself"),
    (("open", "--text", "x", "--by", "supervision_centre", "--date", "yesterday"), "not a moment"),
    (("open", "--text", "x", "--by", "supervision_centre", "--date", "2026-03-02"), "not a moment"),
    (("open", "--text", "x", "--by", "supervision_centre", "--date", "2999-01-01T09:00"), "has not happened yet"),
    (("open", "--text", "x", "--by", "supervision_centre", "--date", "2020-01-01T09:00"), "no version of this flow"),
    (("do", "C000001", "take_up", "--by", "housing"), "may not be done now"),
    (("do", "C000001", "suspend", "--by", "command_centre"), "needs more"),
    (("do", "C000001", "grant_extension", "--by", "command_centre", "--more", "-1"), "above zero"),
    (("do", "C000001", "suspend", "--by", "command_centre", "--within", "soon", "--text", "x"), "not a time limit"),
    (("do", "C000001", "feed_back", "--by", "urban_management", "--evidence", "none.jpg"), "there is none here"),
    (("show", "C1"), "no such case"),
    (("show", "C000001", "--at", "2026-03-01"), "opened later"),
    (("list", "--at", "someday"), "not a moment"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mistakes_end_in_a_message_and_change_nothing(handled, language):
    before = contents(handled)
    for (command, *rest), says in BAD:
        code = exits.BAD_INPUT if "none.jpg" in rest else exits.BAD_USE
        said = refused(code, "case", command, handled, *rest, language=language)
        assert language == "zh" or says in said, said
        first = said.splitlines()[1]
        assert language == "en" or any("\u4e00" <= letter <= "\u9fff" for letter in first), said
    assert contents(handled) == before


def test_python_does_what_the_command_line_does(own):
    work = open_casework(own)
    moment = work.moment(MORNING, "--date")
    from tulou.operations.cases.handlers.acting import Subject

    event = work.open_matter("city_management", Subject("mud", "dirty_road"), Act("supervision_centre", moment))
    work.do(event.case, "accept", Act("supervision_centre", moment))
    (standing,) = work.standings(moment + timedelta(hours=2))
    assert (standing.case.state, standing.is_overdue) == ("accepted", True)
    assert work.verify() == (2, 1, work.store.digest())
    shutil.rmtree(own / "cases")


DAY = {"en": "## A day on the synthetic city", "zh": "## 合成城市的一天"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_day_in_the_documentation_goes_as_written(own, photo, language, tmp_path):
    """Every command of the page is made; the one that is said to be refused is, and the record is sound in the end."""
    page = (Path(__file__).parents[2] / "docs" / language / "cases.md").read_text("utf-8")
    day = page.split(DAY[language])[1].split("\n## ")[0].replace("\\\n", " ")
    calls = [line.strip() for line in day.splitlines() if line.startswith("    tulou case")]
    for call in calls:
        command, _, remark = call.partition("#")
        words = [
            {"$C": own, "photo.jpg": photo, "folder:calls": f"folder:{tmp_path / 'calls'}"}.get(word, word)
            for word in shlex.split(command)[1:]
        ]
        if remark:
            assert STILL_FAILS in refused(exits.BAD_USE, *words)
        else:
            fine(*words, language=language)
    assert len(calls) == 20
    assert shown(own, "C000002")["state"] == "rechecked"

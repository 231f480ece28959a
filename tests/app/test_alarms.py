"""Alarms from the command line: a day of the duty officer as the page has it, and what is refused."""

import json
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from app.line import fine, refused
from tulou.app import exits
from tulou.app.alarm_cases import open_cases
from tulou.app.alarm_intake import read_file
from tulou.app.alarms import open_alarms
from tulou.app.casework import open_casework
from tulou.app.cli.alarm import tell_missed
from tulou.kernel.clock import now

LEAK = "methane_space/gas-01/20261127T010400"
CALM = """rules:
  - id: sewer_level
    title: {zh: 水位, en: Level}
    system: drainage
    quantity: fill_ratio
    unit: "1"
    side: above
    versions:
      - from: 2026-01-01
        silence: {after: 1 h}
        levels: {III: {on: 1.5, off: 1.4, source: test, evidence: memory}}
        source: test
        evidence: memory
"""
SPAN = ("--from", "2026-11-27", "--until", "2026-11-28")
AHEAD = ("--from", "2030-01-01", "--until", "2030-01-02")
WHY = ("--text", "x", "--by", "gas")
DAY = {"en": "## A day of the duty officer", "zh": "## 值班员的一天"}


@pytest.fixture
def morning(own, tmp_path):
    """A city with the made morning, its cases opened."""
    fine("alarm", "example", tmp_path / "day")
    fine("alarm", "import", own, tmp_path / "day" / "sensors.json")
    fine("alarm", "import", own, tmp_path / "day" / "morning.csv", "--cases")
    return own


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_day_in_the_documentation_goes_as_written(own, tmp_path, language):
    """Every command of the page is made; the verification while the alarm stands is refused, the later one is not."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a picture")
    page = (Path(__file__).parents[2] / "docs" / language / "alarms.md").read_text("utf-8")
    day = page.split(DAY[language])[1].split("\n## ")[0]
    calls = [line.strip() for line in day.splitlines() if line.startswith("    tulou ")]
    for call in calls:
        command, _, remark = call.partition("    #")
        words = [{"$C": own, "photo.jpg": photo}.get(word, word) for word in shlex.split(command)[1:]]
        words = [tmp_path / word if str(word).startswith("day") else word for word in words]
        if remark:
            assert "passes again" in refused(exits.BAD_USE, *words)
        else:
            fine(*words, language=language)
    assert len(calls) == 22
    work = open_casework(own)
    case = work.cases(work.clock())["C000002"]
    assert (case.state, case.finding["alarm"], case.finding["risk"]) == ("closed", LEAK, "risk-7")
    assert (own / "alarms" / "reports" / f"alarms-2026-11-27.{language}.html").is_file()


def test_each_alarm_has_its_case_with_the_body_on_duty_and_the_limit_of_its_level(morning):
    found = json.loads(fine("alarm", "list", morning, "--all", "--json"))
    assert {one["id"]: (one["gravest"], one["case"]) for one in found}[LEAK] == ("I", "C000002")
    assert len({one["case"] for one in found}) == len(found) == 5
    shown = json.loads(fine("case", "show", morning, "C000002", "--json"))
    assert (shown["body"], shown["class"]) == ("gas", "level_1")
    again = fine("alarm", "import", morning, morning.parent / "day" / "morning.csv", "--cases")
    assert "0 alarms changed" in again
    assert "duplicate" in again or "late" in again


def test_a_replay_says_the_same_and_other_rules_are_compared(morning, tmp_path):
    assert "5 alarms, each alike" in fine("alarm", "replay", morning)
    folder = tmp_path / "calm"
    (folder / "alarms").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        'id: calm\ntitle: {zh: 宽, en: Calm}\nversion: "1"\nsource: test\nextends: china\n'
    )
    (folder / "alarms" / "rules.yaml").write_text(CALM, "utf-8")
    told = fine("alarm", "replay", morning, "--rules", folder)
    assert "4 alarms (now 5)" in told
    assert "- sewer_level/sewer-03" in told


def test_what_the_watch_remembers_is_worked_out_again_when_it_is_gone(morning):
    kept = [vars(one) for one in open_alarms(morning).alarms]
    (morning / "alarms" / "watch.npz").write_bytes(b"broken")
    assert [vars(one) for one in open_alarms(morning).alarms] == kept
    (morning / "alarms" / "watch.npz").unlink()
    assert [vars(one) for one in open_alarms(morning).alarms] == kept


def test_alarms_of_a_process_that_died_before_it_opened_their_cases_are_known(own, tmp_path):
    """Even those that were raised and ended meanwhile."""
    fine("alarm", "example", tmp_path / "day")
    fine("alarm", "import", own, tmp_path / "day" / "sensors.json")
    work = open_alarms(own)
    with work.store:
        work.bring_in(read_file(tmp_path / "day" / "morning.csv"))  # and dies: nothing is put away
    again = open_alarms(own)
    ended = [one.id for one in again.missed if not one.is_standing]
    assert ended == ["sewer_level/sewer-03/20261127T014700"]
    assert len(again.missed) == 5
    tell_missed(again, open_cases(again))
    assert len(open_casework(own).cases(again.clock())) == 5
    again.keep()
    assert open_alarms(own).missed == []


def test_sensors_go_out_and_come_back(morning, tmp_path):
    fine("alarm", "sensors", morning, "--to", tmp_path / "out.json")
    before = open_alarms(morning).placed
    fine("alarm", "import", morning, tmp_path / "out.json")
    after = open_alarms(morning).placed
    assert [one.sensor for one in after] == [one.sensor for one in before]
    assert all(
        abs(a - b) < 1e-6
        for one, other in zip(after, before, strict=True)
        for a, b in zip(one.point, other.point, strict=True)
    )


def test_a_report_is_of_the_month_that_lasts_when_no_period_is_named(morning, tmp_path):
    month = f"{now() + timedelta(hours=8):%Y-%m}"
    words = ("--format", "html", "--language", "en", "--to", tmp_path / "out")
    fine("alarm", "report", morning, *words)
    fine("alarm", "report", morning, "--period", "2026-11-27", *words)
    names = sorted(one.name for one in (tmp_path / "out").iterdir())
    assert names == sorted({f"alarms-{month}.en.html", "alarms-2026-11-27.en.html"})
    assert "methane" in (tmp_path / "out" / "alarms-2026-11-27.en.html").read_text("utf-8").lower()


def test_series_keep_their_gaps(morning):
    window = ("--from", "2026-11-27T09:00", "--until", "2026-11-27T13:00", "--every", "1 h", "--json")
    rows = json.loads(fine("alarm", "series", morning, "water-05", *window))
    assert [one["count"] for one in rows] == [30, 0, 0, 0]
    assert (rows[0]["mean"], rows[1]["mean"]) == (38.0, None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "C", "methane"), "no such alarm"),
        (("series", "C", "gas-9", *SPAN), "did you mean: gas-0"),
        (("series", "C", "gas-01", "--from", "x", "--until", "2026-11-28"), "not a moment"),
        (("series", "C", "gas-01", *SPAN, "--every", "5"), "length of time"),
        (("series", "C", "gas-01", "--from", "2026-11-28", "--until", "2026-11-27"), "end after they start"),
        (("maintain", "C", "gas-9", *AHEAD, *WHY), "no such sensor or asset"),
        (("maintain", "C", "gas-01", "--from", "2020-01-01", "--until", "2020-01-02", *WHY), "after it is declared"),
        (("maintain", "C", "gas-01", *AHEAD, "--by", "gas"), "has a reason"),
        (("report", "C", "--period", "2026-13"), "neither a day nor a month"),
        (("serve", "C", "--broker", "here"), "address of a broker"),
        (("import", "C", "none.csv"), "no such file"),
        (("rules", "--rule", "methan_space"), "did you mean: methane_space"),
    ],
)
def test_what_cannot_be_done_is_said(morning, words, told):
    assert told in refused(exits.BAD_USE, "alarm", *(morning if word == "C" else word for word in words))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sensor,time\na,2026-11-27T09:00:00Z\n", "sensor, time and value"),
        ("sensor,time,value\na,2026-11-27T09:00:00,1\n", "has its zone"),
        ("sensor,time,value\na,soon,1\n", "time"),
        ("sensor,time,value\na,2026-11-27T09:00:00Z,much\n", "not a number"),
    ],
)
def test_a_table_that_is_none_of_readings_is_refused_and_nothing_is_kept(morning, tmp_path, text, told):
    (tmp_path / "bad.csv").write_text(text)
    before = len(list(open_alarms(morning).store.frames()))
    assert told in refused(exits.BAD_INPUT, "alarm", "import", morning, tmp_path / "bad.csv")
    assert len(list(open_alarms(morning).store.frames())) == before

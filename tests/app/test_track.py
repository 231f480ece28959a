"""The tracker from the command line, as a person uses it: from a blank page to a verified commitment."""

import json
import re
from datetime import date, timedelta

import pytest

from app.line import contents, fine, refused
from tulou.app import exits
from tulou.app.tracking import open_tracker
from tulou.app.tracking_sample import SYNTHETIC, track_rongcheng

PAGE = """\
bodies:
  housing: {kind: department, title: {zh: 市住建局, en: Housing bureau}}
  audit: {kind: department, title: {zh: 市审计局, en: Audit office}}
commitments:
  "9.7": {lead: [housing], due: 2027-06-30}
  "11.8":
    lead: [housing]
    milestones: [{id: plan, title: {zh: 方案, en: Plan}, due: 2027-01-31}]
"""
TODAY = date.today()  # noqa: DTZ011  (the day of the one who types)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def bare(own):
    """A city whose tracker nobody has used."""
    return own


@pytest.fixture
def set_up(own, tmp_path):
    """The same, with a page of settings."""
    page = tmp_path / "page.yaml"
    page.write_text(PAGE, "utf-8")
    fine("track", "set", own, page, "--by", "audit", "--date", "2026-02-02")
    return own


@pytest.fixture
def paper(tmp_path):
    file = tmp_path / "inspection.pdf"
    file.write_bytes(b"%PDF scan")
    return file


def entry(out):
    return int(re.search(r"Entry (\d+) is on record", out).group(1))


def state(city, name, *more):
    return json.loads(fine("track", "show", city, name, "--json", *more))


def test_the_overview_counts_every_commitment_of_every_clause(rongcheng):
    for language, words in (("en", ("Not started", "Overdue")), ("zh", ("未启动", "逾期"))):
        out = fine("track", rongcheng, language=language)
        assert all(word in out for word in words)
        assert "165" in out.splitlines()[-2]
        assert "tulou track page" in out.splitlines()[-1]
    found = json.loads(fine("track", rongcheng, "--json"))
    assert [group["key"] for group in found["groups"]] == [str(number) for number in range(1, 27)]
    assert found["all"]["total"] == 165 == found["all"]["states"]["not_started"]
    assert not (rongcheng / "tracker").exists()


def test_bodies_that_the_opinion_names_lead_what_it_says_they_lead(rongcheng):
    found = {one["key"]: one for one in json.loads(fine("track", "--by", "body", "--json", rongcheng))["groups"]}
    assert found["housing_department"]["commitments"] == ["26.8"]
    assert found["development_reform"]["commitments"] == ["26.8"]
    assert found[""]["total"] > 100
    (unset,) = json.loads(fine("track", rongcheng, "--by", "due", "--json"))["groups"]
    assert (unset["key"], unset["total"]) == ("", 165)


def test_what_the_policy_leaves_open_is_said_and_never_guessed(rongcheng):
    found = state(rongcheng, "9.7")
    assert (found["lead"], found["due"], found["target"]) == ([], None, None)
    assert found["set_by"] == {"needs": "rulebook"}
    assert {"lead", "due", "target"} <= set(found["lacks"])
    out = fine("track", "show", rongcheng, "9.7")
    assert out.count("not set by the document; the province or city sets it") >= 3
    assert "文件未规定" in fine("track", "show", rongcheng, "9.7", language="zh")
    assert state(rongcheng, "15.5")["target"]["value"] == 100
    assert state(rongcheng, "6.2")["rhythm"] == "regular"


def test_from_a_page_to_verified(set_up, paper):
    found = state(set_up, "9.7")
    assert (found["lead"], found["due"], found["set_by"]["lead"]) == (["housing"], "2027-06-30", "city")
    first = entry(fine("track", "report", set_up, "9.7", "--by", "housing", "--text", "begun", "--date", YESTERDAY))
    assert state(set_up, "9.7")["state"] == "on_track"
    kinds = state(set_up, "9.7")["lacking"]
    for kind in kinds[:-1]:
        fine("track", "evidence", set_up, "9.7", paper, "--kind", kind, "--source", "office", "--by", "housing")
    out = fine("track", "evidence", set_up, "9.7", paper, "--source", "office", "--by", "housing")
    assert entry(out) == first + len(kinds)
    fine("track", "report", set_up, "9.7", "--by", "housing", "--state", "done", "--text", "all done")
    assert state(set_up, "9.7")["state"] == "done"
    fine("track", "confirm", set_up, "9.7", "--by", "audit", "--text", "we looked", "--who", "Office 3")
    now = state(set_up, "9.7")
    assert now["state"] == "verified"
    assert {item["sha256"] for item in now["evidence"]} == {item["sha256"] for item in now["evidence"][:1]}
    kept = list((set_up / "tracker" / "files").iterdir())
    assert [one.read_bytes() for one in kept] == [paper.read_bytes()]
    assert kept[0].name == now["evidence"][0]["sha256"] + ".pdf"
    assert "Verified" in fine("track", "show", set_up, "9.7")
    assert "已核实" in fine("track", "show", set_up, "9.7", language="zh")
    assert state(set_up, "9.7", "--as-of", str(first))["state"] == "on_track"
    assert state(set_up, "9.7", "--at", str(YESTERDAY))["state"] == "on_track"
    assert state(set_up, "9.7", "--as-of", "1")["state"] == "not_started"
    assert state(set_up, "9.7", "--as-of", "0")["lead"] == []


def test_milestones(set_up):
    fine("track", "report", set_up, "11.8", "--by", "housing", "--milestone", "plan", "--text", "approved")
    assert state(set_up, "11.8")["reached"] == {"plan": str(TODAY)}
    assert "reached" in fine("track", "show", set_up, "11.8")
    message = refused(exits.BAD_USE, "track", "report", set_up, "11.8", "--by", "housing", "--milestone", "plna",
                      "--text", "x")  # fmt: skip
    assert "did you mean: plan" in message
    refused(exits.BAD_USE, "track", "report", set_up, "11.8", "--by", "housing", "--milestone", "plan", "--state",
            "done", "--text", "x")  # fmt: skip


def test_a_day_that_is_put_off_stays_visible(set_up, tmp_path):
    later = tmp_path / "later.yaml"
    later.write_text(PAGE.replace("2027-06-30", "2027-12-31"), "utf-8")
    out = fine("track", "set", set_up, later, "--by", "audit")
    assert "9.7  due: 2027-06-30 → 2027-12-31" in out
    moved = [one for one in state(set_up, "9.7")["moved"] if one["field"] == "due"]
    assert [one["is_later"] for one in moved] == [False, True]
    assert "2027-06-30 → 2027-12-31" in fine("track", "show", set_up, "9.7")
    assert state(set_up, "9.7", "--as-of", "1")["due"] == "2027-06-30"
    assert "nothing that was not set" in refused(exits.BAD_USE, "track", "set", set_up, later, "--by", "audit")
    message = refused(exits.BAD_USE, "track", "set", set_up, later, "--by", "audit", "--date", "2026-01-30")
    assert "nothing that was not set" in message


def test_the_blank_page_sets_nothing_and_can_be_filled(bare, tmp_path):
    page = tmp_path / "tracking.yaml"
    fine("track", "page", bare, "--to", page)
    refused(exits.BAD_INPUT, "track", "page", bare, "--to", page)
    refused(exits.BAD_USE, "track", "set", bare, page, "--by", "cities")
    text = page.read_text("utf-8")
    assert all(f'"{clause}.1"' in text for clause in range(1, 27))
    filled, times = re.subn(
        r'("9\.7":[^\n]*\n    lead:)[^\n]*\n    supporting:\n    due:', r"\1 [cities]\n    due: 2027-01-01", text
    )
    assert times == 1
    page.write_text(filled, "utf-8")
    fine("track", "set", bare, page, "--by", "cities")
    assert state(bare, "9.7")["due"] == "2027-01-01"
    again = tmp_path / "again.yaml"
    fine("track", "page", bare, "--to", again)
    assert again.read_text("utf-8") == page.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("commitments: {'9.77': {due: 2027-01-01}}", "did you mean: 9.7", 1),
        ("commitments:\n  '9.7': {due: soon}", "must be a day", 2),
        ("commitments:\n  '9.7': {due: 2020-01-01}", "before the policy itself", 2),
        ("commitments:\n  '9.7': {lead: [nobody]}", "there is no such body", 2),
        ("commitments:\n  '9.7': {needs: []}", "done always needs evidence", 2),
        ("commitments:\n  '9.7': {needs: [opinion]}", "no such kind of evidence", 2),
        ("commitments:\n  '15.5': {target: {value: 1, indicator: sewer_cover}}", "the policy itself sets this", 2),
        ("commitments:\n  '26.8': {lead: [cities]}", "the policy itself sets this", 2),
        ("commitments:\n  '9.7': {target: {says: {zh: 一, en: a}, value: 3}}", "names its indicator", 2),
        ("commitments:\n  '9.7': {target: {says: {zh: 一, en: a}, value: 1.0e+999, indicator: sewer_cover}}",
         "finite", 2),
        ("commitments:\n  '9.7': {target: {value: 3, indicator: sewer_cover}}", "needs both languages", 2),
        ("commitments:\n  '9.7': {due: 2027-01-01, milestones: [{id: a, title: {zh: 一, en: a}, due: 2028-01-01}]}",
         "not due after", 2),
        ("commitments:\n  '9.7': {milestones: [{id: a, title: {zh: 一, en: a}}, {id: a, title: {zh: 一, en: a}}]}",
         "one id", 2),
        ("bodies:\n  province: {kind: company, title: {zh: 一, en: a}}", "taken by an earlier page", 2),
        ("bodies:\n  mine: hello", "must be a mapping", 2),
        ("bodies:\n  mine: {kind: club, title: {zh: 一, en: a}}", "not a value of 'kind'", 2),
        ("general: {}", "unknown key", 1),
        ("baseline: last-year", "there is no such check", 0),
        ("commitments: [1]", "must be a mapping", 1),
        ("commitments: {'9.7': {due: ", "not YAML", 0),
        ("- a", "the top must be a mapping", 1),
    ],
)  # fmt: skip
def test_a_page_with_a_fault_is_refused_with_its_line(bare, tmp_path, text, says, line):
    page = tmp_path / "mine.yaml"
    page.write_text(text, "utf-8")
    message = refused(exits.BAD_INPUT, "track", "set", bare, page, "--by", "cities")
    assert says in message
    assert f"mine.yaml:{line}:" in message or not line
    assert not (bare / "tracker").exists()


def test_a_page_adds_to_what_the_policy_says_and_never_takes_from_it(bare, tmp_path):
    page = tmp_path / "mine.yaml"
    page.write_text(
        "evidence: {photos: {zh: 照片, en: Photos}}\n"
        "commitments:\n"
        "  '26.8': {supporting: [cities]}\n"
        "  '25.4': {target: {indicator: digital_building_files, value: 90}, needs: [photos]}\n",
        "utf-8",
    )
    fine("track", "set", bare, page, "--by", "cities")
    assert state(bare, "26.8")["supporting"] == ["departments", "cities"]
    assert state(bare, "26.8")["lead"] == ["housing_department", "development_reform"]
    found = state(bare, "25.4")
    assert found["target"]["value"] == 90
    assert found["target"]["says"]["en"] == "The same datum is asked for once at most"
    assert found["lacking"] == ["photos"]


def test_a_page_that_no_longer_loads_can_be_mended(set_up, tmp_path):
    from tulou.operations.tracker.domain.events import Draft

    journal = open_tracker(set_up).journal
    old = PAGE + "  '9.6': {target: {says: {zh: 一, en: a}, indicator: an_indicator_of_old, value: 1}}\n"
    journal.append(lambda _events: Draft("setting", "", "audit", TODAY, "", {"page": old}))
    message = refused(exits.BAD_INPUT, "track", set_up)
    assert "tracker/tracking.yaml:9: there is no such indicator" in message
    fine("track", "verify", set_up)
    page = tmp_path / "page2.yaml"
    fine("track", "page", set_up, "--to", page)
    assert page.read_text("utf-8") == old
    page.write_text(PAGE.replace("2027-06-30", "2027-07-31"), "utf-8")
    fine("track", "set", set_up, page, "--by", "audit")
    assert state(set_up, "9.7")["due"] == "2027-07-31"
    assert [one["field"] for one in state(set_up, "9.7")["moved"]] == ["lead", "due", "due"]


def test_a_page_keeps_what_entries_refer_to(set_up, tmp_path):
    fine("track", "report", set_up, "11.8", "--by", "housing", "--milestone", "plan", "--text", "approved")
    short = tmp_path / "short.yaml"
    for old, new, says in (
        ("  housing: {kind: department, title: {zh: 市住建局, en: Housing bureau}}\n", "", "a body that made entries"),
        ("id: plan", "id: plan2", "a milestone that was reached"),
    ):
        short.write_text(PAGE.replace(old, new).replace("[housing]", "[cities]"), "utf-8")
        assert says in refused(exits.BAD_USE, "track", "set", set_up, short, "--by", "audit")


def test_mistakes_are_told_and_leave_nothing_behind(set_up, paper, tmp_path):
    before = contents(set_up)
    empty, huge, folder = tmp_path / "empty.pdf", tmp_path / "huge.pdf", tmp_path / "folder"
    empty.touch()
    folder.mkdir()
    with huge.open("wb") as stream:
        stream.truncate(3 * 1024**3)
    wrong = [
        (exits.BAD_USE, "did you mean: 9.7", "report", "9.71", "--by", "housing", "--text", "x"),
        (exits.BAD_USE, "did you mean: housing", "report", "9.7", "--by", "hausing", "--text", "x"),
        (exits.BAD_USE, "a report says what", "report", "9.7", "--by", "housing"),
        (exits.BAD_USE, "not happened yet", "report", "9.7", "--by", "housing", "--text", "x", "--date", TOMORROW),
        (exits.BAD_USE, "this is not a day", "report", "9.7", "--by", "housing", "--text", "x", "--date", "soon"),
        (exits.BAD_USE, "only a second party verifies", "report", "9.7", "--by", "housing", "--text", "x", "--state",
         "verified"),
        (exits.NO_VERDICT, "done needs evidence", "report", "9.7", "--by", "housing", "--text", "x", "--state", "done"),
        (exits.BAD_USE, "--by", "report", "9.7", "--text", "x"),
        (exits.BAD_INPUT, "there is none here", "evidence", "9.7", tmp_path / "no.pdf", "--by", "housing", "--source",
         "o", "--kind", "closure_record"),
        (exits.BAD_INPUT, "something in it", "evidence", "9.7", empty, "--by", "housing", "--source", "o", "--kind",
         "closure_record"),
        (exits.BAD_INPUT, "two gigabytes", "evidence", "9.7", huge, "--by", "housing", "--source", "o", "--kind",
         "closure_record"),
        (exits.BAD_INPUT, "there is none here", "evidence", "9.7", folder, "--by", "housing", "--source", "o", "--kind",
         "closure_record"),
        (exits.BAD_USE, "where it comes from", "evidence", "9.7", paper, "--by", "housing", "--kind", "closure_record"),
        (exits.BAD_USE, "did you mean: closure_record", "evidence", "9.7", paper, "--by", "housing", "--source", "o",
         "--kind", "closure_recrd"),
        (exits.BAD_USE, "several kinds", "evidence", "9.7", paper, "--by", "housing", "--source", "o"),
        (exits.BAD_USE, "only what is reported as done", "confirm", "9.7", "--by", "audit", "--text", "x"),
        (exits.BAD_USE, "no such entry", "withdraw", "9.7", "1", "--by", "audit", "--text", "x"),
        (exits.BAD_USE, "no such matter", "answer", "7", "--by", "audit", "--text", "x"),
        (exits.BAD_USE, "does not ask to take this upward", "send", "--under", "9.7", "--by", "audit", "--text", "x"),
    ]  # fmt: skip
    for code, says, command, *words in wrong:
        for language in ("en", "zh"):
            message = refused(code, "track", command, set_up, *words, language=language)
            assert says in message or language == "zh", (command, words, message)
    assert contents(set_up) == before


def test_refusals_are_translated(set_up):
    message = refused(exits.BAD_USE, "track", "report", set_up, "9.71", "--by", "housing", "--text", "x", language="zh")
    assert "没有这项承诺" in message
    message = refused(exits.BAD_USE, "track", "nowhere", language="zh")
    assert "既没有这个命令，也没有这座城市" in message


def test_words_that_are_no_command(rongcheng, tmp_path):
    assert "did you mean: verify" in refused(exits.BAD_USE, "track", "verfy", rongcheng)
    assert "nor such a city" in refused(exits.BAD_USE, "track", tmp_path / "nothing")
    refused(exits.BAD_INPUT, "track", tmp_path)
    refused(exits.BAD_USE, "track", rongcheng, "--by", "person")
    refused(exits.BAD_USE, "track", rongcheng, "--as-of", "99")
    refused(exits.BAD_USE, "track", rongcheng, "--as-of", "soon")
    refused(exits.BAD_USE, "track", rongcheng, "--at", "soon")


def test_nobody_confirms_its_own_report(set_up, paper):
    for kind in state(set_up, "9.7")["lacking"]:
        fine("track", "evidence", set_up, "9.7", paper, "--kind", kind, "--source", "office", "--by", "audit")
    fine("track", "report", set_up, "9.7", "--by", "cities", "--state", "done", "--text", "done")
    for body, says in (("housing", "leads or supports"), ("audit", "gave evidence"), ("cities", "reported")):
        assert says in refused(exits.BAD_USE, "track", "confirm", set_up, "9.7", "--by", body, "--text", "x")
    fine("track", "confirm", set_up, "9.7", "--by", "province", "--text", "no", "--refuse")
    assert state(set_up, "9.7")["state"] == "on_track"


def test_matters_go_upward_and_come_back(set_up):
    duties = json.loads(fine("track", "upward", set_up, "--json"))["matters"]
    assert [(one["stage"], one["under"], one["sentences"]) for one in duties] == [
        ("duty", "7.1", [1]), ("duty", "20.2", [2]), ("duty", "26.9", [9]),
    ]  # fmt: skip
    number = entry(fine("track", "send", set_up, "--by", "housing", "--about", "9.7", "--text", "大事"))
    first = json.loads(fine("track", "upward", set_up, "--json"))["matters"][0]
    assert (first["stage"], first["about"], first["since"]) == ("waiting", "9.7", str(TODAY))
    assert first["to"] == ["provincial_party_committee", "provincial_government"]
    for language, words in (("zh", "第八部分第9句"), ("en", "closing section (八), sentence 9")):
        assert words in fine("track", "upward", set_up, language=language)
    assert "another body" in refused(exits.BAD_USE, "track", "answer", set_up, number, "--by", "audit", "--text", "x")
    fine("track", "answer", set_up, number, "--by", "provincial_government", "--text", "go on")
    assert json.loads(fine("track", "upward", set_up, "--json"))["matters"][-1]["answer"] == "go on"


def test_what_is_overdue_is_offered_as_a_matter_of_weight(set_up):
    found = json.loads(fine("track", "upward", set_up, "--json", "--at", "2027-07-01"))["matters"][0]
    assert (found["stage"], found["about"], found["since"]) == ("candidate", "9.7", "2027-06-30")
    out = fine("track", set_up, "--at", "2027-06-15")
    assert "due soon: 2027-06-30  9.7" in out
    assert "past its day: 2027-06-30  9.7" in fine("track", set_up, "--at", "2027-07-01")


def test_tampering_is_named(set_up, paper):
    for kind in state(set_up, "9.7")["lacking"]:
        fine("track", "evidence", set_up, "9.7", paper, "--kind", kind, "--source", "office", "--by", "housing")
    assert "one chain" in fine("track", "verify", set_up)
    noted = json.loads(fine("track", "verify", set_up, "--json"))["digest"]
    assert "相连无误" in fine("track", "verify", set_up, "--noted", noted[:12], language="zh")
    (copy,) = (set_up / "tracker" / "files").iterdir()
    copy.write_bytes(b"other")
    message = refused(exits.BAD_INPUT, "track", "verify", set_up)
    assert message.count("the copy of this evidence was changed") == 2
    copy.unlink()
    assert "the copy of this evidence is gone" in refused(exits.BAD_INPUT, "track", "verify", set_up)
    copy.write_bytes(paper.read_bytes())
    journal = set_up / "tracker" / "events.jsonl"
    whole = journal.read_text("utf-8")
    journal.write_text("".join(whole.splitlines(keepends=True)[:-1]), "utf-8")
    assert "one chain" in fine("track", "verify", set_up)
    assert "cut off" in refused(exits.BAD_INPUT, "track", "verify", set_up, "--noted", noted)
    assert "too few letters" in refused(exits.BAD_USE, "track", "verify", set_up, "--noted", noted[:4])
    journal.write_text(whole.replace("office", "Office"), "utf-8")
    message = refused(exits.BAD_INPUT, "track", "verify", set_up, language="zh")
    assert "tracker/events.jsonl:2: 记录链断裂：这一条写入后被改动" in message
    refused(exits.BAD_INPUT, "track", set_up)


def test_the_sample_tells_one_of_each_and_says_that_it_is_made_up(own):
    tracker = track_rongcheng(own)
    first = (own / "tracker" / "events.jsonl").read_bytes()
    seen = tracker.seen(date(2026, 11, 20))
    states = {name: one.state for name, one in seen.standings.items() if one.state != "not_started"}
    assert states == {"6.1": "verified", "6.2": "delayed", "9.6": "on_track", "11.2": "delayed", "14.1": "on_track",
                      "16.1": "on_track"}  # fmt: skip
    assert [one.stage for one in _upgoing(seen)][:1] == ["waiting"]
    spoken = [event for event in seen.events if event.kind != "setting"]
    assert all(SYNTHETIC in json.dumps(dict(event.facts), ensure_ascii=False) for event in spoken)
    from tulou.kernel.errors import BadUse

    with pytest.raises(BadUse, match="holds entries already"):
        track_rongcheng(own)
    (own / "tracker" / "events.jsonl").unlink()
    track_rongcheng(own)
    assert (own / "tracker" / "events.jsonl").read_bytes() == first
    assert "one chain" in fine("track", "verify", own)


def test_every_past_moment_is_seen_again_as_it_was_seen_then(own):
    from tulou.app import tracking_sample

    seen_then = []
    tracker = open_tracker(own)
    track_rongcheng(own)
    number = len(tracker.journal.events())
    lines = tracker.journal.path.read_bytes().splitlines(keepends=True)
    for upto in range(number + 1):
        tracker.journal.path.write_bytes(b"".join(lines[:upto]))
        seen_then.append(tracker.seen(date(2026, 12, 31)))
    for upto, then in enumerate(seen_then):
        again = tracker.seen(date(2026, 12, 31), str(upto))
        assert (again.agenda, again.standings) == (then.agenda, then.standings), upto
    by_moment = tracker.seen(date(2026, 12, 31), "2026-06-19")
    assert by_moment.standings == seen_then[5].standings
    assert tracking_sample.SYNTHETIC in by_moment.events[-1].facts["source"]


def test_the_screen_says_what_the_data_say(own):
    track_rongcheng(own)
    day = ("--at", "2026-11-20")
    data = json.loads(fine("track", own, "--json", *day))
    assert [one["why"] for one in data["pressing"]] == ["overdue", "overdue", "soon"]
    for language, past in (("en", "past its day"), ("zh", "已过时限")):
        out = fine("track", own, *day, language=language)
        assert out.count(past) == data["all"]["overdue"] == 2
        total = out.splitlines()[-5].split()
        assert total[1] == str(data["all"]["total"])
        shown = fine("track", "show", own, "6.2", *day, language=language)
        found = state(own, "6.2", *day)
        assert all(str(one["entry"]) in shown for one in found["history"])
        assert all(one["facts"].get("note", "") in shown for one in found["history"])
    assert fine("track", own, "--by", "body", *day).count("synthetic") >= 5


def test_no_sample_beside_a_real_city(tmp_path):
    from tulou.kernel.errors import BadUse

    fine("init", tmp_path / "real")
    with pytest.raises(BadUse, match="only for a synthetic city"):
        track_rongcheng(tmp_path / "real")
    assert not (tmp_path / "real" / "tracker").exists()


def test_pages_are_written(own, tmp_path):
    track_rongcheng(own)
    out = fine("track", "publish", own, "--by", "due", "--format", "html,xlsx", "--to", tmp_path / "p")
    names = ["tracker-due.en.html", "tracker-due.en.xlsx", "tracker-due.zh.html", "tracker-due.zh.xlsx"]
    assert sorted(line.rsplit("/", 1)[-1] for line in out.splitlines()) == names
    page = (tmp_path / "p" / "tracker-due.zh.html").read_text("utf-8")
    digest = open_tracker(own).journal.events()[-1].digest
    assert digest[:12] in page
    assert "合成" in page
    refused(exits.BAD_USE, "track", "publish", own, "--format", "odt")


def _upgoing(seen):
    from tulou.operations.tracker.domain.upward import upgoing

    return upgoing(seen.agenda, seen.standings)


def test_done_looks_at_the_check_of_its_day(own):
    tracker = open_tracker(own)
    (check,) = tracker.checks
    day = date.fromisoformat(check[:10])
    now = tracker.latest("sewer_cover")
    assert now is not None
    assert tracker.latest("sewer_cover", day) == now
    assert tracker.latest("sewer_cover", day - timedelta(days=1)) is None
    assert tracker.latest("no_such", day) is None


@pytest.mark.slow
def test_progress_counts_only_what_the_city_changed(tmp_path):
    from tulou.app.demonstration import make_two_years

    place = tmp_path / "years.city"
    make_two_years(place, buildings=150)
    tracker = track_rongcheng(place)
    found = state(place, "16.1")["progress"]
    parts = found["parts"]
    assert found["now"] - found["baseline"] == pytest.approx(sum(parts.values()))
    assert parts["correction"] != 0
    assert found["restated_baseline"] == pytest.approx(found["now"] - parts["city"])
    assert found["share"] == pytest.approx(parts["city"] / (0 - found["restated_baseline"]))
    bare = (found["now"] - found["baseline"]) / (0 - found["baseline"])
    assert parts["city"] / (found["now"] - found["baseline"]) < bare
    assert tracker.progress(tracker.agenda)["9.6"].reason == "no_target"

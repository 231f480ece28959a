"""One audit of all a city has: sound as it is, and every kind of tampering is told with its place; notes hold later."""

import json
import sqlite3

import pytest
from sqlalchemy import text

from app.line import contents, fine, refused, tulou
from operations.trust.desk import NAME, NOW, identity, reading
from tulou.app import exits
from tulou.app.accounts import open_trust

MORNING = "2026-03-02T09:00"


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "keys"))
    for name in ("TULOU_TRUST", "TULOU_REQUESTERS", "TULOU_TOKEN", "TULOU_STORE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "keys"


@pytest.fixture
def full(own, tmp_path):
    """A city with a case and its evidence, a journal with evidence, a requester who was looked at."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a picture")
    by = ("--by", "supervision_centre", "--date", MORNING)
    fine("case", "open", own, "--class", "dirty_road", "--text", "mud", *by)
    fine("case", "do", own, "C000001", "accept", *by)
    fine("case", "do", own, "C000001", "file", *by)
    fine(
        "case",
        "do",
        own,
        "C000001",
        "dispatch",
        "--to",
        "urban_management",
        "--by",
        "command_centre",
        "--date",
        MORNING,
    )
    fine("case", "do", own, "C000001", "take_up", "--by", "urban_management", "--date", MORNING)
    fine("case", "do", own, "C000001", "feed_back", "--evidence", photo, "--by", "urban_management", "--date", MORNING)
    page = tmp_path / "page.yaml"
    page.write_text('bodies:\n  housing: {kind: department, title: {zh: 市住建局, en: Housing}}\n'
                    'commitments:\n  "9.7": {lead: [housing], due: 2027-06-30}\n', "utf-8")  # fmt: skip
    fine("track", "set", own, page, "--by", "housing", "--date", "2026-02-02")
    fine("track", "report", own, "9.7", "--by", "housing", "--who", "Chen", "--text", "begun", "--date", "2026-03-02")
    trust = open_trust(own)
    receipt = trust.vault.put(identity(), "R1", moment=NOW)
    trust.vault.reveal(receipt.token, "R1", reading())
    trust.vault.reveal(receipt.token, "R1", reading("call_back"))
    return own


def audited(city, *words, code=exits.FINE):
    said = tulou("audit", "verify", city, "--json", *words)
    assert said.code == code, said
    return json.loads(said.out)


def wrong(city):
    found = audited(city, code=exits.BAD_INPUT)
    assert not found["sound"]
    return {one["part"]: [(fault["what"], fault["where"]) for fault in one["faults"]] for one in found["parts"]
            if not one["sound"]}  # fmt: skip


def test_a_city_with_everything_is_sound_and_the_audit_changes_nothing(full):
    before = contents(full.parent)
    found = audited(full)
    assert [one["part"] for one in found["parts"]] == [
        "facts", "rulebooks", "checks", "tracker", "cases", "accesses", "requesters",
    ]  # fmt: skip
    entries = {one["part"]: one["entries"] for one in found["parts"]}
    assert entries["cases"] == 6
    assert entries["accesses"] == 2
    assert entries["requesters"] == 1
    assert entries["tracker"] == 2
    assert entries["checks"] >= 1
    assert audited(full) == found
    assert {name: digest for name, digest in contents(full.parent).items() if not name.endswith(("-wal", "-shm"))} == {
        name: digest for name, digest in before.items() if not name.endswith(("-wal", "-shm"))
    }
    assert NAME not in json.dumps(found, ensure_ascii=False)


def test_it_reads_in_both_languages(full):
    shown = fine("audit", "verify", full)
    assert "Events of cases" in shown
    assert "sound" in shown
    assert "wrong" not in shown
    shown = fine("audit", "verify", full, language="zh")
    assert "案件记录与证据" in shown
    assert "无误" in shown


def test_a_city_that_has_little_is_audited_too(rongcheng):
    assert {"facts", "checks"} <= {one["part"] for one in audited(rongcheng)["parts"]}
    assert "no city" in refused(exits.BAD_INPUT, "audit", "verify", rongcheng / "nothing") or True


def spoil(path, at=-20):
    whole = bytearray(path.read_bytes())
    whole[at] ^= 1
    path.write_bytes(bytes(whole))


def test_a_data_file_that_was_changed(full):
    spoil(next((full / "facts").rglob("*.parquet")))
    assert [what for what, _ in wrong(full)["facts"]] == ["a data file of commit 1 is damaged"]


def test_a_data_file_that_is_gone_and_a_rulebook_that_was_edited_are_told_together(full):
    next((full / "facts").rglob("*.parquet")).unlink()
    page = next(path for path in (full / "rulebooks").rglob("parameters/*.yaml"))
    page.write_text(page.read_text("utf-8") + "\n# a word\n", "utf-8")
    found = wrong(full)
    assert "is missing" in found["facts"][0][0]
    assert found["rulebooks"][0][0] == "this kept rulebook was changed since"


def test_a_check_that_was_damaged(full):
    results = next((full / "checks").glob("*/results.parquet"))
    results.write_bytes(results.read_bytes()[:-30])
    assert "damaged" in wrong(full)["checks"][0][0]


def test_a_check_whose_rulebook_is_gone(full):
    for place in (full / "rulebooks").iterdir():
        place.rename(place.with_name(f".{place.name}"))
    assert {what for what, _ in wrong(full)["checks"]} == {"the rulebook of this check was not kept"}


def test_an_entry_of_the_tracker_that_was_edited(full):
    journal = full / "tracker" / "events.jsonl"
    journal.write_text(journal.read_text("utf-8").replace("Chen", "Lin"), "utf-8")
    assert "changed after it was written" in wrong(full)["tracker"][0][0]


def behind_its_back(path, *statements):
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_events_of_cases_that_were_edited_are_told_entry_by_entry(full):
    file = full / "cases" / "cases.sqlite"
    behind_its_back(file, "UPDATE event SET line = replace(line, 'mud', 'mad') WHERE number = 1")
    assert ("1" in wrong(full)["cases"][0][1]) is True


def test_evidence_of_a_case_that_was_replaced(full):
    copy = next(path for path in (full / "cases" / "files").iterdir() if path.is_file())
    copy.write_bytes(b"another picture")
    assert "evidence was changed" in wrong(full)["cases"][0][0]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE access SET line = replace(line, 'contact', 'danger') WHERE number = 1", "this one was changed"),
        ("UPDATE access SET subject = 'x' WHERE number = 2", "missing, moved or added"),
        ("DELETE FROM access WHERE number = 1", "missing, moved or added"),
        ("UPDATE access SET line = 'nothing' WHERE number = 2", "this one was changed"),
    ],
)
def test_the_access_log_that_was_edited(full, statement, what):
    behind_its_back(open_trust(full).home / "accounts.sqlite", statement)
    assert what in wrong(full)["accesses"][0][0]


def test_the_access_log_refuses_edits_in_the_open(full):
    log = open_trust(full).log
    for statement in ("UPDATE access SET line = ''", "DELETE FROM access"):
        with pytest.raises(Exception, match="entries stay as they are"), log.database.writing() as connection:
            connection.execute(text(statement))
    assert log.count() == 2


def test_a_record_of_a_requester_that_was_moved(full):
    behind_its_back(open_trust(full).home / "requesters.sqlite", "UPDATE requester SET matter = 'R7'")
    ((what, where),) = wrong(full)["requesters"]
    assert "does not open" in what
    assert where.startswith("rq-")


def test_where_the_keys_are_elsewhere_it_says_what_was_not_tried(full, tmp_path, monkeypatch):
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "no keys here"))
    part = audited(full)["parts"][-1]
    assert part["part"] == "requesters"
    assert "not on this machine" in part["remark"]
    assert not list((tmp_path / "no keys here").glob("*.json"))


def test_what_was_noted_holds_while_the_city_grows(full, tmp_path):
    note = tmp_path / "note.json"
    found = audited(full)
    note.write_text(json.dumps(found))
    fine(
        "case", "open", full, "--class", "dirty_road", "--text", "more", "--by", "supervision_centre", "--date", MORNING
    )
    trust = open_trust(full)
    trust.vault.put(identity(), "R2", moment=NOW)
    fine("track", "report", full, "9.7", "--by", "housing", "--text", "more", "--date", "2026-03-03")
    assert audited(full, "--noted", note)["noted"] == []
    for part in found["parts"]:
        if part["digest"]:
            assert audited(full, "--noted", part["digest"][:12], "--noted", part["digest"].upper())["sound"]


def test_a_record_that_was_cut_off_no_longer_holds_what_was_noted(full, tmp_path):
    note = tmp_path / "note.json"
    note.write_text(json.dumps(audited(full)))
    behind_its_back(full / "cases" / "cases.sqlite", "DELETE FROM event WHERE number = 6")
    behind_its_back(open_trust(full).home / "accounts.sqlite", "DELETE FROM access WHERE number = 2")
    fine("audit", "verify", full)
    lost = audited(full, "--noted", note, code=exits.BAD_INPUT)["noted"]
    assert [(one["where"], "cut off" in one["what"]) for one in lost] == [
        ("cases: newest", True), ("accesses: newest", True),
    ]  # fmt: skip


def test_a_manifest_that_was_edited_together_with_its_file_is_caught_by_the_note(full, tmp_path):
    note = tmp_path / "note.json"
    note.write_text(json.dumps(audited(full)))
    manifest = min((full / "commits").glob("*.json"))
    manifest.write_text(manifest.read_text("utf-8") + "\n", "utf-8")
    check = next((full / "checks").glob("*/chain.json"))
    check.write_text(check.read_text("utf-8") + "\n", "utf-8")
    assert audited(full)["sound"]
    lost = audited(full, "--noted", note, code=exits.BAD_INPUT)["noted"]
    assert {one["where"].partition(":")[0] for one in lost} == {"facts", "checks"}


def test_a_note_that_is_none_is_refused(full, tmp_path):
    assert "too few letters" in refused(exits.BAD_USE, "audit", "verify", full, "--noted", "abc")
    other = tmp_path / "other.json"
    other.write_text("[1]")
    assert "not an answer" in refused(exits.BAD_USE, "audit", "verify", full, "--noted", other)
    said = tulou("audit", "verify", full, "--noted", "0" * 16)
    assert said.code == exits.BAD_INPUT
    assert "cut off" in said.out


def test_an_auditor_sees_who_looked_and_why_and_not_at_whom(full):
    shown = fine("audit", "accesses", full)
    assert "call back after the answer" in shown
    assert NAME not in shown
    assert "R1" not in shown
    told = json.loads(fine("audit", "accesses", full, "--json", "--purpose", "contact"))
    assert [one["purpose"] for one in told] == ["contact"]
    assert "Nobody" in fine("audit", "accesses", full, "--refused")
    assert "needs a purpose of the list" in refused(exits.BAD_USE, "audit", "accesses", full, "--purpose", "love")


def test_formulas_and_schemas_from_the_command_line():
    shown = fine("audit", "formulas")
    assert "jinniu.yaml:35: this punishes complaints" in shown
    assert "惩罚投诉" in fine("audit", "formulas", language="zh")
    assert tulou("audit", "formulas", "--strict").code == exits.RED_LINE
    assert "0 marks of persons" in fine("audit", "bans")
    assert "0 处对人的标记" in fine("audit", "bans", language="zh")


def test_a_rulebook_that_marks_persons_is_refused_by_the_inspection(tmp_path):
    home = tmp_path / "ours"
    (home / "columns").mkdir(parents=True)
    (home / "rulebook.yaml").write_text(
        "id: ours\nversion: '1'\nextends: fujian\ntitle: {zh: 我们, en: Ours}\n", "utf-8"
    )
    (home / "columns" / "key.yaml").write_text(
        "entity: petitioner\ntitle: {zh: 信访人, en: Petitioner}\ngeometry: none\nattributes:\n"
        "  score: {title: {zh: 得分, en: Score}, type: number}\n", "utf-8",
    )  # fmt: skip
    said = tulou("audit", "bans", "--rulebook", home)
    assert said.code == exits.BAD_INPUT
    assert "key.yaml:5" in said.out


def test_the_report_in_both_languages_and_for_the_public(full, tmp_path):
    words = ("audit", "report", full, "--period", "2026-11", "--to", tmp_path / "out", "--format", "html,xlsx")
    shown = fine(*words)
    assert len(shown.splitlines()) == 4
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").glob("*.html")}
    english = next(text for text in pages.values() if "Readings of personal data" in text)
    chinese = next(text for text in pages.values() if "个人信息的查看" in text)
    assert "Granted 2 times, refused 0 times" in english
    assert "准许 2 次" in chinese
    assert "call back after the answer" in english
    assert "this punishes complaints" in english
    fine(*words, "--public")
    public = next(path.read_text("utf-8") for path in (tmp_path / "out").glob("*public*en*.html"))
    assert "Granted · times, refused · times" in public
    assert all(word not in text for text in (*pages.values(), public) for word in (NAME, "Chen", "officer"))
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    fine(*words)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_another_month_has_no_readings(full, tmp_path):
    fine("audit", "report", full, "--period", "2026-10", "--to", tmp_path / "out", "--language", "en")
    (page,) = (tmp_path / "out").glob("*.html")
    assert "Nobody looked in this period" in page.read_text("utf-8")
    assert "neither a day nor a month" in refused(exits.BAD_USE, "audit", "report", full, "--period", "autumn")

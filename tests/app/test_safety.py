"""Work safety from the command line: grades, four colours, credit replayed on both clocks, training, hidden dangers."""

import pytest

from app.line import contents, fine, refused
from tulou.app import exits
from tulou.app.safety import open_safety

MORNING = "2026-03-02T09:00"


def test_one_risk_is_graded_and_a_slip_is_told(stocked):
    words = ("risk", "grade", "--factor", "likelihood=3", "--factor", "exposure=6")
    assert fine(*words, "--factor", "consequence=15").startswith("II orange 270")
    assert "未知" in fine(*words, language="zh")
    said = refused(exits.BAD_USE, *words, "--factor", "consequence=16")
    assert "allowed: 100, 40, 15, 7, 3, 1" in said
    assert "did you mean: exposure" in refused(exits.BAD_USE, "risk", "grade", "--factor", "exposre=6")
    assert "for reference" in fine(
        "risk", "grade", "--method", "ls", "--factor", "likelihood=4", "--factor", "severity=5"
    )
    assert "> 320" in fine("risk", "methods")
    assert "gas 4.1" in fine("risk", "criteria")
    assert "no criteria" in refused(exits.BAD_USE, "risk", "criteria", "--trade", "choir")


def test_risks_and_colours_of_units(stocked, tmp_path):
    before = contents(stocked)
    out = fine("risk", "list", stocked, "--most", "3")
    assert "unknown" in out.splitlines()[-1]
    assert "没有这种颜色" in refused(exits.BAD_USE, "risk", "list", stocked, "--colour", "green", language="zh")
    fine("risk", "map", stocked, "--level", "block", "--to", tmp_path / "map.svg")
    assert (tmp_path / "map.svg").read_text("utf-8").startswith("<svg")
    safety = open_safety(stocked)
    for unit in safety.units("community"):
        assert unit.colour != "blue" or unit.unknown == 0
    assert sum(sum(unit.counts.values()) + unit.unknown for unit in safety.units("community")) == len(safety.risks)
    assert contents(stocked) == before


def test_credit_is_explained_and_replayed_on_both_clocks(city):
    safety = open_safety(city)
    code = next(one for one, found in safety.credits().items() if found.grade == "B" and not found.records)
    commit(city, code)
    assert grade(city, code, at="2026-02-09") == "B"
    assert grade(city, code, at="2026-02-10") == "C+"
    assert grade(city, code, at="2026-02-10", record=2) == "B"
    assert grade(city, code, at="2027-02-10") == "B"
    out = fine("credit", "explain", city, code, "--at", "2026-03-01")
    assert "B → C+" in out
    assert "repair from 2026-05-10  used until 2027-02-10" in out
    assert "2027-02-10  C+ → B" in out
    assert "最早修复 2026-05-10" in fine("credit", "explain", city, code, "--at", "2026-03-01", language="zh")


def commit(city, code):
    from datetime import date

    import pyarrow as pa

    from tulou.app.wiring import open_city
    from tulou.kernel.facts import Facts

    rows = pa.table(
        {
            "id": ["a1"], "enterprise": [code], "kind": ["general_accident"], "class": ["general"],
            "happened_on": pa.array([date(2026, 2, 1)]), "published_on": pa.array([date(2026, 2, 10)]),
        }
    )  # fmt: skip
    open_city(city).commit([Facts("credit_record", rows)], who="t", message="m", valid_from=date(2026, 1, 1))


def grade(city, code, *, at, record=None):
    from datetime import date

    number = None if record is None else str(record)
    return open_safety(city, date.fromisoformat(at), number).credit(code).grade


def test_who_has_no_grade(stocked):
    safety = open_safety(stocked)
    household = next(code for code in safety.enterprises if code.startswith("92"))
    assert household not in safety.credits()
    assert "natural person" in refused(exits.BAD_USE, "credit", "explain", stocked, household)
    assert "check digit" in refused(exits.BAD_USE, "credit", "explain", stocked, "914403001922038217")
    assert "on record" in refused(exits.BAD_USE, "credit", "explain", stocked, "914403001922038216")
    assert "never graded" in fine("credit", "code", household)
    unknown = [one for one in safety.credits().values() if not one.grade]
    assert unknown
    assert "记录尚未分类" in fine("credit", "list", stocked, language="zh")


def test_training_that_falls_due(stocked):
    out = fine("training", "due", stocked, "--most", "5")
    assert "expired" in out
    assert "T-1" in out
    assert "已过期" in fine("training", "due", stocked, language="zh")


@pytest.fixture
def photo(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"a picture")
    return file


def step(city, move, by, *more, at=MORNING, name="C000001"):
    return fine("case", "do", city, name, move, "--by", by, "--date", at, *more)


def test_a_hidden_danger_goes_round_and_is_counted(city, photo):
    fine(
        "case", "open", city, "--flow", "safety_danger", "--text", "燃气报警器断电", "--by", "emergency",
        "--date", MORNING, "--field", "source=alarm", "--field", "category=gas", "--place", "block-1",
    )  # fmt: skip
    level = ("--field", "level=major", "--field", "criterion=gas 5.1", "--who", "Lin")
    step(city, "classify", "emergency", *level)
    five = ("--field", "responsible=safety post", "--field", "measure=new alarm", "--field", "plan=valve shut")
    limit = ("--to", "housing", "--within", "10 working_day")
    words = ("case", "do", city, "C000001", "register", "--by", "emergency", "--date", MORNING, *limit)
    said = refused(exits.BAD_USE, *words, *five)
    assert "money" in said
    step(city, "register", "emergency", *limit, *five, "--field", "money=800")
    step(city, "list", "city_government", "--text", "major")
    step(city, "take_up", "housing")
    out = fine("risk", "dangers", city, "--at", "2026-03-20", "--period", "2026-03")
    assert "overdue" in out
    assert "Closed of all found: 0/1 (below 10, no rate)" in out
    step(city, "self_check", "housing", "--evidence", photo, at="2026-03-10T09:00")
    may_not = ("case", "do", city, "C000001", "verify", "--by", "housing", "--evidence", photo, "--who", "Wu")
    assert "may not do this" in refused(exits.BAD_USE, *may_not)
    step(city, "verify", "emergency", "--evidence", photo, "--who", "Lin", at="2026-03-11T09:00")
    step(city, "close", "emergency", "--who", "Lin", at="2026-03-11T10:00")
    out = fine("risk", "dangers", city, "--at", "2026-03-31", "--period", "2026-03", language="zh")
    assert "按期整改率: 1/1" in out
    assert "重大隐患  1     1     0" in out
    assert "neither a day nor a month" in refused(exits.BAD_USE, "risk", "dangers", city, "--period", "march")


def test_findings_of_a_check_stand_in_the_same_list(city):
    from tulou.indicators.evaluate.keeping import kept_checks, load_findings

    name = load_findings(kept_checks(city)[-1])["finding"].to_pylist()[0]
    fine("case", "open", city, "--finding", name, "--by", "check_office", "--date", MORNING)
    out = fine("risk", "dangers", city, "--at", "2026-03-31", "--period", "2026-03")
    assert "Finding of a check" in out
    assert "Closed of all found: 0/1" in out


def test_registers_come_in_by_table_and_a_name_of_a_person_is_found(own, tmp_path):
    tables = {
        "enterprise": "id,name,trade,standardisation,rated_grade\n914403001922038216,a firm,gas,level_2,B\n",
        "credit_record": (
            "id,enterprise,kind,class,happened_on,published_on\n"
            "r1,914403001922038216,general_accident,general,2026-03-02,2026-03-09\n"
        ),
        "safety_certificate": "id,enterprise,holder,kind\nc1,914403001922038216,陈大文,special_operation\n",
    }
    for name, text in tables.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(text, "utf-8")
        fine("import", own, file, "--valid-from", "2026-01-01")
    words = ("credit", "explain", own, "914403001922038216", "--at", "2026-04-01")
    assert "B → C+" in fine(*words)
    assert "B → C+" not in fine(*words, "--as-of", "2")
    said = refused(exits.BAD_INPUT, "training", "due", own)
    assert "register id only" in said
    assert "陈大文" not in said

"""Inspections from the command line: a draw ordered, revealed and made again; a plan; visits within caps; refusals."""

import json
import stat

import pytest

from app.line import contents, fine, refused
from tulou.app import exits
from tulou.app.inspecting import open_inspecting
from tulou.kernel.clock import now
from tulou.operations.cases.handlers.acting import Act

RULES = ("--rulebook", "rongcheng")
MORNING = "2026-03-02T09:00"
SEED = "ab" * 32


def ordered(city, tmp_path, name="2026-1", body="fire_rescue", public="lottery 2026320"):
    seed = tmp_path / "seed.txt"
    seed.write_text(SEED, "utf-8")
    return fine(
        "inspect", "draw", city, "--id", name, "--body", body, "--public", public, "--seed-file", seed, "--by", body,
        "--date", MORNING, *RULES,
    )  # fmt: skip


def revealed(city, name="2026-1", body="fire_rescue"):
    return fine(
        "inspect", "reveal", city, name, "--public", "03 05 07", "--by", body, "--date", "2026-03-03T09:00", *RULES
    )


def certificate(city, name="2026-1"):
    return city / "inspections" / "draws" / name / "certificate.json"


def test_the_sample_is_refused_twice_and_for_a_real_city(city, helsinki):
    assert "enterprises already" in refused(exits.BAD_USE, "risk", "sample", city)
    assert "synthetic city" in refused(exits.BAD_USE, "risk", "sample", helsinki)


def test_a_draw_is_ordered_sealed_revealed_and_made_again(city, tmp_path):
    out = ordered(city, tmp_path)
    digest = out.split("digest: ")[1].split()[0]
    folder = certificate(city).parent
    assert stat.S_IMODE((folder / "seed").stat().st_mode) == 0o600
    assert SEED not in (folder / "order.json").read_text("utf-8")
    assert "drawn" in revealed(city)
    assert not (folder / "seed").exists()
    assert "it is the order noted" in fine("inspect", "verify", certificate(city), "--noted", digest)
    assert "重算一致" in fine("inspect", "verify", certificate(city), language="zh")
    assert "was made already" in refused(
        exits.BAD_USE, "inspect", "reveal", city, "2026-1", "--public", "03 05 07", "--by", "fire_rescue", *RULES
    )
    shown = json.loads(fine("case", "show", city, "C000001", "--json"))
    assert shown["state"] == "revealed"
    assert "each allowed" in fine("case", "verify", city)


def test_the_same_seed_and_value_give_the_same_bytes(city, stocked, tmp_path):
    import shutil

    other = tmp_path / "other.city"
    shutil.copytree(stocked, other)
    for one in (city, other):
        ordered(one, tmp_path)
        revealed(one)
    assert certificate(city).read_bytes() == certificate(other).read_bytes()


def test_a_certificate_that_was_touched_is_found(city, tmp_path):
    ordered(city, tmp_path)
    revealed(city)
    plain = json.loads(certificate(city).read_text("utf-8"))
    plain["drawn"][0]["inspectors"] = plain["drawn"][0]["inspectors"][::-1]
    other = tmp_path / "touched.json"
    other.write_text(json.dumps(plain), "utf-8")
    assert "does not make this draw" in refused(exits.BAD_INPUT, "inspect", "verify", other)
    other.write_text("{", "utf-8")
    assert "not JSON" in refused(exits.BAD_INPUT, "inspect", "verify", other)
    assert "抽取令不符" in refused(
        exits.BAD_INPUT, "inspect", "verify", certificate(city), "--noted", "0" * 64, language="zh"
    )


def test_an_order_that_was_changed_after_it_was_put_on_record_is_not_drawn(city, tmp_path):
    ordered(city, tmp_path)
    path = certificate(city).parent / "order.json"
    plain = json.loads(path.read_text("utf-8"))
    plain["strata"][1]["members"] = plain["strata"][1]["members"][1:]
    path.write_text(json.dumps(plain), "utf-8")
    said = refused(exits.BAD_USE, "inspect", "reveal", city, "2026-1", "--public", "1", "--by", "fire_rescue", *RULES)
    assert "changed since it was put on record" in said
    assert not certificate(city).exists()


def test_a_draw_that_may_not_be_ordered_leaves_nothing_behind(city, tmp_path):
    before = contents(city)
    words = ("inspect", "draw", city, "--id", "2026-1", "--date", MORNING)
    assert "does not inspect" in refused(exits.BAD_USE, *words, "--body", "choir", "--by", "fire_rescue", *RULES)
    assert "no body that inspects" in refused(exits.BAD_USE, *words, "--body", "fire_rescue", "--by", "fire_rescue")
    refused(exits.BAD_USE, *words, "--body", "fire_rescue", "--by", "choir", *RULES)
    refused(exits.BAD_USE, "inspect", "draw", city, "--id", "../x", "--body", "housing", "--by", "housing", *RULES)
    after = contents(city)
    assert {name for name in after if "draws" in name} == set()
    assert {name: one for name, one in after.items() if not name.startswith("cases/")} == before


def test_a_plan_keeps_caps_days_and_what_was_drawn(city, tmp_path):
    ordered(city, tmp_path)
    revealed(city)
    out = fine("inspect", "plan", city, "--year", "2026", "--draw", "2026-1", *RULES)
    assert "% less" in out
    plan = json.loads((city / "inspections" / "plan-2026.json").read_text("utf-8"))
    assert plan["proof"]["gap"] <= 0.001
    assert plan["proof"]["joint"] < plan["proof"]["separate"]
    counts = {}
    for one in plan["visits"]:
        counts[one["enterprise"]] = counts.get(one["enterprise"], 0) + 1
        assert 1 <= one["month"] <= 12
    assert max(counts.values()) <= 2
    opened = open_inspecting(city, names=["rongcheng"])
    for name, body in opened.bodies.items():
        assert sum(name in one["bodies"] for one in plan["visits"]) * body.per_visit <= body.days
    drawn = {one["enterprise"] for one in json.loads(certificate(city).read_text("utf-8"))["drawn"]}
    planned = {one["enterprise"] for one in plan["visits"] if "fire_rescue" in one["bodies"]}
    assert drawn <= planned
    required = [code for code, one in opened.safety.enterprises.items() if one.trade in {"gas", "chemicals"}]
    assert set(required) <= set(counts)
    text = (city / "inspections" / "plan-2026.json").read_bytes()
    fine("inspect", "plan", city, "--year", "2026", "--draw", "2026-1", *RULES)
    assert (city / "inspections" / "plan-2026.json").read_bytes() == text


def able(city, code, bodies):
    opened = open_inspecting(city, names=["rongcheng"])
    firm = opened.safety.enterprises[code]
    return [
        one.id
        for body in bodies
        for one in opened._inspectors(body)
        if firm.trade in one.trades and code not in one.conflicts
    ]


def single(city, code, name, kind="routine", at=MORNING):
    fine(
        "inspect", "open", city, "--enterprise", code, "--kind", kind, "--body", "fire_rescue", "--visit", name,
        "--by", "justice", "--date", at, *RULES,
    )  # fmt: skip
    opened = open_inspecting(city, names=["rongcheng"])
    cases = opened.visit_cases(opened.work.clock())
    return next(key for key, case in cases.items() if case.fields["visit"] == name)


def record(city, case, people, at="2026-03-02T10:00"):
    return (
        "inspect", "record", city, case, "--inspectors", ",".join(people), "--token", f"scan-{case}",
        "--by", "fire_rescue", "--date", at, *RULES,
    )  # fmt: skip


def catering(city):
    opened = open_inspecting(city, names=["rongcheng"])
    return next(code for code, one in opened.safety.enterprises.items() if one.trade == "catering")


def test_the_cap_of_the_year_is_kept_at_the_gate_and_exempt_kinds_pass(city):
    code = catering(city)
    people = able(city, code, ["fire_rescue"])[:2]
    for number in (1, 2):
        fine(*record(city, single(city, code, f"v{number}"), people))
    third = single(city, code, "v3")
    said = refused(exits.BAD_USE, *record(city, third, people))
    assert "cap of this year is reached" in said
    assert "complaint" in said
    assert "频次上限" in refused(exits.BAD_USE, *record(city, third, people), language="zh")
    fine(*record(city, single(city, code, "v4", "complaint"), people))
    assert "3 visits, 0 beyond a cap" in fine("inspect", "caps", city, "--year", "2026", *RULES)
    fine(
        "case", "do", city, third, "sign_in", "--by", "fire_rescue", "--date", "2026-03-02T11:00",
        "--field", f"inspectors={','.join(people)}", "--field", "token=forced",
    )  # fmt: skip
    assert "4 visits, 1 beyond a cap" in fine("inspect", "caps", city, "--year", "2026", *RULES)
    assert "0 visits" in fine("inspect", "caps", city, "--year", "2025", *RULES)


def test_who_may_not_make_a_visit(city):
    code = catering(city)
    case = single(city, code, "v1")
    people = able(city, code, ["fire_rescue"])
    assert "too few inspectors" in refused(exits.BAD_USE, *record(city, case, people[:1]))
    assert "may not make this visit" in refused(exits.BAD_USE, *record(city, case, [people[0], "E-000001"]))
    opened = open_inspecting(city, names=["rongcheng"])
    rows = opened.safety.state.rows("inspector")
    barred = [
        (str(name), firm)
        for name, body, firm in zip(rows.ids, rows.texts("body"), rows.texts("conflicts"), strict=True)
        if body == "fire_rescue"
    ]
    name, firm = next(
        one for one in barred if opened.safety.enterprises[one[1]].trade in opened.bodies["fire_rescue"].trades
    )
    other = single(city, firm, "v2")
    assert "may not make this visit" in refused(exits.BAD_USE, *record(city, other, [name, people[0]]))


def test_visits_of_a_draw_are_opened_once_and_tell_of_all(city, tmp_path):
    ordered(city, tmp_path)
    revealed(city)
    words = ("inspect", "open", city, "--draw", "2026-1", "--by", "justice", "--date", "2026-03-04T09:00", *RULES)
    count = len(json.loads(certificate(city).read_text("utf-8"))["drawn"])
    assert f"{count} cases opened" in fine(*words)
    assert f"0 cases opened (— to —); {count} were there" in fine(*words)
    assert "unknown" in fine("inspect", "prevalence", city, "2026-1", *RULES)
    opened = open_inspecting(city, names=["rongcheng"])
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a picture")
    for at, (name, case) in enumerate(opened.visit_cases(opened.work.clock()).items()):
        people = able(city, case.fields["enterprise"], ["fire_rescue"])[:2]
        opened.sign_in(name, Act("fire_rescue", opened.work.moment("2026-03-05T09:00", "--date")), people, "t")
        act = Act(
            "fire_rescue",
            opened.work.moment("2026-03-05T11:00", "--date"),
            fields={"violations": 1, "found": ["exit blocked"]} if at % 3 == 0 else {"violations": 0},
        )
        opened.work.do(name, "report", act, photo)
    out = fine("inspect", "prevalence", city, "2026-1", *RULES)
    assert "95 % interval" in out
    strata, found = opened.prevalence("2026-1", opened.work.clock())
    assert 0 < found.low < found.share < found.high < 1
    assert found.covered == sum(one.size for one in strata if one.visited)
    assert "不示" in fine("inspect", "prevalence", city, "2026-1", *RULES, language="zh")


def test_visits_of_a_month_of_the_plan(city):
    assert "no plan of this year" in refused(
        exits.NO_VERDICT, "inspect", "open", city, "--plan", "2026", "--month", "3", "--by", "justice", *RULES
    )
    fine("inspect", "plan", city, "--year", "2026", *RULES)
    out = fine("inspect", "open", city, "--plan", "2026", "--month", "3", "--by", "justice", "--date", MORNING, *RULES)
    assert "cases opened" in out
    assert "one by one" in refused(exits.BAD_USE, "inspect", "open", city, "--by", "justice", *RULES)
    assert "says why" in refused(exits.BAD_USE, "inspect", "open", city, "--enterprise", "x", "--by", "justice", *RULES)


def test_chains_on_the_screen():
    out = fine("inspect", "chains", "--chain", "construction")
    assert "gap 2" in out
    assert "Broken hand-over" in out
    assert "交叉、无牵头" in fine("inspect", "chains", language="zh")
    assert "did you mean: e_bike" in refused(exits.BAD_USE, "inspect", "chains", "--chain", "e_bik")


@pytest.fixture
def visit(city, tmp_path):
    """Case of a visit whose visitors signed in, and a photo."""
    ordered(city, tmp_path)
    revealed(city)
    fine("inspect", "open", city, "--draw", "2026-1", "--by", "justice", "--date", "2026-03-04T09:00", *RULES)
    (tmp_path / "photo.jpg").write_bytes(b"a picture")
    words = ("--token", "t", "--by", "fire_rescue", "--date", "2026-03-05T09:00", *RULES)
    fine("inspect", "record", city, "C000002", *words)
    return "C000002"


def report(city, *found, count=None, at="2026-03-05T11:00"):
    """Words that report a visit with what was found."""
    told = ("--field", f"found={','.join(found)}") if found else ()
    return (
        "case", "do", city, "C000002", "report", "--by", "fire_rescue", "--evidence", city.parent / "photo.jpg",
        "--field", f"violations={len(found) if count is None else count}", *told, "--date", at,
    )  # fmt: skip


def dangers(city):
    listed = json.loads(fine("case", "list", city, "--flow", "safety_danger", "--json"))
    return [json.loads(fine("case", "show", city, one["case"], "--json")) for one in listed]


def test_each_violation_opens_a_case_of_its_own_that_leads_back_to_the_visit(city, visit):
    cases = open_inspecting(city, names=["rongcheng"]).visit_cases(now())
    enterprise = cases[visit].fields["enterprise"]
    fine(*report(city, "exit blocked", "alarm off"))
    found = dangers(city)
    assert [one["title"] for one in found] == ["exit blocked", "alarm off"]
    for one in found:
        assert one["fields"] == {"enterprise": enterprise, "source": "inspection", "visit": visit}
        assert one["body"] == "fire_rescue", "who found it answers for it until it is registered"
        assert one["state"] == "found"
        (due,) = [item for item in one["deadlines"] if item["kind"] == "state"]
        assert due["due"].startswith("2026-03-10T"), "three working days: Thursday to Tuesday"
    shown = json.loads(fine("case", "show", city, visit, "--json"))
    assert shown["fields"]["dangers"] == [one["case"] for one in found]
    assert "each allowed" in fine("case", "verify", city)
    listed = fine("risk", "dangers", city, "--at", "2026-03-06")
    assert "exit blocked" in listed
    assert enterprise in listed


def test_reporting_again_after_an_objection_doubles_nothing(city, visit):
    fine(*report(city, "exit blocked", "alarm off"))
    step = ("case", "do", city, visit)
    fine(*step, "object", "--by", "justice", "--text", "the exit was free", "--date", "2026-03-06T09:00")
    fine(*step, "uphold", "--by", "justice", "--text", "so", "--who", "Li", "--date", "2026-03-06T10:00")
    fine(*report(city, "alarm off", "no extinguisher", at="2026-03-06T11:00"))
    found = dangers(city)
    assert [one["title"] for one in found] == ["exit blocked", "alarm off", "no extinguisher"]
    shown = json.loads(fine("case", "show", city, visit, "--json"))
    assert shown["fields"]["dangers"] == [found[1]["case"], found[2]["case"]]
    words = ("--by", "emergency", "--text", "the objection held", "--who", "Li", "--date", "2026-03-06T12:00")
    fine("case", "do", city, found[0]["case"], "void", *words)
    assert refused(exits.BAD_USE, *report(city, "alarm off", at="2026-03-06T13:00"))
    assert [one["case"] for one in dangers(city)] == [found[1]["case"], found[2]["case"]], "the open ones"


def test_what_is_counted_is_told_and_half_is_never_written(city, visit):
    before = contents(city / "cases")
    for words in (
        report(city, count=2),
        report(city, "a", count=2),
        report(city, "a", "a"),
        report(city, "a", count=0),
    ):
        assert "told one by one" in refused(exits.BAD_USE, *words)
    said = refused(exits.BAD_USE, *report(city, "a", count=2), language="zh")
    assert "发现的问题须逐条写明" in said
    refused(exits.BAD_USE, *report(city, "fine", "x" * 5000))
    assert contents(city / "cases") == before
    fine(*report(city))
    assert dangers(city) == []


def test_a_danger_of_a_visit_closes_as_its_flow_says(city, visit):
    fine(*report(city, "exit blocked"))
    (name,) = (one["case"] for one in dangers(city))
    step, photo = ("case", "do", city, name), ("--evidence", city.parent / "photo.jpg")
    classed = ("--field", "level=general", "--field", "criterion=GB 50016", "--field", "category=fire_exit")
    assert "may not do this" in refused(exits.BAD_USE, *step, "classify", "--by", "fire_rescue", "--who", "a", *classed)
    fine(*step, "classify", "--by", "emergency", "--who", "Wu", *classed, "--date", "2026-03-05T15:00")
    five = [f"--field={one}" for one in ("responsible=foreman", "measure=clear it", "money=0", "plan=a guard")]
    words = ("--to", "fire_rescue", "--within", "5 working_day", *five)
    fine(*step, "register", "--by", "emergency", *words, "--date", "2026-03-05T15:10")
    fine(*step, "take_up", "--by", "fire_rescue", "--date", "2026-03-05T16:00")
    fine(*step, "self_check", "--by", "fire_rescue", *photo, "--date", "2026-03-09T10:00")
    own = refused(exits.BAD_USE, *step, "verify", "--by", "fire_rescue", "--who", "a", *photo)
    assert "may not do this" in own
    fine(*step, "verify", "--by", "emergency", "--who", "Wu", *photo, "--date", "2026-03-10T10:00")
    fine(*step, "close", "--by", "emergency", "--who", "Wu", "--date", "2026-03-10T10:10")
    assert dangers(city) == []
    assert json.loads(fine("case", "show", city, name, "--json"))["state"] == "closed"

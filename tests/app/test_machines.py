"""The intake of alarms acts on cases under its own name, without a token, and can do nothing but open and escalate."""

import json
from dataclasses import replace

import pytest

from app.line import fine, refused
from app.test_accounts import keeper, keys, signed_in, typed  # noqa: F401  (fixtures of a city with accounts)
from operations.trust.desk import NOW, rules
from tulou.app import exits
from tulou.app.accounts import open_trust
from tulou.app.alarm_cases import FLOW, INTAKE, open_cases
from tulou.app.alarms import open_alarms
from tulou.app.casework import open_casework
from tulou.app.machines import machine_desk, machine_events
from tulou.kernel.errors import BadUse
from tulou.operations.cases.handlers.acting import Act, Subject, case_of
from tulou.operations.trust.domain.accounts import Account, Grant, Target, check_grant, may

GRAVE = "sensor,time,value\ngas-01,2026-11-27T08:00:00+08:00,{}\n"
FINDING = {"finding": "alarm-x", "alarm": "alarm-x", "level": "III"}


@pytest.fixture
def gas(own, keeper, tmp_path):  # noqa: F811  (a fixture)
    """A city with accounts and one alarm of level III, its case opened without any token."""
    fine("alarm", "example", tmp_path / "day")
    fine("alarm", "import", own, tmp_path / "day" / "sensors.json")
    (tmp_path / "first.csv").write_text(GRAVE.format(30))
    assert "1 case" in fine("alarm", "import", own, tmp_path / "first.csv", "--cases")
    return own


def desk_of(city):
    work = open_casework(city)
    return machine_desk(work, INTAKE), work


def test_with_accounts_the_intake_opens_and_escalates_without_a_token_under_its_own_name(gas, tmp_path):
    text = GRAVE.format(30) + "gas-02,2026-11-27T08:05:00+08:00,600\ngas-01,2026-11-27T08:06:00+08:00,120\n"
    (tmp_path / "second.csv").write_text(text)
    fine("alarm", "import", gas, tmp_path / "second.csv", "--cases")
    work = open_casework(gas)
    told = [(one.case, one.move or one.kind, one.by, one.role) for one in work.store.events()]
    assert told == [
        ("C000001", "open", INTAKE, "intake"),
        ("C000002", "open", INTAKE, "intake"),
        ("C000001", "escalate", INTAKE, "intake"),
    ]
    assert machine_events(work) == (3, [])


@pytest.mark.parametrize(
    "move", ["push", "take_up", "report", "verify", "close", "call_false", "close_unmet", "return"]
)
def test_it_makes_no_other_move_even_where_the_flow_would_let_it(gas, move):
    desk, work = desk_of(gas)
    with pytest.raises(BadUse, match="this program may not do that") as error:
        desk.do("C000001", move, Act(INTAKE, NOW))
    assert error.value.faults[0].allowed == ("lifeline_alarm: escalate", "lifeline_alarm: open")
    assert len(work.store.events()) == 1


def test_it_acts_for_no_other_body_and_in_no_other_flow(gas):
    desk, work = desk_of(gas)
    day = NOW.date()
    with pytest.raises(BadUse, match="may not do that"):
        desk.do("C000001", "escalate", Act("lifeline_centre", NOW, "", {"reason": "II"}))
    with pytest.raises(BadUse, match="may not do that"):
        desk.open(work.flows.on(FLOW, day), Subject("x", "level_3", finding=FINDING), Act("lifeline_centre", NOW))
    with pytest.raises(BadUse, match="may not do that"):
        desk.open(work.flows.on("city_management", day), Subject("mud", "dirty_road"), Act(INTAKE, NOW))
    assert len(work.store.events()) == 1


def test_what_it_was_refused_stands_in_the_access_log(gas):
    desk, _ = desk_of(gas)
    with pytest.raises(BadUse):
        desk.do("C000001", "close", Act(INTAKE, NOW))
    last = open_trust(gas).log.entries()[-1]
    assert (last.body, last.account, last.action, last.outcome, last.about) == (
        INTAKE, "", "case.act", "refused", "close",
    )  # fmt: skip
    assert open_trust(gas).log.audit() == []


def test_the_flow_too_lets_it_only_open_and_escalate():
    from tulou.operations.cases.adapters.reading import read_flows

    flow = read_flows(["china"]).versions[FLOW][-1]
    roles = set(flow.bodies[INTAKE].roles)
    assert {one.id for one in flow.transitions.values() if roles & set(one.roles)} == {"escalate"}
    assert roles & set(flow.opens)


def test_its_cases_are_only_read_by_any_other_way(gas):
    cases = open_cases(open_alarms(gas))
    with pytest.raises(BadUse, match="this program may not do that"):
        cases.casework.do("C000001", "push", Act(INTAKE, NOW, "", {"body": "gas", "reason": "x"}))


def test_no_account_acts_in_its_name(gas, typed, keeper):  # noqa: F811  (fixtures)
    words = ("account", "grant", gas, "lin", "--role", "dispatcher", "--body", INTAKE)
    assert "acts by itself" in typed(*words, token=keeper, code=exits.BAD_USE)
    token = signed_in(typed, gas, keeper, "chen", ("--role", "dispatcher", "--body", "lifeline_centre"))
    words = ("case", "do", gas, "C000001", "escalate", "--text", "II", "--within", "1 natural_hour", "--by", INTAKE)
    assert "acts by itself" in typed(*words, token=token, code=exits.BAD_USE)
    forged = Account("a", "a", (Grant("dispatcher", INTAKE, "", NOW.date()),))
    assert not may(rules(), forged, "case.act", Target(INTAKE), day=NOW.date()).is_allowed
    with pytest.raises(BadUse, match="acts by itself"):
        check_grant(rules(), Account("a", "a"), forged.grants[0])


def test_without_a_token_a_person_still_moves_nothing(gas):
    words = ("case", "do", gas, "C000001", "push", "--to", "gas", "--text", "x", "--by", "lifeline_centre")
    assert "sign in again" in refused(exits.BAD_USE, *words)


def test_an_audit_shows_what_it_did_and_tells_a_step_that_was_never_allowed(gas, typed, keeper, monkeypatch):  # noqa: F811  (fixtures)
    token = signed_in(typed, gas, keeper, "zhao", ("--role", "auditor"))
    told = json.loads(typed("audit", "verify", gas, "--json", token=token))
    found = {one["part"]: one for one in told["parts"]}
    assert (found["machines"]["entries"], found["machines"]["sound"]) == (1, True)
    assert "程序自行所为" in typed("audit", "verify", gas, token=token, language="zh")
    desk, work = desk_of(gas)
    case, _ = case_of(work.store, "C000001")
    loose = replace(desk, machine=replace(desk.machine, steps=desk.machine.steps | {"push"}))
    with pytest.raises(BadUse, match="may not"):  # the flow stands in the way of a program that was changed
        loose.do(case.id, "push", Act(INTAKE, NOW, "", {"body": "gas", "reason": "x"}))
    monkeypatch.setattr("tulou.operations.trust.domain.machines.Machine.may", lambda *_: False)
    count, faults = machine_events(work)
    assert (count, faults[0].where, faults[0].found) == (1, "C000001: 1", "open")


def test_a_name_that_is_no_machine_has_no_desk(own):
    with pytest.raises(BadUse, match="no such program"):
        machine_desk(open_casework(own), "alarm_intakes")


def test_programs_are_listed_with_their_rights():
    said = fine("account", "roles")
    assert "alarm_intake  intake of alarms\n    lifeline_alarm: escalate\n    lifeline_alarm: open" in said
    assert "自行操作的程序" in fine("account", "roles", language="zh")

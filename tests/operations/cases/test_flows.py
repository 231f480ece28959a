"""Flows as data: the shipped ones are whole, a city adds a dated version, and all faults are told at once."""

from datetime import date, timedelta

import pytest

from operations.cases.desk import START, Desk, flow, flows
from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.cases.adapters.reading import flow_of, read_flows
from tulou.operations.cases.domain.limits import Limit
from tulou.operations.cases.handlers.acting import Act, Subject, open_case
from tulou.operations.cases.handlers.migrating import migrate
from tulou.operations.cases.handlers.proving import faults_of

OWN = """\
id: city_management
versions:
  - version: city-1
    like: "2026.11"
    from: 2026-06-01
    source: our own limits, order 7 of 2026
    classes:
      dirty_road:
        title: {zh: 道路不洁, en: Dirty road}
        limits: {handling: {amount: 2, unit: working_hour, source: order 7, evidence: sourced}}
"""
JUNE = START.replace(month=6)


@pytest.fixture
def city(tmp_path):
    """A rulebook of a city that adds a version to the flow of the country's."""

    def write(text):
        folder = tmp_path / "ours"
        (folder / "flows").mkdir(parents=True, exist_ok=True)
        (folder / "rulebook.yaml").write_text("id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n")
        (folder / "flows" / "city_management.yaml").write_text(text, "utf-8")
        return read_flows([folder])

    return write


def test_the_shipped_flows_are_read_and_kept_as_text_that_reads_the_same():
    assert {"city_management", "hidden_danger"} <= set(flows().versions)
    for versions in flows().versions.values():
        for one in versions:
            assert flow_of(one.text, "kept") == one


def test_limits_of_classes_are_those_of_the_cities_they_name():
    """Methods, table of section 1: Jiyuan (S06) and city B (S07)."""
    classes = flow().classes
    found = {name: one.limits["handling"] for name, one in classes.items()}
    assert found["illegal_structure"] == Limit(20, "working_day")
    assert found["exposed_rubbish"] == Limit(1, "working_day")
    assert found["construction_debris"] == Limit(4, "working_day")
    assert found["dirty_road"] == Limit(5, "working_hour")
    assert found["standing_water"] == Limit(4, "working_hour")
    assert found["dirty_water"] == Limit(15, "working_day")
    assert found["green_upkeep"] == Limit(5, "working_day")
    steps = classes["illegal_structure"].milestones["handling"]
    assert [(one.id, one.limit) for one in steps] == [
        ("stop", Limit(4, "working_hour")),
        ("penalty", Limit(7, "working_day")),
    ]


def test_a_city_adds_a_version_that_holds_from_its_day(city):
    found = city(OWN)
    assert found.on("city_management", date(2026, 5, 31)).version == "2026.11"
    own = found.on("city_management", date(2026, 6, 1))
    assert (own.version, own.classes["dirty_road"].limits["handling"].amount) == ("city-1", 2)
    assert own.states == flow().states
    assert set(own.classes) == {"dirty_road"}
    with pytest.raises(BadUse, match="no version of this flow holds"):
        found.on("city_management", date(2020, 1, 1))
    with pytest.raises(BadUse, match="no such version"):
        found.version("city_management", "city-2")


def test_a_case_runs_by_the_version_it_was_opened_by_whatever_becomes_of_the_rulebook(city, tmp_path):
    desk = Desk(tmp_path / "cases.sqlite")
    name = desk.open()
    (tmp_path / "ours").mkdir()
    changed = city(OWN).versions["city_management"]
    assert len(changed) == 2
    assert desk.store.flow(desk.case(name).digest).version == "2026.11"
    assert Desk(tmp_path / "cases.sqlite").store.flow(desk.case(name).digest).text == flow().text


FAULTY = (
    ("to: accepted, by: acceptor}", "to: acepted, by: acceptor}", "there is no such state"),
    ("to: accepted, by: acceptor}", "to: accepted, by: aceptor}", "there is no such role"),
    ("needs: body}", "needs: bodys}", "there is no such need"),
    ("amount: 5, unit: working_hour", "amount: 5, unit: workhour", "not a value of 'unit'"),
    ("amount: 5, unit: working_hour", "amount: 0, unit: working_hour", "a time limit is above zero"),
    ('urgent: ["07:00-22:00"]', 'urgent: ["22:00-07:00"]', "duty hours run from"),
    ('urgent: ["07:00-22:00"]', "urgent: [always]", "duty hours run from"),
    ("start: reported", "start: report", "there is no such state"),
    ("evidence: derived", "evidence: guessed", "not a value of 'evidence'"),
    ("did: [dispatch,", "did: [dispach,", "there is no such transition"),
    ("{to: dispatcher}", "{to: dispatch}", "there is no such role"),
    (", to: closed, by: collector, needs: evidence}", ", to: closed, by: collector, need: evidence}", "unknown key"),
    ("filed: {title: {zh: 已立案, en: Filed}", "filed: {title: {zh: 已立案}", "needs both languages"),
    (
        "from: checked, to: closed, by: shift_head",
        "from: checked, to: checked, by: shift_head",
        "nothing leads on from",
    ),
    ("from: closed, to: evaluated", "from: closed, to: reported", "an end leads to ends only"),
    ("from: handling, to: suspended", "from: handling, to: handling", "nothing leads to this state"),
)


@pytest.fixture
def shipped():
    return (find_rulebook("china") / "flows" / "city_management.yaml").read_text("utf-8")


@pytest.mark.parametrize(("right", "wrong", "says"), FAULTY)
def test_each_fault_is_told_with_its_place(tmp_path, shipped, right, wrong, says):
    assert right in shipped
    with pytest.raises(BadInput) as caught:
        alone(tmp_path, shipped.replace(right, wrong))
    assert any(says in fault.what and "city_management.yaml:" in fault.where for fault in caught.value.faults), (
        caught.value
    )


def test_all_faults_are_told_at_once(tmp_path, shipped):
    text = shipped
    for right, wrong, _ in (FAULTY[1], FAULTY[4], FAULTY[9], FAULTY[11]):
        text = text.replace(right, wrong)
    with pytest.raises(BadInput) as caught:
        alone(tmp_path, text)
    told = [fault.what for fault in caught.value.faults]
    for _, _, says in (FAULTY[1], FAULTY[4], FAULTY[9], FAULTY[11]):
        assert any(says in what for what in told), (says, told)


def alone(tmp_path, text):
    folder = tmp_path / "alone"
    (folder / "flows").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text("id: alone\ntitle: {zh: 独, en: Alone}\nversion: '1'\n")
    (folder / "flows" / "city_management.yaml").write_text(text, "utf-8")
    return read_flows([folder])


def moved(desk, new, *, by="management_office", states=None, reason="order 7"):
    return migrate(desk.store, new, Act(by, JUNE, "", {"reason": reason}), states or {}, clock=desk.clock)


def test_running_cases_move_in_bulk_with_proof_and_keep_their_clocks(city, stores):
    new = city(OWN).versions["city_management"][-1]
    desk = stores.desk()
    names = [desk.open("dirty_road") for _ in range(4)]
    desk.walk(names[0], "take_up")
    desk.walk(names[1], "evaluate")
    open_case(desk.store, new, Subject("new", "dirty_road"), Act("supervision_centre", JUNE), clock=desk.clock)
    before = {name: desk.case(name) for name in names}
    due = desk.standing(names[0]).deadlines[0].due
    proof = moved(desk, new)
    assert proof.before == proof.after == {"handling": 1, "reported": 2}
    assert (len(proof.events), proof.settled) == (3, 2)
    assert {one.facts["from"] for one in proof.events} == {flow().digest}
    after = {name: desk.case(name) for name in names}
    assert after[names[1]] == before[names[1]], "what is over stays by the rules it ended by"
    assert all(after[name].since == before[name].since for name in names)
    assert desk.standing(names[0]).deadlines[0].due == due - timedelta(hours=5.5), "two working hours instead of five"
    assert desk.replay()[names[0]] == after[names[0]]
    assert faults_of(desk.store) == []
    desk.moment = JUNE
    desk.do(names[0], "feed_back", "urban_management", evidence={"name": "a", "digest": "0" * 64, "size": 1})
    with pytest.raises(BadUse, match="no running case needs"):
        moved(desk, new)


def test_a_migration_that_fits_not_every_case_moves_none(city, stores):
    new = city(OWN).versions["city_management"][-1]
    desk = stores.desk()
    desk.open("dirty_road")
    desk.open("green_upkeep")
    count = len(desk.store.events())
    for call, says in (
        (lambda: moved(desk, new), "the version has no such class of cases"),
        (lambda: moved(desk, new, states={"reported": "report"}), "the version has no such state"),
        (lambda: moved(desk, new, by="command_centre"), "may not move cases"),
        (lambda: moved(desk, new, reason=" "), "needs a reason"),
    ):
        with pytest.raises(BadUse) as caught:
            call()
        assert says in str(caught.value)
    assert len(desk.store.events()) == count


def test_states_that_went_are_mapped(stores, tmp_path, shipped):
    """A version in which the check has one state less: what stands in it is told to stand elsewhere."""
    text = shipped.replace('  - version: "2026.11"', '  - version: "2027"', 1).replace("verifying", "being_verified")
    new = alone(tmp_path, text).versions["city_management"][0]
    desk = stores.desk()
    name = desk.open("dirty_road")
    desk.do(name, "ask_to_verify", "supervision_centre")
    with pytest.raises(BadUse, match="the version has no such state"):
        moved(desk, new)
    proof = moved(desk, new, states={"verifying": "being_verified"})
    assert (proof.before, proof.after) == ({"verifying": 1}, {"being_verified": 1})
    assert desk.case(name).state == "being_verified"
    assert faults_of(desk.store) == []

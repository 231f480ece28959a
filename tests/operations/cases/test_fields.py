"""What cases state beside their title: declared by flow and class, asked for by transitions, and nothing else."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from operations.cases.desk import EVIDENCE, PATH, START, Desk, flow
from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.operations.cases.adapters.reading import flow_of, read_flows
from tulou.operations.cases.domain.fields import FIELD_KINDS, Field, plain, stated, value_of
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.proving import faults_of
from tulou.operations.cases.handlers.recording import History, Step, do_many, open_many

OWN = """\
id: city_management
versions:
  - version: fields
    like: "2026.11"
    from: 2026-01-01
    source: a form of ours
    fields:
      channel:
        title: {zh: 渠道, en: Channel}
        kind: choice
        needed: true
        values: {phone: {zh: 电话, en: Telephone}, web: {zh: 网络, en: Web}}
      spot: {title: {zh: 位置, en: Spot}, kind: point}
      solved: {title: {zh: 是否解决, en: Solved}, kind: yes_no, needed: true}
    classes:
      dirty_road:
        title: {zh: 道路不洁, en: Dirty road}
        fields:
          length: {title: {zh: 长度, en: Length}, kind: number}
"""
BACK = "    back: {amount: 10, unit: natural_day, source: a form of ours, evidence: memory}\n    fields:\n      channel"
CENTRE = "supervision_centre"


def page():
    text = (find_rulebook("china") / "flows" / "city_management.yaml").read_text("utf-8")
    whole = OWN.replace("    fields:\n      channel", "    transitions:\n__T__\n    fields:\n      channel")
    start, end = text.index("    transitions:\n") + len("    transitions:\n"), text.index("    separations:\n")
    steps = re.sub(r", fields: [^}]*}", "}", text[start:end].rstrip())
    steps = steps.replace("to: evaluated, by: evaluator, ", "to: evaluated, by: evaluator, fields: solved, ")
    return whole.replace("__T__", steps)


@pytest.fixture
def write(tmp_path):
    def make(text):
        folder = tmp_path / "ours"
        (folder / "flows").mkdir(parents=True, exist_ok=True)
        (folder / "rulebook.yaml").write_text("id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n")
        (folder / "flows" / "city_management.yaml").write_text(text, "utf-8")
        return read_flows([folder]).versions["city_management"][-1]

    return make


@pytest.fixture
def held(write):
    return write(page())


def refusals(call):
    with pytest.raises(BadUse) as caught:
        call()
    return [(one.what, one.where, one.found) for one in caught.value.faults]


def test_a_case_carries_what_it_states_and_a_transition_adds_to_it(desk, held):
    fields = {"channel": "phone", "spot": (117.65, 24.51), "length": 3.5}
    name = desk.open(flow=held, fields=fields)
    assert desk.case(name).fields == {"channel": "phone", "spot": [117.65, 24.51], "length": 3.5}
    desk.walk(name, "close")
    lacking = refusals(lambda: desk.do(name, "evaluate", CENTRE, reason="done"))
    assert [what for what, _, _ in lacking] == ["this field must be stated here"]
    desk.do(name, "evaluate", CENTRE, reason="done", fields={"solved": False})
    assert desk.case(name).fields["solved"] is False
    assert desk.replay()[name].fields == desk.case(name).fields
    assert faults_of(desk.store) == []


def test_what_is_not_declared_is_refused_all_at_once(desk, held):
    wrong = {"chanel": "phone", "spot": [200, 1], "length": "long"}
    found = refusals(lambda: desk.open(flow=held, fields=wrong))
    assert [(what, shown) for what, _, shown in found] == [
        ("this flow or class declares no such field here", "chanel"),
        ("this is not a value of this field", [200, 1]),
        ("this is not a value of this field", "long"),
        ("this field must be stated here", None),
    ]
    assert refusals(lambda: desk.open("green_upkeep", flow=held, fields={"channel": "web"})) == [
        ("this flow has no such class of cases", "city_management", "green_upkeep")
    ]
    name = desk.open(flow=held, fields={"channel": "web"})
    found = refusals(lambda: desk.do(name, "accept", CENTRE, fields={"channel": "web"}))
    assert found[0][0] == "this flow or class declares no such field here"
    assert desk.store.cases() == 1


def test_the_text_of_a_version_keeps_its_fields(held):
    again = flow_of(held.text, "kept")
    assert again == held
    assert again.fields["channel"].values["web"] == Words("网络", "Web")
    assert again.needed_to_open("dirty_road") == ("channel",)
    assert again.transitions["evaluate"].fields == ("solved",)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("kind: point", "kind: place", "not a value of 'kind'"),
        ("fields: solved, ", "fields: sloved, ", "there is no such field"),
        (
            "        values: {phone: {zh: 电话, en: Telephone}, web: {zh: 网络, en: Web}}\n",
            "",
            "'values' must be a mapping",
        ),
        ("unit: natural_day, source: a form", "unit: working_day, source: a form", "dated back by natural time"),
    ],
)
def test_faults_of_fields_are_told(write, right, wrong, says):
    text = page().replace("    fields:\n      channel", BACK)
    assert right in text
    with pytest.raises(BadInput, match=says):
        write(text.replace(right, wrong))


def test_an_opening_is_dated_back_only_as_far_as_its_flow_says(desk, write):
    held = write(page().replace("    fields:\n      channel", BACK))
    desk.clock = lambda: START + timedelta(days=10)
    desk.open(flow=held, fields={"channel": "web"}, at=START)
    desk.clock = lambda: START + timedelta(days=10, seconds=1)
    (found,) = refusals(lambda: desk.open(flow=held, fields={"channel": "web"}, at=START))
    assert found[0] == "an opening of this flow cannot be dated so far back"
    desk.open(flow=flow(), at=START - timedelta(days=300))
    open_many(desk.store, [history(held)], clock=desk.clock)


VALUES = {
    "text": some.text(min_size=1, max_size=50).filter(lambda text: text.strip() and "\0" not in text),
    "number": some.floats(allow_nan=False, allow_infinity=False),
    "whole": some.integers(-(10**9), 10**9),
    "yes_no": some.booleans(),
    "choice": some.sampled_from(["a", "b"]),
    "day": some.dates(),
    "moment": some.datetimes(timezones=some.just(UTC)),
    "point": some.tuples(some.floats(-180, 180), some.floats(-90, 90)),
    "list": some.lists(some.text(some.characters(categories=["L"]), min_size=1), min_size=1, max_size=5),
}
WRITTEN = {"yes_no": lambda value: "yes" if value else "no", "point": lambda pair: f"{pair[0]!r},{pair[1]!r}"}


@given(some.data(), some.sampled_from(FIELD_KINDS))
def test_a_value_of_a_field_is_kept_as_it_was_and_read_from_its_text(data, kind):
    words = {"a": Words("甲", "A"), "b": Words("乙", "B")} if kind == "choice" else {}
    field = Field("x", Words("字段", "Field"), kind, words)
    value = data.draw(VALUES[kind])
    kept = stated({"x": field}, {"x": value}, ["x"], "here")["x"]
    assert json.loads(json.dumps(kept)) == kept == plain(value)
    text = WRITTEN.get(kind, lambda one: ",".join(one) if isinstance(one, list) else str(kept))(value)
    assert value_of(field, text) == (kept.strip() if kind == "text" else kept)
    with pytest.raises(BadUse, match="not a value of this field"):
        stated({"x": field}, {"x": {"a": 1}}, [], "here")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", float("nan")), ("number", True), ("whole", 1.0), ("yes_no", 1), ("day", "2026-02-30"),
        ("moment", "2026-02-03T10:00"), ("point", [0.0, 91.0]), ("point", [0.0]), ("text", " "), ("list", []),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(kind, value):
    assert not Field("x", Words("字段", "Field"), kind).holds(value)


def history(held, at=START, until="evaluate", **subject):
    steps, given = [], {"fields": {"channel": "web"}} if held.fields else {}
    for move, by, facts in PATH:
        stating = {"solved": True} if move == "evaluate" and held.fields else {}
        steps.append(Step(move, Act(by, at, "", facts, stating)))
        if move == until:
            break
    return History(held, Subject("a road", "dirty_road", **{**given, **subject}), Act(CENTRE, at), steps)


def test_many_histories_are_recorded_as_one_and_equal_those_recorded_one_by_one(desk, held, tmp_path):
    desk.open(flow=held, fields={"channel": "web"})
    moments = [datetime(2019, 5, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(20)]
    events = open_many(desk.store, [history(held, at) for at in moments], clock=desk.clock)
    assert [one.number for one in events] == list(range(2, 2 + 20 * 10))
    assert {one.known for one in events} == {desk.clock()}
    assert faults_of(desk.store) == []
    other = Desk(tmp_path / "other" / "cases.sqlite")
    other.open(flow=flow())
    for at in moments:
        name = other.open(flow=flow(), at=at)
        for move, by, facts in PATH:
            other.do(name, move, by, at=at, **facts)
    mine, theirs = desk.replay(), other.replay()
    assert list(mine) == list(theirs)
    for name in list(mine)[1:]:
        one, two = mine[name], theirs[name]
        assert (one.opened, one.state, one.done, one.counts, one.ended) == (
            two.opened, two.state, two.done, two.counts, two.ended,
        )  # fmt: skip


def test_one_wrong_history_records_none_and_says_which(desk, held):
    good, late = history(held), history(held, at=desk.clock() + timedelta(days=1))
    wrong = History(
        held, Subject("a road", "dirty_road", fields={"channel": "web"}), Act(CENTRE, START), good.steps[1:]
    )
    found = refusals(lambda: open_many(desk.store, [good, late, good, wrong], clock=desk.clock))
    assert found[0][:2] == ("what has not happened yet cannot be recorded", "2: --date")
    assert found[1][:2] == ("this may not be done now", "4: C000004: reported")
    assert desk.store.cases() == 0


def test_a_finding_is_opened_once_however_many_histories_say_so(desk):
    finding = {"finding": "x/1", "indicator": "x", "level": "city", "unit": "1"}
    one = History(flow("hidden_danger"), Subject("x", finding=finding), Act("check_office", START))
    assert (
        refusals(lambda: open_many(desk.store, [one, one], clock=desk.clock))[0][0] == "this finding has an open case"
    )
    open_many(desk.store, [one], clock=desk.clock)
    assert refusals(lambda: open_many(desk.store, [one], clock=desk.clock))[0][0] == "this finding has an open case"


def test_many_transitions_are_made_as_one_or_not_at_all(desk):
    names = [desk.open() for _ in range(3)]
    steps = [Step(move, Act(CENTRE, START), name) for name in names for move in ("accept", "file")]
    wrong = [*steps, Step("take_up", Act("parks", START), names[0]), Step("file", Act(CENTRE, START), "C9")]
    found = refusals(lambda: do_many(desk.store, wrong, clock=desk.clock))
    assert [one[:2] for one in found] == [
        ("this may not be done now", "7: C000001: filed"),
        ("there is no such case", "8: CASE"),
    ]
    assert all(desk.case(name).state == "reported" for name in names)
    assert len(do_many(desk.store, steps, clock=desk.clock)) == 6
    assert all(desk.case(name).state == "filed" for name in names)
    assert faults_of(desk.store) == []


def test_evidence_is_needed_in_bulk_too(desk):
    steps = [
        Step(move, Act(by, START, "", {} if facts.get("evidence") == EVIDENCE else facts)) for move, by, facts in PATH
    ]
    bare = History(flow(), Subject("x", "dirty_road"), Act(CENTRE, START), steps)
    assert refusals(lambda: open_many(desk.store, [bare], clock=desk.clock))[0][0] == "this needs more than was given"
    assert date(2026, 3, 2) == START.date()

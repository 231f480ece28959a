"""The snapshot of all cases: whatever is done, and whatever becomes of the file, it equals a replay of the events."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operations.cases.desk import EVIDENCE, PATH, START
from tulou.kernel.errors import TulouError
from tulou.operations.cases.adapters import standings
from tulou.operations.cases.adapters.standings import load, save, standing_cases
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.recording import History, Step, open_many


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    """A new snapshot after every few events."""
    monkeypatch.setattr(standings, "MANY", 3)


@pytest.fixture
def desk(stores):
    return stores.desk()


def walked(desk):
    name = desk.open("illegal_structure")
    desk.walk(name, "take_up")
    desk.do(name, "reach", "urban_management", milestone="stop", evidence=EVIDENCE)
    desk.do(name, "ask_extension", "urban_management", reason="a court")
    desk.do(name, "grant_extension", "command_centre", more=3.0)
    desk.do(name, "suspend", "command_centre", reason="台风")
    return name


def test_a_case_with_everything_is_kept_as_it_is(desk, tmp_path):
    walked(desk)
    found = desk.find()
    desk.do(found, "assign", "check_office", body="planning", limit={"amount": 15, "unit": "working_day"})
    file = tmp_path / "standings.json"
    assert standing_cases(desk.store, file) == desk.replay()
    kept = load(file)
    assert (kept.number, kept.digest) == desk.store.last()
    assert dict(kept.cases) == desk.replay()
    assert list(standing_cases(desk.store, file)) == list(desk.replay())


def test_later_events_are_replayed_on_top(desk, tmp_path, monkeypatch):
    file = tmp_path / "standings.json"
    name = walked(desk)
    standing_cases(desk.store, file)
    number = load(file).number
    asked = []
    events = desk.store.events
    monkeypatch.setattr(
        desk.store, "events", lambda case="", *, after=0: asked.append(after) or events(case, after=after)
    )
    desk.do(name, "resume", "command_centre")
    assert standing_cases(desk.store, file)[name].state == "handling"
    assert number in asked[-1:]
    assert load(file).number == number, "one event more is not worth a new snapshot"


@pytest.mark.parametrize(
    "harm", ["gone", "cut", "empty", "no JSON", "another format", "another body", "another record"]
)
def test_a_file_that_is_not_whole_is_passed_by_and_made_anew(desk, tmp_path, harm, stores):
    file = tmp_path / "standings.json"
    walked(desk)
    standing_cases(desk.store, file)
    whole = file.read_bytes()
    head, body = whole.split(b"\n", 1)
    other = stores.desk()
    other.open(title="elsewhere")
    other.walk("C000001", "close")
    wrong = {
        "gone": None, "cut": whole[:-9], "empty": b"", "no JSON": b"\xff\n[]",
        "another format": head.replace(b'"format": 1', b'"format": 2') + b"\n" + body,
        "another body": head + b"\n" + body.replace(b"suspended", b"handling!"),
    }  # fmt: skip
    if harm == "another record":
        file.unlink()
        standing_cases(other.store, file)
    elif wrong[harm] is None:
        file.unlink()
    else:
        file.write_bytes(wrong[harm])
    assert standing_cases(desk.store, file) == desk.replay()
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_goes_without(desk, tmp_path):
    walked(desk)
    (tmp_path / "file").write_text("no folder")
    assert standing_cases(desk.store, tmp_path / "file" / "standings.json") == desk.replay()


def test_a_snapshot_of_nothing_is_nothing(stores, tmp_path):
    save(tmp_path / "x", standings.KeptStandings(0, "", {}))
    assert standing_cases(stores.store(), tmp_path / "x") == {}


MOVES = [(move, by, facts) for move, by, facts in PATH] + [
    ("suspend", "command_centre", {"reason": "rain"}), ("resume", "command_centre", {}),
    ("rework", "supervision_centre", {"reason": "half"}), ("return", "urban_management", {"reason": "not ours"}),
    ("reach", "urban_management", {"milestone": "stop", "evidence": EVIDENCE}),
]  # fmt: skip


@settings(max_examples=12)
@given(
    some.lists(some.tuples(some.integers(0, 3), some.sampled_from(MOVES), some.integers(0, 4000)), max_size=40),
    some.data(),
)
def test_whatever_is_done_and_read_in_between_it_equals_a_replay(stores, tmp_path_factory, tried, data):
    desk, file = stores.desk(), tmp_path_factory.mktemp("snapshots") / "standings.json"
    names = [desk.open("illegal_structure") for _ in range(4)]
    for place, (move, by, facts), minutes in tried:
        desk.later(minutes=minutes)
        try:
            desk.do(names[place], move, by, **facts)
        except TulouError:
            continue
        if data.draw(some.booleans()):
            assert standing_cases(desk.store, file) == desk.replay()
        if data.draw(some.integers(0, 9)) == 0:
            file.unlink(missing_ok=True)
    assert standing_cases(desk.store, file) == desk.replay()
    assert json.loads(file.read_text().partition("\n")[0])["number"] <= desk.store.last()[0]


def test_many_histories_are_read_back_the_same(desk, tmp_path):
    from operations.cases.desk import flow

    steps = [Step(move, Act(by, START, "", facts)) for move, by, facts in PATH]
    one = History(flow(), Subject("x", "dirty_road"), Act("supervision_centre", START), steps)
    open_many(desk.store, [one] * 50, clock=desk.clock)
    file = tmp_path / "standings.json"
    assert standing_cases(desk.store, file) == standing_cases(desk.store, file) == desk.replay()

"""A replay of any events, seen from any place on both clocks, equals what a slow and plain account says."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operations.tracker.desk import AGENDA, DAY, Desk
from tulou.kernel.errors import TulouError
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.domain.events import FIRST, sealed
from tulou.operations.tracker.domain.standing import replay

DAYS = [DAY + timedelta(days=number) for number in range(4)]
NAMES = ("1.1", "1.2", "26.1")
BODIES = ("builders", "auditors", "citizens", "high")

days = some.sampled_from(DAYS)
bodies = some.sampled_from(BODIES)
names = some.sampled_from(NAMES)
numbers = some.integers(1, 12)
steps = some.one_of(
    some.tuples(some.just("give"), names, bodies, days, some.sampled_from(("plan", "record")), numbers),
    some.tuples(some.just("report"), names, bodies, days, some.sampled_from(("on_track", "delayed", "done"))),
    some.tuples(some.just("done"), names, bodies, days),
    some.tuples(some.just("done"), some.just("1.1"), some.just("builders"), some.just(DAYS[0])),
    some.tuples(some.just("confirm"), names, bodies, days, some.booleans()),
    some.tuples(some.just("confirm"), some.just("1.1"), some.just("auditors"), days, some.booleans()),
    some.tuples(some.just("take_back"), days, numbers),
    some.tuples(some.just("reach"), some.just("1.2"), bodies, days),
    some.tuples(some.just("send"), bodies, days),
    some.tuples(some.just("answer"), days, numbers),
)


VERIFIED = [("done", "1.2", "citizens", DAYS[0]), ("confirm", "1.2", "auditors", DAYS[0], True)]
stories = some.tuples(
    some.lists(steps, max_size=4), some.sampled_from(([], VERIFIED)), some.lists(steps, max_size=10)
).map(lambda pieces: [step for piece in pieces for step in piece])
"""Sequences of steps; in half of them a commitment is verified on the way, so that what follows can undo it."""


class Memory:
    """A journal that is kept nowhere; quicker than a file."""

    def __init__(self):
        self.kept = []
        self.clock = None

    def events(self):
        return tuple(self.kept)

    def append(self, decide):
        draft = decide(self.events())
        previous = self.kept[-1].digest if self.kept else FIRST
        self.kept.append(sealed(draft, number=len(self.kept) + 1, known=self.clock(), previous=previous))
        return self.kept[-1]


def do(desk, step):
    """Try one step; whether it may happen is for the handlers to say. Numbers choose among the entries there are."""
    what, *rest = step
    acts = {
        "give": lambda name, by, day, kind, file: desk.give(name, kind, by=by, day=day, digest=f"{file:064d}"),
        "report": lambda name, by, day, state: desk.report(name, state, by=by, day=day),
        "done": lambda name, by, day: desk.done(name, by=by, day=day),
        "confirm": lambda name, by, day, yes: desk.confirm(name, by=by, day=day, confirms=yes),
        "take_back": lambda day, number: take_back(desk, day, number),
        "reach": lambda name, by, day: desk.reach(name, "half", by=by, day=day),
        "send": lambda by, day: desk.send(by=by, day=day),
        "answer": lambda day, number: answer(desk, day, number),
    }
    with suppress(TulouError):
        acts[what](*rest)


def take_back(desk, day, number):
    events = desk.journal.events()
    if events:
        event = events[-1 - number % min(len(events), 4)]
        desk.take_back(event.commitment, event.number, by=event.by, day=day)


def answer(desk, day, number):
    sent = [event for event in desk.journal.events() if event.kind == "matter"]
    if sent:
        desk.answer("26.1", sent[number % len(sent)].number, day=day)


def plain_state(one, events, day):
    """The state of a commitment told step by step, in the words of the documentation, without the code of it."""
    seen = [event for event in events if event.commitment == one.id and event.happened <= day]
    back = [event.facts["entry"] for event in seen if event.kind == "withdrawal"]
    there = [event for event in seen if event.number not in back]
    reports = sorted((event.happened, event.number) for event in there if event.kind == "assessment")
    state = "not_started"
    if reports:
        newest = next(event for event in there if event.number == reports[-1][1])
        state = newest.facts["state"]
        if state == "done":
            state = _after_done(one, seen, there, newest)
    if one.due and day > one.due and state not in ("done", "verified"):
        state = "delayed"
    return state


def _after_done(one, seen, there, newest):
    kinds = [event.facts["kind"] for event in there if event.kind == "evidence"]
    if any(kind not in kinds for kind in one.needs):
        return "on_track"
    words = sorted(
        (event.happened, event.number)
        for event in there
        if event.kind == "verification" and event.facts["assessment"] == newest.number
    )
    if not words:
        return "done"
    word = next(event for event in there if event.number == words[-1][1])
    if word.facts["says"] == "refused":
        return "on_track"
    part = set(one.lead) | set(one.supporting)
    part |= {event.by for event in seen if event.kind in ("evidence", "assessment", "milestone")}
    given = {event.number for event in seen if event.kind == "evidence"}
    since = [event.number for event in seen if event.kind == "evidence"]
    since += [event.number for event in seen if event.kind == "withdrawal" and event.facts["entry"] in given]
    return "done" if word.by in part or any(number > word.number for number in since) else "verified"


@settings(max_examples=100)
@given(stories)
def test_replay_equals_the_plain_account(taken):
    equals_the_plain_account(taken)


@pytest.mark.slow
@settings(max_examples=1500)
@given(stories)
def test_replay_equals_the_plain_account_in_many_stories(taken):
    equals_the_plain_account(taken)


def equals_the_plain_account(taken):
    journal = Memory()
    desk = Desk(journal)
    journal.clock = desk.clock
    for step in taken:
        do(desk, step)
    events = journal.events()
    for known in (None, *(event.known for event in events)):
        counted = [event for event in events if known is None or event.known <= known]
        for day in DAYS:
            found = replay(AGENDA, events, day=day, known=known)
            for name in NAMES:
                assert found[name].state == plain_state(AGENDA.commitments[name], counted, day), (name, day, known)


@settings(max_examples=80)
@given(stories)
def test_what_must_always_hold(taken):
    journal = Memory()
    desk = Desk(journal)
    journal.clock = desk.clock
    earlier = {}
    for step in taken:
        do(desk, step)
        events = journal.events()
        earlier[len(events)] = replay(AGENDA, events, day=DAYS[-1])
        for one in earlier[len(events)].values():
            if one.state in ("done", "verified"):
                assert {item.kind for item in one.counted} >= set(one.commitment.needs)
            if one.state == "verified":
                assert one.verification.by not in one.parties
                assert one.verification.says == "confirmed"
    for number, standings in earlier.items():
        if number:
            then = journal.events()[number - 1].known
            assert replay(AGENDA, journal.events(), day=DAYS[-1], known=then) == standings


def test_a_journal_in_a_file_gives_the_same(tmp_path):
    memory, file = Memory(), FileJournal(tmp_path / "c" / "events.jsonl")
    for journal in (memory, file):
        desk = Desk(journal, moment=[Desk(journal).moment[0]])
        journal.clock = desk.clock
        for step in (("done", "1.1", "builders", DAYS[0]), ("confirm", "1.1", "auditors", DAYS[1], True)):
            do(desk, step)
    assert memory.events() == file.events()

"""10,000 cases of 20 events each: written, proved, listed, replayed; and one case at a time, as at a desk.

    python benchmarks/cases.py [cases] [address]

Events are those of the shipped flow of city management, with a return, an extension, a pause and a rework on the way.
Bulk writing is one transaction for 1,000 cases; at the desk each event is a transaction of its own that is on the disk
when the call returns. Times are of one run after the flow is read; the rulebook's calendar counts every time limit.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.calendar import read_calendar
from tulou.operations.cases.adapters.addresses import address_of
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.adapters.standings import standing_cases
from tulou.operations.cases.adapters.store import SqlStore
from tulou.operations.cases.domain.case import replayed
from tulou.operations.cases.domain.deadlines import standing_of
from tulou.operations.cases.domain.events import Draft
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.cases.handlers.acting import Act, Subject, do, open_case
from tulou.operations.cases.handlers.ports import Writing
from tulou.operations.cases.handlers.proving import faults_of

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
BATCH = 1000
DESK = 200
PHOTO = {"name": "photo.jpg", "digest": "0" * 64, "size": 1}
BODY, CENTRE, COMMAND = "urban_management", "supervision_centre", "command_centre"
PATH = (
    ("accept", CENTRE, "acceptor", {}),
    ("file", CENTRE, "shift_head", {}),
    ("dispatch", COMMAND, "dispatcher", {"body": "parks"}),
    ("return", "parks", "handler", {"reason": "not ours"}),
    ("dispatch", COMMAND, "dispatcher", {"body": BODY}),
    ("take_up", BODY, "handler", {}),
    ("reach", BODY, "handler", {"milestone": "stop", "evidence": PHOTO}),
    ("ask_extension", BODY, "handler", {"reason": "a court"}),
    ("grant_extension", COMMAND, "dispatcher", {"more": 3.0}),
    ("suspend", COMMAND, "dispatcher", {"reason": "typhoon"}),
    ("resume", COMMAND, "dispatcher", {}),
    ("reach", BODY, "handler", {"milestone": "penalty", "evidence": PHOTO}),
    ("feed_back", BODY, "handler", {"evidence": PHOTO}),
    ("ask_to_check", CENTRE, "acceptor", {}),
    ("rework", CENTRE, "collector", {"reason": "half of it stands"}),
    ("feed_back", BODY, "handler", {"evidence": PHOTO}),
    ("ask_to_check", CENTRE, "acceptor", {}),
    ("rework", CENTRE, "collector", {"reason": "a wall stands"}),
    ("ask_extension", BODY, "handler", {"reason": "a second court"}),
)


def drafts(number: int, flow: Flow) -> Iterator[Draft]:
    """One case of 20 events, left open."""
    name, moment = f"C{number:06d}", START + timedelta(minutes=number)
    facts = {
        "flow": flow.digest,
        "class": "illegal_structure",
        "title": f"No. {number}",
        "place": "",
        "finding": {},
        "fields": {},
    }
    yield Draft(name, "open", "", CENTRE, "collector", moment, "", {**facts, "body": ""})
    for step, (move, by, role, given) in enumerate(PATH, 1):
        yield Draft(name, "move", move, by, role, moment + timedelta(minutes=step), "", given)


@contextmanager
def timed(what: str, events: int) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    took = time.perf_counter() - begun
    print(f"{what:<70} {took:8.2f} s  {events / took:12,.0f} events/s")


def main(cases: int, given: str) -> None:
    flow = read_flows(["china"]).versions["city_management"][-1]
    clock = Clockwork(read_calendar(find_rulebook("china") / "calendar"), flow.duty)
    total = cases * (len(PATH) + 1)
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(address_of(given, Path("benchmark.city"), Path(folder)))
        print(store.place)
        with timed(f"write {cases:,} cases, {total:,} events, in bulk", total):
            for first in range(1, cases + 1, BATCH):
                numbers = range(first, min(first + BATCH, cases + 1))
                found = [one for number in numbers for one in drafts(number, flow)]
                store.write(lambda _book, found=found: Writing(found, [flow]))
        with timed("read all events", total):
            events = store.events()
        with timed("replay all", total):
            replayed(events, {flow.digest: flow})
        file, moment = Path(folder) / "standings.json", START + timedelta(days=60)
        for what in ("without a snapshot, which is made", "with the snapshot"):
            with timed(f"list with everything that is due, {what}", total):
                found = standing_cases(store, file)
                late = sum(standing_of(one, flow, clock, moment).is_overdue for one in found.values())
        with timed("prove the chain", total):
            assert not store.audit()
        with timed("prove chain, rules and replay", total):
            assert not faults_of(store)
        kept = store.address.file
        print(f"overdue: {late:,}" + (f"; file: {kept.stat().st_size / 1e6:,.0f} MB" if kept else ""))
        desk(store, flow)


def desk(store: SqlStore, flow: Flow) -> None:
    took = []
    for number in range(DESK):
        begun = time.perf_counter()
        event = open_case(store, flow, Subject(f"desk {number}"), Act(CENTRE, START), clock=lambda: datetime.now(UTC))
        done = time.perf_counter()
        do(
            store, event.case, "accept", Act(CENTRE, START), verdict=dict, keep=lambda: None,
            clock=lambda: datetime.now(UTC),
        )  # fmt: skip
        took += [done - begun, time.perf_counter() - done]
    took.sort()
    median, late = statistics.median(took), took[int(0.95 * len(took))]
    print(f"one event at the desk, on the disk: median {median * 1e3:.1f} ms, 95 % below {late * 1e3:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else "")

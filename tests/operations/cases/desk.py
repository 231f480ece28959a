"""A desk on which cases are opened and moved in tests: the shipped flows, a store, a clock that only goes on."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.calendar import read_calendar
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.adapters.store import SqlStore
from tulou.operations.cases.domain.case import replayed
from tulou.operations.cases.domain.deadlines import standing_of
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.cases.handlers.acting import Act, Subject, case_of, do, open_case

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, nine in the morning in Fujian."""
CALENDAR = read_calendar(find_rulebook("china") / "calendar")
EVIDENCE = {"name": "photo.jpg", "digest": "0" * 64, "size": 1}
FINDING = {"finding": "road_density/city", "indicator": "road_density", "level": "city", "unit": "city"}
PATH = (
    ("accept", "supervision_centre", {}),
    ("file", "supervision_centre", {}),
    ("dispatch", "command_centre", {"body": "urban_management"}),
    ("take_up", "urban_management", {}),
    ("feed_back", "urban_management", {"evidence": EVIDENCE}),
    ("ask_to_check", "supervision_centre", {}),
    ("pass", "supervision_centre", {"evidence": EVIDENCE}),
    ("close", "supervision_centre", {}),
    ("evaluate", "supervision_centre", {"reason": "in time"}),
)
"""The seven steps of city management, without a detour."""


@cache
def flows():
    return read_flows(["china"])


def flow(name="city_management"):
    return flows().versions[name][-1]


class Desk:
    """One store and what is done at it."""

    def __init__(self, store):
        self.clock = lambda: datetime(2026, 12, 1, tzinfo=UTC)
        self.store = SqlStore.at(store) if isinstance(store, Path) else store
        self.store.clock = self.clock
        self.moment = START
        self.verdict = {"says": "unknown", "check": ""}

    def open(self, kind="dirty_road", *, title="a road", by="supervision_centre", flow=None, at=None, **subject):
        held = flow or flows().versions["city_management"][-1]
        event = open_case(
            self.store, held, Subject(title, kind, **subject), Act(by, at or self.moment), clock=self.clock
        )
        return event.case

    def find(self, by="check_office", finding=FINDING):
        return self.open("", by=by, flow=flow("hidden_danger"), finding=finding)

    def do(self, name, move, by, *, who="", at=None, fields=None, **facts):
        act = Act(by, at or self.moment, who, facts, fields or {})
        return do(
            self.store, name, move, act, verdict=lambda _finding: self.verdict, keep=lambda: None, clock=self.clock
        )

    def walk(self, name, until):
        """Along the usual way up to a transition, included."""
        for move, by, facts in PATH:
            self.do(name, move, by, **facts)
            if move == until:
                return

    def later(self, **span):
        self.moment += timedelta(**span)

    def case(self, name):
        return case_of(self.store, name)[0]

    def standing(self, name, at=None):
        case, held = case_of(self.store, name)
        return standing_of(case, held, Clockwork(CALENDAR, held.duty), at or self.moment)

    def replay(self):
        events = self.store.events()
        return replayed(
            events, {one.facts["flow"]: self.store.flow(one.facts["flow"]) for one in events if "flow" in one.facts}
        )

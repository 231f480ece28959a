"""What became of each case of the hotline, step by step, and what is counted of it in a window of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tulou.kernel.errors import NotEnoughData
from tulou.operations.cases.domain.case import Case, stepped
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork, Limit
from tulou.operations.hotline.domain.rates import Tally

FLOW = "hotline"
ANSWERING = "dispatched"
"""State whose clock runs from dispatch to answer."""


@dataclass(frozen=True)
class Stretch:
    """One run of a clock.

    Args:
        clock: State whose clock it is.
        since: When it began.
        due: When its limit is over; None where it has none, stands, or the calendar is not known.
        left: When it was left; None while it runs.
        body: Body that handled the case.
    """

    clock: str
    since: datetime
    due: datetime | None
    left: datetime | None
    body: str

    def is_late(self, moment: datetime) -> bool | None:
        """Whether it was left late or is late at a moment; None where nobody can tell or it is not over yet."""
        if self.due is None or (self.left is None and moment <= self.due):
            return None
        return (self.left or moment) > self.due


@dataclass(frozen=True)
class Move:
    """One transition.

    Args:
        id: Its id.
        happened: When.
        body: Body that handled the case before it.
        stated: Fields stated with it.
    """

    id: str
    happened: datetime
    body: str
    stated: Mapping[str, Any]


@dataclass(frozen=True)
class Course:
    """One case with its steps.

    Args:
        case: The case as it stands.
        moves: Its transitions in order.
        stretches: Runs of its clocks in order.
    """

    case: Case
    moves: tuple[Move, ...]
    stretches: tuple[Stretch, ...]

    @property
    def request(self) -> str:
        """Id of the request."""
        return str(self.case.fields.get("request", ""))

    @property
    def body(self) -> str:
        """Body that handles it, as the source calls it where it came from elsewhere."""
        return str(self.case.fields.get("handled_by") or self.case.body)

    def last(self, *names: str, before: datetime | None = None) -> Move | None:
        """The last of some transitions, before a moment if one is given."""
        held = (one for one in reversed(self.moves) if one.id in names and (before is None or one.happened < before))
        return next(held, None)


def courses(
    events: Iterable[Event], flows: Mapping[str, Flow], clockworks: Mapping[str, Clockwork], flow: str = FLOW
) -> list[Course]:
    """The cases of one flow with their steps, in the order in which they were opened.

    Args:
        events: Events of all cases in order.
        flows: Versions of flows by digest.
        clockworks: What limits are counted by, by digest of the flow.
        flow: Id of the flow.
    """
    cases: dict[str, Case] = {}
    moves: dict[str, list[Move]] = {}
    runs: dict[str, list[Stretch]] = {}
    for event in events:
        before = cases.get(event.case)
        if before is None and (event.kind != "open" or flows[event.facts["flow"]].id != flow):
            continue
        after = cases[event.case] = stepped(before, event, flows)
        if before is None:
            continue
        if event.kind == "move":
            moves.setdefault(event.case, []).append(
                Move(event.move, event.happened, before.body, event.facts.get("fields", {}))
            )
        is_over = after.clock != before.clock or after.since != before.since or after.ended is not None
        if before.ended is None and is_over:
            run = _stretch(before, flows[before.digest], clockworks[before.digest], event.happened)
            runs.setdefault(event.case, []).append(run)
    for name, case in cases.items():
        if case.ended is None:
            run = _stretch(case, flows[case.digest], clockworks[case.digest], None)
            runs.setdefault(name, []).append(run)
    return [Course(case, tuple(moves.get(name, ())), tuple(runs.get(name, ()))) for name, case in cases.items()]


def counted(found: Sequence[Course], start: datetime, end: datetime, moment: datetime) -> dict[str, Tally]:
    """What is counted of some cases within a window, by body.

    A case counts as received when it was dispatched first, as asked about by its last call-back, and as due when the
    limit of its answer is over. What a second party excluded is counted as excluded, and not among the call-backs.

    Args:
        found: The cases.
        start: First moment of the window.
        end: First moment after it.
        moment: The moment looked from.
    """
    tables: dict[str, Counter[str]] = {}
    for course in found:
        tables.setdefault(course.body, Counter()).update(_counts(course, start, end, moment))
    return {body: Tally(**table) for body, table in sorted(tables.items()) if sum(table.values())}


def _counts(course: Course, start: datetime, end: datetime, moment: datetime) -> Counter[str]:
    table: Counter[str] = Counter()
    inside = [one for one in course.moves if start <= one.happened < end]
    first = next((one for one in course.moves if one.id.startswith("dispatch")), None)
    table["received"] = int(first is not None and start <= first.happened < end)
    names = Counter(one.id for one in inside)
    table["reopened"], table["returned"] = names["reopen"], names["return"]
    table["excluded"], table["unasked"] = names["exclude"], names["close_unasked"]
    table["repeated"] = int("repeat_of" in course.case.fields and start <= course.case.opened < end)
    for run in course.stretches:
        if run.clock == ANSWERING and run.due is not None and start <= run.due < end:
            late = run.is_late(moment)
            table["due"] += int(late is not None)
            table["late"] += int(late is True)
    asked = course.last("call_back", before=end)
    if asked is not None and asked.happened >= start and course.last("exclude", before=end) is None:
        table.update(_answers(asked.stated))
    return table


def _answers(stated: Mapping[str, Any]) -> Counter[str]:
    """What one call-back counts; what was not said is not counted as solved or satisfied."""
    if not stated.get("valid"):
        return Counter(unclear=1)
    satisfied = stated.get("satisfied")
    return Counter(
        valid=1, contacted=int(stated.get("contacted") is True), solved=int(stated.get("solved") is True),
        satisfied=int(satisfied == "satisfied"), basically=int(satisfied == "basically"),
    )  # fmt: skip


def _stretch(case: Case, flow: Flow, clockwork: Clockwork, left: datetime | None) -> Stretch:
    limit = _limit(case, flow)
    body = str(case.fields.get("handled_by") or case.body)
    if limit is None:
        return Stretch(case.clock, case.since, None, left, body)
    try:
        due = clockwork.due(case.since, limit.longer(case.more), case.pauses)
    except NotEnoughData:
        due = None
    return Stretch(case.clock, case.since, due, left, body)


def _limit(case: Case, flow: Flow) -> Limit | None:
    kind = flow.classes.get(case.case_class)
    usual = kind.limits.get(case.clock) if kind else None
    return case.limits.get(case.clock) or usual or flow.states[case.clock].limit

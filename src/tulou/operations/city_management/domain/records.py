"""Records: what the indicators of city management need of a case, made from its events, or from a list of others.

A record is as things were known at the end of a period: what happened later is not looked at. When each step was due is
worked out by the limits and the calendar that the case runs by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.words import Words
from tulou.operations.cases.domain.case import Case, stepped
from tulou.operations.cases.domain.deadlines import standing_of
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork

WHOLE = "whole"
"""Clock of a case from its opening to its end."""


@dataclass(frozen=True)
class StageRule:
    """A step of the way and what marks it.

    Args:
        id: Its id.
        title: Its name.
        clock: State of the flow whose limit it has, or ``whole``.
        asked: Transitions after which it is to be done; none: from the opening on.
        done: Transitions that do it.
        after: Stage that comes before it and may be late; empty for none.
        instead: Stage whose limit it has where the flow sets none; empty for none.
    """

    id: str
    title: Words
    clock: str
    asked: tuple[str, ...]
    done: tuple[str, ...]
    after: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Reading:
    """How cases of a flow are read.

    Args:
        flow: Id of the flow.
        stages: Steps of the way by id.
        moves: Transitions that are counted, by what they mean.
        judged: Field that says whether a case was filed rightly; empty when there is none.
    """

    flow: str
    stages: Mapping[str, StageRule]
    moves: Mapping[str, tuple[str, ...]]
    judged: str = ""


@dataclass(frozen=True)
class Stage:
    """A step of one case.

    Args:
        due: When it is, or was last, due; None when nobody can say.
        done: When it was done; None when it was not, or is to be done anew.
        is_late: Whether it was late once; of what is still to be done: whether it is late already.
        is_borrowed: Whether the limit is that of another step, because its own is not set: it says when the step is
            looked for, and not that it is late.
    """

    due: datetime | None = None
    done: datetime | None = None
    is_late: bool = False
    is_borrowed: bool = False


@dataclass(frozen=True)
class Record:
    """One case as it is counted.

    Args:
        id: Its id.
        case_class: Its class.
        body: Body that handles it, or handled it last; empty before it was given to one.
        opened: When it was reported.
        stages: Steps that were asked for, by id.
        counts: How often each counted move was made.
        refused: When it was declared void or not filed; None when it was not.
        filed_rightly: What the evaluator judged; None when nobody did.
        place: Unit of the city it was reported for; may be empty.
        point: Longitude and latitude; None where it is not known.
        facts: Its fields.
    """

    id: str
    case_class: str
    body: str
    opened: datetime
    stages: Mapping[str, Stage]
    counts: Mapping[str, int] = field(default_factory=dict)
    refused: datetime | None = None
    filed_rightly: bool | None = None
    place: str = ""
    point: tuple[float, float] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def records_of(
    events: Iterable[Event],
    flows: Mapping[str, Flow],
    clockworks: Mapping[str, Clockwork],
    reading: Reading,
    until: datetime,
) -> list[Record]:
    """Records of all cases of a flow, in the order in which they were opened.

    Args:
        events: Events in order.
        flows: Versions of flows by digest.
        clockworks: What limits are counted by, by digest of the flow.
        reading: How cases are read.
        until: End of what is looked at, excluded.
    """
    by_case: dict[str, list[Event]] = {}
    for event in events:
        if event.happened < until:
            by_case.setdefault(event.case, []).append(event)
    return [
        _record(listed, flows, clockworks, reading, until)
        for listed in by_case.values()
        if flows[listed[0].facts["flow"]].id == reading.flow
    ]


def _record(
    events: Sequence[Event],
    flows: Mapping[str, Flow],
    clockworks: Mapping[str, Clockwork],
    reading: Reading,
    until: datetime,
) -> Record:
    course = _Course(reading)
    case: Case | None = None
    for event in events:
        before = case
        case = stepped(case, event, flows)
        flow = flows[case.digest]
        course.step(before, event, flow, clockworks[case.digest])
    assert case is not None  # noqa: S101  (a case has at least the event that opened it)
    flow, clockwork = flows[case.digest], clockworks[case.digest]
    course.end(case, flow, clockwork, until)
    fields = case.fields
    point = fields.get("point")
    counts = {name: sum(case.counts.get(move, 0) for move in moves) for name, moves in reading.moves.items()}
    return Record(
        case.id, case.case_class, case.body, case.opened, course.stages, counts, course.refused,
        fields.get(reading.judged) if reading.judged else None, case.place,
        (float(point[0]), float(point[1])) if point else None, fields,
    )  # fmt: skip


class _Course:
    """The way of one case, step by step."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.stages: dict[str, Stage] = {}
        self.refused: datetime | None = None

    def step(self, before: Case | None, event: Event, flow: Flow, clockwork: Clockwork) -> None:
        """One event more."""
        if before is None:
            self._ask(rule for rule in self.reading.stages.values() if not rule.asked)
            return
        done = [rule for rule in self.reading.stages.values() if event.move in rule.done and rule.id in self.stages]
        due, whole = _due(before, flow, clockwork, event.happened) if done else (None, None)
        for rule in done:
            found = whole if rule.clock == WHOLE else due if rule.clock == before.clock else None
            self._do(rule, found, event.happened)
        self._ask(rule for rule in self.reading.stages.values() if event.move in rule.asked)
        if event.move in self.reading.moves.get("refused", ()):
            self.refused = event.happened
        if event.move in self.reading.moves.get("reworked", ()):
            self._undo("handle")

    def end(self, case: Case, flow: Flow, clockwork: Clockwork, until: datetime) -> None:
        """What is still to be done at the end: when it is due, and whether it is late."""
        due, whole = _due(case, flow, clockwork, until)
        for name, rule in self.reading.stages.items():
            stage = self.stages.get(name)
            if stage is None or stage.done is not None or self.refused or case.ended:
                continue
            if rule.clock == WHOLE:
                found = whole
            elif rule.clock == case.clock:
                found = due
            else:
                found = self._presumed(rule, case, flow, clockwork)
            is_late = stage.is_late or (found is not None and until > found)
            self.stages[name] = Stage(found, None, is_late)
        for name, rule in self.reading.stages.items():
            stage, other = self.stages.get(name), self.stages.get(rule.instead)
            if stage is not None and stage.due is None and other is not None and other.due is not None:
                self.stages[name] = Stage(other.due, stage.done, is_borrowed=True)

    def _ask(self, rules: Iterable[StageRule]) -> None:
        for rule in rules:
            self.stages.setdefault(rule.id, Stage())

    def _do(self, rule: StageRule, due: datetime | None, moment: datetime) -> None:
        stage = self.stages[rule.id]
        if stage.done is not None and rule.id != "check":
            return
        self.stages[rule.id] = Stage(due, moment, stage.is_late or (due is not None and moment > due))

    def _undo(self, name: str) -> None:
        stage = self.stages.get(name)
        if stage is not None:
            self.stages[name] = Stage(stage.due, None, stage.is_late)

    def _presumed(self, rule: StageRule, case: Case, flow: Flow, clockwork: Clockwork) -> datetime | None:
        """When a stage would be due had the one before it been done on time; None while that is not late."""
        before = self.stages.get(rule.after)
        kind = flow.classes.get(case.case_class)
        limit = case.limits.get(rule.clock) or (kind.limits.get(rule.clock) if kind else None)
        if before is None or before.due is None or not before.is_late or limit is None:
            return None
        try:
            return clockwork.due(before.due, limit, case.pauses)
        except NotEnoughData:
            return None


def _due(
    case: Case, flow: Flow, clockwork: Clockwork, moment: datetime
) -> tuple[datetime | None, datetime | None]:  # fmt: skip
    """When the state of a case is due, and the whole."""
    deadlines = standing_of(case, flow, clockwork, moment).deadlines
    found = {one.kind: one.due for one in deadlines if one.kind != "milestone"}
    return found.get("state"), found.get("whole")

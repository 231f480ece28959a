"""Hidden dangers of a city: cases of the flow ``safety_danger`` at a moment, counted with denominators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tulou.app.casework import Casework
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.cases.domain.case import replayed
from tulou.operations.cases.domain.deadlines import Standing, standing_of
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.safety.adapters.danger_rules import DangerRules
from tulou.operations.safety.domain.dangers import Danger, DangerCounts, Share, came_back

FLOW = "safety_danger"
MENDED = {FLOW: "self_check", "hidden_danger": "report"}
"""Flows of hidden dangers, each with the transition by which a rectification is reported."""

LEVELS = {
    "major": Words("重大隐患", "major"),
    "general": Words("一般隐患", "general"),
    "": Words("未定级", "not classed"),
}
PERCENT = 100


def dangers_of(work: Casework, moment: datetime) -> list[Danger]:
    """Hidden dangers of work safety, and findings that became cases, as they stand at a moment, in order of finding."""
    standings = [one for one in work.standings(moment) if one.case.flow in MENDED]
    wanted = {one.case.id for one in standings}
    events: dict[str, list[Event]] = {}
    for event in work.store.events():
        if event.case in wanted and event.happened <= moment:
            events.setdefault(event.case, []).append(event)
    desk = _Desk(work)
    return [desk.danger(one, events[one.case.id]) for one in standings]


@dataclass(eq=False)
class _Desk:
    """What it takes to tell when a rectification was due; kept over all cases."""

    work: Casework
    flows: dict[str, Flow] = field(default_factory=dict)
    clockworks: dict[str, Clockwork] = field(default_factory=dict)

    def danger(self, one: Standing, events: Sequence[Event]) -> Danger:
        """One case as a hidden danger."""
        case = one.case
        move = MENDED[case.flow]
        at = max((place for place, event in enumerate(events) if event.move == move), default=None)
        before = one if at is None else self.before(events, at)
        due = next((item.due for item in before.deadlines if item.kind == "state"), None)
        stated = {name: str(case.fields.get(name, "")) for name in ("level", "source", "category", "enterprise")}
        if case.finding:
            stated |= {"source": "finding", "category": str(case.finding.get("indicator", ""))}
        return Danger(
            case.id, case.title, stated["level"], stated["source"], stated["category"], stated["enterprise"],
            case.place, case.opened, case.ended, due, None if at is None else events[at].happened, one.is_overdue,
            is_void=case.state == "void", reworks=case.counts.get("rework", 0),
        )  # fmt: skip

    def before(self, events: Sequence[Event], at: int) -> Standing:
        """A case as it stood when an event was about to happen."""
        digests = {event.facts["flow"] for event in events[:at] if "flow" in event.facts}
        for digest in digests - self.flows.keys():
            self.flows[digest] = self.work.store.flow(digest)
            self.clockworks[digest] = Clockwork(self.work.calendar, self.flows[digest].duty)
        case = replayed(events[:at], self.flows)[events[at].case]
        return standing_of(case, self.flows[case.digest], self.clockworks[case.digest], events[at].happened)


def danger_lines(found: Sequence[Danger], work: Casework, rules: DangerRules, spoken: Language) -> list[str]:
    """Open dangers, major and overdue ones first."""
    heads = (
        Words("案件", "Case"), Words("隐患", "Danger"), Words("等级", "Level"), Words("来源", "Source"),
        Words("企业", "Enterprise"), Words("截止", "Due"), Words("情况", "Standing"), Words("重复", "Came back after"),
    )  # fmt: skip
    late, open_word = Words("超期", "overdue").say(spoken), Words("在办", "open").say(spoken)
    zone = work.flows.versions[FLOW][-1].duty.local_time
    order = ("major", "", "general")
    rows = [
        [
            one.case,
            one.title,
            LEVELS[one.level].say(spoken),
            rules.sources[one.source].say(spoken) if one.source in rules.sources else one.source,
            one.enterprise or one.place or "—",
            f"{one.due.astimezone(zone):%Y-%m-%d}" if one.due else "—",
            late if one.is_overdue else open_word,
            ", ".join(came_back(one, found, rules.again)),
        ]
        for one in sorted(found, key=lambda one: (order.index(one.level), not one.is_overdue, one.case))
        if one.ended is None
    ]
    return [table([head.say(spoken) for head in heads], rows)] if rows else []


def share_words(one: Share, fewest: int, spoken: Language) -> str:
    """A share with its denominator and interval; below the fewest cases only the counts."""
    if not one.whole:
        return "—"
    if one.whole < fewest:
        few = Words(f"（不足 {fewest} 件，不计率）", f" (below {fewest}, no rate)").say(spoken)
        return f"{one.part}/{one.whole}{few}"
    rate = PERCENT * one.part / one.whole
    return f"{one.part}/{one.whole} = {rate:.1f}% [{PERCENT * one.low:.1f}, {PERCENT * one.high:.1f}]"


def counts_lines(found: DangerCounts, fewest: int, spoken: Language) -> list[str]:
    """Counts of a period, each share with its denominator."""
    heads = [Words("等级", "Level"), Words("新增", "Found"), Words("销号", "Closed"), Words("在办", "Open")]
    rows = [
        [LEVELS[name].say(spoken), *[str(table_.get(name, 0)) for table_ in (found.found, found.closed, found.open)]]
        for name in LEVELS
    ]
    told = [
        (Words("超期在办", "Open and overdue"), str(found.overdue)),
        (Words("整改率（已销号/应整改）", "Closed of all found"), share_words(found.closing, fewest, spoken)),
        (Words("按期整改率", "Mended in time, of those due"), share_words(found.in_time, fewest, spoken)),
        (Words("重复隐患", "Came back, of those found"), share_words(found.again, fewest, spoken)),
        (Words("在办天数", "Days open"), ", ".join(f"{name}: {count}" for name, count in found.ages.items())),
    ]
    return [
        table([head.say(spoken) for head in heads], rows),
        *[f"{title.say(spoken)}: {text}" for title, text in told],
    ]

"""Hidden dangers of a city: cases of the flow ``safety_danger`` at a moment, counted with denominators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tulou.app.casework import Casework
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.cases.domain.deadlines import Standing
from tulou.operations.cases.domain.events import Event
from tulou.operations.safety.adapters.danger_rules import DangerRules
from tulou.operations.safety.domain.dangers import Danger, DangerCounts, Share, came_back

FLOW = "safety_danger"
LEVELS = {
    "major": Words("重大隐患", "major"),
    "general": Words("一般隐患", "general"),
    "": Words("未定级", "not classed"),
}
PERCENT = 100


def dangers_of(work: Casework, moment: datetime) -> list[Danger]:
    """Hidden dangers as they stand at a moment, in the order in which they were found."""
    standings = [one for one in work.standings(moment) if one.case.flow == FLOW]
    mended = {event.case: event.happened for event in _reported(work, moment)}
    dues = _dues(work, [one.case.id for one in standings], mended, moment)
    return [_danger(one, mended.get(one.case.id), dues.get(one.case.id)) for one in standings]


def _reported(work: Casework, moment: datetime) -> list[Event]:
    return [one for one in work.store.events() if one.move == "self_check" and one.happened <= moment]


def _dues(work: Casework, names: Sequence[str], mended: dict[str, datetime], moment: datetime) -> dict[str, datetime]:
    """When the rectification of each is due: as it stood just before it was reported, else now."""
    found = {}
    for name in names:
        seen = mended[name] - timedelta(microseconds=1) if name in mended else moment
        standing, _, _ = work.standing(name, seen)
        due = next((one.due for one in standing.deadlines if one.kind == "state"), None)
        if due is not None:
            found[name] = due
    return found


def _danger(one: Standing, mended: datetime | None, due: datetime | None) -> Danger:
    case = one.case
    fields = {name: str(case.fields.get(name, "")) for name in ("level", "source", "category", "enterprise")}
    return Danger(
        case.id, case.title, fields["level"], fields["source"], fields["category"], fields["enterprise"], case.place,
        case.opened, case.ended, due, mended, one.is_overdue,
        is_void=case.state == "void", reworks=case.counts.get("rework", 0),
    )  # fmt: skip


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

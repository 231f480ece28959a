"""What the screen says of cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tulou.app.screen import table
from tulou.kernel.errors import shorten
from tulou.kernel.periods import INSTANT
from tulou.kernel.words import Language, Words
from tulou.operations.cases.adapters.reading import Flows
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.deadlines import Deadline, Standing
from tulou.operations.cases.domain.events import SHOWN, Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import HOURS, Limit
from tulou.operations.cases.domain.moving import told

UNITS = {
    "working_hour": Words("工作时", "working h"),
    "urgent_working_hour": Words("紧急工作时", "urgent working h"),
    "natural_hour": Words("自然时", "h"),
    "working_day": Words("工作日", "working days"),
    "natural_day": Words("自然日", "days"),
}
CERTAINTY = {
    "paused": Words("计时中止", "the clock stands"),
    "unknown": Words("未知：该年工作日历未公布", "unknown: the working calendar of that year is not known"),
}
KINDS = {
    "state": Words("环节", "State"),
    "milestone": Words("阶段", "Milestone"),
    "whole": Words("全程", "Whole"),
}
HEADS = (
    Words("案件", "Case"),
    Words("流程", "Flow"),
    Words("状态", "State"),
    Words("承办", "Body"),
    Words("截止", "Due"),
    Words("情况", "Standing"),
    Words("事由", "About"),
)
OVERDUE, OPEN, ENDED, UNKNOWN = (
    Words("超期", "overdue"),
    Words("在办", "open"),
    Words("已结", "ended"),
    Words("时限未知", "due unknown"),
)
LONGEST_TITLE = 40


def event_line(event: Event, case: Case, flow: Flow) -> Words:
    """What was just put on record."""
    state = flow.states[case.state].title
    return Words(
        f"{event.case}：已记录第 {event.number} 条，现状态：{state.zh}（{case.state}）",
        f"{event.case}: event {event.number} is on record; now: {state.en} ({case.state})",
    )


def list_lines(standings: Sequence[Standing], flows: dict[str, Flow], spoken: Language) -> list[str]:
    """Cases as a table."""
    rows = [_row(one, flows[one.case.digest], spoken) for one in standings]
    heads = [head.say(spoken) for head in HEADS]
    late = sum(one.is_overdue for one in standings)
    total = Words(f"共 {len(rows):,} 件，超期 {late:,} 件", f"{len(rows):,} cases, {late:,} overdue")
    return [table(heads, rows), total.say(spoken)]


def _row(one: Standing, flow: Flow, spoken: Language) -> list[str]:
    case = one.case
    first = _nearest(one)
    return [
        case.id,
        flow.title.say(spoken),
        flow.states[case.state].title.say(spoken),
        _body(flow, case.body, spoken),
        _due(first, flow, spoken) if first else "",
        _standing(one, spoken),
        shorten(case.title, LONGEST_TITLE),
    ]


def _nearest(one: Standing) -> Deadline | None:
    """What is due first of what is open; what has no moment comes last."""
    waiting = [item for item in one.deadlines if item.reached is None]
    return min(waiting, key=lambda item: (item.due is None, item.due.timestamp() if item.due else 0.0), default=None)


def _standing(one: Standing, spoken: Language) -> str:
    if one.case.ended is not None:
        return ENDED.say(spoken)
    if one.is_overdue:
        return OVERDUE.say(spoken)
    return (UNKNOWN if one.is_unknown else OPEN).say(spoken)


def _body(flow: Flow, name: str, spoken: Language) -> str:
    return flow.bodies[name].title.say(spoken) if name in flow.bodies else name


def _due(item: Deadline, flow: Flow, spoken: Language) -> str:
    if item.due is None:
        return CERTAINTY[item.certainty].say(spoken)
    if item.limit.unit in HOURS:
        return local(item.due, flow)
    return f"{(item.due - INSTANT).astimezone(flow.duty.local_time):%Y-%m-%d} 24:00"


def local(moment: datetime, flow: Flow) -> str:
    """A moment on the city's clock."""
    return moment.astimezone(flow.duty.local_time).strftime("%Y-%m-%d %H:%M")


def limit_words(limit: Limit, spoken: Language) -> str:
    """A time limit in words."""
    return f"{limit.amount:g} {UNITS[limit.unit].say(spoken)}"


def show_lines(one: Standing, flow: Flow, events: Sequence[Event], spoken: Language) -> list[str]:
    """One case: where it stands, what is due, what may be done now and by whom, and its history."""
    case = one.case
    title = flow.states[case.state].title
    lines = [
        f"{case.id}  {case.title}",
        Words(f"  流程：{flow.title.zh}（{flow.version}）", f"  Flow: {flow.title.en} ({flow.version})").say(spoken),
        Words(f"  状态：{title.zh}（{case.state}）", f"  State: {title.en} ({case.state})").say(spoken),
        Words("  承办：", "  Body: ").say(spoken) + (_body(flow, case.body, spoken) or "—"),
        Words("  情况：", "  Standing: ").say(spoken) + _standing(one, spoken),
    ]
    lines += _field_lines(case, flow, spoken)
    if case.finding:
        lines += _finding_lines(case, spoken)
    lines += [_deadline_line(item, one, flow, spoken) for item in one.deadlines]
    if not one.deadlines and case.ended is None:
        lines.append(Words("  时限：本环节未设定", "  Due: no limit is set for this state").say(spoken))
    if one.called:
        names = ", ".join(flow.roles[role].say(spoken) for role in one.called)
        lines.append(Words(f"  超期督办：{names}", f"  Called because it is overdue: {names}").say(spoken))
    lines.append(Words("现在可以：", "What may be done now:").say(spoken))
    lines += [_may_line(line, flow, spoken) for line in told(flow, case)]
    lines.append(Words("经过：", "History:").say(spoken))
    return [*lines, *(_history_line(event, flow, spoken) for event in events)]


def _may_line(line: str, flow: Flow, spoken: Language) -> str:
    """What may be done, with its name in the reader's language."""
    transition = flow.transitions.get(line.partition(":")[0])
    return f"  {line}  {transition.title.say(spoken)}" if transition else f"  {line}"


def _field_lines(case: Case, flow: Flow, spoken: Language) -> list[str]:
    known, lines = flow.fields_of(case.case_class), []
    for name, value in case.fields.items():
        one = known.get(name)
        listed = ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
        said = one.values[value].say(spoken) if one and isinstance(value, str) and value in one.values else listed
        lines.append(f"  {one.title.say(spoken) if one else name}: {said}")
    return lines


def _finding_lines(case: Case, spoken: Language) -> list[str]:
    found = case.finding
    if found.get("alarm"):
        about = " ".join(str(found[key]) for key in ("level", "sensor", "asset", "risk") if found[key])
        return [Words(f"  报警：{found['alarm']} {about}", f"  Alarm: {found['alarm']} {about}").say(spoken)]
    value = "" if found["value"] is None else f"{found['value']:g} ({found['mark']})"
    return [
        Words(f"  问题：{found['finding']} {value}", f"  Finding: {found['finding']} {value}").say(spoken),
        Words(
            f"  来路：体检 {found['check']}，{found['chain']}", f"  Chain: check {found['check']}, {found['chain']}"
        ).say(spoken),
    ]


def _deadline_line(item: Deadline, one: Standing, flow: Flow, spoken: Language) -> str:
    names = {"state": flow.states.get(item.id), "milestone": _milestone(one.case, flow, item.id), "whole": None}
    found = names[item.kind]
    name = f" {found.title.say(spoken)}" if found else ""
    line = f"  {KINDS[item.kind].say(spoken)}{name}: {limit_words(item.limit, spoken)} → {_due(item, flow, spoken)}"
    if item.is_overdue(one.moment):
        line += f"  {OVERDUE.say(spoken)}"
    elif item.reached:
        line += f"  ✓ {local(item.reached, flow)}"
    return line


def _milestone(case: Case, flow: Flow, name: str) -> Any:  # noqa: ANN401  (a milestone or None)
    kind = flow.classes.get(case.case_class)
    steps = kind.milestones.get(case.clock, ()) if kind else ()
    return next((step for step in steps if step.id == name), None)


def _history_line(event: Event, flow: Flow, spoken: Language) -> str:
    opened, migrated = Words("登记", "Opened"), Words("移至新版本", "Moved to another version")
    called = Words("督办", "Called") if event.facts.get("why") == "overdue" else Words("提醒", "Reminded")
    titles = {"open": opened, "migrate": migrated, "call": called}
    known = flow.transitions.get(event.move)
    title = titles.get(event.kind) or (known.title if known else Words(event.move, event.move))
    said = [event.who, event.facts.get("reason", ""), (event.facts.get("evidence") or {}).get("name", "")]
    more = "  ".join(shorten(part) for part in said if part)
    if event.kind == "call":
        to = flow.roles[event.facts["to"]].say(spoken) if event.facts["to"] in flow.roles else event.facts["to"]
        bodies = ", ".join(_body(flow, one, spoken) for one in event.facts["bodies"])
        return f"  {event.number:>6}  {local(event.happened, flow)}  {title.say(spoken)}  {bodies} ({to})"
    role = flow.roles.get(event.role)
    by = f"{_body(flow, event.by, spoken)} ({role.say(spoken) if role else event.role})"
    return f"  {event.number:>6}  {local(event.happened, flow)}  {title.say(spoken)}  {by}  {more}".rstrip()


def flow_lines(flows: Flows, spoken: Language) -> list[str]:
    """The flows, their versions and classes."""
    lines = []
    for name, versions in flows.versions.items():
        for one in versions:
            head = f"{name}  {one.title.say(spoken)}  {one.version}"
            since = Words(f"自 {one.since} 起", f"from {one.since}").say(spoken)
            lines += [f"{head}  {since}", f"  {' → '.join(one.states)}"]
            lines += [
                f"  {kind.id}: {kind.title.say(spoken)}"
                + "".join(f"; {limit_words(limit, spoken)}" for limit in kind.limits.values())
                for kind in one.classes.values()
            ]
    return lines


def plain(one: Standing, flow: Flow) -> dict[str, Any]:
    """A case as plain data for JSON."""
    case = one.case
    return {
        "case": case.id,
        "flow": case.flow,
        "version": flow.version,
        "class": case.case_class,
        "title": case.title,
        "place": case.place,
        "finding": case.finding.get("finding", ""),
        "state": case.state,
        "body": case.body,
        "fields": dict(case.fields),
        "opened": case.opened.isoformat(),
        "since": case.since.isoformat(),
        "ended": case.ended and case.ended.isoformat(),
        "overdue": one.is_overdue,
        "due_unknown": one.is_unknown,
        "called": list(one.called),
        "deadlines": [
            {
                "kind": item.kind,
                "id": item.id,
                "amount": item.limit.amount,
                "unit": item.limit.unit,
                "due": item.due and item.due.isoformat(),
                "certainty": item.certainty,
                "reached": item.reached and item.reached.isoformat(),
            }
            for item in one.deadlines
        ],
        "counts": dict(case.counts),
        "may": list(told(flow, case)),
    }


def text_of(found: object) -> str:
    """Plain data as JSON."""
    return json.dumps(found, ensure_ascii=False, indent=1)


def shown(digest: str) -> str:
    """The letters of a digest that people note."""
    return digest[:SHOWN]

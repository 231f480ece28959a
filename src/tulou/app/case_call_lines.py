"""What the screen says of calls and their messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tulou.app.case_calls import Called
from tulou.app.case_lines import local
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.cases.adapters.store import SqlStore
from tulou.operations.cases.domain.calling import DueCall
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.messages import Message

WHYS = {"soon": Words("提醒", "reminder"), "overdue": Words("督办", "call")}
STATES = {
    "waiting": Words("待发", "waiting"),
    "sending": Words("发送中", "being sent"),
    "sent": Words("已发", "sent"),
    "failed": Words("失败待重试", "failed, tried again"),
    "given_up": Words("已放弃", "given up"),
}
CALLS = (
    Words("案件", "Case"), Words("类型", "Kind"), Words("时限", "Deadline"), Words("截止", "Due"),
    Words("角色", "Role"), Words("单位", "Bodies"),
)  # fmt: skip
MESSAGES = (
    Words("消息", "Message"), Words("单位", "Body"), Words("状态", "State"), Words("次数", "Tries"),
    Words("下次", "Next try"), Words("说明", "Said"),
)  # fmt: skip


def call_lines(found: Sequence[DueCall], store: SqlStore, spoken: Language) -> list[str]:
    """Calls that are due."""
    rows = []
    for one in found:
        flow = store.flow(one.case.digest)
        due = local(one.deadline.due, flow) if one.deadline.due else ""
        what = f"{one.deadline.kind} {one.deadline.id}".strip()
        role = flow.roles[one.role].say(spoken)
        rows.append([one.case.id, WHYS[one.why].say(spoken), what, due, role, ", ".join(one.bodies)])
    total = Words(
        f"应提醒或督办 {len(found):,} 次；未作任何记录",
        f"{len(found):,} reminders and calls are due; nothing was recorded",
    )
    return [table([one.say(spoken) for one in CALLS], rows), total.say(spoken)]


def called_lines(done: Called, store: SqlStore, spoken: Language) -> list[str]:
    """What a run did."""
    kinds = Counter(one.facts["why"] for one in done.events)
    said = Words(
        f"已记录提醒 {kinds['soon']:,} 次、督办 {kinds['overdue']:,} 次",
        f"{kinds['soon']:,} reminders and {kinds['overdue']:,} calls are on record",
    )
    lines = [said.say(spoken), *(_called_line(one, spoken) for one in done.events)]
    states: Counter[str] = Counter(one.state for one in store.messages())
    counted = ", ".join(f"{words.say(spoken)} {states[name]:,}" for name, words in STATES.items() if states[name])
    if counted:
        lines.append(Words(f"消息：{counted}", f"Messages: {counted}").say(spoken))
    return lines


def _called_line(one: Event, spoken: Language) -> str:
    return f"  {one.case}  {WHYS[one.facts['why']].say(spoken)}  {one.facts['to']}: {', '.join(one.facts['bodies'])}"


def message_lines(found: Sequence[Message], spoken: Language) -> list[str]:
    """Messages as a table."""
    rows = [
        [one.id, one.body, STATES[one.state].say(spoken), f"{one.tries}", f"{one.due:%Y-%m-%d %H:%M}Z", one.said]
        for one in found
    ]
    total = Words(f"共 {len(found):,} 条", f"{len(found):,} messages")
    return [table([one.say(spoken) for one in MESSAGES], rows), total.say(spoken)]


def plain_calls(found: Sequence[DueCall]) -> list[dict[str, Any]]:
    """Calls as plain data for JSON."""
    return [{"case": one.case.id, **one.draft(one.case.last).facts} for one in found]


def plain_called(done: Called) -> dict[str, Any]:
    """What a run did as plain data for JSON."""
    events = [{"case": one.case, "number": one.number, **one.facts} for one in done.events]
    return {"calls": events, "messages": plain_messages(done.tried)}


def plain_messages(found: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages as plain data for JSON."""
    return [{**vars(one), "id": one.id, "due": one.due.isoformat()} for one in found]

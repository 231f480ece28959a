"""What the screen says of rules of responsibility."""

from __future__ import annotations

from typing import Any

from tulou.app.case_rules import Rules
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.responsibility import OWNER, Proposal, Rule, Settlement, Suggestion

HEADS = (
    Words("规则", "Rule"),
    Words("流程", "Flow"),
    Words("事项", "Topic"),
    Words("权属或属地", "Owner or territory"),
    Words("承办", "Body"),
    Words("自", "From"),
    Words("判例", "Precedents"),
)
MATTERS = {"part": Words("部件", "parts"), "event": Words("事件", "events"), "": Words("", "")}
THE_OWNER, ANY, NONE = Words("权属单位", "the owner"), Words("不限", "any"), Words("无", "none")
HELD, CONFLICTS, PROPOSED = (
    Words("有效规则：", "Rules in force:"),
    Words("规则之间的冲突：", "Conflicts between rules:"),
    Words(
        "由已裁定的争议提出、尚无人决定的规则：", "Rules that settled disputes propose, on which nobody decided yet:"
    ),
)


def suggestion_line(found: Suggestion, event: Event) -> Words:
    """Which rule gave the body of a dispatch, or would have given another."""
    names = ", ".join(one.id for one in found.rules) or "—"
    body = event.facts.get("body", "")
    if "rules" in event.facts:
        return Words(f"  依据规则 {names} 派给 {body}", f"  {body}, by rule {names}")
    if found.body and found.body != body:
        return Words(f"  规则 {names} 建议的是 {found.body}", f"  rule {names} would have given {found.body}")
    if found.is_disputed:
        return Words(f"  规则 {names} 之间有冲突", f"  rules {names} disagree")
    if found.body:
        return Words(f"  与规则 {names} 一致", f"  as rule {names} says")
    return Words("  没有适用的规则", "  no rule fits")


def rule_lines(found: Rules, spoken: Language) -> list[str]:
    """Rules in force, conflicts, proposals."""
    lines = [HELD.say(spoken), table([one.say(spoken) for one in HEADS], [_row(one, spoken) for one in found.held])]
    lines.append(CONFLICTS.say(spoken))
    lines += [
        f"  {one.id}: {one.body}  ≠  {other.id}: {other.body}  ({_about(one, spoken)})"
        for one, other in found.conflicts
    ] or [f"  {NONE.say(spoken)}"]
    lines.append(PROPOSED.say(spoken))
    listed = found.proposals()
    for one in listed:
        lines += _proposal_lines(one, spoken)
    return lines if listed else [*lines, f"  {NONE.say(spoken)}"]


def _row(one: Rule, spoken: Language) -> list[str]:
    body = THE_OWNER.say(spoken) if one.body == OWNER else one.body
    where = ", ".join((*one.owners, *one.territories)) or ANY.say(spoken)
    return [one.id, one.flow, _about(one, spoken), where, body, f"{one.since:%Y-%m-%d}", ", ".join(one.precedents)]


def _about(one: Rule, spoken: Language) -> str:
    said = [MATTERS[one.matter].say(spoken), ", ".join(one.topics)]
    return " ".join(part for part in said if part) or ANY.say(spoken)


def _proposal_lines(one: Proposal, spoken: Language) -> list[str]:
    what = " / ".join(part for part in (one.topic, one.owner or one.territory) if part) or ANY.say(spoken)
    lines = [f"  {one.id}  {one.flow}  {MATTERS[one.matter].say(spoken)} {what} → {one.body}"]
    lines += [_settled(each, spoken) for each in one.precedents]
    return lines + [f"{_settled(each, spoken)}  ≠ {each.body}" for each in one.against]


def _settled(one: Settlement, spoken: Language) -> str:
    returned = ", ".join(one.returned)
    return Words(
        f"    {one.case} {one.happened:%Y-%m-%d}：{returned} 退回，{one.who} 裁定：{one.reason}",
        f"    {one.case} {one.happened:%Y-%m-%d}: returned by {returned}, settled by {one.who}: {one.reason}",
    ).say(spoken)


def plain_rules(found: Rules) -> dict[str, Any]:
    """Rules as plain data for JSON."""
    return {
        "rules": [_plain(one) for one in found.held],
        "conflicts": [[one.id, other.id] for one, other in found.conflicts],
        "proposals": [
            {
                "id": one.id,
                "flow": one.flow,
                "topic": one.topic,
                "matter": one.matter,
                "owner": one.owner,
                "territory": one.territory,
                "body": one.body,
                "precedents": [each.case for each in one.precedents],
                "against": [each.case for each in one.against],
            }
            for one in found.proposals()
        ],
    }


def _plain(one: Rule) -> dict[str, Any]:
    return {
        **vars(one),
        "since": one.since.isoformat(),
        "until": one.until and one.until.isoformat(),
    }

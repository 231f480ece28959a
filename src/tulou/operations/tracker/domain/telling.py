"""The words for states, lacks and reasons of the tracker, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tulou.kernel.words import Words
from tulou.operations.tracker.domain.commitment import Commitment, Rhythm, Setter, Target
from tulou.operations.tracker.domain.events import SHOWN, Event
from tulou.operations.tracker.domain.grouping import Why, clause_name
from tulou.operations.tracker.domain.moves import Field, Move
from tulou.operations.tracker.domain.progress import CAUSES, Progress, Reason
from tulou.operations.tracker.domain.standing import Lack, State
from tulou.operations.tracker.domain.upward import Stage

STATE_WORDS: Mapping[State, Words] = {
    "not_started": Words("未启动", "Not started"),
    "on_track": Words("按计划推进", "On track"),
    "delayed": Words("滞后", "Delayed"),
    "done": Words("已完成，待第二方确认", "Done, to be confirmed"),
    "verified": Words("已核实", "Verified"),
}

LACK_WORDS: Mapping[Lack, Words] = {
    "overdue": Words("已过时限", "past its day"),
    "refused": Words("第二方未予确认", "refused by the second party"),
    "withdrawn": Words("证据已撤回", "evidence taken back"),
    "milestone": Words("里程碑逾期", "milestone past its day"),
    "evidence": Words("缺证据", "evidence"),
    "assessment": Words("有证据、未评定", "an assessment of the evidence"),
    "verification": Words("待第二方确认", "a second party"),
    "lead": Words("牵头单位未设定", "lead body not set"),
    "due": Words("时限未设定", "day not set"),
    "target": Words("目标未设定", "target not set"),
}

CLAIM_WORDS: Mapping[str, Words] = {
    "not_started": Words("未启动", "not started"),
    "on_track": Words("按计划推进", "on track"),
    "delayed": Words("滞后", "delayed"),
    "done": Words("已完成", "done"),
    "confirmed": Words("确认", "confirmed"),
    "refused": Words("不予确认", "refused"),
}

ENTRY_WORDS: Mapping[str, Words] = {
    "evidence": Words("证据", "evidence"),
    "withdrawal": Words("撤回", "taken back"),
    "milestone": Words("里程碑", "milestone"),
    "assessment": Words("报告", "report"),
    "verification": Words("第二方", "second party"),
    "matter": Words("上报事项", "matter sent upward"),
    "answer": Words("答复", "answer"),
    "setting": Words("设定", "settings"),
}

FIELD_WORDS: Mapping[Field, Words] = {
    "lead": Words("牵头单位", "lead"),
    "supporting": Words("配合单位", "supporting"),
    "due": Words("时限", "due"),
    "target": Words("目标", "target"),
    "needs": Words("所需证据", "evidence asked for"),
    "milestones": Words("里程碑", "milestones"),
    "baseline": Words("起点体检", "baseline"),
    "rhythm": Words("频次", "how often"),
    "places": Words("涉及地区", "places"),
    "upward": Words("上报", "upward"),
}

STAGE_WORDS: Mapping[Stage, Words] = {
    "waiting": Words("待答复", "waits for an answer"),
    "candidate": Words("可考虑上报（由人决定）", "might be reported; a person decides"),
    "duty": Words("文件要求，尚无记录", "asked for by the policy, nothing sent yet"),
    "answered": Words("已答复", "answered"),
}

TARGET_WAY_WORDS: Mapping[str, Words] = {"at_least": Words("不低于", "at least"), "at_most": Words("不高于", "at most")}

RHYTHM_WORDS: Mapping[Rhythm, Words] = {
    "": Words("", ""),
    "regular": Words("定期", "at regular intervals"),
    "continuing": Words("持续", "continuing"),
    "timely": Words("及时", "in time"),
    "when_fit": Words("适时", "when the time is right"),
}

SETTER_WORDS: Mapping[Setter, Words] = {
    "document": Words("文件载明", "set by the document"),
    "rulebook": Words("本规则集建议", "proposed by this rulebook"),
    "city": Words("省、市自设", "set by the province or city"),
}

WAY_WORDS: Mapping[str, Words] = {
    "report": Words("请示报告", "to be reported"),
    "apply": Words("申报", "to be applied for"),
}

WHY_WORDS: Mapping[Why, Words] = {
    "overdue": LACK_WORDS["overdue"],
    "milestone": LACK_WORDS["milestone"],
    "soon": Words("临近时限", "due soon"),
}

FALLEN_BACK = Words("最近一次体检已不达目标", "the newest check no longer reaches the target")

NOT_SET = Words("文件未规定，由省、市在自己的设定文件中明确", "not set by the document; the province or city sets it")

REASON_WORDS: Mapping[Reason, Words] = {
    "": Words("", ""),
    "no_target": Words("没有可计算的目标", "no target that a figure can reach"),
    "no_baseline": Words("起点体检未设定", "no check is set as the baseline"),
    "no_check": Words("起点之后还没有体检", "no check since the baseline"),
    "no_value": Words("指标未评价", "the indicator was not assessed"),
    "not_split": Words("变化尚未分因，不计为成绩", "the change is not split by cause, so nothing counts as achieved"),
    "met_before": Words("按今日口径，起点时已达目标", "met at the baseline already, as told today"),
}

CAUSE_WORDS: Mapping[str, Words] = dict(
    zip(
        CAUSES,
        (
            Words("城市变化", "city changed"),
            Words("数据更正", "data corrected"),
            Words("定义变化", "definition changed"),
            Words("边界变化", "boundary changed"),
        ),
        strict=True,
    )
)

UNSET = Words("未设定", "not set")
PERCENT = 100
ALMOST_NOTHING = 1e-9
"""Part of a change that is rounding, not a cause."""


def step_words(one: Commitment, step: str) -> Words:
    """What a commitment says, and the milestone of it that is meant; the commitment alone when none is."""
    for milestone in one.milestones:
        if milestone.id == step:
            title = milestone.title
            return Words(f"{one.says.zh}（{title.zh}）", f"{one.says.en} ({title.en})")
    return one.says


def lack_words(lack: Lack, kinds: Words) -> Words:
    """One lack in words; for evidence with the kinds that lack."""
    words = LACK_WORDS[lack]
    if lack != "evidence":
        return words
    return Words(f"{words.zh}：{kinds.zh}", f"{words.en}: {kinds.en}")


def progress_words(found: Progress) -> Words:
    """The share that the city itself achieved, the figures, and what does not count, in words; or why there is none."""
    if found.reason or found.parts is None:
        return REASON_WORDS[found.reason]
    share = f"{found.share * PERCENT:.0f}%"
    others = {cause: found.parts[cause] for cause in CAUSES[1:] if abs(found.parts[cause]) > ALMOST_NOTHING}
    chinese = [f"起点 {found.baseline:g}"]
    english = [f"{found.baseline:g} at the baseline"]
    if others:
        chinese.append(f"按今日口径为 {found.restated:g}")
        english.append(f"{found.restated:g} as told today")
    chinese.append(f"现为 {found.now:g}")
    english.append(f"{found.now:g} now")
    chinese += [f"不计{CAUSE_WORDS[cause].zh} {part:+.3g}" for cause, part in others.items()]
    english += [f"not counted: {CAUSE_WORDS[cause].en} {part:+.3g}" for cause, part in others.items()]
    return Words(f"{share}（{'，'.join(chinese)}）", f"{share} ({'; '.join(english)})")


def journal_words(events: Sequence[Event]) -> Words:
    """How long the journal is, and the digest of its newest entry, to be noted elsewhere."""
    if not events:
        return Words("尚无记录", "no entries yet")
    last = events[-1]
    mark = last.digest[:SHOWN]
    return Words(f"至第 {last.number} 条，摘要 {mark}", f"up to entry {last.number}, digest {mark}")


def journal_line(events: Sequence[Event]) -> Words:
    """The same as a line of its own."""
    found = journal_words(events)
    return Words(f"跟踪记录：{found.zh}", f"Journal: {found.en}")


def basis_of(one: Commitment) -> Words:
    """The clause and sentences of the policy that a commitment accounts for."""
    numbers = [str(number) for number in one.sentences]
    clause = clause_name(one.clause)
    number = "第八部分" if clause == "八" else f"第{clause}条"
    chinese = f"{number}第{'、'.join(numbers)}句"
    part = "closing section (八)" if clause == "八" else f"clause {clause}"
    return Words(chinese, f"{part}, sentence {', '.join(numbers)}")


def target_words(found: Target, titles: Mapping[str, Words] | None = None) -> Words:
    """A target in words, with the indicator and value that tell when it has them.

    Args:
        found: The target.
        titles: Titles of indicators by id; ids stand for those that have none.
    """
    if found.value is None:
        return found.says
    way, name = TARGET_WAY_WORDS[found.way], Words(found.indicator, found.indicator)
    title = (titles or {}).get(found.indicator, name)
    tail = Words(f"（{title.zh} {way.zh} {found.value:g}）", f" ({title.en} {way.en} {found.value:g})")
    return Words(found.says.zh + tail.zh, found.says.en + tail.en)


def event_words(event: Event, kinds: Mapping[str, Words]) -> Words:
    """What an entry says, in words.

    Args:
        event: The entry.
        kinds: Titles of the kinds of evidence.
    """
    facts = event.facts
    if event.kind == "evidence":
        kind = kinds.get(str(facts["kind"]), Words(str(facts["kind"]), str(facts["kind"])))
        tail = f"{facts['name']} · {facts['source']} · sha256 {str(facts['digest'])[:SHOWN]}"
        return Words(f"{kind.zh}：{tail}", f"{kind.en}: {tail}")
    if event.kind == "withdrawal":
        return Words(f"第 {facts['entry']} 条：{facts['reason']}", f"entry {facts['entry']}: {facts['reason']}")
    if event.kind in {"assessment", "verification"}:
        claim = CLAIM_WORDS[str(facts["state" if event.kind == "assessment" else "says"])]
        return Words(f"{claim.zh}：{facts['note']}", f"{claim.en}: {facts['note']}")
    said = {
        "milestone": f"{facts.get('milestone')}: {facts.get('note', '')}",
        "matter": str(facts.get("title")),
        "answer": f"{facts.get('matter')}: {facts.get('says')}",
    }.get(event.kind, "")
    return Words(said, said)


def move_words(move: Move) -> Words:
    """What one setting moved, in words."""
    before, after = _value_words(move.before), _value_words(move.after)
    field = FIELD_WORDS[move.field]
    return Words(f"{field.zh}：{before.zh} → {after.zh}", f"{field.en}: {before.en} → {after.en}")


def _value_words(value: object) -> Words:
    if isinstance(value, Target):
        return target_words(value)
    if isinstance(value, tuple):
        shown = ", ".join(str(getattr(one, "id", one)) for one in value)
        return Words(shown, shown) if shown else UNSET
    return Words(str(value), str(value)) if value else UNSET
